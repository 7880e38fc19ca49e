//! One workbook about to be written: right figures, and what a clerk made of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{Days, NaiveDateTime};
use tonghop::consolidate::past;
use tonghop::history::{FormStamp, Manifest, Units, sha256};
use tonghop::model::{Fact, Period, ReportingUnit, Value, value::number_from_f64};
use tonghop::roster::Roster;
use tonghop::schema::Form;
use tonghop::schema::campaign::CampaignFile;
use tonghop::write::{Fill, GridRow, Input as Cell, TemplateInput, TemplateLayout, write_template};

use super::filled::{Filing, Input, PreviousFact, TOTAL_ROW};
use super::mistakes::CellChange;

/// A sample campaign as the product's own types have it, with the generator's filings.
pub struct Sample {
    pub name: &'static str,
    pub file: CampaignFile,
    pub forms: Vec<Arc<Form>>,
    pub roster: Roster,
    pub filings: Vec<Filing>,
    /// SHA-256 of its form files, by id.
    stamps: BTreeMap<String, String>,
}

impl Sample {
    /// Loads `samples/<name>` and the form files it names.
    pub fn load(root: &Path, name: &'static str, filings: Vec<Filing>) -> Self {
        let folder = root.join("samples").join(name);
        let text = |path: &Path| {
            std::fs::read_to_string(path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let file: CampaignFile =
            toml::from_str(&text(&folder.join("campaign.toml"))).expect("a campaign file");
        let form = |id: &str| {
            let path = root.join("schemas").join(format!("{id}.toml"));
            let text = text(&path);
            let form = Form::parse(id, &text).expect("a form file");
            (Arc::new(form), (id.to_owned(), sha256(text.as_bytes())))
        };
        let forms = file.forms.iter().map(|form_| form(form_.id.get_ref()));
        let (forms, stamps) = forms.unzip();
        Self {
            name,
            forms,
            stamps,
            roster: Roster::load(&folder.join("roster.csv")).expect("a roster"),
            file,
            filings,
        }
    }

    /// The right figures of a unit.
    pub fn filing(&self, unit: &str) -> &Filing {
        let mut filings = self.filings.iter();
        filings
            .find(|filing| filing.unit.code == unit)
            .unwrap_or_else(|| panic!("no unit {unit}"))
    }

    pub fn form(&self, id: &str) -> &Arc<Form> {
        let mut forms = self.forms.iter();
        forms
            .find(|form| form.id() == id)
            .expect("a form of the campaign")
    }

    /// The forms a unit must file, by `campaign.toml`.
    fn due(&self, unit: &ReportingUnit) -> Vec<Arc<Form>> {
        let asked = self.file.forms.iter().zip(&self.forms);
        asked
            .filter(|(asked, _)| match (&asked.units, &asked.kinds) {
                (Some(units), _) => units.contains(&unit.code),
                (None, Some(kinds)) => kinds.contains(&unit.kind),
                (None, None) => true,
            })
            .map(|(_, form)| form.clone())
            .collect()
    }

    /// Writes a workbook.
    pub fn write(&self, draft: &Draft, path: &Path) -> TemplateLayout {
        let code = &draft.filing.unit.code;
        let unit = self.roster.by_code(code).expect("in the roster");
        let mut forms = self.due(unit);
        let ids = |forms: &[Arc<Form>]| -> Vec<String> {
            let mut ids: Vec<String> = forms.iter().map(|form| form.id().to_owned()).collect();
            ids.sort_unstable();
            ids
        };
        let mut filled: Vec<String> = draft
            .filing
            .forms
            .iter()
            .map(|f| f.form.to_owned())
            .collect();
        filled.sort_unstable();
        assert_eq!(
            ids(&forms),
            filled,
            "{code} fills other forms than it must file"
        );
        forms.retain(|form| draft.left_out != Some(form.id()));
        let input = TemplateInput {
            campaign: &self.file,
            unit: Some(unit),
            forms: &forms,
            fill: Some(draft),
            identity: draft.identity,
            previous: None,
            password: None,
        };
        write_template(&input, draft.saved_at, path).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The manifest of the period before, closed on the fifth of this one with the forms of today.
    /// Its figures were made up, not read, so it names no workbook.
    pub fn manifest(&self, period: Period, facts: &[Fact]) -> Manifest {
        let units: BTreeSet<&str> = facts.iter().map(|fact| &*fact.unit).collect();
        let day = self.file.period.first_day() + Days::new(4);
        Manifest {
            period,
            campaign: self
                .name
                .replace(&self.file.period.to_string(), &period.to_string()),
            closed_at: format!("{day}T08:00:00+07:00"),
            tonghop: env!("CARGO_PKG_VERSION").to_owned(),
            provisional: false,
            units: Units {
                expected: units.len(),
                accepted: units.len(),
                ..Units::default()
            },
            facts: facts.len(),
            files: BTreeMap::new(),
            forms: self.form_stamps(),
            definition: BTreeMap::new(),
            inputs: Vec::new(),
        }
    }

    fn form_stamps(&self) -> Vec<FormStamp> {
        let stamp = |form: &Arc<Form>| {
            let asked =
                |unit: &&Arc<ReportingUnit>| self.due(unit).iter().any(|due| due.id() == form.id());
            let units = self.roster.units.iter().filter(asked);
            FormStamp {
                id: form.id().to_owned(),
                version: form.file.version.clone(),
                sha256: self.stamps[form.id()].clone(),
                expected: Some(units.map(|unit| unit.code.clone()).collect()),
                cells: Some(past::names(form).collect()),
                sums: Vec::new(),
            }
        };
        self.forms.iter().map(stamp).collect()
    }

    /// The facts of the period before, as the archive holds them: a key names its row and is no
    /// figure.
    pub fn archive(&self, period: Period, previous: &[PreviousFact]) -> Vec<Fact> {
        let fact = |previous: &PreviousFact| {
            let form = self.form(previous.form);
            let column = form.column(&previous.column).expect("a column of the form");
            if form.key_column() == Some(column) {
                return None;
            }
            let value = match &previous.value {
                Input::Number(number) => {
                    Value::Number(number_from_f64(*number).expect("a plain figure"))
                }
                Input::Text(text) => Value::Text(text.clone()),
                Input::Flag => Value::Flag(true),
                Input::Blank => return None,
            };
            Some(Fact {
                period: Some(period),
                unit: previous.unit.as_str().into(),
                form: previous.form.into(),
                row: previous.row.as_str().into(),
                column: previous.column.as_str().into(),
                value,
                source: None,
            })
        };
        previous.iter().filter_map(fact).collect()
    }
}

/// One workbook about to be written.
#[derive(Clone)]
pub struct Draft {
    /// The figures; right ones unless a row was added.
    pub filing: Filing,
    /// Cells that differ from them.
    pub changes: Vec<CellChange>,
    /// The form whose total row is deleted.
    pub without_total: Option<&'static str>,
    /// The form whose sheet is deleted.
    pub left_out: Option<&'static str>,
    /// Nothing is filled in.
    pub blank: bool,
    /// Printed name, code and period, where they are not the right ones.
    pub printed_name: Option<&'static str>,
    pub printed_code: Option<&'static str>,
    pub printed_period: Option<&'static str>,
    /// Sheet names people gave instead of the forms' own.
    pub sheets: Vec<(&'static str, &'static str)>,
    /// Is the hidden identity sheet there?
    pub identity: bool,
    /// The line above the signature.
    pub signed: String,
    /// When the workbook was saved.
    pub saved_at: NaiveDateTime,
}

impl Draft {
    /// The right workbook of a unit.
    pub fn right(filing: &Filing, signed: String, saved_at: NaiveDateTime) -> Self {
        Self {
            filing: filing.clone(),
            changes: Vec::new(),
            without_total: None,
            left_out: None,
            blank: false,
            printed_name: None,
            printed_code: None,
            printed_period: None,
            sheets: Vec::new(),
            identity: true,
            signed,
            saved_at,
        }
    }

    /// A workbook somebody drew anew: no identity sheet, no printed code, only a name.
    pub fn name_only(&mut self, printed_name: &'static str) {
        self.identity = false;
        self.printed_name = Some(printed_name);
        self.printed_code = Some("");
        let place = printed_name.trim_start_matches("UBND xã ");
        let (_, day) = self.signed.split_once(", ").expect("place, day");
        self.signed = format!("{place}, {day}");
    }
}

impl Fill for Draft {
    fn cell(&self, form: &str, row: GridRow<'_>, column: &str) -> Option<Cell> {
        if self.blank {
            return None;
        }
        let filled = self.filing.form(form)?;
        let (key, right) = match row {
            GridRow::Total => (TOTAL_ROW, None),
            GridRow::Fixed(id) => (id, filled.cell(id, column)),
            GridRow::Free(index) => {
                let row = filled.rows.get(index)?;
                (row.row.as_str(), row.cell(column))
            }
        };
        let changed = self
            .changes
            .iter()
            .find(|change| change.form == form && change.row == key && change.column == column);
        changed.map(|change| &change.input).or(right).map(cell)
    }

    fn free_rows(&self, form: &str) -> usize {
        self.filing.form(form).map_or(0, |form| form.rows.len())
    }

    fn bare(&self) -> bool {
        true
    }

    fn drops_total(&self, form: &str) -> bool {
        self.without_total == Some(form)
    }

    fn unit_name(&self) -> Option<String> {
        self.printed_name.map(str::to_owned)
    }

    fn unit_code(&self) -> Option<String> {
        self.printed_code.map(str::to_owned)
    }

    fn period(&self) -> Option<String> {
        self.printed_period.map(str::to_owned)
    }

    fn sheet_name(&self, form: &str) -> Option<String> {
        let (_, name) = self.sheets.iter().find(|(id, _)| *id == form)?;
        Some((*name).to_owned())
    }

    fn signed(&self) -> Option<String> {
        (!self.blank).then(|| self.signed.clone())
    }
}

fn cell(input: &Input) -> Cell {
    match input {
        Input::Number(number) => Cell::Number(*number),
        Input::Text(text) => Cell::Text(text.clone()),
        Input::Flag => Cell::Text("x".to_owned()),
        Input::Blank => Cell::Blank,
    }
}
