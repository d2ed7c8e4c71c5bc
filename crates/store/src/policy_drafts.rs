//! Changes of a policy under way: what was typed, until it is saved, dropped, or the session ends.

use crate::entity::policy_draft;
use crate::{Error, Tx, json, rows};
use regain_domain::ids::SessionId;
use regain_domain::policy::page::PolicyPage;
use regain_domain::policy::setting::Setting;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A change under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Names this very change: one that is typed anew has another.
    pub id: Uuid,
    /// The page that it belongs to.
    pub page: PolicyPage,
    /// The version that it was begun on.
    pub version: i64,
    /// What was typed.
    pub typed: Vec<(Setting, String)>,
}

/// Puts it down; a former one of the session and the page is gone.
pub async fn put(tx: &Tx, session: SessionId, draft: &Draft) -> Result<(), Error> {
    use policy_draft::Column::{Id, Page, SessionId, TenantId, Typed, Version};
    let row = policy_draft::Model {
        tenant_id: tx.tenant.0,
        session_id: session.0,
        page: draft.page.code().to_owned(),
        id: draft.id,
        version: draft.version,
        typed: json::write(&draft.typed)?,
    };
    rows::upsert(&tx.db, row, &[TenantId, SessionId, Page], &[Id, Version, Typed]).await
}

/// The change of a session on a page.
pub async fn of_session(tx: &Tx, session: SessionId, page: PolicyPage) -> Result<Option<Draft>, Error> {
    let found = policy_draft::Entity::find_by_id((tx.tenant.0, session.0, page.code().to_owned()))
        .one(&tx.db)
        .await?;
    let read = |row: policy_draft::Model| {
        Ok(Draft {
            id: row.id,
            page: json::of_code(&row.page, PolicyPage::of_code)?,
            version: row.version,
            typed: json::read(&row.typed)?,
        })
    };
    found.map(read).transpose()
}

/// Drops it.
pub async fn drop(tx: &Tx, session: SessionId, page: PolicyPage) -> Result<(), Error> {
    policy_draft::Entity::delete_many()
        .filter(policy_draft::Column::TenantId.eq(tx.tenant.0))
        .filter(policy_draft::Column::SessionId.eq(session.0))
        .filter(policy_draft::Column::Page.eq(page.code()))
        .exec(&tx.db)
        .await?;
    Ok(())
}
