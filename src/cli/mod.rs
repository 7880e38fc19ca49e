//! The command line: one file a command.

mod check;
mod close;
mod common;
mod consolidate;
mod diff;
mod explain;
mod forms;
mod from_excel;
mod history;
mod language;
mod limits;
#[cfg(feature = "serve")]
mod links;
mod new;
mod next;
mod output;
mod report;
#[cfg(feature = "serve")]
mod serve;
mod template;
mod to_excel;
mod usage;
mod worker;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use common::Common;
use language::{Choice, VARIABLE, both, lang_before_help, translated};
use output::complain;

#[derive(Debug, Parser)]
#[command(
    name = "tonghop",
    version,
    max_term_width = 100,
    about = both!(
        "Đọc, kiểm tra và tổng hợp các bảng tính báo cáo của nhiều đơn vị",
        "Read, check and consolidate the workbooks that many units report with",
    ),
    after_help = both!(
        "Mã thoát: 0 không có gì sai; 1 có lỗi hoặc còn đơn vị chưa đạt; 2 gõ lệnh sai; 3 chương \
         trình không làm được (tệp biểu mẫu sai, không ghi được kết quả...).",
        "Exit codes: 0 nothing is wrong; 1 there are errors, or units that have not sent or have \
         to correct; 2 wrong usage; 3 the program could not do it (a wrong form file, results \
         that cannot be written...).",
    )
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = both!(
        "Đọc mọi tệp trong inbox của một đợt, kiểm tra, tổng hợp và ghi kết quả",
        "Read every file in a campaign's inbox, check, consolidate and write the results",
    ))]
    Consolidate(consolidate::Consolidate),
    #[command(about = both!(
        "Chỉ kiểm tra các tệp hoặc thư mục và in ra; không ghi gì trừ khi có --facts, --return",
        "Only check files or folders and print; writes nothing without --facts or --return",
    ))]
    Check(check::Check),
    #[command(about = both!(
        "Chốt kỳ: ghi số liệu đã nhận của một đợt vào kho lưu trữ, để kỳ sau so với",
        "Close the period: put a campaign's accepted figures into the archive, for later periods to compare with",
    ))]
    Close(close::Close),
    #[command(about = both!(
        "Liệt kê các kỳ đã chốt trong kho lưu trữ của một đợt",
        "List the closed periods in a campaign's archive",
    ))]
    History(history::History),
    #[command(about = both!(
        "So hai bản nộp, hoặc hai kỳ đã chốt: số nào mới, đổi, không còn; phát hiện nào đã hết",
        "Compare two submissions or two closed periods: figures that are new, changed or gone; findings that are settled",
    ))]
    Diff(diff::Diff),
    #[command(about = both!(
        "Tạo mẫu trắng cho từng đơn vị của một đợt",
        "Make the empty workbook of each unit of a campaign",
    ))]
    Template(template::Template),
    #[command(about = both!(
        "Điền số liệu đã tổng hợp vào mẫu báo cáo của cơ quan (Word hoặc Markdown)",
        "Fill the consolidated figures into the office's report template (Word or Markdown)",
    ))]
    Report(report::ReportCommand),
    #[command(about = both!(
        "Tạo thư mục một đợt báo cáo mới để bắt đầu",
        "Make the folder of a new campaign to begin with",
    ))]
    New(new::New),
    #[command(about = both!(
        "Tạo thư mục đợt của kỳ sau từ một đợt: biểu mẫu, danh sách đơn vị, kho lưu trữ dùng chung",
        "Make the next period's campaign out of one: forms, roster, shared archive",
    ))]
    Next(next::Next),
    #[command(about = both!(
        "Giải thích một quy tắc: kiểm tra gì, vì sao, cán bộ phải làm gì",
        "Explain a rule: what it checks, why, and what a clerk does about it (in Vietnamese)",
    ))]
    Explain(explain::Explain),
    #[cfg(feature = "serve")]
    #[command(about = both!(
        "Tạo, thay hoặc thu hồi đường dẫn riêng của từng đơn vị vào trang web",
        "Make, replace or revoke the link of each unit to the page",
    ))]
    Links(links::LinksCommand),
    #[cfg(feature = "serve")]
    #[command(about = both!(
        "Mở trang web của một đợt: đơn vị kiểm tra và nộp tệp ngay trên trình duyệt",
        "Serve the page of a campaign, where units check and submit workbooks in a browser",
    ))]
    Serve(serve::ServeCommand),
    #[command(about = both!(
        "Soát các tệp biểu mẫu",
        "Check form files",
    ))]
    Forms(forms::FormsCommand),
    #[command(hide = true, about = both!(
        "Đọc tệp cho một tonghop khác đang chạy; không dùng trực tiếp",
        "Read files for another tonghop that is running; not to be used directly",
    ))]
    Worker(worker::WorkerCommand),
}

/// Runs the command line; the exit code is 0, 1 (findings) or 3 (the tool could not do it). Wrong
/// usage exits with 2 before this.
pub fn main() -> ExitCode {
    let choice = Choice::new(std::env::args_os(), std::env::var_os(VARIABLE));
    let command = Cli::command();
    let arguments = lang_before_help(std::env::args_os().collect(), &command);
    let cli = translated(command, &choice)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match cli {
        Ok(cli) => cli.run(),
        Err(error) => usage::answer(&error, choice.lang),
    }
}

impl Cli {
    fn run(&self) -> ExitCode {
        let common = &self.common;
        let result = match &self.command {
            Command::Consolidate(command) => command.run(common),
            Command::Check(command) => command.run(common),
            Command::Close(command) => command.run(common),
            Command::History(command) => command.run(common),
            Command::Diff(command) => command.run(common),
            Command::Template(command) => command.run(common),
            Command::Report(command) => command.run(common),
            Command::New(command) => command.run(common),
            Command::Next(command) => command.run(common),
            Command::Explain(command) => command.run(common),
            #[cfg(feature = "serve")]
            Command::Links(command) => command.run(common),
            #[cfg(feature = "serve")]
            Command::Serve(command) => command.run(common),
            Command::Forms(command) => command.run(common),
            Command::Worker(command) => command.run(),
        };
        result.unwrap_or_else(|error| {
            let lang = common.lang;
            let word = lang.pick("Không làm được", "Cannot do it");
            complain(&format!("{word}: {}", lang.of(&error.message())));
            ExitCode::from(3)
        })
    }
}
