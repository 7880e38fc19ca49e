//! Lists and reads the files of a run, in this process or in worker processes.

mod all;
pub(super) mod inbox;
mod pool;
mod reader;
mod wire;
pub mod worker;

pub use all::Reading;
pub(super) use all::{AllReceived, receive_all};
pub use inbox::{latest_round, of_campaign as inbox_files};
pub use pool::{MAIL_PASSWORD, Workers, own_process};
pub use reader::Progress;
pub(super) use reader::{Against, built_in_forms};
