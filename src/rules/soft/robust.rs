//! Median and median absolute deviation (MAD) of figures, on a logarithmic scale, because units of
//! one kind differ by factors rather than by amounts. The median shown to people is exact; doubles
//! serve only to measure distance.

use rust_decimal::prelude::ToPrimitive;

use crate::model::Number;

/// The MAD of a normal distribution times this is its standard deviation.
const CONSISTENCY: f64 = 1.4826;

/// Least standard deviation on the logarithmic scale. Where more than half of the figures are the
/// same the MAD is 0, and any other figure would lie infinitely far away.
const LEAST_SCALE: f64 = 0.25;

/// The middle of a set of figures and how far they spread.
#[derive(Debug, Clone)]
pub struct Spread {
    sorted: Vec<Number>,
    centre: f64,
    scale: f64,
}

impl Spread {
    /// Of a set of figures; `None` if it is empty.
    pub fn of(mut figures: Vec<Number>) -> Option<Spread> {
        figures.sort_unstable();
        let logs: Vec<f64> = figures.iter().copied().map(logarithm).collect();
        let centre = middle(&logs)?;
        let mut deviations: Vec<f64> = logs.iter().map(|log| (log - centre).abs()).collect();
        deviations.sort_unstable_by(f64::total_cmp);
        let scale = (CONSISTENCY * middle(&deviations)?).max(LEAST_SCALE);
        Some(Spread {
            sorted: figures,
            centre,
            scale,
        })
    }

    /// How many figures.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The exact median.
    pub fn median(&self) -> Number {
        let n = self.sorted.len();
        let (low, high) = (self.sorted[(n - 1) / 2], self.sorted[n / 2]);
        match low.checked_add(high) {
            Some(sum) => (sum / Number::TWO).normalize(),
            None => low,
        }
    }

    /// The usual range: the first and the last decile.
    pub fn usual(&self) -> (Number, Number) {
        let n = self.sorted.len();
        let cut = n / 10;
        (self.sorted[cut], self.sorted[n - 1 - cut])
    }

    /// Distance of a figure from the middle, in robust standard deviations.
    pub fn distance(&self, figure: Number) -> f64 {
        (logarithm(figure) - self.centre).abs() / self.scale
    }
}

/// `sign(x) ln(1 + |x|)`: defined for every figure, 0 for 0, growing everywhere.
fn logarithm(figure: Number) -> f64 {
    // A decimal always has a nearest double.
    let double = figure.to_f64().unwrap_or(f64::MAX);
    double.abs().ln_1p().copysign(double)
}

fn middle(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len();
    Some((sorted.get(n.checked_sub(1)? / 2)? + sorted.get(n / 2)?) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::dec;

    fn spread(figures: &[i64]) -> Spread {
        Spread::of(figures.iter().map(|n| Number::from(*n)).collect()).unwrap()
    }

    #[test]
    fn the_median_is_exact_and_the_usual_range_is_made_of_figures() {
        let figures = Spread::of(vec![dec!(0.3), dec!(0.1), dec!(1000000000000.5), dec!(0.2)]);
        assert_eq!(figures.unwrap().median(), dec!(0.25));
        assert_eq!(
            spread(&(1..=20).collect::<Vec<_>>()).usual(),
            (3.into(), 18.into())
        );
        assert!(Spread::of(Vec::new()).is_none());
    }

    #[test]
    fn one_wild_figure_hides_neither_itself_nor_another() {
        let tame = spread(&[40, 45, 50, 52, 55, 60, 61, 70, 75, 80]);
        let wild = spread(&[40, 45, 50, 52, 55, 60, 61, 70, 75, 1_000_000]);
        for figures in [tame, wild] {
            assert!(figures.distance(51_000.into()) > 6.0);
            assert!(figures.distance(90.into()) < 6.0);
        }
    }

    #[test]
    fn where_most_figures_are_the_same_the_others_are_still_measured() {
        let mostly_zero = spread(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(mostly_zero.median(), Number::ZERO);
        assert!(mostly_zero.distance(2.into()) < 6.0);
        assert!(mostly_zero.distance(2000.into()) > 6.0);
    }

    proptest! {
        #[test]
        fn the_order_of_units_changes_nothing(
            figures in prop::collection::vec(-1_000i64..1_000_000, 1..40), by in 0usize..40, x in 0i64..1_000_000
        ) {
            let mut turned = figures.clone();
            let by = by % turned.len();
            turned.rotate_left(by);
            let (a, b) = (spread(&figures), spread(&turned));
            prop_assert_eq!(a.median(), b.median());
            prop_assert_eq!(a.usual(), b.usual());
            prop_assert!(a.distance(x.into()) == b.distance(x.into()));
        }

        #[test]
        fn half_of_the_figures_lie_on_either_side_of_the_median(
            figures in prop::collection::vec(-1_000i64..1_000_000, 1..40)
        ) {
            let median = spread(&figures).median();
            let n = figures.len();
            let low = figures.iter().filter(|x| Number::from(**x) <= median).count();
            let high = figures.iter().filter(|x| Number::from(**x) >= median).count();
            prop_assert!(2 * low >= n && 2 * high >= n);
        }

        /// The breakdown point of the median: whatever fewer than half of the units write, the
        /// middle stays among what the others wrote.
        #[test]
        fn a_minority_cannot_move_the_middle_out_of_the_others(
            honest in prop::collection::vec(0i64..1_000_000, 1..30), wild in prop::collection::vec(any::<i32>(), 0..30)
        ) {
            let wild = &wild[..wild.len().min(honest.len() - 1)];
            let all: Vec<i64> = honest.iter().copied().chain(wild.iter().map(|x| i64::from(*x))).collect();
            let median = spread(&all).median();
            let (least, most) = (honest.iter().min().unwrap(), honest.iter().max().unwrap());
            prop_assert!(median >= Number::from(*least) && median <= Number::from(*most));
        }

        #[test]
        fn farther_from_the_median_is_never_nearer(
            figures in prop::collection::vec(0i64..1_000_000, 9..40), step in 1i64..1_000_000
        ) {
            // An odd number of figures has a median whose logarithm is the middle exactly.
            let figures = &figures[..figures.len() - (figures.len() + 1) % 2];
            let all = spread(figures);
            let median = all.median();
            let (near, far) = (median + Number::from(step), median + Number::from(2 * step));
            prop_assert!(all.distance(median) == 0.0);
            prop_assert!(all.distance(near) <= all.distance(far));
        }
    }
}
