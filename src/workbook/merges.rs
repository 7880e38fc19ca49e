//! The merged ranges of a sheet, found by address without walking through all of them.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::model::CellAddress;

/// A merged range; both corners belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// Top left cell: the one that holds the content.
    pub first: CellAddress,
    /// Bottom right cell.
    pub last: CellAddress,
}

impl Merge {
    /// Is `address` inside?
    pub fn contains(&self, address: CellAddress) -> bool {
        address.is_within((self.first, self.last))
    }
}

/// Merged ranges; reads as a slice of them.
#[derive(Debug, Clone, Default)]
pub struct Merges {
    ranges: Vec<Merge>,
    /// Made when a range is first looked up.
    index: OnceLock<Index>,
}

/// The ranges by their first cells, seen as a balanced tree: the middle of a stretch is its root.
#[derive(Debug, Clone)]
struct Index {
    ranges: Vec<Merge>,
    /// For each root: the last row that any range of its subtree reaches.
    reach: Vec<u32>,
}

impl Merges {
    /// Adds a range.
    pub fn push(&mut self, merge: Merge) {
        self.ranges.push(merge);
        self.index = OnceLock::new();
    }

    /// Puts the ranges in the order of their first cells.
    pub fn sort(&mut self) {
        self.ranges.sort_unstable_by_key(|merge| merge.first);
    }

    /// The range that covers `address`; where ranges overlap, which no program writes, one of them.
    pub fn at(&self, address: CellAddress) -> Option<&Merge> {
        let index = self.index.get_or_init(|| Index::new(&self.ranges));
        index.find(0, index.ranges.len(), address)
    }
}

impl Index {
    fn new(ranges: &[Merge]) -> Index {
        let mut ranges = ranges.to_vec();
        ranges.sort_unstable_by_key(|merge| (merge.first, merge.last));
        let mut index = Index {
            reach: vec![0; ranges.len()],
            ranges,
        };
        index.measure(0, index.ranges.len());
        index
    }

    /// Fills in how far each root of a stretch reaches.
    fn measure(&mut self, from: usize, to: usize) -> u32 {
        if from >= to {
            return 0;
        }
        let root = from.midpoint(to);
        let below = self.measure(from, root).max(self.measure(root + 1, to));
        self.reach[root] = below.max(self.ranges[root].last.row);
        self.reach[root]
    }

    fn find(&self, from: usize, to: usize, address: CellAddress) -> Option<&Merge> {
        if from >= to {
            return None;
        }
        let root = from.midpoint(to);
        if self.reach[root] < address.row {
            return None;
        }
        let merge = &self.ranges[root];
        self.find(from, root, address).or_else(|| {
            if merge.first.row > address.row {
                return None; // so does every range behind it
            }
            if merge.contains(address) {
                return Some(merge);
            }
            self.find(root + 1, to, address)
        })
    }
}

impl Deref for Merges {
    type Target = [Merge];

    fn deref(&self) -> &[Merge] {
        &self.ranges
    }
}

impl PartialEq for Merges {
    fn eq(&self, other: &Merges) -> bool {
        self.ranges == other.ranges
    }
}

impl From<Vec<Merge>> for Merges {
    fn from(ranges: Vec<Merge>) -> Merges {
        Merges {
            ranges,
            index: OnceLock::new(),
        }
    }
}

impl FromIterator<Merge> for Merges {
    fn from_iter<I: IntoIterator<Item = Merge>>(ranges: I) -> Merges {
        ranges.into_iter().collect::<Vec<_>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranges() -> impl Strategy<Value = Vec<Merge>> {
        let range =
            (0u32..12, 0u32..12, 0u32..5, 0u32..5).prop_map(|(row, column, down, right)| Merge {
                first: CellAddress::new(row, column),
                last: CellAddress::new(row + down, column + right),
            });
        proptest::collection::vec(range, 0..20)
    }

    proptest! {
        #[test]
        fn a_range_is_found_wherever_one_covers_the_cell(
            ranges in ranges(), row in 0u32..18, column in 0u32..18,
        ) {
            let address = CellAddress::new(row, column);
            let covering: Vec<Merge> =
                ranges.iter().filter(|merge| merge.contains(address)).copied().collect();
            let merges = Merges::from(ranges);
            match merges.at(address) {
                Some(found) => prop_assert!(covering.contains(found)),
                None => prop_assert_eq!(covering, Vec::new()),
            }
        }
    }

    #[test]
    fn a_range_added_later_is_found() {
        let mut merges = Merges::default();
        let at = CellAddress::new(3, 3);
        assert_eq!(merges.at(at), None);
        let merge = Merge {
            first: at,
            last: CellAddress::new(4, 4),
        };
        merges.push(merge);
        assert_eq!(merges.at(at), Some(&merge));
    }
}
