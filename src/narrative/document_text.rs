//! The text of a Word document's part as a template, one line a paragraph.

use std::collections::BTreeSet;
use std::ops::Range;

use super::operands::in_tag;
use crate::model::Message;
use crate::package::PackageProblem;
use crate::package::xml::{Piece, Walk, escape, walk_places};

/// What is wrong with the tags of a paragraph, or with the XML itself.
pub(super) struct TemplateFault {
    /// Number of the paragraph, from 1.
    pub paragraph: Option<usize>,
    /// How it begins.
    pub words: String,
    pub message: Message,
}

impl From<PackageProblem> for TemplateFault {
    fn from(_: PackageProblem) -> Self {
        TemplateFault::whole(
            "văn bản Word bị hỏng".to_owned(),
            "the Word document is damaged".to_owned(),
        )
    }
}

impl TemplateFault {
    /// Of no paragraph.
    fn whole(vi: String, en: String) -> Self {
        TemplateFault {
            paragraph: None,
            words: String::new(),
            message: Message::new(vi, en),
        }
    }
}

/// A part as a template.
pub(super) struct TextPart {
    /// The first line is what precedes the first paragraph; each paragraph begins a line.
    pub template: String,
    /// Words of each paragraph.
    paragraphs: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    ParagraphStart,
    ParagraphEnd,
    RowStart,
    RowEnd,
    TextStart,
    /// Words inside `w:t`, unescaped.
    Words,
    Other,
}

struct Token {
    kind: TokenKind,
    text: String,
}

/// A paragraph: its tokens, and which of them are its own words (not those of a text box in it).
struct Paragraph {
    tokens: Range<usize>,
    words: Vec<usize>,
}

impl TextPart {
    /// Reads the XML of a part.
    ///
    /// # Errors
    /// The part is no well-formed XML, or holds a placeholder that cannot be filled.
    pub fn read(xml: &str, figures: &BTreeSet<String>) -> Result<TextPart, TemplateFault> {
        let mut tokens = tokens(xml)?;
        let (paragraphs, rows) = structure(&tokens);
        for (index, paragraph) in paragraphs.iter().enumerate() {
            gather(&mut tokens, paragraph).map_err(|message| TemplateFault {
                paragraph: Some(index + 1),
                words: beginning(&words(&tokens, paragraph)),
                message,
            })?;
        }
        let logic = logic(&tokens, &paragraphs, &rows);
        let told = paragraphs.iter().map(|p| words(&tokens, p)).collect();
        Ok(TextPart {
            template: template(&tokens, &logic, figures),
            paragraphs: told,
        })
    }

    /// How a paragraph begins; `number` from 1.
    pub fn words(&self, number: usize) -> String {
        let paragraph = number.checked_sub(1).and_then(|i| self.paragraphs.get(i));
        paragraph.map_or(String::new(), |words| beginning(words))
    }
}

fn beginning(words: &str) -> String {
    let mut letters = words.trim().chars();
    let start: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        start + "…"
    } else {
        start
    }
}

fn tokens(xml: &str) -> Result<Vec<Token>, TemplateFault> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut in_words = false;
    let mut from = 0;
    walk_places(xml, |piece, place| {
        // Declarations and comments, which are no pieces.
        push(&mut tokens, TokenKind::Other, &xml[from..place.start]);
        from = place.end;
        let kind = match &piece {
            Piece::Open(element) => match element.name().as_ref() {
                "w:p" => TokenKind::ParagraphStart,
                "w:tr" => TokenKind::RowStart,
                "w:t" => {
                    in_words = true;
                    TokenKind::TextStart
                }
                _ => TokenKind::Other,
            },
            Piece::Close(name) => {
                in_words &= *name != "w:t";
                match *name {
                    "w:p" => TokenKind::ParagraphEnd,
                    "w:tr" => TokenKind::RowEnd,
                    _ => TokenKind::Other,
                }
            }
            Piece::Text(text) if in_words => {
                push(&mut tokens, TokenKind::Words, &text.read()?);
                return Ok(Walk::On);
            }
            Piece::Empty(_) | Piece::Text(_) => TokenKind::Other,
        };
        push(&mut tokens, kind, &xml[place]);
        Ok::<_, TemplateFault>(Walk::On)
    })?;
    push(&mut tokens, TokenKind::Other, &xml[from..]);
    Ok(tokens)
}

fn push(tokens: &mut Vec<Token>, kind: TokenKind, text: &str) {
    // Only the line breaks set here may separate paragraphs.
    let text = text.replace(['\n', '\r'], " ");
    match tokens.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if kind == TokenKind::Words && last.kind == TokenKind::Words => {
            last.text.push_str(&text)
        }
        _ => tokens.push(Token { kind, text }),
    }
}

/// Paragraphs in the order they begin, and the ranges of table rows.
fn structure(tokens: &[Token]) -> (Vec<Paragraph>, Vec<Range<usize>>) {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut rows: Vec<Range<usize>> = Vec::new();
    let (mut open, mut open_rows): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::ParagraphStart => {
                open.push(paragraphs.len());
                paragraphs.push(Paragraph {
                    tokens: i..i + 1,
                    words: Vec::new(),
                });
            }
            TokenKind::ParagraphEnd => {
                if let Some(paragraph) = open.pop().and_then(|at| paragraphs.get_mut(at)) {
                    paragraph.tokens.end = i + 1;
                }
            }
            TokenKind::Words => {
                let innermost = open.last().and_then(|at| paragraphs.get_mut(*at));
                innermost.into_iter().for_each(|p| p.words.push(i));
            }
            TokenKind::RowStart => {
                open_rows.push(rows.len());
                rows.push(i..i + 1);
            }
            TokenKind::RowEnd => {
                if let Some(row) = open_rows.pop().and_then(|at| rows.get_mut(at)) {
                    row.end = i + 1;
                }
            }
            TokenKind::TextStart | TokenKind::Other => {}
        }
    }
    (paragraphs, rows)
}

fn words(tokens: &[Token], paragraph: &Paragraph) -> String {
    let words = paragraph.words.iter();
    words
        .filter_map(|i| Some(tokens.get(*i)?.text.as_str()))
        .collect()
}

/// Does a tag begin in `text` and not end? `next` is the character behind the text.
fn unclosed(text: &str, next: Option<char>) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let close = match rest.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            None => return matches!(next, Some('{' | '%' | '#')),
            Some(_) => {
                rest = &rest[start + 1..];
                continue;
            }
        };
        match rest[start + 2..].find(close) {
            Some(end) => rest = &rest[start + 2 + end + 2..],
            None => return true,
        }
    }
    false
}

/// Moves what belongs to a tag into the run in which the tag begins.
fn gather(tokens: &mut [Token], paragraph: &Paragraph) -> Result<(), Message> {
    for (n, at) in paragraph.words.iter().enumerate() {
        let mut text = std::mem::take(&mut tokens[*at].text);
        for later in &paragraph.words[n + 1..] {
            let source = std::mem::take(&mut tokens[*later].text);
            let mut letters = source.chars();
            while unclosed(&text, letters.clone().next()) {
                let Some(letter) = letters.next() else { break };
                text.push(letter);
            }
            tokens[*later].text = letters.collect();
            if !unclosed(&text, None) {
                break;
            }
        }
        if unclosed(&text, None) {
            let found = beginning(text.get(text.rfind('{').unwrap_or(0)..).unwrap_or_default());
            tokens[*at].text = text;
            return Err(Message::new(
                format!("thẻ mở mà không đóng trong cùng đoạn văn: «{found}»; thêm }}}} hoặc %}}"),
                format!(
                    "a tag is opened and not closed in its paragraph: `{found}`; add }}}} or %}}"
                ),
            ));
        }
        tokens[*at].text = text;
    }
    Ok(())
}

/// The tags of a text that holds nothing but `{% %}` tags and blanks.
fn only_logic(text: &str) -> Option<String> {
    let mut rest = text.trim();
    let mut tags = String::new();
    while let Some(inner) = rest.strip_prefix("{%") {
        let end = inner.find("%}")?;
        tags.push_str(&format!("{{%{}%}}", &inner[..end]));
        rest = inner[end + 2..].trim_start();
    }
    (rest.is_empty() && !tags.is_empty()).then_some(tags)
}

/// A stretch of tokens that its tags replace.
struct Logic {
    tokens: Range<usize>,
    tags: String,
    /// Paragraphs that begin in it.
    paragraphs: usize,
}

/// Rows, then paragraphs outside of them, that hold nothing but logic.
fn logic(tokens: &[Token], paragraphs: &[Paragraph], rows: &[Range<usize>]) -> Vec<Logic> {
    let mut found: Vec<Logic> = Vec::new();
    for row in rows {
        let inside = || {
            let paragraphs = paragraphs.iter();
            paragraphs.filter(|p| row.contains(&p.tokens.start))
        };
        let text: String = inside().map(|p| words(tokens, p)).collect();
        if let Some(tags) = only_logic(&text) {
            found.push(Logic {
                tokens: row.clone(),
                tags,
                paragraphs: inside().count(),
            });
        }
    }
    for paragraph in paragraphs {
        let taken = found
            .iter()
            .any(|l| l.tokens.contains(&paragraph.tokens.start));
        if !taken && let Some(tags) = only_logic(&words(tokens, paragraph)) {
            found.push(Logic {
                tokens: paragraph.tokens.clone(),
                tags,
                paragraphs: 1,
            });
        }
    }
    found.sort_by_key(|logic| logic.tokens.start);
    found
}

fn template(tokens: &[Token], logic: &[Logic], figures: &BTreeSet<String>) -> String {
    let mut out = String::new();
    let mut logic = logic.iter().peekable();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        if let Some(line) = logic.next_if(|line| line.tokens.start == i) {
            out.push_str(&"\n".repeat(line.paragraphs));
            out.push_str(&tagged(&line.tags, figures));
            i = line.tokens.end;
            continue;
        }
        match token.kind {
            TokenKind::ParagraphStart => {
                out.push('\n');
                out.push_str(&token.text);
            }
            // What a placeholder yields may begin or end with a blank.
            TokenKind::TextStart => out.push_str("<w:t xml:space=\"preserve\">"),
            TokenKind::Words => out.push_str(&tagged(&token.text, figures)),
            _ => out.push_str(&token.text),
        }
        i += 1;
    }
    out
}

/// Words as XML, tags as they are typed but for what Word makes of quotation marks and blanks.
fn tagged(text: &str, figures: &BTreeSet<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((start, close)) = first_tag(rest) {
        let end = rest[start + 2..]
            .find(close)
            .map_or(rest.len(), |end| start + 2 + end);
        out.push_str(&escape(&rest[..start]));
        let inside: String = rest[start + 2..end].chars().map(typed).collect();
        out.push_str(&rest[start..start + 2]);
        out.push_str(&in_tag(&inside, close == "}}", figures));
        out.push_str(close);
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    out.push_str(&escape(rest));
    out
}

fn first_tag(text: &str) -> Option<(usize, &'static str)> {
    let marks = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    let found = marks
        .iter()
        .filter_map(|(open, close)| Some((text.find(open)?, *close)));
    found.min_by_key(|(start, _)| *start)
}

fn typed(letter: char) -> char {
    match letter {
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        '\u{a0}' => ' ',
        other => other,
    }
}

/// The finished XML, if it is well formed; a cell of a table that a condition left empty gets the
/// paragraph Word insists on.
///
/// # Errors
/// The finished XML is not well formed.
pub(super) fn closed_cells(xml: &str) -> Result<String, TemplateFault> {
    let mut out = String::with_capacity(xml.len());
    let mut open: Vec<String> = Vec::new();
    let mut last_closed = String::new();
    let mut from = 0;
    walk_places(xml, |piece, place| {
        match piece {
            Piece::Open(element) => {
                open.push(element.name().as_ref().to_owned());
                last_closed.clear();
            }
            Piece::Empty(element) => element.name().as_ref().clone_into(&mut last_closed),
            Piece::Close(name) => {
                let opened = open.pop().unwrap_or_default();
                if opened != name {
                    return Err(unbalanced(&[opened], name));
                }
                if name == "w:tc" && last_closed != "w:p" {
                    out.push_str(&xml[from..place.start]);
                    out.push_str("<w:p/>");
                    from = place.start;
                }
                last_closed = opened;
            }
            Piece::Text(_) => {}
        }
        Ok(Walk::On)
    })?;
    if !open.is_empty() {
        return Err(unbalanced(&open, ""));
    }
    out.push_str(&xml[from..]);
    Ok(out)
}

/// Elements that are open where another one, or the text, ends.
fn unbalanced(open: &[String], ends: &str) -> TemplateFault {
    let open = open.join("> </");
    TemplateFault::whole(
        format!("chờ </{open}>, gặp </{ends}>"),
        format!("expected </{open}>, found </{ends}>"),
    )
}
