//! A figure typed as text under formulas that are alive: the workbook's sums leave it out, so its
//! totals are wrong and every figure is right. The one cell to mend is the text.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use tonghop::campaign::{Campaign, Run, check};
use tonghop::model::{CellAddress, Finding, Severity, template_names};
use tonghop::workbook::Limits;
use tonghop::write::{TemplateInput, write_template};

fn check_one(campaign: &Campaign, file: &Path) -> Run {
    let limits = Limits::default();
    check(&[file.to_owned()], Some(campaign), &limits, &|_, _| {}).unwrap()
}

/// Units whose workbooks are made, and the text cells in each.
const UNITS: usize = 4;
const EACH: usize = 6;

/// The cells that are first suspected of errors.
fn first_suspects(run: &Run) -> BTreeSet<(String, CellAddress)> {
    let errors = run
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error);
    let first = errors.filter_map(|finding| finding.review.suspects.first());
    first
        .map(|suspect| (suspect.sheet.to_string(), suspect.cell))
        .collect()
}

#[test]
fn the_text_cell_is_the_first_suspect_where_formulas_leave_it_out() {
    if !office::able() {
        return;
    }
    let sample = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&sample).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut inbox: Vec<_> = std::fs::read_dir(sample.join("inbox/dot-1"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .collect();
    inbox.sort();
    let mut jobs = Vec::new();
    for path in inbox.iter().step_by(9) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let run = check_one(&campaign, path);
        let code = run.facts.first().map(|fact| fact.unit.to_string());
        let Some(unit) = code.and_then(|code| campaign.roster.by_code(&code)) else {
            continue;
        };
        if jobs.len() == UNITS * EACH || run.findings.iter().any(|f| f.severity == Severity::Error)
        {
            continue;
        }
        let asked = campaign.forms.iter();
        let forms: Vec<_> = asked
            .filter(|f| campaign.expects(unit, f.id()))
            .cloned()
            .collect();
        let input = TemplateInput {
            campaign: &campaign.file,
            unit: Some(unit),
            forms: &forms,
            fill: None,
            identity: true,
            previous: campaign.previous.as_ref(),
            password: None,
        };
        let created = campaign
            .file
            .period
            .last_day()
            .and_hms_opt(8, 0, 0)
            .unwrap();
        let cells = office::figures(&run.facts, &unit.code, &forms);
        // Where units add rows, the template's totals are sums.
        let summed: BTreeSet<String> = forms
            .iter()
            .filter(|form| form.is_free())
            .flat_map(|form| {
                let columns = form.file.columns.iter();
                columns.map(|column| template_names::column(form.id(), column.id.get_ref()))
            })
            .collect();
        let large = |cell: &&office::Filled| {
            summed.contains(&cell.name) && cell.value.as_f64().is_some_and(|figure| figure >= 3.0)
        };
        let candidates: Vec<usize> = (0..cells.len()).filter(|at| large(&&cells[*at])).collect();
        for at in candidates.iter().step_by(candidates.len().div_ceil(EACH)) {
            let mut cells = cells.clone();
            let figure = cells[*at].value.as_f64().unwrap();
            cells[*at].value = json!(figure.to_string().replace('.', ","));
            let name = format!("{name}-{at}");
            let template = folder.path().join(format!("{name}.xlsx"));
            write_template(&input, created, &template).unwrap();
            let keep = true;
            jobs.push(office::Job { name, keep, cells });
        }
    }
    let done = office::fill(folder.path(), &jobs);
    let (mut wrong, mut alone, mut behind, mut others) = (0, 0, Vec::new(), Vec::new());
    for job in &jobs {
        let run = check_one(&campaign, &done[&job.name]);
        let texts = |finding: &&Finding| {
            ["so-dang-chu", "so-dang-chu-bi-bo-qua"].contains(&finding.rule.as_str())
        };
        let text = run.findings.iter().find(texts);
        let first = first_suspects(&run);
        if first.is_empty() {
            continue;
        }
        wrong += 1;
        let text = text.map(|f| (f.sheet.as_ref().unwrap().to_string(), f.cell.unwrap()));
        match first.iter().eq(&text) {
            true => alone += 1,
            false => behind.push((job.name.clone(), first.clone())),
        }
        let mut errors = run
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error);
        let leading = errors.next().and_then(|f| f.review.suspects.first());
        let leading = leading.map(|suspect| (suspect.sheet.to_string(), suspect.cell));
        if leading != text {
            let told = run
                .findings
                .iter()
                .map(|f| format!("{} {:?}: {}", f.rule, f.cell, f.message.vi));
            others.push(format!(
                "{}: {text:?} {first:?} {:#?}",
                job.name,
                told.collect::<Vec<_>>()
            ));
            continue;
        }
        let mut suspects = run.findings.iter().flat_map(|f| &f.review.suspects);
        let suspect = suspects.next().unwrap();
        assert_eq!(
            suspect.value, suspect.suggestion,
            "the figure is right as read"
        );
        assert!(suspect.reason.vi.contains("dạng chữ"), "{suspect:?}");
    }
    assert!(
        others.is_empty(),
        "{} of {wrong}: {}",
        others.len(),
        others.join("\n")
    );
    assert_eq!(alone, wrong, "alone: {behind:#?}");
    assert!(wrong >= 10, "{wrong} of {} workbooks", jobs.len());
}
