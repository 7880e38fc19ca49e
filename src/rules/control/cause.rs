//! Finds the single slip, or the set of equal slips, that exactly explains the difference to a
//! control total.

use crate::model::Number;
use crate::rules::scope::CellRef;
use crate::rules::soft::size::{SizeSlip, moved};
use crate::schema::Field;

/// Most cells among which a set of slips is looked for; with more, chance would find one.
const MOST_CELLS: usize = 24;

/// Most sets tried.
const MOST_TRIES: usize = 200_000;

/// A cell whose figure adds to a total.
#[derive(Debug, Clone)]
pub(super) struct Addend {
    /// Index of the unit.
    pub reporter: usize,
    /// The cell.
    pub at: CellRef,
    /// What it says.
    pub figure: Number,
    /// What the form says of it.
    pub field: Field,
}

/// An exact explanation of a difference.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DifferenceCause {
    /// Unit-of-measure errors in these cells (index into the addends, from 0).
    Slips(Vec<(usize, SizeSlip)>),
    /// Two neighbouring digits of this cell are swapped; what was meant.
    Swapped(usize, Number),
}

impl DifferenceCause {
    /// The same cause with the indices of its cells moved up by `offset`.
    pub fn shifted(self, offset: usize) -> DifferenceCause {
        match self {
            DifferenceCause::Slips(slips) => DifferenceCause::Slips(
                slips
                    .into_iter()
                    .map(|(i, slip)| (i + offset, slip))
                    .collect(),
            ),
            DifferenceCause::Swapped(i, meant) => DifferenceCause::Swapped(i + offset, meant),
        }
    }
}

/// The sum of the cells' figures; `None` if there are no cells, or no decimal holds it.
pub(super) fn sum(cells: &[Addend]) -> Option<Number> {
    let mut figures = cells.iter().map(|cell| cell.figure);
    let first = figures.next()?;
    figures.try_fold(first, Number::checked_add)
}

/// What explains that the sum is `difference` too large: single cells, else one set of them.
pub(super) fn of(cells: &[Addend], difference: Number, tolerance: Number) -> Vec<DifferenceCause> {
    let single = singles(cells, difference, tolerance);
    if !single.is_empty() {
        return single;
    }
    let sets = [(3, true), (6, true), (3, false), (6, false)]
        .into_iter()
        .filter_map(|(zeros, small)| set(cells, difference, zeros, small));
    sets.map(DifferenceCause::Slips).collect()
}

/// Cells of which each alone, slipped back, explains the difference; slips of size first.
pub(super) fn singles(
    cells: &[Addend],
    difference: Number,
    tolerance: Number,
) -> Vec<DifferenceCause> {
    let mends = |figure: Number, meant: Number| {
        let rest = figure
            .checked_sub(meant)
            .and_then(|off| off.checked_sub(difference));
        rest.is_some_and(|rest| rest.abs() <= tolerance)
    };
    let mut causes = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        let slips = moved(cell.figure, &cell.field).filter(|slip| mends(cell.figure, slip.meant));
        causes.extend(slips.map(|slip| DifferenceCause::Slips(vec![(i, slip)])));
    }
    for (i, cell) in cells.iter().enumerate() {
        let meant = swaps(cell.figure).find(|meant| mends(cell.figure, *meant));
        causes.extend(meant.map(|meant| DifferenceCause::Swapped(i, meant)));
    }
    causes
}

/// The figure with two neighbouring digits the other way round.
fn swaps(figure: Number) -> impl Iterator<Item = Number> {
    let digits: Vec<char> = figure.normalize().to_string().chars().collect();
    (1..digits.len()).filter_map(move |i| {
        let mut swapped = digits.clone();
        let plain = swapped[i].is_ascii_digit() && swapped[i - 1].is_ascii_digit();
        swapped.swap(i - 1, i);
        // Nobody types a leading 0.
        let differs = swapped[i] != swapped[i - 1] && swapped[0] != '0';
        let text: String = swapped.iter().collect();
        (plain && differs).then(|| text.parse().ok()).flatten()
    })
}

/// The smallest set of cells that all slipped the same way and together explain the difference;
/// `None` if there is none, or another of the same size.
fn set(
    cells: &[Addend],
    difference: Number,
    zeros: u32,
    small: bool,
) -> Option<Vec<(usize, SizeSlip)>> {
    let target = difference.abs();
    let slips = cells.iter().enumerate().filter_map(|(i, cell)| {
        let slip = moved(cell.figure, &cell.field)
            .find(|slip| slip.zeros == zeros && slip.small == small)?;
        let off = cell.figure.checked_sub(slip.meant)?;
        let mends = off.is_sign_negative() == difference.is_sign_negative() && off.abs() <= target;
        mends.then_some((i, slip, off.abs()))
    });
    let mut slips: Vec<(usize, SizeSlip, Number)> = slips.collect();
    if slips.len() > MOST_CELLS {
        return None;
    }
    slips.sort_by_key(|(.., off)| std::cmp::Reverse(*off));
    let mut search = Search {
        slips: &slips,
        chosen: Vec::new(),
        best: None,
        tie: false,
        tries: 0,
    };
    search.from(0, target);
    let whole = search.tries < MOST_TRIES && !search.tie;
    let mut best: Vec<(usize, SizeSlip)> = search
        .best
        .filter(|_| whole)?
        .into_iter()
        .map(|i| (slips[i].0, slips[i].1))
        .collect();
    best.sort_by_key(|(i, _)| *i);
    Some(best)
}

struct Search<'a> {
    slips: &'a [(usize, SizeSlip, Number)],
    chosen: Vec<usize>,
    best: Option<Vec<usize>>,
    tie: bool,
    tries: usize,
}

impl Search<'_> {
    /// Tries the slips from `first` on for what is left of the difference.
    fn from(&mut self, first: usize, left: Number) {
        self.tries += 1;
        let best = self.best.as_ref().map_or(usize::MAX, Vec::len);
        if self.tries >= MOST_TRIES || self.chosen.len() > best {
            return;
        }
        if left.is_zero() {
            self.tie = self.chosen.len() == best;
            self.best = Some(self.chosen.clone());
            return;
        }
        for i in first..self.slips.len() {
            let off = self.slips[i].2;
            if off <= left {
                self.chosen.push(i);
                self.from(i + 1, left - off);
                self.chosen.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::scope::RowRef;
    use crate::schema::Form;
    use proptest::prelude::*;

    fn field() -> Field {
        let text = "id = \"a\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"free\"\n\
                    [[column]]\nid = \"k\"\nlabel = \"K\"\ntype = \"text\"\nkey = true\n\
                    [[column]]\nid = \"x\"\nlabel = \"X\"\ntype = \"count\"\n";
        let form = Form::parse("a.toml", text).unwrap();
        form.field(None, 1).unwrap().clone()
    }

    fn cells(figures: &[u64]) -> Vec<Addend> {
        let field = field();
        let addend = |(i, figure): (usize, &u64)| Addend {
            reporter: 0,
            at: CellRef {
                table: 0,
                row: RowRef::Row(i),
                column: 1,
            },
            figure: Number::from(*figure),
            field: field.clone(),
        };
        figures.iter().enumerate().map(addend).collect()
    }

    fn meant(causes: &[DifferenceCause], figures: &[u64]) -> Vec<(u64, String)> {
        let told = |cause: &DifferenceCause| match cause {
            DifferenceCause::Slips(slips) => slips
                .iter()
                .map(|(i, slip)| (figures[*i], slip.meant.to_string()))
                .collect(),
            DifferenceCause::Swapped(i, meant) => vec![(figures[*i], meant.to_string())],
        };
        causes
            .iter()
            .flat_map(|cause: &DifferenceCause| -> Vec<_> { told(cause) })
            .collect()
    }

    /// The appendix of a printed report, typed with dots on an English machine.
    #[test]
    fn two_two_one_one_five_hundred_eight_hundred_was_meant_to_be_7300() {
        let figures = [2, 2, 1, 1, 500, 800];
        let causes = of(&cells(&figures), Number::from(1306 - 7300), Number::ZERO);
        let told = |pairs: &[(u64, &str)]| -> Vec<(u64, String)> {
            pairs.iter().map(|(a, b)| (*a, (*b).to_owned())).collect()
        };
        assert_eq!(
            meant(&causes, &figures),
            told(&[(2, "2000"), (2, "2000"), (1, "1000"), (1, "1000")])
        );
    }

    #[test]
    fn sets_that_are_equally_small_are_not_chosen_between() {
        // Either 2 of the three equal rows may have slipped.
        let causes = of(
            &cells(&[1, 1, 1, 40]),
            Number::from(43 - 2041),
            Number::ZERO,
        );
        assert_eq!(causes, []);
    }

    #[test]
    fn a_difference_nothing_explains_has_no_cause() {
        let causes = of(&cells(&[12, 30, 8]), Number::from(7), Number::ZERO);
        assert_eq!(causes, []);
    }

    proptest! {
        /// Whichever unit slips, it is among the causes.
        #[test]
        fn the_unit_that_slipped_is_named(
            mut figures in prop::collection::vec(1u64..5_000, 2..120), at in 0usize..120, million: bool
        ) {
            let at = at % figures.len();
            let right: u64 = figures.iter().sum();
            let was = figures[at];
            figures[at] = was * if million { 1_000_000 } else { 1_000 };
            let cells = cells(&figures);
            let difference = sum(&cells).unwrap() - Number::from(right);
            let causes = singles(&cells, difference, Number::ZERO);
            let named = causes.iter().any(|cause| matches!(cause, DifferenceCause::Slips(slips)
                if slips[0].0 == at && slips[0].1.meant == Number::from(was)));
            prop_assert!(named);
        }

        /// Every cause reported mends the sum exactly.
        #[test]
        fn every_cause_mends_the_sum(figures in prop::collection::vec(1u64..100, 1..12), wanted in 0u64..100_000) {
            let cells = cells(&figures);
            let difference = sum(&cells).unwrap() - Number::from(wanted);
            prop_assume!(!difference.is_zero());
            for cause in of(&cells, difference, Number::ZERO) {
                let mut mended: Vec<Number> = cells.iter().map(|cell| cell.figure).collect();
                match cause {
                    DifferenceCause::Slips(slips) => slips.iter().for_each(|(i, slip)| mended[*i] = slip.meant),
                    DifferenceCause::Swapped(i, meant) => mended[i] = meant,
                }
                prop_assert_eq!(mended.iter().sum::<Number>(), Number::from(wanted));
            }
        }
    }
}
