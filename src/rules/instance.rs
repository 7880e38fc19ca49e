//! A rule at one place (row, column or cell): what is evaluated, explained and searched for
//! suspects.

use super::page::Page;
use super::rounding;
use super::scope::{CellRef, InstanceScope, RowRef, RulePlace, Supposed, UnitTables, distinct};
use crate::extract::CellState;
use crate::model::Filer;
use crate::schema::Rule;
use crate::schema::RuleScope;
use crate::schema::checked::Origin;
use crate::schema::derived;
use crate::schema::evaluate::{Lack, Trouble, holds};
use crate::schema::expression::Expr;
use crate::schema::resolve::Site;
use crate::schema::rule_text::BlankPolicy;

/// The page of the user guide about total rows.
pub const PAGE: Page = Page {
    title: "Dòng tổng khác tổng các dòng",
    rules: &[(derived::TOTAL, "lỗi")],
    what: "So dòng tổng với tổng các dòng ở trên, ở từng cột cộng được. Dòng tổng chỉ được kiểm tra, không bao giờ được cộng vào tổng hợp.",
    why: "Dòng tổng sai là dấu hiệu có dòng gõ nhầm, sót dòng, hoặc công thức cộng thiếu vùng. Số toàn tỉnh được cộng từ các dòng, nên hai con số sẽ khác nhau trong báo cáo ký gửi.",
    parameters: "Có ở mọi biểu có dòng tự thêm và khai `layout.total`; không phải viết quy tắc. Cột không cộng thì khai `aggregate = \"none\"`.",
    example: "Hai dòng ghi 45 và 30, dòng tổng ghi 57: phải là 75, lệch -18.",
    clerk: "«Dòng tổng phải bằng tổng các dòng ở trên. «Tổng cộng › Người dự» ghi 57, phải bằng 75; lệch -18.» Cán bộ xem lại dòng tổng và các dòng, sửa chỗ sai; nên để công thức của mẫu tự cộng.",
};

/// A rule at a place.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The rule.
    pub rule: Rule,
    /// Index into [`UnitTables::tables`] of the table whose rule it is.
    pub table: usize,
    /// Where it is evaluated.
    pub place: RulePlace,
    /// Every cell it reads, left to right as written.
    pub cells: Vec<CellRef>,
}

/// The outcome of evaluating a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It does not apply: its condition does not hold, or there is no such cell.
    NotAsked,
    /// A figure it needs is not there; says nothing about the data.
    Missing(Lack),
    /// It cannot be computed; says nothing about the data.
    Broken(crate::model::Message),
}

/// Every rule of every table at every place it applies to.
pub fn all(unit: &UnitTables<'_>) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let kind = unit.kind;
        let filer = kind.map(|kind| Filer {
            code: unit.unit,
            kind,
        });
        let rules = read.form.rules.iter();
        for rule in rules.filter(|rule| rule.concerns(filer)) {
            let places = places(unit, table, rule).into_iter();
            let rules = places.map(|place| instance(unit, table, rule, place));
            instances.extend(rules.filter(|rule| rule.has_subject(unit)));
        }
    }
    instances
}

fn places(unit: &UnitTables<'_>, table: usize, rule: &Rule) -> Vec<RulePlace> {
    let read = &unit.tables[table];
    match rule.scope {
        RuleScope::Once => vec![RulePlace::Once],
        RuleScope::At(Site::Total) if read.total.is_none() => Vec::new(),
        RuleScope::At(site) => RulePlace::of(site).into_iter().collect(),
        RuleScope::EachColumn => (0..read.form.file.columns.len())
            .filter(|column| rule.places.has(Site::Column(*column)))
            .map(RulePlace::Column)
            .collect(),
        RuleScope::EachRow => {
            let fixed = |row: &usize| read.rows.get(*row).and_then(|row| row.row);
            let asked =
                |row: &usize| fixed(row).is_none_or(|fixed| rule.places.has(Site::Row(fixed)));
            let rows = (0..read.rows.len()).filter(asked).map(RowRef::Row);
            let total = read.total.is_some()
                && read.form.asks_total(rule)
                && !leaves_out_rows(unit, table, rule);
            rows.chain(total.then_some(RowRef::Total))
                .map(RulePlace::Row)
                .collect()
        }
    }
}

/// Is there a row that a rule passes over because of a blank, and whose other figures the total row
/// adds up? Then nothing follows for the total row from the rows.
fn leaves_out_rows(unit: &UnitTables<'_>, table: usize, rule: &Rule) -> bool {
    if rule.blank != BlankPolicy::SkipAny || rule.origin != Origin::Written {
        return false;
    }
    // Who asks for the total row gets it.
    if rule.places.total.is_some() {
        return false;
    }
    let filled = |at: &CellRef| unit.cell(*at).is_some_and(|cell| cell.value().is_some());
    let mut rows = (0..unit.tables[table].rows.len()).map(RowRef::Row);
    rows.any(|row| {
        let instance = instance(unit, table, rule, RulePlace::Row(row));
        let check = holds(&rule.check, &instance.scope(unit, &[]));
        check == Err(Trouble::Missing(Lack::Blank)) && instance.cells.iter().any(filled)
    })
}

fn instance(unit: &UnitTables<'_>, table: usize, rule: &Rule, place: RulePlace) -> Instance {
    let scope = InstanceScope {
        unit,
        table,
        place,
        blank: rule.blank,
        suppose: &[],
    };
    Instance {
        cells: collect(&rule.check, &scope),
        rule: rule.clone(),
        table,
        place,
    }
}

/// The cells of this period that an expression reads, each once, left to right.
pub fn collect(expr: &Expr, scope: &InstanceScope<'_>) -> Vec<CellRef> {
    let reads = expr.reads().into_iter();
    let now = reads.filter(|read| read.past.is_none());
    distinct(now.flat_map(|read| scope.cells(read.name, read.folded)))
}

impl Instance {
    /// The cell that a rule which follows from a field is about; `None` for a written rule.
    pub fn subject(&self) -> Option<CellRef> {
        let (row, column) = match self.rule.origin {
            Origin::Written => return None,
            Origin::Ratio { row, column } => (row.map(RowRef::Row), column),
            Origin::Total { column } => (Some(RowRef::Total), column),
        };
        let here = match self.place {
            RulePlace::Row(row) => Some(row),
            RulePlace::Column(_) | RulePlace::Once => None,
        };
        Some(CellRef {
            table: self.table,
            row: row.or(here)?,
            column,
        })
    }

    /// False for a rule about one cell where the table has no such cell.
    fn has_subject(&self, unit: &UnitTables<'_>) -> bool {
        let subject = self.subject();
        let state = |at| unit.cell(at).map(|cell| &cell.state);
        subject.is_none_or(|at| state(at).is_some_and(|state| *state != CellState::Absent))
    }

    /// The scope of this instance, with other values supposed in some cells.
    pub fn scope<'a>(&self, unit: &'a UnitTables<'a>, suppose: Supposed<'a>) -> InstanceScope<'a> {
        InstanceScope {
            unit,
            table: self.table,
            place: self.place,
            blank: self.rule.blank,
            suppose,
        }
    }

    /// Evaluates the rule.
    pub fn ask(&self, unit: &UnitTables<'_>, suppose: Supposed<'_>) -> Verdict {
        let scope = self.scope(unit, suppose);
        if let Some(when) = &self.rule.when {
            // It applies only if the condition holds whatever the figures were before rounding.
            let truth = holds(when, &scope).and_then(|_| rounding::judge(when, &scope));
            match truth {
                Ok(truth) if truth.must => {}
                Ok(_) => return Verdict::NotAsked,
                Err(trouble) => return trouble.into(),
            }
        }
        let check = holds(&self.rule.check, &scope);
        if let Err(Trouble::NotAsked) = check {
            return Verdict::NotAsked;
        }
        let state = |at: &CellRef| unit.cell(*at).map(|cell| &cell.state);
        if self
            .cells
            .iter()
            .any(|at| state(at) == Some(&CellState::Unreadable))
        {
            return Verdict::Missing(Lack::Unreadable);
        }
        let blank = |at: &CellRef| unit.cell(*at).is_none_or(|c| c.value().is_none());
        if self.rule.blank == BlankPolicy::SkipAll && self.cells.iter().all(blank) {
            return match check {
                Err(Trouble::Missing(lack)) => Verdict::Missing(lack),
                _ => Verdict::Missing(Lack::Blank),
            };
        }
        match check {
            Ok(true) => Verdict::Pass,
            Ok(false) if self.rule.rounds_itself() => Verdict::Fail,
            Ok(false) => match rounding::judge(&self.rule.check, &scope) {
                Ok(truth) if truth.can => Verdict::Pass,
                _ => Verdict::Fail,
            },
            Err(trouble) => trouble.into(),
        }
    }
}

impl From<Trouble> for Verdict {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotAsked => Verdict::NotAsked,
            Trouble::Missing(lack) => Verdict::Missing(lack),
            Trouble::Broken(message) => Verdict::Broken(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table, with_total};
    use super::*;

    #[test]
    fn a_total_row_is_the_sum_of_its_rows_in_every_column_that_is_added_up() {
        let form = form(
            "abc",
            "free",
            "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"lop\"\nlabel = \"Lớp\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"nguoi\"\nlabel = \"Người dự\"\n\
             [[column]]\nid = \"thang\"\nlabel = \"Tháng\"\naggregate = \"none\"\n",
        );
        let two = || table(&form, &[&["a", "45", "3"], &["b", "30", "4"]]);
        assert_eq!(check(&[with_total(two(), &["", "75", "9"])], None), []);
        let told = &check(&[with_total(two(), &["", "57", ""])], None)[0];
        assert_eq!(
            (told.rule.as_str(), told.cell.as_str()),
            (derived::TOTAL, "B3")
        );
        assert!(
            told.vi.ends_with(
                "«Tổng cộng › Người dự» ghi 57, phải bằng 75 (= tổng các ô B1:B2); lệch -18."
            ),
            "{}",
            told.vi
        );
        // A blank total below figures is wrong; below blanks it is right.
        assert_eq!(check(&[with_total(two(), &["", "", ""])], None).len(), 1);
        let none = table(&form, &[&["a", "", ""]]);
        assert_eq!(check(&[with_total(none, &["", "", ""])], None), []);
    }

    #[test]
    fn a_total_row_is_asked_only_what_follows_from_the_rows() {
        let parsed = |rule: &str| {
            form(
                "abc",
                "free",
                &format!(
                    "total = \"Cộng\"\n[defaults]\ntype = \"count\"\n\
                     [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
                     [[column]]\nid = \"a\"\nlabel = \"A\"\nblank = \"nothing\"\n\
                     [[column]]\nid = \"b\"\nlabel = \"B\"\nblank = \"nothing\"\n\
                     [[rule]]\nid = \"r\"\n{rule}\n"
                ),
            )
        };
        let failed = |rule: &str, rows: &[&[&str]], total: &[&str]| {
            let form = parsed(rule);
            let told = check(&[with_total(table(&form, rows), total)], None);
            told.into_iter().map(|one| one.cell).collect::<Vec<_>>()
        };
        let rule = "check = \"a <= b\"";
        // The second row has no b: its a is in the total all the same.
        let rows: [&[&str]; 2] = [&["x", "3", "4"], &["y", "5", ""]];
        let total = ["", "8", "4"];
        assert_eq!(failed(rule, &rows, &total), [""; 0]);
        let always = format!("{rule}\ntotal_row = true");
        assert_eq!(failed(&always, &rows, &total), ["B3"]);
        let zero = format!("{rule}\nblank = \"zero\"");
        assert_eq!(failed(&zero, &rows, &total), ["B2", "B3"]);
        // A row without either adds nothing to either.
        let rows: [&[&str]; 2] = [&["x", "5", "4"], &["y", "", ""]];
        assert_eq!(failed(rule, &rows, &["", "5", "4"]), ["B1", "B3"]);
    }
}
