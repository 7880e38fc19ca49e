//! The total row of a template: live sums, counts of ticks, ratios of sums.

use super::fill::Input;
use super::painter::Painter;
use crate::model::address::column_letters;
use crate::model::value::number_from_f64;
use crate::model::{CellAddress, Number};
use crate::schema::Aggregate;
use crate::schema::resolve::FieldRef;
use crate::write::formula::live::{Live, Operand, ratio, sum, ticked};
use crate::write::paper::grid::{GridRow, Line};
use crate::write::paper::sheet::to_f64;

impl Painter<'_, '_> {
    /// Formula of each total; sums first, because ratios are computed from them.
    pub(super) fn totals(&self, row: u32) -> Vec<Option<Live>> {
        let form = self.form();
        let columns = 0..form.file.columns.len();
        let mut totals: Vec<Option<Live>> = columns
            .clone()
            .map(|column| self.column_total(column))
            .collect();
        for column in columns {
            let sample = self.sample_field(column);
            let is_ratio = sample.is_some_and(|field| field.aggregate == Aggregate::Ratio);
            let Some(of) = self.sample_ratio(column).filter(|_| is_ratio) else {
                continue;
            };
            let operand = |cell: &FieldRef<'_>| {
                let number = match self.filled(GridRow::Total, cell.column) {
                    Some(Input::Number(number)) => number_from_f64(number),
                    Some(_) => None,
                    None => totals.get(cell.column)?.as_ref()?.result,
                };
                Some(Operand {
                    at: CellAddress::new(row, self.place.grid.column(cell.column)),
                    number,
                })
            };
            let live = ratio(&of, &operand);
            if let Some(slot) = totals.get_mut(column) {
                *slot = live;
            }
        }
        totals
    }

    /// What a cell shows before the unit has written into it.
    fn stands(&self, row: GridRow<'_>, column: usize) -> Option<Input> {
        let opening = || self.opening_figure(row, column).and_then(to_f64);
        self.filled(row, column)
            .or_else(|| opening().map(Input::Number))
    }

    fn column_total(&self, column: usize) -> Option<Live> {
        let grid = &self.place.grid;
        let field = self.sample_field(column)?;
        let letters = column_letters(grid.column(column));
        // To the row right above: a row inserted anywhere between is counted.
        let cells = format!(
            "{letters}{}:INDEX({letters}:{letters},ROW()-1)",
            grid.added_from + 1
        );
        let inputs = grid.body.iter().filter_map(|line| match line {
            Line::Heading(_) => None,
            Line::Free(index) => self.stands(GridRow::Free(*index), column),
            Line::Fixed(index) => {
                let row = self.form().file.rows.get(*index)?;
                self.filled(GridRow::Fixed(row.id.get_ref()), column)
            }
        });
        match field.aggregate {
            Aggregate::Sum => {
                let numbers = inputs.filter_map(|input| match input {
                    Input::Number(number) => number_from_f64(number),
                    _ => None,
                });
                let numbers: Vec<Number> = numbers.collect();
                let scale = numbers
                    .iter()
                    .map(|number| number.normalize().scale())
                    .max();
                let result = (!numbers.is_empty()).then(|| numbers.iter().sum());
                Some(sum(&cells, field.decimals.max(scale.unwrap_or(0)), result))
            }
            Aggregate::Count => {
                let ticks = inputs.filter(
                    |input| matches!(input, Input::Text(text) if text.eq_ignore_ascii_case("x")),
                );
                let ticks = Number::from(ticks.count());
                Some(ticked(&cells, (!ticks.is_zero()).then_some(ticks)))
            }
            Aggregate::Ratio | Aggregate::Last | Aggregate::List | Aggregate::None => None,
        }
    }
}
