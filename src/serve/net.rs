//! Connections: how many there are at a time, and how long one may take to say what it wants.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::http::{Request, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::house::House;
use super::peer::Peer;
use super::settings::Bounds;

/// Takes connections for ever.
pub(super) async fn accept(
    listener: TcpListener,
    house: Arc<House>,
    tls: Option<TlsAcceptor>,
    (bounds, proxy): (&Bounds, Option<IpAddr>),
) -> Infallible {
    let crowd = Arc::new(Crowd::new(bounds.connections));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_headers(64)
        .max_buf_size(64 * 1024);
    let head = bounds.head;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let Some(guest) = Crowd::enter(&crowd) else {
                    continue;
                };
                let (builder, house) = (builder.clone(), house.clone());
                let peer = (peer.ip(), proxy);
                match tls.clone() {
                    None => tokio::spawn(connection(builder, stream, peer, house, guest)),
                    Some(tls) => tokio::spawn(async move {
                        if let Some(stream) = shaken(&tls, stream, &guest.seen, head).await {
                            connection(builder, stream, peer, house, guest).await;
                        }
                    }),
                };
            }
            // No more files may be open, say: those that are will close.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// An encrypted connection. Whoever does not speak it, or too slowly, is turned away.
async fn shaken(
    tls: &TlsAcceptor,
    stream: TcpStream,
    seen: &Seen,
    most: Duration,
) -> Option<TlsStream<TcpStream>> {
    let mut leave = pin!(seen.leave.notified());
    let mut shaking = pin!(timeout(most, tls.accept(stream)));
    let shaken = poll_fn(|context| match leave.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => shaking.as_mut().poll(context).map(Some),
    });
    shaken.await?.ok()?.ok()
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin>(
    builder: http1::Builder,
    stream: S,
    (other, proxy): (IpAddr, Option<IpAddr>),
    house: Arc<House>,
    guest: Guest,
) {
    let seen = guest.seen.clone();
    let service = service_fn(|mut request: Request<Incoming>| {
        let peer = Peer::of(other, proxy, request.headers());
        request.extensions_mut().insert(peer);
        let (seen, house) = (seen.clone(), house.clone());
        async move {
            let mut request = request;
            let _asking = Asking::new(&seen);
            let path = request.uri().path().to_owned();
            let answering = house.service(&path).await;
            request.extensions_mut().insert(answering.place);
            if let Some(uri) = answering.path.and_then(|to| moved(request.uri(), &to)) {
                *request.uri_mut() = uri;
            }
            answering.service.call(request).await
        }
    });
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    let (mut serving, mut leave) = (pin!(serving), pin!(seen.leave.notified()));
    // A connection that breaks is its own affair.
    poll_fn(|context| match leave.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => serving.as_mut().poll(context).map(drop),
    })
    .await;
    drop(guest);
}

/// An address with another path.
fn moved(uri: &Uri, path: &str) -> Option<Uri> {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(text.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// The connections there are.
struct Crowd {
    most: usize,
    next: AtomicU64,
    guests: Mutex<HashMap<u64, Arc<Seen>>>,
}

/// What is known of a connection.
struct Seen {
    begun: Instant,
    /// Requests in work.
    busy: AtomicUsize,
    /// Milliseconds from `begun` to when it was last busy.
    idle_since: AtomicU64,
    leave: Notify,
}

/// A connection; it leaves the crowd when dropped.
struct Guest {
    number: u64,
    seen: Arc<Seen>,
    crowd: Arc<Crowd>,
}

impl Crowd {
    fn new(most: usize) -> Self {
        Self {
            most,
            next: AtomicU64::new(0),
            guests: Mutex::new(HashMap::new()),
        }
    }

    /// Lets a connection in. If there are too many, the one that has been idle longest has to leave;
    /// if none is idle, the new one is turned away.
    fn enter(crowd: &Arc<Crowd>) -> Option<Guest> {
        let mut guests = crowd.guests();
        if guests.len() >= crowd.most {
            let idle = guests.iter().filter(|(_, seen)| seen.is_idle());
            let longest = idle
                .min_by_key(|(_, seen)| seen.last_busy())
                .map(|(n, _)| *n)?;
            if let Some(seen) = guests.remove(&longest) {
                seen.leave.notify_one();
            }
        }
        let seen = Arc::new(Seen {
            begun: Instant::now(),
            busy: AtomicUsize::new(0),
            idle_since: AtomicU64::new(0),
            leave: Notify::new(),
        });
        let number = crowd.next.fetch_add(1, Ordering::Relaxed);
        guests.insert(number, seen.clone());
        Some(Guest {
            number,
            seen,
            crowd: crowd.clone(),
        })
    }

    fn guests(&self) -> MutexGuard<'_, HashMap<u64, Arc<Seen>>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.crowd.guests().remove(&self.number);
    }
}

impl Seen {
    fn is_idle(&self) -> bool {
        self.busy.load(Ordering::SeqCst) == 0
    }

    fn last_busy(&self) -> Instant {
        self.begun + Duration::from_millis(self.idle_since.load(Ordering::SeqCst))
    }
}

/// A request in work.
struct Asking<'a>(&'a Seen);

impl<'a> Asking<'a> {
    fn new(seen: &'a Seen) -> Self {
        seen.busy.fetch_add(1, Ordering::SeqCst);
        Self(seen)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let passed = u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.idle_since.store(passed, Ordering::SeqCst);
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_leaves_for_a_new_one_and_the_busy_stay() {
        let crowd = Arc::new(Crowd::new(2));
        let busy = Crowd::enter(&crowd).unwrap();
        let asking = Asking::new(&busy.seen);
        let idle = Crowd::enter(&crowd).unwrap();
        let new = Crowd::enter(&crowd).unwrap();
        let inside = |guest: &Guest| crowd.guests().contains_key(&guest.number);
        assert!(inside(&busy) && !inside(&idle) && inside(&new));
        let _asking = Asking::new(&new.seen);
        assert!(Crowd::enter(&crowd).is_none());
        drop(asking);
        assert!(Crowd::enter(&crowd).is_some());
        assert!(!inside(&busy));
    }
}
