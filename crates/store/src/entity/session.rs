//! Signed-in browsers. A session that ends is deleted.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub cookie_hash: Vec<u8>,
    pub account_id: Uuid,
    pub is_staff: bool,
    pub stage: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    pub network: String,
    pub device: String,
    pub proved_at: Option<i64>,
    pub proved_for: Option<String>,
    pub password_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
