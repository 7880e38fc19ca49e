//! A campaign written out as the folder a user would write.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::exact;
use super::past;
use super::spec::{
    Aggregate, Blank, Campaign, Column, Form, KINDS, Policy, Ratio, Row, Rows, Rule, Severity, Type,
};
use super::time::Time;
use super::world::{At, RowAt, Value, World};

/// Text in the quotes of a TOML file.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// Lines `key = value`.
#[derive(Default)]
struct Toml(String);

impl Toml {
    fn raw(&mut self, key: &str, value: impl std::fmt::Display) {
        writeln!(self.0, "{key} = {value}").expect("strings take everything");
    }

    fn text(&mut self, key: &str, text: &str) {
        self.raw(key, quoted(text));
    }

    fn some(&mut self, key: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn yes(&mut self, key: &str, flag: bool) {
        if flag {
            self.raw(key, "true");
        }
    }

    fn head(&mut self, head: &str) {
        writeln!(self.0, "\n{head}").expect("strings take everything");
    }
}

/// A form file.
pub fn form(form: &Form) -> String {
    let mut toml = Toml::default();
    toml.text("id", &form.id);
    toml.text("version", "1");
    toml.some("code", form.code.as_ref());
    toml.text("title", &form.title);
    toml.text("sheet", &form.sheet);
    toml.some("unit", form.unit.as_ref());
    if !form.notes.is_empty() {
        toml.raw("notes", list(&form.notes));
    }
    toml.head("[layout]");
    match &form.rows {
        Rows::Fixed(_) => {
            toml.text("rows", "fixed");
            toml.text("label", &form.label);
            toml.some("unit_column", form.unit_column.as_ref());
        }
        Rows::Free { total, prepared } => {
            toml.text("rows", "free");
            toml.some("total", total.as_ref());
            toml.raw("prepared_rows", prepared);
        }
    }
    toml.some("ordinal", form.ordinal.as_ref());
    toml.yes("numbering", form.numbering);
    if form.names_above {
        toml.text("names", "above");
    }
    if form.landscape {
        toml.text("orientation", "landscape");
    }
    // Random amounts are larger than any office has.
    toml.head("[checks]");
    toml.raw("large", "{ on = false }");
    form.columns.iter().for_each(|each| column(&mut toml, each));
    form.fixed().iter().for_each(|each| row(&mut toml, each));
    form.rules.iter().for_each(|each| rule(&mut toml, each));
    toml.0
}

fn column(toml: &mut Toml, column: &Column) {
    toml.head("[[column]]");
    toml.text("id", &column.id);
    match column.label.as_slice() {
        [own] => toml.text("label", own),
        path => toml.raw("label", list(path)),
    }
    kind(toml, &column.kind);
    toml.yes("key", column.key);
    toml.yes("computed", column.computed);
    toml.text("blank", blank(column.blank));
    aggregate(toml, column.aggregate);
    toml.some("unit", column.unit.as_ref());
    toml.some("help", column.help.as_ref());
}

fn row(toml: &mut Toml, row: &Row) {
    toml.head("[[row]]");
    toml.text("id", &row.id);
    toml.text("label", &row.label);
    toml.some("no", row.no.as_ref());
    toml.yes("heading", row.heading);
    if let Some(own) = &row.kind {
        kind(toml, own);
    }
    toml.yes("computed", row.computed);
    if let Some(own) = row.blank {
        toml.text("blank", blank(own));
    }
    aggregate(toml, row.aggregate);
    if let Some(columns) = &row.columns {
        toml.raw("columns", list(columns));
    }
    if let Some(kinds) = &row.kinds {
        toml.raw("kinds", list(kinds));
    }
    toml.some("unit", row.unit.as_ref());
}

fn kind(toml: &mut Toml, kind: &Type) {
    let name = match kind {
        Type::Count => "count",
        Type::Amount { .. } => "amount",
        Type::Percent {
            ratio: Some(Ratio { per: Some(_), .. }),
            ..
        } => "ratio",
        Type::Percent { .. } => "percent",
        Type::Text => "text",
        Type::Choice(_) => "choice",
        Type::Flag => "flag",
        Type::Date => "date",
        Type::Code => "code",
    };
    toml.text("type", name);
    match kind {
        Type::Amount { decimals, rounded } => {
            toml.raw("decimals", decimals);
            if *rounded {
                toml.text("rounding", "half-up");
            }
        }
        Type::Percent {
            decimals,
            truncate,
            ratio,
        } => {
            toml.raw("decimals", decimals);
            if *truncate {
                toml.text("rounding", "truncate");
            }
            if let Some(ratio) = ratio {
                toml.text("numerator", &ratio.numerator.to_string());
                toml.text("denominator", &ratio.denominator.to_string());
                if let Some(per) = ratio.per {
                    toml.raw("per", per);
                }
            }
        }
        Type::Choice(choices) => toml.raw("choices", list(choices)),
        _ => {}
    }
}

fn blank(blank: Blank) -> &'static str {
    match blank {
        Blank::Missing => "missing",
        Blank::Nothing => "nothing",
        Blank::Zero => "zero",
    }
}

fn aggregate(toml: &mut Toml, aggregate: Option<Aggregate>) {
    let name = match aggregate {
        None => return,
        Some(Aggregate::Sum) => "sum",
        Some(Aggregate::Ratio) => "ratio",
        Some(Aggregate::Count) => "count",
        Some(Aggregate::List) => "list",
        Some(Aggregate::Last) => "last",
        Some(Aggregate::None) => "none",
    };
    toml.text("aggregate", name);
}

fn rule(toml: &mut Toml, rule: &Rule) {
    toml.head("[[rule]]");
    toml.text("id", &rule.id);
    toml.text("check", &rule.check.to_string());
    if let Some(when) = &rule.when {
        toml.text("when", &when.to_string());
    }
    if rule.severity == Severity::Warning {
        toml.text("severity", "warning");
    }
    match rule.blank {
        Policy::SkipAny => {}
        Policy::SkipAll => toml.text("blank", "skip-all"),
        Policy::Zero => toml.text("blank", "zero"),
    }
    toml.some("message", rule.message.as_ref());
}

/// `campaign.toml` of a period.
pub fn campaign(campaign: &Campaign, time: Time) -> String {
    let mut toml = Toml::default();
    let period = campaign.step.text(time);
    toml.text("name", &format!("thu-{}", period.to_lowercase()));
    toml.text("title", "Báo cáo thử");
    toml.text("period", &period);
    toml.text("office", "Sở Nội vụ");
    toml.text("parent_office", "Ủy ban nhân dân tỉnh");
    toml.text("place", "Hậu Sông");
    toml.text("history", "../history");
    for (id, name) in KINDS {
        toml.head("[[kind]]");
        toml.text("id", id);
        toml.text("name", name);
    }
    for form in &campaign.forms {
        toml.head("[[form]]");
        toml.text("id", &form.id);
        if let Some(kinds) = &form.kinds {
            toml.raw("kinds", list(kinds));
        }
    }
    toml.0
}

/// `roster.csv`.
pub fn roster(campaign: &Campaign) -> String {
    let mut csv = String::from("code,name,kind,group,active_from,active_to,aliases,predecessors\n");
    for unit in &campaign.units {
        let day = |day: Option<chrono::NaiveDate>| day.map_or(String::new(), |d| d.to_string());
        let from = day(unit.from.map(|time| campaign.step.first_day(time)));
        let until = day(unit.until.map(|time| campaign.step.last_day(time)));
        writeln!(
            csv,
            "{},{},{},{},{from},{until},,{}",
            unit.code,
            unit.name,
            unit.kind,
            unit.group,
            unit.predecessors.join("|")
        )
        .expect("strings take everything");
    }
    csv
}

/// Writes the folder of a period into `base`, beside the archive that all periods share; gives
/// where it is.
pub fn write(of: &Campaign, time: Time, base: &Path) -> PathBuf {
    let folder = base.join(of.step.text(time));
    for path in [
        folder.join("schemas"),
        folder.join("inbox"),
        base.join("history"),
    ] {
        fs::create_dir_all(path).expect("a folder can be made");
    }
    let put = |name: &str, text: String| {
        fs::write(folder.join(name), text).expect("a file can be written");
    };
    put("campaign.toml", campaign(of, time));
    put("roster.csv", roster(of));
    for each in &of.forms {
        put(&format!("schemas/{}.toml", each.id), form(each));
    }
    folder
}

/// Writes the figures of a period before the first into the archive, as the guide says to do it by
/// hand.
pub fn write_archive(world: &World<'_>, time: Time, base: &Path) {
    let campaign = world.campaign;
    let period = campaign.step.text(time);
    let mut csv = String::from("period,unit,form,row,column,value,text,file,sheet,cell\n");
    for (at, value) in facts(world, time) {
        let RowAt::Row(row) = at.row else { continue };
        let form = &campaign.forms[at.form];
        let key = world.key(at.unit, time, at.form, row);
        let (number, text) = match value {
            Value::Number(number) => (exact::text(&number), String::new()),
            Value::Text(text) => (String::new(), text),
            Value::Flag(ticked) => (String::new(), if ticked { "x" } else { "không" }.to_owned()),
            Value::Date(date) => (String::new(), date.to_string()),
        };
        let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        writeln!(
            csv,
            "{period},{},{},{},{},{number},{},,,",
            campaign.units[at.unit].code,
            form.id,
            quote(&key),
            form.columns[at.column].id,
            quote(&text),
        )
        .expect("strings take everything");
    }
    let folder = base.join("history").join(&period);
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("facts.csv"), csv).expect("a file can be written");
}

/// Every fact of a period: what all units that file report, names of added rows left out where they
/// alone identify the row.
pub fn facts(world: &World<'_>, time: Time) -> Vec<(At, Value)> {
    let campaign = world.campaign;
    let mut facts = Vec::new();
    for unit in 0..campaign.units.len() {
        for (form, of) in campaign.forms.iter().enumerate() {
            if !campaign.files(unit, form, time) {
                continue;
            }
            let rows = 0..world.rows(unit, time, form);
            let columns = 0..of.columns.len();
            let cells = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
            for (row, column) in
                cells.filter(|(_, column)| of.key() != Some(*column) || of.further_key().is_some())
            {
                let at = At {
                    unit,
                    time,
                    form,
                    row: RowAt::Row(row),
                    column,
                };
                facts.extend(past::archived(world, at).map(|value| (at, value)));
            }
        }
    }
    facts
}
