//! A change of the policy under way, with what was typed as JSON. `version`: the one that it was begun on.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: String,
    pub id: Uuid,
    pub version: i64,
    pub typed: String,
}

impl ActiveModelBehavior for ActiveModel {}
