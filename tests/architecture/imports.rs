//! What each source file imports, read from its text.
//!
//! A file imports another if one of its `use` declarations, or a path in its code that begins with
//! `crate`, `super`, `self` or a module declared in the file, leads into the other. A path is
//! followed module by module as far as there are files. Where it names an item that a module only
//! re-exports (`pub use`, by name or by `*`), or imports for itself, the import counts for the file
//! that defines the item; the module that passes it on imports it only if it uses the name, too.
//! Comments, texts and everything under `#[cfg(test)]` do not count.
//!
//! What this cannot see: a method called on a value is found by the compiler through its type, so
//! that two `impl` blocks of one type in two files may call each other without any import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module as the path of its file says: `["write", "paper", "grid"]`.
pub type Module = Vec<String>;

/// A source file without comments, texts and tests.
struct Source {
    /// Its words and signs, without those of `use` declarations.
    words: Vec<String>,
    uses: Vec<Use>,
    /// Modules declared in it, each in a file of its own.
    children: BTreeSet<String>,
}

/// One name that a `use` declaration brings in.
struct Use {
    path: Vec<String>,
    /// The name here; `*` for all of them.
    name: String,
    /// Is it passed on to other files?
    passed_on: bool,
}

/// The source files of a crate.
pub struct Sources {
    files: BTreeMap<Module, Source>,
}

impl Sources {
    /// Every file below `src` but `lib.rs` and `main.rs`.
    pub fn read(src: &Path) -> Self {
        let mut texts = Vec::new();
        collect(src, &mut Vec::new(), &mut texts);
        Self::of(texts)
    }

    /// Modules and the texts of their files.
    pub fn of(texts: Vec<(Module, String)>) -> Self {
        let mut files = BTreeMap::new();
        let mut tests = BTreeSet::new();
        for (module, text) in texts {
            let code = blanked(&text);
            let (code, gated) = without_tests(&code);
            tests.extend(gated.into_iter().map(|child| joined(&module, &[child])));
            let (words, uses) = read(&words(&code));
            let source = Source {
                children: declared(&words),
                words,
                uses,
            };
            files.insert(module, source);
        }
        let is_test = |module: &Module| (1..=module.len()).any(|n| tests.contains(&module[..n]));
        files.retain(|module, _| !is_test(module));
        Self { files }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// For each file the files it imports.
    pub fn imports(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let files = self.files.iter();
        files
            .map(|(module, source)| {
                let used = source.uses.iter().filter(|one| source.needs(one));
                let used = used.map(|one| one.path.clone());
                let named = paths(&source.words, &source.children);
                let mut found: BTreeSet<Module> = used
                    .chain(named)
                    .filter_map(|path| self.file_of(&self.absolute(&path, module)?))
                    .collect();
                found.remove(module);
                (module.clone(), found)
            })
            .collect()
    }

    /// A path as seen from the root of the crate; `None` for another crate's.
    fn absolute(&self, path: &[String], own: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some(joined(own, rest)),
            "super" => {
                let up = path
                    .iter()
                    .take_while(|segment| *segment == "super")
                    .count();
                let above = own.len().checked_sub(up)?;
                Some(joined(&own[..above], &path[up..]))
            }
            _ => {
                let child = self.files.get(own)?.children.contains(first);
                child.then(|| joined(own, path))
            }
        }
    }

    /// The file that a path from the root of the crate leads into; where no file is known to
    /// define what it names, the last module on the way.
    fn file_of(&self, path: &[String]) -> Option<Module> {
        let defined = self.defined_in(path, 0);
        defined.or_else(|| Some(self.split(path)?.0.to_vec()))
    }

    /// The modules of a path that have files, and what is named inside the last of them.
    fn split<'a>(&self, path: &'a [String]) -> Option<(&'a [String], &'a [String])> {
        let lengths = (1..=path.len()).rev();
        let mut modules = lengths.filter(|n| self.files.contains_key(&path[..*n]));
        modules.next().map(|n| path.split_at(n))
    }

    /// The file that defines what a path names, through whatever re-exports.
    fn defined_in(&self, path: &[String], depth: usize) -> Option<Module> {
        let (module, rest) = self.split(path)?;
        let Some((item, behind)) = rest.split_first() else {
            return Some(module.to_vec());
        };
        let source = &self.files[module];
        if depth > 8 || source.defines(item) {
            return Some(module.to_vec());
        }
        let follow = |way: &[String]| {
            let way = self.absolute(&joined(way, behind), module)?;
            self.defined_in(&way, depth + 1)
        };
        let mut named = source.uses.iter().filter(|one| one.name == *item);
        if let Some(one) = named.next() {
            return follow(&one.path);
        }
        let mut all = source.uses.iter().filter(|one| one.name == "*");
        all.find_map(|one| {
            let (_, above) = one.path.split_last()?;
            follow(&joined(above, std::slice::from_ref(item)))
        })
    }
}

impl Source {
    /// Does the file define an item of this name?
    fn defines(&self, item: &str) -> bool {
        const KINDS: [&str; 9] = [
            "fn", "struct", "enum", "trait", "type", "const", "static", "union", "mod",
        ];
        let mut two = self.words.windows(2);
        two.any(|two| KINDS.contains(&two[0].as_str()) && two[1] == item)
    }

    /// Does the file itself need what a declaration brings in? What is only passed on it does not.
    fn needs(&self, one: &Use) -> bool {
        let used = match one.name.as_str() {
            // Of all names some are used wherever there is code at all.
            "*" => "fn",
            name => name,
        };
        !one.passed_on || self.words.iter().any(|word| word == used)
    }
}

fn joined(one: &[String], two: &[String]) -> Vec<String> {
    one.iter().chain(two).cloned().collect()
}

fn collect(folder: &Path, module: &mut Module, texts: &mut Vec<(Module, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(stem);
            collect(&path, module, texts);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut own = module.clone();
            if stem != "mod" {
                own.push(stem);
            }
            if !["lib", "main"].contains(&own[0].as_str()) {
                texts.push((own, fs::read_to_string(&path).unwrap()));
            }
        }
    }
}

/// The text with blanks in place of comments and of quoted texts.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let length = match (chars[i], chars.get(i + 1)) {
            ('/', Some('/')) => chars[i..].iter().take_while(|c| **c != '\n').count(),
            ('/', Some('*')) => block_comment(&chars[i..]),
            ('r', Some('"' | '#')) if !continues(&out) => raw_text(&chars[i..]),
            ('"', _) => quoted(&chars[i..], '"'),
            ('\'', Some('\\')) => quoted(&chars[i..], '\''),
            ('\'', Some(_)) if chars.get(i + 2) == Some(&'\'') => 3,
            _ => 0,
        };
        if length == 0 {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        out.extend(chars[i..i + length].iter().map(|c| match c {
            '\n' => '\n',
            _ => ' ',
        }));
        i += length;
    }
    out.into_iter().collect()
}

/// Is the last character part of a word?
fn continues(out: &[char]) -> bool {
    out.last()
        .is_some_and(|c| (c.is_alphanumeric() && *c != 'b') || *c == '_')
}

fn block_comment(chars: &[char]) -> usize {
    let mut depth = 0;
    let mut i = 0;
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => {
                i += 1;
                continue;
            }
        }
        i += 2;
        if depth == 0 {
            break;
        }
    }
    i
}

/// Length of a raw text; 0 if it is none (`r#type`).
fn raw_text(chars: &[char]) -> usize {
    let marks = chars[1..].iter().take_while(|c| **c == '#').count();
    if chars.get(1 + marks) != Some(&'"') {
        return 0;
    }
    let open = marks + 2;
    let end = (open..chars.len()).find(|i| {
        let behind = chars[i + 1..].iter().take_while(|c| **c == '#').count();
        chars[*i] == '"' && behind >= marks
    });
    end.map_or(chars.len(), |end| end + 1 + marks)
}

fn quoted(chars: &[char], mark: char) -> usize {
    let mut i = 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == mark => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// The code without items under `#[cfg(test)]`, and the modules declared under it.
fn without_tests(code: &str) -> (String, Vec<String>) {
    let mut kept = String::new();
    let mut gated = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = item_end(item);
        let words = words(&item[..end]);
        if let Some(two) = words.windows(2).find(|two| two[0] == "mod") {
            gated.push(two[1].to_owned());
        }
        rest = &item[end..];
    }
    kept.push_str(rest);
    (kept, gated)
}

/// Where the item at the beginning of `code` ends: at its `;`, or with its braces.
fn item_end(code: &str) -> usize {
    let mut depth = 0;
    for (i, c) in code.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == ';' || c == '}') {
            return i + 1;
        }
    }
    code.len()
}

/// Words and signs, in order: `use`, `crate`, `::`, `x`, `{`.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            end.unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Modules declared with a file of their own.
fn declared(words: &[String]) -> BTreeSet<String> {
    let declarations = words.windows(3);
    declarations
        .filter(|three| three[0] == "mod" && three[2] == ";")
        .map(|three| three[1].clone())
        .collect()
}

/// Takes the `use` declarations out of a file: its other words, and every name they bring in.
fn read(words: &[&str]) -> (Vec<String>, Vec<Use>) {
    let (mut others, mut uses) = (Vec::new(), Vec::new());
    let mut i = 0;
    while i < words.len() {
        if words[i] != "use" {
            others.push(words[i].to_owned());
            i += 1;
            continue;
        }
        let before = uses.len();
        // `pub use`, `pub(super) use`.
        let passed_on = i > 0 && ["pub", ")"].contains(&words[i - 1]);
        i += 1 + tree(&words[i + 1..], &[], &mut uses);
        uses[before..]
            .iter_mut()
            .for_each(|one| one.passed_on = passed_on);
    }
    (others, uses)
}

/// Reads one tree of a `use` declaration; gives how many words it took.
fn tree(words: &[&str], above: &[String], found: &mut Vec<Use>) -> usize {
    let mut path = above.to_vec();
    let mut i = 0;
    while let Some(word) = words.get(i) {
        match *word {
            "::" => i += 1,
            "{" => {
                i += 1;
                while words.get(i).is_some_and(|word| *word != "}") {
                    i += tree(&words[i..], &path, found);
                    i += usize::from(words.get(i) == Some(&","));
                }
                return i + 1;
            }
            word => {
                path.push(word.to_owned());
                i += 1;
                if words.get(i) == Some(&"::") {
                    continue;
                }
                // `a::{self}` names `a`.
                if path.len() > 1 && word == "self" {
                    path.pop();
                }
                let mut name = path.last().cloned().unwrap_or_default();
                if words.get(i) == Some(&"as") {
                    name = words.get(i + 1).unwrap_or(&"_").to_string();
                    i += 2;
                }
                found.push(Use {
                    path,
                    name,
                    passed_on: false,
                });
                return i;
            }
        }
    }
    i
}

/// Paths in the code that lead somewhere in the crate.
fn paths(words: &[String], children: &BTreeSet<String>) -> Vec<Vec<String>> {
    let word = |i: usize| words.get(i).map(String::as_str);
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(first) = word(i) {
        let starts = ["crate", "super", "self"].contains(&first) || children.contains(first);
        let before = i.checked_sub(1).and_then(word);
        // `pub(in crate::a)` says who may look, not what is looked at.
        let viewers = before == Some("in") && i > 1 && words[i - 2] == "(";
        let inside = viewers || before.is_some_and(|word| ["::", ".", "mod"].contains(&word));
        let mut path = vec![first.to_owned()];
        i += 1;
        while let (Some("::"), Some(next)) = (word(i), word(i + 1).filter(|word| is_name(word))) {
            path.push(next.to_owned());
            i += 2;
        }
        if starts && !inside && path.len() > 1 {
            found.push(path);
        }
    }
    found
}
