//! Two levels of reporting: which unit sums up which.

use std::sync::Arc;

use chrono::NaiveDate;

use super::faults::{Faults, SUMMED_BY, perhaps};
use super::units::Roster;
use crate::model::ReportingUnit;
use crate::text::{label_key, nearest};

impl Roster {
    /// Does any unit say who sums it up?
    pub fn has_levels(&self) -> bool {
        self.units.iter().any(|unit| unit.summed_by.is_some())
    }

    /// The units nearest below `unit` on `day` that are `asked`: those it sums up, and in place of
    /// one that is not asked those below that one. In roster order.
    pub fn below(
        &self,
        unit: &ReportingUnit,
        day: NaiveDate,
        asked: &dyn Fn(&ReportingUnit) -> bool,
    ) -> Vec<Arc<ReportingUnit>> {
        let mut found = Vec::new();
        self.gather_below(unit, day, asked, &mut found);
        found
    }

    /// No circle leads back: [`settle`] has refused those.
    fn gather_below(
        &self,
        unit: &ReportingUnit,
        day: NaiveDate,
        asked: &dyn Fn(&ReportingUnit) -> bool,
        found: &mut Vec<Arc<ReportingUnit>>,
    ) {
        let lower = |other: &&Arc<ReportingUnit>| {
            let upper = |other| self.upper_on(other, day);
            other.active_on(day) && upper(other).is_some_and(|upper| upper.code == unit.code)
        };
        for lower in self.units.iter().filter(lower) {
            match asked(lower) {
                true => found.push(lower.clone()),
                false => self.gather_below(lower, day, asked, found),
            }
        }
    }

    /// The unit that sums up `unit` on `day`: the one the roster names; once that has ended, the one
    /// it became a part of, or where there is none, the one that summed it up. A unit that others
    /// were merged into belongs where all of them did, unless the roster says otherwise.
    fn upper_on(&self, unit: &ReportingUnit, day: NaiveDate) -> Option<&Arc<ReportingUnit>> {
        let mut upper = self.by_code(self.named_upper(unit)?)?;
        // As long as a chain of them can be.
        for _ in 0..self.units.len() {
            if upper.active_on(day) {
                return Some(upper);
            }
            let inherits = |other: &&Arc<ReportingUnit>| {
                other.predecessors.contains(&upper.code) && other.active_on(day)
            };
            let mut heirs = self.units.iter().filter(inherits);
            upper = match (heirs.next(), heirs.next()) {
                (Some(heir), None) => heir,
                (None, _) => self.by_code(self.named_upper(upper)?)?,
                // Which of several took the unit over is not known.
                (Some(_), Some(_)) => return None,
            };
        }
        None
    }

    fn named_upper<'a>(&'a self, unit: &'a ReportingUnit) -> Option<&'a str> {
        if unit.summed_by.is_some() {
            return unit.summed_by.as_deref();
        }
        let former = unit.predecessors.iter();
        let former = former.map(|code| self.by_code(code)?.summed_by.as_deref());
        let uppers: Option<Vec<&str>> = former.collect();
        match uppers?.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Some(first),
            _ => None,
        }
    }
}

/// Puts codes in place of what the column says, a code or a name, and refuses units that are not in
/// the roster and circles (`lines`: the line of each unit, from 1).
pub(super) fn settle(roster: &mut Roster, lines: &[u64], faults: &mut Faults<'_>) {
    let uppers: Vec<Option<Result<usize, (String, String)>>> = (0..roster.units.len())
        .map(|at| Some(upper(roster, at, roster.units[at].summed_by.as_deref()?)))
        .collect();
    let links: Vec<Option<usize>> = uppers
        .iter()
        .map(|upper| upper.as_ref()?.as_ref().ok().copied())
        .collect();
    for (at, (upper, line)) in uppers.into_iter().zip(lines).enumerate() {
        let fault = match upper {
            None => continue,
            Some(Err(fault)) => Err(fault),
            Some(Ok(_)) if in_circle(&links, at) => Err(circle(&roster.units[at])),
            Some(Ok(upper)) => Ok(roster.units[upper].code.clone()),
        };
        match fault {
            Ok(code) => Arc::make_mut(&mut roster.units[at]).summed_by = Some(code),
            Err((vi, en)) => faults.add(Some(*line), Some(SUMMED_BY), vi, en),
        }
    }
}

/// The unit (its place in the roster) that the column names for the unit at `own`.
fn upper(roster: &Roster, own: usize, named: &str) -> Result<usize, (String, String)> {
    let unit = &roster.units[own];
    let found = match roster.by_code.get(named) {
        Some(at) => vec![*at],
        None => named_units(roster, unit, named),
    };
    match found[..] {
        [at] if at == own => Err((
            format!(
                "đơn vị `{named}` không thể tổng hợp chính mình; hãy ghi đơn vị khác hoặc để trống"
            ),
            format!("unit `{named}` cannot sum up itself; name another unit or leave it blank"),
        )),
        [at] => Ok(at),
        [] => Err(unknown(roster, named)),
        _ => {
            let codes: Vec<&str> = found
                .iter()
                .map(|at| roster.units[*at].code.as_str())
                .collect();
            let codes = codes.join(", ");
            Err((
                format!("tên `{named}` có nhiều đơn vị ({codes}); hãy ghi mã"),
                format!("several units are called `{named}` ({codes}); write the code"),
            ))
        }
    }
}

/// Units of a name; of those that bear it at different times, the ones that exist beside `unit`.
fn named_units(roster: &Roster, unit: &ReportingUnit, named: &str) -> Vec<usize> {
    let mut found: Vec<usize> = roster.bearers(named).iter().map(|one| one.unit).collect();
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 {
        found.retain(|at| unit.exists_beside(&roster.units[*at]));
    }
    found
}

fn unknown(roster: &Roster, named: &str) -> (String, String) {
    let units = || roster.units.iter();
    let codes = units().map(|unit| unit.code.as_str());
    let key = label_key(named);
    let names: Vec<String> = units().map(|unit| label_key(&unit.name)).collect();
    let near = nearest(named, codes).map(str::to_owned).or_else(|| {
        let near = nearest(&key, names.iter().map(String::as_str))?;
        let at = names.iter().position(|name| name == near)?;
        Some(roster.units[at].name.clone())
    });
    let (vi, en) = perhaps(near.as_deref());
    (
        format!(
            "không có đơn vị `{named}` trong danh sách{vi} Ghi mã hoặc tên của một đơn vị trong danh sách này"
        ),
        format!(
            "no unit `{named}` in the roster{en} Write the code or the name of a unit of this roster"
        ),
    )
}

fn circle(unit: &ReportingUnit) -> (String, String) {
    let code = &unit.code;
    (
        format!("đơn vị `{code}` tổng hợp chính nó, qua một vòng; hãy sửa lại"),
        format!("unit `{code}` sums up itself in a circle; correct it"),
    )
}

/// Does going from unit to the unit above lead back to `unit`?
fn in_circle(links: &[Option<usize>], unit: usize) -> bool {
    let mut at = links[unit];
    for _ in 0..links.len() {
        match at {
            Some(upper) if upper == unit => return true,
            Some(upper) => at = links[upper],
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Mã,Tên đơn vị,Loại,Tổng hợp bởi\n";

    fn parsed(lines: &str) -> Result<Roster, String> {
        let text = format!("{HEADER}{lines}");
        Roster::parse(text.as_bytes(), "roster.csv").map_err(|error| error.to_string())
    }

    fn below(roster: &Roster, code: &str, asked: &[&str]) -> String {
        let unit = roster.by_code(code).unwrap();
        let day = "2025-09-30".parse().unwrap();
        let found = roster.below(unit, day, &|unit| asked.contains(&unit.code.as_str()));
        let codes: Vec<&str> = found.iter().map(|unit| unit.code.as_str()).collect();
        codes.join("+")
    }

    #[test]
    fn a_unit_is_named_by_code_or_name_however_spelt() {
        let roster = parsed(
            "P,Phòng Giáo dục huyện Mỏ Cày,phong,\nA,Xã A,xa,P\nB,Xã B,xa,phòng giáo dục  huyện Mỏ Cầy\n",
        );
        assert!(
            roster
                .unwrap_err()
                .contains("có phải `Phòng Giáo dục huyện Mỏ Cày`?")
        );
        let roster = parsed(
            "P,Phòng Giáo dục huyện Thủy Nguyên,phong,\nA,Xã A,xa,P\nB,Xã B,xa,PHÒNG GIÁO DỤC  huyện Thuỷ Nguyên\n",
        )
        .unwrap();
        assert_eq!(below(&roster, "P", &["A", "B"]), "A+B");
    }

    #[test]
    fn a_unit_that_is_not_asked_is_stood_for_by_those_below_it() {
        let roster = parsed("T,Sở T,so,\nH,Huyện H,huyen,T\nA,Xã A,xa,H\nB,Xã B,xa,H\n").unwrap();
        assert_eq!(below(&roster, "T", &["T", "H", "A", "B"]), "H");
        assert_eq!(below(&roster, "T", &["T", "A", "B"]), "A+B");
        assert_eq!(below(&roster, "T", &["T"]), "");
    }

    #[test]
    fn who_sums_up_follows_mergers_and_ends() {
        const HEADER: &str = "code,name,kind,active_from,active_to,predecessors,summed_by\n";
        let roster = |lines: &str| {
            Roster::parse(format!("{HEADER}{lines}").as_bytes(), "roster.csv").unwrap()
        };
        // The unit above has become a part of another.
        let merged = roster(
            "P0,Phòng cũ,phong,,2025-08-31,,\nPA,Phòng mới,phong,2025-09-01,,P0,\nX3,Xã Ba,xa,,,,P0\n",
        );
        assert_eq!(below(&merged, "PA", &["PA", "X3"]), "X3");
        // It has ended, and nothing took its place.
        let ended = roster(
            "T,Tỉnh T,tinh,,,,\nP0,Huyện cũ,huyen,,2025-08-31,,T\nX3,Xã Ba,xa,,,,P0\nZ1,Xã Một,xa,,,,T\n",
        );
        assert_eq!(below(&ended, "T", &["T", "X3", "Z1"]), "X3+Z1");
        // The units below were merged.
        let below_merged = roster(
            "PA,Phòng A,phong,,,,\nX1,Xã Một,xa,,2025-08-31,,PA\nX2,Xã Hai,xa,,2025-08-31,,PA\nX9,Xã Chín,xa,2025-09-01,,X1|X2,\n",
        );
        assert_eq!(below(&below_merged, "PA", &["PA", "X9"]), "X9");
    }

    #[test]
    fn unknown_itself_and_circles_are_told_with_their_line() {
        let refused = |lines: &str| parsed(lines).unwrap_err();
        let unknown = refused("P,Phòng P,phong,\n28801,Xã A,xa,28810\n");
        assert!(unknown.starts_with("roster.csv, dòng 3, cột summed_by: không có đơn vị `28810`"));
        assert!(unknown.contains("có phải `28801`?"), "{unknown}");
        let far = refused("P,Phòng P,phong,\n28801,Xã A,xa,Sở Nội vụ\n");
        assert!(
            far.contains("trong danh sách. Ghi mã hoặc tên"),
            "sentences without a full stop between them: {far}"
        );
        assert!(refused("P,Phòng P,phong,Phòng P\n").contains("không thể tổng hợp chính mình"));
        let circle = refused("A,Huyện A,huyen,B\nB,Huyện B,huyen,C\nC,Huyện C,huyen,B\n");
        assert_eq!(circle.matches("qua một vòng").count(), 2, "{circle}");
    }

    #[test]
    fn a_name_that_two_units_bear_is_not_chosen_between() {
        let two = "P,Phường An,phuong,\nX,Xã An,xa,\nA,Tổ A,to,An\n";
        assert!(
            parsed(two)
                .unwrap_err()
                .contains("tên `An` có nhiều đơn vị (P, X)")
        );
    }
}
