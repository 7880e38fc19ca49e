//! Any text as a rule of a form.
#![no_main]

use tonghop::schema::Form;
use tonghop::schema::parser;

const FORM: &str = include_str!("../../schemas/tthc.toml");

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = parser::parse(text);
    // In a form, where names are resolved and linear rules taken apart.
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    if !quoted.contains(char::is_control) {
        let form = format!(
            "{FORM}\n[[rule]]\nid = \"fuzz\"\ncheck = \"{quoted}\"\nseverity = \"error\"\nmessage = \"x\"\n"
        );
        let _ = Form::parse("form.toml", &form);
    }
});
