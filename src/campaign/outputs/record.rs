//! `run.json`: what a run read, and what it wrote into the folder it lies in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::sha256;

/// Name of the file.
pub const RECORD: &str = "run.json";

/// What a run read and wrote. Hashes are SHA-256 in hex.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// Version of the program.
    pub tonghop: String,
    /// The command: `consolidate` or `check`.
    pub command: String,
    /// When it ran, as RFC 3339.
    pub time: String,
    /// Every file received, by name; no hash if its bytes could not be read.
    pub inputs: BTreeMap<String, Option<String>>,
    /// Every file of the campaign's definition, by its path in its folder: `campaign.toml`,
    /// `roster.csv`, forms (older versions, too), control totals. A form built into the program is
    /// `builtin/<id>.toml`.
    pub definition: BTreeMap<String, String>,
    /// Every file the run wrote into this folder, by its path in it, with `/` between the steps.
    pub outputs: BTreeMap<String, String>,
}

/// What has changed since an earlier run. Empty if nothing has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Since {
    /// When that run was.
    pub time: String,
    /// Files that are not what they were, sorted.
    pub changed: Vec<String>,
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files that are not there any more.
    pub gone: Vec<String>,
    /// The program's version then, if it is another now.
    pub version: Option<String>,
}

impl Since {
    /// Is everything as it was?
    pub fn is_nothing(&self) -> bool {
        self.changed.is_empty()
            && self.added.is_empty()
            && self.gone.is_empty()
            && self.version.is_none()
    }
}

impl RunRecord {
    /// The record in a folder; `None` if there is none that can be understood.
    pub fn read(folder: &Path) -> Option<RunRecord> {
        let bytes = fs::read(folder.join(RECORD)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// The differences between what this run read and what `now` reads.
    pub fn since(&self, now: &RunRecord) -> Since {
        let mut since = Since {
            time: self.time.clone(),
            version: (self.tonghop != now.tonghop).then(|| self.tonghop.clone()),
            ..Since::default()
        };
        let known = |hash: &String| Some(hash.clone());
        let all = |record: &RunRecord| -> BTreeMap<String, Option<String>> {
            let definition = record.definition.iter();
            let definition = definition.map(|(name, hash)| (name.clone(), known(hash)));
            definition.chain(record.inputs.clone()).collect()
        };
        let (then, now) = (all(self), all(now));
        let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        for name in names {
            match (then.get(name), now.get(name)) {
                (Some(then), Some(now)) if then != now => since.changed.push(name.clone()),
                (Some(_), None) => since.gone.push(name.clone()),
                (None, Some(_)) => since.added.push(name.clone()),
                _ => {}
            }
        }
        since
    }
}

/// Is there a file with this content?
pub(super) fn has_hash(path: &Path, hash: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| sha256(&bytes) == *hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_since_a_run_is_named() {
        let record = |inputs: &[(&str, Option<&str>)], definition: &[(&str, &str)]| RunRecord {
            tonghop: "1".into(),
            time: "2025-10-06T08:05:11+07:00".into(),
            inputs: inputs
                .iter()
                .map(|(name, hash)| ((*name).to_owned(), hash.map(str::to_owned)))
                .collect(),
            definition: definition
                .iter()
                .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()))
                .collect(),
            ..RunRecord::default()
        };
        let then = record(
            &[("a", Some("1")), ("b", Some("2")), ("c", None)],
            &[("roster.csv", "3")],
        );
        assert!(then.since(&then.clone()).is_nothing());
        let now = record(
            &[("b", Some("9")), ("c", None), ("d", Some("4"))],
            &[("roster.csv", "5")],
        );
        let since = then.since(&now);
        assert_eq!(since.changed, ["b", "roster.csv"]);
        assert_eq!(since.added, ["d"]);
        assert_eq!(since.gone, ["a"]);
        assert_eq!(since.version, None);
    }
}
