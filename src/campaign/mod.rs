//! One run from start to end: loading the campaign, reading the inbox, judging, consolidating,
//! putting outputs in place.

mod clock;
pub mod close;
pub mod compare;
mod composed;
pub mod definition;
pub mod error;
pub mod file_names;
mod filled;
pub mod originals;
pub mod outputs;
mod parts;
pub mod past_figures;
mod reading;
pub mod returns;
pub mod run;
mod tables;

pub use clock::Clock;
pub use close::{CloseOutcome, close};
pub use compare::{Compared, files, versions};
pub use definition::{
    Campaign, FormProblem, FormText, Linted, Office, add_accepted, add_reasons, is_campaign,
    lint_forms, own_workbook, roster_of_book, unit_list, units_of_sheet,
};
pub use error::{NoFigures, ToolError};
pub use filled::read_filled;
pub use outputs::{Outputs, Placed, RunRecord, Since};
pub use reading::{
    MAIL_PASSWORD, Progress, Reading, Workers, inbox_files, latest_round, own_process, worker,
};
pub use returns::{ReturnedCopy, returned_copies};
pub use run::{Run, check, check_by, check_sent, consolidate, consolidate_by, consolidate_whole};
