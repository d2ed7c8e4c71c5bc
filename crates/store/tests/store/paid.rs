//! Messages that cost: once handed over they are never handed over again unless it is known that nobody took them.

use crate::world::{MINUTE, at, at_once, code_letter, notice, posted_by, tenant};
use regain_domain::Timestamp;
use regain_domain::ids::{MessageId, TenantId};
use regain_domain::notice::ChannelKind;
use regain_store::outbox::Leased;
use regain_store::{Store, audit, outbox};

on_both! {
    a_message_keeps_its_channel
    a_row_of_the_former_release_is_mail
    r35_a_letter_goes_no_other_way_than_its_own
    r34_what_was_handed_over_when_its_worker_died_is_unknown_and_never_sent_again
    r34_what_was_not_handed_over_is_leased_again
    r34_what_nobody_took_is_tried_again
    f26_a_worker_that_was_frozen_before_its_mark_hands_nothing_over
    f26_the_mark_of_a_worker_that_was_frozen_after_it_comes_too_late
    f26_of_many_workers_one_hands_over
    the_mark_begins_the_lease_anew
    an_expired_code_that_was_handed_over_is_unknown
    what_has_expired_is_not_handed_over
}

const ADA: Option<&str> = Some("+420601123456");

async fn texted(store: &Store) -> TenantId {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    posted_by(ChannelKind::Sms, &tx, &code_letter("481516"), None, ADA).await;
    tx.commit().await.unwrap();
    tenant
}

async fn leased(store: &Store, now: Timestamp) -> Option<Leased> {
    outbox::lease(store, now, 10).await.unwrap().pop()
}

async fn attempted(store: &Store, message: &Leased, now: Timestamp) -> bool {
    let tx = store.write(message.tenant).await.unwrap();
    let is_ours = outbox::attempt(&tx, message.id, message.lease_no, now).await.unwrap();
    tx.commit().await.unwrap();
    is_ours
}

async fn dead(store: &Store, tenant: TenantId) -> Vec<(MessageId, String)> {
    let found = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    found.into_iter().map(|letter| (letter.id, letter.why)).collect()
}

async fn a_message_keeps_its_channel(store: Store) {
    let tenant = texted(&store).await;
    let message = leased(&store, at(1)).await.unwrap();
    assert_eq!((message.channel, Some(message.to.as_str())), (ChannelKind::Sms, ADA));
    outbox::dead(&store, message.id, message.lease_no, "refused", at(2))
        .await
        .unwrap();
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    assert_eq!((dead[0].channel, dead[0].to.as_deref()), (Some(ChannelKind::Sms), ADA));
}

async fn a_row_of_the_former_release_is_mail(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let id = posted_by(ChannelKind::Mail, &tx, &notice(), None, Some("ada@mail.example")).await;
    tx.commit().await.unwrap();
    let columns =
        "id, tenant_id, account_id, flow_id, purpose, is_notice, state, recipient, letter, language, lease_no,
        due_at, n_tries, why, created_at, expires_at, done_at";
    store.run("CREATE TABLE kept AS SELECT * FROM outbox").await;
    store.run("DELETE FROM outbox").await;
    store
        .run(&format!("INSERT INTO outbox ({columns}) SELECT {columns} FROM kept"))
        .await;
    let message = leased(&store, at(1)).await.unwrap();
    assert_eq!((message.id, message.channel), (id, ChannelKind::Mail));
}

async fn r35_a_letter_goes_no_other_way_than_its_own(store: Store) {
    let tenant = texted(&store).await;
    store.run("UPDATE outbox SET channel = 'mail'").await;
    assert!(leased(&store, at(1)).await.is_none());
    assert_eq!(dead(&store, tenant).await[0].1, "unreadable");
}

async fn r34_what_was_handed_over_when_its_worker_died_is_unknown_and_never_sent_again(store: Store) {
    let tenant = texted(&store).await;
    let message = leased(&store, at(1)).await.unwrap();
    assert!(attempted(&store, &message, at(2)).await);
    assert!(
        leased(&store, at(MINUTE + 1)).await.is_none(),
        "it is still in somebody's hands"
    );
    assert_eq!(dead(&store, tenant).await, []);
    for n in 0..3 {
        assert!(leased(&store, at(MINUTE + 2 + n)).await.is_none());
        assert_eq!(dead(&store, tenant).await, [(message.id, "unknown".to_owned())]);
    }
    let told = audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|row| (row.activity.as_str(), row.is_success, row.reason.as_str()))
        .collect();
    assert_eq!(told, [("message-given-up", false, "reset-code")], "r54");
    let codes = store
        .column::<i64>("SELECT count(*) FROM outbox WHERE letter IS NOT NULL")
        .await;
    assert_eq!(codes, [0], "r35: the code is wiped");
}

async fn r34_what_was_not_handed_over_is_leased_again(store: Store) {
    texted(&store).await;
    let first = leased(&store, at(1)).await.unwrap();
    let second = leased(&store, at(MINUTE + 1)).await.unwrap();
    assert_eq!((second.id, second.lease_no), (first.id, 2));
}

async fn r34_what_nobody_took_is_tried_again(store: Store) {
    texted(&store).await;
    let mut now = at(1);
    for n_tries in 1..=3 {
        let message = leased(&store, now).await.unwrap();
        assert_eq!(message.n_tries, n_tries);
        assert!(attempted(&store, &message, now).await);
        now = now.plus(std::time::Duration::from_secs(5));
        assert!(
            outbox::later(&store, message.id, message.lease_no, "500", now)
                .await
                .unwrap()
        );
    }
    let message = leased(&store, now).await.unwrap();
    assert!(attempted(&store, &message, now).await);
    assert!(outbox::sent(&store, message.id, message.lease_no, now).await.unwrap());
    assert_eq!(outbox::next_due(&store).await.unwrap(), None);
}

async fn f26_a_worker_that_was_frozen_before_its_mark_hands_nothing_over(store: Store) {
    texted(&store).await;
    let frozen = leased(&store, at(1)).await.unwrap();
    let other = leased(&store, at(90_000)).await.unwrap();
    assert!(!attempted(&store, &frozen, at(90_001)).await);
    assert!(attempted(&store, &other, at(90_002)).await);
    assert!(!attempted(&store, &other, at(90_003)).await, "once");
    assert!(
        outbox::sent(&store, other.id, other.lease_no, at(90_004))
            .await
            .unwrap()
    );
}

async fn f26_the_mark_of_a_worker_that_was_frozen_after_it_comes_too_late(store: Store) {
    let tenant = texted(&store).await;
    let frozen = leased(&store, at(1)).await.unwrap();
    assert!(attempted(&store, &frozen, at(2)).await);
    assert!(leased(&store, at(90_000)).await.is_none());
    let now = at(90_001);
    assert!(!outbox::sent(&store, frozen.id, frozen.lease_no, now).await.unwrap());
    assert!(
        !outbox::later(&store, frozen.id, frozen.lease_no, "500", now)
            .await
            .unwrap()
    );
    assert!(
        !outbox::dead(&store, frozen.id, frozen.lease_no, "400", now)
            .await
            .unwrap()
    );
    assert_eq!(dead(&store, tenant).await, [(frozen.id, "unknown".to_owned())]);
}

async fn f26_of_many_workers_one_hands_over(store: Store) {
    texted(&store).await;
    let handed_over = at_once(10, |_| {
        let store = store.clone();
        async move {
            match leased(&store, at(1)).await {
                Some(message) => attempted(&store, &message, at(2)).await,
                None => false,
            }
        }
    })
    .await;
    assert_eq!(handed_over.into_iter().filter(|is_ours| *is_ours).count(), 1);
}

async fn the_mark_begins_the_lease_anew(store: Store) {
    texted(&store).await;
    let message = leased(&store, at(0)).await.unwrap();
    assert!(attempted(&store, &message, at(50_000)).await);
    assert!(leased(&store, at(109_000)).await.is_none());
    assert!(
        outbox::sent(&store, message.id, message.lease_no, at(109_500))
            .await
            .unwrap()
    );
}

async fn an_expired_code_that_was_handed_over_is_unknown(store: Store) {
    let tenant = texted(&store).await;
    let message = leased(&store, at(9 * MINUTE + 30_000)).await.unwrap();
    assert!(attempted(&store, &message, at(9 * MINUTE + 30_000)).await);
    let tx = store.write(tenant).await.unwrap();
    let idle = posted_by(ChannelKind::Sms, &tx, &code_letter("234223"), None, ADA).await;
    posted_by(ChannelKind::Mail, &tx, &notice(), None, Some("ada@mail.example")).await;
    tx.commit().await.unwrap();
    leased(&store, at(11 * MINUTE)).await.unwrap();
    let mut dead = dead(&store, tenant).await;
    dead.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(dead, [(idle, "expired".to_owned()), (message.id, "unknown".to_owned())]);
}

async fn what_has_expired_is_not_handed_over(store: Store) {
    texted(&store).await;
    let message = leased(&store, at(10 * MINUTE - 1)).await.unwrap();
    assert!(!attempted(&store, &message, at(10 * MINUTE)).await);
}
