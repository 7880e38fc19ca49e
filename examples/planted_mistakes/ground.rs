//! What mistakes can be made in: the cells somebody types, and how they hang together.

use std::collections::BTreeMap;

use tonghop::campaign::Campaign;
use tonghop::extract::CellState;
use tonghop::model::{Number, Value};
use tonghop::rules::scope::{CellRef, RowRef};
use tonghop::schema::expression::{Name, Past};
use tonghop::schema::resolve::Site;
use tonghop::schema::{FieldType, Form};

use super::book::{Variant, places, state};
use super::formulas::{Formula, determined, form_row, formulas};

/// A cell that is typed and holds a figure.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    pub at: CellRef,
    pub number: Number,
    pub percent: bool,
}

/// What mistakes can be made in one clean workbook.
pub struct Ground {
    pub figures: Vec<Figure>,
    /// Boxes, and whether they are ticked.
    pub boxes: Vec<(CellRef, bool)>,
    /// Typed totals with the cells they add up, and cells computed from others.
    pub sums: Vec<(CellRef, Vec<CellRef>)>,
    /// Openings, each with the closing figure it will be next period.
    pub openings: Vec<(CellRef, CellRef)>,
    /// Those of them whose closing is computed from the opening.
    pub continued: Vec<(CellRef, CellRef)>,
    /// What last period has in the same place.
    pub last: BTreeMap<CellRef, Number>,
    /// Figures of typed cells.
    typed: BTreeMap<CellRef, Number>,
    /// Figures of all cells, formulas' too.
    shown: BTreeMap<CellRef, Number>,
}

impl Ground {
    pub fn new(campaign: &Campaign, unit: &str, variant: &Variant) -> Ground {
        let tables = &variant.tables;
        let follows = |at: CellRef| variant.formulas.iter().any(|formula| formula.at == at);
        let mut ground = Ground {
            figures: Vec::new(),
            boxes: Vec::new(),
            sums: Vec::new(),
            openings: Vec::new(),
            continued: Vec::new(),
            last: BTreeMap::new(),
            typed: BTreeMap::new(),
            shown: BTreeMap::new(),
        };
        for (at, _) in places(tables) {
            let form = &tables[at.table].form;
            let Some(field) = form.field(form_row(form, at.row), at.column) else {
                continue;
            };
            match state(tables, at) {
                Some(CellState::Value(Value::Number(number))) => {
                    ground.shown.insert(at, *number);
                    if follows(at) {
                        continue;
                    }
                    let percent = field.kind == FieldType::Percent;
                    ground.figures.push(Figure {
                        at,
                        number: *number,
                        percent,
                    });
                    ground.typed.insert(at, *number);
                }
                Some(CellState::Value(Value::Flag(flag))) => ground.boxes.push((at, *flag)),
                Some(CellState::Blank) if field.kind == FieldType::Flag => {
                    ground.boxes.push((at, false));
                }
                _ => {}
            }
        }
        ground.relate(campaign, unit, variant);
        ground
    }

    /// The figure of a typed cell.
    pub fn number(&self, at: CellRef) -> Option<Number> {
        self.typed.get(&at).copied()
    }

    /// The figure a cell shows.
    pub fn shown(&self, at: CellRef) -> Option<Number> {
        self.shown.get(&at).copied()
    }

    fn relate(&mut self, campaign: &Campaign, unit: &str, variant: &Variant) {
        let tables = &variant.tables;
        let typed = |at: &CellRef| self.typed.contains_key(at);
        let computed: Vec<Formula> = formulas(unit, tables);
        for formula in computed.iter().filter(|formula| typed(&formula.at)) {
            let reads: Vec<CellRef> = formula.reads.iter().copied().filter(&typed).collect();
            self.sums.push((formula.at, reads));
        }
        for figure in &self.figures {
            let at = figure.at;
            let table = &tables[at.table];
            let RowRef::Row(index) = at.row else { continue };
            let row = form_row(&table.form, at.row);
            let column = table.form.file.columns[at.column].id.get_ref();
            let key = &table.rows[index].key;
            let last = campaign.previous.as_ref().and_then(|previous| {
                previous
                    .value(unit, table.form.id(), key, column)?
                    .as_number()
            });
            self.last.extend(last.map(|number| (at, number)));
            let opening = table.form.opening(row, at.column);
            let Some(opening) = opening.filter(|opening| opening.past == Past::Previous) else {
                continue;
            };
            let Some(closing) = named(&table.form, opening.name, opening.site, at) else {
                continue;
            };
            self.openings.push((at, closing));
            let own = determined(
                &table.form,
                form_row(&table.form, closing.row),
                closing.column,
            );
            let mut continues = false;
            if let Some(found) = own {
                found.right.names(&mut |name, past| {
                    continues |= !past && named(&table.form, name, found.site, closing) == Some(at);
                });
            }
            if continues && typed(&closing) {
                self.continued.push((at, closing));
            }
        }
    }
}

/// The cell a name of a rule means, seen from `at`, where the rule is evaluated at `site`.
fn named(form: &Form, name: &Name, site: Site, at: CellRef) -> Option<CellRef> {
    let cell = form.own_cell(name, site)?;
    Some(CellRef {
        row: cell.row().map_or(at.row, RowRef::Row),
        column: cell.column,
        ..at
    })
}
