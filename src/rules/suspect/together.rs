//! Mistakes of two groups that one change of two cells explains: figures that changed places.

use super::explanation::{ChangeSet, Group};
use super::system::System;

/// Joins groups of failed checks where an explanation of one mends all of another, and costs less
/// than to explain each by itself.
pub(super) fn join(system: &System<'_>, groups: &mut Vec<Group>) {
    let mut at = 0;
    while at < groups.len() && system.goes_on() {
        let two_cells = groups[at]
            .explanations
            .iter()
            .filter(|e| e.changes.len() > 1);
        system.allowance.take(groups.len() * two_cells.count());
        match joint(groups, at) {
            Some((explanation, other)) => {
                let absorbed = groups.remove(other);
                let own = if other < at { at - 1 } else { at };
                let group = &mut groups[own];
                group.failed.extend(absorbed.failed);
                group.failed.sort_unstable();
                let first = group.explanations.remove(explanation);
                group
                    .explanations
                    .retain(|e| group.failed.iter().all(|i| e.mended.contains(i)));
                group.explanations.insert(0, first);
                at = own;
            }
            None => at += 1,
        }
    }
}

/// Which explanation of a group also mends which other group.
fn joint(groups: &[Group], at: usize) -> Option<(usize, usize)> {
    let own = groups[at].explanations.first()?.cost;
    let explanations = groups[at].explanations.iter().enumerate();
    let mut two_cells = explanations.filter(|(_, e)| e.changes.len() > 1);
    two_cells.find_map(|(index, explanation)| {
        let other = (0..groups.len())
            .find(|other| *other != at && mends(explanation, &groups[*other], own))?;
        Some((index, other))
    })
}

fn mends(explanation: &ChangeSet, group: &Group, own: u32) -> bool {
    let Some(best) = group.explanations.first() else {
        return false;
    };
    let all = group
        .failed
        .iter()
        .all(|index| explanation.mended.contains(index));
    all && best.cost > 0 && explanation.cost < own + best.cost
}
