//! Modules import in one direction, files never in a circle, and each heavy library is named in one
//! place.

mod circles;
mod imports;

use std::fs;
use std::path::{Path, PathBuf};

use circles::circles;
use imports::{Module, Sources};

/// Modules from the ground up: each may use those before it.
const RANKS: [&str; 22] = [
    "model",
    "text",
    "package",
    "schema",
    "roster",
    "workbook",
    "extract",
    "compile",
    "sheet_form",
    "rules",
    "evidence",
    "history",
    "consolidate",
    "write",
    "judge",
    "page",
    "campaign",
    "report",
    "narrative",
    "commands",
    "serve",
    "cli",
];

/// A library and the modules that may name it.
const HOMES: [(&str, &[&str]); 28] = [
    ("calamine", &["workbook"]),
    ("zip", &["package", "workbook"]),
    ("quick_xml", &["package"]),
    ("html5ever", &["workbook"]),
    ("encoding_rs", &["text", "workbook"]),
    ("polars", &["consolidate"]),
    ("parquet", &["history"]),
    ("postcard", &["campaign"]),
    ("rustix", &["campaign"]),
    ("rust_xlsxwriter", &["write"]),
    ("docx_rs", &["write"]),
    ("minijinja", &["narrative", "page"]),
    ("pulldown_cmark", &["page"]),
    ("formualizer_parse", &["schema"]),
    ("num_rational", &["schema"]),
    ("num_bigint", &["schema"]),
    ("clap", &["cli", "report"]),
    ("indicatif", &["cli"]),
    ("argon2", &["serve"]),
    ("axum", &["serve"]),
    ("getrandom", &["serve"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("lettre", &["serve"]),
    ("rusqlite", &["serve"]),
    ("tokio", &["serve"]),
    ("tokio_rustls", &["serve"]),
    ("tower_http", &["serve"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// A file or folder of unit tests.
fn is_test(path: &Path) -> bool {
    path.components()
        .any(|step| matches!(step.as_os_str().to_str(), Some("tests" | "tests.rs")))
}

/// The module of a source file and its code without tests: what is before `#[cfg(test)]`.
fn modules() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&src)
        .into_iter()
        .filter(|path| !is_test(path.strip_prefix(&src).unwrap()))
        .map(|path| {
            let below = path.strip_prefix(&src).unwrap();
            let first = below
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
            (module, path, code)
        })
        .filter(|(module, ..)| module != "lib" && module != "main")
        .collect()
}

#[test]
fn modules_import_only_from_those_before_them() {
    let rank = |module: &str| RANKS.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        let own = rank(&module).unwrap_or_else(|| panic!("module `{module}` has no rank"));
        for (i, _) in code.match_indices("crate::") {
            let rest = &code[i + "crate::".len()..];
            let used: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if rank(&used).is_some_and(|other| other > own) {
                wrong.push(format!("{}: {module} uses {used}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the order:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn each_library_has_one_home() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        for (library, homes) in HOMES {
            let named = code.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//") && line.contains(&format!("{library}::"))
            });
            if named && !homes.contains(&module.as_str()) {
                wrong.push(format!("{} names {library}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files and folders inside a module in rank order: files and folders of one line never import
/// each other, and each line imports only from those before it. Of two entries the longer one that
/// begins a path counts. A module's own `mod.rs` ranks above all of them.
const ROOMS: [(&str, &[&[&str]]); 4] = [
    (
        "schema",
        &[
            &["toml_syntax"],
            &["toml_words", "checks", "switches", "control", "rule_text"],
            &["file"],
            &["rule"],
            &["source", "field", "campaign", "builtin", "parents"],
            &["checked"],
            &["resolve", "additive", "filers"],
            &["scope", "determined"],
            &["ratio"],
            &["derived", "logic"],
            &["lint"],
            &["read", "json_schema"],
        ],
    ),
    (
        "compile",
        &[
            &["words", "dressing"],
            &["page", "choices", "equation"],
            &["table"],
            &["names", "rule"],
            &["found"],
            &["said", "objection", "reach"],
            &["settle", "printed", "kin"],
            &["emit", "again"],
            &["accepted"],
        ],
    ),
    (
        "rules",
        &[
            &["page"],
            &["past/previous"],
            &["scope"],
            &["rounding", "reporter"],
            &["instance"],
            &["words", "tally", "equation"],
            &["ratio", "blank_total"],
            &["unmultiplied"],
            &["past"],
            &["soft"],
            &["control", "suspect"],
            &["check"],
            &["guide", "example"],
        ],
    ),
    (
        "write",
        &[
            &["paper", "worksheet"],
            &["formula"],
            &[
                "template",
                "master",
                "appendix",
                "returned",
                "sheet_form",
                "list",
                "letter",
            ],
            &["own"],
        ],
    ),
];

fn own_sources() -> Sources {
    let sources = Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.len() > 200, "only {} files read", sources.len());
    sources
}

fn shown(module: &Module) -> String {
    module.join("/")
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let imports = own_sources().imports();
    let told: Vec<String> = circles(&imports)
        .into_iter()
        .map(|circle| {
            let line = |file: &&Module| {
                let inside = imports[*file].iter().filter(|other| circle.contains(other));
                let inside: Vec<String> = inside.map(shown).collect();
                format!("  {} imports {}", shown(file), inside.join(", "))
            };
            let lines: Vec<String> = circle.iter().map(line).collect();
            format!("a circle of {} files:\n{}", circle.len(), lines.join("\n"))
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// The line of `rooms` a file belongs to, and its room.
fn room<'a>(rooms: &[&[&'a str]], file: &[String]) -> Option<(usize, &'a str)> {
    let inside = file[1..].join("/");
    let begins = |room: &str| inside == room || inside.starts_with(&format!("{room}/"));
    let lines = rooms.iter().enumerate();
    lines
        .flat_map(|(line, rooms)| rooms.iter().map(move |room| (line, *room)))
        .filter(|(_, room)| begins(room))
        .max_by_key(|(_, room)| room.len())
}

#[test]
fn rooms_import_only_from_those_before_them() {
    let imports = own_sources().imports();
    let mut wrong = Vec::new();
    for (module, rooms) in ROOMS {
        let files = imports.iter().filter(|(file, _)| file[0] == module);
        for (file, others) in files.filter(|(file, _)| file.len() > 1) {
            let Some((line, own)) = room(rooms, file) else {
                wrong.push(format!("{} has no room", shown(file)));
                continue;
            };
            for other in others.iter().filter(|other| other[0] == module) {
                let before = room(rooms, other)
                    .is_some_and(|(other_line, room)| other_line < line || room == own);
                if !before {
                    wrong.push(format!("{} uses {}", shown(file), shown(other)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn of(texts: &[(&str, &str)]) -> Sources {
    let module = |path: &str| path.split('/').map(str::to_owned).collect::<Module>();
    let texts = texts.iter();
    Sources::of(
        texts
            .map(|(path, text)| (module(path), (*text).to_owned()))
            .collect(),
    )
}

fn circles_of(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
    let imports = of(texts).imports();
    let found = circles(&imports).into_iter();
    found
        .map(|circle| {
            let mut names: Vec<String> = circle.into_iter().map(shown).collect();
            names.sort();
            names
        })
        .collect()
}

#[test]
fn a_circle_is_seen_through_uses_paths_and_re_exports() {
    let three = circles_of(&[
        ("a", "use crate::b::{c::Thing, d};\nfn f() { d::g(); }"),
        ("b", "pub mod c;\npub mod d;\npub use c::Thing as Renamed;"),
        (
            "b/c",
            "pub struct Thing;\nimpl Thing { fn f() { super::d::g(); } }",
        ),
        ("b/d", "pub use crate::a::*;\npub fn g() {}"),
    ]);
    assert_eq!(three, [["a", "b/c", "b/d"]]);
    // What a folder only passes on counts for the file that defines it.
    let passed_on = circles_of(&[
        ("b", "mod c;\nmod d;\npub use c::Thing;\npub use d::*;"),
        ("b/c", "pub struct Thing;"),
        ("b/d", "use super::Thing;\npub fn made() -> Thing { Thing }"),
    ]);
    assert!(passed_on.is_empty(), "{passed_on:?}");
    // What it defines itself does not.
    let own = circles_of(&[
        (
            "b",
            "mod d;\npub struct Thing;\npub use d::made;\nfn f() { made(); }",
        ),
        ("b/d", "use super::Thing;\npub fn made() -> Thing { Thing }"),
    ]);
    assert_eq!(own, [["b", "b/d"]]);
}

#[test]
fn comments_texts_and_tests_are_no_imports() {
    let none = circles_of(&[
        (
            "a",
            "// use crate::b::B;\n/* crate::b::B /* */ */\nconst T: &str = \"crate::b::B\";\nconst R: \
             &str = r#\"crate::b::\"B\"#;\nconst C: char = '\"';\npub struct A<'a>(&'a str);\n\
             #[cfg(test)]\nmod tests { use crate::b::B; }\n#[cfg(test)]\nmod helper;\n",
        ),
        ("a/helper", "use crate::b::B;\nuse crate::a::A;"),
        ("b", "use crate::a::A;\npub struct B;"),
    ]);
    assert!(none.is_empty(), "{none:?}");
    let real = circles_of(&[
        (
            "a",
            "const C: char = '\"';\nuse crate::b::B;\npub struct A<'a>(&'a str);",
        ),
        ("b", "use crate::a::A;\npub struct B;"),
    ]);
    assert_eq!(real, [["a", "b"]]);
}

#[test]
fn no_zlib_in_c_is_built_in() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"));
    let lock = lock.unwrap();
    let packages: Vec<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    assert!(packages.contains(&"zlib-rs"), "{} packages", packages.len());
    let wrapped = ["libz-sys", "libz-ng-sys", "cloudflare-zlib-sys"];
    let found = wrapped.iter().filter(|name| packages.contains(name));
    assert_eq!(found.collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// Names of what the core must do without: files, processes, threads, the network, the environment,
/// the clock.
const OUTSIDE: [&str; 12] = [
    "std::fs",
    "std::process",
    "std::thread",
    "std::net",
    "std::env",
    "std::io::std",
    "File::open",
    "Instant",
    "SystemTime",
    "Utc::now",
    "Local::now",
    "tempfile",
];

/// Source files that are compiled without the feature `full`: those that a `mod` line leads to that
/// is not set aside for the feature or for tests.
fn core_files(file: &Path, found: &mut Vec<PathBuf>) {
    let stem = file.file_stem().unwrap();
    let folder = match stem.to_str() {
        Some("lib" | "mod") => file.parent().unwrap().to_owned(),
        _ => file.with_extension(""),
    };
    let text = fs::read_to_string(file).unwrap();
    let mut set_aside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[cfg(") {
            set_aside |= ["feature = \"full\"", "feature = \"serve\"", "test"]
                .iter()
                .any(|c| line.contains(c));
            continue;
        }
        let name = line.strip_suffix(';').and_then(|line| {
            let visible = line.split_once("mod ")?;
            (visible.0.is_empty() || visible.0.starts_with("pub")).then_some(visible.1)
        });
        if let Some(name) = name
            && !set_aside
        {
            let beside = [format!("{name}.rs"), format!("{name}/mod.rs")];
            let next = beside.iter().map(|path| folder.join(path));
            core_files(&next.into_iter().find(|path| path.exists()).unwrap(), found);
        }
        set_aside = false;
    }
    found.push(file.to_owned());
}

#[test]
fn the_core_does_without_the_world_outside() {
    let mut files = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    core_files(&src.join("lib.rs"), &mut files);
    for name in [
        "schema/read.rs",
        "workbook/xls/mod.rs",
        "write/returned/marks.rs",
        "judge/workbook.rs",
    ] {
        assert!(files.contains(&src.join(name)), "{name} is missing");
    }
    assert!(files.len() > 100, "{}", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let named = OUTSIDE.iter().filter(|name| line.contains(**name));
            wrong.extend(named.map(|name| format!("{}: {name}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "not for the core:\n{}", wrong.join("\n"));
}
