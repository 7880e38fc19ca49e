//! One function for each command, without the terminal: folders and options in, the outcome as a
//! value out. The command line and any other front end call these.

pub mod accept;
pub mod again;
mod campaign_book;
pub mod check;
pub mod close;
pub mod consolidate;
pub mod explain;
mod filled;
pub mod forms_lint;
pub mod from_excel;
mod head;
pub mod into_excel;
mod lists;
pub mod next;
mod next_book;
mod own_blanks;
mod record;
pub mod report;
mod returns;
pub mod template;
pub mod to_excel;
mod workbooks;
mod written;

pub use accept::accept;
pub use check::{Checked, check};
pub use close::{ClosedPeriod, close};
pub use consolidate::{Consolidation, consolidate};
pub use explain::{RuleExplanation, explain, rule_words};
pub use filled::{FilledFiles, FilledFolders};
pub use forms_lint::forms_lint;
pub use from_excel::{FormsFromExcel, campaign_from_excel, forms_from_excel};
pub use into_excel::campaign_into_excel;
pub use next::{NextCampaign, next};
pub use report::{Reported, report};
pub use returns::Returns;
pub use template::{Templates, template};
pub use to_excel::forms_to_excel;
pub use written::PlacedOutputs;
