//! Soft edit: unit-of-measure errors, figures a thousand or a million times too large or too small
//! ("2.000" stored by Excel as 2, đồng instead of triệu đồng). Sum rules do not find them, because
//! sums hold at any scale.

use super::typed::Typed;
use crate::model::Lang;
use crate::model::value::{Shown, message};
use crate::model::{Class, Finding, Message, Number, Severity, Suspect, Value};
use crate::rules::page::Page;
use crate::rules::scope::UnitTables;
use crate::rules::scope::cell_label;
use crate::schema::checks::SizeLimits;
use crate::schema::evaluate::round;
use crate::schema::{Field, FieldType};

/// Id of the finding.
pub const SIZE: &str = "lech-nghin-lan";

/// More figures of one table than this, slipped the same way, are one finding.
const TOLD_APART: usize = 3;

/// Most cells named as suspects of such a finding.
const MOST_SUSPECTS: usize = 12;

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số lệch nghìn lần, triệu lần",
    rules: &[(SIZE, "cảnh báo; lỗi khi số kiểm soát cho biết")],
    what: "Tìm số mà nhân hoặc chia đúng cho 1.000 hay 1.000.000 thì khớp với điều đã biết. Bằng chứng được xét theo \
           thứ tự: số kiểm soát (khớp đúng), số kỳ trước (gần bằng), số của các đơn vị cùng loại (gần bằng). Số đếm chia \
           ra phải vẫn là số nguyên: kỳ trước 3, kỳ này 2.900 không phải lệch nghìn lần. Nhiều số của một biểu cùng lệch \
           một kiểu thì báo một lần.",
    why: "Gõ 2.000 trên máy dùng dấu chấm thập phân thì Excel giữ số 2; ghi bằng đồng ở biểu tính bằng triệu đồng thì số lớn \
          gấp triệu lần. Khi cả biểu cùng lệch, mọi phép cộng vẫn đúng: phụ lục kinh phí của một báo cáo thật gõ như vậy thành \
          2 + 2 + 1 + 1 + 500 + 800 = 1.306 thay vì 7.300. Chương trình chỉ gợi ý, không bao giờ tự nhân chia.",
    parameters: "`checks.size` ở đầu biểu, hoặc ở một cột, một dòng:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không |\n\
                 | `factor` | 3 | số sau khi nhân chia phải trong khoảng bấy nhiêu lần số kỳ trước (1 đến 30) |\n\
                 | `least` | 500 | số lớn hơn trong hai số phải từ bấy nhiêu |\n\n\
                 ```toml\n[checks]\nsize = { factor = 2, least = 1000 }\n```\n\nSố kiểm soát khai ở `campaign.toml`, không cần khai gì ở biểu.",
    example: "Kỳ trước 1.950 lượt, kỳ này ô ghi 2: gợi ý 2.000.",
    clerk: "Cán bộ thấy số trong ô, số đã biết và số gợi ý. Gõ lại liền các chữ số, không dấu chấm; nếu số đúng thì ghi lý do.",
};

/// A unit-of-measure error: how the figure slipped, and what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeSlip {
    /// Number of decimal places the figure is off: 3 or 6.
    pub zeros: u32,
    /// Is the figure too small?
    pub small: bool,
    /// The figure moved back.
    pub meant: Number,
}

/// The figure moved by 3 or 6 places, both ways: every figure that may have been meant.
pub fn moved(found: Number, field: &Field) -> impl Iterator<Item = SizeSlip> {
    let whole = field.kind == FieldType::Count;
    let (decimals, rounding) = (field.decimals, field.rounding);
    [(3, true), (6, true), (3, false), (6, false)]
        .into_iter()
        .filter_map(move |(zeros, small)| {
            let power = Number::from(10u64.pow(zeros));
            let meant = match small {
                true => found.checked_mul(power)?,
                false => found.checked_div(power)?,
            }
            .normalize();
            if whole && meant.scale() > 0 {
                return None;
            }
            let meant = round(meant, decimals, rounding).normalize();
            (!meant.is_zero()).then_some(SizeSlip {
                zeros,
                small,
                meant,
            })
        })
}

/// The slip that brings `found` near `reference`, if one does.
pub fn near(found: Number, reference: Number, field: &Field, size: SizeLimits) -> Option<SizeSlip> {
    let factor = Number::from(size.factor);
    let large = found.abs().max(reference.abs()) >= Number::from(size.least);
    let one_sign = found.is_sign_negative() == reference.is_sign_negative();
    if !large || !one_sign || found.is_zero() || reference.is_zero() {
        return None;
    }
    let within = |slip: &SizeSlip| {
        let (meant, reference) = (slip.meant.abs(), reference.abs());
        let (low, high) = (meant.checked_mul(factor), reference.checked_mul(factor));
        low.is_some_and(|low| low >= reference) && high.is_some_and(|high| meant <= high)
    };
    moved(found, field).find(within)
}

/// The finding, if a figure slipped against last period's.
pub fn against_last(unit: &UnitTables<'_>, typed: &Typed<'_>) -> Option<(SizeSlip, Finding)> {
    let last = typed.previous?;
    let slip = near(typed.figure, last, typed.field, typed.checks.size?)?;
    let last = Value::Number(last);
    let evidence = message!(
    last;
    "số kỳ trước ({last})",
    "last period's {last}"
    );
    Some((slip, finding(unit, typed, slip, Class::History, &evidence)))
}

/// A finding at a typed figure; `evidence`: what it is compared with, in words.
pub fn finding(
    unit: &UnitTables<'_>,
    typed: &Typed<'_>,
    slip: SizeSlip,
    class: Class,
    evidence: &Message,
) -> Finding {
    let table = &unit.tables[typed.at.table];
    let label = cell_label(typed.at, unit);
    let (found, meant) = (Value::Number(typed.figure), Value::Number(slip.meant));
    let size = match (slip.small, slip.zeros) {
        (true, 3) => Message::new("chỉ bằng khoảng một phần nghìn", "about a thousandth of"),
        (true, _) => Message::new("chỉ bằng khoảng một phần triệu", "about a millionth of"),
        (false, 3) => Message::new("gấp khoảng nghìn lần", "about a thousand times"),
        (false, _) => Message::new("gấp khoảng triệu lần", "about a million times"),
    };
    let cause = cause(slip, typed.figure, typed.field);
    let message = message!(
        found, size, evidence, meant, cause;
        "{label} ghi {found}, {size} {evidence}. Có phải {meant}? {cause} Nếu số đúng, đề nghị giải trình.",
        "{label} is {found}, {size} {evidence}. Is it {meant}? {cause} If it is right, please explain."
    );
    let suspect = Suspect {
        sheet: table.sheet.clone(),
        cell: typed.address,
        value: Some(found.clone()),
        suggestion: Some(meant),
        rank: 1,
        together: false,
        reason: reason(slip),
    };
    Finding::new(SIZE, class, Severity::Warning, &table.file, message)
        .of_form(table.form.id())
        .at(&table.sheet, typed.address)
        .value(Some(found))
        .suspecting(vec![suspect])
}

/// Why a suggestion is made.
pub fn reason(slip: SizeSlip) -> Message {
    Message::new(
        format!(
            "nghi nhầm dấu phân cách hoặc đơn vị tính (lệch {} số 0)",
            slip.zeros
        ),
        format!(
            "a separator or the unit of measure may be wrong (off by {} zeros)",
            slip.zeros
        ),
    )
}

/// How such a slip comes about.
fn cause(slip: SizeSlip, found: Number, field: &Field) -> Message {
    if slip.small && slip.zeros == 3 && found.abs() < Number::ONE_THOUSAND {
        // What was typed: with a dot between thousands, in either language.
        let typed = slip.meant.shown(Lang::Vi);
        return Message::new(
            format!(
                "Có thể đã gõ dấu chấm ngăn hàng nghìn ({typed}) mà Excel hiểu là dấu thập phân; hãy gõ liền các chữ số."
            ),
            "A dot typed between thousands may have been read by Excel as a decimal point; type the digits without separators.",
        );
    }
    match &field.unit {
        Some(measure) => Message::new(
            format!("Có thể đã nhầm đơn vị tính; biểu này tính bằng {measure}."),
            format!("The unit of measure may be wrong; this form counts in {measure}."),
        ),
        None => Message::new(
            "Có thể đã nhầm đơn vị tính hoặc thừa, thiếu nhóm số 0.",
            "The unit of measure may be wrong, or a group of zeros too many or missing.",
        ),
    }
}

/// Many figures of one table that slipped the same way are one mistake, reported at the first.
pub fn fold(found: Vec<(SizeSlip, Finding)>) -> Vec<Finding> {
    let same = |a: &(SizeSlip, Finding), b: &(SizeSlip, Finding)| {
        (a.0.zeros, a.0.small, &a.1.file, &a.1.sheet)
            == (b.0.zeros, b.0.small, &b.1.file, &b.1.sheet)
    };
    let mut folded = Vec::new();
    let mut groups: Vec<Vec<(SizeSlip, Finding)>> = Vec::new();
    for one in found {
        match groups.iter_mut().find(|group| same(&group[0], &one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for mut group in groups {
        if group.len() <= TOLD_APART {
            folded.extend(group.into_iter().map(|(_, finding)| finding));
            continue;
        }
        group.sort_by_key(|(_, finding)| finding.cell);
        let others: Vec<String> = group[1..]
            .iter()
            .filter_map(|(_, finding)| finding.cell.map(|cell| cell.to_string()))
            .collect();
        // All of them slipped: they are no alternatives to one another.
        let suspects: Vec<Suspect> = group
            .iter()
            .flat_map(|(_, finding)| finding.review.suspects.clone())
            .take(MOST_SUSPECTS)
            .zip(1..)
            .map(|(suspect, rank)| Suspect { rank, ..suspect })
            .collect();
        let (_, first) = group.swap_remove(0);
        let listed = others[..others.len().min(MOST_SUSPECTS)].join(", ");
        let more = match others.len() > MOST_SUSPECTS {
            true => "...",
            false => "",
        };
        let message = Message::new(
            format!(
                " {} ô khác của biểu cũng lệch như vậy ({listed}{more}).",
                others.len()
            ),
            format!(
                " {} other cells of the form are off in the same way ({listed}{more}).",
                others.len()
            ),
        );
        folded.push(first.adding(&message).suspecting(suspects));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Form;
    use proptest::prelude::*;
    use rust_decimal::dec;

    const DEFAULT: SizeLimits = SizeLimits {
        factor: 3,
        least: 500,
    };

    fn field(kind: &str) -> Field {
        let text = format!(
            "id = \"abc\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"fixed\"\nlabel = \"l\"\n\
             [[column]]\nid = \"so\"\nlabel = \"Số\"\ntype = \"{kind}\"\n[[row]]\nid = \"a\"\nlabel = \"A\"\n"
        );
        Form::parse("abc.toml", &text)
            .unwrap()
            .field(Some(0), 0)
            .unwrap()
            .clone()
    }

    fn meant(found: Number, last: Number) -> Option<Number> {
        near(found, last, &field("count"), DEFAULT).map(|slip| slip.meant)
    }

    #[test]
    fn two_thousand_stored_as_two_is_seen_by_last_periods_size() {
        assert_eq!(meant(dec!(2), dec!(1950)), Some(dec!(2000)));
        assert_eq!(meant(dec!(75000), dec!(78)), Some(dec!(75)));
        assert_eq!(meant(dec!(75000000), dec!(78)), Some(dec!(75)));
        assert_eq!(meant(dec!(1), dec!(1200000)), Some(dec!(1000000)));
    }

    #[test]
    fn small_counts_that_grew_are_no_slip() {
        assert_eq!(meant(dec!(2900), dec!(3)), None, "2,9 is no count");
        assert_eq!(meant(dec!(3), dec!(400)), None, "below the least size");
        assert_eq!(meant(dec!(2), dec!(9000)), None, "2.000 is not near 9.000");
        assert_eq!(meant(dec!(0), dec!(9000)), None, "0 stays 0");
        assert_eq!(meant(dec!(1950), dec!(2000)), None);
    }

    #[test]
    fn money_in_dong_need_not_be_whole_millions() {
        let slip = near(
            dec!(64379123456),
            dec!(60000),
            &field("amount"),
            SizeLimits {
                factor: 2,
                least: 1,
            },
        );
        assert_eq!(slip.map(|slip| slip.meant), Some(dec!(64379)));
    }

    proptest! {
        /// A slip of any count is found given the true figure, and undone exactly.
        #[test]
        fn what_slipped_is_told_back(n in 1u64..100_000, zeros in prop::sample::select(vec![3u32, 6]), small: bool) {
            let power = Number::from(10u64.pow(zeros));
            let (found, meant) = match small {
                true => (Number::from(n), Number::from(n) * power),
                false => (Number::from(n) * power, Number::from(n)),
            };
            let slip = near(found, meant, &field("count"), DEFAULT);
            prop_assert_eq!(slip, Some(SizeSlip { zeros, small, meant }));
        }

        /// A figure within thirty times of last period's is none, whatever is declared.
        #[test]
        fn ordinary_changes_are_no_slips(last in 1u64..1_000_000, now in 1u64..1_000_000, factor in 1u32..=30) {
            prop_assume!(now < last * 30 && last < now * 30);
            let size = SizeLimits { factor, least: 1 };
            prop_assert_eq!(near(now.into(), last.into(), &field("count"), size), None);
        }
    }
}
