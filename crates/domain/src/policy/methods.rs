//! The methods policy (`domain.md` §16): which methods there are and for whom, and what counts beside it while a tenant moves
//! to it. [`is_allowed`] is the one place where that is decided.

use super::Policy;
use crate::account::Account;
use crate::gate::Gate;
use crate::ids::GroupId;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a tenant stands on the way to its methods policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Migration {
    /// Resets go by their own page. So were settings meant that say nothing of it.
    #[default]
    PreMigration,
    /// A method works if any policy allows it.
    InProgress,
    /// Resets go by the methods policy, and by their page for questions and for how many methods they take.
    Complete,
}

/// A method of the policy. Questions are none: they stay on the page of resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// Passkeys.
    Passkey,
    /// The authenticator app, by approval or by code.
    App,
    /// Codes by mail: for resets alone, nobody signs in with them.
    Email,
    /// Codes by message to a mobile.
    Sms,
    /// Calls: to mobiles, and to office phones where that is set.
    Voice,
}

/// Who may use a method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Whether it is on at all.
    pub is_on: bool,
    /// Whose it is, nested groups included; none: everybody's.
    pub groups: Vec<GroupId>,
    /// Whose it is not, whatever else they are in.
    pub excluded_groups: Vec<GroupId>,
}

/// The methods policy of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MethodsPolicy {
    /// What counts by now.
    pub state: Migration,
    /// Where it began: back to before it leads only from there.
    pub began: Migration,
    /// Why it was opened again, where it was complete.
    pub reason: String,
    /// Who may use which method; one without a rule is off.
    pub rules: BTreeMap<Means, Rule>,
    /// The ways of methods that are on apart: approvals and codes of the app, `WhatsApp`, office phones.
    pub ways: Vec<Gate>,
    /// What sign-in allowed where the tenant came from. It counts for everybody, while the move is in progress.
    pub sign_in: Vec<Gate>,
    /// Whether that still counts.
    pub sign_in_counts: bool,
}

/// Why a gate is withheld from somebody who has what it proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// No policy that counts has it on.
    Off,
    /// It is for groups, and they are in none of them.
    NotIncluded,
    /// They are in a group that it is not for.
    Excluded,
}

impl Migration {
    /// All of them, in the order in which they lead on.
    pub const ALL: [Self; 3] = [Self::PreMigration, Self::InProgress, Self::Complete];
    /// Their codes.
    pub const CODES: &'static [&'static str] = &["pre-migration", "in-progress", "complete"];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PreMigration => "pre-migration",
            Self::InProgress => "in-progress",
            Self::Complete => "complete",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Means {
    /// All of them, strongest first.
    pub const ALL: [Self; 5] = [Self::Passkey, Self::App, Self::Email, Self::Voice, Self::Sms];

    /// The method that a gate belongs to; nothing: it stays on the page of resets.
    pub const fn of(gate: Gate) -> Option<Self> {
        match gate {
            Gate::Passkey => Some(Self::Passkey),
            Gate::AppPush | Gate::AppCode => Some(Self::App),
            Gate::Email => Some(Self::Email),
            Gate::MobileSms | Gate::MobileWhatsapp => Some(Self::Sms),
            Gate::MobileCall | Gate::OfficeCall => Some(Self::Voice),
            Gate::Questions | Gate::OneTimePass => None,
        }
    }

    /// The gates that are on or off apart, while the method is on.
    pub const fn ways(self) -> &'static [Gate] {
        match self {
            Self::App => &[Gate::AppPush, Gate::AppCode],
            Self::Sms => &[Gate::MobileWhatsapp],
            Self::Voice => &[Gate::OfficeCall],
            Self::Passkey | Self::Email => &[],
        }
    }
}

impl Rule {
    /// On for everybody.
    pub const EVERYBODY: Self = Self {
        is_on: true,
        groups: Vec::new(),
        excluded_groups: Vec::new(),
    };

    /// Why it is not for somebody in these groups. To be left out wins.
    fn withholds(&self, groups: &[GroupId]) -> Option<Withheld> {
        let holds = |some: &[GroupId]| some.iter().any(|group| groups.contains(group));
        match self {
            _ if !self.is_on => Some(Withheld::Off),
            _ if holds(&self.excluded_groups) => Some(Withheld::Excluded),
            _ if !self.groups.is_empty() && !holds(&self.groups) => Some(Withheld::NotIncluded),
            _ => None,
        }
    }
}

impl MethodsPolicy {
    /// Whether nothing was ever said of it. It is not written then, so that the version before it reads such settings too.
    pub(super) fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a rule names a group.
    pub fn names(&self, group: GroupId) -> bool {
        let holds = |rule: &Rule| rule.groups.contains(&group) || rule.excluded_groups.contains(&group);
        self.rules.values().any(holds)
    }

    /// Why it withholds a gate from somebody in these groups; from anybody at all, where no groups are named.
    fn withholds(&self, gate: Gate, groups: Option<&[GroupId]>) -> Option<Withheld> {
        let rule = Means::of(gate).and_then(|means| {
            let is_a_way = means.ways().contains(&gate);
            self.rules
                .get(&means)
                .filter(|_| !is_a_way || self.ways.contains(&gate))
        });
        match (rule, groups) {
            (None, _) => Some(Withheld::Off),
            (Some(rule), None) => (!rule.is_on).then_some(Withheld::Off),
            (Some(rule), Some(groups)) => rule.withholds(groups),
        }
    }
}

impl Policy {
    /// What a tenant begins with that comes from nowhere else: the methods policy is complete.
    pub fn of_new_tenant() -> Self {
        let rules = [Means::App, Means::Email].map(|means| (means, Rule::EVERYBODY));
        Self {
            gates: Vec::new(),
            methods: MethodsPolicy {
                state: Migration::Complete,
                began: Migration::Complete,
                rules: BTreeMap::from(rules),
                ways: vec![Gate::AppCode],
                ..MethodsPolicy::default()
            },
            ..Self::default()
        }
    }

    /// Marks a tenant as one that comes from elsewhere: every policy counts until an administrator says that it is complete.
    /// `sign_in`: what its sign-in allowed.
    pub fn import(&mut self, sign_in: Vec<Gate>) {
        let methods = &mut self.methods;
        (methods.state, methods.began) = (Migration::InProgress, Migration::InProgress);
        methods.sign_in_counts = !sign_in.is_empty();
        methods.sign_in = sign_in;
    }
}

/// Whether the tenant's policies let somebody prove themselves by a gate; nobody: whether they let anybody (R22). What else it
/// takes, and that administrators do not hang on it, is [`super::is_on_for`]'s.
pub fn is_allowed(gate: Gate, account: Option<&Account>, policy: &Policy) -> bool {
    let (by_page, methods) = (policy.gates.contains(&gate), &policy.methods);
    let groups = account.map(|account| account.groups.as_slice());
    let by_methods = || methods.withholds(gate, groups).is_none();
    let by_sign_in = || methods.sign_in_counts && methods.sign_in.contains(&gate);
    match (Means::of(gate), methods.state) {
        (None, _) | (_, Migration::PreMigration) => by_page,
        (Some(_), Migration::InProgress) => by_page || by_methods() || by_sign_in(),
        (Some(_), Migration::Complete) => by_methods(),
    }
}

/// The gates that somebody could prove, and that the policies withhold from them, each with why.
pub fn withheld(account: &Account, settings: &TenantSettings) -> Vec<(Gate, Withheld)> {
    let policy = &settings.policy;
    let has = |gate: &Gate| account.methods_of(*gate, &settings.domains).next().is_some();
    let why = |gate: Gate| match policy.methods.state {
        Migration::PreMigration => Withheld::Off,
        _ => policy
            .methods
            .withholds(gate, Some(&account.groups))
            .unwrap_or(Withheld::Off),
    };
    Gate::ALL
        .into_iter()
        .filter(|gate| !account.is_admin() && has(gate) && !is_allowed(*gate, Some(account), policy))
        .map(|gate| (gate, why(gate)))
        .collect()
}

/// The methods policy that allows whatever any of the policies allows, as the guide proposes it: complete.
///
/// A mobile phone becomes text and call, an office phone calls with office phones allowed (`domain.md` §16). What an old
/// setting had was everybody's, and so it is here; what only the methods policy has stays as it is there.
pub fn proposal(policy: &Policy) -> MethodsPolicy {
    let mut methods = policy.methods.clone();
    for gate in policy.gates.iter().chain(&policy.methods.sign_in).copied() {
        for means in mapped(gate) {
            methods.rules.insert(*means, Rule::EVERYBODY);
        }
        let is_a_way = Means::of(gate).is_some_and(|means| means.ways().contains(&gate));
        if is_a_way && !methods.ways.contains(&gate) {
            methods.ways.push(gate);
        }
    }
    methods.ways.sort_unstable();
    methods.state = Migration::Complete;
    methods.reason.clear();
    methods
}

/// What an old setting becomes.
const fn mapped(gate: Gate) -> &'static [Means] {
    match gate {
        Gate::Passkey => &[Means::Passkey],
        Gate::AppPush | Gate::AppCode => &[Means::App],
        Gate::Email => &[Means::Email],
        Gate::MobileSms | Gate::MobileWhatsapp | Gate::MobileCall => &[Means::Sms, Means::Voice],
        Gate::OfficeCall => &[Means::Voice],
        Gate::OneTimePass | Gate::Questions => &[],
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::gate::MethodKind;
    use crate::policy::{n_usable, offered_to_anybody, usable};
    use crate::role::Role;
    use crate::testing::{person, settings, with};
    use proptest::prelude::*;
    use uuid::Uuid;

    const PILOT: GroupId = GroupId(Uuid::from_u128(5));
    const GUESTS: GroupId = GroupId(Uuid::from_u128(6));

    fn of(groups: &[GroupId]) -> Account {
        let account = with(
            person(),
            &[(MethodKind::Email, "uma@mail.example"), (MethodKind::App, "")],
        );
        Account {
            groups: groups.to_vec(),
            ..account
        }
    }

    fn complete(means: Means, rule: Rule) -> TenantSettings {
        let mut settings = settings(&[]);
        settings.policy.methods = MethodsPolicy {
            state: Migration::Complete,
            rules: BTreeMap::from([(means, rule)]),
            ways: Gate::ALL.to_vec(),
            ..MethodsPolicy::default()
        };
        settings
    }

    #[test]
    fn settings_that_say_nothing_of_it_mean_what_they_meant_and_are_written_as_before() {
        let older = r#"{"scope":"all","gates":["email","mobile_sms"],"n_gates":1}"#;
        let policy: Policy = serde_json::from_str(older).expect("a policy");
        assert_eq!(policy.methods.state, Migration::PreMigration);
        for gate in Gate::ALL {
            let expect = [Gate::Email, Gate::MobileSms].contains(&gate);
            assert_eq!(is_allowed(gate, None, &policy), expect, "{gate:?}");
            assert_eq!(is_allowed(gate, Some(&of(&[PILOT])), &policy), expect, "{gate:?}");
        }
        let written = serde_json::to_string(&policy).expect("text");
        assert!(
            !written.contains(r#""methods":"#),
            "the version before reads it: {written}"
        );
        let imported = {
            let mut policy = policy;
            policy.import(vec![Gate::AppCode]);
            policy
        };
        let written = serde_json::to_string(&imported).expect("text");
        assert_eq!(serde_json::from_str::<Policy>(&written).expect("a policy"), imported);
    }

    #[test]
    fn states_are_read_back_by_their_codes() {
        assert_eq!(Migration::CODES, Migration::ALL.map(Migration::code));
        for state in Migration::ALL {
            assert_eq!(Migration::of_code(state.code()), Some(state));
        }
    }

    #[test]
    fn a_new_tenant_is_complete_and_has_the_app_and_mail() {
        let mut settings = settings(&[]);
        settings.policy = Policy::of_new_tenant();
        assert_eq!(offered_to_anybody(&settings), [Gate::AppCode, Gate::Email]);
    }

    #[test]
    fn to_be_left_out_wins_and_nobodys_groups_are_told_to_nobody() {
        let rule = Rule {
            groups: vec![PILOT],
            excluded_groups: vec![GUESTS],
            ..Rule::EVERYBODY
        };
        let settings = complete(Means::Email, rule);
        for (groups, expect) in [
            (vec![], Some(Withheld::NotIncluded)),
            (vec![PILOT], None),
            (vec![GUESTS], Some(Withheld::Excluded)),
            (vec![PILOT, GUESTS], Some(Withheld::Excluded)),
        ] {
            let account = of(&groups);
            let found = withheld(&account, &settings);
            let mail = found.iter().find(|(gate, _)| *gate == Gate::Email);
            assert_eq!(mail.map(|(_, why)| *why), expect, "{groups:?}");
            assert!(found.contains(&(Gate::AppCode, Withheld::Off)), "{found:?}");
            assert_eq!(n_usable(&account, &settings), u32::from(expect.is_none()), "{groups:?}");
        }
        assert_eq!(offered_to_anybody(&settings), [Gate::Email], "the same for every name");
        let admin = Account {
            roles: vec![Role::Auditor],
            ..of(&[GUESTS])
        };
        assert_eq!(
            usable(&admin, &settings).len(),
            2,
            "administrators keep their own policy"
        );
        assert_eq!(withheld(&admin, &settings), []);
    }

    #[test]
    fn old_settings_become_the_methods_that_hold_them() {
        let mut policy = settings(&[Gate::MobileWhatsapp, Gate::Questions]).policy;
        policy.import(vec![Gate::AppPush]);
        let methods = proposal(&policy);
        let rules: Vec<Means> = methods.rules.keys().copied().collect();
        assert_eq!(rules, [Means::App, Means::Sms, Means::Voice]);
        assert_eq!(methods.ways, [Gate::AppPush, Gate::MobileWhatsapp]);
        assert_eq!(
            (methods.state, methods.began),
            (Migration::Complete, Migration::InProgress)
        );
        assert_eq!(
            methods.sign_in,
            [Gate::AppPush],
            "what was read stays, to be read again"
        );
    }

    prop_compose! {
        pub(crate) fn any_methods()(
            state in prop::sample::select(Migration::ALL.to_vec()),
            rules in prop::collection::btree_map(
                prop::sample::select(Means::ALL.to_vec()),
                (any::<bool>(), prop::sample::subsequence(vec![PILOT, GUESTS], 0..=2), prop::bool::weighted(0.3)),
                0..5,
            ),
            ways in prop::sample::subsequence(Gate::ALL.to_vec(), 0..9),
            sign_in in prop::sample::subsequence(Gate::ALL.to_vec(), 0..3),
            sign_in_counts in any::<bool>(),
        ) -> MethodsPolicy {
            let rule = |(is_on, groups, is_out)| Rule {
                is_on,
                groups,
                excluded_groups: Vec::from_iter(Some(GUESTS).filter(|_| is_out)),
            };
            MethodsPolicy {
                state,
                rules: rules.into_iter().map(|(means, drawn)| (means, rule(drawn))).collect(),
                ways,
                sign_in,
                sign_in_counts,
                ..MethodsPolicy::default()
            }
        }
    }

    proptest! {
        /// Where nothing may be told, everybody is offered the same: whatever any group has, and nothing that none has. R22, R24.
        #[test]
        fn r24_what_is_offered_to_anybody_is_what_some_group_has(
            methods in any_methods(),
            gates in prop::sample::subsequence(Gate::ALL.to_vec(), 0..9),
        ) {
            let mut settings = settings(&gates);
            (settings.policy.methods, settings.policy.n_gates) = (methods, 2);
            let offered = offered_to_anybody(&settings);
            for groups in [vec![], vec![PILOT], vec![GUESTS], vec![PILOT, GUESTS]] {
                for gate in Gate::ALL {
                    let is_theirs = crate::policy::is_on_for(gate, &of(&groups), &settings);
                    prop_assert!(!is_theirs || offered.contains(&gate), "{:?} of {:?}", gate, groups);
                }
            }
        }

        /// Nobody loses by what the guide proposes, and in progress every policy adds to the others.
        #[test]
        fn the_proposal_and_the_union_allow_whatever_was_allowed(
            methods in any_methods(),
            gates in prop::sample::subsequence(Gate::ALL.to_vec(), 0..9),
        ) {
            let mut policy = settings(&gates).policy;
            policy.methods = methods;
            let in_state = |state| {
                let mut policy = policy.clone();
                policy.methods.state = state;
                policy
            };
            let union = in_state(Migration::InProgress);
            let proposed = Policy { methods: proposal(&union), ..union.clone() };
            for groups in [vec![], vec![PILOT], vec![GUESTS], vec![PILOT, GUESTS]] {
                let account = of(&groups);
                for gate in Gate::ALL {
                    let may = |policy: &Policy| is_allowed(gate, Some(&account), policy);
                    prop_assert!(!may(&union) || may(&proposed), "{:?} of {:?}", gate, groups);
                    for state in [Migration::PreMigration, Migration::Complete] {
                        prop_assert!(!may(&in_state(state)) || may(&union), "{:?} of {:?}", gate, groups);
                    }
                }
            }
        }
    }
}
