//! Soft edits: figures that are suspicious compared with the previous period, with other units or
//! with one another.

pub mod ask;
pub mod change;
pub mod large;
pub mod peers;
pub mod robust;
pub mod size;
pub mod typed;
pub mod unchanged;
pub mod zeros;
