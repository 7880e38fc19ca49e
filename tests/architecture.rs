//! Modules import in one direction, and each heavy library is named in one place.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the ground up: each may use those before it.
const RANKS: [&str; 15] = [
    "model",
    "text",
    "package",
    "schema",
    "roster",
    "workbook",
    "extract",
    "rules",
    "history",
    "consolidate",
    "write",
    "campaign",
    "report",
    "narrative",
    "cli",
];

/// A library and the modules that may name it.
const HOMES: [(&str, &[&str]); 17] = [
    ("calamine", &["workbook"]),
    ("zip", &["package", "workbook"]),
    ("quick_xml", &["package"]),
    ("html5ever", &["workbook"]),
    ("encoding_rs", &["workbook"]),
    ("polars", &["consolidate"]),
    ("parquet", &["history"]),
    ("postcard", &["campaign"]),
    ("rustix", &["campaign"]),
    ("rust_xlsxwriter", &["write"]),
    ("docx_rs", &["write"]),
    ("minijinja", &["narrative"]),
    ("formualizer_parse", &["schema"]),
    ("num_rational", &["schema"]),
    ("num_bigint", &["schema"]),
    ("clap", &["cli", "report"]),
    ("indicatif", &["cli"]),
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

/// The module of a source file and its code without tests: what stands before `#[cfg(test)]`.
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
            set_aside |= ["feature = \"full\"", "test"]
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
