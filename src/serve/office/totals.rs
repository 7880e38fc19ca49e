//! Totals as things stand, what they are made of, results to download.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axum::extract::{Path as Route, Query};
use axum::response::Response;
use chrono::NaiveDateTime;

use super::address::encoded;
use super::board::{Now, closed};
use super::history::{column_words, row_words};
use super::officer::{Fields, Officer};
use super::shown::{self, moment_of};
use super::unit::base;
use crate::campaign::ToolError;
use crate::campaign::outputs::{RECORD, RunRecord};
use crate::consolidate::{Figure, FormTable, LineState, TableField, UnitLine};
use crate::extract::{Table, TableRow};
use crate::model::value::{Shown, format_fixed};
use crate::model::{CellAddress, Lang, Number, Provenance, Value};
use crate::page::FormState;
use crate::page::office::{
    Lacking, Part, Parts, ReportTemplate, ResultFile, Room, TotalCell, TotalFigure, TotalForm,
    Totals, parts_page, totals_page,
};
use crate::schema::Form;
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;
use crate::text::slug;

type Answer = Result<Response, Refusal>;

/// The page of totals.
pub(super) async fn show(officer: Officer, Query(fields): Query<Vec<(String, String)>>) -> Answer {
    let said = shown::Said::of(Fields(fields).get("xong"));
    page(&officer, said).await
}

/// The page of totals, with what is said on top of it.
pub(super) async fn page(officer: &Officer, said: shown::Said) -> Answer {
    let now = officer.now().await?;
    let lang = officer.manner.lang;
    let (folder, campaign) = (
        officer.desk.office.results.clone(),
        now.stand.campaign.clone(),
    );
    let asked = campaign.folder.clone();
    let found = blocking(move || {
        Ok((
            results(&folder, lang)?,
            RunRecord::read(&folder),
            templates(&asked),
        ))
    });
    let (results, record, reports) = found.await?;
    let run = &now.stand.run;
    let consolidated = run.consolidated.as_ref();
    let inputs = |record: &RunRecord| {
        let same = record.inputs.len() == run.inputs.len();
        let mut read = run.inputs.iter();
        same && read.all(|(name, hash)| record.inputs.get(&**name) == Some(hash))
            && record.definition == campaign.stamps
    };
    let page = Totals {
        at: moment_of(now.stand.at, lang),
        closed: closed(&now, lang),
        figures: consolidated.map_or(Vec::new(), |all| {
            all.figures.iter().map(|one| figure(one, lang)).collect()
        }),
        forms: consolidated.map_or(Vec::new(), |all| {
            all.forms.iter().map(|table| form(table, lang)).collect()
        }),
        outdated: record.as_ref().is_some_and(|record| !inputs(record)),
        made: record
            .and_then(|record| made(&record.time))
            .map(|at| moment_of(at, lang)),
        results,
        reports,
        missing: of_state(&now, FormState::NotFiled),
        returned: of_state(&now, FormState::Returned),
        unexplained: of_state(&now, FormState::ToExplain),
    };
    shown::page_of(
        officer,
        &campaign,
        ("/tong-hop", Room::Totals),
        said,
        |frame, nav| totals_page(frame, nav, &page),
    )
}

fn made(time: &str) -> Option<NaiveDateTime> {
    shown::moment(time)
}

fn of_state(now: &Now, state: FormState) -> Vec<Lacking> {
    let units = now.units.iter().filter(|one| one.state == state);
    units
        .map(|one| Lacking {
            name: one.unit.name.clone(),
            href: base(&one.unit.code),
            why: String::new(),
            returned: state == FormState::Returned,
        })
        .collect()
}

fn figure(figure: &Figure, lang: Lang) -> TotalFigure {
    let value = figure.value.as_ref();
    TotalFigure {
        id: figure.id.clone(),
        label: figure.label.clone(),
        value: value.map(|value| match (lang, value.as_number()) {
            (Lang::Vi, Some(_)) => figure.text(),
            _ => value.shown(lang),
        }),
        unit: figure.unit.clone(),
        lacking: figure.lacking.len(),
    }
}

fn form(table: &FormTable, lang: Lang) -> TotalForm {
    let form = &table.form;
    let mut columns: Vec<usize> = Vec::new();
    let mut rows: Vec<Option<usize>> = Vec::new();
    for field in &table.fields {
        if !columns.contains(&field.column) {
            columns.push(field.column);
        }
        if !rows.contains(&field.row) {
            rows.push(field.row);
        }
    }
    let accepted = table
        .lines
        .iter()
        .filter(|line| line.state == LineState::Accepted)
        .count();
    let cell = |row: Option<usize>, column: usize| {
        let at = table
            .fields
            .iter()
            .position(|field| (field.row, field.column) == (row, column))?;
        let value = table.total.get(at).and_then(Option::as_ref);
        Some(TotalCell {
            value: value.map(|value| value.shown(lang)),
            href: format!("/tong-hop/bieu/{}/{at}", encoded(form.id())),
        })
    };
    let words = |row: Option<usize>| row_words(form, &TableField { row, column: 0 });
    TotalForm {
        title: form.file.title.clone(),
        code: form.file.code.clone(),
        anchor: format!("b-{}", slug(form.id())),
        accepted,
        all: table.lines.len(),
        lacking: lacking(table, lang),
        rows: rows
            .iter()
            .map(|row| {
                (
                    words(*row),
                    columns.iter().map(|column| cell(*row, *column)).collect(),
                )
            })
            .collect(),
        columns: columns
            .into_iter()
            .map(|column| column_words(form, &TableField { row: None, column }))
            .collect(),
    }
}

fn lacking(table: &FormTable, lang: Lang) -> Vec<Lacking> {
    let lines = table
        .lines
        .iter()
        .filter(|line| line.state != LineState::Accepted);
    lines
        .map(|line| {
            let returned = line.state == LineState::Returned;
            let (vi, en) = if returned {
                ("trả lại", "returned")
            } else {
                ("chưa nộp", "not filed")
            };
            Lacking {
                name: line.unit.name.clone(),
                href: base(&line.unit.code),
                why: lang.pick(vi, en).to_owned(),
                returned,
            }
        })
        .collect()
}

/// What a total is made of.
pub(super) async fn parts(
    officer: Officer,
    Route((form, field)): Route<(String, usize)>,
    Query(fields): Query<Vec<(String, String)>>,
) -> Answer {
    let now = officer.now().await?;
    let lang = officer.manner.lang;
    let tables = now
        .stand
        .run
        .consolidated
        .as_ref()
        .map_or(&[][..], |all| &all.forms);
    let table = tables
        .iter()
        .find(|table| table.form.id() == form)
        .ok_or(Refusal::NotFound)?;
    let at = table.fields.get(field).ok_or(Refusal::NotFound)?;
    let by_figure = Fields(fields).get("xep") == "so";
    let total = table.total.get(field).and_then(Option::as_ref);
    let accepted = table
        .lines
        .iter()
        .filter(|line| line.state == LineState::Accepted);
    let mut lines: Vec<&UnitLine> = accepted.collect();
    let number = |line: &UnitLine| line.values.get(field)?.as_ref()?.as_number();
    if by_figure {
        lines.sort_by_key(|line| std::cmp::Reverse(number(line)));
    }
    let whole = total.and_then(Value::as_number);
    let path = format!("/tong-hop/bieu/{}/{field}", encoded(&form));
    let places = Places::of(&now.stand.run.tables, &form);
    let page = Parts {
        form: table.form.file.title.clone(),
        row: row_words(&table.form, at),
        column: column_words(&table.form, at),
        total: total.map(|total| total.shown(lang)),
        parts: lines
            .into_iter()
            .map(|line| part(&table.form, line, (field, at), (whole, &places), lang))
            .collect(),
        lacking: lacking(table, lang),
        by_figure,
        in_figures: format!("{path}?xep=so"),
        in_order: path.clone(),
    };
    let place = (&*path, Room::Totals);
    shown::page_of(
        &officer,
        &now.stand.campaign,
        place,
        shown::Said::default(),
        |frame, nav| parts_page(frame, nav, &page),
    )
}

fn part(
    form: &Form,
    line: &UnitLine,
    (index, field): (usize, &TableField),
    (whole, places): (Option<Number>, &Places<'_>),
    lang: Lang,
) -> Part {
    let value = line.values.get(index).and_then(Option::as_ref);
    let source = line.sources.get(index).and_then(Option::as_ref);
    // A part of a ratio or a mean is none.
    let is_sum = form
        .field(field.row, field.column)
        .is_some_and(|field| !field.kind.is_ratio());
    let number = value.and_then(Value::as_number).zip(whole);
    let share = number
        .filter(|_| is_sum)
        .and_then(|(part, whole)| (part * Number::from(100)).checked_div(whole));
    let rows = line.rows.iter().filter_map(|row| {
        let value = row.values.get(field.column)?.as_ref()?;
        let source = row.source.as_ref();
        let place = source.map_or(String::new(), |source| {
            match places.cell(source, field.column) {
                Some(cell) => format!("{}!{cell}", source.sheet),
                None => source.sheet.to_string(),
            }
        });
        Some((row.key.to_string(), value.shown(lang), place))
    });
    Part {
        name: line.unit.name.clone(),
        href: base(&line.unit.code),
        value: value.map(|value| value.shown(lang)),
        share: share.map(|share| format!("{} %", format_fixed(share.round_dp(1), 1))),
        file: source
            .map(|source| source.file.to_string())
            .or_else(|| line.file.as_ref().map(ToString::to_string)),
        sheet: source.map(|source| source.sheet.to_string()),
        cell: source.map(|source| source.cell.to_string()),
        rows: rows.collect(),
    }
}

/// The rows that units added to a form, by where their first cell is.
struct Places<'a>(HashMap<(&'a str, &'a str, CellAddress), &'a TableRow>);

impl<'a> Places<'a> {
    fn of(tables: &'a [Table], form: &str) -> Self {
        let own = tables.iter().filter(|table| table.form.id() == form);
        let rows = own.flat_map(|table| {
            table.rows.iter().filter_map(|row| {
                let first = row.cells.iter().find_map(|cell| cell.address)?;
                Some(((&*table.file, &*table.sheet, first), row))
            })
        });
        Places(rows.collect())
    }

    /// The cell of a column in the row that begins at a place.
    fn cell(&self, first: &Provenance, column: usize) -> Option<CellAddress> {
        let row = self.0.get(&(&*first.file, &*first.sheet, first.cell))?;
        row.cells.get(column)?.address
    }
}

/// Files of the last results.
fn results(folder: &Path, lang: Lang) -> Result<Vec<ResultFile>, ToolError> {
    let about = |name: &str| {
        let (vi, en) = match name {
            "tong-hop.xlsx" => ("tệp tổng hợp", "master workbook"),
            "phu-luc.xlsx" => ("phụ lục", "appendices"),
            "phu-luc.docx" => ("phụ lục bản Word", "appendices as a document"),
            "findings.csv" => ("danh sách lỗi", "findings"),
            "figures.csv" => ("số liệu của báo cáo", "figures of the report"),
            "justifications.csv" => ("giải trình", "reasons"),
            "facts.csv" | "facts.parquet" => ("từng số liệu được nhận", "every figure accepted"),
            _ => return String::new(),
        };
        lang.pick(vi, en).to_owned()
    };
    let files = files(folder)?.into_iter();
    Ok(files
        .map(|(name, bytes)| ResultFile {
            size: format!("{} KB", bytes.div_ceil(1024)),
            about: about(&name),
            href: format!("/tong-hop/tep/{}", encoded(&name)),
            name,
        })
        .collect())
}

/// Names and lengths of the files of the results.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, u64)>, ToolError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = ToolError::io(folder);
    let listed = || -> std::io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in folder.read_dir()? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_file() && !name.starts_with('.') && name != RECORD {
                files.push((name, entry.metadata()?.len()));
            }
        }
        files.sort();
        Ok(files)
    };
    listed().map_err(failed)
}

/// Templates of the report, as the office keeps them in the campaign's folder.
pub(super) fn templates(campaign: &Path) -> Vec<ReportTemplate> {
    let folders = [PathBuf::from("bao-cao"), PathBuf::new()];
    let mut found = Vec::new();
    for folder in folders {
        let entries = campaign
            .join(&folder)
            .read_dir()
            .into_iter()
            .flatten()
            .flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let sorts = |name: &String| {
            let plain = !name.starts_with('.') && !name.starts_with('~');
            plain
                && (name.ends_with(".docx")
                    || (name.ends_with(".md") && !folder.as_os_str().is_empty()))
        };
        let names = names
            .filter(sorts)
            .map(|name| folder.join(name).to_string_lossy().replace('\\', "/"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        found.extend(names.into_iter().map(|path| ReportTemplate { path }));
    }
    found
}
