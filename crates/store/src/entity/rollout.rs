//! Whom a tenant tries its pilot with.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    pub account_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
