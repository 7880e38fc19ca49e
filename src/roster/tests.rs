use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2025-09-30")
}

fn roster(lines: &str) -> Roster {
    parsed(lines).unwrap()
}

fn parsed(lines: &str) -> Result<Roster, RosterError> {
    let header = "code,name,kind,group,active_from,active_to,aliases\n";
    Roster::parse(format!("{header}{lines}").as_bytes(), "roster.csv")
}

/// The Vietnamese messages about a roster that is refused.
fn refused(lines: &str) -> Vec<String> {
    parsed(lines)
        .unwrap_err()
        .faults
        .into_iter()
        .map(|fault| fault.message.vi)
        .collect()
}

fn codes(units: &[Arc<ReportingUnit>]) -> Vec<&str> {
    units.iter().map(|unit| unit.code.as_str()).collect()
}

fn data(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path)
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// The 124 communes of Vĩnh Long as a roster.
fn vinh_long() -> Roster {
    let mut lines = String::new();
    for commune in data("communes.csv") {
        let kind = crate::text::slug(&commune["kind"]);
        lines += &format!(
            "{},{},{kind},,2025-07-01,,\n",
            commune["code"], commune["full_name"]
        );
    }
    roster(&lines)
}

#[test]
fn every_commune_is_known_by_every_spelling_of_its_name() {
    let roster = vinh_long();
    assert_eq!(roster.units.len(), 124);
    for variants in data("roster_variants.csv") {
        for column in [
            "canonical",
            "nfd",
            "unikey_tohop",
            "new_tone",
            "upper",
            "abbrev",
            "org",
        ] {
            let name = &variants[column];
            if name.is_empty() {
                continue; // not every name has a second place for its tone
            }
            let own = roster.by_code(&variants["code"]).unwrap().clone();
            assert_eq!(
                roster.find(name, today()),
                Match::Exact(own),
                "{column}: {name}"
            );
        }
    }
}

#[test]
fn a_name_without_marks_is_only_ever_suggested() {
    let roster = vinh_long();
    for variants in data("roster_variants.csv") {
        match roster.find(&variants["ascii"], today()) {
            Match::None { nearest } => {
                assert_eq!(
                    nearest.first().unwrap().code,
                    variants["code"],
                    "{}",
                    variants["ascii"]
                );
            }
            Match::Exact(unit) => assert_eq!(label_key(&unit.name), label_key(&variants["ascii"])),
            other => panic!("{}: {other:?}", variants["ascii"]),
        }
    }
}

#[test]
fn likeness_decides_nothing() {
    let roster = vinh_long();
    let names = |name: &str| match roster.find(name, today()) {
        Match::Exact(unit) => vec![unit.name.clone()],
        Match::None { nearest } => nearest
            .iter()
            .map(|unit| format!("? {}", unit.name))
            .collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(names("xã Hương Mỹ"), ["Xã Hương Mỹ"]);
    assert_eq!(names("xã Hưng Mỹ"), ["Xã Hưng Mỹ"]);
    let long_hai = names("xã Long Hải");
    assert_eq!(long_hai[0], "? Xã Đông Hải");
    assert!(long_hai.len() <= 3 && long_hai.iter().all(|name| name.starts_with('?')));
    assert!(names("Ngân hàng Nhà nước").is_empty());
    assert!(names("").is_empty());
}

#[test]
fn prefix_forms_are_the_same_unit() {
    let roster = roster("28777,Phường An Hội,phuong,,,,\nSNV,Sở Nội vụ,so,,,,\n");
    for name in [
        "An Hội",
        "phường An Hội",
        "P.An Hội",
        "p. an hội",
        "UBND phường An Hội",
        "UBND P. An Hội",
        "Ủy ban nhân dân phường An Hội",
        "Uỷ ban nhân dân phường An Hội.",
        "PHƯỜNG AN HỘI",
    ] {
        assert_eq!(
            roster.find(name, today()),
            Match::Exact(roster.units[0].clone()),
            "{name}"
        );
    }
    assert_eq!(
        roster.find("Sở Nội Vụ ", today()),
        Match::Exact(roster.units[1].clone())
    );
    assert_eq!(
        roster.find("Nội vụ", today()),
        Match::None { nearest: vec![] }
    );
}

#[test]
fn a_name_that_says_its_kind_must_agree() {
    let roster =
        roster("1,Phường An Hội,phuong,,,,\n2,Xã Tân An,xa,,,,\n3,Phường Tân An,phuong,,,,\n");
    match roster.find("xã An Hội", today()) {
        Match::None { nearest } => assert_eq!(codes(&nearest), ["1"]),
        other => panic!("{other:?}"),
    }
    match roster.find("Tân An", today()) {
        Match::Several(units) => assert_eq!(codes(&units), ["2", "3"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        roster.find("P. Tân An", today()),
        Match::Exact(roster.units[2].clone())
    );
}

#[test]
fn aliases_and_dates() {
    let roster = roster(
        "VH,\"Sở Văn hóa, Thể thao và Du lịch\",so,,,,Sở VHTTDL|Sở VH-TT&DL\n\
         A,Xã Trung Thành,xa,,2025-07-01,2026-06-08,\n\
         B,Phường Vũng Liêm,phuong,,2026-06-09,,xã Trung Thành\n",
    );
    for name in [
        "Sở VHTTDL",
        "sở VH-TT & DL",
        "Sở Văn hoá,Thể thao và Du lịch",
    ] {
        assert_eq!(
            roster.find(name, today()),
            Match::Exact(roster.units[0].clone()),
            "{name}"
        );
    }
    let find = |day_text: &str| roster.find("Xã Trung Thành", day(day_text));
    assert_eq!(find("2026-06-08"), Match::Exact(roster.units[1].clone()));
    assert_eq!(find("2026-06-09"), Match::Exact(roster.units[2].clone()));
    assert_eq!(find("2025-06-30"), Match::Inactive(roster.units[1].clone()));
}

#[test]
fn everything_wrong_with_a_roster_is_told_at_its_place() {
    let messages = refused(
        "1,Xã An Bình,xa,,,,\n\
         1,Xã An Định,xa,,,,\n\
         3,,xa,,01/07/2025,,\n\
         4,Xã Ba Tri,xa,,2025-07-01,2024-07-01,\n\
         5,Xã Cái Nhum,xa\n\
         6,UBND xã An  BÌNH,xa,,,,\n",
    );
    assert_eq!(messages.len(), 6, "{messages:#?}");
    assert!(messages[0].starts_with("roster.csv, dòng 3, cột code: mã `1` đã dùng ở dòng 2"));
    assert!(messages[1].starts_with("roster.csv, dòng 4, cột name: để trống"));
    assert!(messages[2].starts_with("roster.csv, dòng 4, cột active_from: `01/07/2025`"));
    assert!(messages[3].starts_with("roster.csv, dòng 5, cột active_to:"));
    assert!(messages[4].starts_with("roster.csv, dòng 6: có 3 cột"));
    assert!(
        messages[5].starts_with("roster.csv, dòng 7, cột name: tên hoặc tên gọi khác \"an bình\"")
    );
}

#[test]
fn a_name_may_be_inherited_but_not_shared() {
    assert!(parsed("1,Xã A,xa,,,2025-06-30,\n2,Xã A,xa,,2025-07-01,,\n").is_ok());
    assert_eq!(
        refused("1,Xã A,xa,,,2025-07-01,\n2,Xã A,xa,,2025-07-01,,\n").len(),
        1
    );
    assert_eq!(refused("1,Xã Hoà,xa,,,,\n2,Xã B,xa,,,,X. Hòa\n").len(), 1);
    assert!(
        parsed("1,Xã A,xa,,,,xã A|X. A\n").is_ok(),
        "a unit's own alias is no clash"
    );
}

#[test]
fn columns_and_encoding_are_checked() {
    let message = |bytes: &[u8]| Roster::parse(bytes, "r.csv").unwrap_err().to_string();
    let bom = "\u{feff}code,name,kind,group,active_from,active_to,aliases\n1,Xã A,xa,,,,\n";
    assert_eq!(
        Roster::parse(bom.as_bytes(), "r.csv").unwrap().units.len(),
        1
    );
    assert!(message(b"code;name;kind;group;active_from;active_to;aliases\n").contains("chấm phẩy"));
    assert!(message(b"code,nam,kind,group,active_from,active_to,aliases\n").contains("`name`?"));
    assert!(message(b"code,name\n\xff\n").starts_with("r.csv, dòng 2: tệp không phải mã UTF-8"));
    assert!(message(b"").contains("thiếu cột"));
    assert!(message(&bom.as_bytes()[..54]).contains("không có đơn vị nào"));
    let missing = Roster::load(Path::new("/khong/co/roster.csv")).unwrap_err();
    assert!(missing.to_string().contains("không đọc được"));
}

#[test]
fn prefixes_are_written_as_keys() {
    for (prefix, _) in PREFIXES {
        assert_eq!(crate::text::normalise(prefix), prefix.trim_end());
    }
}
