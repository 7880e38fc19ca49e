//! Formulas in Excel's notation: `of:=[.B2]*2;1` becomes `B2*2,1`.

/// Rewrites an OpenFormula text.
pub(super) fn readable(formula: &str) -> String {
    let bare = formula.split_once('=').map_or(formula, |(prefix, rest)| {
        // `of:=`, `oooc:=`, `msoxl:=` or nothing.
        if prefix.is_empty() || prefix.ends_with(':') {
            rest
        } else {
            formula
        }
    });
    let mut out = String::with_capacity(bare.len());
    let mut rest = bare;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '"' => copy_until(rest, '"', &mut out),
            '[' => reference(rest, &mut out),
            ';' => {
                out.push(',');
                &rest[1..]
            }
            other => {
                out.push(other);
                &rest[other.len_utf8()..]
            }
        };
    }
    out
}

/// Copies a quoted text, quotes and all; returns what follows.
fn copy_until<'a>(text: &'a str, quote: char, out: &mut String) -> &'a str {
    let end = text[1..].find(quote).map_or(text.len(), |at| at + 2);
    out.push_str(&text[..end]);
    &text[end..]
}

/// Copies `[.B2:.C3]` as `B2:C3` and `[$'Tờ 1'.B2]` as `'Tờ 1'!B2`; returns what follows.
fn reference<'a>(text: &'a str, out: &mut String) -> &'a str {
    let Some(end) = text.find(']') else {
        out.push_str(text);
        return "";
    };
    for (at, corner) in text[1..end].split(':').enumerate() {
        if at > 0 {
            out.push(':');
        }
        match corner.rsplit_once('.') {
            Some(("", cell)) => out.push_str(cell),
            Some((sheet, cell)) => {
                out.push_str(sheet.trim_start_matches('$'));
                out.push('!');
                out.push_str(cell);
            }
            None => out.push_str(corner),
        }
    }
    &text[end + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_written_as_in_excel() {
        assert_eq!(readable("of:=[.B2]*2"), "B2*2");
        assert_eq!(readable("of:=SUM([.B2:.C$3];1)"), "SUM(B2:C$3,1)");
        assert_eq!(
            readable("of:=[$'Tờ 1'.B2]&\"a;[b]\""),
            "'Tờ 1'!B2&\"a;[b]\""
        );
        assert_eq!(readable("=[.A1"), "[.A1");
        assert_eq!(readable("of:=\"ă"), "\"ă");
    }
}
