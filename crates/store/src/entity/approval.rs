//! Phones that were asked, by a call or in the app, and what they answered (R12, R13).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub flow_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub method_id: Option<Uuid>,
    pub token_hash: Vec<u8>,
    pub number: Option<String>,
    pub about: String,
    pub provider_id: Option<String>,
    pub answer: Option<String>,
    pub asked_at: i64,
    pub expires_at: i64,
    pub answered_at: Option<i64>,
    pub used_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
