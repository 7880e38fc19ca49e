//! The period that a workbook is about, by the template it was made from and by what is printed above
//! its tables.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::extract::identity::Identity;
use crate::extract::printed_period::{alone, cut_off, is_week_of_month, named, same_days};
use crate::extract::title_block::{PrintedText, TitleBlock, is_title, titled_period};
use crate::model::{Class, Finding, Message, Period, Severity, Value};
use crate::schema::Form;
use crate::text::{label_key, normalise};

/// What the periods of a workbook are compared with.
pub(super) struct Periods<'a> {
    /// The campaign's period.
    pub(super) ours: Period,
    /// The office that gives out the templates.
    pub(super) office: &'a str,
    /// The file, as findings name it.
    pub(super) file: &'a Arc<str>,
}

/// A finding about a text printed above a form's table.
pub(super) fn printed_at(finding: Finding, form: &Form, printed: &PrintedText) -> Finding {
    finding
        .of_form(form.id())
        .at(&printed.sheet, printed.cell)
        .value(Some(Value::Text(printed.text.clone())))
}

impl Periods<'_> {
    /// The period that the template recorded, which no clerk can change. Where all tables print this
    /// period, the line has been corrected by hand and is right: a template of another period was used.
    pub(super) fn of_template<'b>(
        &self,
        identity: &Identity,
        blocks: impl Iterator<Item = &'b TitleBlock>,
    ) -> Option<Finding> {
        let hidden = identity.period.as_deref()?;
        if hidden == self.ours.to_string() {
            return None;
        }
        let is_ours = |block: &TitleBlock| {
            let mut periods = block.periods.iter();
            !block.periods.is_empty() && periods.all(|printed| self.says_ours(&printed.text))
        };
        let mut blocks = blocks.peekable();
        let corrected = blocks.peek().is_some() && blocks.all(is_ours);
        let rule = match corrected {
            true => "mau-ky-khac",
            false => "sai-ky-bao-cao",
        };
        let message = self.other_template(hidden, corrected);
        Some(Finding::new(
            rule,
            Class::Identity,
            Severity::Error,
            self.file,
            message,
        ))
    }

    /// The periods that a line names; a week of a month is ours if it may be.
    fn named(&self, text: &str) -> Vec<Period> {
        let mut periods = named(text);
        if matches!(self.ours, Period::Week { .. }) && is_week_of_month(text) {
            let may_be_ours = |one: &Period| !apart(*one, self.ours);
            let ours = periods.iter_mut().filter(|one| may_be_ours(one));
            ours.for_each(|one| *one = self.ours);
        }
        periods
    }

    /// The periods that a line behind «Kỳ báo cáo:» names; «9/25» is a month there.
    fn labelled(&self, text: &str) -> Vec<Period> {
        let periods = self.named(text);
        match periods.is_empty() {
            true => self.named(&format!("tháng {text}")),
            false => periods,
        }
    }

    fn says_ours(&self, text: &str) -> bool {
        let plain = normalise(text);
        if plain == normalise(&self.ours.vietnamese()) || plain == normalise(&self.ours.to_string())
        {
            return true;
        }
        // A figure as it stands on a day, or a month as a date.
        let day = NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y");
        if day.is_ok_and(|day| self.ours.first_day() <= day && day <= self.ours.last_day()) {
            return true;
        }
        let periods = self.labelled(text);
        // "tháng 9 và 9 tháng năm 2025": what the year has brought so far is named as well.
        let to = periods.first().map(|period| period.last_day());
        let is_ours =
            |period: &Period| same_days(*period, self.ours) && Some(period.last_day()) == to;
        periods.iter().any(is_ours)
    }

    /// What is printed above a form's table about another period.
    pub(super) fn printed(&self, form: &Form, block: &TitleBlock) -> Vec<Finding> {
        let mut findings = Vec::new();
        let wrong = block.periods.iter();
        for printed in wrong.filter(|printed| !self.says_ours(&printed.text)) {
            let found = &printed.text;
            let (rule, severity, message) = match self.labelled(found).is_empty() {
                false => (
                    "sai-ky-bao-cao",
                    Severity::Error,
                    other_period(found, self.ours),
                ),
                true => (
                    "khong-ro-ky-bao-cao",
                    Severity::Warning,
                    unclear_period(found, self.ours),
                ),
            };
            findings.push(self.finding(rule, severity, form, printed, message));
        }
        let own = label_key(&form.file.title);
        // The form's own title is the same in every period.
        let lines = block.others.iter();
        let lines = lines.filter(|line| !own.contains(&label_key(&line.text)));
        let told = |line: &PrintedText| {
            self.named(&line.text)
                .iter()
                .any(|one| same_days(*one, self.ours))
        };
        let settled = !block.periods.is_empty() || lines.clone().any(told);
        for line in lines {
            let Some(severity) = self.contradicted(line, form, settled) else {
                continue;
            };
            let (rule, message) = match severity {
                Severity::Error => (
                    "sai-ky-bao-cao",
                    title_of_other_period(&line.text, self.ours),
                ),
                _ => (
                    "khong-ro-ky-bao-cao",
                    title_to_ask_about(&line.text, self.ours),
                ),
            };
            findings.push(self.finding(rule, severity, form, line, message));
        }
        findings
    }

    /// How far a line without a label contradicts the campaign's period. `settled`: another line says
    /// that the table is about it; then only a title with a period of the same length does.
    fn contradicted(&self, line: &PrintedText, form: &Form, settled: bool) -> Option<Severity> {
        let (text, ours) = (&*line.text, self.ours);
        if self.named(text).iter().any(|one| same_days(*one, ours)) {
            return None;
        }
        let titled = titled_period(text).filter(|one| !same_days(*one, ours));
        if titled.is_some_and(|one| is_alike(one, ours)) {
            return Some(Severity::Error);
        }
        if settled {
            return None;
        }
        if let Some(one) = alone(text).filter(|one| !same_days(*one, ours)) {
            let (from, to) = (one.first_day(), one.last_day());
            let apart = apart(one, ours);
            let within = from <= ours.first_day() && ours.last_day() <= to;
            return match one {
                Period::Year { .. } if within => None,
                _ if apart || within => Some(Severity::Error),
                _ => Some(Severity::Warning),
            };
        }
        // «Tuần 35», «6 tháng đầu năm»: of the same year, if of any.
        let year = ours.first_day().year();
        let of_this_year = || {
            let part = alone(&format!("{text}/{year}"));
            part.filter(|one| !matches!(one, Period::Year { .. }) && !same_days(*one, ours))
        };
        // A number alone, such as an ordinal, names none.
        let of_this_year = || of_this_year().filter(|_| text.contains(char::is_alphabetic));
        let without_year = named(text).is_empty() && of_this_year().is_some();
        let titled = titled.filter(|one| {
            let is_year = matches!(one, Period::Year { year: of } if *of == year);
            !is_year && (is_title(text) || label_key(text).contains(&label_key(&form.file.title)))
        });
        let counted_before = cut_off(text).is_some_and(|day| day < ours.first_day());
        (without_year || titled.is_some() || counted_before).then_some(Severity::Warning)
    }

    fn finding(
        &self,
        rule: &str,
        severity: Severity,
        form: &Form,
        printed: &PrintedText,
        message: Message,
    ) -> Finding {
        let finding = Finding::new(rule, Class::Identity, severity, self.file, message);
        printed_at(finding, form, printed)
    }

    fn other_template(&self, hidden: &str, corrected: bool) -> Message {
        let (ours, office) = (self.ours.vietnamese(), self.office);
        let known = hidden.parse::<Period>().ok();
        let theirs = known.map_or(hidden.to_owned(), |period| period.vietnamese());
        let (line, line_en) = match corrected {
            true => (
                format!("; dòng «Kỳ báo cáo» đã ghi đúng {ours}, không phải sửa dòng ấy"),
                "; the line «Kỳ báo cáo» is right already",
            ),
            false => (String::new(), ""),
        };
        Message::new(
            format!(
                "Tệp này làm từ mẫu của {theirs}, đợt này là {ours}{line}. Mẫu giữ dấu của kỳ ở chỗ ẩn, kèm số kỳ trước, nên sửa chữ trên biểu không đổi được. Nếu là số liệu của {ours}, hãy chép số liệu sang mẫu của {ours} do {office} gửi rồi gửi tệp ấy; chưa có mẫu thì hỏi {office}. Nếu là số liệu của {theirs}, tệp này gửi nhầm."
            ),
            format!(
                "The workbook was made from the template of {hidden}; this campaign is {}{line_en}. The template keeps its period, and figures of the period before, where nobody can edit them. If the figures are of this period, copy them into this period's template, which {office} gives out; if they are not, this file was sent by mistake.",
                self.ours
            ),
        )
    }
}

/// Have two periods no day in common?
fn apart(one: Period, other: Period) -> bool {
    one.last_day() < other.first_day() || one.first_day() > other.last_day()
}

/// Is a period one of those that `ours` is one of, such as months? From a day to a day it is one of
/// another time if it is as long, within the days by which months differ.
fn is_alike(one: Period, ours: Period) -> bool {
    let length = |period: Period| (period.last_day() - period.first_day()).num_days();
    let kind = std::mem::discriminant::<Period>;
    let as_long = (length(one) - length(ours)).abs() <= 3;
    let days = matches!(one, Period::Days { .. }) && as_long && apart(one, ours);
    days || kind(&one) == kind(&ours)
}

fn other_period(found: &str, ours: Period) -> Message {
    let wanted = ours.vietnamese();
    Message::new(
        format!(
            "Biểu ghi kỳ báo cáo là «{found}», đợt này là {wanted}. Hãy kiểm tra: đúng số liệu của kỳ này thì sửa lại dòng «Kỳ báo cáo»."
        ),
        format!(
            "The form says period `{found}`; this campaign is {ours}. If the figures are of this period, correct the line «Kỳ báo cáo»."
        ),
    )
}

fn unclear_period(found: &str, ours: Period) -> Message {
    let wanted = ours.vietnamese();
    Message::new(
        format!(
            "Không đọc ra kỳ báo cáo từ «{found}»; đợt này là {wanted}. Hãy ghi «Kỳ báo cáo: {wanted}» nếu số liệu đúng của kỳ này."
        ),
        format!(
            "`{found}` names no period; this campaign is {ours}. If the figures are of this period, write «Kỳ báo cáo: {wanted}»."
        ),
    )
}

fn title_of_other_period(found: &str, ours: Period) -> Message {
    let wanted = ours.vietnamese();
    Message::new(
        format!(
            "Tiêu đề ghi «{found}», đợt này là {wanted}. Hãy kiểm tra: đúng số liệu của kỳ này thì sửa lại tiêu đề."
        ),
        format!(
            "The title says `{found}`; this campaign is {ours}. If the figures are of this period, correct the title."
        ),
    )
}

fn title_to_ask_about(found: &str, ours: Period) -> Message {
    let wanted = ours.vietnamese();
    Message::new(
        format!(
            "Trên biểu ghi «{found}», không có dòng nào ghi {wanted} là kỳ của đợt này. Hãy kiểm tra số liệu là của kỳ nào; đúng của kỳ này thì ghi thêm dòng «Kỳ báo cáo: {wanted}»."
        ),
        format!(
            "The form prints `{found}` and nothing says {ours}, the period of this campaign. Check which period the figures are of; if of this one, add the line «Kỳ báo cáo: {wanted}»."
        ),
    )
}
