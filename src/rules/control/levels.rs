//! Two levels of reporting: what a unit files as the sum of other units against the sum of theirs.

use super::both_levels::BOTH_ADDED;
use super::cause::{self, Addend};
use super::level_words::{self, LevelSlip, Unequal};
use super::unit::{ControlReading, addends};
use super::words;
use crate::extract::{CellState, Table};
use crate::model::{CellAddress, Class, Finding, Number, Place, Severity, Value};
use crate::rules::page::Page;
use crate::rules::reporter::{DeclaredSum, Reporter};
use crate::schema::expression::Comparison;
use crate::schema::file::{Aggregate, Meaning};
use crate::schema::resolve::{FieldRef, Rows};
use crate::schema::rule::interval::Interval;
use crate::schema::{Field, Form};

/// Id of the finding for a figure that is not the sum of the units below.
const UNEQUAL: &str = "khac-tong-don-vi-duoi";
/// Id of the note that a unit's sums cannot be compared yet.
const NOT_COMPARED: &str = "chua-doi-chieu-don-vi-duoi";

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Đơn vị tổng hợp khác tổng các đơn vị dưới",
    rules: &[
        (UNEQUAL, "lỗi"),
        (NOT_COMPARED, "ghi chú"),
        (BOTH_ADDED, "cảnh báo"),
    ],
    what: "Ở biểu có `sums_up = true`, đơn vị được nêu ở cột «Tổng hợp bởi» của danh sách (phòng, huyện) báo cáo tổng số của các đơn vị \
           dưới (xã, trường). Mỗi ô cộng được của đơn vị tổng hợp phải bằng tổng ô đó của các đơn vị dưới; với biểu có dòng tự thêm \
           là tổng của cả cột. Số đã làm tròn được lệch trong mức làm tròn. Tỷ lệ, bình quân không cộng; chúng được kiểm tra theo tử số, \
           mẫu số của chính biểu như mọi biểu khác. Chỉ đối chiếu khi mọi đơn vị dưới phải gửi biểu đã được nhận; chưa đủ thì có ghi chú \
           kể tên đơn vị còn thiếu. Số toàn tỉnh cộng từ các đơn vị dưới; số của đơn vị tổng hợp chỉ để đối chiếu, không cộng lần nữa. \
           Biểu không ghi `sums_up` mà số của cả hai cấp đã vào tổng thì có một cảnh báo chung cho cơ quan, nêu biểu và các đơn vị.",
    why: "Cộng cả xã lẫn huyện thì số toàn tỉnh thành gấp đôi; bỏ sót một xã khi cộng ở huyện thì mọi phép tính trong biểu của huyện vẫn đúng.",
    parameters: "Trong biểu mẫu: `sums_up = true` hoặc `sums_up = false`: đơn vị nào cũng báo cáo số của riêng mình (không ghi thì cũng cộng như vậy, và được hỏi khi danh sách có hai cấp). Trong danh sách đơn vị: cột \
                 `summed_by` (hoặc «Tổng hợp bởi», «Nộp cho») ghi mã hoặc tên của đơn vị tổng hợp.\n\n\
                 ```toml\nid = \"truong_hoc\"\nsums_up = true\n```\n\n\
                 ```text\nMã,Tên đơn vị,Loại,Tổng hợp bởi\nPGD,Phòng Giáo dục huyện Mỏ Cày,phong,\n28903,Xã Mỏ Cày,xa,PGD\n```\n\n\
                 Đơn vị dưới không phải gửi biểu thì các đơn vị dưới nữa thay cho nó; không đơn vị dưới nào phải gửi thì số của đơn vị tổng hợp \
                 được cộng như số của mọi đơn vị.",
    example: "Huyện ghi 118 trường, ba xã ghi 52, 41 và 30 là 123; lệch 5. Ở ô khác huyện cũng thiếu đúng số của một xã: xã đó bị bỏ sót.",
    clerk: "Đơn vị tổng hợp thấy số của mình, tổng của các đơn vị dưới, phần lệch, và tên đơn vị bị bỏ sót hoặc cộng hai lần nếu số của đúng \
            một đơn vị giải thích được phần lệch. Một đơn vị giải thích được mọi ô lệch thì mỗi dòng kể một lần, kèm các cột còn lại.",
};

/// How many levels of units there are that sum up others: 0 if none does.
pub fn levels(reporters: &[Reporter<'_>]) -> usize {
    let sums = reporters.iter().flat_map(|reporter| &reporter.sums);
    sums.map(|sum| level(reporters, sum)).max().unwrap_or(0)
}

/// The level of a sum: 1 if none of its units sums up others.
fn level(reporters: &[Reporter<'_>], sum: &DeclaredSum<'_>) -> usize {
    let below = reporters
        .iter()
        .filter(|reporter| sum.of.iter().any(|unit| unit.code == reporter.unit.code))
        .flat_map(|reporter| &reporter.sums)
        .filter(|below| below.form == sum.form);
    1 + below
        .map(|below| level(reporters, below))
        .max()
        .unwrap_or(0)
}

/// Compares the sums of one level, from 1, with those of the units below.
pub fn at_level(reporters: &[Reporter<'_>], wanted: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (upper, reporter) in reporters.iter().enumerate() {
        let sums = reporter.sums.iter();
        for sum in sums.filter(|sum| level(reporters, sum) == wanted) {
            findings.extend(compare(reporters, upper, sum));
        }
    }
    findings
}

fn compare(reporters: &[Reporter<'_>], upper: usize, sum: &DeclaredSum<'_>) -> Vec<Finding> {
    let reporter = &reporters[upper];
    let Some(table) = reporter.table(sum.form) else {
        return Vec::new();
    };
    let at = |code: &str| reporters.iter().position(|one| one.unit.code == code);
    let below: Vec<usize> = sum.of.iter().filter_map(|unit| at(&unit.code)).collect();
    let lacking = below.iter().map(|unit| &reporters[*unit]);
    let lacking: Vec<&Reporter<'_>> = lacking.filter(|one| !one.counts(sum.form)).collect();
    if !lacking.is_empty() {
        let message = level_words::lacking(reporter, &table.form, below.len(), &lacking);
        let (class, severity) = (Class::ControlTotal, Severity::Info);
        let note = Finding::new(NOT_COMPARED, class, severity, &table.file, message);
        return vec![reporter.sign(note.of_form(sum.form).on(&table.sheet))];
    }
    let unequal: Vec<Unequal<'_>> = summed(&table.form)
        .filter_map(|at| look(reporters, upper, &below, at))
        .collect();
    let everywhere = slips_everywhere(&unequal, &below);
    let told = rows(&unequal, everywhere.len() == 1).filter_map(|row| {
        // What the form computes from others of the row follows from these.
        let causes = row.iter().map(|one| cause_of(reporter, one, &unequal));
        let causes: Vec<Option<Place>> = causes.collect();
        let head = causes.iter().position(Option::is_none).unwrap_or(0);
        let (one, cause) = (row[head], causes[head].clone());
        let others = row.iter().enumerate().filter(|(at, _)| *at != head);
        let others: Vec<&Unequal<'_>> = others.map(|(_, one)| *one).collect();
        let slip = the_slip(one, &everywhere, &below);
        let finding = told(reporters, upper, &below, one, &others, slip)?;
        Some(finding.caused_by(cause))
    });
    told.collect()
}

/// What differs, row by row where one unit explains all of it, else each by itself.
fn rows<'u, 'f>(
    unequal: &'u [Unequal<'f>],
    of_one_unit: bool,
) -> impl Iterator<Item = Vec<&'u Unequal<'f>>> {
    let rows = unequal.chunk_by(move |one, next| of_one_unit && one.at.rows == next.at.rows);
    rows.map(|row| row.iter().collect())
}

/// Every cell of a form that is added up; the columns of a free-row form.
fn summed(form: &Form) -> impl Iterator<Item = FieldRef<'_>> {
    let rows: Vec<Rows> = match form.is_free() {
        true => vec![Rows::Each],
        false => (0..form.file.rows.len()).map(Rows::Fixed).collect(),
    };
    let all = rows.into_iter().flat_map(move |rows| {
        (0..form.file.columns.len()).map(move |column| FieldRef {
            form,
            rows,
            column,
            place: 0,
        })
    });
    let adds = |field: &Field| field.kind.is_numeric() && field.aggregate == Aggregate::Sum;
    all.filter(move |at| at.field().is_some_and(adds))
}

/// The cell of the upper unit, if it disagrees with the units below. A cell that cannot be read, or
/// that must not be blank and is, is a finding already.
fn look<'f>(
    reporters: &[Reporter<'_>],
    upper: usize,
    below: &[usize],
    at: FieldRef<'f>,
) -> Option<Unequal<'f>> {
    let own = match addends(upper, &reporters[upper], &[at]) {
        ControlReading::Unknown => return None,
        ControlReading::Blank if told_or_not_asked(&reporters[upper], &at) => return None,
        ControlReading::Blank => Vec::new(),
        ControlReading::Cells(cells) => cells,
    };
    let mut all = Vec::new();
    for unit in below {
        match addends(*unit, &reporters[*unit], &[at]) {
            ControlReading::Unknown => return None,
            ControlReading::Blank => {}
            ControlReading::Cells(cells) => all.extend(cells),
        }
    }
    // Where no cell has a figure, nothing is there to be added: a sum of nothing.
    let total = |cells: &[Addend]| match cells {
        [] => Some(Number::ZERO),
        cells => cause::sum(cells),
    };
    let (figure, wanted) = (total(&own)?, total(&all)?);
    let difference = figure.checked_sub(wanted)?;
    if difference.is_zero() || rounds_to_nothing(&own, &all) {
        return None;
    }
    Some(Unequal {
        at,
        found: (!own.is_empty()).then_some(figure),
        wanted,
        difference,
        own,
        below: all,
    })
}

/// Is a blank of the unit one that is told already, or that it need not fill?
fn told_or_not_asked(reporter: &Reporter<'_>, at: &FieldRef<'_>) -> bool {
    let Some(table) = reporter.table(at.form.id()) else {
        return true;
    };
    let required = at
        .field()
        .is_none_or(|field| field.blank == Meaning::Missing);
    match at.rows {
        Rows::Fixed(row) => {
            let cell = table.rows.get(row).and_then(|row| row.cells.get(at.column));
            required || cell.is_none_or(|cell| cell.state == CellState::Absent)
        }
        _ => required && !table.rows.is_empty(),
    }
}

/// Could true figures that round to the printed ones agree?
fn rounds_to_nothing(own: &[Addend], below: &[Addend]) -> bool {
    let of = |cells: &[Addend]| {
        let printed = cells.iter().map(|cell| cell.field.interval(cell.figure));
        printed.fold(Interval::point(Number::ZERO), |sum, one| sum.plus(&one))
    };
    of(own).plus(&of(below).negated()).may(Comparison::Equal)
}

/// The units that each explain all differences of a form.
fn slips_everywhere(all: &[Unequal<'_>], below: &[usize]) -> Vec<(usize, LevelSlip)> {
    let mut differences = all.iter().map(|one| one.slips(below));
    let mut everywhere = differences.next().unwrap_or_default();
    for slips in differences {
        everywhere.retain(|slip| slips.contains(slip));
    }
    everywhere
}

/// The one unit that explains a difference: where one unit explains all differences of the form,
/// that one; else the only one that explains this.
fn the_slip(
    one: &Unequal<'_>,
    everywhere: &[(usize, LevelSlip)],
    below: &[usize],
) -> Option<(usize, LevelSlip)> {
    match (everywhere, one.slips(below).as_slice()) {
        ([slip], _) | ([], [slip]) => Some(*slip),
        _ => None,
    }
}

/// The cell to begin with: for a figure that the form computes from cells that are wrong, too, the
/// first of these.
fn cause_of(reporter: &Reporter<'_>, one: &Unequal<'_>, all: &[Unequal<'_>]) -> Option<Place> {
    let form = one.at.form;
    let found = form.determined_by(one.at.row(), one.at.column, &|_, _| true)?;
    let mut parts = Vec::new();
    found.right.names(&mut |name, past| {
        if !past {
            parts.extend(form.own_cells(name, true, found.site));
        }
    });
    let wrong = all.iter().filter(|other| other.at != one.at);
    place_of(
        reporter,
        wrong.into_iter().find(|other| parts.contains(&other.at))?,
    )
}

/// The first cell that a figure is made of.
fn place_of(reporter: &Reporter<'_>, one: &Unequal<'_>) -> Option<Place> {
    let (_, sheet, cell) = reporter.place(one.own.first()?.at)?;
    Some(Place { sheet, cell })
}

/// The cell of a field; of a column of a free-row form its total, or else its first.
fn address(table: &Table, at: &FieldRef<'_>) -> Option<CellAddress> {
    match at.rows {
        Rows::Fixed(row) => table.rows.get(row)?.cells.get(at.column)?.address,
        _ => {
            let mut rows = table.total.iter().chain(&table.rows);
            rows.find_map(|row| row.cells.get(at.column)?.address)
        }
    }
}

fn told(
    reporters: &[Reporter<'_>],
    upper: usize,
    below: &[usize],
    one: &Unequal<'_>,
    others: &[&Unequal<'_>],
    slip: Option<(usize, LevelSlip)>,
) -> Option<Finding> {
    let reporter = &reporters[upper];
    let table = reporter.table(one.at.form.id())?;
    let at = address(table, &one.at);
    let mut message = level_words::unequal(reporters, reporter, below, one, slip);
    let others = others.iter().map(|one| (address(table, &one.at), *one));
    let likewise = level_words::likewise(&others.collect::<Vec<_>>());
    message.vi.push_str(&likewise.vi);
    message.en.push_str(&likewise.en);
    let finding = Finding::new(
        UNEQUAL,
        Class::ControlTotal,
        Severity::Error,
        &table.file,
        message,
    )
    .of_form(table.form.id())
    .value(one.found.map(Value::Number))
    .expected(Some(Value::Number(one.wanted)))
    .difference(Some(Value::Number(one.difference)));
    let finding = match at {
        Some(cell) => finding.at(&table.sheet, cell),
        None => finding.on(&table.sheet),
    };
    // A unit that explains the difference is better evidence than a slip of one figure.
    let causes = match slip {
        Some(_) => Vec::new(),
        None => cause::singles(&one.own, one.difference, Number::ZERO),
    };
    let suspects = words::suspects(&causes, &one.own, std::slice::from_ref(reporter), false);
    Some(reporter.sign(finding.suspecting(suspects)))
}
