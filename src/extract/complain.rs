//! What reading a table gives rise to: each doubt a finding at its cell, each said once.

use std::collections::{BTreeSet, HashMap};

use super::cell::Problem;
use super::read::Reader;
use super::rows;
use super::table::{CellState, Table};
use super::unfilled::unasked;
use crate::model::{CellAddress, Class, Finding, Message, Severity, Suspect, Value};
use crate::workbook::Content;

/// What a check is called, what sort of thing it is about and how much it matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    rule: &'static str,
    class: Class,
    severity: Severity,
}

impl Check {
    pub(super) const fn new(rule: &'static str, class: Class, severity: Severity) -> Check {
        Check {
            rule,
            class,
            severity,
        }
    }

    /// Something of the table is not where or what it should be.
    pub(super) const fn structure(rule: &'static str, severity: Severity) -> Check {
        Check::new(rule, Class::Structure, severity)
    }
}

const NO_TOTAL: Check = Check::structure("thieu-dong-tong", Severity::Error);
const NAMELESS_ROW: Check = Check::structure("dong-khong-ten", Severity::Error);
const NOT_ASKED: Check = Check::structure("o-khong-phai-bao-cao", Severity::Error);
const NOT_FILLED: Check = Check::structure("bieu-chua-dien", Severity::Error);
const SAME_NAME: Check = Check::structure("trung-ten-dong", Severity::Warning);
const STRAY: Check = Check::structure("so-ngoai-bang", Severity::Warning);
const ODD_ORDINAL: Check = Check::structure("so-thu-tu-lech", Severity::Info);
const NO_FIGURE: Check = Check::new("thieu-so-lieu", Class::Type, Severity::Error);
const FIGURE_AS_TEXT: Check = Check::new("so-dang-chu", Class::Parse, Severity::Info);

impl Reader<'_> {
    /// Adds a finding about the table; what else is known of it can be put into what is returned.
    pub(super) fn report(
        &mut self,
        check: Check,
        cell: Option<CellAddress>,
        message: Message,
    ) -> &mut Finding {
        let place = self.findings.len();
        self.findings.push(Finding {
            form: Some(self.form.id().into()),
            sheet: Some(self.sheet.name.clone()),
            cell,
            ..Finding::new(check.rule, check.class, check.severity, self.file, message)
        });
        &mut self.findings[place]
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
        let sheet = self.sheet.name.clone();
        let check = Check::new(problem.rule, problem.class, problem.severity);
        let finding = self.report(check, Some(address), message);
        finding.value = problem.found.clone();
        finding.expected = problem.suggestion.clone();
        if problem.suggestion.is_some() {
            finding.suspects.push(Suspect {
                sheet,
                cell: address,
                value: problem.found,
                suggestion: problem.suggestion,
                rank: 1,
                reason: Message::new("cách ghi số ở ô này", "the way this cell is written"),
            });
        }
        problem
            .usable
            .map_or(CellState::Unreadable, CellState::Value)
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
            .any(|finding| finding.rule == ODD_ORDINAL.rule);
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
        self.report(ODD_ORDINAL, Some(address), message).value = found;
    }

    pub(super) fn report_missing_total(&mut self, label: &str) {
        let message = Message::new(
            format!(
                "Không thấy dòng «{label}» ở cuối bảng. Hãy thêm lại dòng này, cột đầu ghi đúng «{label}»."
            ),
            format!("The total row `{label}` was not found. Put it back below the table."),
        );
        self.report(NO_TOTAL, None, message);
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
        self.report(NAMELESS_ROW, Some(address), message);
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
        self.report(NOT_ASKED, Some(address), message).value = Some(value);
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
        let cell = column.map(|column| CellAddress::new(row, column));
        self.report(SAME_NAME, cell, message);
        unique
    }

    pub(super) fn finish(mut self, mut table: Table) -> (Table, Vec<Finding>) {
        if self.filled {
            self.report_missing_figures();
        } else {
            let message = self.not_filled();
            // The other findings would only say the same cell by cell.
            self.findings.clear();
            self.report(NOT_FILLED, None, message);
            return (unasked(table), self.findings);
        }
        self.gather_uncomputed();
        self.report_noted();
        self.report_formulas(&mut table);
        self.report_hidden();
        self.report_marks();
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
            let content = self.sheet.cells.get(&address).map(|cell| &cell.content);
            let message = if content == Some(&Content::EmptyText) {
                Message::new(
                    format!(
                        "«{label}»: công thức ở ô này chưa cho ra số (ô hiện trống), ở đây phải có số liệu. Hãy điền đủ các ô mà công thức dùng, hoặc gõ số vào ô."
                    ),
                    format!("`{label}`: the formula gives an empty text, and a figure is due."),
                )
            } else {
                Message::new(
                    format!(
                        "«{label}»: ô để trống, ở đây phải có số liệu. Nếu không phát sinh, hãy ghi 0."
                    ),
                    format!("`{label}`: blank, and a figure is due. Write 0 if there is none."),
                )
            };
            self.report(NO_FIGURE, Some(address), message);
        }
    }

    /// One note a table, not one a cell: templates of the past made every figure a text.
    pub(super) fn report_noted(&mut self) {
        let Some(first) = self.noted.first().copied() else {
            return;
        };
        let (count, cells) = (self.noted.len(), listed(&self.noted));
        let message = Message::new(
            format!("{count} ô ghi số dạng chữ, đã đọc được: {cells}."),
            format!("{count} cells hold figures as text and were read: {cells}."),
        );
        self.report(FIGURE_AS_TEXT, Some(first), message);
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
            .filter_map(|(address, cell)| Some((*address, rows::figure(cell)?)))
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
            self.report(STRAY, Some(address), message).value = value;
        }
    }
}

/// The first few of some cells: "C7, C9, C12...".
pub(super) fn listed(cells: &[CellAddress]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = cells.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if cells.len() > SHOWN { "..." } else { "" };
    format!("{}{more}", shown.join(", "))
}
