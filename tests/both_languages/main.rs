//! Every message in both languages, over what the product really says: the samples, the files that
//! once went wrong, forms with mistakes in them. English has English figures, no Vietnamese but what
//! comes from a form, a file or a name, and advises wherever Vietnamese does; neither language has
//! the words of a library.

#[path = "../common/mod.rs"]
mod common;
mod pair;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pair::{Pair, Quoted};
use tonghop::campaign::{Campaign, Clock, Reading, Run, lint_forms};
use tonghop::commands::{self, check::Options};
use tonghop::model::Message;
use tonghop::workbook::Limits;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Texts that a message may quote: everything that forms, campaign, roster and findings hold.
fn quotable(campaign: Option<&Campaign>, run: &Run) -> Quoted {
    let mut quoted = Quoted::default();
    if let Some(campaign) = campaign {
        let files = walkdir::WalkDir::new(&campaign.folder).max_depth(2);
        for entry in files.into_iter().map(Result::unwrap) {
            let ends = |end: &str| entry.path().to_string_lossy().ends_with(end);
            if ends(".toml") || ends(".csv") {
                quoted.add_texts_of(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    for id in tonghop::schema::builtin::ids() {
        quoted.add_texts_of(tonghop::schema::builtin::text(id).unwrap());
    }
    for finding in &run.findings {
        quoted.add(&finding.file);
        finding.sheet.iter().for_each(|sheet| quoted.add(sheet));
        for value in [&finding.value, &finding.expected].into_iter().flatten() {
            if let tonghop::model::Value::Text(text) = value {
                quoted.add(text);
            }
        }
    }
    quoted
}

/// The messages of a run with where they come from.
fn pairs<'a>(what: &str, run: &'a Run) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for finding in &run.findings {
        let at = format!("{what}: {}", finding.rule);
        pairs.push(Pair::new(at.clone(), &finding.message));
        for suspect in &finding.review.suspects {
            pairs.push(Pair::new(format!("{at}, suspect"), &suspect.reason));
        }
    }
    pairs
}

/// All faults of all messages, each once a rule.
fn faults(pairs: &[Pair<'_>], quoted: &Quoted) -> Vec<String> {
    let found = pairs.iter().flat_map(|pair| pair.faults(quoted));
    let found: BTreeSet<String> = found.collect();
    found.into_iter().collect()
}

fn assert_sound(pairs: &[Pair<'_>], quoted: &Quoted) {
    let faults = faults(pairs, quoted);
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

fn checked(path: &Path, campaign: Option<&Path>) -> commands::Checked {
    let options = Options {
        campaign: campaign.map(Path::to_owned),
        facts: None,
        returns: None,
        reading: Reading::here(&Limits::default()),
        clock: Clock::SYSTEM,
    };
    let checked = commands::check(&[path.to_owned()], &options, &|_, _| {});
    checked.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn campaigns_say_the_same_in_both_languages() {
    let mut rules = BTreeSet::new();
    for name in common::CAMPAIGNS {
        let campaign = Campaign::load(&common::sample(name)).unwrap();
        let run = common::run(&common::sample(name));
        assert_sound(&pairs(name, &run), &quotable(Some(&campaign), &run));
        rules.extend(run.findings.iter().map(|finding| finding.rule.clone()));
    }
    assert!(rules.len() >= 3, "{rules:?}");
}

/// A workbook a mistake, each as its README calls for it: `samples/loi-thuong-gap`.
#[test]
fn common_mistakes_are_said_in_both_languages() {
    let mut rules = BTreeSet::new();
    let mut faults = Vec::new();
    for entry in fs::read_dir(root("samples/loi-thuong-gap")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(readme) = fs::read_to_string(folder.join("README.md")) else {
            continue;
        };
        for line in readme.lines() {
            let Some(line) = line.strip_prefix("$ tonghop check ") else {
                continue;
            };
            let words = line.split_whitespace().map(|word| word.trim_matches('\''));
            let words: Vec<&str> = words.collect();
            let campaign = words.iter().position(|word| *word == "--campaign");
            let campaign = campaign.map(|at| root(words[at + 1]));
            let done = checked(&root(words[0]), campaign.as_deref());
            let quoted = quotable(done.campaign.as_ref(), &done.run);
            rules.extend(done.run.findings.iter().map(|one| one.rule.clone()));
            faults.extend(self::faults(&pairs(words[0], &done.run), &quoted));
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(rules.len() >= 55, "{} {rules:?}", rules.len());
}

/// Files from practice that once went wrong, in the campaigns they were sent to and in none.
#[test]
fn files_that_went_wrong_are_said_in_both_languages() {
    let mut faults = Vec::new();
    let mut messages = 0;
    let mut look = |file: &Path, campaign: Option<&Path>| {
        let done = checked(file, campaign);
        let quoted = quotable(done.campaign.as_ref(), &done.run);
        let name = file.strip_prefix(root("tests/cases")).unwrap();
        let pairs = pairs(&name.to_string_lossy(), &done.run);
        messages += pairs.len();
        faults.extend(self::faults(&pairs, &quoted));
    };
    for entry in walkdir::WalkDir::new(root("tests/cases")) {
        let path = entry.unwrap().into_path();
        let shown = path.to_string_lossy();
        if ["xlsx", "xls", "ods", "xlsm", "fods"]
            .iter()
            .any(|end| shown.ends_with(&format!(".{end}")))
        {
            // The campaign it lies in, or one that knows the forms of most.
            let own = path
                .ancestors()
                .skip(1)
                .find(|folder| folder.join("campaign.toml").is_file());
            let own = own.map_or(root("tests/cases/dot/th"), Path::to_owned);
            look(&path, Some(&own));
            look(&path, None);
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(messages > 100, "{messages}");
}

/// A form of the samples with one mistake after another, and forms that `forms lint` complains of.
#[test]
fn forms_with_mistakes_are_said_in_both_languages() {
    let id = tonghop::schema::builtin::ids()[0];
    let form = tonghop::schema::builtin::text(id).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut said: Vec<(String, Message)> = Vec::new();
    let mut lint = |what: String, text: &str| {
        let path = folder.path().join("a.toml");
        fs::write(&path, text).unwrap();
        match lint_forms(Some(&path)) {
            Ok(linted) => said.extend(
                linted
                    .problems
                    .into_iter()
                    .map(|p| (what.clone(), p.message)),
            ),
            Err(error) => said.push((what, error.message())),
        }
    };
    // Every rule in turn becomes one of these.
    for text in [
        "a + ",
        "= 1",
        "a = (b",
        "\"x",
        "a = b c",
        "a = #REF!",
        "a = {1,2}",
        "a == b",
        "1 < 2 < 3",
        "SUM(",
        "IF(a",
        "a = 'b",
        "a = b!c!d",
        "khong_co = 1",
        "a = UNKNOWN(b)",
        "a = A1",
        "tong",
        "a ≤ b",
        "a = 1,5",
        "a = b;c",
        "SUM(a:b:c) = 1",
        "@a = 1",
        "a = [b]",
        "a = %",
        "&",
        "",
    ] {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let bad = format!("{form}\n[[rule]]\nid = \"thu\"\nexpr = \"{quoted}\"\n");
        lint(format!("rule {text}"), &bad);
        let bad = format!("{form}\n[[rule]]\nid = \"thu\"\nrule = \"{quoted}\"\n");
        lint(format!("rule {text}"), &bad);
    }
    // Every line in turn is cut, doubled, left out.
    let lines: Vec<&str> = form.lines().collect();
    for (i, line) in lines.iter().enumerate().take(60) {
        let with = |new: &[&str]| {
            let mut changed: Vec<&str> = lines[..i].to_vec();
            changed.extend(new);
            changed.extend(&lines[i + 1..]);
            changed.join("\n")
        };
        let half: String = line.chars().take(line.chars().count() / 2).collect();
        lint(format!("half of {line}"), &with(&[&half]));
        lint(format!("twice {line}"), &with(&[line, line]));
        lint(format!("without {line}"), &with(&[]));
    }
    for entry in fs::read_dir(root("samples/soat-bieu-mau")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            lint(
                path.display().to_string(),
                &fs::read_to_string(&path).unwrap(),
            );
        }
    }
    let pairs: Vec<Pair<'_>> = said
        .iter()
        .map(|(what, message)| Pair::new(what.clone(), message))
        .collect();
    assert!(pairs.len() > 100, "{}", pairs.len());
    // What a form quotes is its own text, mistakes and all.
    let said: Vec<String> = pairs.iter().flat_map(|pair| pair.libraries()).collect();
    assert!(said.is_empty(), "{}", said.join("\n\n"));
    let untranslated: Vec<String> = pairs
        .iter()
        .filter(|pair| pair.vi_is_english())
        .map(Pair::shown)
        .collect();
    assert!(untranslated.is_empty(), "{}", untranslated.join("\n\n"));
}
