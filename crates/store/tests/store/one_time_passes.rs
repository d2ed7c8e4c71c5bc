//! One-time passes (R52).

use crate::world::{HOUR, MINUTE, account, at, flow, started, tenant};
use regain_domain::ids::MethodId;
use regain_store::{Store, accounts, flows, housekeeping, one_time_passes};
use uuid::Uuid;

on_both! {
    r52_a_pass_is_spent_once_and_only_while_it_lasts
    r52_another_one_ends_the_former
    r08_what_ends_flows_ends_the_pass
    r38_a_pass_that_is_over_is_swept_away
}

const ONE: MethodId = MethodId(Uuid::from_u128(1));
const OTHER: MethodId = MethodId(Uuid::from_u128(2));

async fn r52_a_pass_is_spent_once_and_only_while_it_lasts(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bea) = (account(&tx, "ada").await, account(&tx, "bea").await);
    one_time_passes::give(&tx, ada, ONE, "hash", at(MINUTE)).await.unwrap();
    let read = accounts::by_id(&tx, ada).await.unwrap().unwrap().one_time_pass.unwrap();
    assert_eq!((read.id, read.expires_at, read.is_spent), (ONE, at(MINUTE), false));
    assert_eq!(
        one_time_passes::hash(&tx, ada).await.unwrap(),
        Some((ONE, "hash".to_owned()))
    );
    for (whose, id, now) in [(ada, ONE, at(MINUTE)), (ada, OTHER, at(0)), (bea, ONE, at(0))] {
        assert!(!one_time_passes::spend(&tx, whose, id, now).await.unwrap());
    }
    assert!(one_time_passes::spend(&tx, ada, ONE, at(1)).await.unwrap());
    assert!(
        !one_time_passes::spend(&tx, ada, ONE, at(1)).await.unwrap(),
        "a second time"
    );
    let read = accounts::by_id(&tx, ada).await.unwrap().unwrap().one_time_pass.unwrap();
    assert!(read.is_spent && !read.is_good(at(1)));
    assert_eq!(one_time_passes::hash(&tx, bea).await.unwrap(), None);
}

async fn r52_another_one_ends_the_former(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    one_time_passes::give(&tx, ada, ONE, "one", at(MINUTE)).await.unwrap();
    assert!(one_time_passes::spend(&tx, ada, ONE, at(0)).await.unwrap());
    one_time_passes::give(&tx, ada, OTHER, "other", at(HOUR)).await.unwrap();
    assert!(!one_time_passes::spend(&tx, ada, ONE, at(0)).await.unwrap());
    assert!(one_time_passes::spend(&tx, ada, OTHER, at(MINUTE)).await.unwrap());
}

async fn r08_what_ends_flows_ends_the_pass(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bea) = (account(&tx, "ada").await, account(&tx, "bea").await);
    let kept = flow(ada);
    started(&tx, &kept, 1).await;
    for person in [ada, bea] {
        one_time_passes::give(&tx, person, ONE, "hash", at(HOUR)).await.unwrap();
    }
    flows::end_others(&tx, ada, Some(kept.id), at(1)).await.unwrap();
    assert_eq!(one_time_passes::hash(&tx, ada).await.unwrap(), None);
    assert!(
        one_time_passes::hash(&tx, bea).await.unwrap().is_some(),
        "nobody else's"
    );
}

async fn r38_a_pass_that_is_over_is_swept_away(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    one_time_passes::give(&tx, ada, ONE, "hash", at(MINUTE)).await.unwrap();
    tx.commit().await.unwrap();
    let is_there = async || {
        let tx = store.read(tenant).await.unwrap();
        one_time_passes::hash(&tx, ada).await.unwrap().is_some()
    };
    let sweep = async |now| housekeeping::sweep(&store, now, now, 100).await.unwrap();
    // What was proved with it stands for as long as a flow does.
    sweep(at(HOUR)).await;
    assert!(is_there().await);
    sweep(at(HOUR + MINUTE)).await;
    assert!(!is_there().await);
}
