//! Channels that fail one message after the other: known to all nodes, and the same for all tenants. A row is there only while
//! a channel fails.

use crate::entity::channel_trouble;
use crate::{Error, Store, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::notice::ChannelKind;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// A channel has failed once more.
pub async fn failed(store: &Store, channel: ChannelKind, now: Timestamp) -> Result<(), Error> {
    let db = store.begin().await?;
    let row = channel_trouble::Model {
        channel: channel.code().to_owned(),
        n_failed: 1,
        failed_at: now.ms(),
    };
    if !rows::insert_new(&db, row).await? {
        channel_trouble::Entity::update_many()
            .filter(channel_trouble::Column::Channel.eq(channel.code()))
            .col_expr(
                channel_trouble::Column::NFailed,
                Expr::col(channel_trouble::Column::NFailed).add(1),
            )
            .col_expr(channel_trouble::Column::FailedAt, Expr::value(now.ms()))
            .exec(&db)
            .await?;
    }
    Ok(db.commit().await?)
}

/// A channel works. Writes nothing if it has not failed.
pub async fn worked(store: &Store, channel: ChannelKind) -> Result<(), Error> {
    let found = channel_trouble::Entity::find_by_id(channel.code())
        .one(&store.inner.reader)
        .await?;
    if found.is_none() {
        return Ok(());
    }
    let db = store.begin().await?;
    channel_trouble::Entity::delete_by_id(channel.code()).exec(&db).await?;
    Ok(db.commit().await?)
}

/// The channels that have failed so often in a row, the last time after a point in time.
pub async fn of_channels(tx: &Tx, least: u32, after: Timestamp) -> Result<Vec<ChannelKind>, Error> {
    let found = channel_trouble::Entity::find()
        .filter(channel_trouble::Column::NFailed.gte(i64::from(least)))
        .filter(channel_trouble::Column::FailedAt.gt(after.ms()))
        .all(&tx.db)
        .await?;
    Ok(found
        .iter()
        .filter_map(|row| ChannelKind::of_code(&row.channel))
        .collect())
}
