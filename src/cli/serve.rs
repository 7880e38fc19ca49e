//! `tonghop serve`.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use super::language::both;
use super::output::{clock, complain, say};
use crate::campaign::ToolError;
use crate::serve::{Bounds, Settings, serve};

#[derive(Debug, Args)]
pub struct ServeCommand {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = address, value_name = both!("ĐỊA_CHỈ:CỔNG", "ADDRESS:PORT"), help = both!(
        "Địa chỉ và cổng nhận yêu cầu; 127.0.0.1 chỉ nhận từ chính máy này, cổng 0 là cổng nào còn trống",
        "Address and port to listen at; 127.0.0.1 takes requests of this machine only, port 0 is any that is free",
    ))]
    listen: SocketAddr,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục trạng thái của trang web; không ghi thì là .tonghop trong thư mục của đợt",
        "Folder of the page's state; without it, .tonghop in the campaign's folder",
    ))]
    state: Option<PathBuf>,
    #[arg(long, help = both!(
        "In mã để lập (hoặc lấy lại) một tài khoản quản trị, dù đã có tài khoản",
        "Print a code that makes (or gives back) an administrator's account although there are accounts",
    ))]
    first_account: bool,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let mut found = text.to_socket_addrs().ok().into_iter().flatten();
    found.next().ok_or(both!(
        "phải là địa chỉ và cổng, như 127.0.0.1:8080",
        "it must be an address and a port, as 127.0.0.1:8080",
    ))
}

impl ServeCommand {
    /// Runs the command, which ends with the process.
    ///
    /// # Errors
    /// What keeps it from serving.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        if !self.listen.ip().is_loopback() {
            complain(common.lang.pick(
                "Lưu ý: máy khác kết nối tới đây không được mã hóa (không có TLS), ai nghe được \
                 đường truyền thì đọc được đường dẫn và số liệu. Hãy để tonghop ở 127.0.0.1 và đặt \
                 nginx hoặc Caddy có TLS ở trước, xem docs/trang-web.md.",
                "Note: other machines connect to this without encryption (no TLS); whoever listens \
                 on the wire reads links and figures. Leave tonghop at 127.0.0.1 and put nginx or \
                 Caddy with TLS before it; see docs/trang-web.md.",
            ));
        }
        let settings = Settings {
            campaign: self.campaign.clone(),
            state: self.state.clone(),
            first_account: self.first_account,
            listen: self.listen,
            program: std::env::current_exe().map_err(ToolError::io("tonghop".as_ref()))?,
            clock: clock()?,
            bounds: Bounds::default(),
        };
        match serve(settings, |address| say(&format!("http://{address}\n")))? {}
    }
}
