//! Control totals: a figure the office knows from elsewhere against a unit's cell or a total over
//! units, and a department's own consolidated figure against the sum of the units it is about.

use std::sync::Arc;

use super::control_cause::{self, Addend, Cause};
use super::control_words as words;
use super::office::Office;
use super::page::Page;
use super::scope::{CellRef, RowRef};
use super::size;
use crate::extract::{CellState, Table};
use crate::model::{CellAddress, Class, Finding, Message, Number, Severity, Value};
use crate::schema::FieldType;
use crate::schema::evaluate::{Scope, Trouble, number};
use crate::schema::expression::{Expr, Function, Name, Past, Path};

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số kiểm soát",
    rules: &[],
    what: "Đối chiếu số của một đơn vị, hoặc tổng của các đơn vị, với số mà cơ quan đã biết từ hệ thống khác; đối chiếu số \
           tổng hợp do một sở tự báo cáo với tổng của các đơn vị. Tổng chỉ được đối chiếu khi mọi đơn vị phải gửi biểu đã được nhận; \
           chưa đủ thì có ghi chú kể tên đơn vị còn thiếu. Khi tổng không khớp, chương trình tìm đơn vị mà chỉ một số lệch nghìn lần, \
           triệu lần hoặc đảo hai chữ số là giải thích đúng phần chênh lệch.",
    why: "Một số lệch mà mọi phép cộng vẫn đúng thì chỉ số từ nơi khác mới cho thấy: 2 + 2 + 1 + 1 + 500 + 800 = 1.306 cân y như 7.300.",
    parameters: "`[[control]]` trong `campaign.toml`:\n\n\
                 | Khóa | Nghĩa |\n|---|---|\n\
                 | `id` | tên, cũng là tên quy tắc của phát hiện |\n\
                 | `cell` | ô: `biểu!dòng.cột`, hoặc `biểu!cột` với biểu có dòng tự thêm (tổng các dòng) |\n\
                 | `unit` | mã đơn vị; không ghi là tổng của mọi đơn vị phải gửi biểu |\n\
                 | `kinds` | chỉ cộng các loại đơn vị này |\n\
                 | `value` | số đã biết |\n\
                 | `equals` | thay cho `value`: biểu thức trên tổng của các đơn vị |\n\
                 | `path` | thay cho cả hai: tệp CSV, mỗi dòng một số |\n\
                 | `source` | lấy từ đâu; bắt buộc với `value` |\n\
                 | `tolerance` | được lệch nhiều nhất bao nhiêu, mặc định 0 |\n\
                 | `severity` | `\"error\"` (mặc định) hoặc `\"warning\"` |\n\
                 | `label` | gọi số này là gì |\n\n\
                 ```toml\n[[control]]\nid = \"vneid-lech-so-cong-an\"\ncell = \"tthc_ky!vneid.trong_ky\"\nvalue = 2101\n\
                 source = \"Công an tỉnh, xuất ngày 03/10/2025\"\n\n[[control]]\nid = \"ho-so-lech-cong-dich-vu-cong\"\npath = \"controls.csv\"\n\n\
                 [[control]]\nid = \"so-bao-cao-khac-tong-cac-xa\"\nunit = \"H61.08\"\ncell = \"nen_tang!tong_chu_ky_so.ket_qua\"\n\
                 equals = \"SUM(chu_ky_so!tong.cuoi_ky)\"\nkinds = [\"xa\", \"phuong\"]\n```\n\n\
                 `controls.csv` có dòng đầu `unit,cell,value,source`, thêm được `id`, `label`, `tolerance`. Ô `unit` trống là tổng toàn tỉnh; \
                 dòng như vậy phải có `id` riêng.",
    example: "Hệ thống một cửa có 2.101 lượt; tổng các đơn vị là 77.026, lệch 74.925: một xã ghi 75.000 mà đúng ra là 75.",
    clerk: "Cán bộ thấy số của mình, số kiểm soát và nguồn của nó, rồi đối chiếu với hệ thống đó. Số toàn tỉnh không khớp thì báo ở phần chung, \
            không báo cho đơn vị nào.",
};

/// A control total, checked and ready to be asked.
#[derive(Debug, Clone)]
pub struct Control {
    /// Names the defect; the rule of its findings.
    pub id: String,
    /// What the figure is, where the office says so.
    pub label: Option<String>,
    /// The unit whose cell it is about; `None`: the total over units.
    pub unit: Option<Arc<str>>,
    /// Kinds of unit that are added up; `None`: all that must file the form.
    pub kinds: Option<Vec<String>>,
    /// The cell, always with its form.
    pub cell: Name,
    /// What it must equal.
    pub wanted: Wanted,
    /// Where the figure comes from.
    pub source: Option<String>,
    /// Largest difference that is let pass.
    pub tolerance: Number,
    /// Error or warning.
    pub severity: Severity,
    /// File that declares it.
    pub declared: Arc<str>,
}

/// What a control total must equal.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// A figure from elsewhere.
    Figure(Number),
    /// An expression over sums of units.
    Sum(Expr),
}

/// What control totals of single units came to.
#[derive(Debug, Default)]
pub struct AtUnits {
    /// What does not agree.
    pub findings: Vec<Finding>,
    /// File, sheet and cell of every figure that a control total has judged, right or wrong: no
    /// weaker evidence needs to be heard about it.
    pub judged: Vec<(Arc<str>, Arc<str>, CellAddress)>,
}

/// A figure as it can be read from a unit's table.
pub(super) enum Reading {
    /// Nothing is filed, or a cell cannot be trusted.
    Unknown,
    /// Nothing stands there.
    Blank,
    /// What adds up to it.
    Cells(Vec<Addend>),
}

/// Asks the control totals that need one unit only.
pub fn at_units(controls: &[Control], offices: &[Office<'_>]) -> AtUnits {
    let mut outcome = AtUnits::default();
    for control in controls {
        let (Some(code), Wanted::Figure(wanted)) = (&control.unit, &control.wanted) else {
            continue;
        };
        let own = |(_, office): &(usize, &Office<'_>)| *office.unit.code == **code;
        let Some((index, office)) = offices.iter().enumerate().find(own) else {
            continue;
        };
        let reading = read(index, office, &control.cell);
        if let Reading::Cells(cells) = &reading {
            let places = cells.iter().filter_map(|cell| place(office, cell.at));
            outcome.judged.extend(places);
        }
        outcome
            .findings
            .extend(at_unit(control, office, reading, *wanted));
    }
    outcome
}

fn at_unit(
    control: &Control,
    office: &Office<'_>,
    reading: Reading,
    wanted: Number,
) -> Option<Finding> {
    let cells = match reading {
        Reading::Unknown => return None,
        Reading::Blank => {
            let message = words::blank_at_unit(control, office, wanted);
            return located(control, office, message, None, wanted);
        }
        Reading::Cells(cells) => cells,
    };
    let found = control_cause::sum(&cells)?;
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let causes = control_cause::of(&cells, difference, control.tolerance);
    let message = words::at_unit(control, office, found, wanted, &causes, &cells);
    let mut finding = located(control, office, message, Some(found), wanted)?;
    // An exact slip of size is its own kind of mistake, with the best evidence there is.
    if let [Cause::Slips(slips)] = causes.as_slice() {
        finding.rule = size::SIZE.to_owned();
        if let [(only, _)] = slips.as_slice() {
            let (_, sheet, cell) = place(office, cells[*only].at)?;
            finding = finding.at(&sheet, cell);
            finding.value = Some(Value::Number(cells[*only].figure));
            finding.expected = None;
        }
    }
    finding.suspects = words::suspects(&causes, &cells, std::slice::from_ref(office), false);
    Some(finding)
}

/// Asks the control totals that need the figures of many units. A total that lacks units is not
/// evaluated, and the finding says which.
pub fn over_units(controls: &[Control], offices: &[Office<'_>]) -> Vec<Finding> {
    let needs_many =
        |control: &&Control| control.unit.is_none() || matches!(control.wanted, Wanted::Sum(_));
    controls
        .iter()
        .filter(needs_many)
        .filter_map(|control| over(control, offices))
        .collect()
}

fn over(control: &Control, offices: &[Office<'_>]) -> Option<Finding> {
    let asked = |office: &&Office<'_>| {
        control
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&office.unit.kind))
    };
    let mut forms: Vec<&str> = Vec::new();
    if let Wanted::Sum(expr) = &control.wanted {
        expr.names(&mut |name, _| forms.extend(name.form.as_deref()));
    }
    if control.unit.is_none() {
        forms.extend(control.cell.form.as_deref());
    }
    let lacks = |office: &&Office<'_>| {
        forms
            .iter()
            .any(|form| office.owes.contains(form) && !office.counts(form))
    };
    let lacking: Vec<&Office<'_>> = offices.iter().filter(asked).filter(lacks).collect();
    if !lacking.is_empty() {
        return Some(general(
            control,
            Severity::Info,
            words::lacking(control, offices, &lacking),
        ));
    }
    let totals = Totals {
        offices,
        kinds: control.kinds.as_deref(),
    };
    match (&control.unit, &control.wanted) {
        (None, wanted) => total(control, &totals, wanted),
        (Some(code), Wanted::Sum(expr)) => own_total(control, &totals, code, expr),
        (Some(_), Wanted::Figure(_)) => None,
    }
}

/// The total over units against a figure, or against another total.
fn total(control: &Control, totals: &Totals<'_>, wanted: &Wanted) -> Option<Finding> {
    let cells = totals.addends(&control.cell)?;
    let not_evaluated = |why| {
        Some(general(
            control,
            Severity::Info,
            words::not_evaluated(control, totals.offices, why),
        ))
    };
    let wanted = match wanted {
        Wanted::Figure(figure) => *figure,
        Wanted::Sum(expr) => match number(expr, totals) {
            Ok(figure) => figure,
            Err(trouble) => return not_evaluated(trouble),
        },
    };
    let Some(found) = control_cause::sum(&cells) else {
        return not_evaluated(Trouble::Missing);
    };
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let causes = control_cause::singles(&cells, difference, control.tolerance);
    let message = words::total(control, totals.offices, cells.len(), found, wanted);
    let mut finding = general(control, control.severity, message);
    finding.value = Some(Value::Number(found));
    finding.expected = Some(Value::Number(wanted));
    finding.difference = Some(Value::Number(difference));
    finding.suspects = words::suspects(&causes, &cells, totals.offices, true);
    Some(finding)
}

/// A unit's own consolidated figure against the sum of the units it is about.
fn own_total(control: &Control, totals: &Totals<'_>, code: &str, expr: &Expr) -> Option<Finding> {
    let own = |office: &&Office<'_>| *office.unit.code == *code;
    let office = totals.offices.iter().find(own)?;
    let form = control.cell.form.as_deref()?;
    if !office.counts(form) {
        let lacking = [office];
        let message = words::lacking(control, totals.offices, &lacking);
        return Some(general(control, Severity::Info, message));
    }
    let index = totals.offices.iter().position(|o| own(&o))?;
    let cells = match read(index, office, &control.cell) {
        Reading::Cells(cells) => cells,
        Reading::Blank | Reading::Unknown => return None,
    };
    let wanted = match number(expr, totals) {
        Ok(wanted) => wanted,
        Err(trouble) => {
            let message = words::not_evaluated(control, totals.offices, trouble);
            return Some(general(control, Severity::Info, message));
        }
    };
    let found = control_cause::sum(&cells)?;
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let mut causes = control_cause::singles(&cells, difference, control.tolerance);
    let mut addends = cells;
    // Where the expression is one sum, one of its addends may be at fault instead.
    if let Some(name) = one_sum(expr) {
        let others = totals.addends(name).unwrap_or_default();
        let offset = addends.len();
        let theirs = control_cause::singles(&others, -difference, control.tolerance);
        causes.extend(theirs.into_iter().map(|cause| cause.shifted(offset)));
        addends.extend(others);
    }
    let message = words::own_total(control, office, found, wanted, expr);
    let mut finding = located(control, office, message, Some(found), wanted)?;
    finding.suspects = words::suspects(&causes, &addends, totals.offices, true);
    Some(finding)
}

/// The name of an expression that is one sum: `form!x`, `SUM(form!x)`.
fn one_sum(expr: &Expr) -> Option<&Name> {
    match expr {
        Expr::Name(name) => Some(name),
        Expr::Call(Function::Sum, arguments) => match arguments.as_slice() {
            [Expr::Name(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// A finding about no unit, told at the file that declares the control total.
fn general(control: &Control, severity: Severity, message: Message) -> Finding {
    let mut finding = Finding::new(
        &control.id,
        Class::ControlTotal,
        severity,
        &control.declared,
        message,
    );
    finding.form = control.cell.form.as_deref().map(Arc::from);
    finding
}

/// A finding at the cell of a unit: the total row's where a whole column is meant.
fn located(
    control: &Control,
    office: &Office<'_>,
    message: Message,
    found: Option<Number>,
    wanted: Number,
) -> Option<Finding> {
    let table = office.table(control.cell.form.as_deref()?)?;
    let at = match &control.cell.path {
        Path::Cell { row, column } => {
            let (row, column) = (table.form.row(row)?, table.form.column(column)?);
            table.rows.get(row)?.cells.get(column)?.address
        }
        Path::One(column) => {
            let column = table.form.column(column)?;
            let rows = table.total.iter().chain(&table.rows);
            rows.filter_map(|row| row.cells.get(column)?.address).next()
        }
        Path::Range { .. } => None,
    };
    let mut finding = Finding::new(
        &control.id,
        Class::ControlTotal,
        control.severity,
        &table.file,
        message,
    )
    .at(&table.sheet, at?);
    finding.form = Some(table.form.id().into());
    finding.value = found.map(Value::Number);
    finding.expected = Some(Value::Number(wanted));
    finding.difference = found
        .and_then(|found| found.checked_sub(wanted))
        .map(Value::Number);
    Some(office.sign(finding))
}

/// Where a cell of a unit stands.
pub(super) fn place(office: &Office<'_>, at: CellRef) -> Option<(Arc<str>, Arc<str>, CellAddress)> {
    let table = &office.tables.tables[at.table];
    let cell = office.tables.cell(at)?.address?;
    Some((table.file.clone(), table.sheet.clone(), cell))
}

/// What a name stands for in one unit.
fn read(index: usize, office: &Office<'_>, name: &Name) -> Reading {
    let form = name.form.as_deref().unwrap_or_default();
    let Some(table) = office.tables.table_of(form) else {
        return Reading::Unknown;
    };
    let read = &office.tables.tables[table];
    let at = |row, column| CellRef { table, row, column };
    let cells: Vec<CellRef> = match &name.path {
        Path::Cell { row, column } => match (read.form.row(row), read.form.column(column)) {
            (Some(row), Some(column)) => vec![at(RowRef::Row(row), column)],
            _ => return Reading::Unknown,
        },
        Path::One(column) if read.form.is_free() && !read.incomplete => {
            let Some(column) = read.form.column(column) else {
                return Reading::Unknown;
            };
            (0..read.rows.len())
                .map(|row| at(RowRef::Row(row), column))
                .collect()
        }
        Path::One(_) | Path::Range { .. } => return Reading::Unknown,
    };
    addends(index, office, read, &cells)
}

fn addends(index: usize, office: &Office<'_>, table: &Table, cells: &[CellRef]) -> Reading {
    let mut found = Vec::new();
    for &at in cells {
        let row = office.tables.row(at).and_then(|row| row.row);
        let Some(field) = table.form.field(row, at.column) else {
            return Reading::Unknown;
        };
        let figure = match office.tables.cell(at).map(|cell| &cell.state) {
            Some(CellState::Value(Value::Number(figure))) => *figure,
            Some(CellState::Value(Value::Flag(flag))) => Number::from(u8::from(*flag)),
            Some(CellState::Blank) if field.kind == FieldType::Flag => Number::ZERO,
            // A unit whose kind is not asked adds nothing.
            Some(CellState::Blank | CellState::Absent) => continue,
            Some(CellState::Value(_) | CellState::Unreadable) | None => return Reading::Unknown,
        };
        found.push(Addend {
            office: index,
            at,
            figure,
            field: field.clone(),
        });
    }
    match found.is_empty() {
        true => Reading::Blank,
        false => Reading::Cells(found),
    }
}

/// Names stand for sums over units.
struct Totals<'a> {
    offices: &'a [Office<'a>],
    kinds: Option<&'a [String]>,
}

impl<'a> Totals<'a> {
    fn members(&self) -> impl Iterator<Item = (usize, &'a Office<'a>)> {
        let kinds = self.kinds;
        self.offices
            .iter()
            .enumerate()
            .filter(move |(_, office)| kinds.is_none_or(|kinds| kinds.contains(&office.unit.kind)))
    }

    /// Every cell that adds to a name; `None` if one cannot be trusted.
    fn addends(&self, name: &Name) -> Option<Vec<Addend>> {
        let form = name.form.as_deref()?;
        let mut all = Vec::new();
        for (index, office) in self.members().filter(|(_, o)| o.owes.contains(&form)) {
            match read(index, office, name) {
                Reading::Unknown => return None,
                Reading::Blank => {}
                Reading::Cells(cells) => all.extend(cells),
            }
        }
        Some(all)
    }
}

impl Scope for Totals<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let cells = self.addends(name).ok_or(Trouble::Missing(Lack::Blank))?;
        Ok(control_cause::sum(&cells).map(Value::Number))
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        let cells = self.addends(name).ok_or(Trouble::Missing(Lack::Blank))?;
        let figures = cells
            .into_iter()
            .map(|cell| Some(Value::Number(cell.figure)));
        Ok(Entry::numbered(figures))
    }

    fn units(&self, form: &Name) -> Result<Number, Trouble> {
        let Path::One(form) = &form.path else {
            return Err(Trouble::NotAsked);
        };
        let owing = self
            .members()
            .filter(|(_, office)| office.owes.contains(&form.as_str()))
            .count();
        u64::try_from(owing)
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
