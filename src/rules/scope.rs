//! What the names of a rule stand for: cells of one unit's tables, and its closed last period.

use super::page::Page;
use super::past::previous::PreviousFigures;
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{Number, Value};
use crate::schema::evaluate::{Scope, Trouble};
use crate::schema::expression::{Name, Past, Path};
use crate::schema::form::{BlankPolicy, Meaning};
use crate::schema::{Field, FieldType, RowKind};

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

/// All tables of one unit that can be trusted to be its own.
pub struct UnitTables<'a> {
    /// Unit code.
    pub unit: &'a str,
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
    /// Form column.
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

/// Where a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a row: column names are its cells.
    Row(RowRef),
    /// On a column: row names are its cells.
    Column(usize),
    /// Nowhere in particular.
    Once,
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

    /// Is a figure asked for in the cell and not known: unreadable, or blank where that is no answer?
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

    /// Is it a box to tick?
    pub fn is_flag(&self, at: CellRef) -> bool {
        self.field(at)
            .is_some_and(|field| field.kind == FieldType::Flag)
    }

    /// Index of the table of a form.
    pub fn table_of(&self, form: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.form.id() == form)
    }
}

/// What to take for the value of some cells in place of what stands there.
pub type Supposed<'a> = &'a [(CellRef, Value)];

/// The scope of one rule at one place.
pub struct RuleScope<'a> {
    /// The unit's tables.
    pub unit: &'a UnitTables<'a>,
    /// The table whose rule it is.
    pub table: usize,
    /// Where it is asked.
    pub place: Place,
    /// What a blank does.
    pub blank: BlankPolicy,
    /// Cells and what to suppose in them, for trying out suggestions.
    pub suppose: Supposed<'a>,
}

impl RuleScope<'_> {
    /// The cells a name stands for here; empty if its form was not filed. `folded`: the name
    /// stands in SUM, COUNTIF..., where a column means all its rows.
    pub fn cells(&self, name: &Name, folded: bool) -> Vec<CellRef> {
        let table = match &name.form {
            Some(form) => match self.unit.table_of(form) {
                Some(table) => table,
                None => return Vec::new(),
            },
            None => self.table,
        };
        let own = name.form.is_none();
        let form = &self.unit.tables[table].form;
        let at = |row, column| CellRef { table, row, column };
        match &name.path {
            Path::Cell { row, column } => match (form.row(row), form.column(column)) {
                (Some(row), Some(column)) => vec![at(RowRef::Row(row), column)],
                _ => Vec::new(),
            },
            Path::One(id) => match (form.column(id), form.row(id), self.place) {
                (Some(column), _, Place::Row(row)) if own && !folded => vec![at(row, column)],
                (Some(column), ..) => self.whole_column(table, column),
                (None, Some(row), Place::Column(column)) => {
                    let id = &self.unit.tables[self.table].form.file.columns[column].id;
                    let column = form.column(id.get_ref());
                    column
                        .map(|column| at(RowRef::Row(row), column))
                        .into_iter()
                        .collect()
                }
                (None, Some(row), _) => (0..form.file.columns.len())
                    .map(|column| at(RowRef::Row(row), column))
                    .collect(),
                (None, None, _) => Vec::new(),
            },
            Path::Range { first, last } => self.range(table, first, last),
        }
    }

    fn whole_column(&self, table: usize, column: usize) -> Vec<CellRef> {
        let rows = self.unit.tables[table].rows.len();
        (0..rows)
            .map(|row| CellRef {
                table,
                row: RowRef::Row(row),
                column,
            })
            .collect()
    }

    fn range(&self, table: usize, first: &str, last: &str) -> Vec<CellRef> {
        let form = &self.unit.tables[table].form;
        let Some((scope, span)) = form.range(first, last) else {
            return Vec::new();
        };
        match (scope, self.place) {
            (crate::schema::RuleScope::EachColumn, Place::Column(column)) => span
                .map(|row| CellRef {
                    table,
                    row: RowRef::Row(row),
                    column,
                })
                .collect(),
            (crate::schema::RuleScope::EachRow, Place::Row(row)) => {
                span.map(|column| CellRef { table, row, column }).collect()
            }
            _ => Vec::new(),
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
            Some(CellState::Unreadable | CellState::Absent) | None => Err(Trouble::Missing),
        }
    }

    /// Is a cell of a column a figure?
    pub fn is_figure(&self, at: CellRef) -> bool {
        let form = &self.unit.tables[at.table].form;
        let field = form.field(None, at.column);
        field.is_some_and(|field| field.kind.is_numeric())
    }

    fn past_of(
        &self,
        past: Past,
        name: &Name,
        folded: bool,
    ) -> Result<Vec<Option<Value>>, Trouble> {
        let previous = self.unit.previous.ok_or(Trouble::Missing)?;
        let form_id = name
            .form
            .as_deref()
            .unwrap_or(self.unit.tables[self.table].form.id());
        if folded && let Path::One(column) = &name.path {
            let values = previous
                .past_column(past, self.unit.unit, form_id, column)
                .ok_or(Trouble::Missing)?;
            return Ok(values.into_iter().map(Some).collect());
        }
        let lookup = |at: &CellRef| {
            let row = self.unit.row(*at)?;
            if at.row == RowRef::Total {
                return None;
            }
            let column = &self.unit.tables[at.table].form.file.columns[at.column].id;
            previous.past(past, self.unit.unit, form_id, &row.key, column.get_ref())
        };
        let values: Option<Vec<Option<Value>>> = self
            .cells(name, folded)
            .iter()
            .map(|at| lookup(at).map(Some))
            .collect();
        values
            .filter(|values| !values.is_empty())
            .ok_or(Trouble::Missing)
    }
}

impl Scope for RuleScope<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        match self.cells(name, false).as_slice() {
            [one] => match self.read(*one)? {
                None if self.blank == BlankPolicy::SkipAny => Err(Trouble::Missing),
                value => Ok(value),
            },
            _ => Err(Trouble::Missing),
        }
    }

    fn values(&self, name: &Name) -> Result<Vec<Option<Value>>, Trouble> {
        let cells = self.cells(name, true);
        if cells.is_empty() && name.form.is_some() {
            let filed = name
                .form
                .as_deref()
                .is_some_and(|form| self.unit.table_of(form).is_some());
            if !filed {
                return Err(Trouble::Missing);
            }
        }
        if cells.iter().any(|at| self.unit.tables[at.table].incomplete) && cells.len() > 1 {
            return Err(Trouble::Missing);
        }
        let present = |at: &&CellRef| {
            self.unit
                .cell(**at)
                .is_some_and(|cell| cell.state != CellState::Absent)
        };
        cells
            .iter()
            .filter(present)
            .map(|at| self.read(*at))
            .collect()
    }

    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble> {
        match self.past_of(past, name, false)?.as_slice() {
            [one] => Ok(one.clone()),
            _ => Err(Trouble::Missing),
        }
    }

    fn past_values(&self, past: Past, name: &Name) -> Result<Vec<Option<Value>>, Trouble> {
        self.past_of(past, name, true)
    }

    fn is_blank(&self, name: &Name) -> Result<bool, Trouble> {
        match self.cells(name, false).as_slice() {
            // A total row has figures only: that it names no text says nothing.
            [one] if one.row == RowRef::Total && !self.is_figure(*one) => Err(Trouble::Missing),
            [one] => Ok(match self.read(*one)? {
                // A box is ticked or left blank.
                None | Some(Value::Flag(false)) => true,
                Some(_) => false,
            }),
            _ => Err(Trouble::Missing),
        }
    }

    fn units(&self, _form: &Name) -> Result<Number, Trouble> {
        Err(Trouble::Missing)
    }

    fn blank_is_zero(&self) -> bool {
        self.blank != BlankPolicy::SkipAny
    }
}

/// «Tổng số», with the row where columns alone would not tell. The finding itself says the cell.
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
            "«Trực tuyến › Số» is 1.944, should equal 1.494 (= sum of B1:B2 on sheet «Trang chi_tiet»); off by 450."
        );
        assert_eq!(
            check(&tables("1944")[..1], None),
            [],
            "the other form is not in"
        );
    }
}
