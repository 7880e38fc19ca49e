//! Fixed rows of one label (`Kế hoạch`, `Thực hiện` under every school) and what tells them apart:
//! a row above them that has a label of its own.

use super::file::Indicator;

/// What is above a fixed row, where its label alone does not say which row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// Its label says which row it is, or nothing above it would.
    Anything,
    /// None of the rows that tell such rows apart.
    Nothing,
    /// This row of the form file, from 0.
    Row(usize),
}

/// What is above each row; `keys`: of each row the texts that mean it.
pub(super) fn parents(rows: &[Indicator], keys: &[Vec<String>]) -> Vec<Above> {
    let alike = |a: usize, b: usize| keys[a].iter().any(|key| keys[b].contains(key));
    let twins = |row: usize| (0..rows.len()).filter(move |other| alike(row, *other));
    let alone: Vec<bool> = (0..rows.len()).map(|row| twins(row).count() == 1).collect();
    let nearest = |row: usize, headings: bool| {
        let mut above = (0..row).rev();
        above.find(|above| alone[*above] && (rows[*above].heading || !headings))
    };
    let tells_apart = |row: usize, headings: bool| {
        let above: Vec<Option<usize>> = twins(row).map(|twin| nearest(twin, headings)).collect();
        above
            .iter()
            .all(|one| above.iter().filter(|other| *other == one).count() == 1)
    };
    let of = |row: usize| {
        let by = [true, false].into_iter().find(|by| tells_apart(row, *by));
        match by {
            Some(headings) if !alone[row] => {
                nearest(row, headings).map_or(Above::Nothing, Above::Row)
            }
            _ => Above::Anything,
        }
    };
    (0..rows.len()).map(of).collect()
}
