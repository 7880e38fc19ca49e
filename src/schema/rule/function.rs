//! The functions a rule may call.

/// Functions a rule may call: Excel's own, those that read closed periods ([`Past`]), and `UNITS`
/// (how many units must file a form).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Adds up; blanks are passed over.
    Sum,
    /// Adds up the rows that match a text.
    SumIfs,
    /// Counts figures.
    Count,
    /// Counts cells that are not blank.
    CountA,
    /// Counts cells that are what is looked for.
    CountIf,
    /// Counts the rows on which every cell is what is looked for.
    CountIfs,
    /// Adds up and divides by how many figures there are; blanks are passed over.
    Average,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Without sign.
    Abs,
    /// Half-up to so many decimals.
    Round,
    /// Truncated to so many decimals.
    RoundDown,
    /// Condition, then, else.
    If,
    /// All hold.
    And,
    /// One holds.
    Or,
    /// Does not hold.
    Not,
    /// Is nothing written in the cell?
    IsBlank,
    /// A day of the calendar: year, month, day.
    Date,
    /// The first day of the period of the figures.
    PeriodStart,
    /// The last day of the period of the figures.
    PeriodEnd,
    /// Is the period the first of its sort in the year?
    FirstPeriod,
    /// The closed previous period, from the office's archive.
    Prev,
    /// The same period of the year before, from the archive.
    PrevYear,
    /// The sum over the closed periods of this year before this one.
    Ytd,
    /// How many units must file the form.
    Units,
}

/// Name, function, fewest and most arguments.
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 25] = [
    ("SUM", Function::Sum, 1, 255),
    ("SUMIFS", Function::SumIfs, 3, 255),
    ("COUNT", Function::Count, 1, 255),
    ("COUNTA", Function::CountA, 1, 255),
    ("COUNTIF", Function::CountIf, 2, 2),
    ("COUNTIFS", Function::CountIfs, 2, 254),
    ("AVERAGE", Function::Average, 1, 255),
    ("MIN", Function::Min, 1, 255),
    ("MAX", Function::Max, 1, 255),
    ("ABS", Function::Abs, 1, 1),
    ("ROUND", Function::Round, 2, 2),
    ("ROUNDDOWN", Function::RoundDown, 2, 2),
    ("IF", Function::If, 3, 3),
    ("AND", Function::And, 1, 255),
    ("OR", Function::Or, 1, 255),
    ("NOT", Function::Not, 1, 1),
    ("ISBLANK", Function::IsBlank, 1, 1),
    ("DATE", Function::Date, 3, 3),
    ("PERIODSTART", Function::PeriodStart, 0, 0),
    ("PERIODEND", Function::PeriodEnd, 0, 0),
    ("FIRSTPERIOD", Function::FirstPeriod, 0, 0),
    ("PREV", Function::Prev, 1, 1),
    ("PREVYEAR", Function::PrevYear, 1, 1),
    ("YTD", Function::Ytd, 1, 1),
    ("UNITS", Function::Units, 1, 1),
];

/// What of the archive a function reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// `PREV`: the previous period.
    Previous,
    /// `PREVYEAR`: the same period of the year before.
    YearBefore,
    /// `YTD`: every period of this year before this one, added up.
    YearToDate,
}

impl Past {
    /// The function that reads it.
    pub fn function(self) -> Function {
        match self {
            Past::Previous => Function::Prev,
            Past::YearBefore => Function::PrevYear,
            Past::YearToDate => Function::Ytd,
        }
    }
}

impl Function {
    /// Does it take many cells in its argument of this index (from 0)? There a column means all its
    /// rows, unless it is one of several arguments ([`super::fold::Read::among`]).
    pub fn folds(self, argument: usize) -> bool {
        match self {
            Function::Sum
            | Function::Count
            | Function::CountA
            | Function::Average
            | Function::Min
            | Function::Max => true,
            Function::CountIf | Function::CountIfs => argument.is_multiple_of(2),
            Function::SumIfs => argument == 0 || !argument.is_multiple_of(2),
            _ => false,
        }
    }

    /// Does it look for cells ([`super::criterion::Criterion`])? Then every argument that folds is
    /// a name, and what is looked for in it follows it.
    pub fn looks_for(self) -> bool {
        matches!(
            self,
            Function::CountIf | Function::CountIfs | Function::SumIfs
        )
    }

    /// What of the archive it reads, if it reads the archive.
    pub fn past(self) -> Option<Past> {
        match self {
            Function::Prev => Some(Past::Previous),
            Function::PrevYear => Some(Past::YearBefore),
            Function::Ytd => Some(Past::YearToDate),
            _ => None,
        }
    }

    /// As written in a rule.
    pub fn name(self) -> &'static str {
        FUNCTIONS
            .iter()
            .find(|(_, function, ..)| *function == self)
            .map_or("", |(name, ..)| name)
    }
}
