//! The pages in a real browser, Debian's chromium driven by chromedriver: what a clerk and an officer
//! do, with and without scripts, by keyboard alone, on a telephone.
#![cfg(feature = "serve")]

mod browser;
#[path = "../common/cli.rs"]
mod cli;
#[path = "../serve/client.rs"]
mod client;
#[path = "../serve/mail_server.rs"]
mod mail_server;
#[path = "../serve/browser.rs"]
mod office_http;
#[path = "../common/peers.rs"]
mod peers;
#[path = "../serve/server.rs"]
mod server;
#[path = "../common/small.rs"]
mod small;

mod mail;
mod office;
mod unit;
mod work;
