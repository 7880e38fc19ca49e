//! The user guide's pages about the checks, generated from what each check says of itself.

use super::page::Page;

/// Every page by the name of its file: the checks, then the page on suspects.
pub fn pages() -> Vec<(&'static str, Page)> {
    let mut pages = checks();
    pages.push(("o-nghi-sai", super::suspect::PAGE));
    pages
}

/// The pages of the checks: the order is that of the guide. A new kind of check adds itself here.
fn checks() -> Vec<(&'static str, Page)> {
    vec![
        ("quy-tac-cua-bieu", super::check::PAGE),
        ("dong-tong", super::instance::PAGE),
        ("ty-le", super::ratio::PAGE),
        ("cap-doi", super::words::pairs::PAGE),
        ("lam-tron", super::rounding::PAGE),
        ("ky-truoc", super::past::previous::PAGE),
        ("khop-bieu", super::scope::PAGE),
        ("chua-kiem-tra-duoc", super::tally::PAGE),
        ("bien-dong", super::soft::change::PAGE),
        ("sai-don-vi-tinh", super::soft::size::PAGE),
        ("so-tien-lon", super::soft::large::PAGE),
        ("nhu-ky-truoc", super::soft::unchanged::PAGE),
        ("so-tron", super::soft::zeros::PAGE),
        ("so-voi-don-vi-cung-loai", super::soft::peers::PAGE),
        ("so-kiem-soat", super::control::PAGE),
        ("tong-hop-hai-cap", super::control::levels::PAGE),
    ]
}

/// The list of pages that `docs/quy-tac.md` holds between its two marks.
pub fn index() -> String {
    let mut text = String::from("| Phép kiểm tra | Quy tắc |\n|---|---|\n");
    for (name, page) in checks() {
        let rules: Vec<String> = page
            .rules
            .iter()
            .map(|(rule, severity)| format!("`{rule}` ({severity})"))
            .collect();
        let rules = match rules.is_empty() {
            true => "do biểu mẫu đặt tên".to_owned(),
            false => rules.join(", "),
        };
        text += &format!("| [{}](quy-tac/{name}.md) | {rules} |\n", page.title);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    const MARKS: [&str; 2] = ["<!-- trang: sinh từ mã nguồn -->\n", "<!-- hết trang -->\n"];

    fn docs() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
    }

    /// Set `TONGHOP_WRITE_DOCS=1` to write them anew after a change of a page.
    #[test]
    fn the_pages_in_the_docs_are_those_of_the_checks() {
        let write = std::env::var_os("TONGHOP_WRITE_DOCS").is_some();
        let mut files: BTreeMap<PathBuf, String> = super::pages()
            .into_iter()
            .map(|(name, page)| (docs().join(format!("quy-tac/{name}.md")), page.markdown()))
            .collect();
        let list = docs().join("quy-tac.md");
        let text = std::fs::read_to_string(&list).unwrap();
        let (before, rest) = text.split_once(MARKS[0]).unwrap();
        let (_, after) = rest.split_once(MARKS[1]).unwrap();
        let index = super::index();
        files.insert(list, [before, MARKS[0], &index, MARKS[1], after].concat());
        if write {
            std::fs::create_dir_all(docs().join("quy-tac")).unwrap();
        }
        for (path, text) in &files {
            if write {
                std::fs::write(path, text).unwrap();
            }
            let kept = std::fs::read_to_string(path).unwrap_or_default();
            assert!(
                kept == *text,
                "{path:?} is not the page; see this test's comment"
            );
        }
        for entry in std::fs::read_dir(docs().join("quy-tac")).unwrap() {
            let path = entry.unwrap().path();
            assert!(
                files.contains_key(&path),
                "{path:?} is the page of no check"
            );
        }
    }

    /// Rust files of a folder and of those inside it, tests left out.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|e| e == "rs") && !name.ends_with("tests") {
                found.push(path);
            }
        }
        found
    }

    /// Words with hyphens that the sources write as texts, tests left out: ids of findings.
    fn ids_in_sources() -> Vec<String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let alone = ["workbook/problem.rs", "schema/derived.rs"];
        let mut files: BTreeSet<PathBuf> = alone.iter().map(|file| source.join(file)).collect();
        for folder in ["rules", "extract", "campaign", "judge", "write/returned"] {
            files.extend(sources(&source.join(folder)));
        }
        // Wherever else a finding is made, its id stands in the same file.
        let makes = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).unwrap();
            text.contains("Finding::new(")
        };
        files.extend(sources(&source).into_iter().filter(makes));
        let word = regex::Regex::new("\"([a-z]+[0-9]*(?:-[a-z0-9]+)+)\"").unwrap();
        let mut ids = Vec::new();
        for file in &files {
            let text = std::fs::read_to_string(file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            ids.extend(word.captures_iter(code).map(|found| found[1].to_owned()));
        }
        ids.sort();
        ids.dedup();
        ids
    }

    #[test]
    fn every_id_a_finding_can_carry_stands_in_exactly_one_page_or_table() {
        let lacks = [
            "no-previous",
            "no-form",
            "table-incomplete",
            "not-computable",
        ];
        let names: Vec<&str> = super::pages().iter().map(|(name, _)| *name).collect();
        let other = |id: &str| lacks.contains(&id) || names.contains(&id) || id == "vi-du";
        let text = std::fs::read_to_string(docs().join("quy-tac.md")).unwrap();
        let own = text.split("## Quy tắc của các biểu có sẵn").next().unwrap();
        let rows = own.lines().filter_map(|line| line.strip_prefix("| `"));
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for id in rows.filter_map(|row| row.split('`').next()) {
            *told.entry(id).or_default() += 1;
        }
        for (id, _) in super::pages().iter().flat_map(|(_, page)| page.rules) {
            *told.entry(id).or_default() += 1;
        }
        let ids: Vec<String> = ids_in_sources()
            .into_iter()
            .filter(|id| !other(id))
            .collect();
        assert!(ids.len() > 40, "{ids:?}");
        for id in &ids {
            assert_eq!(told.get(id.as_str()), Some(&1), "`{id}`");
        }
        for id in told.keys() {
            assert!(
                ids.iter().any(|known| known == id),
                "`{id}` is the id of no finding"
            );
        }
    }
}
