//! Text about changes of the inbox and the definition since the last results.

use super::archive::moment;
use super::plain;
use crate::campaign::Since;
use crate::model::Lang;

/// Names listed of each sort; more are counted.
const NAMED: usize = 10;

/// What has changed since the last results, for the terminal; empty if nothing has, or there are
/// none to compare with.
pub fn text(since: Option<&Since>, lang: Lang) -> String {
    let Some(since) = since.filter(|since| !since.is_nothing()) else {
        return String::new();
    };
    let at = moment(&since.time);
    let mut text = match lang {
        Lang::Vi => format!(
            "Chú ý: những gì vừa đọc không còn là những gì lần consolidate lúc {at} đã đọc; kết quả của lần đó (tong-hop.xlsx...) đã cũ. Chạy lại consolidate để xem kết quả mới.\n"
        ),
        Lang::En => format!(
            "Note: what was read is not what `consolidate` read at {at}; its results (tong-hop.xlsx...) are out of date. Run consolidate again to see the new ones.\n"
        ),
    };
    let sorts = [
        (&since.changed, lang.pick("đã đổi", "changed")),
        (&since.added, lang.pick("mới có", "new")),
        (&since.gone, lang.pick("không còn", "gone")),
    ];
    for (names, word) in sorts.into_iter().filter(|(names, _)| !names.is_empty()) {
        text.push_str(&format!("  {word}: {}\n", listed(names, lang)));
    }
    if let Some(version) = &since.version {
        let word = lang.pick("chạy bằng tonghop bản", "made by tonghop");
        text.push_str(&format!("  {word} {}\n", plain(version)));
    }
    text
}

fn listed(names: &[String], lang: Lang) -> String {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| plain(name)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => match lang {
            Lang::Vi => format!("{shown} và {more} tệp khác"),
            Lang::En => format!("{shown} and {more} more"),
        },
    }
}
