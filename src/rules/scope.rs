//! The scope of a rule within one unit: its tables, and its figures of closed periods.

use std::collections::HashSet;

use super::page::Page;
use super::past::previous::PreviousFigures;
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{Number, Value};
use crate::schema::file::Meaning;
use crate::schema::resolve::{FieldRef, FormLookup, Rows, Site};
use crate::schema::rule::evaluate::{Entry, Lack, Scope, Trouble};
use crate::schema::rule::expression::Name;
use crate::schema::rule::function::Past;
use crate::schema::rule::interval::Interval;
use crate::schema::rule::ranges::Printed;
use crate::schema::rule_text::BlankPolicy;
use crate::schema::scope::{At, Figures};
use crate::schema::{Field, FieldType, Form, RowKind};

/// The page of the user guide about rules over two forms.
pub const PAGE: Page = Page {
    title: "Hai biểu của một đơn vị khớp nhau",
    rules: &[],
    what: "`biểu!dòng.cột` và `SUM(biểu!cột)` lấy số của biểu khác, cùng đơn vị, cùng kỳ. Thuộc nhóm `cross-form`.",
    why: "Cùng một con số được hỏi ở hai biểu và do hai người điền; trong báo cáo chúng đứng cạnh nhau.",
    parameters: "```toml\ncheck = \"truc_tuyen.trong_ky = SUM(tthc!truc_tuyen)\"\n```\n\nĐơn vị chưa gửi biểu kia, hoặc đợt không có biểu kia, thì quy tắc không được hỏi và được đếm là «chưa có biểu khác».",
    example: "Biểu tổng hợp ghi 1.494 hồ sơ trực tuyến, cộng biểu chi tiết được 1.944.",
    clerk: "Ô của biểu này ghi gì, tổng các ô nào của trang nào là bao nhiêu, lệch bao nhiêu. Cán bộ xem hai biểu, sửa biểu sai.",
};

/// All tables of one unit that count as its own.
pub struct UnitTables<'a> {
    /// Unit code.
    pub unit: &'a str,
    /// Its kind; `None` if it is not known: then rules for some units only are evaluated, too.
    pub kind: Option<&'a str>,
    /// Its tables, at most one a form.
    pub tables: &'a [Table],
    /// The closed previous period; `None` if the archive has none.
    pub previous: Option<&'a PreviousFigures>,
}

/// A cell of one of a unit's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// Index into [`UnitTables::tables`].
    pub table: usize,
    /// Which row.
    pub row: RowRef,
    /// Column of the form file, from 0.
    pub column: usize,
}

/// A data row or the total row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowRef {
    /// Index into [`Table::rows`].
    Row(usize),
    /// [`Table::total`].
    Total,
}

/// Where a cell lies in what a name means in a fold; as [`Entry::key`].
pub type CellKey = (usize, usize);

/// Where a rule is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulePlace {
    /// On a row: column names are its cells.
    Row(RowRef),
    /// On a column: row names are its cells.
    Column(usize),
    /// Once for the form; every name is a full `row.column`.
    Once,
}

impl RulePlace {
    /// The place of a site of the form; `None` for a row the unit adds, which is many.
    pub fn of(site: Site) -> Option<RulePlace> {
        Some(match site {
            Site::Row(row) => RulePlace::Row(RowRef::Row(row)),
            Site::Total => RulePlace::Row(RowRef::Total),
            Site::Column(column) => RulePlace::Column(column),
            Site::Once => RulePlace::Once,
            Site::FreeRow => return None,
        })
    }
}

impl UnitTables<'_> {
    /// The cell behind a reference.
    pub fn cell(&self, at: CellRef) -> Option<&TableCell> {
        self.row(at)?.cells.get(at.column)
    }

    /// The row behind a reference.
    pub fn row(&self, at: CellRef) -> Option<&TableRow> {
        let table = self.tables.get(at.table)?;
        match at.row {
            RowRef::Row(row) => table.rows.get(row),
            RowRef::Total => table.total.as_ref(),
        }
    }

    /// What the form says of the cell behind a reference.
    pub fn field(&self, at: CellRef) -> Option<&Field> {
        let form = &self.tables.get(at.table)?.form;
        let row = match at.row {
            RowRef::Row(row) if form.file.layout.rows == RowKind::Fixed => Some(row),
            _ => None,
        };
        form.field(row, at.column)
    }

    /// The cell's value as a figure: a flag is 1 or 0, and 0 if left blank. `None` for a blank, for
    /// words and for what cannot be read.
    pub fn figure(&self, at: CellRef) -> Option<Number> {
        match &self.cell(at)?.state {
            CellState::Value(Value::Flag(ticked)) => Some(Number::from(u8::from(*ticked))),
            CellState::Value(value) => value.as_number(),
            CellState::Blank if self.is_flag(at) => Some(Number::ZERO),
            CellState::Blank | CellState::Unreadable | CellState::Absent => None,
        }
    }

    /// Does the cell lack a figure that the form requires: unreadable, or blank where a blank is
    /// not allowed?
    pub fn is_open(&self, at: CellRef) -> bool {
        let Some(cell) = self.cell(at).filter(|cell| cell.address.is_some()) else {
            return false;
        };
        match cell.state {
            CellState::Unreadable => true,
            CellState::Blank => self
                .field(at)
                .is_some_and(|field| field.blank == Meaning::Missing),
            CellState::Absent | CellState::Value(_) => false,
        }
    }

    /// Does the cell hold a formula?
    pub fn is_formula(&self, at: CellRef) -> bool {
        let address = self.cell(at).and_then(|cell| cell.address);
        address.is_some_and(|address| self.tables[at.table].formulas.contains(&address))
    }

    /// Does the cell hold a figure as text, which the formulas of its table leave out?
    pub fn is_text(&self, at: CellRef) -> bool {
        let table = &self.tables[at.table];
        let address = self.cell(at).and_then(|cell| cell.address);
        !table.formulas.is_empty() && address.is_some_and(|at| table.texts.contains(&at))
    }

    /// Is it a box to tick?
    pub fn is_flag(&self, at: CellRef) -> bool {
        self.field(at)
            .is_some_and(|field| field.kind == FieldType::Flag)
    }

    /// The cells behind a field, of which a unit may have none; `here`: the row where the rule is
    /// evaluated.
    pub fn cells_of(&self, at: &FieldRef<'_>, here: Option<RowRef>) -> Vec<CellRef> {
        let Some(table) = self.table_of(at.form.id()) else {
            return Vec::new();
        };
        let cell = |row| CellRef {
            table,
            row,
            column: at.column,
        };
        match at.rows {
            Rows::Fixed(row) => vec![cell(RowRef::Row(row))],
            Rows::Total => vec![cell(RowRef::Total)],
            Rows::Here => here.map(cell).into_iter().collect(),
            Rows::Each => (0..self.tables[table].rows.len())
                .map(|row| cell(RowRef::Row(row)))
                .collect(),
        }
    }

    /// Index of the table of a form.
    pub fn table_of(&self, form: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.form.id() == form)
    }
}

/// Trial values that replace the values of some cells.
pub type Supposed<'a> = &'a [(CellRef, Value)];

/// The scope of one rule at one place.
pub struct InstanceScope<'a> {
    /// The unit's tables.
    pub unit: &'a UnitTables<'a>,
    /// Index into [`UnitTables::tables`] of the table whose rule it is.
    pub table: usize,
    /// Where it is evaluated.
    pub place: RulePlace,
    /// What a blank does.
    pub blank: BlankPolicy,
    /// Cells and what to suppose in them, for trying out suggestions.
    pub suppose: Supposed<'a>,
}

impl<'a> InstanceScope<'a> {
    /// The cells a name means here; empty if its form was not filed. `folded`: the name
    /// is an argument of SUM, COUNTIF..., where a column means all its rows.
    pub fn cells(&self, name: &Name, folded: bool) -> Vec<CellRef> {
        let fields = self.at().cells(name, folded).unwrap_or_default();
        fields.iter().flat_map(|at| self.refs(at)).collect()
    }

    /// The cells a name means in a fold, each under the key that its value has there.
    pub fn keyed(&self, name: &Name) -> Vec<(CellKey, CellRef)> {
        let fields = self.at().cells(name, true).unwrap_or_default();
        let cells = |at: &FieldRef<'_>| {
            let (place, cells) = (at.place, self.refs(at).into_iter().enumerate());
            let keyed = cells.map(move |(row, cell)| ((place, row), cell));
            keyed.collect::<Vec<_>>()
        };
        fields.iter().flat_map(cells).collect()
    }

    /// The site of the form where the rule is evaluated.
    fn site(&self) -> Site {
        let table = &self.unit.tables[self.table];
        match self.place {
            RulePlace::Row(RowRef::Total) => Site::Total,
            RulePlace::Row(RowRef::Row(row)) if !table.form.is_free() => Site::Row(row),
            RulePlace::Row(RowRef::Row(_)) => Site::FreeRow,
            RulePlace::Column(column) => Site::Column(column),
            RulePlace::Once => Site::Once,
        }
    }

    fn at(&self) -> At<'_, 'a, Self> {
        At {
            figures: self,
            own: Some(&self.unit.tables[self.table].form),
            site: self.site(),
            blank_is_zero: self.blank != BlankPolicy::SkipAny,
        }
    }

    /// The cells of the unit's tables behind a field.
    fn refs(&self, at: &FieldRef<'_>) -> Vec<CellRef> {
        let here = match self.place {
            RulePlace::Row(row) => Some(row),
            RulePlace::Column(_) | RulePlace::Once => None,
        };
        self.unit.cells_of(at, here)
    }

    /// The one cell behind a field outside a fold.
    fn one(&self, at: &FieldRef<'_>) -> Result<CellRef, Trouble> {
        match self.refs(at).as_slice() {
            [one] => Ok(*one),
            _ => Err(Trouble::Missing(Lack::Blank)),
        }
    }

    /// The value in a cell; a flag left blank is a flag not ticked.
    fn read(&self, at: CellRef) -> Result<Option<Value>, Trouble> {
        if let Some((_, value)) = self.suppose.iter().find(|(supposed, _)| *supposed == at) {
            return Ok(Some(value.clone()));
        }
        match self.unit.cell(at).map(|cell| &cell.state) {
            Some(CellState::Value(value)) => Ok(Some(value.clone())),
            Some(CellState::Blank) if self.unit.is_flag(at) => Ok(Some(Value::Flag(false))),
            Some(CellState::Blank) => Ok(None),
            Some(CellState::Unreadable) => Err(Trouble::Missing(Lack::Unreadable)),
            Some(CellState::Absent) | None => Err(Trouble::NotAsked),
        }
    }

    /// The id of a fixed row, or what the unit calls a row of its own; `None` for the total row,
    /// which no archive has.
    fn row_key(&self, at: &FieldRef<'_>) -> Option<String> {
        if let Some(id) = at.row_id() {
            return Some(id.to_owned());
        }
        let cell = self.one(at).ok().filter(|cell| cell.row != RowRef::Total)?;
        Some(self.unit.row(cell)?.key.to_string())
    }
}

impl<'a> FormLookup<'a> for InstanceScope<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        let table = self.unit.table_of(id)?;
        Some(&self.unit.tables[table].form)
    }
}

impl<'a> Figures<'a> for InstanceScope<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        self.read(self.one(at)?)
    }

    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let cells = self.refs(at);
        let mut values = Vec::new();
        for (row, cell) in cells.iter().enumerate() {
            match self.read(*cell) {
                Ok(value) => values.push((row, value)),
                Err(Trouble::NotAsked) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        match values.is_empty() && !cells.is_empty() {
            true => Err(Trouble::NotAsked),
            false => Ok(values),
        }
    }

    fn past(&self, past: Past, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        let value = || {
            let (previous, row) = (self.unit.previous?, self.row_key(at)?);
            previous.past(past, self.unit.unit, at.form.id(), &row, at.column_id())
        };
        value().map(Some).ok_or(Trouble::Missing(Lack::NoPrevious))
    }

    fn past_values(
        &self,
        past: Past,
        at: &FieldRef<'a>,
    ) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let values = self.unit.previous.and_then(|previous| {
            let row = at.row_id();
            previous.past_rows(past, self.unit.unit, at.form.id(), row, at.column_id())
        });
        let values = values.ok_or(Trouble::Missing(Lack::NoPrevious))?;
        Ok(values
            .into_iter()
            .map(|(row, value)| (row, Some(value)))
            .collect())
    }

    fn is_whole(&self, form: &Form) -> bool {
        let table = self.unit.table_of(form.id());
        table.is_none_or(|table| !self.unit.tables[table].incomplete)
    }

    fn periods_to_date(&self) -> usize {
        self.unit
            .previous
            .map_or(1, PreviousFigures::periods_to_date)
    }
}

impl Scope for InstanceScope<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        Scope::value(&self.at(), name)
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        Scope::values(&self.at(), name)
    }

    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble> {
        Scope::past(&self.at(), past, name)
    }

    fn past_values(&self, past: Past, name: &Name) -> Result<Vec<Entry>, Trouble> {
        Scope::past_values(&self.at(), past, name)
    }

    fn blank_is_zero(&self) -> bool {
        self.blank != BlankPolicy::SkipAny
    }
}

impl Printed for InstanceScope<'_> {
    fn intervals(
        &self,
        name: &Name,
        past: Option<Past>,
        folded: bool,
    ) -> Result<Vec<Entry<Interval>>, Trouble> {
        self.at().intervals(name, past, folded)
    }
}

/// Each cell once, in the order in which it comes first.
pub fn distinct(cells: impl IntoIterator<Item = CellRef>) -> Vec<CellRef> {
    let mut known = HashSet::new();
    cells.into_iter().filter(|at| known.insert(*at)).collect()
}

/// «Tổng số», with the row where columns alone would be ambiguous. The finding itself says the
/// cell.
pub fn cell_label(at: CellRef, unit: &UnitTables<'_>) -> String {
    let table = &unit.tables[at.table];
    let row = unit.row(at);
    let label = match (at.row, row) {
        (RowRef::Total, _) => format!(
            "{} › {}",
            table.form.file.layout.total.as_deref().unwrap_or_default(),
            table.form.cell_label(None, at.column)
        ),
        (_, Some(row)) if row.row.is_none() => {
            format!("{} › {}", row.key, table.form.cell_label(None, at.column))
        }
        (_, row) => table
            .form
            .cell_label(row.and_then(|row| row.row), at.column),
    };
    format!("«{label}»")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table};

    #[test]
    fn figures_of_two_forms_agree_or_are_not_asked() {
        let sum = form(
            "tong_hop",
            "fixed",
            "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n[[column]]\nid = \"so\"\nlabel = \"Số\"\n\
             [[row]]\nid = \"tt\"\nlabel = \"Trực tuyến\"\n\
             [[rule]]\nid = \"lech-bieu\"\ncheck = \"tt.so = SUM(chi_tiet!tt)\"\n",
        );
        let detail = form(
            "chi_tiet",
            "free",
            "[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"viec\"\nlabel = \"Việc\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"tt\"\nlabel = \"Trực tuyến\"\n",
        );
        let rows: [&[&str]; 2] = [&["a", "1000"], &["b", "494"]];
        let tables = |so| [table(&sum, &[&[so]]), table(&detail, &rows)];
        assert_eq!(check(&tables("1494"), None), []);
        let [told] = &check(&tables("1944"), None)[..] else {
            panic!()
        };
        assert_eq!(
            (told.rule.as_str(), told.cell.as_str()),
            ("lech-bieu", "A1")
        );
        assert_eq!(
            told.vi,
            "«Trực tuyến › Số» ghi 1.944, phải bằng 1.494 (= tổng các ô B1:B2 trang «Trang chi_tiet»); lệch 450."
        );
        assert_eq!(
            told.en,
            "«Trực tuyến › Số» is 1,944, should equal 1,494 (= sum of B1:B2 on sheet «Trang chi_tiet»); off by 450."
        );
        assert_eq!(
            check(&tables("1944")[..1], None),
            [],
            "the other form is not in"
        );
    }
}
