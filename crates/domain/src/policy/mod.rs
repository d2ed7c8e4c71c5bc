//! Who may reset a password, and with how many gates. Asked at identify, and again inside the write (R05).

mod asking;
mod converged;
pub mod doctor;
mod edition;
mod eligible;
mod methods;
mod notices;
mod one_time;
pub mod page;
pub mod preview;
mod protection;
mod registration;
pub mod setting;
mod value;
mod wrong;

pub use converged::{Converged, moved};
pub use edition::{Edition, Feature, brand, is_in_edition, lockout, may_unlock, offers_unlock};
pub(crate) use eligible::may_prove_on;
pub use eligible::{Check, eligible, examine, may_begin};
pub use methods::{Means, MethodsPolicy, Migration, Rule, Withheld, is_allowed, proposal, withheld};
pub use notices::{Event, Notices};
pub use one_time::{PassUse, gives_passes, good_pass, is_beside, lacks_beside, n_needed_with, takes_pass};
pub use protection::Protection;
pub use value::{Group, differences, written};
pub use wrong::{Wrong, wrongs};

use crate::account::{Account, Method};
use crate::gate::questions::{QuestionPolicy, listed};
use crate::gate::{Gate, Pass, n_independent};
use crate::ids::GroupId;
use crate::tenant::TenantSettings;
pub(crate) use registration::days_long;
pub use registration::{RegistrationPolicy, Skips, is_capable, is_enabled, is_registered, n_to_register};
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
    /// Nothing; but the truth on trusted networks, and in a browser in which this very person has registered.
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

/// Which locked workstations may open the kiosk's page (R58).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workstations {
    /// All.
    #[default]
    Any,
    /// Those that are enrolled.
    Enrolled,
}

impl Disclosure {
    /// The mode of a flow that begins now.
    ///
    /// `is_trusted`: the network is one that the tenant trusts, or the browser one in which this very person has registered.
    pub fn mode(self, is_trusted: bool) -> Mode {
        match (self, is_trusted) {
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
    /// The gates that people may use, as far as the page of resets says it: see [`is_allowed`].
    pub gates: Vec<Gate>,
    /// Which methods there are for whom, beside that page or in its place.
    #[serde(skip_serializing_if = "MethodsPolicy::is_untouched")]
    pub methods: MethodsPolicy,
    /// How many gates a reset takes: 1 or 2.
    pub n_gates: u32,
    /// How numbers are read, which are taken, and what a call to a mobile says.
    pub phones: PhonePolicy,
    /// Who is asked to register at sign-in, and what people may change of their own methods.
    pub registration: RegistrationPolicy,
    /// The security questions, should people use them at all.
    pub questions: QuestionPolicy,
    /// What outsiders may learn.
    pub disclosure: Disclosure,
    /// Networks on which [`Disclosure::Auto`] tells the truth, as CIDR.
    pub trusted_networks: Vec<String>,
    /// Which workstations may open the kiosk's page.
    pub workstations: Workstations,
    /// Whether administrators may reset their own passwords here.
    pub admin_reset: bool,
    /// Whether people may unlock their accounts here without a new password.
    pub unlock: UnlockPolicy,
    /// Whether people are told of their resets (the owner of an administrator's account always is).
    pub notify_users: bool,
    /// Whether all administrators are told when one resets a password; global and policy admins always are.
    pub notify_all_admins: bool,
    /// Which of the other notices are on.
    pub notices: Notices,
    /// What a one-time pass of the helpdesk's is worth.
    pub one_time_pass: PassUse,
}

/// What a tenant sets about phones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhonePolicy {
    /// ISO 3166-1 code of the country whose national numbers are understood without a country code; empty: none.
    pub country: String,
    /// ISO 3166-1 codes of the countries whose numbers are taken. Empty: every one.
    pub countries: Vec<String>,
    /// Whether a call to a mobile speaks a code, after a key was pressed, in place of asking for `#` (R13).
    pub call_speaks_code: bool,
}

/// What a tenant sets about unlocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnlockPolicy {
    /// Whether people may unlock their accounts without a new password.
    pub is_on: bool,
    /// Whether that ends a pause which wrong passwords have caused as well.
    pub clears_lockout: bool,
}

impl Default for UnlockPolicy {
    fn default() -> Self {
        Self {
            is_on: false,
            clears_lockout: true,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            scope: Scope::None,
            groups: Vec::new(),
            excluded_groups: Vec::new(),
            gates: vec![Gate::AppCode, Gate::Email],
            methods: MethodsPolicy::default(),
            n_gates: 1,
            phones: PhonePolicy::default(),
            registration: RegistrationPolicy::default(),
            questions: QuestionPolicy::default(),
            disclosure: Disclosure::Discreet,
            trusted_networks: Vec::new(),
            workstations: Workstations::Any,
            admin_reset: true,
            unlock: UnlockPolicy::default(),
            notify_users: true,
            notify_all_admins: false,
            notices: Notices::default(),
            one_time_pass: PassUse::default(),
        }
    }
}

/// The gates that this account may use now, strongest first, each with the registration it is proved with first.
///
/// Administrators' gates do not hang on the tenant's choice of methods (`domain.md` §7).
pub fn usable<'a>(account: &'a Account, settings: &'a TenantSettings) -> Vec<(Gate, &'a Method)> {
    Gate::ALL
        .into_iter()
        .filter(|gate| is_on_for(*gate, account, settings))
        .filter_map(|gate| {
            account
                .methods_of(gate, &settings.domains)
                .find(|method| may_prove(gate, method, settings))
                .map(|method| (gate, method))
        })
        .collect()
}

/// How many gates of this account count beside each other (R04).
pub fn n_usable(account: &Account, settings: &TenantSettings) -> u32 {
    let passes: Vec<Pass> = usable(account, settings)
        .into_iter()
        .map(|(gate, method)| Pass {
            gate,
            root: method.root(),
            method: method.id,
        })
        .collect();
    u32::try_from(n_independent(&passes)).unwrap_or(u32::MAX)
}

/// The gates with which this account proves anew who it is before its methods may be changed, strongest first; none if it
/// has nothing yet (R53). What the tenant lets people reset with makes no difference. Administrators prove it as they sign in:
/// never by mail or over a phone's number (R50). Nobody proves it by security questions (`security.md` §7).
pub fn confirming<'a>(account: &'a Account, settings: &'a TenantSettings) -> Vec<(Gate, &'a Method)> {
    let is_strong = |gate: &Gate| matches!(gate, Gate::Passkey | Gate::AppPush | Gate::AppCode);
    let may_confirm = |gate: &Gate| match account.is_admin() {
        true => is_strong(gate),
        false => {
            *gate != Gate::Questions && is_carried(*gate, settings) && is_in_edition(*gate, Some(account), settings)
        }
    };
    let first = |gate: Gate| Some((gate, account.methods_of(gate, &settings.domains).next()?));
    Gate::ALL.into_iter().filter(may_confirm).filter_map(first).collect()
}

/// The gates that the tenant has on for anybody, strongest first: all that is offered where nothing may be told, whichever
/// groups a name is in and whether there is such a name at all (R22).
pub fn offered_to_anybody(settings: &TenantSettings) -> Vec<Gate> {
    Gate::ALL
        .into_iter()
        .filter(|gate| is_on(*gate, false, settings) && is_in_edition(*gate, None, settings))
        .collect()
}

/// Whether a registration holds what a gate asks for: as many answers as questions are asked.
fn may_prove(gate: Gate, method: &Method, settings: &TenantSettings) -> bool {
    match gate {
        Gate::Questions => {
            let answered = method.value.as_deref().map(listed).unwrap_or_default();
            u32::try_from(answered.len()).is_ok_and(|n| n >= settings.policy.questions.n_reset())
        }
        _ => true,
    }
}

/// Whether its message has a way to go.
pub fn is_carried(gate: Gate, settings: &TenantSettings) -> bool {
    gate.channel().is_none_or(|channel| settings.ways.have(channel))
}

/// Whether a gate counts for anybody: the tenant has it on, for some people at least, or it is an administrator's.
///
/// Questions never count for administrators, nor where one gate is enough, nor where there are too few to be asked (R16).
/// An approval in the app counts where two gates are needed (R04), and nothing that no gateway carries.
pub fn is_on(gate: Gate, is_admin: bool, settings: &TenantSettings) -> bool {
    let policy = &settings.policy;
    let is_chosen = is_admin || is_allowed(gate, None, policy);
    let is_one_of_two = is_admin || policy.n_gates >= 2;
    match gate {
        Gate::Questions => !is_admin && is_one_of_two && is_chosen && policy.questions.is_enough(),
        Gate::AppPush => is_chosen && is_one_of_two,
        Gate::OneTimePass => !is_admin && gives_passes(settings),
        _ => is_chosen && is_carried(gate, settings),
    }
}

/// The same for one account: the methods policy has it for them, and their edition as well.
pub fn is_on_for(gate: Gate, account: &Account, settings: &TenantSettings) -> bool {
    let is_theirs = account.is_admin() || is_allowed(gate, Some(account), &settings.policy);
    is_theirs && is_on(gate, account.is_admin(), settings) && is_in_edition(gate, Some(account), settings)
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
    if pass.gate == Gate::OneTimePass {
        return one_time::stands(pass, account, settings);
    }
    is_on_for(pass.gate, account, settings) && is_there(pass, account, settings)
}

/// Whether the registration of a pass is there, and unchanged.
pub fn is_there(pass: &Pass, account: &Account, settings: &TenantSettings) -> bool {
    account
        .methods_of(pass.gate, &settings.domains)
        .any(|method| method.id == pass.method && method.root() == pass.root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::gate::MethodKind;
    use crate::gate::questions::{Predefined, Question, list};
    use crate::refusal::Refusal;
    use crate::role::Role;
    use crate::tenant::Ways;
    use crate::testing::{person, settings, with};

    fn answered(n: usize) -> String {
        let questions: Vec<Question> = Predefined::ALL
            .iter()
            .take(n)
            .copied()
            .map(Question::Predefined)
            .collect();
        list(&questions)
    }

    fn gates(n_gates: u32, n_answered: usize, roles: Vec<Role>) -> Vec<Gate> {
        let mut settings = settings(&Gate::ALL);
        settings.policy.n_gates = n_gates;
        let answered = answered(n_answered);
        let methods = [(MethodKind::App, ""), (MethodKind::Questions, answered.as_str())];
        let account = Account {
            roles,
            ..with(person(), &methods)
        };
        usable(&account, &settings).into_iter().map(|(gate, _)| gate).collect()
    }

    #[test]
    fn r16_questions_count_only_beside_another_gate_and_never_for_administrators() {
        assert_eq!(gates(2, 5, vec![]), [Gate::AppCode, Gate::Questions]);
        assert_eq!(gates(2, 2, vec![]), [Gate::AppCode], "too few are answered");
        assert_eq!(gates(1, 5, vec![]), [Gate::AppCode], "never alone");
        assert_eq!(gates(2, 5, vec![Role::Auditor]), [Gate::AppCode]);
    }

    #[test]
    fn r04_what_counts_once_is_counted_once() {
        let settings = settings(&Gate::ALL);
        let (mobile, office) = (
            (MethodKind::Mobile, "+442079460089"),
            (MethodKind::Office, "+442079460089;ext=7"),
        );
        for (methods, expect) in [
            (vec![mobile], 1),
            (vec![mobile, office], 1),
            (vec![mobile, (MethodKind::Office, "+442079460011")], 2),
            (vec![(MethodKind::App, ""), (MethodKind::Authenticator, "")], 1),
            (vec![mobile, (MethodKind::App, ""), (MethodKind::Passkey, "")], 3),
        ] {
            assert_eq!(n_usable(&with(person(), &methods), &settings), expect, "{methods:?}");
        }
    }

    #[test]
    fn r04_an_approval_in_the_app_counts_where_two_gates_are_needed() {
        let mut settings = settings(&Gate::ALL);
        for (n_gates, is_admin, expect) in [(1, false, false), (2, false, true), (1, true, true)] {
            settings.policy.n_gates = n_gates;
            assert_eq!(
                is_on(Gate::AppPush, is_admin, &settings),
                expect,
                "{n_gates} {is_admin}"
            );
        }
    }

    #[test]
    fn r16_questions_are_off_until_they_are_switched_on_and_prove_nothing_before_a_change() {
        assert!(!Policy::default().gates.contains(&Gate::Questions));
        let mut settings = settings(&Gate::ALL);
        settings.policy.n_gates = 2;
        let answered = answered(5);
        let account = with(person(), &[(MethodKind::Questions, &answered)]);
        assert!(confirming(&account, &settings).is_empty());
        settings.policy.gates = vec![Gate::Email, Gate::Questions];
        let app = with(person(), &[(MethodKind::App, "")]);
        let gates: Vec<Gate> = confirming(&app, &settings).into_iter().map(|(gate, _)| gate).collect();
        assert_eq!(
            gates,
            [Gate::AppCode],
            "r53: an existing one, whatever resets are allowed with"
        );
        assert_eq!(
            eligible(Some(&account), &settings, None, Timestamp::from_ms(1)),
            Err(Refusal::TooFewMethods { have: 1, need: 2 })
        );
    }

    #[test]
    fn r22_where_nothing_is_told_questions_are_offered_to_everybody_or_to_nobody() {
        let mut settings = settings(&Gate::ALL);
        assert!(!offered_to_anybody(&settings).contains(&Gate::Questions));
        settings.policy.n_gates = 2;
        assert_eq!(offered_to_anybody(&settings), Gate::ALL);
        settings.ways = Ways::default();
        let without_phones = offered_to_anybody(&settings).into_iter().all(|gate| !gate.is_phone());
        assert!(without_phones, "nothing is offered that no gateway carries");
        settings.policy.questions.predefined.truncate(2);
        assert!(!offered_to_anybody(&settings).contains(&Gate::Questions));
    }
}
