//! The whole story of one run: the folder, what was received, what counts, what it comes to.

pub mod across;
mod charts;
pub mod close;
pub mod compare;
pub mod controls;
pub mod definition;
pub mod error;
pub mod filings;
pub mod forms_lint;
pub mod inbox;
pub mod justify;
pub mod mistakes;
pub mod past;
mod pool;
pub mod precedence;
mod printed;
mod reading;
pub mod receive;
pub mod returns;
pub mod run;
mod search;
pub mod worker;

pub use close::{Outcome, close};
pub use compare::{Compared, files, versions};
pub use definition::Campaign;
pub use error::ToolError;
pub use forms_lint::{Linted, Problem, lint as lint_forms};
pub use inbox::ReceivedFile;
pub use pool::Workers;
pub use reading::Reading;
pub use receive::Received;
pub use returns::{Returns, write_returns};
pub use run::{Run, check, check_alone, check_by, consolidate, consolidate_by};
