//! Everything a run writes, put in place as one: all old or all new, whatever ends the run.
//!
//! Files are first written whole into a folder `.tonghop` in the folder they are for. Once all are
//! there, on the disk, and every target was found writable, a journal in each folder says what is to be moved;
//! the journal of the first folder is written last, and with it the run is committed. Then files are
//! moved one by one, the old ones kept aside and put back if one cannot be moved. What a killed run
//! left is finished (or undone, if what it had written is damaged) by the next one that writes
//! there, or by `close` and `report` when they look at the results.

mod commit;
mod folders;
mod journal;
mod kept_out;
mod probe;
mod record;
mod staging;
mod waiting;

pub use commit::finish_interrupted;
pub use record::{RECORD, RunRecord, Since};
pub use staging::{OutputFolder, Outputs, Placed};
