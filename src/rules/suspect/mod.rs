//! Error localisation: which cells are probably wrong, and which figures would fit.
//!
//! All failed rules of a unit are treated together: the search finds the smallest sets of cells
//! that can be changed so that every hard edit holds, and ranks them by likelihood. Everything that
//! one set explains is one mistake, however many rules fail because of it.

mod columns;
#[cfg(test)]
mod columns_tests;
#[cfg(test)]
mod ends_tests;
mod evidence;
mod explanation;
mod figures;
mod missing;
mod odds;
mod open;
#[cfg(test)]
mod ranking_tests;
mod rows;
#[cfg(test)]
mod rows_tests;
mod search;
mod shifted;
mod slip;
mod system;
#[cfg(test)]
mod tests;
mod texts;
mod together;
mod trial;

use std::collections::BTreeMap;

use super::instance::{self, Instance, Verdict};
use super::page::Page;
use super::scope::{CellRef, UnitTables};
use crate::model::value::message;
use crate::model::{Allowance, Finding, Message, Number, Place, Suspect, Value};
use crate::rules::words::explain;
use crate::rules::words::terms::joined;
use explanation::{ChangeSet, Group, MOST};
use slip::{Slip, as_value};
use system::{CellChange, System};

/// Id of the finding for a unit whose suspects were not all looked for.
pub const SUSPECTS_CUT: &str = "chua-tim-het-o-nghi-sai";

/// The page of the user guide about suspects.
pub const PAGE: Page = Page {
    title: "Ô nghi sai",
    rules: &[(SUSPECTS_CUT, "ghi chú")],
    what: "Khi quy tắc sai, chương trình tìm ít ô nhất mà sửa lại thì mọi quy tắc của đơn vị (mọi biểu, kể cả số kỳ trước) cùng đúng, không quy tắc nào đang đúng bị hỏng. Trong các cách như vậy, cách nào chỉ cần một lỗi gõ thường gặp thì đứng trước: đảo hai chữ số, gõ nhầm, thừa, thiếu, lặp một chữ số, lệch số 0, sai dấu, dính dấu chú thích, đổi chỗ hai ô cạnh nhau, đổi chỗ cả hai cột, chép số của ô bên cạnh, của dòng trên, của kỳ trước. Số ghi dạng chữ mà công thức trong tệp bỏ qua thì chính ô chữ ấy đứng đầu. Ô cộng tay đứng trước ô gõ vào; ô tự tính đang khớp thì không bị nghi, mà nghi các số dùng để tính nó. Các quy tắc sai vì cùng một ô được kể thành một chỗ sai. Quy tắc chỉ nói lớn hơn, nhỏ hơn thì không cho biết số đúng: ô có thể được kể nhưng không kèm số gợi ý. Không gợi ý số nào làm sai số kiểm soát đang khớp. Ô để trống hay không đọc được mà các số khác cho biết phải là bao nhiêu thì cũng được gợi ý.",
    why: "Một số gõ sai có thể làm năm quy tắc cùng sai ở năm ô khác nhau. Người điền cần biết nên xem ô nào trước, không phải dò cả năm.",
    parameters: "Không có. Nhiều cách sửa ngang nhau thì kể cả và nói là ngang nhau; sau đó có thể kể tiếp ô ít khả năng hơn, nhiều nhất ba ô. Có quá nhiều chỗ sai thì có thể chưa tìm hết ô nghi sai, và có ghi chú nói vậy. Chương trình không bao giờ tự sửa số.",
    example: "Dòng Đất đai: tổng số ghi 1.944, ba phần cộng lại 1.494; đã giải quyết 1.000 và đang giải quyết 494. Sửa tổng thành 1.494 thì cả hai quy tắc đúng, và 1.944 là 1.494 gõ đảo hai chữ số.",
    clerk: "«nghi ô C9 (1.944) → có phải 1.494?: nghi gõ đảo hai chữ số liền nhau; 2 quy tắc đang sai sẽ cùng đúng». Ở các ô khác sai theo: «Cùng một chỗ sai với ô C9».",
};

/// Suspects of one failed check.
#[derive(Debug, Default)]
pub struct Cause {
    /// Most probable first.
    pub suspects: Vec<Suspect>,
    /// The cell whose mistake makes it fail; failed checks that share it are one mistake.
    pub place: Option<Place>,
    /// What there is to say of the whole mistake, behind what failed; nothing if the suspects say it.
    pub words: Option<Message>,
}

/// Suspects of everything that failed in a unit's tables, by the index of the instance; none once
/// time is up, because how far the search came would depend on the machine. `confirmed`: cells whose
/// sum a control total confirms.
pub fn causes(
    unit: &UnitTables<'_>,
    confirmed: &[Vec<CellRef>],
    allowance: &Allowance<'_>,
    instances: &[Instance],
    verdicts: &[Verdict],
) -> BTreeMap<usize, Cause> {
    if !verdicts.contains(&Verdict::Fail) {
        return BTreeMap::new();
    }
    let mut system = System::new(unit, allowance, instances.iter().zip(verdicts));
    for cells in confirmed {
        system.confirm(cells);
    }
    let mut causes = BTreeMap::new();
    let groups = search::groups(&system);
    if allowance.is_late() {
        return BTreeMap::new();
    }
    for group in groups {
        for check in &group.failed {
            let key = system.checks[*check].key;
            causes.insert(key, cause(&system, &group, *check));
        }
    }
    causes
}

/// Adds to findings about blank or unreadable cells (`read`) the figure that belongs there: the one
/// that mends the rules that fail because of it (`reported`), else the one that every rule requires, if
/// they agree. A suggestion made from the cell's text alone is kept. What follows from a blank is put
/// to the finding that tells it with others of its row, and what follows from a block of figures pasted
/// into the wrong rows to the finding that tells that.
pub fn fill_in(unit: &UnitTables<'_>, read: &mut [Finding], reported: &mut [Finding]) {
    if read.is_empty() {
        return;
    }
    let open: Vec<CellRef> = missing::open_cells(unit);
    if open.is_empty() && !shifted::is_told(read) {
        return;
    }
    let instances = instance::all(unit);
    missing::impute(unit, &instances, &open, read, reported);
    shifted::tell(unit, &instances, read, reported);
}

fn cause(system: &System<'_>, group: &Group, check: usize) -> Cause {
    let cells = &system.checks[check].cells;
    let mut cause = Cause::default();
    let mut told: Vec<CellRef> = Vec::new();
    for explanation in &group.explanations {
        let cheaper = group
            .explanations
            .iter()
            .filter(|e| e.likelihood() < explanation.likelihood());
        let rank = cheaper.count() + 1;
        // Of a set, the part this check is about; what only this check sees goes first, so that
        // each of two mistakes is reported at a check of its own. What no failed check sees, the
        // other of two exchanged figures, goes last.
        let mut changes: Vec<&(CellChange, Option<Slip>)> = explanation.changes.iter().collect();
        changes.sort_by_key(|((at, _), _)| {
            let seen = |check: &&usize| system.checks[**check].cells.contains(at);
            let seen = group.failed.iter().filter(seen).count();
            (seen == 0, seen)
        });
        // Changes of one set belong together: none is reported as undecided with another.
        let before = cause.suspects.len();
        for (rank, (change, slip)) in (rank..).zip(changes) {
            let swapped = matches!(slip, Some(Slip::Swapped(_) | Slip::Columns(_)));
            // A finding that follows from a wrong total has only the total as its suspect.
            let left_out = matches!(slip, Some(Slip::Text | Slip::Open));
            let about = cells.contains(&change.0) || swapped || left_out;
            if told.contains(&change.0) || !about || told.len() == MOST {
                continue;
            }
            told.push(change.0);
            let (figure, reason) = match explanation.determined {
                true => (
                    Some(change.1),
                    reason(system, group, explanation, change.0, *slip, change.1),
                ),
                false => (None, undetermined(system.unit, explanation, change.0)),
            };
            cause
                .suspects
                .extend(suspect(system.unit, change.0, figure, rank, reason));
        }
        let of_set = cause.suspects.iter_mut().skip(before);
        of_set.skip(1).for_each(|one| one.together = true);
    }
    cause.place = cause.suspects.first().map(|first| Place {
        sheet: first.sheet.clone(),
        cell: first.cell,
    });
    // That the cell of the finding itself may be wrong goes without saying.
    let own = explain::subject(system.checks[check].instance, system.unit);
    if told.iter().all(|at| Some(*at) == own)
        && cause.suspects.iter().all(|one| one.suggestion.is_none())
    {
        cause.suspects.clear();
    }
    // Cells or columns that hold each other's figures are one mistake, as are totals that leave a row
    // out.
    let first = group.explanations.first();
    let slip = first.and_then(|best| best.changes.first()?.1);
    if let Some(slip @ Slip::Columns(_)) = slip {
        let Message { vi, en } = slip.reason();
        cause.words = Some(Message::new(format!(" Nhưng {vi}."), format!(" But {en}.")));
    }
    if let Some((
        (at, _),
        Some(Slip::Swapped(_) | Slip::Columns(_) | Slip::RowLeftOut(_) | Slip::RowTwice(_)),
    )) = first.and_then(|best| best.changes.first())
    {
        let sheet = system.unit.tables[at.table].sheet.clone();
        let cell = system.unit.cell(*at).and_then(|cell| cell.address);
        cause.place = cell.map(|cell| Place { sheet, cell });
    }
    cause
}

fn suspect(
    unit: &UnitTables<'_>,
    at: CellRef,
    figure: Option<Number>,
    rank: usize,
    reason: Message,
) -> Option<Suspect> {
    let table = &unit.tables[at.table];
    let is_flag = unit.is_flag(at);
    let found = unit.cell(at).and_then(|cell| cell.value()).cloned();
    Some(Suspect {
        sheet: table.sheet.clone(),
        cell: unit.cell(at)?.address?,
        value: found.or_else(|| is_flag.then_some(Value::Flag(false))),
        suggestion: figure.map(|figure| as_value(figure, is_flag)),
        rank,
        together: false,
        reason,
    })
}

/// Why a cell is suspected whose right figure no rule says.
fn undetermined(unit: &UnitTables<'_>, explanation: &ChangeSet, at: CellRef) -> Message {
    let others = explanation.changes.iter().map(|((other, _), _)| *other);
    let others: Vec<Message> = others
        .filter(|other| *other != at)
        .filter_map(|other| {
            let address = unit.cell(other)?.address?;
            let sheet = &unit.tables[other.table].sheet;
            Some(match other.table == at.table {
                true => Message::new(format!("ô {address}"), address.to_string()),
                false => Message::new(
                    format!("ô {address} trang «{sheet}»"),
                    format!("{address} of sheet `{sheet}`"),
                ),
            })
        })
        .collect();
    if others.is_empty() {
        return Message::new(
            "sửa riêng ô này có thể làm đúng các quy tắc đang sai ở đây, nhưng các quy tắc ấy không cho biết số đúng; hãy xem lại sổ gốc",
            "a change of this cell alone may let what fails here hold, but the rules do not say which figure is right; look it up",
        );
    }
    let others = joined(&others, ", ", ", ");
    Message::new(
        format!(
            "sửa ô này cùng với {} có thể làm đúng các quy tắc đang sai ở đây, nhưng các quy tắc ấy không cho biết số đúng; hãy xem lại sổ gốc",
            others.vi
        ),
        format!(
            "a change of this cell together with {} may let what fails here hold, but the rules do not say which figures are right; look them up",
            others.en
        ),
    )
}

/// The one addend that a sum is off by, where the slip that explains its figure is another.
fn addend(system: &System<'_>, at: CellRef, slip: Option<Slip>, figure: Number) -> Option<Slip> {
    let is_told = matches!(
        slip,
        Some(Slip::RowLeftOut(_) | Slip::RowTwice(_) | Slip::PartLeftOut(_) | Slip::PartTwice(_))
    );
    let found = system.figure(at).filter(|_| !is_told)?;
    rows::worth_a_look(system, at, found, figure)
}

/// Do all explanations that make one change make the other, too?
fn goes_with(group: &Group, one: CellChange, other: CellChange) -> bool {
    let makes = |explanation: &ChangeSet, wanted: CellChange| {
        let mut changes = explanation.changes.iter();
        changes.any(|(change, _)| *change == wanted)
    };
    let with = group.explanations.iter().filter(|e| makes(e, one));
    with.into_iter().all(|e| makes(e, other))
}

fn reason(
    system: &System<'_>,
    group: &Group,
    explanation: &ChangeSet,
    at: CellRef,
    slip: Option<Slip>,
    figure: Number,
) -> Message {
    let unit = system.unit;
    let fitting = as_value(figure, unit.is_flag(at));
    let mut reason = slip.map_or_else(
        || {
            message!(
            fitting;
            "nếu ô này là {fitting} thì đúng quy tắc",
            "the rule would hold if this cell were {fitting}"
            )
        },
        Slip::reason,
    );
    if let Some(addend) = addend(system, at, slip, figure) {
        let more = addend.reason();
        reason.vi.push_str(&format!("; {}", more.vi));
        reason.en.push_str(&format!("; {}", more.en));
    }
    let together = |((other, figure), _): &(CellChange, Option<Slip>)| {
        let address = unit.cell(*other)?.address?;
        let sheet = &unit.tables[other.table].sheet;
        let figure = as_value(*figure, unit.is_flag(*other));
        Some(match other.table == at.table {
            true => message!(
                figure;
                "ô {address} phải là {figure}",
                "{address} would have to be {figure}"
            ),
            false => message!(
                figure;
                "ô {address} trang «{sheet}» phải là {figure}",
                "{address} of sheet `{sheet}` would have to be {figure}"
            ),
        })
    };
    let others = explanation
        .changes
        .iter()
        .filter(|((other, _), _)| *other != at);
    let (sure, unsure): (Vec<_>, Vec<_>) =
        others.partition(|(other, _)| goes_with(group, (at, figure), *other));
    let mut others: Vec<Message> = sure.into_iter().filter_map(together).collect();
    others.extend(unsure.first().map(|_| {
        Message::new(
            "còn một ô khác phải sửa, chưa đủ căn cứ để biết ô nào",
            "another cell would have to change, and it is undecided which",
        )
    }));
    let swapped = matches!(slip, Some(Slip::Swapped(_) | Slip::Columns(_)));
    if !others.is_empty() && !swapped {
        let others = joined(&others, ", ", ", ");
        reason.vi.push_str(&format!("; đồng thời {}", others.vi));
        reason
            .en
            .push_str(&format!("; at the same time {}", others.en));
    }
    let mended = group.failed.len();
    if mended > 1 {
        reason
            .vi
            .push_str(&format!("; {mended} quy tắc đang sai sẽ cùng đúng"));
        reason
            .en
            .push_str(&format!("; {mended} failing rules would hold"));
    }
    reason
}
