//! Consolidating, closing, reopening; results handed out.

use std::path::Path;

use axum::extract::Path as Route;
use axum::response::Response;

use super::officer::{Act, Officer};
use super::shown::Said;
use super::totals;
use crate::campaign::{CloseOutcome, ToolError};
use crate::commands::{close, consolidate, report};
use crate::model::Message;
use crate::package::bundle;
use crate::serve::answer::file;
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;
use crate::serve::state::{EventKind, Role};

type Answer = Result<Response, Refusal>;

/// What a command came to that may be refused for a reason the office can do something about.
type Done<T> = Result<Result<T, Message>, Refusal>;

/// Consolidates as the command does, into a folder of the state.
pub(super) async fn run(act: Act) -> Answer {
    let officer = act.officer;
    officer.may(Role::Work)?;
    let (by, time) = officer.doing();
    let lang = officer.manner.lang;
    let done: Done<()> = officer
        .desk
        .in_line(move |desk| {
            let options = consolidate::Options {
                out: Some(desk.office.results.clone()),
                facts: None,
                returns: None,
                reading: desk.settings.reading_all(),
                lang,
                clock: desk.settings.clock,
            };
            let made = consolidate::consolidate(&desk.settings.campaign, &options, &|_, _| {});
            let made = made.and_then(|made| made.written.map(drop));
            if made.is_ok() {
                desk.state
                    .note_event((&by, &time), EventKind::Consolidated, None, "")?;
            }
            Ok(made.map_err(|error| error.message()))
        })
        .await;
    match done? {
        Ok(()) => Ok(officer.to("/tong-hop?xong=tong-hop")),
        Err(why) => totals::page(&officer, Said::wrong(why)).await,
    }
}

/// Closes the period.
pub(super) async fn close_period(Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    if fields.get("confirm") != "1" {
        return totals::page(&officer, Said::wrong(unconfirmed())).await;
    }
    let provisional = fields.get("provisional") == "1";
    let (by, time) = officer.doing();
    let done: Done<()> = officer
        .desk
        .in_line(move |desk| {
            let _one_at_a_time = desk.filing();
            let options = close::Options {
                provisional,
                // A period that was opened again is in the archive already.
                reopen: !desk.is_closed()?,
                results: Some(desk.office.results.clone()),
                reading: desk.settings.reading_all(),
                clock: desk.settings.clock,
            };
            let closed = close::close(&desk.settings.campaign, &options, &|_, _| {});
            let closed = closed.map(|closed| closed.outcome);
            match closed {
                Ok(CloseOutcome::Closed(_, manifest)) => {
                    let detail = match manifest.provisional {
                        true => format!("{}, chốt tạm", manifest.period),
                        false => manifest.period.to_string(),
                    };
                    desk.state
                        .note_event((&by, &time), EventKind::Closed, None, &detail)?;
                    Ok(Ok(()))
                }
                Ok(CloseOutcome::Lacking(_)) => Ok(Err(lacking())),
                Err(error) => Ok(Err(error.message())),
            }
        })
        .await;
    match done? {
        Ok(()) => Ok(officer.to("/tong-hop?xong=chot")),
        Err(why) => totals::page(&officer, Said::wrong(why)).await,
    }
}

fn unconfirmed() -> Message {
    Message::new("Chưa đánh dấu xác nhận.", "It was not confirmed.")
}

fn lacking() -> Message {
    Message::new(
        "Còn đơn vị chưa có trong số tổng hợp nên chưa chốt. Đánh dấu «chốt tạm» nếu vẫn muốn chốt.",
        "Units are not in the totals, so nothing was closed. Confirm closing provisionally to close all the same.",
    )
}

/// Opens the period again.
pub(super) async fn reopen(Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    if fields.get("confirm") != "1" {
        return totals::page(&officer, Said::wrong(unconfirmed())).await;
    }
    let campaign = officer.campaign().await?;
    let (desk, (by, time)) = (officer.desk.clone(), officer.doing());
    let period = campaign.file.period.to_string();
    let reopened = blocking(move || {
        let closed = campaign.archive.closed(campaign.file.period)?;
        let replaced = closed.map_or(0, |closed| closed.replaced.len());
        desk.state.reopen(&period, replaced, (&by, &time))
    });
    reopened.await?;
    Ok(officer.to("/tong-hop?xong=mo-lai"))
}

/// A file of the results, by a name that is listed.
pub(super) async fn one(officer: Officer, Route(name): Route<String>) -> Answer {
    let (desk, (by, time), asked) = (officer.desk.clone(), officer.doing(), name.clone());
    let bytes = blocking(move || {
        let folder = &desk.office.results;
        if !totals::files(folder)?
            .iter()
            .any(|(known, _)| *known == asked)
        {
            return Ok(None);
        }
        let path = folder.join(&asked);
        let bytes = std::fs::read(&path).map_err(ToolError::io(&path))?;
        desk.state
            .note_event((&by, &time), EventKind::Downloaded, None, &asked)?;
        Ok(Some(bytes))
    });
    Ok(file(&name, bytes.await?.ok_or(Refusal::NotFound)?))
}

/// All of the results in one archive.
pub(super) async fn all(officer: Officer) -> Answer {
    let campaign = officer.campaign().await?;
    let (desk, (by, time)) = (officer.desk.clone(), officer.doing());
    let name = format!("ket-qua-{}.zip", campaign.file.period);
    let detail = name.clone();
    let bytes = blocking(move || {
        let folder = &desk.office.results;
        let mut files = Vec::new();
        for (name, _) in totals::files(folder)? {
            let path = folder.join(&name);
            files.push((name, std::fs::read(&path).map_err(ToolError::io(&path))?));
        }
        let bytes = bundled(&files)?;
        desk.state
            .note_event((&by, &time), EventKind::Downloaded, None, &detail)?;
        Ok(bytes)
    });
    Ok(file(&name, bytes.await?))
}

/// Files in one archive.
///
/// # Errors
/// They are too large for the format.
pub(super) fn bundled(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ToolError> {
    bundle(files).map_err(|_| {
        ToolError::Other(Message::new(
            "không nén được các tệp kết quả",
            "the files cannot be put into an archive",
        ))
    })
}

/// The report, filled in from one of its templates.
pub(super) async fn report_text(Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let asked = fields.get("template").to_owned();
    let (by, time) = officer.doing();
    let done: Done<(String, Vec<u8>)> = officer
        .desk
        .in_line(move |desk| {
            let folder = &desk.settings.campaign;
            let mut known = totals::templates(folder).into_iter();
            let Some(template) = known.find(|known| known.path == asked) else {
                let gone = Message::new("Không còn mẫu ấy.", "The template is gone.");
                return Ok(Err(gone));
            };
            let name = template
                .path
                .rsplit('/')
                .next()
                .unwrap_or("bao-cao.docx")
                .to_owned();
            let scratch = tempfile::TempDir::new_in(&desk.scratch);
            let scratch = scratch.map_err(ToolError::io(&desk.scratch))?;
            let out = scratch.path().join(&name);
            let options = report::Options {
                template: folder.join(&template.path),
                out: out.clone(),
                results: Some(desk.office.results.clone()),
                reading: desk.settings.reading_all(),
                clock: desk.settings.clock,
            };
            if let Err(error) = report::report(folder, &options, &|_, _| {}) {
                return Ok(Err(not_filled(&error, &template.path, folder)));
            }
            let bytes = std::fs::read(&out).map_err(ToolError::io(Path::new(&name)))?;
            desk.state
                .note_event((&by, &time), EventKind::Downloaded, None, &name)?;
            Ok(Ok((name, bytes)))
        })
        .await;
    match done? {
        Ok((name, bytes)) => Ok(file(&name, bytes)),
        Err(why) => totals::page(&officer, Said::wrong(why)).await,
    }
}

/// Why the text of a report could not be made, for a reader who sees neither the template nor the
/// server's folders.
fn not_filled(error: &ToolError, template: &str, folder: &Path) -> Message {
    let ToolError::NoFigures(lacking) = error else {
        let folder = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        let Message { vi, en } = error.message();
        return Message::new(vi.replace(&folder, ""), en.replace(&folder, ""));
    };
    let named = match lacking.figures.is_empty() {
        true => String::new(),
        false => format!(" {}", lacking.figures.join(", ")),
    };
    Message::new(
        format!(
            "Chưa điền được lời báo cáo: chưa có số liệu{named} vì còn đơn vị chưa nộp hoặc đang bị trả lại \
             (danh sách ở mục «Chốt kỳ»). Hãy nhắc các đơn vị ấy ở trang «Đường dẫn, thư», đủ số thì điền lại. \
             Muốn có lời báo cáo ngay thì mở mẫu {template}, {}, cho câu ấy chỉ hiện khi đã có số.",
            lacking.place.vi
        ),
        format!(
            "The text cannot be made yet: there is no figure{named}, since units have not filed or were returned \
             (see “Close the period”). Remind them on the page “Links, letters”, then fill it in again. To have \
             the text now, open the template {template}, {}, and let the sentence appear only with its figures.",
            lacking.place.en
        ),
    )
}
