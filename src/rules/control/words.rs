//! Messages about control totals.

use super::cause::{Addend, DifferenceCause};
use super::declared::{Control, Wanted};
use crate::model::Lang;
use crate::model::value::{Shown, message};
use crate::model::{Message, Number, Suspect, Value};
use crate::rules::reporter::Reporter;
use crate::rules::scope::cell_label;
use crate::rules::soft::size::{self, SizeSlip};
use crate::schema::evaluate::Trouble;
use crate::schema::expression::Expr;
use crate::schema::resolve::anywhere;

/// Most units named.
const NAMED: usize = 10;

/// Most suspects reported.
const MOST_SUSPECTS: usize = 3;

/// «VNeID: lượt tra cứu», or the form's own words for the cell.
fn label(control: &Control, reporters: &[Reporter<'_>]) -> String {
    if let Some(label) = &control.label {
        return format!("«{label}»");
    }
    let form = control.cell.form.as_deref().unwrap_or_default();
    let form = reporters.iter().find_map(|reporter| reporter.table(form));
    let Some(form) = form.map(|table| &table.form) else {
        return format!("«{}»", control.cell);
    };
    let cell = match anywhere(form, &control.cell).first() {
        Some(at) => form.cell_label(at.row(), at.column),
        None => control.cell.to_string(),
    };
    format!("«{} › {cell}»", form.file.sheet)
}

/// " (nguồn: Công an tỉnh)".
fn source(control: &Control) -> (String, String) {
    match &control.source {
        Some(source) => (
            format!(" (nguồn: {source})"),
            format!(" (source: {source})"),
        ),
        None => (String::new(), String::new()),
    }
}

/// A unit's figure that is not the control total.
pub(super) fn at_unit(
    control: &Control,
    reporter: &Reporter<'_>,
    found: Number,
    wanted: Number,
    causes: &[DifferenceCause],
    cells: &[Addend],
) -> Message {
    let label = label(control, std::slice::from_ref(reporter));
    let (source_vi, source_en) = source(control);
    let difference = Value::Number(found - wanted);
    let (found, wanted) = (Value::Number(found), Value::Number(wanted));
    let (sum, sum_en) = match cells.len() {
        1 => ("ghi", "is"),
        _ => ("cộng lại là", "adds up to"),
    };
    let advice = match causes {
        [DifferenceCause::Slips(slips)] => slips_in_words(slips, cells),
        _ => Message::new(
            "Hãy đối chiếu với nguồn này và sửa lại.",
            "Compare with this source and correct the figure.",
        ),
    };
    message!(
    found, wanted, difference, advice;
    "{label} {sum} {found}, số kiểm soát là {wanted}{source_vi}; lệch {difference}. {advice}",
    "{label} {sum_en} {found}, the control total is {wanted}{source_en}; off by {difference}. {advice}"
    )
}

/// What to do about slips that together explain a difference.
fn slips_in_words(slips: &[(usize, SizeSlip)], cells: &[Addend]) -> Message {
    let each = |lang: Lang| -> String {
        let each = slips.iter().map(|(i, slip)| {
            let (figure, meant) = (cells[*i].figure.shown(lang), slip.meant.shown(lang));
            match lang {
                Lang::Vi => format!("{figure} có phải là {meant}"),
                Lang::En => format!("should {figure} be {meant}"),
            }
        });
        each.collect::<Vec<_>>().join("; ")
    };
    let (vi, en) = match slips.iter().any(|(_, slip)| slip.small) {
        true => (
            "gõ lại liền các chữ số, không dấu chấm",
            "type the digits again without separators",
        ),
        false => (
            "ghi theo đơn vị tính của biểu",
            "write it in the form's unit of measure",
        ),
    };
    Message::new(
        format!(
            "Chênh lệch này đúng bằng nhầm dấu phân cách hoặc đơn vị tính: {}? Nếu phải, hãy {vi}.",
            each(Lang::Vi)
        ),
        format!(
            "The difference is exactly that of a wrong separator or unit of measure: {}? If so, {en}.",
            each(Lang::En)
        ),
    )
}

/// A blank where there is a control total.
pub(super) fn blank_at_unit(control: &Control, reporter: &Reporter<'_>, wanted: Number) -> Message {
    let label = label(control, std::slice::from_ref(reporter));
    let (source_vi, source_en) = source(control);
    let wanted = Value::Number(wanted);
    message!(
    wanted;
    "{label} để trống, số kiểm soát là {wanted}{source_vi}. Hãy đối chiếu và điền.",
    "{label} is blank, the control total is {wanted}{source_en}. Compare with the source and fill it in."
    )
}

/// A total over units that is not the control total.
pub(super) fn total(
    control: &Control,
    reporters: &[Reporter<'_>],
    cells: usize,
    found: Number,
    wanted: Number,
) -> Message {
    let label = label(control, reporters);
    let (source_vi, source_en) = source(control);
    let difference = Value::Number(found - wanted);
    let (found, wanted) = (Value::Number(found), Value::Number(wanted));
    let (what, what_en) = match control.wanted {
        Wanted::Figure(_) => ("số kiểm soát là", "the control total is"),
        Wanted::Sum(_) => ("phải bằng", "it should be"),
    };
    message!(
    found, cells, wanted, difference;
    "Tổng {label} của các đơn vị là {found} ({cells} số), {what} {wanted}{source_vi}; lệch {difference}.",
    "The total of {label} over units is {found} ({cells} figures), {what_en} {wanted}{source_en}; off by {difference}."
    )
}

/// A unit's own consolidated figure that is not the sum of the units.
pub(super) fn own_total(
    control: &Control,
    reporter: &Reporter<'_>,
    found: Number,
    wanted: Number,
    expr: &Expr,
) -> Message {
    let label = label(control, std::slice::from_ref(reporter));
    let difference = Value::Number(found - wanted);
    let (found, wanted) = (Value::Number(found), Value::Number(wanted));
    message!(
    found, wanted, difference;
    "{label} ghi {found}, nhưng cộng số của các đơn vị được {wanted} ({expr}); lệch {difference}. Hãy đối chiếu lại với các đơn vị.",
    "{label} is {found}, but the units' figures add up to {wanted} ({expr}); off by {difference}. Compare with the units."
    )
}

/// A total that is not evaluated because units are lacking.
pub(super) fn lacking(
    control: &Control,
    reporters: &[Reporter<'_>],
    lacking: &[&Reporter<'_>],
) -> Message {
    let label = label(control, reporters);
    let names: Vec<&str> = lacking
        .iter()
        .take(NAMED)
        .map(|reporter| reporter.unit.name.as_str())
        .collect();
    let more = if lacking.len() > NAMED { ", ..." } else { "" };
    Message::new(
        format!(
            "Chưa đối chiếu {label} với {}: còn {} đơn vị chưa có số được nhận ({}{more}).",
            against(control).0,
            lacking.len(),
            names.join(", ")
        ),
        format!(
            "{label} is not yet compared with {}: the figures of {} units are not accepted yet ({}{more}).",
            against(control).1,
            lacking.len(),
            names.join(", ")
        ),
    )
}

/// A total that cannot be evaluated for another reason.
pub(super) fn not_evaluated(
    control: &Control,
    reporters: &[Reporter<'_>],
    trouble: Trouble,
) -> Message {
    let label = label(control, reporters);
    let why = match trouble {
        Trouble::NotAsked | Trouble::Missing(_) => {
            Message::new("không đơn vị nào có số", "no unit has a figure")
        }
        Trouble::Broken(why) => why,
    };
    Message::new(
        format!(
            "Chưa đối chiếu được {label} với {}: {}.",
            against(control).0,
            why.vi
        ),
        format!(
            "{label} could not be compared with {}: {}.",
            against(control).1,
            why.en
        ),
    )
}

fn against(control: &Control) -> (String, String) {
    match &control.wanted {
        Wanted::Figure(figure) => {
            let figure = Value::Number(*figure);
            let (vi, en) = source(control);
            (
                format!("số kiểm soát {figure}{vi}"),
                format!("the control total {}{en}", figure.shown(Lang::En)),
            )
        }
        Wanted::Sum(expr) => (
            format!("tổng của các đơn vị ({expr})"),
            format!("the sum of the units ({expr})"),
        ),
    }
}

/// The suspects behind a difference; `named`: the reason must name the unit, because cells of
/// several units are involved.
pub(super) fn suspects(
    causes: &[DifferenceCause],
    cells: &[Addend],
    reporters: &[Reporter<'_>],
    named: bool,
) -> Vec<Suspect> {
    let summed = Summed {
        cells,
        reporters,
        named,
    };
    let mut found = Vec::new();
    for cause in causes {
        match cause {
            DifferenceCause::Slips(slips) if slips.len() == 1 => {
                let (i, slip) = slips[0];
                found.extend(summed.suspect(i, slip.meant, size::reason(slip)));
            }
            // Only all of them together explain the difference, so all are suspects or none.
            DifferenceCause::Slips(slips) => return summed.together(slips),
            DifferenceCause::Swapped(i, meant) => {
                let reason = Message::new(
                    "nghi gõ đảo hai chữ số liền nhau",
                    "two neighbouring digits may be swapped",
                );
                found.extend(summed.suspect(*i, *meant, reason));
            }
        }
    }
    first_of(found)
}

/// No more suspects than anybody reads; the last one says how many more there are.
fn first_of(mut suspects: Vec<Suspect>) -> Vec<Suspect> {
    let more = suspects.len().saturating_sub(MOST_SUSPECTS);
    suspects.truncate(MOST_SUSPECTS);
    if let (Some(last), 1..) = (suspects.last_mut(), more) {
        let vi = format!(" (còn {more} ô khác cũng vậy)");
        last.reason.vi.push_str(&vi);
        let en = format!(" ({more} other cells would too)");
        last.reason.en.push_str(&en);
    }
    suspects
}

/// The cells a control total adds up.
struct Summed<'a> {
    cells: &'a [Addend],
    reporters: &'a [Reporter<'a>],
    named: bool,
}

impl Summed<'_> {
    /// The cell that alone explains the difference; `at` counts from 0.
    fn suspect(&self, at: usize, meant: Number, reason: Message) -> Option<Suspect> {
        let cell = &self.cells[at];
        let reporter = match self.named {
            true => &self.reporters[cell.reporter],
            false => &self.reporters[0],
        };
        let (file, sheet, address) = reporter.place(cell.at)?;
        let whose = match self.named {
            true => {
                let (unit, label) = (&reporter.unit, cell_label(cell.at, &reporter.tables));
                Message::new(
                    format!("{} ({}), tệp {file}, {label}: ", unit.name, unit.code),
                    format!("{} ({}), file {file}, {label}: ", unit.name, unit.code),
                )
            }
            false => Message::new("", ""),
        };
        Some(Suspect {
            sheet,
            cell: address,
            value: Some(Value::Number(cell.figure)),
            suggestion: Some(Value::Number(meant)),
            rank: 1,
            together: false,
            reason: Message::new(
                format!("{}{}; sửa riêng ô này thì khớp đúng", whose.vi, reason.vi),
                format!(
                    "{}{}; correcting this cell alone makes it agree",
                    whose.en, reason.en
                ),
            ),
        })
    }

    /// The cells that explain the difference together.
    fn together(&self, slips: &[(usize, SizeSlip)]) -> Vec<Suspect> {
        let all = slips.len();
        let suspects = slips.iter().enumerate().filter_map(|(nth, (at, slip))| {
            let reason = size::reason(*slip);
            let suspect = self.suspect(*at, slip.meant, reason.clone())?;
            Some(Suspect {
                reason: Message::new(
                    format!("{}; {all} ô cùng sửa thì khớp đúng", reason.vi),
                    format!(
                        "{}; correcting {all} cells together makes it agree",
                        reason.en
                    ),
                ),
                rank: nth + 1,
                together: false,
                ..suspect
            })
        });
        suspects.collect()
    }
}
