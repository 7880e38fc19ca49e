//! The live check of all rows a unit adds: how many can be evaluated, how many are wrong, and which
//! is the first of them.

use super::check_parts::{HELD, LONGEST_FORMULA, difference, prefix, translator, waiting};
use crate::model::{CellAddress, address::column_letters};
use crate::schema::Rule;
use crate::schema::checked::Origin;
use crate::write::formula::last_rows;
use crate::write::formula::names::{FormulaSite, Names, NoFormula};
use crate::write::formula::rule::Translator;

/// What is added around the condition on wrong rows to find the first of them, at most.
const FIRST_WRONG_ROW: usize = 200;
/// A row no sheet has: Excel's last, and one.
const BEHIND_LAST_ROW: u32 = 1_048_577;

/// A check of all rows a unit adds.
#[derive(Debug, Clone)]
pub(super) struct RowsCheck {
    /// How many rows can be evaluated.
    pub asked: String,
    /// How many of them are wrong.
    pub wrong: String,
    /// The row of the sheet of the first of them, from 1, given the cell that counts the wrong
    /// ones.
    first: String,
    prefix: &'static str,
    /// Letters of the columns that identify a row, and how many rows above the figures.
    columns: Vec<(String, u32)>,
    /// The condition that a row without a figure for a ratio has nothing to divide by, which is right.
    undivided: Option<String>,
    rule: Rule,
}

/// The check of a rule on all rows a unit adds.
///
/// # Errors
/// The rule has no formula here.
pub(super) fn rows_check(names: &Names<'_>, rule: &Rule) -> Result<RowsCheck, NoFormula> {
    let place = names.place;
    let key = place.form.key_column().ok_or(NoFormula::Absent)?;
    let keys = place.grid.reach(place.grid.column(key), "");
    let keys = keys.ok_or(NoFormula::Absent)?;
    let columns = place.form.key_columns();
    let columns = columns.map(|key| {
        let column = place.grid.column(key);
        (column_letters(column), place.grid.above(column))
    });
    let above = place.grid.above(place.grid.column(key));
    let row = match above {
        0 => format!("ROW({keys})"),
        above => format!("(ROW({keys})+{above})"),
    };
    let mut factors = vec![format!("({keys}<>\"\")")];
    let check = translator(names, rule, FormulaSite::FreeRows).check(&rule.check)?;
    let (asked, wrong) = check.rows();
    factors.extend(asked);
    if let Some(when) = &rule.when {
        let when = Translator::new(names, FormulaSite::FreeRows, rule.blank).when(when)?;
        factors.extend(when.rows_applied());
    }
    let asked = format!("ISNUMBER(1/({}))", factors.join("*"));
    let wrong = format!("ISNUMBER(1/({}*{wrong}))", factors.join("*"));
    if wrong.len() + FIRST_WRONG_ROW > LONGEST_FORMULA {
        return Err(NoFormula::Elsewhere);
    }
    Ok(RowsCheck {
        asked: format!("=SUMPRODUCT(--{asked})"),
        first: format!("{BEHIND_LAST_ROW}-SUMPRODUCT(MAX({wrong}*({BEHIND_LAST_ROW}-{row})))"),
        wrong: format!("=SUMPRODUCT(--{wrong})"),
        prefix: prefix(rule),
        columns: columns.collect(),
        undivided: undivided(names, rule, &keys),
        rule: rule.clone(),
    })
}

/// See [`RowsCheck::undivided`]; `keys`: the names of the rows.
fn undivided(names: &Names<'_>, rule: &Rule, keys: &str) -> Option<String> {
    let Origin::Ratio { row: None, column } = rule.origin else {
        return None;
    };
    let (form, grid) = (&names.place.form, &names.place.grid);
    let of = form.ratio(None, column)?;
    let ratios = grid.reach(grid.column(column), "")?;
    let none = Translator::new(names, FormulaSite::FreeRows, rule.blank);
    let none = none.rows_without_quotient(&of).ok()?;
    Some(format!(
        "SUMPRODUCT(--ISNUMBER(1/(({keys}<>\"\")*(1-ISNUMBER({ratios}))*{none})))>0"
    ))
}

impl RowsCheck {
    /// The row of the sheet of the first wrong row, from 1; `wrong` counts them.
    pub fn first(&self, wrong: CellAddress) -> String {
        format!("=IF({wrong}=0,\"\",{})", self.first)
    }

    /// What the check shows, from the cells of the three figures.
    pub fn shown(&self, names: &Names<'_>, [asked, wrong, first]: [CellAddress; 3]) -> String {
        let difference = difference(names, &self.rule, FormulaSite::RowNumbered(first));
        let words = self.columns.iter();
        let words = words.map(|(column, above)| match above {
            0 => format!("INDEX(${column}:${column},{first})"),
            above => format!("INDEX(${column}:${column},{first}-{above})"),
        });
        let name = last_rows::joined(&words.collect::<Vec<_>>());
        let waiting = waiting(names, &self.rule);
        let waiting = match &self.undivided {
            Some(undivided) => format!("IF({undivided},\"{HELD}\",{waiting})"),
            None => waiting,
        };
        format!(
            "=IF({asked}=0,{},IF({wrong}=0,\"{HELD}\",IFERROR(\"{} \"&{wrong}&\" dòng, đầu tiên «\"&{name}&\"»\"{difference},\"{} \"&{wrong}&\" dòng\")))",
            waiting, self.prefix, self.prefix,
        )
    }
}
