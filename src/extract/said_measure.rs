//! Units of measure said in a sentence («Số liệu tính bằng nghìn đồng») or by nothing but their name
//! («(nghìn đồng)»), not behind «Đơn vị tính:».

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::title_block::PrintedText;
use crate::model::CellAddress;
use crate::text::measure::is_known;
use crate::text::normalise;
use crate::workbook::{Content, Sheet};

/// Bytes of a sentence that may say one.
const LONGEST: usize = 300;

/// The units of measure said in some rows of a sheet (from 0), from the top; one whose name is all of a
/// cell counts above row `header` only, where no data are.
pub fn in_words(sheet: &Sheet, rows: Range<u32>, header: u32) -> Vec<PrintedText> {
    let first = CellAddress::new(rows.start, 0);
    let cells = sheet.cells.range(first..);
    let cells = cells.take_while(|(address, _)| address.row < rows.end);
    let said = cells.filter_map(|(address, cell)| {
        let Content::Text(text) = &cell.content else {
            return None;
        };
        let said = said(text).or_else(|| alone(text).filter(|_| address.row < header))?;
        Some(PrintedText {
            text: said,
            sheet: sheet.name.clone(),
            cell: *address,
        })
    });
    said.collect()
}

/// The unit of measure at the end of a sentence.
fn said(text: &str) -> Option<String> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?:^|[\s(,;])(?:(?:tính|ghi) (?:bằng|theo|là)|đơn vị(?: tính)?|đvt|đv)\s*(?:đơn vị(?: tính)?\s*)?(?:là\b)?\s*[:.,]?\s*(.+)$";
        Regex::new(pattern).expect("the pattern is a constant")
    });
    if text.len() > LONGEST {
        return None;
    }
    let plain = normalise(text);
    let found = SAID.captures(&plain)?;
    alone(found.get(1)?.as_str())
}

/// The unit of measure that is all of a text.
fn alone(text: &str) -> Option<String> {
    let bare = text.trim().trim_matches(['(', ')', '.', ';', ' ']);
    // «đ» may be a letter of a list.
    let long = bare.chars().count() > 1 && bare.len() < LONGEST;
    (long && is_known(bare)).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_measure_are_read_out_of_sentences() {
        for (text, unit) in [
            ("Số liệu tính bằng nghìn đồng", "nghìn đồng"),
            ("(Các số ghi theo đơn vị nghìn đồng)", "nghìn đồng"),
            (
                "Ghi chú: kinh phí tính theo đơn vị tính là 1.000 đồng.",
                "1.000 đồng",
            ),
            ("ĐVT nghìn đồng", "nghìn đồng"),
            ("(Khối lượng tính bằng kg)", "kg"),
            ("Đơn vị tính triệu đồng", "triệu đồng"),
        ] {
            assert_eq!(said(text).as_deref(), Some(unit), "{text}");
        }
        assert_eq!(alone("(Nghìn đồng)").as_deref(), Some("Nghìn đồng"));
        for text in [
            "Số liệu làm tròn đến triệu đồng",
            "Đơn vị báo cáo: Xã Mỹ Lộc",
            "Số tiền tính theo hợp đồng",
            "Tính bằng cột 1 cộng cột 2",
            "đ",
        ] {
            assert_eq!(said(text).or_else(|| alone(text)), None, "{text}");
        }
    }
}
