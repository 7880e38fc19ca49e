//! What a rule checks and what to do about it, by its name: the page of the guide, without a
//! browser.

use std::path::Path;
use std::sync::Arc;

use crate::campaign::{Campaign, ToolError};
use crate::model::{Message, Severity};
use crate::rules::guide;
use crate::schema::rule_text::RuleText;
use crate::schema::{Form, builtin};
use crate::text::nearest;

/// The guide's list of all checks; its tables have a row for each that has no page of its own.
const GUIDE: &str = include_str!("../../docs/quy-tac.md");

/// What is known of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleExplanation {
    /// Its name.
    pub rule: String,
    /// The page, in Vietnamese Markdown.
    pub text: String,
}

/// Explains a rule by its name: of the forms and control totals of the campaign in `folder`, or of
/// the built-in forms without one; then one of the program's own.
///
/// # Errors
/// The campaign cannot be loaded, or there is no such rule; the nearest name is given.
pub fn explain(rule: &str, folder: Option<&Path>) -> Result<RuleExplanation, ToolError> {
    let campaign = folder.map(Campaign::load).transpose()?;
    let forms = match &campaign {
        Some(campaign) => campaign.forms.clone(),
        None => built_in()?,
    };
    let mut text = String::new();
    let written = |form: &Arc<Form>| {
        let rules = form.file.rules.iter();
        let rules = rules.filter(|text| text.id.get_ref() == rule);
        rules.map(|text| of_form(form, text)).collect::<String>()
    };
    text += &forms.iter().map(written).collect::<String>();
    let controls = campaign.iter().flat_map(|campaign| &campaign.controls);
    let is_control = controls.clone().any(|control| control.id == rule);
    let page = match (text.is_empty(), is_control) {
        (false, _) => page("quy-tac-cua-bieu"),
        (true, true) => page("so-kiem-soat"),
        (true, false) => page_of(rule).or_else(|| row_of(rule)),
    };
    if let Some(page) = page {
        text += &page;
        return Ok(RuleExplanation {
            rule: rule.to_owned(),
            text,
        });
    }
    let mut known: Vec<String> = own_names();
    known.extend(controls.map(|control| control.id.clone()));
    let of_forms = forms.iter().flat_map(|form| &form.file.rules);
    known.extend(of_forms.map(|text| text.id.get_ref().clone()));
    Err(unknown(rule, &known, campaign.is_some()))
}

/// What a rule checks, in a few Vietnamese words: the message of a form's own rule, else what the
/// guide calls it. `None`: nobody knows it.
pub fn rule_words(rule: &str, campaign: &Campaign) -> Option<String> {
    let of_forms = campaign.forms.iter().flat_map(|form| &form.file.rules);
    let mut named = of_forms.filter(|text| text.id.get_ref() == rule);
    if let Some(own) = named.find_map(|text| text.message.clone()) {
        return Some(own);
    }
    if campaign.controls.iter().any(|control| control.id == rule) {
        return Some("số kiểm soát của đợt".to_owned());
    }
    if let Some(row) = row_of(rule) {
        let mut lines = row.lines();
        let meaning = lines.find_map(|line| line.strip_prefix("Nghĩa là: "));
        return meaning.map(str::to_owned);
    }
    let mut pages = guide::pages().into_iter();
    let page = pages.find(|(_, page)| page.rules.iter().any(|(name, _)| *name == rule));
    page.map(|(_, page)| page.title.to_owned())
}

fn built_in() -> Result<Vec<Arc<Form>>, ToolError> {
    let load = |id: &str| {
        let form = Form::parse(id, builtin::text(id).unwrap_or_default())?;
        Ok(Arc::new(form))
    };
    builtin::ids().into_iter().map(load).collect()
}

/// What a form file says of its rule.
fn of_form(form: &Form, rule: &RuleText) -> String {
    let severity = match rule.severity {
        Severity::Error => "lỗi",
        Severity::Warning => "cảnh báo",
        Severity::Info => "ghi chú",
    };
    let mut text = format!(
        "# {}\n\nQuy tắc của biểu «{}» (`{}`), mức {severity}.\n\n",
        rule.id.get_ref(),
        form.file.title,
        form.id()
    );
    if let Some(message) = &rule.message {
        text += &format!("{message}\n\n");
    }
    text += &format!("    {}\n", rule.check.get_ref());
    if let Some(when) = &rule.when {
        text += &format!("\nChỉ hỏi khi:\n\n    {}\n", when.get_ref());
    }
    for (words, list) in [
        ("Chỉ hỏi ở các dòng", &rule.rows),
        ("Không hỏi ở các dòng", &rule.except_rows),
        ("Chỉ hỏi ở các cột", &rule.columns),
        ("Không hỏi ở các cột", &rule.except_columns),
    ] {
        let ids = list
            .iter()
            .flatten()
            .map(|id| format!("`{}`", id.get_ref()));
        let ids: Vec<String> = ids.collect();
        if !ids.is_empty() {
            text += &format!("\n{words}: {}.\n", ids.join(", "));
        }
    }
    text + "\n"
}

/// A page of the guide by the name of its file.
fn page(file: &str) -> Option<String> {
    let mut pages = guide::pages().into_iter();
    let page = pages.find(|(name, _)| *name == file);
    page.map(|(_, page)| shown(&page.markdown()))
}

/// The page of a check by the rule its findings are named by.
fn page_of(rule: &str) -> Option<String> {
    let mut pages = guide::pages().into_iter();
    let page = pages.find(|(_, page)| page.rules.iter().any(|(name, _)| *name == rule));
    page.map(|(_, page)| shown(&page.markdown()))
}

/// A page without the link to the others, which leads nowhere on a terminal.
fn shown(markdown: &str) -> String {
    let lines = markdown
        .lines()
        .filter(|line| !line.starts_with("[Các phép kiểm tra]"));
    let text: Vec<&str> = lines.collect();
    text.join("\n").trim_end().to_owned() + "\n"
}

/// What the guide's tables say of a check: every title of a column with its cell.
fn row_of(rule: &str) -> Option<String> {
    let (mut titles, mut heading) = (Vec::new(), "");
    for line in GUIDE.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title;
        }
        let Some(cells) = cells(line) else { continue };
        match cells.first() {
            Some(&"Quy tắc") => titles = cells,
            Some(name) if *name == format!("`{rule}`") => {
                let told = titles.iter().zip(&cells).skip(1);
                let told = told.map(|(title, cell)| format!("{title}: {cell}\n"));
                let told: String = told.collect();
                return Some(format!("# {rule}\n\n{heading}\n\n{told}"));
            }
            _ => {}
        }
    }
    None
}

/// The cells of a row of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(inside.split(" | ").map(str::trim).collect())
}

/// Names of the program's own rules.
fn own_names() -> Vec<String> {
    let rows = GUIDE.lines().filter_map(cells);
    let named = rows.filter_map(|cells| {
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?;
        Some(name.to_owned())
    });
    let pages = guide::pages().into_iter().flat_map(|(_, page)| page.rules);
    named
        .chain(pages.map(|(name, _)| (*name).to_owned()))
        .collect()
}

fn unknown(rule: &str, known: &[String], has_campaign: bool) -> ToolError {
    let near = nearest(rule, known.iter().map(String::as_str));
    let (mut vi, mut en) = (
        format!("không có quy tắc nào tên `{rule}`"),
        format!("there is no rule `{rule}`"),
    );
    match near {
        Some(near) => {
            vi += &format!("; có phải `{near}`?");
            en += &format!("; did you mean `{near}`?");
        }
        None => {
            vi += ".";
            en += ".";
        }
    }
    if !has_campaign {
        vi += " Quy tắc của biểu mẫu và số kiểm soát của đợt thì thêm --campaign ĐỢT.";
        en += " For the rules of a campaign's own forms and its control totals add --campaign.";
    }
    ToolError::Other(Message::new(vi, en))
}
