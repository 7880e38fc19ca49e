//! Soft edit: a large change against the previous period.

use super::typed::Typed;
use crate::model::value::message;
use crate::model::{Class, Finding, Number, Severity, Value};
use crate::rules::page::Page;
use crate::rules::scope::UnitTables;
use crate::rules::scope::cell_label;
use crate::schema::checks::ChangeLimits;

/// Id of the finding.
pub const CHANGED: &str = "thay-doi-lon-so-ky-truoc";

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số thay đổi lớn so với kỳ trước",
    rules: &[(CHANGED, "cảnh báo")],
    what: "So từng số đơn vị gõ với chính ô đó ở kỳ trước đã chốt. Báo khi số lớn gấp quá mức khai \
           so với số nhỏ **và** hai số cách nhau ít nhất `floor`. Tăng và giảm xét như nhau. Không xét \
           ô có công thức, tỷ lệ, ô số kỳ trước và ô lũy kế mà quy tắc của biểu đã tính từ số kỳ trước \
           (`luy_ke = YTD(trong_ky) + trong_ky`: đầu năm lũy kế vốn tăng gấp đôi, sang năm thì giảm), và \
           dòng mà kỳ trước không có.",
    why: "Gõ thừa một chữ số, gõ nhầm ô, chép số của biểu khác thường làm một số nhảy vọt trong khi \
          mọi phép cộng của biểu vẫn đúng.",
    parameters: "`checks.change` ở đầu biểu, hoặc ở một cột, một dòng:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không |\n\
                 | `share` | 100 | quá bao nhiêu phần trăm của số nhỏ hơn; 100 là gấp quá hai lần, hoặc còn chưa đến một nửa |\n\
                 | `floor` | 50 | hai số phải cách nhau ít nhất bấy nhiêu |\n\n\
                 ```toml\n[checks]\nchange = { share = 200, floor = 20 }\n```",
    example: "Kỳ trước 240 hồ sơ, kỳ này ghi 2.400: gấp 10 lần, cách nhau 2.160, nên được hỏi lại. Kỳ \
              trước 3, kỳ này 9: gấp ba nhưng chỉ cách 6, nên không hỏi.",
    clerk: "Cán bộ thấy số của mình, số kỳ trước và mức thay đổi. Số sai thì sửa; số đúng thì ghi lý do \
            vào ô giải trình (ví dụ: mở đợt cấp căn cước cho học sinh), cảnh báo sẽ không hỏi lại nữa.",
};

/// The finding, if the figure changed more than declared.
pub fn check(unit: &UnitTables<'_>, typed: &Typed<'_>) -> Option<Finding> {
    let (now, last) = (typed.figure, typed.previous?);
    if typed.accrued || !changed(now, last, typed.checks.change?) {
        return None;
    }
    let table = &unit.tables[typed.at.table];
    let difference = now.checked_sub(last)?;
    let (now_v, last_v) = (Value::Number(now), Value::Number(last));
    let (vi, en) = if now > last {
        ("tăng", "up")
    } else {
        ("giảm", "down")
    };
    let (label, by) = (cell_label(typed.at, unit), difference.abs());
    let message = message!(
        now_v, by, last_v;
        "{label} ghi {now_v}, {vi} {by} so với {last_v} của kỳ trước. Hãy xem lại; nếu đúng, đề nghị giải trình.",
        "{label} is {now_v}, {en} by {by} from {last_v} last period. Check it; if it is right, please explain."
    );
    let (class, severity) = (Class::History, Severity::Warning);
    let finding = Finding::new(CHANGED, class, severity, &table.file, message)
        .of_form(table.form.id())
        .at(&table.sheet, typed.address)
        .value(Some(now_v));
    Some(finding)
}

/// Is the change larger than the declared share of the smaller figure, and at least the floor? A
/// change of sign always exceeds the share.
fn changed(now: Number, last: Number, declared: ChangeLimits) -> bool {
    let far = now
        .checked_sub(last)
        .is_none_or(|difference| difference.abs() >= Number::from(declared.floor));
    let (small, large) = (now.abs().min(last.abs()), now.abs().max(last.abs()));
    let bound = small
        .checked_mul(Number::from(u64::from(declared.share) + 100))
        .map(|bound| bound / Number::ONE_HUNDRED);
    let opposite = now.is_sign_negative() != last.is_sign_negative() && !now.is_zero();
    // A bound that overflows is never exceeded.
    far && (opposite && !last.is_zero() || bound.is_some_and(|bound| large > bound))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{closed, form, table};
    use proptest::prelude::*;
    use rust_decimal::dec;

    const DEFAULT: ChangeLimits = ChangeLimits {
        share: 100,
        floor: 100,
    };

    #[test]
    fn both_the_share_and_the_floor_must_be_passed() {
        assert!(changed(dec!(2400), dec!(240), DEFAULT));
        assert!(changed(dec!(240), dec!(2400), DEFAULT));
        assert!(changed(dec!(0), dec!(100), DEFAULT));
        assert!(changed(dec!(100), dec!(0), DEFAULT));
        assert!(!changed(dec!(9), dec!(3), DEFAULT), "below the floor");
        assert!(!changed(dec!(480), dec!(240), DEFAULT), "double at most");
        assert!(changed(dec!(481), dec!(240), DEFAULT));
        assert!(!changed(Number::MAX, Number::MAX, DEFAULT));
        assert!(changed(dec!(-200), dec!(200), DEFAULT));
    }

    proptest! {
        #[test]
        fn rising_and_falling_are_judged_alike(a in 0u32..1_000_000, b in 0u32..1_000_000, share in 1u32..500, floor in 0u32..1000) {
            let declared = ChangeLimits { share, floor };
            prop_assert_eq!(
                changed(a.into(), b.into(), declared),
                changed(b.into(), a.into(), declared)
            );
            let least = ChangeLimits { share, floor: 1 };
            prop_assert!(!changed(a.into(), a.into(), least));
        }
    }

    /// Months of one figure; the running total of March more than doubles by itself.
    const RUNNING: &str = "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"truoc\"\nlabel = \"Kỳ trước\"\n\
        [[column]]\nid = \"so\"\nlabel = \"Trong kỳ\"\n\
        [[column]]\nid = \"luy_ke\"\nlabel = \"Lũy kế\"\n\
        [[column]]\nid = \"hien_co\"\nlabel = \"Hiện có\"\n\
        [[row]]\nid = \"r\"\nlabel = \"Dòng\"\n";

    fn told(check: &str, last: &[&str], now: &[&str]) -> Vec<String> {
        let rules = format!(
            "{RUNNING}[[rule]]\nid = \"mo\"\ncheck = \"truoc = PREV(luy_ke)\"\n\
             [[rule]]\nid = \"lech\"\ncheck = \"{check}\"\n"
        );
        let form = form("abc", "fixed", &rules);
        let last = closed(&table(&form, &[last]));
        crate::rules::testing::rules(&[table(&form, &[now])], Some(&last))
    }

    #[test]
    fn a_running_total_that_follows_from_a_rule_is_not_asked_why_it_grows() {
        let (last, now) = (["0", "140", "140", "9"], ["140", "143", "283", "9"]);
        assert_eq!(
            told("luy_ke = truoc + so", &last, &now),
            Vec::<String>::new()
        );
        // No rule determines the total, so its growth is reported.
        assert_eq!(told("luy_ke >= truoc", &last, &now), [CHANGED]);
        // Figures that no rule accumulates are still checked.
        let grown = ["140", "143", "283", "900"];
        assert_eq!(told("luy_ke = truoc + so", &last, &grown), [CHANGED]);
    }
}
