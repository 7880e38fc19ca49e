//! What a form says must hold: read from its annotations, its prose, its formulas and its layout.

pub(super) mod annotation;
pub(super) mod build;
pub(super) mod forms;
pub(super) mod formula;
pub(super) mod prose;
pub(super) mod resolve;
pub(super) mod structure;
mod total_note;
