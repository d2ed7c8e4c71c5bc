//! What the console sets of the methods policy (`domain.md` §16): its state, and of each method whether it is on and for whom.

use super::methods::{Means, MethodsPolicy, Migration, Rule};
use super::page::PolicyPage;
use super::setting::{Kind, Setting};
use super::value::{Group, ids, is_on, names, switch};
use super::wrong::Wrong;
use crate::gate::Gate;
use crate::ids::GroupId;
use crate::limits::REASON_MOST;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// A setting of the page "Methods policy", in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Converged {
    /// What counts by now: `pre-migration`, `in-progress`, `complete`.
    State,
    /// Why it is opened again, where it was complete.
    Reason,
    /// Whether what sign-in allowed still counts.
    SignIn,
    /// Whether a method is on.
    On(Means),
    /// The groups that it is for, one name a line; empty: everybody.
    Groups(Means),
    /// The groups that it is not for, one name a line.
    Excluded(Means),
    /// Whether a way of a method is on: one of [`Means::ways`].
    Way(Gate),
}

impl Converged {
    /// The stable code: the name of its form field, and in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::State => "methods_state",
            Self::Reason => "methods_reason",
            Self::SignIn => "methods_sign_in",
            Self::On(Means::Passkey) => "methods_passkey",
            Self::On(Means::App) => "methods_app",
            Self::On(Means::Email) => "methods_email",
            Self::On(Means::Voice) => "methods_voice",
            Self::On(Means::Sms) => "methods_sms",
            Self::Groups(Means::Passkey) => "methods_passkey_groups",
            Self::Groups(Means::App) => "methods_app_groups",
            Self::Groups(Means::Email) => "methods_email_groups",
            Self::Groups(Means::Voice) => "methods_voice_groups",
            Self::Groups(Means::Sms) => "methods_sms_groups",
            Self::Excluded(Means::Passkey) => "methods_passkey_excluded",
            Self::Excluded(Means::App) => "methods_app_excluded",
            Self::Excluded(Means::Email) => "methods_email_excluded",
            Self::Excluded(Means::Voice) => "methods_voice_excluded",
            Self::Excluded(Means::Sms) => "methods_sms_excluded",
            Self::Way(Gate::AppPush) => "methods_app_push",
            Self::Way(Gate::AppCode) => "methods_app_code",
            Self::Way(Gate::MobileWhatsapp) => "methods_sms_whatsapp",
            Self::Way(Gate::OfficeCall) => "methods_voice_office",
            // No other gate is a way of its own.
            Self::Way(gate) => gate.code(),
        }
    }

    /// What it is set by.
    pub const fn kind(self) -> Kind {
        match self {
            Self::State => Kind::Choice(Migration::CODES),
            Self::Reason => Kind::Line,
            Self::Groups(_) | Self::Excluded(_) => Kind::Lines,
            Self::SignIn | Self::On(_) | Self::Way(_) => Kind::Switch,
        }
    }

    const fn gate(self) -> Option<Gate> {
        match self {
            Self::On(Means::Voice) => Some(Gate::MobileCall),
            Self::On(Means::Sms) => Some(Gate::MobileSms),
            Self::Way(gate) => Some(gate),
            _ => None,
        }
    }

    pub(super) fn read(self, settings: &TenantSettings, groups: &[Group]) -> String {
        let methods = &settings.policy.methods;
        let rule = |means: Means| methods.rules.get(&means);
        let listed = |means: Means, of: fn(&Rule) -> &Vec<GroupId>| {
            rule(means).map(|rule| names(of(rule), groups)).unwrap_or_default()
        };
        match self {
            Self::State => methods.state.code().to_owned(),
            Self::Reason => methods.reason.clone(),
            Self::SignIn => switch(methods.sign_in_counts),
            Self::On(means) => switch(rule(means).is_some_and(|rule| rule.is_on)),
            Self::Groups(means) => listed(means, |rule| &rule.groups),
            Self::Excluded(means) => listed(means, |rule| &rule.excluded_groups),
            Self::Way(gate) => switch(methods.ways.contains(&gate)),
        }
    }

    pub(super) fn write(self, settings: &mut TenantSettings, groups: &[Group], typed: &str) -> Result<(), Wrong> {
        let methods = &mut settings.policy.methods;
        match self {
            Self::State => {
                methods.state = Migration::of_code(typed).ok_or(Wrong::Choice)?;
                // The reason is of what was opened: it goes with the next completion.
                if methods.state != Migration::InProgress {
                    methods.reason.clear();
                }
            }
            Self::Reason => methods.reason = reason(typed)?,
            Self::SignIn => methods.sign_in_counts = is_on(typed),
            Self::On(means) => put(methods, means, |rule| rule.is_on = is_on(typed)),
            Self::Groups(means) => {
                let ids = ids(typed, groups)?;
                put(methods, means, |rule| rule.groups = ids);
            }
            Self::Excluded(means) => {
                let ids = ids(typed, groups)?;
                put(methods, means, |rule| rule.excluded_groups = ids);
            }
            Self::Way(gate) => {
                methods.ways.retain(|other| *other != gate);
                methods.ways.extend(is_on(typed).then_some(gate));
                methods.ways.sort_unstable();
            }
        }
        Ok(())
    }
}

/// A method without a rule is as one that is off for everybody: it needs no entry.
fn put(methods: &mut MethodsPolicy, means: Means, change: impl FnOnce(&mut Rule)) {
    let mut rule = methods.rules.remove(&means).unwrap_or_default();
    change(&mut rule);
    if rule != Rule::default() {
        methods.rules.insert(means, rule);
    }
}

fn no_reason() -> Wrong {
    Wrong::ReasonMissing {
        most: u32::try_from(REASON_MOST).unwrap_or(u32::MAX),
    }
}

fn reason(typed: &str) -> Result<String, Wrong> {
    let is_long = typed.chars().count() > REASON_MOST;
    match is_long || typed.chars().any(char::is_control) {
        true => Err(no_reason()),
        false => Ok(typed.to_owned()),
    }
}

/// The app without any of its ways.
pub(super) fn wrongs(settings: &TenantSettings) -> Option<(Setting, Wrong)> {
    let methods = &settings.policy.methods;
    let is_on = methods.rules.get(&Means::App).is_some_and(|rule| rule.is_on);
    let has_way = Means::App.ways().iter().any(|way| methods.ways.contains(way));
    let setting = Setting::Converged(Converged::On(Means::App));
    (is_on && !has_way).then_some((setting, Wrong::WaysMissing))
}

/// What is wrong with the way from one state to another (`domain.md` §16).
pub fn moved(before: &TenantSettings, after: &TenantSettings) -> Option<(Setting, Wrong)> {
    let (is, would) = (&before.policy.methods, &after.policy.methods);
    let wrong = match (is.state, would.state) {
        (Migration::Complete, Migration::InProgress) if would.reason.is_empty() => (Converged::Reason, no_reason()),
        (Migration::Complete, Migration::PreMigration) => (Converged::State, Wrong::StateOrder),
        (Migration::InProgress, Migration::PreMigration) if is.began != Migration::PreMigration => {
            (Converged::State, Wrong::StateOrder)
        }
        _ => return None,
    };
    Some((Setting::Converged(wrong.0), wrong.1))
}

impl Setting {
    /// Where a fault of this setting is said on a page: on the one of the methods policy, what keeps resets from having the
    /// methods that they take stands at the state.
    #[must_use]
    pub fn on(self, page: PolicyPage) -> Self {
        match (page, self) {
            (PolicyPage::MethodsPolicy, Self::NGates | Self::NMethods | Self::Gate(Gate::AppPush | Gate::AppCode)) => {
                Self::Converged(Converged::State)
            }
            _ => self,
        }
    }

    /// A gate that has to be carried for it to have an effect.
    pub const fn gate(self) -> Option<Gate> {
        match self {
            Self::Gate(gate) => Some(gate),
            Self::Converged(converged) => converged.gate(),
            _ => None,
        }
    }

    /// Whether it has any meaning as things are: once the methods policy is complete, the page of resets sets no methods any
    /// more, and what sign-in allowed counts only while the move is in progress.
    pub fn stands(self, settings: &TenantSettings) -> bool {
        let methods = &settings.policy.methods;
        let is_complete = methods.state == Migration::Complete;
        match self {
            Self::Gate(gate) => !is_complete || Means::of(gate).is_none(),
            Self::Converged(Converged::Reason) => is_complete || !methods.reason.is_empty(),
            Self::Converged(Converged::SignIn) => !is_complete && !methods.sign_in.is_empty(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::settings;

    #[track_caller]
    fn check(began: Migration, from: Migration, to: Migration, reason: &str, expect: Option<&str>) {
        let mut before = settings(&[Gate::Email]);
        (before.policy.methods.began, before.policy.methods.state) = (began, from);
        let mut after = before.clone();
        for (one, typed) in [(Converged::Reason, reason), (Converged::State, to.code())] {
            one.write(&mut after, &[], typed).expect("what can be read");
        }
        let found = moved(&before, &after);
        assert_eq!(found.as_ref().map(|(_, wrong)| wrong.code()), expect, "{from:?} {to:?}");
    }

    #[test]
    fn each_state_leads_where_the_table_says() {
        use Migration::{Complete, InProgress, PreMigration};
        check(PreMigration, PreMigration, InProgress, "", None);
        check(PreMigration, PreMigration, Complete, "", None);
        check(PreMigration, InProgress, PreMigration, "", None);
        check(InProgress, InProgress, PreMigration, "", Some("state-order"));
        check(InProgress, InProgress, Complete, "", None);
        check(PreMigration, Complete, PreMigration, "", Some("state-order"));
        check(PreMigration, Complete, InProgress, "", Some("reason-missing"));
        check(PreMigration, Complete, InProgress, "Calls were forgotten", None);
        check(Complete, Complete, Complete, "", None);
    }

    #[test]
    fn a_reason_is_one_line_and_goes_with_the_next_completion() {
        let mut settings = settings(&[]);
        let long = "x".repeat(201);
        for typed in [long.as_str(), "a\u{7}b"] {
            let wrong = Converged::Reason.write(&mut settings, &[], typed);
            assert_eq!(wrong, Err(Wrong::ReasonMissing { most: 200 }));
        }
        settings.policy.methods.state = Migration::InProgress;
        Converged::Reason
            .write(&mut settings, &[], "To look again")
            .expect("a reason");
        assert_eq!(settings.policy.methods.reason, "To look again");
        Converged::State.write(&mut settings, &[], "complete").expect("a state");
        assert_eq!(settings.policy.methods.reason, "");
    }

    #[test]
    fn what_is_off_for_everybody_leaves_nothing_behind() {
        let mut settings = settings(&[]);
        for typed in ["on", ""] {
            Converged::On(Means::Sms)
                .write(&mut settings, &[], typed)
                .expect("a switch");
        }
        assert!(settings.policy.methods.is_untouched());
    }
}
