//! Circles of files: sets of files each of which imports, over some way, every other of the set.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::Module;

/// Every circle, by Tarjan's search for strongly connected sets.
pub fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<&Module>> {
    let mut search = Search {
        imports,
        seen: BTreeMap::new(),
        open: Vec::new(),
        found: Vec::new(),
    };
    for file in imports.keys() {
        if !search.seen.contains_key(file) {
            search.visit(file);
        }
    }
    search.found
}

struct Search<'a> {
    imports: &'a BTreeMap<Module, BTreeSet<Module>>,
    /// When each file was met first, and the earliest file still open that it leads back to.
    seen: BTreeMap<&'a Module, (usize, usize)>,
    /// Files not yet known to belong to a finished set.
    open: Vec<&'a Module>,
    found: Vec<Vec<&'a Module>>,
}

impl<'a> Search<'a> {
    /// Gives the earliest open file that `file` leads back to.
    fn visit(&mut self, file: &'a Module) -> usize {
        let met = self.seen.len();
        let mut back = met;
        self.seen.insert(file, (met, met));
        self.open.push(file);
        for other in self.imports.get(file).into_iter().flatten() {
            match self.seen.get(other) {
                None => back = back.min(self.visit(other)),
                Some((first, _)) if self.open.contains(&other) => back = back.min(*first),
                Some(_) => {}
            }
        }
        self.seen.insert(file, (met, back));
        if back == met {
            let first = self.open.iter().position(|one| *one == file).unwrap();
            let set = self.open.split_off(first);
            if set.len() > 1 {
                self.found.push(set);
            }
        }
        back
    }
}
