//! One's own account, and everybody's.

use axum::response::Response;

use super::officer::{Act, OWN, Officer};
use super::shown::{self, Said};
use super::{name, password};
use crate::model::Message;
use crate::page::office::{AccountLine, Accounts, Own, Room, accounts_page, own_page};
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Account, AccountChange, IDLE, Role, random};

type Answer = Result<Response, Refusal>;

/// Where accounts are listed.
const ALL: &str = "/tai-khoan/tat-ca";

/// The page of one's own account.
pub(super) async fn own(officer: Officer) -> Answer {
    own_answer(&officer, Said::default()).await
}

async fn own_answer(officer: &Officer, said: Said) -> Answer {
    let page = Own {
        given: officer.account.given,
        idle_hours: IDLE.as_secs() / 3600,
    };
    let place = (OWN, Room::Own);
    shown::page(officer, place, said, |frame, nav| {
        own_page(frame, nav, &page)
    })
    .await
}

/// Changes one's own password, after the present one was given.
pub(super) async fn change_own(Act { officer, fields }: Act) -> Answer {
    let (desk, account) = (officer.desk.clone(), officer.account.clone());
    let now = std::time::Instant::now();
    desk.staff
        .of_name
        .take(account.name.clone(), now)
        .map_err(Refusal::TooMany)?;
    let (new, again) = (fields.raw("password").to_owned(), fields.raw("again"));
    if let Some(wrong) = password::refused(&account.name, &new, again) {
        return own_answer(&officer, Said::wrong(wrong)).await;
    }
    let old = fields.raw("old").to_owned();
    let (_, now) = officer.doing();
    let turn = desk.staff.hashing().await;
    let changed = blocking(move || {
        let kept = desk
            .staff
            .state
            .account(&account.name)?
            .map(|(_, secret)| secret);
        if !password::is(&turn, &old, kept.as_ref())? {
            return Ok(None);
        }
        let secret = password::kept(&turn, &new)?;
        let by = (&*account.name, &*now);
        desk.staff
            .state
            .change_password(&account.name, &secret, false, by)?;
        // All sessions have ended; whoever did it goes on with a new one.
        let seconds = desk.settings.clock.seconds();
        desk.staff.state.sign_in(&account, &now, seconds).map(Some)
    });
    let Some(token) = changed.await? else {
        let wrong = Message::new(
            "Mật khẩu đang dùng không đúng.",
            "The present password is not right.",
        );
        return own_answer(&officer, Said::wrong(wrong)).await;
    };
    let mut response = officer.to("/?xong=mat-khau");
    officer.set_session(&mut response, token.text());
    Ok(response)
}

/// Everybody's accounts.
pub(super) async fn all(officer: Officer) -> Answer {
    officer.may(Role::Admin)?;
    list(&officer, Said::default(), "", None).await
}

async fn list(officer: &Officer, said: Said, name: &str, made: Option<(String, String)>) -> Answer {
    let desk = officer.desk.clone();
    let accounts = blocking(move || desk.staff.state.accounts()).await?;
    let line = |one: Account| AccountLine {
        own: one.id == officer.account.id,
        role: one.role.name(),
        created: shown::day_of(&one.created, officer.manner.lang),
        disabled: one.disabled.is_some(),
        given: one.given,
        name: one.name,
    };
    let page = Accounts {
        accounts: accounts.into_iter().map(line).collect(),
        name: name.to_owned(),
        made,
    };
    let place = (ALL, Room::Accounts);
    shown::page(officer, place, said, |frame, nav| {
        accounts_page(frame, nav, &page)
    })
    .await
}

/// A password to be changed at the first sign-in.
fn temporary() -> Result<String, crate::campaign::ToolError> {
    random().map(|text| text[..14].to_owned())
}

/// Makes an account with a temporary password, which is shown once.
pub(super) async fn add(Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    let name = name::plain(fields.get("name"));
    let role = Role::of(fields.get("role")).ok_or(Refusal::Broken)?;
    if let Some(wrong) = name::refused(&name) {
        return list(&officer, Said::wrong(wrong), &name, None).await;
    }
    let (desk, new, (by, now)) = (officer.desk.clone(), name.clone(), officer.doing());
    let turn = desk.staff.hashing().await;
    let made = blocking(move || {
        let password = temporary()?;
        let secret = password::kept(&turn, &password)?;
        let made = desk
            .staff
            .state
            .add_account(&new, role, &secret, true, (&by, &now))?;
        Ok(made.then_some((new, password)))
    });
    match made.await? {
        Some(made) => list(&officer, Said::default(), "", Some(made)).await,
        None => {
            let there = Message::new(
                format!("Đã có tài khoản tên «{name}»."),
                format!("There is an account `{name}` already."),
            );
            list(&officer, Said::wrong(there), &name, None).await
        }
    }
}

/// Changes somebody else's account.
pub(super) async fn change(Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    let name = fields.get("name").to_owned();
    let desk = officer.desk.clone();
    let own = name == officer.account.name;
    let asked = name.clone();
    let there = blocking(move || desk.staff.state.account(&asked))
        .await?
        .is_some();
    if own || !there {
        return Err(Refusal::Broken);
    }
    let change = match fields.get("change") {
        "role" => AccountChange::Role(Role::of(fields.get("role")).ok_or(Refusal::Broken)?),
        "disable" => AccountChange::Disable,
        "enable" => AccountChange::Enable,
        "password" => return new_password(&officer, name).await,
        _ => return Err(Refusal::Broken),
    };
    let (desk, (by, now)) = (officer.desk.clone(), officer.doing());
    let done =
        blocking(move || desk.staff.state.change_account(&name, change, (&by, &now))).await?;
    let last = || {
        Message::new(
            "Đây là tài khoản quản trị cuối cùng nên không khóa hay đổi quyền được.",
            "This is the last administrator and cannot be disabled or get another role.",
        )
    };
    let said = if done {
        Said::done(shown::changed())
    } else {
        Said::wrong(last())
    };
    list(&officer, said, "", None).await
}

async fn new_password(officer: &Officer, name: String) -> Answer {
    let (desk, (by, now)) = (officer.desk.clone(), officer.doing());
    let turn = desk.staff.hashing().await;
    let made = blocking(move || {
        let password = temporary()?;
        let secret = password::kept(&turn, &password)?;
        desk.staff
            .state
            .change_password(&name, &secret, true, (&by, &now))?;
        Ok((name, password))
    });
    list(officer, Said::default(), "", Some(made.await?)).await
}
