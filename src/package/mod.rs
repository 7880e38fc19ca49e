//! Zipped packages of XML parts, as Excel, LibreOffice and Word write them: their parts are read,
//! walked, and changed in places. The only walk over XML and the only place that copies a package;
//! it knows nothing of what the parts mean.

#[cfg(feature = "serve")]
mod bundle;
mod copy;
pub(crate) mod edit;
mod parts;
mod problem;
pub(crate) mod xml;

#[cfg(feature = "serve")]
pub(crate) use bundle::bundle;
pub(crate) use copy::PackageCopy;
pub(crate) use parts::{Package, Relationship, relations_of};
pub(crate) use problem::PackageProblem;
