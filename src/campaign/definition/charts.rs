//! Checks the charts a campaign declares.

use std::sync::Arc;

use super::placed::at;
use crate::campaign::error::ToolError;
use crate::model::Message;
use crate::schema::campaign::CampaignFile;
use crate::schema::source::Source;
use crate::schema::{Form, lint};

/// Most units a chart shows legibly at either end.
const MOST: usize = 50;

/// Each chart names one field of a form of the campaign.
///
/// # Errors
/// A chart names a form or field the campaign does not have.
pub fn check(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<(), ToolError> {
    for chart in &file.charts {
        let expr = source.expression(&chart.value)?;
        lint::figure_names(source, forms, None, &chart.value, &expr)?;
        if expr.as_name().is_none_or(|name| name.path.is_range()) {
            let message = Message::new(
                "biểu đồ: `value` phải là đúng một ô của biểu, viết `biểu!dòng.cột`",
                "chart: `value` must be one field of a form, written `form!row.column`",
            );
            return Err(at(source, &chart.value, message).into());
        }
        if chart.top.is_some_and(|top| !(1..=MOST).contains(&top)) {
            let message = Message::new(
                format!("biểu đồ: `top` phải từ 1 đến {MOST}"),
                format!("chart: `top` must be from 1 to {MOST}"),
            );
            return Err(at(source, &chart.value, message).into());
        }
    }
    Ok(())
}
