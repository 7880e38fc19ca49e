//! `tonghop forms from-excel`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::common::{Common, OutputFormat};
use super::output::{say, say_json};
use crate::campaign::ToolError;
use crate::commands::again::Again;
use crate::commands::from_excel::{FormsFromExcel, forms_from_excel, no_form};
use crate::commands::{FilledFiles, FilledFolders};
use crate::compile::{CompiledForm, RuleTested, Words};
use crate::model::value::message;
use crate::model::{Lang, Message};
use crate::report::json::commands::from_excel;

/// Runs the command: exit code 0 if there is nothing to ask, 1 if there is.
///
/// # Errors
/// No form was found, or a file cannot be read or written.
pub(super) fn run(
    files: &[PathBuf],
    out: Option<&Path>,
    filled: Option<FilledFolders<'_>>,
    common: &Common,
) -> Result<ExitCode, ToolError> {
    let made = forms_from_excel(files, out, filled)?;
    if made.compiled.forms.is_empty() {
        return Err(no_form(&made.compiled));
    }
    match common.format {
        OutputFormat::Json => {
            let skipped = made.filled.as_ref().map(|filled| &*filled.skipped);
            let left_out = skipped.unwrap_or_default();
            say_json(&from_excel(
                &made.compiled,
                &made.paths,
                left_out,
                common.lang,
            ))?;
        }
        OutputFormat::Text => say(&text(&made, out.is_some(), common.lang))?,
    }
    Ok(ExitCode::from(u8::from(!made.compiled.asked.is_empty())))
}

/// What was made, from which words, and what is to be asked.
pub(super) fn text(made: &FormsFromExcel, written: bool, lang: Lang) -> String {
    let compiled = &made.compiled;
    let mut text = String::new();
    for ((form, path), again) in compiled.forms.iter().zip(&made.paths).zip(&made.again) {
        let (columns, rows) = (form.columns.len(), form.rows.len());
        let (id, file, sheet) = (&form.id, &form.file, &form.sheet);
        text += &match lang {
            Lang::Vi => format!(
                "Biểu {id}: tệp {file}, trang {sheet}, {columns} cột, {rows} dòng cố định\n"
            ),
            Lang::En => format!(
                "Form {id}: file {file}, sheet {sheet}, {columns} columns, {rows} fixed rows\n"
            ),
        };
        if written {
            text += &format!(
                "  {} {}\n",
                lang.pick("Đã ghi", "Written to"),
                path.display()
            );
        }
        if let Some(Again { kept, changes }) = again {
            text += &merged(*kept, changes, lang);
        }
        for rule in &form.rules {
            text += &format!("  {}: {}\n", rule.id, rule.text);
            for words in &rule.evidence {
                text += &format!("    {}\n", place(words));
            }
            if let Some(tested) = rule.tested {
                text += &format!("    {}\n", lang.of(&fared(tested)));
            }
        }
        if form.rules.is_empty() {
            text += lang.pick(
                "  Biểu không ghi quy tắc nào.\n",
                "  The form states no rule.\n",
            );
        }
        if form.proposed > 0 {
            let proposed = form.proposed;
            text += &match lang {
                Lang::Vi => format!(
                    "  {proposed} quy tắc chỉ là đề xuất, ghi thành chú thích ở cuối tệp biểu mẫu\n"
                ),
                Lang::En => format!(
                    "  {proposed} rules are only proposed, as comments at the end of the form file\n"
                ),
            };
        }
        text += &proposals(form, lang);
    }
    if let Some(filled) = &made.filled {
        text += &skipped(filled, lang);
    }
    for why in &made.redrawn {
        let said = lang.pick(
            "Mẫu gửi đơn vị được vẽ lại theo biểu mẫu, không dùng chính tệp này",
            "Units are sent a sheet that is drawn anew instead of this workbook",
        );
        text += &format!("{said}: {}\n", lang.of(why));
    }
    if !compiled.asked.is_empty() {
        text += lang.pick(
            "Cần người quyết định (chưa thành quy tắc):\n",
            "For a person to decide (not adopted):\n",
        );
    }
    for (words, why) in &compiled.asked {
        text += &format!("  {} {}: {}\n", words.file, place(words), lang.of(why));
    }
    if !compiled.not_understood.is_empty() {
        text += lang.pick("Chưa hiểu:\n", "Not understood:\n");
    }
    for words in &compiled.not_understood {
        text += &format!("  {} {}\n", words.file, place(words));
    }
    text
}

/// What became of a file that was compiled before, and what the blank says otherwise.
fn merged(kept: usize, changes: &[Message], lang: Lang) -> String {
    let mut text = String::new();
    if kept > 0 {
        text += &match lang {
            Lang::Vi => format!("  Đã gộp với tệp đang có; giữ {kept} mục sửa tay\n"),
            Lang::En => format!(
                "  Merged with the file that is there; {kept} sections changed by hand stay\n"
            ),
        };
    }
    for change in changes {
        text += &format!("  {}\n", lang.of(change));
    }
    text
}

/// How a rule fared in filled workbooks.
fn fared(tested: RuleTested) -> Message {
    let RuleTested {
        held,
        failed,
        untested,
        files,
    } = tested;
    message!(
        held, failed, untested, files;
        "Trong {files} tệp đã điền: đúng {held} chỗ, sai {failed} chỗ, chưa thử được {untested} chỗ",
        "In {files} filled workbooks: held at {held} places, failed at {failed}, not tested at {untested}"
    )
}

/// What filled workbooks propose for a form.
fn proposals(form: &CompiledForm, lang: Lang) -> String {
    let mut text = String::new();
    if !form.proposals.is_empty() {
        text += lang.pick(
            "  Biểu không ghi nhưng đúng ở mọi tệp đã điền (chỉ là đề xuất, ghi thành chú thích ở cuối tệp biểu mẫu):\n",
            "  Not stated, but true in all filled workbooks (only proposed, as comments at the end of the form file):\n",
        );
    }
    for rule in &form.proposals {
        let at = match &rule.at {
            Some(at) => format!(" ({})", at.join(", ")),
            None => String::new(),
        };
        text += &format!("    {}{at}\n", rule.text);
        if let Some(RuleTested { held, files, .. }) = rule.tested {
            let counts = message!(
                held, files;
                "đúng ở cả {held} chỗ thử được, trong {files} tệp",
                "holds at all {held} places that test it, in {files} workbooks"
            );
            text += &format!("      {}\n", lang.of(&counts));
        }
    }
    text
}

/// How many filled workbooks were looked at, and the files that were not.
fn skipped(filled: &FilledFiles, lang: Lang) -> String {
    let read = filled.read;
    let mut text = match lang {
        Lang::Vi => format!("Đã xem {read} tệp đã điền.\n"),
        Lang::En => format!("{read} filled workbooks were looked at.\n"),
    };
    if let Some(paired) = filled.paired {
        text += &match lang {
            Lang::Vi => format!("  {paired} đơn vị có tệp của cả hai kỳ.\n"),
            Lang::En => format!("  {paired} units have files of both periods.\n"),
        };
    }
    for (file, why) in &filled.skipped {
        let why = lang.of(why);
        text += &match lang {
            Lang::Vi => format!("  Bỏ qua {file}: {why}\n"),
            Lang::En => format!("  Left out {file}: {why}\n"),
        };
    }
    text
}

/// Sheet, cell and words.
fn place(words: &Words) -> String {
    let (sheet, cell, said) = (&words.sheet, words.cell, &words.words);
    format!("{sheet}!{cell} «{said}»")
}
