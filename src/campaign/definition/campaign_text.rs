//! The file that says what a campaign is: `campaign.toml`, or a workbook that is read into such a
//! text.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::book_units::BookUnits;
use super::form_text::is_workbook;
use super::lists;
use crate::campaign::error::{ToolError, WrongBook};
use crate::model::campaign_files::{BOOK, TEXT};
use crate::model::{Message, Severity, sha256};
use crate::roster::Roster;
use crate::schema::SchemaError;
use crate::schema::campaign::CampaignFile;
use crate::schema::source::{About, Source};
use crate::sheet_form::campaign::{SheetCampaign, read_campaign, units_sheet};
use crate::sheet_form::left_out::{LeftOut, in_order};
use crate::sheet_form::words::campaign::{CAMPAIGN_SHEET, UNITS_SHEET};
use crate::sheet_form::{self, Mistake};
use crate::workbook::{Limits, read_bytes, workbook_from_bytes};

/// What it may be called; the text first.
pub const CAMPAIGN_FILES: [&str; 2] = [TEXT, BOOK];
/// Mistakes told of one workbook at most.
const MOST: usize = 100;
/// Workbooks of a folder that are looked at for a campaign at most.
const MOST_BOOKS: usize = 20;

/// Is the folder that of a campaign?
pub fn is_campaign(folder: &Path) -> bool {
    CAMPAIGN_FILES
        .iter()
        .any(|name| folder.join(name).is_file())
}

/// Is the file a workbook in which a campaign is written, by whatever name?
pub(super) fn is_campaign_book(path: &Path) -> bool {
    is_workbook(path) && path.is_file() && CampaignText::of_workbook(path).is_ok()
}

/// Have mistakes in the sheet of units been told, so that the rest is looked at as if units were of
/// kinds that there are?
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitsTold(pub(super) bool);

/// The text of a campaign file, and what is known of the file it comes from.
pub(super) struct CampaignText {
    /// The file, as messages show it.
    shown: String,
    name: &'static str,
    text: String,
    sha256: String,
    book: Option<Book>,
}

struct Book {
    read: SheetCampaign,
    units: Option<BookUnits>,
}

impl CampaignText {
    /// Reads the file of a campaign's folder. What is wrong in the cells of a workbook is told by
    /// [`CampaignText::told`].
    ///
    /// # Errors
    /// There is none, there are two, or it cannot be read.
    pub(super) fn read(folder: &Path) -> Result<CampaignText, ToolError> {
        let there = |name: &&str| folder.join(name).is_file();
        let mut names = CAMPAIGN_FILES.into_iter().filter(there);
        let name = match (names.next(), names.next()) {
            (None, _) => return Err(no_campaign(folder)),
            (Some(name), None) => name,
            (Some(one), Some(other)) => {
                let folder = folder.display();
                return Err(ToolError::Other(Message::new(
                    format!(
                        "{folder}: có cả {one} và {other}; không rõ tệp nào đúng, hãy để lại một tệp"
                    ),
                    format!("{folder}: there are {one} and {other}; keep the one that is right"),
                )));
            }
        };
        let path = folder.join(name);
        if name == BOOK {
            return Self::of_workbook(&path);
        }
        let text = std::fs::read_to_string(&path).map_err(ToolError::io(&path))?;
        Ok(Self::of_text(&path, text))
    }

    /// The text of a campaign that is, or is to be, in the file `path`.
    pub(super) fn of_text(path: &Path, text: String) -> CampaignText {
        CampaignText {
            shown: path.display().to_string(),
            name: TEXT,
            sha256: sha256(text.as_bytes()),
            text,
            book: None,
        }
    }

    /// Reads the workbook of a campaign, whatever it is called.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub(super) fn of_workbook(path: &Path) -> Result<CampaignText, ToolError> {
        let name = BOOK;
        let shown = path.display().to_string();
        let refused = |message: Message| ToolError::of_file(&shown, &message);
        let limits = Limits::default();
        let bytes = read_bytes(path, &limits).map_err(|problem| refused(problem.message()))?;
        let workbook = workbook_from_bytes(name, &bytes, &limits)
            .map_err(|problem| refused(problem.message()))?;
        let Some(read) = read_campaign(&workbook) else {
            return Err(refused(Message::new(
                format!("không có trang «{CAMPAIGN_SHEET}» với các tiêu đề «Mục», «Giá trị»"),
                format!("there is no sheet «{CAMPAIGN_SHEET}» with the headings «Mục», «Giá trị»"),
            )));
        };
        let units = units_sheet(&workbook);
        Ok(CampaignText {
            name,
            sha256: sha256(&bytes),
            text: read.toml.clone(),
            book: Some(Book {
                units: units.map(BookUnits::of),
                read,
            }),
            shown,
        })
    }

    /// What a person should know of the workbook of a campaign that is no error, each with the file.
    pub(super) fn notes(&self) -> Vec<(String, Mistake)> {
        let mistakes = self.book.iter().flat_map(|book| &book.read.mistakes);
        let notes = mistakes.filter(|mistake| mistake.severity != Severity::Error);
        notes
            .map(|note| (self.shown.clone(), note.clone()))
            .collect()
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A text of the file, for errors in it.
    pub(super) fn source<'t>(&'t self, text: &'t str) -> Source<'t> {
        Source {
            name: &self.shown,
            text,
        }
    }

    /// Name and hash of the file.
    pub(super) fn stamp(&self) -> (String, String) {
        (self.name.to_owned(), self.sha256.clone())
    }

    /// Is something wrong in the cells of the workbook?
    pub(super) fn is_wrong(&self) -> bool {
        let mistakes = self.book.iter().flat_map(|book| &book.read.mistakes);
        mistakes
            .clone()
            .any(|mistake| mistake.severity == Severity::Error)
    }

    /// The list of units: its file, its units, its hash. A sheet of the workbook, or a file of its
    /// own.
    ///
    /// # Errors
    /// There is none, there are two, or it is wrong.
    pub(super) fn roster(
        &self,
        folder: &Path,
        file: &CampaignFile,
        told: UnitsTold,
    ) -> Result<(&'static str, Roster, String), ToolError> {
        let units = self.book.as_ref().and_then(|book| book.units.as_ref());
        let Some(units) = units else {
            let (name, roster, bytes) = lists::roster(folder)?;
            return Ok((name, roster, sha256(&bytes)));
        };
        let mut others = lists::ROSTERS.into_iter();
        if let Some(other) = others.find(|name| folder.join(name).is_file()) {
            let shown = &self.shown;
            return Err(ToolError::Other(Message::new(
                format!(
                    "{shown}: có trang «{UNITS_SHEET}» mà thư mục còn có {other}; hãy để lại một danh sách"
                ),
                format!("{shown}: there are a sheet «{UNITS_SHEET}» and {other}; keep one list"),
            )));
        }
        match units.roster(file, told.0) {
            Ok(roster) => Ok((self.name, roster, self.sha256.clone())),
            Err(mistakes) => Err(ToolError::of_book(&self.shown, mistakes)),
        }
    }

    /// The outcome of loading; where something is wrong with a workbook, everything that is: what is
    /// told is left out, and the rest loaded again.
    ///
    /// # Errors
    /// What was wrong.
    pub(super) fn told<T>(
        &self,
        first: Result<T, ToolError>,
        load: impl Fn(&str, UnitsTold) -> Result<(), ToolError>,
    ) -> Result<T, ToolError> {
        let Some(book) = self
            .book
            .as_ref()
            .filter(|_| first.is_err() || self.is_wrong())
        else {
            return first;
        };
        let mut told = book.read.mistakes.clone();
        let mut others: Vec<WrongBook> = Vec::new();
        let unit = book.units.as_ref().and_then(BookUnits::first);
        let mut left_out = LeftOut::of(&book.read, unit);
        let mut units = UnitsTold(false);
        let mut outcome = first.map(drop);
        for _ in 0..MOST {
            match &outcome {
                Err(ToolError::Schema(error)) if *error.file == *self.shown => {
                    let about = error.about.as_deref();
                    let Some(place) = error.place else {
                        let mistake = self.without_place(error);
                        told.extend(mistake.filter(|mistake| !is_known(&told, mistake, about)));
                        break;
                    };
                    let (mistake, goes_on) = left_out.without(place, error);
                    told.extend(mistake.filter(|mistake| !is_known(&told, mistake, about)));
                    if !goes_on {
                        break;
                    }
                }
                // The list of units is read after forms and figures.
                Err(ToolError::Books(books)) if books.iter().all(|one| one.file == self.shown) => {
                    let mistakes = books.iter().flat_map(|book| &book.mistakes);
                    let new = mistakes.filter(|mistake| !told.contains(mistake));
                    let new: Vec<Mistake> = new.cloned().collect();
                    told.extend(new);
                    if units.0 {
                        break;
                    }
                    units = UnitsTold(true);
                }
                Err(ToolError::Books(books)) => {
                    others.extend(books.iter().cloned());
                    if !books.iter().all(|book| left_out.without_form(&book.file)) {
                        break;
                    }
                }
                _ => break,
            }
            outcome = load(&left_out.text(), units);
        }
        if is_wrong(&told) {
            in_order(&mut told);
            let file = self.shown.clone();
            others.insert(
                0,
                WrongBook {
                    file,
                    mistakes: told,
                },
            );
        } else if let (Err(error), true) = (outcome, others.is_empty()) {
            // What is wrong elsewhere is told once nothing is wrong here; a note is not wrong.
            return Err(error);
        }
        Err(ToolError::Books(others))
    }

    /// An error about the whole text, at the first cell of it.
    fn without_place(&self, error: &SchemaError) -> Option<Mistake> {
        let place = self.book.as_ref()?.read.places.at(1, 1)?;
        Some(Mistake {
            place: place.clone(),
            severity: Severity::Error,
            message: sheet_form::in_words(&error.message, &place.sheet),
        })
    }
}

/// Is one of them an error?
fn is_wrong(told: &[Mistake]) -> bool {
    told.iter().any(|one| one.severity == Severity::Error)
}

/// Has the same been told already? What is lacking in a line whose cell is wrong has been, and so
/// has a sheet or line that is missing altogether.
fn is_known(told: &[Mistake], mistake: &Mistake, about: Option<&About>) -> bool {
    let row = |one: &Mistake| (one.place.sheet.clone(), one.place.cell.row);
    let lacks = match about {
        Some(About::Lacks(key)) => Some(key.as_str()),
        _ => None,
    };
    if matches!(lacks, Some("kind" | "form")) && !told.is_empty() {
        return true;
    }
    let mut told = told.iter();
    told.any(|one| one == mistake || lacks.is_some() && row(one) == row(mistake))
}

/// A folder without a campaign file: often the one in which the campaigns are, which are listed; or
/// the campaign's workbook has another name.
pub(super) fn no_campaign(folder: &Path) -> ToolError {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut below: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    below.sort();
    let shown = folder.display();
    let books = below.iter().map(PathBuf::as_path);
    let books = books.filter(|path| is_workbook(path)).take(MOST_BOOKS);
    let mut named_otherwise = std::iter::once(folder).chain(books);
    if let Some(book) = named_otherwise.find(|path| is_campaign_book(path)) {
        return elsewhere(book);
    }
    let campaigns: Vec<String> = below
        .iter()
        .filter(|path| is_campaign(path))
        .map(|path| path.display().to_string())
        .collect();
    let list = campaigns.join("\n  ");
    ToolError::Other(match (folder.is_dir(), campaigns.is_empty()) {
        (false, _) => Message::new(
            format!("{shown}: không có thư mục này; kiểm tra lại tên thư mục của đợt"),
            format!("{shown}: there is no such folder; check the name of the campaign's folder"),
        ),
        (true, true) => Message::new(
            format!(
                "{shown}: không phải thư mục của một đợt báo cáo (không có {TEXT} hay {BOOK}); tạo đợt mới bằng `tonghop new`"
            ),
            format!(
                "{shown}: no campaign's folder (there is neither {TEXT} nor {BOOK}); make one with `tonghop new`"
            ),
        ),
        (true, false) => Message::new(
            format!("{shown}: trong thư mục này có các đợt sau, hãy ghi rõ một đợt:\n  {list}"),
            format!("{shown}: there are these campaigns in this folder; name one:\n  {list}"),
        ),
    })
}

/// The workbook of a campaign where its folder is expected, or under a name that is not looked for.
fn elsewhere(path: &Path) -> ToolError {
    let (shown, name) = (path.display(), BOOK);
    let folder = match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => folder.display().to_string(),
        None => ".".to_owned(),
    };
    ToolError::Other(match path.file_name() == Some(OsStr::new(name)) {
        true => Message::new(
            format!("{shown}: đây là tệp của một đợt báo cáo; hãy ghi thư mục của đợt: {folder}"),
            format!(
                "{shown}: this is the file of a campaign; name the campaign's folder: {folder}"
            ),
        ),
        false => Message::new(
            format!(
                "{shown}: tệp này viết một đợt báo cáo nhưng mang tên khác; đổi tên thành {name} rồi ghi thư mục của đợt: {folder}"
            ),
            format!(
                "{shown}: a campaign is written in this file, which has another name; rename it to {name} and name the campaign's folder: {folder}"
            ),
        ),
    })
}
