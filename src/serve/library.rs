//! What is the same for everybody: styles, script and icon of pages, and the pages about rules.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::desk::{Desk, blocking};
use super::manner::Manner;
use super::refusal::Refusal;
use super::views::{self, Shown};
use crate::commands::explain;
use crate::page;

/// A file that pages load; its address changes with its content.
pub(super) async fn asset(uri: Uri) -> Result<Response, Refusal> {
    let mut assets = page::assets().iter();
    let asset = assets.find(|asset| asset.path == uri.path());
    let asset = asset.ok_or(Refusal::NotFound)?;
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((StatusCode::OK, headers, asset.bytes).into_response())
}

/// What a rule checks and what to do about it.
pub(super) async fn rule(
    State(desk): State<Arc<Desk>>,
    Path((token, rule)): Path<(String, String)>,
    manner: Manner,
) -> Result<Response, Refusal> {
    let visitor = desk.visitor(&token).await?;
    let folder = desk.settings.campaign.clone();
    // A rule nobody knows is no failure.
    let found = blocking(move || Ok(explain(&rule, Some(&folder)).ok())).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    views::rule(&shown, &found.rule, &found.text)
}
