//! Plants mistakes in the accepted workbooks of the sample campaign, and in the figures of the two
//! printed reports, lets the product look at each, and writes how often it was right to
//! `docs/do-chinh-xac.md`:
//!
//!     cargo run --release --example planted_mistakes

mod bench;
mod book;
mod books;
mod digits;
mod formulas;
mod ground;
mod judge;
mod kinds;
mod measure;
mod plant;
mod random;
mod report;

use std::path::Path;
use std::process::ExitCode;

use tonghop::campaign::Campaign;

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("samples/vinh-long-2025-09");
    let campaign = Campaign::load(&folder).map_err(|error| error.to_string())?;
    let sample = books::accepted(&campaign)?;
    let cases = plant::cases(&campaign, &sample.books, SEED, SINGLES, DOUBLES);
    let outcomes = measure::measure(&campaign, &sample.books, &cases);
    let text = report::page(&sample, &outcomes);
    print!("{text}");
    Ok(())
}
