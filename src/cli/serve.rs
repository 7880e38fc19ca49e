//! `tonghop serve`.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::common::Common;
use super::language::both;
use super::output::{clock, complain, say};
use crate::campaign::{MAIL_PASSWORD, ToolError};
use crate::model::Message;
use crate::serve::state::{back_up, folder_of};
use crate::serve::{Bounds, MailAddress, MailServer, Settings, Tls, serve};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ServeCommand {
    #[command(subcommand)]
    beside: Option<Beside>,
    #[arg(required = true, value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo, hoặc thư mục có nhiều đợt nằm ngay bên trong",
        "Folder of the campaign, or a folder with several campaigns right inside it",
    ))]
    campaign: Option<PathBuf>,
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = address, value_name = both!("ĐỊA_CHỈ:CỔNG", "ADDRESS:PORT"), help = both!(
        "Địa chỉ và cổng nhận yêu cầu; 127.0.0.1 chỉ nhận từ chính máy này, cổng 0 là cổng nào còn trống",
        "Address and port to listen at; 127.0.0.1 takes requests of this machine only, port 0 is any that is free",
    ))]
    listen: SocketAddr,
    #[arg(long, value_parser = public_address, value_name = both!("ĐỊA_CHỈ", "ADDRESS"), help = both!(
        "Địa chỉ mà đơn vị mở được trang, như https://baocao.tinh.vn, để ghi vào đường dẫn trong thư; \
         không ghi thì theo địa chỉ mà cán bộ đang mở",
        "Address at which units reach the page, such as https://baocao.tinh.vn, for the links in letters; \
         without it, the one by which the officer has opened it",
    ))]
    address: Option<String>,
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
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1", value_name = both!("ĐỊA_CHỈ", "ADDRESS"), help = both!(
        "Có nginx hoặc Caddy ở trước, trên máy này hoặc máy có địa chỉ ghi thêm: địa chỉ của người dùng lấy từ X-Forwarded-For của nó",
        "There is nginx or Caddy before this, on this machine or the one with the address given: users' addresses are taken from its X-Forwarded-For",
    ))]
    behind_proxy: Option<IpAddr>,
    #[arg(long, requires = "smtp_from", value_parser = mail_address, value_name = both!("MÁY_CHỦ", "SERVER"), help = both!(
        "Máy chủ thư để gửi thư thẳng từ trang: smtps://MÁY (cổng 465) hoặc smtp://MÁY (cổng 587, mã hóa sau lời chào)",
        "Mail server that sends letters from the page: smtps://HOST (port 465) or smtp://HOST (port 587, encrypted after the greeting)",
    ))]
    smtp: Option<MailAddress>,
    #[arg(long, requires = "smtp", value_name = both!("ĐỊA_CHỈ", "ADDRESS"), help = both!(
        "Người gửi, như baocao@tinh.gov.vn hoặc \"Sở Nội vụ <baocao@tinh.gov.vn>\"",
        "Sender, such as baocao@tinh.gov.vn or \"Office <baocao@tinh.gov.vn>\"",
    ))]
    smtp_from: Option<String>,
    #[arg(long, requires = "smtp", value_name = both!("TÊN", "NAME"), help = both!(
        "Tên đăng nhập máy chủ thư; mật khẩu lấy từ tệp ở dưới, hoặc từ biến môi trường TONGHOP_SMTP_PASSWORD",
        "Name to sign in to the mail server with; the password is in the file below, or in the environment variable TONGHOP_SMTP_PASSWORD",
    ))]
    smtp_user: Option<String>,
    #[arg(long, requires = "smtp_user", value_name = both!("TỆP", "FILE"), help = both!(
        "Tệp có mật khẩu của hộp thư ở dòng đầu, chỉ người chạy tonghop đọc được",
        "File with the password of the mail account in its first line, which only the user of tonghop may read",
    ))]
    smtp_password_file: Option<PathBuf>,
    #[arg(long, requires = "tls_key", value_name = both!("TỆP", "FILE"), help = both!(
        "Mã hóa kết nối bằng chứng thư này (PEM, chứng thư của máy chủ đứng đầu)",
        "Encrypt connections with this certificate (PEM, the server's own first)",
    ))]
    tls_cert: Option<PathBuf>,
    #[arg(long, requires = "tls_cert", value_name = both!("TỆP", "FILE"), help = both!(
        "Khóa của chứng thư (PEM, không đặt mật khẩu)",
        "Key of the certificate (PEM, without a password)",
    ))]
    tls_key: Option<PathBuf>,
}

/// What is done beside a server that runs.
#[derive(Debug, Subcommand)]
enum Beside {
    #[command(about = both!(
        "Sao lưu trạng thái của trang web, cả khi serve đang chạy",
        "Copy the state of the page, also while serve runs",
    ))]
    Backup(BackupCommand),
}

#[derive(Debug, Args)]
struct BackupCommand {
    #[arg(value_name = both!("TỆP", "FILE"), help = both!(
        "Tệp sao lưu, chưa được có",
        "File of the copy, which must not be there yet",
    ))]
    file: PathBuf,
    #[arg(long, default_value = ".", value_name = both!("ĐỢT", "DIR"), help = both!(
        "Thư mục của đợt báo cáo; không ghi thì là thư mục hiện tại",
        "Folder of the campaign; without it, the current one",
    ))]
    campaign: PathBuf,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục trạng thái của trang web; không ghi thì là .tonghop trong thư mục của đợt",
        "Folder of the page's state; without it, .tonghop in the campaign's folder",
    ))]
    state: Option<PathBuf>,
}

impl BackupCommand {
    fn run(&self) -> Result<ExitCode, ToolError> {
        let own = || folder_of(&self.campaign);
        back_up(&self.state.clone().unwrap_or_else(own), &self.file)?;
        say(&format!("{}\n", self.file.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let mut found = text.to_socket_addrs().ok().into_iter().flatten();
    found.next().ok_or(both!(
        "phải là địa chỉ và cổng, như 127.0.0.1:8080",
        "it must be an address and a port, as 127.0.0.1:8080",
    ))
}

/// An address as it stands before the paths of links: scheme and host, and a port if need be.
fn public_address(text: &str) -> Result<String, &'static str> {
    let address = text.trim_end_matches('/');
    let (_, host) = address.split_once("://").unwrap_or_default();
    let known = ["http://", "https://"]
        .iter()
        .any(|s| address.starts_with(s));
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    match known && !host.is_empty() && host.chars().all(plain) {
        true => Ok(address.to_owned()),
        false => Err(both!(
            "phải là địa chỉ như https://baocao.tinh.vn hoặc http://10.0.0.5:8080, không có gì thêm ở sau",
            "it must be an address as https://baocao.tinh.vn or http://10.0.0.5:8080, with nothing after it",
        )),
    }
}

/// A mail server.
fn mail_address(text: &str) -> Result<MailAddress, &'static str> {
    MailAddress::of(text).ok_or(both!(
        "phải là smtps://MÁY hoặc smtp://MÁY, thêm :CỔNG nếu cần; tên và mật khẩu không ghi ở đây",
        "it must be smtps://HOST or smtp://HOST, with :PORT if need be; name and password do not stand here",
    ))
}

/// The password of a mail account: the first line of a file, or that of the environment.
fn mail_password(file: Option<&Path>) -> Result<String, ToolError> {
    let text = match file {
        Some(path) => std::fs::read_to_string(path).map_err(ToolError::io(path))?,
        None => std::env::var(MAIL_PASSWORD).unwrap_or_default(),
    };
    let line = text.lines().next().unwrap_or_default();
    match line.is_empty() {
        false => Ok(line.to_owned()),
        true => Err(ToolError::Other(Message::new(
            "có --smtp-user mà không có mật khẩu; ghi mật khẩu vào dòng đầu của một tệp và thêm --smtp-password-file TỆP, hoặc đặt biến môi trường TONGHOP_SMTP_PASSWORD",
            "--smtp-user without a password: write it into the first line of a file for --smtp-password-file, or set the environment variable TONGHOP_SMTP_PASSWORD",
        ))),
    }
}

impl ServeCommand {
    /// The server that mails letters, if one is named.
    fn mail_server(&self) -> Result<Option<MailServer>, ToolError> {
        let Some((address, from)) = self.smtp.as_ref().zip(self.smtp_from.as_ref()) else {
            return Ok(None);
        };
        let login = match &self.smtp_user {
            Some(name) => {
                let password = mail_password(self.smtp_password_file.as_deref())?;
                Some((name.clone(), password))
            }
            None => None,
        };
        MailServer::new(address, from, login).map(Some)
    }

    /// Runs the command, which ends with the process.
    ///
    /// # Errors
    /// What keeps it from serving.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        if let Some(Beside::Backup(command)) = &self.beside {
            return command.run();
        }
        let tls = self.tls_cert.clone().zip(self.tls_key.clone());
        let scheme = tls.as_ref().map_or("http", |_| "https");
        if tls.is_none() && !self.listen.ip().is_loopback() {
            complain(common.lang.pick(
                "Lưu ý: máy khác kết nối tới đây không được mã hóa (không có TLS), ai nghe được \
                 đường truyền thì đọc được đường dẫn và số liệu. Hãy dùng --tls-cert và --tls-key, hoặc để \
                 tonghop ở 127.0.0.1 và đặt nginx hoặc Caddy có TLS ở trước, xem docs/trang-web.md.",
                "Note: other machines connect to this without encryption (no TLS); whoever listens \
                 on the wire reads links and figures. Use --tls-cert and --tls-key, or leave tonghop at \
                 127.0.0.1 and put nginx or Caddy with TLS before it; see docs/trang-web.md.",
            ));
        }
        let settings = Settings {
            // Required but for what is beside.
            campaign: self.campaign.clone().unwrap_or_default(),
            state: self.state.clone(),
            address: self.address.clone(),
            first_account: self.first_account,
            proxy: self.behind_proxy,
            mail: self.mail_server()?,
            tls: tls.map(|(cert, key)| Tls { cert, key }),
            listen: self.listen,
            program: std::env::current_exe().map_err(ToolError::io("tonghop".as_ref()))?,
            clock: clock()?,
            bounds: Bounds::default(),
        };
        match serve(settings, |address| say(&format!("{scheme}://{address}\n")))? {}
    }
}
