//! What a tenant sets about registering methods (`domain.md` §6, §11).

use serde::{Deserialize, Serialize};

/// Who has to register methods, and what people may change of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrationPolicy {
    /// Whether they may remove, and so correct, what an administrator or a directory has entered.
    pub correct_loaded: bool,
    /// Whether they register their office phone themselves; else it is left to administrators (`domain.md` §4).
    pub own_office: bool,
    /// Whether whoever signs in is asked to register.
    pub is_required: bool,
    /// How many methods to register; nothing: as many as a reset takes.
    pub n_methods: Option<u32>,
    /// After how many days methods have to be confirmed again; 0: never.
    pub reconfirm_days: u16,
    /// How often and for how long it may be put off.
    pub skips: Skips,
}

/// How often and for how long registering may be put off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Skips {
    /// How often; nothing: as often as one likes.
    pub n_most: Option<u8>,
    /// For how many days; nothing: for good.
    pub n_days: Option<u8>,
}

impl Default for RegistrationPolicy {
    fn default() -> Self {
        Self {
            correct_loaded: true,
            own_office: true,
            is_required: true,
            n_methods: None,
            reconfirm_days: 180,
            skips: Skips::default(),
        }
    }
}
