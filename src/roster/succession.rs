//! Mergers and splits of units: which units' figures of an earlier day add up to the figures of a
//! unit of today.

use std::sync::Arc;

use chrono::NaiveDate;

use super::faults::{Faults, PREDECESSORS, perhaps};
use super::units::Roster;
use crate::model::ReportingUnit;
use crate::text::nearest;

/// A unit that was divided among several, so that its figures cannot be assigned to any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The unit that was split.
    pub unit: Arc<ReportingUnit>,
    /// Where its parts went; the unit itself if it goes on with the rest.
    pub heirs: Vec<Arc<ReportingUnit>>,
}

impl Roster {
    /// The units whose figures of `day` add up to those of `unit` as it is on `now`: itself if
    /// it existed, and every unit that has been merged into it since. Empty if none existed.
    ///
    /// # Errors
    /// A unit among them was split, so that its figures cannot be assigned.
    pub fn sources(
        &self,
        unit: &Arc<ReportingUnit>,
        day: NaiveDate,
        now: NaiveDate,
    ) -> Result<Vec<Arc<ReportingUnit>>, Split> {
        let mut found = Vec::new();
        self.collect(unit, day, now, &mut found)?;
        Ok(found)
    }

    fn collect(
        &self,
        unit: &Arc<ReportingUnit>,
        day: NaiveDate,
        now: NaiveDate,
        found: &mut Vec<Arc<ReportingUnit>>,
    ) -> Result<(), Split> {
        let heirs = self.heirs(unit, day, now);
        if heirs.len() > 1 {
            let unit = unit.clone();
            return Err(Split { unit, heirs });
        }
        if unit.active_on(day) && !found.contains(unit) {
            found.push(unit.clone());
        }
        for code in &unit.predecessors {
            if let Some(predecessor) = self.by_code(code)
                && goes_into_after(predecessor, unit, day)
                && has_gone_into(predecessor, unit, now)
            {
                self.collect(predecessor, day, now, found)?;
            }
        }
        Ok(())
    }

    /// The units that between `day` and `now` took over a unit or a part of it; itself among them
    /// if it goes on beside others.
    fn heirs(
        &self,
        unit: &Arc<ReportingUnit>,
        day: NaiveDate,
        now: NaiveDate,
    ) -> Vec<Arc<ReportingUnit>> {
        let takes_over = |other: &&Arc<ReportingUnit>| {
            other.predecessors.contains(&unit.code)
                && has_gone_into(unit, other, now)
                && goes_into_after(unit, other, day)
        };
        let mut heirs: Vec<_> = self.units.iter().filter(takes_over).cloned().collect();
        if !heirs.is_empty() && unit.active_to.is_none() {
            heirs.push(unit.clone());
        }
        heirs
    }
}

/// Did the unit, or the part of it, go into `heir` only after `day`? A unit that ended did so on
/// the day after its last; one that still exists gave its part away on the heir's first day.
fn goes_into_after(unit: &ReportingUnit, heir: &ReportingUnit, day: NaiveDate) -> bool {
    match unit.active_to {
        Some(to) => day <= to,
        None => heir.active_from.is_some_and(|from| day < from),
    }
}

/// Has the unit, or its part, gone into `heir` by `now`? A merger to come changes nothing yet.
fn has_gone_into(unit: &ReportingUnit, heir: &ReportingUnit, now: NaiveDate) -> bool {
    unit.active_to.is_none_or(|to| to < now) && heir.active_from.is_none_or(|from| from <= now)
}

/// Checks predecessors (`lines`: the line of each unit, from 1). Every predecessor must be a unit
/// of the roster that ended before the unit began, or goes on without the part it gave away; and
/// none may be its own predecessor.
pub(super) fn check(roster: &Roster, lines: &[u64], faults: &mut Faults) {
    for (unit, line) in roster.units.iter().zip(lines) {
        for code in &unit.predecessors {
            if let Err((vi, en)) = link(roster, unit, code) {
                faults.add(Some(*line), Some(PREDECESSORS), vi, en);
            }
        }
    }
    // Dates alone do not rule a circle out: they may be blank.
    for (at, line) in lines.iter().enumerate() {
        let unit = &roster.units[at];
        if descends_from_itself(roster, at) {
            let code = &unit.code;
            faults.add(
                Some(*line),
                Some(PREDECESSORS),
                format!("đơn vị `{code}` là tiền thân của chính nó, qua một vòng; hãy sửa lại"),
                format!("unit `{code}` is its own predecessor in a circle; correct it"),
            );
        }
    }
}

fn link(roster: &Roster, unit: &ReportingUnit, code: &str) -> Result<(), (String, String)> {
    let Some(predecessor) = roster.by_code(code) else {
        let near = nearest(code, roster.units.iter().map(|unit| unit.code.as_str()));
        let (vi, en) = perhaps(near);
        return Err((
            format!(
                "không có đơn vị mã `{code}` trong danh sách{vi} Đơn vị cũ phải có một dòng, ghi active_to"
            ),
            format!("no unit `{code}` in the roster{en} A former unit needs a line with active_to"),
        ));
    };
    match (predecessor.active_to, unit.active_from) {
        (None, None) => Err((
            format!(
                "không rõ `{code}` nhập vào từ ngày nào: ghi active_to của `{code}`, hoặc active_from của đơn vị này nếu chỉ nhận một phần"
            ),
            format!(
                "nothing says when `{code}` was taken over: give its active_to, or this unit's active_from if it took a part"
            ),
        )),
        (Some(to), Some(from)) if from <= to => Err((
            format!(
                "`{code}` còn tồn tại đến {to}, sau ngày đầu {from} của đơn vị này; hãy sửa một trong hai"
            ),
            format!("`{code}` exists until {to}, past this unit's first day {from}; correct one"),
        )),
        _ => Ok(()),
    }
}

/// Does going from predecessor to predecessor lead back to the unit?
fn descends_from_itself(roster: &Roster, unit: usize) -> bool {
    let parents = |at: usize| {
        let codes = roster.units[at].predecessors.iter();
        codes.filter_map(|code| roster.by_code.get(code.as_str()).copied())
    };
    let mut seen = vec![false; roster.units.len()];
    let mut open: Vec<usize> = parents(unit).collect();
    while let Some(at) = open.pop() {
        if at == unit {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(parents(at));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD_AND_NEW: &str = "\
A,Xã A cũ,xa,,,2025-06-30,,
B,Xã B cũ,xa,,,2025-06-30,,
C,Xã C cũ,xa,,,2025-06-30,,
AB,Xã Hợp Nhất,xa,,2025-07-01,,,A|B
X,Xã Còn Nguyên,xa,,,,,C
";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn roster(lines: &str) -> Roster {
        parsed(lines).unwrap_or_else(|error| panic!("{error}"))
    }

    fn parsed(lines: &str) -> Result<Roster, super::super::RosterError> {
        let header = "code,name,kind,group,active_from,active_to,aliases,predecessors\n";
        Roster::parse(format!("{header}{lines}").as_bytes(), "roster.csv")
    }

    fn sources(roster: &Roster, code: &str, on: &str) -> Result<String, String> {
        let unit = roster.by_code(code).unwrap();
        let codes = |units: &[Arc<ReportingUnit>]| {
            let codes: Vec<&str> = units.iter().map(|unit| unit.code.as_str()).collect();
            codes.join("+")
        };
        match roster.sources(unit, day(on), day("2025-07-31")) {
            Ok(units) => Ok(codes(&units)),
            Err(split) => Err(format!("{} -> {}", split.unit.code, codes(&split.heirs))),
        }
    }

    #[test]
    fn a_merged_unit_is_the_units_it_was_made_of() {
        let roster = roster(OLD_AND_NEW);
        assert_eq!(sources(&roster, "AB", "2025-06-30").unwrap(), "A+B");
        assert_eq!(sources(&roster, "AB", "2025-07-31").unwrap(), "AB");
    }

    #[test]
    fn a_unit_that_took_another_in_is_both_until_that_day() {
        let roster = roster(OLD_AND_NEW);
        assert_eq!(sources(&roster, "X", "2025-06-30").unwrap(), "X+C");
        assert_eq!(sources(&roster, "X", "2025-07-31").unwrap(), "X");
    }

    #[test]
    fn a_merger_to_come_changes_nothing_yet() {
        let roster = roster("B,Xã B,xa,,,2025-09-30,,\nX,Xã X,xa,,,,,B\nY,Xã Y,xa,,,,,B\n");
        assert_eq!(sources(&roster, "X", "2025-06-30").unwrap(), "X");
        assert_eq!(sources(&roster, "B", "2025-06-30").unwrap(), "B");
    }

    #[test]
    fn mergers_in_a_row_reach_back_to_the_first_units() {
        let roster = roster(
            "A,Xã A,xa,,,2024-12-31,,\nB,Xã B,xa,,,2025-06-30,,A\n\
             C,Xã C,xa,,,2025-06-30,,\nD,Xã D,xa,,2025-07-01,,,B|C\n",
        );
        assert_eq!(sources(&roster, "D", "2024-12-31").unwrap(), "B+A+C");
        assert_eq!(sources(&roster, "D", "2025-06-30").unwrap(), "B+C");
    }

    #[test]
    fn a_unit_split_in_two_can_be_given_to_neither() {
        let lines = "A,Xã A,xa,,,2025-06-30,,\nB,Xã B,xa,,2025-07-01,,,A\n\
                     C,Xã C,xa,,2025-07-01,,,A\n";
        let roster = roster(lines);
        assert_eq!(sources(&roster, "B", "2025-06-30").unwrap_err(), "A -> B+C");
        assert_eq!(sources(&roster, "B", "2025-07-31").unwrap(), "B");
    }

    #[test]
    fn a_unit_that_gave_a_part_away_is_not_what_it_was() {
        let roster = roster("A,Xã A,xa,,,,,\nB,Xã B,xa,,2025-07-01,,,A\n");
        assert_eq!(sources(&roster, "A", "2025-06-30").unwrap_err(), "A -> B+A");
        assert_eq!(sources(&roster, "B", "2025-06-30").unwrap_err(), "A -> B+A");
        assert_eq!(sources(&roster, "A", "2025-07-31").unwrap(), "A");
        assert_eq!(sources(&roster, "B", "2025-07-31").unwrap(), "B");
    }

    #[test]
    fn mistakes_in_predecessors_are_told_with_their_line() {
        let refused = |lines: &str| parsed(lines).unwrap_err().faults[0].message.vi.clone();
        let unknown = refused("28801,Xã A,xa,,,2025-06-30,,\nB,Xã B,xa,,2025-07-01,,,28810\n");
        assert!(
            unknown.starts_with("roster.csv, dòng 3, cột predecessors: không có đơn vị mã `28810`"),
            "{unknown}"
        );
        assert!(unknown.contains("có phải `28801`?"), "{unknown}");
        let overlap = refused("A,Xã A,xa,,,2025-07-01,,\nB,Xã B,xa,,2025-07-01,,,A\n");
        assert!(overlap.contains("còn tồn tại đến 2025-07-01"), "{overlap}");
        let undated = refused("A,Xã A,xa,,,,,\nB,Xã B,xa,,,,,A\n");
        assert!(
            undated.contains("không rõ `A` nhập vào từ ngày nào"),
            "{undated}"
        );
        let circle = refused("A,Xã A,xa,,,2025-06-30,,B\nB,Xã B,xa,,,2025-06-30,,A\n");
        assert!(circle.contains("tiền thân của chính nó"), "{circle}");
        let own = refused("A,Xã A,xa,,,2025-06-30,,A\n");
        assert!(own.contains("tiền thân của chính nó"), "{own}");
    }
}
