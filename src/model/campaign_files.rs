//! What the files in the folder of a campaign are called.

/// The text that says what the campaign is.
pub const TEXT: &str = "campaign.toml";
/// The workbook that says it in the text's place.
pub const BOOK: &str = "campaign.xlsx";
/// The list of units as CSV.
pub const ROSTER: &str = "roster.csv";
/// The reasons that units gave on their pages, as CSV.
pub const REASONS: &str = "giai-trinh.csv";
/// The errors that the office accepted on its page, as CSV, where the campaign is a workbook.
pub const ACCEPTED: &str = "chap-nhan.csv";
