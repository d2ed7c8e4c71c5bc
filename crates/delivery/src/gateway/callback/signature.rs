//! The signature of a callback: HMAC-SHA1 over address and fields, as Twilio's security guide describes it.

use super::Fields;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use regain_domain::Secret;
use sha1::Sha1;

/// Whether a callback comes from who holds the key, and to this address. R36.
///
/// `url` is the configured public address with path and query, never what the request says about itself; `signature` is
/// the header `X-Twilio-Signature`. Some gateways sign the address without its port, or with the usual one.
pub fn is_signed(key: &Secret, url: &str, fields: &Fields, signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else {
        return false;
    };
    // Each form is compared, and each comparison takes the same time whatever is wrong.
    forms(url)
        .iter()
        .map(|url| is_of(key, url, fields, &signature))
        .fold(false, |found, fits| found | fits)
}

/// The signature of a callback to this address: for whoever plays a gateway.
pub fn sign(key: &Secret, url: &str, fields: &Fields) -> Option<String> {
    let mac = mac(key, url, fields)?;
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

fn is_of(key: &Secret, url: &str, fields: &Fields, signature: &[u8]) -> bool {
    mac(key, url, fields).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

fn mac(key: &Secret, url: &str, fields: &Fields) -> Option<Hmac<Sha1>> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key.expose().as_bytes()).ok()?;
    mac.update(url.as_bytes());
    for (name, value) in fields.sorted() {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Some(mac)
}

/// The address as it is, without a port, and with the port that its scheme implies.
fn forms(url: &str) -> Vec<String> {
    let mut forms = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return forms;
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let port = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    match (port, scheme) {
        (Some((bare, _)), _) => forms.push(format!("{scheme}://{bare}{path}")),
        (None, "https") => forms.push(format!("{scheme}://{host}:443{path}")),
        (None, _) => forms.push(format!("{scheme}://{host}:80{path}")),
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_what_one_key_signs_no_other_has_signed() {
        let fields = Fields::parse(b"CallSid=CA1&Digits=%23").unwrap();
        let key = |text: &str| Secret::new(text.to_owned());
        let url = "https://reset.acorn.example/callback/call/t/key";
        let signature = sign(&key("hunter2"), url, &fields).unwrap();
        assert!(is_signed(&key("hunter2"), url, &fields, &signature));
        assert!(!is_signed(&key("hunter3"), url, &fields, &signature));
        let other = Fields::parse(b"CallSid=CA2&Digits=%23").unwrap();
        assert!(!is_signed(&key("hunter2"), url, &other, &signature));
        assert!(!is_signed(
            &key("hunter2"),
            "https://reset.acorn.example/callback/call/u/key",
            &fields,
            &signature
        ));
    }

    #[test]
    fn an_address_has_two_forms() {
        for (url, other) in [
            ("https://a.example/b?c=d:1", "https://a.example:443/b?c=d:1"),
            ("https://a.example:8443/b", "https://a.example/b"),
            ("http://127.0.0.1:3000?x", "http://127.0.0.1?x"),
            ("http://a.example", "http://a.example:80"),
            ("https://[::1]:9/b", "https://[::1]/b"),
        ] {
            assert_eq!(forms(url), [url, other]);
        }
    }
}
