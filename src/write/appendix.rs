//! Appendix tables of the report, ready to print: what stands in them. Their look is in
//! `appendix_sheet`.

use std::path::Path;

use chrono::NaiveDateTime;

use super::grid::count;
use super::master_fold::Shown;
use super::master_tree::roman;
use super::sheet::Sheet;
use super::{
    WriteError, appendix_document, appendix_sheet, new_workbook, save, sheet_name, write_whole,
};
use crate::consolidate::{Consolidated, FormTable, LineState, UnitLine};
use crate::model::Value;
use crate::schema::campaign::{AppendixList, AppendixText, CampaignFile};
use crate::schema::{Field, Form};

/// Writes the appendices a campaign declares to `path`, stamped `created`. A campaign without
/// appendices writes nothing and gives `false`.
pub fn write_appendices(
    campaign: &CampaignFile,
    consolidated: &Consolidated,
    created: NaiveDateTime,
    path: &Path,
) -> Result<bool, WriteError> {
    if campaign.appendices.is_empty() {
        return Ok(false);
    }
    let mut workbook = new_workbook(&campaign.title, &campaign.office, created)?;
    let mut taken = Vec::new();
    for appendix in appendices(campaign, consolidated)? {
        let name = sheet_name(&appendix.text.sheet, &taken);
        let mut sheet = Sheet::add(&mut workbook, &name)?;
        taken.push(name);
        appendix_sheet::write(&mut sheet, campaign, &appendix)?;
    }
    save(&mut workbook, path)?;
    Ok(true)
}

/// Writes the same appendices as a Word document to `path`, stamped `created`. A campaign without
/// appendices writes nothing and gives `false`.
pub fn write_appendix_document(
    campaign: &CampaignFile,
    consolidated: &Consolidated,
    created: NaiveDateTime,
    path: &Path,
) -> Result<bool, WriteError> {
    if campaign.appendices.is_empty() {
        return Ok(false);
    }
    let stamp = created.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let appendices = appendices(campaign, consolidated)?;
    let bytes = appendix_document::document(campaign, &appendices, &stamp)?;
    write_whole(path, &bytes)?;
    Ok(true)
}

/// The appendices a campaign declares, in order.
fn appendices<'a>(
    campaign: &'a CampaignFile,
    consolidated: &'a Consolidated,
) -> Result<Vec<Appendix<'a>>, WriteError> {
    let several = campaign.appendices.len() > 1;
    let numbered = (1usize..).zip(&campaign.appendices);
    numbered
        .map(|(number, text)| Appendix::new(text, several.then_some(number), consolidated))
        .collect()
}

/// One appendix: what stands in its table.
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
    pub columns: Vec<Column<'a>>,
    /// Groups with their rows; one without a title if it is not grouped.
    pub blocks: Vec<Block>,
    /// Units whose figures are not in it.
    pub lacking: usize,
}

/// A column of an appendix.
pub(super) struct Column<'a> {
    /// Header path.
    pub header: Vec<String>,
    /// What it holds.
    pub field: &'a Field,
    /// Index into the form's rows.
    pub row: Option<usize>,
    /// Index into the form's columns.
    pub column: usize,
    /// Decimals its figures have.
    pub decimals: u32,
    /// The consolidated total, for what cannot be added up.
    pub total: Option<Value>,
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
    /// Are its figures still to come?
    pub lacking: bool,
}

impl<'a> Appendix<'a> {
    fn new(
        text: &'a AppendixText,
        number: Option<usize>,
        consolidated: &'a Consolidated,
    ) -> Result<Self, WriteError> {
        let wanted = text.form.get_ref();
        let table = consolidated
            .forms
            .iter()
            .find(|table| table.form.id() == wanted)
            .ok_or_else(|| unknown(text, wanted))?;
        let places = places(text, table)?;
        let several = table.lines.len() > 1;
        let blocks = match text.list {
            AppendixList::Rows => row_blocks(text, table, &places),
            AppendixList::Units => unit_blocks(text, table, &places)?,
        };
        let columns = text.columns.iter().zip(&places).enumerate();
        let columns = columns.filter_map(|(index, (name, place))| {
            let field = table.form.field(place.row, place.column)?;
            Some(Column {
                header: header(text, &table.form, name, *place),
                field,
                row: place.row,
                column: place.column,
                decimals: decimals(&blocks, index).max(field.decimals),
                total: given_total(text, table, *place),
            })
        });
        Ok(Appendix {
            text,
            number,
            form: &table.form,
            names: match text.list {
                AppendixList::Units => Some("Tên đơn vị"),
                AppendixList::Rows => several.then_some("Đơn vị"),
            },
            columns: columns.collect(),
            lacking: table
                .lines
                .iter()
                .filter(|line| line.state != LineState::Accepted)
                .count(),
            blocks,
        })
    }
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

    /// What stands before the totals; the number of units if nothing else is totalled.
    pub fn total_text(&self, label: &str, cells: &[Shown]) -> String {
        let counted: usize = self.blocks.iter().map(|block| block.rows.len()).sum();
        let nothing = cells.iter().all(|cell| *cell == Shown::Value(None));
        match self.text.list {
            AppendixList::Units if nothing => format!("{label}: {counted} đơn vị"),
            _ => label.to_owned(),
        }
    }

    /// Last column the words of a totalled row may take: before the first total. `first` is the
    /// column of the first of `cells`.
    pub fn words_until(&self, first: u32, cells: &[Shown]) -> u32 {
        let leading = cells.iter().zip(&self.columns);
        let words = leading.take_while(|(cell, column)| {
            **cell == Shown::Value(None) && !column.field.kind.is_numeric()
        });
        first - 1 + count(words.count())
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

/// What a name in `columns` stands for.
#[derive(Clone, Copy)]
struct Place {
    row: Option<usize>,
    column: usize,
    /// Index into the table's fields.
    field: Option<usize>,
}

fn unknown(text: &AppendixText, name: &str) -> WriteError {
    WriteError::new(
        format!("phụ lục «{}»: không có `{name}`", text.title),
        format!("appendix `{}`: there is no `{name}`", text.title),
    )
}

fn place(text: &AppendixText, table: &FormTable, name: &str) -> Result<Place, WriteError> {
    let form = &table.form;
    let found = match name.split_once('.') {
        Some((row, column)) => form.row(row).map(Some).zip(form.column(column)),
        None => form.column(name).map(|column| (None, column)),
    };
    let (row, column) = found.ok_or_else(|| unknown(text, name))?;
    let mut fields = table.fields.iter();
    let field = fields.position(|field| (field.row, field.column) == (row, column));
    // The key of a free row is no field of a unit, but a column of the row.
    if field.is_none() && text.list == AppendixList::Units {
        return Err(unknown(text, name));
    }
    Ok(Place { row, column, field })
}

fn places(text: &AppendixText, table: &FormTable) -> Result<Vec<Place>, WriteError> {
    let names = text.columns.iter();
    names.map(|name| place(text, table, name)).collect()
}

/// The total of all units, which is not that of some of them.
fn given_total(text: &AppendixText, table: &FormTable, place: Place) -> Option<Value> {
    let field = place.field.filter(|_| text.filter.is_none())?;
    table.total.get(field)?.clone()
}

/// Decimals the figures of a column have.
fn decimals(blocks: &[Block], column: usize) -> u32 {
    let rows = blocks.iter().flat_map(|block| &block.rows);
    let values = rows.filter_map(|row| row.values.get(column)?.as_ref()?.as_number());
    values
        .map(|number| number.normalize().scale())
        .max()
        .unwrap_or(0)
}

/// Header path of a column: what the campaign says, else what the form says.
fn header(text: &AppendixText, form: &Form, name: &str, place: Place) -> Vec<String> {
    if let Some(own) = text.headers.get(name) {
        return vec![own.clone()];
    }
    let row = place.row.and_then(|row| form.file.rows.get(row));
    let mut path: Vec<String> = row
        .map(|row| row.label.own().to_owned())
        .into_iter()
        .collect();
    // The only column of a form says nothing its rows do not.
    if (path.is_empty() || form.file.columns.len() > 1)
        && let Some(column) = form.file.columns.get(place.column)
    {
        path.extend(column.label.path().iter().cloned());
    }
    path
}

/// All rows of all units, in the units' order; under the units' groups if so asked.
fn row_blocks(text: &AppendixText, table: &FormTable, places: &[Place]) -> Vec<Block> {
    grouped(text, table.lines.iter(), |line| {
        let rows = line.rows.iter().map(|row| Row {
            name: line.unit.name.clone(),
            values: places
                .iter()
                .map(|place| row.values.get(place.column).cloned().flatten())
                .collect(),
            lacking: false,
        });
        rows.collect()
    })
}

/// One row a unit: those that ticked the filter, else all that must file the form.
fn unit_blocks(
    text: &AppendixText,
    table: &FormTable,
    places: &[Place],
) -> Result<Vec<Block>, WriteError> {
    let filter = match &text.filter {
        Some(name) => Some(
            place(text, table, name)?
                .field
                .ok_or_else(|| unknown(text, name))?,
        ),
        None => None,
    };
    let ticked = |line: &&UnitLine| {
        filter.is_none_or(|field| line.values.get(field) == Some(&Some(Value::Flag(true))))
    };
    let rows = |line: &UnitLine| {
        let values = places
            .iter()
            .map(|place| line.values.get(place.field?).cloned().flatten());
        vec![Row {
            name: line.unit.name.clone(),
            values: values.collect(),
            lacking: line.state != LineState::Accepted,
        }]
    };
    Ok(grouped(text, table.lines.iter().filter(ticked), rows))
}

/// Rows under the roster's groups in the order they first come, or all under no heading.
fn grouped<'a>(
    text: &AppendixText,
    lines: impl Iterator<Item = &'a UnitLine>,
    rows: impl Fn(&UnitLine) -> Vec<Row>,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        let title = text.by_group.then(|| line.unit.group.clone());
        let rows = rows(line);
        match blocks.iter_mut().find(|block| block.title == title) {
            Some(block) => block.rows.extend(rows),
            None if rows.is_empty() => {}
            None => blocks.push(Block { title, rows }),
        }
    }
    blocks
}
