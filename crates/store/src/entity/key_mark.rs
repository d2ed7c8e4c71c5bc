//! Which keys the database was written with.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub key_id: String,
    pub check_value: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
