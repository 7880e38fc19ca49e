//! Beginning with nothing, going on with the next period, finding a campaign, asking what a rule is.

use std::fs;

use crate::cli::{Answer, tonghop};
use crate::small::Small;

fn ok(small: &Small, line: &str) -> Answer {
    let words: Vec<&str> = line.split(' ').collect();
    let answer = tonghop(small.root(), &words);
    assert_eq!(
        (answer.code, answer.err.as_str()),
        (0, ""),
        "{line}: {answer:?}"
    );
    answer
}

#[test]
fn an_empty_campaign_works_as_it_is() {
    let small = Small::empty();
    ok(&small, "new t10 --empty --period 2025-Q3");
    let file = fs::read_to_string(small.root().join("t10/campaign.toml")).unwrap();
    assert!(file.contains("period = \"2025-Q3\"\n"), "{file}");
    assert!(
        file.contains("title = \"Báo cáo quý III năm 2025\"\n"),
        "{file}"
    );
    assert!(!file.contains('@'), "{file}");
    ok(&small, "forms lint t10");
    let sent = tonghop(small.root(), &["template", "t10", "--out", "mau"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(fs::read_dir(small.root().join("mau")).unwrap().count(), 2);
    // Nobody has sent anything.
    assert_eq!(tonghop(small.root(), &["consolidate", "t10"]).code, 1);
    let sample = tonghop(small.root(), &["new", "t11", "--period", "2025-10"]);
    assert_eq!(sample.code, 2, "{sample:?}");
}

/// The words that stand for an office until it is written are not sent to units without a word.
#[test]
fn an_office_that_nobody_wrote_is_told_wherever_it_is_printed() {
    let small = Small::empty();
    ok(&small, "new t10 --empty --period 2025-Q3");
    let lint = ok(&small, "forms lint t10").out;
    fs::write(small.root().join("mau.md"), "{{ dot.co_quan }}\n").unwrap();
    let told = ["office: còn là chữ mẫu", "place: còn là chữ mẫu"];
    let said = |text: &str| told.iter().all(|told| text.contains(told));
    assert!(said(&lint) && lint.contains("campaign.toml"), "{lint}");
    let commands = [
        "template t10 --out mau",
        "consolidate t10",
        "report t10 --template mau.md --out bao-cao.md",
        "check t10/inbox --campaign t10 --return tra",
    ];
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        tonghop(small.root(), &words)
    };
    for line in commands {
        let answer = run(line);
        assert!(said(&answer.err), "{line}: {answer:?}");
        assert!(answer.err.contains("campaign.toml"), "{answer:?}");
    }
    let office = ["new", "t11", "--empty", "--period", "2025-Q3"];
    let office = [
        &office[..],
        &["--office", "Sở \"Y tế\"", "--place", "Vĩnh Long"],
    ]
    .concat();
    assert_eq!(tonghop(small.root(), &office).code, 0);
    let lint = ok(&small, "forms lint t11").out;
    assert!(!lint.contains("chữ mẫu"), "{lint}");
    for line in commands {
        let answer = run(&line.replace("t10", "t11"));
        assert!(!answer.err.contains("chữ mẫu"), "{line}: {answer:?}");
    }
}

/// The example form is that of the guide.
#[test]
fn the_form_of_an_empty_campaign_is_the_guides() {
    let guide = include_str!("../../docs/bieu-mau.md");
    let form = include_str!("../../src/cli/new/tap_huan.toml");
    assert!(guide.contains(&format!("```toml\n{form}```")));
}

#[test]
fn the_next_period_has_everything_but_what_was_of_the_last() {
    let small = Small::complete();
    let path = small.folder().join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replacen("name = \"dot-nho\"", "name = \"dot-2025-09\"", 1);
    let head = "# Đợt tháng 9 năm 2025.\n";
    let of_one = "\n# Chấp nhận\n[[accept]]\nunit = \"A\"\nrule = \"x\"\nreason = \"y\"\nby = \"z\"\non = \"2025-10-01\"\n\n\
        # Tắt hẳn\n[[rule_off]]\nform = \"lop\"\nrule = \"nu-nhieu-hon-tong\"\nreason = \"y\"\nby = \"z\"\non = \"2025-10-01\"\n";
    let rules = fs::read_to_string(small.folder().join("schemas/lop.toml")).unwrap();
    let rule = rules.split("[[rule]]\nid = \"").nth(1).unwrap();
    let of_one = of_one.replace("nu-nhieu-hon-tong", rule.split('"').next().unwrap());
    let text = text.replacen(
        "period = \"2025-09\"",
        "period = \"2025-09\"\ndeadline = \"2025-10-05\"",
        1,
    );
    fs::write(&path, format!("{head}{text}{of_one}")).unwrap();

    let early = ok(&small, "next dot 2025-10 --out som").out;
    assert!(early.contains("Kỳ 2025-09 chưa chốt trong kho"), "{early}");
    ok(&small, "close dot");
    let told = ok(&small, "next dot 2025-10").out;
    assert!(
        told.starts_with("Đã tạo đợt tháng 10 năm 2025 ở 2025-10\n"),
        "{told}"
    );
    assert!(
        told.contains("Hạn nộp: 05/11/2025") || told.contains("Hạn nộp: 5/11/2025"),
        "{told}"
    );
    assert!(told.contains("1 mục [[accept]]"), "{told}");
    assert!(told.contains("[[rule_off]]"), "{told}");
    assert!(!told.contains("chưa chốt"), "{told}");
    let made = fs::read_to_string(small.root().join("2025-10/campaign.toml")).unwrap();
    for line in [
        "# Đợt tháng 10 năm 2025.",
        "name = \"dot-2025-10\"",
        "period = \"2025-10\"",
        "history = \"../dot/history\"",
        "deadline = \"2025-11-05\"",
        "[[rule_off]]",
        "# Tắt hẳn",
    ] {
        assert!(made.lines().any(|there| there == line), "{line}\n{made}");
    }
    assert!(!made.contains("[[accept]]"), "{made}");
    let same = |name: &str| {
        let of = |folder: &str| fs::read(small.root().join(folder).join(name)).unwrap();
        assert!(of("dot") == of("2025-10"), "{name}");
    };
    same("roster.csv");
    same("schemas/lop.toml");
    assert_eq!(
        fs::read_dir(small.root().join("2025-10/inbox"))
            .unwrap()
            .count(),
        0
    );
    ok(&small, "template 2025-10 --out mau");
    // What is there is not written over, and time goes forward.
    let again = tonghop(small.root(), &["next", "dot", "2025-10"]);
    assert_eq!(again.code, 3);
    assert!(
        again.err.contains("thư mục đã có tệp bên trong"),
        "{again:?}"
    );
    let back = tonghop(small.root(), &["next", "dot", "2025-09", "--out", "x"]);
    assert_eq!(back.code, 3);
    assert!(back.err.contains("không sau kỳ 2025-09"), "{back:?}");
    assert!(!small.root().join("x").exists());
}

#[test]
fn a_folder_of_campaigns_lists_them() {
    let small = Small::empty();
    ok(&small, "new khac --empty --period 2025-10");
    for command in [
        "consolidate .",
        "close .",
        "history .",
        "template . --out mau",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let answer = tonghop(small.root(), &words);
        assert_eq!(answer.code, 3, "{answer:?}");
        let list = "trong thư mục này có các đợt sau, hãy ghi rõ một đợt:\n  ./dot\n  ./khac\n";
        assert!(answer.err.contains(list), "{command}: {answer:?}");
    }
    let none = tonghop(small.root(), &["consolidate", "dot/schemas"]);
    assert!(
        none.err.contains("không phải thư mục của một đợt báo cáo"),
        "{none:?}"
    );
    let none = tonghop(small.root(), &["consolidate", "dto"]);
    assert!(none.err.contains("không có thư mục này"), "{none:?}");
}

#[test]
fn every_kind_of_rule_is_explained() {
    let small = Small::empty();
    // A rule of a built-in form, a check with a page, one of the guide's tables.
    for (rule, said) in [
        (
            "luy-ke-lech-ky-truoc-va-trong-ky",
            "Lũy kế đến cuối kỳ phải bằng",
        ),
        ("tong-cong-lech", "## Kiểm tra gì"),
        ("tep-rong", "Cần làm: lưu lại trong Excel, gửi lại"),
        ("[tep-rong]", "Nghĩa là: tệp không có byte nào"),
    ] {
        let answer = ok(&small, &format!("explain {rule}"));
        assert!(answer.out.contains(said), "{rule}: {answer:?}");
    }
    let form = fs::read_to_string(small.folder().join("schemas/lop.toml")).unwrap();
    let rule = form.split("[[rule]]\nid = \"").nth(1).unwrap();
    let rule = rule.split('"').next().unwrap();
    let answer = tonghop(small.root(), &["explain", rule]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("thêm --campaign"), "{answer:?}");
    let answer = ok(&small, &format!("explain {rule} --campaign dot"));
    assert!(
        answer.out.contains("Quy tắc của biểu «Lớp học» (`lop`)"),
        "{answer:?}"
    );
    let answer = tonghop(small.root(), &["explain", "tep-rogn"]);
    assert!(answer.err.contains("có phải `tep-rong`?"), "{answer:?}");
    let document = ok(&small, "explain tep-rong --format json").json();
    assert_eq!(document["rule"], "tep-rong");
}
