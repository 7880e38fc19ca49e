//! Heights of the rows of a header.

use super::error::WriteError;
use super::sheet::SheetWriter;

/// Sets the heights of header rows; `texts` are (first row, last row, lines), `rows` the first and
/// last row, from 0: each row what its own cells need, the last row what is still lacking for cells
/// that reach over several.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub fn header_heights(
    sheet: &mut SheetWriter<'_>,
    texts: &[(u32, u32, u32)],
    rows: (u32, u32),
) -> Result<(), WriteError> {
    let mut tall: Vec<u32> = (rows.0..=rows.1)
        .map(|row| {
            let own = texts
                .iter()
                .filter(|(first, last, _)| *first == row && *last == row);
            own.map(|(.., lines)| *lines).max().unwrap_or(1)
        })
        .collect();
    for (first, last, lines) in texts {
        let inside = (rows.0..)
            .zip(&tall)
            .filter(|(row, _)| (first..=last).contains(&row));
        let have: u32 = inside.map(|(_, tall)| tall).sum();
        let index = usize::try_from(last - rows.0).unwrap_or(0);
        if let Some(last) = tall.get_mut(index) {
            *last += lines.saturating_sub(have);
        }
    }
    for (row, tall) in (rows.0..=rows.1).zip(tall) {
        sheet.height(row, tall)?;
    }
    Ok(())
}
