//! Figures worth a second look, found by the workbook's own formulas: far above the median of their
//! column, or left blank by a unit that filed. They follow whatever is corrected in the sheet.

use rust_xlsxwriter::ConditionalFormatFormula;

use super::book::Master;
use super::plan::{LEAD, Plan};
use crate::model::{CellAddress, Number, address::column_letters};
use crate::schema::{Aggregate, FieldType};
use crate::write::formula::shown::{MAX_ARGUMENTS, ShownCell};
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::{Cached, SheetWriter, column_number};
use crate::write::paper::style;

/// A figure this many times the median of its column is worth a second look.
const FAR: u32 = 10;
/// Fewest figures of a column for a meaningful median.
const FEW: usize = 8;

/// Units that are compared with one another: those of one kind.
struct Peers<'a> {
    /// Name of the kind.
    name: &'a str,
    /// Indices of the lines.
    lines: Vec<usize>,
}

/// A row of medians for each kind of unit under the total, the colours, and what they mean.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    plan: &Plan<'_>,
    units: &[Vec<ShownCell>],
) -> Result<(), WriteError> {
    let mut row = plan.below();
    for peers in peers(master, plan) {
        if medians(sheet, plan, &peers, units, row)? {
            colours(sheet, plan, &peers, row)?;
            row += 1;
        }
    }
    if row == plan.below() {
        return Ok(());
    }
    let legend = format!(
        "Tô cam: lớn hơn {FAR} lần trung vị của các đơn vị cùng loại. Gạch chéo: đơn vị đã nhận \
         nhưng để trống ô mà đơn vị cùng loại có số."
    );
    sheet.text(CellAddress::new(row, 2), &legend, &style::legend())
}

/// Lines are ordered by kind, so those of a kind are side by side.
fn peers<'a>(master: &'a Master<'_>, plan: &'a Plan<'_>) -> Vec<Peers<'a>> {
    let mut peers: Vec<Peers<'_>> = Vec::new();
    for (index, line) in plan.table.lines.iter().enumerate() {
        let name = master.kind_name(&line.unit.kind);
        match peers.last_mut() {
            Some(last) if last.name == name => last.lines.push(index),
            _ => peers.push(Peers {
                name,
                lines: vec![index],
            }),
        }
    }
    peers
}

/// Writes the medians of one kind; true if there is any.
fn medians(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    peers: &Peers<'_>,
    units: &[Vec<ShownCell>],
    row: u32,
) -> Result<bool, WriteError> {
    let rows = peers.lines.iter();
    let rows: Vec<u32> = rows
        .filter_map(|line| plan.tree.rows.get(*line).copied())
        .collect();
    let ranges = ranges(&rows);
    if ranges.len() > MAX_ARGUMENTS {
        return Ok(false);
    }
    let mut any = false;
    for (field, column) in plan.folder.columns.iter().enumerate() {
        let figure = matches!(column.field.kind, FieldType::Count | FieldType::Amount);
        if !figure || column.field.aggregate != Aggregate::Sum {
            continue;
        }
        let lines = peers.lines.iter();
        let numbers = lines.filter_map(|line| units.get(*line)?.get(field)?.number());
        let Some(median) = median(numbers.collect()) else {
            continue;
        };
        let letters = column_letters(column.at);
        let cells = ranges
            .iter()
            .map(|(first, last)| format!("{letters}{}:{letters}{}", first + 1, last + 1));
        let formula = format!("=MEDIAN({})", cells.collect::<Vec<_>>().join(","));
        let decimals = column.decimals + u32::from(!median.fract().is_zero());
        let format = style::reference_row(style::figure(decimals));
        let at = CellAddress::new(row, column.at);
        sheet.formula(at, &formula, &Cached::Number(median), &format)?;
        any = true;
    }
    if any {
        let label = style::reference_row(style::label());
        let text = format!("Trung vị: {}", peers.name);
        sheet.text(CellAddress::new(row, 2), &text, &label)?;
    }
    Ok(any)
}

/// Colours the units of one kind by their medians in `row`.
fn colours(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    peers: &Peers<'_>,
    row: u32,
) -> Result<(), WriteError> {
    let at = |line: Option<&usize>| line.and_then(|line| plan.tree.rows.get(*line).copied());
    let (Some(first), Some(last)) = (at(peers.lines.first()), at(peers.lines.last())) else {
        return Ok(());
    };
    let first = CellAddress::new(first, count(LEAD.len()));
    let (letters, top) = (first.column_letters(), first.row + 1);
    let median = format!("{letters}${}", row + 1);
    // Headings have no code.
    let unit = format!("$B{top}<>\"\",ISNUMBER({median})");
    let far =
        format!("=AND({unit},{median}>0,ISNUMBER({letters}{top}),{letters}{top}>{FAR}*{median})");
    let blank = format!("=AND({unit},$D{top}=\"đã nhận\",{letters}{top}=\"\")");
    let (left, right) = (
        column_number(first.column)?,
        column_number(plan.last().saturating_sub(1))?,
    );
    for (rule, format) in [(far, style::far_off()), (blank, style::left_blank())] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(rule.as_str())
            .set_format(format);
        sheet
            .0
            .add_conditional_format(first.row, left, last, right, &rule)?;
    }
    Ok(())
}

/// Rows of units side by side: first and last of each run.
fn ranges(rows: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => ranges.push((*row, *row)),
        }
    }
    ranges
}

/// The middle figure, or halfway between the two in the middle; `None` if they are too few.
fn median(mut numbers: Vec<Number>) -> Option<Number> {
    if numbers.len() < FEW {
        return None;
    }
    numbers.sort();
    let upper = *numbers.get(numbers.len() / 2)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *numbers.get(numbers.len() / 2 - 1)?;
    lower.checked_add(upper)?.checked_div(Number::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_of_an_even_number_of_figures_lies_between_the_two_in_the_middle() {
        let numbers = |last: u32| (1..=last).map(Number::from).collect::<Vec<_>>();
        assert_eq!(median(numbers(9)), Some(Number::from(5)));
        assert_eq!(median(numbers(8)), Some(Number::new(45, 1)));
        assert_eq!(median(numbers(7)), None);
    }

    #[test]
    fn units_under_different_headings_are_different_ranges() {
        assert_eq!(ranges(&[7, 8, 10, 12, 13]), [(7, 8), (10, 10), (12, 13)]);
    }
}
