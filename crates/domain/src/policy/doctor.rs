//! The doctor: what the wizard would do for somebody, step by step, by the rule that decides there.

use super::{Check, Disclosure, Withheld, examine, good_pass, n_needed, usable, withheld};
use crate::Timestamp;
use crate::account::Account;
use crate::gate::Gate;
use crate::refusal::Refusal;
use crate::registration::hint;
use crate::staff::{Guarded, Reader};
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// The page.
pub type DoctorScreen = Guarded<DoctorView>;

/// The form, and what was found about the name that was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorView {
    /// Who looks.
    pub reader: Reader,
    /// The name, as it was typed.
    pub typed: String,
    /// Why it is no name.
    pub refusal: Option<Refusal>,
    /// What was found.
    pub findings: Option<Findings>,
}

/// What the wizard would do for one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// The name that the typed one reaches.
    pub user_name: String,
    /// The checks, in their order, each with why it fails.
    pub checks: Vec<(Check, Option<Refusal>)>,
    /// How many methods a reset takes.
    pub n_needed: u32,
    /// The methods that count, strongest first, each with the masked address or number or the name of what it is.
    pub methods: Vec<(Gate, Option<String>)>,
    /// The methods that they have and that the policies withhold from them, each with why.
    pub withheld: Vec<(Gate, Withheld)>,
    /// What outsiders may learn.
    pub disclosure: Disclosure,
}

impl Findings {
    /// Why a reset would be refused: the first check that fails.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.checks.iter().find_map(|(_, found)| found.as_ref())
    }
}

/// Looks at an account as the wizard would. `blocked_until`: how long its resets rest.
pub fn diagnose(
    user_name: &str,
    account: Option<&Account>,
    settings: &TenantSettings,
    blocked_until: Option<Timestamp>,
    now: Timestamp,
) -> Findings {
    let checks = examine(account, settings, blocked_until, now);
    let methods = account.map(|account| usable(account, settings)).unwrap_or_default();
    let own = methods.into_iter().map(|(gate, method)| (gate, hint(method)));
    let given = account.and_then(|account| good_pass(account, settings, now));
    let given = given.map(|_| (Gate::OneTimePass, None));
    Findings {
        user_name: user_name.to_owned(),
        checks: checks.into_iter().map(|(check, found)| (check, found.err())).collect(),
        n_needed: n_needed(account, settings),
        methods: own.chain(given).collect(),
        withheld: account.map(|account| withheld(account, settings)).unwrap_or_default(),
        disclosure: settings.policy.disclosure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::MethodKind;
    use crate::policy::eligible;
    use crate::testing::{person, settings, with};

    #[test]
    fn the_doctor_says_what_the_wizard_does_and_shows_no_address() {
        let now = Timestamp::from_ms(1);
        let mut settings = settings(&[Gate::Email, Gate::AppCode]);
        let account = with(person(), &[(MethodKind::Email, "uma@mail.example")]);
        for n_gates in [1, 2] {
            settings.policy.n_gates = n_gates;
            let found = diagnose("uma@acorn.example", Some(&account), &settings, None, now);
            let decided = eligible(Some(&account), &settings, None, now);
            assert_eq!(found.refusal().cloned(), decided.err());
            assert_eq!(found.n_needed, n_gates);
            let text = format!("{:?}", found.methods);
            assert!(text.contains("Email") && !text.contains("uma@mail.example"), "{text}");
        }
        let nobody = diagnose("nobody@acorn.example", None, &settings, None, now);
        assert_eq!(nobody.refusal(), Some(&Refusal::UserUnknown));
    }
}
