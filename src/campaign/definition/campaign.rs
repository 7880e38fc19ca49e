//! A campaign: one period, its forms, its units, and where all of it was loaded from.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;

use super::campaign_text::CAMPAIGN_FILES;
use super::lists::ROSTERS;
use crate::history::Archive;
use crate::judge::Definition;
use crate::model::Message;
use crate::model::campaign_files::{BOOK, ROSTER};
use crate::schema::expression::Expr;
use crate::sheet_form::words::campaign::UNITS_SHEET;

/// A loaded campaign. It is what submissions are judged against ([`Definition`], whose fields and
/// methods it has), with its place on the disk, its archive and what only its results need.
#[derive(Debug)]
pub struct Campaign {
    /// Its folder.
    pub folder: PathBuf,
    /// The closed periods.
    pub archive: Archive,
    /// SHA-256 of the files it was loaded from, by their path in its folder: `campaign.toml`
    /// and `roster.csv`, or `campaign.xlsx`, form files (older versions, too), files of control totals.
    pub stamps: BTreeMap<String, String>,
    /// The figures' expressions, in order.
    pub figures: Vec<Expr>,
    /// What submissions are judged against.
    pub definition: Definition,
}

impl Campaign {
    /// Name and SHA-256 of the file that says what the campaign is.
    pub fn own_stamp(&self) -> Option<(&String, &String)> {
        let mut names = CAMPAIGN_FILES.iter();
        names.find_map(|name| self.stamps.get_key_value(*name))
    }

    /// Name and SHA-256 of the list of units: a file of its own, or a sheet of the campaign's.
    pub fn roster_stamp(&self) -> Option<(&String, &String)> {
        let mut names = ROSTERS.iter().chain(&[BOOK]);
        names.find_map(|name| self.stamps.get_key_value(*name))
    }

    /// What the list of units is called: its file, or the sheet of the campaign's workbook.
    pub fn list_of_units(&self) -> Message {
        let name = self.roster_stamp().map_or(ROSTER, |(name, _)| name);
        match name == BOOK {
            true => Message::new(
                format!("trang «{UNITS_SHEET}» của {name}"),
                format!("the sheet «{UNITS_SHEET}» of {name}"),
            ),
            false => Message::new(name, name),
        }
    }
}

impl Deref for Campaign {
    type Target = Definition;

    fn deref(&self) -> &Definition {
        &self.definition
    }
}
