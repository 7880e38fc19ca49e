//! What the guide promises of form files, campaign files, options and rules is what the program
//! does: its tables are read from the pages and compared with schemas, help texts and forms.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tonghop::schema::{Form, builtin};

use crate::cli::tonghop;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|_| panic!("{name}"))
}

/// What is between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The rows of the first table behind `heading`, each as its columns.
fn table<'a>(page: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, behind) = page
        .split_once(heading)
        .unwrap_or_else(|| panic!("{heading}"));
    let rows = behind.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let inner = row.trim_matches('|');
        inner.split(" | ").map(str::trim).collect()
    })
    .collect()
}

/// The keys in the first column of a table.
fn keys_told(page: &str, heading: &str) -> BTreeSet<String> {
    let rows = table(page, heading);
    let keys = rows.iter().flat_map(|row| quoted(row[0]));
    keys.map(str::to_owned).collect()
}

/// The keys of the object `name` of a schema, or of the whole file.
fn keys(schema: &Json, name: Option<&str>) -> BTreeSet<String> {
    let object = name.map_or(schema, |name| &schema["$defs"][name]);
    let keys = object["properties"].as_object().unwrap().keys();
    keys.cloned().collect()
}

fn schema(name: &str) -> Json {
    serde_json::from_str(&page(&format!("schemas/{name}.schema.json"))).unwrap()
}

#[test]
fn the_tables_of_keys_are_those_of_the_schemas() {
    let (form, campaign) = (schema("form"), schema("campaign"));
    let (forms, reports) = (page("docs/bieu-mau.md"), page("docs/bao-cao.md"));
    let analysts = page("docs/chuyen-vien.md");
    let tables = [
        "layout", "defaults", "checks", "column", "row", "rule", "example",
    ];
    let mut head = keys(&form, None);
    head.retain(|key| !tables.contains(&key.as_str()));
    assert_eq!(keys_told(&forms, "### Đầu tệp"), head);
    for (text, heading, schema, name) in [
        (&forms, "### `[layout]`", &form, "Layout"),
        (&forms, "### `[[column]]` và `[[row]]`", &form, "Indicator"),
        (&forms, "## Quy tắc\n", &form, "RuleText"),
        (&forms, "## Thử biểu mẫu\n", &form, "Example"),
        (
            &analysts,
            "kinds = [\"xa\", \"phuong\"]\n```",
            &campaign,
            "ControlText",
        ),
        (&reports, "## Phụ lục\n", &campaign, "AppendixText"),
    ] {
        assert_eq!(keys_told(text, heading), keys(schema, Some(name)), "{name}");
    }
    // `[checks]`: a table of each check in one, written `change.share`.
    let told = keys_told(&forms, "### `[checks]`");
    let mut checks = BTreeSet::new();
    for check in keys(&form, Some("Checks")) {
        let name = format!("{}{}Check", check[..1].to_uppercase(), &check[1..]);
        if form["$defs"].get(&name).is_none() {
            checks.insert(check);
            continue;
        }
        let own = keys(&form, Some(&name));
        checks.extend(own.iter().map(|key| format!("{check}.{key}")));
    }
    assert_eq!(told, checks);
    let (_, defaults) = forms.split_once("`[defaults]` nhận: ").unwrap();
    let defaults = quoted(defaults.split('.').next().unwrap()).into_iter();
    let defaults: BTreeSet<String> = defaults.map(str::to_owned).collect();
    assert_eq!(defaults, keys(&form, Some("Defaults")));
}

/// Keys of a campaign without a table of their own are in a sentence or in an example.
#[test]
fn every_key_of_a_campaign_is_in_the_guide() {
    let campaign = schema("campaign");
    let text = page("docs/chuyen-vien.md") + &page("docs/bao-cao.md");
    let told = |key: &str| {
        let in_example = |line: &str| {
            let line = line.trim_start().strip_prefix(key);
            line.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        quoted(&text).contains(&key) || text.lines().any(in_example)
    };
    let tables = [
        "kind", "form", "figure", "appendix", "chart", "control", "accept", "rule_off",
    ];
    for key in keys(&campaign, None) {
        let is_table = tables.contains(&key.as_str()) && text.contains(&format!("[[{key}]]"));
        assert!(is_table || key == "checks" || told(&key), "{key}");
    }
    for name in [
        "Kind",
        "CampaignForm",
        "FigureText",
        "AppendixText",
        "ComputedColumn",
        "ChartText",
        "Accept",
        "ControlText",
        "RuleOff",
    ] {
        for key in keys(&campaign, Some(name)) {
            assert!(told(&key), "{name}: {key}");
        }
    }
    assert!(
        page("docs/bieu-mau.md").contains("khai được `[checks]` như vậy trong `campaign.toml`")
    );
}

/// The example form of the guide.
fn example() -> String {
    let text = page("docs/bieu-mau.md");
    let (_, form) = text.split_once("```toml\n").unwrap();
    form.split("```").next().unwrap().to_owned()
}

/// What has to be written wrong in the example form for each row of the guide's table.
const MISTAKES: [(&str, &str); 17] = [
    ("check = \"nu <= so_nguoi\"", "check = \"nu <= so_nguoii\""),
    (
        "check = \"nu <= so_nguoi\"",
        "check = \"nu <= SUMM(so_nguoi)\"",
    ),
    (
        "check = \"nu <= so_nguoi\"",
        "check = \"so_nguoi = so_nguoi + 1\"",
    ),
    ("check = \"nu <= so_nguoi\"", "check = \"nu + so_nguoi\""),
    ("check = \"nu <= so_nguoi\"", "check = \"nu <= (so_nguoi\""),
    (
        "check = \"nu <= so_nguoi\"",
        "check = \"nu <= 1,5 * so_nguoi\"",
    ),
    ("id = \"lop-dong-bat-thuong\"", "id = \"nu-nhieu-hon-tong\""),
    ("id = \"nu\"", "id = \"so_nguoi\""),
    ("id = \"so_nguoi\"", "id = \"so-nguoi\""),
    ("denominator = \"so_nguoi\"\n", ""),
    ("decimals = 1", "decimals = 8"),
    ("key = true\n", ""),
    ("prepared_rows = 10", "prepared_row = 10"),
    ("type = \"percent\"", "type = \"phantram\""),
    ("version = \"1\"", "version = 1"),
    ("so_nguoi = 45, nu = 20", "so_ngoui = 45, nu = 20"),
    ("key = true\n", "key = true\nblank = \"zero\"\n"),
];

/// The parts of `told` between its dots, one behind the other in `said`.
fn says(said: &str, told: &str) -> bool {
    let mut rest = said;
    told.split("...").all(|part| {
        let found = rest.find(part.trim());
        rest = found.map_or("", |at| &rest[at + part.trim().len()..]);
        found.is_some()
    })
}

#[test]
fn mistakes_in_a_form_are_said_as_the_guide_says() {
    let form = example();
    Form::parse("tap_huan.toml", &form).unwrap();
    let text = page("docs/bieu-mau.md");
    let rows = table(&text, "## Lỗi trong biểu mẫu");
    assert_eq!(rows.len(), MISTAKES.len());
    for (row, (from, to)) in rows.iter().zip(MISTAKES) {
        let wrong = form.replacen(from, to, 1);
        assert_ne!(wrong, form, "{from}");
        let error = Form::parse("bao-cao/schemas/tap_huan.toml", &wrong);
        let said = error.expect_err(row[0]).to_string();
        let told = row[1].trim_matches('`').trim();
        assert!(says(&said, told), "{}: {told}\n{said}", row[0]);
    }
}

#[test]
fn the_rules_of_the_built_in_forms_are_those_in_the_list() {
    let text = page("docs/quy-tac.md");
    let mut told: Vec<String> = Vec::new();
    for row in table(&text, "## Quy tắc của các biểu có sẵn") {
        told.push(row.join(" | "));
    }
    let mut own = Vec::new();
    for id in builtin::ids() {
        let form = Form::parse(id, builtin::text(id).unwrap()).unwrap();
        for rule in &form.file.rules {
            let severity = match rule.severity {
                tonghop::model::Severity::Error => "lỗi",
                tonghop::model::Severity::Warning => "cảnh báo",
                tonghop::model::Severity::Info => "ghi chú",
            };
            let mut line = format!(
                "`{id}` | `{}` | {severity} | `{}`",
                rule.id.get_ref(),
                rule.check.get_ref()
            );
            if let Some(when) = &rule.when {
                line += &format!("; chỉ hỏi khi `{}`", when.get_ref());
            }
            own.push(line);
        }
    }
    assert_eq!(told, own);
}

fn pages() -> Vec<PathBuf> {
    let mut all = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    for folder in ["docs", "docs/quy-tac", "samples"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        all.extend(files.filter(|file| file.extension().is_some_and(|of| of == "md")));
    }
    all
}

/// The commands of README and guide, with every option they are shown with, are in the help.
#[test]
fn commands_in_the_guide_have_the_options_they_are_shown_with() {
    let mut shown = BTreeSet::new();
    for file in pages() {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            let code = line.strip_prefix("    ").unwrap_or("");
            let spans: Vec<&str> = match code.is_empty() {
                true => quoted(line),
                false => vec![code],
            };
            for span in spans {
                let call = span.split("cargo run --release -- ").last().unwrap();
                let call = call.split(" #").next().unwrap();
                let words: Vec<&str> = call.split([' ', '[', ']']).collect();
                let named = match call.strip_prefix("tonghop ") {
                    Some(_) => words.get(1),
                    None if span.contains("cargo run --release -- ") => words.first(),
                    None => None,
                };
                let Some(command) = named.filter(|word| word.chars().all(char::is_lowercase))
                else {
                    continue;
                };
                // `forms` and `serve` are several commands.
                let own = ["forms from-excel", "forms to-excel", "serve backup"];
                let own = own.iter().find(|own| {
                    let inner = own.strip_prefix(command).map(str::trim_start);
                    inner.is_some_and(|inner| words.contains(&inner))
                });
                let command = match (*command, own) {
                    (_, Some(own)) => own,
                    ("forms", None) => "forms lint",
                    (command, None) => command,
                };
                let options = words.iter().filter(|word| word.starts_with("--"));
                let options = options.map(|word| (*word).to_owned()).collect::<Vec<_>>();
                shown.insert((command.to_owned(), options));
            }
        }
    }
    assert!(shown.len() >= 15, "{shown:?}");
    for (command, options) in shown {
        if command == "help" {
            continue;
        }
        let mut line: Vec<&str> = command.split(' ').collect();
        line.push("--help");
        let help = tonghop(root(), &line);
        assert_eq!(help.code, 0, "{command}: {help:?}");
        for option in options {
            let there = help.out.split([' ', '\n', ',']).any(|word| word == option);
            assert!(there, "{command} {option}: {}", help.out);
        }
    }
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut links = 0;
    for file in pages() {
        let text = fs::read_to_string(&file).unwrap();
        for target in text.split("](").skip(1) {
            let target = target.split(')').next().unwrap();
            if target.starts_with("http") {
                continue;
            }
            links += 1;
            let (path, place) = target.split_once('#').unwrap_or((target, ""));
            let to = match path.is_empty() {
                true => file.clone(),
                false => file.parent().unwrap().join(path),
            };
            assert!(to.exists(), "{file:?}: {target}");
            if !place.is_empty() {
                let text = fs::read_to_string(&to).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|line| anchor(line) == place),
                    "{file:?}: {target}"
                );
            }
        }
    }
    assert!(links > 80, "{links}");
}

/// What the program says, as the page for clerks quotes it, is in the sources: between dots, names
/// and figures, which change, word for word.
#[test]
fn messages_quoted_for_clerks_are_those_of_the_program() {
    let mut sources = String::new();
    for folder in ["src", "schemas"] {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let path = entry.unwrap().into_path();
            if path
                .extension()
                .is_some_and(|of| of == "rs" || of == "toml")
            {
                sources += &fs::read_to_string(path).unwrap();
            }
        }
    }
    // A text that goes on in the next line is one text.
    let sources = regex::Regex::new("\\\\\n *")
        .unwrap()
        .replace_all(&sources, "");
    let changing = regex::Regex::new(r"\.\.\.|«[^»]*»|[0-9][0-9.,/]*!?|[;,]").unwrap();
    // A word put into the message, of which each has a list of its own.
    let put_in = ["một số nguyên", "văn bản Word", "tệp PDF", "#DIV/0!"];
    let page = page("docs/can-bo-xa.md");
    let mut quotes = 0;
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let said = line
            .split('|')
            .nth(if line.starts_with("| \"") { 1 } else { 2 });
        for quote in said.unwrap_or_default().split('"').skip(1).step_by(2) {
            quotes += 1;
            let fixed = put_in
                .iter()
                .fold(quote.to_owned(), |text, word| text.replace(word, "..."));
            for part in changing.split(&fixed) {
                assert!(sources.contains(part.trim()), "«{part}» of «{quote}»");
            }
        }
    }
    assert!(quotes >= 20, "{quotes}");
}

/// Files named in ARCHITECTURE.md are where it says, from the root or from `src`.
#[test]
fn files_named_in_the_architecture_exist() {
    let text = page("ARCHITECTURE.md");
    let named = quoted(&text).into_iter();
    let files = named.filter(|name| name.contains('/') && name.ends_with(".rs"));
    let mut count = 0;
    for file in files {
        count += 1;
        // Within a paragraph about a folder a file may be named from the folder above it.
        let places = ["", "src", "src/schema", "src/rules"].map(|place| root().join(place));
        assert!(
            places.iter().any(|place| place.join(file).is_file()),
            "{file}"
        );
    }
    assert!(count > 30, "{count}");
}
