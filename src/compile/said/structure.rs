//! What the layout of a form says: «Tổng số» over «Chia ra» is a sum, «Trong đó» is at most what it
//! is part of, «Tổng cộng» is the sum of its rows, «Lũy kế» goes on from the period before.

mod across;
mod carried;
mod cumulative;
mod down;
mod outline;
mod rule;

use crate::compile::found::Found;
use crate::compile::table::Table;

/// Reads the layout of a table.
pub(crate) fn read(table: &Table, found: &mut Found) {
    across::read(table, found);
    down::read(table, found);
    cumulative::read(table, found);
    carried::read(table, found);
    outline::read(table, found);
}
