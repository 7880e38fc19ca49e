//! Compares what the title block above each table prints (period, reporting unit, unit of measure)
//! with the campaign, the roster and the form.

use std::ops::Range;
use std::sync::Arc;

use super::definition::Definition;
use super::periods::{Periods, printed_at};
use crate::extract::Located;
use crate::extract::identity::Identity;
use crate::extract::printed_period::named;
use crate::extract::said_measure::in_words;
use crate::extract::title_block::{self, PrintedText, TitleBlock, is_title};
use crate::model::{Class, Finding, Message, ReportingUnit, Severity, Value};
use crate::roster::Match;
use crate::schema::Form;
use crate::text::measure::{Likeness, compare};
use crate::text::{fold, normalise};
use crate::workbook::Workbook;

/// Rows above a table in which its title block is looked for.
const BLOCK_ROWS: u32 = 20;

/// The title blocks of a workbook's tables, and what they are compared with.
pub(super) struct TitleBlocks<'a> {
    campaign: &'a Definition,
    unit: Option<&'a ReportingUnit>,
    file: &'a Arc<str>,
    blocks: Vec<(&'a Form, TitleBlock)>,
    /// Units of measure said in sentences on the sheet of each table.
    said: Vec<Vec<PrintedText>>,
}

impl<'a> TitleBlocks<'a> {
    pub(super) fn read(
        campaign: &'a Definition,
        unit: Option<&'a ReportingUnit>,
        file: &'a Arc<str>,
        workbook: &Workbook,
        tables: &'a [Located],
    ) -> Self {
        let block = |table: &'a Located| {
            let sheet = workbook.sheets.get(table.sheet)?;
            let rows = block_rows(table, tables);
            Some((&*table.form, title_block::read(sheet, rows)))
        };
        let said = |table: &Located| {
            let sheet = workbook.sheets.get(table.sheet)?;
            let rows = block_rows(table, tables).start..table.last.saturating_add(1);
            Some(in_words(sheet, rows, table.header.top))
        };
        Self {
            campaign,
            unit,
            file,
            blocks: tables.iter().filter_map(block).collect(),
            said: tables.iter().filter_map(said).collect(),
        }
    }

    /// Everything printed that contradicts the campaign. The same slip above every table of a
    /// workbook is one finding about the file.
    pub(super) fn findings(&self, identity: &Identity) -> Vec<Finding> {
        let campaign = &self.campaign.file;
        let periods = Periods {
            ours: campaign.period,
            office: &campaign.office,
            file: self.file,
        };
        let blocks = || self.blocks.iter().map(|(_, block)| block);
        let hidden = periods.of_template(identity, blocks());
        let mut found: Vec<Finding> = hidden.into_iter().collect();
        for ((form, block), said) in self.blocks.iter().zip(&self.said) {
            found.extend(periods.printed(form, block));
            let units = self.units(form, block);
            found.extend(self.titled(form, block).filter(|_| units.is_empty()));
            found.extend(units);
            let printed = block.measures.last();
            found.extend(printed.and_then(|printed| self.measure(form, printed)));
            // Words may be about other things than the figures.
            let said = said.iter().filter_map(|said| self.measure(form, said));
            found.extend(said.filter(|finding| finding.severity == Severity::Error));
        }
        let mut findings: Vec<Finding> = Vec::new();
        for finding in found {
            let same = |other: &&mut Finding| {
                other.rule == finding.rule && other.value.is_some() && other.value == finding.value
            };
            match findings.iter_mut().find(same) {
                // An error about a file keeps out every form of it, one about a form only that.
                Some(first) if first.form.is_some() => {
                    if self.is_everywhere(&finding) {
                        *first = first.clone().of_every_form();
                    } else if first.form != finding.form {
                        findings.push(finding);
                    }
                }
                Some(_) => {}
                None => findings.push(finding),
            }
        }
        findings
    }

    /// Is the text of a finding printed above every table?
    fn is_everywhere(&self, finding: &Finding) -> bool {
        let Some(Value::Text(text)) = &finding.value else {
            return false;
        };
        let prints = |block: &TitleBlock| {
            let lines = block.periods.iter().chain(&block.names).chain(&block.codes);
            lines.chain(&block.others).any(|line| line.text == *text)
        };
        self.blocks.iter().all(|(_, block)| prints(block))
    }

    /// A name or code of another unit above one of the unit's tables.
    fn units(&self, form: &Form, block: &TitleBlock) -> Vec<Finding> {
        let Some(unit) = self.unit else {
            return Vec::new();
        };
        let roster = &self.campaign.roster;
        let day = self.campaign.file.period.last_day();
        let by_name = |line: &PrintedText| match roster.find(&line.text, day) {
            Match::Exact(other) => Some(other),
            _ => None,
        };
        let labelled = block.names.iter().map(|line| (line, by_name(line)));
        let coded = block
            .codes
            .iter()
            .map(|line| (line, roster.by_code(&line.text).cloned()));
        // The name of an organ without a label is the unit's only if it is one of its kind: the
        // organ that issues the form may be on the roster, too.
        let organs = block.others.iter().map(|line| {
            let other = by_name(line).filter(|other| other.kind == unit.kind);
            (line, other)
        });
        let printed = labelled.chain(coded).chain(organs);
        let mut findings: Vec<Finding> = Vec::new();
        for (line, other) in printed {
            let Some(other) = other.filter(|other| other.code != unit.code) else {
                continue;
            };
            let message = Message::new(
                format!(
                    "Tệp là của {} (mã {}), nhưng biểu này ghi «{}», là {} (mã {}). Không rõ số liệu của đơn vị nào. Hãy điền lại biểu này từ mẫu của đơn vị mình.",
                    unit.name, unit.code, line.text, other.name, other.code
                ),
                format!(
                    "The workbook is that of {} ({}), but this form prints `{}`, which is {} ({}). Whose figures these are cannot be known. Fill in this form again from the unit's own template.",
                    unit.name, unit.code, line.text, other.name, other.code
                ),
            );
            // Name, code and organ of one sheet give at most one finding.
            if findings.is_empty() {
                let (rule, error) = ("don-vi-mau-thuan", Severity::Error);
                let finding = Finding::new(rule, Class::Identity, error, self.file, message);
                findings.push(printed_at(finding, form, line));
            }
        }
        findings
    }

    /// The title of a table that begins or ends with the name of another unit of the same kind.
    fn titled(&self, form: &Form, block: &TitleBlock) -> Option<Finding> {
        let unit = self.unit?;
        let own = |line: &PrintedText| fold(&line.text).contains(&fold(&unit.name));
        let titles = block.others.iter();
        let (line, other) = titles
            .filter(|line| !own(line))
            .find_map(|line| Some((line, self.named_in_title(&line.text)?)))?;
        if other.code == unit.code || other.kind != unit.kind {
            return None;
        }
        let message = Message::new(
            format!(
                "Tệp là của {} (mã {}), nhưng tiêu đề biểu này ghi «{}», là {} (mã {}). Nếu số liệu đúng là của {}, hãy sửa tiêu đề; nếu chép nhầm biểu, hãy điền lại biểu này từ mẫu của đơn vị mình.",
                unit.name, unit.code, line.text, other.name, other.code, unit.name
            ),
            format!(
                "The workbook is that of {} ({}), but the title of this form is `{}`, which names {} ({}). Mend the title if the figures are those of {}; else fill in this form again from the unit's own template.",
                unit.name, unit.code, line.text, other.name, other.code, unit.name
            ),
        );
        let (rule, severity) = ("don-vi-mau-thuan", Severity::Warning);
        let finding = Finding::new(rule, Class::Identity, severity, self.file, message);
        Some(printed_at(finding, form, line))
    }

    /// The unit that a title names at its end, before a period, or before a dash at its beginning.
    fn named_in_title(&self, line: &str) -> Option<Arc<ReportingUnit>> {
        if is_title(line) {
            return self.named_last(line);
        }
        let (name, title) = line.split_once(['-', '–', '—', ':'])?;
        is_title(title.trim()).then(|| self.exactly(name))?
    }

    /// The unit whose name, from the word for its kind on, ends a line, or stands before a period.
    fn named_last(&self, line: &str) -> Option<Arc<ReportingUnit>> {
        const KINDS: [&str; 8] = ["xã", "phường", "thị", "đặc", "sở", "ban", "ubnd", "ủy"];
        let line = line.trim_end_matches([')', '.', ' ']);
        let words: Vec<&str> = line.split_whitespace().collect();
        let begins = |at: &usize| KINDS.contains(&&*normalise(words[*at].trim_start_matches('(')));
        let ends = |end: usize| end == words.len() || !named(&words[end..].join(" ")).is_empty();
        let unit = |at: usize| {
            let mut named = (at + 1..=words.len()).rev().filter(|end| ends(*end));
            named.find_map(|end| self.exactly(&words[at..end].join(" ")))
        };
        (0..words.len()).filter(begins).find_map(unit)
    }

    /// The unit of a name.
    fn exactly(&self, name: &str) -> Option<Arc<ReportingUnit>> {
        let day = self.campaign.file.period.last_day();
        let name = name.trim_matches(['(', ')', ',', ' ', '-', '–']);
        match self.campaign.roster.find(name, day) {
            Match::Exact(unit) => Some(unit),
            _ => None,
        }
    }

    /// A unit of measure that is not the form's.
    fn measure(&self, form: &Form, printed: &PrintedText) -> Option<Finding> {
        let ours = form.file.unit.as_deref()?;
        let (severity, message) = match compare(ours, &printed.text) {
            Likeness::Same => return None,
            Likeness::Multiple => (
                Severity::Error,
                Message::new(
                    format!(
                        "Biểu ghi đơn vị tính là «{}», biểu mẫu yêu cầu «{ours}». Nếu các số được ghi theo {}, hãy đổi các số sang {ours} rồi ghi lại đơn vị tính; nếu các số đã theo {ours} thì chỉ sửa lại dòng đơn vị tính.",
                        printed.text, printed.text
                    ),
                    format!(
                        "The form prints the unit of measure `{}`; it asks for `{ours}`. Convert the figures and write `{ours}` again, or only correct the line if the figures are in `{ours}`.",
                        printed.text
                    ),
                ),
            ),
            Likeness::Other => (
                Severity::Warning,
                Message::new(
                    format!(
                        "Biểu ghi đơn vị tính là «{}», biểu mẫu ghi «{ours}». Hãy kiểm tra các số có đúng là {ours} không.",
                        printed.text
                    ),
                    format!(
                        "The form prints the unit of measure `{}` in place of `{ours}`. Check that the figures are in `{ours}`.",
                        printed.text
                    ),
                ),
            ),
        };
        let rule = "sai-don-vi-tinh-ghi-tren-bieu";
        let finding = Finding::new(rule, Class::Structure, severity, self.file, message);
        Some(printed_at(finding, form, printed))
    }
}

/// The rows (from 0) above a table that are its own and no other table's.
fn block_rows(table: &Located, tables: &[Located]) -> Range<u32> {
    let top = table.header.top;
    let above = tables
        .iter()
        .filter(|other| other.sheet == table.sheet && other.header.top < top)
        .map(|other| other.header.data)
        .max();
    // Rows above a table taken as its title block where another table is above it. Nothing
    // else marks where the upper table ends, and a title block between two tables is short.
    const BETWEEN: u32 = 8;
    let start = match above {
        Some(data) => data.max(top.saturating_sub(BETWEEN)),
        None => top.saturating_sub(BLOCK_ROWS),
    };
    start..top
}
