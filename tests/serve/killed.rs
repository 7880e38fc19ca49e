//! The server is killed at random moments of submissions. What had a receipt is there; whatever is in
//! the inbox has one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::client::{ask, form, raw};
use crate::server::{Server, filed, token};
use crate::small::{Small, wrong};

/// Set to 200 for the long run.
const ROUNDS: &str = "TONGHOP_KILLS";

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn nothing_with_a_receipt_is_lost_and_nothing_else_counts() {
    let rounds = std::env::var(ROUNDS)
        .ok()
        .and_then(|text| text.parse().ok());
    let rounds: u64 = rounds.unwrap_or(8);
    let small = Small::empty();
    let secret = token(&small.folder(), "B");
    let path = format!("/n/{secret}/submit");
    let mut receipts: BTreeMap<i64, (String, String)> = BTreeMap::new();
    let mut keep = |received: Vec<Received>| {
        for (number, stored, sha256) in received {
            assert_eq!(receipts.insert(number, (stored, sha256)), None);
        }
    };
    // How long a submission takes depends on the machine.
    let server = Server::start(&small.folder());
    let begun = Instant::now();
    keep(send(server.address, &path, rounds, 3));
    let over = u64::try_from(begun.elapsed().as_millis() * 2).unwrap();
    server.kill();
    // Moments spread over some submissions by a multiplicative hash.
    let moment = |round: u64| Duration::from_millis(round.wrapping_mul(2_654_435_761) % over);
    for round in 0..rounds {
        let server = Server::start(&small.folder());
        let (address, path) = (server.address, &path);
        scope(|scope| {
            let sending = scope.spawn(move || send(address, path, round, 6));
            sleep(moment(round));
            server.kill();
            keep(sending.join().unwrap());
        });
    }
    let server = Server::start(&small.folder());
    for (number, (stored, sha256)) in &receipts {
        let bytes = fs::read(small.folder().join(stored)).unwrap();
        assert_eq!(hash(&bytes), *sha256, "{number}");
        let path = format!("/n/{secret}/receipt/{number}");
        // One link may not ask without end.
        let receipt: Json = loop {
            let answer = ask(server.address, "GET", &path, &["Accept: application/json"]);
            match answer.status {
                429 => sleep(Duration::from_millis(500)),
                _ => break answer.json(),
            }
        };
        assert_eq!(receipt["files"][0]["sha256"], sha256.as_str());
    }
    let known = known(&small);
    let inbox: BTreeSet<String> = filed(&small.folder()).into_iter().collect();
    assert_eq!(inbox, known, "the inbox and the state differ");
    let acknowledged: BTreeSet<String> = receipts.into_values().map(|(stored, _)| stored).collect();
    assert!(acknowledged.is_subset(&inbox));
    assert!(acknowledged.len() > 3, "killed before anything happened");
    println!(
        "{} of {} files acknowledged",
        acknowledged.len(),
        inbox.len()
    );
}

/// Number of a receipt, path and hash of its file.
type Received = (i64, String, String);

/// Submits workbooks one after the other until the server is gone; what it gave receipts for.
fn send(address: SocketAddr, path: &str, round: u64, count: u64) -> Vec<Received> {
    let mut received = Vec::new();
    for number in 0..count {
        let text = format!("{}", 100 + round * 10 + number);
        let book = wrong().replace("45", &text);
        let files: [(&str, &[u8]); 1] = [("b.xls", book.as_bytes())];
        let request = form(address, path, &["Accept: application/json"], &files);
        // The server is gone, in the midst of an answer, say.
        let Some(answer) = raw(address, &request) else {
            break;
        };
        let receipt = answer.json()["receipt"].clone();
        received.push((
            receipt["number"].as_i64().unwrap(),
            receipt["files"][0]["stored"].as_str().unwrap().to_owned(),
            hash(book.as_bytes()),
        ));
    }
    received
}

/// Paths of all files that the state knows, hidden ones among them if any are left.
fn known(small: &Small) -> BTreeSet<String> {
    let database = small.folder().join(".tonghop/trang-web.db");
    let database = rusqlite::Connection::open(database).unwrap();
    let mut statement = database.prepare("SELECT stored_path FROM files").unwrap();
    let paths = statement.query_map((), |row| row.get(0)).unwrap();
    paths.map(|path| path.unwrap()).collect()
}
