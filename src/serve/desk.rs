//! What all requests share: the campaign, the state, the line before the checks.

use std::fs::{self, File, TryLockError};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::DateTime;
use tokio::task::spawn_blocking;

use super::by_hand::{self, ByHand, HandFile};
use super::common::Common;
use super::current::Current;
use super::guard::rate::Rate;
use super::inbox;
use super::kept::Kept;
use super::links::refuse_made_of;
use super::log;
use super::office::shared::{Shared, Staff};
use super::queue::Queue;
use super::refusal::Refusal;
use super::settings::Settings;
use super::state::{State, Token, folder_of};
use crate::campaign::{Campaign, Reading, Run, ToolError, check_sent};
use crate::judge::ReceivedFile;
use crate::model::{Message, ReportingUnit};

/// Name of the file that a server of a state holds.
pub(super) const LOCK: &str = "trang-web.khoa";

/// What all requests share.
pub(super) struct Desk {
    pub(super) settings: Settings,
    pub(super) state: Arc<State>,
    pub(super) staff: Arc<Staff>,
    pub(super) queue: Arc<Queue>,
    pub(super) addresses: Arc<Rate<IpAddr>>,
    pub(super) kept: Kept,
    /// Where what is sent lies until it is answered.
    pub(super) scratch: PathBuf,
    /// Held while a submission is put in place.
    filing: Mutex<()>,
    pub(super) office: Shared,
    by_hand: ByHand,
    current: Current,
    links: Rate<[u8; 32]>,
    /// One server a state; held as long as it runs.
    _lock: Option<File>,
}

/// Who asks: the unit of a link, and the campaign it belongs to.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) unit: Arc<ReportingUnit>,
    pub(super) campaign: Arc<Campaign>,
}

impl Desk {
    /// Opens the campaign and its state, and finishes what a server that was killed had begun. The
    /// people of the office are those given, or this campaign's own.
    ///
    /// # Errors
    /// The campaign cannot be loaded, the state cannot be written, or another server has it.
    pub(super) fn open(
        settings: Settings,
        common: &Common,
        staff: Option<Arc<Staff>>,
    ) -> Result<Desk, ToolError> {
        let current = Current::new(settings.campaign.clone());
        let campaign = current.get()?;
        refuse_made_of(&campaign)?;
        let folder = match &settings.state {
            Some(folder) => folder.clone(),
            None => folder_of(&settings.campaign),
        };
        let state = Arc::new(State::open(&folder)?);
        let lock = locked(folder.join(LOCK))?;
        let staff = match staff {
            Some(staff) => staff,
            None => Arc::new(Staff::new(state.clone(), &folder, settings.first_account)?),
        };
        let scratch = scratch_in(&folder)?;
        inbox::recover(&settings.campaign, &state)?;
        let desk = Self::of(settings, common, staff, state, scratch);
        Ok(Desk {
            current,
            _lock: Some(lock),
            ..desk
        })
    }

    /// What answers before all campaigns of a folder, which `settings` name: there may be none yet.
    ///
    /// # Errors
    /// The folder of the state, which is the staff's, cannot be written.
    pub(super) fn before_all(
        settings: Settings,
        common: &Common,
        staff: Arc<Staff>,
        folder: &Path,
    ) -> Result<Desk, ToolError> {
        let state = staff.state.clone();
        let scratch = scratch_in(folder)?;
        Ok(Self::of(settings, common, staff, state, scratch))
    }

    fn of(
        settings: Settings,
        common: &Common,
        staff: Arc<Staff>,
        state: Arc<State>,
        scratch: PathBuf,
    ) -> Desk {
        let folder = scratch.parent().unwrap_or(&scratch);
        Desk {
            queue: common.queue.clone(),
            addresses: common.addresses.clone(),
            links: Rate::new(settings.bounds.of_link),
            kept: Kept::new(settings.bounds.kept),
            filing: Mutex::new(()),
            office: Shared::new(folder),
            staff,
            by_hand: ByHand::default(),
            current: Current::new(settings.campaign.clone()),
            scratch,
            state,
            settings,
            _lock: None,
        }
    }

    /// The campaign; as it was some seconds ago at most.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub(super) fn campaign(&self) -> Result<Arc<Campaign>, ToolError> {
        self.current.get()
    }

    /// Loads the campaign again next time: something in it was changed.
    pub(super) fn forget_campaign(&self) {
        self.current.forget();
    }

    /// Is the period closed? One that was opened again is not, until it is closed once more.
    ///
    /// # Errors
    /// The campaign or its archive cannot be read.
    pub(super) fn is_closed(&self) -> Result<bool, ToolError> {
        let campaign = self.campaign()?;
        let period = campaign.file.period;
        let Some(closed) = campaign.archive.closed(period)? else {
            return Ok(false);
        };
        let Some(again) = self.state.reopened(&period.to_string())? else {
            return Ok(true);
        };
        // Both may have happened within a second, and a version may have been taken away by hand.
        let replaced = again
            .replaced
            .is_some_and(|then| closed.replaced.len() > then);
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let closed = closed.current.manifest.as_ref();
        let closed = closed.and_then(|manifest| moment(&manifest.closed_at));
        let later = closed.zip(moment(&again.time));
        Ok(replaced || later.is_some_and(|(closed, again)| closed > again))
    }

    /// Refuses what is submitted after the period was closed.
    ///
    /// # Errors
    /// It is closed; or the campaign or its archive cannot be read.
    pub(super) async fn still_takes(self: &Arc<Self>) -> Result<(), Refusal> {
        let desk = self.clone();
        match blocking(move || desk.is_closed()).await? {
            true => Err(Refusal::Closed),
            false => Ok(()),
        }
    }

    /// Why nothing can be submitted any more, if the period is closed.
    ///
    /// # Errors
    /// The campaign or its archive cannot be read.
    pub(super) fn closed(&self) -> Result<Option<Message>, ToolError> {
        Ok(self.is_closed()?.then(|| {
            Message::new(
                "Kỳ này đã chốt nên không nhận thêm. Cần thì mở lại kỳ ở trang «Tổng hợp».",
                "The period is closed and takes nothing more. Reopen it on the page of totals if needed.",
            )
        }))
    }

    /// One change of the inbox or the campaign at a time.
    pub(super) fn filing(&self) -> MutexGuard<'_, ()> {
        self.filing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose link this is. Links that are unknown, revoked, or of a unit that is not on the roster
    /// are the same to whoever asks.
    pub(super) async fn visitor(self: &Arc<Self>, token: &str) -> Result<Visitor, Refusal> {
        let (desk, token) = (self.clone(), token.to_owned());
        let found = blocking(move || {
            let Some(code) = desk.state.unit_of(&token)? else {
                return Ok(None);
            };
            let campaign = desk.current.get()?;
            let unit = campaign.roster.by_code(&code).cloned();
            Ok(unit.map(|unit| (Token::hash(&token), Visitor { unit, campaign })))
        });
        let (hash, visitor) = found.await?.ok_or(Refusal::UnknownLink)?;
        self.links
            .take(hash, Instant::now())
            .map_err(Refusal::TooMany)?;
        Ok(visitor)
    }

    /// What came of a unit past its page. Where that cannot be told now, nothing: it is no reason to
    /// show no page.
    pub(super) async fn by_hand(self: &Arc<Self>, visitor: &Visitor) -> Vec<HandFile> {
        let (desk, campaign) = (self.clone(), visitor.campaign.clone());
        let known = blocking(move || desk.by_hand.known(&campaign, &desk.state));
        let found = match known.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(unread)) => {
                let campaign = visitor.campaign.clone();
                let read = self.in_line(move |desk| {
                    let reading = desk.settings.reading_all();
                    desk.by_hand.read(unread, &campaign, &reading)
                });
                read.await
            }
            Err(refusal) => Err(refusal),
        };
        found.map_or(Vec::new(), |found| {
            by_hand::of_unit(&found, &visitor.unit.code)
        })
    }

    /// Waits in line, then does something with the disk and the processors.
    pub(super) async fn in_line<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Desk) -> Result<T, ToolError> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.in_line_as(None, work).await
    }

    /// [`Desk::in_line`], with what the waiting is called, so that it can be asked for.
    pub(super) async fn in_line_as<T: Send + 'static>(
        self: &Arc<Self>,
        turn: Option<String>,
        work: impl FnOnce(&Desk) -> Result<T, ToolError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = self.queue.place(turn).await;
        let place = place.map_err(|full| Refusal::Busy(full.waiting))?;
        let desk = self.clone();
        // The place is held until the work is done, even if nobody waits for it any more.
        blocking(move || {
            let done = work(&desk);
            drop(place);
            done
        })
        .await
    }

    /// Checks what a unit sent, as `check` does.
    ///
    /// # Errors
    /// The campaign cannot be loaded, or the process that reads cannot be started.
    pub(super) fn check(
        &self,
        visitor: &Visitor,
        files: &[ReceivedFile],
    ) -> Result<(Arc<Campaign>, Run), ToolError> {
        let reading: Reading = self.settings.reading();
        let campaign = &visitor.campaign;
        if let Ok(run) = check_sent(files, &visitor.unit, campaign, &reading) {
            return Ok((campaign.clone(), run));
        }
        // The process that reads has loaded the campaign later than we have, and may have found it
        // changed.
        self.check_anew(visitor, files)
    }

    /// [`Desk::check`] with the campaign as it is this moment.
    ///
    /// # Errors
    /// As for [`Desk::check`].
    pub(super) fn check_anew(
        &self,
        visitor: &Visitor,
        files: &[ReceivedFile],
    ) -> Result<(Arc<Campaign>, Run), ToolError> {
        self.current.forget();
        let campaign = self.current.get()?;
        let run = check_sent(files, &visitor.unit, &campaign, &self.settings.reading())?;
        Ok((campaign, run))
    }
}

/// Does what blocks away from the connections.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ToolError> + Send + 'static,
) -> Result<T, Refusal> {
    match spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(failed(error)),
        // It panicked, and the panic was reported where it happened.
        Err(_) => Err(Refusal::Failed(log::not_now())),
    }
}

/// Says to whoever runs the server what went wrong, and to the unit that something did.
pub(super) fn failed(error: ToolError) -> Refusal {
    log::failed("tonghop serve", &error);
    Refusal::Failed(log::not_now())
}

/// Where what is sent lies until it is answered, in the folder of a state.
fn scratch_in(folder: &Path) -> Result<PathBuf, ToolError> {
    let scratch = folder.join("trang-web.tam");
    // What an earlier server left there was answered by nobody.
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).map_err(ToolError::io(&scratch))?;
    Ok(scratch)
}

/// One server a state: the file is held as long as it runs.
///
/// # Errors
/// Another server holds it, or it cannot be made.
pub(super) fn locked(path: PathBuf) -> Result<File, ToolError> {
    let mut options = File::options();
    let opened = options.create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(ToolError::io(&path))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(ToolError::Other(Message::new(
            format!(
                "{}: một tonghop serve khác đang chạy với trạng thái này; dừng nó trước",
                path.display()
            ),
            format!(
                "{}: another tonghop serve runs with this state; stop it first",
                path.display()
            ),
        ))),
        // On a file system without locks two servers cannot be kept apart.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}
