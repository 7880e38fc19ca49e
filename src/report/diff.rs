//! What is different between two submissions or two periods, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use anstyle::Style;
use serde_json::json;

use super::plain;
use crate::campaign::{Campaign, Compared};
use crate::history::{Change, ChangeKind, KeptFinding, guard};
use crate::model::value::Shown;
use crate::model::{Lang, Number, ReportingUnit, Value};
use crate::rules::recast::Merger;
use crate::schema::{Form, builtin};

const STRONG: Style = Style::new().bold();

/// Figures shown one by one where many units are compared; the rest is counted.
const SHOWN: usize = 40;

/// Most units named where only one side has them.
const NAMED: usize = 10;

/// The forms and units that names are looked up in.
pub struct Labels<'a> {
    campaign: Option<&'a Campaign>,
    built_in: Vec<Arc<Form>>,
}

impl<'a> Labels<'a> {
    /// Those of the campaign, or the built-in forms.
    pub fn new(campaign: Option<&'a Campaign>) -> Labels<'a> {
        let load = |id| Form::parse(id, builtin::text(id)?).ok().map(Arc::new);
        let built_in = match campaign {
            Some(_) => Vec::new(),
            None => builtin::ids().into_iter().filter_map(load).collect(),
        };
        Labels { campaign, built_in }
    }

    fn form(&self, id: &str) -> Option<&Form> {
        let mut forms = match self.campaign {
            Some(campaign) => campaign.forms.iter(),
            None => self.built_in.iter(),
        };
        forms.find(|form| form.id() == id).map(|form| &**form)
    }

    /// "Văn bản nhận › Lũy kế đến cuối kỳ".
    pub(super) fn cell(&self, form: &str, row: &str, column: &str) -> String {
        let found = self
            .form(form)
            .and_then(|form| Some((form, form.column(column)?)));
        let label = match found {
            None => format!("{row} › {column}"),
            Some((form, at)) if form.is_free() => {
                format!("{row} › {}", form.cell_label(None, at))
            }
            Some((form, at)) => form.cell_label(form.row(row), at),
        };
        plain(&label)
    }

    fn form_title(&self, id: &str) -> String {
        self.form(id)
            .map_or(id.to_owned(), |form| form.file.title.clone())
    }

    fn unit(&self, code: &str) -> String {
        let unit = self.campaign.and_then(|c| c.roster.by_code(code));
        unit.map_or(code.to_owned(), |unit| format!("{} ({code})", unit.name))
    }
}

/// The comparison as text.
pub fn render(compared: &Compared, labels: &Labels<'_>, lang: Lang) -> String {
    let mut text = String::new();
    for (word, side) in [
        (lang.pick("Trước", "Before"), &compared.first),
        (lang.pick("Sau", "After"), &compared.second),
    ] {
        let unit = side.unit.as_ref().map(|unit| format!(" · {unit}"));
        let period = side.period.map(|period| match lang {
            Lang::Vi => format!(" · {}", period.vietnamese()),
            Lang::En => format!(" · {period}"),
        });
        let about = unit.unwrap_or_default() + &period.unwrap_or_default();
        push(
            &mut text,
            format_args!("{word}: {}{}", plain(&side.name), plain(&about)),
        );
    }
    if compared.first.unit != compared.second.unit {
        let note = lang.pick(
            "Chú ý: hai tệp không phải của cùng một đơn vị.",
            "Note: the two files are not one unit's.",
        );
        push(&mut text, format_args!("{note}"));
    }
    for merger in &compared.mergers {
        push(
            &mut text,
            format_args!("{}", plain(&taken_over(merger, lang))),
        );
    }
    figures(&mut text, compared, labels, lang);
    findings(&mut text, compared, labels, lang);
    text
}

/// "Xã Mỹ Bình (M): số liệu bản trước là của Xã An Bình, Xã Bình An cộng lại."
pub(in crate::report) fn taken_over(merger: &Merger, lang: Lang) -> String {
    let names = |units: &[Arc<ReportingUnit>]| {
        let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
        names.join(", ")
    };
    let (name, code) = (&merger.unit.name, &merger.unit.code);
    let sources = names(&merger.sources);
    let mut text = match lang {
        Lang::Vi => format!(
            "{name} ({code}): số liệu kỳ cũ là của {sources}, cộng lại; chữ, dấu và ô có nơi để trống thì không so."
        ),
        Lang::En => {
            format!(
                "{name} ({code}): its earlier figures are those of {sources}, added up; words, marks and cells that one of them left blank are not compared."
            )
        }
    };
    if !merger.unknown.is_empty() {
        let unknown = names(&merger.unknown);
        text += &match lang {
            Lang::Vi => format!(
                " Biểu mà {unknown} không nộp, hoặc của đơn vị đã chia, thì không cộng: số kỳ cũ để ở đơn vị đã nộp."
            ),
            Lang::En => format!(
                " Forms that {unknown} did not file, or of a unit that was split, are not added up: earlier figures stay with the unit that filed them."
            ),
        };
    }
    text
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn figures(text: &mut String, compared: &Compared, labels: &Labels<'_>, lang: Lang) {
    let difference = &compared.difference;
    let one_sided = |change: &&Change| {
        difference.only_first.contains_key(&change.unit)
            || difference.only_second.contains_key(&change.unit)
    };
    let changes = difference
        .figures
        .iter()
        .filter(|change| !one_sided(change));
    let changes: Vec<&Change> = changes.collect();
    let shown = if compared.by_unit { SHOWN } else { usize::MAX };
    let mut heading = None;
    for change in changes.iter().copied().take(shown) {
        let place = (&change.unit, &change.form);
        if heading != Some(place) {
            heading = Some(place);
            let unit = match compared.by_unit {
                true => format!("{} · ", labels.unit(&change.unit)),
                false => String::new(),
            };
            let title = plain(&format!("{unit}{}", labels.form_title(&change.form)));
            push(text, format_args!("\n{STRONG}{title}{STRONG:#}"));
        }
        push(text, format_args!("  {}", one(change, labels, lang)));
    }
    if let Some(more) = changes.len().checked_sub(shown).filter(|more| *more > 0) {
        push(
            text,
            format_args!(
                "  {} {} {}",
                lang.pick("... và", "... and"),
                more.shown(lang),
                lang.pick(
                    "số khác nữa: xem hết bằng --csv, hoặc chọn --unit, --form",
                    "more: see all with --csv, or choose --unit, --form"
                )
            ),
        );
    }
    counts(text, &changes, difference.same, lang);
    let before = lang.pick("Chỉ có ở bản trước", "Only before");
    units_of_one_side(text, before, &difference.only_first, labels, lang);
    let after = lang.pick("Chỉ có ở bản sau", "Only after");
    units_of_one_side(text, after, &difference.only_second, labels, lang);
}

fn counts(text: &mut String, changes: &[&Change], same: usize, lang: Lang) {
    let count = |kind| changes.iter().filter(|c| c.kind() == kind).count();
    let (changed, new, gone) = (
        count(ChangeKind::Changed),
        count(ChangeKind::New),
        count(ChangeKind::Gone),
    );
    let same = same.shown(lang);
    let (changed, new, gone) = (changed.shown(lang), new.shown(lang), gone.shown(lang));
    let counts = match lang {
        Lang::Vi => {
            format!("Số liệu: {changed} đổi, {new} mới, {gone} không còn, {same} giữ nguyên")
        }
        Lang::En => format!("Figures: {changed} changed, {new} new, {gone} gone, {same} the same"),
    };
    push(text, format_args!("\n{counts}"));
}

/// Names the units that only one side has; `units`: number of figures by unit code.
fn units_of_one_side(
    text: &mut String,
    word: &str,
    units: &BTreeMap<Arc<str>, usize>,
    labels: &Labels<'_>,
    lang: Lang,
) {
    if units.is_empty() {
        return;
    }
    let mut names: Vec<String> = units
        .keys()
        .take(NAMED)
        .map(|code| labels.unit(code))
        .collect();
    if units.len() > NAMED {
        names.push("...".to_owned());
    }
    let (count, figures) = (
        units.len().shown(lang),
        units.values().sum::<usize>().shown(lang),
    );
    let what = match lang {
        Lang::Vi => format!("{count} đơn vị, {figures} số liệu"),
        Lang::En => format!("{count} units, {figures} figures"),
    };
    push(
        text,
        format_args!("{word}: {what}: {}", plain(&names.join(", "))),
    );
}

/// "E12 Văn bản nhận › Lũy kế: 965 → 956 (-9)".
fn one(change: &Change, labels: &Labels<'_>, lang: Lang) -> String {
    let cell = change
        .source
        .as_ref()
        .map_or(String::new(), |source| format!("{} ", source.cell));
    let label = labels.cell(&change.form, &change.row, &change.column);
    let value = |value: &Option<Value>| {
        plain(
            &value
                .as_ref()
                .map_or(String::new(), |value| value.shown(lang)),
        )
    };
    let (old, new) = (value(&change.old), value(&change.new));
    let what = match change.kind() {
        ChangeKind::New => format!("{} {new}", lang.pick("mới:", "new:")),
        ChangeKind::Gone => format!("{} {old}", lang.pick("không còn:", "gone:")),
        ChangeKind::Changed => {
            let by = change.difference().map(|by| signed(by, lang));
            let by = by.map_or(String::new(), |by| format!(" ({by})"));
            format!("{old} → {new}{by}")
        }
    };
    format!("{cell}{label}: {what}")
}

fn signed(number: Number, lang: Lang) -> String {
    let plus = if number.is_sign_positive() { "+" } else { "" };
    format!("{plus}{}", number.shown(lang))
}

fn findings(text: &mut String, compared: &Compared, labels: &Labels<'_>, lang: Lang) {
    let Some(change) = &compared.difference.findings else {
        let word = lang.pick(
            "Phát hiện: không so được, có kỳ không lưu phát hiện",
            "Findings: not compared, a period has none kept",
        );
        push(text, format_args!("{word}"));
        return;
    };
    let lists = [
        (lang.pick("đã hết", "solved"), &change.solved),
        (
            lang.pick(
                "chưa biết vì bản sau không có biểu ấy",
                "not known, the form is not in the second",
            ),
            &change.not_filed,
        ),
        (lang.pick("đã giải trình", "explained"), &change.explained),
        (lang.pick("vẫn còn", "still open"), &change.open),
        (lang.pick("mới", "new"), &change.new),
    ];
    let counts: Vec<String> = lists
        .iter()
        .filter(|(_, list)| !list.is_empty() || !std::ptr::eq(*list, &change.not_filed))
        .map(|(word, list)| format!("{} {word}", list.len()))
        .collect();
    let word = lang.pick("Phát hiện", "Findings");
    push(text, format_args!("{word}: {}", counts.join(", ")));
    let shown = if compared.by_unit { SHOWN } else { usize::MAX };
    for (word, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        push(text, format_args!("  {STRONG}{word}{STRONG:#}"));
        for finding in list.iter().take(shown) {
            push(
                text,
                format_args!("    {}", told(finding, compared.by_unit, labels, lang)),
            );
        }
        if let Some(more) = list.len().checked_sub(shown).filter(|more| *more > 0) {
            push(text, format_args!("    ... +{more}"));
        }
    }
}

fn told(finding: &KeptFinding, by_unit: bool, labels: &Labels<'_>, lang: Lang) -> String {
    let unit = finding.unit.as_deref().filter(|_| by_unit);
    let unit = unit.map_or(String::new(), |unit| format!("{}, ", labels.unit(unit)));
    let place = match (&finding.sheet, &finding.cell) {
        (Some(sheet), Some(cell)) => {
            let words = (lang.pick("trang", "sheet"), lang.pick("ô", "cell"));
            format!("{} {sheet}, {} {cell}: ", words.0, words.1)
        }
        _ => String::new(),
    };
    let message = finding.message();
    let message = lang.of(&message);
    plain(&format!("{unit}{place}{message} [{}]", finding.rule))
}

/// The figures that differ as CSV:
/// unit,form,row,column,label,change,old,new,difference,file,sheet,cell.
///
/// # Errors
/// The output cannot be written.
pub fn csv(compared: &Compared, labels: &Labels<'_>, to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record([
        "unit",
        "form",
        "row",
        "column",
        "label",
        "change",
        "old",
        "new",
        "difference",
        "file",
        "sheet",
        "cell",
    ])?;
    for change in &compared.difference.figures {
        let value =
            |value: &Option<Value>| value.as_ref().map_or(String::new(), super::lists::exact);
        let source = change.source.as_ref();
        let number = change.difference().map(Value::Number);
        writer.write_record([
            guard(&change.unit),
            guard(&change.form),
            guard(&change.row),
            guard(&change.column),
            guard(&labels.cell(&change.form, &change.row, &change.column)),
            json!(change.kind()).as_str().unwrap_or_default().to_owned(),
            value(&change.old),
            value(&change.new),
            value(&number),
            source.map_or(String::new(), |source| guard(&source.file)),
            source.map_or(String::new(), |source| guard(&source.sheet)),
            source.map_or(String::new(), |source| source.cell.to_string()),
        ])?;
    }
    writer.flush()?;
    Ok(())
}
