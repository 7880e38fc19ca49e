//! Which rows or columns a rule is evaluated on: those it names, all but those it names, or all but
//! ratios and averages, which do not add up, and those whose cells it cannot be about.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use toml::Spanned;

use super::kinds;
use crate::model::Message;
use crate::schema::checked::{Form, Places, Rule, RuleScope};
use crate::schema::field::Field;
use crate::schema::file::{Aggregate, FieldType, Indicator};
use crate::schema::resolve::{FieldRef, Rows, Site, resolve};
use crate::schema::rule::expression::Expr;
use crate::schema::rule::fold::Read;
use crate::schema::rule_text::RuleText;
use crate::schema::source::{SchemaError, Source, suggestion};

/// Settles where a rule of a known scope is evaluated.
///
/// # Errors
/// A key that the scope does not have, an id that is no row or column, or no place is left.
pub fn settle<'e>(
    source: &Source<'_>,
    form: &Form,
    text: &RuleText,
    scope: RuleScope,
    exprs: impl Iterator<Item = &'e Expr>,
) -> Result<Places, SchemaError> {
    let total = total_row(source, form, text, scope)?;
    let keys = Keys::of(form, scope);
    for (key, other, list) in [
        ("rows", "columns", &text.rows),
        ("except_rows", "except_columns", &text.except_rows),
        ("columns", "rows", &text.columns),
        ("except_columns", "except_rows", &text.except_columns),
    ] {
        let wanted = keys.as_ref().is_some_and(|keys| key.ends_with(keys.key));
        if let (Some(_), false) = (list, wanted) {
            return Err(source.error(
                Some(text.id.span()),
                misplaced(form, key, other, keys.is_some()),
            ));
        }
    }
    let Some(keys) = keys else {
        return Ok(Places { only: None, total });
    };
    let (only, except) = match keys.key {
        "rows" => (&text.rows, &text.except_rows),
        _ => (&text.columns, &text.except_columns),
    };
    let all: BTreeSet<usize> = (0..keys.indicators.len()).collect();
    let mut chosen = match only {
        Some(only) => keys.named(source, only)?,
        None => {
            let exprs: Vec<&Expr> = exprs.collect();
            let reads: Vec<Read<'e>> = exprs.iter().flat_map(|expr| expr.reads()).collect();
            let without = |from: &BTreeSet<usize>, out: &BTreeSet<usize>| -> BTreeSet<usize> {
                let kept: BTreeSet<usize> = from.difference(out).copied().collect();
                if kept.is_empty() { from.clone() } else { kept }
            };
            // Where nothing fits, what does not fit is for the check of kinds to report.
            let fit = without(&all, &unfit(form, scope, &exprs));
            without(&fit, &left_out(form, scope, &reads))
        }
    };
    for except in except.iter().map(|except| keys.named(source, except)) {
        let except = except?;
        chosen.retain(|index| !except.contains(index));
    }
    if chosen.is_empty() {
        let (vi, en) = (keys.vi, keys.key);
        return Err(source.error(
            Some(text.id.span()),
            Message::new(
                format!("quy tắc không còn {vi} nào để hỏi; sửa `{en}` hoặc `except_{en}`"),
                format!("no {en} are left to evaluate the rule on; mend `{en}` or `except_{en}`"),
            ),
        ));
    }
    let only = (chosen != all).then_some(chosen);
    Ok(Places { only, total })
}

/// The rows or columns that a rule leaves out though its file does not say so, from 0.
pub fn left_out_unsaid(form: &Form, rule: &Rule) -> BTreeSet<usize> {
    let mut texts = form.file.rules.iter();
    let text = texts.find(|text| *text.id.get_ref() == rule.id);
    if text.is_none_or(|text| text.rows.is_some() || text.columns.is_some()) {
        return BTreeSet::new();
    }
    left_out(form, rule.scope, &rule.reads().collect::<Vec<_>>())
}

/// The rows or columns of ratios and averages, where the rule reads cells that are such only
/// because their row or column is. None if nothing else is left.
fn left_out(form: &Form, scope: RuleScope, reads: &[Read<'_>]) -> BTreeSet<usize> {
    let Some(keys) = Keys::of(form, scope) else {
        return BTreeSet::new();
    };
    let is_share = |index: &usize| {
        let site = site(scope, *index);
        let read = |read: &Read<'_>| {
            let nowhere = |_: &str| None;
            resolve(read.name, read.folded, site, Some(form), &nowhere).unwrap_or_default()
        };
        let mut cells = reads.iter().flat_map(read);
        cells.any(|at| on(&at, site) && made_a_share(form, &at, site))
    };
    let shares: BTreeSet<usize> = (0..keys.indicators.len()).filter(is_share).collect();
    match shares.len() == keys.indicators.len() {
        true => BTreeSet::new(),
        false => shares,
    }
}

/// The rows or columns whose cells the rule cannot be about: it adds up or orders, and they hold
/// words; or it compares figures, and they hold days.
fn unfit(form: &Form, scope: RuleScope, exprs: &[&Expr]) -> BTreeSet<usize> {
    let Some(keys) = Keys::of(form, scope) else {
        return BTreeSet::new();
    };
    let fits = |index: &usize| {
        let site = site(scope, *index);
        exprs.iter().all(|expr| kinds::fits(expr, form, site))
    };
    (0..keys.indicators.len())
        .filter(|index| !fits(index))
        .collect()
}

/// The site of a row or column, from 0, of a rule of a scope.
fn site(scope: RuleScope, index: usize) -> Site {
    match scope {
        RuleScope::EachColumn => Site::Column(index),
        _ => Site::Row(index),
    }
}

fn on(at: &FieldRef<'_>, site: Site) -> bool {
    match site {
        Site::Column(column) => at.column == column,
        Site::Row(row) => at.rows == Rows::Fixed(row),
        Site::FreeRow | Site::Total | Site::Once => false,
    }
}

/// Is a cell a ratio or an average because the row or column of the site says so, and not
/// because the row or column that the rule names does?
fn made_a_share(form: &Form, at: &FieldRef<'_>, site: Site) -> bool {
    let row = at.row().and_then(|row| form.file.rows.get(row));
    let column = form.file.columns.get(at.column);
    let (across, named) = match site {
        Site::Column(_) => (column, row),
        _ => (row, column),
    };
    let says = |indicator: Option<&Indicator>| {
        indicator.is_some_and(|one| {
            one.kind.is_some_and(FieldType::is_ratio) || one.aggregate == Some(Aggregate::None)
        })
    };
    at.field().is_some_and(is_share) && says(across) && !says(named)
}

/// Is it a figure that does not add up?
fn is_share(field: &Field) -> bool {
    field.kind.is_ratio() || (field.kind.is_numeric() && field.aggregate == Aggregate::None)
}

/// How a rule of a scope may be restricted: the key, and what it lists.
struct Keys<'f> {
    form: &'f Form,
    /// The key of the form file.
    key: &'static str,
    /// The word for one of them.
    vi: &'static str,
    indicators: &'f [Indicator],
}

impl<'f> Keys<'f> {
    fn of(form: &'f Form, scope: RuleScope) -> Option<Keys<'f>> {
        let (key, vi, indicators) = match scope {
            RuleScope::EachRow if !form.is_free() => ("rows", "dòng", &form.file.rows),
            RuleScope::EachColumn => ("columns", "cột", &form.file.columns),
            _ => return None,
        };
        Some(Keys {
            form,
            key,
            vi,
            indicators,
        })
    }

    /// The indices that a list of ids and ranges names.
    fn named(
        &self,
        source: &Source<'_>,
        list: &[Spanned<String>],
    ) -> Result<BTreeSet<usize>, SchemaError> {
        let mut named = BTreeSet::new();
        for text in list {
            let span = self.span(text.get_ref());
            named.extend(span.ok_or_else(|| self.unknown(source, text))?);
        }
        Ok(named)
    }

    fn span(&self, text: &str) -> Option<RangeInclusive<usize>> {
        let index = |id: &str| match self.key {
            "rows" => self.form.row(id.trim()),
            _ => self.form.column(id.trim()),
        };
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let (first, last) = (index(first)?, index(last)?);
        (first <= last).then_some(first..=last)
    }

    fn unknown(&self, source: &Source<'_>, text: &Spanned<String>) -> SchemaError {
        let ids = self.indicators.iter().map(|one| one.id.get_ref().as_str());
        let hint = suggestion(text.get_ref(), &ids.collect::<Vec<_>>());
        let (vi, en, text_of) = (self.vi, self.key, text.get_ref());
        source.error(
            Some(text.span()),
            Message::new(
                format!(
                    "`{en}`: biểu không có {vi} `{text_of}` (viết mã, hoặc `đầu:cuối` theo thứ tự của biểu){}",
                    hint.vi
                ),
                format!(
                    "`{en}`: the form has no `{text_of}` among its {en} (write an id, or `first:last` in the form's order){}",
                    hint.en
                ),
            ),
        )
    }
}

fn misplaced(form: &Form, key: &str, other: &str, restricts: bool) -> Message {
    match restricts {
        true => Message::new(
            format!(
                "`{key}` không dùng được ở đây: quy tắc nêu tên {named} nên được hỏi ở từng {each}; viết `{other}`",
                named = if key.ends_with("rows") {
                    "dòng"
                } else {
                    "cột"
                },
                each = if key.ends_with("rows") {
                    "cột"
                } else {
                    "dòng"
                },
            ),
            format!(
                "`{key}` does not fit: the rule names {key} and is evaluated on each of the others; write `{other}`",
                key = key.trim_start_matches("except_"),
            ),
        ),
        false if form.is_free() => Message::new(
            format!(
                "`{key}` không dùng được ở biểu có dòng tự thêm; chọn dòng bằng `when`, bỏ dòng tổng bằng `total_row = false`"
            ),
            format!(
                "`{key}` does not fit a free-row form; choose rows by `when`, leave the total row out by `total_row = false`"
            ),
        ),
        false => Message::new(
            format!("`{key}` không dùng được ở đây: quy tắc chỉ được hỏi một lần cho cả biểu"),
            format!("`{key}` does not fit: the rule is evaluated once for the form"),
        ),
    }
}

fn total_row(
    source: &Source<'_>,
    form: &Form,
    text: &RuleText,
    scope: RuleScope,
) -> Result<Option<bool>, SchemaError> {
    let Some(total) = &text.total_row else {
        return Ok(None);
    };
    let fits = form.is_free() && form.file.layout.total.is_some() && scope == RuleScope::EachRow;
    match fits {
        true => Ok(Some(*total.get_ref())),
        false => Err(source.error(
            Some(total.span()),
            Message::new(
                "`total_row` chỉ dùng với quy tắc theo cột của biểu có dòng tự thêm và có `layout.total`",
                "`total_row` is for rules over columns of a free-row form that has `layout.total`",
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "lop"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "fixed"
label = "Khối"
[defaults]
type = "count"
[[column]]
id = "so_lop"
label = "Số lớp"
[[column]]
id = "hoc_sinh"
label = "Học sinh"
type = "count"
[[column]]
id = "ty_le"
label = "Tỷ lệ"
type = "percent"
[[column]]
id = "binh_quan"
label = "Bình quân"
type = "amount"
aggregate = "none"
[[row]]
id = "khoi1"
label = "Khối 1"
[[row]]
id = "khoi2"
label = "Khối 2"
[[row]]
id = "tong"
label = "Tổng"
[[row]]
id = "muc"
label = "Mức"
type = "percent"
"#;

    const FREE: &str = r#"
id = "tu_them"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "free"
total = "Cộng"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "a"
label = "A"
"#;

    fn parsed(form: &str, rule: &str) -> Result<Form, String> {
        let text = format!("{form}[[rule]]\nid = \"r\"\n{rule}\n");
        Form::parse("f.toml", &text).map_err(|error| error.message.vi)
    }

    /// The ids a rule is evaluated on, and those it leaves out without naming them.
    fn runs(rule: &str) -> (String, usize) {
        let form = parsed(FORM, rule).unwrap();
        let sites = crate::schema::resolve::sites(&form, &form.rules[0]);
        let id = |site: &Site| match site {
            Site::Column(column) => form.file.columns[*column].id.get_ref().clone(),
            Site::Row(row) => form.file.rows[*row].id.get_ref().clone(),
            other => format!("{other:?}"),
        };
        let ids: Vec<String> = sites.iter().map(id).collect();
        (ids.join(" "), left_out_unsaid(&form, &form.rules[0]).len())
    }

    #[test]
    fn a_rule_runs_over_what_adds_up_unless_it_says_so() {
        for (rule, ids, unsaid) in [
            ("check = \"tong = khoi1 + khoi2\"", "so_lop hoc_sinh", 2),
            (
                "check = \"tong = khoi1 + khoi2\"\ncolumns = [\"so_lop\", \"ty_le\"]",
                "so_lop ty_le",
                0,
            ),
            (
                "check = \"tong >= khoi1\"\ncolumns = [\"hoc_sinh:binh_quan\"]\nexcept_columns = [\"ty_le\"]",
                "hoc_sinh binh_quan",
                0,
            ),
            (
                "check = \"tong = khoi1 + khoi2\"\nexcept_columns = [\"so_lop\"]",
                "hoc_sinh",
                2,
            ),
            // The rule names the row of percentages itself.
            (
                "check = \"muc <= 100\"",
                "so_lop hoc_sinh ty_le binh_quan",
                0,
            ),
            ("check = \"so_lop <= hoc_sinh\"", "khoi1 khoi2 tong", 1),
            // The rule names the column of averages itself.
            ("check = \"binh_quan <= 50\"", "khoi1 khoi2 tong muc", 0),
            (
                "check = \"so_lop <= hoc_sinh\"\nrows = [\"khoi1:khoi2\", \"muc\"]",
                "khoi1 khoi2 muc",
                0,
            ),
            (
                "check = \"so_lop <= hoc_sinh\"\nexcept_rows = [\"tong\"]",
                "khoi1 khoi2",
                1,
            ),
        ] {
            assert_eq!(runs(rule), (ids.to_owned(), unsaid), "{rule}");
        }
    }

    #[test]
    fn a_rule_over_rows_leaves_out_columns_it_cannot_be_about() {
        let more = "[[column]]\nid = \"ngay\"\nlabel = \"Ngày\"\ntype = \"date\"\n[[column]]\nid = \"ghi_chu\"\nlabel = \"Ghi chú\"\ntype = \"text\"\n[[row]]\n";
        let form = FORM.replacen("[[row]]\n", more, 1);
        for (check, only) in [
            ("tong = khoi1 + khoi2", vec![0, 1]),
            ("tong >= khoi1", vec![0, 1, 4]),
            ("NOT(ISBLANK(tong))", vec![0, 1, 4, 5]),
            ("tong <= 5", vec![0, 1]),
        ] {
            let form = parsed(&form, &format!("check = \"{check}\"")).unwrap();
            let rule = &form.rules[0];
            let found = rule.places.only.iter().flatten().copied();
            assert_eq!(found.collect::<Vec<_>>(), only, "{check}");
            assert_eq!(left_out_unsaid(&form, rule).len(), 2, "{check}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_right_form() {
        for (form, rule, words) in [
            (
                FORM,
                "check = \"tong >= khoi1\"\nrows = [\"tong\"]",
                "viết `columns`",
            ),
            (
                FORM,
                "check = \"so_lop <= hoc_sinh\"\nexcept_columns = [\"ty_le\"]",
                "viết `except_rows`",
            ),
            (
                FORM,
                "check = \"tong >= khoi1\"\ncolumns = [\"so_lopp\"]",
                "không có cột `so_lopp` (viết mã, hoặc `đầu:cuối` theo thứ tự của biểu); có phải `so_lop`?",
            ),
            (
                FORM,
                "check = \"tong >= khoi1\"\ncolumns = [\"so_lop\"]\nexcept_columns = [\"so_lop\"]",
                "không còn cột nào",
            ),
            (
                FORM,
                "check = \"tong.so_lop > 0\"\nrows = [\"tong\"]",
                "một lần",
            ),
            (
                FORM,
                "check = \"so_lop > 0\"\ntotal_row = false",
                "layout.total",
            ),
            (FREE, "check = \"a > 0\"\nrows = [\"b\"]", "`when`"),
        ] {
            let error = parsed(form, rule).unwrap_err();
            assert!(error.contains(words), "{rule}: {error}");
        }
    }

    #[test]
    fn the_total_row_is_as_the_rule_says() {
        for (rule, asked) in [
            ("check = \"a <= 200\"", false),
            ("check = \"a <= 200\"\ntotal_row = true", true),
            ("check = \"a >= 0\"", true),
            ("check = \"a >= 0\"\ntotal_row = false", false),
        ] {
            let form = parsed(FREE, rule).unwrap();
            assert_eq!(form.asks_total(&form.rules[0]), asked, "{rule}");
        }
    }
}
