//! Which addresses a service outside may be reached at: public ones, and the networks that settings name. R51.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length))
}

const fn v6(a: u16, b: u16, h: u16, length: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, h), length))
}

/// Where machines learn about themselves, keys included: refused even if a setting names it.
const NEVER: [IpNet; 5] = [
    v4(169, 254, 0, 0, 16),        // link-local; metadata of most clouds
    v4(100, 100, 100, 200, 32),    // metadata of Alibaba Cloud
    v4(168, 63, 129, 16, 32),      // host of an Azure machine
    v6(0xfe80, 0, 0, 10),          // link-local
    v6(0xfd00, 0xec2, 0x254, 128), // metadata of AWS
];

/// Not the public Internet: IANA's registry of special-purpose IPv4 addresses, and multicast.
const SPECIAL_V4: [IpNet; 14] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// All that is given out of IPv6, less IANA's registry of special-purpose addresses within it.
const GLOBAL_V6: IpNet = v6(0x2000, 0, 0, 3);
const SPECIAL_V6: [IpNet; 4] = [
    v6(0x2001, 0, 0, 23),
    v6(0x2001, 0xdb8, 0, 32),
    v6(0x2002, 0, 0, 16),
    v6(0x3fff, 0, 0, 20),
];
/// Where a network without IPv4 puts IPv4 addresses (RFC 6052).
const TRANSLATED: IpNet = v6(0x64, 0xff9b, 0, 96);

/// The networks of one service, and its look-up of names: each look-up is checked, so that a name that is pointed
/// elsewhere later leads nowhere.
#[derive(Clone)]
pub(crate) struct Networks {
    allowed: Arc<[IpNet]>,
}

/// No address of the host may be used.
#[derive(Debug, thiserror::Error)]
#[error("the host is in a network that is not allowed")]
pub(crate) struct NotAdmitted;

impl Networks {
    /// Public addresses, and these.
    pub(crate) fn new(allowed: &[IpNet]) -> Self {
        Self {
            allowed: allowed.into(),
        }
    }

    /// Whether an address may be spoken to.
    pub(crate) fn admit(&self, address: IpAddr) -> bool {
        let address = plain(address);
        let is_in = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
        !is_in(&NEVER) && (is_in(&self.allowed) || is_public(address))
    }
}

/// An IPv4 address in IPv6's clothes is what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(inner) if TRANSLATED.contains(&address) => {
            let [.., a, b, c, d] = inner.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        address => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    let special: &[IpNet] = match address {
        IpAddr::V4(_) => &SPECIAL_V4,
        IpAddr::V6(_) if !GLOBAL_V6.contains(&address) => return false,
        IpAddr::V6(_) => &SPECIAL_V6,
    };
    !special.iter().any(|network| network.contains(&address))
}

impl Resolve for Networks {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> = found.filter(|address| networks.admit(address.ip())).collect();
            if admitted.is_empty() {
                return Err(NotAdmitted.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(allowed: &[&str], address: &str) -> bool {
        let allowed: Vec<IpNet> = allowed.iter().map(|network| network.parse().unwrap()).collect();
        Networks::new(&allowed).admit(address.parse().unwrap())
    }

    #[test]
    fn r51_only_public_addresses_unless_a_network_is_named() {
        for public in [
            "1.1.1.1",
            "54.172.60.0",
            "172.32.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
        ] {
            assert!(admits(&[], public), "{public}");
        }
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fd12::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "::7f00:1",
        ] {
            assert!(!admits(&[], inside), "{inside}");
        }
        assert!(admits(&["127.0.0.0/8"], "127.0.0.1") && admits(&["127.0.0.0/8"], "::ffff:127.0.0.1"));
        assert!(admits(&["10.1.0.0/16"], "10.1.2.3") && !admits(&["10.1.0.0/16"], "10.2.2.3"));
        assert!(admits(&["fd12::/16"], "fd12::1"));
    }

    #[test]
    fn r51_metadata_and_link_local_are_refused_even_if_named() {
        let all = ["0.0.0.0/0", "::/0"];
        for never in [
            "169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "168.63.129.16",
            "::ffff:169.254.0.1",
            "64:ff9b::a9fe:a9fe",
        ] {
            assert!(!admits(&all, never), "{never}");
        }
    }

    #[tokio::test]
    async fn r51_a_name_leads_only_to_admitted_addresses() {
        let closed = Networks::new(&[]).resolve("localhost".parse().unwrap()).await;
        assert!(closed.is_err_and(|why| why.is::<NotAdmitted>()));
        let open = Networks::new(&["127.0.0.0/8".parse().unwrap()])
            .resolve("localhost".parse().unwrap())
            .await;
        assert!(open.unwrap().all(|address| address.ip() == Ipv4Addr::LOCALHOST));
    }
}
