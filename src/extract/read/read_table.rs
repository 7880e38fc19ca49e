//! Reads a located table: every cell by its field, everything doubtful as a finding at its cell.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::behind;
use super::blanks;
use super::cell;
use super::complain;
use super::constants;
use super::context::{Due, MissingFigure, ReadContext, ReadLog};
use super::dates;
use super::extras;
use super::formulas::report_formulas;
use super::hidden::report_hidden;
use super::letters;
use super::merged;
use super::missing::{report_missing_columns, report_missing_rows};
use super::named_sums;
use super::outline::Outline;
use super::own_columns;
use super::passed_over;
use super::pasted_low::{self, ListRows};
use super::plain_sums::PlainSum;
use super::ratios;
use super::reading::CellReading;
use super::relabelled::report_relabelled;
use super::rounded;
use super::shares;
use super::stale;
use super::strays;
use super::struck;
use super::subtotals;
use super::unfilled;
use crate::extract::grid::Texts;
use crate::extract::locate::rows::{self, RowContent};
use crate::extract::locate::{Located, NamesBeside};
use crate::extract::table::{CellState, Table, TableCell, TableRow};
use crate::model::{CellAddress, Filer, Finding, Period};
use crate::schema::{FieldType, Meaning};
use crate::workbook::{Content, Workbook};

/// Reads a located table. `filer` is the reporting unit, if known: rows that it does not fill in
/// are absent. `period` is what the figures are about, if that is settled.
pub fn read_table(
    workbook: &Workbook,
    file: &Arc<str>,
    located: &Located,
    filer: Option<Filer<'_>>,
    period: Option<Period>,
) -> (Table, Vec<Finding>) {
    let (sheet, form) = (&workbook.sheets[located.sheet], &located.form);
    let beside = NamesBeside::new(form, sheet, &located.header, located.last);
    let sheet = &*beside.sheet;
    let context = ReadContext {
        file,
        form: &located.form,
        sheet,
        filer,
        texts: Texts::new(sheet),
        located,
        period,
    };
    let mut log = ReadLog::default();
    report_missing_columns(&context, &mut log);
    let table = match located.form.is_free() {
        true => free_table(&context, &mut log),
        false => fixed_table(&context, &mut log),
    };
    let (mut table, findings) = finish(&context, log, table);
    let rows = table.rows.iter_mut().chain(&mut table.total);
    let cells = rows.flat_map(|row| &mut row.cells);
    for at in cells.filter_map(|cell| cell.address.as_mut()) {
        *at = beside.origin(*at);
    }
    let findings = findings.into_iter().map(|mut finding| {
        if let Some(cause) = &mut finding.review.cause {
            cause.cell = beside.origin(cause.cell);
        }
        for suspect in &mut finding.review.suspects {
            suspect.cell = beside.origin(suspect.cell);
        }
        match finding.cell {
            Some(cell) => finding.at(&sheet.name, beside.origin(cell)),
            None => finding,
        }
    });
    (table, findings.collect())
}

/// Adds the findings that need the whole table.
fn finish(context: &ReadContext<'_>, mut log: ReadLog, mut table: Table) -> (Table, Vec<Finding>) {
    if !log.filled && unfilled::has_lost_figures(context, &log, &table) {
        return (unfilled::unasked(table), log.findings);
    }
    if !log.filled {
        // The other findings would only repeat this cell by cell.
        log.findings.clear();
        complain::report_not_filled(context, &mut log, unfilled::not_filled(context));
        return (unfilled::unasked(table), log.findings);
    }
    passed_over::settle(context, &mut log, &mut table);
    shares::settle(&mut table, &mut log.findings);
    ratios::settle(context, &mut log, &mut table);
    dates::settle(context, &mut log, &table);
    merged::report_merged(context, &mut log, &mut table);
    struck::report_rows(context, &mut log, &table);
    extras::report_struck_labels(context, &mut log, &table);
    extras::report_as_above(context, &mut log, &table);
    extras::report_marks_miscounted(context, &mut log, &table);
    own_columns::report_own_columns(context, &mut log, &table);
    blanks::report_missing_figures(context, &mut log);
    complain::gather_uncomputed(&mut log);
    complain::report_noted(context, &mut log);
    report_formulas(context, &mut log, &mut table);
    stale::report_stale(context, &mut log, &mut table);
    rounded::report_rounded(context, &mut log, &table);
    table.texts = passed_over::figures_as_text(context, &table)
        .into_keys()
        .collect();
    report_hidden(context, &mut log);
    constants::report_changed(context, &mut log);
    letters::report_marks(context, &mut log);
    strays::report_strays(context, &mut log);
    behind::follow(context, &mut log);
    (table, log.findings)
}

fn fixed_table(context: &ReadContext<'_>, log: &mut ReadLog) -> Table {
    let header = &context.located.header;
    let by_label = rows::fixed(context.form, &context.texts, header, context.located.last);
    let places = match &context.located.anchors {
        Some(anchors) => anchors.rows(
            context.form,
            &context.texts,
            header,
            by_label,
            context.located.last,
        ),
        None => by_label,
    };
    let form = context.form.clone();
    report_missing_rows(context, log, &places);
    report_relabelled(context, log, &places);
    // Of a header repeated for another printed page.
    for row in header.data..=context.located.last {
        if rows::repeats_numbering(&context.texts, header, row) {
            log.seen.extend(unfilled::addresses(context, row));
        }
    }
    let mut table_rows = Vec::new();
    let mut counter = 0;
    let numbered = form.file.rows.iter().zip(&places);
    let ordered: BTreeSet<u32> = numbered
        .filter(|(row, _)| !row.heading)
        .filter_map(|(_, place)| *place)
        .collect();
    for (i, row) in form.file.rows.iter().enumerate() {
        let asked = context.asks(row, places[i].is_some());
        if let (Some(place), false) = (places[i], row.heading) {
            counter += 1;
            let by_place = ordered.range(..=place).count();
            let by_place = u32::try_from(by_place).unwrap_or(counter);
            complain::check_ordinal(context, log, place, row.no.as_deref(), counter, by_place);
        }
        let cells = (0..form.file.columns.len())
            .map(|column| table_cell(context, log, Some(i), column, places[i], asked))
            .collect();
        table_rows.push(TableRow {
            row: Some(i),
            key: row.id.get_ref().as_str().into(),
            cells,
        });
    }
    Table {
        form,
        file: context.file.clone(),
        sheet: context.sheet.name.clone(),
        rows: table_rows,
        total: None,
        incomplete: false,
        overwritten: BTreeSet::new(),
        formulas: BTreeSet::new(),
        texts: BTreeSet::new(),
    }
}

/// Which row of its level in its group each row of the sheet (from 0) is, by its ordinal, from 1.
fn counted(context: &ReadContext<'_>, rows: &[RowContent]) -> HashMap<u32, Option<u32>> {
    let data = rows.iter().filter_map(|row| match row {
        RowContent::Data { row, .. } => Some(*row),
        _ => None,
    });
    let data: Vec<u32> = data.collect();
    let counted = Outline::new(context, &data).counted();
    data.into_iter().zip(counted).collect()
}

fn free_table(context: &ReadContext<'_>, log: &mut ReadLog) -> Table {
    let form = context.form.clone();
    report_relabelled(context, log, &[]);
    let mut table = Table {
        form: form.clone(),
        file: context.file.clone(),
        sheet: context.sheet.name.clone(),
        rows: Vec::new(),
        total: None,
        incomplete: false,
        overwritten: BTreeSet::new(),
        formulas: BTreeSet::new(),
        texts: BTreeSet::new(),
    };
    let mut keys: HashMap<String, u32> = HashMap::new();
    let mut counter = 0;
    let mut plain: Vec<PlainSum> = Vec::new();
    // Rows of the sheet, and sums of groups.
    let (mut lines, mut sums) = (ListRows::default(), Vec::new());
    // Sums above the first row, which add up what is below them.
    let mut leading = Vec::new();
    let mut overwritten = false;
    let anchors = context.located.anchors.as_ref();
    let header = &context.located.header;
    let found = rows::free(&form, &context.texts, header, anchors, context.located.last);
    let counted = counted(context, &found);
    for free in found {
        match free {
            RowContent::Data { row, key } | RowContent::Bare { row, key }
                if unfilled::says_nothing(context, row, &key) =>
            {
                // The unit has answered: its list is empty.
                log.filled = true;
                log.seen.extend(unfilled::addresses(context, row));
            }
            // Figures in a row that says there are none.
            RowContent::Data { row, key } if unfilled::means_nothing(&key) => {
                table.incomplete = true;
                complain::report_not_nothing(context, log, row, &key);
            }
            RowContent::Data { row, key } => {
                counter += 1;
                // Rows may be counted anew in each group.
                let in_group = counted.get(&row).copied().flatten().unwrap_or(counter);
                complain::check_ordinal(context, log, row, None, counter, in_group);
                if unfilled::is_untouched(context, row, &key) {
                    log.seen.extend(unfilled::addresses(context, row));
                    continue;
                }
                let cells = row_cells(context, log, row);
                let key = complain::unique_key(context, log, &mut keys, key, row);
                lines.named.push(row);
                table.rows.push(TableRow {
                    row: None,
                    key: key.into(),
                    cells,
                });
            }
            RowContent::Bare { row, key } => {
                lines.bare.push(row);
                unfilled::report_bare(context, log, row, &key);
            }
            RowContent::Nameless { row } => {
                table.incomplete = true;
                lines.nameless.push(row);
                complain::report_nameless(context, log, row);
            }
            RowContent::Numbering { row } => log.seen.extend(unfilled::addresses(context, row)),
            RowContent::Subtotal { row } if table.rows.is_empty() => {
                leading.push((row, total_cells(context, log, row)));
            }
            RowContent::Subtotal { row } => {
                let cells = total_cells(context, log, row);
                let behind = plain.last().map(|sum| sum.row);
                plain.push(PlainSum {
                    row,
                    behind: behind.filter(|behind| lines.named.last() > Some(behind)),
                    of_all: behind.is_some_and(|behind| lines.named.last() < Some(&behind)),
                    cells,
                });
            }
            RowContent::Overwritten { row, key } => {
                table.incomplete = true;
                overwritten = true;
                complain::report_overwritten(context, log, row, &key);
            }
            RowContent::Total { row } => {
                let cells = total_cells(context, log, row);
                table.total = Some(TableRow {
                    row: None,
                    key: "".into(),
                    cells,
                });
            }
        }
    }
    for (row, cells) in leading {
        subtotals::check(context, log, row, &cells, &table.rows, true);
        sums.push((row, cells));
    }
    pasted_low::report(context, log, &lines);
    let named = named_sums::set_aside(context, log, &mut table, lines.named);
    let mut own = Vec::new();
    for sum in plain {
        own = sum.addends(context, &table.rows, &named, own);
        subtotals::check(context, log, sum.row, &sum.cells, &own, false);
        sums.push((sum.row, sum.cells));
    }
    sums.extend(named);
    named_sums::report_counted(context, log, &mut table, &sums);
    // Without the column of names no row is found, the total row neither.
    let named = form
        .key_column()
        .is_none_or(|key| header.columns[key].is_some());
    let lacks = named && !overwritten;
    if let (Some(label), None, true) = (&form.file.layout.total, &table.total, lacks) {
        complain::report_missing_total(context, log, label);
    }
    table
}

fn row_cells(context: &ReadContext<'_>, log: &mut ReadLog, row: u32) -> Vec<TableCell> {
    (0..context.form.file.columns.len())
        .map(|column| table_cell(context, log, None, column, Some(row), true))
        .collect()
}

/// Cells of the total row: only what can be added is looked at, and a blank is no mistake yet.
fn total_cells(context: &ReadContext<'_>, log: &mut ReadLog, row: u32) -> Vec<TableCell> {
    let form = context.form.clone();
    (0..form.file.columns.len())
        .map(|column| match form.field(None, column) {
            Some(field) if field.kind.is_numeric() => {
                let before = (log.missing.len(), log.empty_results.len());
                let cell = table_cell(context, log, None, column, Some(row), true);
                log.missing.truncate(before.0);
                log.empty_results.truncate(before.1);
                // A blank total cell is no value, whatever a blank means in the rows.
                let shown = cell.address.and_then(|at| context.sheet.cells.get(&at));
                match shown.is_none_or(|shown| shown.content == Content::EmptyText) {
                    true if cell.value().is_some() => TableCell {
                        state: CellState::Blank,
                        ..cell
                    },
                    _ => cell,
                }
            }
            field => {
                let counted = field.is_some_and(|field| field.kind == FieldType::Flag);
                if let (Some(place), true) = (context.located.header.columns[column], counted) {
                    let at = CellAddress::new(row, place);
                    log.seen.insert(at);
                    log.mark_counts.push((at, column));
                }
                TableCell::ABSENT
            }
        })
        .collect()
}

fn table_cell(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    form_row: Option<usize>,
    column: usize,
    sheet_row: Option<u32>,
    asked: bool,
) -> TableCell {
    let form = context.form.clone();
    let place = sheet_row.zip(context.located.header.columns[column]);
    let address = place.map(|(row, column)| CellAddress::new(row, column));
    let Some(field) = form.field(form_row, column).filter(|_| asked) else {
        if let Some(address) = address {
            complain::report_unasked(context, log, form_row, column, address);
        }
        return TableCell::ABSENT;
    };
    let Some(address) = address else {
        return TableCell {
            address: None,
            state: CellState::Unreadable,
        };
    };
    log.seen.insert(address);
    let cell = context.sheet.cells.get(&address);
    if let Some(merge) = merged::hiding(context, address, field) {
        log.merged
            .push((merge, address, context.label(form_row, column, address)));
        return TableCell {
            address: Some(address),
            state: CellState::Unreadable,
        };
    }
    if cell.is_some() && struck::is_whole(context, address) {
        log.filled = true;
        log.struck.push(address);
        if !matches!(field.kind, FieldType::Text | FieldType::Code) {
            return TableCell {
                address: Some(address),
                state: CellState::Unreadable,
            };
        }
    }
    let as_given = constants::is_as_given(context, log, cell, (form_row, column), address);
    log.filled |= !as_given
        && cell.is_some_and(|cell| unfilled::is_answer(context, cell, field, form_row, column));
    let reading = letters::with_plain_mark(cell::read(cell, field), cell, field);
    let reading = dates::in_period(context, reading, form_row, column);
    let reading = struck::with_struck_letters(context, reading, address, field);
    let shows_nothing = cell.is_some_and(|cell| cell.content == Content::EmptyText);
    let by_design = field.computed && field.blank == Meaning::Nothing;
    if shows_nothing && reading != CellReading::Missing && !by_design {
        log.empty_results.push(address);
    }
    let state = match reading {
        CellReading::Value(value) => CellState::Value(value),
        CellReading::Noted(value) => {
            // With a footnote mark it is noted for that.
            if !context.sheet.marks.contains_key(&address) {
                log.noted.push(address);
            }
            CellState::Value(value)
        }
        CellReading::Blank => CellState::Blank,
        CellReading::Missing => {
            log.missing.push(MissingFigure {
                address,
                label: context.label(form_row, column, address),
                row: context.row_name(form_row, address.row),
                due: Due::of(field),
            });
            CellState::Blank
        }
        CellReading::Problem(problem) => {
            complain::report_problem(context, log, *problem, form_row, column, address)
        }
    };
    TableCell {
        address: Some(address),
        state,
    }
}
