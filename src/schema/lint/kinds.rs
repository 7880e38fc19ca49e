//! What sort of value an expression has, so that a rule that adds words or compares a figure with a
//! word is refused when the form file is loaded.

use crate::model::{Message, Number};
use crate::schema::checked::Form;
use crate::schema::file::FieldType;
use crate::schema::resolve::{FieldRef, Site, Target, anywhere, bind};
use crate::schema::rule::criterion;
use crate::schema::rule::expression::{Comparison, Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read, Written};
use crate::schema::rule::function::{Function, Past};

/// The sort of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprKind {
    /// A figure.
    Number,
    /// Words.
    Text,
    /// True or false, ticked or not.
    Flag,
    /// A day.
    Date,
    /// Not known here: another form's value, a row whose cells differ.
    Unknown,
}

impl ExprKind {
    fn name(self) -> (&'static str, &'static str) {
        match self {
            ExprKind::Number => ("số", "a figure"),
            ExprKind::Text => ("chữ", "text"),
            ExprKind::Flag => ("đánh dấu (đúng/sai)", "a flag"),
            ExprKind::Date => ("ngày", "a date"),
            ExprKind::Unknown => ("?", "?"),
        }
    }
}

/// The sort of an expression.
///
/// # Errors
/// What in it does not go together.
pub fn infer(expr: &Expr, form: &Form) -> Result<ExprKind, Message> {
    expr.fold(&mut Kinds { form, site: None }).kind
}

/// Does an expression go together with what the cells hold that it reads at a site? Where a rule
/// over rows meets a column of words there is nothing to add up, and no order that Excel and the
/// checks share.
pub fn fits(expr: &Expr, form: &Form, site: Site) -> bool {
    let site = Some(site);
    expr.fold(&mut Kinds { form, site }).kind.is_ok()
}

struct Kinds<'f> {
    form: &'f Form,
    /// The site at which it is read; `None`: wherever it may be.
    site: Option<Site>,
}

/// A part of an expression: as written, and its sort.
struct Sorted {
    text: String,
    kind: Result<ExprKind, Message>,
    share: Share,
    /// What it names in the form itself, if it is a name.
    names: Option<Target>,
}

/// How a part of an expression writes a share. A percentage field holds hundredths (80), while
/// `80%` in a rule is 0.8: comparing the two is always a mistake.
#[derive(Debug, Clone, PartialEq)]
enum Share {
    /// A percentage of the form.
    Percentage,
    /// A number with a percent sign, such as `80%`.
    Hundredths(String),
    /// A number written out.
    Constant,
    None,
}

impl<'e> Algebra<'e> for Kinds<'_> {
    type Out = Sorted;

    fn number(&mut self, number: Number) -> Sorted {
        Sorted {
            share: Share::Constant,
            ..sorted(Written.number(number), ExprKind::Number)
        }
    }

    fn text(&mut self, text: &'e str) -> Sorted {
        sorted(Written.text(text), ExprKind::Text)
    }

    fn flag(&mut self, flag: bool) -> Sorted {
        sorted(Written.flag(flag), ExprKind::Flag)
    }

    fn name(&mut self, read: Read<'e>) -> Sorted {
        let cells = match self.site {
            Some(site) => self.form.own_cells(read.name, read.folded, site),
            None => anywhere(self.form, read.name),
        };
        let mut kinds = cells
            .iter()
            .filter_map(FieldRef::field)
            .map(|field| field.kind);
        let part = Sorted {
            kind: Ok(common(kinds.clone().map(of))),
            text: read.name.to_string(),
            share: Share::None,
            names: None,
        };
        let text = Written.name(read);
        let percentages = kinds.clone().all(|kind| kind == FieldType::Percent);
        let kind = match read.past {
            // Periods are added up, which only makes sense of what a total can be made of.
            Some(Past::YearToDate) if kinds.any(FieldType::is_ratio) => Err(Message::new(
                format!(
                    "`{text}`: tỷ lệ, tỷ số không cộng qua các kỳ được; hãy tính lại từ tử số, mẫu số"
                ),
                format!("`{text}`: ratios of periods do not add up; compute it from its operands"),
            )),
            Some(Past::YearToDate) => figure(&part),
            _ => part.kind,
        };
        let share = match !cells.is_empty() && percentages {
            true => Share::Percentage,
            false => Share::None,
        };
        let own = read.name.form.is_none();
        Sorted {
            text,
            kind,
            share,
            names: bind(self.form, &read.name.path).filter(|_| own),
        }
    }

    fn units(&mut self, form: &'e Name) -> Sorted {
        sorted(Written.units(form), ExprKind::Number)
    }

    fn negate(&mut self, inner: Sorted) -> Sorted {
        Sorted {
            kind: figure(&inner),
            text: Written.negate(inner.text),
            share: Share::None,
            names: None,
        }
    }

    fn binary(&mut self, operator: Operator, left: Sorted, right: Sorted) -> Sorted {
        let kind = match operator {
            Operator::Compare(how) => {
                let ordered = !matches!(how, Comparison::Equal | Comparison::NotEqual);
                let words = |side: &Sorted| side.kind == Ok(ExprKind::Text);
                match self.site.is_some() && ordered && (words(&left) || words(&right)) {
                    // Words have no order.
                    true => figure(&left).and_then(|_| figure(&right)),
                    false => same_measure(&left, &right).and_then(|()| compared(&left, &right)),
                }
            }
            Operator::Add | Operator::Subtract if days(operator, &left, &right).is_some() => {
                Ok(days(operator, &left, &right).unwrap_or(ExprKind::Unknown))
            }
            Operator::Add | Operator::Subtract => same_measure(&left, &right)
                .and_then(|()| figure(&left).and_then(|_| figure(&right))),
            _ => figure(&left).and_then(|_| figure(&right)),
        };
        let share = match (operator, &left.share) {
            (Operator::Divide, Share::Constant) if right.text == "100" => {
                Share::Hundredths(left.text.clone())
            }
            _ => Share::None,
        };
        Sorted {
            share,
            kind,
            text: Written.binary(operator, left.text, right.text),
            names: None,
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Sorted>) -> Sorted {
        let kind = match function.looks_for() {
            true => self.same_shape(function, &arguments),
            false => Ok(()),
        };
        let kind = kind.and_then(|()| of_call(function, &arguments));
        let texts = arguments.into_iter().map(|argument| argument.text);
        Sorted {
            share: Share::None,
            kind,
            names: None,
            text: Written.call(function, texts.collect()),
        }
    }
}

fn sorted(text: String, kind: ExprKind) -> Sorted {
    Sorted {
        text,
        kind: Ok(kind),
        share: Share::None,
        names: None,
    }
}

impl Kinds<'_> {
    /// Refuses `SUMIFS(a:b, loai, "A")`: figures and what is looked for are paired cell by cell, and
    /// a range across has no cell for each row of a column.
    fn same_shape(&self, function: Function, arguments: &[Sorted]) -> Result<(), Message> {
        let cells = arguments.iter().enumerate();
        let cells =
            cells.filter(|(index, argument)| function.folds(*index) && argument.names.is_some());
        let cells: Vec<&Sorted> = cells.map(|(_, argument)| argument).collect();
        let shape = |of: &Sorted| of.names.as_ref().map(shape);
        let (Some(first), Some(other)) = (
            cells.first(),
            cells.iter().find(|one| shape(one) != shape(cells[0])),
        ) else {
            return Ok(());
        };
        let right = self.column_by_column(function, arguments);
        let (a, b) = (&first.text, &other.text);
        let write = |word: &str| match &right {
            Some(right) => format!("; {word} `{right}`"),
            None => String::new(),
        };
        let name = function.name();
        Err(Message::new(
            format!(
                "{name}: `{a}` và `{b}` không cùng cỡ nên không ghép được từng ô với nhau{}",
                write("viết")
            ),
            format!(
                "{name}: `{a}` and `{b}` are not of one shape, so that their cells make no pairs{}",
                write("write")
            ),
        ))
    }

    /// The sum of one call for each column of the range that is counted or added up, where all the
    /// rest are columns: with a second range each call would be refused again.
    fn column_by_column(&self, function: Function, arguments: &[Sorted]) -> Option<String> {
        let at = 0;
        let mut cells = arguments.iter().enumerate();
        let pairs = cells.all(|(index, one)| match (index == at, &one.names) {
            (true, names) => matches!(names, Some(Target::Columns(_))),
            (false, Some(names)) => !function.folds(index) || matches!(names, Target::Column(_)),
            (false, None) => true,
        });
        if !pairs {
            return None;
        }
        let Some(Target::Columns(columns)) = arguments[at].names.clone() else {
            return None;
        };
        let calls = columns.map(|column| {
            let id = self.form.file.columns[column].id.get_ref();
            let texts = arguments
                .iter()
                .enumerate()
                .map(|(index, argument)| match index == at {
                    true => id.clone(),
                    false => argument.text.clone(),
                });
            Written.call(function, texts.collect())
        });
        Some(calls.collect::<Vec<_>>().join(" + "))
    }
}

/// How many rows and columns a name has: of a whole column or row no number is given.
fn shape(target: &Target) -> (Option<usize>, Option<usize>) {
    match target {
        Target::Column(_) => (None, Some(1)),
        Target::Row(_) => (Some(1), None),
        Target::Cell(..) => (Some(1), Some(1)),
        Target::Columns(span) => (Some(1), Some(span.clone().count())),
        Target::Rows(span) => (Some(span.clone().count()), Some(1)),
    }
}

fn of_call(function: Function, arguments: &[Sorted]) -> Result<ExprKind, Message> {
    use Function as F;
    match function {
        F::Sum | F::Average | F::Min | F::Max | F::Abs | F::Round | F::RoundDown => {
            arguments
                .iter()
                .try_for_each(|argument| figure(argument).map(drop))?;
            Ok(ExprKind::Number)
        }
        F::SumIfs => match arguments {
            [figures, rest @ ..] => figure(figures).and_then(|_| looked_for(rest)),
            [] => Ok(ExprKind::Number),
        },
        F::CountIf | F::CountIfs => looked_for(arguments),
        F::Count | F::CountA | F::Units => Ok(ExprKind::Number),
        F::And | F::Or | F::Not => {
            let mut kinds = arguments.iter().map(|argument| argument.kind.clone());
            kinds.try_for_each(|kind| kind.map(drop))?;
            Ok(ExprKind::Flag)
        }
        F::If => match arguments {
            [condition, then, ..] => condition.kind.clone().and_then(|_| then.kind.clone()),
            _ => Ok(ExprKind::Unknown),
        },
        F::IsBlank | F::FirstPeriod => Ok(ExprKind::Flag),
        F::Date | F::PeriodStart | F::PeriodEnd => Ok(ExprKind::Date),
        // The fold hands these over as names.
        F::Prev | F::PrevYear | F::Ytd => Ok(ExprKind::Unknown),
    }
}

/// Refuses to look for what is never there: words among figures, `>5` among words.
fn looked_for(arguments: &[Sorted]) -> Result<ExprKind, Message> {
    for pair in arguments.chunks_exact(2) {
        let [cells, wanted] = pair else { continue };
        let (kind, of) = (cells.kind.clone()?, wanted.kind.clone()?);
        let words = wanted.text.trim_matches('"');
        let operator = criterion::operator(words).filter(|_| of == ExprKind::Text);
        let compares = criterion::comparison(words)
            .is_some_and(|(how, _)| how != Comparison::NotEqual && of == ExprKind::Text);
        let fits = match (kind, of) {
            (ExprKind::Unknown, _) | (_, ExprKind::Unknown) => operator.is_none() || compares,
            (ExprKind::Number, ExprKind::Number) | (ExprKind::Date, ExprKind::Date) => true,
            (ExprKind::Number, ExprKind::Text) => compares,
            (ExprKind::Text, ExprKind::Text) => operator.is_none() && is_plain(words),
            (ExprKind::Flag, ExprKind::Text) => words.trim().eq_ignore_ascii_case("x"),
            (ExprKind::Flag, ExprKind::Flag) => true,
            _ => false,
        };
        if !fits {
            return Err(never_there(cells, kind, &wanted.text));
        }
    }
    Ok(ExprKind::Number)
}

/// Words, or words and `*` behind them: the wildcards that Excel and the checks understand alike.
fn is_plain(words: &str) -> bool {
    let words = words.trim();
    let start = words.strip_suffix('*').unwrap_or(words);
    !words.is_empty() && !start.contains(['*', '?', '~'])
}

fn never_there(cells: &Sorted, kind: ExprKind, wanted: &str) -> Message {
    let ((vi, en), cells) = (kind.name(), &cells.text);
    let (right, write) = match kind {
        ExprKind::Number => (
            "viết một số, hoặc so sánh với một số như `\">200\"`, `\"<=5\"` (không dùng `<>`)",
            "write a figure, or a comparison with one such as `\">200\"`, `\"<=5\"` (not `<>`)",
        ),
        ExprKind::Flag => ("viết `\"x\"`", "write `\"x\"`"),
        ExprKind::Date => ("viết một ngày", "write a date"),
        ExprKind::Text | ExprKind::Unknown => (
            "viết chữ trong nháy kép, `*` ở cuối là «bắt đầu bằng» (không dùng `<>`)",
            "write words in quotes, `*` at the end for `begins with` (not `<>`)",
        ),
    };
    Message::new(
        format!("`{cells}` ({vi}) không bao giờ khớp điều kiện `{wanted}`: {right}"),
        format!("`{cells}` ({en}) never matches `{wanted}`: {write}"),
    )
}

/// Refuses a percentage beside a `80%`.
fn same_measure(left: &Sorted, right: &Sorted) -> Result<(), Message> {
    let (percentage, written) = match (&left.share, &right.share) {
        (Share::Percentage, Share::Hundredths(written)) => (&left.text, written),
        (Share::Hundredths(written), Share::Percentage) => (&right.text, written),
        _ => return Ok(()),
    };
    Err(Message::new(
        format!(
            "`{percentage}` là tỷ lệ, ghi theo phần trăm: viết `{written}`, không viết `{written}%` (đó là {written} chia 100)"
        ),
        format!(
            "`{percentage}` is a percentage and written in hundredths: write `{written}`, not `{written}%` (which is {written} over 100)"
        ),
    ))
}

/// What days give: date - date is a figure, date ± figure a date.
fn days(operator: Operator, left: &Sorted, right: &Sorted) -> Option<ExprKind> {
    match (
        operator,
        left.kind.as_ref().ok()?,
        right.kind.as_ref().ok()?,
    ) {
        (Operator::Subtract, ExprKind::Date, ExprKind::Date) => Some(ExprKind::Number),
        (Operator::Add, ExprKind::Number, ExprKind::Date)
        | (Operator::Add | Operator::Subtract, ExprKind::Date, ExprKind::Number) => {
            Some(ExprKind::Date)
        }
        _ => None,
    }
}

/// The sort of a comparison of two values.
fn compared(left: &Sorted, right: &Sorted) -> Result<ExprKind, Message> {
    let (l, r) = (left.kind.clone()?, right.kind.clone()?);
    // A flag may be compared with "x", as one writes it in Excel, and with 0 or 1.
    let same = l == r || l == ExprKind::Unknown || r == ExprKind::Unknown;
    let ticked = |a, b| a == ExprKind::Flag && b == ExprKind::Text;
    if same || ticked(l, r) || ticked(r, l) {
        return Ok(ExprKind::Flag);
    }
    let ((l_vi, l_en), (r_vi, r_en)) = (l.name(), r.name());
    let (left, right) = (&left.text, &right.text);
    if left.starts_with('(') && (l, r) == (ExprKind::Flag, ExprKind::Number) {
        return Err(Message::new(
            format!(
                "mỗi lần chỉ so sánh hai vế; `a <= b <= c` viết là `AND(a <= b, b <= c)`, ở đây `{left}` bị so với `{right}`"
            ),
            format!(
                "two sides are compared at a time; write `AND(a <= b, b <= c)` for `a <= b <= c`, here `{left}` is compared with `{right}`"
            ),
        ));
    }
    Err(Message::new(
        format!("không so sánh được `{left}` ({l_vi}) với `{right}` ({r_vi})"),
        format!("`{left}` is {l_en} and `{right}` is {r_en}; they cannot be compared"),
    ))
}

/// A part that is computed with.
fn figure(part: &Sorted) -> Result<ExprKind, Message> {
    match part.kind.clone()? {
        ExprKind::Text | ExprKind::Date => Err(Message::new(
            format!("`{}` không phải là số nên không tính được", part.text),
            format!("`{}` is no figure and cannot be computed with", part.text),
        )),
        _ => Ok(ExprKind::Number),
    }
}

/// The one sort of several cells.
fn common(mut kinds: impl Iterator<Item = ExprKind>) -> ExprKind {
    let Some(first) = kinds.next() else {
        return ExprKind::Unknown;
    };
    if kinds.all(|kind| kind == first) {
        first
    } else {
        ExprKind::Unknown
    }
}

fn of(kind: FieldType) -> ExprKind {
    match kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            ExprKind::Number
        }
        FieldType::Text | FieldType::Choice | FieldType::Code => ExprKind::Text,
        FieldType::Flag => ExprKind::Flag,
        FieldType::Date => ExprKind::Date,
    }
}
