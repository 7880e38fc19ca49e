use super::*;
use proptest::prelude::*;

const FORM: &str = "id = \"so\"\nversion = \"1\"\ntitle = \"Sổ\"\nsheet = \"Sổ\"\n\
    [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\n\
    [defaults]\ntype = \"count\"\n\
    [[column]]\nid = \"dau\"\nlabel = \"Đầu kỳ\"\nover_time = \"first\"\n\
    [[column]]\nid = \"vao\"\nlabel = \"Nhận\"\nover_time = \"sum\"\n\
    [[column]]\nid = \"xong\"\nlabel = \"Xong\"\nover_time = \"sum\"\n\
    [[column]]\nid = \"cuoi\"\nlabel = \"Cuối kỳ\"\nover_time = \"last\"\n\
    [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\n\
    numerator = \"xong\"\ndenominator = \"vao\"\n\
    [[row]]\nid = \"don\"\nlabel = \"Đơn\"\n";
const ROSTER: &str = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
    A,Xã A cũ,xa,,,2025-08-31,,\nB,Xã B cũ,xa,,,2025-08-31,,\n\
    M,Xã Mới,xa,,2025-09-01,,,A|B\nX,Xã Khác,xa,,,,,\nN,Xã Lập Sau,xa,,2025-08-01,,,\n";
const COLUMNS: [&str; 4] = ["dau", "vao", "xong", "cuoi"];

fn form(text: &str) -> Arc<Form> {
    Arc::new(Form::parse("form.toml", text).unwrap())
}

fn fact(unit: &str, row: &str, column: &str, value: u32) -> Fact {
    Fact {
        period: None,
        unit: unit.into(),
        form: "so".into(),
        row: row.into(),
        column: column.into(),
        value: Value::Number(value.into()),
        source: None,
    }
}

fn part(period: &str, filed: &[(&str, [u32; 4])]) -> ClosedPart {
    let facts = filed.iter().flat_map(|(unit, figures)| {
        let cells = COLUMNS.iter().zip(figures);
        cells.map(|(column, value)| fact(unit, "don", column, *value))
    });
    ClosedPart {
        period: period.parse().unwrap(),
        facts: facts.collect(),
        accepted: filed
            .iter()
            .map(|(unit, _)| ((*unit).into(), "so".into()))
            .collect(),
        expected: Expected::new(),
    }
}

fn third_quarter(parts: &[ClosedPart], form: &Arc<Form>) -> Composed {
    let roster = Roster::parse(ROSTER.as_bytes(), "roster.csv").unwrap();
    let whole = "2025-Q3".parse().unwrap();
    compose(whole, parts, &roster, std::slice::from_ref(form))
}

fn value(composed: &Composed, unit: &str, row: &str, column: &str) -> Option<Number> {
    let at = |fact: &&Fact| *fact.unit == *unit && *fact.row == *row && *fact.column == *column;
    let found: Vec<&Fact> = composed.facts.iter().filter(at).collect();
    assert!(found.len() < 2, "{found:?}");
    found.first()?.value.as_number()
}

proptest! {
    /// Flows add up, stocks are those of the ends, the percentage is that of the sums; and a
    /// stock that moves by its flows in every month does so over the quarter.
    #[test]
    fn a_quarter_has_the_flows_of_its_months_and_the_stocks_of_its_ends(
        opening in 0u32..1000,
        flows in prop::collection::vec((1u32..100, 0u32..50), 3),
    ) {
        let mut stock = opening + 200;
        let mut parts = Vec::new();
        for (month, (received, settled)) in ["2025-07", "2025-08", "2025-09"].iter().zip(&flows) {
            let after = stock + received - settled;
            parts.push(part(month, &[("X", [stock, *received, *settled, after])]));
            stock = after;
        }
        let composed = third_quarter(&parts, &form(FORM));
        let of = |column| value(&composed, "X", "don", column).unwrap();
        let received: u32 = flows.iter().map(|(received, _)| received).sum();
        let settled: u32 = flows.iter().map(|(_, settled)| settled).sum();
        prop_assert_eq!(of("dau"), Number::from(opening + 200));
        prop_assert_eq!(of("vao"), Number::from(received));
        prop_assert_eq!(of("xong"), Number::from(settled));
        prop_assert_eq!(of("cuoi"), Number::from(stock));
        prop_assert_eq!(of("dau") + of("vao") - of("xong"), of("cuoi"));
        let exact = Number::from(settled) * Number::ONE_HUNDRED / Number::from(received);
        let rounded = crate::schema::evaluate::round(exact, 2, crate::schema::form::Rounding::HalfUp);
        prop_assert_eq!(of("ty_le"), rounded);
        prop_assert!(composed.gaps.is_empty());
    }
}

#[test]
fn units_merged_in_between_bring_their_months_and_a_new_one_begins_with_its_first() {
    let parts = [
        part("2025-07", &[("A", [1, 10, 5, 6]), ("B", [2, 20, 7, 15])]),
        part(
            "2025-08",
            &[
                ("A", [6, 1, 1, 6]),
                ("B", [15, 1, 1, 15]),
                ("N", [0, 4, 1, 3]),
            ],
        ),
        part("2025-09", &[("M", [21, 9, 10, 20]), ("N", [3, 5, 0, 8])]),
    ];
    let composed = third_quarter(&parts, &form(FORM));
    let all = |unit| COLUMNS.map(|column| value(&composed, unit, "don", column));
    let numbers = |figures: [u32; 4]| figures.map(|figure| Some(Number::from(figure)));
    assert_eq!(all("M"), numbers([3, 41, 24, 20]));
    assert_eq!(all("N"), numbers([0, 9, 1, 8]));
    assert_eq!(all("A"), [None; 4]);
    assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
}

#[test]
fn a_merged_unit_lacks_nothing_of_one_that_did_not_have_to_file() {
    let expected = |mut part: ClosedPart, units: &[&str]| {
        let units = units.iter().map(|unit| (*unit).to_owned()).collect();
        part.expected.insert("so".into(), units);
        part
    };
    let september = part("2025-09", &[("M", [21, 9, 10, 20])]);
    let sums = |july: &[&str], of_july: &[(&str, [u32; 4])], august: &[&str]| {
        let parts = [
            expected(part("2025-07", of_july), july),
            expected(part("2025-08", &[]), august),
            september.clone(),
        ];
        let composed = third_quarter(&parts, &form(FORM));
        let lacking: Vec<Lacking> = composed
            .gaps
            .iter()
            .map(|gap| gap.lacking.clone())
            .collect();
        (value(&composed, "M", "don", "vao"), lacking)
    };
    let a = ("A", [1, 10, 5, 6]);
    // B filed nothing because it did not have to, or although it had to; nobody had to in August.
    let whole = sums(&["A"], &[a], &[]);
    assert_eq!(whole, (Some(Number::from(19)), vec![]));
    let july = Lacking::Form(vec!["2025-07".parse().unwrap()]);
    assert_eq!(sums(&["A", "B"], &[a], &[]), (None, vec![july]));
}

#[test]
fn a_month_that_a_unit_lacks_is_named_and_nothing_is_added_up_without_it() {
    let parts = [
        part("2025-07", &[("X", [1, 1, 1, 1])]),
        part("2025-08", &[]),
        part("2025-09", &[("X", [1, 1, 1, 1])]),
    ];
    let composed = third_quarter(&parts, &form(FORM));
    assert_eq!(composed.facts, []);
    assert!(composed.complete.is_empty());
    let [gap] = composed.gaps.as_slice() else {
        panic!("{:?}", composed.gaps)
    };
    assert_eq!(gap.lacking, Lacking::Form(vec!["2025-08".parse().unwrap()]));
}

#[test]
fn a_figure_that_is_due_and_lacks_in_one_month_has_no_sum() {
    let due = FORM.replace("[defaults]\n", "[defaults]\nblank = \"missing\"\n");
    let mut months =
        ["2025-07", "2025-08", "2025-09"].map(|month| part(month, &[("X", [1, 1, 1, 1])]));
    months[1].facts.retain(|fact| &*fact.column != "vao");
    let composed = third_quarter(&months, &form(&due));
    assert_eq!(composed.facts, []);
    assert!(composed.complete.is_empty());
    let lacking: Vec<&Lacking> = composed.gaps.iter().map(|gap| &gap.lacking).collect();
    assert_eq!(lacking, [&Lacking::Cells(vec!["Đơn › Nhận".into()])]);
    // Where a blank is rightly nothing the other months count.
    let composed = third_quarter(&months, &form(FORM));
    assert_eq!(value(&composed, "X", "don", "vao"), Some(2.into()));
}

#[test]
fn rows_that_units_add_are_followed_by_their_names() {
    const FREE: &str = "id = \"so\"\nversion = \"1\"\ntitle = \"Sổ\"\nsheet = \"Sổ\"\n\
        [layout]\nrows = \"free\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"vao\"\nlabel = \"Nhận\"\ntype = \"count\"\nover_time = \"sum\"\n\
        [[column]]\nid = \"cuoi\"\nlabel = \"Cuối\"\ntype = \"count\"\nover_time = \"last\"\n";
    let month = |period: &str, rows: &[(&str, u32)]| ClosedPart {
        period: period.parse().unwrap(),
        facts: rows
            .iter()
            .flat_map(|(row, figure)| ["vao", "cuoi"].map(|column| fact("X", row, column, *figure)))
            .collect(),
        accepted: vec![("X".into(), "so".into())],
        expected: Expected::new(),
    };
    let months = [
        month("2025-07", &[("Hộ tịch", 3), ("Đất đai", 1)]),
        month("2025-08", &[("hộ tịch", 4), ("Thuế", 2), ("Thuế", 2)]),
        month("2025-09", &[("Hộ tịch", 5)]),
    ];
    let composed = third_quarter(&months, &form(FREE));
    assert_eq!(value(&composed, "X", "Hộ tịch", "vao"), Some(12.into()));
    assert_eq!(value(&composed, "X", "Hộ tịch", "cuoi"), Some(5.into()));
    assert_eq!(value(&composed, "X", "Đất đai", "vao"), Some(1.into()));
    assert_eq!(value(&composed, "X", "Đất đai", "cuoi"), None);
    let merged = ClosedPart {
        facts: vec![fact("A", "Chợ", "vao", 6)],
        accepted: vec![("A".into(), "so".into()), ("B".into(), "so".into())],
        ..month("2025-07", &[])
    };
    let later = ["2025-08", "2025-09"].map(|period| ClosedPart {
        accepted: vec![
            ("A".into(), "so".into()),
            ("B".into(), "so".into()),
            ("M".into(), "so".into()),
        ],
        ..month(period, &[])
    });
    let parts = [&[merged][..], &later].concat();
    let of_merged = third_quarter(&parts, &form(FREE));
    assert_eq!(value(&of_merged, "M", "Chợ", "vao"), Some(6.into()));
    // Rows of one name all count.
    assert_eq!(value(&composed, "X", "Thuế", "vao"), Some(4.into()));
    assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
}

#[test]
fn openings_closings_and_computed_cells_follow_from_the_forms_rules() {
    let mut text = FORM.to_owned();
    for (column, word) in [("Đầu kỳ", "first"), ("Cuối kỳ", "last"), ("Xong", "sum")] {
        let told = format!("label = \"{column}\"\nover_time = \"{word}\"\n");
        assert!(text.contains(&told), "{told}");
        let computed = if column == "Xong" {
            "computed = true\n"
        } else {
            ""
        };
        text = text.replace(&told, &format!("label = \"{column}\"\n{computed}"));
    }
    text += "[[rule]]\nid = \"dau\"\ncheck = \"dau = PREV(cuoi)\"\n\
             [[rule]]\nid = \"xong\"\ncheck = \"xong = dau + vao - cuoi\"\n";
    let text = text.replace("id = \"dau\"\ncheck", "id = \"dau-ky\"\ncheck");
    let text = text.replace("id = \"xong\"\ncheck", "id = \"da-xong\"\ncheck");
    let parts = [
        part("2025-07", &[("X", [5, 10, 8, 7])]),
        part("2025-08", &[("X", [7, 10, 9, 8])]),
        part("2025-09", &[("X", [8, 10, 6, 12])]),
    ];
    let composed = third_quarter(&parts, &form(&text));
    let all = COLUMNS.map(|column| value(&composed, "X", "don", column));
    assert_eq!(
        all,
        [5, 30, 23, 12].map(|figure| Some(Number::from(figure)))
    );
    assert_eq!(
        value(&composed, "X", "don", "ty_le"),
        Some("76.67".parse().unwrap())
    );
    assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
}

#[test]
fn columns_whose_course_in_time_nobody_said_are_named() {
    let text = FORM.replace("label = \"Nhận\"\nover_time = \"sum\"", "label = \"Nhận\"");
    assert_eq!(without_course(&form(&text)), ["vao"]);
    assert!(without_course(&form(FORM)).is_empty());
}
