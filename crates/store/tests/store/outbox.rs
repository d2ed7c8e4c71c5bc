//! The outbox: leased to one, marked by its holder, sealed and wiped.

use crate::world::{HOUR, MINUTE, account, at, at_once, code_letter, flow, notice, posted, started, tenant};
use regain_domain::ids::TenantId;
use regain_domain::notice::{ChannelKind, Letter};
use regain_store::outbox::Retry;
use regain_store::{Store, audit, outbox};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

on_both! {
    r34_a_lease_keeps_others_out_until_it_is_over
    r34_only_the_newest_lease_marks
    r34_of_many_workers_one_gets_a_message
    codes_go_before_notices_that_have_waited_longer
    a_message_for_later_waits
    r35_address_and_letter_are_sealed_and_wiped
    r35_a_letter_moved_to_another_row_is_given_up
    r35_an_expired_code_is_never_sent
    r21_a_decoy_has_the_form_of_a_message_and_never_goes_out
    r09_codes_of_a_flow_are_dropped_and_notices_stay
    r35_of_more_expired_codes_than_a_lease_gives_up_none_is_sent
    r54_what_is_sent_or_given_up_is_told
    r34_a_dead_letter_is_shown_with_its_reason_and_without_its_content
    r34_a_dead_notice_may_be_sent_once_more_and_a_code_never
}

const ADA: Option<&str> = Some("ada@mail.example");

async fn written(store: &Store, letter: &Letter, to: Option<&str>) -> TenantId {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    posted(&tx, letter, None, to).await;
    tx.commit().await.unwrap();
    tenant
}

async fn raw(store: &Store) -> Vec<QueryResult> {
    let db = store.database();
    let all = "SELECT state, recipient, letter FROM outbox ORDER BY created_at, id";
    db.query_all_raw(Statement::from_string(db.get_database_backend(), all))
        .await
        .unwrap()
}

async fn r34_a_lease_keeps_others_out_until_it_is_over(store: Store) {
    let tenant = written(&store, &code_letter("481516"), ADA).await;
    assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(0)));
    let leased = outbox::lease(&store, at(1), 10).await.unwrap();
    let [first] = &leased[..] else { panic!("one message") };
    assert_eq!(
        (first.tenant, first.to.as_str(), first.n_tries, first.lease_no),
        (tenant, "ada@mail.example", 1, 1)
    );
    assert_eq!(first.letter.code(), Some("481516"));
    assert_eq!((first.created_at, first.expires_at), (at(0), at(10 * MINUTE)));
    assert!(outbox::lease(&store, at(MINUTE), 10).await.unwrap().is_empty());
    assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(MINUTE + 1)));
    let again = outbox::lease(&store, at(MINUTE + 1), 10).await.unwrap();
    assert_eq!((again.len(), again[0].lease_no, again[0].n_tries), (1, 2, 2));
}

async fn r34_only_the_newest_lease_marks(store: Store) {
    let tenant = written(&store, &notice(), ADA).await;
    let first = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    let second = outbox::lease(&store, at(2 * MINUTE), 10).await.unwrap().remove(0);
    let now = at(3 * MINUTE);
    assert!(!outbox::sent(&store, first.id, first.lease_no, now).await.unwrap());
    assert!(
        !outbox::later(&store, first.id, first.lease_no, "smtp-451", now)
            .await
            .unwrap()
    );
    assert!(
        !outbox::dead(&store, first.id, first.lease_no, "smtp-550", now)
            .await
            .unwrap()
    );
    assert!(
        outbox::dead(&store, second.id, second.lease_no, "smtp-550", now)
            .await
            .unwrap()
    );
    assert!(!outbox::sent(&store, second.id, second.lease_no, now).await.unwrap());
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    let [letter] = &dead[..] else { panic!("one dead letter") };
    assert_eq!(
        (letter.id, letter.purpose.as_str(), letter.why.as_str()),
        (second.id, "blocked", "smtp-550")
    );
    assert_eq!((letter.created_at, letter.dead_at), (at(0), now));
}

async fn r34_of_many_workers_one_gets_a_message(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    for _ in 0..30 {
        posted(&tx, &notice(), None, ADA).await;
    }
    tx.commit().await.unwrap();
    let leased = at_once(10, |_| {
        let store = store.clone();
        async move { outbox::lease(&store, at(1), 5).await.unwrap() }
    })
    .await;
    let mut ids: Vec<_> = leased.into_iter().flatten().map(|message| message.id).collect();
    ids.extend(
        outbox::lease(&store, at(1), 30)
            .await
            .unwrap()
            .into_iter()
            .map(|message| message.id),
    );
    let n = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((n, ids.len()), (30, 30));
}

async fn codes_go_before_notices_that_have_waited_longer(store: Store) {
    let tenant = written(&store, &notice(), ADA).await;
    let tx = store.write(tenant).await.unwrap();
    posted(&tx, &notice(), None, ADA).await;
    posted(&tx, &code_letter("481516"), None, ADA).await;
    tx.commit().await.unwrap();
    for expected in [Some("481516"), None, None] {
        let leased = outbox::lease(&store, at(1), 1).await.unwrap();
        assert_eq!(leased[0].letter.code(), expected);
    }
}

async fn a_message_for_later_waits(store: Store) {
    written(&store, &notice(), ADA).await;
    let first = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    assert!(
        outbox::later(&store, first.id, first.lease_no, "smtp-451", at(5_000))
            .await
            .unwrap()
    );
    assert!(outbox::lease(&store, at(4_999), 10).await.unwrap().is_empty());
    let second = outbox::lease(&store, at(5_000), 10).await.unwrap().remove(0);
    assert_eq!((second.id, second.n_tries), (first.id, 2));
    assert!(
        outbox::sent(&store, second.id, second.lease_no, at(5_001))
            .await
            .unwrap()
    );
    assert_eq!(outbox::next_due(&store).await.unwrap(), None);
}

async fn r35_address_and_letter_are_sealed_and_wiped(store: Store) {
    written(&store, &code_letter("481516"), ADA).await;
    for column in ["recipient", "letter"] {
        let sealed: Vec<u8> = raw(&store).await[0].try_get("", column).unwrap();
        for secret in [&b"481516"[..], b"ada@", b"reset-code"] {
            assert!(!sealed.windows(secret.len()).any(|bytes| bytes == secret), "{column}");
        }
    }
    let leased = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    assert!(outbox::sent(&store, leased.id, leased.lease_no, at(2)).await.unwrap());
    let rows = raw(&store).await;
    assert_eq!(rows[0].try_get::<String>("", "state").unwrap(), "sent");
    for column in ["recipient", "letter"] {
        assert_eq!(rows[0].try_get::<Option<Vec<u8>>>("", column).unwrap(), None);
    }
}

async fn r35_a_letter_moved_to_another_row_is_given_up(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let kept = posted(&tx, &code_letter("481516"), None, ADA).await;
    let moved = posted(&tx, &code_letter("234223"), None, Some("thief@mail.example")).await;
    tx.commit().await.unwrap();
    let db = store.database();
    let id = if store.is_sqlite() {
        format!("x'{}'", kept.0.simple())
    } else {
        format!("'{kept}'")
    };
    let steal = format!("UPDATE outbox SET letter = (SELECT letter FROM outbox WHERE id = {id}) WHERE id <> {id}");
    assert_eq!(db.execute_unprepared(&steal).await.unwrap().rows_affected(), 1);
    let leased = outbox::lease(&store, at(1), 10).await.unwrap();
    assert_eq!(leased.iter().map(|message| message.id).collect::<Vec<_>>(), [kept]);
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    assert_eq!((dead[0].id, dead[0].why.as_str()), (moved, "unreadable"));
}

async fn r35_an_expired_code_is_never_sent(store: Store) {
    let tenant = written(&store, &code_letter("481516"), ADA).await;
    let leased = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    assert!(
        outbox::later(&store, leased.id, leased.lease_no, "smtp-451", at(9 * MINUTE))
            .await
            .unwrap()
    );
    assert!(outbox::lease(&store, at(10 * MINUTE), 10).await.unwrap().is_empty());
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    assert_eq!(dead[0].why, "smtp-451");
    let rows = raw(&store).await;
    assert_eq!(rows[0].try_get::<Option<Vec<u8>>>("", "letter").unwrap(), None);
}

async fn r21_a_decoy_has_the_form_of_a_message_and_never_goes_out(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    posted(&tx, &code_letter("481516"), None, ADA).await;
    posted(&tx, &code_letter("234223"), None, None).await;
    tx.commit().await.unwrap();
    let rows = raw(&store).await;
    let length = |row: &QueryResult, column: &str| row.try_get::<Vec<u8>>("", column).unwrap().len();
    for column in ["recipient", "letter"] {
        assert_eq!(length(&rows[0], column), length(&rows[1], column), "{column}");
    }
    let leased = outbox::lease(&store, at(1), 10).await.unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].letter.code(), Some("481516"));
    assert!(outbox::lease(&store, at(9 * HOUR), 10).await.unwrap().is_empty());
}

async fn r09_codes_of_a_flow_are_dropped_and_notices_stay(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let flow = flow(account(&tx, "ada").await);
    started(&tx, &flow, 1).await;
    posted(&tx, &code_letter("481516"), Some(flow.id), ADA).await;
    let stays = [
        posted(&tx, &notice(), Some(flow.id), ADA).await,
        posted(&tx, &code_letter("234223"), None, ADA).await,
    ];
    outbox::void_codes(&tx, flow.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut ids: Vec<_> = outbox::lease(&store, at(1), 10)
        .await
        .unwrap()
        .iter()
        .map(|message| message.id)
        .collect();
    ids.sort_unstable();
    let mut expect = stays.to_vec();
    expect.sort_unstable();
    assert_eq!(ids, expect);
}

async fn r35_of_more_expired_codes_than_a_lease_gives_up_none_is_sent(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    for _ in 0..130 {
        posted(&tx, &code_letter("481516"), None, ADA).await;
    }
    let notice = posted(&tx, &notice(), None, ADA).await;
    tx.commit().await.unwrap();
    let leased = outbox::lease(&store, at(10 * MINUTE), 200).await.unwrap();
    assert_eq!(leased.iter().map(|message| message.id).collect::<Vec<_>>(), [notice]);
}

async fn r54_what_is_sent_or_given_up_is_told(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let flow = flow(account(&tx, "ada").await);
    started(&tx, &flow, 1).await;
    let code = posted(&tx, &code_letter("481516"), Some(flow.id), ADA).await;
    tx.commit().await.unwrap();
    let leased = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    outbox::sent(&store, leased.id, leased.lease_no, at(2)).await.unwrap();
    assert!(!outbox::sent(&store, leased.id, leased.lease_no, at(3)).await.unwrap());
    let tx = store.write(tenant).await.unwrap();
    let [refused, expired] = [
        posted(&tx, &notice(), None, ADA).await,
        posted(&tx, &code_letter("234223"), Some(flow.id), ADA).await,
    ];
    tx.commit().await.unwrap();
    for leased in outbox::lease(&store, at(4), 10).await.unwrap() {
        if leased.id == refused {
            outbox::dead(&store, leased.id, leased.lease_no, "smtp-550", at(5))
                .await
                .unwrap();
        }
    }
    outbox::lease(&store, at(11 * MINUTE), 10).await.unwrap();
    let told = audit::recent(&store.read(tenant).await.unwrap(), 10).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .rev()
        .map(|row| {
            (
                row.activity.as_str(),
                row.is_success,
                row.reason.as_str(),
                row.request_id.clone(),
                row.reference.as_deref(),
            )
        })
        .collect();
    let id = |id| format!("outbox-{id}");
    let reference = Some(flow.reference.as_str());
    assert_eq!(
        told,
        [
            ("message-sent", true, "reset-code", id(code), reference),
            ("message-given-up", false, "blocked", id(refused), None),
            ("message-given-up", false, "reset-code", id(expired), reference),
        ]
    );
}

async fn r34_a_dead_letter_is_shown_with_its_reason_and_without_its_content(store: Store) {
    let tenant = written(&store, &code_letter("481516"), ADA).await;
    let leased = outbox::lease(&store, at(1), 10).await.unwrap().remove(0);
    assert_eq!(outbox::tallies(&store).await.unwrap(), [1, 0]);
    outbox::dead(&store, leased.id, leased.lease_no, "smtp-550", at(2))
        .await
        .unwrap();
    assert_eq!(outbox::tallies(&store).await.unwrap(), [0, 1]);
    let dead = outbox::dead_letters(&store.read(tenant).await.unwrap()).await.unwrap();
    let [letter] = &dead[..] else { panic!("one dead letter") };
    assert_eq!(
        (letter.to.as_deref(), letter.channel, letter.n_tries, letter.may_retry),
        (ADA, Some(ChannelKind::Mail), 1, false)
    );
    let sealed: Option<Vec<u8>> = raw(&store).await[0].try_get("", "letter").unwrap();
    assert_eq!(sealed, None, "r35: the code is wiped");
}

async fn r34_a_dead_notice_may_be_sent_once_more_and_a_code_never(store: Store) {
    let acorn = written(&store, &notice(), ADA).await;
    let tx = store.write(acorn).await.unwrap();
    let code = posted(&tx, &code_letter("481516"), None, ADA).await;
    tx.commit().await.unwrap();
    let mut ids = Vec::new();
    for leased in outbox::lease(&store, at(1), 10).await.unwrap() {
        outbox::dead(&store, leased.id, leased.lease_no, "smtp-550", at(2))
            .await
            .unwrap();
        ids.push(leased.id);
    }
    let notice = ids.into_iter().find(|id| *id != code).unwrap();
    let birch = tenant(&store, "birch").await;
    let now = at(48 * HOUR);
    let retry = |tenant, id| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let outcome = outbox::retry(&tx, id, now).await.unwrap();
            tx.commit().await.unwrap();
            outcome
        }
    };
    assert_eq!(retry(acorn, code).await, Retry::Code);
    assert_eq!(retry(birch, notice).await, Retry::Unknown, "r49");
    let ready = Retry::Ready {
        account: None,
        purpose: "blocked".to_owned(),
    };
    assert_eq!(retry(acorn, notice).await, ready);
    assert_eq!(retry(acorn, notice).await, Retry::Unknown, "once is enough");
    let leased = outbox::lease(&store, now, 10).await.unwrap();
    let [message] = &leased[..] else { panic!("one message") };
    assert_eq!(
        (message.id, message.to.as_str(), message.n_tries),
        (notice, "ada@mail.example", 1)
    );
    assert_eq!(message.expires_at, at(72 * HOUR));
}
