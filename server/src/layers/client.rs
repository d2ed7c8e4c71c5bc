//! Whose address a request comes from, and whether it came in the clear. R41, R46.

use super::AtDoor;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use regain_app::doorstep::ClientNetwork;
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Notes the client's address. Plain HTTP is served on loopback or behind a trusted proxy that says `https`.
pub(crate) async fn client(
    State(door): State<AtDoor>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer.ip().to_canonical();
    let headers = request.headers();
    if !is_private(peer, &door.trusted_proxies, headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let address = client_address(peer, &door.trusted_proxies, &forwarded(headers));
    request.extensions_mut().insert(ClientNetwork(address));
    next.run(request).await
}

/// The first hop from the right that is no trusted proxy; the peer itself where the header is odd.
fn client_address(peer: IpAddr, trusted: &[IpNet], forwarded: &[&str]) -> IpAddr {
    let mut client = peer;
    for hop in forwarded.iter().rev() {
        if !is_trusted(client, trusted) {
            return client;
        }
        match address_of(hop) {
            Some(address) => client = address,
            None => return peer,
        }
    }
    client
}

fn is_private(peer: IpAddr, trusted: &[IpNet], headers: &HeaderMap) -> bool {
    let says_https = || {
        let last = headers.get_all(FORWARDED_PROTO).iter().next_back();
        let last = last
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next());
        last.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
    };
    peer.is_loopback() || is_trusted(peer, trusted) && says_https()
}

/// Whether forwarded headers of this address are believed.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// All hops, leftmost first. A value that is no text counts as one odd hop.
fn forwarded(headers: &HeaderMap) -> Vec<&str> {
    let values = headers.get_all(FORWARDED_FOR).iter();
    values
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .collect()
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    let with_port = || hop.parse().ok().map(|address: SocketAddr| address.ip());
    bare.parse()
        .ok()
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(peer: &str, hops: &[&str], expect: &str) {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let found = client_address(peer.parse().unwrap(), &trusted, hops);
        assert_eq!(found, expect.parse::<IpAddr>().unwrap(), "{peer} {hops:?}");
    }

    #[test]
    fn r46_the_first_untrusted_hop_from_the_right_is_the_client() {
        check("192.0.2.9", &[], "192.0.2.9");
        check("192.0.2.9", &["203.0.113.1"], "192.0.2.9");
        check("10.0.0.1", &["203.0.113.1"], "203.0.113.1");
        check("10.0.0.1", &["1.1.1.1", "203.0.113.1"], "203.0.113.1");
        check("10.0.0.1", &["1.1.1.1", "203.0.113.1", "10.0.0.2"], "203.0.113.1");
        check("10.0.0.1", &["10.0.0.3", "10.0.0.2"], "10.0.0.3");
        check("10.0.0.1", &[], "10.0.0.1");
        check("fd00::1", &["[2001:db8::1]:4711"], "2001:db8::1");
        check("10.0.0.1", &["::ffff:203.0.113.1"], "203.0.113.1");
    }

    #[test]
    fn r46_an_odd_hop_means_the_peer() {
        for odd in [
            "",
            "unknown",
            "_hidden",
            "203.0.113.1 evil",
            "203.0.113.1:99999",
            "localhost",
        ] {
            check("10.0.0.1", &[odd], "10.0.0.1");
            check("10.0.0.1", &[odd, "10.0.0.2"], "10.0.0.1");
        }
        check("10.0.0.1", &["odd", "203.0.113.1"], "203.0.113.1");
    }

    #[test]
    fn r41_plain_http_is_for_loopback_and_proxies_that_say_https() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        let is = |peer: &str, headers: &HeaderMap| is_private(peer.parse().unwrap(), &trusted, headers);
        assert!(is("127.0.0.1", &headers) && is("::1", &headers));
        assert!(!is("10.0.0.1", &headers));
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static("https"));
        assert!(is("10.0.0.1", &headers) && !is("192.0.2.1", &headers));
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static("https, http"));
        assert!(!is("10.0.0.1", &headers));
    }
}
