//! Rows as they stand in tables, one file each. They never leave this crate.

#![expect(unreachable_pub, reason = "the macros of sea-orm emit pub items")]
#![expect(clippy::struct_field_names, reason = "fields are named as columns")]

pub(crate) mod account;
pub(crate) mod account_group;
pub(crate) mod account_role;
pub(crate) mod answer;
pub(crate) mod approval;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod ceremony;
pub(crate) mod channel_trouble;
pub(crate) mod counter;
pub(crate) mod demo_clock;
pub(crate) mod demo_message;
pub(crate) mod demo_person;
pub(crate) mod desk;
pub(crate) mod device;
pub(crate) mod enrolment;
pub(crate) mod flow;
pub(crate) mod former_password;
pub(crate) mod gate_pass;
pub(crate) mod group_account;
pub(crate) mod group_group;
pub(crate) mod key_mark;
pub(crate) mod kiosk;
pub(crate) mod method;
pub(crate) mod nonce;
pub(crate) mod one_time_pass;
pub(crate) mod outbox;
pub(crate) mod policy_draft;
pub(crate) mod push_key;
pub(crate) mod rollout;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod spent;
pub(crate) mod tenant;
pub(crate) mod tenant_host;
pub(crate) mod time_mark;
pub(crate) mod veto;
