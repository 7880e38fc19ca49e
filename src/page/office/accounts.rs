//! Signing in, one's own account, and everybody's.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::engine;
use crate::page::frame::Frame;

/// The page to sign in.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// Does it make the first account?
    pub first: bool,
    /// The name that was typed.
    pub name: String,
    /// Where to go then.
    pub to: String,
    /// Why it did not go.
    pub wrong: Option<String>,
}

/// One's own account.
#[derive(Debug, Clone, Serialize)]
pub struct Own {
    /// Is the password to be changed before anything else?
    pub given: bool,
    /// Hours without doing anything after which one is signed out.
    pub idle_hours: u64,
}

/// Everybody's accounts.
#[derive(Debug, Clone, Serialize)]
pub struct Accounts {
    /// By name.
    pub accounts: Vec<AccountLine>,
    /// Name that was typed for a new one.
    pub name: String,
    /// A password that was just made, and whose; shown once.
    pub made: Option<(String, String)>,
}

/// An account.
#[derive(Debug, Clone, Serialize)]
pub struct AccountLine {
    /// Its name.
    pub name: String,
    /// `view`, `work` or `admin`.
    pub role: &'static str,
    /// The day on which it was made.
    pub created: String,
    /// May it not sign in?
    pub disabled: bool,
    /// Has it still to change its password?
    pub given: bool,
    /// Is it one's own?
    pub own: bool,
}

/// The page to sign in, or to make the first account.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn sign_in_page(frame: &Frame<'_>, page: &SignIn) -> Result<String, Message> {
    engine::render("office-sign-in.html", frame, page)
}

/// The page of one's own account.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn own_page(frame: &Frame<'_>, nav: &Nav, page: &Own) -> Result<String, Message> {
    render("office-own.html", frame, nav, page)
}

/// The page of everybody's accounts.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn accounts_page(frame: &Frame<'_>, nav: &Nav, page: &Accounts) -> Result<String, Message> {
    render("office-accounts.html", frame, nav, page)
}
