//! The tree of rows of a form's sheet: kinds of unit, their groups, and units, with what each
//! totals row adds up.

use std::ops::Range;

use super::book::Master;
use crate::consolidate::FormTable;
use crate::model::Value;
use crate::write::paper::count::{count, roman};

/// The level of a totalled row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Kind,
    Group,
    Total,
}

/// What a totalled row adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Summands {
    /// Units side by side: indices of the table's lines.
    Lines(Range<usize>),
    /// Other totalled rows: indices of the tree's nodes.
    Nodes(Vec<usize>),
}

/// A row that heads units and carries their totals, or the last row of all.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub level: Level,
    /// A, B, C for kinds; I, II, III for groups.
    pub number: String,
    pub title: String,
    pub row: u32,
    pub parts: Summands,
    /// Totals already computed, one a field; `None` for a kind of several groups.
    pub given: Option<&'a [Option<Value>]>,
}

/// All rows of the body.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// Parts precede what totals them; the last node is TỔNG CỘNG.
    pub nodes: Vec<Node<'a>>,
    /// Row (from 0) of each line of the table.
    pub rows: Vec<u32>,
    /// Ordinal of each line within its group, from 1.
    pub numbers: Vec<u32>,
    /// The total row, from 0.
    pub total: u32,
}

/// Consecutive lines of one kind and group.
struct Run<'a> {
    kind: &'a str,
    group: &'a str,
    lines: Range<usize>,
}

impl<'a> Tree<'a> {
    /// Lays out the body from row `first` on. A heading that would only repeat the one above it,
    /// or the total, is left out.
    pub fn new(master: &Master<'_>, table: &'a FormTable, first: u32) -> Tree<'a> {
        let mut tree = Tree {
            nodes: Vec::new(),
            rows: Vec::new(),
            numbers: Vec::new(),
            total: first,
        };
        let runs = runs(table);
        let kinds: Vec<&[Run<'_>]> = runs.chunk_by(|a, b| a.kind == b.kind).collect();
        let mut next = first;
        let mut top = Vec::new();
        for (index, groups) in kinds.iter().enumerate() {
            let Some(kind) = groups.first() else { continue };
            let kind_row = (kinds.len() > 1).then(|| take(&mut next));
            let nodes = tree.groups(table, groups, &mut next);
            let Some(row) = kind_row else {
                top = nodes;
                continue;
            };
            let several = groups.len() > 1;
            tree.nodes.push(Node {
                level: Level::Kind,
                number: letter(index),
                title: master.kind_name(kind.kind).to_owned(),
                row,
                parts: if several {
                    Summands::Nodes(nodes)
                } else {
                    Summands::Lines(kind.lines.clone())
                },
                given: (!several).then(|| subtotal(table, kind)).flatten(),
            });
            top.push(tree.nodes.len() - 1);
        }
        let label = table.form.file.layout.total.as_deref();
        tree.nodes.push(Node {
            level: Level::Total,
            number: String::new(),
            title: label.unwrap_or("TỔNG CỘNG").to_uppercase(),
            row: next,
            parts: if top.is_empty() {
                Summands::Lines(0..table.lines.len())
            } else {
                Summands::Nodes(top)
            },
            given: Some(&table.total),
        });
        tree.total = next;
        tree
    }

    /// Places the groups of a kind and their units; gives the nodes of the groups, if more than
    /// one.
    fn groups(&mut self, table: &'a FormTable, groups: &[Run<'_>], next: &mut u32) -> Vec<usize> {
        let mut nodes = Vec::new();
        for (index, run) in groups.iter().enumerate() {
            if groups.len() > 1 {
                self.nodes.push(Node {
                    level: Level::Group,
                    number: roman(index + 1),
                    title: run.group.to_owned(),
                    row: take(next),
                    parts: Summands::Lines(run.lines.clone()),
                    given: subtotal(table, run),
                });
                nodes.push(self.nodes.len() - 1);
            }
            for number in 1..=count(run.lines.len()) {
                self.rows.push(take(next));
                self.numbers.push(number);
            }
        }
        nodes
    }
}

fn take(next: &mut u32) -> u32 {
    *next += 1;
    *next - 1
}

fn runs(table: &FormTable) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (index, line) in table.lines.iter().enumerate() {
        let (kind, group) = (line.unit.kind.as_str(), line.unit.group.as_str());
        match runs.last_mut() {
            Some(run) if run.kind == kind && run.group == group => run.lines.end = index + 1,
            _ => runs.push(Run {
                kind,
                group,
                lines: index..index + 1,
            }),
        }
    }
    runs
}

fn subtotal<'a>(table: &'a FormTable, run: &Run<'_>) -> Option<&'a [Option<Value>]> {
    let mut subtotals = table.subtotals.iter();
    subtotals
        .find(|subtotal| subtotal.kind == run.kind && subtotal.group == run.group)
        .map(|subtotal| subtotal.values.as_slice())
}

/// A, B, C...
fn letter(index: usize) -> String {
    crate::model::address::column_letters(count(index))
}
