//! The office's blanks as what units are sent: kept beside the form files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::head::with_key;
use crate::campaign::{FormText, ToolError};
use crate::compile::CompiledForm;
use crate::model::Message;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::write::{OwnWorkbook, TemplateInput, own_template_bytes};

/// Folder of the workbooks that units are sent, beside the form files.
const FOLDER: &str = "mau";

/// The campaign with which blanks are tried: what is printed on them does not matter.
static TRIAL: LazyLock<CampaignFile> = LazyLock::new(|| {
    let text = "name = \"thu\"\ntitle = \"Thử\"\nperiod = \"2025-01\"\noffice = \"Thử\"\nplace = \"Thử\"\nkind = []\nform = []\n";
    toml::from_str(text).expect("the text is a constant")
});

/// Blanks that units are sent.
#[derive(Debug, Default)]
pub(super) struct OwnBlanks {
    /// Those to keep beside the form files: name and bytes.
    kept: Vec<(String, Vec<u8>)>,
    /// Names of those that form files named before.
    before: Vec<String>,
    /// Why the others cannot be sent.
    pub(super) redrawn: Vec<Message>,
}

/// Tries each blank with those of its forms that are `sent` in it, and says so in their texts; forms
/// of a blank that cannot be sent name none.
///
/// # Errors
/// A form is refused.
pub(super) fn of(
    forms: &mut [CompiledForm],
    read: &[(String, Vec<u8>)],
    sent: &dyn Fn(&CompiledForm) -> bool,
) -> Result<OwnBlanks, ToolError> {
    let mut blanks = OwnBlanks::default();
    for (name, bytes) in read {
        let own = forms.iter_mut();
        let mut own: Vec<&mut CompiledForm> = own
            .filter(|form| form.file == *name && sent(form) && !names_another(form))
            .collect();
        if own.is_empty() {
            continue;
        }
        let before = own.iter().filter_map(|form| own_blank(&form.toml));
        blanks.before.extend(before);
        let tried = own.iter().map(|form| Form::parse(&form.id, &form.toml));
        let tried: Vec<Arc<Form>> = tried
            .map(|form| form.map(Arc::new))
            .collect::<Result<_, _>>()?;
        let problem = problem(name, bytes, &tried);
        let kept = problem.is_none().then_some(name.as_str());
        for form in &mut own {
            form.toml = sent_in(&form.toml, kept);
        }
        match problem {
            Some(why) => blanks.redrawn.push(why),
            None => blanks.kept.push((name.clone(), bytes.clone())),
        }
    }
    Ok(blanks)
}

/// Why units cannot be sent a blank.
fn problem(name: &str, bytes: &[u8], forms: &[Arc<Form>]) -> Option<Message> {
    let input = TemplateInput {
        campaign: &TRIAL,
        unit: None,
        forms,
        fill: None,
        identity: true,
        previous: None,
        password: None,
    };
    let own = OwnWorkbook { name, bytes };
    let day = TRIAL.period.last_day().and_hms_opt(8, 0, 0);
    let made = own_template_bytes(&input, own, day.unwrap_or_default());
    made.err().map(|error| error.message)
}

/// Name of the kept blank that a form file says units are sent.
pub(super) fn own_blank(toml: &str) -> Option<String> {
    let table = toml.parse::<toml::Table>().ok()?;
    let template = table.get("template")?.as_str()?;
    let name = template.strip_prefix(FOLDER)?.strip_prefix('/')?;
    let is_name = !name.contains(['/', '\\']);
    is_name.then(|| name.to_owned())
}

/// Did people write the form, and name the workbook that units are sent?
fn names_another(form: &CompiledForm) -> bool {
    let named = || {
        let table = form.toml.parse::<toml::Table>();
        table.is_ok_and(|table| table.contains_key("template"))
    };
    form.printed.is_none() && named()
}

/// Some systems take names for the same that differ in capitals only.
fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A form file that says in which kept blank units are sent the form, or names none.
fn sent_in(toml: &str, name: Option<&str>) -> String {
    let line = name.map(|name| {
        let template = toml::Value::from(format!("{FOLDER}/{name}"));
        format!("template = {template}")
    });
    with_key(toml, "template", line)
}

impl OwnBlanks {
    /// Refuses to put a blank in the place of one in which units are sent another form of the folder.
    ///
    /// # Errors
    /// That is so, or the folder cannot be read.
    pub(super) fn refuse_taken(
        &self,
        out: &Path,
        compiled: &[CompiledForm],
    ) -> Result<(), ToolError> {
        let others = others(out, compiled);
        let taken =
            |(name, _): &&(String, Vec<u8>)| others.iter().any(|(_, blank)| same_name(blank, name));
        let Some((name, _)) = self.kept.iter().find(taken) else {
            return Ok(());
        };
        let other = others.iter().find(|(_, blank)| same_name(blank, name));
        let other = other.map_or(String::new(), |(path, _)| path.display().to_string());
        Err(ToolError::Other(Message::new(
            format!(
                "{name}: biểu ở {other} cũng gửi đơn vị bằng tệp {FOLDER}/{name} mà tệp mới không có biểu ấy; hãy đổi tên tệp mới rồi chạy lại. Chưa tệp nào bị đổi"
            ),
            format!(
                "{name}: the form in {other} is sent in {FOLDER}/{name}, too, and is not in the new file; rename the new file and try again. No file was changed"
            ),
        )))
    }

    /// Puts the blanks beside the form files of `out`, which are there by now, and takes away those
    /// that no form is sent in any more.
    ///
    /// # Errors
    /// A file cannot be written or removed.
    pub(super) fn put(&self, out: &Path) -> Result<(), ToolError> {
        let folder = out.join(FOLDER);
        for (name, bytes) in &self.kept {
            fs::create_dir_all(&folder).map_err(ToolError::io(&folder))?;
            let to = folder.join(name);
            fs::write(&to, bytes).map_err(ToolError::io(&to))?;
        }
        let used = others(out, &[]);
        for name in &self.before {
            let path = folder.join(name);
            if path.is_file() && !used.iter().any(|(_, blank)| same_name(blank, name)) {
                fs::remove_file(&path).map_err(ToolError::io(&path))?;
            }
        }
        Ok(())
    }
}

/// Form files of a folder but for those of some forms, with the kept blank that each names.
fn others(out: &Path, but: &[CompiledForm]) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_other = |path: &PathBuf| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        path.is_file() && but.iter().all(|form| Some(&*form.id) != stem.as_deref())
    };
    let named = |path: PathBuf| {
        let forms = FormText::all(&path).unwrap_or_default().into_iter();
        let blanks = forms.filter_map(|form| own_blank(&form.text));
        blanks
            .map(|blank| (path.clone(), blank))
            .collect::<Vec<_>>()
    };
    paths.filter(is_other).flat_map(named).collect()
}
