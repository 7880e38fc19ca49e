//! Rows and rules that only some reporting units are concerned by.

use std::sync::Arc;

use super::checked::{Form, Rule};
use super::file::Indicator;
use crate::model::Filer;

/// The units that a row or a rule is for: those of its kinds and those it names.
#[derive(Debug, Clone, Copy)]
pub struct Filers<'f> {
    kinds: Option<&'f [String]>,
    units: Option<&'f [String]>,
}

impl Filers<'_> {
    /// Is it for every unit?
    pub fn are_all(&self) -> bool {
        self.kinds.is_none() && self.units.is_none()
    }

    /// Is it for this unit?
    pub fn have(&self, filer: Filer<'_>) -> bool {
        let names = |list: Option<&[String]>, one: &str| {
            list.is_some_and(|list| list.iter().any(|other| other == one))
        };
        self.are_all() || names(self.kinds, filer.kind) || names(self.units, filer.code)
    }
}

impl Indicator {
    /// The units that must fill the row.
    pub fn filers(&self) -> Filers<'_> {
        Filers {
            kinds: self.kinds.as_deref(),
            units: self.units.as_deref(),
        }
    }
}

impl Rule {
    /// The units whose figures must satisfy it.
    pub fn filers(&self) -> Filers<'_> {
        Filers {
            kinds: self.kinds.as_deref(),
            units: self.units.as_deref(),
        }
    }

    /// Is it evaluated on the figures of this unit? Where the unit is not known, every rule is.
    pub fn concerns(&self, filer: Option<Filer<'_>>) -> bool {
        filer.is_none_or(|filer| self.filers().have(filer))
    }
}

impl Form {
    /// The form with the rules that concern the unit, and no others.
    pub fn of_filer(form: &Arc<Form>, filer: Option<Filer<'_>>) -> Arc<Form> {
        if form.rules.iter().all(|rule| rule.concerns(filer)) {
            return form.clone();
        }
        let mut own = Form::clone(form);
        own.rules.retain(|rule| rule.concerns(filer));
        Arc::new(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_codes_add_up() {
        let (kinds, units) = (["phuong".to_owned()], ["28870".to_owned()]);
        let of = |kinds, units| Filers { kinds, units };
        let filer = |code, kind| Filer { code, kind };
        let all = of(None, None);
        assert!(all.are_all() && all.have(filer("1", "xa")));
        let both = of(Some(&kinds), Some(&units));
        assert!(both.have(filer("1", "phuong")) && both.have(filer("28870", "xa")));
        assert!(!both.have(filer("1", "xa")));
        assert!(!of(None, Some(&units)).have(filer("1", "phuong")));
    }
}
