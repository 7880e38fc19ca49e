//! What people print with a unit's name: its code, in brackets or before it, and the province it is
//! in. Both are checked before they are left out.

use super::units::Roster;
use crate::text::label_key;

/// Additions to one name that are looked for.
const MOST: usize = 3;

impl Roster {
    /// The name without its additions, if it has any and they agree with the unit: `Xã Chợ Lách (mã
    /// 28870), tỉnh Vĩnh Long`.
    pub(super) fn without_additions(&self, name: &str) -> Option<String> {
        let mut bare = name.trim().to_owned();
        for _ in 0..MOST {
            let Some(rest) = self
                .without_code(&bare)
                .or_else(|| self.without_province(&bare))
            else {
                break;
            };
            bare = rest;
        }
        (bare != name.trim()).then_some(bare)
    }

    /// The name without a code that is its unit's own.
    fn without_code(&self, name: &str) -> Option<String> {
        let bracketed = || {
            let (head, inside) = name.strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
            Some((head, inside))
        };
        let parts = || parts(name);
        let first = || {
            let (code, rest) = parts()?;
            Some((rest, code))
        };
        let last = || {
            let at = name.rfind([',', '-', '–'])?;
            let (head, tail) = name.split_at_checked(at)?;
            Some((head, tail.trim_start_matches([',', '-', '–', ':'])))
        };
        [bracketed(), first(), last()]
            .into_iter()
            .flatten()
            .find_map(|(rest, code)| {
                let code = code.trim();
                let code = code.rsplit([' ', ':', '.']).next().filter(|bare| {
                    let word = label_key(code.strip_suffix(*bare).unwrap_or_default());
                    let word = word.trim_end_matches([':', '.', ' ']);
                    matches!(word, "" | "mã" | "mã số" | "mã đơn vị" | "mã định danh")
                });
                let unit = self.by_code(code?)?;
                let rest = rest.trim().trim_end_matches([',', '-', '–', ':']).trim();
                let own = self.bearers(rest);
                own.iter()
                    .any(|bearer| self.units[bearer.unit].code == unit.code)
                    .then(|| rest.to_owned())
            })
    }

    /// The name without the roster's own province, and the district before it.
    fn without_province(&self, name: &str) -> Option<String> {
        let place = label_key(&self.province);
        let (first, rest) = parts(name)?;
        let mut behind: Vec<String> = rest
            .split([',', '–'])
            .flat_map(|part| part.split(" - "))
            .map(label_key)
            .collect();
        let last = behind.pop()?;
        let province = ["tỉnh ", "thành phố ", "tp. ", "tp.", "tp "]
            .iter()
            .find_map(|prefix| last.strip_prefix(prefix))
            .unwrap_or(&last);
        let is_district = |part: &String| {
            ["huyện ", "thị xã ", "thành phố ", "quận ", "tp", "tx", "h."]
                .iter()
                .any(|prefix| part.starts_with(prefix))
        };
        (!place.is_empty() && province.trim() == place && behind.iter().all(is_district))
            .then(|| first.trim().to_owned())
    }
}

/// What is before the first comma or free-standing dash, and what is behind it.
fn parts(name: &str) -> Option<(&str, &str)> {
    let comma = name.find([',', '–', ':']).map(|at| (at, 1));
    let dash = name.find(" - ").map(|at| (at, 3));
    let (at, _) = comma.into_iter().chain(dash).min()?;
    let (first, rest) = name.split_at_checked(at)?;
    Some((first, rest.trim_start_matches([',', '–', ':', '-', ' '])))
}
