//! Phones that are asked: one answer each, spent once, of one tenant, and gone in time (R12, R13, R36, R49).

use crate::world::{MINUTE, at, at_once, tenant};
use regain_domain::approval::{About, Answer};
use regain_domain::ids::{RequestId, TenantId};
use regain_domain::locale::Language;
use regain_domain::notice::Subject;
use regain_store::approvals::{self, Request};
use regain_store::{Store, housekeeping};
use uuid::Uuid;

on_both! {
    r36_a_request_is_answered_once_and_its_approval_spent_once
    r12_a_newer_request_voids_the_one_before_and_time_ends_it
    r36_a_request_belongs_to_one_call
    r49_a_foreign_tenant_knows_no_request
    r38_requests_are_gone_an_hour_after_their_end
}

fn request(owner: Uuid) -> Request {
    Request {
        id: RequestId(Uuid::new_v4()),
        owner,
        flow: None,
        account: None,
        method: None,
        number: Some("42".to_owned()),
        about: About {
            subject: Subject::Reset,
            language: Language::Ar,
            network: "192.0.2.7".to_owned(),
            device: String::new(),
            speaks_code: false,
        },
        provider_id: None,
        answer: None,
        is_spent: false,
        asked_at: at(0),
        expires_at: at(2 * MINUTE),
    }
}

async fn asked(store: &Store, tenant: TenantId, owner: Uuid, token: u8) -> Request {
    let request = Request {
        asked_at: at(i64::from(token)),
        ..request(owner)
    };
    let tx = store.write(tenant).await.unwrap();
    approvals::ask(&tx, &request, [token; 32], at(i64::from(token)))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    request
}

async fn r36_a_request_is_answered_once_and_its_approval_spent_once(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let owner = Uuid::new_v4();
    let request = asked(&store, tenant, owner, 1).await;
    let answers = at_once(20, |n| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let answer = if n == 0 { Answer::Approved } else { Answer::Wrong };
            let is_first = approvals::answer(&tx, request.id, answer, at(MINUTE)).await.unwrap();
            tx.commit().await.unwrap();
            is_first
        }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|is_first| *is_first).count(), 1);
    let second = asked(&store, tenant, Uuid::new_v4(), 2).await;
    let tx = store.write(tenant).await.unwrap();
    assert!(
        !approvals::spend(&tx, second.id, at(MINUTE)).await.unwrap(),
        "not answered"
    );
    assert!(
        approvals::answer(&tx, second.id, Answer::Approved, at(MINUTE))
            .await
            .unwrap()
    );
    let kept = approvals::latest(&tx, second.owner).await.unwrap().unwrap();
    assert_eq!((kept.answer, &kept.about), (Some(Answer::Approved), &second.about));
    assert!(approvals::spend(&tx, second.id, at(MINUTE)).await.unwrap());
    assert!(!approvals::spend(&tx, second.id, at(MINUTE)).await.unwrap());
}

async fn r12_a_newer_request_voids_the_one_before_and_time_ends_it(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let owner = Uuid::new_v4();
    let first = asked(&store, tenant, owner, 1).await;
    let second = asked(&store, tenant, owner, 2).await;
    let tx = store.write(tenant).await.unwrap();
    assert!(
        !approvals::answer(&tx, first.id, Answer::Approved, at(MINUTE))
            .await
            .unwrap()
    );
    assert_eq!(
        approvals::latest(&tx, owner).await.unwrap().map(|found| found.id),
        Some(second.id)
    );
    assert!(
        !approvals::answer(&tx, second.id, Answer::Approved, at(2 * MINUTE))
            .await
            .unwrap(),
        "too late"
    );
    approvals::void(&tx, owner, at(3)).await.unwrap();
    assert!(approvals::of_token(&tx, [2; 32]).await.unwrap().unwrap().is_spent);
}

async fn r36_a_request_belongs_to_one_call(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let request = asked(&store, tenant, Uuid::new_v4(), 1).await;
    let tx = store.write(tenant).await.unwrap();
    for (id, expect) in [("CA1", true), ("CA2", false), ("CA1", true)] {
        assert_eq!(approvals::bind(&tx, request.id, id).await.unwrap(), expect, "{id}");
    }
}

async fn r49_a_foreign_tenant_knows_no_request(store: Store) {
    let (acorn, birch) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    let owner = Uuid::new_v4();
    let request = asked(&store, acorn, owner, 1).await;
    let tx = store.write(birch).await.unwrap();
    assert_eq!(approvals::of_token(&tx, [1; 32]).await.unwrap(), None);
    assert_eq!(approvals::latest(&tx, owner).await.unwrap(), None);
    assert!(!approvals::bind(&tx, request.id, "CA1").await.unwrap());
    assert!(
        !approvals::answer(&tx, request.id, Answer::Approved, at(1))
            .await
            .unwrap()
    );
    approvals::void(&tx, owner, at(2)).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.read(acorn).await.unwrap();
    assert_eq!(approvals::of_token(&tx, [1; 32]).await.unwrap(), Some(request));
}

async fn r38_requests_are_gone_an_hour_after_their_end(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    asked(&store, tenant, Uuid::new_v4(), 1).await;
    for (minutes, is_there) in [(61, true), (62, false)] {
        housekeeping::sweep(&store, at(minutes * MINUTE), at(0), 500)
            .await
            .unwrap();
        let tx = store.read(tenant).await.unwrap();
        assert_eq!(
            approvals::of_token(&tx, [1; 32]).await.unwrap().is_some(),
            is_there,
            "{minutes}"
        );
    }
}
