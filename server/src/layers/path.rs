//! Addresses that mean two things to two readers go no further. R48.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Longest address in bytes.
const ADDRESS_MOST: usize = 4096;

/// Refuses encoded slashes, dot segments, backslashes and control characters, and addresses over 4 KiB.
pub(crate) async fn path(request: Request, next: Next) -> Response {
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if address > ADDRESS_MOST {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    if !is_plain(request.uri().path()) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    next.run(request).await
}

fn is_plain(path: &str) -> bool {
    // Two slashes at the beginning would name a host, were the path sent back as an address.
    let rest = path.strip_prefix('/').filter(|rest| !rest.starts_with('/'));
    rest.is_some_and(|rest| rest.split('/').all(is_plain_segment))
}

fn is_plain_segment(segment: &str) -> bool {
    let Some(bytes) = decoded(segment) else { return false };
    let is_odd = |byte: &u8| matches!(byte, b'/' | b'\\' | 0..=0x1f | 0x7f);
    !bytes.iter().any(is_odd) && bytes != b"." && bytes != b".."
}

/// Percent signs resolved; nothing where one is followed by anything but two hex digits.
fn decoded(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    let mut plain = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            byte => byte,
        });
    }
    Some(plain)
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r48_plain_paths_pass() {
        for path in [
            "/",
            "/reset",
            "/captcha/ab.c-d_e~f.png",
            "/fn/public/reset-look",
            "/%C3%A4",
            "/a//b",
            "/.well-known/x",
            "/a..b",
        ] {
            assert!(is_plain(path), "{path}");
        }
    }

    #[test]
    fn r48_paths_with_two_meanings_are_refused() {
        for path in [
            "*",
            "",
            "reset",
            "//",
            "//evil.example",
            "/a%2fb",
            "/a%2Fb",
            "/a\\b",
            "/a%5cb",
            "/%00",
            "/a%0d%0ab",
            "/.",
            "/..",
            "/a/../b",
            "/%2e%2e/b",
            "/.%2E",
            "/%2e",
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/%7f",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
