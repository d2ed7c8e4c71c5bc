//! Break-glass at the server's own console: whoever may read the keys may do this, and each act is audited (R52).

mod account;
pub mod address;
mod audit;
mod doctor;
mod field;
mod find;
mod keys;
mod kiosk;
mod outbox;
mod tenant;

pub use account::{NewAccount, create_account, disable_account, enrol_app_code, make_admin, set_password};
pub use audit::{COLUMNS, Export, Line};
pub use doctor::doctor;
pub use field::{set_account_edition, set_password_never_expires, set_tenant_edition, set_tenant_migration};
pub use keys::{clean_keys, rotate_keys};
pub use kiosk::{add_kiosk, kiosks, remove_kiosk};
pub use outbox::{DeadLetters, dead_letters, retry};
pub use regain_store::keys::Cleaned as CleanedKeys;
pub(crate) use tenant::fresh_settings;
pub use tenant::{NewTenant, TenantLine, create_tenant, tenants};

/// One line for the operator: what is wrong, and what to do.
pub type Wrong = String;
