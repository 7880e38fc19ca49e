//! What each column of a table is for, and of which type.

use std::collections::BTreeSet;

use super::frame::Frame;
use super::header::Headed;
use super::kinds::{Given, decimals, leaves_decimals, looks, value_kind};
use super::types::{Column, Role};
use crate::compile::equation::{self, Node};
use crate::compile::page::Page;
use crate::compile::words;
use crate::model::CellAddress;
use crate::schema::FieldType;
use crate::text::measure::stated;
use crate::text::{begins_example, normalise};

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
        .map(|(headed, _)| looks(page, headed.at, body.rows).is_figure())
        .collect();
    let figures = values.iter().filter(|figure| **figure).count();
    let papers = papers(&headed, body);
    let computed = computed(page, &headed);
    let plans = headed.iter().any(|column| {
        let mut path = column.path.iter();
        path.any(|part| words::is_plan_header(&part.text))
    });
    let given = Given {
        compares: plans
            || sums_rows(page, body)
            || roles
                .iter()
                .any(|role| matches!(role, Role::Unit | Role::Code)),
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
            let mut looks = looks(page, headed.at, body.rows);
            looks.added |= computed.contains(&headed.at);
            let list = list(page, headed.at, body);
            let mut choices = list.map_or_else(Vec::new, <[String]>::to_vec);
            let path: Vec<&str> = headed.path.iter().map(|part| part.text.as_str()).collect();
            let last = own(&headed).unwrap_or_default();
            let kind = match role {
                Role::Label if is_figure_of_one_row(&headed, body) => {
                    value_kind(last, &path, &looks, true, given)
                }
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
                Role::Value if words::is_one_or_other(last) => FieldType::Text,
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
            let own_unit = own_unit.or(unit);
            let decimals = decimals(kind, &looks, own_unit);
            let any_decimals = leaves_decimals(kind, &looks, own_unit);
            Column {
                at: headed.at,
                path: headed.path,
                code: headed.code,
                role,
                kind,
                decimals,
                any_decimals,
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

/// Is the first column of a table of one row without a label one of figures, as its number and its
/// header say? Such a row is known by its first figure.
fn is_figure_of_one_row(column: &Headed, body: &Body) -> bool {
    let header = own(column).unwrap_or_default();
    body.free
        && body.rows.0 == body.rows.1
        && is_numbered(column)
        && words::is_figure_header(header)
        && !words::may_be_code_header(header)
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
    let labels = headed
        .iter()
        .zip(roles)
        .filter(|(_, role)| **role == Role::Label && !body.free)
        .flat_map(|(column, _)| {
            (body.rows.0..=body.rows.1).filter_map(|row| page.own(row, column.at))
        });
    let mut labels = labels.filter(|label| !words::is_count_header(label));
    labels.any(|label| words::is_percent(label) || measures(label))
        || texts.any(|unit| words::is_measured(unit) || unit.contains('%'))
}

/// Has a table of fixed rows a total row?
fn sums_rows(page: &Page<'_>, body: &Body) -> bool {
    let mut rows = body.rows.0..=body.rows.1;
    !body.free && rows.any(|row| page.row(row).any(|(_, text)| words::is_total(text)))
}

/// «Năng suất», «Diện tích (ha)»: does a row measure something?
fn measures(label: &str) -> bool {
    let unit = words::unit_in(label);
    words::is_measure_header(label) || unit.is_some_and(|unit| words::is_measured(&unit))
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
    let cell = CellAddress::new(body.rows.0, at);
    let inside = |range: &(CellAddress, CellAddress)| cell.is_within(*range);
    let mut lists = page.dressing.choices.iter();
    let list = lists.find(|choice| choice.ranges.iter().any(inside))?;
    Some(&list.values)
}
