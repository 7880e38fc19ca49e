//! The live checks of one form: each rule, at each place it applies, as a formula.
//!
//! A check shows "✓", or what is wrong with the difference, or "…" as long as a figure it needs is
//! not there. "Sai" begins what must be mended, "Xem lại" what may remain once explained.

use crate::model::{CellAddress, Severity, address::column_letters};
use crate::schema::checked::Origin;
use crate::schema::derived;
use crate::schema::expression::{Comparison, Name};
use crate::schema::resolve::{self, Target, bind};
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Indicator, Meaning, Rule};
use crate::write::formula::last_rows;
use crate::write::formula::layout::CheckPlace;
use crate::write::formula::names::{FormulaSite, Names, NoFormula};
use crate::write::formula::rule::{Outcomes, Translator};
use crate::write::formula::slack::Slack;
use crate::write::paper::grid::Line;

/// What a check shows when it cannot say anything yet.
pub(super) const WAITING: &str = "…";
/// What a check shows when it holds.
pub(super) const HELD: &str = "✓";
/// How what must be mended begins.
pub(super) const WRONG: &str = "Sai";
/// The first words of what may remain once explained.
pub(super) const DOUBTED: &str = "Xem lại";
/// How what a rule on trial notices begins; nobody has to do anything about it.
pub(super) const ON_TRIAL: &str = "Thử nghiệm";
/// Id of the finding about a figure below zero.
const BELOW_ZERO: &str = "so-am";
/// Excel takes formulas up to 8192 characters; some are added when they are stored.
pub(super) const LONGEST_FORMULA: usize = 8000;
/// What is added around the condition on wrong rows to find the first of them, at most.
const FIRST_WRONG_ROW: usize = 200;
/// A row no sheet has: Excel's last, and one.
const BEHIND_LAST_ROW: u32 = 1_048_577;

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
    /// Letters of the columns that identify a row.
    columns: Vec<String>,
    /// The condition that a row without a figure for a ratio has nothing to divide by, which is right.
    undivided: Option<String>,
    rule: Rule,
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

fn prefix(rule: &Rule) -> &'static str {
    match rule.severity {
        _ if rule.beta => ON_TRIAL,
        Severity::Error => WRONG,
        Severity::Warning | Severity::Info => DOUBTED,
    }
}

/// A rule that rounds itself is compared exactly.
fn translator<'a>(names: &'a Names<'a>, rule: &Rule, site: FormulaSite) -> Translator<'a> {
    let translator = Translator::new(names, site, rule.blank);
    match rule.rounds_itself() {
        true => translator.exactly(),
        false => translator,
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

/// What a check shows when it has nothing to check. If every column that its rule names may stay
/// blank in the added rows, and does, there is nothing to wait for once rows are named.
fn waiting(names: &Names<'_>, rule: &Rule) -> String {
    let (form, grid) = (&names.place.form, &names.place.grid);
    let mut columns = Some(Vec::new());
    let mut look = |name: &Name, previous: bool| {
        let own = match (&name.form, bind(form, &name.path)) {
            (None, Some(Target::Column(column))) if !previous => Some(column),
            _ => None,
        };
        let optional = |column: &usize| {
            let field = form.field(None, *column);
            field.is_some_and(|field| field.blank != Meaning::Missing)
        };
        match (&mut columns, own.filter(optional)) {
            (Some(columns), Some(column)) => columns.push(column),
            (columns, _) => *columns = None,
        }
    };
    rule.check.names(&mut look);
    rule.when.iter().for_each(|when| when.names(&mut look));
    let reach = |column: usize| grid.reach(grid.column(column), "");
    let key = form.key_column().filter(|_| form.is_free());
    let ranges = columns.filter(|columns| !columns.is_empty());
    let ranges: Option<Vec<String>> =
        ranges.and_then(|columns| columns.into_iter().map(reach).collect());
    match key.and_then(reach).zip(ranges) {
        Some((keys, ranges)) => format!(
            "IF(AND(COUNTA({keys})>0,COUNTA({})=0),\"{HELD}\",\"{WAITING}\")",
            ranges.join(",")
        ),
        None => format!("\"{WAITING}\""),
    }
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

/// `&": lệch "&FIXED(left-right,0)`: FIXED writes figures with the reader's own separators.
fn difference(names: &Names<'_>, rule: &Rule, site: FormulaSite) -> String {
    let translator = Translator::new(names, site, rule.blank);
    let Some((left, comparison, right, decimals)) = translator.sides(&rule.check) else {
        return String::new();
    };
    let shown = |what: &str| format!("FIXED({what},{decimals})");
    match comparison {
        Comparison::Equal => format!("&\": lệch \"&{}", shown(&format!("{left}-{right}"))),
        Comparison::LessOrEqual => format!("&\": vượt \"&{}", shown(&format!("{left}-{right}"))),
        Comparison::GreaterOrEqual => {
            format!("&\": thiếu \"&{}", shown(&format!("{right}-{left}")))
        }
        Comparison::NotEqual | Comparison::Less | Comparison::Greater => {
            format!("&\": \"&{}&\" so với \"&{}", shown(&left), shown(&right))
        }
    }
}

fn rows_check(names: &Names<'_>, rule: &Rule) -> Result<RowsCheck, NoFormula> {
    let place = names.place;
    let key = place.form.key_column().ok_or(NoFormula::Absent)?;
    let keys = place.grid.reach(place.grid.column(key), "");
    let keys = keys.ok_or(NoFormula::Absent)?;
    let columns = place.form.key_columns();
    let columns = columns.map(|key| column_letters(place.grid.column(key)));
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
        first: format!(
            "{BEHIND_LAST_ROW}-SUMPRODUCT(MAX({wrong}*({BEHIND_LAST_ROW}-ROW({keys}))))"
        ),
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
        let words = words.map(|column| format!("INDEX(${column}:${column},{first})"));
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
