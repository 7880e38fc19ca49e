//! To how many decimals a form says that its ratios are given: "Tỷ lệ lấy 1 chữ số thập phân".

use super::types::{Column, Part, Role};
use crate::schema::FieldType;
use crate::text::normalise;

/// Gives columns of percentages and ratios the decimals that their headers or the notes say; a note
/// that names columns by their numbers speaks of those only.
pub(super) fn read(columns: &mut [Column], notes: &[Part]) {
    let clauses = notes.iter().flat_map(|note| note.text.split([';', '\n']));
    let clauses: Vec<(String, u32)> = clauses
        .flat_map(|part| part.split(". "))
        .filter_map(|clause| {
            let plain = normalise(clause);
            Some((plain.clone(), said(&plain)?))
        })
        .collect();
    for column in columns.iter_mut().filter(|column| {
        column.role == Role::Value && matches!(column.kind, FieldType::Percent | FieldType::Ratio)
    }) {
        let own = column.path.iter().rev();
        let own = own
            .map(|part| normalise(&part.text))
            .find_map(|text| said(&text));
        let code = column.code.as_ref().map(|(code, _)| code.as_str());
        let noted = clauses.iter().find(|(clause, _)| speaks_of(clause, code));
        let decimals = own.or(noted.map(|(_, decimals)| *decimals));
        column.decimals = decimals.or(column.decimals);
        column.shown = decimals.or(column.shown);
    }
}

/// Does a clause about decimals speak of the column with this number?
fn speaks_of(clause: &str, code: Option<&str>) -> bool {
    let Some((_, named)) = clause.split_once("cột") else {
        return ["tỷ lệ", "tỉ lệ", "%", "phần trăm", "số liệu", "các số"]
            .iter()
            .any(|word| clause.contains(word));
    };
    let digits = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let code = code.map(digits);
    let numbers = named
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+'))
        .map(digits)
        .take_while(|word| !matches!(word.as_str(), "lấy" | "tính" | "ghi" | "làm" | "đến"));
    code.is_some_and(|code| numbers.into_iter().any(|number| number == code))
}

/// "lấy 2 chữ số thập phân", "làm tròn đến một số lẻ", "2 chữ số sau dấu phẩy".
fn said(plain: &str) -> Option<u32> {
    const KINDS: [&str; 5] = [
        "chữ số thập phân",
        "số thập phân",
        "chữ số lẻ",
        "số lẻ",
        "chữ số sau dấu phẩy",
    ];
    let at = KINDS.iter().find_map(|kind| plain.find(kind))?;
    let number = plain[..at].split_whitespace().next_back()?;
    Some(match number.trim_matches(|c: char| !c.is_alphanumeric()) {
        "0" | "00" | "không" => 0,
        "1" | "01" | "một" => 1,
        "2" | "02" | "hai" => 2,
        "3" | "03" | "ba" => 3,
        "4" | "04" | "bốn" => 4,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_in_the_words_of_forms() {
        let said = |text: &str| said(&normalise(text));
        assert_eq!(said("Tỷ lệ tính đến 1 chữ số thập phân."), Some(1));
        assert_eq!(said("Số liệu tỷ lệ lấy hai số lẻ"), Some(2));
        assert_eq!(said("làm tròn đến 02 chữ số sau dấu phẩy"), Some(2));
        assert_eq!(said("Ghi số thập phân"), None);
        assert_eq!(said("Tỷ lệ (%)"), None);
    }

    #[test]
    fn a_note_speaks_of_the_columns_it_names() {
        let clause = normalise("Cột 3, 4 lấy 1 chữ số thập phân");
        assert!(speaks_of(&clause, Some("(3)")));
        assert!(speaks_of(&clause, Some("4")));
        assert!(!speaks_of(&clause, Some("1")));
        assert!(!speaks_of(&clause, None));
        assert!(speaks_of(&normalise("Tỷ lệ tính đến 1 số lẻ"), None));
    }
}
