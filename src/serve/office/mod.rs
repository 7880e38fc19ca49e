//! The pages of the office: accounts and sessions, the board, units, totals, links.
//!
//! Everything asks for a session but the page to sign in; every form carries the mark of its session
//! (`officer::Act`, which cannot be had without it).

mod accounts;
pub(super) mod address;
mod audit;
mod board;
mod history;
mod letters;
mod links;
mod lobby;
mod mailing;
mod mistakes;
mod name;
mod officer;
mod password;
mod results;
mod rule;
mod set_up;
pub(super) mod shared;
mod shown;
mod sign_in;
mod stand;
mod standing;
mod totals;
mod unit;
mod unit_acts;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::desk::Desk;

/// Bytes of a form without files: some of them anybody may send.
const LONGEST_FORM: usize = 65_536;

/// The addresses of the office about a campaign.
pub(super) fn routes() -> Router<Arc<Desk>> {
    people()
        .route("/", get(board::show))
        .route("/bang.xlsx", get(board::export))
        .route("/don-vi/{code}", get(unit::show))
        .route("/don-vi/{code}/ghi", post(unit_acts::note))
        .route("/don-vi/{code}/gia-han", post(unit_acts::extend))
        .route("/don-vi/{code}/chap-nhan", post(unit_acts::accept_one))
        .route("/don-vi/{code}/tep/{sha256}", get(unit::original))
        .route("/don-vi/{code}/danh-dau/{sha256}", get(unit::marked_copy))
        .route("/don-vi/{code}/so-lieu/{form}", get(history::show))
        .route("/tong-hop", get(totals::show))
        .route("/tong-hop/bieu/{form}/{field}", get(totals::parts))
        .route("/tong-hop/chay", post(results::run))
        .route("/tong-hop/chot", post(results::close_period))
        .route("/tong-hop/mo-lai", post(results::reopen))
        .route("/tong-hop/bao-cao", post(results::report_text))
        .route("/tong-hop/tep/{name}", get(results::one))
        .route("/tong-hop/tat-ca.zip", get(results::all))
        .route("/duong-dan", get(links::show).post(links::change))
        .route("/thu", post(links::letters))
        .route(mailing::HERE, get(mailing::show).post(mailing::send))
        .route("/loi", get(mistakes::show))
        .route("/quy-tac/{rule}", get(rule::show))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .route("/don-vi/{code}/nop-thay", post(unit_acts::submit_for))
}

/// The addresses before all campaigns.
pub(super) fn before() -> Router<Arc<Desk>> {
    people()
        .route("/", get(lobby::show))
        .route("/moi", get(set_up::show))
        .route("/moi/lap", post(set_up::confirm))
        .route("/moi/ky-sau", post(set_up::next_period))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .route("/moi/thu", post(set_up::try_out))
}

/// The addresses that are the same in every place: who is signed in, accounts, what happened.
fn people() -> Router<Arc<Desk>> {
    Router::new()
        .route("/nhat-ky", get(audit::show))
        .route("/nhat-ky.xlsx", get(audit::export))
        .route("/dang-nhap", get(sign_in::show).post(sign_in::sign_in))
        .route("/thiet-lap", get(sign_in::show_first).post(sign_in::first))
        .route("/dang-xuat", post(sign_in::sign_out))
        .route("/tai-khoan", get(accounts::own).post(accounts::change_own))
        .route("/tai-khoan/tat-ca", get(accounts::all))
        .route("/tai-khoan/them", post(accounts::add))
        .route("/tai-khoan/doi", post(accounts::change))
}
