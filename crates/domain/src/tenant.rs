//! What a tenant has set: typed, versioned, one value.

use crate::brand::Brand;
use crate::password::PasswordPolicy;
use crate::policy::Policy;
use serde::{Deserialize, Serialize};

/// All settings of a tenant. Stored as one JSON value per version; a field that is missing takes its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// How the tenant looks and where its helpdesk is.
    pub brand: Brand,
    /// Its own domains: of user names, and mail domains whose mailboxes take no codes. The first completes bare names.
    pub domains: Vec<String>,
    /// Who may reset, and how.
    #[serde(default)]
    pub policy: Policy,
    /// What a new password has to be.
    #[serde(default)]
    pub password: PasswordPolicy,
}

impl TenantSettings {
    /// The domain that a bare user name gets.
    pub fn first_domain(&self) -> &str {
        self.domains.first().map_or("", String::as_str)
    }
}
