//! How single settings are read and shown: secrets hidden, lists also as one text.

use ipnet::IpNet;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use std::net::{IpAddr, SocketAddr};

/// What stands for a secret where settings are shown.
pub(super) const MASK: &str = "***";

/// A secret: read as text, shown as a mask.
pub(super) mod hidden {
    use regain_domain::Secret;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
    pub(crate) fn serialize<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(|_| super::MASK).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.map(Secret::new))
    }
}

/// An address of a database, its password masked.
pub(super) fn without_password<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&masked(url))
}

/// An address with its port.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| D::Error::custom(format!("`{text}` is no address such as 127.0.0.1:3000")))
}

/// Networks, as a list or as one text with commas.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = list(deserializer)?;
    texts
        .iter()
        .map(|text| network(text).ok_or_else(|| D::Error::custom(format!("`{text}` is no network such as 10.0.0.0/8"))))
        .collect()
}

/// Words, as a list or as one text with commas.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        List(Vec<String>),
    }
    let texts = match Written::deserialize(deserializer)? {
        Written::Text(text) => text.split(',').map(str::trim).map(str::to_owned).collect(),
        Written::List(list) => list,
    };
    Ok(texts.into_iter().filter(|text: &String| !text.is_empty()).collect())
}

/// A network, or an address that stands alone.
fn network(text: &str) -> Option<IpNet> {
    let alone = || text.parse().ok().map(|address: IpAddr| IpNet::from(address));
    text.parse().ok().or_else(alone)
}

fn masked(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => match parsed.set_password(Some(MASK)) {
            Ok(()) => parsed.to_string(),
            Err(()) => MASK.to_owned(),
        },
        Ok(_) => url.to_owned(),
        Err(_) => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_masked() {
        assert_eq!(
            masked("postgres://regain:hunter2@db/regain"),
            "postgres://regain:***@db/regain"
        );
        assert_eq!(
            masked("sqlite://data/regain.db?mode=rwc"),
            "sqlite://data/regain.db?mode=rwc"
        );
        assert_eq!(masked("postgres://regain:hunter2@[db/regain"), "***");
    }
}
