//! `authenticator.*`: the app on phones, and the push services that wake it.

use super::text;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `authenticator.*`
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authenticator {
    /// Whether phones keep the app for the time without a network. Off, a phone that keeps it gives that up at its next start
    /// of the app (R58).
    pub offline: bool,
    /// Networks that a push service may be reached in besides public ones (R51).
    #[serde(deserialize_with = "text::networks")]
    pub allowed_networks: Vec<IpNet>,
    /// A PEM file with the authorities that push services are trusted by, in place of the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for Authenticator {
    fn default() -> Self {
        Self {
            offline: true,
            allowed_networks: Vec::new(),
            ca_file: None,
        }
    }
}
