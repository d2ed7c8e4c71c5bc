//! Answers to security questions: of each its Argon2id hash, sealed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub method_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub question: String,
    pub hash: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
