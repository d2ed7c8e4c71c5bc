//! Which source of authority owns an account's password.

use regain_domain::account::Account;

/// A source of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Regain's own store.
    BuiltIn,
}

/// The one owner of an account's password.
///
/// Exhaustive matches on the answer are what makes each new kind of owner a compile error wherever a password is
/// written or compared, and not a silent write to the wrong place.
pub fn owner(_account: &Account) -> Owner {
    Owner::BuiltIn
}
