//! Rows that close a list or a printed page of it and are no items: none is ever counted.

use super::named_sums::{FORM, found_in, of, structure};
use super::{rules, statuses};

/// What is found in a list whose form has no total row, with these rows behind four items.
fn behind(rows: &[&str]) -> (i32, serde_json::Value) {
    let form = FORM.replace("total = \"Tổng cộng\"\n", "");
    let items = [
        "Đường A;xã;40;20",
        "Đường B;xã;35;15",
        "Trường C;tỉnh;50;30",
        "Trường D;tỉnh;25;12",
    ];
    found_in(&form, &[&items[..], rows].concat())
}

/// A closing row under a name of its own was added to the rows that it adds up.
#[test]
fn a_last_row_without_ordinal_that_is_the_sum_of_all_is_a_total_whatever_it_is_called() {
    for name in ["Toàn trung tâm", "∑", "Total", "Chung cả đợt", "Hết"] {
        let (code, told) = behind(&[&format!("|{name};;150;77")]);
        assert_eq!(
            (code, structure(&told)),
            (0, vec!["dong-cong-nhom"]),
            "{name}: {told:#}"
        );
    }
    // Called a sum, it is one whatever its figures are.
    for name in ["Toàn trung tâm", "∑", "Total"] {
        let (code, told) = behind(&[&format!("|{name};;151;77")]);
        assert_eq!(code, 1, "{name}: {told:#}");
        assert!(rules(&told).contains(&"cong-nhom-lech"), "{name}: {told:#}");
    }
    // An item whose ordinal was forgotten stays one.
    for item in [
        "|Đường E;xã;30;10",
        "|Toàn dân đoàn kết;xã;31;11",
        "5|Cả bốn;xã;150;77",
    ] {
        let (_, told) = behind(&[item]);
        assert!(
            !rules(&told).contains(&"dong-cong-nhom"),
            "{item}: {told:#}"
        );
        assert!(
            !rules(&told).contains(&"cong-nhom-lech"),
            "{item}: {told:#}"
        );
    }
}

/// Averages and figures of other times were added up with the items.
#[test]
fn a_row_called_an_average_or_another_time_is_told_and_not_counted() {
    for name in [
        "Bình quân",
        "Trung bình chung",
        "Cùng kỳ năm trước",
        "Lũy kế từ đầu năm",
        "So với kỳ trước",
    ] {
        for before in [&[][..], &["|Toàn trung tâm;;150;77"][..]] {
            let last = format!("|{name};;38;19");
            let (code, told) = behind(&[before, &[last.as_str()]].concat());
            assert_eq!(
                (code, of(&told, "dong-khong-phai-muc").len()),
                (1, 1),
                "{told:#}"
            );
            let totals = structure(&told)
                .iter()
                .filter(|rule| **rule == "dong-cong-nhom")
                .count();
            assert_eq!(totals, before.len(), "{name}: {told:#}");
        }
    }
    let (code, told) = behind(&["5|Bình quân đất ở;xã;38;19", "|Tỷ lệ hộ nghèo;xã;38;19"]);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
}

/// What a page hands on to the next was a row, and the right total wrong.
#[test]
fn what_one_page_hands_on_to_the_next_is_not_counted() {
    let pages = |first: &str, second: &str| {
        let rows = [
            "1|Đường A;xã;40;20",
            "2|Đường B;xã;35;15",
            &format!("|{first};;75;35"),
            &format!("|{second};;75;35"),
            "3|Trường C;tỉnh;50;30",
            "4|Trường D;tỉnh;25;12",
        ];
        let (code, told) = found_in(FORM, &[&rows[..], &["|Tổng cộng;;150;77"]].concat());
        assert_eq!((code, statuses(&told)), (0, vec!["accepted"]), "{told:#}");
        assert_eq!(structure(&told), ["dong-cong-nhom"; 2], "{first}: {told:#}");
        // Where the form has no total, and the second page hands on its own rows only.
        let form = FORM.replace("total = \"Tổng cộng\"\n", "");
        let more = [
            &format!("|{first};;75;42"),
            &format!("|{second};;75;42"),
            "5|Chợ E;xã;10;5",
        ];
        let (code, told) = found_in(&form, &[&rows[..], &more].concat());
        assert_eq!(code, 0, "{told:#}");
        assert_eq!(structure(&told), ["dong-cong-nhom"; 4], "{first}: {told:#}");
    };
    pages("Cộng mang sang", "Mang sang trang sau");
    pages("Cộng trang 1", "Trang trước chuyển sang");
    pages("Cộng", "Số trang trước mang sang");
}

/// The numbers of the columns, printed on the second page only, were a row of figures below 0.
#[test]
fn columns_that_only_the_second_page_numbers_are_no_row() {
    let rows = |numbers: &'static str| {
        let rows = [
            "1|Đường A;xã;40;20",
            "|;Nguồn vốn;Kế hoạch vốn;Đã giải ngân",
            numbers,
        ];
        let (code, told) = found_in(
            FORM,
            &[&rows[..], &["2|Đường B;xã;35;15", "|Tổng cộng;;75;35"]].concat(),
        );
        assert_eq!((code, structure(&told)), (0, vec![]), "{numbers}: {told:#}");
    };
    rows("(1)|(2);(3);(4);(5)");
    rows("1|2;3;4;5");
    rows("A|B;1;2;3");
    rows("(A)|(B);(1);(2);(3)");
}

/// Where more rows close a list than are in it, none was taken for one that closes it; their percentages
/// were to become whole numbers.
#[test]
fn several_closing_rows_are_told_once_each_and_nothing_is_said_of_their_figures() {
    let form = FORM.replace("total = \"Tổng cộng\"\n", "");
    let rows = [
        "1|Đường A;xã;40;20",
        "2|Đường B;xã;35;15",
        "|Tổng;;75;35",
        "|Cùng kỳ 2024;;70;30",
        "|Tăng/giảm (%);;7,1;16,7",
        "|Bình quân;;37,5;17,5",
    ];
    let (code, told) = found_in(&form, &rows);
    let none = ["dong-khong-phai-muc"; 3];
    let found = [&none[..], &["dong-cong-nhom"]].concat();
    let mut told_rules = structure(&told);
    told_rules.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!((code, told_rules), (1, found), "{told:#}");
}
