//! The printed figures of both reports, and what the sample figures make of them.

use std::collections::BTreeMap;

use super::filled::{Filing, Input, PreviousFact};

const PRINTED: &str = include_str!("printed_figures.csv");
const VINH_LONG: &str = include_str!("../../samples/vinh-long-2025-09/campaign.toml");
const VPUBND: &str = include_str!("../../samples/vpubnd-2025-07/campaign.toml");

/// Computes the figures of a campaign by the expressions of its `campaign.toml`. Only as much of
/// the expression language as those use; the product has the whole of it.
pub fn figures_of(campaign: &str, filings: &[Filing]) -> BTreeMap<String, String> {
    let text = if campaign == "vpubnd-2025-07" {
        VPUBND
    } else {
        VINH_LONG
    };
    let file: toml::Table = text.parse().expect("a campaign file is TOML");
    let figures = file["figure"].as_array().expect("a list of figures");
    let string = |figure: &toml::Value, key: &str| figure[key].as_str().expect("text").to_owned();
    figures
        .iter()
        .map(|figure| {
            (
                string(figure, "id"),
                evaluate(&string(figure, "value"), filings),
            )
        })
        .collect()
}

fn evaluate(expression: &str, filings: &[Filing]) -> String {
    if let Some(flags) = expression
        .strip_prefix("100 * ")
        .and_then(|rest| rest.strip_suffix(" / UNITS(kh02)"))
    {
        let ticked: f64 = evaluate(flags, filings).parse().expect("a count");
        let units = filings
            .iter()
            .filter(|filing| filing.form("kh02").is_some())
            .count();
        return ((10_000.0 * ticked / units as f64).trunc() / 100.0).to_string();
    }
    if let Some(arguments) = expression.strip_prefix("SUMIFS(kinh_phi!su_nghiep, kinh_phi!ten, \"")
    {
        let name = arguments.strip_suffix("*\")").expect("a name and *");
        return total(
            filings,
            "kinh_phi",
            |row| row.starts_with(name),
            "su_nghiep",
        );
    }
    let (form, field) = expression.split_once('!').expect("form!field");
    match field.split_once('.') {
        Some((row, column)) => total(filings, form, |id| id == row, column),
        None => total(filings, form, |_| true, field),
    }
}

/// Sums figures, counts ticked flags, takes the last words.
fn total(filings: &[Filing], form: &str, rows: impl Fn(&str) -> bool, column: &str) -> String {
    let mut sum = 0.0;
    let mut words = None;
    for row in filings
        .iter()
        .filter_map(|filing| filing.form(form))
        .flat_map(|form| &form.rows)
    {
        if rows(&row.row) {
            match row.cell(column) {
                Some(Input::Number(number)) => sum += number,
                Some(Input::Flag) => sum += 1.0,
                Some(Input::Text(text)) => words = Some(text.clone()),
                Some(Input::Blank) | None => {}
            }
        }
    }
    words.unwrap_or_else(|| sum.to_string())
}

/// Compares with the printed figures, and the printed figures with their own relations. Returns
/// how many there are.
pub fn check(found: impl Iterator<Item = (String, String)>, previous: &[PreviousFact]) -> usize {
    let found: BTreeMap<String, String> = found.collect();
    let mut printed = csv::Reader::from_reader(PRINTED.as_bytes());
    let rows: Vec<csv::StringRecord> = printed
        .records()
        .map(|row| row.expect("well formed"))
        .collect();
    for row in &rows {
        let (id, value, relation) = (&row[0], &row[4], &row[6]);
        assert_eq!(found.get(id).map(String::as_str), Some(value), "{id}");
        let relation = relation.split(';').next().unwrap_or_default();
        if let Some(sum) = relation.strip_prefix("= ").filter(|sum| !sum.contains('/')) {
            assert_eq!(
                evaluate_relation(sum, &found),
                number(value),
                "{id} {relation}"
            );
        }
    }
    assert_eq!(found.len(), rows.len());
    openings(previous);
    rows.len()
}

/// Totals the report does not print and the sample chose: columns (3), (6), (7), (11) of the
/// 13-column form.
pub fn check_chosen(filings: &[Filing]) {
    for (column, chosen) in [
        ("tong", "7379"),
        ("ky_truoc", "4120"),
        ("da_giai_quyet", "3402"),
        ("dang_giai_quyet", "3977"),
    ] {
        assert_eq!(
            total(filings, "tthc", |_| true, column),
            chosen,
            "tthc {column}"
        );
    }
}

/// The value of a sum such as "A14 + A15" or "kỳ trước (536) + A20 - A22".
fn evaluate_relation(sum: &str, found: &BTreeMap<String, String>) -> f64 {
    let sum = sum.replace("kỳ trước (", "").replace(')', "");
    let mut sign = 1.0;
    let mut value = 0.0;
    for word in sum.split_whitespace() {
        match word {
            "+" => sign = 1.0,
            "-" => sign = -1.0,
            _ => value += sign * number(found.get(word).map_or(word, String::as_str)),
        }
    }
    value
}

fn number(text: &str) -> f64 {
    text.parse()
        .unwrap_or_else(|_| panic!("`{text}` is no figure"))
}

/// The archive closes where the printed figures open.
fn openings(previous: &[PreviousFact]) {
    for (form, row, column, opening) in [
        ("tthc_ky", "tiep_nhan", "luy_ke", 328_647.0),
        ("tthc_ky", "vneid", "luy_ke", 160_111.0),
        ("tthc_ky", "lien_thong", "luy_ke", 13_320.0),
        ("tai_khoan", "qlvb", "luy_ke", 43_674.0),
        ("tai_khoan", "thu_dien_tu", "luy_ke", 33_092.0),
        ("van_ban", "gui", "luy_ke", 83_360.0),
        ("van_ban", "nhan", "luy_ke", 425_587.0),
        ("nen_tang", "dns_hien_co", "ket_qua", 536.0),
    ] {
        let sum: f64 = previous
            .iter()
            .filter(|fact| fact.form == form && fact.row == row && fact.column == column)
            .map(|fact| match fact.value {
                Input::Number(number) => number,
                _ => panic!("{form} {row} {column} is no figure"),
            })
            .sum();
        assert_eq!(sum, opening, "{form} {row} {column}");
    }
}
