//! A server of its own for each test.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::cli::tonghop;

/// A running server, killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    campaign: PathBuf,
}

impl Server {
    pub fn start(campaign: &Path) -> Server {
        Self::start_with(campaign, &[])
    }

    pub fn start_with(campaign: &Path, options: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tonghop"));
        command
            .arg("serve")
            .arg(campaign)
            .args(["--listen", "127.0.0.1:0"])
            .args(options);
        let mut child = command
            .env_remove("TONGHOP_LANG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim().split_once("://");
        let (_, address) = address.unwrap_or_else(|| panic!("{line:?}"));
        let address = address.parse().unwrap();
        let campaign = campaign.to_owned();
        Server {
            child,
            address,
            campaign,
        }
    }

    /// A new token for a unit.
    pub fn token(&self, unit: &str) -> String {
        token(&self.campaign, unit)
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Does it still run?
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new token for a unit of a campaign.
pub fn token(campaign: &Path, unit: &str) -> String {
    let folder = campaign.to_str().unwrap();
    let answer = tonghop(
        campaign,
        &["links", folder, "--unit", unit, "--new", "--format", "json"],
    );
    let links = answer.json();
    links["links"][0]["token"].as_str().unwrap().to_owned()
}

/// The workbooks in the inbox that came in by the page, by their path in the campaign.
pub fn filed(campaign: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(campaign.join("inbox")) {
        let entry = entry.unwrap();
        let path = entry
            .path()
            .strip_prefix(campaign)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if entry.file_type().is_file() && path.contains("/trang-web/") {
            found.push(path);
        }
    }
    found.sort();
    found
}
