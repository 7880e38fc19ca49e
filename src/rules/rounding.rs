//! Rules over rounded figures: such a rule fails only if no true figures that round to the printed
//! ones satisfy it.

use super::page::Page;
use super::scope::InstanceScope;
use crate::schema::rule::evaluate::Trouble;
use crate::schema::rule::expression::Expr;
use crate::schema::rule::ranges::{Truth, truth};

/// The page of the user guide about rounded figures.
pub const PAGE: Page = Page {
    title: "Số đã làm tròn",
    rules: &[],
    what: "Số đã làm tròn đứng cho mọi số thật cho ra nó. Quy tắc chỉ sai khi không bộ số thật nào in ra như vậy mà vẫn đúng quy tắc: n số cộng lại, mỗi số làm tròn nửa đơn vị, chỉ lệch dưới (n+1)/2 đơn vị cuối. Tính chính xác qua cộng, trừ, nhân, chia; số cắt bớt chỉ lệch về một phía.",
    why: "Cộng các số đã làm tròn thì lệch 1, 2 ở chữ số cuối là bình thường; báo lỗi sẽ làm người ta quen bỏ qua. Nhưng lệch hơn mức đó là sai thật. Số đếm và số không làm tròn vẫn phải đúng đến từng đơn vị.",
    parameters: "Làm tròn là: mọi `percent`, và `amount` có khai `rounding` (ở cột, dòng hay `[defaults]`). `amount` không khai `rounding`, và `count`, là số chính xác.\n\n```toml\ntype = \"amount\"\ndecimals = 2\nrounding = \"half-up\"   # số này đã làm tròn từ số lẻ hơn\nunit = \"tỷ đồng\"\n```\n\nÔ có nhiều chữ số lẻ hơn `decimals` được coi là chưa làm tròn.",
    example: "6,67 + 3,34 = 10,01. Tổng ghi 10,02 thì được (các số thật có thể là 6,674 + 3,344 = 10,018); ghi 10,03 là lỗi. Ba tỷ trọng 33,33% cộng thành 99,99% thì được, 99,98% là lỗi.",
    clerk: "Như quy tắc thường, thêm mức làm tròn giải thích được: «...; lệch 0,02 (làm tròn chỉ có thể lệch đến 0,015)».",
};

/// Whether a rule's check can hold and whether it must.
///
/// # Errors
/// A figure is missing, or the rule cannot be computed.
pub fn judge(expr: &Expr, scope: &InstanceScope<'_>) -> Result<Truth, Trouble> {
    truth(expr, scope)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::sync::Arc;

    use proptest::prelude::*;
    use rust_decimal::{Decimal, dec};

    use crate::rules::example;
    use crate::schema::Form;
    use crate::schema::evaluate::round;
    use crate::schema::form::Rounding;

    /// A form with `c1 … cn`, `tong` and `tich`, and one row of figures: the rules they break.
    fn broken(declared: &str, rule: &str, figures: &[(&str, Decimal)]) -> Vec<String> {
        let mut text = String::from(
            "id = \"b\"\nversion = \"1\"\ntitle = \"B\"\nsheet = \"B\"\n[layout]\nrows = \"free\"\n[[column]]\nid = \"ten\"\nlabel = \"Tên\"\nkey = true\n",
        );
        for (id, _) in figures {
            write!(
                text,
                "[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n{declared}\n"
            )
            .unwrap();
        }
        let cells: Vec<String> = figures
            .iter()
            .map(|(id, n)| format!("{id} = {n}"))
            .collect();
        write!(
            text,
            "[[rule]]\nid = \"r\"\ncheck = \"{rule}\"\n[[example]]\nname = \"n\"\nrows = [{{ ten = \"a\", {} }}]\n",
            cells.join(", ")
        )
        .unwrap();
        let form = Arc::new(Form::parse("b.toml", &text).unwrap());
        example::run(&form, &form.file.examples[0])
            .broken
            .into_iter()
            .collect()
    }

    const ROUNDED: &str = "type = \"amount\"\ndecimals = 2\nrounding = \"half-up\"";
    const CUT: &str = "type = \"amount\"\ndecimals = 2\nrounding = \"truncate\"";
    const EXACT: &str = "type = \"amount\"\ndecimals = 2";
    const IDS: [&str; 9] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"];

    fn summed(n: usize) -> String {
        format!("tong = {}", IDS[..n].join(" + "))
    }

    fn figures(addends: &[Decimal], total: Decimal) -> Vec<(&'static str, Decimal)> {
        let own = IDS.iter().copied().zip(addends.iter().copied());
        own.chain([("tong", total)]).collect()
    }

    #[test]
    fn amounts_that_are_not_declared_rounded_are_exact() {
        let two = [dec!(1.10), dec!(2.20)];
        assert!(broken(EXACT, &summed(2), &figures(&two, dec!(3.30))).is_empty());
        assert_eq!(broken(EXACT, &summed(2), &figures(&two, dec!(3.31))), ["r"]);
        assert!(broken(ROUNDED, &summed(2), &figures(&two, dec!(3.31))).is_empty());
        assert_eq!(
            broken(ROUNDED, &summed(2), &figures(&two, dec!(3.32))),
            ["r"]
        );
        // The same figure rounded the same way is the same.
        assert_eq!(
            broken(ROUNDED, &summed(1), &figures(&two[..1], dec!(1.11))),
            ["r"]
        );
    }

    #[test]
    fn counts_are_exact_however_large_and_however_many() {
        let count = "type = \"count\"";
        let nine = [dec!(1000000000000001); 9];
        let sum = dec!(9000000000000009);
        assert!(broken(count, &summed(9), &figures(&nine, sum)).is_empty());
        assert_eq!(
            broken(count, &summed(9), &figures(&nine, sum + dec!(1))),
            ["r"]
        );
    }

    #[test]
    fn printed_percentages_may_miss_a_hundred_by_what_rounding_hides_and_no_more() {
        let percent = "type = \"percent\"";
        let sum = "c1 + c2 + c3 = 100";
        let thirds = |last| [("c1", dec!(33.33)), ("c2", dec!(33.33)), ("c3", last)];
        assert!(broken(percent, sum, &thirds(dec!(33.33))).is_empty());
        assert_eq!(broken(percent, sum, &thirds(dec!(33.32))), ["r"]);
    }

    fn truth() -> impl Strategy<Value = Decimal> {
        (0_i64..9_999_999_999).prop_map(|number| Decimal::new(number, 6))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn rounding_true_figures_breaks_no_sum(
            addends in prop::collection::vec(truth(), 1..=9),
            cut in any::<bool>(),
        ) {
            let (declared, how) = if cut { (CUT, Rounding::Truncate) } else { (ROUNDED, Rounding::HalfUp) };
            let total = addends.iter().sum::<Decimal>();
            let printed: Vec<Decimal> = addends.iter().map(|n| round(*n, 2, how)).collect();
            let told = figures(&printed, round(total, 2, how));
            prop_assert!(broken(declared, &summed(addends.len()), &told).is_empty());
        }

        #[test]
        fn a_total_further_off_than_rounding_explains_is_always_told(
            addends in prop::collection::vec(truth(), 1..=9),
            beyond in 0_i64..1_000,
            up in any::<bool>(),
        ) {
            let printed: Vec<Decimal> = addends.iter().map(|n| round(*n, 2, Rounding::HalfUp) + dec!(20)).collect();
            let sum = printed.iter().sum::<Decimal>();
            // (n + 1) / 2 units, rounded up to whole units: the total is printed, too.
            let units = i64::try_from(printed.len() + 1).unwrap().div_euclid(2)
                + i64::try_from(printed.len() + 1).unwrap().rem_euclid(2);
            let off = Decimal::new(units + beyond, 2);
            let total = if up { sum + off } else { sum - off };
            let told = figures(&printed, total);
            prop_assert_eq!(broken(ROUNDED, &summed(printed.len()), &told), ["r"]);
            // Truncation never makes a figure larger, so the total can only exceed the sum of the
            // parts.
            let n = Decimal::from(printed.len());
            let high = figures(&printed, sum + n * dec!(0.01) + Decimal::new(beyond, 2));
            let low = figures(&printed, sum - dec!(0.01) - Decimal::new(beyond, 2));
            prop_assert_eq!(broken(CUT, &summed(printed.len()), &high), ["r"]);
            prop_assert_eq!(broken(CUT, &summed(printed.len()), &low), ["r"]);
        }

        #[test]
        fn rounding_true_figures_breaks_no_product_and_no_ratio(a in truth(), b in truth()) {
            let print = |number| round(number, 2, Rounding::HalfUp);
            let pair = [("c1", print(a)), ("c2", print(b))];
            let product = [pair[0], pair[1], ("tong", print(a * b))];
            prop_assert!(broken(ROUNDED, "tong = c1 * c2", &product).is_empty());
            if let Some(ratio) = (a * dec!(100)).checked_div(b) {
                let told = [pair[0], pair[1], ("tong", print(ratio))];
                prop_assert!(broken(ROUNDED, "tong = 100 * c1 / c2", &told).is_empty());
            }
        }
    }

    #[test]
    fn a_product_further_off_than_rounding_explains_is_told() {
        let told = |product| [("c1", dec!(12.50)), ("c2", dec!(3.00)), ("tong", product)];
        // 12,495 x 2,995 = 37,42 to 12,505 x 3,005 = 37,58.
        assert!(broken(ROUNDED, "tong = c1 * c2", &told(dec!(37.58))).is_empty());
        assert_eq!(broken(ROUNDED, "tong = c1 * c2", &told(dec!(37.60))), ["r"]);
    }
}
