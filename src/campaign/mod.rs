//! The whole story of one run: the folder, what was received, what counts, the outcome.

pub mod across;
pub mod close;
pub mod compare;
pub mod definition;
pub mod error;
pub mod filings;
pub mod justify;
pub mod mistakes;
pub mod past_figures;
pub mod precedence;
mod printed;
mod reading;
pub mod receive;
pub mod returns;
pub mod run;
mod search;

pub use close::{Outcome, close};
pub use compare::{Compared, files, versions};
pub use definition::{Campaign, Linted, Problem, lint_forms};
pub use error::ToolError;
pub use reading::{Progress, Reading, ReceivedFile, Workers, worker};
pub use receive::Received;
pub use returns::{Returns, write_returns};
pub use run::{Run, check, check_alone, check_by, consolidate, consolidate_by};
