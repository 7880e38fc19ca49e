//! A rule's own expression as the text of an Excel formula, with cells in place of names. The same
//! blanks are passed over, and the same are waited for, as when the tool itself checks.
//!
//! Only functions that Excel 2010 and LibreOffice have, and no array formulas: a table the unit
//! adds rows to is checked as a whole inside SUMPRODUCT, where a row that cannot be computed gives
//! an error, and `ISNUMBER(1/...)` takes errors for "not wrong".

use super::names::{Found, Lack, Names, Site};
use super::slack::Slack;
use crate::schema::FieldType;
use crate::schema::expression::{Comparison, Expr, Function, Name, Operator, Past, Path};
use crate::schema::field::MAX_DECIMALS;
use crate::schema::form::BlankPolicy;

/// What a formula needs before it says anything.
#[derive(Debug, Clone, Default)]
struct Needs {
    /// Cells that must hold figures.
    figures: Vec<String>,
    /// Cells that must hold words.
    words: Vec<String>,
    /// Ranges of which at least one cell must hold a figure.
    folded: Vec<String>,
    /// Cells and ranges that may not be below zero; one that is, is reported as such when the
    /// workbook is received, and no rule is evaluated on it.
    floored: Vec<String>,
    /// Over a whole table: conditions on its rows, whatever a blank counts as.
    rows: Vec<String>,
    /// Figures of last period, which are lacking or not whatever a blank counts as.
    previous: Vec<String>,
    /// Cells tested for being blank: at least one of them must hold something.
    tested: Vec<String>,
}

/// Turns expressions into formula text, noting what they need.
pub struct Translator<'a> {
    names: &'a Names<'a>,
    site: Site,
    blank: BlankPolicy,
    needs: Needs,
    /// Most decimals any of its figures has.
    pub decimals: u32,
    /// Figures count as printed, whatever they were rounded from.
    exact: bool,
}

impl<'a> Translator<'a> {
    pub fn new(names: &'a Names<'a>, site: Site, blank: BlankPolicy) -> Self {
        Translator {
            names,
            site,
            blank,
            needs: Needs::default(),
            decimals: 0,
            exact: false,
        }
    }

    /// The same, with figures taken as printed: for what rounds them itself.
    pub fn exactly(self) -> Self {
        Translator {
            exact: true,
            ..self
        }
    }

    /// Is it evaluated on all rows of a table at once?
    pub fn whole_table(&self) -> bool {
        self.site == Site::FreeRows
    }

    /// The condition under which nothing can be said yet; `None` if there is none.
    pub fn waits(&self) -> Option<String> {
        let needs = &self.needs;
        let previous = needs.previous.iter();
        let mut waits: Vec<String> = previous
            .map(|figure| format!("COUNT({figure})=0"))
            .collect();
        if !needs.floored.is_empty() && !self.whole_table() {
            waits.push(format!("MIN({})<0", needs.floored.join(",")));
        }
        match self.blank {
            BlankPolicy::SkipAny => {
                if !needs.figures.is_empty() {
                    let cells = needs.figures.join(",");
                    waits.push(format!("COUNT({cells})<{}", needs.figures.len()));
                }
                waits.extend(needs.words.iter().map(|cell| format!("{cell}=\"\"")));
                waits.extend(needs.folded.iter().map(|cells| format!("COUNT({cells})=0")));
            }
            // A form not begun is not wrong yet, whatever a blank counts as.
            BlankPolicy::SkipAll | BlankPolicy::Zero => {
                let cells: Vec<&str> = needs
                    .figures
                    .iter()
                    .chain(&needs.folded)
                    .map(String::as_str)
                    .collect();
                if !cells.is_empty() {
                    let none = format!("COUNT({})=0", cells.join(","));
                    // A total row left blank under rows that are named is wrong already.
                    waits.push(match self.begun().filter(|_| self.site == Site::Total) {
                        Some(names) if self.blank == BlankPolicy::Zero => {
                            format!("AND({none},COUNTA({names})=0)")
                        }
                        _ => none,
                    });
                }
            }
        }
        // Where no cell of a pair is filled the form is not begun.
        if !needs.tested.is_empty() && !self.whole_table() {
            waits.push(format!("COUNTA({})=0", needs.tested.join(",")));
        }
        match waits.len() {
            0 => None,
            1 => waits.pop(),
            _ => Some(format!("OR({})", waits.join(","))),
        }
    }

    /// The names of the rows a unit adds: none as long as it has not begun.
    fn begun(&self) -> Option<String> {
        let place = self.names.place;
        let key = place.form.key_column()?;
        place.grid.reach(place.grid.column(key), "")
    }

    /// Over a whole table: a product that is 1 on the rows that can be evaluated.
    pub fn asked_rows(&self) -> Vec<String> {
        let needs = &self.needs;
        let mut asked = match self.blank {
            BlankPolicy::SkipAny => {
                let figures = needs
                    .figures
                    .iter()
                    .map(|cells| format!("ISNUMBER({cells})"));
                let words = needs.words.iter().map(|cells| format!("({cells}<>\"\")"));
                figures.chain(words).collect()
            }
            BlankPolicy::SkipAll if !needs.figures.is_empty() => {
                let any = needs
                    .figures
                    .iter()
                    .map(|cells| format!("ISNUMBER({cells})"));
                vec![format!("(({})>0)", any.collect::<Vec<_>>().join("+"))]
            }
            BlankPolicy::SkipAll | BlankPolicy::Zero => Vec::new(),
        };
        asked.extend(needs.rows.iter().cloned());
        // A blank is below nothing, and words are above everything.
        asked.extend(needs.floored.iter().map(|cells| format!("({cells}>=0)")));
        asked
    }

    /// The formula text of an expression.
    ///
    /// # Errors
    /// The expression needs a cell or a figure that is not there.
    pub fn text(&mut self, expr: &Expr) -> Result<String, Lack> {
        match expr {
            Expr::Number(number) => {
                self.decimals = self.decimals.max(number.normalize().scale());
                Ok(number.normalize().to_string())
            }
            Expr::Text(text) => Ok(format!("\"{}\"", text.replace('"', "\"\""))),
            Expr::Flag(flag) => Ok(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
            Expr::Name(name) => {
                let found = self.names.one(name, self.site)?;
                Ok(self.read(&found))
            }
            Expr::Negate(inner) => Ok(format!("(-{})", self.text(inner)?)),
            Expr::Binary(Operator::Compare(comparison), left, right) => {
                self.compare(left, *comparison, right)
            }
            Expr::Binary(operator, left, right) => {
                if *operator == Operator::Divide {
                    self.decimals = self.decimals.max(2);
                }
                let (left, right) = (self.text(left)?, self.text(right)?);
                Ok(format!("({left}{}{right})", operator.symbol()))
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    /// A cell read as a value.
    fn read(&mut self, found: &Found) -> String {
        let note = |list: &mut Vec<String>| {
            if !list.contains(&found.cells) {
                list.push(found.cells.clone());
            }
        };
        let cells = &found.cells;
        match found.kind {
            FieldType::Flag => format!("({cells}=\"x\")"),
            kind if kind.is_numeric() => {
                note(&mut self.needs.figures);
                if !found.negative {
                    note(&mut self.needs.floored);
                }
                self.decimals = self.decimals.max(found.decimals);
                match (self.blank, self.whole_table()) {
                    (BlankPolicy::SkipAny, _) => cells.clone(),
                    (_, false) => format!("N({cells})"),
                    (_, true) => format!("({cells}+0)"),
                }
            }
            _ => {
                note(&mut self.needs.words);
                cells.clone()
            }
        }
    }

    fn compare(
        &mut self,
        left: &Expr,
        comparison: Comparison,
        right: &Expr,
    ) -> Result<String, Lack> {
        let symbol = comparison.symbol();
        if self.is_figure(left) || self.is_figure(right) {
            let slack = match self.exact {
                true => None,
                false => Slack::of(self.names, self.site, left, right)?,
            };
            let (left, right) = (self.text(left)?, self.text(right)?);
            let difference = format!("{left}-{right}");
            return Ok(match slack {
                Some(slack) => slack.comparison(&difference, comparison),
                None => format!("(ROUND({difference},{MAX_DECIMALS}){symbol}0)"),
            });
        }
        // A flag compared with "x" is compared with "ticked".
        let flags = self.is_flag(left) || self.is_flag(right);
        let mut side = |expr: &Expr| match expr {
            Expr::Text(text) if flags => Ok(if text.trim().eq_ignore_ascii_case("x") {
                "TRUE".to_owned()
            } else {
                "FALSE".to_owned()
            }),
            other => self.text(other),
        };
        let (left, right) = (side(left)?, side(right)?);
        Ok(format!("({left}{symbol}{right})"))
    }

    /// Both sides of a comparison of figures; `None` if it compares something else.
    pub fn sides(&mut self, check: &Expr) -> Option<(String, Comparison, String)> {
        let (left, comparison, right) = check.comparison()?;
        if !self.is_figure(left) && !self.is_figure(right) {
            return None;
        }
        Some((self.text(left).ok()?, comparison, self.text(right).ok()?))
    }

    /// Is nothing written in a cell? A formula that shows nothing counts as nothing.
    fn blank(&mut self, arguments: &[Expr]) -> Result<String, Lack> {
        let [Expr::Name(name)] = arguments else {
            return Err(Lack::Elsewhere);
        };
        let found = self.names.one(name, self.site)?;
        // A total row has figures only.
        if self.site == Site::Total && !found.kind.is_numeric() {
            return Err(Lack::Absent);
        }
        let cells = found.cells;
        if !self.needs.tested.contains(&cells) {
            self.needs.tested.push(cells.clone());
        }
        Ok(match found.kind {
            FieldType::Flag => format!("({cells}<>\"x\")"),
            FieldType::Date => format!("(ISNUMBER({cells})=FALSE)"),
            kind if kind.is_numeric() => format!("(ISNUMBER({cells})=FALSE)"),
            _ => format!("({cells}=\"\")"),
        })
    }

    fn is_flag(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => self
                .names
                .one(name, self.site)
                .is_ok_and(|found| found.kind == FieldType::Flag),
            _ => false,
        }
    }

    fn is_figure(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Number(_) | Expr::Negate(_) => true,
            Expr::Text(_) | Expr::Flag(_) | Expr::Binary(Operator::Compare(_), ..) => false,
            Expr::Binary(..) => true,
            Expr::Name(name) => self
                .names
                .one(name, self.site)
                .is_ok_and(|found| found.kind.is_numeric()),
            Expr::Call(Function::If, arguments) => arguments
                .get(1)
                .is_some_and(|branch| self.is_figure(branch)),
            Expr::Call(Function::And | Function::Or | Function::Not | Function::IsBlank, _) => {
                false
            }
            Expr::Call(..) => true,
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Result<String, Lack> {
        match function {
            Function::Sum | Function::Min | Function::Max => self.fold(function, arguments),
            Function::Count | Function::CountA | Function::CountIf
                if self.whole_table() && names_columns(arguments) =>
            {
                self.row_count(function, arguments)
            }
            Function::Count | Function::CountA | Function::SumIfs | Function::CountIf => {
                let mut texts = Vec::new();
                for argument in arguments {
                    texts.push(match argument {
                        Expr::Name(name) => self.span(name)?,
                        other => self.text(other)?,
                    });
                }
                Ok(format!("{}({})", function.name(), texts.join(",")))
            }
            Function::If => {
                let [condition, yes, no] = self
                    .all(arguments)?
                    .try_into()
                    .map_err(|_| Lack::Elsewhere)?;
                Ok(if self.whole_table() {
                    format!("(({condition})*({yes})+(1-({condition}))*({no}))")
                } else {
                    format!("IF({condition},{yes},{no})")
                })
            }
            // AND and OR would fold a whole table into one answer.
            Function::And | Function::Or | Function::Not if self.whole_table() => {
                let all = self.all(arguments)?;
                Ok(match function {
                    Function::And => format!("(({})>0)", all.join("*")),
                    Function::Or => format!("(({})>0)", all.join("+")),
                    _ => format!("(({})=0)", all.concat()),
                })
            }
            Function::IsBlank => self.blank(arguments),
            Function::Abs
            | Function::Round
            | Function::RoundDown
            | Function::And
            | Function::Or
            | Function::Not => Ok(format!(
                "{}({})",
                function.name(),
                self.all(arguments)?.join(",")
            )),
            Function::Prev | Function::PrevYear | Function::Ytd => {
                match (function.past(), arguments) {
                    (Some(past), [Expr::Name(name)]) => self.previous(past, name),
                    _ => Err(Lack::Elsewhere),
                }
            }
            Function::Units => Err(Lack::Elsewhere),
        }
    }

    fn previous(&mut self, past: Past, name: &Name) -> Result<String, Lack> {
        let Some(by_name) = self.names.previous_by_name(past, name, self.site)? else {
            let (figure, decimals) = self.names.past(past, name, self.site)?;
            self.decimals = self.decimals.max(decimals);
            return Ok(figure);
        };
        self.decimals = self.decimals.max(by_name.decimals);
        let needed = |list: &mut Vec<String>, what: String| {
            if !list.contains(&what) {
                list.push(what);
            }
        };
        match by_name.matches {
            Some(matches) => {
                needed(&mut self.needs.rows, matches);
                let figures = format!("ISNUMBER({})", by_name.figures);
                needed(&mut self.needs.rows, figures);
            }
            None => needed(&mut self.needs.previous, by_name.figures.clone()),
        }
        Ok(by_name.figures)
    }

    fn all(&mut self, arguments: &[Expr]) -> Result<Vec<String>, Lack> {
        arguments
            .iter()
            .map(|argument| self.text(argument))
            .collect()
    }

    /// SUM, MIN, MAX: blanks are passed over, but something must be there.
    fn fold(&mut self, function: Function, arguments: &[Expr]) -> Result<String, Lack> {
        let mut texts = Vec::new();
        let mut cells = Vec::new();
        for argument in arguments {
            match argument {
                Expr::Name(name)
                    if self.whole_table() && matches!(name.path, Path::Range { .. }) =>
                {
                    return self.row_sum(function, name);
                }
                Expr::Name(name) => {
                    let span = self.span(name)?;
                    if !self.whole_table() && !self.names.span(name, self.site)?.negative {
                        self.needs.floored.push(span.clone());
                    }
                    texts.push(span.clone());
                    cells.push(span);
                }
                Expr::Call(past, inner) if past.past().is_some() => {
                    match (past.past(), inner.as_slice()) {
                        (Some(past), [Expr::Name(name)]) => {
                            texts.push(self.names.past_all(past, name, self.site)?.join(","));
                        }
                        _ => return Err(Lack::Elsewhere),
                    }
                }
                other => texts.push(self.text(other)?),
            }
        }
        if !cells.is_empty() && cells.len() == texts.len() {
            let cells = cells.join(",");
            if !self.needs.folded.contains(&cells) {
                self.needs.folded.push(cells);
            }
        }
        Ok(format!("{}({})", function.name(), texts.join(",")))
    }

    /// The sum of columns side by side, row by row: SUM itself would add up the whole table.
    fn row_sum(&mut self, function: Function, name: &Name) -> Result<String, Lack> {
        if function != Function::Sum {
            return Err(Lack::Elsewhere);
        }
        let columns = self.names.all(name, self.site)?;
        self.decimals = columns
            .iter()
            .map(|c| c.decimals)
            .fold(self.decimals, u32::max);
        let terms: Vec<&str> = columns.iter().map(|column| column.cells.as_str()).collect();
        let there = terms.iter().map(|cells| format!("ISNUMBER({cells})"));
        let any = format!("(({})>0)", there.collect::<Vec<_>>().join("+"));
        if self.blank == BlankPolicy::SkipAny && !self.needs.rows.contains(&any) {
            self.needs.rows.push(any);
        }
        Ok(format!("({})", terms.join("+")))
    }

    /// COUNT, COUNTA, COUNTIF of columns side by side, row by row.
    fn row_count(&mut self, function: Function, arguments: &[Expr]) -> Result<String, Lack> {
        let [Expr::Name(name), ..] = arguments else {
            return Err(Lack::Elsewhere);
        };
        let columns = self.names.all(name, self.site)?;
        let wanted = match (function, arguments.get(1)) {
            (Function::CountIf, Some(wanted)) => Some(self.text(wanted)?),
            (Function::CountIf, None) => return Err(Lack::Elsewhere),
            _ => None,
        };
        let counted = columns.iter().map(|column| match (&wanted, function) {
            (Some(wanted), _) => format!("({}={wanted})", column.cells),
            (None, Function::Count) => format!("ISNUMBER({})", column.cells),
            (None, _) => format!("({}<>\"\")", column.cells),
        });
        Ok(format!("({})", counted.collect::<Vec<_>>().join("+")))
    }

    /// All cells a name means as one range.
    fn span(&mut self, name: &Name) -> Result<String, Lack> {
        let found = self.names.span(name, self.site)?;
        self.decimals = self.decimals.max(found.decimals);
        Ok(found.cells)
    }
}

/// Does a function go over columns side by side, and over nothing else?
fn names_columns(arguments: &[Expr]) -> bool {
    matches!(
        arguments.first(),
        Some(Expr::Name(Name {
            path: Path::Range { .. },
            ..
        }))
    )
}
