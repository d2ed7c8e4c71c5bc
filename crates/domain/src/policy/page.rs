//! The console's pages of the reset policy (`domain.md` §6), and what stands on them.

use super::preview::Preview;
use super::setting::Setting;
use super::{Edition, Migration, Wrong};
use crate::Timestamp;
use crate::gate::Gate;
use crate::refusal::Refusal;
use crate::role::{Act, Role};
use crate::staff::{Guarded, Reader};
use serde::{Deserialize, Serialize};

/// A page that sets a part of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyPage {
    /// Whose passwords may be reset, and what outsiders may learn.
    Properties,
    /// How many methods a reset takes, and which.
    AuthenticationMethods,
    /// Registering methods.
    Registration,
    /// Who is told of a reset.
    Notifications,
    /// Where people find help.
    Customization,
    /// Writing back to directories, and unlocking.
    OnPremisesIntegration,
    /// What holds for administrators.
    AdministratorPolicy,
    /// What a new password has to be, how old it may get, and what wrong ones lead to.
    PasswordProtection,
    /// Which methods there are, for sign-in and reset, and for whom.
    MethodsPolicy,
    /// Every version that was saved: sets nothing by itself, but goes back to one.
    Versions,
}

impl PolicyPage {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 10] = [
        Self::Properties,
        Self::AuthenticationMethods,
        Self::Registration,
        Self::Notifications,
        Self::Customization,
        Self::OnPremisesIntegration,
        Self::AdministratorPolicy,
        Self::PasswordProtection,
        Self::MethodsPolicy,
        Self::Versions,
    ];

    /// Its address (`contract.md`).
    pub const fn path(self) -> &'static str {
        match self {
            Self::Properties => "/console/password-reset/properties",
            Self::AuthenticationMethods => "/console/password-reset/authentication-methods",
            Self::Registration => "/console/password-reset/registration",
            Self::Notifications => "/console/password-reset/notifications",
            Self::Customization => "/console/password-reset/customization",
            Self::OnPremisesIntegration => "/console/password-reset/on-premises-integration",
            Self::AdministratorPolicy => "/console/password-reset/administrator-policy",
            Self::PasswordProtection => "/console/password-protection",
            Self::MethodsPolicy => "/console/authentication-methods",
            Self::Versions => "/console/password-reset/versions",
        }
    }

    /// The stable code: the last part of its address, where no other page has that.
    pub fn code(self) -> &'static str {
        if self == Self::MethodsPolicy {
            return "methods-policy";
        }
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The page of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.code() == code)
    }

    /// Whether what is said of this page is said on that one as well: methods are set on two.
    pub fn is_with(self, page: Self) -> bool {
        self == page || (self == Self::AuthenticationMethods && page == Self::MethodsPolicy)
    }

    /// What one has to be allowed to do to see and to save it (R51).
    pub const fn act(self) -> Act {
        match self {
            Self::Customization => Act::HelpLink,
            _ => Act::Policy,
        }
    }

    /// Those that somebody with these roles may see.
    pub fn of_roles(roles: &[Role]) -> Vec<Self> {
        let may = |page: &Self| page.act().is_allowed(roles);
        Self::ALL.into_iter().filter(may).collect()
    }

    /// The settings on it, in the order of the page.
    pub fn settings(self) -> Vec<Setting> {
        Setting::ALL
            .into_iter()
            .filter(|setting| setting.page() == self)
            .collect()
    }
}

/// What the page of whoever asks is.
pub type PolicyScreen = Guarded<PolicyView>;

/// A page of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyView {
    /// Who looks.
    pub reader: Reader,
    /// Which page.
    pub page: PolicyPage,
    /// Its settings, as they are drawn: those of the change under way, else those that count.
    pub values: Vec<(Setting, String)>,
    /// What is wrong with the change under way.
    pub wrongs: Vec<(Setting, Wrong)>,
    /// The change under way, where there is one without faults.
    pub change: Option<Change>,
    /// Why the last post was refused.
    pub refusal: Option<Refusal>,
    /// What the last post did.
    pub said: Option<Told>,
    /// The version that counts.
    pub version: Version,
    /// Whether resets are off for everybody but administrators.
    pub is_off: bool,
    /// Advice on what the page shows.
    pub advice: Vec<Advice>,
    /// The names of all groups, where the page lets one choose among them.
    pub groups: Vec<String>,
    /// The catalogue of questions, each code with its words, where the page lets one pick among them.
    pub catalogue: Vec<(String, String)>,
    /// The tenant's edition.
    pub edition: Edition,
    /// Where the tenant stands on the way to its methods policy.
    pub migration: Migration,
    /// On [`PolicyPage::MethodsPolicy`]: what the old settings allow, which the guide reads.
    pub old: Vec<Gate>,
    /// The gates that no gateway carries: they have no effect whatever is set.
    pub uncarried: Vec<Gate>,
    /// On [`PolicyPage::Versions`]: the newest versions, newest first.
    pub history: Vec<Past>,
}

/// A change that is not saved yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What saving it would change of what counts now.
    pub differences: Vec<Difference>,
    /// Whom it would touch.
    pub preview: Preview,
    /// Names what was seen: saving takes nothing else.
    pub seen: String,
    /// Whether the password has to be typed: it was not within the last five minutes (R50).
    pub wants_password: bool,
    /// Somebody else has saved since the change was begun.
    pub is_overtaken: bool,
}

/// One setting, as it is and as it would be, in the text of [`Setting::read`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub setting: Setting,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// What a post did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It was saved: a further version counts.
    Saved {
        /// How many could reset and can no longer.
        n_lose: u32,
        /// How many could not and now can.
        n_gain: u32,
    },
    /// The change was dropped.
    Discarded,
    /// It is set like this already.
    Same,
}

/// A saved version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    /// When it was saved.
    pub at: Timestamp,
    /// By whom, as people call them; empty: by an operator or the set-up.
    pub by: String,
}

/// A saved version, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The version.
    pub version: Version,
    /// What it changed of the one before it.
    pub differences: Vec<Difference>,
    /// Whether going back to it would change anything of what counts now.
    pub leads_back: bool,
}

/// Advice on a policy (`domain.md` §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Only one method is on: whoever loses it has no other way.
    MoreMethods,
    /// The app is off, the strongest way that needs no gateway.
    PreferApp,
    /// Mobile phones are on: numbers can be taken over.
    MobileWeak,
    /// Outsiders are told who exists.
    TellsOutsiders,
    /// The other administrators should hear of an administrator's reset.
    TellAdmins,
    /// Some of what happens to an account is not told to its owner.
    NoticesOff,
    /// Security questions are on: what they ask is often known to others.
    QuestionsWeak,
    /// The helpdesk's mailbox lies behind this very reset.
    HelpBehindReset,
    /// The pages name no helpdesk, and pass nothing on to it.
    HelpNowhere,
    /// Passwords expire: people then choose weaker ones.
    ExpiryWeakens,
    /// There are terms of the organisation's own, and they do not count.
    TermsIdle,
    /// Wrong passwords pause signing in later, or for less long, than where nothing is set.
    LockoutLax,
    /// A one-time pass is enough by itself: whoever persuades the helpdesk has the account.
    PassAlone,
}
