//! Messages that cost: the mark that one was handed to its gateway, in a commit before that happens. R34, F26.

use super::end::leased;
use crate::entity::outbox;
use crate::{Error, Tx};
use regain_domain::Timestamp;
use regain_domain::ids::MessageId;
use regain_domain::limits::OUTBOX_LEASE;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Why a message was given up that may have gone out.
pub(super) const UNKNOWN: &str = "unknown";

/// Marks that it is handed over now, and begins its lease anew, so that the gateway has all of it. True if the lease was
/// still ours; else nothing may be handed over.
pub async fn attempt(tx: &Tx, id: MessageId, lease_no: i64, now: Timestamp) -> Result<bool, Error> {
    let done = outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(id.0))
        .filter(outbox::Column::TenantId.eq(tx.tenant.0))
        .filter(outbox::Column::AttemptedAt.is_null())
        .filter(outbox::Column::ExpiresAt.gt(now.ms()))
        .filter(leased(lease_no))
        .col_expr(outbox::Column::AttemptedAt, Expr::value(now.ms()))
        .col_expr(outbox::Column::DueAt, Expr::value(now.plus(OUTBOX_LEASE).ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}
