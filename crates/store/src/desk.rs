//! What a session of staff has before it: asked for by a post, which the audit knows of, and drawn until something else is, or
//! the session ends (R42, R54).

use crate::entity::desk;
use crate::{Error, Tx, json, rows};
use regain_domain::ids::SessionId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Puts something there; what was there before on the page is gone.
pub async fn put<T: Serialize + Sync>(tx: &Tx, session: SessionId, page: &str, what: &T) -> Result<(), Error> {
    use desk::Column::{Page, SessionId, TenantId, What};
    let row = desk::Model {
        tenant_id: tx.tenant.0,
        session_id: session.0,
        page: page.to_owned(),
        what: json::write(what)?,
    };
    rows::upsert(&tx.db, row, &[TenantId, SessionId, Page], &[What]).await
}

/// What is there.
pub async fn get<T: DeserializeOwned>(tx: &Tx, session: SessionId, page: &str) -> Result<Option<T>, Error> {
    let found = desk::Entity::find_by_id((tx.tenant.0, session.0, page.to_owned()))
        .one(&tx.db)
        .await?;
    found.map(|row| json::read(&row.what)).transpose()
}

/// Takes it away.
pub async fn clear(tx: &Tx, session: SessionId, page: &str) -> Result<(), Error> {
    desk::Entity::delete_many()
        .filter(desk::Column::TenantId.eq(tx.tenant.0))
        .filter(desk::Column::SessionId.eq(session.0))
        .filter(desk::Column::Page.eq(page))
        .exec(&tx.db)
        .await?;
    Ok(())
}
