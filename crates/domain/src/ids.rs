//! Identifiers: 128 random bits each, one type per kind of thing (R49).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A tenant: one organisation.
    TenantId,
    /// An account of a tenant.
    AccountId,
    /// A group of accounts.
    GroupId,
    /// A registered method of an account.
    MethodId,
    /// A security question of a tenant's own.
    QuestionId,
    /// One run of the wizard.
    FlowId,
    /// One try at a gate within a flow.
    AttemptId,
    /// A request to a phone: a call, or a push.
    RequestId,
    /// A phone with Regain's own authenticator.
    DeviceId,
    /// A method that is being registered.
    EnrolmentId,
    /// An enrolled workstation.
    KioskId,
    /// A signed-in browser.
    SessionId,
    /// A message to be sent.
    MessageId,
    /// An audit entry.
    AuditId,
}
