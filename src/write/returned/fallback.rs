//! A plain .xlsx of a workbook whose own format cannot be marked in place: every value at its
//! place, merged ranges merged; looks, formulas and objects are gone, and the list of findings
//! says so.

use rust_xlsxwriter::{Format, Workbook as Writer};

use crate::model::CellAddress;
use crate::workbook::{Content, Sheet, Visibility, Workbook};
use crate::write::WriteError;
use crate::write::sheet::fitting;

/// The bytes of a new .xlsx that carries a workbook's values and layout.
pub fn plain_copy(workbook: &Workbook) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new();
    for sheet in &workbook.sheets {
        copy_sheet(&mut writer, sheet)?;
    }
    Ok(writer.save_to_buffer()?)
}

fn copy_sheet(writer: &mut Writer, sheet: &Sheet) -> Result<(), WriteError> {
    let to = writer.add_worksheet();
    to.set_name(&*sheet.name)?;
    match sheet.visibility {
        Visibility::Visible => {}
        Visibility::Hidden => {
            to.set_hidden(true);
        }
        Visibility::VeryHidden => {
            to.set_very_hidden(true);
        }
    }
    let plain = Format::new();
    for merge in sheet.merges.iter() {
        let (top, left) = place(merge.first)?;
        let (bottom, right) = place(merge.last)?;
        to.merge_range(top, left, bottom, right, "", &plain)?;
    }
    for (address, cell) in &sheet.cells {
        let (row, column) = place(*address)?;
        match &cell.content {
            Content::Number(number) => to.write_number(row, column, *number)?,
            Content::Text(text) => to.write_string(row, column, &*fitting(text))?,
            Content::Bool(flag) => to.write_boolean(row, column, *flag)?,
            Content::Date(moment) => {
                to.write_string(row, column, moment.format("%d/%m/%Y").to_string())?
            }
            Content::Error(code) => to.write_string(row, column, code)?,
            Content::Uncached | Content::EmptyText => continue,
        };
    }
    Ok(())
}

fn place(address: CellAddress) -> Result<(u32, u16), WriteError> {
    let column = u16::try_from(address.column).map_err(|_| {
        WriteError::new(
            format!("ô {address} nằm ngoài bảng tính Excel"),
            format!("cell {address} is beyond Excel's grid"),
        )
    })?;
    Ok((address.row, column))
}
