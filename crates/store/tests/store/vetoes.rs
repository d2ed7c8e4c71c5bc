//! References of messages: found by what is typed, under any key, at their own tenant, in their time; used once.

use crate::world::{HOUR, account, at, at_once, notice, tenant};
use regain_domain::ids::{AccountId, MessageId, TenantId};
use regain_domain::limits::REFERENCE_LIFE;
use regain_domain::locale::Language;
use regain_domain::not_me::Reference;
use regain_domain::notice::ChannelKind;
use regain_store::outbox::{self, NewMessage};
use regain_store::{Store, Tx, housekeeping, vetoes};
use uuid::Uuid;

on_both! {
    a_reference_is_found_by_what_is_typed_and_used_once
    r49_a_reference_is_its_tenants_alone
    r21_the_reference_of_a_message_to_nobody_stops_nothing
    r38_references_go_when_they_are_over
    a_message_brings_its_reference_along
}

/// A message to an account's mailbox, or to nobody, and its reference.
pub async fn reported(tx: &Tx, account: AccountId, to: Option<&str>) -> Reference {
    let (letter, reference) = (notice(), Reference::new(*b"7319846205"));
    let message = NewMessage {
        id: MessageId(Uuid::new_v4()),
        account: Some(account),
        flow: None,
        channel: ChannelKind::Mail,
        letter: &letter,
        reference: Some(&reference),
        to,
        language: Language::En,
        expires_at: letter.good_until(at(0)),
    };
    outbox::put(tx, &message, at(0)).await.unwrap();
    reference
}

async fn told(store: &Store, to: Option<&str>) -> (TenantId, AccountId, Reference) {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let reference = reported(&tx, ada, to).await;
    tx.commit().await.unwrap();
    (tenant, ada, reference)
}

async fn a_reference_is_found_by_what_is_typed_and_used_once(store: Store) {
    let (tenant, ada, reference) = told(&store, Some("ada@mail.example")).await;
    let typed = Reference::parse(&reference.shown().to_lowercase()).unwrap();
    let tx = store.read(tenant).await.unwrap();
    let found = vetoes::of_reference(&tx, &typed, at(1)).await.unwrap().unwrap();
    assert_eq!((found.account, found.purpose.as_str()), (ada, "blocked"));
    let other = Reference::parse("K7QM2-XWD3H").unwrap();
    assert_eq!(vetoes::of_reference(&tx, &other, at(1)).await.unwrap(), None);
    drop(tx);
    let used = at_once(20, |_| {
        let (store, found) = (store.clone(), found.clone());
        async move {
            let tx = store.write(tenant).await.unwrap();
            let is_first = vetoes::spend(&tx, &found, at(2)).await.unwrap();
            tx.commit().await.unwrap();
            is_first
        }
    })
    .await;
    assert_eq!(used.into_iter().filter(|is_first| *is_first).count(), 1);
    let tx = store.read(tenant).await.unwrap();
    assert!(vetoes::of_reference(&tx, &typed, at(3)).await.unwrap().is_some());
}

async fn r49_a_reference_is_its_tenants_alone(store: Store) {
    let (own, ada, reference) = told(&store, Some("ada@mail.example")).await;
    let foreign = tenant(&store, "birch").await;
    let tx = store.read(own).await.unwrap();
    let found = vetoes::of_reference(&tx, &reference, at(1)).await.unwrap().unwrap();
    drop(tx);
    let tx = store.write(foreign).await.unwrap();
    assert_eq!(vetoes::of_reference(&tx, &reference, at(1)).await.unwrap(), None);
    assert!(!vetoes::spend(&tx, &found, at(1)).await.unwrap());
    regain_store::approvals::void_all(&tx, ada, at(1)).await.unwrap();
    assert_eq!(
        regain_store::flows::reference(&tx, Some(crate::world::flow(ada).id))
            .await
            .unwrap(),
        None
    );
    tx.commit().await.unwrap();
    let tx = store.write(own).await.unwrap();
    assert!(vetoes::spend(&tx, &found, at(1)).await.unwrap());
}

async fn r21_the_reference_of_a_message_to_nobody_stops_nothing(store: Store) {
    let (tenant, _, reference) = told(&store, None).await;
    let tx = store.read(tenant).await.unwrap();
    for ms in [-1, 0, 1] {
        assert_eq!(vetoes::of_reference(&tx, &reference, at(ms)).await.unwrap(), None);
    }
    drop(tx);
    assert_eq!(housekeeping::sweep(&store, at(0), at(0), 9).await.unwrap(), 1);
}

async fn r38_references_go_when_they_are_over(store: Store) {
    let (tenant, _, reference) = told(&store, Some("ada@mail.example")).await;
    let end = i64::try_from(REFERENCE_LIFE.as_millis()).unwrap();
    let tx = store.read(tenant).await.unwrap();
    let is_there = async |ms| vetoes::of_reference(&tx, &reference, at(ms)).await.unwrap().is_some();
    assert!(is_there(end - 1).await && !is_there(end).await);
    drop(tx);
    // The message itself is given up after a day.
    assert_eq!(
        housekeeping::sweep(&store, at(25 * HOUR), at(25 * HOUR), 9)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        housekeeping::sweep(&store, at(end - 1), at(end - 1), 9).await.unwrap(),
        0
    );
    assert_eq!(housekeeping::sweep(&store, at(end), at(end), 9).await.unwrap(), 1);
}

async fn a_message_brings_its_reference_along(store: Store) {
    let (_, _, reference) = told(&store, Some("ada@mail.example")).await;
    let leased = outbox::lease(&store, at(1), 9).await.unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].reference.as_ref(), Some(&reference));
    assert_eq!(leased[0].letter.purpose(), "blocked");
    let plain = format!("%{}%", reference.as_str());
    let rows = format!("SELECT count(*) FROM veto WHERE CAST(mac AS TEXT) LIKE '{plain}' OR purpose LIKE '{plain}'");
    assert_eq!(store.column::<i64>(&rows).await, [0], "never in the clear");
}
