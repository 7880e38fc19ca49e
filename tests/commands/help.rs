//! Help and wrong usage in the language of `--lang` or of `TONGHOP_LANG`.

use crate::cli::{Answer, tonghop, tonghop_where};
use crate::small::Small;

const COMMANDS: [&str; 15] = [
    "",
    "consolidate",
    "check",
    "close",
    "history",
    "diff",
    "template",
    "report",
    "new",
    "next",
    "explain",
    "forms",
    "forms lint",
    "forms from-excel",
    "forms to-excel",
];

fn words(line: &str) -> Vec<&str> {
    line.split(' ').filter(|word| !word.is_empty()).collect()
}

fn run(line: &str) -> Answer {
    tonghop(std::env::temp_dir().as_path(), &words(line))
}

fn run_where(line: &str, language: &str) -> Answer {
    tonghop_where(std::env::temp_dir().as_path(), &words(line), language)
}

/// Words that clap would put in by itself, and some of our English texts.
const ENGLISH: [&str; 14] = [
    "Usage",
    "Commands:",
    "Arguments",
    "Options",
    "OPTIONS",
    "COMMAND",
    "default:",
    "possible",
    "Print",
    "help of",
    "value",
    "The ",
    "Folder",
    "error:",
];

fn assert_vietnamese(text: &str, what: &str) {
    for word in ENGLISH {
        assert!(!text.contains(word), "{what}: {word}: {text}");
    }
    assert!(!text.contains('¦'), "{what}: {text}");
}

fn assert_english(text: &str, what: &str) {
    assert!(text.is_ascii(), "{what}: {text}");
}

#[test]
fn help_of_every_command_follows_the_language() {
    for command in COMMANDS {
        let vietnamese = run(&format!("{command} --help"));
        assert_eq!((vietnamese.code, vietnamese.err.as_str()), (0, ""));
        assert!(
            vietnamese.out.contains("Cách dùng: tonghop"),
            "{vietnamese:?}"
        );
        assert!(
            vietnamese.out.contains("In hướng dẫn này"),
            "{vietnamese:?}"
        );
        assert_vietnamese(&vietnamese.out, command);

        let english = run(&format!("{command} --help --lang en"));
        assert_eq!((english.code, english.err.as_str()), (0, ""));
        assert!(english.out.contains("Usage: tonghop"), "{english:?}");
        assert_english(&english.out, command);

        // However the language is said, the help is the same.
        let same = [
            run(&format!("{command} --lang en --help")),
            run(&format!("{command} --lang=en -h")),
            run_where(&format!("{command} --help"), "en"),
        ];
        for other in same {
            let other = other.out.replace("[default: en]", "[default: vi]");
            assert_eq!(other, english.out, "{command}");
        }
        let typed = run_where(&format!("{command} --help --lang vi"), "en");
        assert_eq!(typed.out, vietnamese.out, "{command}");
        if !command.is_empty() {
            assert_eq!(run(&format!("help {command}")).out, vietnamese.out);
        }
        // The command `help` takes the language wherever it is written.
        for line in [
            format!("help {command} --lang en"),
            format!("help --lang en {command}"),
            format!("--lang en help {command}"),
        ] {
            let other = run(&line);
            assert_eq!((other.code, &other.out), (0, &english.out), "{line}");
        }
    }
}

/// Each option has the same name, and each is explained, in both languages.
#[test]
fn both_languages_explain_the_same_options() {
    let options = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with('-'));
        let named = lines.map(|line| {
            // Two blanks are between an option and what it does.
            let (option, help) = line.split_once("  ").unwrap_or_else(|| panic!("{line}"));
            assert!(help.trim().len() > 10, "{line}");
            option.split(" <").next().unwrap().to_owned()
        });
        named.collect()
    };
    for command in COMMANDS {
        let vietnamese = options(&run(&format!("{command} --help")).out);
        let english = options(&run(&format!("{command} --help --lang en")).out);
        assert_eq!(vietnamese, english, "{command}");
        assert!(vietnamese.len() >= 3, "{command}: {vietnamese:?}");
    }
}

#[test]
fn wrong_usage_is_said_in_the_language() {
    for line in [
        "tong-hop dot",
        "chek dot",
        "check",
        "consolidate dot khac",
        "consolidate dot --outt ra",
        "consolidate dot --max-file 0",
        "consolidate dot --max-file nhieu",
        "consolidate dot --max-cells -1",
        "consolidate dot --max-file",
        "consolidate dot --out a --out b",
        "template dot --out mau --blank --unit A",
        "template dot",
        "diff a",
        "diff a b c d",
        "new khac --from khong-co",
        "next dot",
        "next dot 2025-13",
        "explain",
        "forms soat",
        "check a --format xml",
    ] {
        let vietnamese = run(line);
        assert_eq!(
            (vietnamese.code, vietnamese.out.as_str()),
            (2, ""),
            "{line}"
        );
        assert!(
            vietnamese.err.starts_with("Gõ lệnh sai: "),
            "{vietnamese:?}"
        );
        assert_vietnamese(&vietnamese.err, line);
        let english = run_where(line, "en");
        assert_eq!((english.code, english.out.as_str()), (2, ""), "{line}");
        assert!(english.err.starts_with("Wrong usage: "), "{english:?}");
        assert_english(&english.err, line);
    }
    let near = run("chek dot");
    assert!(near.err.contains("Có phải là: check"), "{near:?}");
    let bare = run("");
    assert_eq!(bare.code, 2);
    assert!(bare.err.contains("Cách dùng: tonghop"), "{bare:?}");
}

/// A wrong language is wrong usage and names the variable, since nobody may have typed it.
#[test]
fn an_unknown_language_is_refused() {
    for answer in [run("check a --lang fr"), run_where("check a", "fr")] {
        assert_eq!(answer.code, 2, "{answer:?}");
        for told in ["'fr'", "TONGHOP_LANG", "vi, en"] {
            assert!(answer.err.contains(told), "{answer:?}");
        }
    }
    // A language that is typed makes the variable's value irrelevant, and an empty one is none.
    assert_eq!(run_where("forms lint --lang en", "fr").code, 0);
    assert_eq!(run_where("forms lint", "").out, run("forms lint").out);
    let below = run("forms help lint --lang en").out;
    assert_eq!(below, run("forms lint --help --lang en").out);
}

/// What a command says follows the variable, and workers do not mind what it holds.
#[test]
fn messages_follow_the_variable() {
    let small = Small::filled();
    let line = ["consolidate", "dot"];
    let vietnamese = tonghop(small.root(), &line);
    let english = tonghop_where(small.root(), &line, "en");
    assert!(vietnamese.out.contains("Kết quả ở: "), "{vietnamese:?}");
    assert!(english.out.contains("Results in: "), "{english:?}");
    let typed = ["consolidate", "dot", "--lang", "vi"];
    let typed = tonghop_where(small.root(), &typed, "fr");
    assert_eq!((typed.code, typed.out), (vietnamese.code, vietnamese.out));
}
