//! What messages have cost, by tenant and day (R20). The ceiling is the domain's; here sums are only kept.

use crate::entity::spent;
use crate::{Error, Tx};
use regain_domain::Cost;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

/// A day's sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// What went out, and what is on its way.
    pub cost: Cost,
    /// The highest alert of that day, in percent of the ceiling; 0 for none.
    pub told: u8,
}

/// The sum of a day, held against other writers until the transaction ends: nobody spends in between.
pub async fn take(tx: &Tx, day: i64) -> Result<Spent, Error> {
    let none = row(tx, day, Spent::default()).into_active_model();
    // Writes the day that is there already, which is what holds the row.
    let untouched = OnConflict::columns([spent::Column::TenantId, spent::Column::Day])
        .update_column(spent::Column::Day)
        .to_owned();
    let made = spent::Entity::insert(none).on_conflict(untouched);
    let held = made.exec_with_returning(&tx.db).await.map_err(Error::of_insert)?;
    Ok(value(&held))
}

/// The sum as it is, held against nobody.
pub async fn peek(tx: &Tx, day: i64) -> Result<Spent, Error> {
    let found = spent::Entity::find_by_id((tx.tenant.0, day)).one(&tx.db).await?;
    Ok(found.as_ref().map(value).unwrap_or_default())
}

/// Writes the sum.
pub async fn put(tx: &Tx, day: i64, spent: Spent) -> Result<(), Error> {
    let key = [spent::Column::TenantId, spent::Column::Day];
    let changed = [spent::Column::Micros, spent::Column::Told];
    crate::rows::upsert(&tx.db, row(tx, day, spent), &key, &changed).await
}

fn row(tx: &Tx, day: i64, spent: Spent) -> spent::Model {
    spent::Model {
        tenant_id: tx.tenant.0,
        day,
        micros: i64::try_from(spent.cost.micros()).unwrap_or(i64::MAX),
        told: i64::from(spent.told),
    }
}

fn value(row: &spent::Model) -> Spent {
    Spent {
        cost: Cost::of_micros(u64::try_from(row.micros).unwrap_or_default()),
        told: u8::try_from(row.told).unwrap_or(u8::MAX),
    }
}
