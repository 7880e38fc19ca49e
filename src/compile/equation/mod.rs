//! The equations that forms are written with: `(3)=(4)+(5)`, `1=2+3+...+7`, `20 = 10 - 11`,
//! "Dòng B = dòng 3 + dòng 4". What a number or letter in them names is settled elsewhere.

mod grammar;
mod token;

pub(super) use grammar::{Equation, Node, Symbol, Which, find, implied};

#[cfg(test)]
mod tests;
