//! The server over HTTP, at a free port of this machine. Whatever a test starts it ends.
#![cfg(feature = "serve")]

#[path = "../common/cli.rs"]
mod cli;
mod client;
#[path = "../common/peers.rs"]
mod peers;
mod server;
#[path = "../common/small.rs"]
mod small;

mod accounts;
mod board;
mod browser;
mod by_hand;
mod check;
mod explain;
mod faults;
mod guard;
mod killed;
mod letters;
mod links;
mod mail;
mod mail_server;
mod set_up;
mod several;
mod submit;
mod tls;
mod totals;
mod unit_desk;
