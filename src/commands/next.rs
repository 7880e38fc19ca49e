//! Makes the campaign of the next period from this one: forms and roster are copied, dates are
//! moved on, and tables that belong to one period are left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};

use super::again::GENERATED;
use super::next_book::{self, Moved};
use crate::campaign::{Campaign, ToolError, own_workbook};
use crate::model::campaign_files::{BOOK, TEXT};
use crate::model::{Message, Period};

/// The outcome of [`next`].
pub struct NextCampaign {
    /// Folder of the new campaign.
    pub folder: PathBuf,
    /// The new campaign, loaded from there.
    pub campaign: Campaign,
    /// Is the period before it closed, so that rules and templates have its figures?
    pub past_is_closed: bool,
    /// Tables of `campaign.toml` that are of one period and were left out, with how many of each.
    pub left_out: Vec<(&'static str, usize)>,
}

/// Tables of `campaign.toml` that are of one period: accepted errors and figures known from
/// elsewhere.
const OF_ONE_PERIOD: [&str; 2] = ["accept", "control"];

/// Makes the folder of `period` out of the campaign in `folder`: `out`, or beside it if `None`.
///
/// # Errors
/// The campaign cannot be loaded, `period` is not a later one, the new folder is not empty or cannot
/// be written, or `campaign.toml` is written so that it has to be changed by hand.
pub fn next(folder: &Path, period: Period, out: Option<&Path>) -> Result<NextCampaign, ToolError> {
    let campaign = Campaign::load(folder)?;
    let now = campaign.file.period;
    if period.first_day() <= now.first_day() {
        let after = now.following();
        return Err(ToolError::Other(Message::new(
            format!(
                "kỳ {period} không sau kỳ {now} của đợt này; hãy ghi kỳ sau{}",
                after.map_or(String::new(), |after| format!(", ví dụ {after}"))
            ),
            format!(
                "{period} is not after {now}, the period of this campaign; give a later one{}",
                after.map_or(String::new(), |after| format!(", such as {after}"))
            ),
        )));
    }
    let target = out.map_or_else(|| beside(folder, now, period), Path::to_owned);
    refuse_occupied(&target)?;
    let history = archive_from(&campaign, folder, &target)?;
    let (name, bytes, left_out) = own_file(folder, &campaign, period, &history)?;
    write_all(folder, &target, &campaign, (name, &bytes))?;
    let made = Campaign::load(&target)?;
    check(&made, &campaign, period)?;
    let past_is_closed = made.archive.facts(made.file.previous_period())?.is_some();
    Ok(NextCampaign {
        folder: target,
        campaign: made,
        past_is_closed,
        left_out,
    })
}

/// Name and bytes of the new campaign's file, and the tables left out of it, with how many of each.
type OwnFile = (&'static str, Vec<u8>, Vec<(&'static str, usize)>);

/// The file of the new campaign: the text or the workbook of the old one, moved on.
fn own_file(
    folder: &Path,
    campaign: &Campaign,
    period: Period,
    history: &str,
) -> Result<OwnFile, ToolError> {
    let path = folder.join(TEXT);
    if path.is_file() {
        let text = fs::read_to_string(&path).map_err(ToolError::io(&path))?;
        let (text, left_out) = moved_on(&text, campaign, period, history);
        return Ok((TEXT, text.into_bytes(), left_out));
    }
    let (file, now) = (&campaign.file, campaign.file.period);
    let line = renamed(
        &in_words(&format!("\"{}\"", file.name), now, period),
        now,
        period,
    );
    let moved = Moved {
        name: line.trim_matches('"'),
        title: &in_words(&file.title, now, period),
        period: &period.to_string(),
        history,
        deadline: file.deadline.and_then(|day| later(day, now, period)),
        of_one_period: &OF_ONE_PERIOD,
    };
    let bytes = next_book::moved_on(&folder.join(BOOK), &moved)?;
    let counts = [file.accepts.len(), file.controls.len()];
    let left_out = OF_ONE_PERIOD.into_iter().zip(counts);
    Ok((
        BOOK,
        bytes,
        left_out.filter(|(_, count)| *count > 0).collect(),
    ))
}

/// A folder beside that of the campaign: its name with the new period in place of the old one, or
/// the period.
pub fn beside(folder: &Path, now: Period, period: Period) -> PathBuf {
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = real.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default().replace(&now.to_string(), "\0");
    let name = match name.contains('\0') {
        true => name.replace('\0', &period.to_string()),
        false => period.to_string(),
    };
    // As the user named the folder, where that has a parent.
    match folder.parent().filter(|_| folder.file_name().is_some()) {
        Some(parent) => parent.join(name),
        None => real.with_file_name(name),
    }
}

fn refuse_occupied(target: &Path) -> Result<(), ToolError> {
    let entries = match fs::read_dir(target) {
        Ok(mut entries) => entries.next(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(ToolError::io(target)(error)),
    };
    match entries {
        None => Ok(()),
        Some(_) => {
            let shown = target.display();
            Err(ToolError::Other(Message::new(
                format!("{shown}: thư mục đã có tệp bên trong; ghi thư mục khác bằng --out"),
                format!("{shown}: the folder is not empty; name another with --out"),
            )))
        }
    }
}

/// The archive as the new campaign names it: both share one.
fn archive_from(campaign: &Campaign, folder: &Path, target: &Path) -> Result<String, ToolError> {
    let archive = campaign.archive.folder();
    fs::create_dir_all(archive).map_err(ToolError::io(archive))?;
    let real = |path: &Path| fs::canonicalize(path).map_err(ToolError::io(path));
    let (archive, old) = (real(archive)?, real(folder)?);
    let parent = target
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(ToolError::io(parent))?;
    let parent = real(parent)?;
    let below = archive.strip_prefix(&parent).ok().filter(|_| {
        // A way with one step up is the same wherever the folder of both is moved.
        old.parent() == Some(parent.as_path()) || archive.parent() == Some(parent.as_path())
    });
    let way = match below {
        Some(below) => Path::new("..").join(below),
        None => archive,
    };
    Ok(way.to_string_lossy().replace('\\', "/"))
}

/// `campaign.toml` of the new period, with the office's own comments and order.
fn moved_on(
    text: &str,
    campaign: &Campaign,
    period: Period,
    history: &str,
) -> (String, Vec<(&'static str, usize)>) {
    let now = campaign.file.period;
    let mut left_out = OF_ONE_PERIOD.map(|table| (table, 0));
    let (mut lines, mut in_head, mut dropping) = (Vec::new(), true, false);
    for line in text.lines() {
        if line.trim_start().starts_with('[') {
            in_head = false;
            dropping = false;
            for (table, count) in &mut left_out {
                if line.trim() == format!("[[{table}]]") {
                    *count += 1;
                    dropping = true;
                }
            }
        }
        // A comment above the next table is that table's.
        dropping &= !line.trim_start().starts_with('#');
        if dropping {
            continue;
        }
        let key = line.split('=').next().unwrap_or_default().trim();
        match (in_head, key) {
            (true, "period") => {
                lines.push(format!("period = \"{period}\""));
                lines.push(format!("history = \"{history}\""));
            }
            (true, "history" | "previous") => {}
            (true, "deadline") => {
                let day = campaign
                    .file
                    .deadline
                    .and_then(|day| later(day, now, period));
                lines.extend(day.map(|day| format!("deadline = \"{day}\"")));
            }
            (true, "name") => lines.push(renamed(&in_words(line, now, period), now, period)),
            (true, "title") => lines.push(in_words(line, now, period)),
            (true, _) if line.trim_start().starts_with('#') => {
                lines.push(in_words(line, now, period));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    let left_out = left_out.into_iter().filter(|(_, count)| *count > 0);
    (lines.join("\n") + "\n", left_out.collect())
}

/// A day as far behind the end of `period` as it was behind the end of `now`.
fn later(day: NaiveDate, now: Period, period: Period) -> Option<NaiveDate> {
    let (from, to) = (now.last_day(), period.last_day());
    match u64::try_from((day - from).num_days()) {
        Ok(days) => to.checked_add_days(Days::new(days)),
        Err(_) => to.checked_sub_days(Days::new((from - day).num_days().unsigned_abs())),
    }
}

/// A line with the new period where it names the old one.
fn in_words(line: &str, now: Period, period: Period) -> String {
    line.replace(&now.to_string(), &period.to_string())
        .replace(&now.vietnamese(), &period.vietnamese())
}

/// A line `name = "…"` with the new period where the name ends in the old one's short form, as
/// offices write it: "-q3", "-2025-q3", "-t9".
fn renamed(line: &str, now: Period, period: Period) -> String {
    let (old, new) = (short_names(now), short_names(period));
    let mut pairs = old.iter().zip(&new);
    let Some((head, comment)) = line.rsplit_once('"') else {
        return line.to_owned();
    };
    let ended = pairs.find_map(|(old, new)| {
        let stem = head.strip_suffix(old.as_str())?;
        let apart = !stem.ends_with(char::is_alphanumeric);
        apart.then(|| format!("{stem}{new}\"{comment}"))
    });
    ended.unwrap_or_else(|| line.to_owned())
}

/// The ways in which a name may end in a period, longest first.
fn short_names(period: Period) -> Vec<String> {
    let full = period.to_string();
    let part = full.split_once('-').map_or("", |(_, part)| part).to_owned();
    let mut names = vec![full.to_lowercase()];
    if let Ok(month) = part.parse::<u32>() {
        names.extend([format!("t{month:02}"), format!("T{month:02}")]);
        names.extend([format!("t{month}"), format!("T{month}")]);
    } else if !part.is_empty() {
        names.extend([part.to_lowercase(), part]);
    }
    names
}

fn write_all(
    folder: &Path,
    target: &Path,
    campaign: &Campaign,
    (name, bytes): (&str, &[u8]),
) -> Result<(), ToolError> {
    let inbox = target.join("inbox");
    fs::create_dir_all(&inbox).map_err(ToolError::io(&inbox))?;
    let path = target.join(name);
    fs::write(&path, bytes).map_err(ToolError::io(&path))?;
    // Older versions of forms are of templates that were sent for an older period.
    let older: Vec<&Path> = campaign
        .older
        .iter()
        .map(|f| Path::new(&f.source))
        .collect();
    let schemas = folder.join("schemas");
    let mut files: Vec<PathBuf> = match fs::read_dir(&schemas) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => Vec::new(),
    };
    // Compiling a form again in the new period needs what was generated in this one.
    let generated = fs::read_dir(schemas.join(GENERATED));
    files.extend(generated.into_iter().flatten().flatten().map(|e| e.path()));
    files.retain(|file| file.is_file() && !older.contains(&file.as_path()));
    let own = campaign
        .forms
        .iter()
        .map(|form| PathBuf::from(&form.source));
    let own = own.filter(|path| path.starts_with(folder) && !path.starts_with(&schemas));
    let workbooks = campaign.forms.iter().filter_map(|form| own_workbook(form));
    let workbooks: BTreeSet<PathBuf> = workbooks.filter(|path| path.starts_with(folder)).collect();
    files.extend(
        workbooks
            .into_iter()
            .filter(|path| path.parent() != Some(&*schemas)),
    );
    // A list of units in the campaign's workbook is there already.
    let roster = campaign
        .roster_stamp()
        .filter(|(roster, _)| *roster != name);
    let roster = roster.map(|(name, _)| folder.join(name));
    files.extend(own.chain(roster));
    for file in files {
        let below = file.strip_prefix(folder).unwrap_or(&file);
        let to = target.join(below);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(ToolError::io(parent))?;
        }
        fs::copy(&file, &to).map_err(ToolError::io(&to))?;
    }
    Ok(())
}

/// Checks the new file: it was changed line by line, so the values read from it are compared with
/// the intended ones.
fn check(made: &Campaign, from: &Campaign, period: Period) -> Result<(), ToolError> {
    let (new, old) = (&made.file, &from.file);
    let deadline = old.deadline.map(|day| later(day, old.period, period));
    let same = new.period == period
        && new.deadline == deadline.flatten()
        && new.accepts.is_empty()
        && new.controls.is_empty()
        && new.kinds.len() == old.kinds.len()
        && new.forms.len() == old.forms.len()
        && new.figures.len() == old.figures.len()
        && new.appendices.len() == old.appendices.len()
        && new.charts.len() == old.charts.len()
        && new.off.len() == old.off.len();
    if same {
        return Ok(());
    }
    let path = made.folder.join(&*made.written_in);
    let path = path.display();
    Err(ToolError::Other(Message::new(
        format!(
            "{path}: tệp của đợt trước viết khác lối thường nên không chuyển hết được; hãy sửa tay kỳ, hạn nộp, [[accept]], [[control]] (số kiểm soát) trong tệp này"
        ),
        format!(
            "{path}: the file it was made from is written in an unusual way; change period, deadline, [[accept]] and [[control]] in it by hand"
        ),
    )))
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn a_name_that_ends_in_the_period_ends_in_the_new_one() {
        for (now, period, old, new) in [
            ("2025-Q3", "2025-Q4", "y-te-2025-q3", "y-te-2025-q4"),
            ("2025-Q4", "2026-Q1", "y-te-2025-q4", "y-te-2026-q1"),
            ("2025-Q3", "2025-Q4", "y-te-q3", "y-te-q4"),
            ("2025-09", "2025-10", "bao-cao-t9", "bao-cao-t10"),
            ("2025-09", "2025-10", "bao-cao-t09", "bao-cao-t10"),
            ("2025-09", "2025-10", "kit9", "kit9"),
            ("2025-09", "2025-10", "bao-cao-xa", "bao-cao-xa"),
        ] {
            let (now, period) = (now.parse().unwrap(), period.parse().unwrap());
            let line = |name: &str| format!("name = \"{name}\" # tên");
            assert_eq!(renamed(&line(old), now, period), line(new), "{old}");
        }
    }
}
