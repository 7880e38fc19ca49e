//! JSON Schemas of form and campaign files, so that an editor completes and checks them.

use schemars::schema_for;

use super::campaign::CampaignFile;
use super::file::FormFile;

/// Name and text of each schema.
pub fn all() -> [(&'static str, String); 2] {
    let text = |schema: schemars::Schema| format!("{:#}\n", schema.to_value());
    [
        ("form.schema.json", text(schema_for!(FormFile))),
        ("campaign.schema.json", text(schema_for!(CampaignFile))),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Set `TONGHOP_WRITE_SCHEMAS=1` to write them anew after a change of the types.
    #[test]
    fn the_schemas_in_the_repository_are_those_of_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        for (name, text) in super::all() {
            let path = folder.join(name);
            if std::env::var_os("TONGHOP_WRITE_SCHEMAS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                kept == text,
                "{name} is not that of the types; see this test's comment"
            );
        }
    }
}
