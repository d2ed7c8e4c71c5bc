//! Counting in the database: tries are reserved before anything is compared (R10, R17), messages before they are sent.
//!
//! All of it goes by the time of counters, which a jump of the clock does not shorten (R39).

use crate::core::Core;
use regain_domain::ids::FlowId;
use regain_domain::limits::{
    ASKS_PER_PERSON, BLOCK, FLOW_LIFE, IDENTIFIES_EASY, IDENTIFIES_PER_NETWORK, PAID_SENDS_PER_RANGE,
    PASSWORDS_PER_FLOW, PROOFS_PER_USER, SENDS_PER_DESTINATION, Window, allows, blocked_until, count,
    is_ceiling_reached, spending_day,
};
use regain_domain::tenant::TenantSettings;
use regain_domain::{Refusal, Timestamp};
use regain_store::{Tx, counters, spending};
use std::net::IpAddr;
use std::time::Duration;

/// A try that was counted in a commit of its own, so that no crash and no race takes it back.
pub(crate) struct Reserved {
    key: [u8; 32],
    at: Timestamp,
    /// Until when the person was blocked already; then nothing was counted, and nothing may be compared.
    pub(crate) blocked_until: Option<Timestamp>,
    /// Whether this very try, if it fails, is the one that blocks.
    pub(crate) is_last: bool,
}

/// Counts a try against the person's failed proofs, whoever the person is.
pub(crate) async fn reserve_proof(core: &Core, tx: Tx, key: [u8; 32]) -> anyhow::Result<Reserved> {
    let now = core.window_now();
    let mut hits = counters::take(&tx, key).await?;
    let blocked = blocked_until(&hits, now);
    if blocked.is_none() {
        count(&mut hits, now, &PROOFS_PER_USER);
    }
    counters::put(&tx, key, &hits, now.plus(BLOCK * 2)).await?;
    tx.commit().await?;
    let is_last = blocked.is_none() && blocked_until(&hits, now).is_some();
    Ok(Reserved {
        key,
        at: now,
        blocked_until: blocked.map(|until| shown(core, until)),
        is_last,
    })
}

/// Counts a new password against those of its flow that may be compared with former ones (R06). The caller commits before
/// it compares. `blocked_until` is set if as many were compared as may be.
pub(crate) async fn reserve_password(core: &Core, tx: &Tx, flow: FlowId) -> anyhow::Result<Reserved> {
    let (key, now) = (core.counter("passwords", flow.0.as_bytes()), core.window_now());
    let mut hits = counters::take(tx, key).await?;
    let spent_until = allows(&hits, now, &PASSWORDS_PER_FLOW).err();
    if spent_until.is_none() {
        count(&mut hits, now, &PASSWORDS_PER_FLOW);
    }
    counters::put(tx, key, &hits, now.plus(FLOW_LIFE)).await?;
    let is_last = spent_until.is_none() && allows(&hits, now, &PASSWORDS_PER_FLOW).is_err();
    Ok(Reserved {
        key,
        at: now,
        blocked_until: spent_until,
        is_last,
    })
}

impl Reserved {
    /// Keeps the try, or takes it back if the proof was right or was not compared. Writes the same row either way (R21).
    pub(crate) async fn settle(&self, tx: &Tx, is_failed: bool) -> anyhow::Result<()> {
        let mut hits = counters::take(tx, self.key).await?;
        let own = hits.iter().rposition(|hit| *hit == self.at);
        if let (Some(position), false, None) = (own, is_failed, self.blocked_until) {
            hits.remove(position);
        }
        Ok(counters::put(tx, self.key, &hits, self.at.plus(BLOCK * 2)).await?)
    }
}

/// Until when the person's resets rest.
pub(crate) async fn proofs_blocked_until(core: &Core, tx: &Tx, key: [u8; 32]) -> anyhow::Result<Option<Timestamp>> {
    let hits = counters::peek(tx, key).await?;
    Ok(blocked_until(&hits, core.window_now()).map(|until| shown(core, until)))
}

/// A time by the clock of counters, as people see it and decisions take it: as far from now by the other clock.
fn shown(core: &Core, until: Timestamp) -> Timestamp {
    core.now().plus(until.since(core.window_now()))
}

/// Whether a message may go to a destination now.
pub(crate) async fn may_send(core: &Core, tx: &Tx, key: [u8; 32]) -> anyhow::Result<Result<(), Refusal>> {
    let (hits, now) = (counters::peek(tx, key).await?, core.window_now());
    Ok(allows(&hits, now, &SENDS_PER_DESTINATION).map_err(|until| {
        let seconds = until.seconds_from(now);
        match until.since(now) > Duration::from_mins(1) {
            true => Refusal::SentEnough,
            false => Refusal::Wait { seconds },
        }
    }))
}

/// Counts a message to a destination; false if it may not go after all.
pub(crate) async fn count_send(core: &Core, tx: &Tx, key: [u8; 32]) -> anyhow::Result<bool> {
    let (mut hits, now) = (counters::take(tx, key).await?, core.window_now());
    let is_allowed = allows(&hits, now, &SENDS_PER_DESTINATION).is_ok();
    if is_allowed {
        count(&mut hits, now, &SENDS_PER_DESTINATION);
    }
    counters::put(tx, key, &hits, now.plus(BLOCK)).await?;
    Ok(is_allowed)
}

/// Whether a message that costs may go to a number of this range: the range has had few enough of them this hour, and the
/// tenant has money left today (R20). The gates ask it before they send; the worker of the outbox sees to the price itself.
/// Without a range only the money counts.
pub(crate) async fn may_send_paid(
    core: &Core,
    tx: &Tx,
    settings: &TenantSettings,
    range: Option<&str>,
) -> anyhow::Result<Result<(), Refusal>> {
    let now = core.window_now();
    let hits = match range {
        Some(range) => counters::peek(tx, range_key(core, range)).await?,
        None => Vec::new(),
    };
    let spent = spending::peek(tx, spending_day(now)).await?;
    let is_shut = allows(&hits, now, &PAID_SENDS_PER_RANGE).is_err()
        || is_ceiling_reached(spent.cost, spent.told, settings.message_ceiling);
    Ok(if is_shut { Err(Refusal::SentEnough) } else { Ok(()) })
}

/// Counts a message that costs to a range of numbers; false if it may not go after all. For decoys too (R21).
pub(crate) async fn count_paid(core: &Core, tx: &Tx, range: &str) -> anyhow::Result<bool> {
    let key = range_key(core, range);
    Ok(take_one(core, tx, key, &PAID_SENDS_PER_RANGE).await?.is_ok())
}

/// Whether one more call or push may go to a person now.
pub(crate) async fn may_ask(core: &Core, tx: &Tx, person: [u8; 32]) -> anyhow::Result<Result<(), Refusal>> {
    let (hits, now) = (counters::peek(tx, ask_key(core, person)).await?, core.window_now());
    Ok(allows(&hits, now, &ASKS_PER_PERSON).map_err(|_| Refusal::SentEnough))
}

/// Counts a call or push to a person; false if it may not go after all. For decoys too (R21).
pub(crate) async fn count_ask(core: &Core, tx: &Tx, person: [u8; 32]) -> anyhow::Result<bool> {
    let key = ask_key(core, person);
    Ok(take_one(core, tx, key, &ASKS_PER_PERSON).await?.is_ok())
}

/// `person`: the counter of their failed proofs.
fn ask_key(core: &Core, person: [u8; 32]) -> [u8; 32] {
    core.counter("asks", &person)
}

/// The person's resets rest from now on, whatever was counted before: somebody has said that a request was not theirs.
pub(crate) async fn block(core: &Core, tx: &Tx, person: [u8; 32]) -> anyhow::Result<()> {
    let now = core.window_now();
    counters::take(tx, person).await?;
    let [window] = PROOFS_PER_USER;
    Ok(counters::put(tx, person, &vec![now; window.most], now.plus(BLOCK * 2)).await?)
}

/// What is counted of a number: E.164 without its last four digits.
fn range_key(core: &Core, range: &str) -> [u8; 32] {
    core.counter("range", range.as_bytes())
}

/// How long a page asks to wait before a code can be sent again.
pub(crate) fn resend_wait() -> Duration {
    let spans = SENDS_PER_DESTINATION.iter().map(|window| window.span);
    spans.min().unwrap_or_default()
}

/// Identifies of a network that count towards a harder challenge (R25).
pub(crate) async fn count_recent(core: &Core, tx: &Tx, key: [u8; 32]) -> anyhow::Result<usize> {
    let [window] = IDENTIFIES_EASY;
    let hits = counters::peek(tx, key).await?;
    let opens = core.window_now().minus(window.span);
    Ok(hits.iter().filter(|hit| **hit > opens).count())
}

/// Whether an event of this kind fits its windows; counts it if so. If not: the seconds until it does.
pub(crate) async fn take_one(
    core: &Core,
    tx: &Tx,
    key: [u8; 32],
    windows: &[Window],
) -> anyhow::Result<Result<(), u32>> {
    let (mut hits, now) = (counters::take(tx, key).await?, core.window_now());
    let longest = windows.iter().map(|window| window.span).max().unwrap_or_default();
    let verdict = allows(&hits, now, windows);
    if verdict.is_ok() {
        count(&mut hits, now, windows);
    }
    counters::put(tx, key, &hits, now.plus(longest)).await?;
    Ok(verdict.map_err(|until| until.seconds_from(now)))
}

/// The windows of identifies and sign-ins of one network, as the operator has set them; halved for each reason to be
/// careful: a mode that tells the truth (R24), and attack mode (R20).
pub(crate) fn per_network(core: &Core, reasons: [bool; 2]) -> [Window; 1] {
    let halvings = reasons.into_iter().filter(|reason| *reason).count();
    IDENTIFIES_PER_NETWORK.map(|window| Window {
        most: (core.networks.n_most >> halvings).max(1),
        ..window
    })
}

/// What stands for a network in a counter: the address, of IPv6 the /64.
pub(crate) fn network_bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.octets().to_vec(),
            None => v6.octets().iter().take(8).copied().collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::{NetworkLimits, Service};
    use regain_domain::Cost;
    use regain_domain::brand::Brand;
    use regain_domain::ids::TenantId;
    use regain_domain::tenant::Ways;
    use regain_store::Store;
    use regain_store::spending::Spent;
    use regain_store::tenants::{self, Tenant};
    use std::sync::Arc;

    async fn house() -> (Arc<Core>, Tx, TenantSettings) {
        let store = Store::for_tests().await;
        let service = Service::open(
            store.clone(),
            Arc::new(SystemClock),
            NetworkLimits::default(),
            Ways::ALL,
        )
        .await;
        let core = service.unwrap().core;
        let tenant = Tenant {
            id: TenantId(uuid::Uuid::new_v4()),
            slug: "acorn".to_owned(),
            base_url: "https://reset.acorn.example".to_owned(),
            hosts: vec!["reset.acorn.example".to_owned()],
        };
        let settings = r#"{"brand":null,"domains":["acorn.example"]}"#;
        let brand = serde_json::to_string(&Brand::named("Acorn")).unwrap();
        let settings: TenantSettings = serde_json::from_str(&settings.replace("null", &brand)).unwrap();
        tenants::create(&store, &tenant, &settings, core.now()).await.unwrap();
        let tx = store.write(tenant.id).await.unwrap();
        (core, tx, settings)
    }

    #[tokio::test]
    async fn r20_ten_texts_an_hour_go_to_a_range_of_numbers() {
        let (core, tx, settings) = house().await;
        let ask = async |range| may_send_paid(&core, &tx, &settings, Some(range)).await.unwrap();
        for _ in 0..10 {
            assert_eq!(ask("+42060112").await, Ok(()));
            assert!(count_paid(&core, &tx, "+42060112").await.unwrap());
        }
        assert_eq!(ask("+42060112").await, Err(Refusal::SentEnough));
        assert!(!count_paid(&core, &tx, "+42060112").await.unwrap());
        assert_eq!(ask("+42060113").await, Ok(()));
    }

    #[tokio::test]
    async fn r20_no_text_is_offered_once_the_day_has_cost_enough() {
        let (core, tx, settings) = house().await;
        let day = spending_day(core.window_now());
        for (spent, told, ceiling, expect) in [
            ("19.99", 80, "20.00", Ok(())),
            ("19.99", 100, "20.00", Err(Refusal::SentEnough)),
            ("20.00", 100, "20.00", Err(Refusal::SentEnough)),
            ("20.00", 100, "40.00", Ok(())),
            ("0", 0, "0", Err(Refusal::SentEnough)),
        ] {
            let cost = Cost::parse(spent).unwrap();
            spending::put(&tx, day, Spent { cost, told }).await.unwrap();
            let settings = TenantSettings {
                message_ceiling: Cost::parse(ceiling).unwrap(),
                ..settings.clone()
            };
            let answer = may_send_paid(&core, &tx, &settings, Some("+42060112")).await.unwrap();
            assert_eq!(answer, expect, "{spent} of {ceiling}");
        }
    }
}
