//! The consolidated tables of a campaign from what each unit has of each form.

use std::sync::Arc;

use super::definition::Campaign;
use super::error::ToolError;
use crate::consolidate::{self, Consolidated, Filing, LineState};
use crate::extract::Table;
use crate::model::{Message, ReportingUnit};
use crate::schema::Form;

/// The state of a unit's form, and its table if it was accepted.
pub(super) type FiledForm<'a> =
    dyn Fn(&ReportingUnit, &Form) -> (LineState, Option<&'a Table>) + 'a;

/// Every form of all units that have to file it, and the report's figures.
///
/// # Errors
/// A figure is too large, or has too many decimals, to be added up.
pub(super) fn consolidated(
    campaign: &Campaign,
    filed: &FiledForm<'_>,
) -> Result<Consolidated, ToolError> {
    let units = campaign.units_in_order();
    let mut tables = Vec::new();
    for form in &campaign.forms {
        let due = units.iter();
        let due = due.filter(|unit| campaign.expects(unit, form.id()));
        let line = |unit: &Arc<ReportingUnit>| {
            let (state, table) = filed(unit, form);
            Filing {
                unit: unit.clone(),
                state,
                table,
                sums: !campaign.summed(unit, form.id()).is_empty(),
            }
        };
        let lines: Vec<Filing<'_>> = due.map(line).collect();
        tables.push(consolidate::form_table(form, &lines).map_err(|_| {
            ToolError::Other(Message::new(
                format!(
                    "biểu `{}`: không cộng được, vì có số quá lớn hoặc có quá nhiều chữ số lẻ",
                    form.id()
                ),
                format!(
                    "form `{}`: cannot be added up, as a figure is too large or has too many decimals",
                    form.id()
                ),
            ))
        })?);
    }
    let figures = consolidate::figures(&campaign.file.figures, &campaign.figures, &tables);
    Ok(Consolidated {
        forms: tables,
        figures,
    })
}
