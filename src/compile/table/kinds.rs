//! Of which type a column is: by its number formats, its headers and what the whole table says.

use crate::compile::page::Page;
use crate::compile::words;
use crate::schema::FieldType;
use crate::text::measure::stated;
use crate::text::normalise;
use crate::workbook::shows_moment;

/// What number formats say of a column.
#[derive(Debug, Default)]
pub(super) struct Looks {
    pub(super) known: bool,
    pub(super) decimals: u32,
    pub(super) percent: bool,
    pub(super) date: bool,
    pub(super) text: bool,
    pub(super) grouped: bool,
    /// `0`
    pub(super) whole: bool,
    /// Do all its cells that are filled in take whole numbers only?
    pub(super) takes_whole: bool,
    /// Is there a formula that adds up its own cells, or an equation that names it?
    pub(super) added: bool,
    /// Is there one that counts marks?
    pub(super) marks_counted: bool,
}

impl Looks {
    /// Are figures shown?
    pub(super) fn is_figure(&self) -> bool {
        self.grouped || self.decimals > 0 || self.percent || self.whole || self.takes_whole
    }
}

/// What the cells of a column on the given rows, both ends included, look like.
pub(super) fn looks(page: &Page<'_>, at: u32, rows: (u32, u32)) -> Looks {
    let mut looks = Looks::default();
    let mut filled_in = Vec::new();
    for row in rows.0..=rows.1 {
        let formula = page.formula(row, at).unwrap_or_default().to_uppercase();
        let filled = formula.is_empty() && page.own(row, at).is_none();
        filled_in.extend(filled.then(|| page.is_whole(row, at)));
        looks.added |= ["SUM(", "SUBTOTAL("]
            .iter()
            .any(|sum| formula.contains(sum));
        looks.marks_counted |= formula.contains("COUNTIF(") && formula.contains("\"X\"");
        let format = page.format(row, at);
        if format.is_empty() || format.eq_ignore_ascii_case("general") {
            continue;
        }
        looks.known = true;
        let plain = format.split(';').next().unwrap_or_default().to_lowercase();
        looks.percent |= plain.contains('%');
        looks.date |= shows_moment(format) && plain.contains(['y', 'd']);
        looks.text |= plain == "@";
        looks.grouped |= plain.contains("#,##0");
        looks.whole |= plain == "0" || plain == "#";
        if let Some((_, behind)) = plain.split_once('.') {
            let digits = behind.chars().take(6);
            let digits = digits.take_while(|c| matches!(c, '0' | '#' | '?'));
            looks.decimals = looks.decimals.max(digits.map(|_| 1).sum());
        }
    }
    looks.takes_whole = !filled_in.is_empty() && filled_in.iter().all(|whole| *whole);
    looks
}

/// What is known of a whole table when the type of a column is settled.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) free: bool,
    pub(super) unit: Option<&'a str>,
    pub(super) measured_rows: bool,
    /// Have as many columns as not a number format of figures?
    pub(super) formatted: bool,
    /// Is the column of labels numbered by a letter?
    pub(super) lettered: bool,
    /// Does it set figures against each other, so that «Kết quả» is one: units of measure or codes
    /// of its rows, or a plan?
    pub(super) compares: bool,
}

/// `numbered`: the form numbers it as it does columns of figures.
pub(super) fn value_kind(
    own: &str,
    path: &[&str],
    looks: &Looks,
    numbered: bool,
    given: Given<'_>,
) -> FieldType {
    let whole = path.join(" ");
    // Of the header itself, else of the nearest one that spans it.
    let headers = || path.iter().rev().copied();
    let stated = headers().find_map(stated);
    let counted = headers().any(|header| words::unit_in(header).is_some());

    if looks.marks_counted || words::is_mark_header(own) {
        return FieldType::Flag;
    }
    let figures = numbered || looks.added || looks.is_figure() || stated.is_some() || counted;
    // What a header spans is counted or divided as it says.
    let divided = path.iter().rev().skip(1).any(|header| {
        words::is_division(header) || words::is_part(header) || words::is_figure_header(header)
    });
    let named = words::is_text_header(own)
        || words::is_identity_header(own)
        || given.free && words::is_place_header(own);
    let told = words::tells_in_words(own)
        && !(divided || looks.is_figure() || stated.is_some() || counted)
        && !(words::is_result_header(own) && (given.compares || given.unit.is_some()));
    if (named || told) && !looks.added {
        return FieldType::Text;
    }
    let named = words::may_be_text_header(own) && !divided
        || words::may_be_code_header(own) && given.free && !words::says_done(own) && !divided;
    if named && !figures {
        return FieldType::Text;
    }
    if looks.date || words::is_date_header(own) {
        return FieldType::Date;
    }
    if looks.text {
        return FieldType::Code;
    }
    let of_measure = stated.is_some_and(|unit| !words::is_percent(unit));
    if words::is_percent(&whole) && (!of_measure || words::is_percent(own)) || looks.percent {
        return FieldType::Percent;
    }
    let plain = normalise(own);
    if given.free && plain.starts_with("mã") {
        return FieldType::Code;
    }
    let named = || words::is_figure_header(&whole) || headers().any(words::is_figure_header);
    if !(figures || divided || named()) && (given.free || given.formatted) {
        return FieldType::Text;
    }
    let in_brackets = own
        .rsplit_once('(')
        .map(|(_, unit)| unit.trim_end_matches(')'));
    let counts = words::is_count_header(own);
    let mut units = [in_brackets, given.unit.filter(|_| !counts)]
        .into_iter()
        .flatten();
    let of_table = given.unit.map(words::is_counted).filter(|_| !counts);
    let measured = of_measure && !counts
        || units.any(|unit| words::is_measured(unit) || unit.contains('%'))
        || given.measured_rows
        || looks.decimals > 0
        || !counts && words::is_measure_header(own)
        || !counts && words::is_open_header(own) && !looks.is_figure() && of_table.is_none();
    match measured {
        true => FieldType::Amount,
        false => FieldType::Count,
    }
}

/// Does the form leave open how many decimals the figures of a column of amounts have? Đồng have none.
pub(super) fn leaves_decimals(kind: FieldType, looks: &Looks, unit: Option<&str>) -> bool {
    kind == FieldType::Amount && looks.decimals == 0 && !looks.takes_whole && !is_dong(unit)
}

fn is_dong(unit: Option<&str>) -> bool {
    unit.is_some_and(|unit| matches!(normalise(unit).as_str(), "đồng" | "vnđ" | "vnd"))
}

pub(super) fn decimals(kind: FieldType, looks: &Looks, unit: Option<&str>) -> Option<u32> {
    match kind {
        FieldType::Percent | FieldType::Ratio if looks.known => Some(looks.decimals),
        FieldType::Percent | FieldType::Ratio => Some(2),
        FieldType::Amount => Some(
            match (is_dong(unit) || looks.takes_whole) && looks.decimals == 0 {
                true => 0,
                false => looks.decimals.max(2),
            },
        ),
        _ => None,
    }
}
