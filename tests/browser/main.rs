//! The pages in a real browser, Debian's chromium driven by chromedriver: what a clerk does, with and
//! without scripts, by keyboard alone, on a telephone.
#![cfg(feature = "serve")]

mod browser;
#[path = "../common/cli.rs"]
mod cli;
#[path = "../common/peers.rs"]
mod peers;
#[path = "../serve/server.rs"]
mod server;
#[path = "../common/small.rs"]
mod small;

mod unit;
