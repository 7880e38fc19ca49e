//! Why an expression has no value. None of it is ever bad data.

use std::cmp::Reverse;

use crate::model::Message;

/// Why an expression has no value. None of it is ever reported as bad data.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// It does not apply here: the form, or this unit, has no such cell.
    NotAsked,
    /// A figure it needs is not there.
    Missing(Lack),
    /// It cannot be computed: a division by zero, a figure beyond all bounds, words added up.
    Broken(Message),
}

/// Why a rule could not be evaluated. None of these is ever bad data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// A cell it needs is blank.
    Blank,
    /// A cell it needs could not be read, and has its own finding.
    Unreadable,
    /// The archive has no figure of an earlier period that it needs.
    NoPrevious,
    /// The unit has not filed another form that it needs, or the campaign has no such form.
    NoForm,
    /// A row or column of the table was not found, so that it cannot be added up.
    Incomplete,
    /// It cannot be computed: a division by zero.
    NotComputable,
}

impl Lack {
    /// As JSON names it.
    pub fn key(self) -> &'static str {
        match self {
            Lack::Blank => "blank",
            Lack::Unreadable => "unreadable",
            Lack::NoPrevious => "no-previous",
            Lack::NoForm => "no-form",
            Lack::Incomplete => "table-incomplete",
            Lack::NotComputable => "not-computable",
        }
    }

    /// In words, to follow a number.
    pub fn words(self) -> Message {
        match self {
            Lack::Blank => Message::new("có ô để trống", "a blank cell"),
            Lack::Unreadable => Message::new("có ô không đọc được", "an unreadable cell"),
            Lack::NoPrevious => Message::new("chưa có số kỳ trước", "no figure of last period"),
            Lack::NoForm => Message::new("chưa có biểu khác", "another form is not there"),
            Lack::Incomplete => Message::new("bảng thiếu dòng hoặc cột", "table incomplete"),
            Lack::NotComputable => Message::new("không tính được", "not computable"),
        }
    }
}

impl Trouble {
    /// What keeps an expression from having a value; words for people.
    pub fn broken(vi: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble::Broken(Message {
            vi: vi.into(),
            en: en.into(),
        })
    }

    /// How it is counted; `None` if it does not count as evaluated at all.
    pub fn lack(&self) -> Option<Lack> {
        match self {
            Trouble::NotAsked => None,
            Trouble::Missing(lack) => Some(*lack),
            Trouble::Broken(_) => Some(Lack::NotComputable),
        }
    }

    /// The weightier of two, so that the order of operands makes no difference.
    pub fn or(self, other: Trouble) -> Trouble {
        std::cmp::min_by_key(self, other, |trouble| Reverse(trouble.weight()))
    }

    /// What has its own finding first, then what lies with the form, with what was not filed, with
    /// the unit's own table; last what the figures themselves make impossible.
    fn weight(&self) -> u8 {
        match self {
            Trouble::Missing(Lack::Unreadable) => 6,
            Trouble::NotAsked => 5,
            Trouble::Missing(Lack::NoForm) => 4,
            Trouble::Missing(Lack::NoPrevious) => 3,
            Trouble::Missing(Lack::Blank) => 2,
            Trouble::Missing(Lack::Incomplete) => 1,
            Trouble::Missing(Lack::NotComputable) | Trouble::Broken(_) => 0,
        }
    }
}

/// Adds another trouble to those met so far.
pub fn add(sofar: &mut Option<Trouble>, more: Trouble) {
    *sofar = Some(match sofar.take() {
        Some(sofar) => sofar.or(more),
        None => more,
    });
}

/// Both values, or the weightier trouble.
///
/// # Errors
/// Either is trouble.
pub fn both<A, B>(a: Result<A, Trouble>, b: Result<B, Trouble>) -> Result<(A, B), Trouble> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(a.or(b)),
        (Err(trouble), Ok(_)) | (Ok(_), Err(trouble)) => Err(trouble),
    }
}
