//! Administrative procedures: the 13-column form by field of work, and its summary.

use super::filled::{FilledForm, FilledRow, Input, Unit};
use super::offices::{Work, fields, weight};
use super::shares::{Part, about, jitter, over_units, percent, running, scattered};
use super::spread::{draw, spread, spread_within};

/// The thirteen columns of one field of work, without the ordinal.
#[derive(Clone, Copy, Default)]
struct Procedure {
    online: u64,
    direct: u64,
    carried: u64,
    /// Before, on and after the due day.
    done: [u64; 3],
    /// Not yet due, overdue.
    open: [u64; 2],
}

impl Procedure {
    fn received(&self) -> u64 {
        self.online + self.direct + self.carried
    }

    fn row(&self, field: &str) -> FilledRow {
        let mut row = FilledRow::single(field, "linh_vuc", Input::Text(field.to_owned()));
        let counts = [
            ("tong", self.received()),
            ("truc_tuyen", self.online),
            ("truc_tiep", self.direct),
            ("ky_truoc", self.carried),
            ("da_giai_quyet", self.done.iter().sum()),
            ("truoc_han", self.done[0]),
            ("dung_han", self.done[1]),
            ("da_qua_han", self.done[2]),
            ("dang_giai_quyet", self.open.iter().sum()),
            ("trong_han", self.open[0]),
            ("dang_qua_han", self.open[1]),
        ];
        row.cells.extend(FilledRow::counts(field, &counts).cells);
        row
    }
}

/// Puts dossiers into "before, on, after the due day".
fn by_due_day(done: u64, key: &str) -> [u64; 3] {
    let late = draw(&format!("late {key}"), 0, 3);
    let parts = spread(done, &[draw(&format!("early {key}"), 50, 75), 25, late]);
    [parts[0], parts[1], parts[2]]
}

/// Puts open dossiers into "not yet due, overdue".
fn by_delay(open: u64, key: &str) -> [u64; 2] {
    let parts = spread(open, &[96, draw(&format!("overdue {key}"), 0, 5)]);
    [parts[0], parts[1]]
}

/// Procedures of each unit by field of work, this period and last.
pub fn procedures(units: &[Unit]) -> Part {
    // Printed: 1.765 online and 1.494 direct. The report prints no columns (6), (7), (11): chosen.
    let online = over_units(1765, units, Work::Procedures, "online");
    let direct = over_units(1494, units, Work::Procedures, "direct");
    let carried = over_units(4120, units, Work::Procedures, "carried");
    let received: Vec<u64> = (0..units.len())
        .map(|i| online[i] + direct[i] + carried[i])
        .collect();
    let pace: Vec<u64> = units
        .iter()
        .zip(&received)
        .map(|(unit, n)| n * jitter("pace", &unit.code))
        .collect();
    let done = spread_within(3402, &pace, &received);
    let summary = Summary::new(units);
    let mut part = Part::new();
    for (i, unit) in units.iter().enumerate() {
        let names = fields(unit);
        let now = fields_now(unit, &names, [online[i], direct[i], carried[i], done[i]]);
        let before = fields_before(unit, &names, &now);
        let table = |lines: &[Procedure]| FilledForm {
            form: "tthc",
            rows: lines
                .iter()
                .zip(&names)
                .map(|(line, (name, _))| line.row(name))
                .collect(),
        };
        part.push((
            vec![table(&now), summary.now(i, unit, &now)],
            vec![table(&before), summary.before(i, unit, &before)],
        ));
    }
    part
}

/// A unit's figures of this period, field by field.
fn fields_now(unit: &Unit, names: &[(&str, u64)], totals: [u64; 4]) -> Vec<Procedure> {
    let [online, direct, carried, done] = totals;
    let over_fields = |total: u64, salt: &str| {
        let weights: Vec<u64> = names
            .iter()
            .map(|(name, weight)| weight * jitter(salt, &format!("{name} {}", unit.code)))
            .collect();
        spread(total, &weights)
    };
    let (online, direct) = (over_fields(online, "online"), over_fields(direct, "direct"));
    let carried = over_fields(carried, "carried");
    let received: Vec<u64> = (0..names.len())
        .map(|j| online[j] + direct[j] + carried[j])
        .collect();
    let done = spread_within(done, &received, &received);
    (0..names.len())
        .map(|j| {
            let key = format!("{} {}", names[j].0, unit.code);
            Procedure {
                online: online[j],
                direct: direct[j],
                carried: carried[j],
                done: by_due_day(done[j], &key),
                open: by_delay(received[j] - done[j], &key),
            }
        })
        .collect()
}

/// Last period's figures, field by field: what was open then is what is carried now.
fn fields_before(unit: &Unit, names: &[(&str, u64)], now: &[Procedure]) -> Vec<Procedure> {
    now.iter()
        .zip(names)
        .map(|(now, (name, _))| {
            let key = format!("before {name} {}", unit.code);
            let done = about(now.done.iter().sum(), name, unit);
            let received = done + now.carried;
            let sources = spread(received, &[draw(&key, 20, 30), 20, 55]);
            Procedure {
                online: sources[0],
                direct: sources[1],
                carried: sources[2],
                done: by_due_day(done, &key),
                open: by_delay(now.carried, &key),
            }
        })
        .collect()
}

/// Figures of `tthc_ky` besides the sums of `tthc`.
struct Summary {
    received_before: Vec<u64>,
    vneid_before: Vec<u64>,
    vneid: Vec<u64>,
    linked_before: Vec<u64>,
    births: Vec<u64>,
    deaths: Vec<u64>,
}

impl Summary {
    fn new(units: &[Unit]) -> Self {
        // The two linked groups of procedures are the communes' alone.
        let communes = |total: u64, salt: &str| {
            let weights: Vec<u64> = units
                .iter()
                .map(|unit| {
                    if unit.is_commune() {
                        weight(unit, Work::Procedures) * jitter(salt, &unit.code)
                    } else {
                        0
                    }
                })
                .collect();
            spread(total, &weights)
        };
        Self {
            received_before: over_units(328_647, units, Work::Procedures, "received before"),
            vneid_before: over_units(160_111, units, Work::Procedures, "vneid before"),
            vneid: over_units(2101, units, Work::Procedures, "vneid"),
            linked_before: communes(13_320, "linked before"),
            births: scattered(79, units, "births"),
            deaths: scattered(10, units, "deaths"),
        }
    }

    fn now(&self, i: usize, unit: &Unit, lines: &[Procedure]) -> FilledForm {
        let opening = [
            self.received_before[i],
            self.linked_before[i],
            self.vneid_before[i],
        ];
        summary_form(
            unit,
            lines,
            opening,
            [self.births[i], self.deaths[i]],
            self.vneid[i],
        )
    }

    /// Last period's form, which closes where this period's opens.
    fn before(&self, i: usize, unit: &Unit, lines: &[Procedure]) -> FilledForm {
        let received: u64 = lines.iter().map(|line| line.online + line.direct).sum();
        let births = about(self.births[i] + 1, "births", unit);
        let deaths = draw(&format!("deaths before {}", unit.code), 0, 1);
        let vneid = about(self.vneid[i], "vneid", unit);
        let linked = self.linked_before[i].saturating_sub(births + deaths);
        let opening = [
            self.received_before[i] - received,
            linked,
            self.vneid_before[i] - vneid,
        ];
        summary_form(unit, lines, opening, [births, deaths], vneid)
    }
}

fn summary_form(
    unit: &Unit,
    lines: &[Procedure],
    [received_before, linked_before, vneid_before]: [u64; 3],
    [births, deaths]: [u64; 2],
    vneid: u64,
) -> FilledForm {
    let online: u64 = lines.iter().map(|line| line.online).sum();
    let direct: u64 = lines.iter().map(|line| line.direct).sum();
    let share = match online + direct {
        0 => Input::Blank,
        all => Input::Number(percent(online, all)),
    };
    let mut rows = vec![
        running("tiep_nhan", received_before, online + direct),
        FilledRow::counts("truc_tiep", &[("trong_ky", direct)]),
        FilledRow::counts("truc_tuyen", &[("trong_ky", online)]),
        FilledRow::single("ty_le_truc_tuyen", "trong_ky", share),
    ];
    if unit.is_commune() {
        rows.push(running("lien_thong", linked_before, births + deaths));
        rows.push(FilledRow::counts("khai_sinh", &[("trong_ky", births)]));
        rows.push(FilledRow::counts("khai_tu", &[("trong_ky", deaths)]));
    }
    rows.push(running("vneid", vneid_before, vneid));
    FilledForm {
        form: "tthc_ky",
        rows,
    }
}
