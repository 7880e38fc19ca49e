//! What the parts of a run cost, each beside what it can be compared with: `cargo bench`. Things
//! compared take turns, so that a busy machine is busy for all of them; the ratios are what to look
//! at. (criterion and divan measure one thing after the other, and the features criterion asks of
//! shared dependencies would build polars twice.)

use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use chrono::NaiveTime;
use tonghop::campaign::{Campaign, Run, check, consolidate};
use tonghop::model::Lang;
use tonghop::workbook::{Limits, workbook_from_bytes};
use tonghop::write::{MasterInput, TemplateInput, write_master, write_template};

const UNIT: &str = "28870";

/// Something measured: its name and what it does.
type Measured<'a> = (&'a str, &'a dyn Fn());

/// Measures things in turns and prints the median of each, and how it compares with the first.
fn compare(title: &str, turns: usize, measured: &[Measured<'_>]) {
    let mut times = vec![Vec::with_capacity(turns); measured.len()];
    for turn in 0..=turns {
        for ((_, work), times) in measured.iter().zip(&mut times) {
            let start = Instant::now();
            work();
            // The first turn warms up.
            if turn > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    println!("\n{title} (median of {turns})");
    for ((name, _), time) in measured.iter().zip(&medians) {
        let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
        println!(
            "  {name:<28} {:>9.2} ms  x{ratio:.2}",
            time.as_secs_f64() * 1e3
        );
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/vinh-long-2025-09")
}

fn campaign() -> Campaign {
    Campaign::load(&folder()).unwrap_or_else(|error| panic!("{error}"))
}

/// The workbooks of the sample's inbox.
fn inbox() -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = ["dot-1", "dot-2"]
        .iter()
        .flat_map(|round| fs::read_dir(folder().join("inbox").join(round)).expect("a round"))
        .map(|entry| entry.expect("can be listed").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read(path).expect("readable"))
        .collect()
}

/// As this program reads: formulas, merges, fonts, hidden rows and all.
fn ours(bytes: &[u8]) -> usize {
    let book = workbook_from_bytes("a.xlsx", bytes, &Limits::default()).expect("a workbook");
    book.sheets.iter().map(|sheet| sheet.cells.len()).sum()
}

/// Every sheet as calamine lays it out: values only.
fn calamine(bytes: &[u8]) -> usize {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let names = book.sheet_names();
    let cells = |name: &String| {
        book.worksheet_range(name)
            .expect("a sheet")
            .used_cells()
            .count()
    };
    names.iter().map(cells).sum()
}

fn reading(inbox: &[Vec<u8>]) {
    compare(
        "one workbook",
        101,
        &[
            ("this reader", &|| _ = black_box(ours(&inbox[0]))),
            ("calamine worksheet_range", &|| {
                _ = black_box(calamine(&inbox[0]))
            }),
        ],
    );
    let all = |read: &dyn Fn(&[u8]) -> usize| {
        black_box(inbox.iter().map(|bytes| read(bytes)).sum::<usize>());
    };
    compare(
        &format!("the inbox, {} workbooks", inbox.len()),
        11,
        &[
            ("this reader", &|| all(&ours)),
            ("calamine worksheet_range", &|| all(&calamine)),
        ],
    );
}

/// 139 units, in process: reading, rules, totals.
fn run(campaign: &Campaign) -> Run {
    consolidate(campaign, &Limits::default(), &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn running(the_campaign: &Campaign, inbox: &[Vec<u8>]) {
    let folder = [folder().join("inbox")];
    let check = || {
        let limits = Limits::default();
        check(&folder, Some(the_campaign), &limits, &|_, _| {}).expect("checked")
    };
    compare(
        "139 units, in process",
        7,
        &[
            ("consolidate", &|| drop(black_box(run(the_campaign)))),
            ("check", &|| drop(black_box(check()))),
            ("of which: open the workbooks", &|| {
                inbox.iter().for_each(|bytes| _ = black_box(ours(bytes)));
            }),
            ("load the campaign", &|| drop(black_box(campaign()))),
        ],
    );
}

fn writing(campaign: &Campaign, run: &Run) {
    let day = campaign.file.period.last_day().and_time(NaiveTime::MIN);
    let out = tempfile::tempdir().expect("a folder");
    let master = MasterInput {
        campaign: &campaign.file,
        period: campaign.file.period,
        received_until: None,
        consolidated: run.consolidated.as_ref().expect("consolidated"),
        expressions: &campaign.figures,
        past: &[],
        units: &run.units,
        submissions: &run.submissions,
        findings: &run.findings,
        tallies: &run.tallies,
        link_prefix: "../",
        lang: Lang::Vi,
    };
    let template = TemplateInput {
        campaign: &campaign.file,
        unit: campaign.roster.by_code(UNIT).map(|unit| &**unit),
        forms: &campaign.forms,
        fill: None,
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    let to = |name: &str| out.path().join(name);
    compare(
        "writing",
        11,
        &[
            ("master workbook", &|| {
                let bytes = write_master(&master, day).expect("put together");
                std::fs::write(to("tong-hop.xlsx"), bytes).expect("written");
            }),
            ("one template", &|| {
                write_template(&template, day, &to("mau.xlsx")).expect("written");
            }),
        ],
    );
}

fn main() {
    let (campaign, inbox) = (campaign(), inbox());
    reading(&inbox);
    running(&campaign, &inbox);
    writing(&campaign, &run(&campaign));
}
