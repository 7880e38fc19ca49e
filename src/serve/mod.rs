//! The page of a campaign: units look at what is due, check and submit workbooks over HTTP; the office
//! (`office`) looks at all of it. The
//! state (`state`) is a small database beside the campaign; workbooks are files of its inbox, where
//! every other command sees them. Files are read by the same processes, within the same limits, as
//! by `check`.

mod answer;
mod by_hand;
mod common;
mod current;
mod desk;
mod explain;
mod findings;
mod guard;
mod house;
mod inbox;
mod kept;
mod library;
pub mod links;
mod log;
mod mail;
mod making;
mod manner;
mod marked;
mod net;
mod office;
mod peer;
mod place;
mod queue;
mod refusal;
mod rooms;
mod router;
mod settings;
pub mod state;
mod submit;
mod tls;
mod units;
mod upload;
mod views;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Builder;

pub use links::{Links, links};
pub use mail::{MailAddress, MailServer};
pub use settings::{Bounds, Settings};
pub use tls::Tls;

use crate::campaign::ToolError;
use crate::model::Message;
use crate::model::why::Why;
use house::House;

/// Serves the page of a campaign, or of each campaign in a folder, until the process ends. `ready` is told the address once
/// connections are taken.
///
/// # Errors
/// The campaign cannot be loaded, its state not written, the address not listened at; or what
/// `ready` returns.
pub fn serve(
    settings: Settings,
    ready: impl FnOnce(SocketAddr) -> Result<(), ToolError>,
) -> Result<Infallible, ToolError> {
    let listen = settings.listen;
    let (bounds, proxy) = (settings.bounds.clone(), settings.proxy);
    let tls = settings.tls.as_ref().map(Tls::acceptor).transpose()?;
    let house = Arc::new(House::open(&settings)?);
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| not_listening(listen, &error))?;
    runtime.block_on(async {
        let bound = TcpListener::bind(listen).await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| not_listening(listen, &error))?;
        ready(address)?;
        if let Some(code) = house.staff().code() {
            log::say(&first_account(address, tls.is_some(), &code));
        }
        Ok(net::accept(listener, house, tls, (&bounds, proxy)).await)
    })
}

/// How the first account is made. On standard error, where the address does not stand.
fn first_account(address: SocketAddr, tls: bool, code: &str) -> String {
    let scheme = if tls { "https" } else { "http" };
    format!(
        "Chưa có tài khoản của cơ quan tổng hợp. Mở {scheme}://{address}/thiet-lap và nhập mã {code}\n\
         No account of the office yet. Open {scheme}://{address}/thiet-lap and type the code {code}"
    )
}

fn not_listening(address: SocketAddr, error: &io::Error) -> ToolError {
    if error.kind() == io::ErrorKind::AddrInUse {
        return ToolError::Other(Message::new(
            format!(
                "{address}: cổng này đang có chương trình khác dùng; dừng nó, hoặc chọn cổng khác bằng --listen"
            ),
            format!(
                "{address}: another program uses this port; stop it, or choose another port with --listen"
            ),
        ));
    }
    let why = error.why();
    ToolError::Other(Message::new(
        format!(
            "{address}: không mở được địa chỉ này để nhận yêu cầu: {}",
            why.vi
        ),
        format!("{address}: cannot listen at this address: {}", why.en),
    ))
}
