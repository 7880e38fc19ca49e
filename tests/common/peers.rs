//! Programs that are not ours and that tests compare with.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::path::Path;
use std::process::Command;

/// Environment variable under which a missing program fails the test instead of skipping it.
/// `.ci/run` sets it.
const REQUIRED: &str = "TONGHOP_REQUIRE_PEERS";

/// A program that opens, fills or recalculates workbooks, or reads other results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    LibreOffice,
    Openpyxl,
    Gnumeric,
    /// Python with its own readers of CSV and JSON.
    Python,
    /// Python's checker of JSON Schema.
    JsonSchema,
    /// A browser that is driven by its driver.
    Chromium,
    /// Makes certificates and speaks TLS.
    OpenSsl,
    /// A reader of Parquet, which `.ci/run` installs below `target`.
    DuckDb,
}

impl Peer {
    /// The program; of what is a library of Python's, the Python that has it.
    pub fn program(self) -> &'static str {
        match self {
            Peer::LibreOffice => "soffice",
            Peer::Gnumeric => "ssconvert",
            Peer::Chromium => "chromedriver",
            Peer::OpenSsl => "openssl",
            Peer::Openpyxl | Peer::Python | Peer::JsonSchema => "/usr/bin/python3",
            Peer::DuckDb => concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/bin/python"),
        }
    }

    /// Does this program run here? Where not, says which is missing, or panics if
    /// `TONGHOP_REQUIRE_PEERS` is set.
    pub fn found(self) -> bool {
        let program = self.program();
        let arguments: &[&str] = match self {
            Peer::LibreOffice => &["--headless", "--version"],
            Peer::Gnumeric | Peer::Chromium => &["--version"],
            Peer::OpenSsl => &["version"],
            Peer::Openpyxl => &["-c", "import openpyxl"],
            Peer::Python => &["-c", "import csv, json"],
            Peer::JsonSchema => &["-c", "import jsonschema"],
            Peer::DuckDb => &["-c", "import duckdb"],
        };
        let run = Command::new(program).args(arguments).output();
        let found = run.is_ok_and(|output| output.status.success());
        assert!(
            found || std::env::var_os(REQUIRED).is_none(),
            "{self:?} is missing: `{program} {}` does not run, and {REQUIRED} is set",
            arguments.join(" ")
        );
        if !found {
            println!("skipped: {self:?} (`{program}`) is missing");
        }
        found
    }
}

/// What a program of Python's prints; it fails the test if it fails.
pub fn python(peer: Peer, program: &str, arguments: &[&Path]) -> String {
    let output = Command::new(peer.program())
        .args(["-c", program])
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failed}");
    String::from_utf8(output.stdout).unwrap()
}
