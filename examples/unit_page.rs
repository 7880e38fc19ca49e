//! Writes the pages a unit of the sample campaign would see into a folder, to be looked at:
//!
//!     cargo run --example unit_page -- target/pages
//!
//! Which page shows what is in its name. Open them in a browser, or print them to PDF.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use tonghop::campaign::{Campaign, Run, check};
use tonghop::commands::explain::explain;
use tonghop::model::{Lang, ReportingUnit};
use tonghop::page::{
    Answer, AnswerState, Asked, Change, Download, Downloads, Earlier, EarlierLinks, FormLine,
    FormState, Frame, OpenFinding, Receipt, ReceiptFile, Refusal, Sent, UnitLinks, UnitPage,
    assets, receipt_page, refusal_page, rule_page, unit_page,
};
use tonghop::workbook::Limits;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/vinh-long-2025-09");
const MISTAKES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/loi-thuong-gap");

fn main() -> Outcome<()> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let campaign = Campaign::load(Path::new(SAMPLE))?;
    let office = Office { campaign, folder };
    for asset in assets() {
        let path = office.folder.join(asset.path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().ok_or("an asset without a folder")?)?;
        fs::write(path, asset.bytes)?;
    }
    office.answers()?;
    office.others()?;
    explained(&office.folder)
}

/// The page of a workbook with a figure that is unusual: the small campaign of the tests.
fn explained(folder: &Path) -> Outcome<()> {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/dot-nho");
    let office = Office {
        campaign: Campaign::load(Path::new(small))?,
        folder: folder.to_owned(),
    };
    let text = "Đơn vị báo cáo:;Xã An Bình\nMã đơn vị:;A\nKỳ báo cáo:;tháng 9 năm 2025\n\
                Tên lớp;Số người dự;Trong đó nữ;Tỷ lệ nữ (%);Kinh phí;Ngày khai giảng;Trực tuyến\n\
                Kỹ năng số cơ bản;3259;1629;49,98;0,1;08/9/2025;x\nAn toàn thông tin;30;30;100;0,2;30/9/2025;\n\
                Tổng cộng;3289;1659;50,44;0,3;;\n";
    let path = folder.join("an-binh.csv");
    fs::write(&path, text)?;
    office.answer("giai-trinh", &office.check(&[path])?)
}

struct Office {
    campaign: Campaign,
    folder: PathBuf,
}

impl Office {
    fn frame(&self, lang: Lang) -> Frame<'_> {
        Frame {
            lang,
            path: "",
            base: "",
            csrf: "0123456789abcdef",
            title: &self.campaign.file.title,
            office: &self.campaign.file.office,
            contact: Some("Phòng Chuyển đổi số, 0270 3 823 456"),
        }
    }

    fn write(&self, name: &str, html: Result<String, tonghop::model::Message>) -> Outcome<()> {
        let html = html.map_err(|message| message.en)?;
        let html = html.replace("\"/a/", "\"a/");
        fs::write(self.folder.join(name), html)?;
        println!("{name}");
        Ok(())
    }

    fn check(&self, paths: &[PathBuf]) -> Outcome<Run> {
        Ok(check(
            paths,
            Some(&self.campaign),
            &Limits::default(),
            &|_, _| {},
        )?)
    }

    /// The pages with an answer: of a workbook that goes back, and of one that is fine.
    fn answers(&self) -> Outcome<()> {
        for (name, file) in [
            ("tra-lai", "28870-xa-cho-lach-2025-09.xlsx"),
            ("nhieu-loi", "29341-xa-tieu-can-2025-09.xlsx"),
            ("cat-so", "29461-xa-tra-cu-2025-09.xlsx"),
            ("dat", "28807-xa-giao-long-2025-09.xlsx"),
        ] {
            let path = Path::new(SAMPLE).join("inbox/dot-1").join(file);
            self.answer(name, &self.check(&[path])?)?;
        }
        Ok(())
    }

    fn answer(&self, name: &str, run: &Run) -> Outcome<()> {
        let submission = run.submissions.first().ok_or("no submission")?;
        let unit = submission.unit.as_deref().ok_or("no unit")?;
        let before = OpenFinding::among(run.findings.iter().step_by(2));
        for (action, sent) in [("kiem-tra", checked()), ("nop", submitted())] {
            for lang in [Lang::Vi, Lang::En] {
                let asked = Asked {
                    lang,
                    before: (action == "nop").then_some(&before),
                    ..self.asked(run, &sent)
                };
                let page = self.page(unit, Some(Answer::of(&asked)));
                let html = unit_page(&self.frame(lang), &page);
                self.write(&format!("{action}-{name}-{lang}.html"), html)?;
            }
        }
        Ok(())
    }

    fn asked<'a>(&'a self, run: &'a Run, sent: &'a Sent) -> Asked<'a> {
        Asked {
            lang: Lang::Vi,
            definition: Some(&self.campaign),
            submissions: &run.submissions,
            findings: &run.findings,
            tables: &run.tables,
            sent,
            before: None,
            rule_base: Some("quy-tac-"),
        }
    }

    fn others(&self) -> Outcome<()> {
        let unit = self.campaign.roster.units.first().ok_or("no unit")?;
        let frame = self.frame(Lang::Vi);
        let page = UnitPage {
            earlier: Vec::new(),
            ..self.page(unit, None)
        };
        self.write("chua-nop.html", unit_page(&frame, &page))?;
        let damaged = [
            "tep-co-mat-khau",
            "tep-cat-cut",
            "sai-ky",
            "khong-co-bieu-nao",
            "gui-ban-pdf",
        ];
        let mut paths: Vec<PathBuf> = Vec::new();
        for name in damaged {
            for entry in fs::read_dir(Path::new(MISTAKES).join(name))? {
                let path = entry?.path();
                if path.extension().is_some_and(|end| end != "md") {
                    paths.push(path);
                }
            }
        }
        let run = self.check(&paths)?;
        let sent = checked();
        let answer = Answer::of(&self.asked(&run, &sent));
        self.write(
            "tep-khong-dung-duoc.html",
            unit_page(&frame, &self.page(unit, Some(answer))),
        )?;
        self.write("bien-nhan.html", receipt_page(&frame, &receipt()?))?;
        for (name, refusal) in [
            ("duong-dan-la", Refusal::UnknownLink),
            ("qua-lon", Refusal::TooBig(50 << 20)),
            ("dang-ban", Refusal::Busy(7)),
            ("gui-qua-nhieu", Refusal::TooMany(40)),
        ] {
            let page = refusal_page(&frame, &refusal, Some("chua-nop.html"));
            self.write(&format!("tu-choi-{name}.html"), page)?;
        }
        for rule in [
            "luy-ke-lech-ky-truoc-va-trong-ky",
            "tep-co-mat-khau",
            "tong-cong-lech",
        ] {
            let text = explain(rule, Some(Path::new(SAMPLE)))?.text;
            let page = rule_page(&frame, rule, &text, Some("chua-nop.html"));
            self.write(&format!("quy-tac-{rule}.html"), page)?;
        }
        Ok(())
    }

    fn page(&self, unit: &ReportingUnit, answer: Option<Answer>) -> UnitPage {
        let due = self.campaign.forms.iter();
        let due = due.filter(|form| self.campaign.expects(unit, form.id()));
        let state = match answer.as_ref().map(Answer::state) {
            None | Some(AnswerState::Refused) => FormState::NotFiled,
            Some(AnswerState::Fine) => FormState::Received,
            Some(AnswerState::ToExplain) => FormState::ToExplain,
            Some(AnswerState::ToCorrect) => FormState::Returned,
        };
        let line = |form: &std::sync::Arc<tonghop::schema::Form>| FormLine {
            title: form.file.title.clone(),
            code: form.file.code.clone(),
            state,
        };
        UnitPage {
            unit: unit.name.clone(),
            period: self.campaign.file.period,
            deadline: self.campaign.file.deadline,
            today: day(1),
            closed: false,
            forms: due.map(line).collect(),
            received: Vec::new(),
            links: UnitLinks {
                check: "check".into(),
                submit: "submit".into(),
                explain: "explain".into(),
                queue: "queue".into(),
                template: Some("template".into()),
            },
            most_bytes: 50 << 20,
            waiting: 0,
            notice: None,
            answer,
            earlier: vec![earlier("2025-0017", 0), earlier("2025-0009", 3)],
        }
    }
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 10, day).unwrap_or_default()
}

fn moment() -> NaiveDateTime {
    day(1).and_hms_opt(14, 5, 9).unwrap_or_default()
}

fn checked() -> Sent {
    let downloads = Downloads {
        marked: vec![Download {
            name: "bao cao.xlsx".into(),
            address: "marked.xlsx".into(),
        }],
        ..Downloads::default()
    };
    Sent::Checked { downloads }
}

fn submitted() -> Sent {
    Sent::Submitted {
        number: "2025-0018".into(),
        at: moment(),
        downloads: Downloads {
            marked: vec![Download {
                name: "bao cao.xlsx".into(),
                address: "marked.xlsx".into(),
            }],
            findings: Some("findings.xlsx".into()),
            receipt: Some("bien-nhan.html".into()),
        },
    }
}

fn earlier(number: &str, errors: usize) -> Earlier {
    Earlier {
        number: number.to_owned(),
        at: moment(),
        files: vec!["bao-cao-thang-9.xlsx".into()],
        state: if errors > 0 {
            AnswerState::ToCorrect
        } else {
            AnswerState::ToExplain
        },
        errors,
        warnings: 2,
        said: Vec::new(),
        change: (errors == 0).then_some(Change {
            solved: 3,
            open: 2,
            new: 0,
        }),
        links: EarlierLinks {
            view: "nop-tra-lai.html".into(),
            receipt: "bien-nhan.html".into(),
            marked: Some("marked.xlsx".into()),
            findings: Some("findings.xlsx".into()),
        },
    }
}

fn receipt() -> Outcome<Receipt> {
    Ok(Receipt {
        number: "2025-0018".into(),
        at: moment(),
        unit: "Xã Chợ Lách".into(),
        code: "28870".into(),
        period: "2025-09".parse()?,
        files: vec![ReceiptFile {
            name: "28870-xa-cho-lach-2025-09.xlsx".into(),
            bytes: 48_123,
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            forms: vec![
                "Văn bản điện tử gửi, nhận".into(),
                "Chữ ký số chuyên dùng công vụ".into(),
            ],
        }],
        state: AnswerState::ToCorrect,
        errors: 2,
        warnings: 1,
        back: "chua-nop.html".into(),
    })
}
