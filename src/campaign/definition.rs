//! A campaign as its folder defines it: `campaign.toml`, `roster.csv`, form files, archive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use super::controls;
use super::error::ToolError;
use super::past::{self, Past};
use crate::history::{Archive, sha256};
use crate::model::{Message, Period, Reason, ReportingUnit, Severity};
use crate::roster::Roster;
use crate::rules::PreviousFigures;
use crate::rules::control::Control;
use crate::schema::campaign::{AppendixText, CampaignFile, CampaignForm};
use crate::schema::expression::Expr;
use crate::schema::lint::lifecycle;
use crate::schema::source::Source;
use crate::schema::{Form, Forms, SchemaError, builtin, hints, lint};

/// A loaded campaign.
#[derive(Debug)]
pub struct Campaign {
    /// Its folder.
    pub folder: PathBuf,
    /// `campaign.toml`.
    pub file: CampaignFile,
    /// Its forms, in order.
    pub forms: Vec<Arc<Form>>,
    /// Older versions of them that the campaign's `schemas/` still has.
    pub older: Vec<Arc<Form>>,
    /// `roster.csv`.
    pub roster: Roster,
    /// The closed periods.
    pub archive: Archive,
    /// Figures of the closed periods that rules reach into; `None` if the archive has none.
    pub previous: Option<PreviousFigures>,
    /// What rules ask of the archive and do not get.
    pub lacks: Vec<past::Lack>,
    /// SHA-256 of the files it was loaded from: `campaign.toml`, `roster.csv`, and each form by id.
    pub stamps: BTreeMap<String, String>,
    /// The figures' expressions, in order.
    pub figures: Vec<Expr>,
    /// Reasons given in the closed previous period.
    pub reasons: Vec<Reason>,
    /// Figures known from elsewhere.
    pub controls: Vec<Control>,
}

impl Campaign {
    /// Loads and checks a campaign folder.
    pub fn load(folder: &Path) -> Result<Campaign, ToolError> {
        Self::load_with(folder, true)
    }

    /// Loads and checks all that is needed to read what units filed: a campaign without its past.
    pub(super) fn load_to_read(folder: &Path) -> Result<Campaign, ToolError> {
        Self::load_with(folder, false)
    }

    fn load_with(folder: &Path, past: bool) -> Result<Campaign, ToolError> {
        let (name, text) = campaign_text(folder)?;
        let source = Source {
            name: &name,
            text: &text,
        };
        let file: CampaignFile = source.parse()?;
        let mut stamps = BTreeMap::from([("campaign.toml".to_owned(), sha256(text.as_bytes()))]);
        let forms = load_forms(&source, folder, &file, &mut stamps)?;
        check_kinds(&source, &file)?;
        check_appendices(&source, &file, &forms)?;
        super::charts::check(&source, &file, &forms)?;
        let figures = load_figures(&source, &file, &forms)?;
        let roster_path = folder.join("roster.csv");
        let roster = Roster::load(&roster_path)?;
        check_roster(folder, &file, &roster)?;
        let controls = controls::load(&source, folder, &file, &forms, &roster)?;
        let bytes = std::fs::read(&roster_path).map_err(ToolError::io(&roster_path))?;
        stamps.insert("roster.csv".to_owned(), sha256(&bytes));
        let archive = Archive::new(archive_folder(&source, folder, &file)?);
        let Past {
            figures: previous,
            lacks,
        } = match past {
            true => past::load(&archive, &file, &roster, &forms)?,
            false => Past::default(),
        };
        let reasons = match past {
            true => archive.reasons(previous_period(&file))?,
            false => Vec::new(),
        };
        Ok(Campaign {
            folder: folder.to_owned(),
            archive,
            previous,
            lacks,
            stamps,
            older: load_older(folder, &file, &forms)?,
            file,
            forms,
            roster,
            figures,
            reasons,
            controls,
        })
    }

    /// Must this unit file this form in this campaign?
    pub fn expects(&self, unit: &ReportingUnit, form: &str) -> bool {
        let asked = self
            .file
            .forms
            .iter()
            .find(|asked| asked.id.get_ref() == form);
        unit.active_on(self.file.period.last_day())
            && asked.is_some_and(|asked| match (&asked.units, &asked.kinds) {
                (Some(units), _) => units.contains(&unit.code),
                (None, Some(kinds)) => kinds.contains(&unit.kind),
                (None, None) => true,
            })
    }

    /// Units of the campaign by kind (in the order of `campaign.toml`), group and roster order.
    pub fn units_in_order(&self) -> Vec<Arc<ReportingUnit>> {
        let kind = |unit: &ReportingUnit| {
            self.file
                .kinds
                .iter()
                .position(|kind| kind.id == unit.kind)
                .unwrap_or(usize::MAX)
        };
        let group = |unit: &ReportingUnit| {
            self.roster
                .units
                .iter()
                .position(|other| other.kind == unit.kind && other.group == unit.group)
        };
        let mut units = self.roster.units.clone();
        units.sort_by_key(|unit| (kind(unit), group(unit)));
        units
    }
}

/// Name and text of `campaign.toml`.
fn campaign_text(folder: &Path) -> Result<(String, String), ToolError> {
    let path = folder.join("campaign.toml");
    let text = std::fs::read_to_string(&path).map_err(ToolError::io(&path))?;
    Ok((path.display().to_string(), text))
}

/// The archive of a campaign, without loading anything else of it.
pub fn archive_of(folder: &Path) -> Result<Archive, ToolError> {
    let (name, text) = campaign_text(folder)?;
    let source = Source {
        name: &name,
        text: &text,
    };
    let file: CampaignFile = source.parse()?;
    Ok(Archive::new(archive_folder(&source, folder, &file)?))
}

/// The period `PREV()` reads.
pub fn previous_period(file: &CampaignFile) -> Period {
    file.previous.unwrap_or_else(|| file.period.previous())
}

/// Where the closed periods are. A folder named in the campaign must exist: a wrong name would
/// leave every comparison with last period unasked.
fn archive_folder(
    source: &Source<'_>,
    folder: &Path,
    file: &CampaignFile,
) -> Result<PathBuf, ToolError> {
    let Some(named) = &file.history else {
        return Ok(folder.join("history"));
    };
    let path = folder.join(named.get_ref());
    if path.is_dir() {
        return Ok(path);
    }
    let shown = path.display();
    let message = Message::new(
        format!("không có thư mục {shown}; nếu đây là đợt đầu tiên thì tạo thư mục trống này"),
        format!("no folder {shown}; create it, empty, if this is the first campaign"),
    );
    Err(at(source, named, message).into())
}

fn load_forms(
    source: &Source<'_>,
    folder: &Path,
    file: &CampaignFile,
    stamps: &mut BTreeMap<String, String>,
) -> Result<Vec<Arc<Form>>, ToolError> {
    let mut forms: Vec<Arc<Form>> = Vec::new();
    let mut texts = Vec::new();
    for asked in &file.forms {
        let (name, text) = form_text(source, folder, asked)?;
        let mut form = Form::parse(&name, &text)?;
        form.set_aside(Some(file.period), &file.off);
        if form.id() != asked.id.get_ref() {
            return Err(at(
                source,
                &asked.id,
                Message::new(
                    format!(
                        "tệp {name} khai mã biểu `{}`, không phải `{}`",
                        form.id(),
                        asked.id.get_ref()
                    ),
                    format!(
                        "{name} declares form `{}`, not `{}`",
                        form.id(),
                        asked.id.get_ref()
                    ),
                ),
            )
            .into());
        }
        if forms.iter().any(|other| other.id() == form.id()) {
            return Err(at(
                source,
                &asked.id,
                Message::new(
                    format!("biểu `{}` khai hai lần", form.id()),
                    format!("form `{}` is listed twice", form.id()),
                ),
            )
            .into());
        }
        stamps.insert(form.id().to_owned(), sha256(text.as_bytes()));
        forms.push(Arc::new(form));
        texts.push(text);
    }
    let by_id: Forms = forms
        .iter()
        .map(|form| (form.id().to_owned(), form.clone()))
        .collect();
    for (form, text) in forms.iter().zip(&texts) {
        lint::cross_form(form, text, &by_id)?;
        check_row_kinds(form, text, file)?;
    }
    lifecycle::check_off(source, &file.off, &forms)?;
    Ok(forms)
}

/// Older versions of the campaign's forms: files of `schemas/`, whatever they are called, that
/// declare the id of one of its forms and another version.
fn load_older(
    folder: &Path,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<Vec<Arc<Form>>, ToolError> {
    let schemas = folder.join("schemas");
    if !schemas.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&schemas).map_err(ToolError::io(&schemas))? {
        let path = entry.map_err(ToolError::io(&schemas))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            paths.push(path);
        }
    }
    paths.sort();
    let mut older: Vec<Arc<Form>> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(ToolError::io(&path))?;
        let mut form = Form::parse(&path.display().to_string(), &text)?;
        form.set_aside(Some(file.period), &file.off);
        let current = forms.iter().find(|current| current.id() == form.id());
        if current.is_some_and(|current| current.file.version != form.file.version) {
            older.push(Arc::new(form));
        }
    }
    Ok(older)
}

/// The text of a form file: the path given, `schemas/<id>.toml` of the campaign, or the built-in.
fn form_text(
    source: &Source<'_>,
    folder: &Path,
    asked: &CampaignForm,
) -> Result<(String, String), ToolError> {
    let id = asked.id.get_ref();
    let own = folder.join("schemas").join(format!("{id}.toml"));
    let path = asked
        .path
        .as_ref()
        .map(|path| folder.join(path))
        .or_else(|| own.is_file().then_some(own));
    if let Some(path) = path {
        let text = std::fs::read_to_string(&path).map_err(ToolError::io(&path))?;
        return Ok((path.display().to_string(), text));
    }
    if let Some(text) = builtin::text(id) {
        return Ok((format!("{id}.toml"), text.to_owned()));
    }
    let hint = lint::suggestion(id, &builtin::ids());
    Err(at(source, &asked.id, Message::new(
        format!("không có biểu mẫu `{id}`: không thấy schemas/{id}.toml trong đợt và không có sẵn trong chương trình{}", hint.vi),
        format!("no form `{id}`: neither schemas/{id}.toml nor a built-in form{}", hint.en),
    )).into())
}

pub(super) fn at(source: &Source<'_>, spanned: &Spanned<String>, message: Message) -> SchemaError {
    source.error(Some(spanned.span()), message)
}

fn check_kinds(source: &Source<'_>, file: &CampaignFile) -> Result<(), ToolError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    for form in &file.forms {
        let unknown = |kind: &&String| !known.contains(&kind.as_str());
        if let Some(kind) = form.kinds.iter().flatten().find(unknown) {
            let hint = lint::suggestion(kind, &known);
            return Err(at(
                source,
                &form.id,
                Message::new(
                    format!(
                        "biểu `{}`: không có loại đơn vị `{kind}`{}",
                        form.id.get_ref(),
                        hint.vi
                    ),
                    format!(
                        "form `{}`: no kind of unit `{kind}`{}",
                        form.id.get_ref(),
                        hint.en
                    ),
                ),
            )
            .into());
        }
    }
    Ok(())
}

/// Rows must not be asked of kinds of unit that nobody is of.
fn check_row_kinds(form: &Form, text: &str, file: &CampaignFile) -> Result<(), SchemaError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let mut hints = hints::kinds(form, &known).into_iter();
    let source = Source {
        name: &form.source,
        text,
    };
    match hints.find(|hint| hint.severity == Severity::Error) {
        Some(wrong) => Err(source.error(wrong.span, wrong.message)),
        None => Ok(()),
    }
}

/// Kinds in the roster and units named by forms must exist on both sides.
fn check_roster(folder: &Path, file: &CampaignFile, roster: &Roster) -> Result<(), ToolError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    for unit in &roster.units {
        if !known.contains(&unit.kind.as_str()) {
            let hint = lint::suggestion(&unit.kind, &known);
            let at = folder.join("roster.csv");
            return Err(ToolError::Other(Message::new(
                format!(
                    "{}: đơn vị {} có loại `{}` không khai trong campaign.toml{}",
                    at.display(),
                    unit.code,
                    unit.kind,
                    hint.vi
                ),
                format!(
                    "{}: unit {} is of kind `{}`, which campaign.toml does not declare{}",
                    at.display(),
                    unit.code,
                    unit.kind,
                    hint.en
                ),
            )));
        }
    }
    for form in &file.forms {
        let unknown = |code: &&String| roster.by_code(code).is_none();
        if let Some(code) = form.units.iter().flatten().find(unknown) {
            return Err(ToolError::Other(Message::new(
                format!(
                    "campaign.toml: biểu `{}`: không có đơn vị mã `{code}` trong roster.csv",
                    form.id.get_ref()
                ),
                format!(
                    "campaign.toml: form `{}`: no unit `{code}` in roster.csv",
                    form.id.get_ref()
                ),
            )));
        }
    }
    Ok(())
}

fn load_figures(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<Vec<Expr>, ToolError> {
    let mut parsed = Vec::new();
    for (i, figure) in file.figures.iter().enumerate() {
        if file.figures[..i].iter().any(|other| other.id == figure.id) {
            return Err(at(
                source,
                &figure.value,
                Message::new(
                    format!("số liệu `{}` khai hai lần", figure.id),
                    format!("figure `{}` is declared twice", figure.id),
                ),
            )
            .into());
        }
        let expr = source.expression(&figure.value)?;
        lint::figure_names(source, forms, None, &figure.value, &expr)?;
        parsed.push(expr);
    }
    Ok(parsed)
}

fn check_appendices(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<(), ToolError> {
    for appendix in &file.appendices {
        let wanted = appendix.form.get_ref();
        let Some(form) = forms.iter().find(|form| form.id() == wanted) else {
            let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
            let hint = lint::suggestion(wanted, &known);
            return Err(at(
                source,
                &appendix.form,
                Message::new(
                    format!("phụ lục: đợt này không có biểu `{wanted}`{}", hint.vi),
                    format!("appendix: the campaign has no form `{wanted}`{}", hint.en),
                ),
            )
            .into());
        };
        let computed = appendix.computed.values().map(|column| &column.value);
        for text in computed.chain(&appendix.filter) {
            let expr = source.expression(text)?;
            lint::figure_names(source, forms, Some(form), text, &expr)?;
        }
        check_order(source, appendix)?;
        let own = |name: &&String| !appendix.computed.contains_key(*name);
        for name in appendix.columns.iter().filter(own) {
            let known = match name.split_once('.') {
                Some((row, column)) => form
                    .column(column)
                    .is_some_and(|c| form.field(form.row(row), c).is_some()),
                None => form.column(name).is_some(),
            };
            if !known {
                let hint = lint::suggestion(name, &form.known_names());
                return Err(at(
                    source,
                    &appendix.form,
                    Message::new(
                        format!("phụ lục: biểu `{wanted}` không có `{name}`{}", hint.vi),
                        format!("appendix: form `{wanted}` has no `{name}`{}", hint.en),
                    ),
                )
                .into());
            }
        }
    }
    Ok(())
}

/// What an appendix is ordered by must be one of its columns.
fn check_order(source: &Source<'_>, appendix: &AppendixText) -> Result<(), ToolError> {
    let Some(order) = &appendix.order else {
        return Ok(());
    };
    let name = order.get_ref().trim_start_matches('-');
    if appendix.columns.iter().any(|column| column == name) {
        return Ok(());
    }
    let known: Vec<&str> = appendix.columns.iter().map(String::as_str).collect();
    let hint = lint::suggestion(name, &known);
    let message = Message::new(
        format!(
            "phụ lục: `order` phải là một cột trong `columns`, không có `{name}`{}",
            hint.vi
        ),
        format!(
            "appendix: `order` must be one of `columns`; there is no `{name}`{}",
            hint.en
        ),
    );
    Err(at(source, order, message).into())
}
