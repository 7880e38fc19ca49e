//! The whole story of one run: the folder, what was received, what counts, what it comes to.

mod charts;
pub mod close;
pub mod compare;
pub mod definition;
pub mod error;
pub mod filings;
pub mod forms_lint;
pub mod inbox;
pub mod justify;
pub mod past;
pub mod precedence;
pub mod receive;
pub mod returns;
pub mod run;
mod search;

pub use close::{Outcome, close};
pub use compare::{Compared, files, versions};
pub use definition::Campaign;
pub use error::ToolError;
pub use forms_lint::{Linted, Problem, lint as lint_forms};
pub use inbox::ReceivedFile;
pub use receive::Received;
pub use returns::write_returns;
pub use run::{Run, check, check_alone, consolidate};
