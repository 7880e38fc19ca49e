//! Rules written beside a blank: the blank is compiled, and the rules of the sheet «Quy tắc» are added
//! to what it says itself.

use super::cells::Entry;
use super::finish::{SheetError, SheetForm, finished};
use super::lines::Lines;
use super::names::{Named, Names};
use super::rules;
use super::text::{Sort, Text};
use super::told::Told;
use super::words::{FIELDS_SHEET, RULES, RULES_SHEET};
use crate::compile::{Blank, CompiledForm, Printed, PrintedName, compile};
use crate::model::Message;
use crate::text::{nearest, normalise};
use crate::workbook::{Limits, Sheet};

/// Reads a blank with rules: one form for each of its tables. `told` is what is known of its sheets.
///
/// # Errors
/// The blank cannot be compiled, or has no table.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    (sheet, told): (&Sheet, Told),
    limits: &Limits,
) -> Result<Vec<SheetForm>, SheetError> {
    let aside = [sheet.name.to_string()];
    let blank = Blank {
        name,
        bytes,
        aside: &aside,
    };
    let compiled = compile(&[blank], limits).map_err(SheetError::Blank)?;
    if compiled.forms.is_empty() {
        return Err(SheetError::NoForm(Message::new(
            format!(
                "tệp có trang «{RULES_SHEET}» nhưng không có bảng nào để điền; thêm biểu trắng, hoặc trang «{FIELDS_SHEET}»"
            ),
            format!("there is a sheet «{RULES_SHEET}» and no table to fill"),
        )));
    }
    let forms: Vec<&CompiledForm> = compiled.forms.iter().collect();
    Ok(added(name, &forms, sheet, told))
}

/// The compiled forms of a file with the rules of its sheet. What is wrong with the sheet itself is
/// told once, with the first form.
pub fn with_rules(name: &str, forms: &[&CompiledForm], sheet: &Sheet) -> Vec<SheetForm> {
    added(name, forms, sheet, Told::default())
}

fn added(name: &str, forms: &[&CompiledForm], sheet: &Sheet, mut of_sheet: Told) -> Vec<SheetForm> {
    let lines = Lines::find(sheet, RULES, &[], &mut of_sheet);
    if let Some(lines) = &lines {
        check_forms(lines, forms, &mut of_sheet);
    }
    let mut made = Vec::new();
    for form in forms {
        let told = std::mem::take(&mut of_sheet);
        made.push(one(
            name,
            form,
            forms.len() > 1,
            (sheet, lines.as_ref()),
            told,
        ));
    }
    made
}

fn one(
    name: &str,
    form: &CompiledForm,
    is_one_of_several: bool,
    (sheet, lines): (&Sheet, Option<&Lines<'_>>),
    mut told: Told,
) -> SheetForm {
    let mut text = Text::default();
    let top = super::cells::place(&sheet.name, 0, 0);
    text.begin(Sort::Head, "", "", &top);
    for line in form.toml.lines() {
        text.placed(line, Vec::new());
    }
    let printed = form.printed.as_ref();
    let names = Names {
        columns: named(printed.map(Printed::columns)),
        rows: named(printed.map(Printed::rows)),
        printed,
    };
    let taken = form.rules.iter().map(|rule| rule.id.clone());
    let taken: Vec<String> = taken.collect();
    let is_own = |entry: Option<&Entry>| match entry {
        Some(entry) => is_called(form, entry.trimmed()),
        None => !is_one_of_several,
    };
    let own = rules::Own {
        is: &is_own,
        taken: &taken,
    };
    let mut lost = Vec::new();
    if let Some(lines) = lines {
        lost = rules::read(lines, &names, &own, &mut text, &mut told);
        rules::tell_taken(lines, &taken, &mut told);
    }
    finished(name, text, told, lost)
}

fn named(names: Option<Vec<PrintedName>>) -> Vec<Named> {
    let named = names.into_iter().flatten().map(|name| Named {
        id: name.id,
        codes: name.codes,
        labels: name.labels,
    });
    named.collect()
}

/// Is the form called so: by id, sheet, code or title?
fn is_called(form: &CompiledForm, words: &str) -> bool {
    let words = normalise(words);
    let printed = |line: &str| {
        let value = line.split_once(" = ");
        let value = value.filter(|(key, _)| matches!(*key, "code" | "title"));
        value.is_some_and(|(_, value)| normalise(value.trim_matches('"')) == words)
    };
    words == form.id || words == normalise(&form.sheet) || form.toml.lines().take(12).any(printed)
}

/// Tells the words under «Biểu» that are no form of the file, and lines that must have some.
fn check_forms(lines: &Lines<'_>, forms: &[&CompiledForm], told: &mut Told) {
    for line in lines.read(&mut Told::default()) {
        let Some(entry) = line.get(rules::FORM) else {
            if forms.len() > 1 {
                let ids: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
                let ids = ids.join(", ");
                told.error(
                    &line.place(rules::FORM),
                    Message::new(
                        format!(
                            "tệp có nhiều biểu mà dòng này không ghi «Biểu»; ghi một trong: {ids}"
                        ),
                        format!("the file has several forms; write one of {ids} under «Biểu»"),
                    ),
                );
            }
            continue;
        };
        if forms.iter().any(|form| is_called(form, entry.trimmed())) {
            continue;
        }
        let known = forms.iter();
        let known = known.flat_map(|form| [form.id.as_str(), form.sheet.as_str()]);
        let near = nearest(entry.trimmed(), known);
        let hint = near.map_or(String::new(), |near| format!("; có phải «{near}»?"));
        told.error(
            &entry.place,
            Message::new(
                format!("tệp không có biểu «{}»{hint}", entry.trimmed()),
                format!("the file has no form «{}»{hint}", entry.trimmed()),
            ),
        );
    }
}
