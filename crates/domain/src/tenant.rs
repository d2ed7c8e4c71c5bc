//! What a tenant has set: typed, versioned, one value.

use crate::Cost;
use crate::audit::AuditDays;
use crate::brand::Brand;
use crate::limits::MESSAGE_CEILING;
use crate::lockout::Lockout;
use crate::notice::ChannelKind;
use crate::password::PasswordPolicy;
use crate::policy::{Edition, Policy};
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
    /// When wrong passwords pause signing in, and for how long.
    #[serde(default)]
    pub lockout: Lockout,
    /// The plan, which features hang on.
    #[serde(default)]
    pub edition: Edition,
    /// How long the audit is kept.
    #[serde(default)]
    pub audit_days: AuditDays,
    /// Which ways to phones there are. Of the whole installation, and in no row: whoever reads the settings adds it.
    #[serde(skip)]
    pub ways: Ways,
    /// What messages that cost may cost in a day, in the gateways' currency; nothing lets none out (R20).
    #[serde(default = "message_ceiling")]
    pub message_ceiling: Cost,
}

/// Which ways to phones the installation's gateways have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Text messages.
    pub sms: bool,
    /// Messages of `WhatsApp`.
    pub whatsapp: bool,
    /// Calls.
    pub call: bool,
}

impl Ways {
    /// All of them.
    pub const ALL: Self = Self {
        sms: true,
        whatsapp: true,
        call: true,
    };

    /// Whether a message can take this way. Mail and pushes always can.
    pub const fn have(self, channel: ChannelKind) -> bool {
        match channel {
            ChannelKind::Mail | ChannelKind::Push => true,
            ChannelKind::Sms => self.sms,
            ChannelKind::WhatsApp => self.whatsapp,
            ChannelKind::Call => self.call,
        }
    }
}

const fn message_ceiling() -> Cost {
    MESSAGE_CEILING
}

impl TenantSettings {
    /// The domain that a bare user name gets.
    pub fn first_domain(&self) -> &str {
        self.domains.first().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r38_settings_of_before_there_was_a_retention_keep_the_audit_for_400_days() {
        let older = r#"{"brand":{"name":"Acorn"},"domains":["acorn.example"]}"#;
        let settings: TenantSettings = serde_json::from_str(older).unwrap();
        assert_eq!(settings.audit_days, AuditDays::default());
        let newer = serde_json::to_string(&settings).unwrap();
        assert!(newer.contains(r#""audit_days":400"#), "{newer}");
        assert!(newer.contains(r#""message_ceiling":"20.00""#), "{newer}");
        assert_eq!(serde_json::from_str::<TenantSettings>(&newer).unwrap(), settings);
    }
}
