//! A unit's reason for a warning, and which findings it is about.

use std::sync::Arc;

use super::{CellAddress, Finding, Number, Value};

/// A reason a unit gave, and the finding it was for. It stays valid while rule, cell and value are
/// the same, in later submissions and periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Code of the unit.
    pub unit: Arc<str>,
    /// Form of the finding; empty if it has none, or if the unit only named the cell.
    pub form: String,
    /// Rule of the finding; empty if the unit only named the cell.
    pub rule: String,
    /// Sheet of the finding, as listed.
    pub sheet: String,
    /// Cell of the finding.
    pub cell: Option<CellAddress>,
    /// The value of the cell, as shown, when the reason was given; empty if the unit did not say.
    pub found: String,
    /// The reason.
    pub text: String,
    /// Who gave it.
    pub by: String,
}

impl Reason {
    /// Is it about this finding, whatever the cell holds now?
    pub fn is_about(&self, finding: &Finding) -> bool {
        let same_rule = self.rule.is_empty() || self.rule == finding.rule;
        let same_place = if self.form.is_empty() {
            finding.sheet.as_deref() == Some(self.sheet.as_str()) || self.sheet.is_empty()
        } else {
            finding.form.as_deref() == Some(self.form.as_str())
        };
        let named = !self.rule.is_empty() || self.cell.is_some();
        finding.unit.as_deref() == Some(&*self.unit)
            && named
            && same_rule
            && same_place
            && self.cell == finding.cell
    }

    /// Does the cell still say what the reason was given for?
    pub fn still_holds(&self, finding: &Finding) -> bool {
        let now = finding.value.as_ref();
        let same_text = self.found == now.map(ToString::to_string).unwrap_or_default();
        // A unit may type the figure with other separators or, naming the cell by hand, not at all.
        let same_figure = || {
            let typed = figure(&self.found);
            typed.is_some() && typed == now.and_then(Value::as_number)
        };
        same_text || self.rule.is_empty() && self.found.is_empty() || same_figure()
    }
}

/// The figure that a text such as 2.500, 50,1 or 50.1 means; `None` if it is none.
fn figure(text: &str) -> Option<Number> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches('%');
    let whole = plain.split(',').next().unwrap_or(plain);
    let thousands = whole.split('.').skip(1).all(|group| group.len() == 3);
    match (plain.contains(','), thousands) {
        (_, true) => plain.replace('.', "").replace(',', ".").parse().ok(),
        (false, false) => plain.parse().ok(),
        (true, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_compared_as_figures_however_they_are_typed() {
        let number = |text: &str| text.parse::<Number>().ok();
        for (typed, meant) in [
            ("50,1", number("50.1")),
            ("50.1", number("50.1")),
            ("50,10 %", number("50.1")),
            ("2.500", number("2500")),
            ("2 500", number("2500")),
            ("-3", number("-3")),
            ("1.234.567,8", number("1234567.8")),
            ("12.5,1", None),
            ("", None),
            ("năm mươi", None),
        ] {
            assert_eq!(figure(typed), meant, "{typed}");
        }
    }
}
