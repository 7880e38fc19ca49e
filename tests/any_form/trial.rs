//! One campaign from beginning to end, and everything about it that is not as it should be.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use tonghop::campaign::{self, Run};
use tonghop::model::Severity;

use crate::broken;
use crate::forms::folder;
use crate::forms::sheet::Template;
use crate::forms::spec::Campaign;
use crate::forms::time::Time;
use crate::forms::totals;
use crate::forms::world::{At, Follow, RowAt, Value, World};
use crate::product;
use crate::soft;

/// Something that is not as it should be.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What sort of thing, the same for every form that shows it.
    pub kind: String,
    /// The particulars.
    pub detail: String,
}

impl Failure {
    pub fn new(kind: impl Into<String>, detail: impl Into<String>) -> Failure {
        Failure {
            kind: kind.into(),
            detail: detail.into(),
        }
    }
}

/// A period being run.
pub struct Round<'a> {
    pub world: &'a World<'a>,
    pub time: Time,
    pub folder: PathBuf,
    pub campaign: campaign::Campaign,
    /// Unit and its template.
    pub templates: Vec<(usize, Template)>,
    pub failures: Vec<Failure>,
}

/// Runs a campaign; gives all that is wrong.
pub fn failures(campaign: &Campaign) -> Vec<Failure> {
    let base = tempfile::tempdir().expect("there is room for files");
    let world = World::new(campaign);
    for time in &campaign.archived {
        folder::write_archive(&world, *time, base.path());
    }
    let mut failures = Vec::new();
    for time in campaign.first..campaign.end() {
        let (closed, mut found) = period(&world, time, base.path());
        failures.append(&mut found);
        if !closed {
            break;
        }
    }
    failures
}

/// One period: `true` if it was closed and the next can begin.
fn period(world: &World<'_>, time: Time, base: &Path) -> (bool, Vec<Failure>) {
    let folder = folder::write(world.campaign, time, base);
    // The forms are the same in every period.
    let first = time == world.campaign.first;
    let mut failures = if first { lint(&folder) } else { Vec::new() };
    let campaign = match product::load(&folder) {
        Ok(campaign) => campaign,
        Err(error) => {
            failures.push(Failure::new("load: refused", error));
            return (false, failures);
        }
    };
    let mut round = Round {
        world,
        time,
        folder,
        campaign,
        templates: Vec::new(),
        failures,
    };
    round.fill();
    let run = match product::whole(&round.campaign) {
        Ok(run) => run,
        Err(error) => {
            round
                .failures
                .push(Failure::new("consolidate: stopped", error));
            return (false, round.failures);
        }
    };
    round.is_clean(&run);
    if run
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        // What is returned is in no total; the rest would only say so again.
        return (false, round.failures);
    }
    round.asks_about_changes(&run);
    round.facts(&run);
    round.totals(&run);
    broken::each_rule(&mut round);
    let closed = product::close(&round.campaign, &run);
    if let Err(error) = &closed {
        round.failures.push(Failure::new("close: refused", error));
    }
    (closed.is_ok(), round.failures)
}

fn lint(folder: &Path) -> Vec<Failure> {
    let linted = match campaign::lint_forms(Some(folder)) {
        Ok(linted) => linted,
        Err(error) => return vec![Failure::new("lint: stopped", error.to_string())],
    };
    let problems = linted.problems.iter();
    let wrong = problems.filter(|problem| problem.severity != Severity::Info);
    wrong
        .map(|problem| {
            let kind = format!("lint: {:?}", problem.severity);
            Failure::new(kind, format!("{}: {}", problem.file, problem.message.vi))
        })
        .collect()
}

impl Round<'_> {
    fn fail(&mut self, kind: impl Into<String>, detail: impl Into<String>) {
        self.failures.push(Failure::new(kind, detail));
    }

    /// Makes every unit's template and fills it.
    fn fill(&mut self) {
        for (unit, of) in self.world.campaign.units.iter().enumerate() {
            if !(0..self.world.campaign.forms.len())
                .any(|form| self.world.campaign.files(unit, form, self.time))
            {
                continue;
            }
            let path = self.folder.join(format!("{}.xlsx", of.code));
            if let Err(error) = product::template(&self.campaign, &of.code, &path) {
                self.failures.push(Failure::new("template: refused", error));
                continue;
            }
            let template = Template::open(&path, self.world, unit, self.time);
            for missing in &template.places.missing {
                self.failures
                    .push(Failure::new("template: a cell is missing", missing));
            }
            self.formulas(unit, &template);
            let filled = self.folder.join("inbox").join(format!("{}.xlsx", of.code));
            for missing in template.fill(self.world, Follow::Live, &[], &filled) {
                self.failures
                    .push(Failure::new("template: a cell is not written", missing));
            }
            self.templates.push((unit, template));
        }
    }

    /// A cell that the form says is computed holds a formula, and no other does.
    fn formulas(&mut self, unit: usize, template: &Template) {
        let world = self.world;
        for form in 0..world.campaign.forms.len() {
            let of = &world.campaign.forms[form];
            for row in 0..world.rows(unit, self.time, form) {
                for column in 0..of.columns.len() {
                    let at = At {
                        unit,
                        time: self.time,
                        form,
                        row: RowAt::Row(row),
                        column,
                    };
                    if template.places.of(at).is_none() || of.field(row, column).is_none() {
                        continue;
                    }
                    let has = template.cell(at).formula.is_some();
                    let wanted = world.is_formula(at);
                    if has != wanted && !(has && of.is_free()) {
                        let kind = match wanted {
                            true => "template: no formula in a computed cell",
                            false => "template: a formula in a cell to be filled",
                        };
                        let kind = format!("{kind}, {}", broken::sort(world, at));
                        self.failures.push(Failure::new(kind, self.shown(at)));
                    }
                }
            }
        }
    }

    /// A cell, for people.
    pub fn shown(&self, at: At) -> String {
        let campaign = self.world.campaign;
        let form = &campaign.forms[at.form];
        let row = match at.row {
            RowAt::Row(row) => self.world.key(at.unit, at.time, at.form, row),
            RowAt::Total => "total row".to_owned(),
        };
        format!(
            "{} {} {}!{row}.{}",
            campaign.step.text(at.time),
            campaign.units[at.unit].code,
            form.id,
            form.columns[at.column].id
        )
    }

    /// What is right gives nothing: no error, no warning, no note.
    fn is_clean(&mut self, run: &Run) {
        for finding in &run.findings {
            if self.is_expected(finding) {
                continue;
            }
            let at = self.place_of(finding);
            let sort = at.map_or(String::new(), |at| {
                format!(", {}", broken::sort(self.world, at))
            });
            let kind = format!(
                "clean: {:?} {}{sort}",
                finding.severity,
                rule_sort(self.world, finding)
            );
            let place = at.map_or(String::new(), |at| self.shown(at));
            let cell = finding
                .cell
                .map(|cell| cell.to_string())
                .unwrap_or_default();
            self.fail(
                kind,
                format!("{place} {cell} {}: {}", finding.rule, finding.message.vi),
            );
        }
    }

    /// A period that is not in the archive is reported once; so are figures unlike last period's.
    fn is_expected(&self, finding: &tonghop::model::Finding) -> bool {
        let at = self.place_of(finding);
        match finding.rule.as_str() {
            "kho-thieu-ky" => self.lacks_periods(),
            "thay-doi-lon-so-ky-truoc" => {
                at.is_some_and(|at| soft::is_large_change(self.world, at))
            }
            "lech-nghin-lan" => at.is_some_and(|at| soft::is_out_of_size(self.world, at)),
            // Few figures may be last period's by chance.
            "so-lieu-ky-truoc-gui-lai" => at.is_some_and(|at| soft::is_unchanged(self.world, at)),
            rule => {
                let asked = finding.severity == tonghop::model::Severity::Warning;
                asked && at.is_some_and(|at| soft::begins_or_ends(self.world, at, rule))
            }
        }
    }

    /// A figure unlike last period's that nothing explains is reported.
    fn asks_about_changes(&mut self, run: &Run) {
        let asked: Vec<At> = run
            .findings
            .iter()
            .filter_map(|f| self.place_of(f))
            .collect();
        for (at, _) in folder::facts(self.world, self.time) {
            let changed = soft::is_own(self.world, at) && soft::is_large_change(self.world, at);
            if changed && !asked.contains(&at) {
                let kind = format!(
                    "clean: a large change not asked about, {}",
                    broken::sort(self.world, at)
                );
                self.fail(kind, self.shown(at));
            }
            if soft::is_begun(self.world, at) && !asked.contains(&at) {
                let kind = "clean: a figure of a row that is new not asked about";
                self.fail(kind.to_owned(), self.shown(at));
            }
        }
    }

    fn lacks_periods(&self) -> bool {
        let campaign = self.world.campaign;
        let rules = campaign.forms.iter().flat_map(|form| &form.rules);
        let mut exs = rules.flat_map(|rule| std::iter::once(&rule.check).chain(&rule.when));
        exs.any(|ex| {
            use crate::forms::expression::Fun;
            let closed = |time| campaign.is_closed(time, self.time);
            let year = self.time - campaign.step.a_year();
            (ex.calls(Fun::Ytd) && !campaign.step.earlier(self.time).all(closed))
                || (ex.calls(Fun::PrevYear) && !closed(year))
        })
    }

    /// The cell of the form that a finding is at.
    pub fn place_of(&self, finding: &tonghop::model::Finding) -> Option<At> {
        let (sheet, cell) = (finding.sheet.as_deref()?, finding.cell?.to_string());
        let unit = finding.unit.as_deref();
        let campaign = self.world.campaign;
        let mut own = self
            .templates
            .iter()
            .filter(|(index, _)| unit.is_none_or(|unit| campaign.units[*index].code == unit));
        own.find_map(|(_, template)| template.places.at(sheet, &cell))
    }

    /// Every figure read is one that was put in, and none is missing.
    fn facts(&mut self, run: &Run) {
        let campaign = self.world.campaign;
        let mut wanted: HashMap<(String, String, String, String), (At, Value)> = HashMap::new();
        for (at, value) in folder::facts(self.world, self.time) {
            let RowAt::Row(row) = at.row else { continue };
            let form = &campaign.forms[at.form];
            let key = (
                campaign.units[at.unit].code.clone(),
                form.id.clone(),
                self.world.key(at.unit, at.time, at.form, row),
                form.columns[at.column].id.clone(),
            );
            wanted.insert(key, (at, value));
        }
        for fact in &run.facts {
            let of = |text: &str| text.to_owned();
            let key = (
                of(&fact.unit),
                of(&fact.form),
                of(&fact.row),
                of(&fact.column),
            );
            let read = product::value(&fact.value);
            match wanted.remove(&key) {
                Some((_, value)) if value == read => {}
                Some((at, value)) => {
                    let kind = format!("facts: another value, {}", broken::sort(self.world, at));
                    let detail = format!("{}: put {value:?}, read {read:?}", self.shown(at));
                    self.fail(kind, detail);
                }
                None => self.fail("facts: one too many", format!("{key:?} {read:?}")),
            }
        }
        for (at, value) in wanted.into_values() {
            let kind = format!("facts: not read, {}", broken::sort(self.world, at));
            let detail = format!("{}: {value:?}", self.shown(at));
            self.fail(kind, detail);
        }
    }

    /// Totals, subtotals and percentages of them are those of the figures put in.
    fn totals(&mut self, run: &Run) {
        let Some(consolidated) = &run.consolidated else {
            return self.fail("totals: none", "");
        };
        for (index, table) in consolidated.forms.iter().enumerate() {
            let wanted = totals::of_form(self.world, index, self.time);
            let slots: Vec<totals::Slot> = table
                .fields
                .iter()
                .map(|field| (field.row, field.column))
                .collect();
            if slots != wanted.slots {
                self.fail(
                    "totals: other fields",
                    format!("{slots:?} {:?}", wanted.slots),
                );
                continue;
            }
            type Figures = Vec<Option<Value>>;
            let mut pairs: Vec<(String, &[Option<Value>], Figures)> = Vec::new();
            let ours = |values: &[Option<tonghop::model::Value>]| -> Figures {
                values
                    .iter()
                    .map(|value| value.as_ref().map(product::value))
                    .collect()
            };
            pairs.push(("all units".to_owned(), &wanted.all, ours(&table.total)));
            let units: BTreeMap<&str, &Vec<Option<Value>>> = wanted
                .units
                .iter()
                .map(|(unit, values)| (self.world.campaign.units[*unit].code.as_str(), values))
                .collect();
            for line in &table.lines {
                if let Some(values) = units.get(line.unit.code.as_str()) {
                    pairs.push((line.unit.code.clone(), values, ours(&line.values)));
                }
            }
            for group in &table.subtotals {
                let key = (group.kind.clone(), group.group.clone());
                let Some(values) = wanted.groups.get(&key) else {
                    self.failures
                        .push(Failure::new("totals: a group too many", format!("{key:?}")));
                    continue;
                };
                pairs.push((format!("{key:?}"), values, ours(&group.values)));
            }
            if (table.lines.len(), table.subtotals.len())
                != (wanted.units.len(), wanted.groups.len())
            {
                self.failures.push(Failure::new("totals: other lines", ""));
            }
            let mut wrong = Vec::new();
            for (whose, wanted, got) in pairs {
                for (slot, (wanted, got)) in slots.iter().zip(wanted.iter().zip(&got)) {
                    if wanted != got {
                        let at = At {
                            unit: 0,
                            time: self.time,
                            form: index,
                            row: RowAt::Row(slot.0.unwrap_or(0)),
                            column: slot.1,
                        };
                        let kind = format!("totals: {}", broken::sort(self.world, at));
                        let what = format!("{whose} {slot:?}: should be {wanted:?}, is {got:?}");
                        wrong.push(Failure::new(kind, what));
                    }
                }
            }
            self.failures.append(&mut wrong);
        }
    }
}

/// The sort of the rule a finding is about.
pub fn rule_sort(world: &World<'_>, finding: &tonghop::model::Finding) -> String {
    let form = finding
        .form
        .as_deref()
        .and_then(|id| world.campaign.form(id));
    let rules = form.map_or(&[][..], |form| &world.campaign.forms[form].rules);
    let rule = rules.iter().find(|rule| rule.id == finding.rule);
    rule.map_or(finding.rule.clone(), |rule| format!("«{}»", rule.sort))
}
