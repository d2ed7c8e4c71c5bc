//! Which tenant a request is for: the one whose host it names, exactly. R45.

use super::AtDoor;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use regain_service::admin::address::is_here;
use regain_service::{Setup, Tenancy};

/// For the operator who has just started Regain.
const NO_TENANT: &str = "Regain runs, but serves no organisation yet: make the first one at /setup.\n";
/// The page that makes the first organisation.
const SETUP: &str = "/setup";
/// What that page needs, and nothing else.
const OF_SETUP: [&str; 2] = ["/fn/public/setup-", "/pkg/"];

/// Puts the tenant on the request, and on the answer for the layers outside.
pub(crate) async fn host(State(door): State<AtDoor>, mut request: Request, next: Next) -> Response {
    let Some(host) = host_of(request.uri(), request.headers()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let tenancy = match door.service.tenancy(&host).await {
        Ok(Some(tenancy)) => tenancy,
        Ok(None) => {
            let (path, address) = (request.uri().path().to_owned(), address(&request, &host));
            match nobodys(&door, &path, address).await {
                Ok(house) => house,
                Err(response) => return response,
            }
        }
        Err(error) => return super::broken("look for the host's tenant", &error),
    };
    request.extensions_mut().insert(tenancy.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(tenancy);
    response
}

/// A host that is no tenant's: 421, or while there is no tenant at all, the set-up on any host, and the way to it.
async fn nobodys(door: &AtDoor, path: &str, address: String) -> Result<Tenancy, Response> {
    Err(match door.service.has_tenants().await {
        Ok(true) => StatusCode::MISDIRECTED_REQUEST.into_response(),
        Ok(false) if path == SETUP || OF_SETUP.iter().any(|prefix| path.starts_with(prefix)) => {
            return Ok(Setup::house(address));
        }
        Ok(false) if path == "/" => Redirect::to(SETUP).into_response(),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, NO_TENANT).into_response(),
        Err(error) => super::broken("look for any tenant", &error),
    })
}

/// Where the browser is: without HTTPS only on this machine (R41).
fn address(request: &Request, host: &str) -> String {
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let named = request
        .uri()
        .authority()
        .map(Authority::as_str)
        .or(named)
        .unwrap_or(host);
    let port = named.rsplit_once(':').map(|(_, port)| port);
    let port = port
        .and_then(|port| port.parse::<u16>().ok())
        .map(|port| format!(":{port}"));
    let scheme = if is_here(host) { "http" } else { "https" };
    format!("{scheme}://{host}{}", port.unwrap_or_default())
}

/// The host in small letters, without port and trailing dot; nothing unless exactly one is named.
fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let mut named = headers.get_all(header::HOST).iter();
    let in_header = named.next().map(|value| value.to_str().ok());
    if named.next().is_some() {
        return None;
    }
    let in_address = uri.authority().map(Authority::as_str);
    let authority = match (in_address, in_header) {
        (Some(address), Some(header)) => header.filter(|header| header.eq_ignore_ascii_case(address))?,
        (Some(address), None) => address,
        (None, Some(header)) => header?,
        (None, None) => return None,
    };
    bare_host(authority)
}

fn bare_host(authority: &str) -> Option<String> {
    let end_of_address = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority.get(end_of_address..)?.find(':') {
        Some(at) => authority.split_at_checked(end_of_address + at)?,
        None => (authority, ""),
    };
    let is_port = port.len() <= 6 && port.chars().skip(1).all(|c| c.is_ascii_digit());
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let is_name = |name: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        name.split('.')
            .all(|label| !label.is_empty() && label.chars().all(fits))
    };
    let is_address = |text: &str| {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inner.is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())
    };
    let is_host = host.len() <= 253 && (is_name(&host) || is_address(&host));
    (is_port && is_host).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(uri: &str, hosts: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
        }
        host_of(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn r45_case_port_and_trailing_dot_do_not_count() {
        for (host, expect) in [
            ("Reset.Acorn.Example", "reset.acorn.example"),
            ("reset.acorn.example:8443", "reset.acorn.example"),
            ("reset.acorn.example.:443", "reset.acorn.example"),
            ("localhost:3000", "localhost"),
            ("[::1]:3000", "[::1]"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(of("/reset", &[host]).as_deref(), Some(expect), "{host}");
        }
    }

    #[test]
    fn r45_two_hosts_no_host_and_odd_hosts_are_refused() {
        assert_eq!(of("/", &[]), None);
        assert_eq!(of("/", &["a.example", "a.example"]), None);
        for odd in [
            "",
            ".",
            "a..b",
            "a b",
            "user@a.example",
            "a.example:port",
            "a.example:123456",
            "[::1",
            "a/b",
            "ä.example",
            "a_b",
        ] {
            assert_eq!(of("/", &[odd]), None, "{odd}");
        }
    }

    #[test]
    fn r45_the_address_and_the_header_have_to_agree() {
        assert_eq!(of("http://a.example/x", &["a.example"]).as_deref(), Some("a.example"));
        assert_eq!(of("http://a.example/x", &["A.example"]).as_deref(), Some("a.example"));
        assert_eq!(of("http://a.example/x", &[]).as_deref(), Some("a.example"));
        assert_eq!(of("http://a.example/x", &["b.example"]), None);
        assert_eq!(of("http://a.example:81/x", &["a.example"]), None);
    }
}
