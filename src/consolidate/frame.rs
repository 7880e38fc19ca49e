//! Columns of figures added up by polars. The only place that names it.
//!
//! Figures are whole multiples of 10^-6 in 128-bit integers: every field's declared decimals fit,
//! so sums are exact however many addends, and no sum of spreadsheet figures comes near the limit.

use polars::prelude::{ChunkAgg, Column, DataFrame, PolarsError, PolarsResult};
use rust_decimal::Decimal;

use crate::model::Number;
use crate::schema::field::MAX_DECIMALS;

/// The result of adding up; an error is a figure no frame can hold.
pub type FrameResult<T> = PolarsResult<T>;

/// One line a unit, one column a field, and the group each line belongs to.
pub struct Frame {
    frame: DataFrame,
    fields: usize,
}

/// Totals of a frame; `None` where a column has no figure at all.
pub struct FrameTotals {
    /// Of each group, in the order groups first appear.
    pub groups: Vec<(String, Vec<Option<Number>>)>,
    /// Of everything.
    pub all: Vec<Option<Number>>,
}

const GROUP: &str = "group";

impl Frame {
    /// A frame of `lines`: the group of a line and one figure a field.
    ///
    /// # Errors
    /// A figure has more digits than a frame holds.
    pub fn new(lines: &[(String, Vec<Option<Number>>)], fields: usize) -> PolarsResult<Frame> {
        let groups: Vec<&str> = lines.iter().map(|(group, _)| group.as_str()).collect();
        let mut columns = vec![Column::new(GROUP.into(), groups)];
        for field in 0..fields {
            let figures: Vec<Option<i128>> = lines
                .iter()
                .map(|(_, figures)| figures[field].map(scaled).transpose())
                .collect::<PolarsResult<_>>()?;
            columns.push(Column::new(name(field).into(), figures));
        }
        Ok(Frame {
            frame: DataFrame::new(lines.len(), columns)?,
            fields,
        })
    }

    /// Adds up every column, by group and in all.
    ///
    /// # Errors
    /// A total has more digits than a frame holds.
    pub fn totals(&self) -> PolarsResult<FrameTotals> {
        let mut groups = Vec::new();
        if self.frame.height() > 0 {
            self.frame.group_by_stable([GROUP])?.apply(|group| {
                let key = group
                    .column(GROUP)?
                    .str()?
                    .get(0)
                    .unwrap_or_default()
                    .to_owned();
                groups.push((key, self.sums(&group)?));
                Ok(group.head(Some(1)))
            })?;
        }
        Ok(FrameTotals {
            groups,
            all: self.sums(&self.frame)?,
        })
    }

    fn sums(&self, frame: &DataFrame) -> PolarsResult<Vec<Option<Number>>> {
        (0..self.fields)
            .map(|field| {
                let column = frame.column(&name(field))?;
                // polars gives 0 as the sum of a column without figures; here that is no figure.
                if column.null_count() == frame.height() {
                    return Ok(None);
                }
                column.i128()?.sum().map(unscaled).transpose()
            })
            .collect()
    }
}

fn name(field: usize) -> String {
    format!("f{field}")
}

/// The exact sum of what one unit reports; nothing if it reports nothing.
///
/// # Errors
///
/// A figure or a sum that no frame holds.
pub fn sum(figures: impl IntoIterator<Item = Number>) -> FrameResult<Option<Number>> {
    let mut total: Option<i128> = None;
    for figure in figures {
        let sum = total.unwrap_or(0).checked_add(scaled(figure)?);
        total = Some(sum.ok_or_else(|| beyond(figure, "too large to add"))?);
    }
    total.map(unscaled).transpose()
}

/// The figure as a whole multiple of 10^-[`MAX_DECIMALS`].
fn scaled(figure: Number) -> PolarsResult<i128> {
    let figure = figure.normalize();
    let lacking = MAX_DECIMALS.checked_sub(figure.scale());
    let lacking = lacking.ok_or_else(|| beyond(figure, "more decimals than a frame holds"))?;
    let scaled = figure.mantissa().checked_mul(10i128.pow(lacking));
    scaled.ok_or_else(|| beyond(figure, "too large to add"))
}

fn beyond(figure: Number, why: &str) -> PolarsError {
    PolarsError::ComputeError(format!("{figure}: {why}").into())
}

fn unscaled(sum: i128) -> PolarsResult<Number> {
    let (mut mantissa, mut scale) = (sum, MAX_DECIMALS);
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    Decimal::try_from_i128_with_scale(mantissa, scale)
        .map_err(|error| PolarsError::ComputeError(format!("{sum}: {error}").into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    #[test]
    fn sums_are_exact_and_blank_is_not_zero() {
        let lines = vec![
            ("a".to_owned(), vec![Some(dec!(0.1)), None]),
            ("b".to_owned(), vec![Some(dec!(1000000000000001)), None]),
            ("a".to_owned(), vec![Some(dec!(0.2)), None]),
        ];
        let totals = Frame::new(&lines, 2).unwrap().totals().unwrap();
        assert_eq!(totals.all, vec![Some(dec!(1000000000000001.3)), None]);
        assert_eq!(
            totals.groups[0],
            ("a".to_owned(), vec![Some(dec!(0.3)), None])
        );
        assert_eq!(totals.groups[1].1, vec![Some(dec!(1000000000000001)), None]);
    }

    #[test]
    fn a_figure_is_held_exactly_or_refused() {
        let largest = dec!(9_000_000_000_000_000_000_000.5);
        assert_eq!(
            sum([largest, dec!(0.000001)]).unwrap(),
            Some(dec!(9_000_000_000_000_000_000_000.500001))
        );
        assert_eq!(sum([]).unwrap(), None);
        assert!(sum([dec!(0.0000001)]).is_err());
        // Too long for a decimal number once it has six decimals; a shorter scale would be wrong.
        assert_eq!(scaled(dec!(1e25)).unwrap(), 10i128.pow(31));
        assert!(sum([Number::MAX, Number::MAX]).is_err());
    }

    #[test]
    fn a_frame_without_lines_has_no_totals() {
        let totals = Frame::new(&[], 1).unwrap().totals().unwrap();
        assert_eq!((totals.groups.len(), totals.all), (0, vec![None]));
    }
}
