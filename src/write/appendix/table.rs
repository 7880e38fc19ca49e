//! Appendix tables of the report, ready to print: their content. Their look is in
//! `sheet` and `document`.

use std::borrow::Cow;

use super::query::{LineComputation, Operands};
use crate::model::Value;
use crate::schema::campaign::{AppendixList, AppendixText, CampaignFile};
use crate::schema::{Field, Form};
use crate::write::formula::shown::ShownCell;
use crate::write::paper::count::{count, roman};

/// One appendix: the content of its table.
pub(super) struct Appendix<'a> {
    /// As declared.
    pub text: &'a AppendixText,
    /// Its number, if there are several.
    pub number: Option<usize>,
    /// The form it is made of.
    pub form: &'a Form,
    /// Header of the column of unit names; none if it has no such column.
    pub names: Option<&'static str>,
    /// Columns behind ordinal and name.
    pub columns: Vec<AppendixColumn<'a>>,
    /// Groups with their rows; one without a title if it is not grouped.
    pub blocks: Vec<Block>,
    /// Units whose figures are not in it.
    pub lacking: usize,
}

/// A column of an appendix.
pub(super) struct AppendixColumn<'a> {
    /// Header path.
    pub header: Vec<String>,
    /// What it holds.
    pub field: Cow<'a, Field>,
    /// Index into the form's rows.
    pub row: Option<usize>,
    /// Index into the form's columns; the first if it is computed.
    pub column: usize,
    /// Decimals its figures have.
    pub decimals: u32,
    /// The consolidated total, for what cannot be added up.
    pub total: Option<Value>,
    /// How it is computed from its line, if it is.
    pub computed: Option<LineComputation<'a>>,
}

/// Rows under one heading.
pub(super) struct Block {
    pub title: Option<String>,
    pub rows: Vec<Row>,
}

/// A row of an appendix.
pub(super) struct Row {
    /// Name of the unit.
    pub name: String,
    /// One a column.
    pub values: Vec<Option<Value>>,
    /// Figures its computed columns need.
    pub operands: Operands,
    /// Columns whose rounded figure was moved by one unit so that the column adds up.
    pub moved: Vec<usize>,
    /// Are its figures still to come?
    pub lacking: bool,
}

impl Appendix<'_> {
    /// "Phụ lục II"; numbered if there are several (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III).
    pub fn name(&self) -> String {
        match self.number {
            Some(number) => format!("Phụ lục {}", roman(number)),
            None => "Phụ lục".to_owned(),
        }
    }

    /// The unit of measure of the whole table.
    pub fn unit(&self) -> Option<&str> {
        let own = self.text.unit.as_deref();
        own.or(self.form.file.unit.as_deref())
    }

    /// The heading of a group: "Khu vực Bến Tre (22 đơn vị)".
    pub fn group_text(&self, title: &str, block: &Block) -> String {
        match self.text.list {
            AppendixList::Units => format!("{title} ({} đơn vị)", block.rows.len()),
            AppendixList::Rows => title.to_owned(),
        }
    }

    /// What precedes the totals; the number of units if nothing else is totalled.
    pub fn total_text(&self, label: &str, cells: &[ShownCell]) -> String {
        let counted: usize = self.blocks.iter().map(|block| block.rows.len()).sum();
        let nothing = cells.iter().all(|cell| *cell == ShownCell::Value(None));
        match self.text.list {
            AppendixList::Units if nothing => format!("{label}: {counted} đơn vị"),
            _ => label.to_owned(),
        }
    }

    /// Last column the words of a totalled row may take: before the first total. `first` is the
    /// column of the first of `cells`.
    pub fn words_until(&self, first: u32, cells: &[ShownCell]) -> u32 {
        let leading = cells.iter().zip(&self.columns);
        let words = leading.take_while(|(cell, column)| {
            **cell == ShownCell::Value(None) && !column.field.kind.is_numeric()
        });
        first - 1 + count(words.count())
    }
}

impl Appendix<'_> {
    /// Notes under the table, the tool's own last.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.text.notes.clone();
        let mut rows = self.blocks.iter().flat_map(|block| &block.rows);
        if rows.any(|row| !row.moved.is_empty()) {
            notes.push(
                "Số có dấu * đã được điều chỉnh một đơn vị ở chữ số cuối khi làm tròn, để các dòng \
                 cộng đúng số tổng."
                    .to_owned(),
            );
        }
        notes
    }
}

impl Row {
    /// Name of the unit, and whether its figures are still to come.
    pub fn shown_name(&self) -> String {
        let late = if self.lacking {
            " (chưa có số)"
        } else {
            ""
        };
        format!("{}{late}", self.name)
    }
}

/// The line that ties an appendix to its report; number and day are filled in on paper.
pub(super) fn attached(campaign: &CampaignFile) -> String {
    format!(
        "(Kèm theo Báo cáo số        /BC-...... ngày      tháng      năm          của {})",
        campaign.office
    )
}
