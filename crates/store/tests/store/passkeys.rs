//! Passkeys in rows: what a browser was asked takes one answer, and a key changes by its use.

use crate::world::{HOUR, MINUTE, account, at, at_once, tenant};
use regain_domain::gate::{MethodKind, Root};
use regain_domain::ids::{AttemptId, EnrolmentId, SessionId};
use regain_store::ceremonies::{Owner, put, spend, waiting};
use regain_store::methods::NewMethod;
use regain_store::{Store, housekeeping, methods};
use uuid::Uuid;

on_both! {
    a_ceremony_takes_one_answer_in_its_time
    r08_a_ceremony_is_its_owners_and_its_tenants_alone
    r02_of_two_answers_one_is_taken
    a_key_changes_by_its_use
    r53_a_key_is_found_wherever_it_is_registered
}

async fn a_ceremony_takes_one_answer_in_its_time(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let owner = Owner::Attempt(AttemptId(Uuid::new_v4()));
    let tx = store.write(tenant).await.unwrap();
    put(&tx, owner, b"first", at(MINUTE)).await.unwrap();
    put(&tx, owner, b"second", at(MINUTE)).await.unwrap();
    assert_eq!(waiting(&tx, owner, at(0)).await.unwrap().unwrap().as_slice(), b"second");
    assert!(waiting(&tx, owner, at(MINUTE)).await.unwrap().is_none(), "over");
    assert_eq!(spend(&tx, owner, at(0)).await.unwrap().unwrap().as_slice(), b"second");
    assert!(spend(&tx, owner, at(0)).await.unwrap().is_none(), "spent");
    put(&tx, owner, b"late", at(MINUTE)).await.unwrap();
    assert!(spend(&tx, owner, at(MINUTE)).await.unwrap().is_none(), "over");
    put(&tx, owner, b"left", at(MINUTE)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(housekeeping::sweep(&store, at(0), at(0), 9).await.unwrap(), 0);
    assert_eq!(housekeeping::sweep(&store, at(MINUTE), at(MINUTE), 9).await.unwrap(), 1);
}

async fn r08_a_ceremony_is_its_owners_and_its_tenants_alone(store: Store) {
    let (acorn, birch) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    let id = Uuid::new_v4();
    let owner = Owner::Attempt(AttemptId(id));
    let tx = store.write(acorn).await.unwrap();
    put(&tx, owner, b"asked", at(HOUR)).await.unwrap();
    for other in [
        Owner::Enrolment(EnrolmentId(id)),
        Owner::Session(SessionId(id)),
        Owner::Attempt(AttemptId(Uuid::new_v4())),
        Owner::Browser([0; 32]),
    ] {
        assert!(spend(&tx, other, at(0)).await.unwrap().is_none(), "{other:?}");
    }
    tx.commit().await.unwrap();
    let tx = store.write(birch).await.unwrap();
    assert!(spend(&tx, owner, at(0)).await.unwrap().is_none());
    drop(tx);
    let tx = store.write(acorn).await.unwrap();
    assert!(spend(&tx, owner, at(0)).await.unwrap().is_some());
}

async fn r02_of_two_answers_one_is_taken(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let owner = Owner::Browser([7; 32]);
    let tx = store.write(tenant).await.unwrap();
    put(&tx, owner, b"asked", at(HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    let taken = at_once(20, |_| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let is_taken = spend(&tx, owner, at(0)).await.unwrap().is_some();
            tx.commit().await.unwrap();
            is_taken
        }
    })
    .await;
    assert_eq!(taken.into_iter().filter(|is_taken| *is_taken).count(), 1);
}

fn key(account: regain_domain::ids::AccountId) -> NewMethod<'static> {
    NewMethod {
        account,
        kind: MethodKind::Passkey,
        value: None,
        secret: Some(b"a key"),
        is_verified: true,
    }
}

async fn a_key_changes_by_its_use(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let (first, second) = (
        methods::add(&tx, &key(ada), at(0)).await.unwrap(),
        methods::add(&tx, &key(ada), at(0)).await.unwrap(),
    );
    methods::change_secret(&tx, first, b"a key, used").await.unwrap();
    let held = methods::secrets(&tx, ada, MethodKind::Passkey).await.unwrap();
    let held: Vec<_> = held.iter().map(|(id, secret)| (*id, secret.as_slice())).collect();
    assert_eq!(held, [(first, b"a key, used".as_slice()), (second, b"a key")]);
    assert!(methods::secrets(&tx, ada, MethodKind::App).await.unwrap().is_empty());
}

async fn r53_a_key_is_found_wherever_it_is_registered(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let id = methods::add(&tx, &key(ada), at(0)).await.unwrap();
    let root = Root::of_row("credential:1".to_owned());
    methods::set_root(&tx, id, &root).await.unwrap();
    assert_eq!(methods::n_others(&tx, bob, &root).await.unwrap(), 1);
    assert_eq!(methods::n_others(&tx, ada, &root).await.unwrap(), 0);
}
