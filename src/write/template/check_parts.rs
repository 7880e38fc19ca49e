//! What the live checks of cells and of all rows are made of: their words, and the formulas of what
//! they wait for and how far off a figure is.

use crate::model::Severity;
use crate::schema::expression::{Comparison, Name};
use crate::schema::resolve::{Target, bind};
use crate::schema::{Meaning, Rule};
use crate::write::formula::names::{FormulaSite, Names};
use crate::write::formula::rule::Translator;

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
/// Excel takes formulas up to 8192 characters; some are added when they are stored.
pub(super) const LONGEST_FORMULA: usize = 8000;

/// How what a rule notices begins.
pub(super) fn prefix(rule: &Rule) -> &'static str {
    match rule.severity {
        _ if rule.beta => ON_TRIAL,
        Severity::Error => WRONG,
        Severity::Warning | Severity::Info => DOUBTED,
    }
}

/// A rule that rounds itself is compared exactly.
pub(super) fn translator<'a>(
    names: &'a Names<'a>,
    rule: &Rule,
    site: FormulaSite,
) -> Translator<'a> {
    let translator = Translator::new(names, site, rule.blank);
    match rule.rounds_itself() {
        true => translator.exactly(),
        false => translator,
    }
}

/// What a check shows when it has nothing to check. If every column that its rule names may stay
/// blank in the added rows, and does, there is nothing to wait for once rows are named.
pub(super) fn waiting(names: &Names<'_>, rule: &Rule) -> String {
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

/// `&": lệch "&FIXED(left-right,0)`: FIXED writes figures with the reader's own separators.
pub(super) fn difference(names: &Names<'_>, rule: &Rule, site: FormulaSite) -> String {
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
