//! Paints the live checks: a list below the signature, and how many fail at the top of the sheet.
//! Neither is printed: what a head of office signs is the form alone.

use rust_xlsxwriter::ConditionalFormatFormula;

use super::check_lines::{CheckLine, LiveCheck, of_form};
use super::check_parts::{DOUBTED, HELD, WAITING, WRONG};
use super::check_rows::RowsCheck;
use super::complete;
use super::painter::Painter;
use crate::model::{CellAddress, template_names};
use crate::write::formula::layout::CheckCell;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{Cached, column_number};
use crate::write::paper::style;

impl Painter<'_, '_> {
    /// Writes the checks from row `row` (from 0) on; gives the cells that show the outcomes.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn checks(&mut self, row: u32) -> Result<Vec<CheckCell>, WriteError> {
        let mut lines = of_form(&self.names());
        lines.extend(complete::line(&self.names(), self.input.unit.is_some()));
        let [left, right] = self.blocks();
        if lines.is_empty() || left == right {
            return Ok(Vec::new());
        }
        let title = "Kiểm tra (chỉ để xem trên máy, không in)";
        self.sheet
            .line(row, self.whole(), title, &style::line().set_bold())?;
        let first = row + 1;
        let mut cells = Vec::new();
        for (row, line) in (first..).zip(&lines) {
            let cell = CellAddress::new(row, right.0);
            self.check_line(row, line, [left, right])?;
            cells.push(CheckCell {
                rule: line.rule.clone(),
                label: line.label.clone(),
                place: line.place,
                cell,
                elsewhere: matches!(line.check, LiveCheck::Elsewhere),
            });
        }
        let last = first + count(lines.len()) - 1;
        self.colours(
            CellAddress::new(first, right.0),
            CellAddress::new(last, right.1),
            &[
                (WRONG, style::check_failed()),
                (DOUBTED, style::check_doubted()),
                (HELD, style::check_held()),
            ],
        )?;
        self.counter((first, last), right.0)?;
        Ok(cells)
    }

    fn check_line(
        &mut self,
        row: u32,
        line: &CheckLine,
        [left, right]: [(u32, u32); 2],
    ) -> Result<(), WriteError> {
        let room = self.place.grid.width_of(left.0, left.1) - 1.0;
        let label = style::label().set_indent(1);
        self.sheet.line(row, left, &line.label, &label)?;
        self.sheet.height(row, lines(&line.label, room * 0.9))?;
        let format = style::check_result();
        let waiting = Cached::Text(WAITING.to_owned());
        match &line.check {
            LiveCheck::Cell(formula) => self
                .sheet
                .formula_line(row, right, formula, &waiting, &format),
            LiveCheck::Rows(check) => {
                let formula = self.set_aside(row, check)?;
                self.sheet
                    .formula_line(row, right, &formula, &waiting, &format)
            }
            LiveCheck::Elsewhere => self.sheet.line(
                row,
                right,
                "không kiểm tra được trong tệp này",
                &style::quiet(label.set_italic()),
            ),
        }
    }

    /// First of the three hidden columns behind the table.
    fn aside(&self) -> u32 {
        self.place.grid.last_column() + 2 + count(self.beside.len())
    }

    /// Puts three figures of a check aside, in hidden columns behind the table; gives the formula
    /// that shows what they say.
    fn set_aside(&mut self, row: u32, check: &RowsCheck) -> Result<String, WriteError> {
        let behind = self.aside();
        let at = [0, 1, 2].map(|offset| CellAddress::new(row, behind + offset));
        let zero = Cached::Number(0.into());
        let format = style::quiet(style::base());
        self.sheet.formula(at[0], &check.asked, &zero, &format)?;
        self.sheet.formula(at[1], &check.wrong, &zero, &format)?;
        self.sheet
            .formula(at[2], &check.first(at[1]), &Cached::Empty, &format)?;
        for cell in at {
            self.sheet
                .0
                .set_column_hidden(column_number(cell.column)?)?;
        }
        Ok(check.shown(&self.names(), at))
    }

    /// Colours cells by how their text begins.
    fn colours(
        &mut self,
        first: CellAddress,
        last: CellAddress,
        by_start: &[(&str, rust_xlsxwriter::Format)],
    ) -> Result<(), WriteError> {
        let here = format!("${}", first);
        for (start, format) in by_start {
            let length = start.chars().count();
            let rule = format!("=LEFT({here},{length})=\"{start}\"");
            let condition = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(format);
            self.sheet.0.add_conditional_format(
                first.row,
                column_number(first.column)?,
                last.row,
                column_number(last.column)?,
                &condition,
            )?;
        }
        Ok(())
    }

    /// How many checks fail; a click goes to them.
    fn counter(&mut self, rows: (u32, u32), column: u32) -> Result<(), WriteError> {
        let row = self.place.grid.counter;
        let name = template_names::checks(self.form().id());
        let results = format!(
            "{}:{}",
            CellAddress::new(rows.0, column),
            CellAddress::new(rows.1, column)
        );
        // A line about all rows the unit adds counts as many places as rows are wrong.
        let wrong_rows = {
            let column = self.aside() + 1;
            let at = |row| CellAddress::new(row, column);
            format!("{}:{}", at(rows.0), at(rows.1))
        };
        let free = self.form().is_free();
        let begin = |word: &str| match free {
            true => format!(
                "(COUNTIF({results},\"{word}*\")+SUMIF({results},\"{word}*\",{wrong_rows})-COUNTIFS({results},\"{word}*\",{wrong_rows},\">0\"))"
            ),
            false => format!("COUNTIF({results},\"{word}*\")"),
        };
        let (wrong, doubted) = (begin(WRONG), begin(DOUBTED));
        let waiting = format!("COUNTIF({results},\"{WAITING}*\")");
        let text = format!(
            "IF({wrong}>0,\"Còn \"&{wrong}&\" chỗ chưa đúng. Bấm vào đây để xem.\",IF({doubted}>0,\"Còn \"&{doubted}&\" chỗ cần giải trình. Bấm vào đây để xem.\",IF({waiting}>0,\"Chưa thấy chỗ nào sai; còn \"&{waiting}&\" điều chờ đủ số liệu.\",\"Không còn chỗ nào chưa đúng.\")))"
        );
        let whole = self.whole();
        self.sheet.formula_line(
            row,
            whole,
            &format!("=HYPERLINK(\"#{name}\",{text})"),
            &Cached::Text(String::new()),
            &style::counter(),
        )?;
        self.colours(
            CellAddress::new(row, 0),
            CellAddress::new(row, whole.1),
            &[
                ("Còn", style::check_failed()),
                ("Không", style::check_held()),
            ],
        )
    }
}
