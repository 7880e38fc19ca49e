//! The input of a template, and the interface for filling one by program (the samples are made that
//! way).

use std::sync::Arc;

use crate::model::ReportingUnit;
use crate::rules::PreviousFigures;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::write::paper::grid::GridRow;

/// What a template is made of.
#[derive(Clone, Copy)]
pub struct TemplateInput<'a> {
    /// The campaign: period, offices.
    pub campaign: &'a CampaignFile,
    /// Who is to fill it; `None` leaves name and code open.
    pub unit: Option<&'a ReportingUnit>,
    /// Forms, one sheet each.
    pub forms: &'a [Arc<Form>],
    /// What is filled in already; `None` for a blank workbook.
    pub fill: Option<&'a dyn Fill>,
    /// Write what makes a template of it: the identity sheet, the guide, live checks, protection?
    /// Workbooks people made themselves have none of these.
    pub identity: bool,
    /// The closed figures of the period before, where the office has them.
    pub previous: Option<&'a PreviousFigures>,
    /// The password that lifts the protection; without one anybody can lift it.
    pub password: Option<&'a str>,
}

impl TemplateInput<'_> {
    /// Are guide and live checks written?
    pub(super) fn aids(&self) -> bool {
        self.identity && !self.fill.is_some_and(|fill| fill.bare())
    }
}

/// The content of a cell. Text stays text even if it looks like a number: people's mistakes must
/// be reproducible.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A number.
    Number(f64),
    /// Words, or a number typed as words.
    Text(String),
    /// Nothing, expressly: in the total row it takes the formula's place.
    Blank,
}

/// Fills a template.
pub trait Fill {
    /// The content of a cell, the key column of free rows included. `None` leaves a cell blank and
    /// the total row's formula in place.
    fn cell(&self, form: &str, row: GridRow<'_>, column: &str) -> Option<Input>;

    /// How many free rows are filled.
    fn free_rows(&self, _form: &str) -> usize {
        0
    }

    /// Is the total row left out?
    fn drops_total(&self, _form: &str) -> bool {
        false
    }

    /// The unit's name as printed, instead of the roster's.
    fn unit_name(&self) -> Option<String> {
        None
    }

    /// The unit's code as printed, instead of the roster's.
    fn unit_code(&self) -> Option<String> {
        None
    }

    /// The period as printed behind "Kỳ báo cáo:".
    fn period(&self) -> Option<String> {
        None
    }

    /// The sheet's name, instead of the form's.
    fn sheet_name(&self, _form: &str) -> Option<String> {
        None
    }

    /// Are guide and live checks left out? Nobody who only reads the figures needs them.
    fn bare(&self) -> bool {
        false
    }

    /// The line above the signature: "Càng Long, ngày 03 tháng 10 năm 2025".
    fn signed(&self) -> Option<String> {
        None
    }
}
