//! Plain values used by every other module: addresses, figures, periods, reporting units, facts
//! with their provenance, findings. Nothing here reads a file or knows a form.

pub mod address;
pub mod allowance;
pub mod campaign_files;
mod digest;
pub mod fact;
pub mod finding;
pub mod justification;
pub mod lang;
mod message;
pub mod period;
pub mod reason;
pub mod returned;
pub mod submission;
pub mod template_names;
pub mod unit;
pub mod value;
pub mod why;
#[cfg(feature = "full")]
mod write_failure;

pub use address::CellAddress;
pub use allowance::Allowance;
pub use digest::sha256;
pub use fact::{Fact, Provenance};
pub use finding::{Class, Finding, Place, Severity, Suspect};
pub use justification::Justification;
pub use lang::Lang;
pub use message::{Message, few_rows, rows_from};
pub use period::{PartLength, Period};
pub use reason::Reason;
pub use submission::{Submission, SubmissionStatus, UnitFiling, UnitStatus};
pub use unit::{Filer, ReportingUnit};
pub use value::{Number, Value};
#[cfg(feature = "full")]
pub use write_failure::write_failure;
