//! How much of a file is read at most, and where: options of the commands that read.

use std::thread::available_parallelism;

use clap::Args;

use crate::campaign::{Reading, ToolError, Workers};
use crate::workbook::Limits;

/// One megabyte.
const MB: u64 = 1_000_000;
/// More processes than this make reading no faster.
const MOST_WORKERS: usize = 4;

/// Limits that a file may not exceed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Giới hạn khi đọc một tệp")]
pub struct LimitArgs {
    /// Tệp lớn nhất, tính bằng MB.
    #[arg(long, value_name = "MB", default_value_t = Limits::default().file_bytes / MB, value_parser = positive())]
    max_file: u64,
    /// Nội dung tệp sau khi giải nén, tính bằng MB.
    #[arg(long, value_name = "MB", default_value_t = Limits::default().unpacked_bytes / MB, value_parser = positive())]
    max_unpacked: u64,
    /// Mỗi phần bên trong tệp sau khi giải nén, tính bằng MB.
    #[arg(long, value_name = "MB", default_value_t = Limits::default().part_bytes / MB, value_parser = positive())]
    max_part: u64,
    /// Số ô có dữ liệu.
    #[arg(long, value_name = "SỐ", default_value_t = Limits::default().cells)]
    max_cells: usize,
    /// Số trang tính.
    #[arg(long, value_name = "SỐ", default_value_t = Limits::default().sheets)]
    max_sheets: usize,
    /// Số tệp trong một tệp nén.
    #[arg(long, value_name = "SỐ", default_value_t = Limits::default().files)]
    max_files: usize,
    /// Thời gian đọc một tệp, và thời gian hỏi các quy tắc của một đơn vị, tính bằng giây.
    #[arg(long, value_name = "GIÂY", default_value_t = Limits::default().seconds, value_parser = positive())]
    max_seconds: u64,
    /// Bộ nhớ để đọc, tính bằng MB (chỉ có tác dụng trên Linux).
    #[arg(long, value_name = "MB", default_value_t = Limits::default().memory_bytes / MB, value_parser = positive())]
    max_memory: u64,
    /// Đọc ngay trong chương trình, không mở phần đọc chạy riêng: một tệp làm phần đọc dừng thì cả
    /// chương trình dừng, --max-seconds không giới hạn việc đọc và --max-memory không có tác dụng.
    #[arg(long)]
    no_isolation: bool,
}

/// Megabytes are counted in bytes, so there may not be too many.
fn positive() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=1_000_000_000)
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
