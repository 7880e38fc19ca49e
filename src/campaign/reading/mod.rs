//! The files of a run: which there are, and what each holds, read here or in processes of their own.

mod all;
pub(super) mod inbox;
mod pool;
mod reader;
mod wire;
pub mod worker;

pub use all::Reading;
pub(super) use all::{AllReceived, receive_all};
pub use pool::Workers;
pub use reader::Progress;
pub(super) use reader::{Against, built_in_forms};
