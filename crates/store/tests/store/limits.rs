//! Counters and nonces under load.

use crate::world::{HOUR, at, at_once, tenant};
use regain_domain::Cost;
use regain_store::spending::Spent;
use regain_store::{Store, counters, nonces, spending};

on_both! {
    r17_a_counter_loses_no_hit
    a_counter_is_read_written_and_cleared
    a_nonce_is_spent_once
    r20_no_cost_is_lost_and_days_and_tenants_are_apart
}

async fn r17_a_counter_loses_no_hit(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    at_once(50, |number| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let mut hits = counters::take(&tx, [1; 32]).await.unwrap();
            hits.push(at(i64::try_from(number).unwrap()));
            counters::put(&tx, [1; 32], &hits, at(HOUR)).await.unwrap();
            tx.commit().await.unwrap();
        }
    })
    .await;
    let mut hits = counters::peek(&store.read(tenant).await.unwrap(), [1; 32])
        .await
        .unwrap();
    hits.sort_unstable();
    assert_eq!(hits, (0..50).map(at).collect::<Vec<_>>());
}

async fn a_counter_is_read_written_and_cleared(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    assert_eq!(counters::peek(&tx, [1; 32]).await.unwrap(), []);
    counters::put(&tx, [1; 32], &vec![at(1)], at(HOUR)).await.unwrap();
    assert_eq!(counters::take(&tx, [1; 32]).await.unwrap(), [at(1)]);
    assert_eq!(counters::take(&tx, [2; 32]).await.unwrap(), []);
    counters::clear(&tx, [1; 32]).await.unwrap();
    assert_eq!(counters::peek(&tx, [1; 32]).await.unwrap(), []);
}

async fn a_nonce_is_spent_once(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let spent = at_once(20, |_| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let is_new = nonces::spend(&tx, [1; 32], at(HOUR)).await.unwrap();
            tx.commit().await.unwrap();
            is_new
        }
    })
    .await;
    assert_eq!(spent.into_iter().filter(|is_new| *is_new).count(), 1);
    let tx = store.write(tenant).await.unwrap();
    assert!(nonces::spend(&tx, [2; 32], at(HOUR)).await.unwrap());
}

async fn r20_no_cost_is_lost_and_days_and_tenants_are_apart(store: Store) {
    let (acorn, birch) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    at_once(30, |_| {
        let store = store.clone();
        async move {
            let tx = store.write(acorn).await.unwrap();
            let spent = spending::take(&tx, 20_000).await.unwrap();
            let cost = spent.cost.plus(Cost::of_micros(7_500));
            spending::put(&tx, 20_000, Spent { cost, told: 80 }).await.unwrap();
            tx.commit().await.unwrap();
        }
    })
    .await;
    let all = Spent {
        cost: Cost::of_micros(225_000),
        told: 80,
    };
    for (tenant, day, expect) in [
        (acorn, 20_000, all),
        (acorn, 20_001, Spent::default()),
        (birch, 20_000, Spent::default()),
    ] {
        let tx = store.read(tenant).await.unwrap();
        assert_eq!(spending::peek(&tx, day).await.unwrap(), expect);
    }
}
