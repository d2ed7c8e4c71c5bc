//! What messages may cost in a day: a price is reserved before its message is handed over, and settled afterwards (R20).
//!
//! Days go by the time of counters, so that a jump of the clock begins no new one early (R39).

use crate::core::Core;
use crate::notice;
use regain_domain::Cost;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::ids::TenantId;
use regain_domain::limits::{CEILING_ALERTS, ceiling_alert, may_spend, spending_day};
use regain_domain::tenant::TenantSettings;
use regain_store::{Tx, audit, spending};

/// A price that is set aside. If the process dies it stays spent: the message may have gone out.
pub(crate) struct Reserved {
    day: i64,
    price: Cost,
}

/// Sets a price aside; nothing if it would pass the ceiling. Whoever may raise that is told, once a day at each mark.
pub(crate) async fn reserve(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    price: Cost,
) -> anyhow::Result<Option<Reserved>> {
    let (day, ceiling) = (spending_day(core.window_now()), settings.message_ceiling);
    let mut spent = spending::take(tx, day).await?;
    let is_allowed = may_spend(spent.cost, price, ceiling);
    if is_allowed {
        spent.cost = spent.cost.plus(price);
    }
    let [_, reached] = CEILING_ALERTS;
    let due = match is_allowed {
        true => ceiling_alert(spent.cost, spent.told, ceiling),
        // Too little is left, however much that is. Where none may go out, none is missed.
        false => (spent.told < reached && ceiling > Cost::ZERO).then_some(reached),
    };
    tell(core, tx, settings, day, &mut spent, due).await?;
    spending::put(tx, day, spent).await?;
    Ok(is_allowed.then_some(Reserved { day, price }))
}

/// Puts the real price in place of the one that was set aside: what was charged, or nothing.
pub(crate) async fn settle(
    core: &Core,
    tenant: TenantId,
    settings: &TenantSettings,
    reserved: Reserved,
    real: Cost,
) -> anyhow::Result<()> {
    let Reserved { day, price } = reserved;
    if real == price {
        return Ok(());
    }
    let tx = core.store.write(tenant).await?;
    let mut spent = spending::take(&tx, day).await?;
    spent.cost = spent.cost.minus(price).plus(real);
    let due = ceiling_alert(spent.cost, spent.told, settings.message_ceiling).filter(|_| real > price);
    tell(core, &tx, settings, day, &mut spent, due).await?;
    spending::put(&tx, day, spent).await?;
    Ok(tx.commit().await?)
}

async fn tell(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    day: i64,
    spent: &mut spending::Spent,
    due: Option<u8>,
) -> anyhow::Result<()> {
    let Some(percent) = due else { return Ok(()) };
    spent.told = percent;
    notice::ceiling_reached(core, tx, settings, percent).await?;
    let entry = Entry::success(Activity::MessageCeiling, &percent.to_string());
    let request_id = format!("ceiling-{day}");
    let row = audit::Row::inside(&entry, core.now(), Actor::Server, &request_id);
    Ok(audit::write(tx, &row).await?)
}
