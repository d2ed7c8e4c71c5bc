//! The set-up of an installation without an organisation: one row, gone once there is one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub key_hash: Vec<u8>,
    pub browser_hash: Option<Vec<u8>>,
    pub draft: Option<Vec<u8>>,
    pub revision: i64,
    pub expires_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
