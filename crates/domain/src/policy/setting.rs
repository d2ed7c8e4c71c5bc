//! Every setting of the policy that the console sets: one table of names, pages and kinds, values as text.

use super::converged::Converged;
use super::methods::Means;
use super::notices::Event;
use super::one_time::PassUse;
use super::page::PolicyPage;
use super::protection::Protection;
use super::registration::{METHODS_MOST, RECONFIRM_MOST, SKIP_DAYS_MOST, SKIPS_MOST};
use crate::gate::Gate;
use crate::gate::questions::{COUNTS, Predefined};
use serde::{Deserialize, Serialize};

/// A setting, in the order of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Whose passwords may be reset: `none`, `selected`, `all`.
    Scope,
    /// The groups of `selected`, one name a line.
    Groups,
    /// Groups whose members may not, one name a line.
    ExcludedGroups,
    /// What outsiders may learn: `discreet`, `auto`, `explicit`.
    Disclosure,
    /// Networks on which `auto` tells the truth, one CIDR a line.
    TrustedNetworks,
    /// Whether enrolled workstations alone may open the kiosk's page.
    KioskEnrolled,
    /// How many gates a reset takes.
    NGates,
    /// Whether a gate is on.
    Gate(Gate),
    /// How many methods to register; empty: as many as a reset takes.
    NMethods,
    /// How many questions to register.
    QuestionsRegister,
    /// How many questions a reset asks.
    QuestionsReset,
    /// Which questions of the catalogue are picked, one code a line.
    QuestionsPicked,
    /// The tenant's own questions, one a line.
    QuestionsOwn,
    /// Whether a call to a mobile speaks a code.
    CallSpeaksCode,
    /// The country whose national numbers are understood; empty: none.
    PhoneCountry,
    /// The countries whose numbers are taken, one code a line; empty: every one.
    PhoneCountries,
    /// Whether whoever signs in is asked to register.
    RegistrationRequired,
    /// Days before methods have to be confirmed again; 0: never.
    ReconfirmDays,
    /// How often registering may be put off; empty: without end.
    SkipsMost,
    /// For how many days; empty: without end.
    SkipDays,
    /// Whether people register their office phone themselves.
    OwnOffice,
    /// Whether people may correct what was loaded.
    CorrectLoaded,
    /// Whether people are told of their resets.
    NotifyUsers,
    /// Whether all administrators are told of an administrator's reset.
    NotifyAllAdmins,
    /// Whether people are told of an event.
    Notice(Event),
    /// Whether the helpdesk link is the tenant's own.
    HelpCustom,
    /// The tenant's own helpdesk link.
    HelpLink,
    /// Whether the pages pass on a request for help.
    HelpMail,
    /// Whether people may unlock without a new password.
    UnlockOn,
    /// Whether that ends a pause of signing in as well.
    UnlockClearsLockout,
    /// Whether administrators may reset their own passwords.
    AdminReset,
    /// One of the page "Password protection".
    Protection(Protection),
    /// What a one-time pass is worth: `no_pass`, `beside`, `alone`.
    OneTimePass,
    /// One of the page "Methods policy".
    Converged(Converged),
}

/// What a setting is set by, and which texts it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `on`; anything else is off, as a box that is not ticked sends nothing.
    Switch,
    /// One of these codes.
    Choice(&'static [&'static str]),
    /// A whole number.
    Number {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A line of text.
    Line,
    /// Lines of text.
    Lines,
    /// Questions of the catalogue, a box for each: their codes, one a line.
    Picks,
}

impl Setting {
    /// All of them.
    pub const ALL: [Self; 75] = [
        Self::Scope,
        Self::Groups,
        Self::ExcludedGroups,
        Self::Disclosure,
        Self::TrustedNetworks,
        Self::KioskEnrolled,
        Self::NGates,
        Self::Gate(Gate::Passkey),
        Self::Gate(Gate::AppPush),
        Self::Gate(Gate::AppCode),
        Self::Gate(Gate::Email),
        Self::Gate(Gate::OfficeCall),
        Self::Gate(Gate::MobileWhatsapp),
        Self::Gate(Gate::MobileCall),
        Self::Gate(Gate::MobileSms),
        Self::Gate(Gate::Questions),
        Self::NMethods,
        Self::QuestionsRegister,
        Self::QuestionsReset,
        Self::QuestionsPicked,
        Self::QuestionsOwn,
        Self::CallSpeaksCode,
        Self::PhoneCountry,
        Self::PhoneCountries,
        Self::RegistrationRequired,
        Self::ReconfirmDays,
        Self::SkipsMost,
        Self::SkipDays,
        Self::OwnOffice,
        Self::CorrectLoaded,
        Self::NotifyUsers,
        Self::NotifyAllAdmins,
        Self::Notice(Event::Change),
        Self::Notice(Event::Veto),
        Self::Notice(Event::Denial),
        Self::HelpCustom,
        Self::HelpLink,
        Self::HelpMail,
        Self::UnlockOn,
        Self::UnlockClearsLockout,
        Self::AdminReset,
        Self::Protection(Protection::Profile),
        Self::Protection(Protection::Least),
        Self::Protection(Protection::Unicode),
        Self::Protection(Protection::History),
        Self::Protection(Protection::LeastAge),
        Self::Protection(Protection::Expiry),
        Self::Protection(Protection::EnforceCustom),
        Self::Protection(Protection::Custom),
        Self::Protection(Protection::LockoutTries),
        Self::Protection(Protection::LockoutFirst),
        Self::Protection(Protection::LockoutMost),
        Self::OneTimePass,
        Self::Converged(Converged::State),
        Self::Converged(Converged::Reason),
        Self::Converged(Converged::SignIn),
        Self::Converged(Converged::On(Means::Passkey)),
        Self::Converged(Converged::Groups(Means::Passkey)),
        Self::Converged(Converged::Excluded(Means::Passkey)),
        Self::Converged(Converged::On(Means::App)),
        Self::Converged(Converged::Groups(Means::App)),
        Self::Converged(Converged::Excluded(Means::App)),
        Self::Converged(Converged::Way(Gate::AppPush)),
        Self::Converged(Converged::Way(Gate::AppCode)),
        Self::Converged(Converged::On(Means::Email)),
        Self::Converged(Converged::Groups(Means::Email)),
        Self::Converged(Converged::Excluded(Means::Email)),
        Self::Converged(Converged::On(Means::Voice)),
        Self::Converged(Converged::Groups(Means::Voice)),
        Self::Converged(Converged::Excluded(Means::Voice)),
        Self::Converged(Converged::Way(Gate::OfficeCall)),
        Self::Converged(Converged::On(Means::Sms)),
        Self::Converged(Converged::Groups(Means::Sms)),
        Self::Converged(Converged::Excluded(Means::Sms)),
        Self::Converged(Converged::Way(Gate::MobileWhatsapp)),
    ];

    /// The stable code: the name of its form field, and in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Groups => "groups",
            Self::ExcludedGroups => "excluded_groups",
            Self::Disclosure => "disclosure",
            Self::TrustedNetworks => "trusted_networks",
            Self::KioskEnrolled => "kiosk_enrolled",
            Self::NGates => "n_gates",
            Self::Gate(gate) => gate.code(),
            Self::NMethods => "n_methods",
            Self::QuestionsRegister => "questions_register",
            Self::QuestionsReset => "questions_reset",
            Self::QuestionsPicked => "questions_picked",
            Self::QuestionsOwn => "questions_own",
            Self::CallSpeaksCode => "call_speaks_code",
            Self::PhoneCountry => "phone_country",
            Self::PhoneCountries => "phone_countries",
            Self::RegistrationRequired => "registration_required",
            Self::ReconfirmDays => "reconfirm_days",
            Self::SkipsMost => "skips_most",
            Self::SkipDays => "skip_days",
            Self::OwnOffice => "own_office",
            Self::CorrectLoaded => "correct_loaded",
            Self::NotifyUsers => "notify_users",
            Self::NotifyAllAdmins => "notify_all_admins",
            Self::Notice(event) => event.code(),
            Self::HelpCustom => "help_custom",
            Self::HelpLink => "help_link",
            Self::HelpMail => "help_mail",
            Self::UnlockOn => "unlock_on",
            Self::UnlockClearsLockout => "unlock_clears_lockout",
            Self::AdminReset => "admin_reset",
            Self::Protection(protection) => protection.code(),
            Self::OneTimePass => "one_time_pass",
            Self::Converged(converged) => converged.code(),
        }
    }

    /// The names of its form fields: its code, or one for each that can be picked.
    pub fn fields(self) -> Vec<&'static str> {
        match self.kind() {
            Kind::Picks => Predefined::ALL.iter().map(|one| one.code()).collect(),
            _ => vec![self.code()],
        }
    }

    /// What its fields say, as one text; a field that is missing is an empty one, as a box that is not ticked.
    pub fn typed(self, field: impl Fn(&str) -> Option<String>) -> String {
        match self.kind() {
            Kind::Picks => {
                let fields = self.fields().into_iter();
                let ticked: Vec<&str> = fields
                    .filter(|name| field(name).is_some_and(|typed| typed == "on"))
                    .collect();
                ticked.join("\n")
            }
            _ => field(self.code()).unwrap_or_default(),
        }
    }

    /// The page that it stands on.
    pub const fn page(self) -> PolicyPage {
        match self {
            Self::Scope
            | Self::Groups
            | Self::ExcludedGroups
            | Self::Disclosure
            | Self::TrustedNetworks
            | Self::KioskEnrolled => PolicyPage::Properties,
            Self::NGates
            | Self::Gate(_)
            | Self::NMethods
            | Self::QuestionsRegister
            | Self::QuestionsReset
            | Self::QuestionsPicked
            | Self::QuestionsOwn
            | Self::CallSpeaksCode
            | Self::PhoneCountry
            | Self::PhoneCountries
            | Self::OneTimePass => PolicyPage::AuthenticationMethods,
            Self::RegistrationRequired
            | Self::ReconfirmDays
            | Self::SkipsMost
            | Self::SkipDays
            | Self::OwnOffice
            | Self::CorrectLoaded => PolicyPage::Registration,
            Self::NotifyUsers | Self::NotifyAllAdmins | Self::Notice(_) => PolicyPage::Notifications,
            Self::HelpCustom | Self::HelpLink | Self::HelpMail => PolicyPage::Customization,
            Self::UnlockOn | Self::UnlockClearsLockout => PolicyPage::OnPremisesIntegration,
            Self::AdminReset => PolicyPage::AdministratorPolicy,
            Self::Protection(_) => PolicyPage::PasswordProtection,
            Self::Converged(_) => PolicyPage::MethodsPolicy,
        }
    }

    /// What it is set by; ranges are those of `domain.md` §6.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Scope => Kind::Choice(&["none", "selected", "all"]),
            Self::Disclosure => Kind::Choice(&["discreet", "auto", "explicit"]),
            Self::NGates => Kind::Choice(&["1", "2"]),
            Self::OneTimePass => Kind::Choice(PassUse::CODES),
            Self::Groups | Self::ExcludedGroups | Self::TrustedNetworks | Self::QuestionsOwn | Self::PhoneCountries => {
                Kind::Lines
            }
            Self::QuestionsPicked => Kind::Picks,
            Self::NMethods => number(1, METHODS_MOST),
            Self::QuestionsRegister | Self::QuestionsReset => number(*COUNTS.start(), *COUNTS.end()),
            Self::ReconfirmDays => number(0, RECONFIRM_MOST as u32),
            Self::SkipsMost => number(0, SKIPS_MOST as u32),
            Self::SkipDays => number(0, SKIP_DAYS_MOST as u32),
            Self::HelpLink | Self::PhoneCountry => Kind::Line,
            Self::Protection(protection) => protection.kind(),
            Self::Converged(converged) => converged.kind(),
            Self::Gate(_)
            | Self::KioskEnrolled
            | Self::CallSpeaksCode
            | Self::RegistrationRequired
            | Self::OwnOffice
            | Self::CorrectLoaded
            | Self::NotifyUsers
            | Self::NotifyAllAdmins
            | Self::Notice(_)
            | Self::HelpCustom
            | Self::HelpMail
            | Self::UnlockOn
            | Self::UnlockClearsLockout
            | Self::AdminReset => Kind::Switch,
        }
    }
}

pub(super) const fn number(least: u32, most: u32) -> Kind {
    Kind::Number { least, most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_name_and_a_place_of_its_own() {
        for (position, setting) in Setting::ALL.into_iter().enumerate() {
            let of_code = Setting::ALL.into_iter().find(|other| other.code() == setting.code());
            assert_eq!(of_code, Some(setting));
            assert_eq!(Setting::ALL.iter().position(|other| *other == setting), Some(position));
            assert!(setting.page().settings().contains(&setting));
        }
        let fields: Vec<&str> = Setting::ALL.into_iter().flat_map(Setting::fields).collect();
        let names: std::collections::BTreeSet<&str> = fields.iter().copied().collect();
        assert_eq!(names.len(), fields.len(), "every field has a name of its own");
        assert!(PolicyPage::Versions.settings().is_empty());
        for page in PolicyPage::ALL {
            assert_eq!(PolicyPage::of_code(page.code()), Some(page));
        }
    }
}
