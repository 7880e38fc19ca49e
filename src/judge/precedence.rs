//! Which of several submissions of one unit counts. The order is: the later round; then the later
//! saved-at stamp inside the workbook; then the higher revision in the name ("... (2)", "... lần 3"
//! after "..."). If none of these orders two submissions, neither counts and a finding says so.

use std::cmp::Ordering;
use std::sync::LazyLock;

use chrono::DateTime;
use regex::Regex;

use crate::model::Submission;
use crate::text::normalise;

/// "ten (2)", "ten lần 3", "ten v2", "ten bản 2": the name without its revision, and the revision.
static REVISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(.*?)[ _-]*(?:\((\d+)\)|(?:lần|lan|bản|ban|v)[ _-]?(\d+))$")
        .expect("the pattern is a constant")
});

/// Which of two submissions of one unit is newer; `None` if nothing decides.
pub fn newer(a: &Submission, b: &Submission) -> Option<Ordering> {
    let by_round = a.round.cmp(&b.round);
    if by_round.is_ne() {
        return Some(by_round);
    }
    if let (Some(a), Some(b)) = (stamp(a), stamp(b)) {
        let by_stamp = a.cmp(&b);
        if by_stamp.is_ne() {
            return Some(by_stamp);
        }
    }
    let ((a_stem, a_revision), (b_stem, b_revision)) = (revision(&a.file), revision(&b.file));
    (a_stem == b_stem && a_revision != b_revision).then(|| a_revision.cmp(&b_revision))
}

fn stamp(submission: &Submission) -> Option<i64> {
    let stamp = DateTime::parse_from_rfc3339(submission.saved_at.as_deref()?).ok()?;
    Some(stamp.timestamp_millis())
}

/// The file's name without folder, extension and revision, and its revision (0 if none).
fn revision(file: &str) -> (String, u32) {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = normalise(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let Some(parts) = REVISION.captures(&stem) else {
        return (stem, 0);
    };
    let number = parts
        .get(2)
        .or(parts.get(3))
        .and_then(|digits| digits.as_str().parse().ok());
    (parts[1].to_owned(), number.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SubmissionStatus;

    fn submission(file: &str, round: u32, saved_at: Option<&str>) -> Submission {
        Submission {
            file: file.into(),
            archive: None,
            sha256: String::new(),
            unit: None,
            status: SubmissionStatus::Accepted,
            forms: Vec::new(),
            errors: 0,
            warnings: 0,
            round,
            saved_at: saved_at.map(str::to_owned),
            superseded_by: None,
        }
    }

    #[test]
    fn round_then_stamp_then_revision_then_nobody_knows() {
        let early = Some("2025-10-01T08:00:00Z");
        let late = Some("2025-10-01T16:30:00+07:00");
        let of = |a: Submission, b: Submission| newer(&a, &b);
        assert_eq!(
            of(submission("a", 2, early), submission("b", 1, late)),
            Some(Ordering::Greater)
        );
        assert_eq!(
            of(submission("a", 1, early), submission("b", 1, late)),
            Some(Ordering::Less)
        );
        assert_eq!(
            of(
                submission("x/bao cao (2).xlsx", 1, early),
                submission("y/bao cao.xlsx", 1, early)
            ),
            Some(Ordering::Greater)
        );
        assert_eq!(
            of(
                submission("a.xlsx", 1, early),
                submission("b.xlsx", 1, early)
            ),
            None
        );
        assert_eq!(
            of(
                submission("a.xlsx", 1, None),
                submission("b.xlsx", 1, early)
            ),
            None
        );
    }
}
