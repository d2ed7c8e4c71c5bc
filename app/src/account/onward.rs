//! Where somebody goes once they are signed in: a name from a short list, never an address out of a request (R56).

use crate::roots::{go, query};

/// A page to come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Onward {
    /// One's own page.
    #[default]
    Home,
    /// The change of the password.
    Password,
    /// One's own methods.
    Security,
}

impl Onward {
    const ALL: [Self; 3] = [Self::Home, Self::Password, Self::Security];

    /// The name in the field `to`, and behind the `?` of the sign-in page.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Password => "password",
            Self::Security => "security",
        }
    }

    /// Reads a name; anything else means one's own page.
    pub(crate) fn of_code(code: &str) -> Self {
        let found = Self::ALL.into_iter().find(|onward| onward.code() == code);
        found.unwrap_or_default()
    }

    /// What the page was asked to lead to.
    pub(crate) fn asked() -> Self {
        Self::of_code(&query("to").unwrap_or_default())
    }

    /// The page.
    pub(crate) const fn page(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Password => "/change-password",
            Self::Security => "/security-info",
        }
    }

    /// The page of what is asked for at sign-in, which leads there.
    pub(super) const fn past_security(self) -> &'static str {
        match self {
            Self::Password => "/security-info?to=password",
            Self::Home | Self::Security => "/security-info",
        }
    }

    /// The sign-in page that leads there.
    pub(crate) const fn sign_in(self) -> &'static str {
        match self {
            Self::Home => "/signin",
            Self::Password => "/signin?to=password",
            Self::Security => "/signin?to=security",
        }
    }
}

/// Sends somebody who is not signed in to the sign-in page, and from there back to where they were going.
pub(crate) fn away(to: Onward) {
    go(to.sign_in());
}

#[cfg(test)]
mod tests {
    use super::Onward;

    #[test]
    fn r56_a_name_that_is_none_leads_home() {
        for onward in Onward::ALL {
            assert_eq!(Onward::of_code(onward.code()), onward);
            let (_, code) = onward.sign_in().split_once("?to=").unwrap_or_default();
            assert_eq!(code, onward.code());
        }
        for odd in ["https://elsewhere.example", "//elsewhere.example", "/reset", "Password"] {
            assert_eq!(Onward::of_code(odd), Onward::Home, "{odd}");
        }
    }
}
