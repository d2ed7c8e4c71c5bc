//! Messages to be sent (R34). `due_at` is when a ready row may go, and when the lease of a leased one is over.
//! `attempted_at` is when a paid one was handed to its gateway, until what became of it is known.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub account_id: Option<Uuid>,
    pub flow_id: Option<Uuid>,
    pub purpose: String,
    pub is_notice: bool,
    pub state: String,
    pub recipient: Option<Vec<u8>>,
    pub letter: Option<Vec<u8>>,
    pub language: String,
    pub channel: String,
    pub attempted_at: Option<i64>,
    pub lease_no: i64,
    pub due_at: i64,
    pub n_tries: i64,
    pub why: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
    pub done_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
