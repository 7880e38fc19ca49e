//! Findings of the search for forms in a workbook: forms found twice, not at all, or under another
//! form's code, and notes about the file as a whole.

use std::sync::Arc;

use super::definition::Definition;
use super::two_units;
use crate::extract::explanations::is_result_sheet;
use crate::extract::{ForeignCode, FoundTables, Nearest, TablePlace, foreign_codes};
use crate::model::template_names::is_own_sheet;
use crate::model::{Class, Finding, Message, ReportingUnit, Severity};
use crate::schema::Form;
use crate::workbook::{Visibility, Workbook};

/// A workbook that was searched for forms.
pub struct Search<'a> {
    /// The file, as findings name it.
    pub file: &'a Arc<str>,
    /// What is in it.
    pub workbook: &'a Workbook,
    /// The forms it was searched for.
    pub forms: &'a [Arc<Form>],
    /// What was found.
    pub found: &'a FoundTables,
    /// The campaign, which knows the units.
    pub campaign: Option<&'a Definition>,
}

impl Search<'_> {
    /// All findings, in the order in which they are best read.
    pub fn findings(&self) -> Vec<Finding> {
        let found = self.found;
        let mut findings: Vec<Finding> = Vec::new();
        findings.extend(
            found
                .ambiguous
                .iter()
                .map(|(form, places)| self.twice(form, places)),
        );
        findings.extend(
            found
                .undecided
                .iter()
                .map(|(place, forms)| self.either(place, forms)),
        );
        let codes = foreign_codes(self.workbook, found, self.forms);
        findings.extend(codes.iter().map(|code| self.foreign_code(code)));
        if found.tables.is_empty() && found.ambiguous.is_empty() && found.undecided.is_empty() {
            findings.push(self.no_form());
        }
        findings.extend(found.nearest.iter().map(|nearest| self.nearest(nearest)));
        findings.extend(self.macros());
        findings
    }

    fn finding(&self, rule: &str, severity: Severity, message: Message) -> Finding {
        Finding::new(rule, Class::Structure, severity, self.file, message)
    }

    /// "trang «II.06a» (ô A9)", with a word if the sheet is hidden.
    fn place(&self, place: &TablePlace) -> (String, String) {
        let sheet = &self.workbook.sheets[place.sheet];
        let (hidden_vi, hidden_en) = match sheet.visibility {
            Visibility::Visible => ("", ""),
            Visibility::Hidden | Visibility::VeryHidden => (" đang ẩn", " (hidden)"),
        };
        (
            format!("trang «{}»{hidden_vi} (ô {})", sheet.name, place.cell),
            format!("sheet `{}`{hidden_en} ({})", sheet.name, place.cell),
        )
    }

    fn at(&self, place: &TablePlace, finding: Finding) -> Finding {
        finding.at(&self.workbook.sheets[place.sheet].name, place.cell)
    }

    fn twice(&self, form: &Form, places: &[TablePlace; 2]) -> Finding {
        let campaign = self.campaign;
        if let Some(units) = campaign.and_then(|of| two_units::of(of, self.workbook, places)) {
            return self.of_two_units(form, places, &units);
        }
        let [(a, a_en), (b, b_en)] = places.each_ref().map(|place| self.place(place));
        // On one sheet it may be one table with its header twice, and no figure of it is too many.
        let (advice, advice_en) = match places[0].sheet == places[1].sheet {
            true => (
                "nếu là một bảng có tiêu đề lặp lại, hãy xóa dòng tiêu đề ở giữa và giữ nguyên các dòng số liệu; nếu là hai bảng, hãy chuyển bảng không gửi sang tệp khác",
                "if it is one table with its header repeated, delete the header in the middle and keep the rows of figures; if it is two, move the one that does not belong to another file",
            ),
            false => (
                "hãy xóa bảng thừa rồi gửi lại",
                "delete the table that does not belong and send the file again",
            ),
        };
        let message = Message::new(
            format!(
                "Biểu «{}» có thể là bảng ở {a}, cũng có thể là bảng ở {b}. Chương trình không tự chọn; {advice}.",
                form.file.title
            ),
            format!(
                "Form `{}` may be the table on {a_en} or the one on {b_en}. The program does not choose; {advice_en}.",
                form.id()
            ),
        );
        let finding = self.finding("hai-bang-giong-nhau", Severity::Error, message);
        self.at(&places[1], finding.of_form(form.id()))
    }

    fn of_two_units(
        &self,
        form: &Form,
        places: &[TablePlace; 2],
        units: &[Arc<ReportingUnit>; 2],
    ) -> Finding {
        let [(a, a_en), (b, b_en)] = places.each_ref().map(|place| self.place(place));
        let [one, other] = units;
        let message = Message::new(
            format!(
                "Tệp có biểu «{}» của hai đơn vị: bảng ở {a} ghi {} (mã {}), bảng ở {b} ghi {} (mã {}). Mỗi tệp chỉ gồm biểu của một đơn vị; hãy tách bảng của mỗi đơn vị thành một tệp rồi gửi lại.",
                form.file.title, one.name, one.code, other.name, other.code
            ),
            format!(
                "The workbook has form `{}` of two units: the table on {a_en} says {} ({}), the one on {b_en} {} ({}). A file holds the forms of one unit; put the table of each unit into a file of its own and send them again.",
                form.id(),
                one.name,
                one.code,
                other.name,
                other.code
            ),
        );
        let finding = Finding::new(
            "don-vi-mau-thuan",
            Class::Identity,
            Severity::Error,
            self.file,
            message,
        );
        self.at(&places[1], finding.of_form(form.id()))
    }

    fn either(&self, place: &TablePlace, forms: &[Arc<Form>; 2]) -> Finding {
        let [a, b] = forms.each_ref().map(|form| &form.file.title);
        let (vi, en) = self.place(place);
        let message = Message::new(
            format!(
                "Bảng ở {vi} có thể là biểu «{a}», cũng có thể là biểu «{b}». Hãy ghi đúng tên biểu ở đầu bảng rồi gửi lại."
            ),
            format!(
                "The table on {en} may be form `{}` or `{}`. Write the title of the right form above it and send the file again.",
                forms[0].id(),
                forms[1].id()
            ),
        );
        let finding = self.finding("bang-cua-hai-bieu", Severity::Error, message);
        self.at(place, finding)
    }

    fn foreign_code(&self, code: &ForeignCode) -> Finding {
        let sheet = &self.workbook.sheets[code.sheet];
        let printed = code.form.file.code.as_deref().unwrap_or_default();
        let message = match &code.table {
            Some(table) => Message::new(
                format!(
                    "Ghi mã «{printed}» nhưng bảng có các cột của biểu «{}». Không rõ là biểu nào; hãy ghi đúng mã, hoặc dùng đúng bảng của mã này.",
                    table.file.title
                ),
                format!(
                    "The code is `{printed}`, but the table has the columns of form `{}`. Which form it is cannot be known; write the right code, or use the table of this code.",
                    table.id()
                ),
            ),
            None => Message::new(
                format!(
                    "Ghi mã «{printed}» nhưng trên trang không có bảng với các cột của biểu này. Hãy dùng đúng biểu mẫu."
                ),
                format!(
                    "The code is `{printed}`, but no table on the sheet has the columns of that form. Use the form as it was given out."
                ),
            ),
        };
        let finding = self.finding("ma-bieu-khac-bang", Severity::Error, message);
        let form = code.table.as_ref().unwrap_or(&code.form);
        finding.of_form(form.id()).at(&sheet.name, code.cell)
    }

    fn no_form(&self) -> Finding {
        let sheets: Vec<&str> = self
            .workbook
            .sheets
            .iter()
            // The unit knows nothing of the tool's own sheets.
            .filter(|sheet| !is_own_sheet(&sheet.name) && !is_result_sheet(sheet))
            .map(|s| s.name.as_ref())
            .collect();
        let titles: Vec<String> = self
            .forms
            .iter()
            .map(|form| format!("«{}»", form.file.title))
            .collect();
        let quoted_sheets: Vec<String> = sheets.iter().map(|name| format!("`{name}`")).collect();
        let ids: Vec<String> = self
            .forms
            .iter()
            .map(|form| format!("`{}`", form.id()))
            .collect();
        let message = Message::new(
            format!(
                "Không thấy biểu nào của đợt này trong tệp (các trang: {}). Cần một trong các biểu: {}.",
                sheets.join(", "),
                titles.join(", ")
            ),
            format!(
                "None of the campaign's forms is in this workbook (sheets: {}). One of these is needed: {}.",
                quoted_sheets.join(", "),
                ids.join(", ")
            ),
        );
        self.finding("khong-thay-bieu", Severity::Error, message)
    }

    fn nearest(&self, nearest: &Nearest) -> Finding {
        let columns = &nearest.form.file.columns;
        let lacking = (0..columns.len()).filter(|column| !nearest.columns.contains(column));
        let lacking: Vec<String> = lacking
            .map(|column| format!("«{}»", columns[column].label.full()))
            .collect();
        let (vi, en) = self.place(&nearest.place);
        let (lacking, lacking_en) = match lacking.as_slice() {
            _ if nearest.columns.is_empty() => (
                ": tiêu đề các cột đã bị đổi".to_owned(),
                ": the headers of its columns were changed".to_owned(),
            ),
            [] => (
                "; không thấy đủ các dòng của biểu, hoặc chữ viết không dấu".to_owned(),
                "; not all rows of the form were found, or texts lack their diacritics".to_owned(),
            ),
            lacking => (
                format!("; không thấy các cột {}", lacking.join(", ")),
                format!("; these columns were not found: {}", lacking.join(", ")),
            ),
        };
        let message = Message::new(
            format!(
                "Không thấy biểu «{}»; gần nhất: bảng ở {vi}, có {} trên {} cột của biểu{lacking}. Bảng này không được đọc; hãy dùng đúng biểu mẫu.",
                nearest.form.file.title,
                nearest.columns.len(),
                columns.len()
            ),
            format!(
                "Form `{}` was not found; nearest: the table on {en} with {} of its {} columns{lacking_en}. This table is not read; use the form as it was given out.",
                nearest.form.id(),
                nearest.columns.len(),
                columns.len()
            ),
        );
        let finding = self.finding("bang-gan-giong-bieu", Severity::Warning, message);
        self.at(&nearest.place, finding.of_form(nearest.form.id()))
    }

    fn macros(&self) -> Option<Finding> {
        let message = || {
            Message::new(
                "Tệp có macro. Chương trình chỉ đọc số liệu, không chạy macro.",
                "The workbook has macros. The program only reads figures and runs no macros.",
            )
        };
        let has = self.workbook.has_macros;
        has.then(|| {
            Finding::new(
                "tep-co-macro",
                Class::File,
                Severity::Info,
                self.file,
                message(),
            )
        })
    }
}
