//! The pages of the office that consolidates: who signs in, the board, units, mistakes, totals,
//! what happened. Values go in as they are; the templates escape and cut them.

mod accounts;
mod board;
mod chart;
mod links;
mod lobby;
mod mailing;
mod mistakes;
mod nav;
mod set_up;
mod totals;
mod unit;

pub use accounts::{AccountLine, Accounts, Own, SignIn, accounts_page, own_page, sign_in_page};
pub use board::{
    Board, Filter, FormHead, Share, StateCell, StateCount, Stranger, UnitRow, board_page,
};
pub use chart::Chart;
pub use links::{LetterForm, LinkLine, Links, links_page};
pub use lobby::{CampaignLine, Lobby, lobby_page};
pub use mailing::{MailLine, Mailing, MailingDraft, mailing_draft, mailing_page};
pub use mistakes::{Audit, MistakeKind, Mistakes, QueuedUnit, audit_page, mistakes_page};
pub use nav::{Nav, Room};
pub use set_up::{Draft, DraftForm, NextForm, SetUp, Words, draft_page, set_up_page};
pub use totals::{
    Lacking, Part, Parts, ReportTemplate, ResultFile, TotalCell, TotalFigure, TotalForm, Totals,
    parts_page, totals_page,
};
pub use unit::{
    DueForm, EventLine, FieldHistory, History, NoLinks, UnitDesk, UnitFile, UnitNote, UnitReceipt,
    history_page, unit_desk_page,
};
