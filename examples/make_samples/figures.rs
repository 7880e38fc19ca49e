//! Figures of every unit for September 2025. The totals are the printed ones (or, where the report
//! prints none, chosen here and marked so); what each unit has of them is invented.

use super::filled::{Filing, FilledForm, FilledRow, Input, PreviousFact, Unit, facts, read_roster};
use super::offices::{Work, weight};
use super::procedures::procedures;
use super::shares::{Part, about, over_units, running, scattered};
use super::spread::{draw, hash, spread};

const ROSTER: &str = include_str!("../../samples/vinh-long-2025-09/roster.csv");

/// The department that runs the shared platforms.
const PLATFORM_OFFICE: &str = "H61.08";

/// Communes that the report names as supported; the other 59 of the 66 are invented. The report
/// says "xã Long Hải", which the province does not have: Đông Hải is an assumption.
const SUPPORTED: [&str; 7] = [
    "Xã Hương Mỹ",
    "Xã Hưng Mỹ",
    "Xã Mỹ Long",
    "Xã Nhuận Phú Tân",
    "Phường Bình Minh",
    "Phường Tân Hạnh",
    "Xã Đông Hải",
];

/// A campaign's filings and what the archive holds of the period before.
pub struct Figures {
    pub filings: Vec<Filing>,
    pub previous: Vec<PreviousFact>,
}

/// This period's filings of all units in roster order, and last period's facts.
pub fn figures() -> Figures {
    let units = read_roster(ROSTER);
    let mut this: Vec<Filing> = Vec::new();
    let mut last: Vec<Filing> = Vec::new();
    for unit in &units {
        this.push(Filing {
            unit: unit.clone(),
            forms: Vec::new(),
        });
        last.push(Filing {
            unit: unit.clone(),
            forms: Vec::new(),
        });
    }
    for part in [
        procedures(&units),
        documents(&units),
        accounts(&units),
        signatures(&units),
        platforms(&units),
        criteria(&units),
    ] {
        for (i, (now, before)) in part.into_iter().enumerate() {
            this[i].forms.extend(now);
            last[i].forms.extend(before);
        }
    }
    Figures {
        filings: this,
        previous: facts(&last),
    }
}

// --- van_ban, tai_khoan -------------------------------------------------------------------------

/// Documents sent and received.
fn documents(units: &[Unit]) -> Part {
    let sent_before = over_units(83_360, units, Work::Documents, "sent before");
    let sent = over_units(1606, units, Work::Documents, "sent");
    let got_before = over_units(425_587, units, Work::Documents, "got before");
    let got = over_units(15_866, units, Work::Documents, "got");
    let form = |sent: [u64; 2], got: [u64; 2]| FilledForm {
        form: "van_ban",
        rows: vec![
            running("gui", sent[0], sent[1]),
            running("nhan", got[0], got[1]),
            running("tong", sent[0] + got[0], sent[1] + got[1]),
        ],
    };
    let mut part = Part::new();
    for (i, unit) in units.iter().enumerate() {
        let now = form([sent_before[i], sent[i]], [got_before[i], got[i]]);
        let (s, g) = (about(sent[i], "sent", unit), about(got[i], "got", unit));
        part.push((
            vec![now],
            vec![form([sent_before[i] - s, s], [got_before[i] - g, g])],
        ));
    }
    part
}

/// Accounts and mailboxes.
fn accounts(units: &[Unit]) -> Part {
    let accounts_before = over_units(43_674, units, Work::Staff, "accounts");
    let accounts = over_units(50, units, Work::Staff, "new accounts");
    let boxes_before = over_units(33_092, units, Work::Staff, "boxes");
    let boxes = over_units(140, units, Work::Staff, "new boxes");
    let form = |accounts: [u64; 2], boxes: [u64; 2]| FilledForm {
        form: "tai_khoan",
        rows: vec![
            running("qlvb", accounts[0], accounts[1]),
            running("thu_dien_tu", boxes[0], boxes[1]),
        ],
    };
    let mut part = Part::new();
    for (i, unit) in units.iter().enumerate() {
        let now = form(
            [accounts_before[i], accounts[i]],
            [boxes_before[i], boxes[i]],
        );
        let a = draw(&format!("new accounts before {}", unit.code), 0, 2);
        let b = about(boxes[i], "boxes", unit);
        part.push((
            vec![now],
            vec![form([accounts_before[i] - a, a], [boxes_before[i] - b, b])],
        ));
    }
    part
}

// --- chu_ky_so ----------------------------------------------------------------------------------

/// One line of the signature form.
#[derive(Clone, Copy)]
struct Signatures {
    opening: u64,
    new: u64,
    withdrawn: u64,
    changed: u64,
}

impl Signatures {
    fn row(self, row: &str) -> FilledRow {
        let closing = self.opening + self.new - self.withdrawn;
        FilledRow::counts(
            row,
            &[
                ("dau_ky", self.opening),
                ("cap_moi", self.new),
                ("thu_hoi", self.withdrawn),
                ("thay_doi", self.changed),
                ("cuoi_ky", closing),
            ],
        )
    }

    fn plus(self, other: Self) -> Self {
        Self {
            opening: self.opening + other.opening,
            new: self.new + other.new,
            withdrawn: self.withdrawn + other.withdrawn,
            changed: self.changed + other.changed,
        }
    }

    /// A line of last period that closes where this one opens.
    fn before(self, key: &str) -> Self {
        let new = draw(&format!("new {key}"), 0, 1).min(self.opening);
        let changed = draw(&format!("changed {key}"), 0, 1).min(self.opening);
        Self {
            opening: self.opening - new,
            new,
            withdrawn: 0,
            changed,
        }
    }
}

/// Digital signatures. Printed: 88 and 2 changes, 8.965 and 2.428 at the end; what was issued and
/// withdrawn is chosen here: 8.870 + 126 - 31 and 2.419 + 14 - 5.
fn signatures(units: &[Unit]) -> Part {
    let split = |total, salt| over_units(total, units, Work::Staff, salt);
    let persons = lines(
        split(8870, "persons"),
        split(126, "new persons"),
        split(31, "withdrawn persons"),
        split(88, "changed persons"),
    );
    // Each unit has its own seal signature and those of its parts.
    let bodies = lines(
        spread(
            2419 - units.len() as u64,
            &units
                .iter()
                .map(|u| weight(u, Work::Staff))
                .collect::<Vec<_>>(),
        )
        .into_iter()
        .map(|n| n + 1)
        .collect(),
        scattered(14, units, "new bodies"),
        scattered(5, units, "withdrawn bodies"),
        scattered(2, units, "changed bodies"),
    );
    let form = |person: Signatures, body: Signatures| FilledForm {
        form: "chu_ky_so",
        rows: vec![
            person.row("ca_nhan"),
            body.row("to_chuc"),
            person.plus(body).row("tong"),
        ],
    };
    units
        .iter()
        .zip(persons.into_iter().zip(bodies))
        .map(|(unit, (person, body))| {
            let before = (
                person.before(&format!("persons {}", unit.code)),
                body.before(&format!("bodies {}", unit.code)),
            );
            (vec![form(person, body)], vec![form(before.0, before.1)])
        })
        .collect()
}

fn lines(
    opening: Vec<u64>,
    new: Vec<u64>,
    withdrawn: Vec<u64>,
    changed: Vec<u64>,
) -> Vec<Signatures> {
    (0..opening.len())
        .map(|i| Signatures {
            opening: opening[i],
            new: new[i],
            withdrawn: withdrawn[i],
            changed: changed[i],
        })
        .collect()
}

// --- nen_tang -----------------------------------------------------------------------------------

/// The shared platforms, one department's form. All printed but the Vĩnh Long masts (0) and their
/// sum, and everything of last period.
fn platforms(units: &[Unit]) -> Part {
    let form = |counts: [(&str, u64); 11], news: &str| {
        let single = |(row, count): (&str, u64)| FilledRow::single(row, "ket_qua", count.into());
        let words =
            |row: &str, text: &str| FilledRow::single(row, "ket_qua", Input::Text(text.to_owned()));
        let mut rows: Vec<FilledRow> = counts[..4].iter().copied().map(single).collect();
        rows.push(words("lgsp_tinh_trang", "hoạt động bình thường"));
        rows.extend(counts[4..7].iter().copied().map(single));
        rows.push(words("kho_noi_dung", news));
        rows.extend(counts[7..].iter().copied().map(single));
        rows.push(words("ioc_tinh_trang", "hoạt động ổn định"));
        FilledForm {
            form: "nen_tang",
            rows,
        }
    };
    let counts = |cap_nhat: u64, masts: [u64; 3], tiep_nhan: u64, don_vi: u64| {
        [
            ("dns_cap_moi", 0),
            ("dns_thay_doi", 0),
            ("dns_thu_hoi", 0),
            ("dns_hien_co", 536),
            ("don_vi_phan_quyen", don_vi),
            ("pakn_tiep_nhan", tiep_nhan),
            ("pakn_cap_nhat", cap_nhat),
            ("bts_vinh_long", masts[0]),
            ("bts_ben_tre", masts[1]),
            ("bts_tra_vinh", masts[2]),
            ("bts_tong", masts.iter().sum()),
        ]
    };
    units
        .iter()
        .map(|unit| match unit.code.as_str() {
            PLATFORM_OFFICE => (
                vec![form(
                    counts(3, [0, 50, 100], 1, 114),
                    "bộ lọc theo thời gian trên trang IOC",
                )],
                vec![form(
                    counts(2, [40, 20, 0], 4, 110),
                    "biểu đồ so sánh theo quý trên trang IOC",
                )],
            ),
            _ => (Vec::new(), Vec::new()),
        })
        .collect()
}

// --- kh02 ---------------------------------------------------------------------------------------

/// The 16 criteria of Plan 02. Printed: 66 communes supported, 55 with all 16. Which ones, and
/// what the others reach, is invented.
fn criteria(units: &[Unit]) -> Part {
    let communes = || units.iter().filter(|unit| unit.is_commune());
    for name in SUPPORTED {
        assert!(
            communes().any(|unit| unit.name == name),
            "{name} is not in the roster"
        );
    }
    let ranked = |salt: &str, first: &[&str]| {
        let mut codes: Vec<(bool, u64, &str)> = communes()
            .map(|u| {
                (
                    !first.contains(&u.name.as_str()),
                    hash(&format!("{salt} {}", u.code)),
                    u.code.as_str(),
                )
            })
            .collect();
        codes.sort_unstable();
        codes
            .into_iter()
            .map(|(_, _, code)| code.to_owned())
            .collect::<Vec<_>>()
    };
    let supported = &ranked("supported", &SUPPORTED)[..66];
    let complete = &ranked("complete", &[])[..55];
    units
        .iter()
        .map(|unit| {
            if !unit.is_commune() {
                return (Vec::new(), Vec::new());
            }
            let reached = if complete.contains(&unit.code) {
                16
            } else {
                draw(&format!("reached {}", unit.code), 8, 15)
            };
            let before = reached - draw(&format!("gained {}", unit.code), 0, 2);
            let now = criteria_form(unit, reached, supported.contains(&unit.code));
            (vec![now], vec![criteria_form(unit, before, false)])
        })
        .collect()
}

fn criteria_form(unit: &Unit, reached: u64, supported: bool) -> FilledForm {
    let tick = |ticked: bool| if ticked { Input::Flag } else { Input::Blank };
    let mut order: Vec<u64> = (1..=16).collect();
    order.sort_by_key(|n| hash(&format!("criterion {n} {}", unit.code)));
    let met = &order[..usize::try_from(reached).expect("at most 16")];
    let mut rows: Vec<FilledRow> = (1..=16)
        .map(|n| FilledRow::single(&format!("tc{n:02}"), "ket_qua", tick(met.contains(&n))))
        .collect();
    rows.push(FilledRow::single(
        "so_tieu_chi_dat",
        "ket_qua",
        reached.into(),
    ));
    rows.push(FilledRow::single(
        "dat_16_16",
        "ket_qua",
        tick(reached == 16),
    ));
    rows.push(FilledRow::single("duoc_ho_tro", "ket_qua", tick(supported)));
    FilledForm { form: "kh02", rows }
}
