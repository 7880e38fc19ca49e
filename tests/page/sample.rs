//! Answers to the workbooks of the sample campaign and to those of the common mistakes.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use tonghop::campaign::{Campaign, Reading, Run, check, check_sent};
use tonghop::judge::ReceivedFile;
use tonghop::model::{Finding, Lang, Submission, SubmissionStatus};
use tonghop::page::{Answer, Asked};
use tonghop::workbook::Limits;

use super::dom::Dom;
use super::{asked, checked, common, page, rendered, submitted, workbooks};

fn checked_run(campaign: &Campaign, paths: &[PathBuf]) -> Run {
    check(paths, Some(campaign), &Limits::default(), &|_, _| {}).unwrap()
}

fn sample() -> Campaign {
    Campaign::load(&common::sample("vinh-long-2025-09")).unwrap()
}

/// The page about one submission of a run.
fn page_of(campaign: &Campaign, run: &Run, submission: &Submission) -> Dom {
    let sent = submitted();
    let asked = Asked {
        submissions: std::slice::from_ref(submission),
        ..asked(campaign, run, &sent)
    };
    Dom::parse(&rendered(Lang::Vi, &page(Some(Answer::of(&asked)))))
}

/// Findings about a file that the page tells of.
fn told<'a>(run: &'a Run, submission: &Submission) -> Vec<&'a Finding> {
    let own = run.findings.iter().filter(|f| f.file == submission.file);
    own.collect()
}

fn assert_told(dom: &Dom, run: &Run, submission: &Submission) {
    let mut cards: HashMap<&str, Vec<&str>> = HashMap::new();
    for element in &dom.elements {
        if let Some(id) = element.attribute("data-finding") {
            cards.entry(id).or_default().push(&element.text);
        }
    }
    let file = &submission.file;
    for finding in told(run, submission) {
        let (id, rule) = (finding.id(), &finding.rule);
        let texts = cards.get(id.as_str());
        let texts = texts.unwrap_or_else(|| panic!("{file}: {rule} is not told"));
        assert_eq!(texts.len(), 1, "{file}: {rule} is told more than once");
        if let Some(cell) = finding.cell {
            assert!(texts[0].contains(&cell.to_string()), "{file}: {}", texts[0]);
        }
        if finding.review.consequence || !finding.is_open() {
            continue;
        }
        for suspect in &finding.review.suspects {
            let suggestion = suspect.other().map(ToString::to_string);
            let words = suggestion.unwrap_or_default();
            let says = texts[0].contains(&suspect.cell.to_string()) && texts[0].contains(&words);
            assert!(says, "{file}: {rule}: {} {words}", suspect.cell);
        }
    }
}

/// Jumps of a page lead somewhere, and no two places have one name.
fn assert_jumps(dom: &Dom, what: &str) {
    let ids = dom.elements.iter().filter_map(|e| e.attribute("id"));
    let mut known = BTreeSet::new();
    for id in ids {
        assert!(known.insert(id), "{what}: two elements are called {id}");
    }
    let lost: Vec<&str> = dom
        .all("a")
        .filter_map(|a| a.attribute("href")?.strip_prefix('#'))
        .filter(|target| !known.contains(target))
        .collect();
    assert!(lost.is_empty(), "{what}: {lost:?}");
}

#[test]
fn each_finding_is_told_once_with_its_suspects() {
    let campaign = sample();
    let run = checked_run(&campaign, &workbooks());
    let mut asking = 0;
    let usable = |s: &&Submission| {
        matches!(
            s.status,
            SubmissionStatus::Accepted | SubmissionStatus::Returned
        )
    };
    for submission in run.submissions.iter().filter(usable) {
        asking += 1;
        let dom = page_of(&campaign, &run, submission);
        assert_eq!(dom.errors, Vec::<String>::new(), "{}", submission.file);
        assert_told(&dom, &run, submission);
        assert_jumps(&dom, &submission.file);
    }
    assert!(asking > 5, "only {asking} files with findings");
}

#[test]
fn the_mistake_of_the_readme_is_mended_from_the_page_alone() {
    let campaign = sample();
    let path = common::sample("vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx");
    let run = checked_run(&campaign, &[path]);
    let dom = page_of(&campaign, &run, &run.submissions[0]);
    let verdict = dom.by_id("ket-qua").unwrap().text.split_whitespace();
    let verdict: Vec<&str> = verdict.collect();
    assert!(
        verdict.join(" ").starts_with("Trả lại: 1 chỗ cần sửa"),
        "{verdict:?}"
    );
    let card = dom.of_class("card").next().unwrap();
    for words in ["E12", "965", "956", "đảo hai chữ số", "E13"] {
        assert!(card.text.contains(words), "{words}: {}", card.text);
    }
    // The cell stands in its row, with the figure of last month, and leads back to the card.
    let cell = dom.by_id("o-VAN-BAN-DIEN-TU-E12").unwrap();
    assert!(
        cell.has_class("error") && cell.text.contains("965"),
        "{cell:?}"
    );
    let back = dom.all("a").find(|a| {
        let href = a.attribute("href").unwrap_or_default();
        a.within.contains(&"#o-VAN-BAN-DIEN-TU-E12".to_owned()) && href.starts_with("#p-")
    });
    let card = format!("#{}", card.attribute("id").unwrap());
    assert_eq!(back.unwrap().attribute("href"), Some(card.as_str()));
    let follows = dom.by_id("o-VAN-BAN-DIEN-TU-E13").unwrap();
    assert!(follows.has_class("follows"), "{follows:?}");
    assert!(dom.of_class("past").count() > 0);
    // Rows about which nothing is said are there and set back.
    assert!(dom.of_class("quiet").count() > 0);
}

#[test]
fn what_is_wrong_with_a_file_as_a_whole_stands_alone() {
    let campaign = sample();
    let mistakes = [
        "tep-co-mat-khau",
        "tep-cat-cut",
        "tep-rong",
        "khong-co-bieu-nao",
        "gui-ban-pdf",
    ];
    let mut paths = Vec::new();
    for name in mistakes {
        let folder = common::sample("loi-thuong-gap").join(name);
        let files = std::fs::read_dir(folder).unwrap();
        let files = files.map(|entry| entry.unwrap().path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|end| end != "md")));
    }
    let run = checked_run(&campaign, &paths);
    assert!(run.submissions.len() >= mistakes.len());
    for submission in &run.submissions {
        let dom = page_of(&campaign, &run, submission);
        let faults = dom.of_class("fault").count();
        assert!(faults > 0, "{}", submission.file);
        assert_eq!(dom.of_class("card").count(), 0, "{}", submission.file);
        assert_eq!(dom.of_class("grid").count(), 0, "{}", submission.file);
        assert_eq!(dom.errors, Vec::<String>::new());
    }
}

#[test]
fn another_units_workbook_shows_nothing_of_it() {
    let campaign = sample();
    let path = common::sample("vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx");
    let file = ReceivedFile {
        path,
        name: "bao cao.xlsx".into(),
        round: 0,
    };
    let mut units = campaign.roster.units.iter();
    let other = units.find(|unit| unit.code != "28870").unwrap();
    let reading = Reading::here(&Limits::default());
    let run = check_sent(&[file], other, &campaign, &reading).unwrap();
    let sent = checked();
    let answer = Answer::of(&asked(&campaign, &run, &sent));
    assert_eq!(answer.state(), tonghop::page::AnswerState::Refused);
    let html = rendered(Lang::Vi, &page(Some(answer)));
    assert!(html.contains("Tệp của đơn vị khác"));
    assert!(!html.contains("965"), "a figure of another unit is shown");
}

#[test]
fn errors_come_before_warnings_before_notes() {
    let campaign = sample();
    let run = checked_run(&campaign, &workbooks());
    let sent = submitted();
    let answer = Answer::of(&asked(&campaign, &run, &sent));
    let json = serde_json::to_value(&answer).unwrap();
    let levels = ["error", "warning", "note", "settled"];
    let rank = |group: &serde_json::Value| levels.iter().position(|l| group["level"] == *l);
    for file in json["files"].as_array().unwrap() {
        let groups = file["groups"].as_array().unwrap();
        let ranks: Vec<_> = groups.iter().map(|group| rank(group).unwrap()).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
        let empty = groups
            .iter()
            .any(|g| g["cards"].as_array().unwrap().is_empty());
        assert!(!empty, "a group without cards");
    }
}
