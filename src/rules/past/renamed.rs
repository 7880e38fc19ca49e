//! Rows that units add and that begin or end between two periods: a rule that continues last
//! period's figure (`x = PREV(y)`) finds none under a new name, so that a renamed row would pass with
//! any figure. These rows are asked about.

use std::collections::BTreeSet;

use super::previous::PreviousRow;
use crate::model::value::{Shown, message};
use crate::model::{CellAddress, Class, Finding, Lang, Message, Number, Severity, Value};
use crate::rules::scope::{CellRef, InstanceScope, RowRef, RulePlace, UnitTables};
use crate::schema::Form;
use crate::schema::determined::Determined;
use crate::schema::evaluate::{Entry, Scope, Trouble, number};
use crate::schema::expression::{Expr, Name, Past};
use crate::schema::resolve::Site;
use crate::text::{nearest, normalise};

/// Most rows listed.
const LISTED: usize = 8;

/// What rules that continue last period's figures say of rows that only one of the periods has.
pub fn check(unit: &UnitTables<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, table) in unit.tables.iter().enumerate() {
        let form = &table.form;
        let before: Vec<PreviousRow<'_>> = match unit.previous {
            Some(previous) if form.is_free() && !table.incomplete => {
                previous.rows(unit.unit, form.id()).collect()
            }
            _ => continue,
        };
        if before.is_empty() {
            continue;
        }
        for column in 0..form.file.columns.len() {
            let continued = |right: &Expr, site: Site| {
                site == Site::FreeRow && !read_before(form, right, site).is_empty()
            };
            if let Some(says) = form.determined_by(None, column, &continued) {
                let continued = Continued {
                    unit,
                    table: index,
                    column,
                    says,
                    read: read_before(form, says.right, says.site),
                    before: &before,
                };
                findings.extend(continued.findings());
            }
        }
    }
    findings
}

/// Columns (from 0) of the same row of last period that an expression reads.
fn read_before(form: &Form, right: &Expr, site: Site) -> Vec<usize> {
    let reads = right.reads().into_iter();
    let reads = reads.filter(|read| read.past == Some(Past::Previous) && !read.folded);
    reads
        .filter_map(|read| Some(form.own_cell(read.name, site)?.column))
        .collect()
}

/// A column whose figures continue those of last period.
struct Continued<'a> {
    unit: &'a UnitTables<'a>,
    table: usize,
    column: usize,
    says: Determined<'a>,
    /// Columns of last period it reads.
    read: Vec<usize>,
    before: &'a [PreviousRow<'a>],
}

/// A row of last period that has a figure to continue and is not there any more.
struct Gone<'a> {
    name: &'a str,
    figure: Number,
}

impl Continued<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut gone = self.gone();
        let rows = self.unit.tables[self.table].rows.len();
        let mut findings = Vec::new();
        for row in (0..rows).map(RowRef::Row) {
            if self.is_repeated(row) {
                continue;
            }
            findings.extend(match self.row_before(row) {
                None => self.begun(row, &mut gone),
                Some(before) => self.inherited(row, before),
            });
        }
        findings.extend(self.ended(&gone));
        findings
    }

    fn form(&self) -> &Form {
        &self.unit.tables[self.table].form
    }

    fn column_id(&self, column: usize) -> &str {
        let column = self.form().file.columns.get(column);
        column.map_or("", |column| column.id.get_ref())
    }

    fn at(&self, row: RowRef) -> CellRef {
        CellRef {
            table: self.table,
            row,
            column: self.column,
        }
    }

    fn key(&self, row: RowRef) -> &str {
        self.unit.row(self.at(row)).map_or("", |row| &*row.key)
    }

    /// Has another row its name, so that reading added a number to it? That is told already.
    fn is_repeated(&self, row: RowRef) -> bool {
        let Some((name, number)) = self.key(row).rsplit_once(" (") else {
            return false;
        };
        let number = number.strip_suffix(')').unwrap_or_default();
        let mut rows = self.unit.tables[self.table].rows.iter();
        number.parse::<u32>().is_ok() && rows.any(|row| normalise(&row.key) == normalise(name))
    }

    fn row_before(&self, row: RowRef) -> Option<&PreviousRow<'_>> {
        let key = normalise(self.key(row));
        self.before.iter().find(|row| normalise(row.key) == key)
    }

    /// The rows of last period that are gone, with the first figure other than 0 to be continued.
    fn gone(&self) -> Vec<Gone<'_>> {
        let rows = self.unit.tables[self.table].rows.iter();
        let now: BTreeSet<String> = rows.map(|row| normalise(&row.key)).collect();
        let gone = self
            .before
            .iter()
            .filter(|row| !now.contains(&normalise(row.key)));
        gone.filter_map(|row| {
            let figures = self.read.iter().filter_map(|column| {
                let figure = row.part(self.column_id(*column))?.as_number()?;
                (!figure.is_zero()).then_some(figure)
            });
            let name = row.key;
            figures
                .into_iter()
                .next()
                .map(|figure| Gone { name, figure })
        })
        .collect()
    }

    /// A row that is new and whose figure is not what the rule gives with nothing before. A row of
    /// last period that it may be is no longer reported by itself.
    fn begun(&self, row: RowRef, gone: &mut Vec<Gone<'_>>) -> Option<Finding> {
        let found = self.unit.figure(self.at(row))?;
        let scope = NothingBefore(InstanceScope {
            unit: self.unit,
            table: self.table,
            place: RulePlace::Row(row),
            blank: self.says.rule.blank,
            suppose: &[],
        });
        let wanted = number(self.says.right, &scope).ok()?;
        if found == wanted {
            return None;
        }
        let name = self.key(row);
        let label = self.form().cell_label(None, self.column);
        let first = message!(
            found, wanted;
            "Dòng «{name}» không có ở kỳ trước đã chốt mà «{label}» ghi {found}; dòng mới thì phải là {wanted}.",
            "Row `{name}` is not in the closed last period, yet «{label}» is {found}; of a new row it should be {wanted}."
        );
        let due = found.checked_sub(wanted)?;
        let more = match self.renamed(name, due, gone) {
            Some(Gone { name, figure }) => message!(
                figure;
                " Có phải là dòng «{name}» của kỳ trước (số đã chốt {figure})? Nếu phải, hãy ghi đúng tên kỳ trước; nếu không, hãy giải trình.",
                " Is it row `{name}` of last period (closed at {figure})? If so, write its name as it was; if not, explain."
            ),
            None => Message::new(
                " Nếu dòng đã đổi tên, hãy ghi đúng tên kỳ trước; nếu số này đúng, hãy giải trình.",
                " If the row was renamed, write its name as it was; if the figure is right, explain.",
            ),
        };
        let finding = self.finding(&first).adding(&more);
        let cell = self.unit.cell(self.at(row))?.address?;
        let finding = self
            .located(finding, cell)
            .value(Some(Value::Number(found)));
        Some(finding.expected(Some(Value::Number(wanted))))
    }

    /// Takes the row that a new one may be out of those that are gone: the nearest name, else the
    /// only one with the same figure.
    fn renamed<'g>(&self, name: &str, due: Number, gone: &mut Vec<Gone<'g>>) -> Option<Gone<'g>> {
        let near = nearest(name, gone.iter().map(|gone| gone.name));
        let at = match near {
            Some(near) => gone.iter().position(|gone| gone.name == near),
            None => {
                let same = |gone: &Gone<'_>| gone.figure == due;
                let several = gone.iter().filter(|gone| same(gone)).count() > 1;
                gone.iter().position(same).filter(|_| !several)
            }
        };
        at.map(|at| gone.remove(at))
    }

    /// A row that only some of the units had that this one was made of: what they had is last
    /// period's figure, if no other row of theirs goes by another name.
    fn inherited(&self, row: RowRef, before: &PreviousRow<'_>) -> Option<Finding> {
        let [column] = self.read[..] else { return None };
        self.says.right.as_past()?;
        let id = self.column_id(column);
        if before.value(id).is_some() {
            return None;
        }
        let wanted = before.part(id)?.as_number()?;
        let found = self.unit.figure(self.at(row))?;
        if found == wanted {
            return None;
        }
        let (name, label) = (self.key(row), self.form().cell_label(None, self.column));
        let words = message!(
            found, wanted;
            "Dòng «{name}»: «{label}» ghi {found}, nhưng các đơn vị cũ chỉ chốt {wanted} ở dòng cùng tên (có đơn vị cũ không có dòng này). Nếu dòng gộp cả dòng tên khác của đơn vị cũ, hãy giải trình; nếu không, hãy sửa lại.",
            "Row `{name}`: «{label}» is {found}, but the former units closed a row of this name at {wanted} (some of them had no such row). Explain if it also holds a row of another name; else correct it."
        );
        let cell = self.unit.cell(self.at(row))?.address?;
        let finding = self.located(self.finding(&words), cell);
        let finding = finding.value(Some(Value::Number(found)));
        Some(finding.expected(Some(Value::Number(wanted))))
    }

    /// The rows that are gone, as one finding: at the total row, which lacks them, or at the first
    /// row.
    fn ended(&self, gone: &[Gone<'_>]) -> Option<Finding> {
        if gone.is_empty() {
            return None;
        }
        let listed = |lang: Lang| {
            let each = gone.iter().take(LISTED);
            let each: Vec<String> = each
                .map(|gone| format!("«{}» ({})", gone.name, gone.figure.shown(lang)))
                .collect();
            let more = if gone.len() > LISTED { ", ..." } else { "" };
            format!("{}{more}", each.join(", "))
        };
        let label = self.form().cell_label(None, self.column);
        let (vi, en) = (listed(Lang::Vi), listed(Lang::En));
        let words = Message::new(
            format!(
                "Kỳ trước còn số ở {} dòng mà kỳ này không có: {vi}; «{label}» không có số nối tiếp. Hãy ghi lại các dòng này, đúng tên; nếu đã xong hoặc đã đổi tên, hãy giải trình.",
                gone.len()
            ),
            format!(
                "Last period closed with figures in {} rows that are not there now: {en}; «{label}» does not continue them. Write these rows again under their names; if they have ended or were renamed, explain.",
                gone.len()
            ),
        );
        let table = &self.unit.tables[self.table];
        let mut rows = table.total.iter().chain(&table.rows);
        let cell = rows.find_map(|row| row.cells.get(self.column)?.address)?;
        Some(self.located(self.finding(&words), cell))
    }

    fn finding(&self, message: &Message) -> Finding {
        let table = &self.unit.tables[self.table];
        let (rule, severity) = (&self.says.rule.id, Severity::Warning);
        let finding = Finding::new(rule, Class::History, severity, &table.file, message.clone())
            .of_form(table.form.id());
        match self.says.rule.beta {
            true => finding.on_trial(),
            false => finding,
        }
    }

    fn located(&self, finding: Finding, cell: CellAddress) -> Finding {
        finding.at(&self.unit.tables[self.table].sheet, cell)
    }
}

/// A row seen as one that last period did not have: there was nothing in it.
struct NothingBefore<'a>(InstanceScope<'a>);

impl Scope for NothingBefore<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        Scope::value(&self.0, name)
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        Scope::values(&self.0, name)
    }

    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble> {
        match past {
            Past::Previous => Ok(Some(Value::Number(Number::ZERO))),
            Past::YearBefore | Past::YearToDate => Scope::past(&self.0, past, name),
        }
    }

    fn past_values(&self, past: Past, name: &Name) -> Result<Vec<Entry>, Trouble> {
        Scope::past_values(&self.0, past, name)
    }

    fn blank_is_zero(&self) -> bool {
        Scope::blank_is_zero(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::PreviousFigures;
    use crate::rules::testing::{Told, check, closed, form, table, with_total};
    use std::sync::Arc;

    use crate::schema::Form;

    fn stock() -> Arc<Form> {
        let rest = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"dau\"\nlabel = \"Đầu kỳ\"\n[[column]]\nid = \"moi\"\nlabel = \"Mới\"\n\
            [[column]]\nid = \"cuoi\"\nlabel = \"Cuối kỳ\"\n\
            [[rule]]\nid = \"dau-ky-lech\"\ncheck = \"dau = PREV(cuoi)\"\n\
            [[rule]]\nid = \"cuoi-ky-lech\"\ncheck = \"cuoi = dau + moi\"\n";
        form("kho", "free", rest)
    }

    fn before(form: &Arc<Form>) -> PreviousFigures {
        let rows: [&[&str]; 3] = [
            &["Dự án cầu Rạch Miễu", "0", "500", "500"],
            &["Dự án trường học", "0", "70", "70"],
            &["Đã xong", "9", "-9", "0"],
        ];
        closed(&table(form, &rows))
    }

    fn told(rows: &[&[&str]]) -> Vec<Told> {
        let form = stock();
        let sum = |column: usize| {
            let figures = rows.iter().map(|row| row[column].parse::<i64>().unwrap());
            figures.sum::<i64>().to_string()
        };
        let total = ["", &sum(1), &sum(2), &sum(3)];
        let now = with_total(table(&form, rows), &total);
        let told = check(&[now], Some(&before(&form))).into_iter();
        told.filter(|told| told.rule == "dau-ky-lech").collect()
    }

    #[test]
    fn a_renamed_row_does_not_pass_with_any_opening_figure() {
        let told = told(&[
            &["Dự án cầu Rạch Miễu 2", "400", "1", "401"],
            &["Dự án trường học", "70", "1", "71"],
        ]);
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0].cell, "B1");
        let said = &told[0].vi;
        assert!(
            said.contains("«Dự án cầu Rạch Miễu 2» không có ở kỳ trước"),
            "{said}"
        );
        assert!(
            said.contains("Có phải là dòng «Dự án cầu Rạch Miễu» của kỳ trước (số đã chốt 500)"),
            "{said}"
        );
    }

    #[test]
    fn a_row_with_another_name_is_known_by_its_figure() {
        let told = told(&[
            &["Cầu số 7", "500", "1", "501"],
            &["Dự án trường học", "70", "1", "71"],
        ]);
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(
            told[0].vi.contains("«Dự án cầu Rạch Miễu»"),
            "{}",
            told[0].vi
        );
    }

    #[test]
    fn rows_that_are_gone_are_named_and_those_that_closed_at_nothing_are_not() {
        let told = told(&[&["Dự án mới", "0", "5", "5"]]);
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0].cell, "B2", "the total row");
        let said = &told[0].vi;
        assert!(
            said.contains("2 dòng") && said.contains("«Dự án trường học» (70)"),
            "{said}"
        );
        assert!(!said.contains("Đã xong"), "{said}");
    }

    #[test]
    fn a_row_that_goes_on_and_a_new_one_with_nothing_before_are_right() {
        let told = told(&[
            &["Dự án cầu rạch miễu", "500", "1", "501"],
            &["Dự án trường học", "70", "1", "71"],
            &["Dự án mới", "0", "5", "5"],
        ]);
        assert!(told.is_empty(), "{told:#?}");
    }

    #[test]
    fn a_running_total_of_a_new_row_is_what_the_period_adds() {
        let rest = "[defaults]\ntype = \"count\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"moi\"\nlabel = \"Trong kỳ\"\n[[column]]\nid = \"luy_ke\"\nlabel = \"Lũy kế\"\n\
            [[rule]]\nid = \"luy-ke-lech\"\ncheck = \"luy_ke = PREV(luy_ke) + moi\"\n";
        let form = form("lk", "free", rest);
        let before = closed(&table(&form, &[&["A", "5", "50"]]));
        let now = |luy_ke: &str| {
            let rows: [&[&str]; 2] = [&["A", "1", "51"], &["B", "3", luy_ke]];
            let told = check(&[table(&form, &rows)], Some(&before));
            told.into_iter().map(|told| told.vi).collect::<Vec<_>>()
        };
        assert!(now("3").is_empty());
        assert!(
            now("30")[0].contains("dòng mới thì phải là 3"),
            "{:#?}",
            now("30")
        );
    }
}
