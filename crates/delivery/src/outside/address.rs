//! Which addresses a request may be written to.

use super::network::Networks;
use std::net::IpAddr;
use url::{Host, Url};

/// Why an address cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// No address of a server.
    #[error("the address has to be https://host/…, without user and password")]
    Form,
    /// Clear text to another machine.
    #[error("messages would go to {0} without encryption; use https")]
    ClearText(String),
    /// A host inside, without word that it may be.
    #[error("{0} is in a network that is not allowed; name it in `allowed_networks`")]
    Network(String),
}

/// Reads an address: https, but for this very machine, and no host inside unless it was named. A host given by name is
/// checked when it is looked up.
pub(crate) fn address(text: &str, networks: &Networks) -> Result<Url, BadAddress> {
    let url = Url::parse(text).map_err(|_| BadAddress::Form)?;
    let host = url.host().ok_or(BadAddress::Form)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Form);
    }
    let literal = match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
    };
    let is_here = literal.map_or(host == Host::Domain("localhost"), |address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => return Err(BadAddress::ClearText(host.to_string())),
        _ => return Err(BadAddress::Form),
    }
    if literal.is_some_and(|address| !networks.admit(address)) {
        return Err(BadAddress::Network(host.to_string()));
    }
    Ok(url)
}
