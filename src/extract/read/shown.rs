//! Figures whose cell shows something else than what it stores: thousands left out, digits or words
//! added by the number format, nothing at all.

use crate::model::value::message;
use crate::model::{Message, Number};
use crate::schema::evaluate::round;
use crate::schema::form::Rounding;
use crate::schema::{Field, FieldType};
use crate::text::measure::{dong, foreign};
use crate::text::{fold, normalise};
use crate::workbook::FormatSection;

/// Why nobody can know whether the figure shown or the figure stored was meant.
pub(super) struct Doubt {
    /// The likelier one, if one is.
    pub(super) meant: Option<Number>,
    /// Says what the cell shows and stores.
    pub(super) message: Message,
}

impl From<Message> for Doubt {
    fn from(message: Message) -> Self {
        Doubt {
            meant: None,
            message,
        }
    }
}

/// What is doubtful about a figure in a cell that looks so. A zero looks the same in any unit of
/// measure, and formats that show it as a dash or not at all are in common use; digits in its place are
/// another figure.
pub(super) fn doubt(figure: Number, look: &FormatSection, field: &Field) -> Option<Doubt> {
    let words = look.words.trim();
    match () {
        () if figure.is_zero() => is_figure(words).then(|| hidden(figure, words).into()),
        () if !look.shows_figure => Some(hidden(figure, words).into()),
        () if look.hidden_thousands > 0 => {
            Some(without_thousands(figure, look.hidden_thousands, field))
        }
        () if look.elapsed => Some(as_time(figure).into()),
        () if look.drops_minus || look.looks_negative && figure.is_sign_positive() => {
            Some(with_other_sign(figure).into())
        }
        () if look.adds_digits => Some(with_digits(figure).into()),
        () if look.percent && field.kind != FieldType::Percent => Some(as_percent(figure)),
        () if is_other_measure(words, field) => Some(in_other_measure(figure, words, field).into()),
        () => None,
    }
}

/// Are they digits that say another figure than 0?
fn is_figure(words: &str) -> bool {
    let parts = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ');
    words.chars().all(parts) && words.contains(|c: char| matches!(c, '1'..='9'))
}

fn hidden(stored: Number, words: &str) -> Message {
    if words.is_empty() {
        return message!(
            stored;
            "Ô có số {stored} nhưng định dạng ô không cho hiện số này, nhìn vào ô như để trống. Hãy đổi định dạng ô về số thường (#.##0): số đúng thì giữ, số thừa thì xóa.",
            "The cell stores {stored}, but its number format shows nothing: it looks blank. Set an ordinary number format, then keep the figure or delete it."
        );
    }
    message!(
        stored;
        "Ô có số {stored} nhưng định dạng ô lại hiện chữ «{words}» thay cho số. Hãy đổi định dạng ô về số thường (#.##0) rồi xem lại số.",
        "The cell stores {stored}, but its number format shows \"{words}\" instead. Set an ordinary number format, then check the figure."
    )
}

/// 2.500.000 that the sheet shows as 2.500.
fn without_thousands(stored: Number, hidden: u32, field: &Field) -> Doubt {
    let thousands =
        (0..hidden).try_fold(stored, |shown, _| shown.checked_div(Number::ONE_THOUSAND));
    let exact = thousands.map_or(stored, |shown| shown.normalize());
    let digits = hidden * 3;
    if field.kind == FieldType::Count {
        // What is counted is whole, whatever the cell shows, and has no unit of measure to go by.
        let shown = round(exact, 0, Rounding::HalfUp);
        return Doubt {
            meant: Some(exact).filter(Number::is_integer),
            message: message!(
                stored, shown;
                "Định dạng ô ẩn {digits} chữ số cuối nên ô hiện {shown}, còn số lưu trong ô là {stored}. Hãy đổi định dạng ô về số thường (#.##0), xem số hiện ra có đúng không; sai thì gõ lại.",
                "The cell's format hides {digits} digits: it shows {shown} and stores {stored}. Set an ordinary number format and see whether the figure is right; if not, type it again."
            ),
        };
    }
    let shown = exact;
    Doubt {
        meant: Some(exact),
        message: message!(
            stored, shown;
            "Định dạng ô ẩn {digits} chữ số cuối nên ô hiện khoảng {shown}, số lưu trong ô là {stored}. Hãy đổi định dạng ô về số thường (#.##0) rồi ghi lại đúng số theo đơn vị tính của biểu.",
            "The cell's format hides {digits} digits: it shows about {shown} and stores {stored}. Set an ordinary number format and write the figure in the form's unit of measure."
        ),
    }
}

/// 5 that the sheet shows as 5000, by `0"000"`, or 25 as 2.5, by `0"."0`.
fn with_digits(stored: Number) -> Message {
    message!(
        stored;
        "Định dạng ô thêm chữ số hoặc dấu phẩy, dấu chấm không có thật vào số, nên số nhìn thấy khác số {stored} lưu trong ô. Hãy đổi định dạng ô về số thường (#.##0) rồi ghi lại đúng số theo đơn vị tính của biểu.",
        "The cell's format adds digits or separators of its own: what it shows is not {stored}, which it stores. Set an ordinary number format and write the figure in the form's unit of measure."
    )
}

/// 15,5 that the sheet shows as -15,5 or (15,5), or the other way round.
fn with_other_sign(stored: Number) -> Message {
    let (seen, seen_en) = match stored.is_sign_positive() {
        true => (
            "số âm (có dấu trừ hoặc nằm trong ngoặc đơn)",
            "as if below 0",
        ),
        false => ("số dương (không có dấu trừ)", "without its minus sign"),
    };
    message!(
        stored;
        "Định dạng ô hiện số này như {seen}, còn số lưu trong ô là {stored}. Hãy đổi định dạng ô về số thường (#.##0), xem số hiện ra có đúng dấu không; sai thì gõ lại.",
        "The cell's format shows this figure {seen_en}; it stores {stored}. Set an ordinary number format and see whether the sign is right; if not, type it again."
    )
}

/// 3.259 that the sheet shows as 78216:00.
fn as_time(stored: Number) -> Message {
    message!(
        stored;
        "Ô định dạng giờ nên hiện số giờ và phút, còn số lưu trong ô là {stored}. Hãy đổi định dạng ô về số thường (#.##0), xem số hiện ra có đúng không; sai thì gõ lại.",
        "The cell is formatted as a time: it shows hours and minutes and stores {stored}. Set an ordinary number format and see whether the figure is right; if not, type it again."
    )
}

/// 5 that the sheet shows as 500%.
fn as_percent(stored: Number) -> Doubt {
    let shown = stored.checked_mul(Number::ONE_HUNDRED);
    let shown = shown.map_or(
        Message::new("", ""),
        |shown| message!(shown; " {shown}%", " {shown}%"),
    );
    Doubt {
        meant: Some(stored),
        message: message!(
            shown, stored;
            "Ô định dạng phần trăm nên hiện{shown}, số lưu trong ô là {stored}; chỉ tiêu này không phải tỷ lệ. Hãy đổi định dạng ô về số thường rồi xem lại số.",
            "The cell is formatted as a percentage: it shows{shown} and stores {stored}; this indicator is no percentage. Give the cell a plain number format, then check the figure."
        ),
    }
}

/// 9 that the sheet shows as «9 đồng» where the form counts in millions.
fn in_other_measure(stored: Number, words: &str, field: &Field) -> Message {
    let of_form = field
        .measure
        .as_deref()
        .map_or(Message::new("", ""), |unit| {
            Message::new(
                format!(", còn đơn vị tính của biểu là {unit}"),
                format!("; the form's unit of measure is {unit}"),
            )
        });
    message!(
        stored, of_form;
        "Ô hiện số {stored} kèm chữ «{words}»{of_form}: không rõ số tính theo đơn vị nào. Hãy đổi định dạng ô về số thường (#.##0) rồi ghi lại đúng số theo đơn vị tính của biểu.",
        "The cell shows {stored} with the words \"{words}\"{of_form}. Set an ordinary number format and write the figure in the form's unit of measure."
    )
}

/// Does the number format name another unit of measure than the field's?
fn is_other_measure(words: &str, field: &Field) -> bool {
    let unit = field.measure.as_deref().unwrap_or_default();
    // «trăm», «chục học sinh»
    let first = normalise(words);
    let first = first.split(' ').next().unwrap_or_default();
    if ["chục", "trăm", "vạn"].contains(&first) && !normalise(unit).starts_with(first) {
        return true;
    }
    if let Some(shown) = foreign(words) {
        let of_percent = shown == "%" && field.kind == FieldType::Percent;
        return !of_percent && foreign(unit) != Some(shown);
    }
    let Some(shown) = dong(words) else {
        return false;
    };
    match dong(unit) {
        Some(own) => shown != own,
        // What is no money may be counted in thousands, and says so.
        None => shown != Number::ONE && !fold(unit).starts_with(fold(words).trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Form;
    use crate::workbook::CellStyle;

    fn asked(format: &str, figure: u32, kind: &str, unit: &str) -> bool {
        let text = format!(
            "id = \"a\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"free\"\n\
             [[column]]\nid = \"k\"\nlabel = \"K\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"v\"\nlabel = \"V\"\ntype = \"{kind}\"\nunit = \"{unit}\"\n"
        );
        let form = Form::parse("test", &text).unwrap();
        let style = CellStyle {
            number_format: Some(format.into()),
            ..CellStyle::default()
        };
        let field = form.field(None, 1).unwrap();
        doubt(figure.into(), &style.shown(f64::from(figure)), field).is_some()
    }

    #[test]
    fn a_cell_that_shows_another_figure_than_it_stores_is_a_question() {
        let amount = |format| asked(format, 9, "amount", "triệu đồng");
        for format in [
            "#,##0,",
            "0\"000\"",
            ";;;",
            "\"đã nộp\"",
            "#,##0\" đồng\"",
            "#,##0.000\" tỷ\"",
            "0\" nghìn đồng\"",
            "#,##0 \"₫\"",
            "[$₫-42A] #,##0",
            "0%",
        ] {
            assert!(amount(format), "{format}");
        }
        for format in [
            "General",
            "#,##0",
            "#,##0.00",
            "0\" triệu đồng\"",
            "#,##0\" tr.đ\"",
            "General\" (x)\"",
            "_-* #,##0_-;-* #,##0_-;_-* \"-\"??_-",
            "[>=1000000]0.0,,\"M\";0",
            "#,##0;[Red]-#,##0",
        ] {
            assert!(!amount(format), "{format}");
        }
        assert!(!asked(";;;", 0, "amount", "triệu đồng"));
        assert!(!asked("0;-0;\"-\"", 0, "amount", "triệu đồng"));
        assert!(!asked("0;-0;\"0\"", 0, "amount", "triệu đồng"));
        assert!(!asked("0;-0;0\" m2\"", 0, "amount", "m2"));
        assert!(asked("0;-0;\"450\"", 0, "amount", "triệu đồng"));
        // Units of measure other than money.
        assert!(asked("0\" nghìn\"", 9, "count", "người"));
        assert!(asked("0\" trăm\"", 9, "count", "người"));
        assert!(!asked("0\" trạm\"", 9, "count", "trạm"));
        assert!(!asked("0\" người\"", 9, "count", "người"));
        assert!(!asked("0\" nghìn\"", 9, "count", "nghìn người"));
        assert!(!asked("0\" m2\"", 9, "count", "m2"));
        assert!(!asked("0%", 9, "percent", "%"));
    }

    #[test]
    fn foreign_currencies_and_short_sizes_in_a_format_are_a_question() {
        for format in [
            "#,##0.00\" USD\"",
            "[$$-409]#,##0",
            "[$¥-411]#,##0",
            "#,##0.00 \"€\"",
            "\"$\"#,##0_);\\(\"$\"#,##0\\)",
            "#,##0\"K\"",
            "#,##0.0\"M\"",
            "0‰",
            "0.0\"%\"",
        ] {
            assert!(asked(format, 9, "amount", "triệu đồng"), "{format}");
        }
        assert!(asked("0\"‰\"", 9, "percent", "%"));
        assert!(asked("0\\%", 9, "count", "người"));
        assert!(!asked("0\\%", 9, "percent", "%"));
        assert!(!asked("[$$-409]#,##0", 9, "amount", "nghìn USD"));
        assert!(!asked("0\" km\"", 9, "amount", "km"));
    }

    #[test]
    fn a_figure_shown_with_another_sign_or_as_a_time_is_a_question() {
        for format in ["(#,##0)", "-#,##0", "[h]:mm"] {
            assert!(asked(format, 9, "amount", "triệu đồng"), "{format}");
        }
        assert!(!asked("#,##0_);(#,##0)", 9, "amount", "triệu đồng"));
    }

    #[test]
    fn a_count_that_hides_thousands_may_be_right_as_it_is_stored() {
        let asked = |figure: u32| {
            let text = "id = \"a\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"free\"\n\
                        [[column]]\nid = \"k\"\nlabel = \"K\"\ntype = \"text\"\nkey = true\n\
                        [[column]]\nid = \"v\"\nlabel = \"V\"\ntype = \"count\"\n";
            let form = Form::parse("test", text).unwrap();
            let style = CellStyle {
                number_format: Some("#,##0,".into()),
                ..CellStyle::default()
            };
            let look = style.shown(f64::from(figure));
            doubt(figure.into(), &look, form.field(None, 1).unwrap()).unwrap()
        };
        let odd = asked(36_122);
        assert_eq!(odd.meant, None, "36,122 people are not counted");
        assert!(
            odd.message
                .vi
                .contains("hiện 36, còn số lưu trong ô là 36.122")
        );
        assert_eq!(asked(36_000).meant, Some(36.into()));
    }
}
