//! Letters to units: an invitation with the link, a reminder, a return, a receipt.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::board::Now;
use super::mistakes::open;
use super::results::bundled;
use super::shared::Fresh;
use super::shown::day;
use super::standing::Standing;
use crate::campaign::file_names::usable;
use crate::campaign::{Campaign, Clock, ToolError};
use crate::history::guard;
use crate::model::{Lang, Message};
use crate::page::FormState;
use crate::serve::mail::addresses;
use crate::text::slug;
use crate::write::{Letter, letters_document};

/// Mistakes that a letter tells.
const MOST: usize = 10;

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LetterKind {
    Invitation,
    Reminder,
    Return,
    Receipt,
}

/// What a file of letters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One document, a page for each unit.
    Document,
    /// An archive of mails that are not sent yet.
    Mails,
    /// One text.
    Text,
    /// A table, for merging into letters of one's own.
    Table,
}

impl Format {
    pub(super) fn of(name: &str) -> Option<Format> {
        Some(match name {
            "docx" => Format::Document,
            "eml" => Format::Mails,
            "txt" => Format::Text,
            "csv" => Format::Table,
            _ => return None,
        })
    }
}

impl LetterKind {
    pub(super) const ALL: [LetterKind; 4] = [
        LetterKind::Invitation,
        LetterKind::Reminder,
        LetterKind::Return,
        LetterKind::Receipt,
    ];

    /// As it is sent.
    pub(super) fn name(self) -> &'static str {
        match self {
            LetterKind::Invitation => "moi",
            LetterKind::Reminder => "nhac",
            LetterKind::Return => "tra-lai",
            LetterKind::Receipt => "bien-nhan",
        }
    }

    pub(super) fn of(name: &str) -> Option<LetterKind> {
        LetterKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn word(self) -> Message {
        let (vi, en) = match self {
            LetterKind::Invitation => ("Mời nộp báo cáo", "Invitation"),
            LetterKind::Reminder => ("Nhắc đơn vị chưa nộp", "Reminder"),
            LetterKind::Return => ("Trả lại để sửa", "Return"),
            LetterKind::Receipt => ("Báo đã nhận", "Receipt"),
        };
        Message::new(vi, en)
    }

    /// To whom it goes.
    pub(super) fn about(self) -> Message {
        let (vi, en) = match self {
            LetterKind::Invitation => (
                "Gửi đơn vị vừa được tạo đường dẫn trong phiên này.",
                "To units whose links were made in this session.",
            ),
            LetterKind::Reminder => (
                "Gửi đơn vị chưa nộp gì.",
                "To units that have filed nothing.",
            ),
            LetterKind::Return => (
                "Gửi đơn vị đang bị trả lại, kể các chỗ sai đầu tiên.",
                "To units whose report goes back, with the first mistakes.",
            ),
            LetterKind::Receipt => (
                "Gửi đơn vị đã nộp và không phải sửa gì.",
                "To units that filed and have nothing to correct.",
            ),
        };
        Message::new(vi, en)
    }

    /// What it says, with names in braces for what differs from unit to unit.
    pub(super) fn text(self) -> &'static str {
        match self {
            LetterKind::Invitation => {
                "Kính gửi: {don_vi}\n\n{co_quan} đề nghị đơn vị nộp «{dot}», kỳ {ky}, chậm nhất ngày {han}.\n\nĐơn vị tải mẫu, kiểm tra và nộp tại đường dẫn riêng dưới đây, không cần tài khoản. Ai có đường dẫn này thì nộp thay được cho đơn vị, đề nghị không chuyển tiếp:\n{duong_dan}\n\nTrân trọng."
            }
            LetterKind::Reminder => {
                "Kính gửi: {don_vi}\n\nĐến nay {co_quan} chưa nhận được «{dot}», kỳ {ky} của đơn vị. Hạn nộp: {han}.\n\nĐề nghị đơn vị nộp qua đường dẫn đã gửi. Nếu mất đường dẫn, xin liên hệ để được cấp lại.\n\nTrân trọng."
            }
            LetterKind::Return => {
                "Kính gửi: {don_vi}\n\n«{dot}», kỳ {ky} của đơn vị còn những chỗ cần sửa:\n{loi}\n\nĐề nghị đơn vị sửa trong tệp của mình rồi nộp lại qua đường dẫn đã gửi, chậm nhất ngày {han}.\n\nTrân trọng."
            }
            LetterKind::Receipt => {
                "Kính gửi: {don_vi}\n\n{co_quan} đã nhận «{dot}», kỳ {ky} của đơn vị. Không có chỗ nào phải sửa.\n\nCảm ơn đơn vị đã phối hợp."
            }
        }
    }
}

/// The units that a letter goes to.
pub(super) fn units_of<'a>(kind: LetterKind, now: &'a Now, fresh: &Fresh) -> Vec<&'a Standing> {
    let units = now.units.iter().filter(|one| match kind {
        LetterKind::Invitation => fresh.contains_key(&one.unit.code),
        LetterKind::Reminder => one.state == FormState::NotFiled,
        LetterKind::Return => one.state == FormState::Returned,
        LetterKind::Receipt => matches!(
            one.state,
            FormState::Received | FormState::Accepted | FormState::Closed
        ),
    });
    units.collect()
}

/// A letter to a unit.
pub(super) struct Written {
    pub(super) code: String,
    pub(super) name: String,
    link: String,
    /// Mail addresses of the unit, as the roster has them.
    pub(super) emails: Vec<String>,
    pub(super) text: String,
}

/// The letters of a kind, in the words given.
pub(super) fn letters(
    kind: LetterKind,
    text: &str,
    now: &Now,
    fresh: &Fresh,
    address: &str,
) -> Vec<Written> {
    let text = match text {
        "" => kind.text(),
        text => text,
    };
    let file = &now.stand.campaign.file;
    let emails = |code: &str| {
        let written = now.stand.campaign.roster.emails(code).into_iter();
        written.map(str::to_owned).collect()
    };
    let units = units_of(kind, now, fresh).into_iter();
    units
        .map(|one| {
            let link = fresh
                .get(&one.unit.code)
                .map_or(String::new(), |path| format!("{address}{path}"));
            let deadline = one
                .deadline
                .map_or("…".to_owned(), |deadline| day(deadline, Lang::Vi));
            let filled = filled(
                text,
                &[
                    ("don_vi", &one.unit.name),
                    ("ma", &one.unit.code),
                    ("dot", &file.title),
                    ("ky", &file.period.vietnamese()),
                    ("han", &deadline),
                    ("co_quan", &file.office),
                    ("lien_he", file.contact.as_deref().unwrap_or(&file.office)),
                    ("duong_dan", &link),
                    ("loi", &mistakes(now, &one.unit.code)),
                ],
            );
            Written {
                code: one.unit.code.clone(),
                name: one.unit.name.clone(),
                link,
                emails: emails(&one.unit.code),
                text: filled,
            }
        })
        .collect()
}

/// A text with names in braces replaced once: what a value says in braces stays as it is.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        let named = values.iter().find_map(|(name, value)| {
            let after = from
                .strip_prefix('{')?
                .strip_prefix(*name)?
                .strip_prefix('}')?;
            Some((*value, after))
        });
        match named {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn mistakes(now: &Now, code: &str) -> String {
    let own = open(now).filter(|finding| finding.unit.as_deref() == Some(code));
    let mut lines: Vec<String> = own
        .map(|finding| {
            let sheet = finding
                .sheet
                .as_deref()
                .map_or(String::new(), |sheet| format!("trang {sheet}, "));
            let cell = finding
                .cell
                .map_or(String::new(), |cell| format!("ô {cell}: "));
            format!("- {sheet}{cell}{}", finding.message.vi)
        })
        .collect();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("- và {more} chỗ nữa, xem trên trang của đơn vị."));
    }
    lines.join("\n")
}

/// Subject of the letters of a kind, as the unit reads it.
pub(super) fn subject(kind: LetterKind, campaign: &Campaign) -> String {
    let what = match kind {
        LetterKind::Invitation => "Mời nộp báo cáo",
        LetterKind::Reminder => "Nhắc nộp báo cáo",
        LetterKind::Return => "Trả lại báo cáo để sửa",
        LetterKind::Receipt => "Đã nhận báo cáo",
    };
    format!("{what}: {}", campaign.file.title)
}

/// Letters as a file: its name and its bytes.
///
/// # Errors
/// They cannot be put together.
pub(super) fn file(
    kind: LetterKind,
    format: Format,
    letters: &[Written],
    campaign: &Campaign,
    clock: &Clock,
) -> Result<(String, Vec<u8>), ToolError> {
    let stem = format!("thu-{}-{}", kind.name(), campaign.file.period);
    let subject = subject(kind, campaign);
    Ok(match format {
        Format::Document => {
            let pages = letters.iter().map(|letter| Letter {
                title: subject.clone(),
                text: letter.text.clone(),
            });
            let pages: Vec<Letter> = pages.collect();
            let bytes = letters_document(&pages, &campaign.file.office, &clock.now())?;
            (format!("{stem}.docx"), bytes)
        }
        Format::Mails => {
            let mails = letters.iter().map(|letter| {
                let name = format!("{}-{}.eml", usable(&letter.code), slug(&letter.name));
                (
                    name,
                    mail(&letter.emails, &subject, &letter.text).into_bytes(),
                )
            });
            let mails: Vec<(String, Vec<u8>)> = mails.collect();
            (format!("{stem}-eml.zip"), bundled(&mails)?)
        }
        Format::Text => {
            let texts = letters.iter().map(|letter| {
                format!(
                    "=== {} ({}) ===\n\n{}",
                    letter.name, letter.code, letter.text
                )
            });
            let texts: Vec<String> = texts.collect();
            (format!("{stem}.txt"), texts.join("\n\n\n").into_bytes())
        }
        Format::Table => (format!("{stem}.csv"), table(letters)?),
    })
}

/// A mail that is not sent yet: a mail program opens it to be addressed and sent.
fn mail(emails: &[String], subject: &str, text: &str) -> String {
    let folded = |encoded: &str| {
        let lines: Vec<&str> = encoded
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .collect();
        lines.join("\r\n")
    };
    // A line of a header has 76 bytes at most, its name among them; no word splits a letter.
    let mut words: Vec<String> = vec![String::new()];
    for letter in subject.chars().filter(|letter| !letter.is_control()) {
        if words
            .last()
            .is_some_and(|word| word.len() + letter.len_utf8() > 39)
        {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    // What is no address is left to whoever sends it.
    let to = match addresses(&emails).filter(|to| !to.is_empty()) {
        Some(_) => format!("To: {}\r\n", emails.join(",\r\n ")),
        None => String::new(),
    };
    let body = text.replace('\n', "\r\n");
    format!(
        "X-Unsent: 1\r\n{to}Subject: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        words.join("\r\n "),
        folded(&STANDARD.encode(body))
    )
}

/// Letters as a table that spreadsheets open in the right letters.
fn table(letters: &[Written]) -> Result<Vec<u8>, ToolError> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    rows(letters, &mut bytes).map_err(|error| {
        ToolError::Other(Message::new(
            format!("không ghi được bảng thư ({error})"),
            format!("the table of letters cannot be written ({error})"),
        ))
    })?;
    Ok(bytes)
}

fn rows(letters: &[Written], to: &mut Vec<u8>) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(["ma", "don_vi", "duong_dan", "noi_dung"])?;
    for letter in letters {
        let row = [&letter.code, &letter.name, &letter.link, &letter.text];
        writer.write_record(row.map(|text| guard(text)))?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_filled_once() {
        let values = [("don_vi", "Xã {ma}"), ("ma", "A")];
        assert_eq!(
            filled("{don_vi}, {ma}, {khac} {", &values),
            "Xã {ma}, A, {khac} {"
        );
    }

    #[test]
    fn a_mail_keeps_its_letters_and_no_line_becomes_a_header() {
        let mail = mail(
            &["a@x.vn".to_owned(), "b@x.vn".to_owned()],
            "Nhắc: báo cáo\r\nBcc: x của mọi đơn vị trong toàn tỉnh Vĩnh Long",
            "Kính gửi\n.\nA",
        );
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("\r\nBcc"), "{head}");
        assert!(head.contains("\r\nTo: a@x.vn,\r\n b@x.vn\r\n"), "{head}");
        assert!(head.lines().all(|line| line.len() <= 76), "{head}");
        let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), "Kính gửi\r\n.\r\nA");
    }

    #[test]
    fn a_table_opens_no_formula() {
        let letter = Written {
            code: "=1".into(),
            name: "Xã \"A\", B".into(),
            link: String::new(),
            emails: Vec::new(),
            text: "hai\ndòng".into(),
        };
        let text = String::from_utf8(table(&[letter]).unwrap()).unwrap();
        assert!(
            text.contains("'=1,\"Xã \"\"A\"\", B\",,\"hai\ndòng\""),
            "{text}"
        );
    }
}
