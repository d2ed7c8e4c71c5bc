//! Methods that are being registered, each with its newest code (R53).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub session_id: Uuid,
    pub kind: String,
    pub stage: String,
    pub value: String,
    pub secret: Option<Vec<u8>>,
    pub code_mac: Option<Vec<u8>>,
    pub code_expires_at: Option<i64>,
    pub resend_at: Option<i64>,
    pub n_failed: i64,
    pub refusals: String,
    pub started_at: i64,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
