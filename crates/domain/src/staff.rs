//! Whoever looks at a page of the console, and what becomes of those who may not (R51).

use crate::role::Role;
use serde::{Deserialize, Serialize};

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Their name, as people call them.
    pub name: String,
    /// The name that they sign in with.
    pub user_name: String,
    /// Their roles.
    pub roles: Vec<Role>,
}

/// A page for those who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarded<T> {
    /// Nobody is signed in who holds a role.
    SignedOut,
    /// Their roles do not allow it (R51).
    Forbidden(Reader),
    /// The page.
    Page(Box<T>),
}

impl<T> Guarded<T> {
    /// The page, where there is one.
    pub fn page(&self) -> Option<&T> {
        match self {
            Self::Page(page) => Some(page),
            Self::SignedOut | Self::Forbidden(_) => None,
        }
    }
}
