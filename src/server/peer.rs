//! Who is at the other end: the peer's address, or what a trusted proxy says of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, header};

use crate::auth::sessions::Origin;

/// The address of the caller. A forwarded address counts only when the peer is a proxy of the settings:
/// then the last one in the list that is no such proxy.
pub fn address(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    if !trusted.contains(&peer) {
        return peer;
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .rfind(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

/// Where a session is opened.
pub fn origin(parts: &Parts, trusted: &[IpAddr]) -> Origin {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let user_agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(400).collect());
    Origin { address: address(&parts.headers, peer, trusted), user_agent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let ip = |t: &str| t.parse::<IpAddr>().expect("address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.2".parse().expect("value"));
        assert_eq!(address(&headers, Some(ip("9.9.9.9")), &[]), ip("9.9.9.9"));
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(address(&headers, Some(ip("10.0.0.1")), &trusted), ip("1.2.3.4"));
        assert_eq!(address(&HeaderMap::new(), Some(ip("10.0.0.1")), &trusted), ip("10.0.0.1"));
    }
}
