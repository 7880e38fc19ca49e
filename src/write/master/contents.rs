//! "Mục lục": every sheet of the master workbook, what it holds, and whether it is complete.

use super::book::{
    CHARTS, FINDINGS, Master, OVERVIEW, RULES, SUBMISSIONS, SheetNames, TREND, UNITS,
};
use super::head::internal;
use super::list::{Item, ListColumn, SheetList};
use super::plan::SheetPlaces;
use crate::model::{CellAddress, Severity};
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;

const COLUMNS: &[ListColumn] = &[
    ListColumn {
        header: "STT",
        width: 6.0,
    },
    ListColumn {
        header: "Trang tính",
        width: 32.0,
    },
    ListColumn {
        header: "Nội dung",
        width: 84.0,
    },
    ListColumn {
        header: "Tình trạng",
        width: 28.0,
    },
];

/// Writes the table of contents.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
    names: &SheetNames,
) -> Result<(), WriteError> {
    let title = format!("Mục lục - {}", master.input.campaign.title);
    let mut contents = Contents {
        list: SheetList::new(sheet, master, &title, COLUMNS)?,
        number: 0,
    };
    contents.plain(
        OVERVIEW,
        "Tình hình gửi báo cáo, số liệu của báo cáo, tổng hợp phát hiện",
    )?;
    if master.has_trend() {
        contents.plain(TREND, "Số liệu của báo cáo qua các kỳ đã chốt và kỳ này")?;
    }
    contents.plain(
        CHARTS,
        "Tiến độ gửi báo cáo, đơn vị cao nhất và thấp nhất, so với kỳ trước",
    )?;
    for (plan, name) in places.plans.iter().zip(&names.forms) {
        let due = plan.table.lines.len();
        let lacking = master.lacking(std::iter::once(plan.table)).len();
        let status = match lacking {
            0 => (format!("đủ {due} đơn vị"), None),
            lacking => (
                format!("tạm tính, thiếu {lacking}/{due} đơn vị"),
                Some(Severity::Warning),
            ),
        };
        let title = &plan.table.form.file.title;
        contents.row(&name.table, title, status)?;
        if let Some(detail) = &name.detail {
            let title = format!("{title}: chi tiết từng dòng của từng đơn vị");
            contents.row(detail, &title, (String::new(), None))?;
        }
    }
    let open = master.input.findings.iter().filter(|found| found.is_open());
    let status = match open.count() {
        0 => ("không còn phát hiện nào".to_owned(), None),
        open => (
            format!("còn {open} phát hiện chưa giải trình"),
            Some(Severity::Warning),
        ),
    };
    contents.row(
        FINDINGS,
        "Điều sai hoặc đáng ngờ: ở tệp nào, ô nào, sửa thế nào",
        status,
    )?;
    contents.plain(SUBMISSIONS, "Từng tệp đã nhận và kết quả kiểm tra")?;
    contents.plain(UNITS, "Từng đơn vị phải báo cáo và tình trạng")?;
    contents.plain(RULES, "Những điều đã kiểm tra")?;
    contents.list.finish()
}

struct Contents<'a, 'b> {
    list: SheetList<'a, 'b>,
    number: usize,
}

impl Contents<'_, '_> {
    fn plain(&mut self, sheet: &str, holds: &str) -> Result<(), WriteError> {
        self.row(sheet, holds, (String::new(), None))
    }

    fn row(
        &mut self,
        sheet: &str,
        holds: &str,
        (status, severity): (String, Option<Severity>),
    ) -> Result<(), WriteError> {
        self.number += 1;
        let link = internal(sheet, CellAddress::new(0, 0)).set_text(sheet);
        let status = if status.is_empty() {
            Item::centred("")
        } else {
            Item::Status(status)
        };
        let items = [
            Item::Count(self.number),
            Item::Link(Some(link), sheet.to_owned()),
            Item::text(holds),
            status,
        ];
        self.list.row(&items, severity)
    }
}
