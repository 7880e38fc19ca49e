//! What holds from one period to the next, in two workbooks of one unit: what is carried over
//! (`dau_ky = PREV(cuoi_ky)`) and what is cumulative (`luy_ke = PREV(luy_ke) + trong_ky`).

use std::collections::{BTreeSet, HashMap};

use super::equation::Fared;
use super::figures::{Axis, Entry, Figures};
use super::proposed::{Proposed, id_of, names};
use crate::extract::Table;
use crate::schema::Form;
use crate::schema::parser::parse;
use crate::schema::rule::fold::Read;

/// Variables that are compared with one another, at most.
const MOST_VARIABLES: usize = 120;

/// `left = PREV(before) + added`: indices of variables.
#[derive(Debug, Clone, Copy)]
struct Link {
    left: usize,
    before: usize,
    added: Option<usize>,
}

/// The figures of two periods, and at which place of the one before each place of this one is.
struct Periods {
    now: Figures,
    before: Figures,
    places: Vec<(usize, usize)>,
}

/// What is to be proposed for a form of fixed rows from the tables of units in this period and the
/// one before; nothing for rows that units add, which nobody says are the same ones.
pub fn over_time(form: &Form, pairs: &[(&[Table], &[Table])]) -> Vec<Proposed> {
    if form.is_free() {
        return Vec::new();
    }
    let mut proposed: Vec<Proposed> = Vec::new();
    for axis in [Axis::Columns, Axis::Rows] {
        let periods = Periods::of(form, pairs, axis);
        for (link, fared) in periods.links(pairs.len()) {
            let proposal = periods.proposed(form, link, &fared, pairs.len());
            if is_new(form, &proposal.check) {
                proposed.push(proposal);
            }
        }
    }
    proposed
}

/// Does no rule of the form read the same figures of the same periods?
fn is_new(form: &Form, check: &str) -> bool {
    let Ok(expr) = parse(check) else { return false };
    let own = (names(expr.reads()), past(expr.reads()));
    let mut rules = form.rules.iter();
    !rules.any(|rule| (names(rule.reads()), past(rule.reads())) == own)
}

/// The names that are read of the period before.
fn past<'a>(reads: impl IntoIterator<Item = Read<'a>>) -> BTreeSet<String> {
    let reads = reads.into_iter().filter(|read| read.past.is_some());
    names(reads)
}

impl Periods {
    fn of(form: &Form, pairs: &[(&[Table], &[Table])], axis: Axis) -> Periods {
        let of_form = |table: &&Table| table.form.id() == form.id();
        let tables = pairs.iter().enumerate();
        let tables = tables.filter_map(|(file, (now, before))| {
            Some((
                file,
                now.iter().find(of_form)?,
                before.iter().find(of_form)?,
            ))
        });
        let tables: Vec<(usize, &Table, &Table)> = tables.collect();
        let now: Vec<(usize, &Table)> = tables.iter().map(|(at, now, _)| (*at, *now)).collect();
        let before: Vec<(usize, &Table)> = tables
            .iter()
            .map(|(at, _, before)| (*at, *before))
            .collect();
        let now = Figures::of(form, &now, axis);
        let before = Figures::of(form, &before, axis);
        let places = before.places.iter().enumerate();
        let places: HashMap<(usize, usize), usize> = places
            .map(|(at, place)| ((place.file, place.at), at))
            .collect();
        let both = now.places.iter().enumerate();
        let both = both.filter_map(|(at, place)| {
            let before = places.get(&(place.file, place.at))?;
            Some((at, *before))
        });
        Periods {
            places: both.collect(),
            now,
            before,
        }
    }

    /// Links that hold everywhere and hardly by accident. A figure that is carried over into another
    /// is not proposed as cumulative, too: that other one is what is added to.
    fn links(&self, pairs: usize) -> Vec<(Link, Fared)> {
        let live = self.now.live();
        if live.len() > MOST_VARIABLES {
            return Vec::new();
        }
        let tries = 2 * live.len().max(2).ilog2();
        let good = |link: Link| {
            let fared = self.fare(link)?;
            fared.is_enough(tries, pairs).then_some((link, fared))
        };
        let two = |test: fn(usize, usize) -> Link| {
            let live = &live;
            live.iter().flat_map(move |left| {
                let others = live.iter().filter(move |other| *other != left);
                others.map(move |other| test(*left, *other))
            })
        };
        let carried = two(|left, before| Link {
            left,
            before,
            added: None,
        });
        let mut found: Vec<(Link, Fared)> = carried.filter_map(good).collect();
        let gone_on: BTreeSet<usize> = found.iter().map(|(link, _)| link.before).collect();
        let cumulative = two(|left, added| Link {
            left,
            before: left,
            added: Some(added),
        });
        let cumulative = cumulative.filter(|link| !gone_on.contains(&link.left));
        found.extend(cumulative.filter_map(good));
        found
    }

    /// How a link fared; `None` if it fails anywhere, or compares what is measured differently.
    fn fare(&self, link: Link) -> Option<Fared> {
        let measured = |of: usize| self.now.alike(link.left, of);
        if !measured(link.before) || !link.added.is_none_or(measured) {
            return None;
        }
        let (mut tested, mut files) = (Vec::new(), BTreeSet::new());
        for (now, before) in &self.places {
            let left = self.now.entries[link.left][*now];
            let earlier = self.before.entries[link.before][*before];
            let added = link.added.map(|added| self.now.entries[added][*now]);
            let absent = [Some(earlier), added].contains(&Some(Entry::Absent));
            let Some(left) = left.figure().filter(|_| !absent) else {
                continue;
            };
            let earlier = earlier.or_zero();
            let added = added.map(Entry::or_zero);
            if earlier.checked_add(added.unwrap_or(0))? != left {
                return None;
            }
            let values: Vec<i128> = [Some(left), Some(earlier), added]
                .into_iter()
                .flatten()
                .collect();
            if values.iter().all(|value| *value != 0) {
                files.insert(self.now.places[*now].file);
                tested.push(values);
            }
        }
        Some(Fared::of(&tested, files))
    }

    fn proposed(&self, form: &Form, link: Link, fared: &Fared, pairs: usize) -> Proposed {
        let name = |of: usize| &self.now.variables[of].id;
        let (left, before) = (name(link.left), name(link.before));
        let check = match link.added {
            Some(added) => format!("{left} = PREV({before}) + {}", name(added)),
            None => format!("{left} = PREV({before})"),
        };
        let variables: Vec<usize> = [Some(link.left), Some(link.before), link.added]
            .into_iter()
            .flatten()
            .collect();
        let (asked, seen) = self.now.sites(form, &variables);
        let everywhere = asked.len() == seen.len();
        Proposed {
            about: left.clone(),
            check,
            places: (!everywhere).then(|| {
                let ids = seen.iter().filter_map(|site| id_of(form, site));
                (self.now.axis.places(), ids.collect())
            }),
            tested: fared.tested,
            files: fared.files.len(),
            workbooks: pairs,
            over_time: true,
        }
    }
}
