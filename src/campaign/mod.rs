//! The whole story of one run: the folder, what was received, what counts, the outcome.

pub mod across;
mod clock;
pub mod close;
pub mod compare;
pub mod definition;
pub mod error;
pub mod file_names;
pub mod filings;
pub mod judge;
pub mod justify;
pub mod mistakes;
pub mod originals;
pub mod outputs;
pub mod past_figures;
pub mod precedence;
mod printed;
mod reading;
pub mod receive;
mod returned_copy;
pub mod returns;
pub mod run;
mod search;
pub mod settle;

pub use clock::Clock;
pub use close::{Outcome, close};
pub use compare::{Compared, files, versions};
pub use definition::{Campaign, Linted, Problem, lint_forms};
pub use error::ToolError;
pub use judge::{Judged, Judging, check_alone, judge};
pub use outputs::{Outputs, Placed, RunRecord, Since};
pub use reading::{Progress, Reading, Workers, worker};
pub use receive::{Received, ReceivedFile};
pub use returns::{ReturnedCopy, returned_copies};
pub use run::{Run, check, check_by, consolidate, consolidate_by};
