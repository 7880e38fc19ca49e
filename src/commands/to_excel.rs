//! Writes form files and campaigns as workbooks that their owners can edit.

use std::fs;
use std::path::{Path, PathBuf};

use super::campaign_book::campaign_workbook;
use crate::campaign::{Clock, FormText, ToolError};
use crate::model::Message;
use crate::model::campaign_files::BOOK;
use crate::sheet_form::lay::lay;
use crate::sheet_form::{self, same};
use crate::workbook::Limits;
use crate::write::{FormWorkbook, form_workbook_bytes, write_whole};

/// Writes `out/<id>.xlsx` for each form file, and `out/campaign.xlsx` for the folder of a campaign; every workbook is read back and compared before it is
/// put in place. Gives the files.
///
/// # Errors
/// A form file is wrong, a workbook would lose something of it, or a file cannot be written, among
/// others because there is another one of its name.
pub fn forms_to_excel(
    files: &[PathBuf],
    out: &Path,
    clock: &Clock,
) -> Result<Vec<PathBuf>, ToolError> {
    let created = clock.moment();
    let mut made = Vec::new();
    for file in files {
        if file.is_dir() {
            let path = out.join(BOOK);
            if path.exists() {
                return Err(occupied(&path));
            }
            made.push((path, campaign_workbook(file, clock)?));
            continue;
        }
        for text in FormText::named(file)? {
            let form = text.form()?;
            let laid =
                lay(&text.text).map_err(|message| ToolError::of_file(file.display(), &message))?;
            let input = FormWorkbook {
                form: &form,
                laid: &laid,
            };
            let bytes = form_workbook_bytes(&input, created)?;
            check(file, &text.text, &bytes)?;
            let path = out.join(format!("{}.xlsx", form.id()));
            if path.exists() {
                return Err(occupied(&path));
            }
            made.push((path, bytes));
        }
    }
    fs::create_dir_all(out).map_err(ToolError::io(out))?;
    let mut paths = Vec::new();
    for (path, bytes) in made {
        write_whole(&path, &bytes)?;
        paths.push(path);
    }
    Ok(paths)
}

/// Refuses a workbook that reads back as another form.
fn check(file: &Path, text: &str, bytes: &[u8]) -> Result<(), ToolError> {
    let read = sheet_form::read("", bytes, &Limits::default());
    let back = read.ok().and_then(|forms| forms.into_iter().next());
    let lost = match &back {
        Some(form) => same::lost(text, &form.toml, &form.mistakes),
        None => vec![same::UNREADABLE.to_owned()],
    };
    match lost.is_empty() {
        true => Ok(()),
        false => {
            let lost = lost.join("; ");
            Err(ToolError::of_file(
                file.display(),
                &Message::new(
                    format!("biểu này chưa viết được thành tệp Excel mà không mất gì: {lost}"),
                    format!("this form cannot be written as a workbook without loss: {lost}"),
                ),
            ))
        }
    }
}

fn occupied(path: &Path) -> ToolError {
    let shown = path.display();
    ToolError::Other(Message::new(
        format!("{shown}: đã có tệp này; chọn thư mục khác ở --out, hoặc đổi tên tệp cũ"),
        format!("{shown}: the file is there; choose another folder with --out, or rename it"),
    ))
}
