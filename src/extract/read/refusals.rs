//! What is wrong with a cell, in words: what it says, what is needed, what to do.

use super::reading::{CellProblem, CellReading, problem};
use super::shares::BARE_SHARE;
use crate::model::value::{echoed, message};
use crate::model::{Class, Message, Number, Severity, Value};
use crate::schema::field::MAX_DECIMALS;
use crate::schema::form::Rounding;
use crate::schema::rule::exact::round;
use crate::schema::{Field, FieldType, Meaning};
use crate::workbook::FormatSection;

pub(super) fn formula_error(code: &str, field: &Field) -> CellReading {
    let code = echoed(code);
    let none = match field.ratio {
        Some(_) => " Mẫu số bằng 0 thì để trống.",
        None => "",
    };
    let message = match code.is_empty() {
        true => Message::new(
            "Tệp ghi ô này là số nhưng không ghi số nào. Hãy gõ lại số vào ô rồi lưu tệp.",
            "The file says that the cell holds a number, and gives none. Type the figure and save the file.",
        ),
        false => Message::new(
            format!("Ô có công thức bị lỗi {code}. Hãy sửa công thức hoặc gõ số vào ô.{none}"),
            format!("The cell's formula gives {code}. Mend the formula or type the figure."),
        ),
    };
    let found = (!code.is_empty()).then_some(Value::Text(code));
    problem("o-loi-cong-thuc", Class::Parse, found, None, message)
}

/// How a cell holds its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldAs {
    /// As the result of a formula.
    Formula,
    /// As a number that was typed.
    Number,
    /// As text.
    Text,
}

/// A figure below zero. What a cell computes follows others, so no other figure is suggested
/// there: the mistake is in one of those, unless it was typed over the formula.
pub(super) fn below_zero(figure: Number, field: &Field, source: HeldAs) -> CellReading {
    let shown = Value::Number(figure);
    let (meant, message) = if field.computed && source != HeldAs::Formula {
        let message = message!(
        shown;
        "Số {shown} gõ vào ô này nhỏ hơn 0, chỉ tiêu này không thể âm. Trong mẫu ô này tự tính bằng công thức: hãy sửa số, hoặc chép lại công thức từ mẫu.",
        "The typed figure, {shown}, is below zero; this indicator cannot be. The template computes this cell by a formula: correct the figure, or copy the formula from the template."
        );
        (None, message)
    } else if field.computed {
        let message = message!(
        shown;
        "Số tính được là {shown}, nhỏ hơn 0; chỉ tiêu này không thể âm. Hãy xem lại các ô dùng để tính ra nó.",
        "The result, {shown}, is below zero; this indicator cannot be. Check the cells it is computed from."
        );
        (None, message)
    } else {
        let message = message!(
        shown;
        "Số {shown} nhỏ hơn 0, chỉ tiêu này không thể âm.",
        "{shown} is below zero; this indicator cannot be."
        );
        (Some(Value::Number(-figure)), message)
    };
    problem("so-am", Class::Type, Some(shown), meant, message)
}

pub(super) fn share_in_percent(figure: Number) -> CellReading {
    let meant = (figure * Number::ONE_HUNDRED).normalize();
    problem(
        BARE_SHARE,
        Class::Parse,
        Some(Value::Number(figure)),
        Some(Value::Number(meant)),
        message!(
            figure, meant;
            "Ô tỷ lệ ghi {figure}: là {figure}% hay {meant}%? Hãy ghi theo phần trăm, ví dụ {meant}.",
            "The percentage says {figure}: {figure}% or {meant}%? Write it per hundred, for example {meant}."
        ),
    )
}

/// 3.259 typed on a machine with English settings is the number three and a bit.
pub(super) fn fraction_in_count(figure: Number) -> CellReading {
    let thousandfold = figure * Number::ONE_THOUSAND;
    // Less than 1 is no group of thousands: 0,5 is a half.
    let one_group = (Number::ONE..Number::ONE_THOUSAND).contains(&figure.abs());
    let meant =
        (one_group && thousandfold.is_integer()).then(|| Value::Number(thousandfold.normalize()));
    let message = match &meant {
        Some(meant) => message!(
            figure, meant;
            "Ô ghi {figure}, không phải số nguyên. Chỉ tiêu này đếm số lượng nên phải là số nguyên. Nghi gõ nhầm dấu phân cách: có phải {meant} không? Hãy gõ liền các chữ số, không gõ dấu chấm.",
            "The cell says {figure}, which is not a whole number. This indicator is a count and must be one. A separator may have slipped: is it {meant}? Type the digits without separators."
        ),
        None => message!(
            figure;
            "Ô ghi {figure}, không phải số nguyên. Chỉ tiêu này đếm số lượng nên phải là số nguyên. Hãy kiểm tra lại.",
            "The cell says {figure}, which is not a whole number. This indicator is a count and must be one. Check the figure."
        ),
    };
    problem(
        "so-le-trong-o-dem",
        Class::Type,
        Some(Value::Number(figure)),
        meant,
        message,
    )
}

/// A count that the cell shows as 12 and stores as 12,4: which of them is meant is for the unit to
/// say. Three decimals may be thousands parted by a dot on a machine with English settings.
pub(super) fn rounded_count(
    figure: Number,
    look: &FormatSection,
    field: &Field,
) -> Option<CellReading> {
    let decimals = look.decimals.filter(|_| field.kind == FieldType::Count)?;
    let shown = round(figure, decimals, Rounding::HalfUp).normalize();
    if figure.is_integer() || figure.scale() == 3 || shown == figure {
        return None;
    }
    Some(problem(
        "so-le-trong-o-dem",
        Class::Type,
        Some(Value::Number(figure)),
        None,
        message!(
            shown, figure;
            "Ô hiện {shown}, còn số lưu trong ô là {figure}, không phải số nguyên. Chỉ tiêu này đếm số lượng nên phải là số nguyên. Hãy bấm vào ô, xem số nào đúng rồi gõ lại số đó.",
            "The cell shows {shown} and stores {figure}, which is not a whole number. This indicator is a count and must be one. See which of them is right and type it."
        ),
    ))
}

pub(super) fn too_many_decimals(figure: Number, field: &Field) -> CellReading {
    let (scale, taken) = (figure.scale(), field.decimals);
    let holdable = scale <= MAX_DECIMALS;
    let value = Value::Number(figure);
    CellReading::Problem(Box::new(CellProblem {
        rule: "nhieu-chu-so-thap-phan",
        class: Class::Type,
        severity: if holdable {
            Severity::Warning
        } else {
            Severity::Error
        },
        found: Some(value.clone()),
        suggestion: None,
        message: message!(
            value;
            "Ô ghi {value}, có {scale} chữ số sau dấu phẩy; biểu chỉ lấy {taken}. Hãy kiểm tra đơn vị tính và số liệu.",
            "The cell says {value}, with {scale} decimals; the form takes {taken}. Check the unit of measure and the figure."
        ),
        usable: holdable.then_some(value),
    }))
}

/// A double that is no figure: infinite, none at all, or of more than 28 digits.
pub(super) fn no_figure(double: f64) -> CellReading {
    if double.is_finite() {
        return unholdable(Value::Text(format!("{double:e}")));
    }
    problem(
        "so-qua-lon",
        Class::Type,
        None,
        None,
        Message::new(
            "Giá trị trong ô không phải là số, hoặc lớn hơn mọi số mà Excel giữ được. Hãy gõ lại số vào ô.",
            "The value in the cell is no number, or is beyond every number a spreadsheet holds. Type the figure.",
        ),
    )
}

pub(super) fn unholdable(found: Value) -> CellReading {
    problem(
        "so-qua-lon",
        Class::Type,
        Some(found.clone()),
        None,
        message!(
        found;
        "Số {found} quá lớn hoặc không phải là số; Excel không giữ được đúng. Hãy kiểm tra đơn vị tính.",
        "{found} is beyond what a spreadsheet holds exactly. Check the unit of measure."
        ),
    )
}

pub(super) fn ambiguous(text: &str, likely: Number) -> CellReading {
    let text = echoed(text);
    let likely = Value::Number(likely);
    problem(
        "so-khong-ro",
        Class::Parse,
        Some(Value::Text(text.clone())),
        Some(likely.clone()),
        message!(
        likely;
        "Ô ghi «{text}», không rõ dấu phẩy hay dấu chấm là phần nghìn hay phần lẻ. Có phải {likely} không? Hãy gõ liền các chữ số.",
        "`{text}` can be read in two ways. Is it {likely}? Type the digits without separators."
        ),
    )
}

/// A figure in a cell that was given the format of dates: typed again, it would be a date again.
fn figure_as_date(found: Value, wanted: &str, wanted_en: &str) -> CellReading {
    problem(
        "sai-kieu-du-lieu",
        Class::Type,
        Some(found.clone()),
        None,
        message!(
        found;
        "Ô hiện ngày «{found}» vì đang định dạng ngày, ở đây cần {wanted}. Hãy đổi định dạng ô sang số (Định dạng ô → Số) rồi xem số hiện ra có đúng không; sai thì gõ lại.",
        "The cell shows the date `{found}`, because its format is a date's; what is needed here is {wanted_en}. Give the cell a number format, then see whether the figure is right; if not, type it again."
        ),
    )
}

/// The value is of another sort than the field.
pub(super) fn wrong_type(found: Value, field: &Field) -> CellReading {
    let (wanted, wanted_en) = match field.kind {
        FieldType::Count => ("một số nguyên, ví dụ 3259", "a whole number, such as 3259"),
        FieldType::Amount | FieldType::Ratio => ("một số", "a figure"),
        FieldType::Percent => (
            "một tỷ lệ phần trăm, ví dụ 53,22",
            "a percentage, such as 53.22",
        ),
        FieldType::Date => (
            "ngày/tháng/năm, ví dụ 08/9/2025",
            "a date as day/month/year, such as 08/9/2025",
        ),
        FieldType::Flag => ("đánh dấu «x» hoặc để trống", "the mark `x`, or nothing"),
        FieldType::Choice => ("một trong các lựa chọn", "one of the choices"),
        FieldType::Text | FieldType::Code => ("chữ", "text"),
    };
    let (none, none_en) = match (field.kind.is_numeric(), field.blank) {
        (true, _) if field.ratio.is_some() => (
            " Mẫu số bằng 0 thì để trống.",
            " Leave it blank where the denominator is 0.",
        ),
        (true, Meaning::Nothing) => (
            " Không có thì để trống.",
            " Leave it blank if there is none.",
        ),
        (true, _) => (
            " Nếu không phát sinh, hãy ghi 0.",
            " Write 0 if there is none.",
        ),
        (false, _) => ("", ""),
    };
    if let (Value::Date(_), true) = (&found, field.kind.is_numeric()) {
        return figure_as_date(found, wanted, wanted_en);
    }
    problem(
        "sai-kieu-du-lieu",
        Class::Type,
        Some(found.clone()),
        None,
        message!(
        found;
        "Ô ghi «{found}», ở đây cần {wanted}.{none}",
        "The cell says `{found}`; what is needed here is {wanted_en}.{none_en}"
        ),
    )
}
