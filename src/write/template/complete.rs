//! The live check that nothing is left out: required cells that are blank, ratios left blank
//! although what they are divided from is there, and words where a figure belongs. Formulas pass
//! all of these over, so no other check can see them.

use super::check_lines::{CheckLine, LiveCheck};
use super::check_parts::{HELD, LONGEST_FORMULA, WAITING, WRONG};
use crate::model::CellAddress;
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Field, Meaning};
use crate::write::formula::layout::CheckPlace;
use crate::write::formula::names::{FormulaSite, Names};
use crate::write::formula::rule::Translator;
use crate::write::paper::grid::Line;

/// Id of the finding about a blank where a figure is due.
const MISSING: &str = "thieu-so-lieu";

/// What is counted: terms of two sums.
#[derive(Default)]
struct Terms {
    /// Number of cells that should hold something and do not.
    blank: Vec<String>,
    /// Number of cells that hold words in place of a figure.
    words: Vec<String>,
}

/// The check; `None` if no cell of the sheet requires anything. `every_row`: rows that only some
/// units fill count, too, because the sheet is for a unit that fills them.
pub(super) fn line(names: &Names<'_>, every_row: bool) -> Option<CheckLine> {
    let form = &names.place.form;
    let terms = match form.is_free() {
        true => added_rows(names)?,
        false => fixed_rows(names, every_row),
    };
    if terms.blank.is_empty() && terms.words.is_empty() {
        return None;
    }
    let sum = |terms: &[String]| match terms.is_empty() {
        true => "0".to_owned(),
        false => terms.join("+"),
    };
    let (blank, words) = (sum(&terms.blank), sum(&terms.words));
    let rest = format!("IF({blank}>0,\"{WAITING} còn \"&({blank})&\" ô để trống\",\"{HELD}\")");
    let rest = match key_range(names) {
        Some(keys) => format!("IF(COUNTA({keys})=0,\"{WAITING}\",{rest})"),
        None => rest,
    };
    let formula = format!(
        "=IF({words}>0,\"{WRONG}: \"&({words})&\" ô cần số nhưng ghi chữ\",IFERROR({rest},\"{WAITING}\"))"
    );
    (formula.len() <= LONGEST_FORMULA).then(|| CheckLine {
        rule: MISSING.to_owned(),
        label: "Ô phải có số liệu thì không để trống; ô ghi số thì không ghi chữ.".to_owned(),
        place: CheckPlace::Once,
        check: LiveCheck::Cell(formula),
    })
}

/// The names of the rows that a unit adds.
fn key_range(names: &Names<'_>) -> Option<String> {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let key = form.key_column().filter(|_| form.is_free())?;
    grid.reach(grid.column(key), "")
}

fn added_rows(names: &Names<'_>) -> Option<Terms> {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let keys = key_range(names)?;
    let mut terms = Terms::default();
    for column in 0..form.file.columns.len() {
        let Some(field) = form.field(None, column) else {
            continue;
        };
        if form.key_column() == Some(column) {
            continue;
        }
        let cells = grid.reach(grid.column(column), "")?;
        terms.words.extend(words(field, &cells));
        if field.computed {
            continue;
        }
        let blank = format!("({keys}<>\"\")*({cells}=\"\")");
        match form.ratio(None, column) {
            Some(of) => {
                let translator =
                    Translator::new(names, FormulaSite::FreeRows, BlankPolicy::SkipAny);
                let due = translator.rows_with_quotient(&of).ok();
                terms
                    .blank
                    .extend(due.map(|due| format!("SUMPRODUCT(--ISNUMBER(1/({blank}*{due})))")));
            }
            None if field.blank == Meaning::Missing => {
                terms.blank.push(format!("SUMPRODUCT({blank})"));
            }
            None => {}
        }
    }
    Some(terms)
}

/// A ratio that is left blank has a check of its own, which waits for it.
fn fixed_rows(names: &Names<'_>, every_row: bool) -> Terms {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let mut terms = Terms::default();
    for column in 0..form.file.columns.len() {
        // Cells below one another with the same words for "none".
        let mut stretches: Vec<(&Field, bool, CellAddress, CellAddress)> = Vec::new();
        for (index, line) in grid.body.iter().enumerate() {
            let Line::Fixed(row) = line else { continue };
            let (Some(of_row), Some(field)) =
                (form.file.rows.get(*row), form.field(Some(*row), column))
            else {
                continue;
            };
            let at = CellAddress::new(grid.body_row(index), grid.column(column));
            let required = field.blank == Meaning::Missing
                && !field.computed
                && form.ratio(Some(*row), column).is_none()
                && (every_row || of_row.filers().are_all());
            match stretches.last_mut() {
                Some((other, same, _, last))
                    if last.row + 1 == at.row && *same == required && are_alike(other, field) =>
                {
                    *last = at;
                }
                _ => stretches.push((field, required, at, at)),
            }
        }
        for (field, required, first, last) in stretches {
            let range = |first: CellAddress, last: CellAddress| match first == last {
                true => first.to_string(),
                false => format!("{first}:{last}"),
            };
            let cells = range(first, last);
            terms.words.extend(words(field, &cells));
            // A row that somebody inserts among them has no label and nothing to fill in.
            let blank = || match grid.label {
                Some(column) => {
                    let at = |cell: CellAddress| CellAddress { column, ..cell };
                    let labels = range(at(first), at(last));
                    format!("SUMPRODUCT(({labels}<>\"\")*({cells}=\"\"))")
                }
                None => format!("COUNTBLANK({cells})"),
            };
            terms.blank.extend(required.then(blank));
        }
    }
    terms
}

/// Is the same counted as words in both?
fn are_alike(one: &Field, other: &Field) -> bool {
    words(one, "") == words(other, "")
}

/// How many of some cells hold words in place of a figure; the words that mean "none" there are
/// not counted. (LibreOffice's COUNTIF takes figures for text, too.)
fn words(field: &Field, cells: &str) -> Option<String> {
    if !field.kind.is_numeric() {
        return None;
    }
    let known = [
        ("-", field.dash != Meaning::Refused || field.ratio.is_some()),
        ("không", field.khong != Meaning::Refused),
        ("x", field.x != Meaning::Refused),
    ];
    let known = known.into_iter().filter(|(_, accepted)| *accepted);
    let others: String = known
        .map(|(text, _)| format!("*({cells}<>\"{text}\")"))
        .collect();
    Some(format!(
        "SUMPRODUCT(--ISNUMBER(1/(ISTEXT({cells})*(LEN({cells})>0){others})))"
    ))
}
