//! Why a file cannot be read as a spreadsheet, in words for the person who sent it.

use std::fmt;

use super::Format;
use crate::model::Lang;
use crate::model::value::{Shown, message};
use crate::model::{CellAddress, Message};
use crate::package::PackageProblem;

/// Why a file cannot be read as a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FileProblem {
    /// The operating system does not let us read it.
    Unopenable(Message),
    /// No byte in it.
    Empty,
    /// The trace that Excel or LibreOffice leaves beside a workbook while it is open.
    LockFile,
    /// A password is needed to open it.
    Encrypted,
    /// A password is needed to open it, and it came in an archive that needs one.
    EncryptedArchive,
    /// A workbook without a sheet that anyone can see.
    NoVisibleSheet,
    /// Reading it took longer than it may.
    TooSlow(u64),
    /// The process that read it ended: out of memory, or a fault in a library.
    ReaderStopped,
    /// Some other kind of file, whatever its name ends in.
    NotASpreadsheet(Format),
    /// A damaged spreadsheet. The detail is for debugging, often a library's own text, so it is in
    /// no message.
    Broken(String),
    /// A text whose letters were written as question marks.
    LettersLost,
    /// More than [`super::Limits`] allow.
    TooLarge(TooLarge),
    /// A cell outside the grid of a worksheet, as no spreadsheet program writes it.
    BeyondGrid(String),
}

/// What there is too much of, and the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum TooLarge {
    /// Bytes of the file.
    File(u64),
    /// Bytes that a zipped workbook unpacks to.
    Unpacked(u64),
    /// Cells that hold something.
    Cells(usize),
    /// Sheets.
    Sheets(usize),
    /// Files in an archive.
    Files(usize),
}

impl FileProblem {
    /// The file is damaged; `detail` is for whoever debugs the reader.
    pub(super) fn broken(detail: impl fmt::Display) -> Self {
        Self::Broken(detail.to_string())
    }

    /// Id of the finding; names the defect.
    pub fn rule_id(&self) -> &'static str {
        match self {
            Self::Unopenable(_) => "tep-khong-mo-duoc",
            Self::Empty => "tep-rong",
            Self::LockFile => "tep-khoa-tam",
            Self::Encrypted | Self::EncryptedArchive => "tep-co-mat-khau",
            Self::NoVisibleSheet => "khong-co-trang-hien",
            Self::TooSlow(_) => "doc-tep-qua-lau",
            Self::ReaderStopped => "doc-tep-bi-dung",
            Self::NotASpreadsheet(_) => "khong-phai-bang-tinh",
            Self::Broken(_) => "tep-hong",
            Self::LettersLost => "tep-mat-chu",
            Self::TooLarge(_) => "tep-qua-lon",
            Self::BeyondGrid(_) => "o-ngoai-bang-tinh",
        }
    }

    /// What it is and what to do.
    pub fn message(&self) -> Message {
        match self {
            Self::Unopenable(reason) => message!(
                reason;
                "Không mở được tệp ({reason}); nếu tệp đang mở trong Excel thì hãy đóng lại",
                "Cannot open the file ({reason}); if it is open in Excel, close it"
            ),
            Self::Empty => Message::new(
                "Tệp rỗng, không có dữ liệu; hãy lưu lại trong Excel rồi gửi lại",
                "The file is empty; save it again in Excel and send it again",
            ),
            Self::LockFile => Message::new(
                "Đây là tệp tạm mà Excel tạo ra khi bảng tính đang mở, không có số liệu; hãy đóng \
                 Excel và gửi tệp cùng tên không có \"~$\" hay \".~lock\" ở đầu",
                "This is the temporary file Excel keeps while a workbook is open, without figures; \
                 close Excel and send the file of that name without \"~$\" or \".~lock\"",
            ),
            Self::Encrypted => Message::new(
                "Tệp có mật khẩu; hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại",
                "The file has a password; remove it (File > Info > Protect Workbook) and send it \
                 again",
            ),
            Self::EncryptedArchive => Message::new(
                "Tệp nằm trong tệp nén có mật khẩu; hãy nén lại không đặt mật khẩu rồi gửi lại",
                "The file is in an archive with a password; pack it again without one and send it \
                 again",
            ),
            Self::NoVisibleSheet => Message::new(
                "Tệp không có trang tính nào hiện ra; hãy cho hiện trang có biểu (bấm chuột phải \
                 vào tên trang > Bỏ ẩn) rồi gửi lại",
                "No sheet of the file is visible; show the sheet with the form (right click on a \
                 tab > Unhide) and send it again",
            ),
            Self::TooSlow(seconds) => Message::new(
                format!(
                    "Đọc tệp này quá {seconds} giây chưa xong nên chương trình bỏ qua; hãy chép các \
                     biểu sang một tệp .xlsx mới rồi gửi lại"
                ),
                format!(
                    "Reading the file took more than {seconds} seconds and was given up; copy the \
                     forms into a new .xlsx file and send it again"
                ),
            ),
            Self::ReaderStopped => Message::new(
                "Tệp làm phần đọc của chương trình dừng giữa chừng (tệp hỏng nặng, hoặc cần quá \
                 nhiều bộ nhớ) nên tệp này bị bỏ qua; hãy chép các biểu sang một tệp .xlsx mới rồi \
                 gửi lại",
                "Reading the file ended the process that read it (badly damaged, or in need of too \
                 much memory), so it is left out; copy the forms into a new .xlsx file and send it \
                 again",
            ),
            Self::NotASpreadsheet(format) => not_a_spreadsheet(*format),
            Self::Broken(_) => Message::new(
                "Tệp bị hỏng hoặc chép chưa xong; hãy mở bằng Excel, lưu thành tệp .xlsx mới rồi \
                 gửi lại",
                "The file is damaged or was not copied to the end; open it in Excel, save it as a \
                 new .xlsx file and send it again",
            ),
            Self::LettersLost => Message::new(
                "Tệp CSV đã mất chữ có dấu (thành dấu «?») khi lưu nên không đọc được tên đơn vị và \
                 tên biểu; hãy mở bảng tính gốc, lưu thành kiểu «CSV UTF-8», hoặc gửi chính tệp .xlsx",
                "The CSV file has lost its Vietnamese letters (they became «?») when it was saved; \
                 open the workbook it was made of and save it as «CSV UTF-8», or send the .xlsx file",
            ),
            Self::TooLarge(what) => too_large(*what),
            Self::BeyondGrid(address) => Message::new(
                format!(
                    "Tệp có ô \"{address}\" nằm ngoài bảng tính; hãy mở bằng Excel, lưu thành tệp \
                     .xlsx mới rồi gửi lại"
                ),
                format!(
                    "The file has a cell \"{address}\" outside the worksheet; open it in Excel, \
                     save it as a new .xlsx file and send it again"
                ),
            ),
        }
    }

    /// A row or column number outside the grid.
    pub(super) fn beyond_grid(address: CellAddress) -> Self {
        Self::BeyondGrid(format!(
            "R{}C{}",
            u64::from(address.row) + 1,
            u64::from(address.column) + 1
        ))
    }
}

fn not_a_spreadsheet(format: Format) -> Message {
    let (vi, en) = format.names();
    let (do_vi, do_en) = match format {
        Format::ZipOther | Format::Rar | Format::SevenZip => (
            "hãy giải nén và gửi từng tệp Excel bên trong",
            "unpack it and send the Excel files inside one by one",
        ),
        Format::WebPage => (
            "hãy mở tệp Excel gốc rồi gửi tệp .xlsx; trang web của Excel phải lưu lại thành Excel \
             Workbook (.xlsx)",
            "open the workbook it was made of and send it as .xlsx",
        ),
        Format::Link => (
            "hãy mở liên kết, tải bảng tính về máy thành tệp .xlsx rồi gửi tệp đó",
            "open the link, download the spreadsheet as an .xlsx file and send that",
        ),
        Format::Numbers => (
            "hãy mở bằng Numbers, chọn Tệp > Xuất sang > Excel rồi gửi tệp .xlsx đó",
            "open it in Numbers, choose File > Export To > Excel and send that .xlsx file",
        ),
        Format::WebArchive | Format::Sylk => (
            "hãy mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx), rồi gửi \
             tệp .xlsx đó",
            "open it in Excel, choose Save As, type Excel Workbook (.xlsx), and send that file",
        ),
        _ => (
            "hãy điền số liệu vào biểu mẫu Excel đã nhận và gửi tệp .xlsx đó",
            "fill in the Excel form you received and send that .xlsx file",
        ),
    };
    let (not_vi, not_en) = match format {
        Format::Numbers | Format::Sylk => ("chương trình không đọc được", "which cannot be read"),
        _ => ("không phải bảng tính", "not a spreadsheet"),
    };
    Message::new(
        format!("Tệp là {vi}, {not_vi}; {do_vi}"),
        format!("The file is {en}, {not_en}; {do_en}"),
    )
}

fn too_large(what: TooLarge) -> Message {
    let (vi, en) = match what {
        TooLarge::File(bytes) => (
            format!("Tệp lớn hơn {}", megabytes(bytes, ',')),
            format!("The file is larger than {}", megabytes(bytes, '.')),
        ),
        TooLarge::Unpacked(bytes) => (
            format!(
                "Nội dung tệp khi giải nén lớn hơn {}",
                megabytes(bytes, ',')
            ),
            format!("The file unpacks to more than {}", megabytes(bytes, '.')),
        ),
        TooLarge::Cells(cells) => (
            format!("Tệp có hơn {} ô có dữ liệu", cells.shown(Lang::Vi)),
            format!(
                "The file has more than {} cells with data",
                cells.shown(Lang::En)
            ),
        ),
        TooLarge::Sheets(sheets) => (
            format!("Tệp có hơn {} trang tính", sheets.shown(Lang::Vi)),
            format!("The file has more than {} sheets", sheets.shown(Lang::En)),
        ),
        TooLarge::Files(files) => (
            format!("Tệp nén có hơn {} tệp", files.shown(Lang::Vi)),
            format!("The archive has more than {} files", files.shown(Lang::En)),
        ),
    };
    Message::new(
        format!(
            "{vi}, quá mức cho phép; hãy chỉ giữ lại biểu mẫu báo cáo, xóa phần khác rồi gửi lại"
        ),
        format!(
            "{en}, which is too much; keep only the report forms, delete the rest, send it again"
        ),
    )
}

/// A size in megabytes with at most one decimal.
fn megabytes(bytes: u64, point: char) -> String {
    match (bytes / 1_000_000, bytes % 1_000_000 / 100_000) {
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) => format!("{whole}{point}{tenth} MB"),
    }
}

impl From<PackageProblem> for FileProblem {
    fn from(problem: PackageProblem) -> Self {
        match problem {
            PackageProblem::Encrypted => Self::Encrypted,
            PackageProblem::TooLarge(bytes) => Self::TooLarge(TooLarge::Unpacked(bytes)),
            PackageProblem::Broken(detail) => Self::Broken(detail),
        }
    }
}

impl From<zip::result::ZipError> for FileProblem {
    fn from(error: zip::result::ZipError) -> Self {
        PackageProblem::from(error).into()
    }
}

impl From<calamine::XlsxError> for FileProblem {
    fn from(error: calamine::XlsxError) -> Self {
        match error {
            calamine::XlsxError::Password => Self::Encrypted,
            other => Self::broken(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_it_is_and_what_to_do() {
        let vi = |problem: FileProblem| problem.message().vi;
        assert_eq!(
            vi(FileProblem::NotASpreadsheet(Format::Docx)),
            "Tệp là văn bản Word, không phải bảng tính; hãy điền số liệu vào biểu mẫu Excel đã \
             nhận và gửi tệp .xlsx đó"
        );
        assert!(vi(FileProblem::TooLarge(TooLarge::Cells(1_000_000))).contains("1.000.000 ô"));
        assert!(vi(FileProblem::TooLarge(TooLarge::File(50_000_000))).contains("50 MB"));
        assert!(vi(FileProblem::TooLarge(TooLarge::File(1_500_000))).contains("1,5 MB"));
    }
}
