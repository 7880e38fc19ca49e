//! What is wrong with rules taken together.

/// What is wrong with a set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// These rules cannot all hold.
    Contradiction(Vec<RuleKey>),
    /// These rules cannot all hold where the condition of the first holds.
    ContradictionWhere(Vec<RuleKey>),
    /// These rules all hold only where this cell is 0.
    OnlyZero { rules: Vec<RuleKey>, cell: String },
    /// The first rule follows from the others.
    Implied { rule: RuleKey, by: Vec<RuleKey> },
    /// No figures break it.
    NeverFails(RuleKey),
    /// Its condition never holds, given the other rules named.
    ConditionNeverHolds { rule: RuleKey, by: Vec<RuleKey> },
    /// No cell it could be evaluated at.
    NoPlace(RuleKey),
}

/// (form, rule).
pub type RuleKey = (String, String);

/// The outcome of examining a set.
#[derive(Debug, Default)]
pub struct Examination {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Number of rules that were examined.
    pub examined: usize,
    /// Number of rules that were not examined because they are no sums of figures.
    pub opaque: usize,
}
