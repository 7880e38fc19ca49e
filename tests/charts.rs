//! The indicators a campaign charts are checked when it is loaded.

mod common;

use std::fs;

use tonghop::campaign::Campaign;

fn refusal(chart: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |_| false);
    let path = folder.path().join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\n[[chart]]\n{chart}\n")).unwrap();
    Campaign::load(folder.path())
        .err()
        .map(|error| error.to_string())
}

#[test]
fn a_chart_is_of_one_field_of_a_form() {
    assert_eq!(refusal("value = \"van_ban!gui.trong_ky\"\ntop = 5"), None);
    let unknown = refusal("value = \"van_ban!gui.trong_kỳ\"").unwrap();
    assert!(unknown.contains("campaign.toml"), "{unknown}");
    let sum = refusal("value = \"van_ban!gui.trong_ky + 1\"").unwrap();
    assert!(sum.contains("đúng một ô"), "{sum}");
    let none = refusal("value = \"van_ban!gui.trong_ky\"\ntop = 0").unwrap();
    assert!(none.contains("từ 1 đến 50"), "{none}");
}
