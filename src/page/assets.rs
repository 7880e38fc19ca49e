//! Styles and script of the pages, under addresses that change with their content.

use std::sync::LazyLock;

use crate::model::sha256;

/// What pages may load and do; nothing from elsewhere, nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A file that pages load.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its address; it holds a hash of the content, so that a browser may keep it for good.
    pub path: String,
    /// Its media type.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
}

const STYLE: usize = 0;
const SCRIPT: usize = 1;
const ICON: usize = 2;
const OFFICE_STYLE: usize = 3;

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    let asset = |name: &str, content_type, bytes: &'static [u8]| Asset {
        path: format!("/a/{}/{name}", &sha256(bytes)[..12]),
        content_type,
        bytes,
    };
    [
        asset(
            "trang.css",
            "text/css; charset=utf-8",
            include_bytes!("html/trang.css"),
        ),
        asset(
            "trang.js",
            "text/javascript; charset=utf-8",
            include_bytes!("html/trang.js"),
        ),
        asset(
            "trang.svg",
            "image/svg+xml",
            include_bytes!("html/trang.svg"),
        ),
        asset(
            "van-phong.css",
            "text/css; charset=utf-8",
            include_bytes!("html/van-phong.css"),
        ),
    ]
});

/// Every file that pages load.
pub fn assets() -> &'static [Asset] {
    &*ASSETS
}

/// Addresses of styles, script and icon, and of the office's own styles.
pub(super) fn paths() -> [&'static str; 4] {
    [STYLE, SCRIPT, ICON, OFFICE_STYLE].map(|asset| ASSETS[asset].path.as_str())
}
