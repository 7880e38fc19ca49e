//! Functions over many cells as formula text: SUM, AVERAGE, MIN, MAX, COUNT and their like.

use super::names::NoFormula;
use super::needs::{Needs, note};
use super::part::{FormulaPart, FormulaValue, Way, exact_only, pairs};
use super::slack::Slack;
use super::translate::{Result, RuleTexts};
use crate::schema::expression::{Function, Name};
use crate::schema::form::BlankPolicy;
use crate::schema::rule::criterion;
use crate::schema::rule::fold::Read;

impl<'e> RuleTexts<'_> {
    /// SUM, AVERAGE, MIN, MAX: blanks are passed over, but something must be there.
    pub(super) fn fold(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        let several = arguments.len() > 1;
        let mut ways = vec![Way::new(String::new(), Needs::default())];
        let mut spans = Vec::new();
        let count = arguments.len();
        for argument in arguments {
            let more = match argument? {
                FormulaPart::Names(read) if self.is_side_by_side(read) => {
                    if several || !matches!(function, Function::Sum | Function::Average) {
                        return Err(NoFormula::Elsewhere);
                    }
                    return self.row_sum(function, read.name);
                }
                FormulaPart::Names(read) => {
                    let way = self.folded(read)?;
                    if read.past.is_none() {
                        spans.push(way.text.clone());
                    }
                    vec![way]
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
            if spans.len() == count {
                note(&mut way.needs.folded, &spans.join(","));
            }
        }
        Ok(FormulaPart::Value(FormulaValue::figure(ways)?))
    }

    /// All cells of a name in a fold.
    fn folded(&mut self, read: Read<'_>) -> Result<Way> {
        let span = self.names.span(read.name, self.site);
        if let Some(past) = read.past {
            let values = self.names.past_all(past, read.name, self.site)?;
            let count = values.len().to_string();
            let slack = span.map(|span| Slack::figures(&span, &count));
            let way = Way::new(values.join(","), Needs::default());
            return Ok(way.rounded(Some(slack.unwrap_or_default())));
        }
        let span = span?;
        self.decimals = self.decimals.max(span.decimals);
        let mut needs = Needs::default();
        if !self.how.whole && !span.negative {
            needs.floored.push(span.cells.clone());
        }
        let slack = Slack::figures(&span, &format!("COUNT({})", span.cells));
        Ok(Way::new(span.cells, needs).rounded(Some(slack)))
    }

    /// Over a whole table: does a fold go over columns side by side, row by row?
    fn is_side_by_side(&self, read: Read<'_>) -> bool {
        let beside = || self.names.is_side_by_side(read.name, self.site);
        self.how.whole && read.past.is_none() && beside()
    }

    /// The sum or average of columns side by side, row by row: SUM itself would add up the whole
    /// table.
    fn row_sum(&mut self, function: Function, name: &Name) -> Result<FormulaPart<'e>> {
        let columns = self.names.all(name, self.site)?;
        let decimals = columns.iter().map(|column| column.decimals);
        self.decimals = decimals.fold(self.decimals, u32::max);
        let terms: Vec<&str> = columns.iter().map(|column| column.cells.as_str()).collect();
        let there = terms.iter().map(|cells| format!("ISNUMBER({cells})"));
        let count = format!("({})", there.collect::<Vec<_>>().join("+"));
        let mut needs = Needs::default();
        columns
            .iter()
            .for_each(|column| note(&mut needs.looked_at, &column.cells));
        let average = function == Function::Average;
        // Of nothing there is a sum where blanks count as 0, and never an average.
        if average || self.how.blank == BlankPolicy::SkipAny {
            needs.rows.push(format!("({count}>0)"));
        }
        let slacks = columns.iter().map(|column| Slack::figures(column, "1"));
        let slack = Some(slacks.reduce(Slack::plus).unwrap_or_default());
        let sum = format!("({})", terms.join("+"));
        let way = match average {
            true => Way::new(format!("({sum}/{count})"), needs).rounded(exact_only([&slack])),
            false => Way::new(sum, needs).rounded(slack),
        };
        Ok(FormulaPart::Value(FormulaValue::figure(vec![way])?))
    }

    pub(super) fn count(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        if let Some(Ok(FormulaPart::Names(read))) = arguments.first()
            && self.is_side_by_side(*read)
        {
            let name = read.name;
            return self.row_count(function, name, arguments);
        }
        let (mut texts, mut needs) = (Vec::new(), Needs::default());
        let mut slack = Some(Slack::default());
        for argument in arguments {
            let part = argument?;
            texts.push(match part {
                FormulaPart::Names(Read {
                    name, past: None, ..
                }) => {
                    let span = self.names.span(name, self.site)?;
                    self.decimals = self.decimals.max(span.decimals);
                    note(&mut needs.looked_at, &span.cells);
                    needs.never_blank |= span.says_when_blank;
                    if function == Function::SumIfs {
                        slack = exact_only([&slack, &Some(Slack::figures(&span, "1"))]);
                    }
                    span.cells
                }
                FormulaPart::Names(read)
                    if matches!(function, Function::Count | Function::CountA) =>
                {
                    self.folded(read)?.text
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
                        None => way.text.clone(),
                    }
                }
            });
        }
        let text = format!("{}({})", function.name(), texts.join(","));
        let way = Way::new(text, needs).rounded(slack);
        Ok(FormulaPart::Value(FormulaValue::figure(vec![way])?))
    }

    /// COUNT, COUNTA, COUNTIF of columns side by side, row by row.
    fn row_count(
        &mut self,
        function: Function,
        name: &Name,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        let columns = self.names.all(name, self.site)?;
        let mut needs = Needs::default();
        let mut rest = arguments.into_iter().skip(1);
        let wanted = match (function, rest.next()) {
            (Function::CountIf, Some(wanted)) => {
                let wanted = self.value(wanted)?;
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
