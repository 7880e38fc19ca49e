//! Figures of closed periods in words: of which period, of which units.

use crate::model::Message;
use crate::schema::rule::function::Past;

/// How a figure of closed periods is described, with and without a value. `inherited`: the former
/// units whose figures it adds up.
pub(super) fn closed_words(past: Past, inherited: &[String]) -> (Message, Message) {
    let (mut closed, of) = plain(past);
    if !inherited.is_empty() {
        let names = inherited.join(", ");
        let (vi, en) = match inherited.len() {
            1 => ("", "of"),
            _ => (" cộng lại", "the sum of"),
        };
        closed.vi.push_str(&format!(" của {names}{vi}"));
        closed.en.push_str(&format!(", {en} {names}"));
    }
    (closed, of)
}

fn plain(past: Past) -> (Message, Message) {
    match past {
        Past::Previous => (
            Message::new("số đã chốt kỳ trước", "closed last period"),
            Message::new("kỳ trước", "last period"),
        ),
        Past::YearBefore => (
            Message::new(
                "số cùng kỳ năm trước đã chốt",
                "closed for the same period of last year",
            ),
            Message::new("cùng kỳ năm trước", "the same period of last year"),
        ),
        Past::YearToDate => (
            Message::new(
                "lũy kế từ đầu năm đến hết kỳ trước đã chốt",
                "closed periods of this year so far",
            ),
            Message::new("lũy kế từ đầu năm", "the year to date"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_units_of_a_merged_one_are_named() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let said = |of: &[&str]| closed_words(Past::Previous, &names(of)).0.vi;
        assert_eq!(said(&[]), "số đã chốt kỳ trước");
        assert_eq!(said(&["Xã A"]), "số đã chốt kỳ trước của Xã A");
        assert_eq!(
            said(&["Xã A", "Xã B"]),
            "số đã chốt kỳ trước của Xã A, Xã B cộng lại"
        );
    }
}
