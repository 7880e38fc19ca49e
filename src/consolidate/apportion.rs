//! Rounding by largest remainder: figures shown in triệu or tỷ đồng add up to the sum that is
//! shown.

use rust_decimal::RoundingStrategy;

use crate::model::Number;

/// Brings `parts` to `decimals` so that they add up to `target`, by largest remainder: every part
/// is cut down, then the parts that lost most get one unit of the last decimal back until the sum
/// is reached (ties: the earlier part). No part moves by a whole unit. `target` must be the exact
/// sum brought to `decimals`, up or down; `None` if a figure overflows or no such rounding exists.
pub fn apportion(parts: &[Number], target: Number, decimals: u32) -> Option<Vec<Number>> {
    let unit = Number::new(1, decimals);
    let cut = |number: &Number| {
        number.round_dp_with_strategy(decimals, RoundingStrategy::ToNegativeInfinity)
    };
    let mut shown: Vec<Number> = parts.iter().map(cut).collect();
    let mut missing = shown
        .iter()
        .try_fold(target, |left, part| left.checked_sub(*part))?;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(parts[*i] - shown[*i]));
    for i in order {
        if missing < unit || parts[i] == shown[i] {
            break;
        }
        shown[i] = shown[i].checked_add(unit)?;
        missing -= unit;
    }
    missing.is_zero().then_some(shown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::dec;

    use super::*;
    use crate::schema::evaluate::round;
    use crate::schema::form::Rounding;

    #[test]
    fn thirds_add_up() {
        let third = dec!(33.3333);
        let shown = apportion(&[third, third, third], dec!(100.0), 1);
        assert_eq!(shown, Some(vec![dec!(33.4), dec!(33.3), dec!(33.3)]));
    }

    proptest! {
        #[test]
        fn parts_add_up_and_none_moves_by_a_unit(
            parts in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..60),
            decimals in 0u32..3,
        ) {
            let parts: Vec<Number> = parts.iter().map(|part| Number::new(*part, 4)).collect();
            let sum: Number = parts.iter().sum();
            let target = round(sum, decimals, Rounding::HalfUp);
            let shown = apportion(&parts, target, decimals).unwrap();
            prop_assert_eq!(shown.iter().sum::<Number>(), target);
            let unit = Number::new(1, decimals);
            for (part, shown) in parts.iter().zip(&shown) {
                prop_assert!((*part - *shown).abs() < unit);
                prop_assert_eq!(shown.round_dp(decimals), *shown);
            }
        }
    }
}
