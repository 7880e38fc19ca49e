//! Encrypted connections, spoken by another implementation: the `openssl` command.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::tonghop;
use crate::client::raw;
use crate::peers::Peer;
use crate::server::Server;
use crate::small::Small;

/// Makes a certificate for this machine that hangs on nothing else: `NAME.crt` and `NAME.key`.
fn certificate(folder: &Path, name: &str) {
    let (cert, key) = (format!("{name}.crt"), format!("{name}.key"));
    let made = Command::new(Peer::OpenSsl.program())
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=tonghop",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .args(["-out", &cert, "-keyout", &key])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

#[test]
fn connections_are_encrypted_with_the_certificate_that_is_named() {
    if !Peer::OpenSsl.found() {
        return;
    }
    let small = Small::empty();
    certificate(small.root(), "may-chu");
    let path = |name: &str| small.root().join(name).to_str().unwrap().to_owned();
    let (cert, key) = (path("may-chu.crt"), path("may-chu.key"));
    let options = ["--tls-cert", &*cert, "--tls-key", &*key];
    let server = Server::start_with(&small.folder(), &options);
    let page = format!("/n/{}", server.token("A"));
    // Who speaks without encryption gets no page, and keeps nobody out.
    let plain = format!("GET {page} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(raw(server.address, plain.as_bytes()).is_none());
    let mut client = Command::new(Peer::OpenSsl.program())
        .args([
            "s_client",
            "-quiet",
            "-verify_return_error",
            "-CAfile",
            &cert,
        ])
        .args([
            "-verify_ip",
            "127.0.0.1",
            "-connect",
            &server.address.to_string(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    client
        .stdin
        .as_mut()
        .unwrap()
        .write_all(plain.as_bytes())
        .unwrap();
    let answer = client.wait_with_output().unwrap();
    let answer = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("Xã An Bình"), "{answer}");
}

#[test]
fn a_certificate_that_cannot_be_used_is_told() {
    if !Peer::OpenSsl.found() {
        return;
    }
    let small = Small::empty();
    certificate(small.root(), "a");
    certificate(small.root(), "b");
    for (cert, key, words) in [
        ("a.crt", "b.key", "hai tệp phải là một cặp"),
        ("a.key", "a.key", "không có chứng thư hoặc khóa dạng PEM"),
        ("a.crt", "a.crt", "không có chứng thư hoặc khóa dạng PEM"),
        ("khong-co.crt", "a.key", "không đọc được tệp chứng thư"),
    ] {
        let options = ["serve", "dot", "--listen", "127.0.0.1:0"];
        let tls = ["--tls-cert", cert, "--tls-key", key];
        let answer = tonghop(small.root(), &[&options[..], &tls[..]].concat());
        assert_eq!(answer.code, 3, "{cert} {key}");
        assert!(answer.err.contains(words), "{}", answer.err);
    }
    let alone = tonghop(small.root(), &["serve", "dot", "--tls-cert", "a.crt"]);
    assert_eq!(alone.code, 2);
}
