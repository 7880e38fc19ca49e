//! Who files: a sở, ban, ngành, or a xã, phường.

use chrono::NaiveDate;

/// One line of the roster.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReportingUnit {
    /// The code the office knows the unit by; the key of everything.
    pub code: String,
    /// The official name, with its kind: "Xã Tiên Thủy", "Sở Nội vụ".
    pub name: String,
    /// Kind, as the campaign's forms name it: `so`, `xa`, `phuong`.
    pub kind: String,
    /// The heading it is listed under in tables.
    pub group: String,
    /// First day on which the unit exists; `None`: always did.
    pub active_from: Option<NaiveDate>,
    /// Last day on which the unit exists; `None`: still does.
    pub active_to: Option<NaiveDate>,
    /// Other spellings that are this unit.
    pub aliases: Vec<String>,
    /// Codes of the units that were merged into this one, or that it was made of a part of.
    pub predecessors: Vec<String>,
    /// Code of the unit that sums it up: in a form that is summed up, that unit's figures are the
    /// sums over the units that name it here.
    pub summed_by: Option<String>,
}

/// A reporting unit, as far as rows and rules go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filer<'a> {
    /// Its code in the roster.
    pub code: &'a str,
    /// Its kind.
    pub kind: &'a str,
}

impl ReportingUnit {
    /// A unit that always exists, under no heading, of which no more is known.
    pub fn new(code: &str, name: &str, kind: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            group: String::new(),
            active_from: None,
            active_to: None,
            aliases: Vec::new(),
            predecessors: Vec::new(),
            summed_by: None,
        }
    }

    /// What rows and rules go by.
    pub fn filer(&self) -> Filer<'_> {
        Filer {
            code: &self.code,
            kind: &self.kind,
        }
    }

    /// Does the unit exist on `day`?
    pub fn active_on(&self, day: NaiveDate) -> bool {
        self.active_from.is_none_or(|from| from <= day) && self.active_to.is_none_or(|to| day <= to)
    }

    /// Is there a day on which both units exist?
    pub fn exists_beside(&self, other: &ReportingUnit) -> bool {
        let begins_by_end = |from: Option<NaiveDate>, to: Option<NaiveDate>| match (from, to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins_by_end(self.active_from, other.active_to)
            && begins_by_end(other.active_from, self.active_to)
    }
}
