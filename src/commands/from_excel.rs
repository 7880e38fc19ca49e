//! Compiles blank forms, and makes a campaign of them in which every unit files every form.

use std::fs;
use std::path::{Path, PathBuf};

use super::again::{self, Again};
use super::filled::{FilledFiles, FilledFolders, weigh};
use super::head::with_key;
use super::own_blanks::{self, OwnBlanks, own_blank};
use crate::campaign::{Campaign, Office, ToolError, roster_of_book};
use crate::compile::again::Kept;
use crate::compile::{
    Blank, CompileError, Compiled, CompiledForm, CompiledRule, Words, compile_again,
};
use crate::model::campaign_files::{ROSTER, TEXT};
use crate::model::{Message, Period};
use crate::roster::Roster;
use crate::schema::json_schema;
use crate::sheet_form::{self, SheetError, SheetForm};
use crate::workbook::{Limits, Sheet, Workbook, read_bytes, workbook_from_bytes};

/// What was compiled, and where the form files are.
#[derive(Debug)]
pub struct FormsFromExcel {
    /// Forms, rules, questions.
    pub compiled: Compiled,
    /// The file of each form, in the same order; only its name if nothing was written.
    pub paths: Vec<PathBuf>,
    /// The filled workbooks that were looked at; `None` if none were given.
    pub filled: Option<FilledFiles>,
    /// Why units are sent sheets that are drawn anew instead of the office's own, by workbook.
    pub redrawn: Vec<Message>,
    /// What became of the file of each form, in the same order; `None` if it was not compiled before.
    pub again: Vec<Option<Again>>,
}

/// Compiles blank forms, tries them on the filled workbooks of a folder, and writes `out/<id>.toml`
/// for each table found.
///
/// # Errors
/// A blank cannot be read or a form file written, the folder of filled workbooks cannot be listed, a
/// form file that was compiled before cannot be merged, one that was not is there and says something
/// else, or a form is kept in a workbook there.
pub fn forms_from_excel(
    files: &[PathBuf],
    out: Option<&Path>,
    filled: Option<FilledFolders<'_>>,
) -> Result<FormsFromExcel, ToolError> {
    let limits = Limits::default();
    let read = read_all(files, &limits)?;
    let before = out.map_or_else(|| Ok(Vec::new()), again::before)?;
    let mut compiled = compiled(&read, &limits, &again::kept(&before))?;
    let mut generated = texts(&compiled);
    let again = match out {
        Some(out) => {
            again::refuse_workbooks(out, &compiled.forms)?;
            again::merge_all(&mut compiled, &before, out)?
        }
        None => compiled.forms.iter().map(|_| None).collect(),
    };
    let merged = texts(&compiled);
    let filled = filled.map(|folders| weigh(&mut compiled, folders, &limits));
    let filled = filled.transpose()?;
    let place = |name: String| out.map_or_else(|| PathBuf::from(&name), |out| out.join(&name));
    let paths: Vec<PathBuf> = compiled
        .forms
        .iter()
        .map(|form| place(format!("{}.toml", form.id)))
        .collect();
    // What filled workbooks propose was generated, too.
    for ((text, merged), form) in generated.iter_mut().zip(&merged).zip(&compiled.forms) {
        text.push_str(form.toml.strip_prefix(merged.as_str()).unwrap_or_default());
    }
    // The blank that units are sent is the new one, too.
    let sent = |form: &CompiledForm| own_blank(&form.toml).is_some();
    let blanks = own_blanks::of(&mut compiled.forms, &read, &sent)?;
    let mut made = FormsFromExcel {
        compiled,
        paths,
        filled,
        again,
        redrawn: Vec::new(),
    };
    if let Some(out) = out {
        write_forms(out, &made, &generated, &blanks)?;
    }
    made.redrawn = blanks.redrawn;
    Ok(made)
}

/// Files with their names.
fn read_all(files: &[PathBuf], limits: &Limits) -> Result<Vec<(String, Vec<u8>)>, ToolError> {
    let mut read = Vec::new();
    for file in files {
        let bytes = read_bytes(file, limits).map_err(|problem| {
            let message = problem.message();
            ToolError::of_file(file.display(), &message)
        })?;
        let name = file
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        read.push((name, bytes));
    }
    Ok(read)
}

fn texts(compiled: &Compiled) -> Vec<String> {
    let forms = compiled.forms.iter();
    forms.map(|form| form.toml.clone()).collect()
}

/// The forms of some files: workbooks that are forms as they are, blanks compiled, with the rules
/// that people wrote beside them.
fn compiled(
    read: &[(String, Vec<u8>)],
    limits: &Limits,
    kept: &[Kept],
) -> Result<Compiled, ToolError> {
    let mut opened = Vec::new();
    for (name, bytes) in read {
        let workbook = workbook_from_bytes(name, bytes, limits)
            .map_err(|problem| ToolError::of_file(name, &problem.message()))?;
        opened.push((name, bytes, workbook));
    }
    let is_form = |workbook: &Workbook| sheet_form::sheets(workbook).0.is_some();
    let aside: Vec<Vec<String>> = opened
        .iter()
        .map(|(.., workbook)| {
            let rules = sheet_form::sheets(workbook).1;
            rules.iter().map(|sheet| sheet.name.to_string()).collect()
        })
        .collect();
    let blanks = opened.iter().zip(&aside);
    let blanks = blanks.filter(|((.., workbook), _)| !is_form(workbook));
    let blanks: Vec<Blank<'_>> = blanks
        .map(|((name, bytes, _), aside)| Blank { name, bytes, aside })
        .collect();
    let mut compiled = compile_again(&blanks, limits, kept).map_err(|error| match error {
        CompileError::File(name, problem) => ToolError::of_file(name, &problem.message()),
        CompileError::Form(error) => error.into(),
    })?;
    for (name, bytes, workbook) in &opened {
        match sheet_form::sheets(workbook) {
            (Some(_), _) => compiled.forms.extend(written(name, bytes, limits)?),
            (None, Some(rules)) => add_rules(name, rules, &mut compiled)?,
            (None, None) => {}
        }
    }
    Ok(compiled)
}

/// The form of a workbook that is one.
fn written(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<CompiledForm>, ToolError> {
    let forms = sheet_form::read(name, bytes, limits).map_err(|error| match error {
        SheetError::File(problem) => ToolError::of_file(name, &problem.message()),
        SheetError::NoForm(message) => ToolError::of_file(name, &message),
        SheetError::Blank(error) => ToolError::of_file(name, &error.message()),
    })?;
    let mut made = Vec::new();
    for read in forms {
        refuse_wrong(name, &read)?;
        if let Some(form) = &read.form {
            let cell_of = |rule: &str| read.cell_of(rule);
            let made_form = CompiledForm::written(name, form, read.toml.clone(), cell_of);
            made.push(made_form);
        }
    }
    Ok(made)
}

/// Adds the rules beside a blank to its compiled forms.
fn add_rules(name: &str, rules: &Sheet, compiled: &mut Compiled) -> Result<(), ToolError> {
    let own = compiled.forms.iter().filter(|form| form.file == name);
    let own: Vec<&CompiledForm> = own.collect();
    let with = sheet_form::beside::with_rules(name, &own, rules);
    let mut with = with.into_iter();
    for form in compiled.forms.iter_mut().filter(|form| form.file == name) {
        let Some(read) = with.next() else { continue };
        refuse_wrong(name, &read)?;
        form.toml.clone_from(&read.toml);
        let Some(whole) = &read.form else { continue };
        let said = form.rules.iter().map(|rule| rule.id.clone());
        let said: Vec<String> = said.collect();
        let added = whole.written().filter(|rule| !said.contains(&rule.id));
        let added = added.map(|rule| CompiledRule::written(name, rule, read.cell_of(&rule.id)));
        form.rules.extend(added);
    }
    Ok(())
}

/// Refuses a workbook with everything that is wrong in it.
fn refuse_wrong(name: &str, form: &SheetForm) -> Result<(), ToolError> {
    match form.is_wrong() {
        true => Err(ToolError::Other(form.wrong(name))),
        false => Ok(()),
    }
}

/// Writes every form file, or none if one of them would replace a text that is not known to come
/// from here; what was generated, and the blanks that units are sent, beside them.
fn write_forms(
    out: &Path,
    made: &FormsFromExcel,
    generated: &[String],
    blanks: &OwnBlanks,
) -> Result<(), ToolError> {
    let forms = || made.compiled.forms.iter().zip(&made.paths);
    for ((form, path), again) in forms().zip(&made.again) {
        if again.is_none() && path.exists() {
            let own = fs::read(path).map_err(ToolError::io(path))?;
            if own != form.toml.as_bytes() {
                return Err(again::not_remembered(path, out, &form.id));
            }
        }
    }
    blanks.refuse_taken(out, &made.compiled.forms)?;
    fs::create_dir_all(out).map_err(ToolError::io(out))?;
    for (form, path) in forms() {
        fs::write(path, &form.toml).map_err(ToolError::io(path))?;
    }
    blanks.put(out)?;
    let paths = made.paths.iter().map(PathBuf::as_path);
    let texts: Vec<(&Path, &str)> = paths.zip(generated.iter().map(String::as_str)).collect();
    again::remember(out, &texts)
}

/// Makes a campaign in an empty or new folder: the forms of some blanks, the units of a roster (CSV
/// or a workbook), one period, one office.
///
/// # Errors
/// The blanks have no form, the roster is wrong, or something cannot be read or written.
pub fn campaign_from_excel(
    folder: &Path,
    files: &[PathBuf],
    roster: &Path,
    period: Period,
    office: &Office,
) -> Result<FormsFromExcel, ToolError> {
    let (units, list) = units_of(roster)?;
    let schemas = folder.join("schemas");
    let mut made = forms_from_excel(files, None, None)?;
    if made.compiled.forms.is_empty() {
        return Err(no_form(&made.compiled));
    }
    made.paths = made.paths.iter().map(|path| schemas.join(path)).collect();
    let generated = texts(&made.compiled);
    if units.units.iter().any(|unit| unit.summed_by.is_some()) {
        for form in &mut made.compiled.forms {
            form.toml = summed_up(&form.toml);
        }
    }
    let read = read_all(files, &Limits::default())?;
    let blanks = own_blanks::of(&mut made.compiled.forms, &read, &|_| true)?;
    write_forms(&schemas, &made, &generated, &blanks)?;
    let mut kinds: Vec<&str> = Vec::new();
    for unit in &units.units {
        if !kinds.contains(&unit.kind.as_str()) {
            kinds.push(&unit.kind);
        }
    }
    let forms: Vec<&str> = made
        .compiled
        .forms
        .iter()
        .map(|form| form.id.as_str())
        .collect();
    let text = campaign_file(period, office, &kinds, &forms);
    let write = |path: PathBuf, bytes: &[u8]| fs::write(&path, bytes).map_err(ToolError::io(&path));
    write(folder.join(TEXT), text.as_bytes())?;
    write(folder.join(ROSTER), &list)?;
    for (name, text) in json_schema::all() {
        write(schemas.join(name), text.as_bytes())?;
    }
    for empty in ["inbox", "history"] {
        let empty = folder.join(empty);
        fs::create_dir_all(&empty).map_err(ToolError::io(&empty))?;
    }
    Campaign::load(folder)?;
    made.redrawn = blanks.redrawn;
    Ok(made)
}

/// A form file by which units that the roster says sum up others file their sum.
fn summed_up(toml: &str) -> String {
    if toml.lines().any(|line| line.starts_with("sums_up")) {
        return toml.to_owned();
    }
    let said = "# Danh sách đơn vị có cột «Tổng hợp bởi». Đơn vị tổng hợp có số của riêng mình thì ghi false.\nsums_up = true";
    with_key(toml, "sums_up", Some(said.to_owned()))
}

/// The error that nothing in some files is a form, with what is to be asked about them.
pub fn no_form(compiled: &Compiled) -> ToolError {
    let mut vi =
        "không thấy bảng nào có tiêu đề cột và dòng để điền trong các tệp đã cho".to_owned();
    let mut en = "the files have no table with column headers and rows to fill".to_owned();
    for (words, why) in &compiled.asked {
        let Words {
            file, sheet, cell, ..
        } = words;
        vi += &format!("; {file}, trang {sheet}, ô {cell}: {}", why.vi);
        en += &format!("; {file}, sheet {sheet}, cell {cell}: {}", why.en);
    }
    ToolError::Other(Message::new(vi, en))
}

fn campaign_file(period: Period, office: &Office, kinds: &[&str], forms: &[&str]) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut text = format!(
        "# Đợt báo cáo làm từ biểu Excel. Sửa các dòng dưới đây cho đúng cơ quan của mình.\n\
         # Mọi khóa: docs/chuyen-vien.md, mục \"campaign.toml\".\n\
         name = {}\ntitle = {}\nperiod = {}\noffice = {}\nplace = {}\n",
        quoted(&format!(
            "dot-{}",
            period.to_string().to_lowercase().replace("..", "-")
        )),
        quoted("Báo cáo định kỳ"),
        quoted(&period.to_string()),
        quoted(&office.name),
        quoted(&office.place),
    );
    for kind in kinds {
        text += &format!(
            "\n[[kind]]\nid = {}\nname = {}\n",
            quoted(kind),
            quoted(kind)
        );
    }
    for form in forms {
        text += &format!("\n[[form]]\nid = {}\n", quoted(form));
    }
    text
}

/// The units of a roster, and the roster as CSV: the file itself, or the list in a workbook.
fn units_of(path: &Path) -> Result<(Roster, Vec<u8>), ToolError> {
    let refused = |message: &Message| ToolError::of_file(path.display(), message);
    let bytes = read_bytes(path, &Limits::default());
    let bytes = bytes.map_err(|problem| refused(&problem.message()))?;
    let is_text = path.extension().is_none_or(|ending| {
        ["csv", "tsv", "txt"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    if is_text {
        let units = Roster::parse(&bytes, &path.display().to_string())?;
        return Ok((units, bytes));
    }
    let (units, list) = roster_of_book(path, &bytes)?;
    let csv = list.to_csv().map_err(|_| {
        refused(&Message::new(
            "không đọc được danh sách đơn vị trong bảng tính",
            "the list of units in the workbook cannot be read",
        ))
    })?;
    Ok((units, csv))
}
