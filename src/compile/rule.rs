//! A rule as the compiler holds it before it is written: over places of a table, with the words it
//! comes from, and a canonical form under which equal rules are equal.

use std::collections::BTreeMap;

use crate::model::{CellAddress, Number};
use crate::schema::expression::{Comparison, Operator};

/// A place of a table that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// A column, by its index: the cell on the row looked at.
    Column(usize),
    /// A row, by its index: the cell in the column looked at.
    Row(usize),
    /// One cell: row and column.
    Cell(usize, usize),
    /// A cell or column of another table of the same files, by its index among [`Table::others`].
    ///
    /// [`Table::others`]: super::table::Table::others
    Other(usize),
}

/// A side of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    Number(Number),
    At(Place),
    /// The same cell of the previous period.
    Previous(Place),
    Negate(Box<Term>),
    Join(Operator, Box<Term>, Box<Term>),
    /// Added up; blanks are passed over.
    Sum(Vec<Place>),
    /// Rounded half up to so many decimals; to tens, hundreds if below 0.
    Round(Box<Term>, i32),
}

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Printed as an equation in a header, a numbering row, a label, a note of a cell.
    Annotation,
    /// Said in words.
    Prose,
    /// A formula of the blank.
    Formula,
    /// A formula of the blank that tells right from wrong.
    Check,
    /// «Tổng số» over «Chia ra», «Trong đó», «Tổng cộng», «Lũy kế».
    Structure,
    /// Names that are nearly always meant so: on trial.
    Seems,
}

/// Words of the form, and where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) source: Source,
    pub(super) cell: CellAddress,
    pub(super) words: String,
}

/// A rule found in a form.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) left: Place,
    pub(super) relation: Comparison,
    pub(super) right: Term,
    /// Rows a rule over columns, or columns a rule over rows, is evaluated at; all if `None`.
    pub(super) at: Option<Vec<usize>>,
    /// Does it go on from the period before only within a year?
    pub(super) within_year: bool,
    pub(super) evidence: Vec<Evidence>,
}

/// A figure of an equation: is it the previous period's, and where.
type Atom = (bool, Place);

/// Sums of products of figures, by the figures multiplied.
type Polynomial = BTreeMap<Vec<Atom>, Number>;

/// Products in a polynomial, and figures in a product, at most.
const MOST_PRODUCTS: usize = 1_000;
const MOST_FACTORS: usize = 6;

/// A rule with fractions cleared and everything on one side: equal rules have equal forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Canonical {
    relation: &'static str,
    zero: Polynomial,
}

impl Candidate {
    /// The rule without its places and words; `None` if it is too large to be compared.
    pub(super) fn canonical(&self) -> Option<Canonical> {
        let left = Term::At(self.left).fraction()?;
        let right = self.right.fraction()?;
        let mut zero = multiply(&left.0, &right.1)?;
        add(&mut zero, &multiply(&right.0, &left.1)?, -Number::ONE)?;
        let lead = *zero.values().next()?;
        // An equation may be multiplied by anything, a bound only by what is above zero.
        let by = match self.relation {
            Comparison::Equal => lead,
            // What is at least another has that at most itself.
            Comparison::GreaterOrEqual => -lead.abs(),
            _ => lead.abs(),
        };
        for factor in zero.values_mut() {
            *factor = factor.checked_div(by)?.normalize();
        }
        Some(Canonical {
            relation: match self.relation {
                Comparison::GreaterOrEqual => Comparison::LessOrEqual.symbol(),
                relation => relation.symbol(),
            },
            zero,
        })
    }

    /// Does any of its evidence come from there?
    pub(super) fn is_from(&self, source: Source) -> bool {
        self.evidence
            .iter()
            .any(|evidence| evidence.source == source)
    }

    /// Does a formula over cells say it? Then it holds at those cells and means just them.
    pub(super) fn is_of_cells(&self) -> bool {
        self.is_from(Source::Formula) || self.is_from(Source::Check)
    }

    /// Does it say what a place is, rather than a bound?
    pub(super) fn is_equal(&self) -> bool {
        self.relation == Comparison::Equal
    }

    /// Every place it names, the left one first.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places = vec![self.left];
        self.right.places(&mut places);
        places
    }
}

impl Term {
    /// Adds up terms.
    pub(super) fn sum_of(places: Vec<Place>) -> Term {
        match places.as_slice() {
            [one] => Term::At(*one),
            _ => Term::Sum(places),
        }
    }

    pub(super) fn join(operator: Operator, left: Term, right: Term) -> Term {
        Term::Join(operator, Box::new(left), Box::new(right))
    }

    /// Every place it names.
    pub(super) fn places(&self, into: &mut Vec<Place>) {
        match self {
            Term::Number(_) => {}
            Term::At(place) | Term::Previous(place) => into.push(*place),
            Term::Negate(inner) | Term::Round(inner, _) => inner.places(into),
            Term::Join(_, left, right) => {
                left.places(into);
                right.places(into);
            }
            Term::Sum(places) => into.extend(places),
        }
    }

    /// Does it read a place in the same period?
    pub(super) fn reads_now(&self, place: Place) -> bool {
        match self {
            Term::Number(_) | Term::Previous(_) => false,
            Term::At(own) => *own == place,
            Term::Sum(places) => places.contains(&place),
            Term::Negate(inner) | Term::Round(inner, _) => inner.reads_now(place),
            Term::Join(_, left, right) => left.reads_now(place) || right.reads_now(place),
        }
    }

    /// Is a place a factor of it, named once: `x`, `a * x`?
    fn has_factor(&self, place: Place) -> bool {
        match self {
            Term::At(own) => *own == place,
            Term::Join(Operator::Multiply, left, right) => {
                left.has_factor(place) && !right.reads_now(place)
                    || right.has_factor(place) && !left.reads_now(place)
            }
            _ => false,
        }
    }

    /// Is a place only named as so many hundredths: `x / 100`, `a * x / 100`?
    pub(super) fn takes_share(&self, of: Place) -> bool {
        match self {
            Term::Join(Operator::Divide, left, right)
                if left.has_factor(of) && **right == Term::Number(Number::ONE_HUNDRED) =>
            {
                true
            }
            Term::Join(_, left, right) => {
                let reads = [left, right].into_iter().filter(|side| side.reads_now(of));
                let mut reads = reads.peekable();
                reads.peek().is_some() && reads.all(|side| side.takes_share(of))
            }
            Term::Negate(inner) | Term::Round(inner, _) => inner.takes_share(of),
            Term::Number(_) | Term::At(_) | Term::Previous(_) | Term::Sum(_) => false,
        }
    }

    /// Does it subtract anything? Then what it gives may be below zero.
    pub(super) fn subtracts(&self) -> bool {
        match self {
            Term::Number(_) | Term::At(_) | Term::Previous(_) | Term::Sum(_) => false,
            Term::Negate(_) => true,
            Term::Round(inner, _) => inner.subtracts(),
            Term::Join(operator, left, right) => {
                *operator == Operator::Subtract || left.subtracts() || right.subtracts()
            }
        }
    }

    /// Is something subtracted from a quotient at its top?
    pub(super) fn subtracts_figure(&self) -> bool {
        match self {
            Term::Round(inner, _) => inner.subtracts_figure(),
            Term::Join(Operator::Subtract, left, right) => {
                left.quotient().is_some() && !right.multiplies()
            }
            Term::Join(Operator::Multiply, one, two) => {
                one.subtracts_figure() || two.subtracts_figure()
            }
            _ => false,
        }
    }

    /// The places of a plain sum of places; `None` if it is anything else.
    pub(super) fn plain_sum(&self) -> Option<Vec<Place>> {
        match self {
            Term::At(place) => Some(vec![*place]),
            Term::Sum(places) => Some(places.clone()),
            Term::Round(inner, _) => inner.plain_sum(),
            Term::Join(Operator::Add, left, right) => {
                let mut places = left.plain_sum()?;
                places.extend(right.plain_sum()?);
                Some(places)
            }
            _ => None,
        }
    }

    /// Numerator and denominator if it is a quotient times a figure (1, 100, 1000...).
    pub(super) fn quotient(&self) -> Option<(&Term, &Term, Number)> {
        match self {
            Term::Round(inner, _) => inner.quotient(),
            Term::Join(Operator::Divide, over, under) => match (&**over, &**under) {
                // (a * 100) / b
                (Term::Join(Operator::Multiply, one, two), under) => match (&**one, &**two) {
                    (over, Term::Number(by)) | (Term::Number(by), over) => Some((over, under, *by)),
                    _ => None,
                },
                (over, under) => Some((over, under, Number::ONE)),
            },
            Term::Join(Operator::Multiply, one, two) => match (&**one, &**two) {
                (quotient, Term::Number(by)) | (Term::Number(by), quotient) => {
                    let (over, under, of) = quotient.quotient()?;
                    Some((over, under, of.checked_mul(*by)?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Does it multiply or divide anything?
    pub(super) fn multiplies(&self) -> bool {
        match self {
            Term::Number(_) | Term::At(_) | Term::Previous(_) | Term::Sum(_) => false,
            Term::Negate(inner) | Term::Round(inner, _) => inner.multiplies(),
            Term::Join(operator, left, right) => {
                matches!(operator, Operator::Multiply | Operator::Divide)
                    || left.multiplies()
                    || right.multiplies()
            }
        }
    }

    /// Does it round anything?
    pub(super) fn rounds(&self) -> bool {
        match self {
            Term::Round(..) => true,
            Term::Negate(inner) => inner.rounds(),
            Term::Join(_, left, right) => left.rounds() || right.rounds(),
            Term::Number(_) | Term::At(_) | Term::Previous(_) | Term::Sum(_) => false,
        }
    }

    /// The term with each place exchanged.
    pub(super) fn moved(&self, to: &dyn Fn(Place) -> Place) -> Term {
        match self {
            Term::Number(number) => Term::Number(*number),
            Term::At(place) => Term::At(to(*place)),
            Term::Previous(place) => Term::Previous(to(*place)),
            Term::Negate(inner) => Term::Negate(Box::new(inner.moved(to))),
            Term::Round(inner, digits) => Term::Round(Box::new(inner.moved(to)), *digits),
            Term::Join(operator, left, right) => {
                Term::join(*operator, left.moved(to), right.moved(to))
            }
            Term::Sum(places) => Term::Sum(places.iter().map(|place| to(*place)).collect()),
        }
    }

    /// The term as a fraction of polynomials; rounding is passed over.
    fn fraction(&self) -> Option<(Polynomial, Polynomial)> {
        let one = || Polynomial::from([(Vec::new(), Number::ONE)]);
        let whole = |polynomial| (polynomial, one());
        let atom = |atom: Atom| Polynomial::from([(vec![atom], Number::ONE)]);
        Some(match self {
            Term::Number(number) => whole(Polynomial::from([(Vec::new(), *number)])),
            Term::At(place) => whole(atom((false, *place))),
            Term::Previous(place) => whole(atom((true, *place))),
            Term::Sum(places) => {
                let mut sum = Polynomial::new();
                for place in places {
                    add(&mut sum, &atom((false, *place)), Number::ONE)?;
                }
                whole(sum)
            }
            Term::Round(inner, _) => inner.fraction()?,
            Term::Negate(inner) => {
                let (over, under) = inner.fraction()?;
                let mut negated = Polynomial::new();
                add(&mut negated, &over, -Number::ONE)?;
                (negated, under)
            }
            Term::Join(operator, left, right) => {
                let (left, right) = (left.fraction()?, right.fraction()?);
                match operator {
                    Operator::Add | Operator::Subtract => {
                        let mut over = multiply(&left.0, &right.1)?;
                        let sign = match operator {
                            Operator::Add => Number::ONE,
                            _ => -Number::ONE,
                        };
                        add(&mut over, &multiply(&right.0, &left.1)?, sign)?;
                        (over, multiply(&left.1, &right.1)?)
                    }
                    Operator::Multiply => {
                        (multiply(&left.0, &right.0)?, multiply(&left.1, &right.1)?)
                    }
                    Operator::Divide => {
                        (multiply(&left.0, &right.1)?, multiply(&left.1, &right.0)?)
                    }
                    Operator::Compare(_) => return None,
                }
            }
        })
    }
}

/// Adds a polynomial, times a figure.
fn add(to: &mut Polynomial, more: &Polynomial, by: Number) -> Option<()> {
    for (product, factor) in more {
        let sum = to.entry(product.clone()).or_insert(Number::ZERO);
        *sum = sum.checked_add(factor.checked_mul(by)?)?;
        if sum.is_zero() {
            to.remove(product);
        }
    }
    (to.len() <= MOST_PRODUCTS).then_some(())
}

fn multiply(left: &Polynomial, right: &Polynomial) -> Option<Polynomial> {
    let mut product = Polynomial::new();
    for (one, by) in left {
        for (two, and) in right {
            let mut atoms: Vec<Atom> = one.iter().chain(two).copied().collect();
            if atoms.len() > MOST_FACTORS {
                return None;
            }
            atoms.sort_unstable();
            add(&mut product, &Polynomial::from([(atoms, *by)]), *and)?;
        }
    }
    Some(product)
}
