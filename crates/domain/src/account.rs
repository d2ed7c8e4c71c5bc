//! Accounts as decisions see them, and the form of user names.

use crate::Timestamp;
use crate::gate::one_time::OneTimePass;
use crate::gate::{Gate, MethodKind, Root, email};
use crate::ids::{AccountId, GroupId, MethodId};
use crate::limits::{EXPIRY_WARNING, USER_NAME_MOST};
use crate::locale::Language;
use crate::password::PasswordPolicy;
use crate::policy::Edition;
use crate::refusal::Refusal;
use crate::registration::AskedFor;
use crate::role::Role;
use crate::text::nfkc;
use serde::{Deserialize, Serialize};

/// The name under which an account is found: NFKC, small letters, outer blanks dropped, with a domain.
///
/// Spellings that reach one account reach one value, so that decoys and counters cannot tell them apart (R22).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserName(String);

impl UserName {
    /// Reads what was typed; a bare name gets `first_domain`.
    pub fn parse(typed: &str, first_domain: &str) -> Result<Self, Refusal> {
        let name: String = nfkc(typed.trim().chars()).flat_map(char::to_lowercase).collect();
        if name.is_empty() {
            return Err(Refusal::UsernameMissing);
        }
        let name = if name.contains('@') {
            name
        } else {
            format!("{name}@{first_domain}")
        };
        let (local, domain) = name.rsplit_once('@').unwrap_or((&name, ""));
        let is_local = |c: char| c.is_alphanumeric() || "'.-_!#^~+".contains(c);
        let is_well_formed = !local.is_empty()
            && local.chars().count() <= 64
            && !local.ends_with('.')
            && local.chars().all(is_local)
            && domain.chars().count() <= 48
            && domain
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
        match name.chars().count() > USER_NAME_MOST {
            true => Err(Refusal::TooLong),
            false if is_well_formed => Ok(Self(name)),
            false => Err(Refusal::UsernameForm),
        }
    }

    /// As it was read from a row.
    pub fn of_row(name: String) -> Self {
        Self(name)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(&self.0, |(local, _)| local)
    }
}

/// Whether an account may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In use.
    Active,
    /// Signing in is held until somebody lifts it, or a reset does.
    Locked,
    /// Switched off.
    Disabled,
}

impl Status {
    /// The stable code in rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
        }
    }

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Active, Self::Locked, Self::Disabled]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

/// One registered method of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its registration.
    pub id: MethodId,
    /// What it is.
    pub kind: MethodKind,
    /// The address or number, or the codes of the questions that were answered ([`questions::listed`]); nothing for an app.
    /// Secrets and answers stay sealed in their rows.
    ///
    /// [`questions::listed`]: crate::gate::questions::listed
    pub value: Option<String>,
    /// The one that the person wants to be asked for first.
    pub is_preferred: bool,
    /// When its owner said last that it is right: to register it says so.
    pub confirmed_at: Timestamp,
}

/// An account, with all that decisions about it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub user_name: UserName,
    /// Given name; may be empty.
    pub given_name: String,
    /// Family name; may be empty.
    pub family_name: String,
    /// The mailbox that gets notices.
    pub primary_mail: Option<String>,
    /// Whether it may be used.
    pub status: Status,
    /// When the account itself ends.
    pub expires_at: Option<Timestamp>,
    /// When the password was set last.
    pub password_changed_at: Timestamp,
    /// When the password stops to be good.
    pub password_expires_at: Option<Timestamp>,
    /// Whether the password stays good however old it gets, whatever the tenant has set.
    pub password_never_expires: bool,
    /// Its own edition; nothing: the tenant's.
    pub edition: Option<Edition>,
    /// The password must be changed at the next sign-in.
    pub must_change: bool,
    /// Staff want its methods registered anew at the next sign-in, which cannot be put off.
    pub must_register: bool,
    /// The language of its mails.
    pub language: Option<Language>,
    /// Roles; whoever holds one is an administrator.
    pub roles: Vec<Role>,
    /// Groups, nested ones included.
    pub groups: Vec<GroupId>,
    /// What they are asked for at sign-in, and how often they have put it off.
    pub asked: Option<AskedFor>,
    /// Registered methods: the preferred one, then the others in the order in which they were added.
    pub methods: Vec<Method>,
    /// The one-time pass that staff have given last, if its row is still there (R52).
    pub one_time_pass: Option<OneTimePass>,
}

impl Account {
    /// Whether the rules for administrators hold (`domain.md` §7).
    pub fn is_admin(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Whether it is switched off or over.
    pub fn is_disabled(&self, now: Timestamp) -> bool {
        self.status == Status::Disabled || self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether the password has to be changed before anything else.
    pub fn wants_new_password(&self, policy: &PasswordPolicy, now: Timestamp) -> bool {
        self.must_change || self.password_ends_at(policy).is_some_and(|end| end <= now)
    }

    /// When the password stops to be good: at its own end, or at the age that the tenant has set.
    fn password_ends_at(&self, policy: &PasswordPolicy) -> Option<Timestamp> {
        let most_age = policy.most_age().filter(|_| !self.password_never_expires);
        let by_age = most_age.map(|age| self.password_changed_at.plus(age));
        self.password_expires_at.into_iter().chain(by_age).min()
    }

    /// The same, if it is near enough to be told ahead.
    pub fn password_ends_soon(&self, policy: &PasswordPolicy, now: Timestamp) -> Option<Timestamp> {
        let end = self.password_ends_at(policy)?;
        (end > now && end.minus(EXPIRY_WARNING) <= now).then_some(end)
    }

    /// Given and family name, or the user name where there is neither.
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name);
        match name.trim() {
            "" => self.user_name.as_str().to_owned(),
            name => name.to_owned(),
        }
    }

    /// The registrations that a gate may be proved with, in their order.
    pub fn methods_of<'a>(&'a self, gate: Gate, own_domains: &'a [String]) -> impl Iterator<Item = &'a Method> {
        let is_its = move |method: &&Method| method.kind.gates().contains(&gate);
        self.methods
            .iter()
            .filter(is_its)
            .filter(move |method| method.may_prove(own_domains))
    }

    /// The registrations of a kind that may prove anything, in their order.
    pub fn methods_of_kind<'a>(
        &'a self,
        kind: MethodKind,
        own_domains: &'a [String],
    ) -> impl Iterator<Item = &'a Method> {
        let is_its = move |method: &&Method| method.kind == kind;
        self.methods
            .iter()
            .filter(is_its)
            .filter(move |method| method.may_prove(own_domains))
    }

    /// The same without one of its methods.
    #[must_use]
    pub fn without(&self, method: MethodId) -> Self {
        let others = self.methods.iter().filter(|other| other.id != method);
        Self {
            methods: others.cloned().collect(),
            ..self.clone()
        }
    }

    /// Every mailbox that gets notices: the primary one and all others, each once.
    pub fn mailboxes(&self) -> Vec<String> {
        self.mailboxes_and(None)
    }

    /// The same, and one that has just been registered.
    pub fn mailboxes_and(&self, new: Option<&str>) -> Vec<String> {
        let new = new.map(str::to_owned);
        let others = self.methods.iter().filter(|method| method.kind == MethodKind::Email);
        let mut mailboxes: Vec<String> = Vec::new();
        for address in self
            .primary_mail
            .iter()
            .chain(others.filter_map(|method| method.value.as_ref()))
            .chain(&new)
        {
            if mailboxes
                .iter()
                .all(|other| email::canonical(other) != email::canonical(address))
            {
                mailboxes.push(address.clone());
            }
        }
        mailboxes
    }
}

impl Method {
    /// The root that a pass by this method stands on (R04).
    pub fn root(&self) -> Root {
        match (self.kind, &self.value) {
            (MethodKind::Email, Some(address)) => Root::mail(address),
            (MethodKind::Mobile | MethodKind::Office, Some(number)) => Root::phone(number),
            (MethodKind::Questions, _) => Root::questions(self.id),
            (MethodKind::Passkey, _) => Root::passkey(self.id),
            _ => Root::app(self.id),
        }
    }

    /// Whether it may prove anything at all: an address of the tenant's own takes no codes (R53).
    fn may_prove(&self, own_domains: &[String]) -> bool {
        let takes_codes = |address: &str| email::may_take_codes(address, own_domains);
        match self.kind {
            MethodKind::Email => self.value.as_deref().is_some_and(takes_codes),
            MethodKind::Mobile | MethodKind::Office => self.value.is_some(),
            MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_expires_at_its_own_end_or_at_the_age_that_is_set_and_is_told_of_14_days_ahead() {
        let day = |n: u64| Timestamp::from_ms(0).plus(std::time::Duration::from_hours(24 * n));
        let account = |own_end: Option<u64>, never| Account {
            password_expires_at: own_end.map(day),
            password_never_expires: never,
            ..crate::testing::person()
        };
        for (own_end, never, expiry_days, end) in [
            (None, false, None, None),
            (None, false, Some(90), Some(90)),
            (None, true, Some(90), None),
            (Some(30), false, Some(90), Some(30)),
            (Some(100), false, Some(90), Some(90)),
            (Some(30), true, Some(90), Some(30)),
            (None, false, Some(0), Some(1)),
            (None, false, Some(9_999), Some(730)),
        ] {
            let policy = PasswordPolicy {
                expiry_days,
                ..PasswordPolicy::default()
            };
            let account = account(own_end, never);
            let case = format!("{own_end:?} {never} {expiry_days:?}");
            assert_eq!(account.password_ends_at(&policy), end.map(day), "{case}");
            let Some(end) = end else {
                assert!(!account.wants_new_password(&policy, day(9_999)), "{case}");
                continue;
            };
            let just_before = day(end).minus(std::time::Duration::from_millis(1));
            assert!(!account.wants_new_password(&policy, just_before), "{case}");
            assert!(account.wants_new_password(&policy, day(end)), "{case}");
            assert_eq!(
                account.password_ends_soon(&policy, just_before),
                Some(day(end)),
                "{case}"
            );
            assert_eq!(account.password_ends_soon(&policy, day(end)), None, "{case}");
            if let Some(ahead) = end.checked_sub(14) {
                let told = day(ahead);
                assert_eq!(account.password_ends_soon(&policy, told), Some(day(end)), "{case}");
                let before = told.minus(std::time::Duration::from_millis(1));
                assert_eq!(account.password_ends_soon(&policy, before), None, "{case}");
            }
        }
    }

    #[test]
    fn r22_spellings_of_one_person_are_one_name() {
        for typed in [
            "user@acorn.example",
            " User@ACORN.example ",
            "user",
            "ＵＳＥＲ",
            "user@ａcorn.example",
        ] {
            let name = UserName::parse(typed, "acorn.example").expect("a name");
            assert_eq!(name.as_str(), "user@acorn.example", "{typed}");
        }
    }

    #[test]
    fn what_is_no_user_name_is_told_why() {
        let long = "x".repeat(200);
        for (typed, expect) in [
            ("", Refusal::UsernameMissing),
            ("  ", Refusal::UsernameMissing),
            ("a b@acorn.example", Refusal::UsernameForm),
            ("user.@acorn.example", Refusal::UsernameForm),
            ("@acorn.example", Refusal::UsernameForm),
            ("user@", Refusal::UsernameForm),
            ("user\u{0}", Refusal::UsernameForm),
            ("<script>", Refusal::UsernameForm),
            (&long, Refusal::TooLong),
        ] {
            assert_eq!(UserName::parse(typed, "acorn.example"), Err(expect), "{typed:?}");
        }
    }
}
