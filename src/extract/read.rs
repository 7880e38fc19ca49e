//! Reads a located table: every cell by its field, everything doubtful as a finding at its cell.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::cell::{self, Problem, Reading};
use super::grid::Texts;
use super::locate::Located;
use super::rows::{self, FreeRow};
use super::table::{CellState, Table, TableCell, TableRow};
use crate::model::{CellAddress, Class, Finding, Message, Severity, Suspect, Value};
use crate::schema::{Form, Indicator};
use crate::text::nearest;
use crate::workbook::{Content, Sheet, Workbook};

/// Id of the note about an ordinal out of order.
const ODD_ORDINAL: &str = "so-thu-tu-lech";

/// Reads one table of one workbook.
pub struct Reader<'a> {
    file: &'a Arc<str>,
    form: &'a Arc<Form>,
    sheet: &'a Sheet,
    unit_kind: Option<&'a str>,
    texts: Texts<'a>,
    located: &'a Located,
    findings: Vec<Finding>,
    /// Cells that hold figures as text and were read all the same.
    noted: Vec<CellAddress>,
    /// Cells that were read or are known not to be figures.
    seen: BTreeSet<CellAddress>,
    missing: Vec<(CellAddress, String)>,
    /// Has anybody typed anything into a cell of the table?
    filled: bool,
}

/// Reads a located table. `unit_kind` is the kind of the reporting unit, if known: rows that its
/// kind is not asked are absent.
pub fn read_table(
    workbook: &Workbook,
    file: &Arc<str>,
    located: &Located,
    unit_kind: Option<&str>,
) -> (Table, Vec<Finding>) {
    let sheet = &workbook.sheets[located.sheet];
    let mut reader = Reader {
        file,
        form: &located.form,
        sheet,
        unit_kind,
        texts: Texts::new(sheet),
        located,
        findings: Vec::new(),
        noted: Vec::new(),
        seen: BTreeSet::new(),
        missing: Vec::new(),
        filled: false,
    };
    reader.report_missing_columns();
    let table = if located.form.is_free() {
        reader.free_table()
    } else {
        reader.fixed_table()
    };
    reader.finish(table)
}

impl Reader<'_> {
    fn fixed_table(&mut self) -> Table {
        let places = rows::fixed(
            self.form,
            &self.texts,
            &self.located.header,
            self.located.last,
        );
        let form = self.form.clone();
        self.report_missing_rows(&places);
        let mut table_rows = Vec::new();
        let mut counter = 0;
        for (i, row) in form.file.rows.iter().enumerate() {
            let asked = self.asks(row, places[i].is_some());
            if let (Some(place), false) = (places[i], row.heading) {
                counter += 1;
                self.check_ordinal(place, row.no.as_deref(), counter);
            }
            let cells = (0..form.file.columns.len())
                .map(|column| self.table_cell(Some(i), column, places[i], asked))
                .collect();
            table_rows.push(TableRow {
                row: Some(i),
                key: row.id.get_ref().as_str().into(),
                cells,
            });
        }
        Table {
            form,
            file: self.file.clone(),
            sheet: self.sheet.name.clone(),
            rows: table_rows,
            total: None,
        }
    }

    /// Is the unit asked this row? A row for some kinds only may be left out of the template of the
    /// others, so where the kind is not known the row's absence says it is not asked.
    fn asks(&self, row: &Indicator, present: bool) -> bool {
        match (&row.kinds, self.unit_kind) {
            (Some(kinds), Some(kind)) => kinds.iter().any(|k| k == kind),
            (Some(_), None) => present,
            (None, _) => true,
        }
    }

    fn free_table(&mut self) -> Table {
        let form = self.form.clone();
        let mut table = Table {
            form: form.clone(),
            file: self.file.clone(),
            sheet: self.sheet.name.clone(),
            rows: Vec::new(),
            total: None,
        };
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut counter = 0;
        let found = rows::free(&form, &self.texts, &self.located.header, self.located.last);
        for free in found {
            match free {
                FreeRow::Data { row, key } => {
                    counter += 1;
                    self.check_ordinal(row, None, counter);
                    let cells = self.row_cells(row);
                    let key = self.unique_key(&mut keys, key, row);
                    table.rows.push(TableRow {
                        row: None,
                        key: key.into(),
                        cells,
                    });
                }
                FreeRow::Nameless { row } => self.report_nameless(row),
                FreeRow::Total { row } => {
                    let cells = self.total_cells(row);
                    table.total = Some(TableRow {
                        row: None,
                        key: "".into(),
                        cells,
                    });
                }
            }
        }
        if let (Some(label), None) = (&form.file.layout.total, &table.total) {
            self.report_missing_total(label);
        }
        table
    }

    fn row_cells(&mut self, row: u32) -> Vec<TableCell> {
        (0..self.form.file.columns.len())
            .map(|column| self.table_cell(None, column, Some(row), true))
            .collect()
    }

    /// Cells of the total row: only what can be added is looked at, and a blank is no mistake yet.
    fn total_cells(&mut self, row: u32) -> Vec<TableCell> {
        let form = self.form.clone();
        (0..form.file.columns.len())
            .map(|column| match form.field(None, column) {
                Some(field) if field.kind.is_numeric() => {
                    let before = self.missing.len();
                    let cell = self.table_cell(None, column, Some(row), true);
                    self.missing.truncate(before);
                    cell
                }
                _ => TableCell::ABSENT,
            })
            .collect()
    }

    fn table_cell(
        &mut self,
        form_row: Option<usize>,
        column: usize,
        sheet_row: Option<u32>,
        asked: bool,
    ) -> TableCell {
        let form = self.form.clone();
        let place = sheet_row.zip(self.located.header.columns[column]);
        let address = place.map(|(row, column)| CellAddress::new(row, column));
        let Some(field) = form.field(form_row, column).filter(|_| asked) else {
            if let Some(address) = address {
                self.report_unasked(form_row, column, address);
            }
            return TableCell::ABSENT;
        };
        let Some(address) = address else {
            return TableCell {
                address: None,
                state: CellState::Unreadable,
            };
        };
        self.seen.insert(address);
        let cell = self.sheet.cells.get(&address);
        // Last period's figures say nothing of this one; the template fills them in itself.
        self.filled |= cell.is_some_and(|cell| cell.formula.is_none())
            && form.opening(form_row, column).is_none();
        let reading = cell::read(cell, field);
        let state = match reading {
            Reading::Value(value) => CellState::Value(value),
            Reading::Noted(value) => {
                self.noted.push(address);
                CellState::Value(value)
            }
            Reading::Blank => CellState::Blank,
            Reading::Missing => {
                self.missing
                    .push((address, form.cell_label(form_row, column)));
                CellState::Blank
            }
            Reading::Problem(problem) => self.report_problem(*problem, form_row, column, address),
        };
        TableCell {
            address: Some(address),
            state,
        }
    }

    fn finding(&self, rule: &str, class: Class, severity: Severity, message: Message) -> Finding {
        Finding {
            form: Some(self.form.id().into()),
            sheet: Some(self.sheet.name.clone()),
            ..Finding::new(rule, class, severity, self.file, message)
        }
    }

    fn report_problem(
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

    fn report_missing_columns(&mut self) {
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

    fn report_missing_rows(&mut self, places: &[Option<u32>]) {
        let form = self.form.clone();
        let taken: BTreeSet<u32> = places.iter().flatten().copied().collect();
        for (row, place) in form.file.rows.iter().zip(places) {
            if place.is_some() || row.heading || !self.asks(row, false) {
                continue;
            }
            let label = row.label.own();
            let near = self.nearest_text(label, |cell| {
                Some(cell.column) == self.located.header.label
                    && cell.row >= self.located.header.data
                    && !taken.contains(&cell.row)
            });
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
            self.findings.push(self.finding(
                "khong-thay-dong",
                Class::Structure,
                Severity::Error,
                message,
            ));
        }
    }

    /// "; gần nhất: «Trực tiếp» ở F6" for the nearest text among some cells.
    fn nearest_text(&self, wanted: &str, among: impl Fn(CellAddress) -> bool) -> Message {
        let texts: Vec<(CellAddress, &str)> = self
            .sheet
            .cells
            .iter()
            .filter(|(address, _)| among(**address))
            .filter_map(|(address, cell)| match &cell.content {
                Content::Text(text) => Some((*address, text.trim())),
                _ => None,
            })
            .collect();
        let near = nearest(wanted, texts.iter().map(|(_, text)| *text));
        match near.and_then(|near| texts.iter().find(|(_, text)| *text == near)) {
            Some((cell, text)) => Message::new(
                format!("; gần nhất: «{text}» ở ô {cell}"),
                format!("; nearest: `{text}` at {cell}"),
            ),
            None => Message::new("", ""),
        }
    }

    /// Ordinals decorate; one out of order may be a slip into the wrong column, so the first is told.
    fn check_ordinal(&mut self, row: u32, declared: Option<&str>, counter: u32) {
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

    fn report_missing_total(&mut self, label: &str) {
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

    fn report_nameless(&mut self, row: u32) {
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
    fn report_unasked(&mut self, row: Option<usize>, column: usize, address: CellAddress) {
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
    fn unique_key(&mut self, keys: &mut HashMap<String, u32>, key: String, row: u32) -> String {
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

    fn finish(mut self, table: Table) -> (Table, Vec<Finding>) {
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
        self.report_noted();
        self.report_strays();
        (table, self.findings)
    }

    fn report_missing_figures(&mut self) {
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
    fn report_noted(&mut self) {
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
    fn report_strays(&mut self) {
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

/// The table of a form nobody filled: what the template itself wrote there is no answer, and no
/// rule is asked of it.
fn unasked(mut table: Table) -> Table {
    table.total = None;
    if table.form.is_free() {
        table.rows.clear();
    }
    let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
    for cell in cells.filter(|cell| cell.state != CellState::Absent) {
        cell.state = CellState::Unreadable;
    }
    table
}
