//! Judges what units filed, one workbook from its bytes or all of a campaign together:
//! identification, tables, edit rules, which submission counts. Nothing here needs a file system, a
//! clock or another process.
//!
//! `receive` reads a workbook and finds whose it is and which tables it has (`search`, `printed`);
//! `filings` settles which submission counts (`precedence`); `settle` evaluates the rules of each
//! unit and what goes across units (`across`), with reasons and acceptances (`justify`) and
//! consequences put behind their cause (`mistakes`); `workbook` does all that for one workbook.

mod across;
pub mod definition;
mod differing;
pub(crate) mod filings;
mod justify;
pub(crate) mod mistakes;
mod periods;
mod precedence;
mod printed;
pub mod receive;
pub(crate) mod returned_copy;
mod search;
pub mod settle;
mod switched_off;
mod two_units;
mod workbook;

pub use definition::Definition;
pub use precedence::newer;
pub use receive::{Received, ReceivedFile};
pub use settle::{Stopwatch, no_hurry};
#[cfg(feature = "full")]
pub(crate) use workbook::evaluate_alone;
pub use workbook::{Judged, Judging, check_alone, judge};
