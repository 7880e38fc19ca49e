//! The output of `close` and `history` as text.

use std::path::Path;

use super::plain;
use crate::campaign::Campaign;
use crate::history::{Closed, Manifest, Units, Version, WrittenPeriod};
use crate::model::{Lang, period::day, value::Shown};

/// The text of `close` after closing: what was archived, and which units or forms are not in it.
pub fn closed(
    written: &WrittenPeriod,
    manifest: &Manifest,
    campaign: &Campaign,
    lang: Lang,
) -> String {
    let period = manifest.period;
    let head = match lang {
        Lang::Vi => format!(
            "Đã chốt {}: {} số liệu của {} đơn vị, từ {} tệp, ghi vào {}\n",
            period.vietnamese(),
            manifest.facts.shown(lang),
            with_figures(&manifest.units),
            manifest.inputs.len(),
            written.folder.display()
        ),
        Lang::En => format!(
            "Closed {period}: {} figures of {} units, from {} files, in {}\n",
            manifest.facts.shown(lang),
            with_figures(&manifest.units),
            manifest.inputs.len(),
            written.folder.display()
        ),
    };
    let mut text = head;
    if let Some(replaced) = &written.replaced {
        let word = lang.pick("Bản chốt trước được giữ ở", "What it replaces is kept in");
        text.push_str(&format!("{word} {}\n", replaced.display()));
    }
    if !written.later.is_empty() {
        let names: Vec<String> = written.later.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        text.push_str(&match lang {
            Lang::Vi => format!(
                "Kỳ sau đã chốt theo số liệu cũ của kỳ này: {names}. Chạy lại consolidate ở đợt của kỳ đó để xem số đầu kỳ, lũy kế còn khớp không; cần sửa thì chốt lại kỳ đó.\n"
            ),
            Lang::En => format!(
                "Closed after this period, with its former figures as their past: {names}. Consolidate those campaigns again to see whether openings and running totals still agree, and close them again if they are mended.\n"
            ),
        });
    }
    if manifest.provisional {
        text.push_str(lang.pick(
            "Chốt khi còn thiếu; không có trong kho:\n",
            "Closed with units lacking; not in the archive:\n",
        ));
        text.push_str(&lacking(&manifest.units, campaign, lang));
        text.push_str(lang.pick(
            "Nhận đủ thì chạy lại với --reopen.\n",
            "Close again with --reopen once they are in.\n",
        ));
    }
    text
}

/// Units of which there is something.
fn with_figures(units: &Units) -> usize {
    units.expected - units.missing.len()
}

/// Why a period was not closed.
pub fn refused(units: &Units, campaign: &Campaign, lang: Lang) -> String {
    let head = match lang {
        Lang::Vi => format!(
            "Chưa chốt {}: mới nhận đủ {}/{} đơn vị.\n",
            campaign.file.period.vietnamese(),
            units.accepted,
            units.expected
        ),
        Lang::En => format!(
            "{} is not closed: {} of {} units are accepted.\n",
            campaign.file.period, units.accepted, units.expected
        ),
    };
    let tail = lang.pick(
        "Muốn chốt với số liệu đã nhận thì thêm --provisional; các biểu trên sẽ không có trong kho, và kỳ sau không so được với kỳ này ở những chỗ đó.\n",
        "Add --provisional to close with what there is; the forms above stay out, and the next period cannot be compared with them.\n",
    );
    head + &lacking(units, campaign, lang) + tail
}

fn lacking(units: &Units, campaign: &Campaign, lang: Lang) -> String {
    let name = |code: &str| {
        let unit = campaign.roster.by_code(code);
        unit.map_or(code.to_owned(), |unit| format!("{} ({code})", unit.name))
    };
    let mut text = String::new();
    if !units.missing.is_empty() {
        let names: Vec<String> = units.missing.iter().map(|code| name(code)).collect();
        let word = lang.pick("chưa gửi", "nothing received");
        text.push_str(&format!("  {word}: {}\n", names.join(", ")));
    }
    for left_out in &units.returned {
        let word = lang.pick("chưa được nhận", "not accepted");
        let title = |id: &String| {
            let form = campaign.forms.iter().find(|form| form.id() == id);
            form.map_or(id.clone(), |form| format!("«{}»", form.file.sheet))
        };
        let forms: Vec<String> = left_out.forms.iter().map(title).collect();
        let (unit, forms) = (name(&left_out.unit), forms.join(", "));
        text.push_str(&format!("  {unit}: {word} {forms}\n"));
    }
    plain_lines(&text)
}

fn plain_lines(text: &str) -> String {
    text.lines().map(|line| plain(line) + "\n").collect()
}

/// The closed periods, one a line.
pub fn list(folder: &Path, periods: &[Closed], lang: Lang) -> String {
    let word = lang.pick("Kho lưu trữ", "Archive");
    let mut text = format!("{word}: {}\n", folder.display());
    if periods.is_empty() {
        text.push_str(lang.pick("Chưa chốt kỳ nào.\n", "Nothing is closed yet.\n"));
    }
    for closed in periods {
        text.push_str(&line(&closed.current, "  ", lang));
        let own = closed.current.period.to_string();
        if closed.current.name != own && closed.current.changed.is_empty() {
            text.push_str(&match lang {
                Lang::Vi => format!(
                    "    không có thư mục {own} (xóa mất, hoặc lần chốt sau bị ngắt giữa chừng): đang dùng bản này\n"
                ),
                Lang::En => format!(
                    "    there is no folder {own} (deleted, or a later closing was cut short): this one is used\n"
                ),
            });
        }
        if !closed.outdated.is_empty() {
            let names: Vec<String> = closed.outdated.iter().map(ToString::to_string).collect();
            let names = names.join(", ");
            text.push_str(&match lang {
                Lang::Vi => format!(
                    "    lập từ số liệu cũ của kỳ đã chốt lại (hoặc không còn trong kho): {names}. Chạy lại consolidate ở đợt của {own}, rồi close --reopen\n"
                ),
                Lang::En => format!(
                    "    put together from former figures of periods closed again since (or gone): {names}. Consolidate the campaign of {own} again, then close --reopen\n"
                ),
            });
        }
        for version in closed.replaced.iter().rev() {
            text.push_str(&line(version, "    ", lang));
        }
    }
    text
}

fn line(version: &Version, indent: &str, lang: Lang) -> String {
    let name = &version.name;
    let mut text = match &version.manifest {
        None if !version.changed.is_empty() => {
            let word = lang.pick("manifest.json hỏng", "its manifest.json is damaged");
            format!("{indent}{name}: {word}\n")
        }
        None => {
            let word = lang.pick(
                "đưa vào bằng tay, không có manifest.json",
                "put there by hand",
            );
            format!("{indent}{name}: {word}\n")
        }
        Some(manifest) => {
            let units = &manifest.units;
            let (at, facts) = (moment(&manifest.closed_at), manifest.facts.shown(lang));
            let (tool, all) = (&manifest.tonghop, units.expected);
            let mut text = match lang {
                Lang::Vi => format!(
                    "{indent}{name}: chốt {at} (tonghop {tool}), {}/{all} đơn vị, {facts} số liệu",
                    units.accepted
                ),
                Lang::En => format!(
                    "{indent}{name}: closed {at} (tonghop {tool}), {}/{all} units, {facts} figures",
                    units.accepted
                ),
            };
            if manifest.provisional {
                let (returned, missing) = (units.returned.len(), units.missing.len());
                text.push_str(&match lang {
                    Lang::Vi => format!("; chốt tạm: {returned} trả lại, {missing} chưa gửi"),
                    Lang::En => format!("; provisional: {returned} returned, {missing} missing"),
                });
            }
            text + "\n"
        }
    };
    for file in &version.changed {
        let word = lang.pick(
            "đã bị sửa hoặc xóa sau khi chốt",
            "changed or deleted since it was closed",
        );
        text.push_str(&format!("{indent}  {}: {word}\n", file.display()));
    }
    text
}

/// `2025-10-06T08:05:11+07:00` as 06/10/2025 08:05.
pub(super) fn moment(stamp: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(stamp).map_or_else(
        |_| plain(stamp),
        |stamp| format!("{} {}", day(stamp.date_naive()), stamp.format("%H:%M")),
    )
}
