//! The sample campaign with nothing filed, a server for it, and what its units will send.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tonghop");

/// The campaign and its server.
pub struct Office {
    pub address: SocketAddr,
    /// Tokens by code of the unit.
    pub tokens: BTreeMap<String, String>,
    /// One workbook of each unit that has filed one.
    pub filed: Vec<Filed>,
    server: Child,
    _folder: TempDir,
}

/// A workbook that a unit will send.
pub struct Filed {
    pub unit: String,
    pub name: String,
    pub bytes: Vec<u8>,
    /// What it comes to, as the command line says.
    pub verdict: String,
}

impl Office {
    pub fn open() -> Office {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/vinh-long-2025-09");
        let folder = tempfile::tempdir().unwrap();
        let campaign = folder.path().join("dot");
        copy(&sample, &campaign);
        let filed = filed(&campaign);
        let answer = run(&["links", text(&campaign), "--format", "json"]);
        let tokens = answer["links"].as_array().unwrap().iter();
        let word = |value: &Json| value.as_str().unwrap().to_owned();
        let tokens = tokens.map(|link| (word(&link["unit"]), word(&link["token"])));
        let tokens = tokens.collect();
        let mut server = Command::new(PROGRAM)
            .args(["serve", text(&campaign), "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(server.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap();
        Office {
            address: address.parse().unwrap(),
            tokens,
            filed,
            server,
            _folder: folder,
        }
    }

    /// Memory of the server and of what it has started, in KB; 0 where the system does not say.
    pub fn memory(&self) -> u64 {
        let own = self.server.id();
        let mut sum = memory_of(own);
        let Ok(tasks) = fs::read_dir(format!("/proc/{own}/task")) else {
            return sum;
        };
        for task in tasks.flatten() {
            let children = fs::read_to_string(task.path().join("children"));
            for child in children.unwrap_or_default().split_whitespace() {
                sum += child.parse().map_or(0, memory_of);
            }
        }
        sum
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn memory_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(arguments: &[&str]) -> Json {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(target).unwrap(),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// Takes what is filed out of the inbox: of each unit the last workbook.
fn filed(campaign: &Path) -> Vec<Filed> {
    let inbox = campaign.join("inbox");
    let campaign = text(campaign);
    let run = run(&[
        "check",
        text(&inbox),
        "--campaign",
        campaign,
        "--format",
        "json",
    ]);
    let mut filed = BTreeMap::new();
    for one in run["submissions"].as_array().unwrap() {
        let (file, unit) = (one["file"].as_str().unwrap(), one["unit"].as_str());
        let status = one["status"].as_str().unwrap();
        let verdict = match (status, one["warnings"].as_u64()) {
            ("accepted", Some(0)) => "received",
            ("accepted", _) => "to-explain",
            ("returned", _) => "returned",
            _ => continue,
        };
        let Some(unit) = unit else { continue };
        let one = Filed {
            unit: unit.to_owned(),
            name: Path::new(file)
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            bytes: fs::read(file).unwrap(),
            verdict: verdict.to_owned(),
        };
        filed.insert(unit.to_owned(), one);
    }
    fs::remove_dir_all(&inbox).unwrap();
    fs::create_dir_all(inbox.join("dot-1")).unwrap();
    filed.into_values().collect()
}

/// Files that have harmed readers.
pub fn hostile() -> Vec<(String, Vec<u8>)> {
    let deep = format!("<html>{}</html>", "<table><tr><td>".repeat(20_000)).into_bytes();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    bomb.start_file("xl/worksheets/sheet1.xml", options)
        .unwrap();
    let blank = vec![b' '; 1_000_000];
    for _ in 0..150 {
        bomb.write_all(&blank).unwrap();
    }
    let mut cfb = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    cfb.extend([0xFF; 2048]);
    vec![
        ("sau.html".to_owned(), deep),
        ("bom.xlsx".to_owned(), bomb.finish().unwrap().into_inner()),
        ("cu.xls".to_owned(), cfb),
        (
            "dai.csv".to_owned(),
            "so lieu;1;2;3;4;5;6;7;8;9\n".repeat(90_000).into_bytes(),
        ),
    ]
}
