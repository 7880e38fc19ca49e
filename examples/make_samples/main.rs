//! Makes the workbooks and archives of `samples/`: the figures of every unit, checked against the
//! printed totals of both reports (`printed_figures.csv`), drawn on the forms, with the mistakes
//! people make. The same bytes every time.
//!
//! `cargo run --example make_samples`

mod common_mistakes;
mod draft;
mod drawn;
mod figures;
mod figures_vpubnd;
mod file_cases;
mod filled;
mod mistakes;
mod names;
mod offices;
mod patch;
mod printed;
mod procedures;
mod reading_cases;
mod report_template;
mod rounds;
mod shares;
mod spread;
mod text_cases;
mod xlsb;

use std::path::Path;

use draft::Sample;
use filled::PreviousFact;
use tonghop::history::{Archive, Closing};

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

    let signers = [
        ("vinh-long-2025-09", "GIÁM ĐỐC"),
        ("vpubnd-2025-07", "CHÁNH VĂN PHÒNG"),
    ];
    for (name, signer) in signers {
        report_template::write(&root.join("samples").join(name).join("bao-cao"), signer);
    }

    let folder = root.join("samples").join("loi-thuong-gap");
    let cases = common_mistakes::write(&[&province, &office], &communes.previous, &folder);
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
    let folder = root.join("samples").join(sample.name).join("history");
    let closed = folder.join(period.to_string());
    if closed.exists() {
        std::fs::remove_dir_all(&closed).expect("the folder of the last run can be removed");
    }
    let closing = Closing {
        manifest: sample.manifest(period, &facts),
        facts: &facts,
        reasons: &[],
        findings: &[],
    };
    let written = Archive::new(folder).close(closing, false);
    written.unwrap_or_else(|error| panic!("{error}"));
    println!(
        "samples/{}/history/{period}: {} facts",
        sample.name,
        facts.len()
    );
}
