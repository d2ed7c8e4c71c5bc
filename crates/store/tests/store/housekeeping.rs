//! Sweeping: what is over goes, what lives stays, in batches.

use crate::world::{HOUR, MINUTE, account, at, attempt, code_letter, flow, notice, posted, session, started, tenant};
use regain_domain::Timestamp;
use regain_domain::flow::{Flow, State};
use regain_domain::gate::{Gate, Pass, Root};
use regain_domain::ids::MethodId;
use regain_domain::limits::spending_day;
use regain_store::sessions::Stage;
use regain_store::{Error, Store, counters, flows, housekeeping, nonces, outbox, sessions, spending};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

on_both! {
    r38_what_is_over_goes_and_what_lives_stays
    r38_a_batch_takes_no_more_than_it_may
    r39_a_counter_stays_as_long_as_its_own_clock_says
    dead_letters_stay_for_a_month
    what_messages_have_cost_is_known_for_ninety_days
    r38_messages_are_given_up_in_batches
}

/// Sweeps by a clock on which both readings of time agree.
async fn swept(store: &Store, now: Timestamp, most: u64) -> Result<u64, Error> {
    housekeeping::sweep(store, now, now, most).await
}

async fn count(store: &Store, table: &str) -> i64 {
    let db = store.database();
    let all = Statement::from_string(db.get_database_backend(), format!("SELECT count(*) AS n FROM {table}"));
    db.query_one_raw(all).await.unwrap().unwrap().try_get("", "n").unwrap()
}

async fn r38_what_is_over_goes_and_what_lives_stays(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    for (cookie, expires_at) in [(1, at(15 * MINUTE)), (2, at(3 * HOUR))] {
        let open = attempt();
        let flow = Flow {
            state: State::Gating(Some(open.clone())),
            expires_at,
            ..flow(ada)
        };
        started(&tx, &flow, cookie).await;
        let pass = Pass {
            gate: Gate::Email,
            root: Root::mail("ada@mail.example"),
            method: MethodId(Uuid::new_v4()),
        };
        flows::pass(&tx, flow.id, open.id, &pass, at(1)).await.unwrap();
        nonces::spend(&tx, [cookie; 32], expires_at).await.unwrap();
        counters::put(&tx, [cookie; 32], &vec![at(0)], expires_at)
            .await
            .unwrap();
        let session = sessions::Session {
            expires_at,
            ..session(ada, Stage::SignedIn)
        };
        sessions::insert(&tx, &session, [cookie; 32]).await.unwrap();
    }
    counters::take(&tx, [3; 32]).await.unwrap();
    posted(&tx, &code_letter("481516"), None, None).await;
    posted(&tx, &notice(), None, None).await;
    tx.commit().await.unwrap();

    // Nonce, counters (one was never written) and session of the first; its flow has an hour to rest.
    assert_eq!(swept(&store, at(HOUR + 14 * MINUTE), 100).await.unwrap(), 5);
    assert_eq!(count(&store, "flow").await, 2);
    assert_eq!(swept(&store, at(HOUR + 15 * MINUTE), 100).await.unwrap(), 1);
    for table in ["flow", "attempt", "gate_pass", "nonce", "counter", "session", "outbox"] {
        assert_eq!(count(&store, table).await, 1, "{table}");
    }
    assert_eq!(swept(&store, at(HOUR + 15 * MINUTE), 100).await.unwrap(), 0);
    let tx = store.read(tenant).await.unwrap();
    assert!(flows::of_cookie(&tx, [2; 32]).await.unwrap().is_some());
}

async fn r38_a_batch_takes_no_more_than_it_may(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    for number in 0..7 {
        nonces::spend(&tx, [number; 32], at(0)).await.unwrap();
    }
    tx.commit().await.unwrap();
    for expect in [3, 3, 1, 0] {
        assert_eq!(swept(&store, at(0), 3).await.unwrap(), expect);
    }
}

async fn dead_letters_stay_for_a_month(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    posted(&tx, &notice(), None, Some("ada@mail.example")).await;
    tx.commit().await.unwrap();
    assert_eq!(swept(&store, at(25 * HOUR), 100).await.unwrap(), 1, "given up");
    assert_eq!(swept(&store, at(25 * HOUR), 100).await.unwrap(), 0);
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    assert_eq!(
        (dead.len(), dead[0].why.as_str(), dead[0].dead_at),
        (1, "expired", at(25 * HOUR))
    );
    assert_eq!(swept(&store, at((25 + 30 * 24) * HOUR), 100).await.unwrap(), 1);
}

async fn r38_messages_are_given_up_in_batches(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    for _ in 0..7 {
        posted(&tx, &notice(), None, Some("ada@mail.example")).await;
    }
    tx.commit().await.unwrap();
    for (expect, n_dead) in [(3, 3), (3, 6), (1, 7), (0, 7)] {
        assert_eq!(swept(&store, at(25 * HOUR), 3).await.unwrap(), expect);
        let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
        assert_eq!(dead.len(), n_dead);
    }
    assert_eq!(count(&store, "audit").await, 7, "r54: each one is told");
}

async fn r39_a_counter_stays_as_long_as_its_own_clock_says(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    counters::put(&tx, [1; 32], &vec![at(0)], at(HOUR)).await.unwrap();
    nonces::spend(&tx, [1; 32], at(HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    // The clock has jumped: what expires is over, what is counted is not.
    let n_removed = housekeeping::sweep(&store, at(2 * HOUR), at(MINUTE), 100).await;
    assert_eq!(n_removed.unwrap(), 1);
    assert_eq!((count(&store, "nonce").await, count(&store, "counter").await), (0, 1));
    let n_removed = housekeeping::sweep(&store, at(3 * HOUR), at(HOUR), 100).await;
    assert_eq!(n_removed.unwrap(), 1);
}

async fn what_messages_have_cost_is_known_for_ninety_days(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let today = spending_day(at(0));
    for day in [today - 91, today - 90, today] {
        spending::put(&tx, day, spending::Spent::default()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(swept(&store, at(0), 100).await.unwrap(), 1);
    assert_eq!(count(&store, "spent").await, 2);
}
