//! Soft edits: figures that are suspicious beside last period, other units or one another.

pub mod ask;
pub mod change;
pub mod peers;
pub mod robust;
pub mod size;
pub mod typed;
pub mod unchanged;
pub mod zeros;
