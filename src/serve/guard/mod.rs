//! What stands before every request: how often somebody may ask, from where a form may be sent, and
//! what every answer tells the browser.

pub(super) mod equal;
pub(super) mod headers;
pub(super) mod origin;
pub(super) mod rate;
