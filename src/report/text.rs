//! The run as text for a terminal or a file.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::plain;
use crate::campaign::{Campaign, Run};
use crate::model::value::Shown;
use crate::model::{Finding, Lang, Period, Severity, SubmissionStatus, UnitStatus};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const INFO: Style = AnsiColor::Blue.on_default();
const STRONG: Style = Style::new().bold();

/// Most units named in a list of those missing.
const NAMED: usize = 10;

/// The findings, file by file, then a summary.
pub fn render(run: &Run, campaign: Option<&Campaign>, lang: Lang) -> String {
    let mut text = String::new();
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &run.findings {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    for (file, findings) in by_file {
        let unit = run
            .submissions
            .iter()
            .find(|s| *s.file == *file)
            .and_then(|s| s.unit.as_ref());
        let unit = unit.map_or(String::new(), |unit| {
            format!(" · {} ({})", unit.name, unit.code)
        });
        push(
            &mut text,
            format_args!("{STRONG}{}{STRONG:#}{}", plain(file), plain(&unit)),
        );
        findings
            .iter()
            .for_each(|finding| one(&mut text, finding, lang));
        text.push('\n');
    }
    summary(&mut text, run, campaign, lang);
    text
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn one(text: &mut String, finding: &Finding, lang: Lang) {
    let (style, word) = match finding.severity {
        Severity::Error => (ERROR, lang.pick("Lỗi", "Error")),
        Severity::Warning => (WARNING, lang.pick("Cảnh báo", "Warning")),
        Severity::Info if finding.trial.is_some() => (INFO, lang.pick("Thử nghiệm", "On trial")),
        Severity::Info => (INFO, lang.pick("Ghi chú", "Note")),
    };
    let place = match (&finding.sheet, finding.cell) {
        (Some(sheet), Some(cell)) => {
            format!(
                "{} {}, {} {cell}: ",
                lang.pick("trang", "sheet"),
                plain(sheet),
                lang.pick("ô", "cell")
            )
        }
        (Some(sheet), None) => format!("{} {}: ", lang.pick("trang", "sheet"), plain(sheet)),
        _ => String::new(),
    };
    let message = plain(lang.of(&finding.message));
    let follows = match finding.review.consequence {
        true => lang.pick("  cùng chỗ sai này: ", "  same mistake: "),
        false => "",
    };
    push(
        text,
        format_args!(
            "  {follows}{style}{word}{style:#} {place}{message} [{}]",
            finding.rule
        ),
    );
    if let Some(given) = &finding.review.justification {
        let word = match given.accepted {
            true => lang.pick("đã được chấp nhận", "accepted"),
            false => lang.pick("đã giải trình", "explained"),
        };
        push(
            text,
            format_args!(
                "    {word}: {} ({})",
                plain(&given.reason),
                plain(&given.by)
            ),
        );
        return;
    }
    if !finding.review.consequence {
        suspects(text, finding, lang);
    }
}

/// The cells that may be wrong. Those of a mistake that breaks several rules are listed once.
fn suspects(text: &mut String, finding: &Finding, lang: Lang) {
    let equal = finding
        .review
        .suspects
        .iter()
        .filter(|s| s.rank == 1)
        .count();
    if equal > 1 {
        // Less probable ones may be listed behind them.
        let all = equal == finding.review.suspects.len();
        let vi = match all {
            true => format!("chưa đủ căn cứ để chọn giữa {equal} ô nghi sau:"),
            false => format!("chưa đủ căn cứ để chọn giữa {equal} ô nghi đầu:"),
        };
        let en = match all {
            true => format!("undecided between these {equal} cells:"),
            false => format!("undecided between the first {equal} of these cells:"),
        };
        push(text, format_args!("    {}", lang.pick(&vi, &en)));
    }
    for suspect in &finding.review.suspects {
        let suggestion = match suspect.other() {
            Some(value) => {
                let is_it = lang.pick("→ có phải", "→ is it");
                format!(" {is_it} {}?", value.shown(lang))
            }
            None => String::new(),
        };
        let found = suspect
            .value
            .as_ref()
            .map_or(String::new(), |value| format!(" ({})", value.shown(lang)));
        let elsewhere = match &finding.sheet {
            Some(sheet) if *sheet != suspect.sheet => {
                format!(" {} {}", lang.pick("trang", "of sheet"), suspect.sheet)
            }
            _ => String::new(),
        };
        push(
            text,
            format_args!(
                "    {} {}{}{}{}: {}",
                lang.pick("nghi ô", "suspect"),
                suspect.cell,
                plain(&elsewhere),
                plain(&found),
                plain(&suggestion),
                plain(lang.of(&suspect.reason)),
            ),
        );
    }
}

fn summary(text: &mut String, run: &Run, campaign: Option<&Campaign>, lang: Lang) {
    if let Some(campaign) = campaign {
        let period = match lang {
            Lang::Vi => campaign.file.period.vietnamese(),
            Lang::En => campaign.file.period.to_string(),
        };
        push(
            text,
            format_args!("{STRONG}{}{STRONG:#}, {period}", campaign.file.title),
        );
    }
    files(text, run, campaign, lang);
    if !run.units.is_empty() {
        units(text, run, lang);
        missing(text, run, lang);
    }
    findings(text, run, lang);
    mistakes(text, run, lang);
    if campaign.is_some() {
        rules(text, run, lang);
    }
}

/// How many files were received; for a period made of others, which.
fn files(text: &mut String, run: &Run, campaign: Option<&Campaign>, lang: Lang) {
    let files = |status| {
        run.submissions
            .iter()
            .filter(|s| s.status == status)
            .count()
    };
    let counts = [
        (SubmissionStatus::Accepted, "đã nhận", "accepted"),
        (SubmissionStatus::Returned, "trả lại", "returned"),
        (SubmissionStatus::Superseded, "đã thay thế", "superseded"),
        (
            SubmissionStatus::Unidentified,
            "không rõ của ai",
            "unidentified",
        ),
        (SubmissionStatus::Unreadable, "không đọc được", "unreadable"),
    ]
    .map(|(status, vi, en)| (files(status), lang.pick(vi, en)));
    let made_of = campaign.and_then(|campaign| {
        let length = campaign.file.made_of.as_ref()?;
        campaign.file.period.parts(*length.get_ref())
    });
    match made_of {
        Some(periods) => {
            let periods: Vec<String> = periods.iter().map(Period::to_string).collect();
            let from = lang.pick("Cộng từ các kỳ đã chốt", "From closed periods");
            push(text, format_args!("{from}: {}", periods.join(", ")));
        }
        None => line(
            text,
            lang.pick("Tệp", "Files"),
            run.submissions.len(),
            &counts,
        ),
    }
}

/// How many units are in which state.
fn units(text: &mut String, run: &Run, lang: Lang) {
    let units = |status| run.units.iter().filter(|u| u.status == status).count();
    let counts = [
        (UnitStatus::Accepted, "đã nhận", "accepted"),
        (UnitStatus::Returned, "trả lại", "returned"),
        (UnitStatus::Missing, "chưa gửi", "missing"),
        (UnitStatus::NotExpected, "không phải gửi", "not expected"),
    ]
    .map(|(status, vi, en)| (units(status), lang.pick(vi, en)));
    line(text, lang.pick("Đơn vị", "Units"), run.units.len(), &counts);
}

/// How many findings there are of which kind.
fn findings(text: &mut String, run: &Run, lang: Lang) {
    let findings = |severity| {
        run.findings
            .iter()
            .filter(|f| f.severity == severity && f.is_open() && f.trial.is_none())
            .count()
    };
    let on_trial = run.findings.iter().filter(|f| f.trial.is_some()).count();
    let counts = [
        (findings(Severity::Error), lang.pick("lỗi", "errors")),
        (
            findings(Severity::Warning),
            lang.pick("cảnh báo", "warnings"),
        ),
        (findings(Severity::Info), lang.pick("ghi chú", "notes")),
        (
            run.findings.iter().filter(|f| !f.is_open()).count(),
            lang.pick("đã giải trình hoặc được chấp nhận", "explained or accepted"),
        ),
        (
            on_trial,
            lang.pick("của quy tắc thử nghiệm", "of rules on trial"),
        ),
    ];
    line(
        text,
        lang.pick("Phát hiện", "Findings"),
        run.findings.len(),
        &counts,
    );
}

/// The number of mistakes (distinct causes) behind the errors, if it is smaller than the number of
/// errors.
fn mistakes(text: &mut String, run: &Run, lang: Lang) {
    let errors = || run.findings.iter().filter(|finding| finding.blocks());
    let alone = errors()
        .filter(|finding| !finding.review.consequence)
        .count();
    if alone < errors().count() {
        let (vi, en) = ("Các lỗi do", "The errors come from");
        let (vi_end, en_end) = ("chỗ sai", "mistakes");
        push(
            text,
            format_args!(
                "{} {alone} {}",
                lang.pick(vi, en),
                lang.pick(vi_end, en_end)
            ),
        );
    }
}

/// One line about rules that could not be evaluated, if there are any: no finding does not mean
/// that they hold.
fn rules(text: &mut String, run: &Run, lang: Lang) {
    let total = run.tallies.total();
    if total.unknown() == 0 {
        return;
    }
    let reasons: Vec<String> = total
        .not_evaluated
        .iter()
        .map(|(lack, count)| format!("{count} {}", lang.of(&lack.words())))
        .collect();
    let (vi, en) = (
        "Chưa kiểm tra được (không phải lỗi)",
        "Not evaluated (no error)",
    );
    push(
        text,
        format_args!(
            "{}: {}/{} ({})",
            lang.pick(vi, en),
            total.unknown(),
            total.asked,
            reasons.join(", ")
        ),
    );
}

fn line(text: &mut String, what: &str, total: usize, counts: &[(usize, &str)]) {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let parts = if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    };
    push(text, format_args!("{what}: {total}{parts}"));
}

fn missing(text: &mut String, run: &Run, lang: Lang) {
    let missing: Vec<String> = run
        .units
        .iter()
        .filter(|filing| filing.status == UnitStatus::Missing)
        .map(|filing| format!("{} ({})", filing.unit.name, filing.unit.code))
        .collect();
    if missing.is_empty() {
        return;
    }
    let more = missing.len().saturating_sub(NAMED);
    let tail = if more > 0 {
        format!(" +{more}")
    } else {
        String::new()
    };
    let named = missing[..missing.len().min(NAMED)].join(", ");
    push(
        text,
        format_args!("{}: {named}{tail}", lang.pick("Chưa gửi", "Missing")),
    );
}
