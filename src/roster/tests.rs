use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::names::PREFIXES;
use super::*;
use crate::model::ReportingUnit;
use crate::text::label_key;

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

/// As written in one corpus of reports; the three with initials are aliases.
#[test]
fn the_spellings_of_one_agency_are_that_agency() {
    let roster = roster(
        "VH,\"Sở Văn hóa, Thể thao và Du lịch\",so,,,,Sở VHTTDL|Sở Văn hóa-TT-DL\n\
         GD,Sở Giáo dục và Đào tạo,so,,,,Sở GD&ĐT\n",
    );
    for name in [
        "Sở Văn hóa-TT-DL",
        "Sở Văn hóa -TT-DL",
        "Sở Văn hóa- Thể thao và Du lịch",
        "Sở Văn hóa – Thể thao & Du lịch",
        "Sở Văn hoá – Thể thao – Du lịch",
        "Sở Văn hóa – thể thao- du lịch",
        "Sở Văn hóa Thể thao Du lịch",
        "Sở Văn hóa,Thể thao và Du lịch.",
        "SỞ VĂN HOÁ, THỂ THAO VÀ DU LỊCH",
        "Sở VH-TT&DL",
        "Sở VH, TT và DL",
        "Sở VHTTDL",
        "SởVăn hóa, Thể thao và Du lịch",
    ] {
        let found = roster.find(name, today());
        assert_eq!(found, Match::Exact(roster.units[0].clone()), "{name}");
    }
    let found = roster.find("Sở GD- ĐT", today());
    assert_eq!(found, Match::Exact(roster.units[1].clone()));
    assert!(matches!(roster.find("Sở VH", today()), Match::None { .. }));
}

#[test]
fn a_space_more_or_less_is_the_same_name() {
    let roster = vinh_long();
    for name in [
        "UBNDxã Hương Mỹ",
        "xãHương Mỹ",
        "X.Hương Mỹ",
        "X Hương Mỹ",
        "Xã HươngMỹ",
    ] {
        match roster.find(name, today()) {
            Match::Exact(unit) => assert_eq!(unit.name, "Xã Hương Mỹ", "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    for name in [
        "phường Hương Mỹ",
        "phườngHương Mỹ",
        "xHương Mỹ",
        "Hương",
        "và",
    ] {
        let found = roster.find(name, today());
        assert!(matches!(found, Match::None { .. }), "{name}: {found:?}");
    }
}

/// Every spelling of every commune, as cells of a workbook in the font it was typed in: which are
/// recognised, which are reported, and none is another commune's. The list writes ỹ the wrong way
/// in VNI (ì, which is ì; so in 7 names): those are reported.
#[test]
fn no_spelling_of_a_commune_is_taken_for_another() {
    let roster = vinh_long();
    let variants = data("roster_variants.csv");
    let ours = |column: &str, font: Option<&str>, change: fn(&str) -> String| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let look = rust_xlsxwriter::Format::new();
        let look = font.map_or(look.clone(), |font| look.set_font_name(font));
        for (row, unit) in (0..).zip(&variants) {
            sheet
                .write_with_format(row, 0, change(&unit[column]), &look)
                .unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let read = crate::workbook::workbook_from_bytes("a.xlsx", &bytes, &Default::default());
        let cells = read.unwrap().sheets.remove(0).cells;
        let (mut exact, mut asked) = (0, 0);
        for (address, cell) in cells {
            let at = usize::try_from(address.row).unwrap();
            match roster.find(cell.text().unwrap(), today()) {
                Match::Exact(unit) => {
                    assert_eq!(unit.code, variants[at]["code"], "{column}: {cell:?}");
                    exact += 1;
                }
                Match::None { .. } => asked += 1,
                other => panic!("{column}: {other:?}"),
            }
        }
        (exact, asked)
    };
    let as_is: fn(&str) -> String = str::to_owned;
    let no_horn: fn(&str) -> String = |text| text.replace('\u{AD}', "");
    for column in ["canonical", "nfd", "unikey_tohop", "upper", "abbrev", "org"] {
        assert_eq!(ours(column, None, as_is), (124, 0), "{column}");
    }
    assert_eq!(ours("new_tone", None, as_is), (14, 0));
    assert_eq!(ours("ascii", None, as_is), (0, 124));
    assert_eq!(ours("tcvn3", Some(".VnTime"), as_is), (124, 0));
    assert_eq!(ours("tcvn3", Some(".VnTimeH"), as_is), (124, 0));
    assert_eq!(ours("tcvn3", Some(".VnTime"), no_horn), (90, 34));
    assert_eq!(ours("tcvn3", None, as_is), (0, 124));
    assert_eq!(ours("tcvn3", None, no_horn), (0, 124));
    assert_eq!(ours("vni", Some("VNI-Times"), as_is), (117, 7));
    assert_eq!(ours("vni", None, as_is), (0, 124));
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
         3,,xa,,31/06/2025,,\n\
         4,Xã Ba Tri,xa,,2025-07-01,2024-07-01,\n\
         5,Xã Cái Nhum,xa\n\
         6,UBND xã An  BÌNH,xa,,,,\n",
    );
    assert_eq!(messages.len(), 6, "{messages:#?}");
    assert!(messages[0].starts_with("roster.csv, dòng 3, cột code: mã `1` đã dùng ở dòng 2"));
    assert!(messages[1].starts_with("roster.csv, dòng 4, cột name: để trống"));
    assert!(messages[2].starts_with("roster.csv, dòng 4, cột active_from: `31/06/2025`"));
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
    assert!(message(b"code,nam,kind,group,active_from,active_to,aliases\n").contains("`name`?"));
    let damaged = ["code,name\n1,Xã Mỹ\n2,".as_bytes(), b"\xc3\n"].concat();
    assert!(message(&damaged).starts_with("r.csv, dòng 3: chữ ở dòng này hỏng"));
    assert!(message(b"").contains("thiếu cột"));
    assert!(message(&bom.as_bytes()[..54]).contains("không có đơn vị nào"));
    let missing = Roster::load(Path::new("/khong/co/roster.csv")).unwrap_err();
    assert!(missing.to_string().contains("không đọc được"));
}

#[test]
fn an_office_keeps_its_list_as_it_likes() {
    let text = "Mã đơn vị;Tên đơn vị;Loại;Từ ngày;Email;Điện thoại\r\n\
        1;Xã An Bình;xa;01/7/2025;a@x.vn;0270\r\n\
        2;\"Xã Bình; An\";xa;;;\r\n";
    let roster = Roster::parse(text.as_bytes(), "roster.csv").unwrap();
    assert_eq!(roster.units[0].active_from, Some(day("2025-07-01")));
    assert_eq!(roster.units[1].name, "Xã Bình; An");
    let own = |title: &str, text: &str| (title.to_owned(), text.to_owned());
    let wanted = [own("Email", "a@x.vn"), own("Điện thoại", "0270")];
    assert_eq!(roster.own("1"), wanted);
    let wrong = text.replace("01/7/2025", "31/6/2025");
    let wrong = Roster::parse(wrong.as_bytes(), "roster.csv").unwrap_err();
    let wrong = wrong.to_string();
    assert!(
        wrong.starts_with("roster.csv, dòng 2, cột active_from: `31/6/2025`"),
        "{wrong}"
    );
}

#[test]
fn prefixes_are_written_as_keys() {
    for (prefix, _) in PREFIXES {
        assert_eq!(crate::text::normalise(prefix), prefix.trim_end());
    }
}

#[test]
fn a_name_may_be_printed_with_its_code_and_its_province() {
    let mut roster = vinh_long();
    roster.province = "Vĩnh Long".to_owned();
    let day = day("2025-09-30");
    let of = |name: &str| match roster.find(name, day) {
        Match::Exact(unit) => unit.code.clone(),
        _ => String::new(),
    };
    for name in [
        "Phường Phú Khương (mã 28756)",
        "Phường Phú Khương (28756)",
        "28756 - Phường Phú Khương",
        "Phường Phú Khương, mã đơn vị: 28756",
        "Phường Phú Khương, tỉnh Vĩnh Long",
        "UBND phường Phú Khương - tỉnh Vĩnh Long",
        "Phường Phú Khương (mã 28756), tỉnh Vĩnh Long",
        "Phường Phú Khương, TP. Bến Tre, tỉnh Vĩnh Long",
    ] {
        assert_eq!(of(name), "28756", "{name}");
    }
    // Another unit's code, another province: nobody's name.
    for name in [
        "Phường Phú Khương (mã 28757)",
        "Phường Phú Khương, tỉnh Đồng Nai",
        "Phường Phú Khương, tỉnh Vĩnh Long, tỉnh Đồng Nai",
    ] {
        assert_eq!(of(name), "", "{name}");
    }
}

#[test]
fn headings_may_name_what_the_units_are() {
    let text = "Mã số,\"Tên xã, phường\",Loại hình\n01,Xã An Bình,xa\n";
    let roster = Roster::parse(text.as_bytes(), "roster.csv").unwrap();
    assert_eq!(roster.units[0].name, "Xã An Bình");
    assert_eq!(roster.units[0].kind, "xa");
}
