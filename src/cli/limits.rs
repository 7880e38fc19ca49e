//! How much of a file is read at most, and where: options of the commands that read.

use std::thread::available_parallelism;

use clap::Args;

use super::language::both;
use crate::campaign::{Reading, ToolError, Workers};
use crate::workbook::Limits;

/// One megabyte.
const MB: u64 = 1_000_000;
/// The largest limit that may be given.
const MOST: u64 = 1_000_000_000;
/// More processes than this make reading no faster.
const MOST_WORKERS: usize = 4;

/// Limits that a file may not exceed.
#[derive(Debug, Args)]
#[command(next_help_heading = both!(
    "Giới hạn khi đọc một tệp",
    "Limits for reading one file",
))]
pub struct LimitArgs {
    #[arg(long, value_name = "MB", default_value_t = Limits::default().file_bytes / MB, value_parser = positive, help = both!(
        "Tệp lớn nhất, tính bằng MB",
        "Largest file, in MB",
    ))]
    max_file: u64,
    #[arg(long, value_name = "MB", default_value_t = Limits::default().unpacked_bytes / MB, value_parser = positive, help = both!(
        "Nội dung tệp sau khi giải nén, tính bằng MB",
        "Content of a file when unpacked, in MB",
    ))]
    max_unpacked: u64,
    #[arg(long, value_name = "MB", default_value_t = Limits::default().part_bytes / MB, value_parser = positive, help = both!(
        "Mỗi phần bên trong tệp sau khi giải nén, tính bằng MB",
        "Each part in a file when unpacked, in MB",
    ))]
    max_part: u64,
    #[arg(long, value_name = both!("SỐ", "N"), default_value_t = Limits::default().cells, value_parser = count, help = both!(
        "Số ô có dữ liệu",
        "Number of cells that hold something",
    ))]
    max_cells: usize,
    #[arg(long, value_name = both!("SỐ", "N"), default_value_t = Limits::default().sheets, value_parser = count, help = both!(
        "Số trang tính",
        "Number of sheets",
    ))]
    max_sheets: usize,
    #[arg(long, value_name = both!("SỐ", "N"), default_value_t = Limits::default().files, value_parser = count, help = both!(
        "Số tệp trong một tệp nén",
        "Number of files in an archive",
    ))]
    max_files: usize,
    #[arg(long, value_name = both!("GIÂY", "SECONDS"), default_value_t = Limits::default().seconds, value_parser = positive, help = both!(
        "Thời gian đọc một tệp, và thời gian xét các quy tắc của một đơn vị, tính bằng giây",
        "Time to read one file, and time to evaluate the rules of one unit, in seconds",
    ))]
    max_seconds: u64,
    #[arg(long, value_name = "MB", default_value_t = Limits::default().memory_bytes / MB, value_parser = positive, help = both!(
        "Bộ nhớ để đọc, tính bằng MB (chỉ có tác dụng trên Linux)",
        "Memory for reading, in MB (Linux only)",
    ))]
    max_memory: u64,
    #[arg(long, help = both!(
        "Đọc ngay trong chương trình, không mở phần đọc chạy riêng: một tệp làm phần đọc dừng thì \
         cả chương trình dừng, --max-seconds không giới hạn việc đọc và --max-memory không có tác \
         dụng",
        "Read in this process, not in processes of their own: a file that ends the reading ends \
         the whole program, --max-seconds does not limit reading and --max-memory has no effect",
    ))]
    no_isolation: bool,
}

/// A limit of at least 1. Megabytes are counted in bytes, so there may not be too many.
fn positive(text: &str) -> Result<u64, &'static str> {
    let number = text.parse().ok();
    number
        .filter(|number| (1..=MOST).contains(number))
        .ok_or(both!(
            "phải là số nguyên từ 1 đến 1000000000",
            "it must be a whole number from 1 to 1000000000",
        ))
}

/// A limit that may be 0.
fn count(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| {
        both!(
            "phải là số nguyên, không âm",
            "it must be a whole number, not below 0"
        )
    })
}

impl LimitArgs {
    /// The limits given, and processes to read in unless refused.
    ///
    /// # Errors
    /// The program does not find its own executable.
    pub fn reading(&self) -> Result<Reading, ToolError> {
        let limits = Limits {
            file_bytes: self.max_file * MB,
            part_bytes: self.max_part * MB,
            unpacked_bytes: self.max_unpacked * MB,
            cells: self.max_cells,
            sheets: self.max_sheets,
            files: self.max_files,
            seconds: self.max_seconds,
            memory_bytes: self.max_memory * MB,
        };
        if self.no_isolation {
            return Ok(Reading::here(&limits));
        }
        let program = std::env::current_exe().map_err(ToolError::io("tonghop".as_ref()))?;
        let count = available_parallelism().map_or(1, |cores| cores.get().min(MOST_WORKERS));
        Ok(Reading {
            limits,
            workers: Some(Workers { program, count }),
            keep: false,
        })
    }
}
