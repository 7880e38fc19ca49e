//! What SUMIFS, COUNTIF and COUNTIFS look for, in words of both languages.

use crate::model::value::message;
use crate::model::{Message, Value};
use crate::schema::rule::criterion::Criterion;
use crate::schema::rule::evaluate::Datum;
use crate::schema::rule::expression::Comparison;
use crate::schema::rule::function::Function;

/// Cells, and what is looked for in them.
pub struct Wanted {
    /// Where they are, as "C9:C24".
    pub whence: Message,
    /// Are they boxes to tick?
    pub boxes: bool,
    /// What is looked for; `None` for a blank.
    pub value: Option<Value>,
}

/// How two sides compare, where the comparison holds.
pub fn compared(comparison: Comparison) -> (&'static str, &'static str) {
    match comparison {
        Comparison::Equal => ("bằng", "equals"),
        Comparison::NotEqual => ("khác", "differs from"),
        Comparison::Less => ("nhỏ hơn", "is below"),
        Comparison::LessOrEqual => ("không lớn hơn", "is at most"),
        Comparison::Greater => ("lớn hơn", "is above"),
        Comparison::GreaterOrEqual => ("không nhỏ hơn", "is at least"),
    }
}

/// "số ô lớn hơn 5 trong C9:C24", "tổng các ô D9:D24 ở dòng có C9:C24 ghi «A»". `figures`: where
/// the figures of SUMIFS are.
pub fn called(function: Function, figures: &Message, wanted: &[Wanted]) -> Message {
    if let (Function::CountIf, [one]) = (function, wanted) {
        let (how, whence) = (one.words(), &one.whence);
        return match (one.boxes, one.ticked()) {
            (true, true) => Message::new(
                format!("số ô đánh dấu trong {}", whence.vi),
                format!("ticked cells in {}", whence.en),
            ),
            (true, false) => Message::new(
                format!("số ô không đánh dấu trong {}", whence.vi),
                format!("cells in {} that are not ticked", whence.en),
            ),
            (false, _) => Message::new(
                format!("số ô {} trong {}", how.vi, whence.vi),
                format!("number of cells in {} each of which {}", whence.en, how.en),
            ),
        };
    }
    let each = |pick: fn(&Message) -> &str, between: &str| {
        let one = |one: &Wanted| format!("{} {}", pick(&one.whence), pick(&one.words()));
        wanted.iter().map(one).collect::<Vec<_>>().join(between)
    };
    let (vi, en) = (each(|of| &of.vi, " và "), each(|of| &of.en, " and "));
    match function {
        Function::SumIfs => Message::new(
            format!("tổng các ô {} ở dòng có {vi}", figures.vi),
            format!("sum of {} where {en}", figures.en),
        ),
        _ => Message::new(
            format!("số dòng có {vi}"),
            format!("number of rows where {en}"),
        ),
    }
}

impl Wanted {
    /// Of boxes to tick: are the ticked ones looked for?
    fn ticked(&self) -> bool {
        self.value != Some(Value::Flag(false))
    }

    fn words(&self) -> Message {
        if self.boxes {
            return match self.ticked() {
                true => Message::new("đánh dấu", "is ticked"),
                false => Message::new("không đánh dấu", "is not ticked"),
            };
        }
        let Some(value) = &self.value else {
            return Message::new("để trống", "is blank");
        };
        match Criterion::of(&Datum::from(value.clone())) {
            Criterion::Figure(how, figure) => {
                let (vi, en) = compared(how);
                let how = Message::new(vi, en);
                let figure = figure.to_number().map(Value::Number);
                let figure = figure.unwrap_or_else(|| value.clone());
                message!(how, figure; "{how} {figure}", "{how} {figure}")
            }
            Criterion::Words(words) => match words.strip_suffix('*') {
                Some("") => Message::new("có chữ", "has words"),
                Some(start) => Message::new(
                    format!("bắt đầu bằng «{start}»"),
                    format!("begins with «{start}»"),
                ),
                None => Message::new(format!("ghi «{words}»"), format!("is «{words}»")),
            },
            Criterion::Same(value) => {
                message!(value; "ghi {value}", "is {value}")
            }
        }
    }
}
