//! Soft edit: amounts of money too large to be meant in the form's unit of measure, such as đồng
//! typed into a form that counts in triệu đồng. Needs neither last period nor other units.

use super::typed::Typed;
use crate::model::value::message;
use crate::model::{Class, Finding, Message, Number, Severity, Suspect, Value};
use crate::rules::page::Page;
use crate::rules::scope::{UnitTables, cell_label};
use crate::schema::checks::LargeLimits;
use crate::schema::evaluate::round;
use crate::text::measure::dong;

/// Id of the finding.
pub const LARGE: &str = "so-tien-lon-khac-thuong";

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số tiền lớn khác thường",
    rules: &[(LARGE, "cảnh báo")],
    what: "Hỏi lại số tiền lớn đến mức khó có thể đúng theo đơn vị tính của biểu: từ 1.000 tỷ đồng trở lên ở biểu tính \
           bằng nghìn đồng, triệu đồng; từ 1 triệu tỷ đồng trở lên ở biểu tính bằng tỷ đồng. Chỉ xét số đơn vị tự gõ, \
           khi kỳ trước chưa cho biết số ấy cỡ nào. Các số khác của biểu đi cùng như vậy thì kể chung.",
    why: "Ghi 12.500.000 (đồng) vào cột tính bằng triệu đồng thì mọi phép cộng vẫn đúng; không có kỳ trước và đơn vị \
          cùng loại để so thì số sai gấp triệu lần vào thẳng báo cáo.",
    parameters: "`checks.large` ở đầu biểu, hoặc ở một cột, một dòng:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không |\n\
                 | `most` | theo đơn vị tính | số lớn nhất không phải hỏi, tính bằng đơn vị tính của biểu; có khai thì xét cả số không phải là tiền |\n\n\
                 ```toml\n[checks]\nlarge = { most = 50000 }\n```",
    example: "Biểu tính bằng triệu đồng, kinh phí một buổi hội thảo ghi 8.400.000, tức 8.400 tỷ đồng: có phải 8,4?",
    clerk: "Cán bộ xem lại có ghi nhầm bằng đồng không; nếu số đúng thì ghi lý do.",
};

/// Most cells that a finding names.
const MOST_NAMED: usize = 12;

/// Of a figure that is not money, only a declared limit says that it is large.
struct Amount {
    /// Đồng in one of the unit of measure; `None` if it is no money.
    dong: Option<Number>,
    most: Number,
}

/// What is asked of a figure; `None` if nothing is.
fn amount(typed: &Typed<'_>) -> Option<Amount> {
    let LargeLimits { most } = typed.checks.large?;
    let dong = typed.field.measure.as_deref().and_then(dong);
    let dong = dong.filter(|dong| *dong >= Number::ONE_THOUSAND);
    let most = match (most, dong) {
        (Some(most), _) => Number::from(most),
        (None, dong) => plausible(dong?)?,
    };
    Some(Amount { dong, most })
}

/// Where figures begin that no unit means: 1.000 tỷ đồng, of tỷ đồng a thousand times that.
fn plausible(dong: Number) -> Option<Number> {
    let million = Number::from(1_000_000u64);
    let thousand_billions = million.checked_mul(million)?;
    let bound = thousand_billions.max(million.checked_mul(dong)?);
    bound.checked_div(dong)?.checked_sub(Number::ONE)
}

/// The finding about the figures of one table that are too large, if any are; `typed` are its
/// figures.
pub fn check(unit: &UnitTables<'_>, typed: &[Typed<'_>]) -> Option<Finding> {
    let asked = typed.iter().filter_map(|one| Some((one, amount(one)?)));
    let asked: Vec<(&Typed<'_>, Amount)> = asked.collect();
    let is_large = |figure: Number, of: &Amount| figure.abs() > of.most;
    // Figures of this size were filed before.
    let usual = |(one, of): &(&Typed<'_>, Amount)| {
        let near = one.previous.and_then(|last| last.checked_mul(Number::TEN));
        near.is_some_and(|last| is_large(last, of))
    };
    if asked.iter().any(usual) {
        return None;
    }
    let known = |one: &Typed<'_>| one.previous.is_some_and(|last| !last.is_zero());
    let large = asked.iter();
    let mut large = large.filter(|(one, of)| !known(one) && is_large(one.figure, of));
    let (first, of) = large.next()?;
    let also = asked.iter().filter(|(one, other)| {
        let alike = other.dong == of.dong && !known(one) && one.at != first.at;
        alike && (is_large(one.figure, other) || is_in_dong(one.figure, other))
    });
    let also: Vec<&Typed<'_>> = also.map(|(one, _)| *one).collect();
    Some(finding(unit, first, of, &also))
}

/// May a figure beside one in đồng be in đồng, too, though it is not too large by itself?
fn is_in_dong(figure: Number, of: &Amount) -> bool {
    let least = of
        .dong
        .and_then(|dong| dong.checked_div(Number::ONE_HUNDRED));
    least.is_some_and(|least| figure.abs() >= least) && (figure % Number::ONE_THOUSAND).is_zero()
}

/// What was meant if a figure was typed in đồng.
fn in_dong(typed: &Typed<'_>, of: &Amount) -> Option<Value> {
    let field = typed.field;
    let meant = typed.figure.checked_div(of.dong?)?;
    let meant = round(meant, field.decimals, field.rounding).normalize();
    (!meant.is_zero()).then_some(Value::Number(meant))
}

fn finding(unit: &UnitTables<'_>, first: &Typed<'_>, of: &Amount, also: &[&Typed<'_>]) -> Finding {
    let table = &unit.tables[first.at.table];
    let suspect = |(rank, one): (usize, &&Typed<'_>)| {
        Some(Suspect {
            sheet: table.sheet.clone(),
            cell: one.address,
            value: Some(Value::Number(one.figure)),
            suggestion: Some(in_dong(one, of)?),
            rank: rank + 1,
            together: false,
            reason: Message::new("nghi ghi bằng đồng", "it may have been typed in đồng"),
        })
    };
    let all: Vec<&Typed<'_>> = std::iter::once(first).chain(also.iter().copied()).collect();
    let suspects = all.iter().take(MOST_NAMED).enumerate();
    Finding::new(
        LARGE,
        Class::Rule,
        Severity::Warning,
        &table.file,
        said(unit, first, of, also),
    )
    .of_form(table.form.id())
    .at(&table.sheet, first.address)
    .value(Some(Value::Number(first.figure)))
    .suspecting(suspects.filter_map(suspect).collect())
}

fn said(unit: &UnitTables<'_>, first: &Typed<'_>, of: &Amount, also: &[&Typed<'_>]) -> Message {
    let label = cell_label(first.at, unit);
    let found = Value::Number(first.figure);
    let billion = Number::from(1_000_000_000u64);
    let whole = |dong: Number| first.figure.checked_mul(dong)?.checked_div(billion);
    let whole = of
        .dong
        .and_then(whole)
        .map(|n| Value::Number(n.normalize()));
    let measure = first.field.measure.as_deref().unwrap_or_default();
    let mut said = match (whole, in_dong(first, of)) {
        (Some(whole), Some(meant)) => message!(
            found, whole, meant;
            "{label} ghi {found} {measure}, tức {whole} tỷ đồng, lớn khác thường. Có phải đã ghi bằng đồng, đúng ra là {meant} {measure}?",
            "{label} is {found} {measure}, which is {whole} billion đồng, unusually large. Was it typed in đồng, for {meant} {measure}?"
        ),
        _ => {
            let most = Value::Number(of.most);
            message!(
                found, most;
                "{label} ghi {found}, lớn hơn mức {most} mà biểu đặt để hỏi lại. Hãy xem có thừa chữ số hay nhầm đơn vị tính không.",
                "{label} is {found}, more than the {most} from which the form asks. See whether there are digits too many or the unit of measure is wrong."
            )
        }
    };
    if !also.is_empty() {
        let named: Vec<String> = also.iter().map(|one| one.address.to_string()).collect();
        let count = named.len();
        let more = if count > MOST_NAMED { "..." } else { "" };
        let listed = named[..count.min(MOST_NAMED)].join(", ");
        said.vi += &format!(" {count} ô khác của biểu cũng vậy ({listed}{more}).");
        said.en += &format!(" So are {count} other cells of the form ({listed}{more}).");
    }
    said.vi += " Nếu số đúng, đề nghị giải trình.";
    said.en += " If it is right, please explain.";
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Allowance;
    use crate::rules::check_unit;
    use crate::rules::testing::{form, table, unit};

    fn found(measure: &str, figures: &[&str]) -> Vec<Finding> {
        let rest = format!(
            "[[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"kp\"\nlabel = \"Kinh phí\"\ntype = \"amount\"\ndecimals = 1\nunit = \"{measure}\"\n"
        );
        let form = form("abc", "free", &rest);
        let rows: Vec<[&str; 2]> = figures.iter().map(|figure| ["x", *figure]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 2]>::as_slice).collect();
        let tables = [table(&form, &rows)];
        let found = check_unit(&unit(&tables), &Allowance::default()).findings;
        found.into_iter().filter(|one| one.rule == LARGE).collect()
    }

    #[test]
    fn dong_in_a_form_of_millions_is_asked_about_without_last_period_and_peers() {
        let asked = found("triệu đồng", &["12500000", "8400000", "500000"]);
        assert_eq!(asked.len(), 1);
        let vi = &asked[0].message.vi;
        assert!(
            vi.contains("12.500 tỷ đồng") && vi.contains("12,5 triệu đồng"),
            "{vi}"
        );
        assert!(vi.contains("2 ô khác"), "{vi}");
        let one = found("triệu đồng", &["12.5", "8400000", "15.3"]);
        assert_eq!(one[0].review.suspects.len(), 1);
        assert_eq!(one[0].value, Some(Value::Number(Number::from(8_400_000))));
    }

    #[test]
    fn amounts_that_a_budget_holds_are_not_asked_about() {
        for (measure, figures) in [
            ("triệu đồng", ["812345", "300000", "12.5"]),
            ("nghìn đồng", ["12500000", "8400000", "950000000"]),
            ("tỷ đồng", ["15000", "220000", "1.5"]),
            ("đồng", ["12500000000", "8400000", "15300000"]),
            ("ha", ["12500000000", "8400000", "15300000"]),
        ] {
            assert!(found(measure, &figures).is_empty(), "{measure}");
        }
    }
}
