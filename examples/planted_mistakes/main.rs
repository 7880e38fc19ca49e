//! Plants mistakes in the accepted workbooks of the sample campaign, and in the figures of two
//! printed reports, lets the product look at each, and writes how often it was right to
//! `docs/do-chinh-xac.md`:
//!
//!     cargo run --release --example planted_mistakes
//!
//! With two numbers, so many single and double mistakes; the page is then only printed. With one
//! number, so many single mistakes in each form and way of filling, and only the table of forms; with
//! `misses` behind it also every case that missed its goal.

mod bench;
mod book;
mod books;
mod digits;
mod forms;
mod formulas;
mod ground;
mod judge;
mod kinds;
mod measure;
mod plant;
mod printed;
mod random;
mod report;
mod tables;

use std::path::Path;
use std::process::ExitCode;

use tonghop::campaign::Campaign;

use report::Measured;

/// Where everything starts; another seed draws other mistakes.
const SEED: u64 = 20_250_930;
const SINGLES: usize = 2_000;
const DOUBLES: usize = 500;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let asked: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|n| n.parse().ok())
        .collect();
    if let [quota] = asked.as_slice() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut page = String::new();
        let measured = forms::measured(root, SEED, *quota)?;
        forms::section(&mut page, &measured);
        print!("{page}");
        if std::env::args().any(|option| option == "misses") {
            print!("{}", forms::misses(&measured));
        }
        return Ok(());
    }
    let (singles, doubles) = match asked.as_slice() {
        [singles, doubles] => (*singles, *doubles),
        _ => (SINGLES, DOUBLES),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("samples/vinh-long-2025-09");
    let campaign = Campaign::load(&folder).map_err(|error| error.to_string())?;
    let sample = books::accepted(&campaign)?;
    let cases = plant::cases(&campaign, &sample.books, SEED, singles, doubles);
    let outcomes = measure::measure(&campaign, &sample.books, &cases);
    let reports = printed::campaign(&root.join("tests/data/bao-cao-da-in"))?;
    let report_books = printed::books(&reports)?;
    let cases = plant::cases(&reports, &report_books, SEED, singles / 5, doubles / 5);
    let printed = measure::measure(&reports, &report_books, &cases);
    let forms = forms::measured(root, SEED, (singles / 20).max(10))?;
    let page = report::page(&Measured {
        forms: &forms,
        sample: &sample,
        outcomes: &outcomes,
        printed: &printed,
        seed: SEED,
    });
    if asked.is_empty() {
        let path = root.join("docs/do-chinh-xac.md");
        std::fs::write(&path, &page).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    print!("{page}");
    Ok(())
}
