use std::fs;

use crate::browser::Office;
use crate::cli::tonghop;
use crate::client::{get, post, post_words};
use crate::server::token;
use crate::small::{Small, right_and_explained};

#[test]
fn consolidating_from_the_page_writes_what_the_command_writes() {
    let small = Small::filled();
    let office = Office::start_with(
        &small.folder(),
        &[],
        &[("TONGHOP_NOW", "2025-10-06T08:00:00+07:00")],
    );
    let mut admin = office.admin();
    admin.get("/tong-hop");
    let done = admin.send("/tong-hop/chay", &[]);
    assert_eq!(
        done.header("location"),
        Some("/tong-hop?xong=tong-hop"),
        "{}",
        done.text()
    );
    let page = admin.get("/tong-hop").text();
    let out = tonghop(small.root(), &["consolidate", "dot", "--out", "ra"]);
    assert!(out.code < 3, "{out:?}");
    for name in ["tong-hop.xlsx", "facts.csv", "findings.csv", "figures.csv"] {
        assert!(page.contains(&format!("/tong-hop/tep/{name}")), "{page}");
        let got = admin.get(&format!("/tong-hop/tep/{name}"));
        assert_eq!(got.status, 200, "{name}");
        assert!(
            got.body == fs::read(small.root().join("ra").join(name)).unwrap(),
            "{name}"
        );
    }
    let zip = admin.get("/tong-hop/tat-ca.zip");
    assert!(zip.body.starts_with(b"PK"));
    for strange in [
        "/tong-hop/tep/..%2F..%2Fcampaign.toml",
        "/tong-hop/tep/run.json",
        "/tong-hop/tep/x",
    ] {
        assert_eq!(admin.get(strange).status, 404, "{strange}");
    }
    small.receive("s.xls", &crate::small::department().replace("1944", "1945"));
    assert!(admin.get("/tong-hop").text().contains("đã có thay đổi"));
}

#[test]
fn a_total_leads_to_its_units_files_and_cells() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let page = admin.get("/tong-hop").text();
    let at = page.split("href=\"/tong-hop/bieu/so_lieu/").nth(1).unwrap();
    let field = at.split('"').next().unwrap().to_owned();
    let parts = admin.get(&format!("/tong-hop/bieu/so_lieu/{field}")).text();
    for word in ["Sở Tư pháp", "1.944", "inbox/dot-1/s.xls", "<b>B5</b>"] {
        assert!(parts.contains(word), "{word}: {parts}");
    }
    let lop = admin.get("/tong-hop/bieu/lop/0").text();
    assert!(lop.contains("Xã An Bình") && lop.contains("3.289"), "{lop}");
    // A row that the unit added is named by the cell of the figure, not by that of its name.
    assert!(lop.contains("Lớp học!B5"), "{lop}");
    assert!(
        lop.contains("Phường Châu Thành") && lop.contains("chưa nộp"),
        "{lop}"
    );
    assert_eq!(admin.get("/tong-hop/bieu/lop/99").status, 404);
    assert_eq!(admin.get("/tong-hop/bieu/khong-co/0").status, 404);
}

#[test]
fn a_period_is_closed_with_eyes_open_and_opened_again() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let unit = token(&small.folder(), "A");
    let book = right_and_explained()
        .replace("0.1", "0.15")
        .replace("0.3", "0.35");
    let files: [(&str, &[u8]); 1] = [("a.xls", book.as_bytes())];
    admin.get("/tong-hop");
    assert_eq!(admin.send("/tong-hop/chot", &[]).status, 422);
    let lacking = admin.send("/tong-hop/chot", &[("confirm", "1")]);
    assert_eq!(lacking.status, 422);
    assert!(
        lacking.text().contains("chưa có trong số tổng hợp"),
        "{}",
        lacking.text()
    );
    assert!(!small.folder().join("history/2025-09").exists());
    let sure = [("confirm", "1"), ("provisional", "1")];
    let done = admin.send("/tong-hop/chot", &sure);
    assert_eq!(
        done.header("location"),
        Some("/tong-hop?xong=chot"),
        "{}",
        done.text()
    );
    assert!(small.folder().join("history/2025-09").is_dir());
    assert!(admin.get("/").text().contains("đã chốt"));
    let page = get(office.address, &format!("/n/{unit}")).text();
    assert!(page.contains("Kỳ này đã chốt"), "{page}");
    let refused = post(office.address, &format!("/n/{unit}/submit"), &files);
    assert_eq!(refused.status, 409, "{refused:?}");
    // What is closed would know nothing of a reason, a return or an acceptance.
    let reason = [("submission", "1"), ("reason.x", "vì thế")];
    let explained = post_words(office.address, &format!("/n/{unit}/explain"), &reason);
    assert_eq!(explained.status, 409, "{explained:?}");
    admin.get("/don-vi/A");
    let back = [("kind", "return"), ("text", "sửa lại")];
    assert_eq!(admin.send("/don-vi/A/ghi", &back).status, 409);
    let accepted = [("finding", "x"), ("reason", "vì thế")];
    assert_eq!(admin.send("/don-vi/A/chap-nhan", &accepted).status, 409);
    assert_eq!(
        post(office.address, &format!("/n/{unit}/check"), &files).status,
        200
    );
    admin.get("/tong-hop");
    assert_eq!(
        admin.send("/tong-hop/mo-lai", &[("confirm", "1")]).status,
        303
    );
    assert_eq!(
        post(office.address, &format!("/n/{unit}/submit"), &files).status,
        200
    );
    admin.get("/tong-hop");
    assert_eq!(admin.send("/tong-hop/chot", &sure).status, 303);
    assert!(admin.get("/").text().contains("đã chốt"));
}

#[test]
fn a_period_closed_in_the_second_in_which_it_was_opened_again_is_closed() {
    let small = Small::complete();
    let set = [("TONGHOP_NOW", "2025-10-06T08:00:00+07:00")];
    let office = Office::start_with(&small.folder(), &[], &set);
    let mut admin = office.admin();
    admin.get("/tong-hop");
    let sure = [("confirm", "1")];
    for _ in 0..2 {
        let closed = admin.send("/tong-hop/chot", &sure);
        assert_eq!(closed.status, 303, "{}", closed.text());
        assert!(admin.get("/").text().contains("đã chốt"));
        assert_eq!(admin.send("/tong-hop/mo-lai", &sure).status, 303);
        assert!(!admin.get("/").text().contains("đã chốt"));
    }
}

#[test]
fn only_an_administrator_closes() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut worker = office.with_role(&mut admin, "lam", "work");
    worker.get("/tong-hop");
    let sure = [("confirm", "1"), ("provisional", "1")];
    assert_eq!(worker.send("/tong-hop/chot", &sure).status, 403);
    assert_eq!(worker.send("/tong-hop/mo-lai", &sure).status, 403);
    assert!(!small.folder().join("history").exists());
    let mut viewer = office.with_role(&mut admin, "xem", "view");
    viewer.get("/tong-hop");
    assert_eq!(viewer.send("/tong-hop/chay", &[]).status, 403);
}

#[test]
fn what_was_done_is_written_down_with_who_did_it() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    admin.get("/don-vi/A");
    admin.send(
        "/don-vi/A/ghi",
        &[("kind", "message"), ("text", "xem lại giúp")],
    );
    admin.get("/tong-hop");
    admin.send("/tong-hop/chay", &[]);
    let log = admin.get("/nhat-ky").text();
    for word in [
        "quan.tri",
        "tạo tài khoản",
        "đăng nhập",
        "ghi chú",
        "xem lại giúp",
        "Xã An Bình (A)",
    ] {
        assert!(log.contains(word), "{word}: {log}");
    }
    let of_unit = admin.get("/nhat-ky?unit=A").text();
    assert!(
        of_unit.contains("xem lại giúp") && !of_unit.contains("đăng nhập</td>"),
        "{of_unit}"
    );
    let list = admin.get("/nhat-ky.xlsx");
    assert!(list.body.starts_with(b"PK"));
    assert!(admin.get("/nhat-ky").text().contains("nhat-ky.xlsx"));
}

#[test]
fn the_same_mistake_in_many_units_is_one_line() {
    let small = Small::empty();
    for (code, name) in [
        ("A", "Xã An Bình"),
        ("B", "Xã Bình \"Mới\", An"),
        ("C", "Phường Châu Thành"),
    ] {
        let text = crate::small::wrong();
        let text = text.replace("Xã Bình &quot;Mới&quot;, An", &name.replace('"', "&quot;"));
        small.receive(
            &format!("{code}.xls"),
            &text.replace(">B<", &format!(">{code}<")),
        );
    }
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let page = admin.get("/loi").text();
    assert!(page.contains("Cùng một chỗ ở 3 đơn vị"), "{page}");
    assert!(page.contains("nu-nhieu-hon-tong"), "{page}");
    let by_unit = admin.get("/loi?theo=don-vi").text();
    for name in ["Xã An Bình", "Phường Châu Thành"] {
        assert!(by_unit.contains(name), "{by_unit}");
    }
    assert!(
        !admin
            .get("/loi?muc=warning")
            .text()
            .contains("nu-nhieu-hon-tong")
    );
}

#[test]
fn a_report_text_that_lacks_figures_names_them_without_its_source_and_the_servers_folders() {
    let small = Small::empty();
    let folder = small.folder().join("bao-cao");
    fs::create_dir(&folder).unwrap();
    let text = "Một dòng.\n{% if T01 + T04 == 0 %}không có{% endif %}\n";
    fs::write(folder.join("thieu.md"), text).unwrap();
    fs::write(folder.join("sai.md"), "{{ T01 | khong_co }}\n").unwrap();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    admin.get("/tong-hop");
    let mut told = |name: &str| {
        let fields = [("template", name)];
        let answer = admin.send("/tong-hop/bao-cao", &fields);
        let page = answer.text();
        assert!(!page.contains(small.root().to_str().unwrap()), "{page}");
        page
    };
    let page = told("bao-cao/thieu.md");
    for words in [
        "chưa có số liệu T01, T04",
        "bao-cao/thieu.md, dòng 2",
        "Đường dẫn, thư",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("{%"), "{page}");
    assert!(told("bao-cao/sai.md").contains("không có bộ lọc"));
}
