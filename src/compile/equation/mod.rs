//! The equations that forms are written with: `(3)=(4)+(5)`, `1=2+3+...+7`, `20 = 10 - 11`,
//! "Dòng B = dòng 3 + dòng 4". What a number or letter in them names is settled elsewhere.

mod balance;
mod grammar;
mod left;
mod list;
mod operand;
mod side;
mod spoken;
mod token;
mod tree;

pub(super) use grammar::{find, implied, implied_quotient, relates_codes};
pub(super) use tree::{Equation, Node, Symbol, Which};

#[cfg(test)]
mod tests;
