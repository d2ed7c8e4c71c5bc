//! Flows (R01). `hollow` is why nothing can come of it, `detail` what its state carries, both as JSON.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flow")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub cookie_hash: Vec<u8>,
    pub rev: i64,
    pub account_id: Option<Uuid>,
    pub hollow: Option<String>,
    pub user_name: String,
    pub purpose: String,
    pub client: String,
    pub mode: String,
    pub state: String,
    pub detail: Option<String>,
    pub attempt_id: Option<Uuid>,
    pub n_needed: i64,
    pub n_failed: i64,
    pub policy_version: i64,
    pub password_changed_at: Option<i64>,
    pub refusals: String,
    pub reference: String,
    pub is_help_asked: bool,
    pub started_at: i64,
    pub moved_at: i64,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
