//! What is wrong with a policy that is to be saved (`domain.md` §6): at which setting, and why.

use super::setting::Setting;
use super::{Migration, Scope, converged, offered_to_anybody, protection};
use crate::gate::questions::QuestionsRefused;
use crate::gate::{Gate, MethodKind};
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Why a setting cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Wrong {
    /// None of the choices.
    Choice,
    /// Not a number within the range.
    Range {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// More entries than there may be.
    TooMany {
        /// So many at most.
        most: u32,
    },
    /// There is no group of that name.
    GroupUnknown {
        /// As it was typed.
        name: String,
    },
    /// Selected groups are wanted, and none is.
    GroupsMissing,
    /// Not a network in CIDR form.
    NetworkForm {
        /// As it was typed.
        line: String,
    },
    /// Fewer methods are on than a reset takes, questions not counted.
    TooFewGates {
        /// So many are needed.
        need: u32,
    },
    /// The app needs other methods beside it.
    AppAlone {
        /// So many others.
        others: u32,
    },
    /// An approval in the app counts only where two methods are needed.
    PushAlone,
    /// Security questions count only beside another method.
    QuestionsAlone,
    /// More questions to answer than to register.
    QuestionsOrder,
    /// More questions to register than there are.
    QuestionsFew,
    /// A question of the tenant's own is not of 3 to 200 characters, or holds hidden ones.
    QuestionForm {
        /// Its line, blank ones not counted, from 1.
        line: u32,
    },
    /// A question of the tenant's own is one of those before it.
    QuestionAlike {
        /// Its number, from 1.
        number: u32,
    },
    /// Not a country's code.
    CountryUnknown {
        /// As it was typed.
        line: String,
    },
    /// Fewer methods to register than a reset takes.
    RegisterFewer {
        /// So many are needed.
        need: u32,
    },
    /// Neither an `https:` address, nor a mail address, nor a phone number.
    HelpForm,
    /// A helpdesk link of one's own is wanted, and none is there.
    HelpMissing,
    /// A banned term is not of 4 to 16 characters.
    TermLength {
        /// Its line, counted from 1.
        line: u32,
    },
    /// The first pause of signing in is longer than the longest.
    LockoutOrder,
    /// From the present state the methods policy does not lead to this one.
    StateOrder,
    /// Opening what is complete takes a reason, and so long a one at most.
    ReasonMissing {
        /// So many characters.
        most: u32,
    },
    /// The app is on, and none of its ways is.
    WaysMissing,
}

impl Wrong {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Range { .. } => "range",
            Self::TooMany { .. } => "too-many",
            Self::GroupUnknown { .. } => "group-unknown",
            Self::GroupsMissing => "groups-missing",
            Self::NetworkForm { .. } => "network-form",
            Self::TooFewGates { .. } => "too-few-gates",
            Self::AppAlone { .. } => "app-alone",
            Self::PushAlone => "push-alone",
            Self::QuestionsAlone => "questions-alone",
            Self::QuestionsOrder => "questions-order",
            Self::QuestionsFew => "questions-few",
            Self::QuestionForm { .. } => "question-form",
            Self::QuestionAlike { .. } => "question-alike",
            Self::CountryUnknown { .. } => "country-unknown",
            Self::RegisterFewer { .. } => "register-fewer",
            Self::HelpForm => "help-form",
            Self::HelpMissing => "help-missing",
            Self::TermLength { .. } => "term-length",
            Self::LockoutOrder => "lockout-order",
            Self::StateOrder => "state-order",
            Self::ReasonMissing { .. } => "reason-missing",
            Self::WaysMissing => "ways-missing",
        }
    }
}

/// What is wrong with these settings as a whole, of which each can be read.
pub fn wrongs(settings: &TenantSettings) -> Vec<(Setting, Wrong)> {
    let policy = &settings.policy;
    let groups = (policy.scope == Scope::Selected && policy.groups.is_empty())
        .then_some((Setting::Groups, Wrong::GroupsMissing));
    groups
        .into_iter()
        .chain(gates(settings))
        .chain(registered(settings))
        .chain(questions(settings))
        .chain(protection::wrongs(settings))
        .chain(converged::wrongs(settings))
        .collect()
}

/// The methods that are on and have a way to go, each once: the app is one, and so is a mobile phone (`domain.md` §4).
fn methods(settings: &TenantSettings) -> BTreeSet<MethodKind> {
    let gates = offered_to_anybody(settings).into_iter();
    gates.filter_map(Gate::family).collect()
}

/// At least as many as a reset takes, questions not counted; the app beside others, while methods are managed on the page of
/// resets (`domain.md` §4, §6).
fn gates(settings: &TenantSettings) -> Option<(Setting, Wrong)> {
    let (on, need) = (&settings.policy.gates, settings.policy.n_gates);
    let methods = methods(settings);
    let n_beside = |left_out: MethodKind| methods.iter().filter(|method| **method != left_out).count();
    let is_fewer = |n: usize| u32::try_from(n).is_ok_and(|n| n < need);
    let is_paired = settings.policy.methods.state != Migration::Complete;
    let app = on
        .iter()
        .copied()
        .find(|gate| is_paired && gate.family() == Some(MethodKind::App));
    match app.map(Setting::Gate) {
        _ if is_fewer(n_beside(MethodKind::Questions)) => Some((Setting::NGates, Wrong::TooFewGates { need })),
        _ if on.contains(&Gate::Questions) && need < 2 => Some((Setting::Gate(Gate::Questions), Wrong::QuestionsAlone)),
        _ if is_paired && on.contains(&Gate::AppPush) && need < 2 => {
            Some((Setting::Gate(Gate::AppPush), Wrong::PushAlone))
        }
        Some(app) if is_fewer(n_beside(MethodKind::App)) => Some((app, Wrong::AppAlone { others: need })),
        _ => None,
    }
}

/// As many to register as a reset takes, and no more than there are.
fn registered(settings: &TenantSettings) -> Option<(Setting, Wrong)> {
    let (asked, least) = (settings.policy.registration.n_methods?, settings.policy.n_gates);
    let most = u32::try_from(methods(settings).len()).unwrap_or(u32::MAX);
    match asked {
        _ if asked < least => Some((Setting::NMethods, Wrong::RegisterFewer { need: least })),
        _ if asked > most => Some((Setting::NMethods, Wrong::TooMany { most })),
        _ => None,
    }
}

fn questions(settings: &TenantSettings) -> Option<(Setting, Wrong)> {
    let wrong = match settings.policy.questions.why_not()? {
        QuestionsRefused::ResetRange { least, most } => (Setting::QuestionsReset, Wrong::Range { least, most }),
        QuestionsRefused::ResetAboveRegister => (Setting::QuestionsReset, Wrong::QuestionsOrder),
        QuestionsRefused::RegisterRange { least, most } => (Setting::QuestionsRegister, Wrong::Range { least, most }),
        QuestionsRefused::TooManyOwn { most } => (Setting::QuestionsOwn, Wrong::TooMany { most }),
        QuestionsRefused::Alike { number } => (Setting::QuestionsOwn, Wrong::QuestionAlike { number }),
        QuestionsRefused::PickedTwice { .. } => (Setting::QuestionsPicked, Wrong::Choice),
        QuestionsRefused::TooFew { .. } => (Setting::QuestionsRegister, Wrong::QuestionsFew),
    };
    Some(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n_gates: u32, gates: &[Gate], expect: Option<(Setting, &str)>) {
        let mut settings = crate::testing::settings(gates);
        settings.policy.scope = Scope::All;
        settings.policy.n_gates = n_gates;
        let found = wrongs(&settings);
        let found: Vec<_> = found.iter().map(|(setting, wrong)| (*setting, wrong.code())).collect();
        assert_eq!(found, Vec::from_iter(expect), "{n_gates} of {gates:?}");
    }

    #[test]
    fn a_reset_takes_no_more_methods_than_are_on_and_the_app_stands_beside_others() {
        use Gate::{AppCode, AppPush, Email, MobileCall, MobileSms, Passkey, Questions};
        let app = |gate| Some((Setting::Gate(gate), "app-alone"));
        check(1, &[AppCode, Email], None);
        check(1, &[Email], None);
        check(1, &[], Some((Setting::NGates, "too-few-gates")));
        check(1, &[AppCode], app(AppCode));
        check(
            1,
            &[AppPush, AppCode, Email],
            Some((Setting::Gate(AppPush), "push-alone")),
        );
        check(
            1,
            &[Email, Questions],
            Some((Setting::Gate(Questions), "questions-alone")),
        );
        check(2, &[AppPush, AppCode], Some((Setting::NGates, "too-few-gates")));
        check(2, &[AppCode, Email], app(AppCode));
        check(2, &[AppCode, Email, MobileSms], None);
        check(2, &[AppCode, Email, Questions], None);
        check(2, &[Email, Questions], Some((Setting::NGates, "too-few-gates")));
        check(2, &[Email, Passkey], None);
        check(2, &[MobileSms, MobileCall], Some((Setting::NGates, "too-few-gates")));
        check(2, &[AppCode, MobileSms, MobileCall], app(AppCode));
    }

    #[test]
    fn a_method_that_no_gateway_carries_is_none() {
        let mut settings = crate::testing::settings(&[Gate::MobileSms]);
        assert_eq!(wrongs(&settings), []);
        settings.ways = crate::tenant::Ways::default();
        let need = Wrong::TooFewGates { need: 1 };
        assert_eq!(wrongs(&settings), [(Setting::NGates, need)]);
        settings.policy.gates = vec![Gate::Email, Gate::Passkey, Gate::MobileSms];
        settings.policy.registration.n_methods = Some(3);
        assert_eq!(wrongs(&settings), [(Setting::NMethods, Wrong::TooMany { most: 2 })]);
    }

    #[test]
    fn what_hangs_together_is_judged_together() {
        let mut settings = crate::testing::settings(&[Gate::Email, Gate::Passkey, Gate::MobileSms]);
        settings.policy.scope = Scope::Selected;
        settings.policy.groups.clear();
        settings.policy.n_gates = 2;
        settings.policy.registration.n_methods = Some(1);
        settings.policy.questions.n_register = 3;
        settings.policy.questions.n_reset = 4;
        assert_eq!(
            wrongs(&settings),
            [
                (Setting::Groups, Wrong::GroupsMissing),
                (Setting::NMethods, Wrong::RegisterFewer { need: 2 }),
                (Setting::QuestionsReset, Wrong::QuestionsOrder),
            ]
        );
    }
}
