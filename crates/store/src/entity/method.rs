//! Registered methods of accounts; `place` is their order, `last_step` the newest spent step of an app.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "method")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub place: i64,
    pub kind: String,
    pub value: Option<String>,
    pub secret: Option<Vec<u8>>,
    pub is_verified: bool,
    pub last_step: i64,
    pub added_at: i64,
    pub last_used_at: Option<i64>,
    pub name: Option<String>,
    pub preferred_at: Option<i64>,
    pub root: Option<String>,
    pub confirmed_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
