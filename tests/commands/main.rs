//! Each command as people run it: what it writes, what it says, its exit code.

#[path = "../common/cli.rs"]
mod cli;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/small.rs"]
mod small;

mod check_words;
mod exit_codes;
mod facts;
mod forms_lint;
mod going_on;
mod guide;
mod help;
mod new;
mod office_lists;
mod outputs;
mod outputs_kept_out;
mod report;
mod template;
