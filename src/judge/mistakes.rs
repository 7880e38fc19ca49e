//! One mistake is reported once: findings that follow from the same wrong cell are put together,
//! the one to begin with first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Finding, Place, Severity};

/// Which mistake a finding belongs to.
type Mistake = (Arc<str>, Place);

/// Puts findings into the order a person works through them: by unit, file, sheet, cell and rule;
/// a consequence directly behind the finding that reports its mistake.
pub fn gather(findings: &mut Vec<Finding>) {
    join(findings);
    findings.sort_by(|a, b| {
        let key = |f: &Finding| {
            (
                f.unit.clone(),
                f.file.clone(),
                f.sheet.clone(),
                f.cell,
                f.rule.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let leads = leads(findings);
    let mut order: Vec<(usize, bool, usize)> = Vec::new();
    for (position, finding) in findings.iter_mut().enumerate() {
        let lead = of(finding).and_then(|mistake| leads.get(&mistake).copied());
        let lead = lead.unwrap_or(position);
        finding.review.consequence = lead != position;
        order.push((lead, finding.review.consequence, position));
    }
    order.sort_unstable();
    let mut taken: Vec<Option<Finding>> = findings.drain(..).map(Some).collect();
    let placed = order.into_iter().filter_map(|(.., at)| taken[at].take());
    findings.extend(placed);
}

fn of(finding: &Finding) -> Option<Mistake> {
    Some((finding.file.clone(), finding.review.cause.clone()?))
}

/// Other findings at a cell that already is the cause of findings belong to the same mistake.
fn join(findings: &mut [Finding]) {
    let mistakes: BTreeSet<Mistake> = findings.iter().filter_map(of).collect();
    for finding in findings {
        let asks = finding.severity != Severity::Info && finding.review.cause.is_none();
        if let (true, Some(place)) = (asks, finding.place())
            && mistakes.contains(&(finding.file.clone(), place.clone()))
        {
            finding.review.cause = Some(place);
        }
    }
}

/// The finding that reports each mistake: the gravest, at the wrong cell itself if there is one.
fn leads(findings: &[Finding]) -> BTreeMap<Mistake, usize> {
    let mut leads: BTreeMap<Mistake, usize> = BTreeMap::new();
    let rank = |at: usize| {
        let finding = &findings[at];
        (
            finding.severity,
            finding.place() != finding.review.cause,
            at,
        )
    };
    for (position, finding) in findings.iter().enumerate() {
        if let Some(mistake) = of(finding) {
            let lead = leads.entry(mistake).or_insert(position);
            if rank(position) < rank(*lead) {
                *lead = position;
            }
        }
    }
    leads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Class, Message};

    fn finding(rule: &str, severity: Severity, cell: &str, cause: Option<&str>) -> Finding {
        let sheet: Arc<str> = "A".into();
        let place = |cell: &str| Place {
            sheet: sheet.clone(),
            cell: cell.parse().unwrap(),
        };
        let file = "x.xlsx".into();
        Finding::new(rule, Class::Rule, severity, &file, Message::new("", ""))
            .at(&sheet, place(cell).cell)
            .caused_by(cause.map(place))
    }

    #[test]
    fn what_follows_from_one_wrong_cell_stands_behind_it() {
        use Severity::{Error, Info, Warning};
        let mut findings = vec![
            finding("tong", Error, "C4", Some("C9")),
            finding("khac", Error, "C5", None),
            finding("thay-doi", Warning, "C9", None),
            finding("ghi-chu", Info, "C9", None),
            finding("luy-ke", Error, "C9", Some("C9")),
        ];
        gather(&mut findings);
        let told: Vec<(&str, bool)> = findings
            .iter()
            .map(|f| (f.rule.as_str(), f.review.consequence))
            .collect();
        assert_eq!(
            told,
            [
                ("khac", false),
                ("ghi-chu", false),
                ("luy-ke", false),
                ("tong", true),
                ("thay-doi", true),
            ]
        );
    }
}
