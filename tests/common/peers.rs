//! Programs that are not ours and that tests compare with.

use std::process::Command;

/// Environment variable under which a missing program fails the test instead of skipping it.
/// `.ci/run` sets it.
const REQUIRED: &str = "TONGHOP_REQUIRE_PEERS";

/// A program that opens, fills or recalculates workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    LibreOffice,
    Openpyxl,
    Gnumeric,
}

impl Peer {
    /// Does this program run here? Where not, says which is missing, or panics if
    /// `TONGHOP_REQUIRE_PEERS` is set.
    pub fn found(self) -> bool {
        let (program, arguments): (&str, &[&str]) = match self {
            Peer::LibreOffice => ("soffice", &["--headless", "--version"]),
            Peer::Openpyxl => ("/usr/bin/python3", &["-c", "import openpyxl"]),
            Peer::Gnumeric => ("ssconvert", &["--version"]),
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
