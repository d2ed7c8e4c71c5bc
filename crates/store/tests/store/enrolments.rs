//! Methods on their way to being registered, and what becomes of registered ones.

use crate::world::{account, at, session, tenant};
use regain_domain::flow::{Purpose, Stage};
use regain_domain::gate::questions::Question;
use regain_domain::gate::{MethodKind, Root};
use regain_domain::ids::{AccountId, EnrolmentId, MethodId, SessionId};
use regain_domain::registration::Enrolment;
use regain_store::methods::NewMethod;
use regain_store::sessions::Stage as SessionStage;
use regain_store::{Error, Store, Tx, accounts, answers, enrolments, housekeeping, methods, sessions};
use uuid::Uuid;

on_both! {
    r53_a_newer_enrolment_voids_the_one_before
    r53_what_is_on_its_way_goes_with_its_session_and_its_time
    an_enrolment_moves_only_from_where_it_was
    r08_a_fresh_proof_is_one_sessions_and_one_purposes
    r53_the_holders_of_an_address_are_counted
    a_method_is_renamed_preferred_and_removed_by_its_owner_alone
    r16_answers_are_sealed_and_go_with_their_registration
}

async fn signed_in(tx: &Tx, account: AccountId, cookie: u8) -> SessionId {
    let session = session(account, SessionStage::SignedIn);
    sessions::insert(tx, &session, [cookie; 32]).await.unwrap();
    session.id
}

fn pending(account: AccountId, kind: MethodKind) -> Enrolment {
    Enrolment {
        id: EnrolmentId(Uuid::new_v4()),
        account,
        kind,
        stage: Stage::Destination,
        value: String::new(),
        resend_at: None,
        n_failed: 0,
        refusals: Vec::new(),
        expires_at: at(600_000),
    }
}

async fn r53_a_newer_enrolment_voids_the_one_before(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let (first, second) = (signed_in(&tx, ada, 1).await, signed_in(&tx, ada, 2).await);
    let app = pending(ada, MethodKind::App);
    enrolments::begin(&tx, &app, first, Some(b"twenty secret bytes!"), at(0))
        .await
        .unwrap();
    let secret = enrolments::secret(&tx, app.id).await.unwrap().unwrap();
    assert_eq!(secret.as_slice(), b"twenty secret bytes!");
    assert_eq!(enrolments::of_session(&tx, first).await.unwrap(), Some(app.clone()));
    // Of the same kind, in another session.
    let newer = pending(ada, MethodKind::App);
    enrolments::begin(&tx, &newer, second, Some(b"another"), at(1))
        .await
        .unwrap();
    assert_eq!(enrolments::of_session(&tx, first).await.unwrap(), None);
    assert!(enrolments::secret(&tx, app.id).await.unwrap().is_none());
    // Of another kind, in the same session.
    let mail = pending(ada, MethodKind::Email);
    enrolments::begin(&tx, &mail, second, None, at(2)).await.unwrap();
    assert_eq!(enrolments::of_session(&tx, second).await.unwrap(), Some(mail));
}

async fn r53_what_is_on_its_way_goes_with_its_session_and_its_time(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let first = signed_in(&tx, ada, 1).await;
    let ended = pending(ada, MethodKind::Email);
    enrolments::begin(&tx, &ended, first, None, at(0)).await.unwrap();
    sessions::end(&tx, first, at(1)).await.unwrap();
    assert!(!enrolments::end(&tx, ended.id).await.unwrap(), "gone with its session");
    let second = signed_in(&tx, ada, 2).await;
    let expired = pending(ada, MethodKind::Email);
    enrolments::begin(&tx, &expired, second, None, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    housekeeping::sweep(&store, at(600_000), at(600_000), 100)
        .await
        .unwrap();
    let tx = store.write(tenant).await.unwrap();
    assert_eq!(enrolments::of_session(&tx, second).await.unwrap(), None);
}

async fn an_enrolment_moves_only_from_where_it_was(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let session = signed_in(&tx, ada, 1).await;
    let before = pending(ada, MethodKind::Email);
    enrolments::begin(&tx, &before, session, None, at(0)).await.unwrap();
    let after = Enrolment {
        stage: Stage::Code,
        value: "ada@mail.example".to_owned(),
        resend_at: Some(at(30_000)),
        n_failed: 1,
        refusals: vec![regain_domain::Refusal::CodeWrong { left: 4 }],
        ..before.clone()
    };
    enrolments::update(&tx, &before, &after).await.unwrap();
    assert_eq!(enrolments::of_session(&tx, session).await.unwrap(), Some(after.clone()));
    assert!(matches!(
        enrolments::update(&tx, &before, &after).await,
        Err(Error::Conflict)
    ));
    enrolments::set_code(&tx, before.id, [7; 32], at(9)).await.unwrap();
    let code = enrolments::code(&tx, before.id).await.unwrap().unwrap();
    assert_eq!((code.mac, code.expires_at), ([7; 32], at(9)));
    assert!(enrolments::end(&tx, before.id).await.unwrap());
    assert!(!enrolments::end(&tx, before.id).await.unwrap(), "once");
    assert!(enrolments::code(&tx, before.id).await.unwrap().is_none());
}

async fn r08_a_fresh_proof_is_one_sessions_and_one_purposes(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let (first, second) = (signed_in(&tx, ada, 1).await, signed_in(&tx, ada, 2).await);
    for (id, cookie) in [(first, 3), (second, 4)] {
        assert!(
            sessions::prove(&tx, id, [cookie; 32], Purpose::Register, at(5))
                .await
                .unwrap()
        );
    }
    assert_eq!(
        sessions::of_cookie(&tx, [1; 32]).await.unwrap(),
        None,
        "r41: the former cookie is dead"
    );
    let proved = |cookie: u8| {
        let tx = &tx;
        async move { sessions::of_cookie(tx, [cookie; 32]).await.unwrap().unwrap().proved }
    };
    assert_eq!(proved(3).await, Some((at(5), Purpose::Register)));
    sessions::unprove_others(&tx, ada, first).await.unwrap();
    assert_eq!((proved(3).await.is_some(), proved(4).await), (true, None));
    let gone = SessionId(Uuid::new_v4());
    assert!(
        !sessions::prove(&tx, gone, [5; 32], Purpose::Register, at(5))
            .await
            .unwrap()
    );
}

async fn with_mail(tx: &Tx, account: AccountId, address: &str) -> MethodId {
    let new = NewMethod {
        account,
        kind: MethodKind::Email,
        value: Some(address),
        secret: None,
        is_verified: true,
    };
    methods::add(tx, &new, at(0)).await.unwrap()
}

async fn r53_the_holders_of_an_address_are_counted(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    for name in ["bob", "cleo"] {
        let other = account(&tx, name).await;
        with_mail(&tx, other, "Shared@mail.example").await;
        with_mail(&tx, other, "shared@MAIL.example").await;
    }
    with_mail(&tx, ada, "shared@mail.example").await;
    for (address, expect) in [("shared@mail.example", 2), ("other@mail.example", 0)] {
        let n = methods::n_others(&tx, ada, &Root::mail(address)).await.unwrap();
        assert_eq!(n, expect, "{address}");
    }
}

async fn a_method_is_renamed_preferred_and_removed_by_its_owner_alone(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let first = with_mail(&tx, ada, "a@mail.example").await;
    let second = with_mail(&tx, ada, "b@mail.example").await;
    assert!(!methods::rename(&tx, bob, first, Some("mine")).await.unwrap());
    assert!(!methods::prefer(&tx, bob, first, at(1)).await.unwrap());
    assert!(!methods::remove(&tx, bob, first).await.unwrap());
    assert!(methods::rename(&tx, ada, first, Some("At home")).await.unwrap());
    assert!(methods::prefer(&tx, ada, first, at(1)).await.unwrap());
    assert!(methods::prefer(&tx, ada, second, at(2)).await.unwrap());
    let listed: Vec<_> = methods::records(&tx, ada)
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.method.id, record.name, record.method.is_preferred))
        .collect();
    assert_eq!(
        listed,
        [(second, None, true), (first, Some("At home".to_owned()), false)]
    );
    let seen = accounts::by_id(&tx, ada).await.unwrap().unwrap();
    assert_eq!(seen.methods[0].id, second, "decisions see the preferred one first");
    assert!(methods::rename(&tx, ada, first, None).await.unwrap());
    assert!(methods::remove(&tx, ada, second).await.unwrap());
    assert!(!methods::remove(&tx, ada, second).await.unwrap());
    let left = methods::records(&tx, ada).await.unwrap();
    assert_eq!((left.len(), left[0].name.clone()), (1, None));
    assert_eq!(left[0].added_at, at(0));
}

async fn r16_answers_are_sealed_and_go_with_their_registration(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let ada = account(&tx, "ada").await;
    let new = NewMethod {
        account: ada,
        kind: MethodKind::Questions,
        value: Some("toy_name lost_way"),
        secret: None,
        is_verified: true,
    };
    let (first, second) = (
        methods::add(&tx, &new, at(0)).await.unwrap(),
        methods::add(&tx, &new, at(0)).await.unwrap(),
    );
    let question = |code: &str| Question::of_code(code).unwrap();
    let hashes = [
        (question("toy_name"), "$argon2id$one".to_owned()),
        (question("lost_way"), "$argon2id$two".to_owned()),
    ];
    answers::put(&tx, first, &hashes).await.unwrap();
    let read = answers::of(&tx, first).await.unwrap();
    assert_eq!(read.len(), 2);
    assert!(hashes.iter().all(|(question, hash)| read.get(question) == Some(hash)));
    assert!(answers::of(&tx, second).await.unwrap().is_empty());
    methods::remove(&tx, ada, first).await.unwrap();
    assert!(answers::of(&tx, first).await.unwrap().is_empty());
}
