//! A form file, or a whole campaign, written as a workbook that its owner can edit.

mod blank;
mod campaign;
mod guide;
mod tables;
mod write;

pub use campaign::{CampaignWorkbook, campaign_workbook_bytes};
pub use write::{FormWorkbook, form_workbook_bytes};
