//! What a change of the policy does to people, counted before it is saved by the rule that decides afterwards.

use super::{eligible, is_allowed, page::Advice};
use crate::Timestamp;
use crate::account::Account;
use crate::brand::{HelpLink, HelpMail};
use crate::gate::{Gate, MethodKind};
use crate::policy::{Disclosure, Event, PassUse, Policy};
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most people that a preview names.
const NAMED: usize = 50;

/// Whom a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Accounts in all.
    pub n_all: u32,
    /// Those that can reset as things are.
    pub n_before: u32,
    /// Those that could afterwards.
    pub n_after: u32,
    /// Those that can, and could no longer.
    pub n_lose: u32,
    /// Those that cannot, and then could.
    pub n_gain: u32,
    /// The first of those that could no longer, each with the reason.
    pub lose: Vec<(String, Refusal)>,
    /// The first of those that then could.
    pub gain: Vec<String>,
    /// Those whose password would have to be changed at the next sign-in, and need not be as things are.
    #[serde(default)]
    pub n_expire: u32,
}

impl Preview {
    /// Counts one more account. A block, which ends by itself, is left out.
    pub fn count(&mut self, account: &Account, before: &TenantSettings, after: &TenantSettings, now: Timestamp) {
        let may = |settings| eligible(Some(account), settings, None, now);
        let (is, would) = (may(before), may(after));
        let name = || account.user_name.as_str().to_owned();
        let is_over = |settings: &TenantSettings| account.wants_new_password(&settings.password, now);
        self.n_expire += u32::from(!is_over(before) && is_over(after));
        self.n_all += 1;
        self.n_before += u32::from(is.is_ok());
        self.n_after += u32::from(would.is_ok());
        match (is, would) {
            (Ok(()), Err(why)) => {
                self.n_lose += 1;
                if self.lose.len() < NAMED {
                    self.lose.push((name(), why));
                }
            }
            (Err(_), Ok(())) => {
                self.n_gain += 1;
                if self.gain.len() < NAMED {
                    self.gain.push(name());
                }
            }
            _ => {}
        }
    }
}

/// Advice on a policy, the weightiest first (`domain.md` §6).
pub fn advice(settings: &TenantSettings) -> Vec<Advice> {
    let policy = &settings.policy;
    let has = |gate: &Gate| is_allowed(*gate, None, policy);
    let is_behind = match &settings.brand.help {
        Some(HelpLink::Mail(mail)) => {
            let domain = mail.rsplit_once('@').map_or("", |(_, domain)| domain);
            settings.domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
        }
        _ => false,
    };
    let is_nowhere = settings.brand.help.is_none() && settings.brand.help_mail == HelpMail::Off;
    [
        (tells_outsiders(policy), Advice::TellsOutsiders),
        (n_methods(policy) < 2, Advice::MoreMethods),
        (
            !has(&Gate::AppCode) && !has(&Gate::AppPush) && !has(&Gate::Passkey),
            Advice::PreferApp,
        ),
        (
            open(policy).any(|gate| gate.family() == Some(MethodKind::Mobile)),
            Advice::MobileWeak,
        ),
        (has(&Gate::Questions), Advice::QuestionsWeak),
        (policy.one_time_pass == PassUse::Alone, Advice::PassAlone),
        (!policy.notify_all_admins, Advice::TellAdmins),
        (!tells_owners(policy), Advice::NoticesOff),
        (is_behind, Advice::HelpBehindReset),
        (is_nowhere, Advice::HelpNowhere),
        (settings.password.expiry_days.is_some(), Advice::ExpiryWeakens),
        (settings.password.are_terms_idle(), Advice::TermsIdle),
        (settings.lockout.is_lax(), Advice::LockoutLax),
    ]
    .into_iter()
    .filter_map(|(is_due, advice)| is_due.then_some(advice))
    .collect()
}

/// The truth is told everywhere, or on networks so wide that they are as good as everywhere.
fn tells_outsiders(policy: &Policy) -> bool {
    let is_wide = |text: &String| match text.parse() {
        Ok(IpNet::V4(network)) => network.prefix_len() < 8,
        Ok(IpNet::V6(network)) => network.prefix_len() < 32,
        Err(_) => false,
    };
    match policy.disclosure {
        Disclosure::Explicit => true,
        Disclosure::Auto => policy.trusted_networks.iter().any(is_wide),
        Disclosure::Discreet => false,
    }
}

/// Every notice that may be switched off is on.
fn tells_owners(policy: &Policy) -> bool {
    policy.notify_users && Event::ALL.into_iter().all(|event| policy.notices.are_on(event))
}

/// The gates that the policies let anybody use.
fn open(policy: &Policy) -> impl Iterator<Item = Gate> {
    let is_open = |gate: &Gate| is_allowed(*gate, None, policy);
    Gate::ALL.into_iter().filter(is_open)
}

/// The app is one method, and so is a mobile phone.
fn n_methods(policy: &Policy) -> usize {
    let families: BTreeSet<MethodKind> = open(policy).filter_map(Gate::family).collect();
    families.len()
}

impl Advice {
    /// The page that it belongs to.
    pub const fn page(self) -> super::page::PolicyPage {
        use super::page::PolicyPage;
        match self {
            Self::TellsOutsiders => PolicyPage::Properties,
            Self::MoreMethods | Self::PreferApp | Self::MobileWeak | Self::QuestionsWeak | Self::PassAlone => {
                PolicyPage::AuthenticationMethods
            }
            Self::TellAdmins | Self::NoticesOff => PolicyPage::Notifications,
            Self::HelpBehindReset | Self::HelpNowhere => PolicyPage::Customization,
            Self::ExpiryWeakens | Self::TermsIdle | Self::LockoutLax => PolicyPage::PasswordProtection,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::ids::GroupId;
    use crate::policy::Scope;
    use crate::policy::methods::tests::any_methods;
    use crate::testing::{person, settings, with};
    use proptest::prelude::*;

    fn people(kinds: &[u8]) -> Vec<Account> {
        let of = |bits: &u8| {
            let all = [
                (MethodKind::Email, "a@mail.example"),
                (MethodKind::App, ""),
                (MethodKind::Mobile, "+442079460089"),
            ];
            let some: Vec<_> = (0..3)
                .zip(all)
                .filter(|(n, _)| bits & (1 << n) != 0)
                .map(|(_, one)| one)
                .collect();
            with(person(), &some)
        };
        kinds.iter().map(of).collect()
    }

    proptest! {
        /// The count is what then happens: of the same people, by the same rule.
        #[test]
        fn the_count_is_what_then_happens(
            kinds in proptest::collection::vec(0_u8..8, 0..40),
            gates in proptest::sample::subsequence(Gate::ALL.to_vec(), 0..9),
            n_gates in 1_u32..=2,
            scope in proptest::sample::select(vec![Scope::None, Scope::All]),
            methods in any_methods(),
            groups in proptest::collection::vec(0_u128..8, 40),
        ) {
            let (before, now) = (settings(&[Gate::Email, Gate::AppCode]), Timestamp::from_ms(1));
            let mut after = settings(&gates);
            after.policy.n_gates = n_gates;
            after.policy.scope = scope;
            after.policy.methods = methods;
            let mut people = people(&kinds);
            for (person, group) in people.iter_mut().zip(groups) {
                person.groups = vec![GroupId(uuid::Uuid::from_u128(group))];
            }
            let mut preview = Preview::default();
            for account in &people {
                preview.count(account, &before, &after, now);
            }
            let can = |settings: &TenantSettings| {
                let able = people.iter().filter(|one| eligible(Some(one), settings, None, now).is_ok());
                u32::try_from(able.count()).unwrap_or(0)
            };
            prop_assert_eq!((preview.n_before, preview.n_after), (can(&before), can(&after)));
            prop_assert_eq!(preview.n_before + preview.n_gain, preview.n_after + preview.n_lose);
        }
    }

    #[test]
    fn advice_is_given_where_it_is_due() {
        let mut settings = settings(&[Gate::MobileSms]);
        settings.policy.disclosure = Disclosure::Explicit;
        settings.brand.help = HelpLink::parse(&format!("help@{}", settings.first_domain())).ok();
        let all = [
            Advice::TellsOutsiders,
            Advice::MoreMethods,
            Advice::PreferApp,
            Advice::MobileWeak,
            Advice::TellAdmins,
            Advice::HelpBehindReset,
        ];
        assert_eq!(advice(&settings), all);
        settings.policy.disclosure = Disclosure::Discreet;
        settings.policy.gates = vec![Gate::AppCode, Gate::Email];
        settings.policy.notify_all_admins = true;
        for (network, expect) in [
            ("0.0.0.0/0", true),
            ("10.0.0.0/8", false),
            ("::/0", true),
            ("2001:db8::/32", false),
        ] {
            settings.policy.disclosure = Disclosure::Auto;
            settings.policy.trusted_networks = vec![network.to_owned()];
            assert_eq!(advice(&settings).contains(&Advice::TellsOutsiders), expect, "{network}");
        }
        settings.policy.disclosure = Disclosure::Discreet;
        settings.brand.help = HelpLink::parse("+44 20 7946 0000").ok();
        assert_eq!(advice(&settings), []);
        settings.policy.one_time_pass = PassUse::Alone;
        assert_eq!(advice(&settings), [Advice::PassAlone]);
    }
}
