//! Files that somebody puts into the inbox while the server runs.

use std::fs;

use crate::client::{get, post};
use crate::server::Server;
use crate::small::{Small, right_and_explained};

#[test]
fn a_unit_sees_that_what_it_sent_another_way_has_arrived_and_nothing_of_others() {
    let small = Small::filled();
    let server = Server::start(&small.folder());
    let tokens = ["A", "B", "C"].map(|unit| server.token(unit));
    let page = |of: usize| get(server.address, &format!("/n/{}", tokens[of])).text();
    let (a, b, c) = (page(0), page(1), page(2));
    for words in ["a.xls", "đã nhận qua đường khác", "state received"] {
        assert!(a.contains(words), "{words}: {a}");
    }
    assert!(!a.contains("chưa nộp") && !a.contains("hai\".xls"), "{a}");
    assert!(b.contains("state returned") && !b.contains("a.xls"), "{b}");
    assert!(
        c.contains("chưa nộp") && !c.contains("qua đường khác"),
        "{c}"
    );

    // Another workbook is another answer, and without one nothing has arrived.
    let book = right_and_explained().replace("Giải trình", "Trang khác");
    small.receive("a.xls", &book);
    assert!(page(0).contains("state to-explain"), "{}", page(0));
    fs::remove_file(small.folder().join("inbox/dot-1/a.xls")).unwrap();
    assert!(page(0).contains("chưa nộp"), "{}", page(0));

    // What is submitted here is known already.
    let path = format!("/n/{}/submit", tokens[0]);
    post(
        server.address,
        &path,
        &[("a.xls", right_and_explained().as_bytes())],
    );
    let a = page(0);
    assert!(
        a.contains("state received") && !a.contains("qua đường khác"),
        "{a}"
    );
}
