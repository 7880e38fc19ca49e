//! The program as people run it: arguments in, texts and exit code out.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    /// Standard output as a document of JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs the program in a folder, without what the tester's own environment says of the language.
pub fn tonghop<A: AsRef<OsStr>>(folder: &Path, arguments: &[A]) -> Answer {
    run(folder, arguments, None)
}

/// Runs the program where `TONGHOP_LANG` names a language.
pub fn tonghop_where<A: AsRef<OsStr>>(folder: &Path, arguments: &[A], language: &str) -> Answer {
    run(folder, arguments, Some(language))
}

fn run<A: AsRef<OsStr>>(folder: &Path, arguments: &[A], language: Option<&str>) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tonghop"));
    command.args(arguments).current_dir(folder);
    match language {
        Some(language) => command.env("TONGHOP_LANG", language),
        None => command.env_remove("TONGHOP_LANG"),
    };
    let output = command.output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
