//! Phones with Regain's own authenticator, the requests to them, and the key of pushes.

use crate::world::{account, at, session, tenant};
use regain_domain::approval::{About, Answer};
use regain_domain::flow::Stage;
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, DeviceId, EnrolmentId, RequestId};
use regain_domain::locale::Language;
use regain_domain::notice::Subject;
use regain_domain::registration::Enrolment;
use regain_store::approvals::{self, Request};
use regain_store::devices::{self, Device};
use regain_store::methods::{self, NewMethod};
use regain_store::sessions::Stage as SessionStage;
use regain_store::{Error, Store, Tx, enrolments, push_keys, sessions};
use uuid::Uuid;

on_both! {
    r53_a_registration_has_one_phone_and_a_key_is_one_phones
    r53_a_phone_goes_with_what_it_belongs_to
    r12_a_statement_is_believed_once_and_only_a_newer_one
    r12_a_report_counts_once_also_after_a_denial
    a_phone_is_woken_where_it_said_last
    r49_a_foreign_tenant_sees_no_phone
    a_tenant_has_one_key_for_pushes
}

/// A phone that belongs to nothing yet.
pub(crate) fn phone(account: AccountId, key: u8) -> Device {
    Device {
        id: DeviceId(Uuid::new_v4()),
        account,
        method: None,
        enrolment: None,
        key: vec![key; 65],
        said_at: at(0),
    }
}

async fn on_its_way(tx: &Tx, account: AccountId, cookie: u8) -> EnrolmentId {
    let session = session(account, SessionStage::SignedIn);
    sessions::insert(tx, &session, [cookie; 32]).await.unwrap();
    let pending = Enrolment {
        id: EnrolmentId(Uuid::new_v4()),
        account,
        kind: MethodKind::Authenticator,
        stage: Stage::Code,
        value: String::new(),
        resend_at: None,
        n_failed: 0,
        refusals: Vec::new(),
        expires_at: at(600_000),
    };
    enrolments::begin(tx, &pending, session.id, Some(b"twenty secret bytes!"), at(0))
        .await
        .unwrap();
    assert_eq!(enrolments::by_id(tx, pending.id).await.unwrap(), Some(pending.clone()));
    pending.id
}

async fn r53_a_registration_has_one_phone_and_a_key_is_one_phones(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let (first, second) = (on_its_way(&tx, ada, 1).await, on_its_way(&tx, bob, 2).await);
    let of = |account, enrolment, key| Device {
        enrolment: Some(enrolment),
        ..phone(account, key)
    };
    let added = of(ada, first, 7);
    assert!(devices::add(&tx, &added, at(0)).await.unwrap());
    assert_eq!(devices::of_enrolment(&tx, first).await.unwrap(), Some(added));
    assert!(
        !devices::add(&tx, &of(ada, first, 8), at(0)).await.unwrap(),
        "there is one"
    );
    assert!(
        !devices::add(&tx, &of(bob, second, 7), at(0)).await.unwrap(),
        "the key of another"
    );
    assert!(devices::add(&tx, &of(bob, second, 8), at(0)).await.unwrap());
}

async fn r53_a_phone_goes_with_what_it_belongs_to(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let given_up = on_its_way(&tx, ada, 1).await;
    let waiting = Device {
        enrolment: Some(given_up),
        ..phone(ada, 7)
    };
    devices::add(&tx, &waiting, at(0)).await.unwrap();
    assert!(enrolments::end(&tx, given_up).await.unwrap());
    assert_eq!(devices::by_id(&tx, waiting.id).await.unwrap(), None);

    let proved = on_its_way(&tx, ada, 2).await;
    let kept = Device {
        enrolment: Some(proved),
        ..phone(ada, 7)
    };
    assert!(devices::add(&tx, &kept, at(0)).await.unwrap(), "the key is free again");
    assert_eq!(devices::take(&tx, proved).await.unwrap(), Some(kept.id));
    assert!(enrolments::end(&tx, proved).await.unwrap());
    let new = NewMethod {
        account: ada,
        kind: MethodKind::Authenticator,
        value: None,
        secret: Some(b"twenty secret bytes!"),
        is_verified: true,
    };
    let method = methods::add(&tx, &new, at(0)).await.unwrap();
    devices::register(&tx, kept.id, method).await.unwrap();
    let found = devices::by_id(&tx, kept.id).await.unwrap().unwrap();
    assert_eq!((found.method, found.enrolment), (Some(method), None));
    assert!(methods::remove(&tx, ada, method).await.unwrap());
    assert_eq!(devices::by_id(&tx, kept.id).await.unwrap(), None);
}

async fn r12_a_statement_is_believed_once_and_only_a_newer_one(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let phone = phone(ada, 7);
    devices::add(&tx, &phone, at(0)).await.unwrap();
    for (said, horizon, is_believed) in [(5, 100, true), (5, 100, false), (4, 100, false), (6, 100, true)] {
        let believed = devices::believe(&tx, phone.id, at(said), at(horizon)).await.unwrap();
        assert_eq!(believed, is_believed, "{said}");
    }
    // The clock went back behind the last one.
    assert!(devices::believe(&tx, phone.id, at(2), at(3)).await.unwrap());
    assert!(!devices::believe(&tx, phone.id, at(2), at(3)).await.unwrap());
}

fn request(account: AccountId) -> Request {
    Request {
        id: RequestId(Uuid::new_v4()),
        owner: Uuid::new_v4(),
        flow: None,
        account: Some(account),
        method: None,
        number: Some("42".to_owned()),
        about: About {
            subject: Subject::Reset,
            language: Language::En,
            network: "192.0.2.7".to_owned(),
            device: "Firefox · Linux".to_owned(),
            speaks_code: false,
        },
        provider_id: None,
        answer: None,
        is_spent: false,
        asked_at: at(1),
        expires_at: at(120_000),
    }
}

async fn r12_a_report_counts_once_also_after_a_denial(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let asked = [request(ada), request(ada), request(ada), request(ada)];
    for (n, request) in (1..).zip(&asked) {
        approvals::ask(&tx, request, [n; 32], at(1)).await.unwrap();
        assert_eq!(approvals::by_id(&tx, request.id).await.unwrap().as_ref(), Some(request));
    }
    assert_eq!(approvals::of_account(&tx, ada).await.unwrap().len(), 4);
    let [open, denied, approved, over] = asked.map(|request| request.id);
    assert!(approvals::report(&tx, open, at(2)).await.unwrap());
    assert!(!approvals::report(&tx, open, at(3)).await.unwrap());
    assert!(approvals::answer(&tx, denied, Answer::Denied, at(2)).await.unwrap());
    assert!(approvals::report(&tx, denied, at(3)).await.unwrap());
    assert!(approvals::answer(&tx, approved, Answer::Approved, at(2)).await.unwrap());
    assert!(!approvals::report(&tx, approved, at(3)).await.unwrap(), "it was theirs");
    assert!(!approvals::report(&tx, over, at(120_000)).await.unwrap());
    let found = approvals::by_id(&tx, denied).await.unwrap().unwrap();
    assert_eq!(found.answer, Some(Answer::NotMe));
}

async fn a_phone_is_woken_where_it_said_last(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let enrolment = on_its_way(&tx, ada, 1).await;
    let (old, new) = (
        phone(ada, 7),
        Device {
            enrolment: Some(enrolment),
            ..phone(ada, 8)
        },
    );
    for phone in [&old, &new] {
        devices::add(&tx, phone, at(0)).await.unwrap();
    }
    let places = async |enrolment| {
        let found = devices::wakeable(&tx, ada, enrolment).await.unwrap();
        found
            .into_iter()
            .map(|(_, place)| place.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(places(None).await, [""; 0]);
    devices::place(&tx, old.id, Some("there")).await.unwrap();
    devices::place(&tx, new.id, Some("elsewhere")).await.unwrap();
    assert_eq!(places(None).await, ["there"]);
    assert_eq!(places(Some(enrolment)).await, ["elsewhere"]);
    devices::place(&tx, old.id, Some("here")).await.unwrap();
    assert_eq!(places(None).await, ["here"]);
    devices::place(&tx, old.id, None).await.unwrap();
    assert_eq!(places(None).await, [""; 0]);
}

async fn r49_a_foreign_tenant_sees_no_phone(store: Store) {
    let (own, foreign) = (tenant(&store, "acorn").await, tenant(&store, "birch").await);
    let tx = store.write(own).await.unwrap();
    let ada = account(&tx, "ada").await;
    let (phone, asked) = (phone(ada, 7), request(ada));
    devices::add(&tx, &phone, at(0)).await.unwrap();
    devices::place(&tx, phone.id, Some("there")).await.unwrap();
    approvals::ask(&tx, &asked, [1; 32], at(1)).await.unwrap();
    push_keys::keep(&tx, &[5; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.write(foreign).await.unwrap();
    assert_eq!(devices::by_id(&tx, phone.id).await.unwrap(), None);
    assert!(devices::wakeable(&tx, ada, None).await.unwrap().is_empty());
    assert!(!devices::believe(&tx, phone.id, at(5), at(100)).await.unwrap());
    let moved = devices::place(&tx, phone.id, Some("mine")).await;
    assert!(matches!(moved, Err(Error::Conflict)), "{moved:?}");
    assert_eq!(approvals::by_id(&tx, asked.id).await.unwrap(), None);
    assert!(approvals::of_account(&tx, ada).await.unwrap().is_empty());
    assert!(!approvals::report(&tx, asked.id, at(2)).await.unwrap());
    assert!(push_keys::of_tenant(&tx).await.unwrap().is_none());
}

async fn a_tenant_has_one_key_for_pushes(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    assert!(push_keys::of_tenant(&tx).await.unwrap().is_none());
    push_keys::keep(&tx, &[5; 32]).await.unwrap();
    assert_eq!(*push_keys::of_tenant(&tx).await.unwrap().unwrap(), [5; 32]);
    tx.commit().await.unwrap();
    let tx = store.write(tenant).await.unwrap();
    let second = push_keys::keep(&tx, &[6; 32]).await;
    assert!(matches!(second, Err(Error::Conflict)), "{second:?}");
}
