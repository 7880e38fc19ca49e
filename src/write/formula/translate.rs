//! Expressions taken to formula text, part by part.

use super::condition::{Condition, Joining, Shape};
use super::names::{FormulaSite, NamedCells, Names, NoFormula, PreviousByName};
use super::needs::{Needs, note};
use super::part::{FormulaPart, FormulaValue, Sort, Way, exact_only, pairs};
use super::slack::Slack;
use crate::model::Number;
use crate::schema::FieldType;
use crate::schema::expression::{Function, Name, Operator, Past};
use crate::schema::rule::fold::{Algebra, Read};
use crate::schema::rule_text::BlankPolicy;

/// Takes one expression to formula text.
pub(super) struct RuleTexts<'a> {
    pub names: &'a Names<'a>,
    pub site: FormulaSite,
    pub how: Joining,
    /// Most decimals any of its figures has.
    pub decimals: u32,
    /// Figures count as printed, whatever they were rounded from.
    pub exact: bool,
}

pub(super) type Result<T> = std::result::Result<T, NoFormula>;

impl<'e> Algebra<'e> for RuleTexts<'_> {
    type Out = Result<FormulaPart<'e>>;

    fn number(&mut self, number: Number) -> Result<FormulaPart<'e>> {
        let number = number.normalize();
        self.decimals = self.decimals.max(number.scale());
        let way = Way::new(number.to_string(), Needs::default());
        Ok(FormulaPart::Value(FormulaValue {
            constant: Some(number),
            ..FormulaValue::new(Sort::Figure, way)
        }))
    }

    fn text(&mut self, text: &'e str) -> Result<FormulaPart<'e>> {
        let way = Way::new(
            format!("\"{}\"", text.replace('"', "\"\"")),
            Needs::default(),
        );
        Ok(FormulaPart::Value(FormulaValue {
            words: Some(text),
            ..FormulaValue::new(Sort::Words, way)
        }))
    }

    fn flag(&mut self, flag: bool) -> Result<FormulaPart<'e>> {
        let text = if flag { "TRUE" } else { "FALSE" };
        Ok(FormulaPart::from(Condition::plain(
            text.to_owned(),
            Needs::default(),
        )))
    }

    fn name(&mut self, read: Read<'e>) -> Result<FormulaPart<'e>> {
        if read.folded || read.among {
            return Ok(FormulaPart::Names(read));
        }
        let value = match read.past {
            Some(past) => self.previous(past, read.name)?,
            None => {
                let found = self.names.one(read.name, self.site)?;
                self.read(&found)
            }
        };
        Ok(FormulaPart::Value(FormulaValue {
            read: Some(read),
            ..value
        }))
    }

    fn units(&mut self, _: &'e Name) -> Result<FormulaPart<'e>> {
        Err(NoFormula::Elsewhere)
    }

    fn negate(&mut self, inner: Result<FormulaPart<'e>>) -> Result<FormulaPart<'e>> {
        let inner = self.value(inner)?;
        let ways = inner.ways.into_iter().map(|way| Way {
            text: format!("(-{})", way.text),
            slack: way
                .slack
                .and_then(|slack| slack.times(Number::NEGATIVE_ONE)),
            ..way
        });
        Ok(FormulaPart::Value(FormulaValue {
            constant: inner.constant.map(|number| -number),
            ..FormulaValue::figure(ways.collect())?
        }))
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: Result<FormulaPart<'e>>,
        right: Result<FormulaPart<'e>>,
    ) -> Result<FormulaPart<'e>> {
        let (left, right) = both(left, right)?;
        if let Operator::Compare(comparison) = operator {
            return self.compare(left, comparison, right).map(FormulaPart::from);
        }
        if operator == Operator::Divide {
            self.decimals = self.decimals.max(2);
        }
        let (left, right) = (self.value(Ok(left))?, self.value(Ok(right))?);
        let constants = left.constant.zip(right.constant);
        let divides = operator == Operator::Divide && right.constant.is_none();
        let mut ways = pairs(&left.ways, &right.ways, |l, r| {
            let text = format!("({}{}{})", l.text, operator.symbol(), r.text);
            let slacks = (&l.slack, &r.slack);
            let slack = arithmetic_room(operator, slacks, (left.constant, right.constant));
            Way::new(text, Needs::default()).rounded(slack)
        });
        ways.iter_mut().for_each(|way| way.needs.divides |= divides);
        Ok(FormulaPart::Value(FormulaValue {
            constant: constants.and_then(|(l, r)| arithmetic(operator, l, r)),
            ..FormulaValue::figure(ways)?
        }))
    }

    fn call(
        &mut self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        match function {
            Function::Sum | Function::Average | Function::Min | Function::Max => {
                self.fold(function, arguments)
            }
            Function::Count
            | Function::CountA
            | Function::CountIf
            | Function::CountIfs
            | Function::SumIfs => self.count(function, arguments),
            Function::And | Function::Or => {
                let parts = self.asked(arguments)?;
                let all = function == Function::And;
                Ok(FormulaPart::from(self.how.junction(parts, all)))
            }
            Function::Not => {
                let [part] = exactly(arguments)?;
                let part = self.condition(part)?;
                Ok(FormulaPart::from(self.how.negated(part)))
            }
            Function::If => {
                let [condition, then, otherwise] = exactly(arguments)?;
                self.branch(condition, then, otherwise)
            }
            Function::IsBlank => {
                let [part] = exactly(arguments)?;
                self.blank(part).map(FormulaPart::from)
            }
            Function::Abs | Function::Round | Function::RoundDown => {
                self.rounded(function, arguments)
            }
            Function::Date => self.day(arguments),
            Function::PeriodStart
            | Function::PeriodEnd
            | Function::FirstPeriod
            | Function::Prev
            | Function::PrevYear
            | Function::Ytd
            | Function::Units => Err(NoFormula::Elsewhere),
        }
    }
}

impl<'e> RuleTexts<'_> {
    /// A part as a value.
    pub fn value(&self, part: Result<FormulaPart<'e>>) -> Result<FormulaValue<'e>> {
        match part? {
            FormulaPart::Value(value) => Ok(value),
            FormulaPart::Condition(condition) => match *condition {
                Condition {
                    shape: Shape::Plain { text, can: None },
                    needs,
                    ..
                } => Ok(FormulaValue::new(Sort::Flag, Way::new(text, needs))),
                _ => Err(NoFormula::Elsewhere),
            },
            FormulaPart::Names(_) => Err(NoFormula::Elsewhere),
        }
    }

    /// A part as a condition.
    pub fn condition(&self, part: Result<FormulaPart<'e>>) -> Result<Condition> {
        let value = match part? {
            FormulaPart::Condition(condition) => return Ok(*condition),
            FormulaPart::Value(value) => value,
            FormulaPart::Names(_) => return Err(NoFormula::Elsewhere),
        };
        let sort = value.sort;
        let of = |way: &Way| match sort {
            Sort::Figure => Condition::plain(format!("({}<>0)", way.text), way.needs.clone()),
            Sort::Flag | Sort::Words => Condition::plain(way.text.clone(), way.needs.clone()),
        };
        Ok(self.one_of(value.ways.iter().map(|way| (way.guards.clone(), of(way)))))
    }

    pub(super) fn one_of(&self, ways: impl Iterator<Item = (Vec<String>, Condition)>) -> Condition {
        let mut ways: Vec<_> = ways.collect();
        match ways.as_slice() {
            [(guards, _)] if guards.is_empty() => ways.remove(0).1,
            _ => self.how.one_of(ways),
        }
    }

    /// The arguments of AND or OR. One that this workbook cannot evaluate is not known; where that
    /// is so of all, neither is the whole.
    fn asked(&self, arguments: Vec<Result<FormulaPart<'e>>>) -> Result<Vec<Condition>> {
        let parts: Vec<Result<Condition>> = arguments
            .into_iter()
            .map(|argument| self.condition(argument))
            .collect();
        if parts.iter().all(Result::is_err) {
            let elsewhere = |part: &Result<Condition>| matches!(part, Err(NoFormula::Elsewhere));
            return Err(match parts.iter().any(elsewhere) {
                true => NoFormula::Elsewhere,
                false => NoFormula::Absent,
            });
        }
        let known = |part: Result<Condition>| {
            part.unwrap_or_else(|lack| Condition::unknown(lack == NoFormula::Absent))
        };
        Ok(parts.into_iter().map(known).collect())
    }

    /// A cell read as a value.
    fn read(&mut self, found: &NamedCells) -> FormulaValue<'e> {
        let mut needs = Needs {
            never_blank: found.says_when_blank,
            ..Needs::default()
        };
        let cells = &found.cells;
        let (sort, text) = match found.kind {
            FieldType::Flag => {
                note(&mut needs.looked_at, cells);
                (Sort::Flag, format!("({cells}=\"x\")"))
            }
            kind if kind.is_numeric() => {
                note(&mut needs.figures, cells);
                if !found.negative {
                    note(&mut needs.floored, cells);
                }
                self.decimals = self.decimals.max(found.decimals);
                let text = match (self.how.blank, self.how.whole) {
                    (BlankPolicy::SkipAny, _) => cells.clone(),
                    (_, false) => format!("N({cells})"),
                    (_, true) => format!("({cells}+0)"),
                };
                (Sort::Figure, text)
            }
            // A day with a time of day is that day.
            FieldType::Date => {
                note(&mut needs.days, cells);
                (Sort::Words, format!("INT({cells})"))
            }
            _ => {
                note(&mut needs.words, cells);
                (Sort::Words, cells.clone())
            }
        };
        // A blank that counts as 0 was not rounded.
        let count = match (self.how.blank, self.how.whole) {
            (BlankPolicy::SkipAny, _) => "1".to_owned(),
            (_, false) => format!("COUNT({cells})"),
            (_, true) => format!("ISNUMBER({cells})"),
        };
        let slack = Slack::figures(found, &count);
        FormulaValue::new(sort, Way::new(text, needs).rounded(Some(slack)))
    }

    /// Is nothing written in a cell? A formula that shows nothing counts as nothing.
    fn blank(&self, part: Result<FormulaPart<'e>>) -> Result<Condition> {
        let FormulaPart::Value(FormulaValue {
            read: Some(Read {
                name, past: None, ..
            }),
            ..
        }) = part?
        else {
            return Err(NoFormula::Elsewhere);
        };
        let found = self.names.one(name, self.site)?;
        // A total row has figures only.
        if self.site == FormulaSite::Total && !found.kind.is_numeric() {
            return Err(NoFormula::Absent);
        }
        let cells = found.cells;
        let text = match found.kind {
            FieldType::Flag => format!("({cells}<>\"x\")"),
            kind if kind.is_numeric() => format!("(ISNUMBER({cells})=FALSE)"),
            _ => format!("({cells}=\"\")"),
        };
        let needs = Needs {
            looked_at: vec![cells],
            tests: true,
            never_blank: found.says_when_blank,
            ..Needs::default()
        };
        Ok(Condition::plain(text, needs))
    }

    fn branch(
        &self,
        condition: Result<FormulaPart<'e>>,
        then: Result<FormulaPart<'e>>,
        otherwise: Result<FormulaPart<'e>>,
    ) -> Result<FormulaPart<'e>> {
        let condition = self.condition(condition)?;
        let (then, otherwise) = both(then, otherwise)?;
        let is_figure = |part: &FormulaPart<'_>| matches!(part, FormulaPart::Value(value) if value.sort != Sort::Flag);
        if !is_figure(&then) || !is_figure(&otherwise) {
            let parts = [self.condition(Ok(then))?, self.condition(Ok(otherwise))?];
            let [then, otherwise] = parts;
            let whole = self.how.branch([condition, then, otherwise]);
            return Ok(FormulaPart::from(whole));
        }
        // Where rounding leaves open which branch is taken, the value is unknown.
        let (holds, fails) = self.how.decided(&condition);
        let (then, otherwise) = (self.value(Ok(then))?, self.value(Ok(otherwise))?);
        let sort = then.sort;
        let guarded = |value: FormulaValue<'e>, guard: String| {
            let needs = &condition.needs;
            let cells = [
                &needs.looked_at,
                &needs.figures,
                &needs.folded,
                &needs.words,
                &needs.days,
            ];
            let looked = Needs {
                floored: needs.floored.clone(),
                matched: needs.matched.clone(),
                looked_at: cells.into_iter().flatten().cloned().collect(),
                tests: needs.tests,
                never_blank: needs.never_blank,
                ..Needs::default()
            };
            let way = move |way: Way| Way {
                guards: [vec![guard.clone()], way.guards].concat(),
                needs: way.needs.and(&looked),
                ..way
            };
            value.ways.into_iter().map(way).collect::<Vec<Way>>()
        };
        let ways = [guarded(then, holds), guarded(otherwise, fails)].concat();
        Ok(FormulaPart::Value(FormulaValue {
            sort,
            ..FormulaValue::figure(ways)?
        }))
    }

    fn rounded(
        &self,
        function: Function,
        arguments: Vec<Result<FormulaPart<'e>>>,
    ) -> Result<FormulaPart<'e>> {
        let mut arguments = arguments.into_iter();
        let first = self.value(arguments.next().ok_or(NoFormula::Elsewhere)?)?;
        let rest = match arguments.next() {
            Some(second) => self.value(second)?.ways,
            None => vec![Way::new(String::new(), Needs::default())],
        };
        let ways = pairs(&first.ways, &rest, |l, r| {
            let comma = if r.text.is_empty() { "" } else { "," };
            let text = format!("{}({}{comma}{})", function.name(), l.text, r.text);
            Way::new(text, Needs::default()).rounded(exact_only([&l.slack, &r.slack]))
        });
        Ok(FormulaPart::Value(FormulaValue::figure(ways)?))
    }

    /// A day written in the rule.
    fn day(&self, arguments: Vec<Result<FormulaPart<'e>>>) -> Result<FormulaPart<'e>> {
        let parts: Vec<String> = arguments
            .into_iter()
            .map(|part| {
                Ok(self
                    .value(part)?
                    .constant
                    .ok_or(NoFormula::Elsewhere)?
                    .to_string())
            })
            .collect::<Result<_>>()?;
        let way = Way::new(format!("DATE({})", parts.join(",")), Needs::default());
        Ok(FormulaPart::Value(FormulaValue::new(Sort::Words, way)))
    }

    pub(super) fn previous(&mut self, past: Past, name: &Name) -> Result<FormulaValue<'e>> {
        let slack = |texts: &Self| match (past, texts.names.one(name, texts.site)) {
            (_, Err(_)) => Some(Slack::default()),
            // A year to date is the sum of as many printed figures as periods, which are not here.
            (Past::YearToDate, Ok(found)) => found.rounded.is_none().then(Slack::default),
            (_, Ok(found)) => Some(Slack::figures(&found, "1")),
        };
        let Some(by_name) = self.names.previous_by_name(past, name, self.site)? else {
            let (figure, decimals) = self.names.past(past, name, self.site)?;
            self.decimals = self.decimals.max(decimals);
            let way = Way::new(figure, Needs::default()).rounded(slack(self));
            return Ok(FormulaValue::new(Sort::Figure, way));
        };
        let PreviousByName {
            figures,
            decimals,
            matches,
        } = by_name;
        self.decimals = self.decimals.max(decimals);
        let mut needs = Needs::default();
        match matches {
            Some(matches) => {
                needs.matched = vec![matches, format!("ISNUMBER({figures})")];
            }
            None => needs.previous.push(figures.clone()),
        }
        let way = Way::new(figures, needs).rounded(slack(self));
        Ok(FormulaValue::new(Sort::Figure, way))
    }
}

/// Both parts; of two lacks the one that concerns the workbook, not the place.
fn both<'e>(
    left: Result<FormulaPart<'e>>,
    right: Result<FormulaPart<'e>>,
) -> Result<(FormulaPart<'e>, FormulaPart<'e>)> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(lack), _) | (_, Err(lack)) => Err(lack),
    }
}

fn exactly<T, const N: usize>(arguments: Vec<T>) -> Result<[T; N]> {
    arguments.try_into().map_err(|_| NoFormula::Elsewhere)
}

fn arithmetic(operator: Operator, left: Number, right: Number) -> Option<Number> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        Operator::Compare(_) => None,
    }
}

/// The rounded figures of two sides brought together; `None` if they are not a plain sum.
fn arithmetic_room(
    operator: Operator,
    (left, right): (&Option<Slack>, &Option<Slack>),
    constants: (Option<Number>, Option<Number>),
) -> Option<Slack> {
    let (l, r) = (left.clone(), right.clone());
    match (operator, constants) {
        (Operator::Add, _) => Some(l?.plus(r?)),
        (Operator::Subtract, _) => Some(l?.plus(r?.times(Number::NEGATIVE_ONE)?)),
        (Operator::Multiply, (Some(by), _)) => r?.times(by),
        (Operator::Multiply, (_, Some(by))) => l?.times(by),
        (Operator::Divide, (_, Some(by))) => l?.over(by),
        _ => exact_only([left, right]),
    }
}
