//! The mark of the greatest time seen, and what happens when a start finds it ahead.

use crate::world::{HOUR, MINUTE, account, at, at_once, code_letter, flow, notice, posted, session, started, tenant};
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::flow::{Flow, State, Summary};
use regain_store::audit::Row;
use regain_store::sessions::Stage;
use regain_store::{Store, audit, counters, flows, outbox, sessions, times};

on_both! {
    r39_the_mark_only_grows
    r39_a_step_back_ends_what_is_open_in_all_tenants
    r39_one_of_several_nodes_steps_back
    the_databases_own_time_is_asked_where_it_has_one
}

fn told(entry: &Entry) -> Row<'_> {
    Row::inside(entry, at(HOUR), Actor::Server, "clock")
}

async fn r39_the_mark_only_grows(store: Store) {
    assert_eq!(times::seen(&store).await.unwrap(), None);
    for (now, expect) in [(HOUR, HOUR), (MINUTE, HOUR), (2 * HOUR, 2 * HOUR)] {
        times::mark(&store, at(now)).await.unwrap();
        assert_eq!(times::seen(&store).await.unwrap(), Some(at(expect)));
    }
    at_once(20, |number| {
        let store = store.clone();
        async move {
            let now = at(3 * HOUR + i64::try_from(number).unwrap());
            times::mark(&store, now).await.unwrap();
        }
    })
    .await;
    assert_eq!(times::seen(&store).await.unwrap(), Some(at(3 * HOUR + 19)));
}

async fn r39_a_step_back_ends_what_is_open_in_all_tenants(store: Store) {
    let tenants = [tenant(&store, "acorn").await, tenant(&store, "birch").await];
    let done = State::Done(Summary {
        is_unlocked: false,
        changed_at: at(3 * HOUR),
        n_sessions_ended: 0,
        n_mailboxes: 1,
    });
    for id in tenants {
        let tx = store.write(id).await.unwrap();
        let ada = account(&tx, "ada").await;
        let open = flow(ada);
        started(&tx, &open, 1).await;
        started(
            &tx,
            &Flow {
                state: done.clone(),
                ..flow(ada)
            },
            2,
        )
        .await;
        sessions::insert(&tx, &session(ada, Stage::SignedIn), [1; 32])
            .await
            .unwrap();
        posted(&tx, &code_letter("481516"), Some(open.id), Some("ada@mail.example")).await;
        posted(&tx, &notice(), None, Some("ada@mail.example")).await;
        let (hits, keep_until) = (vec![at(-MINUTE), at(3 * HOUR)], at(50 * HOUR));
        counters::put(&tx, [1; 32], &hits, keep_until).await.unwrap();
        tx.commit().await.unwrap();
    }
    // The worker holds both messages by the clock that was wrong.
    let leased = outbox::lease(&store, at(3 * HOUR), 10).await.unwrap();
    assert_eq!(leased.len(), 2, "the codes have expired by then");
    times::mark(&store, at(3 * HOUR)).await.unwrap();

    let entry = Entry::failure(Activity::Clock, "went-back");
    let row = told(&entry);
    assert!(times::step_back(&store, at(3 * HOUR), at(0), &row).await.unwrap());
    assert_eq!(times::seen(&store).await.unwrap(), Some(at(0)));
    for id in tenants {
        let tx = store.read(id).await.unwrap();
        assert_eq!(sessions::of_cookie(&tx, [1; 32]).await.unwrap(), None);
        assert_eq!(flows::of_cookie(&tx, [1; 32]).await.unwrap(), None);
        assert!(
            flows::of_cookie(&tx, [2; 32]).await.unwrap().is_some(),
            "it was over before"
        );
        let hits = counters::peek(&tx, [1; 32]).await.unwrap();
        assert_eq!(hits, [at(-MINUTE), at(0)], "what lay ahead counts from now");
        let entries = audit::recent(&tx, 10).await.unwrap();
        let of_clock = entries.iter().filter(|entry| entry.activity == "clock");
        assert_eq!(
            of_clock.map(|entry| entry.reason.as_str()).collect::<Vec<_>>(),
            ["went-back"]
        );
    }
    let again = outbox::lease(&store, at(MINUTE), 10).await.unwrap();
    assert_eq!(again.len(), 2, "notices do not wait until the clock is there again");
}

async fn r39_one_of_several_nodes_steps_back(store: Store) {
    let id = tenant(&store, "acorn").await;
    times::mark(&store, at(2 * HOUR)).await.unwrap();
    let stepped = at_once(10, |_| {
        let store = store.clone();
        async move {
            let entry = Entry::failure(Activity::Clock, "went-back");
            times::step_back(&store, at(2 * HOUR), at(0), &told(&entry))
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(stepped.into_iter().filter(|is_first| *is_first).count(), 1);
    let tx = store.read(id).await.unwrap();
    assert_eq!(audit::recent(&tx, 10).await.unwrap().len(), 1);
}

async fn the_databases_own_time_is_asked_where_it_has_one(store: Store) {
    let first = times::of_database(&store).await.unwrap();
    let later = times::of_database(&store).await.unwrap();
    assert_eq!(first.is_some(), !store.is_sqlite());
    assert!(later >= first && first.is_none_or(|at| at.ms() > 1_700_000_000_000));
}
