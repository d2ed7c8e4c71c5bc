//! Locked workstations that may open the kiosk's page.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub fingerprint: Vec<u8>,
    pub added_at: i64,
    pub opened_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
