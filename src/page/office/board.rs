//! The board: units and forms, how far each has come.

use serde::Serialize;

use super::chart::Chart;
use super::nav::{Nav, render};
use crate::model::{Lang, Message};
use crate::page::frame::Frame;
use crate::page::state::FormState;

/// The board.
#[derive(Debug, Clone, Serialize)]
pub struct Board {
    /// The reference period, in words.
    pub period: String,
    /// The last day to file, in words.
    pub deadline: Option<String>,
    /// Days to it, below zero after it.
    pub days: Option<i64>,
    /// Days since it, after it.
    pub late: Option<u64>,
    /// When the period was closed, and whether units were lacking then.
    pub closed: Option<(String, bool)>,
    /// When it was looked at, in words.
    pub at: String,
    /// Every state with how many units are in it.
    pub states: Vec<StateCount>,
    /// Units that have filed something that counts, and all that owe something.
    pub filed: usize,
    pub all: usize,
    /// Units that are late.
    pub overdue: usize,
    /// Counts of kinds, then of groups.
    pub kinds: Vec<Share>,
    pub groups: Vec<Share>,
    /// Progress day by day.
    pub chart: Option<Chart>,
    /// Heads of the columns of forms.
    pub forms: Vec<FormHead>,
    /// The units that are shown.
    pub units: Vec<UnitRow>,
    /// What was asked for.
    pub asked: Filter,
    /// Address of the list as a workbook, with what was asked for.
    pub export: String,
    /// Files that are of no unit, and what is wrong with each.
    pub strangers: Vec<Stranger>,
}

/// How many units are in a state.
#[derive(Debug, Clone, Serialize)]
pub struct StateCount {
    /// The state, as in addresses.
    pub state: FormState,
    /// In words.
    pub word: String,
    /// How many.
    pub count: usize,
    /// Address of the board with these alone.
    pub href: String,
    /// Is it what is shown?
    pub here: bool,
}

/// How far the units of a kind or group are.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    /// As in addresses.
    pub id: String,
    /// In words.
    pub name: String,
    /// Units of it that owe something.
    pub all: usize,
    /// Those with everything received.
    pub done: usize,
    /// Those with something to do: returned, to be explained.
    pub open: usize,
    /// Those that have filed nothing.
    pub missing: usize,
    /// Address of the board with these alone.
    pub href: String,
}

/// The head of a form's column.
#[derive(Debug, Clone, Serialize)]
pub struct FormHead {
    /// What it is called in the column.
    pub short: String,
    /// Its title.
    pub title: String,
}

/// A unit.
#[derive(Debug, Clone, Serialize)]
pub struct UnitRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind and its group, in words.
    pub kind: String,
    pub group: String,
    /// Address of its page.
    pub href: String,
    /// One a form; none that it does not owe.
    pub cells: Vec<Option<StateCell>>,
    /// All forms together.
    pub state: FormState,
    /// The same in words.
    pub word: String,
    /// Open errors and warnings.
    pub errors: usize,
    pub warnings: usize,
    /// When its newest file came in.
    pub filed: Option<String>,
    /// Its own last day, if it has more time.
    pub extended: Option<String>,
    /// Is it late?
    pub overdue: bool,
}

/// A form of a unit.
#[derive(Debug, Clone, Serialize)]
pub struct StateCell {
    /// How far it has come.
    pub state: FormState,
    /// In words.
    pub word: String,
}

/// What is shown of the board, and in which order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    /// Words of a name or code.
    pub words: String,
    /// A kind, a group, a state; empty for all.
    pub kind: String,
    pub group: String,
    pub state: String,
    /// Only those that are late?
    pub late: bool,
    /// By what the units are ordered; empty: as the roster has them.
    pub sort: String,
}

/// A file of no unit.
#[derive(Debug, Clone, Serialize)]
pub struct Stranger {
    /// Its path in the campaign.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

impl StateCell {
    /// The cell of a state.
    pub fn of(state: FormState, lang: Lang) -> StateCell {
        StateCell {
            state,
            word: lang.of(&state.word()).to_owned(),
        }
    }
}

/// The board as a page.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn board_page(frame: &Frame<'_>, nav: &Nav, page: &Board) -> Result<String, Message> {
    render("office-board.html", frame, nav, page)
}
