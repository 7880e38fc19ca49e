//! A campaign of one form and one unit, in a folder of its own.

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

use super::check;

/// What is found in one file, for September 2025.
pub(super) struct Campaign<'a> {
    /// The form file.
    pub(super) form: &'a str,
    /// The form's id.
    pub(super) id: &'a str,
    /// The unit's code and name.
    pub(super) unit: (&'a str, &'a str),
}

impl Campaign<'_> {
    /// What is found in a file of this name and content.
    pub(super) fn found(&self, name: &str, content: impl AsRef<[u8]>) -> (i32, Json) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("schemas")).unwrap();
        let campaign = format!(
            "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\nplace = \"V\"\n\
             [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"{}\"\n",
            self.id
        );
        let (code, unit) = self.unit;
        let roster = format!("code,name,kind\n{code},{unit},xa\n");
        let write = |name: PathBuf, text: &[u8]| {
            fs::write(root.join(&name), text).unwrap();
            root.join(name)
        };
        write("campaign.toml".into(), campaign.as_bytes());
        write("roster.csv".into(), roster.as_bytes());
        write(
            format!("schemas/{}.toml", self.id).into(),
            self.form.as_bytes(),
        );
        let file = write(name.into(), content.as_ref());
        check(&[file], root)
    }
}
