//! Rewrites operands in tags: beside an operator, as in `{% if A01 > 100 %}` and `{{ A01 + A02 }}`,
//! `A01` becomes `A01.gia_tri`, the figure's number. The template engine would otherwise compare
//! the figure's object with the number, silently. What an output tag computes from figures is
//! marked like the figures themselves, so that a share of provisional figures says that it is one.

use std::collections::BTreeSet;

/// Rewrites all tags of a template.
pub(super) fn in_template(text: &str, figures: &BTreeSet<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = next_tag(rest) {
        out.push_str(&rest[..start + 2]);
        let output = rest[start..].starts_with("{{");
        out.push_str(&in_tag(&rest[start + 2..end], output, figures));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where the next `{{`...`}}` or `{%`...`%}` begins, and the place of its closing marks.
fn next_tag(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('{')?;
        let close = match text.get(start..start + 2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            _ => {
                from = start + 1;
                continue;
            }
        };
        let end = start + 2 + text[start + 2..].find(close)?;
        return Some((start, end));
    }
}

/// Rewrites the inside of one tag; what an `output` tag computes is handed to [`super::filters`]'s
/// `danh_dau` with the figures it is computed from.
pub(super) fn in_tag(inside: &str, output: bool, figures: &BTreeSet<String>) -> String {
    let (text, operands) = rewritten(inside, figures);
    if !output || operands.is_empty() {
        return text;
    }
    let body = text.trim_start_matches('-');
    let lead = &text[..text.len() - body.len()];
    let (body, tail) = match body.strip_suffix('-') {
        Some(body) => (body, "-"),
        None => (body, ""),
    };
    let operands = operands.join(", ");
    format!("{lead} ({}) | danh_dau({operands}) {tail}", body.trim())
}

/// The inside of a tag with values in place of figures beside operators, and which those are.
fn rewritten<'a>(inside: &'a str, figures: &BTreeSet<String>) -> (String, Vec<&'a str>) {
    let mut operands = Vec::new();
    let mut out = String::new();
    let mut rest = inside;
    while let Some(c) = rest.chars().next() {
        if c == '"' || c == '\'' {
            let end = rest[1..].find(c).map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_alphabetic() || c == '_' {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let operand = figures.contains(word) && is_operand(out.trim_end(), after);
            if operand && !operands.contains(&word) {
                operands.push(word);
            }
            out.push_str(word);
            out.push_str(if operand { ".gia_tri" } else { "" });
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (out, operands)
}

fn is_operand(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    let operator = |c: char| "<>=!+-*/%".contains(c);
    if before.ends_with('.') || before.ends_with('|') || after.starts_with(['.', '|', '(']) {
        return false;
    }
    // A leading or trailing `-` only trims blanks around the tag; `name=A01` passes the figure on.
    let compared = ["==", "!=", "<=", ">="];
    let assigned = before.ends_with('=') && !compared.iter().any(|sign| before.ends_with(sign));
    let led = before.ends_with(operator) && before.len() > 1 && !assigned;
    let followed = after.starts_with(operator) && after != "-";
    led || followed
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::in_template;

    #[test]
    fn figures_beside_operators_are_their_values() {
        let figures = BTreeSet::from(["A01".to_owned(), "A02".to_owned()]);
        let cases = [
            ("{% if A01 > 100 %}", "{% if A01.gia_tri > 100 %}"),
            (
                "{{ A01 + A02 }}",
                "{{ (A01.gia_tri + A02.gia_tri) | danh_dau(A01, A02) }}",
            ),
            (
                "{{- (A01 / A01) | phan_tram -}}",
                "{{- ((A01.gia_tri / A01.gia_tri) | phan_tram) | danh_dau(A01) -}}",
            ),
            ("{% set x = A01 + 1 %}", "{% set x = A01.gia_tri + 1 %}"),
            (
                "{% if 5 <= A01 and A02 %}",
                "{% if 5 <= A01.gia_tri and A02 %}",
            ),
            ("{{- A01 -}}", "{{- A01 -}}"),
            ("{{A01|hai_chu_so}}", "{{A01|hai_chu_so}}"),
            ("{{ A01.ky_truoc }} A01 > 3", "{{ A01.ky_truoc }} A01 > 3"),
            ("{{ \"A01 > \" ~ A01 }}", "{{ \"A01 > \" ~ A01 }}"),
            ("{% set x = A01 %}", "{% set x = A01 %}"),
        ];
        for (text, meant) in cases {
            assert_eq!(in_template(text, &figures), meant);
        }
    }
}
