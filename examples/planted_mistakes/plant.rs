//! Draws the cases: which mistake, in which workbook, filled in which way.

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
