//! Channels that fail, by the code of the channel.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_trouble")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    pub n_failed: i64,
    pub failed_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
