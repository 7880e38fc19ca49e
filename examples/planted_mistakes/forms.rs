//! Every shipped form, and a campaign of forms that nobody had tried: whether the wrong cell is
//! named first, form by form, and what is reported of workbooks without a mistake.

use std::fmt::Write;
use std::path::Path;

use tonghop::campaign::Campaign;
use tonghop::model::Severity;

use super::book::Way;
use super::books::{self, Sample};
use super::judge::Told;
use super::kinds::KINDS;
use super::measure::{Outcome, Rank, measure};
use super::plant;
use super::tables::{WAYS, count, counted, head, line, share};

/// The campaigns: what the page calls them, and where they are.
const CAMPAIGNS: [(&str, &str); 3] = [
    ("vinh-long-2025-09", "samples/vinh-long-2025-09"),
    ("vpubnd-2025-07", "samples/vpubnd-2025-07"),
    (
        "trường học, tiêm chủng, công trình",
        "tests/cases/dot-moi/t10",
    ),
];

/// The outcome of one form's cases.
pub struct OfForm {
    /// Campaign and form.
    pub name: String,
    pub outcomes: Vec<Outcome>,
}

/// What was measured in one campaign.
pub struct OfCampaign {
    pub name: &'static str,
    pub sample: Sample,
    pub forms: Vec<OfForm>,
}

/// Measures every form of every campaign, `quota` single mistakes in each way of filling.
pub fn measured(root: &Path, seed: u64, quota: usize) -> Result<Vec<OfCampaign>, String> {
    let of = |(name, folder): &(&'static str, &str)| {
        let campaign = Campaign::load(&root.join(folder)).map_err(|error| error.to_string())?;
        let sample = books::accepted(&campaign)?;
        let (names, cases): (Vec<String>, Vec<_>) =
            plant::by_form(&campaign, &sample.books, seed, quota)
                .into_iter()
                .unzip();
        let outcomes = measure(&campaign, &sample.books, &cases);
        let mut forms: Vec<OfForm> = campaign
            .forms
            .iter()
            .map(|form| OfForm {
                name: format!("{name} › {}", form.id()),
                outcomes: Vec::new(),
            })
            .collect();
        for (id, outcome) in names.iter().zip(outcomes) {
            let place = campaign.forms.iter().position(|form| form.id() == id);
            if let Some(place) = place {
                forms[place].outcomes.push(outcome);
            }
        }
        Ok(OfCampaign {
            name,
            sample,
            forms,
        })
    };
    CAMPAIGNS.iter().map(of).collect()
}

/// The wrong cell's rank, form by form.
pub fn ranks(page: &mut String, campaigns: &[OfCampaign]) {
    head(
        page,
        &[
            "biểu",
            "cách điền",
            "trường hợp",
            "báo lỗi",
            "xác định: ô sai đứng đầu",
            "nhiều cách giải thích: ô sai trong ba ô đầu",
            "đứng đầu",
            "đứng đầu cùng ô khác",
            "thứ hai, thứ ba",
            "sau nữa",
        ],
    );
    let mut all: Vec<&Outcome> = Vec::new();
    for form in campaigns.iter().flat_map(|campaign| &campaign.forms) {
        for (way, way_name) in WAYS {
            let these: Vec<&Outcome> = form.outcomes.iter().filter(|o| o.way == way).collect();
            line(page, &row(&form.name, way_name, &these));
        }
        all.extend(&form.outcomes);
    }
    for (way, way_name) in WAYS {
        let these: Vec<&Outcome> = all.iter().copied().filter(|o| o.way == way).collect();
        line(page, &row("mọi biểu", way_name, &these));
    }
}

fn row(name: &str, way: &str, these: &[&Outcome]) -> Vec<String> {
    let hard: Vec<&Outcome> = these.iter().copied().filter(|o| o.hard).collect();
    let is = |told: fn(&Told) -> bool| -> Vec<&Outcome> {
        let these = hard.iter().copied();
        these.filter(|o| told(&o.judged.told)).collect()
    };
    let determined = is(|told| *told == Told::Determined);
    let open = is(|told| matches!(told, Told::Ambiguous(_)));
    let ranked = |rank: Rank| counted(count(&hard, |o| o.rank == rank));
    vec![
        name.to_owned(),
        way.to_owned(),
        counted(these.len()),
        counted(hard.len()),
        share(
            count(&determined, |o| o.rank == Rank::First),
            determined.len(),
        ),
        share(count(&open, |o| o.rank <= Rank::InThree), open.len()),
        ranked(Rank::First),
        ranked(Rank::Tied),
        ranked(Rank::InThree),
        ranked(Rank::Lost),
    ]
}

/// What is reported of workbooks without a mistake, campaign by campaign.
pub fn clean(page: &mut String, campaigns: &[OfCampaign]) {
    head(
        page,
        &[
            "đợt",
            "tệp sạch",
            "bị báo lỗi nhầm",
            "bị cảnh báo",
            "có ghi chú, công thức còn chạy",
        ],
    );
    for campaign in campaigns {
        let books = &campaign.sample.books;
        let of = |severity: Severity| {
            let alarms = campaign.sample.alarms.iter();
            let mut files: Vec<&str> = alarms
                .filter(|alarm| alarm.severity == severity)
                .map(|alarm| &*alarm.file)
                .collect();
            files.sort_unstable();
            files.dedup();
            share(files.len(), books.len())
        };
        let noted = books
            .iter()
            .filter(|book| !book.variant(Way::Alive).notes.is_empty());
        line(
            page,
            &[
                campaign.name.to_owned(),
                counted(books.len()),
                of(Severity::Error),
                of(Severity::Warning),
                share(noted.count(), books.len()),
            ],
        );
    }
}

/// Why the campaign that was made for a trial has warnings.
const OF_TRIAL: &str = "\nĐợt thử bị cảnh báo nhiều vì số tháng 10 của đợt được đặt ra không theo số tháng 9 đã chốt: số học sinh một khối từ 70 lên 160, tổng mức một công trình từ 2.500 lên 9.000. Cảnh báo «thay đổi lớn so với kỳ trước» hỏi đúng những chỗ ấy.\n";

/// Both tables.
pub fn section(page: &mut String, campaigns: &[OfCampaign]) {
    writeln!(
        page,
        "\n## Từng biểu\n\nMỗi biểu của hai đợt mẫu, và ba biểu của một đợt thử (trường học, tiêm chủng, công trình) mà chương trình chưa từng được chỉnh theo; mỗi tệp một lỗi. Mục tiêu: xác định thì ô sai đứng đầu từ 98%; nhiều cách giải thích thì ô sai trong ba ô đầu từ 90%.\n"
    )
    .expect("writing to a string");
    ranks(page, campaigns);
    page.push_str("\nTệp không có lỗi nào:\n\n");
    clean(page, campaigns);
    page.push_str(OF_TRIAL);
}

/// The cases whose wrong cell was not where it should be: what was typed, and what was reported.
pub fn misses(campaigns: &[OfCampaign]) -> String {
    let mut list = String::new();
    for form in campaigns.iter().flat_map(|campaign| &campaign.forms) {
        for outcome in form.outcomes.iter().filter(|outcome| outcome.hard) {
            let hit = match outcome.judged.told {
                Told::Determined => outcome.rank == Rank::First,
                Told::Ambiguous(_) => outcome.rank <= Rank::InThree,
                _ => true,
            };
            if !hit {
                let kinds = outcome.kinds.iter().map(|kind| KINDS[*kind].name);
                let kinds: Vec<&str> = kinds.collect();
                list.push_str(&format!(
                    "\n{} {:?} {:?} {:?} «{}» {}\n",
                    form.name,
                    outcome.way,
                    outcome.judged.told,
                    outcome.rank,
                    kinds.join(" + "),
                    outcome.trace
                ));
            }
        }
    }
    list
}
