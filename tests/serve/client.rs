//! The few words of HTTP that the tests speak, written by hand: a server is not to be tested by its
//! own library.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    /// As it reads: a slash is escaped in a page.
    pub fn text(&self) -> String {
        let text = String::from_utf8(self.body.clone()).unwrap();
        text.replace("&#x2f;", "/")
    }

    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Reads an answer; none if the server went away.
    fn of(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        };
        let answer = Answer {
            status,
            headers: lines.map(header).collect(),
            body: bytes[end + 4..].to_vec(),
        };
        let length = answer
            .header("content-length")
            .and_then(|length| length.parse().ok());
        (length.is_none_or(|length: usize| length == answer.body.len())).then_some(answer)
    }
}

/// Sends bytes as they are and reads what is answered.
pub fn raw(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    // The server may have answered and closed before all is sent.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Answer::of(&bytes)
}

/// A request without a body.
pub fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, &[])
}

/// A request without a body, by another method or with headers.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> Answer {
    let headers: String = headers
        .iter()
        .map(|header| format!("{header}\r\n"))
        .collect();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"
    );
    raw(address, request.as_bytes()).unwrap()
}

/// A form with files, as bytes of a whole request.
pub fn form(address: SocketAddr, path: &str, headers: &[&str], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body: Vec<u8> = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--GRENZE\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            name.replace('"', "%22")
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--GRENZE--\r\n");
    let headers: String = headers
        .iter()
        .map(|header| format!("{header}\r\n"))
        .collect();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=GRENZE\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(&body);
    request
}

/// Sends files and asks for JSON.
pub fn post(address: SocketAddr, path: &str, files: &[(&str, &[u8])]) -> Answer {
    let request = form(address, path, &["Accept: application/json"], files);
    raw(address, &request).unwrap()
}

/// Sends files as a browser does.
pub fn post_page(address: SocketAddr, path: &str, files: &[(&str, &[u8])]) -> Answer {
    raw(address, &form(address, path, &["Accept: text/html"], files)).unwrap()
}

/// Sends words as a page's form does and asks for JSON.
pub fn post_words(address: SocketAddr, path: &str, words: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, text) in words {
        body += &format!(
            "--GRENZE\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
        );
    }
    body += "--GRENZE--\r\n";
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=GRENZE\r\nAccept: application/json\r\n\r\n{body}",
        body.len()
    );
    raw(address, request.as_bytes()).unwrap()
}
