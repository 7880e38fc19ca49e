//! A browser of its own for each test, driven by the protocol of the W3C (WebDriver): JSON over HTTP
//! to chromedriver. The few words of it that the tests need are written by hand; a client crate would
//! bring features of shared dependencies that build polars twice.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::peers::Peer;

/// How long something on a page may take to appear. The machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// Folder of the profile for what is downloaded.
const DOWNLOADS: &str = "downloads";
/// What the protocol calls an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys as the protocol writes them.
pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";

/// A browser with one window, closed when dropped.
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    profile: tempfile::TempDir,
}

/// What a browser is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ordinary,
    WithoutScripts,
    /// As wide as a narrow telephone, 360 px.
    Telephone,
}

impl Browser {
    /// Opens a browser; none if there is none here.
    pub fn open(kind: Kind) -> Option<Browser> {
        if !Peer::Chromium.found() {
            return None;
        }
        let mut driver = Command::new(Peer::Chromium.program())
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = address(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let wanted = json!({"capabilities": {"alwaysMatch": capabilities(kind, profile.path())}});
        let session = ask(address, "POST", "/session", Some(&wanted)).unwrap();
        Some(Browser {
            driver,
            address,
            session: session["sessionId"].as_str().unwrap().to_owned(),
            profile,
        })
    }

    /// One command of this session; what went wrong, in the driver's words.
    fn try_command(&self, method: &str, path: &str, body: Option<&Json>) -> Result<Json, String> {
        let path = format!("/session/{}{path}", self.session);
        ask(self.address, method, &path, body)
    }

    fn post(&self, path: &str, body: &Json) -> Json {
        let answer = self.try_command("POST", path, Some(body));
        answer.unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.text()))
    }

    pub fn goto(&self, address: &str) {
        self.post("/url", &json!({"url": address}));
    }

    /// Does something with the first element of a selector, once it is there. An answer may take the
    /// place of the page in between.
    fn on(&self, selector: &str, what: &str, body: Option<&Json>) -> Json {
        let css = json!({"using": "css selector", "value": selector});
        let begun = Instant::now();
        loop {
            let done = self
                .try_command("POST", "/element", Some(&css))
                .and_then(|element| {
                    let id = element[ELEMENT].as_str().unwrap_or_default().to_owned();
                    let method = body.map_or("GET", |_| "POST");
                    self.try_command(method, &format!("/element/{id}/{what}"), body)
                });
            match done {
                Ok(answer) => return answer,
                Err(error) if begun.elapsed() > PATIENCE => {
                    panic!("{selector}: {error}\n{}", self.text())
                }
                Err(_) => sleep(Duration::from_millis(100)),
            }
        }
    }

    /// How many elements of a selector there are.
    pub fn count(&self, selector: &str) -> usize {
        let css = json!({"using": "css selector", "value": selector});
        self.post("/elements", &css).as_array().unwrap().len()
    }

    /// Waits until there are so many elements of a selector.
    pub fn wait_for_count(&self, selector: &str, count: usize) {
        let begun = Instant::now();
        while self.count(selector) != count {
            assert!(begun.elapsed() < PATIENCE, "{selector}:\n{}", self.text());
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits for a file that the page has given, and reads it.
    pub fn downloaded(&self, name: &str) -> Vec<u8> {
        let path = self.profile.path().join(DOWNLOADS).join(name);
        let begun = Instant::now();
        loop {
            // It gets its name once it is whole.
            match fs::read(&path) {
                Ok(bytes) => return bytes,
                Err(_) if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(50)),
                Err(error) => panic!("{name}: {error}\n{}", self.text()),
            }
        }
    }

    pub fn click(&self, selector: &str) {
        self.on(selector, "click", Some(&json!({})));
    }

    /// Types into an element; for a field of files, their paths.
    pub fn type_into(&self, selector: &str, text: &str) {
        self.on(selector, "value", Some(&json!({"text": text})));
    }

    /// Presses a key where the focus is.
    pub fn press(&self, key: &str) {
        let strokes = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// Goes on by the Tab key until an element of a selector has the focus.
    pub fn tab_to(&self, selector: &str) {
        for _ in 0..80 {
            if self.has_focus(selector) {
                return;
            }
            self.press(TAB);
        }
        panic!("{selector} is not reached by the Tab key");
    }

    pub fn has_focus(&self, selector: &str) -> bool {
        let script = format!("return document.activeElement.matches('{selector}')");
        self.script(&script) == Json::Bool(true)
    }

    /// Text of an element as it is seen.
    pub fn text_of(&self, selector: &str) -> String {
        self.on(selector, "text", None).as_str().unwrap().to_owned()
    }

    /// Text of the page as it is seen.
    pub fn text(&self) -> String {
        self.text_of("body")
    }

    /// Waits until the page says something.
    pub fn wait_for(&self, words: &str) {
        let begun = Instant::now();
        while !self.text().contains(words) {
            assert!(begun.elapsed() < PATIENCE, "{words}:\n{}", self.text());
            sleep(Duration::from_millis(100));
        }
    }

    /// What a script says of the page.
    pub fn script(&self, script: &str) -> Json {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// The part of the address behind `#`.
    pub fn hash(&self) -> String {
        let address = self.try_command("GET", "/url", None).unwrap();
        let address = address.as_str().unwrap().split_once('#');
        address.map_or(String::new(), |(_, hash)| hash.to_owned())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.try_command("DELETE", "", None);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The address of a driver, which says the port it has taken.
fn address(driver: &mut Child) -> SocketAddr {
    let out = BufReader::new(driver.stdout.take().unwrap());
    for line in out.lines() {
        let line = line.unwrap();
        if let Some((_, port)) = line.split_once("successfully on port ") {
            let port = port.trim_end_matches('.');
            return format!("127.0.0.1:{port}").parse().unwrap();
        }
    }
    panic!("the driver said no port");
}

/// Asks the driver; what it answers, or why it does not do it.
fn ask(address: SocketAddr, method: &str, path: &str, body: Option<&Json>) -> Result<Json, String> {
    let body = body.map_or(String::new(), Json::to_string);
    let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let sent = stream.write_all((head + &body).as_bytes());
    sent.map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let mut out = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        out.read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let line = line.trim().to_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    bytes.resize(length, 0);
    out.read_exact(&mut bytes)
        .map_err(|error| error.to_string())?;
    let answer: Json = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    match answer["value"]["error"].is_string() {
        true => Err(answer["value"]["message"].to_string()),
        false => Ok(answer["value"].clone()),
    }
}

fn capabilities(kind: Kind, profile: &Path) -> Json {
    let mut options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            // A click falls where its element was when it was looked for, so nothing may be on its way.
            "--force-prefers-reduced-motion",
            "--window-size=1366,900",
            format!("--user-data-dir={}", profile.display()),
        ],
        "prefs": {"download.default_directory": profile.join(DOWNLOADS)},
    });
    match kind {
        Kind::Ordinary => {}
        Kind::WithoutScripts => {
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        Kind::Telephone => {
            let metrics = json!({"width": 360, "height": 740, "pixelRatio": 1.0});
            options["mobileEmulation"] = json!({"deviceMetrics": metrics});
        }
    }
    json!({"browserName": "chrome", "goog:chromeOptions": options})
}
