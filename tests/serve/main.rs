//! The server over HTTP, at a free port of this machine. Whatever a test starts it ends.
#![cfg(feature = "serve")]

#[path = "../common/cli.rs"]
mod cli;
mod client;
mod server;
#[path = "../common/small.rs"]
mod small;

mod accounts;
mod board;
mod browser;
mod check;
mod faults;
mod guard;
mod killed;
mod letters;
mod links;
mod submit;
mod totals;
mod unit_desk;
