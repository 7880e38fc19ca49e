//! Compiles a blank form in a spreadsheet into form files: its tables, and the rules that its
//! annotations, prose, formulas and layout say. What is not said is no rule; what contradicts itself
//! is asked about.
//!
//! Rooms, each importing only from those before it: `words`, `dressing`, `choices` (lists that cells
//! are chosen from), `page` (a sheet as it is looked at), `equation` (the grammar of annotations),
//! `table` (where a table lies, its columns and rows), `names` (ids), `rule` and `found` (what is
//! found), `said` (the readers of annotations, prose, formulas, layout), `printed` (names as they are
//! printed), `objection`, `reach` (where rules hold) and `settle` (everything weighed together),
//! `kin` (types of what is added up), `emit` (the form file), `accepted` (that file without what none
//! can hold), `again` (compiling after people worked on the form file).

mod accepted;
pub mod again;
mod choices;
mod dressing;
mod emit;
mod equation;
mod found;
mod kin;
mod names;
mod objection;
mod page;
mod printed;
mod reach;
mod rule;
mod said;
mod settle;
mod table;
mod words;

use std::collections::HashMap;

pub use self::printed::{Printed, PrintedName};
pub(crate) use self::said::resolve::same_code;

use self::accepted::Emitted;
use self::dressing::Dressing;
use self::emit::Written;
use self::found::Found;
use self::page::Page;
use self::table::Table;
use crate::model::template_names::is_own_sheet;
use crate::model::{CellAddress, Message, Place};
use crate::schema::{Form, Indicator, Rule, SchemaError};
use crate::workbook::{FileProblem, Limits, Visibility, Workbook, blank_from_bytes};

/// A blank form as it was received.
#[derive(Debug, Clone, Copy)]
pub struct Blank<'a> {
    /// Name of the file, as messages show it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// Sheets that are no form, such as one of rules written beside it.
    pub aside: &'a [String],
}

/// Words of a form, and where they are.
#[derive(Debug, Clone)]
pub struct Words {
    /// File.
    pub file: String,
    /// Sheet.
    pub sheet: String,
    /// Cell.
    pub cell: CellAddress,
    /// What is written there.
    pub words: String,
}

/// A rule of a compiled form.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    /// Its id in the form file.
    pub id: String,
    /// What must hold, in the language of rules.
    pub text: String,
    /// `stated` in an annotation, in words or by a formula; `structural` by the layout; `written` as
    /// a rule; `proposed` by filled workbooks only.
    pub strength: &'static str,
    /// Ids of the rows or columns it is evaluated at, if not everywhere.
    pub at: Option<Vec<String>>,
    /// What it follows from.
    pub evidence: Vec<Words>,
    /// How it fared in filled workbooks, if there are any.
    pub tested: Option<RuleTested>,
}

/// How often a rule could have failed in filled workbooks, and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleTested {
    /// Workbooks that have the form.
    pub files: usize,
    /// Places where it held and could have failed.
    pub held: usize,
    /// Places where it failed.
    pub failed: usize,
    /// Places where it was not evaluated, or could not have failed.
    pub untested: usize,
}

/// A form file made from a table.
#[derive(Debug)]
pub struct CompiledForm {
    /// The form's id.
    pub id: String,
    /// The text of its file.
    pub toml: String,
    /// The file it was made from.
    pub file: String,
    /// The sheet it was made from.
    pub sheet: String,
    /// Its columns, ids with the column of the sheet (from 0), in the order of the sheet; those of
    /// ordinals and units of measure, too.
    pub columns: Vec<(String, u32)>,
    /// Its fixed rows, ids with the row of the sheet (from 0); none if units add rows.
    pub rows: Vec<(String, u32)>,
    /// Where the header of each column and the label of each row is, by id.
    pub heads: HashMap<String, CellAddress>,
    /// Its rules.
    pub rules: Vec<CompiledRule>,
    /// Number of rules that are only proposed, as comments in the file.
    pub proposed: usize,
    /// Rules that filled workbooks propose, as comments in the file, too.
    pub proposals: Vec<CompiledRule>,
    /// What is printed at its rows and columns; nothing of a form that was written, not compiled.
    pub printed: Option<Printed>,
}

/// The outcome for all files.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Forms in the order of files, sheets and tables.
    pub forms: Vec<CompiledForm>,
    /// What a person must decide, with why.
    pub asked: Vec<(Words, Message)>,
    /// Words that look like rules and were not understood.
    pub not_understood: Vec<Words>,
}

/// Why a blank could not be compiled.
#[derive(Debug)]
pub enum CompileError {
    /// A file is no spreadsheet that can be read.
    File(String, FileProblem),
    /// The form file that was made is refused: a fault of the compiler.
    Form(SchemaError),
}

impl CompiledForm {
    /// A form that people wrote as a form, beside those that are compiled. `cell_of` gives the cell
    /// of a rule by its id.
    pub fn written<'p>(
        file: &str,
        form: &Form,
        toml: String,
        cell_of: impl Fn(&str) -> Option<&'p Place>,
    ) -> CompiledForm {
        let ids = |all: &[Indicator]| -> Vec<(String, u32)> {
            let ids = (0_u32..).zip(all);
            ids.map(|(at, one)| (one.id.get_ref().clone(), at))
                .collect()
        };
        let rules = form.written();
        let rules = rules.map(|rule| CompiledRule::written(file, rule, cell_of(&rule.id)));
        CompiledForm {
            id: form.id().to_owned(),
            toml,
            file: file.to_owned(),
            sheet: form.file.sheet.clone(),
            columns: ids(&form.file.columns),
            rows: ids(&form.file.rows),
            heads: HashMap::new(),
            rules: rules.collect(),
            proposed: 0,
            proposals: Vec::new(),
            printed: None,
        }
    }
}

impl CompiledRule {
    /// A rule that people wrote as one, in a cell.
    pub fn written(file: &str, rule: &Rule, cell: Option<&Place>) -> CompiledRule {
        let words = cell.map(|place| Words {
            file: file.to_owned(),
            sheet: place.sheet.to_string(),
            cell: place.cell,
            words: rule.text.clone(),
        });
        CompiledRule {
            id: rule.id.clone(),
            text: rule.text.clone(),
            strength: "written",
            at: None,
            evidence: words.into_iter().collect(),
            tested: None,
        }
    }
}

impl CompileError {
    /// What is wrong, without the name of the file.
    pub fn message(&self) -> Message {
        match self {
            CompileError::File(_, problem) => problem.message(),
            CompileError::Form(error) => error.message.clone(),
        }
    }
}

/// One file with its tables.
struct Opened<'a> {
    name: &'a str,
    aside: &'a [String],
    workbook: Workbook,
    dressings: HashMap<String, Dressing>,
}

/// Compiles every table of some blanks.
///
/// # Errors
/// A file cannot be read, or what was made of a table is no valid form.
pub fn compile(blanks: &[Blank<'_>], limits: &Limits) -> Result<Compiled, CompileError> {
    compile_again(blanks, limits, &[])
}

/// Compiles every table of some blanks; columns and rows of forms that were compiled before keep
/// their ids.
///
/// # Errors
/// As [`compile`].
pub fn compile_again(
    blanks: &[Blank<'_>],
    limits: &Limits,
    kept: &[again::Kept],
) -> Result<Compiled, CompileError> {
    let mut opened = Vec::new();
    for blank in blanks {
        let workbook = blank_from_bytes(blank.name, blank.bytes, limits)
            .map_err(|problem| CompileError::File(blank.name.to_owned(), problem))?;
        let mut dressings = dressing::read(blank.bytes, limits.part_bytes, limits.unpacked_bytes);
        choices::look_up(&workbook, &mut dressings);
        opened.push(Opened {
            name: blank.name,
            aside: blank.aside,
            workbook,
            dressings,
        });
    }
    let nothing = Dressing::default();
    let mut tables: Vec<Table> = Vec::new();
    let mut pages: Vec<(usize, Page<'_>)> = Vec::new();
    let mut compiled = Compiled::default();
    for (file, one) in opened.iter().enumerate() {
        for sheet in &one.workbook.sheets {
            let aside = one.aside.iter().any(|name| **name == *sheet.name);
            let list = choices::is_list_sheet(&one.workbook, &one.dressings, sheet);
            let hidden = sheet.visibility != Visibility::Visible;
            if hidden || aside || list || is_own_sheet(&sheet.name) {
                continue;
            }
            let dressing = one.dressings.get(&*sheet.name).unwrap_or(&nothing);
            let page = Page::new(sheet, dressing);
            let found = table::tables(&page);
            if found.is_empty() {
                compiled.asked.extend(headless(one.name, &page));
            }
            for table in found {
                tables.push(table);
                pages.push((file, Page::new(sheet, dressing)));
            }
        }
    }
    names::name(&mut tables);
    tables.iter_mut().for_each(|table| again::keep(table, kept));
    move_notes(&mut tables, &pages);
    for (index, (file, page)) in pages.iter().enumerate() {
        let mut table = tables[index].clone();
        let others = tables.iter().zip(&pages).enumerate();
        let others = others.filter(|(other, _)| *other != index);
        let others: Vec<(bool, &Table)> = others
            .map(|(_, (other, (of, _)))| (of == file, other))
            .collect();
        one(opened[*file].name, page, &mut table, &others, &mut compiled)?;
    }
    Ok(compiled)
}

/// The lists without a header of a sheet that has no table.
fn headless(file: &str, page: &Page<'_>) -> Vec<(Words, Message)> {
    let words = |cell: CellAddress| Words {
        file: file.to_owned(),
        sheet: page.sheet.name.to_string(),
        cell,
        words: page
            .row(cell.row)
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join(" "),
    };
    let why = Message::new(
        "bảng bắt đầu ở đây không có hàng tiêu đề cột; hãy thêm một hàng tiêu đề ở trên, như «TT», «Nội dung», «Số liệu»",
        "the table that begins here has no column headers; put a row of them above it",
    );
    let lists = table::lists(page).into_iter();
    lists.map(|cell| (words(cell), why.clone())).collect()
}

/// A note below a table whose codes are those of another of its sheet only is about that one.
fn move_notes(tables: &mut [Table], pages: &[(usize, Page<'_>)]) {
    let same_sheet = |one: usize, other: usize| {
        one != other
            && pages[one].0 == pages[other].0
            && tables[one].sheet_name == tables[other].sheet_name
    };
    let mut moved: Vec<(usize, usize, usize)> = Vec::new();
    for (from, table) in tables.iter().enumerate() {
        for (at, note) in table.notes.iter().enumerate() {
            if !said::prose::is_of_another(table, note) {
                continue;
            }
            let takes =
                |to: &usize| same_sheet(from, *to) && said::prose::is_of(&tables[*to], note);
            let takers: Vec<usize> = (0..tables.len()).filter(takes).collect();
            if let [to] = takers.as_slice() {
                moved.push((from, at, *to));
            }
        }
    }
    for (from, at, to) in moved.into_iter().rev() {
        let note = tables[from].notes.remove(at);
        tables[to].notes.push(note);
    }
}

/// Compiles one table. `others` are all other tables, with whether they are in the same file.
fn one(
    file: &str,
    page: &Page<'_>,
    table: &mut Table,
    others: &[(bool, &Table)],
    compiled: &mut Compiled,
) -> Result<(), CompileError> {
    let mut found = Found::default();
    said::annotation::read(page, table, &mut found);
    said::prose::read(table, &mut found);
    let of_file: Vec<&Table> = others
        .iter()
        .filter(|(own, _)| *own)
        .map(|(_, of)| *of)
        .collect();
    said::formula::read(page, table, &of_file, &mut found);
    let all: Vec<&Table> = others.iter().map(|(_, of)| *of).collect();
    said::forms::read(table, &all, &mut found);
    said::structure::read(table, &mut found);
    settle::settle(table, &mut found);
    kin::alike(table, &found.rules);
    let not_added = said::formula::not_added(page, table, &found);
    let emitted = accepted::emitted(file, table, &not_added, &mut found);
    let Emitted { written, toml } = emitted.map_err(CompileError::Form)?;
    let words = |cell: CellAddress, words: &str| Words {
        file: file.to_owned(),
        sheet: table.sheet_name.clone(),
        cell,
        words: words.to_owned(),
    };
    let rule = |written: &Written| CompiledRule {
        id: written.id.clone(),
        text: written.text.clone(),
        strength: written.strength,
        at: written.at.as_ref().map(|(_, ids)| ids.clone()),
        evidence: written
            .evidence
            .iter()
            .map(|one| words(one.cell, &one.words))
            .collect(),
        tested: None,
    };
    compiled.asked.extend(
        found
            .asked
            .iter()
            .map(|one| (words(one.cell, &one.words), one.why.clone())),
    );
    compiled
        .not_understood
        .extend(found.unread.iter().map(|(cell, text)| words(*cell, text)));
    compiled.forms.push(CompiledForm {
        id: table.id.clone(),
        toml,
        file: file.to_owned(),
        sheet: table.sheet_name.clone(),
        columns: table
            .columns
            .iter()
            .map(|column| (column.id.clone(), column.at))
            .collect(),
        rows: table
            .rows
            .iter()
            .map(|row| (row.id.clone(), row.at))
            .collect(),
        heads: heads(table),
        rules: written.iter().map(rule).collect(),
        proposed: found.proposals.len(),
        proposals: Vec::new(),
        printed: Some(Printed::of(table)),
    });
    Ok(())
}

/// Where columns and rows are named, by id.
fn heads(table: &Table) -> HashMap<String, CellAddress> {
    let columns = table.columns.iter();
    let columns = columns.filter_map(|column| Some((column.id.clone(), column.path.last()?.cell)));
    let rows = table
        .rows
        .iter()
        .map(|row| (row.id.clone(), row.label.cell));
    columns.chain(rows).collect()
}
