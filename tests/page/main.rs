//! The pages of a unit, as a browser and a screen reader take them.

mod basics;
#[path = "../common/mod.rs"]
mod common;
mod dom;
mod hostile;
mod sample;
#[path = "../common/small.rs"]
mod small;

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use tonghop::campaign::{Campaign, Run};
use tonghop::model::Lang;
use tonghop::page::{
    Answer, Asked, Download, Downloads, Earlier, EarlierLinks, FormLine, FormState, Frame, Sent,
    UnitLinks, UnitPage, unit_page,
};

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 10, day).unwrap()
}

pub fn moment() -> NaiveDateTime {
    day(1).and_hms_opt(14, 5, 9).unwrap()
}

pub fn frame(lang: Lang) -> Frame<'static> {
    Frame {
        lang,
        path: "/n/x",
        base: "",
        csrf: "token-of-the-form",
        title: "Báo cáo tháng 9",
        office: "Sở Khoa học và Công nghệ",
        contact: None,
    }
}

pub fn submitted() -> Sent {
    Sent::Submitted {
        number: "17".into(),
        at: moment(),
        downloads: Downloads {
            marked: vec![Download {
                name: "bao cao.xlsx".into(),
                address: "/n/x/marked/17".into(),
            }],
            findings: None,
            receipt: Some("/n/x/receipt/17".into()),
        },
    }
}

pub fn checked() -> Sent {
    Sent::Checked {
        downloads: Downloads::default(),
    }
}

const NAMES: [&str; 8] = [
    "28870-xa-cho-lach-2025-09.xlsx",
    "28903-xa-mo-cay-2025-09.xlsx",
    "29050-xa-binh-dai-2025-09.xlsx",
    "29341-xa-tieu-can-2025-09.xlsx",
    "29461-xa-tra-cu-2025-09.xlsx",
    "29551-phuong-long-chau-2025-09.xlsx",
    "H61.11-so-y-te-2025-09.xlsx",
    "H61.07-so-xay-dung-2025-09.xlsx",
];

/// Workbooks of the sample in which something is found: errors with and without suspects, with
/// consequences, at cells, at a sheet, notes.
pub fn workbooks() -> Vec<PathBuf> {
    let inbox = common::sample("vinh-long-2025-09/inbox/dot-1");
    let names = NAMES.iter();
    names.map(|name| inbox.join(name)).collect()
}

/// What is asked for the whole of a run.
pub fn asked<'a>(campaign: &'a Campaign, run: &'a Run, sent: &'a Sent) -> Asked<'a> {
    Asked {
        lang: Lang::Vi,
        definition: Some(campaign),
        submissions: &run.submissions,
        findings: &run.findings,
        tables: &run.tables,
        sent,
        before: None,
        rule_base: Some("/quy-tac/"),
    }
}

/// The page with an answer and one earlier submission.
pub fn page(answer: Option<Answer>) -> UnitPage {
    UnitPage {
        unit: "Xã Chợ Lách".into(),
        period: "2025-09".parse().unwrap(),
        deadline: Some(day(3)),
        today: day(1),
        closed: false,
        forms: vec![FormLine {
            title: "Văn bản điện tử".into(),
            code: Some("Biểu 1".into()),
            state: FormState::NotFiled,
        }],
        received: Vec::new(),
        links: UnitLinks {
            check: "/n/x/check".into(),
            submit: "/n/x/submit".into(),
            explain: "/n/x/explain".into(),
            queue: "/n/x/queue".into(),
            template: Some("/n/x/template".into()),
        },
        most_bytes: 50 << 20,
        waiting: 0,
        notice: None,
        answer,
        earlier: vec![Earlier {
            number: "16".into(),
            at: moment(),
            files: vec!["a.xlsx".into()],
            state: tonghop::page::AnswerState::ToCorrect,
            errors: 2,
            warnings: 1,
            change: None,
            said: Vec::new(),
            links: EarlierLinks {
                view: "/n/x/s/16".into(),
                receipt: "/n/x/receipt/16".into(),
                marked: None,
                findings: None,
            },
        }],
    }
}

pub fn rendered(lang: Lang, page: &UnitPage) -> String {
    unit_page(&frame(lang), page).unwrap_or_else(|message| panic!("{}", message.en))
}
