//! What a tenant's messages have cost in a day (R20). `told` is the highest alert that was given, in percent.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    pub micros: i64,
    pub told: i64,
}

impl ActiveModelBehavior for ActiveModel {}
