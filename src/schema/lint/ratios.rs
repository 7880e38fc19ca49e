//! Percentages and other ratios whose operands leave them without a figure for several units.

use std::collections::BTreeSet;

use super::hint::{Hint, hint};
use crate::model::Severity;
use crate::schema::checked::Form;
use crate::schema::rule::fold::Read;

/// Ratios that have a figure for one unit and none for several: an operand is a ratio at that cell,
/// or a figure of another period, of which totals are not kept.
pub(super) fn without_a_total(form: &Form) -> Vec<Hint> {
    let rows = match form.is_free() {
        true => vec![None],
        false => (0..form.file.rows.len()).map(Some).collect(),
    };
    let mut hints = Vec::new();
    let mut known = BTreeSet::new();
    for row in rows {
        for column in 0..form.file.columns.len() {
            let Some((read, of_past)) = lacks_total(form, row, column) else {
                continue;
            };
            if !known.insert((of_past, read.clone())) {
                continue;
            }
            let label = form.cell_label(row, column);
            hints.push(without(form, (row, column), &label, (&read, of_past)));
        }
    }
    hints
}

/// The first operand of a cell's ratio of which there is no total, as it is written, and whether that
/// is so because it is of another period.
fn lacks_total(form: &Form, row: Option<usize>, column: usize) -> Option<(String, bool)> {
    let of = form.ratio(row, column)?;
    let reads = [of.numerator(), of.denominator()];
    let mut reads = reads.into_iter().flat_map(|operand| operand.reads());
    let is_ratio = |read: &Read<'_>| {
        let cells = form.own_cells(read.name, read.folded, of.site);
        let mut fields = cells.iter().filter_map(|cell| cell.field());
        fields.any(|field| field.kind.is_ratio())
    };
    let read = reads.find(|read| read.past.is_some() || is_ratio(read))?;
    Some((read.name.to_string(), read.past.is_some()))
}

fn without(
    form: &Form,
    (row, column): (Option<usize>, usize),
    label: &str,
    (read, of_past): (&str, bool),
) -> Hint {
    let rows = row.and_then(|row| form.file.rows.get(row));
    let own = rows.filter(|row| row.numerator.is_some());
    let declaring = own.or(form.file.columns.get(column));
    let span = declaring.map(|one| one.id.span());
    let (vi, en) = match of_past {
        true => (
            format!(
                "«{label}» chia với `{read}` của kỳ khác nên số của nhiều đơn vị để trống; hãy thêm một cột (dòng) nhận số ấy, ví dụ `cung_ky = PREVYEAR({read})`, rồi chia với cột đó"
            ),
            format!(
                "`{label}` divides with `{read}` of another period, so several units have no figure; add a column (or row) that has it, such as `last_year = PREVYEAR({read})`, and divide with that"
            ),
        ),
        false => (
            format!(
                "«{label}» chia số đã là tỷ lệ, tỷ số (`{read}`) nên số của nhiều đơn vị để trống; nếu ô này không có nghĩa thì bỏ cột ấy khỏi `columns` của dòng"
            ),
            format!(
                "`{label}` divides a figure that is a ratio itself (`{read}`), so several units have no figure; if the cell has no meaning, leave that column out of the row's `columns`"
            ),
        ),
    };
    hint(Severity::Warning, span, vi, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(row: &str, column: &str) -> Vec<String> {
        let text = format!(
            "id = \"b\"\nversion = \"1\"\ntitle = \"B\"\nsheet = \"B\"\n\
             [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"hs\"\nlabel = \"HS\"\n[[column]]\nid = \"lop\"\nlabel = \"Lớp\"\n\
             [[column]]\nid = \"bq\"\nlabel = \"BQ\"\ntype = \"ratio\"\n{column}\n\
             [[row]]\nid = \"r1\"\nlabel = \"Một\"\n[[row]]\nid = \"r2\"\nlabel = \"Hai\"\n{row}\n"
        );
        let form = Form::parse("b.toml", &text).unwrap();
        let hints = without_a_total(&form).into_iter();
        hints.map(|hint| hint.message.vi).collect()
    }

    #[test]
    fn a_ratio_without_a_total_is_named() {
        let plain = "numerator = \"hs\"\ndenominator = \"lop\"";
        let share = "type = \"percent\"\nnumerator = \"r1\"\ndenominator = \"r1 + r2\"";
        let share = format!("[[row]]\nid = \"r3\"\nlabel = \"Ba\"\n{share}");
        assert_eq!(hints("", plain), Vec::<String>::new());
        let crossing = hints(&share, plain);
        assert!(crossing[0].contains("Ba › BQ"), "{crossing:?}");
        let without = format!("{share}\ncolumns = [\"hs\", \"lop\"]");
        assert_eq!(hints(&without, plain), Vec::<String>::new());
        let past = hints("", "numerator = \"hs\"\ndenominator = \"PREVYEAR(hs)\"");
        assert!(past[0].contains("kỳ khác"), "{past:?}");
    }
}
