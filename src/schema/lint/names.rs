//! Names in expressions: each must mean a row, a column or a cell of its form, and together they
//! settle where a rule applies.

use std::sync::Arc;

use toml::Spanned;

use super::shares;
use crate::model::Message;
use crate::schema::builtin;
use crate::schema::checked::{Form, Forms, RuleScope};
use crate::schema::file::Indicator;
use crate::schema::lint::kinds::{self, ExprKind};
use crate::schema::resolve::{FieldRef, Target, anywhere, bind};
use crate::schema::rule::expression::{Expr, Name};
use crate::schema::rule::fold::Read;
use crate::schema::source::{SchemaError, Source, suggestion};

/// Checks every name of an expression and settles where the rule is evaluated.
///
/// # Errors
/// The first name that the form does not have.
pub fn lint(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
    scope: &mut Option<RuleScope>,
) -> Result<(), SchemaError> {
    let mut ranges = None;
    let reads = expr.reads();
    for read in &reads {
        let name = read.name;
        if name.form.is_some() {
            continue; // checked once the other form is known
        }
        let Some(target) = bind(form, &name.path) else {
            return Err(unknown_name(source, form, text, name));
        };
        let own = target.scope();
        if matches!(target, Target::Rows(_) | Target::Columns(_)) {
            ranges = Some(own);
        }
        match scope {
            _ if read.folded || own == RuleScope::Once => {}
            Some(settled) if *settled != own => return Err(mixed(source, text, name)),
            _ => *scope = Some(own),
        }
    }
    cells_among_cells(source, form, text, &reads)?;
    // A fold over a range of rows is evaluated on every column: SUM(gui:nhan) in each column.
    *scope = scope.or(ranges);
    Ok(())
}

/// Refuses `r.x = SUM(a, b)`: several names in a function are cells of the row where a rule is
/// evaluated, and nothing but they would make this rule one that is evaluated on every row.
fn cells_among_cells(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    reads: &[Read<'_>],
) -> Result<(), SchemaError> {
    let scope = |read: &Read<'_>| match (&read.name.form, read.folded) {
        (None, false) => bind(form, &read.name.path).map(|target| target.scope()),
        (Some(_), false) if read.name.path.is_cell() => Some(RuleScope::Once),
        _ => None,
    };
    let once = |read: &&Read<'_>| scope(read) == Some(RuleScope::Once);
    let on_many = |read: &&Read<'_>| scope(read).is_some_and(|scope| scope != RuleScope::Once);
    let mut many = reads.iter().filter(on_many);
    let (Some(cell), Some(first)) = (reads.iter().find(once), many.next()) else {
        return Ok(());
    };
    if !first.among || !many.all(|read| read.among) {
        return Ok(());
    }
    let (cell, name) = (cell.name, first.name);
    Err(source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!(
                "trong hàm có nhiều tên, `{name}` là một ô của từng dòng (hay cột), còn quy tắc nêu ô `{cell}`; muốn cả cột thì viết từng hàm một, ví dụ `SUM(a) + SUM(b)`, `MAX(MAX(a), MAX(b))`; muốn một ô thì viết `hàng.cột`"
            ),
            format!(
                "among several names in a function `{name}` is a cell of each row (or column), while the rule names the cell `{cell}`; for whole columns write one function each, such as `SUM(a) + SUM(b)`, `MAX(MAX(a), MAX(b))`; for one cell write `row.column`"
            ),
        ),
    ))
}

fn unknown_name(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    name: &Name,
) -> SchemaError {
    let hint = about_name(form, name)
        .unwrap_or_else(|| suggestion(&name.to_string(), &form.known_names()));
    source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!("không có hàng, cột hay ô nào tên `{name}`{}", hint.vi),
            format!("no row, column or cell named `{name}`{}", hint.en),
        ),
    )
}

fn mixed(source: &Source<'_>, text: &Spanned<String>, name: &Name) -> SchemaError {
    source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!("quy tắc dùng lẫn tên hàng và tên cột; viết `hàng.cột` thay cho `{name}`"),
            format!("the rule mixes rows and columns; write `row.column` in place of `{name}`"),
        ),
    )
}

/// Checks the names in numerators and denominators.
///
/// # Errors
/// The first name that the form does not have.
pub fn ratios(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    for indicator in form.file.columns.iter().chain(&form.file.rows) {
        for text in [&indicator.numerator, &indicator.denominator]
            .into_iter()
            .flatten()
        {
            let expr = source.expression(text)?;
            lint(source, form, text, &expr, &mut None)?;
            operands(source, form, text, &expr)?;
            figures(source, form, text, &expr)?;
        }
    }
    Ok(())
}

/// Refuses what cannot be divided: words and days.
fn figures(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    let message = match kinds::infer(expr, form) {
        Ok(ExprKind::Number | ExprKind::Flag | ExprKind::Unknown) => return Ok(()),
        Ok(ExprKind::Text | ExprKind::Date) => Message::new(
            format!("`{expr}` không phải là số nên không chia được"),
            format!("`{expr}` is no figure and cannot be divided"),
        ),
        Err(message) => message,
    };
    Err(source.error(Some(source.inside(text, 0)), message))
}

/// Refuses operands of which sums have no figure: those of other forms, and ratios.
fn operands(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    for read in expr.reads() {
        let name = read.name;
        let cells = anywhere(form, name);
        let mut fields = cells.iter().filter_map(FieldRef::field);
        let message = if name.form.is_some() {
            Message::new(
                format!(
                    "`{name}`: tử số, mẫu số chỉ lấy được số của chính biểu; hãy thêm một cột (dòng) nhận số ấy bằng quy tắc `cột = {name}` rồi chia cho cột đó"
                ),
                format!(
                    "`{name}`: numerator and denominator are figures of the form itself; add a column (or row) that has the figure by a rule `column = {name}` and divide by that"
                ),
            )
        } else if !cells.is_empty() && fields.all(|field| field.kind.is_ratio()) {
            Message::new(
                format!(
                    "`{name}` đã là tỷ lệ, tỷ số nên không chia tiếp được: số của nhiều đơn vị phải tính lại từ tử số, mẫu số; hãy viết bằng các số gốc"
                ),
                format!(
                    "`{name}` is a ratio itself and no operand of another: the figure of several units is computed anew from numerator and denominator; write the figures it is made of"
                ),
            )
        } else {
            continue;
        };
        return Err(source.error(Some(source.inside(text, name.span.start)), message));
    }
    Ok(())
}

/// Checks names that reach into other forms, once all forms of a campaign are loaded.
///
/// # Errors
/// The first name whose form, or a cell in it, does not exist.
pub fn cross_form(form: &Form, text: &str, forms: &Forms) -> Result<(), SchemaError> {
    let source = Source {
        name: &form.source,
        text,
    };
    for rule in &form.rules {
        let mut texts = form.file.rules.iter();
        let Some(written) = texts.find(|text| *text.id.get_ref() == rule.id) else {
            continue;
        };
        cross_form_names(&source, &rule.check, &written.check, forms)?;
        if let (Some(when), Some(text)) = (&rule.when, &written.when) {
            cross_form_names(&source, when, text, forms)?;
        }
    }
    Ok(())
}

fn cross_form_names(
    source: &Source<'_>,
    expr: &Expr,
    text: &Spanned<String>,
    forms: &Forms,
) -> Result<(), SchemaError> {
    for read in expr.reads() {
        let name = read.name;
        let Some(other) = &name.form else { continue };
        let at = Some(source.inside(text, name.span.start));
        // A form that is not part of this campaign leaves the rule out; a wrong name does not.
        let Some(other) = forms.get(other) else {
            if builtin::text(other).is_none() {
                let hint = suggestion(other, &builtin::ids());
                return Err(source.error(
                    at,
                    Message::new(
                        format!("không có biểu `{other}`{}", hint.vi),
                        format!("no form `{other}`{}", hint.en),
                    ),
                ));
            }
            continue;
        };
        if bind(other, &name.path).is_none() {
            let bare = name.bare();
            let hint = suggestion(&bare, &other.known_names());
            return Err(source.error(
                at,
                Message::new(
                    format!("biểu `{}` không có tên `{bare}`{}", other.id(), hint.vi),
                    format!("form `{}` has no name `{bare}`{}", other.id(), hint.en),
                ),
            ));
        }
    }
    Ok(())
}

/// Checks the names of a report figure: each is `form!row.column`, or `form!column` of a free-row
/// form; `UNITS(form)` names a form. Percentages are not added up.
///
/// # Errors
/// The first name that no form of the campaign has, or a sum of percentages.
pub fn figure_names(
    source: &Source<'_>,
    forms: &[Arc<Form>],
    home: Option<&Arc<Form>>,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    if let Some(error) = unknown_units(source, forms, text, expr) {
        return Err(error);
    }
    for read in expr.reads() {
        let name = read.name;
        let form = match &name.form {
            Some(id) => forms.iter().find(|form| form.id() == id),
            None => home,
        };
        if let Some(form) = form
            && bind(form, &name.path).is_some()
        {
            if !form.is_free() && !read.folded && !name.path.is_cell() {
                return Err(no_single_cell(source, text, name));
            }
            continue;
        }
        let hint = match form {
            Some(form) => name_in(&name.bare(), form),
            None => {
                let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
                suggestion(name.form.as_deref().unwrap_or_default(), &known)
            }
        };
        return Err(source.error(
            Some(source.inside(text, name.span.start)),
            Message::new(
                format!(
                    "không có `{name}` trong các biểu của đợt (viết `biểu!hàng.cột`){}",
                    hint.vi
                ),
                format!(
                    "no `{name}` among the campaign's forms (write `form!row.column`){}",
                    hint.en
                ),
            ),
        ));
    }
    let of = |id: &str| forms.iter().find(|form| form.id() == id).map(Arc::as_ref);
    match shares::added(expr, home.map(Arc::as_ref), &of) {
        None => Ok(()),
        Some((at, message)) => Err(source.error(Some(source.inside(text, at)), message)),
    }
}

/// A column or row of a form with fixed rows has no single figure.
fn no_single_cell(source: &Source<'_>, text: &Spanned<String>, name: &Name) -> SchemaError {
    source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!(
                "`{name}` là cả một cột hay một dòng của biểu có dòng cố định, không phải một số; viết `hàng.cột`, hoặc `SUM({name})` nếu muốn cộng cả cột (mỗi cột một hàm SUM)"
            ),
            format!(
                "`{name}` is a whole column or row of a form with fixed rows and no single figure; write `row.column`, or `SUM({name})` for the sum of the column (one SUM for each)"
            ),
        ),
    )
}

/// `UNITS(form)` of a form the campaign does not have.
fn unknown_units(
    source: &Source<'_>,
    forms: &[Arc<Form>],
    text: &Spanned<String>,
    expr: &Expr,
) -> Option<SchemaError> {
    let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
    let mut named = expr.units().into_iter();
    let name = named.find(|name| !known.contains(&name.to_string().as_str()))?;
    let hint = suggestion(&name.to_string(), &known);
    Some(source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!("UNITS: đợt này không có biểu `{name}`{}", hint.vi),
            format!("UNITS: the campaign has no form `{name}`{}", hint.en),
        ),
    ))
}

/// What a name that is none was probably meant to be, where a nearest name is no help.
pub fn about_name(form: &Form, name: &Name) -> Option<Message> {
    let (first, last) = name.path.ends();
    if is_address(first) && last.is_none() {
        return Some(Message::new(
            "; quy tắc dùng mã của hàng, của cột, không dùng địa chỉ ô",
            "; rules go by ids of rows and columns, not by cell addresses",
        ));
    }
    let last = last.filter(|last| form.range(last, first).is_some())?;
    Some(Message::new(
        format!("; viết theo thứ tự của biểu: `{last}:{first}`"),
        format!("; in the form's order it is `{last}:{first}`"),
    ))
}

/// "C5": what Excel calls a cell. Ids have small letters.
fn is_address(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - digits.len();
    (1..=3).contains(&letters) && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// "did you mean" for a name of a form: a row, a column, or one of its cells (`row.column`).
pub fn name_in(name: &str, form: &Form) -> Message {
    if !name.contains('.') {
        return suggestion(name, &form.known_names());
    }
    let id = |indicator: &Indicator| indicator.id.get_ref().clone();
    let columns: Vec<String> = form.file.columns.iter().map(id).collect();
    let rows = form.file.rows.iter().map(id);
    let cells: Vec<String> = rows
        .flat_map(|row| columns.iter().map(move |column| format!("{row}.{column}")))
        .collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    suggestion(name, &cells)
}
