//! What each column of a table is for, and of which type.

use std::collections::BTreeSet;

use super::frame::Frame;
use super::header::Headed;
use super::types::{Column, Role};
use crate::compile::equation::{self, Node};
use crate::compile::page::Page;
use crate::compile::words;
use crate::model::CellAddress;
use crate::schema::FieldType;
use crate::text::measure::stated;
use crate::text::{begins_example, normalise};
use crate::workbook::shows_moment;

/// Rows of a body, and whether units add them.
pub(super) struct Body {
    pub(super) rows: (u32, u32),
    pub(super) free: bool,
}

/// Do the rows of the body have labels? If none has, units add rows.
pub(super) fn is_free(page: &Page<'_>, frame: &Frame, columns: &[Headed]) -> bool {
    let ordinals: Vec<u32> = columns
        .iter()
        .filter(|column| own(column).is_some_and(words::is_ordinal_header))
        .map(|column| column.at)
        .collect();
    let inside = |column: u32| (frame.columns.0..=frame.columns.1).contains(&column);
    let names = columns.iter().find(|column| !ordinals.contains(&column.at));
    let labelled = |row: &u32| {
        let mut texts = page.row(*row);
        let named = texts.any(|(column, text)| {
            let first = names.is_some_and(|names| names.at == column);
            inside(column)
                && !ordinals.contains(&column)
                && (names_a_row(text) || first && names_a_class(text))
        });
        named && !is_example(page, *row)
    };
    let labelled: Vec<u32> = (frame.body.0..=frame.body.1).filter(labelled).collect();
    let filled = |row: u32| page.row(row).filter(|(column, _)| inside(*column)).count();
    // One row that is filled in, over many blank ones, shows how to fill them.
    let shows = match labelled.as_slice() {
        [] => true,
        [only] => {
            let blank = (only + 1..=frame.body.1)
                .filter(|row| filled(*row) <= 1)
                .count();
            *only == frame.body.0 && blank >= 3 && filled(*only) * 2 > columns.len()
        }
        _ => false,
    };
    frame.body.0 <= frame.body.1 && shows
}

/// What the rows at the top of a list are called that show how to fill the others; `names` is the
/// column of names.
pub(super) fn examples(page: &Page<'_>, frame: &Frame, names: u32) -> Vec<String> {
    let name = |row: u32| {
        let mut texts = page.row(row);
        texts.find_map(|(column, text)| (column == names).then(|| text.to_owned()))
    };
    let rows = (frame.body.0..frame.body.1).map_while(|row| {
        let name = name(row).unwrap_or_default();
        (is_example(page, row) || names_a_row(&name)).then_some(name)
    });
    rows.collect()
}

/// Does the form print a row as an example?
fn is_example(page: &Page<'_>, row: u32) -> bool {
    page.row(row).any(|(_, text)| begins_example(text))
}

/// A text that can be the label of a fixed row: not a mark, not dots to be written over, no total.
fn names_a_row(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && !text.contains("..") && !text.contains('…') && !words::is_total(text)
}

/// «6A», «Lớp 1»: as much as a name can be cut down to in the column of names.
fn names_a_class(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 1
        && text.chars().count() <= 6
        && text.chars().all(char::is_alphanumeric)
        && text.ends_with(|c: char| c.is_ascii_uppercase())
}

fn own(column: &Headed) -> Option<&str> {
    column.path.last().map(|part| part.text.as_str())
}

/// The columns with their roles and types. `unit` is the table's unit of measure.
pub(super) fn read(
    page: &Page<'_>,
    headed: Vec<Headed>,
    body: &Body,
    unit: Option<&str>,
) -> Vec<Column> {
    let roles = roles(page, &headed, body);
    let measured_rows = measured_rows(page, &headed, &roles, body);
    let values = headed.iter().zip(&roles);
    let values = values.filter(|(_, role)| **role == Role::Value);
    let values: Vec<bool> = values
        .map(|(headed, _)| looks(page, headed.at, body).is_figure())
        .collect();
    let figures = values.iter().filter(|figure| **figure).count();
    let papers = papers(&headed, body);
    let computed = computed(page, &headed);
    let given = Given {
        free: body.free,
        unit,
        measured_rows,
        formatted: figures > 0 && figures * 2 >= values.len(),
        lettered: headed
            .iter()
            .zip(&roles)
            .any(|(headed, role)| *role == Role::Label && is_lettered(headed)),
    };
    headed
        .into_iter()
        .zip(roles)
        .map(|(headed, role)| {
            let mut looks = looks(page, headed.at, body);
            looks.added |= computed.contains(&headed.at);
            let list = list(page, headed.at, body);
            let mut choices = list.map_or_else(Vec::new, <[String]>::to_vec);
            let path: Vec<&str> = headed.path.iter().map(|part| part.text.as_str()).collect();
            let last = own(&headed).unwrap_or_default();
            let kind = match role {
                Role::Label | Role::Subject | Role::Ordinal | Role::Unit => FieldType::Text,
                Role::Code => FieldType::Code,
                Role::Value if is_mark(&choices) => {
                    choices.clear();
                    FieldType::Flag
                }
                Role::Value if !choices.is_empty() => FieldType::Choice,
                // Chosen from a list that is not known.
                Role::Value if list.is_some() => FieldType::Text,
                Role::Value if words::is_yes_or_no(last) => {
                    choices = ["Có", "Không"].map(str::to_owned).to_vec();
                    FieldType::Choice
                }
                Role::Value if papers.contains(&headed.at) => FieldType::Text,
                // What the form prints on its rows is no figure.
                Role::Value if prints_words(page, headed.at, body) => FieldType::Text,
                Role::Value => {
                    let numbered = given.lettered && is_numbered(&headed);
                    value_kind(last, &path, &looks, numbered, given)
                }
            };
            let own_unit = headed.path.iter().rev();
            let own_unit = own_unit.map(|part| part.text.as_str()).find_map(stated);
            let decimals = decimals(kind, &looks, own_unit.or(unit));
            Column {
                at: headed.at,
                path: headed.path,
                code: headed.code,
                role,
                kind,
                decimals,
                shown: looks.known.then_some(looks.decimals),
                choices,
                whole: looks.takes_whole,
                percent_format: looks.percent,
                id: String::new(),
            }
        })
        .collect()
}

/// Sheet columns that equations in headers and in the row of column numbers name: they hold figures,
/// whatever they are called.
fn computed(page: &Page<'_>, headed: &[Headed]) -> BTreeSet<u32> {
    let number = |column: &Headed| column.code.as_ref().map(|(code, _)| code.trim().to_owned());
    let texts = headed.iter().flat_map(|column| {
        let printed = column.code.as_ref();
        let printed = printed.and_then(|(_, cell)| page.own(cell.row, cell.column));
        let own = column.path.iter().map(|part| part.text.as_str());
        own.chain(printed)
    });
    let equations = texts.flat_map(equation::find);
    let mut named: BTreeSet<String> = BTreeSet::new();
    for equation in equations.filter(|equation| equation.right.is_some()) {
        let right = equation.right.iter().flat_map(Node::symbols);
        let symbols = right.chain(&equation.left).filter(|symbol| !symbol.label);
        named.extend(symbols.map(|symbol| symbol.text.clone()));
    }
    let columns = headed
        .iter()
        .filter(|column| number(column).is_some_and(|code| named.contains(&code)));
    columns.map(|column| column.at).collect()
}

/// Is the column's printed number a letter, as forms have it that number columns of words by letters
/// and those of figures by digits?
fn is_lettered(column: &Headed) -> bool {
    let code = column.code.as_ref().map(|(code, _)| code.trim());
    code.is_some_and(|code| !code.is_empty() && code.chars().all(|c| c.is_alphabetic()))
}

fn is_numbered(column: &Headed) -> bool {
    let code = column.code.as_ref().map(|(code, _)| code.trim());
    code.is_some_and(|code| code.starts_with(|c: char| c.is_ascii_digit()))
}

/// Sheet columns of the numbers of papers in a list: beside their day.
fn papers(headed: &[Headed], body: &Body) -> Vec<u32> {
    let is_day = |column: Option<&Headed>| column.and_then(own).is_some_and(words::is_date_header);
    let named = |at: usize| own(&headed[at]).is_some_and(words::is_number_of_paper);
    (0..headed.len())
        .filter(|at| body.free && named(*at) && is_day(headed.get(at + 1)))
        .map(|at| headed[at].at)
        .collect()
}

fn roles(page: &Page<'_>, headed: &[Headed], body: &Body) -> Vec<Role> {
    let rows = || body.rows.0..=body.rows.1;
    let texts = |at: u32| rows().filter_map(move |row| page.seen(row, at).map(|(_, text)| text));
    let mut roles: Vec<Role> = headed
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let header = own(column).unwrap_or_default();
            let written = texts(column.at).count();
            if words::is_ordinal_header(header) && index <= 2 {
                Role::Ordinal
            } else if words::is_unit_header(header) && !body.free {
                Role::Unit
            } else if words::is_code_header(header) && written > 0 && !body.free {
                Role::Code
            } else {
                Role::Value
            }
        })
        .collect();
    let values = || (0..headed.len()).filter(|index| roles[*index] == Role::Value);
    let label = match body.free {
        true => values()
            .find(|index| own(&headed[*index]).is_some_and(words::is_label_header))
            .or_else(|| values().next()),
        false => values().max_by_key(|index| {
            let count = texts(headed[*index].at)
                .filter(|text| is_word(text))
                .count();
            (count, std::cmp::Reverse(*index))
        }),
    };
    if let Some(label) = label {
        for (index, column) in headed.iter().enumerate().skip(label + 1) {
            let units = own(column).is_some_and(words::may_head_units);
            if units && roles[index] == Role::Value && prints_words(page, column.at, body) {
                roles[index] = Role::Unit;
            }
        }
        match labels_beside(page, headed, body, label).filter(|_| !body.free) {
            Some(beside) => {
                roles[label] = Role::Subject;
                roles[beside] = Role::Label;
            }
            None => roles[label] = Role::Label,
        }
        // Ordinals beside the labels, without a header or under that of the labels.
        let own = headed[label].path.last().map(|part| part.cell);
        for index in 0..label {
            let shared = headed[index].path.last().map(|part| part.cell);
            let no_header = shared.is_none() || shared == own;
            let written = texts(headed[index].at).count();
            let ordinals = texts(headed[index].at)
                .filter(|text| words::is_ordinal(text))
                .count();
            if roles[index] == Role::Value && no_header && written > 0 && ordinals == written {
                roles[index] = Role::Ordinal;
            }
        }
    }
    roles
}

/// Are most rows of a fixed body printed with words in a column?
fn prints_words(page: &Page<'_>, at: u32, body: &Body) -> bool {
    let rows = body.rows.0..=body.rows.1;
    let all = rows.clone().count();
    let words = rows.filter(|row| page.own(*row, at).is_some_and(is_word));
    let words = words.count();
    !body.free && words >= 2 && words * 2 > all
}

fn is_word(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// Rows may be told apart by a column of labels of their own, beside what is merged over several of
/// them: that is the column of their labels.
fn labels_beside(page: &Page<'_>, headed: &[Headed], body: &Body, label: usize) -> Option<usize> {
    let merged = |row: &u32| {
        let (first, last) = page.span(*row, headed[label].at);
        first.row < last.row && (body.rows.0..=body.rows.1).contains(&first.row)
    };
    let rows: Vec<u32> = (body.rows.0..=body.rows.1).filter(merged).collect();
    let labelled = |index: &usize| {
        let at = headed[*index].at;
        let own = rows
            .iter()
            .all(|row| page.own(*row, at).is_some_and(is_word));
        own && !own_header(headed, *index).is_some_and(words::is_unit_header)
    };
    let mut beside = label + 1..headed.len();
    beside.find(labelled).filter(|_| rows.len() >= 2)
}

fn own_header(headed: &[Headed], index: usize) -> Option<&str> {
    headed.get(index).and_then(own)
}

/// Is the unit of any row one of measure, or any row of percentages? Then no column is of counts only.
fn measured_rows(page: &Page<'_>, headed: &[Headed], roles: &[Role], body: &Body) -> bool {
    let units = headed
        .iter()
        .zip(roles)
        .filter(|(_, role)| **role == Role::Unit);
    let mut texts = units.flat_map(|(column, _)| {
        (body.rows.0..=body.rows.1).filter_map(|row| page.own(row, column.at))
    });
    let percent_rows = headed
        .iter()
        .zip(roles)
        .filter(|(_, role)| **role == Role::Label && !body.free)
        .flat_map(|(column, _)| {
            (body.rows.0..=body.rows.1).filter_map(|row| page.own(row, column.at))
        })
        .any(words::is_percent);
    percent_rows || texts.any(|unit| words::is_measured(unit) || unit.contains('%'))
}

/// What number formats say of a column.
#[derive(Debug, Default)]
struct Looks {
    known: bool,
    decimals: u32,
    percent: bool,
    date: bool,
    text: bool,
    grouped: bool,
    /// `0`
    whole: bool,
    /// Do all its cells that are filled in take whole numbers only?
    takes_whole: bool,
    /// Is there a formula that adds up its own cells, or an equation that names it?
    added: bool,
    /// Is there one that counts marks?
    marks_counted: bool,
}

impl Looks {
    /// Are figures shown?
    fn is_figure(&self) -> bool {
        self.grouped || self.decimals > 0 || self.percent || self.whole || self.takes_whole
    }
}

fn looks(page: &Page<'_>, at: u32, body: &Body) -> Looks {
    let mut looks = Looks::default();
    let mut filled_in = Vec::new();
    for row in body.rows.0..=body.rows.1 {
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
            let digits = behind
                .chars()
                .take_while(|c| matches!(c, '0' | '#' | '?'))
                .count();
            looks.decimals = looks
                .decimals
                .max(u32::try_from(digits).unwrap_or(0))
                .min(6);
        }
    }
    looks.takes_whole = !filled_in.is_empty() && filled_in.iter().all(|whole| *whole);
    looks
}

/// What is known of a whole table when the type of a column is settled.
#[derive(Clone, Copy)]
struct Given<'a> {
    free: bool,
    unit: Option<&'a str>,
    measured_rows: bool,
    /// Have as many columns as not a number format of figures?
    formatted: bool,
    /// Is the column of labels numbered by a letter?
    lettered: bool,
}

/// `numbered`: the form numbers it as it does columns of figures.
fn value_kind(
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
    if named && !looks.added {
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
    let measured = of_measure && !counts
        || units.any(words::is_measured)
        || given.measured_rows
        || looks.decimals > 0
        || is_coefficient(&plain);
    match measured {
        true => FieldType::Amount,
        false => FieldType::Count,
    }
}

fn is_coefficient(plain: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "hệ số",
        "diện tích",
        "năng suất",
        "sản lượng",
        "bình quân",
        "điểm",
        "đơn giá",
        "giá ",
    ];
    const WORDS: [&str; 9] = [
        "trọng lượng",
        "khối lượng",
        "doanh thu",
        "kinh phí",
        "vốn",
        "tiền",
        "giá trị",
        "thu nhập",
        "chiều dài",
    ];
    BEGINNINGS.iter().any(|word| plain.starts_with(word))
        || WORDS.iter().any(|word| plain.contains(word))
}

fn decimals(kind: FieldType, looks: &Looks, unit: Option<&str>) -> Option<u32> {
    match kind {
        FieldType::Percent | FieldType::Ratio if looks.known => Some(looks.decimals),
        FieldType::Percent | FieldType::Ratio => Some(2),
        FieldType::Amount => {
            let dong =
                unit.is_some_and(|unit| matches!(normalise(unit).as_str(), "đồng" | "vnđ" | "vnd"));
            Some(match (dong || looks.takes_whole) && looks.decimals == 0 {
                true => 0,
                false => looks.decimals.max(2),
            })
        }
        _ => None,
    }
}

/// Is a cell marked with an x or not?
fn is_mark(choices: &[String]) -> bool {
    let plain: Vec<String> = choices.iter().map(|choice| normalise(choice)).collect();
    let marked = plain.iter().any(|choice| choice == "x");
    marked
        && plain
            .iter()
            .all(|choice| choice == "x" || choice == "không")
}

/// The values a cell of the column is chosen from; `None` if it is not chosen.
fn list<'a>(page: &Page<'a>, at: u32, body: &Body) -> Option<&'a [String]> {
    let row = body.rows.0;
    let inside = |(first, last): &(CellAddress, CellAddress)| {
        (first.column..=last.column).contains(&at) && first.row <= row && row <= last.row
    };
    let mut lists = page.dressing.choices.iter();
    let list = lists.find(|choice| choice.ranges.iter().any(inside))?;
    Some(&list.values)
}
