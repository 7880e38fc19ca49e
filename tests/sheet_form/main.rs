//! Forms written in workbooks: what people write is read, what is wrong is told at its cell, and
//! nothing is lost between a form file and its workbook.

mod beside;
mod book;
mod campaign;
mod campaign_book;
mod campaign_mistakes;
mod campaign_round_trip;
mod mistakes;
mod noted;
mod notes;
#[path = "../common/peers.rs"]
mod peers;
mod round_trip;
mod sheet_names;
