//! Form files compiled into the binary, so that it works alone on a machine without a checkout.

use include_dir::{Dir, include_dir};

static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schemas");

/// The text of a built-in form file.
pub fn text(id: &str) -> Option<&'static str> {
    SCHEMAS.get_file(format!("{id}.toml"))?.contents_utf8()
}

/// Ids of all built-in forms, sorted.
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = SCHEMAS
        .files()
        .filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(".toml"))
        .collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests {
    use crate::schema::Form;

    #[test]
    fn every_form_file_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(id) = name.strip_suffix(".toml") {
                // A new file is only seen when this source is compiled again.
                assert!(
                    super::text(id).is_some(),
                    "{name}: touch src/schema/builtin.rs"
                );
            }
        }
    }

    #[test]
    fn every_built_in_form_loads_under_its_own_id() {
        assert_eq!(super::ids().len(), 10, "as README and docs/bieu-mau.md say");
        for id in super::ids() {
            let text = super::text(id).unwrap();
            let form = Form::parse(id, text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(form.id(), id);
        }
    }
}
