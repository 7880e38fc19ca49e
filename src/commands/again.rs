//! Form files compiled again: what people changed in them stays.

use std::fs;
use std::path::Path;

use crate::campaign::{FormText, ToolError};
use crate::compile::again::{Kept, Merged, changes, merge};
use crate::compile::{Compiled, CompiledForm, Words};
use crate::model::{CellAddress, Message};
use crate::schema::Form;

/// Folder, beside form files, of their texts as they were generated.
pub(super) const GENERATED: &str = ".from-excel";

/// A form file that was compiled before: as it was generated, and as it is now.
pub(super) struct Before {
    id: String,
    then: String,
    now: String,
}

/// What became of a form file that was compiled before.
#[derive(Debug)]
pub struct Again {
    /// Number of its sections that stay as people wrote them.
    pub kept: usize,
    /// What the blank says otherwise than when it was compiled last.
    pub changes: Vec<Message>,
}

/// Every form file of a folder that was compiled before and is still there.
///
/// # Errors
/// The folder or a file in it cannot be read.
pub(super) fn before(out: &Path) -> Result<Vec<Before>, ToolError> {
    let folder = out.join(GENERATED);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(&folder).map_err(ToolError::io(&folder))? {
        let path = entry.map_err(ToolError::io(&folder))?.path();
        let (Some(id), Some(name)) = (path.file_stem(), path.file_name()) else {
            continue;
        };
        let own = out.join(name);
        if path.extension().is_none_or(|ending| ending != "toml") || !own.exists() {
            continue;
        }
        let read = |path: &Path| fs::read_to_string(path).map_err(ToolError::io(path));
        all.push(Before {
            id: id.to_string_lossy().into_owned(),
            then: read(&path)?,
            now: read(&own)?,
        });
    }
    all.sort_by(|one, two| one.id.cmp(&two.id));
    Ok(all)
}

/// The ids that columns and rows have in them.
pub(super) fn kept(before: &[Before]) -> Vec<Kept> {
    let kept = before.iter();
    kept.filter_map(|one| Kept::of(&one.then, &one.now))
        .collect()
}

/// Merges what was compiled with the form files that are there, and asks about what cannot be
/// settled. What became of each form's file; `None` for a form that was not compiled before.
///
/// # Errors
/// A form file was changed so that it cannot be merged, or the merged form is refused; no file has
/// been touched.
pub(super) fn merge_all(
    compiled: &mut Compiled,
    before: &[Before],
    out: &Path,
) -> Result<Vec<Option<Again>>, ToolError> {
    let mut all = Vec::new();
    for form in &mut compiled.forms {
        let Some(one) = before.iter().find(|one| one.id == form.id) else {
            all.push(None);
            continue;
        };
        let path = out.join(format!("{}.toml", form.id));
        let merged = merge(&one.then, &one.now, &form.toml);
        let merged = merged.ok_or_else(|| {
            refused(
                &path,
                &Message::new(
                    "tệp không đọc được hoặc không còn viết theo từng mục ([[column]], [[rule]]...)",
                    "it cannot be read, or is not written section by section ([[column]], [[rule]]...)",
                ),
            )
        })?;
        if let Err(error) = Form::parse(&path.display().to_string(), &merged.text) {
            return Err(refused(&path, &ToolError::from(error).message()));
        }
        compiled.asked.extend(asked(form, &merged));
        for rule in &mut form.rules {
            if let Some((_, own)) = merged.renamed.iter().find(|(new, _)| *new == rule.id) {
                rule.id.clone_from(own);
            }
        }
        let changes = changes(&one.then, &form.toml);
        form.toml = merged.text;
        let kept = merged.kept;
        all.push(Some(Again { kept, changes }));
    }
    Ok(all)
}

fn refused(path: &Path, why: &Message) -> ToolError {
    let shown = path.display();
    ToolError::Other(Message::new(
        format!(
            "{shown}: không gộp được bản biên dịch mới với tệp đã sửa tay: {}. Chưa tệp nào bị đổi; hãy sửa tệp ấy, hoặc ghi ra thư mục khác ở --out",
            why.vi
        ),
        format!(
            "{shown}: what was compiled cannot be merged with the file as it was changed by hand: {}. No file was changed; mend that file, or write to another folder with --out",
            why.en
        ),
    ))
}

/// The questions, each at the cell that it is about.
fn asked(form: &CompiledForm, merged: &Merged) -> Vec<(Words, Message)> {
    let words = |ids: &Vec<String>| {
        let rule = |id: &String| {
            let rule = form.rules.iter().find(|rule| rule.id == *id)?;
            rule.evidence.first().cloned()
        };
        let head = |id: &String| {
            let part = id.split('.').next()?;
            form.heads.get(id).or(form.heads.get(part)).copied()
        };
        ids.iter().find_map(rule).unwrap_or_else(|| Words {
            file: form.file.clone(),
            sheet: form.sheet.clone(),
            cell: ids.iter().find_map(head).unwrap_or(CellAddress::new(0, 0)),
            words: ids.first().cloned().unwrap_or_default(),
        })
    };
    let asked = merged.asked.iter();
    asked.map(|(ids, why)| (words(ids), why.clone())).collect()
}

/// Refuses to write a form file beside the workbook in which people keep the same form.
///
/// # Errors
/// There is one, or it cannot be read.
pub(super) fn refuse_workbooks(out: &Path, forms: &[CompiledForm]) -> Result<(), ToolError> {
    for form in forms {
        let id = &form.id;
        let path = out.join(format!("{id}.xlsx"));
        if !path.is_file() || FormText::all(&path)?.is_empty() {
            continue;
        }
        let (shown, out) = (path.display(), out.display());
        return Err(ToolError::Other(Message::new(
            format!(
                "{shown}: biểu `{id}` đang viết trong bảng tính này; ghi thêm {id}.toml thì có hai tệp cho một biểu và đợt không chạy. Chưa tệp nào bị đổi. Sửa biểu ngay trong bảng tính ấy; hoặc chạy `tonghop forms from-excel {shown} --out THƯ_MỤC_KHÁC`, để tệp {id}.toml ở đó vào {out} thay cho bảng tính, rồi chạy lại lệnh này"
            ),
            format!(
                "{shown}: the form `{id}` is kept in this workbook; {id}.toml beside it would be a second file of one form, and the campaign would not run. No file was changed. Change the form in that workbook; or run `tonghop forms from-excel {shown} --out OTHER_FOLDER`, put {id}.toml of that folder into {out} in place of the workbook, and try again"
            ),
        )));
    }
    Ok(())
}

/// The error that a form file is there of which nobody knows what was generated.
pub(super) fn not_remembered(path: &Path, out: &Path, id: &str) -> ToolError {
    let (shown, folder) = (path.display(), out.join(GENERATED));
    let folder = folder.display();
    ToolError::Other(Message::new(
        format!(
            "{shown}: đã có tệp biểu mẫu này mà không có bản ghi lần biên dịch trước ({folder}/{id}.toml), nên không biết chỗ nào là sửa tay và không ghi đè. Nếu tệp được biên dịch ở đợt trước hay máy khác thì chép thư mục .from-excel ở đó vào {} rồi chạy lại; không còn thì ghi ra thư mục khác ở --out, chép chỗ sửa tay sang, rồi thay tệp cũ",
            out.display()
        ),
        format!(
            "{shown}: this form file is there without what was generated for it ({folder}/{id}.toml), so nobody can tell what was changed by hand, and it is not replaced. If it was compiled in an earlier campaign or elsewhere, copy the folder .from-excel from there to {} and try again; otherwise write to another folder with --out, copy the changes made by hand, and replace the old file",
            out.display()
        ),
    ))
}

/// Keeps the texts as they were generated, for the next time.
///
/// # Errors
/// They cannot be written.
pub(super) fn remember(out: &Path, forms: &[(&Path, &str)]) -> Result<(), ToolError> {
    let folder = out.join(GENERATED);
    fs::create_dir_all(&folder).map_err(ToolError::io(&folder))?;
    for (path, text) in forms {
        let Some(name) = path.file_name() else {
            continue;
        };
        let path = folder.join(name);
        fs::write(&path, text).map_err(ToolError::io(&path))?;
    }
    Ok(())
}
