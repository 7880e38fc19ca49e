//! The cells that must be filled before a formula can be evaluated, as formula text.

use crate::schema::rule_text::BlankPolicy;

/// What a formula needs before it can be evaluated.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    /// Cells that must hold figures.
    pub figures: Vec<String>,
    /// Cells that must hold words.
    pub words: Vec<String>,
    /// Cells that must hold days, which Excel counts as figures; one typed as text it cannot compare.
    pub days: Vec<String>,
    /// Ranges of which at least one cell must hold a figure.
    pub folded: Vec<String>,
    /// Cells and ranges that may not be below zero; one that is, is reported as such when the
    /// workbook is received, and no rule is evaluated on it.
    pub floored: Vec<String>,
    /// Over a whole table: conditions on its rows, whatever a blank counts as.
    pub rows: Vec<String>,
    /// Conditions under which the rows that SUMIFS picks have a figure, if it picks any.
    pub picked: Vec<String>,
    /// Over a whole table: which rows are which of last period's. A row that is none of them is not
    /// checked at all.
    pub matched: Vec<String>,
    /// Figures of last period, which are lacking or not whatever a blank counts as.
    pub previous: Vec<String>,
    /// Cells and ranges that are read whether or not they are blank: boxes to tick, cells tested
    /// for being blank, what is counted.
    pub looked_at: Vec<String>,
    /// Is one of them tested for being blank?
    pub tests: bool,
    /// Is something divided by what may be 0, or averaged where nothing may be?
    pub divides: bool,
    /// Is one of the cells known even if it is blank?
    pub never_blank: bool,
}

/// Adds what is not in a list yet.
pub(super) fn note(list: &mut Vec<String>, what: &str) {
    if !list.iter().any(|one| one == what) {
        list.push(what.to_owned());
    }
}

/// Shows `waiting` where one of the conditions holds.
pub(super) fn or_waits(mut waits: Vec<String>, waiting: &str, text: String) -> String {
    let waits = match waits.len() {
        0 => return text,
        1 => waits.remove(0),
        _ => format!("OR({})", waits.join(",")),
    };
    format!("IF({waits},{waiting},{text})")
}

impl Needs {
    /// Needs what `other` needs, too.
    pub fn add(&mut self, other: &Needs) {
        let lists = [
            (&mut self.figures, &other.figures),
            (&mut self.words, &other.words),
            (&mut self.days, &other.days),
            (&mut self.folded, &other.folded),
            (&mut self.floored, &other.floored),
            (&mut self.rows, &other.rows),
            (&mut self.picked, &other.picked),
            (&mut self.matched, &other.matched),
            (&mut self.previous, &other.previous),
            (&mut self.looked_at, &other.looked_at),
        ];
        for (own, more) in lists {
            more.iter().for_each(|what| note(own, what));
        }
        self.tests |= other.tests;
        self.divides |= other.divides;
        self.never_blank |= other.never_blank;
    }

    /// Both needs.
    pub fn and(mut self, other: &Needs) -> Needs {
        self.add(other);
        self
    }

    /// Is it known whatever is blank?
    pub fn is_always_known(&self) -> bool {
        [
            &self.figures,
            &self.words,
            &self.days,
            &self.folded,
            &self.rows,
            &self.picked,
            &self.matched,
            &self.previous,
        ]
        .iter()
        .all(|list| list.is_empty())
    }

    /// Conditions on one place under which nothing is known.
    pub fn unknown(&self, blank: BlankPolicy) -> Vec<String> {
        let previous = self.previous.iter();
        let mut unknown: Vec<String> = previous
            .map(|figure| format!("COUNT({figure})=0"))
            .collect();
        if blank == BlankPolicy::SkipAny {
            if !self.figures.is_empty() {
                let cells = self.figures.join(",");
                unknown.push(format!("COUNT({cells})<{}", self.figures.len()));
            }
            let folded = self.folded.iter();
            unknown.extend(folded.map(|cells| format!("COUNT({cells})=0")));
            unknown.extend(self.picked.iter().map(|picked| format!("NOT{picked}")));
        }
        // A blank may count as 0, never as words.
        unknown.extend(self.words.iter().map(|cell| format!("{cell}=\"\"")));
        unknown.extend(
            self.days
                .iter()
                .map(|cell| format!("ISNUMBER({cell})=FALSE")),
        );
        unknown
    }

    /// The condition on one place under which a figure below zero keeps the rule from being
    /// evaluated.
    pub fn below_zero(&self) -> Option<String> {
        let cells = self.floored.join(",");
        (!cells.is_empty()).then(|| format!("MIN({cells})<0"))
    }

    /// Factors of a product that is above 0 where the formula is known, on one place or, over a
    /// `whole` table, row by row.
    pub fn known(&self, blank: BlankPolicy) -> Vec<String> {
        let mut known = Vec::new();
        if blank == BlankPolicy::SkipAny {
            known.extend(self.figures.iter().map(|f| format!("ISNUMBER({f})")));
            known.extend(self.folded.iter().map(|f| format!("(COUNT({f})>0)")));
            known.extend(self.picked.iter().cloned());
        }
        known.extend(self.words.iter().map(|word| format!("({word}<>\"\")")));
        known.extend(self.days.iter().map(|day| format!("ISNUMBER({day})")));
        known.extend(self.previous.iter().map(|f| format!("(COUNT({f})>0)")));
        known.extend(self.rows.iter().cloned());
        known
    }

    /// Factors that are 0 on the rows of a whole table where a figure is below zero. In Excel a
    /// blank compares as 0 and text as greater than any number.
    pub fn rows_not_below_zero(&self) -> impl Iterator<Item = String> {
        self.floored.iter().map(|cells| format!("({cells}>=0)"))
    }

    /// The condition under which every cell is blank; `None` if it reads none.
    pub fn all_blank(&self) -> Option<String> {
        let figures = [self.figures.as_slice(), &self.folded].concat().join(",");
        let others = [self.looked_at.as_slice(), &self.words, &self.days];
        let others = others.concat().join(",");
        match (figures.is_empty(), others.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("COUNT({figures})=0")),
            (true, false) => Some(format!("COUNTA({others})=0")),
            (false, false) => Some(format!("AND(COUNT({figures})=0,COUNTA({others})=0)")),
        }
    }

    /// Over a whole table: a factor that is 0 on the rows where every cell is blank.
    pub fn rows_not_blank(&self) -> Option<String> {
        if self.never_blank {
            return None;
        }
        let mut any = self.rows_filled();
        // What is folded is the same for every row.
        any.extend(self.folded.iter().map(|f| format!("(COUNT({f})>0)")));
        (!any.is_empty()).then(|| format!("(({})>0)", any.join("+")))
    }

    /// Over a whole table: for each column that is read, whether a row has something in it.
    pub fn rows_filled(&self) -> Vec<String> {
        let figures = self.figures.iter().map(|f| format!("ISNUMBER({f})"));
        let others = self.looked_at.iter().chain(&self.words).chain(&self.days);
        let others = others.map(|cells| format!("({cells}<>\"\")"));
        figures.chain(others).collect()
    }
}
