//! What operators and staff set of single accounts: their edition, that their password never expires, and that they register anew.

use crate::accounts::change;
use crate::entity::account;
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::AccountId;
use regain_domain::policy::Edition;
use sea_orm::sea_query::Expr;

/// Sets whether its password stays good however old it gets.
pub async fn set_password_never_expires(tx: &Tx, id: AccountId, never: bool) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(account::Column::PasswordNeverExpires, Expr::value(never))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Sets its own edition; nothing: the tenant's holds.
pub async fn set_edition(tx: &Tx, id: AccountId, edition: Option<Edition>) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(account::Column::Edition, Expr::value(edition.map(Edition::code)))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Has its methods registered anew at the next sign-in, from this point in time on; nothing: no longer.
pub async fn set_register_again(tx: &Tx, id: AccountId, at: Option<Timestamp>) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(account::Column::RegisterAgainAt, Expr::value(at.map(Timestamp::ms)))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}
