//! One palette and a small set of named formats; nothing else in `write` makes a colour.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatPattern, FormatUnderline};

use crate::model::Severity;
use crate::schema::{Field, FieldType};

/// Font of official papers (Nghị định 30/2020/NĐ-CP).
pub const FONT: &str = "Times New Roman";
/// Height of a line of the house font, in points.
pub const LINE_HEIGHT: f64 = 15.75;

const HEADER_FILL: Color = Color::RGB(0x00DC_E6F1);
const KIND_FILL: Color = Color::RGB(0x00DD_EBDA);
const GROUP_FILL: Color = Color::RGB(0x00F1_F6EF);
const TOTAL_FILL: Color = Color::RGB(0x00FF_F2CC);
const ABSENT_FILL: Color = Color::RGB(0x00D9_D9D9);
const ERROR_FILL: Color = Color::RGB(0x00FA_DBD8);
const WARNING_FILL: Color = Color::RGB(0x00FD_EBC8);
const INFO_FILL: Color = Color::RGB(0x00E4_EEF8);
const GOOD_FILL: Color = Color::RGB(0x00E2_F0D9);
const ALARM: Color = Color::RGB(0x00B0_1E1E);
const QUIET: Color = Color::RGB(0x0059_5959);
const LINK: Color = Color::RGB(0x0005_63C1);
const RULE: Color = Color::RGB(0x007F_7F7F);
const LOCKED_FILL: Color = Color::RGB(0x00F2_F2F2);

/// Colours of what was received, returned, missing in charts.
pub const STANDING: [Color; 3] = [
    Color::RGB(0x0070_AD47),
    Color::RGB(0x00C0_504D),
    Color::RGB(0x00F2_B134),
];

/// Colours of what has risen and fallen in charts.
pub const RISEN: Color = Color::RGB(0x0044_72C4);
pub const FALLEN: Color = Color::RGB(0x00C5_5A11);

/// The house font, plain.
pub fn base() -> Format {
    Format::new()
        .set_font_name(FONT)
        .set_font_size(12)
        .set_font_family(1)
}

/// Words centred in their cell, wrapped.
pub fn centred() -> Format {
    base()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// Quốc hiệu, names of offices, the title: bold and centred.
pub fn heading() -> Format {
    centred().set_bold()
}

/// Tiêu ngữ: bold, ruled below.
pub fn motto() -> Format {
    heading()
        .set_font_size(13)
        .set_underline(FormatUnderline::Single)
}

/// Title of a table or sheet.
pub fn title() -> Format {
    heading().set_font_size(13)
}

/// A line under the title: "Kỳ báo cáo: ...".
pub fn subtitle() -> Format {
    centred().set_italic()
}

/// A line of words.
pub fn line() -> Format {
    base().set_align(FormatAlign::VerticalCenter)
}

/// A line of words that wraps.
pub fn paragraph() -> Format {
    base().set_align(FormatAlign::Top).set_text_wrap()
}

/// "Đơn vị tính: ...", right above the table.
pub fn measure() -> Format {
    base().set_italic().set_align(FormatAlign::Right)
}

/// A note under a table.
pub fn note() -> Format {
    paragraph().set_italic()
}

/// "Số liệu tạm tính": a total that lacks units.
pub fn provisional() -> Format {
    centred()
        .set_bold()
        .set_font_color(ALARM)
        .set_background_color(WARNING_FILL)
}

/// A note that a figure lacks units.
pub fn alarm() -> Format {
    ruled(paragraph())
        .set_italic()
        .set_font_color(ALARM)
        .set_align(FormatAlign::VerticalCenter)
        .set_indent(1)
}

/// Thin rules around a cell of a table.
pub fn ruled(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(RULE)
}

/// A header cell of a table.
pub fn header() -> Format {
    ruled(heading()).set_background_color(HEADER_FILL)
}

/// A header cell of a table made for paper: no fill.
pub fn printed_header() -> Format {
    ruled(heading())
}

/// The row (1), (2), (3)... under a header.
pub fn numbering() -> Format {
    ruled(centred()).set_italic().set_font_size(11)
}

/// Words in a table.
pub fn label() -> Format {
    ruled(base())
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// Words in a table, indented by `level` levels under another row.
pub fn indented(format: Format, level: u8) -> Format {
    if level == 0 {
        format
    } else {
        format.set_indent(level)
    }
}

/// An ordinal number, a unit of measure, a code: centred in its cell.
pub fn centred_cell() -> Format {
    ruled(centred())
}

/// Number format of figures with so many decimals: Excel shows the separators of the reader's
/// language, which in Vietnam are the dot and the comma.
pub fn number_format(decimals: u32) -> String {
    match decimals {
        0 => "#,##0".to_owned(),
        decimals => {
            let zeros = usize::try_from(decimals).unwrap_or(0);
            format!("#,##0.{}", "0".repeat(zeros))
        }
    }
}

/// A figure with so many decimals.
pub fn figure(decimals: u32) -> Format {
    ruled(base())
        .set_align(FormatAlign::Right)
        .set_align(FormatAlign::VerticalCenter)
        .set_num_format(number_format(decimals))
}

/// The number format of a rounded figure that was moved by one unit so that its column adds up.
pub fn moved(decimals: u32) -> String {
    format!("{}\" *\"", number_format(decimals))
}

/// The number format of figures of `field`: with all their decimals where the form leaves open how
/// many there are.
fn format_of(field: &Field) -> String {
    match field.any_decimals {
        true => {
            let zeros = usize::try_from(field.decimals).unwrap_or(0);
            format!("#,##0.{:#<6}", "0".repeat(zeros))
        }
        false => number_format(field.decimals),
    }
}

/// The format of a cell of `field`. A percentage holds 53,22 for 53,22%, so it has no `%`.
pub fn cell(field: &Field) -> Format {
    match field.kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            figure(field.decimals).set_num_format(format_of(field))
        }
        FieldType::Text => label(),
        FieldType::Date => centred_cell().set_num_format("dd/mm/yyyy"),
        FieldType::Flag => centred_cell(),
        FieldType::Choice => centred_cell(),
        // Excel would drop the zeros of "01.0001" typed into a general cell.
        FieldType::Code => centred_cell().set_num_format("@"),
    }
}

/// A cell of a template. Its content keeps off the rule at its left or right side.
pub fn template_cell(field: &Field) -> Format {
    match field.kind {
        FieldType::Count
        | FieldType::Amount
        | FieldType::Percent
        | FieldType::Ratio
        | FieldType::Text => cell(field).set_indent(1),
        FieldType::Date | FieldType::Flag | FieldType::Choice | FieldType::Code => cell(field),
    }
}

/// A locked cell: computed, or filled in by the template.
pub fn locked(format: Format) -> Format {
    format.set_background_color(LOCKED_FILL)
}

/// How many live checks fail, at the top of a sheet; not printed.
pub fn counter() -> Format {
    line().set_bold().set_font_size(11).set_font_color(QUIET)
}

/// What a live check says.
pub fn check_result() -> Format {
    label().set_bold().set_indent(1)
}

/// A live check that fails, as a conditional format.
pub fn check_failed() -> Format {
    Format::new()
        .set_font_color(ALARM)
        .set_background_color(ERROR_FILL)
}

/// A live check that needs an explanation, as a conditional format.
pub fn check_doubted() -> Format {
    Format::new().set_background_color(WARNING_FILL)
}

/// A live check that holds, as a conditional format.
pub fn check_held() -> Format {
    Format::new()
        .set_font_color(Color::RGB(0x0037_5623))
        .set_background_color(GOOD_FILL)
}

/// "Nơi nhận:" (Nghị định 30/2020/NĐ-CP: 12, bold italic).
pub fn recipients_title() -> Format {
    line().set_bold().set_italic()
}

/// Who receives a paper (Nghị định 30/2020/NĐ-CP: 11).
pub fn recipients() -> Format {
    line().set_font_size(11)
}

/// A cell its row does not have.
pub fn absent() -> Format {
    ruled(base())
        .set_pattern(FormatPattern::Solid)
        .set_background_color(ABSENT_FILL)
}

/// A row that only heads the rows below it.
pub fn section(format: Format) -> Format {
    format.set_bold()
}

/// A heading of units of one kind, with their subtotals.
pub fn kind_row(format: Format) -> Format {
    format.set_bold().set_background_color(KIND_FILL)
}

/// A heading of units of one group, with their subtotals.
pub fn group_row(format: Format) -> Format {
    format
        .set_bold()
        .set_italic()
        .set_background_color(GROUP_FILL)
}

/// The total row.
pub fn total(format: Format) -> Format {
    format.set_bold().set_background_color(TOTAL_FILL)
}

/// A row whose figures are not in the totals.
pub fn lacking(format: Format, returned: bool) -> Format {
    let fill = if returned { ERROR_FILL } else { WARNING_FILL };
    format.set_italic().set_background_color(fill)
}

/// A total that lacks units, wherever it is.
pub fn provisional_figure(format: Format) -> Format {
    format.set_italic().set_font_color(ALARM)
}

/// A cell that leads somewhere.
pub fn linked(format: Format) -> Format {
    format
        .set_font_color(LINK)
        .set_underline(FormatUnderline::Single)
}

/// A way back, above a table.
pub fn way_back() -> Format {
    linked(base())
}

/// A figure far from the others of its column, as a conditional format.
pub fn far_off() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00F8_CBAD))
}

/// A cell left blank by a unit that filed, as a conditional format.
pub fn left_blank() -> Format {
    Format::new()
        .set_pattern(FormatPattern::LightUp)
        .set_foreground_color(RULE)
}

/// The row of medians, under the total.
pub fn reference_row(format: Format) -> Format {
    format.set_italic().set_font_color(QUIET)
}

/// What a legend of colours says.
pub fn legend() -> Format {
    base().set_italic().set_font_size(11).set_font_color(QUIET)
}

/// A cell or row filled by how much a finding matters.
pub fn severity(format: Format, severity: Severity) -> Format {
    format.set_background_color(match severity {
        Severity::Error => ERROR_FILL,
        Severity::Warning => WARNING_FILL,
        Severity::Info => INFO_FILL,
    })
}

/// A status that needs nothing more.
pub fn good(format: Format) -> Format {
    format.set_background_color(GOOD_FILL)
}

/// A status that is only worth knowing.
pub fn quiet(format: Format) -> Format {
    format.set_font_color(QUIET)
}

/// A link among lines of words.
pub fn paragraph_link() -> Format {
    paragraph()
        .set_font_color(LINK)
        .set_underline(FormatUnderline::Single)
}

/// A link to a file.
pub fn link() -> Format {
    label()
        .set_font_color(LINK)
        .set_underline(FormatUnderline::Single)
}
