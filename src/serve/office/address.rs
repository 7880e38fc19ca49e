//! Parts of addresses, and addresses that were sent.

use std::fmt::Write;

/// A text as a part of an address: any letter but the plainest as its bytes.
pub(in crate::serve) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) => encoded.push(char::from(b)),
            // Writing to a string does not fail.
            b => drop(write!(encoded, "%{b:02X}")),
        }
    }
    encoded
}

/// An address of ours that was sent with a form, to go on to; the first page if it is another's.
pub(super) fn own(address: &str) -> &str {
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    match address.starts_with('/') && !address.starts_with("//") && plain {
        true => address,
        false => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_ours_are_gone_on_to() {
        assert_eq!(own("/don-vi/A?x=1"), "/don-vi/A?x=1");
        for strange in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil",
            "",
            "x",
            "/a\r\nX: y",
        ] {
            assert_eq!(own(strange), "/", "{strange:?}");
        }
    }

    #[test]
    fn a_code_with_anything_in_it_is_one_part() {
        assert_eq!(encoded("H01.2/ă ?"), "H01.2%2F%C4%83%20%3F");
    }
}
