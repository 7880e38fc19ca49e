//! Any form, not only ours: seeded random forms, filled with random consistent figures by code that
//! knows nothing of the product's reader and writer, go the whole way from the form file to the
//! archive. What the product makes of them is held against an evaluation and sums of this test's
//! own.
//!
//! `TONGHOP_FORMS=20000` makes the run longer, `TONGHOP_SEED=123` runs the campaign of one seed, both
//! together so many forms from that seed on. A failure prints the seed and the smallest campaign that
//! still fails in the same way.

mod broken;
mod forms;
mod product;
mod shrink;
mod soft;
mod trial;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use forms::{folder, generate};
use trial::Failure;

/// Forms of an ordinary run: two idle cores take some 40 seconds for them at the optimisation tests are
/// built with.
const FORMS: usize = 500;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
    )
}

/// The outcome of a run.
#[derive(Default)]
struct Tally {
    campaigns: usize,
    forms: usize,
    /// Seeds and particulars of each kind of failure.
    failures: BTreeMap<String, Vec<(u64, String)>>,
}

/// Runs campaigns of consecutive seeds until there were enough forms.
fn run(first: u64, forms: usize) -> Tally {
    let (next, made) = (AtomicU64::new(first), AtomicUsize::new(0));
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while made.load(Ordering::SeqCst) < forms {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let campaign = generate::campaign(seed);
                    made.fetch_add(campaign.forms.len(), Ordering::SeqCst);
                    let failures = trial::failures(&campaign);
                    let mut tally = tally.lock().expect("nobody panics holding it");
                    tally.campaigns += 1;
                    tally.forms += campaign.forms.len();
                    for Failure { kind, detail } in failures {
                        tally.failures.entry(kind).or_default().push((seed, detail));
                    }
                }
            });
        }
    });
    tally.into_inner().expect("nobody panicked")
}

#[test]
fn any_form_goes_the_whole_way() {
    let seed = number("TONGHOP_SEED");
    let forms = number("TONGHOP_FORMS").map(usize::try_from);
    let forms = forms.map(|forms| forms.expect("it is not that many"));
    let usual = if seed.is_some() { 1 } else { FORMS };
    let (first, forms) = (seed.unwrap_or(1), forms.unwrap_or(usual));
    let tally = run(first, forms);
    println!("{} forms in {} campaigns", tally.forms, tally.campaigns);
    for (kind, seeds) in &tally.failures {
        println!(
            "{:5} {kind}: seed {}: {}",
            seeds.len(),
            seeds[0].0,
            seeds[0].1
        );
    }
    let Some((kind, seeds)) = tally.failures.iter().next() else {
        return;
    };
    let seed = seeds[0].0;
    let smallest = shrink::smallest(generate::campaign(seed), kind);
    let of = |failure: &Failure| failure.kind == *kind;
    let failures = trial::failures(&smallest);
    let detail = failures.into_iter().find(of).map(|failure| failure.detail);
    for form in &smallest.forms {
        println!("{}", folder::form(form));
    }
    println!(
        "{}{}",
        folder::campaign(&smallest, smallest.first),
        folder::roster(&smallest)
    );
    panic!(
        "TONGHOP_SEED={seed}: {kind}: {}",
        detail.unwrap_or_default()
    );
}

/// A form file laid out as the sheets of a workbook says the same when it is read back from them.
#[test]
fn any_form_survives_the_way_into_sheets_and_back() {
    use tonghop::sheet_form::lay::lay;
    use tonghop::sheet_form::same::{differences, read_back};
    let seed = number("TONGHOP_SEED").unwrap_or(1);
    let mut forms = 0;
    for seed in seed..seed + 300 {
        for form in generate::campaign(seed).forms {
            let text = folder::form(&form);
            let back = read_back(&lay(&text).expect("the form is laid out"));
            assert_eq!(back.mistakes, Vec::new(), "TONGHOP_SEED={seed}\n{text}");
            let lost = differences(&text, &back.toml).expect("both are form files");
            assert!(lost.is_empty(), "TONGHOP_SEED={seed}: {lost:?}\n{text}");
            forms += 1;
        }
    }
    println!("{forms} forms");
}
