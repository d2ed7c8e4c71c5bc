//! How many connections each network holds open. R48.

use ipnet::IpNet;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Peers {
    most: usize,
    free: Arc<[IpNet]>,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection's place; given back when it is dropped.
pub(crate) struct Place {
    network: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Peers {
    /// At most so many each; `free` networks, the trusted proxies, hold as many as they like.
    pub(crate) fn new(most: usize, free: Arc<[IpNet]>) -> Self {
        Self {
            most,
            free,
            open: Arc::default(),
        }
    }

    /// A place for one more connection, if there is one.
    pub(crate) fn take(&self, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let network = network_of(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let n_open = open.entry(network).or_default();
        if *n_open >= self.most && !crate::layers::is_trusted(peer, &self.free) {
            return None;
        }
        *n_open += 1;
        Some(Place {
            network,
            open: Arc::clone(&self.open),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n_open) = open.get_mut(&self.network) {
            *n_open = n_open.saturating_sub(1);
            if *n_open == 0 {
                open.remove(&self.network);
            }
        }
    }
}

/// IPv6 counts by /64: that is what one subscriber gets.
fn network_of(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn r48_a_network_has_its_places_and_gives_them_back() {
        let peers = Peers::new(2, Arc::from([]));
        let first = peers.take(ip("192.0.2.1"));
        let second = peers.take(ip("192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(peers.take(ip("192.0.2.1")).is_none());
        assert!(peers.take(ip("192.0.2.2")).is_some());
        drop(second);
        assert!(peers.take(ip("::ffff:192.0.2.1")).is_some());
        drop(first);
        assert!(peers.open.lock().unwrap().is_empty());
    }

    #[test]
    fn ipv6_counts_by_64_bits_and_proxies_are_free() {
        let peers = Peers::new(1, Arc::from(["10.0.0.0/8".parse().unwrap()]));
        let held = [
            peers.take(ip("2001:db8::1")),
            peers.take(ip("10.0.0.1")),
            peers.take(ip("10.0.0.1")),
        ];
        assert!(held.iter().all(Option::is_some));
        assert!(peers.take(ip("2001:db8::2")).is_none());
        assert!(peers.take(ip("2001:db8:0:1::2")).is_some());
    }
}
