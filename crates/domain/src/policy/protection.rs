//! What the console sets of new passwords, of their age, and of wrong ones (`domain.md` §7, §9, §10).

use super::setting::{Kind, Setting, number};
use super::value::{is_on, or_empty, switch};
use super::wrong::Wrong;
use crate::lockout::{FIRST_SECONDS, MOST_SECONDS, TRIES};
use crate::password::{AGE_HOURS, EXPIRY_DAYS, LEAST_LENGTHS, PasswordPolicy, Profile, REMEMBERED, TermsRefused};
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// A setting of the page "Password protection", in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Which set of rules: `modern`, `entra`.
    Profile,
    /// Least length; empty: the profile's own.
    Least,
    /// Whether `entra` takes any character.
    Unicode,
    /// Former passwords that may not come again.
    History,
    /// Hours before a password may be changed again.
    LeastAge,
    /// Days after which a password has to be changed; empty: never.
    Expiry,
    /// Whether the organisation's own list counts.
    EnforceCustom,
    /// The organisation's own list, one term a line.
    Custom,
    /// Wrong passwords before signing in pauses.
    LockoutTries,
    /// The first pause, in seconds.
    LockoutFirst,
    /// The longest pause, in seconds.
    LockoutMost,
}

impl Protection {
    /// The stable code: the name of its form field, and in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Least => "least_length",
            Self::Unicode => "unicode",
            Self::History => "history",
            Self::LeastAge => "least_age_hours",
            Self::Expiry => "expiry_days",
            Self::EnforceCustom => "enforce_custom",
            Self::Custom => "custom_terms",
            Self::LockoutTries => "lockout_tries",
            Self::LockoutFirst => "lockout_first",
            Self::LockoutMost => "lockout_most",
        }
    }

    /// What it is set by.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Profile => Kind::Choice(&["modern", "entra"]),
            Self::Least => number(*LEAST_LENGTHS.start(), *LEAST_LENGTHS.end()),
            Self::History => number(*REMEMBERED.start(), *REMEMBERED.end()),
            Self::LeastAge => number(*AGE_HOURS.start(), *AGE_HOURS.end()),
            Self::Expiry => number(*EXPIRY_DAYS.start(), *EXPIRY_DAYS.end()),
            Self::LockoutTries => number(*TRIES.start(), *TRIES.end()),
            Self::LockoutFirst => number(*FIRST_SECONDS.start(), *FIRST_SECONDS.end()),
            Self::LockoutMost => number(*MOST_SECONDS.start(), *MOST_SECONDS.end()),
            Self::Unicode | Self::EnforceCustom => Kind::Switch,
            Self::Custom => Kind::Lines,
        }
    }

    pub(super) fn read(self, settings: &TenantSettings) -> String {
        let (password, lockout) = (&settings.password, settings.lockout);
        match self {
            Self::Profile => profile_code(password.profile).to_owned(),
            Self::Least => or_empty(password.least),
            Self::Unicode => switch(password.unicode),
            Self::History => password.history.to_string(),
            Self::LeastAge => password.least_age_hours.to_string(),
            Self::Expiry => or_empty(password.expiry_days),
            Self::EnforceCustom => switch(password.enforce_custom),
            Self::Custom => password.custom.join("\n"),
            Self::LockoutTries => lockout.tries.to_string(),
            Self::LockoutFirst => lockout.first_seconds.to_string(),
            Self::LockoutMost => lockout.most_seconds.to_string(),
        }
    }

    pub(super) fn write(self, settings: &mut TenantSettings, typed: &str) -> Result<(), Wrong> {
        let (setting, password, lockout) = (Setting::Protection(self), &mut settings.password, &mut settings.lockout);
        match self {
            Self::Profile => password.profile = profile(typed)?,
            Self::Least => password.least = setting.number_or_none(typed)?,
            Self::Unicode => password.unicode = is_on(typed),
            Self::History => password.history = setting.number(typed)?,
            Self::LeastAge => password.least_age_hours = setting.number(typed)?,
            Self::Expiry => password.expiry_days = setting.number_or_none(typed)?,
            Self::EnforceCustom => password.enforce_custom = is_on(typed),
            Self::Custom => password.custom = PasswordPolicy::terms_accepted(typed).map_err(refused)?,
            Self::LockoutTries => lockout.tries = setting.number(typed)?,
            Self::LockoutFirst => lockout.first_seconds = setting.number(typed)?,
            Self::LockoutMost => lockout.most_seconds = setting.number(typed)?,
        }
        Ok(())
    }
}

/// A first pause that is longer than the longest.
pub(super) fn wrongs(settings: &TenantSettings) -> Option<(Setting, Wrong)> {
    let lockout = settings.lockout;
    let setting = Setting::Protection(Protection::LockoutMost);
    (lockout.most_seconds < lockout.first_seconds).then_some((setting, Wrong::LockoutOrder))
}

const fn refused(refused: TermsRefused) -> Wrong {
    match refused {
        TermsRefused::Length { line } => Wrong::TermLength { line },
        TermsRefused::TooMany { most } => Wrong::TooMany { most },
    }
}

const fn profile_code(profile: Profile) -> &'static str {
    match profile {
        Profile::Modern => "modern",
        Profile::Entra => "entra",
    }
}

fn profile(code: &str) -> Result<Profile, Wrong> {
    [Profile::Modern, Profile::Entra]
        .into_iter()
        .find(|profile| profile_code(*profile) == code)
        .ok_or(Wrong::Choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(protection: Protection, typed: &str, expect: Result<&str, &Wrong>) {
        let mut settings = crate::testing::settings(&[]);
        let done = protection.write(&mut settings, typed);
        let read = done.map(|()| protection.read(&settings));
        assert_eq!(read.as_deref(), expect, "{protection:?} {typed}");
    }

    #[test]
    fn r27_each_setting_of_passwords_takes_its_range_and_no_more() {
        use Protection::{Custom, Expiry, History, LeastAge, LockoutFirst, LockoutMost, LockoutTries};
        for (setting, least, most) in [
            (Protection::Least, 8, 64),
            (History, 0, 24),
            (LeastAge, 0, 720),
            (Expiry, 1, 730),
            (LockoutTries, 1, 50),
            (LockoutFirst, 5, 18_000),
            (LockoutMost, 900, 18_000),
        ] {
            let range = Wrong::Range { least, most };
            for inside in [least, most] {
                check(setting, &inside.to_string(), Ok(&inside.to_string()));
            }
            check(setting, &(most + 1).to_string(), Err(&range));
            if let Some(below) = least.checked_sub(1) {
                check(setting, &below.to_string(), Err(&range));
            }
        }
        check(Protection::Least, "", Ok(""));
        check(Expiry, "", Ok(""));
        check(Protection::Profile, "entra", Ok("entra"));
        check(Protection::Profile, "older", Err(&Wrong::Choice));
        check(Custom, "Contoso\n\nC0nt0so\nHarbour", Ok("Contoso\nHarbour"));
        check(Custom, "Contoso\nsix", Err(&Wrong::TermLength { line: 2 }));
    }

    #[test]
    fn the_first_pause_is_no_longer_than_the_longest() {
        let mut settings = crate::testing::settings(&[]);
        assert_eq!(wrongs(&settings), None);
        settings.lockout.first_seconds = settings.lockout.most_seconds + 1;
        let setting = Setting::Protection(Protection::LockoutMost);
        assert_eq!(wrongs(&settings), Some((setting, Wrong::LockoutOrder)));
    }
}
