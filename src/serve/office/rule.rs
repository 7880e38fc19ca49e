//! The pages about rules, for the office.

use axum::extract::Path as Route;
use axum::response::Response;

use super::officer::Officer;
use super::shown::{self, Said};
use crate::commands::explain;
use crate::page::office::Room;
use crate::page::rule_page;
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;

/// What a rule checks and what to do about it.
pub(super) async fn show(
    officer: Officer,
    Route(rule): Route<String>,
) -> Result<Response, Refusal> {
    let folder = officer.desk.settings.campaign.clone();
    let asked = rule.clone();
    // A rule nobody knows is no failure.
    let found = blocking(move || Ok(explain(&asked, Some(&folder)).ok())).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    let path = format!("/quy-tac/{rule}");
    shown::page(
        &officer,
        (&path, Room::Mistakes),
        Said::default(),
        |frame, _| rule_page(frame, &found.rule, &found.text, None),
    )
    .await
}
