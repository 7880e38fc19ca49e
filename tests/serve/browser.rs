//! Somebody of the office with a browser: cookies kept, forms sent as the page has them.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::client::{Answer, raw};

/// A server with its first account to be made, killed when dropped.
pub struct Office {
    child: Child,
    pub address: SocketAddr,
    /// The code of the terminal.
    pub code: String,
}

impl Office {
    pub fn start(campaign: &Path) -> Office {
        Self::start_with(campaign, &[], &[])
    }

    pub fn start_with(campaign: &Path, options: &[&str], variables: &[(&str, &str)]) -> Office {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tonghop"))
            .arg("serve")
            .arg(campaign)
            .args(["--listen", "127.0.0.1:0"])
            .args(options)
            .envs(variables.iter().copied())
            .env_remove("TONGHOP_LANG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mut code = String::new();
        told.read_line(&mut code).unwrap();
        let code = code.trim().rsplit(' ').next().unwrap().to_owned();
        // What else is said must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
        Office {
            child,
            address,
            code,
        }
    }

    /// A browser in which the first account has been made.
    pub fn admin(&self) -> Browser {
        let mut browser = Browser::new(self.address);
        browser.get("/thiet-lap");
        let answer = browser.send(
            "/thiet-lap",
            &[
                ("code", &self.code),
                ("name", "quan.tri"),
                ("password", PASSWORD),
                ("again", PASSWORD),
            ],
        );
        assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
        browser
    }

    /// A browser of an account with a role, made by an administrator.
    pub fn with_role(&self, admin: &mut Browser, name: &str, role: &str) -> Browser {
        admin.get("/tai-khoan/tat-ca");
        let made = admin
            .send("/tai-khoan/them", &[("name", name), ("role", role)])
            .text();
        let given = made
            .split("class=\"once\">")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        let mut browser = Browser::new(self.address);
        browser.get("/dang-nhap");
        let answer = browser.send("/dang-nhap", &[("name", name), ("password", &given)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(browser.get("/").header("location"), Some("/tai-khoan"));
        browser.get("/tai-khoan");
        let own = "câu của riêng tôi";
        let changed = [("old", &*given), ("password", own), ("again", own)];
        assert_eq!(browser.send("/tai-khoan", &changed).status, 303);
        browser
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub const PASSWORD: &str = "trời hôm nay đẹp lắm";

/// A browser.
pub struct Browser {
    pub address: SocketAddr,
    pub cookies: Vec<(String, String)>,
    /// The mark in the last page's forms.
    pub csrf: String,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Browser {
        Browser {
            address,
            cookies: Vec::new(),
            csrf: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head());
        self.ask(request.into_bytes())
    }

    /// Sends a form with the mark of the page it was on.
    pub fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields = [&[("csrf", &*csrf)], fields].concat();
        self.send_as_is(path, &fields)
    }

    pub fn send_as_is(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| format!("{name}={}", encoded(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.head(),
            body.len()
        );
        self.ask(request.into_bytes())
    }

    pub fn head(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{name}={value}");
        let cookies = self.cookies.iter().map(pair).collect::<Vec<_>>().join("; ");
        format!(
            "Host: {}\r\nConnection: close\r\nAccept: text/html\r\nCookie: {cookies}\r\n",
            self.address
        )
    }

    pub fn ask(&mut self, request: Vec<u8>) -> Answer {
        let answer = raw(self.address, &request).unwrap();
        for (_, value) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        if let Some(rest) = page.split("name=\"csrf\" value=\"").nth(1) {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        answer
    }
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
