//! Text files become Unicode: by their byte order mark, by what they declare, else by trying.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};

/// How far into a file a declaration is looked for.
const DECLARED_WITHIN: usize = 4096;

/// Decodes a text file. What is no UTF-8 and does not say what it is comes from an old Vietnamese
/// Windows; TCVN3 and VNI texts survive in it as their bytes and are recognised by their fonts.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    // Valid UTF-8 is UTF-8: text of another encoding is hardly ever valid UTF-8 by chance.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = declared(bytes).unwrap_or(WINDOWS_1258);
    // Declared as UTF-8 but damaged: everything except the damaged bytes is readable.
    encoding.decode_without_bom_handling(bytes).0
}

/// In UTF-16 the upper byte of most letters of Vietnamese is zero, and the lower one of hardly any;
/// other encodings have no zeros at all.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARED_WITHIN)];
    let zeros = |from: usize| {
        let every_other = start.iter().skip(from).step_by(2);
        every_other.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let upper = |upper: usize, lower: usize| upper > start.len() / 8 && upper > 4 * lower;
    match (upper(odd, even), upper(even, odd)) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// `charset=` of a web page or `encoding=` of XML.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start: String = bytes
        .iter()
        .take(DECLARED_WITHIN)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let after = |key: &str| {
        let at = start.find(key)? + key.len();
        let value = start[at..].trim_start_matches([' ', '=', '"', '\'']);
        let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c)));
        let encoding = Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])?;
        // The declaration was found by reading single bytes, so the page cannot be UTF-16 even if
        // it says so.
        Some(if encoding == UTF_16LE || encoding == UTF_16BE {
            UTF_8
        } else {
            encoding
        })
    };
    after("charset").or_else(|| after("encoding"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_in_use_is_told() {
        let text = "Xã Hương Mỹ; 3.259";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()), text);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&[&[0xFF, 0xFE], &little[..]].concat()), text);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&[&[0xFE, 0xFF], &big[..]].concat()), text);
        // Without a mark, and with a first letter whose upper byte is not zero.
        for text in ["Đơn vị báo cáo;Số lượng", "Ma so don vi;So"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(decode(&little), text);
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(decode(&big), text);
        }
        // In 1258 a tone follows its letter.
        assert_eq!(decode(b"H\xFD\xF5ng M\xFD\xF2"), "Hương Mư\u{323}");
        assert_eq!(
            decode(b"<meta charset=windows-1252>\xE9"),
            "<meta charset=windows-1252>é"
        );
    }
}
