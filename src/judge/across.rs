//! Checks that compare units: control totals, and outliers among the units of a kind.

use super::definition::Definition;
use super::filings::Filings;
use crate::extract::Table;
use crate::model::Finding;
use crate::rules::control::AtUnits;
use crate::rules::{DeclaredSum, Reporter, UnitTables, change, control, large, peers, size};

/// Tables of every unit, kept together for as long as checks look at them.
pub struct Filed(Vec<(String, Vec<Table>)>);

impl Filed {
    /// What counts, unit by unit in roster order.
    pub fn new(campaign: &Definition, filings: &Filings) -> Filed {
        let tables = |code: &str| -> Vec<Table> {
            let filed = filings.get(code).into_iter().flatten();
            filed.map(|(_, filed)| filed.table.clone()).collect()
        };
        let units = campaign.units_in_order();
        Filed(
            units
                .iter()
                .map(|unit| (unit.code.clone(), tables(&unit.code)))
                .collect(),
        )
    }
}

/// The units of a campaign with what they filed.
pub struct Together<'a> {
    campaign: &'a Definition,
    reporters: Vec<Reporter<'a>>,
}

impl<'a> Together<'a> {
    /// All units, none of whose forms is left out of the totals as yet.
    pub fn new(campaign: &'a Definition, filed: &'a Filed) -> Together<'a> {
        let reporter = |(code, tables): &'a (String, Vec<Table>)| {
            let unit = campaign.roster.by_code(code)?;
            let forms = || campaign.forms.iter().map(|form| form.id());
            Some(Reporter {
                unit,
                tables: UnitTables {
                    unit: code,
                    kind: Some(&unit.kind),
                    tables,
                    previous: campaign.previous.as_ref(),
                },
                owes: forms()
                    .filter(|form| campaign.expects(unit, form))
                    .collect(),
                refused: Vec::new(),
                sums: forms()
                    .filter(|form| campaign.expects(unit, form))
                    .map(|form| DeclaredSum {
                        form,
                        of: campaign.summed(unit, form),
                    })
                    .filter(|sum| !sum.of.is_empty())
                    .collect(),
                unsettled: campaign
                    .forms
                    .iter()
                    .filter(|form| campaign.expects(unit, form.id()))
                    .map(|form| DeclaredSum {
                        form: form.id(),
                        of: campaign.unsettled(unit, form),
                    })
                    .filter(|sum| !sum.of.is_empty())
                    .collect(),
            })
        };
        Together {
            campaign,
            reporters: filed.0.iter().filter_map(reporter).collect(),
        }
    }

    /// Forms of a unit (by its code) that are left out of the totals from now on.
    pub fn leave_out(&mut self, refused: &dyn Fn(&str, &str) -> bool) {
        for reporter in &mut self.reporters {
            let forms = self.campaign.forms.iter().map(|form| form.id());
            let code = reporter.unit.code.as_str();
            reporter.refused = forms.filter(|form| refused(code, form)).collect();
        }
    }

    /// Evaluates the checks that do not need every unit's form. Findings of weaker checks about
    /// figures that a control total has judged are removed from `findings`.
    pub fn ask(&self, findings: &mut Vec<Finding>) {
        let (campaign, reporters) = (self.campaign, &self.reporters);
        let kind = |id: &str| {
            let known = campaign.file.kinds.iter().find(|kind| kind.id == id);
            known.map_or_else(|| id.to_owned(), |kind| kind.name.clone())
        };
        let unlike = peers::check(reporters, &kind);
        let by_peers = |finding: &Finding| {
            let same = |other: &Finding| {
                other.file == finding.file
                    && other.sheet == finding.sheet
                    && other.cell == finding.cell
            };
            unlike.iter().any(same)
        };
        findings.retain(|finding| finding.rule != large::LARGE || !by_peers(finding));
        findings.extend(unlike);
        let AtUnits {
            findings: found,
            judged,
        } = control::at_units(&campaign.controls, reporters);
        let weaker = [size::SIZE, large::LARGE, change::CHANGED, peers::OUTLIER];
        findings.retain(|finding| {
            !weaker.contains(&finding.rule.as_str())
                || !judged.iter().any(|(file, sheet, cell)| {
                    finding.file == *file
                        && finding.sheet.as_ref() == Some(sheet)
                        && finding.cell == Some(*cell)
                })
        });
        findings.extend(found);
    }

    /// How many levels of units there are that sum up others.
    pub fn levels(&self) -> usize {
        control::levels(&self.reporters)
    }

    /// Compares the sums that units of one level file (from 1, the lowest) with those of the units
    /// below them, once it is known which of these are left out.
    pub fn sums(&self, level: usize) -> Vec<Finding> {
        control::at_level(&self.reporters, level)
    }

    /// Do units of two levels file a form that does not say whether the one files the sum of the
    /// other?
    pub fn has_unsettled(&self) -> bool {
        self.reporters.iter().any(|one| !one.unsettled.is_empty())
    }

    /// Asks about forms of which figures of two levels of units are added up though nobody has said
    /// that each files its own.
    pub fn unsettled(&self) -> Vec<Finding> {
        control::both_levels(&self.reporters, &self.campaign.written_in)
    }

    /// Evaluates the control totals over units, once it is known which forms are left out of the
    /// totals.
    pub fn totals(&self) -> Vec<Finding> {
        control::over_units(&self.campaign.controls, &self.reporters)
    }
}
