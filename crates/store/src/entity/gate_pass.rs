//! Passed gates (R03): at most one per attempt.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gate_pass")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt_id: Uuid,
    pub flow_id: Uuid,
    pub gate: String,
    pub root: String,
    pub method_id: Uuid,
    pub passed_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
