//! "Tổng quan": who has filed, what was found, the report's figures; visibly provisional as long
//! as a unit is lacking.

use std::collections::BTreeMap;

use rust_xlsxwriter::Url;

use super::book::{FINDINGS, Master, SUBMISSIONS, UNITS};
use super::counts::{self, Counted};
use super::figure;
use super::head::internal;
use super::list::value_format;
use super::lists::{severity_name, submission_status_name};
use super::plan::SheetPlaces;
use crate::consolidate::{Figure, FormTable, LineState};
use crate::model::{CellAddress, Number, Severity, SubmissionStatus, UnitStatus};
use crate::schema::Orientation;
use crate::schema::expression::Expr;
use crate::schema::form::Rounding;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{lines, lines_on_paper};
use crate::write::paper::sheet::{Cached, SheetWriter};
use crate::write::paper::style;
use crate::write::paper::words::{lacking_names, provisional_text};

/// Columns: ordinal or id, words, four figures, note.
const WIDTHS: [f64; 7] = [17.0, 60.0, 14.0, 14.0, 14.0, 14.0, 46.0];
const LAST: u32 = 6;
/// Percent at which these fit an A4 sheet on its side.
const SCALE: u16 = 61;
/// Units named in a note; the others are only counted.
const NAMED: usize = 3;

/// Writes the overview.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
) -> Result<OverviewRows, WriteError> {
    sheet.widths(&WIDTHS)?;
    let mut overview = Overview {
        sheet,
        master,
        row: 0,
    };
    overview.title()?;
    let kinds = overview.row + 2;
    overview.units()?;
    overview.forms(places)?;
    let figures = overview.row + 2;
    overview.figures(places)?;
    let lists = overview.row;
    overview.submissions()?;
    overview.findings()?;
    // Title, period and banner stay in sight.
    sheet.0.set_freeze_panes(3, 0)?;
    sheet.0.set_screen_gridlines(false);
    sheet.print(Orientation::Landscape, None)?;
    // Excel ignores manual page breaks on a page fitted to its width, so a fixed scale is set.
    sheet.0.set_print_scale(SCALE);
    sheet.0.set_page_breaks(&[lists])?;
    sheet.page_footer();
    Ok(OverviewRows { kinds, figures })
}

/// Where other sheets find what the overview says.
pub(super) struct OverviewRows {
    /// Row (from 0) of the first kind of unit; name, due, received, returned and missing in columns
    /// B to F.
    pub kinds: u32,
    /// Row (from 0) of the first figure; its value in column C.
    pub figures: u32,
}

struct Overview<'a, 'b, 'c> {
    sheet: &'a mut SheetWriter<'b>,
    master: &'a Master<'c>,
    row: u32,
}

impl Overview<'_, '_, '_> {
    fn at(&self, column: u32) -> CellAddress {
        CellAddress::new(self.row, column)
    }

    fn title(&mut self) -> Result<(), WriteError> {
        let input = self.master.input;
        let title = input.campaign.title.to_uppercase();
        self.sheet.line(0, (0, LAST), &title, &style::title())?;
        self.sheet.height(0, lines(&title, 150.0))?;
        let run = input
            .received_until
            .map(|date| format!("; số liệu nhận đến ngày {date}"))
            .unwrap_or_default();
        let text = format!(
            "{}; kỳ báo cáo: {}{run}",
            input.campaign.office,
            input.period.vietnamese()
        );
        self.sheet.line(1, (0, LAST), &text, &style::subtitle())?;
        let lacking = self.master.lacking(input.consolidated.forms.iter()).len();
        let (text, format) = match lacking {
            0 => (
                "Số liệu của tất cả đơn vị phải báo cáo đã có đủ".to_owned(),
                style::good(style::heading()),
            ),
            lacking => (provisional_text(lacking), style::provisional()),
        };
        self.sheet.line(2, (0, LAST), &text, &format)?;
        self.row = 4;
        Ok(())
    }

    /// A heading over a table, then its header row.
    fn section(&mut self, title: &str, headers: &[&str]) -> Result<(), WriteError> {
        let format = style::base().set_bold().set_font_size(13);
        self.sheet.text(self.at(0), title, &format)?;
        self.row += 1;
        for (column, header) in (0u32..).zip(headers) {
            self.sheet.text(self.at(column), header, &style::header())?;
        }
        let tallest = headers
            .iter()
            .zip(WIDTHS)
            .map(|(header, width)| lines(header, width / 1.12));
        self.sheet.height(self.row, tallest.max().unwrap_or(1))?;
        self.row += 1;
        Ok(())
    }

    /// A row of counts behind an ordinal and words, which lead to what is counted.
    fn counts(
        &mut self,
        number: usize,
        (words, link): (&str, Option<Url>),
        counts: &[Counted],
    ) -> Result<(), WriteError> {
        self.sheet
            .number(self.at(0), Number::from(number), &style::centred_cell())?;
        self.sheet
            .link_as(self.at(1), link, words, &style::label())?;
        for (column, count) in (2u32..).zip(counts) {
            let (at, number) = (self.at(column), Number::from(count.number));
            let format = style::figure(0);
            match &count.formula {
                Some(formula) => {
                    let cached = Cached::Number(number);
                    self.sheet.formula(at, formula, &cached, &format)?;
                }
                None => self.sheet.number(at, number, &format)?,
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Totals of the rows of counts from `first` on.
    fn total(&mut self, first: u32, sums: &[usize]) -> Result<(), WriteError> {
        self.sheet
            .blank(self.at(0), &style::total(style::centred_cell()))?;
        self.sheet
            .text(self.at(1), "Tổng cộng", &style::total(style::label()))?;
        for (column, total) in (2u32..).zip(sums) {
            let letters = self.at(column).column_letters();
            let formula = format!("=SUM({letters}{}:{letters}{})", first + 1, self.row);
            let cached = Cached::Number(Number::from(*total));
            self.sheet.formula(
                self.at(column),
                &formula,
                &cached,
                &style::total(style::figure(0)),
            )?;
        }
        self.row += 2;
        Ok(())
    }

    fn units(&mut self) -> Result<(), WriteError> {
        self.section(
            "I. Tình hình gửi báo cáo theo loại đơn vị",
            &[
                "STT",
                "Loại đơn vị",
                "Phải gửi",
                "Đã nhận đủ",
                "Trả lại",
                "Chưa gửi",
            ],
        )?;
        let first = self.row;
        let mut sums = [0; 4];
        let master = self.master;
        for (index, kind) in master.input.campaign.kinds.iter().enumerate() {
            let [accepted, returned, missing] = [
                UnitStatus::Accepted,
                UnitStatus::Returned,
                UnitStatus::Missing,
            ]
            .map(|status| counts::units(master, &kind.id, status));
            let row = self.row + 1;
            let due = Counted {
                number: accepted.number + returned.number + missing.number,
                formula: Some(format!("=SUM(D{row}:F{row})")),
            };
            let counts = [due, accepted, returned, missing];
            sums = std::array::from_fn(|i| sums[i] + counts[i].number);
            self.counts(index + 1, (&kind.name, Some(top_of(UNITS))), &counts)?;
        }
        self.total(first, &sums)
    }

    fn forms(&mut self, places: &SheetPlaces<'_>) -> Result<(), WriteError> {
        self.section(
            "II. Tình hình từng biểu (số đơn vị)",
            &[
                "Trang tính",
                "Biểu",
                "Phải gửi",
                "Đã nhận",
                "Trả lại",
                "Chưa gửi",
                "Ghi chú",
            ],
        )?;
        let master = self.master;
        for (index, plan) in places.plans.iter().enumerate() {
            let table = plan.table;
            let [accepted, returned, missing] =
                [LineState::Accepted, LineState::Returned, LineState::Missing]
                    .map(|state| counts::lines(plan, state));
            let counts = [counts::due(plan), accepted, returned, missing];
            let lacking = master.lacking(std::iter::once(table));
            let (lack, sums) = (self.lacking_note(&lacking), sums_note(table));
            let notes = [lack.as_str(), &sums].into_iter();
            let notes: Vec<&str> = notes.filter(|note| !note.is_empty()).collect();
            let note = notes.join("; ");
            self.note(&note, !lack.is_empty())?;
            let at = self.at(0);
            let title = &table.form.file.title;
            self.counts(index + 1, (title, None), &counts)?;
            self.sheet
                .link_as(at, Some(top_of(&plan.sheet)), &plan.sheet, &style::label())?;
            let tall = lines_on_paper(title, WIDTHS[1]).max(lines_on_paper(&note, WIDTHS[6]));
            self.sheet.height(at.row, tall)?;
        }
        self.row += 1;
        Ok(())
    }

    fn note(&mut self, note: &str, alarming: bool) -> Result<(), WriteError> {
        let format = match alarming {
            true => style::alarm(),
            false => style::label(),
        };
        self.sheet.text(self.at(LAST), note, &format)
    }

    /// "tạm tính, thiếu 3 đơn vị: ..."; nothing if none is lacking.
    fn lacking_note(&self, codes: &[&str]) -> String {
        if codes.is_empty() {
            return String::new();
        }
        let named = codes
            .iter()
            .take(NAMED)
            .map(|code| self.master.unit_name(code));
        let mut names: Vec<&str> = named.collect();
        if codes.len() > NAMED {
            names.push("...");
        }
        format!(
            "tạm tính, thiếu {} đơn vị: {}",
            codes.len(),
            names.join(", ")
        )
    }

    fn figures(&mut self, places: &SheetPlaces<'_>) -> Result<(), WriteError> {
        let figures = &self.master.input.consolidated.figures;
        if figures.is_empty() {
            return Ok(());
        }
        self.section(
            "III. Số liệu của báo cáo",
            &["Mã", "Số liệu", "Giá trị", "Đơn vị tính", "Ghi chú"],
        )?;
        self.sheet
            .line(self.row - 1, (4, LAST), "Ghi chú", &style::header())?;
        let expressions = self.master.input.expressions;
        for (index, figure) in figures.iter().enumerate() {
            let text = self.master.input.campaign.figures.get(index);
            let rounding = text.map(|text| text.rounding).unwrap_or_default();
            self.figure(places, figure, (rounding, expressions.get(index)))?;
        }
        self.row += 1;
        Ok(())
    }

    /// A figure: its id leads to the total it comes from; its value is computed from there.
    fn figure(
        &mut self,
        places: &SheetPlaces<'_>,
        figure: &Figure,
        (rounding, expr): (Rounding, Option<&Expr>),
    ) -> Result<(), WriteError> {
        let codes: Vec<&str> = figure.lacking.iter().map(AsRef::as_ref).collect();
        let note = match &figure.value {
            None if codes.is_empty() => "chưa có số".to_owned(),
            _ => self.lacking_note(&codes),
        };
        let format = match (figure.number(), figure.decimals) {
            (Some(_), Some(decimals)) => style::figure(decimals),
            _ => value_format(figure.value.as_ref()),
        };
        let total = expr.and_then(|expr| places.total_of(expr));
        let link = total.map(|(plan, at)| internal(&plan.sheet, at));
        self.sheet
            .link_as(self.at(0), link, &figure.id, &style::centred_cell())?;
        self.sheet
            .text(self.at(1), &figure.label, &style::label())?;
        let format = format.set_bold().set_text_wrap();
        let format = if codes.is_empty() {
            format
        } else {
            let names: Vec<&str> = codes
                .iter()
                .map(|code| self.master.unit_name(code))
                .collect();
            self.sheet.note(self.at(2), &lacking_names(&names))?;
            style::provisional_figure(format)
        };
        match expr.and_then(|expr| figure::live(places, figure, rounding, expr)) {
            Some((formula, number)) => {
                let cached = Cached::Number(number);
                self.sheet.formula(self.at(2), &formula, &cached, &format)?;
            }
            None => self
                .sheet
                .value(self.at(2), figure.value.as_ref(), &format)?,
        }
        let unit = figure.unit.as_deref().unwrap_or_default();
        self.sheet.text(self.at(3), unit, &style::centred_cell())?;
        let note_format = if note.is_empty() {
            style::label()
        } else {
            style::alarm()
        };
        self.sheet.line(self.row, (4, LAST), &note, &note_format)?;
        let tall = lines_on_paper(&figure.label, WIDTHS[1])
            .max(lines_on_paper(&figure.text(), WIDTHS[2] / 1.1))
            .max(lines_on_paper(&note, WIDTHS[4] + WIDTHS[5] + WIDTHS[6]));
        if tall > 1 {
            self.sheet.height(self.row, tall)?;
        }
        self.row += 1;
        Ok(())
    }

    fn submissions(&mut self) -> Result<(), WriteError> {
        self.section("IV. Bản nộp", &["STT", "Tình trạng", "Số bản nộp"])?;
        const STATUSES: [SubmissionStatus; 5] = [
            SubmissionStatus::Accepted,
            SubmissionStatus::Returned,
            SubmissionStatus::Superseded,
            SubmissionStatus::Unreadable,
            SubmissionStatus::Unidentified,
        ];
        let first = self.row;
        let submissions = self.master.input.submissions;
        for (index, status) in STATUSES.into_iter().enumerate() {
            let count = counts::submissions(self.master, status);
            let name = submission_status_name(status);
            self.counts(index + 1, (name, Some(top_of(SUBMISSIONS))), &[count])?;
        }
        self.total(first, &[submissions.len()])
    }

    fn findings(&mut self) -> Result<(), WriteError> {
        self.section(
            "V. Phát hiện theo mức độ",
            &["STT", "Mức độ", "Số phát hiện", "Còn phải xử lý"],
        )?;
        let findings = self.master.input.findings;
        let first = self.row;
        for (index, severity) in [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .enumerate()
        {
            let counts = counts::findings(self.master, severity);
            let name = severity_name(severity);
            self.counts(index + 1, (name, Some(top_of(FINDINGS))), &counts)?;
        }
        let trials = counts::trials(self.master);
        if trials.number > 0 {
            // Shown so that the office can judge the rule on trial; they need no action.
            let words = ("của quy tắc thử nghiệm", Some(top_of(FINDINGS)));
            self.counts(4, words, &[trials, Counted::plain(0)])?;
        }
        let open = findings
            .iter()
            .filter(|finding| finding.is_open() && finding.trial.is_none())
            .count();
        self.total(first, &[findings.len(), open])?;
        let mut by_rule: BTreeMap<(Severity, &str, &str), usize> = BTreeMap::new();
        for finding in findings {
            let form = finding.form.as_deref().unwrap_or_default();
            *by_rule
                .entry((finding.severity, form, &finding.rule))
                .or_default() += 1;
        }
        if by_rule.is_empty() {
            return Ok(());
        }
        self.section(
            "VI. Phát hiện theo quy tắc",
            &["STT", "Quy tắc", "Số phát hiện", "Mức độ", "Biểu"],
        )?;
        let mut rules: Vec<_> = by_rule.into_iter().collect();
        // What matters most first, then what is most frequent.
        rules.sort_by_key(|((severity, ..), count)| (*severity, std::cmp::Reverse(*count)));
        for (index, ((severity, form, rule), count)) in rules.into_iter().enumerate() {
            let format = style::severity(style::centred_cell(), severity);
            self.sheet
                .text(self.at(3), severity_name(severity), &format)?;
            let name = self.master.form_name(form);
            self.sheet.text(self.at(4), name, &style::label())?;
            let count = counts::of_rule(self.master, count, (severity, form, rule));
            self.counts(index + 1, (rule, Some(top_of(FINDINGS))), &[count])?;
        }
        Ok(())
    }
}

/// A link to the top of a sheet.
fn top_of(sheet: &str) -> Url {
    internal(sheet, CellAddress::new(0, 0))
}

/// "2 đơn vị tổng hợp chỉ để đối chiếu, 1 chưa được nhận"; nothing if no unit files the sum of
/// others.
fn sums_note(table: &FormTable) -> String {
    let sums = table.sums.len();
    let open = table.sums.iter();
    let open = open
        .filter(|line| line.state != LineState::Accepted)
        .count();
    match (sums, open) {
        (0, _) => String::new(),
        (sums, 0) => format!("{sums} đơn vị tổng hợp chỉ để đối chiếu"),
        (sums, open) => format!("{sums} đơn vị tổng hợp chỉ để đối chiếu, {open} chưa được nhận"),
    }
}
