//! A server of mails on this machine, written by hand: a sender is not to be tested by its own
//! library.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::peers::Peer;

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub to: Vec<String>,
    pub head: String,
    pub text: String,
}

/// A server that takes mails until the test ends.
pub struct MailServer {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    tries: Arc<Mutex<Vec<String>>>,
    tls: Option<Child>,
}

impl MailServer {
    /// Takes mails; with a password only after a sign-in as `an`. Who has `hong` in the address has
    /// no box there, and whose has `cham` waits.
    pub fn start(password: Option<&'static str>) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = MailServer::at(listener.local_addr().unwrap());
        let (arrived, tries) = (server.arrived.clone(), server.tries.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (arrived, tries) = (arrived.clone(), tries.clone());
                let stream = stream.unwrap();
                let from = BufReader::new(stream.try_clone().unwrap());
                thread::spawn(move || converse(from, stream, password, &arrived, &tries));
            }
        });
        server
    }

    /// The same for one connection, encrypted by the `openssl` command from the first byte on.
    pub fn encrypted(folder: &Path, cert: &str, key: &str) -> MailServer {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut server = MailServer::at(free.local_addr().unwrap());
        drop(free);
        let mut child = Command::new(Peer::OpenSsl.program())
            .args([
                "s_server", "-quiet", "-naccept", "1", "-cert", cert, "-key", key,
            ])
            .args(["-accept", &server.address.to_string()])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        let to = child.stdin.take().unwrap();
        let (arrived, tries) = (server.arrived.clone(), server.tries.clone());
        thread::spawn(move || converse(from, to, None, &arrived, &tries));
        server.tls = Some(child);
        server
    }

    fn at(address: SocketAddr) -> MailServer {
        MailServer {
            address,
            arrived: Arc::default(),
            tries: Arc::default(),
            tls: None,
        }
    }

    /// The mails that arrived.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// Tries to sign in.
    pub fn tries(&self) -> Vec<String> {
        self.tries.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.tls {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn converse(
    from: impl Read,
    mut to: impl Write,
    password: Option<&str>,
    arrived: &Mutex<Vec<Arrived>>,
    tries: &Mutex<Vec<String>>,
) {
    let mut lines = BufReader::new(from).lines().map_while(Result::ok);
    let mut say = |words: &str| {
        to.write_all(format!("{words}\r\n").as_bytes())
            .and(to.flush())
    };
    let (mut known, mut receivers) = (password.is_none(), Vec::new());
    let _ = say("220 thu");
    while let Some(line) = lines.next() {
        let upper = line.to_uppercase();
        let answer = if upper.starts_with("EHLO") {
            match password {
                Some(_) => "250-thu\r\n250 AUTH PLAIN",
                None => "250 thu",
            }
        } else if let Some(secret) = line.strip_prefix("AUTH PLAIN ") {
            let secret = String::from_utf8(STANDARD.decode(secret).unwrap()).unwrap();
            known = password.is_some_and(|password| secret == format!("\0an\0{password}"));
            tries.lock().unwrap().push(secret);
            match known {
                true => "235 ok",
                false => "535 5.7.8 bad credentials",
            }
        } else if upper.starts_with("MAIL") && !known {
            "530 sign in first"
        } else if upper.starts_with("RCPT") && upper.contains("HONG") {
            "550 5.1.1 no such mailbox"
        } else if upper.starts_with("RCPT") {
            receivers.push(line[8..].trim_matches(['<', '>']).to_owned());
            "250 ok"
        } else if upper == "DATA" {
            let _ = say("354 go on");
            let mail: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            if receivers.iter().any(|to| to.contains("cham")) {
                thread::sleep(std::time::Duration::from_secs(2));
            }
            let to = std::mem::take(&mut receivers);
            arrived.lock().unwrap().push(read(to, &mail));
            "250 taken"
        } else if upper == "QUIT" {
            let _ = say("221 bye");
            return;
        } else {
            receivers.clear();
            "250 ok"
        };
        if say(answer).is_err() {
            return;
        }
    }
}

fn read(to: Vec<String>, lines: &[String]) -> Arrived {
    let blank = lines.iter().position(String::is_empty).unwrap();
    let head = lines[..blank].join("\n");
    let body = &lines[blank + 1..];
    let text = match head.contains("base64") {
        true => String::from_utf8(STANDARD.decode(body.concat()).unwrap()).unwrap(),
        false => body.join("\n"),
    };
    Arrived { to, head, text }
}
