//! Draws the cases: which mistake, in which workbook, filled in which way.

use std::collections::BTreeMap;

use tonghop::campaign::Campaign;

use super::book::{Book, Change, Way};
use super::ground::Ground;
use super::kinds::{KINDS, draw};
use super::random::Random;

/// One or two mistakes in one workbook.
pub struct Case {
    /// Which of the books.
    pub book: usize,
    pub way: Way,
    /// Of which kinds; two if there are two mistakes.
    pub kinds: Vec<usize>,
    pub changes: Vec<Change>,
}

/// Of a hundred workbooks, how many have every figure typed. In the accepted workbooks of the
/// sample campaign the rows are typed and only total rows are formulas.
const TYPED: usize = 60;

/// Draws cases; the same seed draws the same.
pub fn cases(
    campaign: &Campaign,
    books: &[Book],
    seed: u64,
    singles: usize,
    doubles: usize,
) -> Vec<Case> {
    let mut random = Random::new(seed);
    let grounds: Vec<[Ground; 2]> = books
        .iter()
        .map(|book| [0, 1].map(|way| Ground::new(campaign, &book.unit, &book.variants[way])))
        .collect();
    let mut cases = Vec::with_capacity(singles + doubles);
    while cases.len() < singles + doubles {
        let wanted = 1 + usize::from(cases.len() >= singles);
        let book = random.below(books.len());
        let way = usize::from(!random.chance(TYPED));
        cases.extend(case(&grounds[book][way], book, way, wanted, &mut random));
    }
    cases
}

/// Draws single mistakes until every form that can have one has `quota` of them in each way of
/// filling, each with the form it is in. The same seed draws the same.
pub fn by_form(
    campaign: &Campaign,
    books: &[Book],
    seed: u64,
    quota: usize,
) -> Vec<(String, Case)> {
    let mut random = Random::new(seed);
    let mut drawn: Vec<(String, Case)> = Vec::new();
    let mut counts: BTreeMap<(String, Way), usize> = BTreeMap::new();
    let most = 200 * quota * campaign.forms.len();
    for _ in 0..most {
        if books.is_empty() {
            break;
        }
        let book = random.below(books.len());
        let way = random.below(2);
        let variant = &books[book].variants[way];
        let ground = Ground::new(campaign, &books[book].unit, variant);
        let Some(case) = case(&ground, book, way, 1, &mut random) else {
            continue;
        };
        let form = variant.tables[case.changes[0].at.table].form.id();
        let count = counts.entry((form.to_owned(), case.way)).or_default();
        if *count < quota {
            *count += 1;
            drawn.push((form.to_owned(), case));
        }
        let enough = counts.values().filter(|count| **count >= quota).count();
        if enough >= 2 * campaign.forms.len() {
            break;
        }
    }
    drawn
}

fn case(
    ground: &Ground,
    book: usize,
    way: usize,
    wanted: usize,
    random: &mut Random,
) -> Option<Case> {
    let mut case = Case {
        book,
        way: [Way::Typed, Way::Alive][way],
        kinds: Vec::new(),
        changes: Vec::new(),
    };
    for _ in 0..wanted {
        let kind = draw(random);
        let changes = (KINDS[kind].make)(ground, random)?;
        let taken = |change: &Change| case.changes.iter().any(|other| other.at == change.at);
        // Two mistakes are two wrong cells.
        if changes.iter().any(taken) || (wanted > 1 && changes.len() > 1) {
            return None;
        }
        case.kinds.push(kind);
        case.changes.extend(changes);
    }
    Some(case)
}
