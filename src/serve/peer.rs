//! Who is at the other end of a connection.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// The address a request came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl Peer {
    /// Who asks over a connection of `other`: where that is the proxy, whom it names last, since
    /// anybody may have written what stands before.
    pub(super) fn of(other: IpAddr, proxy: Option<IpAddr>, headers: &HeaderMap) -> Peer {
        let other = other.to_canonical();
        let by_proxy = proxy
            .is_some_and(|proxy| proxy == other || (proxy.is_loopback() && other.is_loopback()));
        if !by_proxy {
            return Peer(other);
        }
        let lines = headers.get_all("x-forwarded-for");
        let last = lines.iter().next_back();
        let last = last.and_then(|line| line.to_str().ok()?.rsplit(',').next());
        Peer(last.and_then(address).unwrap_or(other))
    }
}

/// An address, which some proxies give with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']').parse();
    let found: Option<IpAddr> = alone.ok();
    let found = found.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    found.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(other: &str, proxy: Option<&str>, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxy = proxy.map(|proxy| proxy.parse().unwrap());
        Peer::of(other.parse().unwrap(), proxy, &headers)
            .0
            .to_string()
    }

    #[test]
    fn only_the_proxy_says_who_asks_and_only_what_it_wrote_itself() {
        let here = Some("127.0.0.1");
        let said = ["6.6.6.6", "7.7.7.7, 10.0.0.9"];
        assert_eq!(peer("127.0.0.1", here, &said), "10.0.0.9");
        assert_eq!(peer("::1", here, &said), "10.0.0.9");
        assert_eq!(peer("127.0.0.1", None, &said), "127.0.0.1");
        assert_eq!(peer("10.0.0.7", here, &said), "10.0.0.7");
        assert_eq!(peer("::ffff:10.0.0.4", Some("10.0.0.4"), &said), "10.0.0.9");
        assert_eq!(peer("127.0.0.1", here, &[]), "127.0.0.1");
        assert_eq!(peer("127.0.0.1", here, &["không rõ"]), "127.0.0.1");
        for with_port in ["10.0.0.9:4711", " 10.0.0.9 ", "[::ffff:10.0.0.9]:80"] {
            assert_eq!(peer("127.0.0.1", here, &[with_port]), "10.0.0.9");
        }
    }
}
