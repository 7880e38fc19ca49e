//! A form file as it is on disk: a text in the form language, or a workbook that is read into one.

use std::ffi::OsStr;
use std::path::Path;

use crate::campaign::error::ToolError;
use crate::model::{Message, sha256};
use crate::schema::{Form, SchemaError, builtin};
use crate::sheet_form::{self, Mistake, Places, SheetError};
use crate::workbook::{Limits, read_bytes};

/// The text of a form, and what is known of the file it comes from.
#[derive(Debug)]
pub struct FormText {
    /// The file, as messages show it.
    pub name: String,
    /// In the form language.
    pub text: String,
    /// Of a workbook: the cells behind the text, the hash of its bytes, the id, what is wrong.
    book: Option<Book>,
}

#[derive(Debug)]
struct Book {
    id: String,
    places: Places,
    sha256: String,
    is_wrong: bool,
    mistakes: Vec<Mistake>,
}

/// May a file be a form, by the ending of its name?
pub(super) fn is_form_file(path: &Path) -> bool {
    is_text(path) || is_workbook(path)
}

fn is_text(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("toml"))
}

/// May a file be a workbook, by its name?
pub(super) fn is_workbook(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy);
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
        && name.is_none_or(|name| !name.starts_with("~$"))
}

impl FormText {
    /// A form that is built in.
    pub fn built_in(id: &str) -> Option<FormText> {
        Some(FormText {
            name: format!("{id}.toml"),
            text: builtin::text(id)?.to_owned(),
            book: None,
        })
    }

    /// The forms of a file; none if it is a workbook that is no form. What is wrong with those of a
    /// workbook is in [`FormText::mistakes`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn all(path: &Path) -> Result<Vec<FormText>, ToolError> {
        match Self::read(path)? {
            Ok(texts) => Ok(texts),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// The forms of a file that is named as one.
    ///
    /// # Errors
    /// The file cannot be read, or is a workbook that is no form.
    pub fn named(path: &Path) -> Result<Vec<FormText>, ToolError> {
        Self::read(path)?.map_err(|message| ToolError::of_file(path.display(), &message))
    }

    fn read(path: &Path) -> Result<Result<Vec<FormText>, Message>, ToolError> {
        let name = path.display().to_string();
        if !is_workbook(path) {
            let text = std::fs::read_to_string(path).map_err(ToolError::io(path))?;
            let one = FormText {
                name,
                text,
                book: None,
            };
            return Ok(Ok(vec![one]));
        }
        let limits = Limits::default();
        let bytes = read_bytes(path, &limits)
            .map_err(|problem| ToolError::of_file(path.display(), &problem.message()))?;
        let forms = match sheet_form::read(&name, &bytes, &limits) {
            Ok(forms) => forms,
            Err(SheetError::NoForm(message)) => return Ok(Err(message)),
            Err(SheetError::File(problem)) => {
                return Err(ToolError::of_file(path.display(), &problem.message()));
            }
            Err(SheetError::Blank(error)) => {
                return Err(ToolError::of_file(path.display(), &error.message()));
            }
        };
        let hash = sha256(&bytes);
        let texts = forms.into_iter().map(|form| FormText {
            name: name.clone(),
            book: Some(Book {
                is_wrong: form.is_wrong(),
                id: form.id,
                places: form.places,
                sha256: hash.clone(),
                mistakes: form.mistakes,
            }),
            text: form.toml,
        });
        Ok(Ok(texts.collect()))
    }

    /// Of several forms of a file the one of this id, or the only one.
    pub fn of_id(texts: Vec<FormText>, id: &str) -> Option<FormText> {
        let is_only = texts.len() == 1;
        let mut texts = texts.into_iter();
        texts.find(|text| is_only || text.book.as_ref().is_some_and(|book| book.id == id))
    }

    /// The form.
    ///
    /// # Errors
    /// The text is no form; of a workbook everything that is wrong with it.
    pub fn form(&self) -> Result<Form, ToolError> {
        if let Some(book) = self.book.as_ref().filter(|book| book.is_wrong) {
            return Err(ToolError::of_book(&self.name, book.mistakes.clone()));
        }
        Ok(self.parse()?)
    }

    /// The form, whatever else was found in its workbook.
    ///
    /// # Errors
    /// The text is no form.
    pub fn parse(&self) -> Result<Form, SchemaError> {
        let parsed = Form::parse(&self.name, &self.text);
        let mut form = parsed.map_err(|error| self.at_cell(error))?;
        if let Some(book) = &self.book {
            form.sha256.clone_from(&book.sha256);
        }
        Ok(form)
    }

    /// What is wrong with the workbook.
    pub fn mistakes(&self) -> &[Mistake] {
        self.book.as_ref().map_or(&[], |book| &book.mistakes)
    }

    /// Does it come from a workbook that is no form as it is?
    pub fn is_wrong(&self) -> bool {
        self.book.as_ref().is_some_and(|book| book.is_wrong)
    }

    /// An error in the text as one in the cell that the text comes from.
    pub fn at_cell(&self, error: SchemaError) -> SchemaError {
        let Some(book) = &self.book else {
            return error;
        };
        let cell = error
            .place
            .and_then(|(line, column)| book.places.at(line, column));
        let sheet = cell.map_or("", |place| &place.sheet);
        SchemaError {
            message: sheet_form::in_words(&error.message, sheet),
            place: None,
            cell: cell.cloned(),
            ..error
        }
    }
}
