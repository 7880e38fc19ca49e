//! Functions over many cells as formula text: SUM, AVERAGE, MIN, MAX, COUNT and their like.

use super::names::{NamedCells, NoFormula};
use super::needs::{Needs, note};
use super::part::{FormulaPart, FormulaValue, Way, exact_only, pairs};
use super::slack::Slack;
use super::translate::{Result, RuleTexts};
use crate::schema::FieldType;
use crate::schema::expression::Function;
use crate::schema::rule::criterion;
use crate::schema::rule::fold::Read;
use crate::schema::rule_text::BlankPolicy;

impl<'e> RuleTexts<'_> {
    /// SUM, AVERAGE, MIN, MAX: blanks are passed over, but something must be there.
    pub(super) fn fold(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        if self.any_side_by_side(&arguments) {
            return self.row_fold(function, arguments);
        }
        let mut ways = vec![Way::new(String::new(), Needs::default())];
        let mut spans = Vec::new();
        let count = arguments.len();
        for argument in arguments {
            let more = match argument? {
                FormulaPart::Names(read) => {
                    let more = self.folded(read)?;
                    if let (None, [way]) = (read.past, more.as_slice()) {
                        spans.push(way.text.clone());
                    }
                    more
                }
                part => self.value(Ok(part))?.ways,
            };
            ways = pairs(&ways, &more, |sofar, one| {
                let comma = if sofar.text.is_empty() { "" } else { "," };
                let slack = match function {
                    Function::Sum => sofar.slack.clone().zip(one.slack.clone()),
                    _ => {
                        exact_only([&sofar.slack, &one.slack]).map(|none| (none, Slack::default()))
                    }
                };
                let text = format!("{}{comma}{}", sofar.text, one.text);
                Way::new(text, Needs::default()).rounded(slack.map(|(l, r)| l.plus(r)))
            });
        }
        if function == Function::Average {
            self.decimals = self.decimals.max(2);
        }
        for way in &mut ways {
            way.text = format!("{}({})", function.name(), way.text);
            way.needs.divides |= function == Function::Average;
            match spans.len() == count {
                true => note(&mut way.needs.folded, &spans.join(",")),
                // Beside what is always there nothing has to be.
                false => spans
                    .iter()
                    .for_each(|span| note(&mut way.needs.looked_at, span)),
            }
        }
        Ok(FormulaPart::Value(FormulaValue::figure(ways)?))
    }

    /// What a name means in a fold: all its cells, or one of several.
    fn cells(&self, read: Read<'_>) -> Result<NamedCells> {
        match read.among {
            true => self.names.one(read.name, self.site),
            false => self.names.span(read.name, self.site),
        }
    }

    /// All cells of a name in a fold.
    fn folded(&mut self, read: Read<'_>) -> Result<Vec<Way>> {
        if let (Some(past), true) = (read.past, read.among) {
            return Ok(self.previous(past, read.name)?.ways);
        }
        let span = self.cells(read);
        if let Some(past) = read.past {
            let values = self.names.past_all(past, read.name, self.site)?;
            let count = values.len().to_string();
            let slack = span.map(|span| Slack::figures(&span, &count));
            let way = Way::new(values.join(","), Needs::default());
            return Ok(vec![way.rounded(Some(slack.unwrap_or_default()))]);
        }
        let span = span?;
        self.decimals = self.decimals.max(span.decimals);
        let mut needs = Needs::default();
        if !self.how.whole && !span.negative {
            needs.floored.push(span.cells.clone());
        }
        let slack = Slack::figures(&span, &format!("COUNT({})", span.cells));
        Ok(vec![Way::new(span.cells, needs).rounded(Some(slack))])
    }

    /// Over a whole table: does an argument mean cells side by side, row by row?
    fn any_side_by_side(&self, arguments: &[Result<FormulaPart<'e>>]) -> bool {
        let beside = |argument: &Result<FormulaPart<'e>>| match argument {
            Ok(FormulaPart::Names(read)) => self.is_side_by_side(*read),
            _ => false,
        };
        arguments.iter().any(beside)
    }

    fn is_side_by_side(&self, read: Read<'_>) -> bool {
        let beside = || read.among || self.names.is_side_by_side(read.name, self.site);
        self.how.whole && read.past.is_none() && beside()
    }

    /// The columns that a name means side by side.
    fn columns(&mut self, read: Read<'_>) -> Result<Vec<NamedCells>> {
        let columns = match read.among {
            true => vec![self.names.one(read.name, self.site)?],
            false if self.is_side_by_side(read) => self.names.all(read.name, self.site)?,
            false => return Err(NoFormula::Elsewhere),
        };
        let decimals = columns.iter().map(|column| column.decimals);
        self.decimals = decimals.fold(self.decimals, u32::max);
        Ok(columns)
    }

    /// A fold over columns side by side, row by row: Excel's own function would take the whole
    /// table.
    fn row_fold(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        let (mut needs, mut terms) = (Needs::default(), Vec::new());
        for argument in arguments {
            match argument? {
                FormulaPart::Names(read) if read.past.is_none() => {
                    for column in self.columns(read)? {
                        note(&mut needs.looked_at, &column.cells);
                        if !column.negative {
                            note(&mut needs.floored, &column.cells);
                        }
                        terms.push(Term::of(&column));
                    }
                }
                part => {
                    let ways = match part {
                        FormulaPart::Names(read) => self.folded(read)?,
                        part => self.value(Ok(part))?.ways,
                    };
                    let [way] = ways.as_slice() else {
                        return Err(NoFormula::Elsewhere);
                    };
                    needs.add(&way.needs);
                    terms.push(Term {
                        text: way.text.clone(),
                        there: None,
                        slack: way.slack.clone(),
                    });
                }
            }
        }
        let counts = terms.iter().map(|term| term.there.as_deref());
        let counts: Vec<&str> = counts.map(|there| there.unwrap_or("1")).collect();
        let count = format!("({})", counts.join("+"));
        let average = function == Function::Average;
        // Of nothing there is a sum where blanks count as 0, and never an average.
        let may_be_none = terms.iter().all(|term| term.there.is_some());
        if may_be_none && (average || self.how.blank == BlankPolicy::SkipAny) {
            needs.rows.push(format!("({count}>0)"));
        }
        needs.divides |= average;
        if average {
            self.decimals = self.decimals.max(2);
        }
        let slacks = terms.iter().map(|term| &term.slack);
        let (text, slack) = match function {
            Function::Sum => {
                let sum = terms.iter().map(|term| term.slack.clone());
                let sum = sum.reduce(|sum, one| Some(sum?.plus(one?))).flatten();
                (added(&terms), sum)
            }
            Function::Average => (format!("({}/{count})", added(&terms)), exact_only(slacks)),
            _ if terms.len() > MOST_COMPARED => return Err(NoFormula::Elsewhere),
            _ => (
                extreme(&terms, function == Function::Max),
                exact_only(slacks),
            ),
        };
        let way = Way::new(text, needs).rounded(slack);
        Ok(FormulaPart::Value(FormulaValue::figure(vec![way])?))
    }

    pub(super) fn count(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        if self.any_side_by_side(&arguments) {
            return self.row_count(function, arguments);
        }
        let (mut texts, mut needs) = (Vec::new(), Needs::default());
        let mut slack = Some(Slack::default());
        let (mut kind, mut name) = (FieldType::Text, function.name());
        let mut row_names = None;
        for argument in arguments {
            let part = argument?;
            texts.push(match part {
                FormulaPart::Names(read) if read.past.is_none() => {
                    let span = self.cells(read)?;
                    self.decimals = self.decimals.max(span.decimals);
                    note(&mut needs.looked_at, &span.cells);
                    needs.never_blank |= span.says_when_blank;
                    kind = span.kind;
                    if function == Function::SumIfs {
                        slack = exact_only([&slack, &Some(Slack::figures(&span, "1"))]);
                        row_names = row_names.or(self.names.row_names(read.name)?);
                    }
                    span.cells
                }
                FormulaPart::Names(read)
                    if matches!(function, Function::Count | Function::CountA) =>
                {
                    let ways = self.folded(read)?;
                    let [way] = ways.as_slice() else {
                        return Err(NoFormula::Elsewhere);
                    };
                    needs.add(&way.needs);
                    way.text.clone()
                }
                part => {
                    let value = self.value(Ok(part))?;
                    let [way] = value.ways.as_slice() else {
                        return Err(NoFormula::Elsewhere);
                    };
                    needs.add(&way.needs);
                    match value.words.and_then(criterion::comparison) {
                        // Excel reads a figure inside words as the computer's own language
                        // writes it.
                        Some((how, number)) => format!("\"{}\"&{number}", how.symbol()),
                        // Any time of that day.
                        None if kind == FieldType::Date && function.looks_for() => {
                            if function == Function::CountIf {
                                name = Function::CountIfs.name();
                            }
                            let (day, cells) = (&way.text, texts.last().cloned());
                            let cells = cells.unwrap_or_default();
                            format!("\">=\"&{day},{cells},\"<\"&({day}+1)")
                        }
                        None => way.text.clone(),
                    }
                }
            });
        }
        if let (Function::SumIfs, [figures, wanted @ ..]) = (function, texts.as_slice()) {
            let wanted = wanted.join(",");
            note(&mut needs.picked, &has_figure(figures, &wanted, row_names));
        }
        let text = format!("{name}({})", texts.join(","));
        let way = Way::new(text, needs).rounded(slack);
        Ok(FormulaPart::Value(FormulaValue::figure(vec![way])?))
    }

    /// COUNT, COUNTA, COUNTIF of columns side by side, row by row.
    fn row_count(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        let (mut columns, mut needs) = (Vec::new(), Needs::default());
        let mut wanted = None;
        for argument in arguments {
            match argument? {
                FormulaPart::Names(read) if read.past.is_none() => {
                    columns.extend(self.columns(read)?)
                }
                other if function == Function::CountIf => wanted = Some(self.value(Ok(other))?),
                _ => return Err(NoFormula::Elsewhere),
            }
        }
        let wanted = match (function, wanted) {
            (Function::CountIf, Some(wanted)) => {
                let [way] = wanted.ways.as_slice() else {
                    return Err(NoFormula::Elsewhere);
                };
                needs.add(&way.needs);
                Some(match wanted.words.and_then(criterion::comparison) {
                    Some((how, number)) => (how.symbol(), number.to_string(), true),
                    // Beginnings of words are left to the check of what is received.
                    None if wanted.words.is_some_and(|words| words.contains('*')) => {
                        return Err(NoFormula::Elsewhere);
                    }
                    None => ("=", way.text.clone(), way.text.parse::<f64>().is_ok()),
                })
            }
            (Function::Count | Function::CountA, None) => None,
            _ => return Err(NoFormula::Elsewhere),
        };
        if wanted.is_some() && columns.iter().any(|column| column.kind == FieldType::Date) {
            return Err(NoFormula::Elsewhere);
        }
        for column in &columns {
            note(&mut needs.looked_at, &column.cells);
            needs.never_blank |= column.says_when_blank;
        }
        let counted = columns.iter().map(|column| match (&wanted, function) {
            // A blank is equal to 0 for Excel, and words are greater than any figure.
            (Some((how, wanted, true)), _) => {
                format!("(ISNUMBER({0})*({0}{how}{wanted}))", column.cells)
            }
            (Some((how, wanted, false)), _) => format!("({}{how}{wanted})", column.cells),
            (None, Function::Count) => format!("ISNUMBER({})", column.cells),
            (None, _) => format!("({}<>\"\")", column.cells),
        });
        let text = format!("({})", counted.collect::<Vec<_>>().join("+"));
        Ok(FormulaPart::Value(FormulaValue::figure(vec![Way::new(
            text, needs,
        )])?))
    }
}

/// Most terms that MIN and MAX compare row by row, each with each.
const MOST_COMPARED: usize = 8;

/// One of what a fold takes from every row.
struct Term {
    text: String,
    /// Where it is there, as formula text; `None`: wherever what it needs is.
    there: Option<String>,
    slack: Option<Slack>,
}

impl Term {
    fn of(column: &NamedCells) -> Term {
        Term {
            text: column.cells.clone(),
            there: Some(format!("ISNUMBER({})", column.cells)),
            slack: Some(Slack::figures(column, "1")),
        }
    }
}

fn added(terms: &[Term]) -> String {
    let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    format!("({})", texts.join("+"))
}

/// The greatest or least of the terms of a row, without IF, which takes no rows: each term times
/// whether no other goes before it. A blank is 0 and adds nothing.
fn extreme(terms: &[Term], greatest: bool) -> String {
    let first = |(at, term): (usize, &Term)| {
        let others = terms.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.map(|(other, one)| {
            // Of equal terms the first counts.
            let symbol = match (greatest, other < at) {
                (true, true) => ">=",
                (true, false) => ">",
                (false, true) => "<=",
                (false, false) => "<",
            };
            let before = format!("({}{symbol}{})", one.text, term.text);
            match &one.there {
                Some(there) => format!("(1-{there}*{before})"),
                None => format!("(1-{before})"),
            }
        });
        let factors: Vec<String> = others.collect();
        // A blank may not go before what is there.
        let there = term.there.iter().cloned();
        let factors: Vec<String> = there.chain(factors).collect();
        match factors.is_empty() {
            true => term.text.clone(),
            false => format!("{}*{}", term.text, factors.join("*")),
        }
    };
    let all: Vec<String> = terms.iter().enumerate().map(first).collect();
    format!("({})", all.join("+"))
}

/// The condition under which SUMIFS of these figures is not blank: rows are there and none matches,
/// or one that does has a figure. Excel itself would add up blanks to 0.
fn has_figure(figures: &str, wanted: &str, row_names: Option<String>) -> String {
    let none = match row_names {
        Some(names) => format!("(COUNTIFS({wanted})=0)*(COUNTA({names})>0)"),
        None => format!("(COUNTIFS({wanted})=0)"),
    };
    format!("({none}+(COUNTIFS({wanted},{figures},\">\"&-1E+99)>0)>0)")
}
