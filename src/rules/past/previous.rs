//! Closed periods' figures, looked up the way rules need them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{Fact, Number, Value};
use crate::rules::page::Page;
use crate::schema::expression::Past;
use crate::text::normalise;

/// The page of the user guide about figures that continue last period's.
pub const PAGE: Page = Page {
    title: "Số liệu nối với kỳ trước",
    rules: &[],
    what: "`PREV(tên)` là chính ô đó ở kỳ trước đã chốt, lấy từ kho lưu trữ, không lấy từ số đơn vị gõ. Đầu kỳ phải bằng cuối kỳ trước; lũy kế không được giảm. `PREVYEAR(tên)` là số cùng kỳ năm trước, `YTD(tên)` là tổng các kỳ đã chốt trong năm. Thuộc nhóm `history`. Ở biểu có dòng tự thêm, dòng kỳ trước được tìm theo tên; dòng không có ở kỳ trước mà ghi số nối tiếp (đầu kỳ khác 0), và dòng kỳ trước còn số mà kỳ này không có, là cảnh báo của chính quy tắc ấy, kèm tên cũ gần nhất. Dòng mà chỉ một trong các đơn vị cũ đã nhập có cũng vậy.",
    why: "Gõ lại số kỳ trước là chỗ sai nhiều nhất của biểu lũy kế, và sai một lần thì mọi kỳ sau đều sai.",
    parameters: "```toml\ncheck = \"dau_ky = PREV(cuoi_ky)\"    # đầu kỳ này là cuối kỳ trước\ncheck = \"luy_ke >= PREV(luy_ke)\"    # lũy kế không giảm\ncheck = \"luy_ke = YTD(trong_ky) + trong_ky\"\n```\n\nKỳ trước là kỳ liền trước theo lịch, hoặc `previous` trong `campaign.toml`. Kho không có số thì quy tắc không được hỏi và được đếm là «chưa có số kỳ trước».",
    example: "Cuối kỳ trước 61, đầu kỳ này ghi 16: lệch -45.",
    clerk: "«Đầu kỳ» ghi 16, phải bằng 61 (số đã chốt kỳ trước); lệch -45. Cán bộ chép đúng số đã báo cáo; nếu số kỳ trước sai thì báo cơ quan nhận báo cáo. «Dòng «Cầu số 7» không có ở kỳ trước đã chốt mà «Đầu kỳ» ghi 500; dòng mới thì phải là 0»: ghi đúng tên kỳ trước, hoặc giải trình.",
};

/// The closed periods that rules reach into: the previous one, the same of last year, and those of
/// this year. Nothing of a period that the archive lacks.
#[derive(Debug, Clone, Default)]
pub struct PreviousFigures {
    previous: PeriodFigures,
    year_before: PeriodFigures,
    /// In order; `None` if one of them is lacking, so that no sum is ever a part of one.
    this_year: Option<Vec<PeriodFigures>>,
}

/// Codes of the units that had to file a form in a closed period, by form id. Nothing is known of a
/// form it does not have.
pub type Expected = HashMap<String, HashSet<String>>;

/// Figures of one closed period by unit, form, row and column.
#[derive(Debug, Clone, Default)]
pub struct PeriodFigures {
    pub(super) units: HashMap<String, HashMap<String, FormFigures>>,
    pub(super) expected: Expected,
}

/// Figures of one form of one unit.
#[derive(Debug, Clone, Default)]
pub(super) struct FormFigures {
    /// Row key (normalised) -> column id -> figures.
    pub(super) rows: BTreeMap<String, HashMap<String, Figures>>,
    /// Row keys as they were typed, in the order they were archived; one for each row.
    pub(super) keys: Vec<Arc<str>>,
    /// Columns that lack a figure, so that their rows make no whole.
    pub(super) broken: HashSet<String>,
    /// Names of the former units whose figures these are; none if the unit filed them itself.
    pub(super) inherited: Vec<String>,
}

/// The values under one row key in one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// Usually one; two rows of one name keep theirs apart.
    pub(super) all: Vec<Value>,
    /// Is a part of it missing? Then it counts in the sum of its column, but is not used as the
    /// figure of its row.
    pub(super) partial: bool,
}

/// What one row of the previous period held.
#[derive(Debug, Clone, Copy)]
pub struct PreviousRow<'a> {
    /// Row id, or the free row's key as it was typed.
    pub key: &'a str,
    cells: Option<&'a HashMap<String, Figures>>,
}

impl PreviousRow<'_> {
    /// The figure of a column; `None` if there is none, or more than one.
    pub fn value(&self, column: &str) -> Option<&Value> {
        self.cells?.get(column)?.one()
    }

    /// The only figure of a column, though some of the former units it is of may have none.
    pub fn part(&self, column: &str) -> Option<&Value> {
        match self.cells?.get(column)?.all.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl PeriodFigures {
    /// Indexes the facts of a closed period.
    pub fn new(facts: &[Fact]) -> Self {
        let mut figures = PeriodFigures::default();
        for fact in facts {
            let units = figures.units.entry(fact.unit.to_string()).or_default();
            let form = units.entry(fact.form.to_string()).or_default();
            form.name(&fact.row);
            let row = form.rows.entry(normalise(&fact.row)).or_default();
            let cell = row.entry(fact.column.to_string()).or_default();
            cell.all.push(fact.value.clone());
        }
        figures
    }

    /// Says which units had to file.
    #[must_use]
    pub fn expecting(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }

    /// Did this unit have to file this form? True where nobody knows.
    pub(super) fn was_due(&self, unit: &str, form: &str) -> bool {
        let expected = self.expected.get(form);
        expected.is_none_or(|units| units.contains(unit))
    }

    /// Has this unit filed this form?
    pub(super) fn has(&self, unit: &str, form: &str) -> bool {
        let forms = self.units.get(unit);
        forms.is_some_and(|forms| forms.contains_key(form))
    }

    fn value(&self, unit: &str, form: &str, row: &str, column: &str) -> Option<&Value> {
        let rows = &self.units.get(unit)?.get(form)?.rows;
        rows.get(&normalise(row))?.get(column)?.one()
    }

    fn rows(
        &self,
        unit: &str,
        form: &str,
        row: Option<&str>,
        column: &str,
    ) -> Option<Vec<(usize, Value)>> {
        let form = self.units.get(unit)?.get(form)?;
        if form.broken.contains(column) {
            return None;
        }
        let wanted = row.map(normalise);
        let rows = form.rows.iter().enumerate();
        let rows = rows.filter(|(_, (key, _))| wanted.as_ref().is_none_or(|wanted| wanted == *key));
        let cells = rows.filter_map(|(number, (_, cells))| Some((number, cells.get(column)?)));
        Some(
            cells
                .flat_map(|(number, cell)| {
                    cell.all.iter().map(move |value| (number, value.clone()))
                })
                .collect(),
        )
    }

    fn column(&self, unit: &str, form: &str, column: &str) -> Option<Vec<Value>> {
        let form = self.units.get(unit)?.get(form)?;
        if form.broken.contains(column) {
            return None;
        }
        let cells = form.rows.values().filter_map(|cells| cells.get(column));
        Some(cells.flat_map(|cell| cell.all.clone()).collect())
    }
}

impl FormFigures {
    /// Keeps a key as it was typed, unless its row is known.
    pub(super) fn name(&mut self, key: &Arc<str>) {
        if !self.rows.contains_key(&normalise(key)) {
            self.keys.push(key.clone());
        }
    }
}

impl Figures {
    /// The figure of the row; `None` if there is none, or more than one.
    pub(super) fn one(&self) -> Option<&Value> {
        match self.all.as_slice() {
            [one] if !self.partial => Some(one),
            _ => None,
        }
    }
}

impl PreviousFigures {
    /// The facts of the closed previous period alone.
    pub fn new(facts: &[Fact]) -> Self {
        Self::of_periods(PeriodFigures::new(facts), PeriodFigures::default(), None)
    }

    /// Closed periods; `this_year` is `None` if the archive lacks one of them.
    pub fn of_periods(
        previous: PeriodFigures,
        year_before: PeriodFigures,
        this_year: Option<Vec<PeriodFigures>>,
    ) -> Self {
        Self {
            previous,
            year_before,
            this_year,
        }
    }

    /// One figure of the previous period; `None` if the archive has none.
    pub fn value(&self, unit: &str, form: &str, row: &str, column: &str) -> Option<&Value> {
        self.previous.value(unit, form, row, column)
    }

    /// Every row of a form in the previous period, by its key as it was typed, in the order they
    /// were archived.
    pub fn rows<'a>(
        &'a self,
        unit: &str,
        form: &str,
    ) -> impl ExactSizeIterator<Item = PreviousRow<'a>> + use<'a> {
        let form = self
            .previous
            .units
            .get(unit)
            .and_then(|forms| forms.get(form));
        let keys = form.map_or(&[][..], |form| &form.keys);
        keys.iter().map(move |key| PreviousRow {
            key,
            cells: form.and_then(|form| form.rows.get(&normalise(key))),
        })
    }

    /// All figures of a column in the previous period; `None` if the archive has nothing of the
    /// form for this unit.
    pub fn column(&self, unit: &str, form: &str, column: &str) -> Option<Vec<Value>> {
        self.previous.column(unit, form, column)
    }

    /// Names of the former units whose figures of a form, added up, count as those of a unit; none if
    /// it filed them itself.
    pub fn inherited(&self, past: Past, unit: &str, form: &str) -> &[String] {
        let periods = match past {
            Past::Previous => std::slice::from_ref(&self.previous),
            Past::YearBefore => std::slice::from_ref(&self.year_before),
            Past::YearToDate => self.this_year.as_deref().unwrap_or_default(),
        };
        let filed = periods
            .iter()
            .filter_map(|period| period.units.get(unit)?.get(form));
        let mut inherited = filed.map(|filed| filed.inherited.as_slice());
        inherited
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    }

    /// How many closed periods the year to date adds up.
    pub fn periods_to_date(&self) -> usize {
        self.this_year.as_ref().map_or(0, Vec::len)
    }

    /// One figure of closed periods; `None` if the archive has none, or not all of it. The year to
    /// date of the first period of a year is 0.
    pub fn past(
        &self,
        past: Past,
        unit: &str,
        form: &str,
        row: &str,
        column: &str,
    ) -> Option<Value> {
        let one = |period: &PeriodFigures| period.value(unit, form, row, column).cloned();
        match past {
            Past::Previous => one(&self.previous),
            Past::YearBefore => one(&self.year_before),
            Past::YearToDate => {
                let mut sum = Number::ZERO;
                for period in self.this_year.as_ref()? {
                    sum = sum.checked_add(one(period)?.as_number()?)?;
                }
                Some(Value::Number(sum))
            }
        }
    }

    /// The figures of a column in closed periods, or of one of its rows, each with a number that is
    /// the same for the figures of one row in every column; `None` if the archive has nothing of
    /// the form for this unit, or not all of the column.
    pub fn past_rows(
        &self,
        past: Past,
        unit: &str,
        form: &str,
        row: Option<&str>,
        column: &str,
    ) -> Option<Vec<(usize, Value)>> {
        let all = |period: &PeriodFigures| period.rows(unit, form, row, column);
        match past {
            Past::Previous => all(&self.previous),
            Past::YearBefore => all(&self.year_before),
            Past::YearToDate => {
                // Before the first period of the year there is nothing, and its sum is 0.
                let mut values = vec![(0, Value::Number(Number::ZERO))];
                for period in self.this_year.as_ref()? {
                    values.extend(all(period)?);
                }
                Some(values)
            }
        }
    }

    /// All figures of a column in closed periods, for a fold over them.
    pub fn past_column(
        &self,
        past: Past,
        unit: &str,
        form: &str,
        column: &str,
    ) -> Option<Vec<Value>> {
        let all = |period: &PeriodFigures| period.column(unit, form, column);
        match past {
            Past::Previous => all(&self.previous),
            Past::YearBefore => all(&self.year_before),
            Past::YearToDate => {
                // Before the first period of the year there is nothing, and its sum is 0.
                let mut values = vec![Value::Number(Number::ZERO)];
                for period in self.this_year.as_ref()? {
                    values.extend(all(period)?);
                }
                Some(values)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(unit: &str, row: &str, value: i64) -> Fact {
        Fact {
            period: None,
            unit: unit.into(),
            form: "b".into(),
            row: row.into(),
            column: "so".into(),
            value: Value::Number(value.into()),
            source: None,
        }
    }

    #[test]
    fn two_rows_of_one_name_are_both_kept() {
        let previous = PreviousFigures::new(&[fact("u", "Hộ tịch", 3), fact("u", "HỘ TỊCH", 4)]);
        let column = previous.column("u", "b", "so").unwrap();
        assert_eq!(column, [Value::Number(3.into()), Value::Number(4.into())]);
        assert_eq!(previous.value("u", "b", "hộ tịch", "so"), None);
    }

    fn year(months: &[&[Fact]]) -> PreviousFigures {
        let months = months.iter().map(|facts| PeriodFigures::new(facts));
        let (none, months) = (PeriodFigures::default(), months.collect());
        PreviousFigures::of_periods(none.clone(), none, Some(months))
    }

    #[test]
    fn the_year_to_date_adds_up_every_month_or_is_nothing() {
        let figures = year(&[
            &[fact("u", "gui", 3), fact("v", "gui", 1)],
            &[fact("u", "gui", 4)],
        ]);
        let ytd = |unit| figures.past(Past::YearToDate, unit, "b", "gui", "so");
        assert_eq!(ytd("u"), Some(Value::Number(7.into())));
        assert_eq!(ytd("v"), None, "one month of two is no year to date");
        assert_eq!(
            year(&[]).past(Past::YearToDate, "u", "b", "gui", "so"),
            Some(Value::Number(0.into())),
            "January"
        );
        assert_eq!(
            PreviousFigures::new(&[]).past(Past::YearToDate, "u", "b", "gui", "so"),
            None
        );
    }

    #[test]
    fn a_cumulated_figure_does_not_fall() {
        use crate::rules::testing::{PAIRS, example};
        let wrong = "rows = [{ ten = \"a\", luy_ke = 5 }]\nprevious = { \"a.luy_ke\" = 7 }";
        let told = &example(PAIRS, wrong)[0];
        assert_eq!(
            told.vi,
            "Lũy kế không thể giảm. «a › Lũy kế» ghi 5, không được nhỏ hơn 7 (số đã chốt kỳ trước)."
        );
        assert!(
            told.en
                .ends_with("is 5, should be at least 7 (closed last period)."),
            "{}",
            told.en
        );
        let right = "rows = [{ ten = \"a\", luy_ke = 7 }]\nprevious = { \"a.luy_ke\" = 7 }";
        assert_eq!(example(PAIRS, right), []);
    }
}
