//! What is around every page.

use crate::model::Lang;

/// The frame of a page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// Address of the page without a query, for the switch of languages; must answer a GET.
    pub path: &'a str,
    /// What addresses of the office begin with, where a server has several campaigns; else empty.
    pub base: &'a str,
    /// Value of the hidden field `csrf` of every form; empty: there is no such field.
    pub csrf: &'a str,
    /// Title of the campaign; empty on a page that knows none.
    pub title: &'a str,
    /// The office that receives.
    pub office: &'a str,
    /// Whom units ask.
    pub contact: Option<&'a str>,
}
