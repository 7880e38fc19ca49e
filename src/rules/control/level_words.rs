//! A figure that is not the sum of the units below, and the messages about it.

use super::cause::{self, Addend, DifferenceCause};
use crate::model::value::{Shown, message};
use crate::model::{CellAddress, Lang, Message, Number};
use crate::rules::reporter::Reporter;
use crate::schema::Form;
use crate::schema::resolve::FieldRef;

/// Most units named, or listed with their figures.
const NAMED: usize = 10;

/// A figure that is not the sum of the units below.
pub(super) struct Unequal<'f> {
    /// The field; all rows of a free-row form.
    pub(super) at: FieldRef<'f>,
    /// What the upper unit has; `None` for a blank.
    pub(super) found: Option<Number>,
    /// The sum of the units below.
    pub(super) wanted: Number,
    /// `found` minus `wanted`; what is blank adds nothing.
    pub(super) difference: Number,
    /// What the upper unit's figure is made of.
    pub(super) own: Vec<Addend>,
    /// What the sum is made of.
    pub(super) below: Vec<Addend>,
}

/// What a unit below has to do with a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LevelSlip {
    /// It was left out.
    LeftOut,
    /// It was added twice.
    Twice,
}

impl Unequal<'_> {
    /// The figure of a unit below (its place among the reporters).
    fn of(&self, unit: usize) -> Option<Number> {
        let own = self.below.iter().filter(|cell| cell.reporter == unit);
        cause::sum(&own.cloned().collect::<Vec<_>>())
    }

    /// The units below of which each alone, left out or added twice, explains the difference.
    pub(super) fn slips(&self, below: &[usize]) -> Vec<(usize, LevelSlip)> {
        let slip = |unit: &usize| match self.of(*unit)? {
            figure if figure == -self.difference => Some((*unit, LevelSlip::LeftOut)),
            figure if figure == self.difference => Some((*unit, LevelSlip::Twice)),
            _ => None,
        };
        below.iter().filter_map(slip).collect()
    }
}

/// What was found, what the units below add up to, and what may explain it.
pub(super) fn unequal(
    reporters: &[Reporter<'_>],
    upper: &Reporter<'_>,
    below: &[usize],
    one: &Unequal<'_>,
    slip: Option<(usize, LevelSlip)>,
) -> Message {
    let label = one.at.form.cell_label(one.at.row(), one.at.column);
    let label = match one.at.row() {
        Some(_) => format!("«{label}»"),
        None => format!("tổng cột «{label}»"),
    };
    let (name, units) = (&upper.unit.name, below.len());
    let (wanted, difference) = (one.wanted, one.difference);
    let first = match one.found {
        Some(found) => message!(
            found, units, wanted, difference;
            "{label} ghi {found}, nhưng {units} đơn vị mà {name} tổng hợp cộng lại được {wanted}; lệch {difference}.",
            "{label} is {found}, but the {units} units that {name} sums up add up to {wanted}; off by {difference}."
        ),
        None => message!(
            units, wanted;
            "{label} để trống, nhưng {units} đơn vị mà {name} tổng hợp cộng lại được {wanted}.",
            "{label} is blank, but the {units} units that {name} sums up add up to {wanted}."
        ),
    };
    let why = match slip {
        Some((unit, slip)) => explained(reporters, one, unit, slip),
        None => listed(reporters, below, one),
    };
    Message::new(
        format!("{} {}", first.vi, why.vi),
        format!("{} {}", first.en, why.en),
    )
}

/// Further cells of the row that differ by the figures of the same unit.
pub(super) fn likewise(others: &[(Option<CellAddress>, &Unequal<'_>)]) -> Message {
    let each = |lang: Lang| {
        let each = others.iter().take(NAMED).map(|(cell, one)| {
            let column = one.at.form.file.columns[one.at.column].label.own();
            let cell = cell.map_or(String::new(), |cell| format!(" ({cell})"));
            let wanted = one.wanted.shown(lang);
            match (one.found.map(|found| found.shown(lang)), lang) {
                (Some(found), Lang::Vi) => {
                    format!("«{column}»{cell} ghi {found}, cộng lại được {wanted}")
                }
                (Some(found), Lang::En) => {
                    format!("`{column}`{cell} is {found}, they add up to {wanted}")
                }
                (None, Lang::Vi) => format!("«{column}»{cell} để trống, cộng lại được {wanted}"),
                (None, Lang::En) => format!("`{column}`{cell} is blank, they add up to {wanted}"),
            }
        });
        let more = if others.len() > NAMED { "; ..." } else { "" };
        format!("{}{more}", each.collect::<Vec<_>>().join("; "))
    };
    match others {
        [] => Message::new("", ""),
        _ => Message::new(
            format!(" Cũng vậy: {}.", each(Lang::Vi)),
            format!(" Likewise {}.", each(Lang::En)),
        ),
    }
}

/// The one unit that explains the difference.
fn explained(
    reporters: &[Reporter<'_>],
    one: &Unequal<'_>,
    unit: usize,
    slip: LevelSlip,
) -> Message {
    let figure = one.difference.abs();
    let unit = &reporters[unit].unit;
    let (name, code) = (&unit.name, &unit.code);
    match slip {
        LevelSlip::LeftOut => message!(
            figure;
            "Phần lệch đúng bằng số của {name} ({code}): {figure}; có phải đã bỏ sót đơn vị này? Hãy cộng lại rồi sửa.",
            "The difference is exactly the figure of {name} ({code}), {figure}; was this unit left out? Add up again and correct it."
        ),
        LevelSlip::Twice => message!(
            figure;
            "Phần lệch đúng bằng số của {name} ({code}): {figure}; có phải đã cộng đơn vị này hai lần? Hãy cộng lại rồi sửa.",
            "The difference is exactly the figure of {name} ({code}), {figure}; was this unit added twice? Add up again and correct it."
        ),
    }
}

/// The units' figures, where they are few enough to be read, and the one of them that may be a slip.
fn listed(reporters: &[Reporter<'_>], below: &[usize], one: &Unequal<'_>) -> Message {
    let figures = |lang: Lang| {
        let each = below.iter().take(NAMED).filter_map(|unit| {
            let figure = one.of(*unit)?.shown(lang);
            Some(format!("{} {figure}", reporters[*unit].unit.name))
        });
        let each: Vec<String> = each.collect();
        let more = if below.len() > NAMED { ", ..." } else { "" };
        match each.is_empty() {
            true => String::new(),
            false => format!(" ({}{more})", each.join(", ")),
        }
    };
    let (vi, en) = (figures(Lang::Vi), figures(Lang::En));
    let slip = match cause::singles(&one.below, -one.difference, Number::ZERO).as_slice() {
        [cause] => slipped(reporters, one, cause),
        _ => None,
    };
    let slip = slip.unwrap_or_else(|| Message::new("", ""));
    Message::new(
        format!(
            "Hãy đối chiếu với số từng đơn vị đã gửi{vi} rồi sửa lại.{}",
            slip.vi
        ),
        format!(
            "Compare with what each unit filed{en} and correct it.{}",
            slip.en
        ),
    )
}

/// The one figure below that, slipped back, makes the sum agree.
fn slipped(
    reporters: &[Reporter<'_>],
    one: &Unequal<'_>,
    cause: &DifferenceCause,
) -> Option<Message> {
    let (at, meant) = match cause {
        DifferenceCause::Slips(slips) => slips.first().map(|(at, slip)| (*at, slip.meant))?,
        DifferenceCause::Swapped(at, meant) => (*at, *meant),
    };
    let cell = one.below.get(at)?;
    let (name, figure) = (&reporters[cell.reporter].unit.name, cell.figure);
    Some(message!(
        figure, meant;
        " Nếu {name} ghi nhầm {figure} thay cho {meant} thì khớp đúng.",
        " It agrees exactly if {name} wrote {figure} for {meant}."
    ))
}

/// A sum that is not compared because units below are lacking.
pub(super) fn lacking(
    upper: &Reporter<'_>,
    form: &Form,
    units: usize,
    lacking: &[&Reporter<'_>],
) -> Message {
    let form_id = form.id();
    let named = |missing: &str, returned: &str| {
        let each = lacking.iter().take(NAMED).map(|one| {
            let state = match one.table(form_id) {
                None => missing,
                Some(_) => returned,
            };
            format!("{} ({}) {state}", one.unit.name, one.unit.code)
        });
        let more = if lacking.len() > NAMED { ", ..." } else { "" };
        format!("{}{more}", each.collect::<Vec<_>>().join(", "))
    };
    let (vi, en) = (
        named("chưa có biểu này", "có lỗi"),
        named("has not filed it", "has errors"),
    );
    let (name, title, count) = (&upper.unit.name, &form.file.title, lacking.len());
    message!(
        units, count;
        "Chưa đối chiếu biểu «{title}» của {name} với tổng của {units} đơn vị dưới: còn {count} đơn vị chưa có số được nhận ({vi}).",
        "Form `{title}` of {name} is not yet compared with the sum of the {units} units below: the figures of {count} are not accepted yet ({en})."
    )
}
