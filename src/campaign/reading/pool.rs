//! Processes that read files for a run, each the same program started again. A file that ends one,
//! or takes too long, is a finding; the next file gets a new process.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::reader::{Against, Opened, Reader};
use super::wire::{Ask, Ready, Sent, Start, known_forms, next_frame, send, send_value, value};
use crate::campaign::error::ToolError;
use crate::judge::receive::{Received, ReceivedFile};
use crate::model::Message;
use crate::model::why::Why;
use crate::schema::Form;
use crate::workbook::{ArchivedFile, FileProblem, Limits};

/// How to start processes that read.
#[derive(Debug, Clone)]
pub struct Workers {
    /// This program; it must understand the command `worker`.
    pub program: PathBuf,
    /// How many at a time.
    pub count: usize,
}

/// Environment variable with the password of the server's mail account.
pub const MAIL_PASSWORD: &str = "TONGHOP_SMTP_PASSWORD";

/// This program as a process of its own, to read strangers' files: it is not told what it need not
/// know.
pub fn own_process(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove(MAIL_PASSWORD);
    command
}

/// Loading a campaign and starting up may not take longer.
const START: Duration = Duration::from_secs(60);

/// Reads in a process of its own, started when the first file comes.
pub(super) struct Apart<'a> {
    workers: &'a Workers,
    against: Against<'a>,
    limits: &'a Limits,
    known: Vec<Arc<Form>>,
    worker: Option<Worker>,
}

impl<'a> Apart<'a> {
    pub(super) fn new(workers: &'a Workers, against: Against<'a>, limits: &'a Limits) -> Self {
        Self {
            workers,
            against,
            limits,
            known: known_forms(against),
            worker: None,
        }
    }

    fn start(&self) -> Result<Worker, ToolError> {
        let mut command = own_process(&self.workers.program);
        // A worker's messages have both languages; `--lang` only keeps it from failing on a bad
        // `TONGHOP_LANG`.
        command.args(["worker", "--lang", "vi"]);
        if let Some(campaign) = self.against.campaign {
            command.arg("--campaign").arg(&campaign.folder);
        }
        let started = Worker::start(command, self.limits);
        let ready = Ready::with(&self.known, self.against.campaign);
        match started {
            Ok((worker, answer)) if answer == ready => Ok(worker),
            Ok(_) => Err(not_started(
                "biểu mẫu, tệp campaign hoặc danh sách đơn vị của đợt vừa bị sửa trong lúc chạy",
                "the campaign's forms, its own file or its roster changed during the run",
            )),
            Err(error) => {
                let why = error.why();
                Err(not_started(&why.vi, &why.en))
            }
        }
    }

    /// Has a file read by the process that is there, or a new one. A process that failed is
    /// dropped, and so ended.
    fn try_once(&mut self, ask: &Ask, bytes: &[u8]) -> Result<Result<Opened, Failure>, ToolError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        let opened = self.ask(&mut worker, ask, bytes);
        if opened.is_ok() {
            self.worker = Some(worker);
        }
        Ok(opened)
    }

    fn ask(&self, worker: &mut Worker, ask: &Ask, bytes: &[u8]) -> Result<Opened, Failure> {
        worker.send(ask, bytes)?;
        let deadline = Instant::now() + Duration::from_secs(self.limits.seconds);
        let sent = value(&worker.next(deadline)?)?;
        match sent {
            Sent::One(sent) => Ok(Opened::One(Box::new(sent.place(&self.known)?))),
            Sent::Archive(listed) => {
                let mut files = Vec::with_capacity(listed.len());
                for (name, problem) in listed {
                    let content = match problem {
                        Some(problem) => Err(problem),
                        None => Ok(worker.next(deadline)?),
                    };
                    files.push(ArchivedFile { name, content });
                }
                Ok(Opened::Archive(files))
            }
        }
    }
}

impl Reader for Apart<'_> {
    fn open(
        &mut self,
        file: &ReceivedFile,
        bytes: &[u8],
        nested: bool,
    ) -> Result<Opened, ToolError> {
        let ask = Ask {
            name: file.name.clone(),
            round: file.round,
            nested,
        };
        let mut opened = self.try_once(&ask, bytes)?;
        // Something else may have ended the process: the file gets another try in a new one.
        if let Err(Failure::Stopped) = opened {
            opened = self.try_once(&ask, bytes)?;
        }
        let problem = match opened {
            Ok(opened) => return Ok(opened),
            Err(Failure::TooSlow) => FileProblem::TooSlow(self.limits.seconds),
            Err(Failure::Stopped) => FileProblem::ReaderStopped,
        };
        Ok(Opened::One(Box::new(Received::unreadable(file, &problem))))
    }
}

fn not_started(vi: &str, en: &str) -> ToolError {
    ToolError::Other(Message::new(
        format!(
            "không mở được phần đọc tệp chạy riêng ({vi}); chạy lại, hoặc thêm --no-isolation để đọc ngay trong chương trình"
        ),
        format!(
            "cannot start the process that reads files ({en}); run again, or read in this process with --no-isolation"
        ),
    ))
}

/// Why a process gave no answer.
enum Failure {
    TooSlow,
    Stopped,
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Failure::Stopped
    }
}

/// A running process. Ended when dropped: it keeps nothing.
struct Worker {
    child: Child,
    to: ChildStdin,
    from: Receiver<Vec<u8>>,
}

impl Worker {
    fn start(mut command: Command, limits: &Limits) -> io::Result<(Worker, Ready)> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Panic messages of libraries are of no use to the user.
            .stderr(Stdio::null())
            .spawn()?;
        let to = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        // Reading from a pipe has no timeout, receiving from a channel has. The thread ends with
        // the process.
        let (sender, from) = mpsc::sync_channel(1);
        thread::spawn(move || {
            while let Ok(Some(frame)) = next_frame(&mut out) {
                if sender.send(frame).is_err() {
                    break;
                }
            }
        });
        let mut worker = Worker { child, to, from };
        let limits = *limits;
        send_value(&mut worker.to, &Start { limits })?;
        let ready = worker.next(Instant::now() + START);
        let ready = ready.map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        Ok((worker, value(&ready)?))
    }

    fn send(&mut self, ask: &Ask, bytes: &[u8]) -> io::Result<()> {
        send_value(&mut self.to, ask)?;
        send(&mut self.to, bytes)
    }

    fn next(&mut self, deadline: Instant) -> Result<Vec<u8>, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.from.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => Failure::TooSlow,
            RecvTimeoutError::Disconnected => Failure::Stopped,
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
