//! What every query file needs: new rows, counts that must not be zero, and whose rows are meant.

use crate::error::Error;
use sea_orm::sea_query::{Expr, InsertStatement, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, Iterable, ModelTrait,
    QueryTrait,
};
use uuid::Uuid;

/// Most values in one statement; SQLite takes 32 766, PostgreSQL 65 535.
const VALUES_MOST: usize = 30_000;

/// Most values that one statement looks for.
pub(crate) const KEYS_MOST: usize = 1_000;

/// Whose rows a statement takes.
pub(crate) enum Whose<'a> {
    /// Those of these accounts.
    These(&'a [Uuid]),
    /// Those of all accounts from the first of two ids to the second: with many, far less to compare.
    Within(Uuid, Uuid),
}

impl Whose<'_> {
    pub(crate) fn are(&self, account: impl ColumnTrait) -> Expr {
        match self {
            Self::These(ids) => account.is_in(ids.iter().copied()),
            Self::Within(first, last) => account.between(*first, *last),
        }
    }
}

/// Writes a new row; one that is there already is a conflict.
pub(crate) async fn insert<M>(db: &impl ConnectionTrait, row: M) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    db.execute(&statement(row)).await.map_err(Error::of_insert)?;
    Ok(())
}

/// Writes many new rows, as few statements as there may be; one that is there already is a conflict.
pub(crate) async fn insert_many<M>(db: &impl ConnectionTrait, rows: Vec<M>) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let n_columns = <M::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(VALUES_MOST / n_columns);
        let statement = Insert::many(some).into_query();
        db.execute(&statement).await.map_err(Error::of_insert)?;
    }
    Ok(())
}

/// Writes a new row whose key the database counts up.
pub(crate) async fn insert_active<A: ActiveModelTrait>(db: &impl ConnectionTrait, row: A) -> Result<(), Error> {
    db.execute(&Insert::one(row).into_query())
        .await
        .map_err(Error::of_insert)?;
    Ok(())
}

/// Writes a row unless it is there already; tells whether it was new.
pub(crate) async fn insert_new<M>(db: &impl ConnectionTrait, row: M) -> Result<bool, Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let mut statement = statement(row);
    statement.on_conflict(OnConflict::new().do_nothing().to_owned());
    let done = db.execute(&statement).await.map_err(Error::of_insert)?;
    Ok(done.rows_affected() == 1)
}

/// Writes a row, or the given columns of the one that is there.
pub(crate) async fn upsert<M>(
    db: &impl ConnectionTrait,
    row: M,
    key: &[<M::Entity as EntityTrait>::Column],
    columns: &[<M::Entity as EntityTrait>::Column],
) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let mut statement = statement(row);
    statement.on_conflict(
        OnConflict::columns(key.iter().copied())
            .update_columns(columns.iter().copied())
            .to_owned(),
    );
    db.execute(&statement).await.map_err(Error::of_insert)?;
    Ok(())
}

fn statement<M>(row: M) -> InsertStatement
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    Insert::one(row.into_active_model()).into_query()
}

/// A conditional update that has to have hit a row (R02).
pub(crate) fn hit(n_rows: u64) -> Result<(), Error> {
    match n_rows {
        0 => Err(Error::Conflict),
        _ => Ok(()),
    }
}
