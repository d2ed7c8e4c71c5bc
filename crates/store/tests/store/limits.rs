//! Counters and nonces under load.

use crate::world::{HOUR, at, at_once, tenant};
use regain_store::{Store, counters, nonces};

on_both! {
    r17_a_counter_loses_no_hit
    a_counter_is_read_written_and_cleared
    a_nonce_is_spent_once
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
