//! One-time passes: of each account the last one, as its Argon2id hash.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_pass")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    pub id: Uuid,
    pub hash: String,
    pub expires_at: i64,
    pub spent_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
