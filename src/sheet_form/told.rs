//! What is wrong in a form workbook, cell by cell.

use crate::model::{Message, Place, Severity};

/// A mistake in a form workbook, or something a person should know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// How bad it is: with an error the workbook is no form.
    pub severity: Severity,
    /// What it is and what to write instead.
    pub message: Message,
}

/// Everything found so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) mistakes: Vec<Mistake>,
}

impl Told {
    /// Something that must be mended.
    pub(super) fn error(&mut self, place: &Place, message: Message) {
        self.say(place, Severity::Error, message);
    }

    /// Something that is read all the same, and is probably not meant so.
    pub(super) fn warning(&mut self, place: &Place, message: Message) {
        self.say(place, Severity::Warning, message);
    }

    /// Something worth knowing.
    pub(super) fn note(&mut self, place: &Place, message: Message) {
        self.say(place, Severity::Info, message);
    }

    pub(super) fn say(&mut self, place: &Place, severity: Severity, message: Message) {
        let mistake = Mistake {
            place: place.clone(),
            severity,
            message,
        };
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }
}
