//! What defines a campaign: its file (`campaign.toml`, or `campaign.xlsx`, which may hold the list of
//! units, too), the list of units, form files, control totals, the archive.

mod accepted;
mod book_units;
mod campaign;
mod campaign_text;
mod charts;
mod checks;
mod control_list;
mod controls;
mod fault_words;
mod form_files;
mod form_text;
mod forms;
mod forms_lint;
mod lists;
mod load;
mod made_of;
mod office;
mod past;
mod placed;
mod reasons;
mod sent;

pub use accepted::add_accepted;
pub use campaign::Campaign;
pub use campaign_text::{CAMPAIGN_FILES, is_campaign};
pub use form_text::FormText;
pub use forms_lint::{FormProblem, Linted, lint as lint_forms};
pub use lists::{roster_of_book, unit_list, units_of_sheet};
pub use load::archive_of;
pub use office::Office;
pub use reasons::add_reasons;
pub use sent::own_workbook;
