//! What the server stands, on this machine and over loopback: `cargo bench --bench serve`. Every unit
//! of the sample submits within a minute, hostile files among them; then what speaks slowly and what
//! says nothing, in thousands. The figures depend on the machine; that all answers are right, and that
//! the server still answers, is asserted.

#[path = "../../tests/serve/client.rs"]
mod client;
mod office;

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use client::{Answer, form, get, raw};
use office::{Office, hostile};

/// Within so many seconds everybody submits.
const WITHIN: &str = "TONGHOP_BENCH_SECONDS";
const HOSTILE: usize = 20;
const SLOW: usize = 300;
const IDLE: usize = 10_000;

fn main() {
    let office = Office::open();
    together(&office);
    slowly(&office);
    idle(&office);
}

/// Somebody who submits: when, where to, what, and what it should come to.
struct Sender {
    at: Duration,
    path: String,
    name: String,
    bytes: Vec<u8>,
    /// `None` for a hostile file.
    verdict: Option<String>,
}

fn together(office: &Office) {
    let seconds = std::env::var(WITHIN)
        .ok()
        .and_then(|text| text.parse().ok());
    let within = Duration::from_secs(seconds.unwrap_or(60));
    let mut senders: Vec<Sender> = office
        .filed
        .iter()
        .map(|filed| Sender {
            at: Duration::ZERO,
            path: format!("/n/{}/submit", office.tokens[&filed.unit]),
            name: filed.name.clone(),
            bytes: filed.bytes.clone(),
            verdict: Some(filed.verdict.clone()),
        })
        .collect();
    let bad = hostile().into_iter().cycle().zip(office.tokens.values());
    senders.extend(bad.take(HOSTILE).map(|((name, bytes), token)| Sender {
        at: Duration::ZERO,
        path: format!("/n/{token}/submit"),
        name,
        bytes,
        verdict: None,
    }));
    let count = u64::try_from(senders.len()).unwrap_or(u64::MAX);
    for (number, sender) in (0u64..).zip(&mut senders) {
        // Spread by a multiplicative hash: the same in every run.
        let share = number.wrapping_mul(2_654_435_761) % count;
        sender.at = within.mul_f64(share as f64 / count as f64);
    }
    let highest = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    let begun = Instant::now();
    let times = scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                highest.fetch_max(office.memory(), Ordering::Relaxed);
                sleep(Duration::from_millis(20));
            }
        });
        let sending: Vec<_> = senders
            .iter()
            .map(|sender| scope.spawn(move || send(office.address, sender, begun)))
            .collect();
        let times: Vec<_> = sending.into_iter().map(|one| one.join().unwrap()).collect();
        done.store(true, Ordering::Relaxed);
        times
    });
    let mut good: Vec<Duration> = senders
        .iter()
        .zip(&times)
        .filter(|(sender, _)| sender.verdict.is_some())
        .map(|(_, time)| *time)
        .collect();
    good.sort_unstable();
    let at = |share: usize| good[(good.len() - 1) * share / 100].as_secs_f64();
    println!(
        "{} workbooks and {HOSTILE} hostile files within {} s: every answer right, after {:.2} s for half, {:.2} s for 95 of 100, {:.2} s at most; highest memory of the server with its workers {} MB",
        good.len(),
        within.as_secs(),
        at(50),
        at(95),
        at(100),
        highest.load(Ordering::Relaxed) / 1024,
    );
}

fn send(address: SocketAddr, sender: &Sender, begun: Instant) -> Duration {
    sleep(sender.at.saturating_sub(begun.elapsed()));
    let files: [(&str, &[u8]); 1] = [(&sender.name, &sender.bytes)];
    let request = form(address, &sender.path, &["Accept: application/json"], &files);
    let sent = Instant::now();
    let answer = raw(address, &request).unwrap_or_else(|| panic!("{}: no answer", sender.name));
    let time = sent.elapsed();
    match &sender.verdict {
        Some(verdict) => {
            assert_eq!(answer.status, 200, "{}: {}", sender.name, answer.text());
            let receipt = &answer.json()["receipt"];
            assert_eq!(receipt["verdict"], verdict.as_str(), "{}", sender.name);
        }
        None => assert_eq!(answer.status, 422, "{}: {}", sender.name, answer.text()),
    }
    time
}

/// The page of a unit, and how long it took.
fn page(office: &Office) -> (Answer, Duration) {
    let token = office.tokens.values().next().unwrap();
    let sent = Instant::now();
    let answer = get(office.address, &format!("/n/{token}"));
    assert_eq!(answer.status, 200);
    (answer, sent.elapsed())
}

/// Some hundreds send a request a few bytes at a time, and never end it.
fn slowly(office: &Office) {
    let connect = |_| TcpStream::connect(office.address).unwrap();
    let mut slow: Vec<TcpStream> = (0..SLOW).map(connect).collect();
    let mut longest = Duration::ZERO;
    for round in 0..20 {
        for stream in &mut slow {
            let _ = match round {
                0 => stream.write_all(b"POST /n/x/check HTTP/1.1\r\nHost: x\r\n"),
                _ => stream.write_all(b"X"),
            };
        }
        longest = longest.max(page(office).1);
        sleep(Duration::from_secs(1));
    }
    println!(
        "{SLOW} connections that send a byte a second: a page within {:.2} s",
        longest.as_secs_f64()
    );
}

/// Thousands connect and say nothing.
fn idle(office: &Office) {
    let before = office.memory();
    let mut idle = Vec::with_capacity(IDLE);
    let mut longest = Duration::ZERO;
    for number in 0..IDLE {
        match TcpStream::connect(office.address) {
            Ok(stream) => idle.push(stream),
            Err(error) => panic!("connection {number}: {error}"),
        }
        if number % 500 == 0 {
            longest = longest.max(page(office).1);
        }
    }
    longest = longest.max(page(office).1);
    println!(
        "{} idle connections: a page within {:.2} s, memory {} MB before and {} MB now",
        idle.len(),
        longest.as_secs_f64(),
        before / 1024,
        office.memory() / 1024,
    );
}
