//! Tries at gates (R03), each with its newest code (R09).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub flow_id: Uuid,
    pub gate: String,
    pub method_id: Option<Uuid>,
    pub root: Option<String>,
    pub stage: String,
    pub resend_at: Option<i64>,
    pub send_key: Option<Vec<u8>>,
    pub opened_at: i64,
    pub code_mac: Option<Vec<u8>>,
    pub code_expires_at: Option<i64>,
    pub code_used_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
