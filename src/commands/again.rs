//! Form files compiled again: what people changed in them stays.

use std::fs;
use std::path::Path;

use crate::campaign::ToolError;
use crate::compile::again::{Kept, Merged, merge};
use crate::compile::{Compiled, CompiledForm, Words};
use crate::model::{CellAddress, Message};
use crate::schema::Form;

/// Folder, beside form files, of their texts as they were generated.
const GENERATED: &str = ".from-excel";

/// A form file that was compiled before: as it was generated, and as it is now.
pub(super) struct Before {
    id: String,
    then: String,
    now: String,
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
/// settled. The number of sections that stay as people have them, for each form; `None` for a form
/// that was not compiled before.
///
/// # Errors
/// A form file was changed so that it cannot be merged, or the merged form is refused; no file has
/// been touched.
pub(super) fn merge_all(
    compiled: &mut Compiled,
    before: &[Before],
    out: &Path,
) -> Result<Vec<Option<usize>>, ToolError> {
    let mut kept = Vec::new();
    for form in &mut compiled.forms {
        let Some(one) = before.iter().find(|one| one.id == form.id) else {
            kept.push(None);
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
        form.toml = merged.text;
        kept.push(Some(merged.kept));
    }
    Ok(kept)
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
