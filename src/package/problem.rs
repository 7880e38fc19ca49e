//! What can be wrong with a package.

use std::fmt;

use zip::result::ZipError;

/// What is wrong with a package or with the XML of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackageProblem {
    /// Its parts are locked with a password.
    Encrypted,
    /// A part, or all parts together, unpack to more than this many bytes.
    TooLarge(u64),
    /// Not a zip archive or not XML. The detail is for the person who looks into it.
    Broken(String),
}

impl PackageProblem {
    /// A package that is damaged, or put together in a way that is not understood.
    pub(crate) fn broken(detail: impl fmt::Display) -> Self {
        Self::Broken(detail.to_string())
    }
}

impl fmt::Display for PackageProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted => f.write_str("a password is needed"),
            Self::TooLarge(bytes) => write!(f, "unpacks to more than {bytes} bytes"),
            Self::Broken(detail) => f.write_str(detail),
        }
    }
}

impl std::error::Error for PackageProblem {}

impl From<ZipError> for PackageProblem {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Self::Encrypted,
            other => Self::broken(other),
        }
    }
}

impl From<quick_xml::Error> for PackageProblem {
    fn from(error: quick_xml::Error) -> Self {
        Self::broken(error)
    }
}
