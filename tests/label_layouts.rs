//! Tables whose rows are told apart by more than their labels: one label under several headings,
//! total rows above the rows they add up, and what clerks add of their own.

use std::sync::Arc;

use tonghop::judge::{Judged, Judging, judge, no_hurry};
use tonghop::model::Severity;
use tonghop::schema::Form;
use tonghop::workbook::Limits;

fn form(rows: &str) -> Arc<Form> {
    let text = format!(
        "id = \"bm\"\nversion = \"1\"\ntitle = \"Kết quả\"\nsheet = \"Kết quả\"\n{rows}\n\
         [defaults]\ntype = \"count\"\n"
    );
    Arc::new(Form::parse("bm.toml", &text).unwrap_or_else(|error| panic!("{error}")))
}

fn judged(form: &Arc<Form>, rows: &[&str]) -> Judged {
    judged_bytes(form, "bao-cao.csv", rows.join("\n").as_bytes())
}

fn judged_bytes(form: &Arc<Form>, name: &str, bytes: &[u8]) -> Judged {
    let limits = Limits::default();
    let judging = Judging {
        forms: std::slice::from_ref(form),
        campaign: None,
        limits: &limits,
        watch: &no_hurry,
        copy: false,
    };
    judge(name, bytes, judging)
}

/// `row.column=value` of every fact.
fn facts(judged: &Judged) -> Vec<String> {
    let facts = judged.facts.iter();
    facts
        .map(|fact| format!("{}.{}={}", fact.row, fact.column, fact.value))
        .collect()
}

/// Rule and message of what is wrong.
fn told(judged: &Judged) -> Vec<String> {
    let wrong = judged.findings.iter();
    let wrong = wrong.filter(|finding| finding.severity != Severity::Info);
    wrong
        .map(|finding| format!("{}: {}", finding.rule, finding.message.vi))
        .collect()
}

const HEADER: &str = "Nội dung,Số lớp,Học sinh";

/// Schools with a plan and what was done, under headings of their own.
fn schools() -> Arc<Form> {
    let mut rows = String::from(
        "[layout]\nrows = \"fixed\"\nlabel = \"Nội dung\"\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n",
    );
    for school in ["a", "b", "c"] {
        rows += &format!(
            "[[row]]\nid = \"{school}\"\nlabel = \"Trường {}\"\nheading = true\n\
             [[row]]\nid = \"{school}_kh\"\nlabel = \"Kế hoạch\"\n\
             [[row]]\nid = \"{school}_th\"\nlabel = \"Thực hiện\"\n",
            school.to_uppercase()
        );
    }
    form(&rows)
}

const ALL: [&str; 12] = [
    "a_kh.lop=1",
    "a_kh.hs=11",
    "a_th.lop=2",
    "a_th.hs=21",
    "b_kh.lop=3",
    "b_kh.hs=31",
    "b_th.lop=4",
    "b_th.hs=42",
    "c_kh.lop=5",
    "c_kh.hs=53",
    "c_th.lop=6",
    "c_th.hs=64",
];

#[test]
fn rows_of_one_label_are_known_by_their_heading() {
    let judged = judged(
        &schools(),
        &[
            HEADER,
            "Trường A",
            "Kế hoạch,1,11",
            "Thực hiện,2,21",
            "Trường B",
            "Kế hoạch,3,31",
            "Thực hiện,4,42",
            "Trường C",
            "Kế hoạch,5,53",
            "Thực hiện,6,64",
        ],
    );
    assert_eq!(facts(&judged), ALL);
    assert!(told(&judged).is_empty(), "{:#?}", told(&judged));
}

#[test]
fn blocks_in_another_order_are_not_exchanged() {
    let judged = judged(
        &schools(),
        &[
            HEADER,
            "Trường B",
            "Kế hoạch,3,31",
            "Thực hiện,4,42",
            "Trường C",
            "Kế hoạch,5,53",
            "Thực hiện,6,64",
            "Trường A",
            "Kế hoạch,1,11",
            "Thực hiện,2,21",
        ],
    );
    assert_eq!(facts(&judged), ALL);
}

#[test]
fn a_block_that_the_form_does_not_know_is_no_other_blocks() {
    let rows = [
        HEADER,
        "Trường A",
        "Kế hoạch,1,11",
        "Thực hiện,2,21",
        "Trường X",
        "Kế hoạch,7,75",
        "Thực hiện,8,86",
        "Trường B",
        "Kế hoạch,3,31",
        "Thực hiện,4,42",
        "Trường C",
        "Kế hoạch,5,53",
        "Thực hiện,6,64",
    ];
    assert_eq!(facts(&judged(&schools(), &rows)), ALL);
    // School B's own rows are gone: those of the unknown school are not taken for them.
    let without: Vec<&str> = rows
        .iter()
        .filter(|row| !row.contains(",31") && !row.contains(",42"))
        .copied()
        .collect();
    let judged = judged(&schools(), &without);
    let read = facts(&judged);
    assert!(read.iter().all(|fact| !fact.starts_with("b_")), "{read:?}");
    let said = told(&judged).join("\n");
    assert!(said.contains("Trường B › Kế hoạch"), "{said}");
}

#[test]
fn a_deleted_and_an_inserted_row_move_no_figure_to_another_heading() {
    let rows = [
        HEADER,
        "Trường A",
        "Kế hoạch,1,11",
        "Thực hiện,2,21",
        "Trường B",
        "Ghi chú của trường,,",
        "Thực hiện,4,42",
        "Trường C",
        "Kế hoạch,5,53",
        "Thực hiện,6,64",
    ];
    let judged = judged(&schools(), &rows);
    let read = facts(&judged);
    let wanted: Vec<&str> = ALL
        .into_iter()
        .filter(|fact| !fact.starts_with("b_kh"))
        .collect();
    assert_eq!(read, wanted);
    let said = told(&judged).join("\n");
    assert!(said.contains("Trường B › Kế hoạch"), "{said}");
}

#[test]
fn a_heading_that_was_retyped_leaves_its_rows_where_they_are() {
    let judged = judged(
        &schools(),
        &[
            HEADER,
            "Trường A",
            "Kế hoạch,1,11",
            "Thực hiện,2,21",
            "Trường Bê",
            "Kế hoạch,3,31",
            "Thực hiện,4,42",
            "Trường C",
            "Kế hoạch,5,53",
            "Thực hiện,6,64",
        ],
    );
    assert_eq!(facts(&judged), ALL);
}

/// Names that have figures themselves tell the rows below them apart, too.
#[test]
fn rows_of_one_label_are_known_by_a_row_with_figures_above_them() {
    let mut rows = String::from(
        "[layout]\nrows = \"fixed\"\nlabel = \"Nội dung\"\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n",
    );
    for (id, name) in [("mn", "Mầm non"), ("th", "Tiểu học")] {
        rows += &format!(
            "[[row]]\nid = \"{id}\"\nlabel = \"{name}\"\n[[row]]\nid = \"{id}_nu\"\nlabel = \"Trong đó: nữ\"\n"
        );
    }
    let form = form(&rows);
    let swapped = [
        "Tiểu học,3,31",
        "Trong đó: nữ,4,42",
        "Mầm non,1,11",
        "Trong đó: nữ,2,21",
    ];
    let judged = judged(&form, &[&[HEADER], &swapped[..]].concat());
    let read = facts(&judged);
    let wanted = [
        "mn.lop=1",
        "mn.hs=11",
        "mn_nu.lop=2",
        "mn_nu.hs=21",
        "th.lop=3",
        "th.hs=31",
        "th_nu.lop=4",
        "th_nu.hs=42",
    ];
    assert_eq!(read, wanted);
}

fn classes() -> Arc<Form> {
    form(
        "[layout]\nrows = \"free\"\ntotal = \"Tổng cộng\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Nội dung\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n",
    )
}

#[test]
fn a_total_row_moved_to_the_top_ends_nothing_and_is_no_row() {
    let rows = [HEADER, "Tổng cộng,3,32", "Lớp một,1,11", "Lớp hai,2,21"];
    let right = judged(&classes(), &rows);
    assert!(told(&right).is_empty(), "{:#?}", told(&right));
    let figures: Vec<String> = facts(&right)
        .into_iter()
        .filter(|fact| fact.contains("hs"))
        .collect();
    assert_eq!(figures, ["Lớp một.hs=11", "Lớp hai.hs=21"]);
    let wrong = judged(
        &classes(),
        &[HEADER, "Tổng cộng,3,33", "Lớp một,1,11", "Lớp hai,2,21"],
    );
    let said = told(&wrong);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].starts_with("tong-cong-lech"), "{said:#?}");
}

#[test]
fn a_sum_above_the_rows_is_compared_with_those_below() {
    let both = [
        "Cộng,3,32",
        "Lớp một,1,11",
        "Lớp hai,2,21",
        "Tổng cộng,3,32",
    ];
    let right = judged(&classes(), &[&[HEADER], &both[..]].concat());
    assert!(told(&right).is_empty(), "{:#?}", told(&right));
    let both = [
        "Cộng,3,33",
        "Lớp một,1,11",
        "Lớp hai,2,21",
        "Tổng cộng,3,32",
    ];
    let wrong = judged(&classes(), &[&[HEADER], &both[..]].concat());
    let said = told(&wrong).join("\n");
    assert!(said.contains("2 dòng ở dưới nó"), "{said}");
}

fn classes_with_marks() -> Arc<Form> {
    form(
        "[layout]\nrows = \"free\"\ntotal = \"Tổng cộng\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Nội dung\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n\
         [[column]]\nid = \"online\"\nlabel = \"Trực tuyến\"\ntype = \"flag\"\n",
    )
}

#[test]
fn a_count_of_marks_in_the_total_row_is_compared_with_the_marks() {
    let header = "Nội dung,Số lớp,Trực tuyến";
    let rows = |count: &str| {
        let total = format!("Tổng cộng,3,{count}");
        let rows = [header, "Lớp một,1,x", "Lớp hai,2,", &total];
        told(&judged(&classes_with_marks(), &rows))
    };
    for right in ["1", "x", "✓", ""] {
        assert!(rows(right).is_empty(), "{right}: {:#?}", rows(right));
    }
    let said = rows("2");
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(
        said[0].starts_with("dem-dau-lech") && said[0].contains("có 1 dấu"),
        "{said:#?}"
    );
}

#[test]
fn rows_that_are_only_called_as_above_are_asked_for_their_names() {
    let rows = [
        HEADER,
        "Lớp một,1,11",
        "-nt-,2,21",
        "như trên,3,31",
        "Tổng cộng,6,63",
    ];
    let said = told(&judged(&classes(), &rows));
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(
        said[0].starts_with("ten-dong-nhu-tren: 2 dòng") && said[0].contains("A3, A4"),
        "{said:#?}"
    );
}

#[test]
fn a_column_that_a_clerk_inserted_is_told_once() {
    let header = "Nội dung,Số lớp,Phòng học,Học sinh";
    let rows = [
        header,
        "Lớp một,1,7,11",
        "Lớp hai,2,8,21",
        "Tổng cộng,3,15,32",
    ];
    let judged = judged(&classes(), &rows);
    let own = judged.findings.iter();
    let own: Vec<_> = own.filter(|found| found.rule == "cot-ngoai-mau").collect();
    assert_eq!((own.len(), told(&judged).len()), (1, 0), "{own:#?}");
    let said = &own[0].message.vi;
    assert!(
        said.contains("Cột C («Phòng học»)") && said.contains("2 số"),
        "{said}"
    );
    let figures: Vec<String> = facts(&judged)
        .into_iter()
        .filter(|fact| fact.contains("hs"))
        .collect();
    assert_eq!(figures, ["Lớp một.hs=11", "Lớp hai.hs=21"]);
}

#[test]
fn a_struck_label_of_a_fixed_row_with_figures_is_asked_about() {
    let row = |style: &str, label: &str, figures: [u32; 2]| {
        let label = format!("<Cell{style}><Data ss:Type=\"String\">{label}</Data></Cell>");
        let figures =
            figures.map(|figure| format!("<Cell><Data ss:Type=\"Number\">{figure}</Data></Cell>"));
        format!("<Row>{label}{}</Row>", figures.concat())
    };
    let header = ["Nội dung", "Số lớp", "Học sinh"]
        .map(|text| format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>"));
    let book = |style: &str| {
        format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles><Style ss:ID=\"out\">\
             <Font ss:StrikeThrough=\"1\"/></Style></Styles><Worksheet ss:Name=\"Kết quả\"><Table>\
             <Row>{}</Row>{}{}</Table></Worksheet></Workbook>",
            header.concat(),
            row("", "Mầm non", [1, 11]),
            row(style, "Tiểu học", [2, 21]),
        )
    };
    let form = form(
        "[layout]\nrows = \"fixed\"\nlabel = \"Nội dung\"\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n\
         [[row]]\nid = \"mn\"\nlabel = \"Mầm non\"\n[[row]]\nid = \"th\"\nlabel = \"Tiểu học\"\n",
    );
    let judging = |style: &str| judged_bytes(&form, "bao-cao.xls", book(style).as_bytes());
    assert!(told(&judging("")).is_empty(), "{:#?}", told(&judging("")));
    let said = told(&judging(" ss:StyleID=\"out\""));
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(
        said[0].starts_with("so-bi-gach-ngang: Nhãn dòng «Tiểu học»"),
        "{said:#?}"
    );
}

#[test]
fn a_column_beside_the_table_is_told_as_one_inside_it() {
    let rows = [
        "Nội dung,Số lớp,Học sinh,Phòng học,,Nháp",
        "Lớp một,1,11,7,,5",
        "Lớp hai,2,21,8,,6",
        "Tổng cộng,3,32,15",
    ];
    let judged = judged(&classes(), &rows);
    let own = judged.findings.iter();
    let own: Vec<_> = own.filter(|found| found.rule == "cot-ngoai-mau").collect();
    assert_eq!((own.len(), told(&judged).len()), (1, 0), "{own:#?}");
    let said = &own[0].message.vi;
    assert!(said.contains("Cột D («Phòng học»)"), "{said}");
}

/// A block of last period beside the table has the form's headings under one of its own.
#[test]
fn columns_under_another_spanning_heading_are_other_columns() {
    let page = |over: &str| {
        format!(
            "<html><table><tr><td><td><td>{over}<tr><td>Nội dung<td>Số lớp<td>Học sinh<td>Số lớp<td>Học sinh\
             <tr><td>Lớp một<td>1<td>11<td>2<td>12<tr><td>Lớp hai<td>2<td>21<td>3<td>22</table></html>"
        )
    };
    let asked = |over| {
        let said = told(&judged_bytes(
            &classes(),
            "bao-cao.xls",
            page(over).as_bytes(),
        ));
        said.iter()
            .filter(|said| said.starts_with("cot-trung-tieu-de"))
            .count()
    };
    assert_eq!(asked("<td colspan=2>Kỳ trước"), 0);
    assert_eq!(asked(""), 2);
}

/// The form prints a row to show how the others are filled. As printed it is nobody's; written over,
/// or merely called like an example, it is the unit's.
#[test]
fn a_row_that_was_written_over_an_example_is_the_units() {
    let form = form(
        "[layout]\nrows = \"free\"\nexamples = [\"Ví dụ: Lớp lá\"]\n\
         [[column]]\nid = \"ten\"\nlabel = \"Nội dung\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n",
    );
    let read = |first: &str| facts(&judged(&form, &[HEADER, first, "Lớp hai,2,21"]));
    let others = ["Lớp hai.lop=2", "Lớp hai.hs=21"];
    assert_eq!(read("Ví dụ: Lớp lá,1,11"), others);
    for name in ["VD-01", "Ví dụ: Lớp chồi", "VD Bank"] {
        assert_eq!(read(&format!("{name},1,11")).len(), 4, "{name}");
    }
}

#[test]
fn of_two_columns_with_one_heading_and_other_figures_none_is_taken_silently() {
    for header in [
        "Nội dung,Số lớp,Số lớp,Học sinh",
        "Nội dung,Số lớp,Học sinh,Học sinh",
    ] {
        let rows = |figures: [&str; 2]| {
            let [one, two] = figures;
            told(&judged(&classes(), &[header, one, two]))
                .into_iter()
                .filter(|said| said.starts_with("cot-trung-tieu-de"))
                .collect::<Vec<_>>()
        };
        let said = rows(["Lớp một,1,2,3", "Lớp hai,4,5,6"]);
        assert_eq!(said.len(), 1, "{header}: {said:#?}");
        let same = rows(["Lớp một,1,1,1", "Lớp hai,2,2,2"]);
        assert!(same.is_empty(), "{header}: {same:#?}");
    }
}

#[test]
fn a_filled_row_outside_the_form_sends_it_back() {
    let outside = |rows: &[&str]| {
        let said = told(&judged(&classes(), rows));
        let rows = said
            .iter()
            .filter(|said| said.starts_with("dong-ngoai-bieu"));
        rows.count()
    };
    let (one, total) = ("Lớp một,1,11", "Tổng cộng,1,11");
    assert_eq!(outside(&[HEADER, one, total, "Lớp hai,2,21"]), 1);
    assert_eq!(outside(&[HEADER, one, total, ",,", "Lớp hai,2,21"]), 1);
    // Filled in every column, it is no note, however many lines were skipped, up to a point.
    assert_eq!(
        outside(&[HEADER, one, total, ",,", ",,", "Lớp hai,2,21"]),
        1
    );
    let blank = [",,"; 12];
    let far: Vec<&str> = [&[HEADER, one, total][..], &blank, &["Lớp hai,2,21"]].concat();
    assert_eq!(outside(&far), 0);
    assert_eq!(outside(&[HEADER, one, total, "Kiểm tra,2,21"]), 0);
    assert_eq!(outside(&[HEADER, one, total, ",2,21"]), 0);
    let fixed = form(
        "[layout]\nrows = \"fixed\"\nlabel = \"Nội dung\"\n\
         [[column]]\nid = \"lop\"\nlabel = \"Số lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n\
         [[row]]\nid = \"mn\"\nlabel = \"Mầm non\"\n[[row]]\nid = \"th\"\nlabel = \"Tiểu học\"\n",
    );
    let rows = |added| [HEADER, "Mầm non,1,11", added, "Tiểu học,2,21"];
    let said = told(&judged(&fixed, &rows("Nhà trẻ,3,31")));
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(
        said[0].starts_with("dong-ngoai-bieu: Dòng 3 («Nhà trẻ») có 2 số"),
        "{said:#?}"
    );
    let part = told(&judged(&fixed, &rows("Trong đó nữ,1,5")));
    assert!(
        part.iter().all(|said| said.starts_with("so-ngoai-bang")),
        "{part:#?}"
    );
}
