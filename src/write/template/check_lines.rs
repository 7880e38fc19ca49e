//! The live checks of one form: each rule, at each place it applies, as a formula.
//!
//! A check shows "✓", or what is wrong with the difference, or "…" as long as a figure it needs is
//! not there. "Sai" begins what must be mended, "Xem lại" what may remain once explained.

use super::check_parts::{
    HELD, LONGEST_FORMULA, WAITING, WRONG, difference, prefix, translator, waiting,
};
use super::check_rows::{RowsCheck, rows_check};
use crate::model::CellAddress;
use crate::schema::checked::Origin;
use crate::schema::derived;
use crate::schema::expression::{Comparison, Name};
use crate::schema::resolve::{self, Target, bind};
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Indicator, Rule};
use crate::write::formula::layout::CheckPlace;
use crate::write::formula::names::{FormulaSite, Names, NoFormula};
use crate::write::formula::rule::{Outcomes, Translator};
use crate::write::formula::slack::Slack;
use crate::write::paper::grid::Line;

/// Id of the finding about a figure below zero.
const BELOW_ZERO: &str = "so-am";

/// One live check.
#[derive(Debug, Clone)]
pub(super) struct CheckLine {
    /// Id of the rule.
    pub rule: String,
    /// What must hold, in the clerk's words.
    pub label: String,
    /// Where it is evaluated.
    pub place: CheckPlace,
    /// How it is checked.
    pub check: LiveCheck,
}

/// How a live check is made.
#[derive(Debug, Clone)]
pub(super) enum LiveCheck {
    /// One formula.
    Cell(String),
    /// On all rows a unit adds, with three figures put aside.
    Rows(Box<RowsCheck>),
    /// Not in this workbook.
    Elsewhere,
}

/// The live checks of a form's rules, written and derived.
pub(super) fn of_form(names: &Names<'_>) -> Vec<CheckLine> {
    let form = &names.place.form;
    let mut lines = Vec::new();
    for rule in form.rules.iter().filter(|rule| !rule.is_total()) {
        lines.extend(of_rule(names, rule, &sites(names, rule)));
    }
    lines.extend(total_line(names));
    lines.extend(below_zero_line(names));
    lines
}

/// No figure may be below zero but where the form says so. Excel refuses it where it is typed; a
/// formula can yield it all the same.
fn below_zero_line(names: &Names<'_>) -> Option<CheckLine> {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let mut ranges = Vec::new();
    for column in 0..form.file.columns.len() {
        let floored = |row: Option<usize>| {
            let field = form.field(row, column);
            field.is_some_and(|field| field.kind.is_numeric() && !field.negative)
        };
        if form.is_free() {
            ranges.extend(
                grid.reach(grid.column(column), "")
                    .filter(|_| floored(None)),
            );
            continue;
        }
        let cells = grid
            .body
            .iter()
            .enumerate()
            .filter_map(|(index, line)| match line {
                Line::Fixed(row) if floored(Some(*row)) => {
                    Some(CellAddress::new(grid.body_row(index), grid.column(column)).to_string())
                }
                _ => None,
            });
        ranges.extend(cells);
    }
    let computed = form.file.columns.iter().chain(&form.file.rows);
    if ranges.is_empty() || !computed.into_iter().any(|one| one.computed) {
        return None;
    }
    let counts: Vec<String> = ranges
        .iter()
        .map(|r| format!("COUNTIF({r},\"<0\")"))
        .collect();
    let (below, all) = (counts.join("+"), ranges.join(","));
    Some(CheckLine {
        rule: BELOW_ZERO.to_owned(),
        label: "Không ô nào được nhỏ hơn 0, kể cả ô có công thức.".to_owned(),
        place: CheckPlace::Once,
        check: LiveCheck::Cell(format!(
            "=IFERROR(IF(COUNT({all})=0,\"{WAITING}\",IF({below}=0,\"{HELD}\",\"{WRONG}: \"&({below})&\" ô nhỏ hơn 0\")),\"{WAITING}\")"
        )),
    })
}

/// Where a rule applies on this sheet.
fn sites(names: &Names<'_>, rule: &Rule) -> Vec<FormulaSite> {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let is_here = |site: &resolve::Site| match site {
        resolve::Site::Row(row) => grid.body.contains(&Line::Fixed(*row)),
        resolve::Site::Total => grid.total.is_some() && form.asks_total(rule),
        _ => true,
    };
    let sites = resolve::sites(form, rule).into_iter();
    sites.filter(is_here).map(FormulaSite::from).collect()
}

fn of_rule(names: &Names<'_>, rule: &Rule, sites: &[FormulaSite]) -> Vec<CheckLine> {
    let message = rule.message.as_deref().unwrap_or(&rule.text);
    let several = sites.len() > 1;
    let mut elsewhere = false;
    let mut lines = Vec::new();
    for site in sites
        .iter()
        .filter(|site| !reads_share(names, rule, **site))
    {
        let check = match site {
            FormulaSite::FreeRows => {
                rows_check(names, rule).map(|check| LiveCheck::Rows(Box::new(check)))
            }
            site => cell_check(names, rule, *site).map(LiveCheck::Cell),
        };
        match check {
            Ok(check) => lines.push(CheckLine {
                rule: rule.id.clone(),
                label: label(names, *site, several, message),
                place: place(names, *site),
                check,
            }),
            Err(NoFormula::Elsewhere) => elsewhere = true,
            Err(NoFormula::Absent) => {}
        }
    }
    if lines.is_empty() && elsewhere {
        lines.push(CheckLine {
            rule: rule.id.clone(),
            label: message.to_owned(),
            place: CheckPlace::Once,
            check: LiveCheck::Elsewhere,
        });
    }
    lines
}

/// Does a rule read a figure that the sheet holds as a hundredth?
fn reads_share(names: &Names<'_>, rule: &Rule, site: FormulaSite) -> bool {
    let shares = &names.place.shares;
    let is_share = |name: &Name| match bind(&names.place.form, &name.path) {
        Some(Target::Column(column) | Target::Cell(_, column)) => shares.contains(&column),
        Some(Target::Columns(mut columns)) => columns.any(|column| shares.contains(&column)),
        Some(Target::Row(_) | Target::Rows(_)) => {
            matches!(site, FormulaSite::Column(column) if shares.contains(&column))
        }
        None => false,
    };
    let mut own = rule.reads().filter(|read| read.name.form.is_none());
    own.any(|read| is_share(read.name))
}

/// A site as a place of the sheet.
fn place(names: &Names<'_>, site: FormulaSite) -> CheckPlace {
    let grid = &names.place.grid;
    match site {
        FormulaSite::Row(row) => {
            let line = grid.body.iter().position(|line| *line == Line::Fixed(row));
            line.map_or(CheckPlace::Once, |line| {
                CheckPlace::Row(grid.body_row(line))
            })
        }
        FormulaSite::Column(column) => CheckPlace::Column(grid.column(column)),
        FormulaSite::FreeRows | FormulaSite::FreeRow(_) | FormulaSite::RowNumbered(_) => {
            CheckPlace::AddedRows
        }
        FormulaSite::Total => CheckPlace::Total,
        FormulaSite::Once => CheckPlace::Once,
    }
}

/// The rule's message, with the row or column where it applies if there are several.
fn label(names: &Names<'_>, site: FormulaSite, several: bool, message: &str) -> String {
    let form = &names.place.form;
    let own = |column: &Indicator| column.label.own().to_owned();
    let place = match site {
        _ if !several => None,
        FormulaSite::Row(row) => Some(form.row_label(row)),
        FormulaSite::Column(column) => form.file.columns.get(column).map(own),
        FormulaSite::Total => form.file.layout.total.clone(),
        _ => None,
    };
    match place {
        Some(place) => format!("«{place}»: {message}"),
        None => message.to_owned(),
    }
}

fn cell_check(names: &Names<'_>, rule: &Rule, site: FormulaSite) -> Result<String, NoFormula> {
    let translator = translator(names, rule, site);
    let check = translator.check(&rule.check)?;
    let when = match &rule.when {
        Some(when) => Some(Translator::new(names, site, rule.blank).when(when)?),
        None => None,
    };
    let failed = format!("\"{}\"{}", prefix(rule), difference(names, rule, site));
    let (held, waits) = (format!("\"{HELD}\""), format!("\"{WAITING}\""));
    let waiting = waiting_at(names, rule, &translator);
    let mut text = check.shown(&Outcomes {
        holds: &held,
        fails: &failed,
        waits: &waiting,
        absent: &held,
    });
    if let Some(when) = &when {
        text = when.applies(
            &text,
            &Outcomes {
                holds: &held,
                fails: &failed,
                waits: &waits,
                absent: &held,
            },
        );
    }
    if site == FormulaSite::Total
        && let Some(left_out) = rows_left_out(names, rule)
    {
        text = format!("IF({left_out},{held},{text})");
    }
    if let Some(not_begun) = translator.not_begun(&check, when.as_ref()) {
        text = format!("IF({not_begun},{waiting},{text})");
    }
    let formula = format!("=IFERROR({text},\"{WAITING}\")");
    match formula.len() > LONGEST_FORMULA {
        true => Err(NoFormula::Elsewhere),
        false => Ok(formula),
    }
}

/// The condition under which the total row is not asked what its rows are: a row lacks a figure, so
/// that the rule passes it over, and has others, which the total row adds up. `None` if there can be
/// no such row, or the form has the total row asked all the same.
fn rows_left_out(names: &Names<'_>, rule: &Rule) -> Option<String> {
    let by_itself = rule.origin != Origin::Written || rule.places.total.is_some();
    if rule.blank != BlankPolicy::SkipAny || by_itself {
        return None;
    }
    let check = translator(names, rule, FormulaSite::FreeRows).check(&rule.check);
    check.ok()?.rows_left_out()
}

/// The same at one place. A ratio that is left blank is right where there is nothing to divide by.
fn waiting_at(names: &Names<'_>, rule: &Rule, translator: &Translator<'_>) -> String {
    let waiting = waiting(names, rule);
    let Origin::Ratio { row, column } = rule.origin else {
        return waiting;
    };
    let form = &names.place.form;
    let of = form.ratio(row, column).filter(|_| !form.is_free());
    let none = of.and_then(|of| translator.no_quotient(&of).ok());
    match (none, cell_of(names, row, column)) {
        (Some(none), Some(at)) => {
            format!("IF({at}=\"\",IF({none},\"{HELD}\",{waiting}),{waiting})")
        }
        _ => waiting,
    }
}

/// The cell of a fixed row.
fn cell_of(names: &Names<'_>, row: Option<usize>, column: usize) -> Option<CellAddress> {
    let (grid, row) = (&names.place.grid, row?);
    let line = grid
        .body
        .iter()
        .position(|line| *line == Line::Fixed(row))?;
    Some(CellAddress::new(grid.body_row(line), grid.column(column)))
}

/// The total row is the sum of the rows: one line for all columns, which names the first wrong one.
fn total_line(names: &Names<'_>) -> Option<CheckLine> {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let total = grid.total?;
    let mut text = format!("\"{HELD}\"");
    let mut cells = Vec::new();
    let columns = form
        .rules
        .iter()
        .rev()
        .filter_map(|rule| match rule.origin {
            Origin::Total { column } => Some((rule, column)),
            Origin::Ratio { .. } | Origin::Written => None,
        });
    for (rule, column) in columns {
        let (indicator, field) = (form.file.columns.get(column)?, form.field(None, column)?);
        let sum = CellAddress::new(total, grid.column(column));
        let range = grid.reach(grid.column(column), "")?;
        let apart = format!("N({sum})-SUM({range})");
        let difference = format!("ROUND({apart},6)");
        let (name, _, _) = rule.check.comparison()?;
        let name = name.as_name()?;
        let of_total = names.one(name, FormulaSite::Total).ok();
        let of_rows = names.span(name, FormulaSite::Total).ok();
        let slack = of_total.zip(of_rows);
        let slack = slack.and_then(|(total, rows)| Slack::of_total(&total, &rows));
        let wrong = match slack {
            Some(slack) => format!("NOT({})", slack.comparison(&apart, Comparison::Equal)),
            None => format!("{difference}<>0"),
        };
        let label = indicator.label.full().replace('"', "\"\"");
        text = format!(
            "IF({wrong},\"{WRONG}: «{label}» lệch \"&FIXED({difference},{}),{text})",
            field.decimals
        );
        cells.push(range);
    }
    if cells.is_empty() {
        return None;
    }
    let waits = format!("COUNT({})=0", cells.join(","));
    Some(CheckLine {
        rule: derived::TOTAL.to_owned(),
        label: "Dòng tổng phải bằng tổng các dòng ở trên.".to_owned(),
        place: CheckPlace::Total,
        check: LiveCheck::Cell(format!(
            "=IFERROR(IF({waits},\"{WAITING}\",{text}),\"{WAITING}\")"
        )),
    })
}
