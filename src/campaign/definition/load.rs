//! Loads a campaign from its folder: its file, the list of units, form files, archive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::campaign::Campaign;
use super::campaign_text::{CampaignText, UnitsTold};
use super::checks::{check_appendices, check_kinds, check_roster, load_figures};
use super::past::{self, LoadedPast};
use super::placed::at;
use super::{accepted, charts, controls, forms, made_of, reasons};
use crate::campaign::error::ToolError;
use crate::history::Archive;
use crate::judge::Definition;
use crate::model::Message;
use crate::model::campaign_files::TEXT;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::schema::source::Source;

impl Campaign {
    /// Loads and checks a campaign folder.
    ///
    /// # Errors
    /// A file of the campaign cannot be read or is wrong.
    pub fn load(folder: &Path) -> Result<Campaign, ToolError> {
        Self::load_with(folder, true)
    }

    /// Loads and checks the campaign that a folder would hold if its text were `text`.
    ///
    /// # Errors
    /// A file of the campaign cannot be read, or it or the text is wrong.
    pub fn load_as(folder: &Path, text: &str) -> Result<Campaign, ToolError> {
        let text = CampaignText::of_text(&folder.join(TEXT), text.to_owned());
        Self::load_written(folder, &text, true)
    }

    /// Loads and checks all that is needed to read what units filed: a campaign without its past.
    ///
    /// # Errors
    /// A file of the campaign cannot be read or is wrong.
    pub(in crate::campaign) fn load_to_read(folder: &Path) -> Result<Campaign, ToolError> {
        Self::load_with(folder, false)
    }

    fn load_with(folder: &Path, past: bool) -> Result<Campaign, ToolError> {
        Self::load_written(folder, &CampaignText::read(folder)?, past)
    }

    /// Loads and checks what a file says of a campaign that is in `folder`.
    ///
    /// # Errors
    /// A file of the campaign cannot be read or is wrong.
    pub(super) fn load_written(
        folder: &Path,
        own: &CampaignText,
        past: bool,
    ) -> Result<Campaign, ToolError> {
        let (text, past) = (own.text(), past && !own.is_wrong());
        let loaded = Self::load_from(folder, own, text, past, UnitsTold(false));
        own.told(loaded, |text, told| {
            Self::load_from(folder, own, text, false, told).map(drop)
        })
    }

    fn load_from(
        folder: &Path,
        own: &CampaignText,
        text: &str,
        past: bool,
        told: UnitsTold,
    ) -> Result<Campaign, ToolError> {
        let source = own.source(text);
        let mut file: CampaignFile = source.parse()?;
        let mut stamps = BTreeMap::from([own.stamp()]);
        file.accepts.extend(accepted::load(folder, &mut stamps)?);
        let forms = forms::load(&source, folder, &file)?;
        check_kinds(&source, &file)?;
        check_appendices(&source, &file, &forms)?;
        charts::check(&source, &file, &forms)?;
        let figures = load_figures(&source, &file, &forms)?;
        made_of::check(&source, &file, &forms)?;
        let (roster_name, mut roster, roster_hash) = own.roster(folder, &file, told)?;
        roster.province = file.place.clone();
        check_roster(&source, &folder.join(roster_name), &file, &roster)?;
        forms::check_named_units(&source, folder, &file, &forms, &roster)?;
        let controls = controls::load(&source, folder, &file, &forms, &roster, &mut stamps)?;
        stamps.insert(roster_name.to_owned(), roster_hash);
        let older = forms::load_older(folder, &file, &forms)?;
        for form in forms.iter().chain(&older) {
            stamps.insert(stamp_name(folder, form), form.sha256.clone());
        }
        let archive = Archive::new(archive_folder(&source, folder, &file)?);
        let LoadedPast {
            figures: previous,
            lacks,
        } = match past {
            true => past::load(&archive, &file, &roster, &forms)?,
            false => LoadedPast::default(),
        };
        let reasons = match past {
            true => reasons::load(folder, &archive, &file, &mut stamps)?,
            false => Vec::new(),
        };
        Ok(Campaign {
            folder: folder.to_owned(),
            archive,
            stamps,
            figures,
            definition: Definition {
                file,
                written_in: source.file_name().into(),
                forms,
                older,
                roster,
                previous,
                lacks,
                reasons,
                controls,
            },
        })
    }
}

/// The path of a form file in the campaign, with `/` between the steps; `builtin/<id>.toml` for a
/// form that is built in.
fn stamp_name(folder: &Path, form: &Form) -> String {
    let path = Path::new(&form.source);
    let path = match path.strip_prefix(folder) {
        Ok(below) => below.to_string_lossy(),
        Err(_) if path.parent() == Some(Path::new("")) => format!("builtin/{}", form.source).into(),
        Err(_) => path.to_string_lossy(),
    };
    path.replace('\\', "/")
}

/// The archive of a campaign, without loading anything else of it.
///
/// # Errors
/// The campaign's file, a text or a workbook, cannot be read or is wrong.
pub fn archive_of(folder: &Path) -> Result<Archive, ToolError> {
    let own = CampaignText::read(folder)?;
    let source = own.source(own.text());
    let named = || -> Result<PathBuf, ToolError> {
        let file: CampaignFile = source.parse()?;
        archive_folder(&source, folder, &file)
    };
    let archive = own.told(named(), |_, _| Ok(()))?;
    Ok(Archive::new(archive))
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
