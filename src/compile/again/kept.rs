//! Ids that columns and rows have from the last time.

use std::collections::HashSet;

use toml::Value;

use super::sections::{Section, Sections};
use crate::compile::names::unused;
use crate::compile::table::{Role, Table};
use crate::text::label_key;

/// Columns and rows of a form as they were generated, by what they are called in the file now.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The form's id.
    pub(super) form: String,
    columns: Vec<Named>,
    rows: Vec<Named>,
}

/// A column or row: its id, and its texts, the spanning one first.
#[derive(Debug, Clone)]
struct Named {
    id: String,
    path: Vec<String>,
}

impl Kept {
    /// From the form file as it was generated, and as it is now; `None` if one of them cannot be
    /// taken apart.
    pub fn of(then: &str, now: &str) -> Option<Kept> {
        let (then, now) = (Sections::of(then)?, Sections::of(now)?);
        let form = then.of_kind("").next()?.id()?.to_owned();
        Some(Kept {
            form,
            columns: named(&then, &now, "column"),
            rows: named(&then, &now, "row"),
        })
    }
}

/// The columns or rows that were generated, with the ids that they have now.
fn named(then: &Sections, now: &Sections, kind: &str) -> Vec<Named> {
    let known = |id: &str| now.of_kind(kind).any(|own| own.id() == Some(id));
    let named = |section: &Section| {
        let (id, path) = (section.id()?, path(section)?);
        let renamed = now.of_kind(kind).find(|own| {
            self::path(own).as_ref() == Some(&path)
                && own.id().is_some_and(|id| !was(then, kind, id))
        });
        let id = match (known(id), renamed.and_then(Section::id)) {
            (false, Some(renamed)) => renamed,
            _ => id,
        };
        Some(Named {
            id: id.to_owned(),
            path,
        })
    };
    then.of_kind(kind).filter_map(named).collect()
}

fn was(then: &Sections, kind: &str, id: &str) -> bool {
    then.of_kind(kind).any(|section| section.id() == Some(id))
}

fn path(section: &Section) -> Option<Vec<String>> {
    let label = section.table.get("label")?;
    let texts: Vec<&str> = match label {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    Some(texts.into_iter().map(label_key).collect())
}

/// Gives the columns and rows of a table the ids they had.
pub(in crate::compile) fn keep(table: &mut Table, kept: &[Kept]) {
    let Some(kept) = kept.iter().find(|kept| kept.form == table.id) else {
        return;
    };
    let columns: Vec<Vec<String>> = table
        .columns
        .iter()
        .map(|column| {
            column
                .path
                .iter()
                .map(|part| label_key(&part.text))
                .collect()
        })
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| vec![label_key(&row.label.text)])
        .collect();
    let mut of_columns = matched(&columns, &kept.columns);
    let of_rows = matched(&rows, &kept.rows);
    let filled: Vec<bool> = table
        .columns
        .iter()
        .map(|column| column.role == Role::Value)
        .collect();
    renamed(&mut of_columns, &filled, &kept.columns);
    let kept_ids = kept.columns.iter().chain(&kept.rows);
    let mut used: HashSet<String> = kept_ids.map(|named| named.id.clone()).collect();
    let columns = table.columns.iter_mut().map(|column| &mut column.id);
    let rows = table.rows.iter_mut().map(|row| &mut row.id);
    let places = of_columns.into_iter().chain(of_rows);
    for (id, kept) in columns.chain(rows).zip(places) {
        match kept {
            Some(kept) => *id = kept,
            None => *id = unused(&mut used, id),
        }
    }
}

/// The kept id of each: by all its texts, then by its own, then by what is left between two that
/// were found and mostly called the same.
fn matched(new: &[Vec<String>], kept: &[Named]) -> Vec<Option<String>> {
    let mut of: Vec<Option<usize>> = vec![None; new.len()];
    let same_own = |new: &[String], kept: &[String]| new.last() == kept.last();
    pair(&mut of, new, kept, |new, kept| new == kept);
    pair(&mut of, new, kept, same_own);
    pair(&mut of, new, kept, alike);
    of.into_iter()
        .map(|at| at.and_then(|at| kept.get(at)).map(|named| named.id.clone()))
        .collect()
}

/// The one column that is called otherwise, where all others are as they were: it is the one that
/// stood there. `filled`: is a column one of figures?
fn renamed(of: &mut [Option<String>], filled: &[bool], kept: &[Named]) {
    let place = |id: &String| kept.iter().position(|named| named.id == *id);
    let mut open = (0..of.len()).filter(|at| of[*at].is_none() && filled[*at]);
    let mut gone = (0..kept.len()).filter(|at| !of.iter().flatten().any(|id| *id == kept[*at].id));
    let (Some(at), None, Some(was), None) = (open.next(), open.next(), gone.next(), gone.next())
    else {
        return;
    };
    let before = of[..at].iter().flatten().filter_map(place).max();
    let behind = of[at..].iter().flatten().filter_map(place).min();
    if before.is_none_or(|before| before < was) && behind.is_none_or(|behind| was < behind) {
        of[at] = Some(kept[was].id.clone());
    }
}

/// Pairs what fits in order; what was paired before bounds where it may be.
fn pair(
    of: &mut [Option<usize>],
    new: &[Vec<String>],
    kept: &[Named],
    fits: impl Fn(&[String], &[String]) -> bool,
) {
    for at in 0..new.len() {
        if of[at].is_some() {
            continue;
        }
        let after = of[..at].iter().flatten().max().map_or(0, |last| last + 1);
        let before = of[at..]
            .iter()
            .flatten()
            .min()
            .copied()
            .unwrap_or(kept.len());
        let free = |place: &usize| !of.contains(&Some(*place));
        of[at] = (after..before)
            .filter(free)
            .find(|place| fits(&new[at], &kept[*place].path));
    }
}

/// Do two labels share most of their words?
fn alike(new: &[String], kept: &[String]) -> bool {
    let words = |path: &[String]| -> HashSet<String> {
        let own = path.last().map_or("", String::as_str);
        own.split_whitespace().map(str::to_owned).collect()
    };
    let (one, two) = (words(new), words(kept));
    let shared = one.intersection(&two).count();
    shared > 0 && shared * 2 >= one.len().max(two.len())
}
