//! Makes the workbooks and archives of `samples/`: the figures of every unit, checked against the
//! printed totals of both reports (`printed_figures.csv`), drawn on the forms, with the mistakes
//! people make. The same bytes every time.
//!
//! `cargo run --example make_samples`

mod common_mistakes;
mod draft;
mod figures;
mod figures_vpubnd;
mod filled;
mod mistakes;
mod names;
mod offices;
mod patch;
mod printed;
mod procedures;
mod rounds;
mod shares;
mod spread;

use std::fs::File;
use std::path::{Path, PathBuf};

use draft::Sample;
use filled::PreviousFact;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let communes = figures::figures();
    let office = figures_vpubnd::filing();
    let found = printed::figures_of("vinh-long-2025-09", &communes.filings);
    let found_office = printed::figures_of("vpubnd-2025-07", std::slice::from_ref(&office));
    printed::check_chosen(&communes.filings);
    let checked = printed::check(found.into_iter().chain(found_office), &communes.previous);
    println!("{checked} printed figures, all met");

    let mistakes = mistakes::vinh_long(&communes.filings);
    mistakes::check(&mistakes, &communes);
    let province = Sample::load(root, "vinh-long-2025-09", communes.filings);
    let inbox = |sample: &Sample| root.join("samples").join(sample.name).join("inbox");
    let written = rounds::vinh_long(&province, &mistakes, &inbox(&province));
    report(&province, written);
    archive(root, &province, &communes.previous);

    // Nothing of this one goes on from a period before, so it needs no archive.
    let office = Sample::load(root, "vpubnd-2025-07", vec![office]);
    let written = rounds::vpubnd(&office, &mistakes::vpubnd(), &inbox(&office));
    report(&office, written);

    let folder = root.join("samples").join("loi-thuong-gap");
    let cases = common_mistakes::write(&[&province, &office], &folder);
    println!("samples/loi-thuong-gap: {cases} mistakes");
}

fn report(sample: &Sample, [first, second]: [usize; 2]) {
    println!(
        "samples/{}/inbox: {first} workbooks in dot-1, {second} in dot-2",
        sample.name
    );
}

/// Writes what the units reported for the period before.
fn archive(root: &Path, sample: &Sample, previous: &[PreviousFact]) {
    let period = sample
        .file
        .previous
        .unwrap_or_else(|| sample.file.period.previous());
    let facts = sample.archive(period, previous);
    let folder: PathBuf = ["samples", sample.name, "history", &period.to_string()]
        .iter()
        .collect();
    let path = folder.join("facts.parquet");
    std::fs::create_dir_all(root.join(&folder)).expect("a folder can be made");
    let file = File::create(root.join(&path)).expect("a file can be made");
    tonghop::history::write_parquet(&facts, file).unwrap_or_else(|error| panic!("{error}"));
    println!("{}: {} facts", path.display(), facts.len());
}
