//! Which cell of a failed rule is probably wrong, and which figure would fit.
//!
//! For every cell of the rule the figure is solved that would make the rule hold. A cell is
//! suspected the more, the more failing rules that figure mends, and the less it breaks; a figure
//! one slip of the fingers away from what stands there (as in `correct_typos` of R's package
//! deductive) goes before any other.

use super::instance::{Instance, Verdict};
use super::scope::{CellRef, RowRef, UnitTables};
use crate::model::{Message, Number, Suspect, Value};
use crate::schema::RowKind;
use crate::schema::evaluate::number;
use crate::schema::expression::Comparison;

/// Most suspects told for one finding.
const MOST: usize = 3;

struct Candidate {
    at: CellRef,
    found: Number,
    fitting: Number,
    mends: usize,
    breaks: usize,
    slip: Option<Message>,
}

/// Suspects of the failed instance `failed`, most probable first.
pub fn of(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    verdicts: &[Verdict],
    failed: usize,
) -> Vec<Suspect> {
    let instance = &instances[failed];
    if !matches!(
        instance.rule.check.comparison(),
        Some((_, Comparison::Equal, _))
    ) {
        return Vec::new();
    }
    let mut candidates: Vec<Candidate> = instance
        .cells
        .iter()
        .filter_map(|at| candidate(unit, instances, verdicts, instance, *at))
        .collect();
    let least = candidates.iter().map(|c| c.breaks).min().unwrap_or(0);
    candidates.retain(|c| c.breaks == least);
    candidates.sort_by_key(|c| (c.slip.is_none(), std::cmp::Reverse(c.mends)));
    candidates.truncate(MOST);
    candidates
        .into_iter()
        .filter_map(|c| suspect(unit, c))
        .collect()
}

fn candidate(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    verdicts: &[Verdict],
    failed: &Instance,
    at: CellRef,
) -> Option<Candidate> {
    let found = unit.cell(at)?.value()?.as_number()?;
    let fitting = solve(unit, failed, at)?;
    if !fits_field(unit, at, fitting) || failed.ask(unit, Some((at, fitting))) != Verdict::Pass {
        return None;
    }
    let (mut mends, mut breaks) = (0, 0);
    for (other, verdict) in instances.iter().zip(verdicts) {
        if !other.cells.contains(&at) {
            continue;
        }
        match (verdict, other.ask(unit, Some((at, fitting)))) {
            (Verdict::Fail, Verdict::Pass) => mends += 1,
            (Verdict::Pass, Verdict::Fail) => breaks += 1,
            _ => {}
        }
    }
    Some(Candidate {
        at,
        found,
        fitting,
        mends,
        breaks,
        slip: slip(found, fitting),
    })
}

/// The figure in `at` for which both sides are equal, if they depend on it linearly.
fn solve(unit: &UnitTables<'_>, instance: &Instance, at: CellRef) -> Option<Number> {
    let (left, _, right) = instance.rule.check.comparison()?;
    let difference = |figure: Number| {
        let scope = instance.scope(unit, Some((at, figure)));
        number(left, &scope)
            .ok()?
            .checked_sub(number(right, &scope).ok()?)
    };
    let (at_zero, at_one) = (difference(Number::ZERO)?, difference(Number::ONE)?);
    let slope = at_one.checked_sub(at_zero)?;
    (-at_zero)
        .checked_div(slope)
        .map(|figure| figure.normalize())
}

fn fits_field(unit: &UnitTables<'_>, at: CellRef, figure: Number) -> bool {
    let form = &unit.tables[at.table].form;
    let row = match at.row {
        RowRef::Row(row) if form.file.layout.rows == RowKind::Fixed => Some(row),
        _ => None,
    };
    form.field(row, at.column).is_some_and(|field| {
        figure.scale() <= field.decimals && (field.negative || figure >= Number::ZERO)
    })
}

fn suspect(unit: &UnitTables<'_>, candidate: Candidate) -> Option<Suspect> {
    let table = &unit.tables[candidate.at.table];
    let fitting = Value::Number(candidate.fitting);
    let mut reason = candidate.slip.unwrap_or_else(|| {
        Message::new(
            format!("nếu ô này là {fitting} thì đúng quy tắc"),
            format!("the rule would hold if this cell were {fitting}"),
        )
    });
    if candidate.mends > 1 {
        reason.vi.push_str(&format!(
            "; {} quy tắc đang sai sẽ cùng đúng",
            candidate.mends
        ));
        reason
            .en
            .push_str(&format!("; {} failing rules would hold", candidate.mends));
    }
    Some(Suspect {
        sheet: table.sheet.clone(),
        cell: unit.cell(candidate.at)?.address?,
        value: Some(Value::Number(candidate.found)),
        suggestion: Some(fitting),
        reason,
    })
}

/// The slip of the fingers that turns `meant` into `found`, if one does.
fn slip(found: Number, meant: Number) -> Option<Message> {
    let (f, m) = (found.normalize().to_string(), meant.normalize().to_string());
    if found.is_zero() || meant.is_zero() || f.contains(['.', '-']) || m.contains(['.', '-']) {
        return separator_slip(found, meant);
    }
    let (f, m): (Vec<char>, Vec<char>) = (f.chars().collect(), m.chars().collect());
    let told = |vi: &str, en: &str| Some(Message::new(vi, en));
    if f.len() == m.len() {
        let differing: Vec<usize> = (0..f.len()).filter(|i| f[*i] != m[*i]).collect();
        return match differing.as_slice() {
            [i, j] if *j == i + 1 && f[*i] == m[*j] && f[*j] == m[*i] => told(
                "nghi gõ đảo hai chữ số liền nhau",
                "two neighbouring digits swapped",
            ),
            [_] => told("nghi gõ nhầm một chữ số", "one digit mistyped"),
            _ => None,
        };
    }
    if let Some(separator) = separator_slip(found, meant) {
        return Some(separator);
    }
    if one_longer(&f, &m) {
        return told("nghi gõ thừa một chữ số", "one digit too many");
    }
    if one_longer(&m, &f) {
        return told("nghi gõ thiếu một chữ số", "one digit missing");
    }
    None
}

fn separator_slip(found: Number, meant: Number) -> Option<Message> {
    for (zeros, factor) in [(3, Number::ONE_THOUSAND), (6, Number::from(1_000_000))] {
        let slipped =
            found.checked_mul(factor) == Some(meant) || meant.checked_mul(factor) == Some(found);
        if slipped && !found.is_zero() {
            return Some(Message::new(
                format!("nghi nhầm dấu phân cách hoặc đơn vị tính (lệch đúng {zeros} số 0)"),
                format!("off by exactly {zeros} zeros: a separator or unit slip"),
            ));
        }
    }
    None
}

/// Is `long` the digits of `short` with one more in between?
fn one_longer(long: &[char], short: &[char]) -> bool {
    long.len() == short.len() + 1
        && (0..long.len())
            .any(|skip| long[..skip] == short[..skip] && long[skip + 1..] == short[skip..])
}

#[cfg(test)]
mod tests {
    use super::slip;
    use rust_decimal::{Decimal, dec};

    fn slipped(found: Decimal, meant: Decimal) -> String {
        slip(found, meant).map_or(String::new(), |message| message.en)
    }

    #[test]
    fn slips_of_the_fingers_are_named() {
        assert_eq!(
            slipped(dec!(1944), dec!(1494)),
            "two neighbouring digits swapped"
        );
        assert_eq!(slipped(dec!(1495), dec!(1494)), "one digit mistyped");
        assert_eq!(slipped(dec!(14494), dec!(1494)), "one digit too many");
        assert_eq!(slipped(dec!(194), dec!(1494)), "one digit missing");
        assert!(slipped(dec!(2), dec!(2000)).contains("3 zeros"));
        assert!(slipped(dec!(2000000000), dec!(2000)).contains("6 zeros"));
        assert_eq!(slipped(dec!(1494), dec!(7379)), "");
    }
}
