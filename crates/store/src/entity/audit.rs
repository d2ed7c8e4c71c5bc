//! The audit (R54): rows are only ever added, which triggers hold.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub no: i64,
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub at: i64,
    pub activity: String,
    pub is_success: bool,
    pub reason: String,
    pub actor_id: Option<Uuid>,
    pub actor_role: Option<String>,
    pub subject_id: Option<Uuid>,
    pub network: String,
    pub device_hash: Vec<u8>,
    pub request_id: String,
    pub reference: Option<String>,
    pub client: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
