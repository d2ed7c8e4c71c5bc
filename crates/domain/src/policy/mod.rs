//! Who may reset a password, and with how many gates. Asked at identify, and again inside the write (R05).

use crate::Timestamp;
use crate::account::{Account, Method};
use crate::gate::{Gate, Pass};
use crate::ids::GroupId;
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// Gates that an administrator needs, whatever the tenant sets (R50).
pub const ADMIN_GATES: u32 = 2;

/// Whose passwords may be reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Nobody's but administrators'.
    #[default]
    None,
    /// Members' of selected groups.
    Selected,
    /// Everybody's.
    All,
}

/// What an outsider may learn about an account before a proof (`domain.md` §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// Nothing.
    #[default]
    Discreet,
    /// Nothing, but on trusted networks the truth.
    Auto,
    /// The truth, with masks.
    Explicit,
}

/// The mode that one flow runs in, from its beginning to its end (R24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Tells nothing before a proof.
    Discreet,
    /// Tells the truth.
    Explicit,
}

impl Disclosure {
    /// The mode of a flow that begins now.
    pub fn mode(self, is_trusted_network: bool) -> Mode {
        match (self, is_trusted_network) {
            (Self::Explicit, _) | (Self::Auto, true) => Mode::Explicit,
            (Self::Discreet, _) | (Self::Auto, false) => Mode::Discreet,
        }
    }
}

impl Mode {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Discreet => "discreet",
            Self::Explicit => "explicit",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Discreet, Self::Explicit]
            .into_iter()
            .find(|mode| mode.code() == code)
    }
}

/// A tenant's reset policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Whose passwords may be reset.
    pub scope: Scope,
    /// The groups of [`Scope::Selected`], nested ones included.
    pub groups: Vec<GroupId>,
    /// Groups whose members may not, whatever else they are in.
    pub excluded_groups: Vec<GroupId>,
    /// The gates that people may use.
    pub gates: Vec<Gate>,
    /// How many gates a reset takes: 1 or 2.
    pub n_gates: u32,
    /// What outsiders may learn.
    pub disclosure: Disclosure,
    /// Networks on which [`Disclosure::Auto`] tells the truth, as CIDR.
    pub trusted_networks: Vec<String>,
    /// Whether administrators may reset their own passwords here.
    pub admin_reset: bool,
    /// Whether people are told of their resets (the owner of an administrator's account always is).
    pub notify_users: bool,
    /// Whether all administrators are told when one resets a password; global and policy admins always are.
    pub notify_all_admins: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            scope: Scope::None,
            groups: Vec::new(),
            excluded_groups: Vec::new(),
            gates: vec![Gate::AppCode, Gate::Email],
            n_gates: 1,
            disclosure: Disclosure::Discreet,
            trusted_networks: Vec::new(),
            admin_reset: true,
            notify_users: true,
            notify_all_admins: false,
        }
    }
}

/// The gates that this account may use now, strongest first, each with the registration it is proved with first.
///
/// Administrators' gates do not hang on the tenant's choice of methods (`domain.md` §7).
pub fn usable<'a>(account: &'a Account, settings: &'a TenantSettings) -> Vec<(Gate, &'a Method)> {
    Gate::ALL
        .into_iter()
        .filter(|gate| account.is_admin() || settings.policy.gates.contains(gate))
        .filter_map(|gate| {
            account
                .methods_of(gate, &settings.domains)
                .next()
                .map(|method| (gate, method))
        })
        .collect()
}

/// The gates with which this account proves anew who it is before its methods may be changed, strongest first; none if it
/// has nothing yet (R53). Administrators prove it as they sign in: never by mail (R50).
pub fn confirming<'a>(account: &'a Account, settings: &'a TenantSettings) -> Vec<(Gate, &'a Method)> {
    usable(account, settings)
        .into_iter()
        .filter(|(gate, _)| !account.is_admin() || *gate == Gate::AppCode)
        .collect()
}

/// The gates that the tenant has on, strongest first: all that is offered where nothing may be told (R22).
pub fn offered_to_anybody(settings: &TenantSettings) -> Vec<Gate> {
    Gate::ALL
        .into_iter()
        .filter(|gate| settings.policy.gates.contains(gate))
        .collect()
}

/// How many gates this account's reset takes now.
pub fn n_needed(account: Option<&Account>, settings: &TenantSettings) -> u32 {
    match account {
        Some(account) if account.is_admin() => ADMIN_GATES,
        _ => settings.policy.n_gates.clamp(1, 2),
    }
}

/// Whether a pass still stands: its registration is there, unchanged and allowed (R05).
pub fn still_stands(pass: &Pass, account: &Account, settings: &TenantSettings) -> bool {
    let is_allowed = account.is_admin() || settings.policy.gates.contains(&pass.gate);
    is_allowed
        && account
            .methods_of(pass.gate, &settings.domains)
            .any(|method| method.id == pass.method && method.root() == pass.root)
}

/// Why this account's password may not be reset here now; the first failing row of `domain.md` §2 decides.
pub fn eligible(
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let policy = &settings.policy;
    let Some(account) = account else {
        return Err(Refusal::UserUnknown);
    };
    if account.is_disabled(now) {
        return Err(Refusal::AccountDisabled);
    }
    match account.is_admin() {
        true if !policy.admin_reset => return Err(Refusal::AdminResetOff),
        true => {}
        false => in_scope(account, policy)?,
    }
    let usable = usable(account, settings);
    let (have, need) = (
        u32::try_from(usable.len()).unwrap_or(u32::MAX),
        n_needed(Some(account), settings),
    );
    match (have, blocked_until) {
        (0, _) => Err(Refusal::NotRegistered),
        (have, _) if have < need => Err(Refusal::TooFewMethods { have, need }),
        (_, Some(until)) if until > now => Err(Refusal::Blocked { until }),
        _ => Ok(()),
    }
}

fn in_scope(account: &Account, policy: &Policy) -> Result<(), Refusal> {
    let holds = |groups: &[GroupId]| groups.iter().any(|group| account.groups.contains(group));
    match policy.scope {
        Scope::None => Err(Refusal::TenantOff),
        _ if policy.gates.is_empty() => Err(Refusal::NoPolicy),
        _ if holds(&policy.excluded_groups) => Err(Refusal::NotInScope),
        Scope::Selected if !holds(&policy.groups) => Err(Refusal::NotInScope),
        Scope::Selected | Scope::All => Ok(()),
    }
}
