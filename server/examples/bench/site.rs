//! One organisation's pages on the measured server.

use crate::people::House;
use crate::wire::Ask;
use std::net::{Ipv4Addr, SocketAddr};

/// Where requests go.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) host: String,
}

impl Site {
    pub(crate) fn of(house: House, address: SocketAddr) -> Self {
        Self {
            address,
            host: format!("{}:{}", house.host(), address.port()),
        }
    }

    /// A page, as a first visit asks for it.
    pub(crate) fn get<'a>(&'a self, path: &'a str, client: Ipv4Addr) -> Ask<'a> {
        Ask {
            host: &self.host,
            path,
            client,
            cookie: None,
            form: None,
            takes_brotli: false,
        }
    }
}
