//! New campaigns: tried out aside from the campaigns there are, and put beside them whole, or not at
//! all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;
use walkdir::WalkDir;

use super::state::random;
use crate::campaign::file_names::usable;
use crate::campaign::{Campaign, ToolError, own_process};
use crate::history::flush;
use crate::model::{Lang, Message, Period, write_failure};

/// How often it is looked whether a process is done.
const TICK: Duration = Duration::from_millis(20);
/// Names of folders that are not whole begin so.
pub(super) const UNFINISHED: &str = ".tonghop-moi-";
/// What was tried out is kept for so long, and no more than so many.
const KEPT: Duration = Duration::from_secs(30 * 60);
const MOST: usize = 10;
/// Letters of a folder's name.
const LONGEST: usize = 60;

/// What a new campaign is to be made of; files lie in `folder`, named from there.
pub(super) struct Wanted {
    pub(super) folder: TempDir,
    pub(super) forms: Vec<PathBuf>,
    pub(super) roster: PathBuf,
    pub(super) name: String,
    pub(super) period: Period,
    pub(super) office: String,
    pub(super) place: String,
}

/// A new campaign that was tried out.
pub(super) struct Draft {
    folder: TempDir,
    /// Name of the folder it is to get.
    pub(super) name: String,
    /// What was understood of the forms, as `forms from-excel` says it.
    pub(super) understood: Json,
}

/// New campaigns that wait to be confirmed, each by whoever tried it out.
#[derive(Default)]
pub(super) struct Drafts(Mutex<Vec<(String, String, Instant, Draft)>>);

impl Draft {
    /// Where the campaign lies meanwhile.
    pub(super) fn campaign(&self) -> PathBuf {
        self.folder.path().join("dot")
    }

    /// Makes the campaign aside by the same command as on the command line, in a process of its own:
    /// the files are strangers'.
    ///
    /// # Errors
    /// What the command says, or it takes too long.
    pub(super) fn of(
        wanted: Wanted,
        program: &Path,
        lang: Lang,
        most: Duration,
    ) -> Result<Draft, ToolError> {
        let run = |words: &[&str], options: &[String]| {
            let mut command = own_process(program);
            command.args(words).args(&wanted.forms).args(options);
            command.args(["--format", "json", "--lang", &lang.to_string()]);
            command.current_dir(wanted.folder.path());
            output(command, most)
        };
        let options = [
            "--roster".to_owned(),
            wanted.roster.to_string_lossy().into_owned(),
            format!("--period={}", wanted.period),
            format!("--office={}", wanted.office),
            format!("--place={}", wanted.place),
        ];
        let made = run(&["new", "dot", "--excel", "--from-excel"], &options)?;
        if made.code != Some(0) {
            return Err(refused(&made.err, &wanted));
        }
        let read = run(&["forms", "from-excel"], &[])?;
        let understood = serde_json::from_slice(&read.out);
        let understood = understood.map_err(|_| refused(&read.err, &wanted))?;
        Ok(Draft {
            folder: wanted.folder,
            name: wanted.name,
            understood,
        })
    }
}

/// How a command ended, and what it has said.
struct Ended {
    code: Option<i32>,
    out: Vec<u8>,
    err: Vec<u8>,
}

/// Runs a command to its end.
fn output(mut command: Command, most: Duration) -> Result<Ended, ToolError> {
    let failed = |error: io::Error| ToolError::io("tonghop".as_ref())(error);
    // Into files: nobody need read while it runs.
    let streams = || -> io::Result<_> { Ok((tempfile::tempfile()?, tempfile::tempfile()?)) };
    let (mut out, mut err) = streams().map_err(failed)?;
    let piped = || -> io::Result<_> { Ok((out.try_clone()?, err.try_clone()?)) };
    let (to, told) = piped().map_err(failed)?;
    command.stdin(Stdio::null()).stdout(to).stderr(told);
    let mut child = command.spawn().map_err(failed)?;
    let deadline = Instant::now() + most;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if Instant::now() >= deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(ToolError::Other(Message::new(
                "Đọc các biểu quá lâu nên đã dừng, chưa có gì được lập. Hãy thử từng biểu một để biết biểu nào.",
                "Reading the forms took too long and was stopped; nothing was made. Try them one by one.",
            )));
        }
        sleep(TICK);
    };
    let read = |file: &mut fs::File| -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::Seek::rewind(file)?;
        io::Read::read_to_end(file, &mut bytes)?;
        Ok(bytes)
    };
    let both = read(&mut out).and_then(|out| Ok((out, read(&mut err)?)));
    let (out, err) = both.map_err(failed)?;
    Ok(Ended {
        code: status.code(),
        out,
        err,
    })
}

/// What a command has said, without the folders that files lay in.
fn refused(said: &[u8], wanted: &Wanted) -> ToolError {
    let mut text = String::from_utf8_lossy(said).trim().to_owned();
    for path in wanted.forms.iter().chain([&wanted.roster]) {
        let (path, name) = (path.to_string_lossy(), path.file_name().unwrap_or_default());
        text = text.replace(&*path, &name.to_string_lossy());
    }
    match text.is_empty() {
        true => ToolError::Other(Message::new(
            "Không đọc được các tệp này: có tệp làm chương trình đọc phải dừng.",
            "These files cannot be read: one of them has stopped the program that reads.",
        )),
        false => ToolError::Other(Message::new(&*text, &*text)),
    }
}

impl Drafts {
    /// Keeps one for an account; gives the id under which it is kept.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub(super) fn keep(&self, account: &str, draft: Draft) -> Result<String, ToolError> {
        let id = random()?;
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.retain(|(.., since, _)| since.elapsed() < KEPT);
        if drafts.len() >= MOST {
            drafts.remove(0);
        }
        drafts.push((id.clone(), account.to_owned(), Instant::now(), draft));
        Ok(id)
    }

    /// Takes one out, for the account that tried it: nobody can take it twice.
    pub(super) fn take(&self, id: &str, account: &str) -> Option<Draft> {
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.retain(|(.., since, _)| since.elapsed() < KEPT);
        let at = drafts
            .iter()
            .position(|(known, owner, ..)| known == id && owner == account)?;
        Some(drafts.remove(at).3)
    }
}

/// A name for a folder of a campaign, or why it is none.
///
/// # Errors
/// It is empty, hidden, too long, or a way to somewhere else.
pub(super) fn folder_name(typed: &str) -> Result<String, Message> {
    let name = typed.trim();
    let plain =
        usable(name) == name && !name.contains(['/', '\\']) && !name.starts_with(['.', '-']);
    match plain && (1..=LONGEST).contains(&name.chars().count()) {
        true => Ok(name.to_owned()),
        false => Err(Message::new(
            format!(
                "«{name}» không làm tên thư mục được. Hãy đặt tên ngắn, không có dấu chấm ở đầu, dấu gạch chéo hay các dấu \\ : * ? \" < > |; ví dụ bao-cao-2025-10."
            ),
            format!(
                "`{name}` cannot name a folder. Use a short name without a leading dot, slashes or \\ : * ? \" < > |, such as report-2025-10."
            ),
        )),
    }
}

/// Has `make` put a campaign into a folder that nobody reads, then gives that its name.
///
/// # Errors
/// The name is taken, `make` fails, or it cannot be written. Nothing is left of it then.
pub(super) fn put(
    among: &Path,
    name: &str,
    make: impl FnOnce(&Path) -> Result<(), ToolError>,
) -> Result<PathBuf, ToolError> {
    let target = among.join(name);
    if target.symlink_metadata().is_ok() {
        return Err(taken(name));
    }
    let written = |error: &io::Error| ToolError::Other(write_failure(&target, error));
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    // Others of the office work in it, too; the process's mask still holds.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    // Right beside the others, so that ways from it stay what they are.
    let folder = builder.tempdir_in(among);
    let folder = folder.map_err(|error| written(&error))?;
    make(folder.path())?;
    Campaign::load(folder.path())?;
    flush_all(folder.path()).map_err(|error| written(&error))?;
    if target.symlink_metadata().is_ok() {
        return Err(taken(name));
    }
    fs::rename(folder.path(), &target).map_err(|error| written(&error))?;
    flush::folder(among).map_err(|error| written(&error))?;
    Ok(target)
}

fn flush_all(folder: &Path) -> io::Result<()> {
    for entry in WalkDir::new(folder).contents_first(true) {
        let entry = entry?;
        match entry.file_type().is_dir() {
            true => flush::folder(entry.path())?,
            false => flush::file(entry.path())?,
        }
    }
    Ok(())
}

/// Copies a folder.
///
/// # Errors
/// It cannot be read, or the copy not be written.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), ToolError> {
    let copied = || -> io::Result<()> {
        for entry in WalkDir::new(from) {
            let entry = entry?;
            let target = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
            match entry.file_type().is_dir() {
                true => fs::create_dir_all(&target)?,
                false => drop(fs::copy(entry.path(), &target)?),
            }
        }
        Ok(())
    };
    copied().map_err(|error| ToolError::Other(write_failure(to, &error)))
}

/// Removes what was not finished when a server was killed.
pub(super) fn sweep(among: &Path) {
    let entries = among.read_dir().into_iter().flatten().flatten();
    for entry in entries {
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_dir && entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn taken(name: &str) -> ToolError {
    ToolError::Other(Message::new(
        format!("Đã có thư mục «{name}». Hãy đặt tên khác."),
        format!("There is a folder `{name}` already. Choose another name."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["bao-cao-2025-10", "Báo cáo tháng 10", "2025-10"] {
            assert!(folder_name(name).is_ok(), "{name}");
        }
        let long = "a".repeat(LONGEST + 1);
        for name in [
            "", " ", ".", "..", "../x", "a/b", "a\\b", ".an", "-x", "a:b", "a\nb", &long,
        ] {
            assert!(folder_name(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn what_cannot_be_made_leaves_nothing_behind_and_nothing_is_replaced() {
        let among = tempfile::tempdir().unwrap();
        let fails = |_: &Path| Err(taken("x"));
        assert!(put(among.path(), "moi", fails).is_err());
        let half = |folder: &Path| {
            fs::write(folder.join("campaign.toml"), "title = ").unwrap();
            Ok(())
        };
        assert!(put(among.path(), "moi", half).is_err());
        assert_eq!(among.path().read_dir().unwrap().count(), 0);
        fs::create_dir(among.path().join("moi")).unwrap();
        let never = |_: &Path| panic!("the name is taken");
        assert!(put(among.path(), "moi", never).is_err());
        fs::create_dir(among.path().join(format!("{UNFINISHED}abc"))).unwrap();
        sweep(among.path());
        assert_eq!(among.path().read_dir().unwrap().count(), 1);
    }
}
