//! Three-valued conditions as formula text: a condition holds, fails, or is unknown because a
//! figure is missing. The same as when the tool itself evaluates a rule
//! (`schema/rule/evaluate.rs`): one argument of AND or OR that decides is enough.
//!
//! Texts are true where a product is above 0, so that they say the same on one place and, inside
//! SUMPRODUCT, on every row of a table. An error in one of them counts as not known.

use super::needs::Needs;
use crate::schema::rule_text::BlankPolicy;

/// Whether something can hold and can fail, for some of the figures that were rounded to these.
#[derive(Debug, Clone)]
pub(super) struct Can {
    pub hold: String,
    pub fail: String,
}

/// A condition as formula text.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// One text, true or false once what it needs is there.
    Plain {
        text: String,
        /// Where figures are rounded.
        can: Option<Can>,
    },
    /// Two texts, of which at most one is true.
    Joined {
        holds: String,
        fails: String,
        /// Where figures are rounded.
        can: Option<Can>,
    },
}

/// A condition, and all it reads.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub shape: Shape,
    pub needs: Needs,
    /// Does a part of it not apply here: a cell that is not there?
    pub absent: bool,
}

/// How conditions of one place, or of a whole table, are put together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joining {
    pub blank: BlankPolicy,
    /// On all rows of a table at once?
    pub whole: bool,
    /// Does a figure below zero make only what reads it unknown, not the whole rule?
    pub below_zero_is_unknown: bool,
}

/// The two texts of a condition, and the same for rounded figures.
struct Both {
    holds: String,
    fails: String,
    can: Option<Can>,
}

impl Both {
    fn can(&self) -> Can {
        self.can.clone().unwrap_or_else(|| Can {
            hold: self.holds.clone(),
            fail: self.fails.clone(),
        })
    }
}

impl Condition {
    /// A condition of one text.
    pub fn plain(text: String, needs: Needs) -> Condition {
        Condition {
            shape: Shape::Plain { text, can: None },
            needs,
            absent: false,
        }
    }

    /// What is not known whatever is filled in.
    pub fn unknown(absent: bool) -> Condition {
        Condition {
            shape: Shape::Joined {
                holds: "FALSE".to_owned(),
                fails: "FALSE".to_owned(),
                can: None,
            },
            needs: Needs::default(),
            absent,
        }
    }

    /// The text, if it is one that is known whatever is blank.
    fn always_known(&self) -> Option<&str> {
        match &self.shape {
            Shape::Plain { text, can: None } if self.needs.is_always_known() => Some(text),
            _ => None,
        }
    }

    fn both(&self, how: Joining) -> Both {
        let (text, can) = match &self.shape {
            Shape::Joined { holds, fails, can } => {
                return Both {
                    holds: holds.clone(),
                    fails: fails.clone(),
                    can: can.clone(),
                };
            }
            Shape::Plain { text, can } => (text, can),
        };
        let known = |text: &str| how.known(&self.needs, text);
        Both {
            holds: known(text),
            fails: known(&format!("(1-{text})")),
            can: can.as_ref().map(|can| Can {
                hold: known(&can.hold),
                fail: known(&can.fail),
            }),
        }
    }
}

impl Joining {
    /// True where the text is, and all it needs is there.
    pub fn known(self, needs: &Needs, text: &str) -> String {
        let mut factors = needs.known(self.blank);
        if self.below_zero_is_unknown {
            match self.whole {
                true => factors.extend(needs.rows_not_below_zero()),
                false => {
                    let below = needs.below_zero();
                    factors.extend(below.map(|below| format!("(1-({below}))")));
                }
            }
        }
        if factors.is_empty() && needs.is_always_known() && needs.floored.is_empty() {
            return text.to_owned();
        }
        factors.push(text.to_owned());
        format!("ISNUMBER(1/({}))", factors.join("*"))
    }

    /// AND (`all`) or OR.
    pub fn junction(self, mut parts: Vec<Condition>, all: bool) -> Condition {
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let (needs, absent) = together(&parts);
        let texts: Option<Vec<&str>> = parts.iter().map(Condition::always_known).collect();
        if let Some(texts) = texts {
            let text = match (self.whole, all) {
                (true, true) => every(&texts),
                (true, false) => any(&texts),
                (false, true) => format!("AND({})", texts.join(",")),
                (false, false) => format!("OR({})", texts.join(",")),
            };
            return Condition::plain(text, needs);
        }
        let both: Vec<Both> = parts.iter().map(|part| part.both(self)).collect();
        let (holds, fails): (Vec<&str>, Vec<&str>) = both
            .iter()
            .map(|one| (one.holds.as_str(), one.fails.as_str()))
            .unzip();
        let rounded = both.iter().any(|one| one.can.is_some());
        let can = rounded.then(|| {
            let cans: Vec<Can> = both.iter().map(Both::can).collect();
            let (hold, fail): (Vec<&str>, Vec<&str>) = cans
                .iter()
                .map(|can| (can.hold.as_str(), can.fail.as_str()))
                .unzip();
            let (hold, fail) = joined(&hold, &fail, all);
            Can { hold, fail }
        });
        let (holds, fails) = joined(&holds, &fails, all);
        Condition {
            shape: Shape::Joined { holds, fails, can },
            needs,
            absent,
        }
    }

    /// NOT.
    pub fn negated(self, part: Condition) -> Condition {
        let swapped = |can: Can| Can {
            hold: can.fail,
            fail: can.hold,
        };
        let shape = match part.shape {
            Shape::Plain { text, can } => Shape::Plain {
                text: match self.whole {
                    true => format!("(({text})=0)"),
                    false => format!("NOT({text})"),
                },
                can: can.map(swapped),
            },
            Shape::Joined { holds, fails, can } => Shape::Joined {
                holds: fails,
                fails: holds,
                can: can.map(swapped),
            },
        };
        Condition { shape, ..part }
    }

    /// IF of a condition and two others.
    pub fn branch(self, [condition, then, otherwise]: [Condition; 3]) -> Condition {
        let parts = [condition, then, otherwise];
        let (needs, absent) = together(&parts);
        let [condition, then, otherwise] = parts.map(|part| part.both(self));
        let rounded = [&condition, &then, &otherwise];
        let rounded = rounded.iter().any(|one| one.can.is_some());
        let can = rounded.then(|| {
            let (c, t, o) = (condition.can(), then.can(), otherwise.can());
            Can {
                hold: either(&c, &t.hold, &o.hold),
                fail: either(&c, &t.fail, &o.fail),
            }
        });
        let printed = Can {
            hold: condition.holds,
            fail: condition.fails,
        };
        Condition {
            shape: Shape::Joined {
                holds: either(&printed, &then.holds, &otherwise.holds),
                fails: either(&printed, &then.fails, &otherwise.fails),
                can,
            },
            needs,
            absent,
        }
    }

    /// Are two conditions the same (or, not `equal`, different)?
    pub fn same(self, left: Condition, right: Condition, equal: bool) -> Condition {
        if let (Some(l), Some(r)) = (left.always_known(), right.always_known()) {
            let symbol = if equal { "=" } else { "<>" };
            let text = format!("({l}{symbol}{r})");
            return Condition::plain(text, left.needs.clone().and(&right.needs));
        }
        let other = self.negated(right.clone());
        let (then, otherwise) = match equal {
            true => (right, other),
            false => (other, right),
        };
        self.branch([left, then, otherwise])
    }

    /// A condition that is one of several, each where its guards hold.
    pub fn one_of(self, ways: Vec<(Vec<String>, Condition)>) -> Condition {
        let parts: Vec<Condition> = ways.iter().map(|(_, part)| part.clone()).collect();
        let (needs, absent) = together(&parts);
        let guarded = |pick: &dyn Fn(&Both) -> String| {
            let texts: Vec<String> = ways
                .iter()
                .map(|(guards, part)| {
                    let mut factors = guards.clone();
                    factors.push(pick(&part.both(self)));
                    format!("({})", factors.join("*"))
                })
                .collect();
            any(&texts.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let rounded = parts.iter().any(|part| match &part.shape {
            Shape::Plain { can, .. } | Shape::Joined { can, .. } => can.is_some(),
        });
        Condition {
            shape: Shape::Joined {
                holds: guarded(&|both| both.holds.clone()),
                fails: guarded(&|both| both.fails.clone()),
                can: rounded.then(|| Can {
                    hold: guarded(&|both| both.can().hold),
                    fail: guarded(&|both| both.can().fail),
                }),
            },
            needs,
            absent,
        }
    }

    /// The texts that are true where a condition holds and where it fails, whatever the figures
    /// were before they were rounded.
    pub fn decided(self, condition: &Condition) -> (String, String) {
        let Both { holds, fails, can } = condition.both(self);
        match can {
            Some(Can { hold, fail }) => (
                format!("({holds}*(1-{fail}))"),
                format!("({fails}*(1-{hold}))"),
            ),
            None => (holds, fails),
        }
    }
}

fn together(parts: &[Condition]) -> (Needs, bool) {
    let mut needs = Needs::default();
    parts.iter().for_each(|part| needs.add(&part.needs));
    (needs, parts.iter().any(|part| part.absent))
}

fn every(texts: &[&str]) -> String {
    format!("(({})>0)", texts.join("*"))
}

fn any(texts: &[&str]) -> String {
    format!("(({})>0)", texts.join("+"))
}

/// Where AND or OR of several holds, and where it fails.
fn joined(holds: &[&str], fails: &[&str], all: bool) -> (String, String) {
    match all {
        true => (every(holds), any(fails)),
        false => (any(holds), every(fails)),
    }
}

fn either(condition: &Can, then: &str, otherwise: &str) -> String {
    let (holds, fails) = (&condition.hold, &condition.fail);
    format!("(({holds}*{then}+{fails}*{otherwise})>0)")
}
