//! Phones with Regain's own authenticator: the public half of each one's key, and where it is woken, sealed (R12).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub method_id: Option<Uuid>,
    pub enrolment_id: Option<Uuid>,
    pub key: Vec<u8>,
    pub place: Option<Vec<u8>>,
    pub said_at: i64,
    pub added_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
