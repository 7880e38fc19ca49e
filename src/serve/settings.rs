//! What a server is started with, and what it takes at most.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::mail::MailServer;
use super::tls::Tls;
use crate::campaign::{Clock, Reading, Workers};
use crate::page::Refusal;
use crate::workbook::Limits;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the campaign, or of several.
    pub campaign: PathBuf,
    /// Folder of the state, if it is not the campaign's own; of several campaigns each has a folder of
    /// its name in it.
    pub state: Option<PathBuf>,
    /// Give a code for an account that may everything, although there are accounts?
    pub first_account: bool,
    /// Where to listen; port 0 for any that is free.
    pub listen: SocketAddr,
    /// The address by which units reach the server, such as `https://baocao.tinh.vn`, for the links
    /// in letters; none: the one by which the officer who makes them does.
    pub address: Option<String>,
    /// The proxy by which every request comes, if there is one: it says who asks.
    pub proxy: Option<IpAddr>,
    /// The server that mails letters to units, if there is one.
    pub mail: Option<MailServer>,
    /// Encrypt connections with this certificate.
    pub tls: Option<Tls>,
    /// This program, which reads files in processes of its own.
    pub program: PathBuf,
    /// The time.
    pub clock: Clock,
    /// What is taken at most.
    pub bounds: Bounds,
}

/// What a server takes at most.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// A request's body, in bytes.
    pub body: usize,
    /// Workbooks in one request.
    pub files: usize,
    /// Connections at a time.
    pub connections: usize,
    /// Time for the head of a request.
    pub head: Duration,
    /// Time for the body of a request.
    pub body_time: Duration,
    /// Time for a request as a whole, if nothing else has ended it.
    pub request: Duration,
    /// Checks at a time.
    pub checks: usize,
    /// Checks that may wait.
    pub waiting: usize,
    /// Requests of one address: at once, and again a second.
    pub of_address: (u32, f64),
    /// Requests of one link: at once, and again a second.
    pub of_link: (u32, f64),
    /// How long what was only checked is kept for its marked copy.
    pub kept: Duration,
    /// What is read of a file.
    pub limits: Limits,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 25 << 20,
            files: 20,
            connections: 400,
            head: Duration::from_secs(10),
            body_time: Duration::from_secs(180),
            request: Duration::from_secs(600),
            checks: 2,
            waiting: 200,
            // Behind a proxy all units have one address.
            of_address: (600, 20.0),
            of_link: (60, 1.0),
            kept: Duration::from_secs(30 * 60),
            // A file that keeps a reader busy keeps others waiting: ordinary ones take a tenth of a
            // second.
            limits: Limits {
                files: 50,
                seconds: 10,
                ..Limits::default()
            },
        }
    }
}

impl Bounds {
    /// The refusal of a body that is longer.
    pub(super) fn too_big(&self) -> Refusal {
        Refusal::TooBig(u64::try_from(self.body).unwrap_or(u64::MAX))
    }
}

impl Settings {
    /// How the whole inbox is read, as the command line reads it.
    pub(super) fn reading_all(&self) -> Reading {
        Reading {
            limits: Limits::default(),
            workers: Some(Workers {
                program: self.program.clone(),
                count: self.bounds.checks,
            }),
            keep: false,
        }
    }

    /// How the files of one request are read: in one process of its own.
    pub(super) fn reading(&self) -> Reading {
        Reading {
            limits: self.bounds.limits,
            workers: Some(Workers {
                program: self.program.clone(),
                count: 1,
            }),
            keep: true,
        }
    }
}
