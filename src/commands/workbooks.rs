//! The master workbook and the appendices of a run.

use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveTime};

use crate::campaign::outputs::{Outputs, Place};
use crate::campaign::past_figures;
use crate::campaign::{Campaign, Run, ToolError};
use crate::model::Lang;
use crate::model::period::day;
use crate::write::{MasterInput, write_appendices, write_appendix_document, write_master};

/// Names of the workbooks.
pub(super) const NAMES: [&str; 3] = ["tong-hop.xlsx", "phu-luc.xlsx", "phu-luc.docx"];

/// Adds the master workbook and the appendices to a run's outputs in `out`. They carry the stamp of
/// the newest submission, not the clock's, so that the same inbox gives the same bytes.
pub(super) fn add(
    outputs: &mut Outputs,
    place: Place,
    campaign: &Campaign,
    run: &Run,
    out: &Path,
    lang: Lang,
) -> Result<(), ToolError> {
    let Some(consolidated) = &run.consolidated else {
        return Ok(());
    };
    let stamps = run
        .submissions
        .iter()
        .filter_map(|submission| submission.saved_at.as_deref());
    let newest = stamps
        .filter_map(|stamp| DateTime::parse_from_rfc3339(stamp).ok())
        .max();
    let last_day = campaign.file.period.last_day().and_time(NaiveTime::MIN);
    let stamp = newest.map_or(last_day, |newest| newest.naive_utc());
    let received = newest.map(|newest| day(newest.date_naive()));
    let past = past_figures::trend(campaign)?;
    let input = MasterInput {
        campaign: &campaign.file,
        period: campaign.file.period,
        received_until: received.as_deref(),
        consolidated,
        expressions: &campaign.figures,
        past: &past,
        units: &run.units,
        submissions: &run.submissions,
        findings: &run.findings,
        tallies: &run.tallies,
        link_prefix: &link_prefix(&campaign.folder, out),
        lang,
    };
    let [master, appendices, document] = NAMES.map(Path::new);
    outputs.add(place, master, &write_master(&input, stamp)?)?;
    // A campaign without appendices has no such files.
    if let Some(bytes) = write_appendices(&campaign.file, consolidated, stamp)? {
        outputs.add(place, appendices, &bytes)?;
    }
    if let Some(bytes) = write_appendix_document(&campaign.file, consolidated, stamp)? {
        outputs.add(place, document, &bytes)?;
    }
    Ok(())
}

/// The way from the results to the campaign: `../` for a folder of its own, the full path
/// elsewhere.
fn link_prefix(campaign: &Path, out: &Path) -> String {
    let Ok(campaign) = fs::canonicalize(campaign) else {
        return format!("{}/", campaign.display());
    };
    let own = |out: &Path| Some(fs::canonicalize(out).ok()?.parent()? == campaign);
    // The folder of the results may not be there yet.
    let beside = |out: &Path| {
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty());
        Some(fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()? == campaign)
    };
    match own(out).or_else(|| beside(out)) {
        Some(true) => "../".to_owned(),
        _ => format!("{}/", linkable(&campaign.to_string_lossy())),
    }
}

/// A full path as links in workbooks know it: without the `\\?\` that Windows puts before it, with
/// `/` between the steps.
fn linkable(path: &str) -> String {
    let path = match (path.strip_prefix(r"\\?\UNC\"), path.strip_prefix(r"\\?\")) {
        (Some(share), _) => format!(r"\\{share}"),
        (None, Some(path)) => path.to_owned(),
        (None, None) => return path.to_owned(),
    };
    path.replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_link_back_to_their_campaign_however_its_folder_is_written() {
        let root = tempfile::tempdir().unwrap();
        let campaign = root.path().join("dot");
        fs::create_dir_all(campaign.join("x")).unwrap();
        assert_eq!(link_prefix(&campaign, &campaign.join("out")), "../");
        let roundabout = campaign.join("x").join("..").join("out");
        assert_eq!(link_prefix(&campaign, &roundabout), "../");
        let elsewhere = link_prefix(&campaign, &root.path().join("out"));
        assert!(elsewhere.ends_with("/dot/"), "{elsewhere}");
        assert!(Path::new(&elsewhere).is_absolute(), "{elsewhere}");
    }

    #[test]
    fn windows_own_spelling_of_a_path_is_no_link() {
        assert_eq!(linkable(r"\\?\C:\Báo cáo\t10"), "C:/Báo cáo/t10");
        assert_eq!(linkable(r"\\?\UNC\may\chung\t10"), "//may/chung/t10");
        assert_eq!(linkable("/nha/t10"), "/nha/t10");
    }
}
