//! What reading a table gives rise to: each doubt a finding at its cell, each said once.

use std::collections::{BTreeSet, HashMap};

use super::cell::Problem;
use super::read::{Reader, unasked};
use super::table::{CellState, Table};
use crate::model::{CellAddress, Class, Finding, Message, Severity, Suspect, Value};
use crate::text::nearest;
use crate::workbook::Content;

/// Id of the note about an ordinal out of order.
const ODD_ORDINAL: &str = "so-thu-tu-lech";

impl Reader<'_> {
    pub(super) fn finding(
        &self,
        rule: &str,
        class: Class,
        severity: Severity,
        message: Message,
    ) -> Finding {
        Finding {
            form: Some(self.form.id().into()),
            sheet: Some(self.sheet.name.clone()),
            ..Finding::new(rule, class, severity, self.file, message)
        }
    }

    pub(super) fn report_problem(
        &mut self,
        problem: Problem,
        row: Option<usize>,
        column: usize,
        address: CellAddress,
    ) -> CellState {
        let label = self.form.cell_label(row, column);
        let message = Message::new(
            format!("«{label}»: {}", problem.message.vi),
            format!("`{label}`: {}", problem.message.en),
        );
        let mut finding = self
            .finding(problem.rule, problem.class, problem.severity, message)
            .at(&self.sheet.name, address);
        finding.value = problem.found.clone();
        finding.expected = problem.suggestion.clone();
        if problem.suggestion.is_some() {
            finding.suspects.push(Suspect {
                sheet: self.sheet.name.clone(),
                cell: address,
                value: problem.found,
                suggestion: problem.suggestion,
                reason: Message::new("cách ghi số ở ô này", "the way this cell is written"),
            });
        }
        self.findings.push(finding);
        problem
            .usable
            .map_or(CellState::Unreadable, CellState::Value)
    }

    pub(super) fn report_missing_columns(&mut self) {
        for (i, place) in self.located.header.columns.iter().enumerate() {
            if place.is_some() {
                continue;
            }
            let label = self.form.file.columns[i].label.full();
            let own = self.form.file.columns[i].label.own();
            let taken: BTreeSet<u32> = self
                .located
                .header
                .columns
                .iter()
                .flatten()
                .copied()
                .collect();
            let near = self.nearest_text(own, |cell| {
                cell.row >= self.located.header.top
                    && cell.row < self.located.header.data
                    && !taken.contains(&cell.column)
            });
            let near = told_nearest(near);
            let message = Message::new(
                format!(
                    "Không thấy cột «{label}»{}. Hãy giữ nguyên tiêu đề cột của biểu mẫu.",
                    near.vi
                ),
                format!(
                    "Column `{label}` was not found{}. Keep the form's own headers.",
                    near.en
                ),
            );
            self.findings.push(self.finding(
                "khong-thay-cot",
                Class::Structure,
                Severity::Error,
                message,
            ));
        }
    }

    pub(super) fn report_missing_rows(&mut self, places: &[Option<u32>]) {
        let form = self.form.clone();
        for (i, (row, place)) in form.file.rows.iter().zip(places).enumerate() {
            if place.is_some() || row.heading || !self.asks(row, false) {
                continue;
            }
            let label = row.label.own();
            let near = self.stranger_in_place(places, i, label);
            if let Some((cell, _)) = &near {
                // Its figures are told once, here, not again as figures outside the table.
                let columns = self.located.header.columns.iter().flatten();
                self.seen
                    .extend(columns.map(|column| CellAddress::new(cell.row, *column)));
            }
            let cell = near.as_ref().map(|(cell, _)| *cell);
            let near = told_nearest(near);
            let message = Message::new(
                format!(
                    "Không thấy dòng «{label}»{}. Hãy giữ nguyên các dòng của biểu mẫu.",
                    near.vi
                ),
                format!(
                    "Row `{label}` was not found{}. Keep the form's own rows.",
                    near.en
                ),
            );
            let mut finding = self.finding(
                "khong-thay-dong",
                Class::Structure,
                Severity::Error,
                message,
            );
            finding.cell = cell;
            self.findings.push(finding);
        }
    }

    /// The label that stands where a missing row should: among the rows between its neighbours
    /// that are no row of the form, the only one, or else the nearest.
    pub(super) fn stranger_in_place(
        &self,
        places: &[Option<u32>],
        missing: usize,
        label: &str,
    ) -> Option<(CellAddress, String)> {
        let taken: BTreeSet<u32> = places.iter().flatten().copied().collect();
        let before = places[..missing].iter().flatten().next_back();
        let after = places[missing..].iter().flatten().next();
        let from = before.map_or(self.located.header.data, |row| row + 1);
        let to = after.map_or(self.located.last, |row| row.saturating_sub(1));
        let stranger = |cell: CellAddress| {
            Some(cell.column) == self.located.header.label
                && (from..=to).contains(&cell.row)
                && !taken.contains(&cell.row)
        };
        let labels: Vec<(CellAddress, &str)> = self
            .sheet
            .cells
            .iter()
            .filter(|(address, _)| stranger(**address))
            .filter_map(|(address, cell)| Some((*address, cell.text()?.trim())))
            .collect();
        match (labels.as_slice(), after) {
            ([(cell, text)], Some(_)) => Some((*cell, (*text).to_owned())),
            _ => self.nearest_text(label, stranger),
        }
    }

    /// The text nearest to `wanted` among some cells.
    pub(super) fn nearest_text(
        &self,
        wanted: &str,
        among: impl Fn(CellAddress) -> bool,
    ) -> Option<(CellAddress, String)> {
        let texts: Vec<(CellAddress, &str)> = self
            .sheet
            .cells
            .iter()
            .filter(|(address, _)| among(**address))
            .filter_map(|(address, cell)| Some((*address, cell.text()?.trim())))
            .collect();
        let near = nearest(wanted, texts.iter().map(|(_, text)| *text))?;
        let (cell, text) = texts.iter().find(|(_, text)| *text == near)?;
        Some((*cell, (*text).to_owned()))
    }

    /// Ordinals decorate; one out of order may be a slip into the wrong column, so the first is told.
    pub(super) fn check_ordinal(&mut self, row: u32, declared: Option<&str>, counter: u32) {
        let Some(column) = self.located.header.ordinal else {
            return;
        };
        let address = CellAddress::new(row, column);
        let cell = self.sheet.cells.get(&address);
        let Some(Content::Number(number)) = cell.map(|cell| &cell.content) else {
            return;
        };
        let expected = declared.map_or(counter.to_string(), str::to_owned);
        let told = self
            .findings
            .iter()
            .any(|finding| finding.rule == ODD_ORDINAL);
        if number.to_string() == expected || told {
            return;
        }
        let found = crate::model::value::number_from_f64(*number).map(Value::Number);
        let shown = found
            .as_ref()
            .map_or(number.to_string(), ToString::to_string);
        let message = Message::new(
            format!(
                "Số thứ tự ghi {shown}, theo thứ tự dòng là {expected}. Không ảnh hưởng đến số liệu; hãy xem có gõ nhầm cột không."
            ),
            format!(
                "The ordinal is {shown}; by the order of rows it is {expected}. Figures are not affected."
            ),
        );
        let mut finding = self
            .finding(ODD_ORDINAL, Class::Structure, Severity::Info, message)
            .at(&self.sheet.name, address);
        finding.value = found;
        self.findings.push(finding);
    }

    pub(super) fn report_missing_total(&mut self, label: &str) {
        let message = Message::new(
            format!(
                "Không thấy dòng «{label}» ở cuối bảng. Hãy thêm lại dòng này, cột đầu ghi đúng «{label}»."
            ),
            format!("The total row `{label}` was not found. Put it back below the table."),
        );
        self.findings.push(self.finding(
            "thieu-dong-tong",
            Class::Structure,
            Severity::Error,
            message,
        ));
    }

    pub(super) fn report_nameless(&mut self, row: u32) {
        let columns: Vec<u32> = self
            .located
            .header
            .columns
            .iter()
            .flatten()
            .copied()
            .collect();
        self.seen
            .extend(columns.iter().map(|column| CellAddress::new(row, *column)));
        let key = self.form.key_column();
        let Some(column) = key.and_then(|key| self.located.header.columns[key]) else {
            return;
        };
        let label = key.map_or(String::new(), |key| self.form.cell_label(None, key));
        let address = CellAddress::new(row, column);
        let message = Message::new(
            format!(
                "Dòng {} có số liệu nhưng ô «{label}» để trống. Hãy ghi tên dòng, hoặc xóa số liệu nếu thừa.",
                row + 1
            ),
            format!("Row {} has figures but `{label}` is blank.", row + 1),
        );
        let finding = self
            .finding("dong-khong-ten", Class::Structure, Severity::Error, message)
            .at(&self.sheet.name, address);
        self.findings.push(finding);
    }

    /// A figure where the form asks this unit nothing would be lost in silence.
    pub(super) fn report_unasked(
        &mut self,
        row: Option<usize>,
        column: usize,
        address: CellAddress,
    ) {
        self.seen.insert(address);
        let content = self.sheet.cells.get(&address).map(|cell| &cell.content);
        let Some(Content::Number(number)) = content else {
            return;
        };
        let Some(figure) = crate::model::value::number_from_f64(*number) else {
            return;
        };
        if figure.is_zero() {
            return;
        }
        let label = self.form.cell_label(row, column);
        let value = Value::Number(figure);
        let message = Message::new(
            format!(
                "«{label}»: ô này không thuộc phần đơn vị phải báo cáo nhưng có số {value}. Hãy xóa, hoặc chuyển số về đúng ô."
            ),
            format!("`{label}`: the unit is not asked this, but the cell holds {figure}."),
        );
        let mut finding = self
            .finding(
                "o-khong-phai-bao-cao",
                Class::Structure,
                Severity::Error,
                message,
            )
            .at(&self.sheet.name, address);
        finding.value = Some(value);
        self.findings.push(finding);
    }

    /// Two rows with one name stay two facts; the unit is asked whether that is meant.
    pub(super) fn unique_key(
        &mut self,
        keys: &mut HashMap<String, u32>,
        key: String,
        row: u32,
    ) -> String {
        let count = keys.entry(crate::text::normalise(&key)).or_insert(0);
        *count += 1;
        if *count == 1 {
            return key;
        }
        let unique = format!("{key} ({count})");
        let column = self
            .form
            .key_column()
            .and_then(|k| self.located.header.columns[k]);
        let message = Message::new(
            format!(
                "Tên dòng «{key}» đã có ở trên. Nếu là một việc ghi hai lần, hãy xóa một dòng."
            ),
            format!("The row name `{key}` stands twice."),
        );
        let mut finding = self.finding(
            "trung-ten-dong",
            Class::Structure,
            Severity::Warning,
            message,
        );
        finding.cell = column.map(|column| CellAddress::new(row, column));
        self.findings.push(finding);
        unique
    }

    pub(super) fn finish(mut self, table: Table) -> (Table, Vec<Finding>) {
        if self.filled {
            self.report_missing_figures();
        } else {
            let title = &self.form.file.title;
            let message = Message::new(
                format!(
                    "Biểu «{title}» chưa điền số liệu nào. Hãy điền biểu rồi gửi lại; nếu không phát sinh, ghi 0."
                ),
                format!("Form `{title}` is not filled."),
            );
            // The other findings would only say the same cell by cell.
            self.findings =
                vec![self.finding("bieu-chua-dien", Class::Structure, Severity::Error, message)];
            return (unasked(table), self.findings);
        }
        self.gather_uncomputed();
        self.report_noted();
        self.report_strays();
        (table, self.findings)
    }

    /// A workbook no program has computed lacks every formula's result: said once a table.
    fn gather_uncomputed(&mut self) {
        let uncomputed = |finding: &Finding| finding.rule == super::cell::UNCOMPUTED;
        let cells: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| uncomputed(finding))
            .filter_map(|finding| Some(finding.cell?.to_string()))
            .collect();
        if cells.len() < 2 {
            return;
        }
        let mut told = false;
        self.findings
            .retain(|finding| !uncomputed(finding) || !std::mem::replace(&mut told, true));
        for finding in self
            .findings
            .iter_mut()
            .filter(|finding| uncomputed(finding))
        {
            let list = cells.join(", ");
            finding.message = Message::new(
                format!(
                    "{} ô có công thức nhưng chưa có kết quả: {list}. Hãy mở tệp bằng Excel, bấm F9 rồi lưu lại.",
                    cells.len()
                ),
                format!(
                    "{} formulas have no stored result: {list}. Open the file in Excel, press F9, save.",
                    cells.len()
                ),
            );
        }
    }

    pub(super) fn report_missing_figures(&mut self) {
        for (address, label) in std::mem::take(&mut self.missing) {
            let message = Message::new(
                format!(
                    "«{label}»: ô để trống, ở đây phải có số liệu. Nếu không phát sinh, hãy ghi 0."
                ),
                format!("`{label}`: blank, and a figure is due. Write 0 if there is none."),
            );
            let finding = self
                .finding("thieu-so-lieu", Class::Type, Severity::Error, message)
                .at(&self.sheet.name, address);
            self.findings.push(finding);
        }
    }

    /// One note a table, not one a cell: templates of the past made every figure a text.
    pub(super) fn report_noted(&mut self) {
        let Some(first) = self.noted.first().copied() else {
            return;
        };
        let cells: Vec<String> = self.noted.iter().take(5).map(ToString::to_string).collect();
        let more = if self.noted.len() > cells.len() {
            "..."
        } else {
            ""
        };
        let message = Message::new(
            format!(
                "{} ô ghi số dạng chữ, đã đọc được: {}{more}.",
                self.noted.len(),
                cells.join(", ")
            ),
            format!(
                "{} cells hold figures as text and were read: {}{more}.",
                self.noted.len(),
                cells.join(", ")
            ),
        );
        let finding = self
            .finding("so-dang-chu", Class::Parse, Severity::Info, message)
            .at(&self.sheet.name, first);
        self.findings.push(finding);
    }

    /// Figures in the table's columns that belong to no row of it.
    pub(super) fn report_strays(&mut self) {
        let columns: BTreeSet<u32> = self
            .located
            .header
            .columns
            .iter()
            .flatten()
            .copied()
            .collect();
        let first = CellAddress::new(self.located.header.data, 0);
        let last = CellAddress::new(self.located.last, u32::MAX);
        let strays: Vec<(CellAddress, f64)> = self
            .sheet
            .cells
            .range(first..=last)
            .filter(|(address, _)| {
                columns.contains(&address.column) && !self.seen.contains(address)
            })
            .filter_map(|(address, cell)| match cell.content {
                Content::Number(number) => Some((*address, number)),
                _ => None,
            })
            .collect();
        for (address, number) in strays {
            let value = crate::model::value::number_from_f64(number).map(Value::Number);
            let shown = value
                .as_ref()
                .map_or(number.to_string(), ToString::to_string);
            let message = Message::new(
                format!(
                    "Số {shown} nằm ngoài các dòng của biểu, không được tính. Nếu là số liệu, hãy chuyển vào đúng ô; nếu thừa, hãy xóa."
                ),
                format!("{shown} stands outside the form's rows and is not counted."),
            );
            let mut finding = self
                .finding(
                    "so-ngoai-bang",
                    Class::Structure,
                    Severity::Warning,
                    message,
                )
                .at(&self.sheet.name, address);
            finding.value = value;
            self.findings.push(finding);
        }
    }
}

/// "; gần nhất: «Trực tiếp» ở ô F6".
fn told_nearest(near: Option<(CellAddress, String)>) -> Message {
    match near {
        Some((cell, text)) => Message::new(
            format!("; gần nhất: «{text}» ở ô {cell}"),
            format!("; nearest: `{text}` at {cell}"),
        ),
        None => Message::new("", ""),
    }
}
