//! The command line: one file a command.

mod check;
mod close;
mod common;
mod consolidate;
mod diff;
mod forms;
mod history;
mod limits;
mod new;
mod output;
mod report;
mod template;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::complain;

/// Đọc, kiểm tra và tổng hợp các bảng tính báo cáo của nhiều đơn vị.
#[derive(Debug, Parser)]
#[command(name = "tonghop", version, about, max_term_width = 100)]
#[command(
    after_help = "Mã thoát: 0 không có gì sai; 1 có lỗi hoặc còn đơn vị chưa đạt; 2 gõ lệnh sai; 3 chương trình không làm được (tệp biểu mẫu sai, không ghi được kết quả...)."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Đọc mọi tệp trong inbox của một đợt, kiểm tra, tổng hợp và ghi kết quả.
    Consolidate(consolidate::Consolidate),
    /// Chỉ kiểm tra các tệp hoặc thư mục; không ghi gì ngoài những gì in ra.
    Check(check::Check),
    /// Chốt kỳ: ghi số liệu đã nhận của một đợt vào kho lưu trữ, để kỳ sau so với.
    Close(close::Close),
    /// Liệt kê các kỳ đã chốt trong kho lưu trữ của một đợt.
    History(history::History),
    /// So hai bản nộp, hoặc hai kỳ đã chốt: số nào mới, đổi, không còn; phát hiện nào đã hết.
    Diff(diff::Diff),
    /// Tạo mẫu trắng cho từng đơn vị của một đợt.
    Template(template::Template),
    /// Điền số liệu đã tổng hợp vào mẫu báo cáo của cơ quan (Word hoặc Markdown).
    Report(report::Report),
    /// Tạo thư mục một đợt báo cáo mới để bắt đầu.
    New(new::New),
    /// Soát các tệp biểu mẫu.
    Forms(forms::Forms),
    /// Đọc tệp cho một tonghop khác đang chạy; không dùng trực tiếp.
    #[command(hide = true)]
    Worker(worker::Worker),
}

/// Runs the command line; the exit code is 0, 1 (findings) or 3 (the tool could not do it). Wrong
/// usage exits with 2 before this.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let (result, lang) = match &cli.command {
        Command::Consolidate(command) => (command.run(), command.common.lang),
        Command::Check(command) => (command.run(), command.common.lang),
        Command::Close(command) => (command.run(), command.common.lang),
        Command::History(command) => (command.run(), command.common.lang),
        Command::Diff(command) => (command.run(), command.common.lang),
        Command::Template(command) => (command.run(), command.common.lang),
        Command::Report(command) => (command.run(), command.common.lang),
        Command::New(command) => (command.run(), command.common.lang),
        Command::Forms(command) => (command.run(), command.common.lang),
        Command::Worker(command) => (command.run(), command.common.lang),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            let word = lang.pick("Không làm được", "Cannot do it");
            complain(&format!("{word}: {}", lang.of(&error.message())));
            ExitCode::from(3)
        }
    }
}
