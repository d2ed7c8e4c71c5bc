//! Accounts; `asked_for` is what they are asked for at sign-in, `n_skipped` how often they have put that off, `found_by` what
//! staff find them by.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_name: String,
    pub given_name: String,
    pub family_name: String,
    pub primary_mail: Option<String>,
    pub status: String,
    pub expires_at: Option<i64>,
    pub password_hash: String,
    pub password_changed_at: i64,
    pub password_expires_at: Option<i64>,
    pub must_change: bool,
    pub language: Option<String>,
    pub created_at: i64,
    pub asked_for: Option<String>,
    pub asked_at: Option<i64>,
    pub n_skipped: i64,
    pub skipped_at: Option<i64>,
    pub found_by: String,
    pub register_again_at: Option<i64>,
    pub password_never_expires: bool,
    pub edition: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
