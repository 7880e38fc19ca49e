//! Mails by a server that the settings name: encrypted, but to this machine itself.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Address, Message as Mail, Transport};

use crate::campaign::ToolError;
use crate::model::Message;
use crate::text::safe;

/// The server may take so long for each of its answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// Letters of a server's answer that are told.
const LONGEST: usize = 200;

/// A server that takes mails, and who sends them.
#[derive(Clone)]
pub struct MailServer {
    transport: SmtpTransport,
    from: Mailbox,
    /// As people read it.
    name: Arc<str>,
}

/// How a server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress {
    /// Encrypted from the first byte on (`smtps`), or after a greeting (`smtp`)?
    at_once: bool,
    host: String,
    port: u16,
}

/// Why a mail was not sent.
#[derive(Debug)]
pub(super) struct NotSent {
    pub(super) why: Message,
    /// Will the next one fare no better?
    pub(super) for_all: bool,
}

impl fmt::Debug for MailServer {
    /// Nothing of the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MailServer").field(&self.name).finish()
    }
}

impl MailAddress {
    /// `smtps://HOST[:465]` or `smtp://HOST[:587]`; none if it is something else.
    pub fn of(text: &str) -> Option<MailAddress> {
        let (scheme, rest) = text.trim_end_matches('/').split_once("://")?;
        let (at_once, usual) = match scheme {
            "smtps" => (true, 465),
            "smtp" => (false, 587),
            _ => return None,
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (rest, usual),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        (!host.is_empty() && host.chars().all(plain)).then(|| MailAddress {
            at_once,
            host: host.to_owned(),
            port,
        })
    }

    /// Is it this machine, to which nothing need be encrypted?
    fn is_here(&self) -> bool {
        let address = self.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        address || self.host == "localhost"
    }
}

impl MailServer {
    /// A server that is signed in to with a name and a password, if it wants that. `from` is an
    /// address, or a name with an address in angle brackets.
    ///
    /// # Errors
    /// `from` is no address, or this machine's certificates cannot be used.
    pub fn new(
        address: &MailAddress,
        from: &str,
        login: Option<(String, String)>,
    ) -> Result<MailServer, ToolError> {
        let host = address.host.as_str();
        let builder = match (address.at_once, address.is_here()) {
            (true, _) => SmtpTransport::relay(host),
            (false, true) => Ok(SmtpTransport::builder_dangerous(host)),
            (false, false) => SmtpTransport::starttls_relay(host),
        };
        let mut builder = builder
            .map_err(|error| ToolError::Other(not_usable(host, &error)))?
            .port(address.port)
            .timeout(Some(PATIENCE));
        if let Some((name, password)) = login {
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(MailServer {
            transport: builder.build(),
            from: mailbox(from).ok_or_else(|| ToolError::Other(no_sender(from)))?,
            name: format!("{host}:{}", address.port).into(),
        })
    }

    /// Its name and port.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Who sends, as a mail says it.
    pub(super) fn from(&self) -> String {
        self.from.to_string()
    }

    /// Sends a text, and waits until the server has taken it.
    ///
    /// # Errors
    /// It has not.
    pub(super) fn send(&self, to: &[Address], subject: &str, text: &str) -> Result<(), NotSent> {
        let subject: String = subject.chars().filter(|c| !c.is_control()).collect();
        let mut mail = Mail::builder()
            .from(self.from.clone())
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .date_now()
            .message_id(None);
        for address in to {
            mail = mail.to(Mailbox::new(None, address.clone()));
        }
        let mail = mail.body(text.to_owned()).map_err(|error| NotSent {
            why: Message::new(
                format!("không lập được thư: {error}"),
                format!("the mail cannot be made: {error}"),
            ),
            for_all: false,
        })?;
        let sent = self.transport.send(&mail);
        sent.map(drop).map_err(|error| self.not_sent(&error))
    }

    fn not_sent(&self, error: &Error) -> NotSent {
        let name = &self.name;
        let Some(code) = error.status().map(u16::from) else {
            return NotSent {
                why: self.not_reached(error),
                for_all: true,
            };
        };
        // Signing in, encryption, and a server that goes away; all else is about this mail.
        let for_all = matches!(code, 421 | 454 | 530 | 534 | 535 | 538);
        let said = said(error);
        let why = match for_all && code != 421 {
            true => Message::new(
                format!(
                    "máy chủ thư {name} không cho đăng nhập (mã {code}: «{said}»); kiểm tra tên và mật khẩu hộp thư"
                ),
                format!(
                    "{name} refuses the sign-in ({code}: {said}); check the account's name and password"
                ),
            ),
            false => Message::new(
                format!("máy chủ thư {name} không nhận (mã {code}: «{said}»)"),
                format!("{name} does not take it ({code}: {said})"),
            ),
        };
        NotSent { why, for_all }
    }

    fn not_reached(&self, error: &Error) -> Message {
        let (name, said) = (&self.name, said(error));
        if error.is_timeout() {
            return Message::new(
                format!("máy chủ thư {name} không trả lời kịp"),
                format!("{name} does not answer in time"),
            );
        }
        if error.is_tls() || is_of_tls(error) {
            return Message::new(
                format!(
                    "không mã hóa được đường tới máy chủ thư {name}: chứng thư của nó không được máy này tin, hoặc cổng sai («{said}»)"
                ),
                format!("no encrypted connection to {name}: {said}"),
            );
        }
        Message::new(
            format!("không nối được tới máy chủ thư {name}; kiểm tra tên, cổng và mạng («{said}»)"),
            format!("{name} cannot be reached: {said}"),
        )
    }
}

/// Does it come from the library that encrypts, which has no kind of its own for a connection?
fn is_of_tls(error: &Error) -> bool {
    let cause = std::error::Error::source(error);
    let cause = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData)
}

/// What an error says, in one line and not too long: a server may answer anything.
fn said(error: &Error) -> String {
    let cause = std::error::Error::source(error);
    let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
    safe::plain(&text).chars().take(LONGEST).collect()
}

/// Somebody's address, or a name with an address in angle brackets.
fn mailbox(text: &str) -> Option<Mailbox> {
    text.trim().parse().ok()
}

/// Mail addresses of a unit, if every one of them is one.
pub(super) fn addresses(written: &[&str]) -> Option<Vec<Address>> {
    let parsed = written.iter().map(|text| text.parse().ok());
    parsed.collect()
}

fn no_sender(from: &str) -> Message {
    Message::new(
        format!(
            "--smtp-from «{from}» không phải địa chỉ thư; viết như baocao@tinh.gov.vn hoặc \"Sở Nội vụ <baocao@tinh.gov.vn>\""
        ),
        format!(
            "--smtp-from \"{from}\" is no mail address; write it as baocao@tinh.gov.vn or \"Office <baocao@tinh.gov.vn>\""
        ),
    )
}

fn not_usable(host: &str, error: &Error) -> Message {
    let said = said(error);
    Message::new(
        format!("không dùng được máy chủ thư {host}: {said}"),
        format!("the mail server {host} cannot be used: {said}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_a_scheme_a_name_and_a_port_and_nothing_else() {
        let of = |text| MailAddress::of(text).map(|to| (to.at_once, to.host, to.port));
        let host = "mail.tinh.gov.vn".to_owned();
        assert_eq!(
            of("smtps://mail.tinh.gov.vn"),
            Some((true, host.clone(), 465))
        );
        assert_eq!(of("smtp://mail.tinh.gov.vn:25/"), Some((false, host, 25)));
        for wrong in [
            "mail.tinh.gov.vn",
            "http://mail.tinh.gov.vn",
            "smtp://",
            "smtp://:25",
            "smtp://ten:mk@mail.tinh.gov.vn",
            "smtp://mail.tinh.gov.vn:0",
            "smtp://mail.tinh.gov.vn/x",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_password_is_in_no_words_about_the_server() {
        let address = MailAddress::of("smtps://127.0.0.1:2465").unwrap();
        let login = Some(("an".to_owned(), "bí mật".to_owned()));
        let server = MailServer::new(&address, "Sở Nội vụ <a@tinh.vn>", login).unwrap();
        let words = format!("{server:?} {} {}", server.name(), server.from());
        assert!(!words.contains("bí mật"), "{words}");
        let wrong = MailServer::new(&address, "a tinh", None).unwrap_err();
        assert!(wrong.message().vi.contains("«a tinh»"), "{wrong}");
    }
}
