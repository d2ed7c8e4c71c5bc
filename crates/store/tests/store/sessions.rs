//! Sessions: found by their cookie, promoted once, gone when they end.

use crate::world::{HOUR, MINUTE, account, at, session, tenant};
use regain_store::sessions::{Session, Stage};
use regain_store::{Store, sessions};

const IN: (Stage, Stage) = (Stage::CodeDue, Stage::SignedIn);

on_both! {
    a_session_is_promoted_once_and_its_first_cookie_is_dead
    an_ended_session_is_gone
    ending_all_counts_those_that_were_alive
}

async fn a_session_is_promoted_once_and_its_first_cookie_is_dead(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let due = session(account(&tx, "ada").await, Stage::CodeDue);
    sessions::insert(&tx, &due, [1; 32]).await.unwrap();
    assert_eq!(sessions::of_cookie(&tx, [1; 32]).await.unwrap().as_ref(), Some(&due));
    assert!(
        !sessions::promote(&tx, &due, IN, [2; 32], at(9 * HOUR), at(8 * HOUR))
            .await
            .unwrap(),
        "too late"
    );
    assert!(
        sessions::promote(&tx, &due, IN, [2; 32], at(4 * HOUR), at(MINUTE))
            .await
            .unwrap()
    );
    assert!(
        !sessions::promote(&tx, &due, IN, [3; 32], at(4 * HOUR), at(MINUTE))
            .await
            .unwrap(),
        "a second time"
    );
    assert_eq!(sessions::of_cookie(&tx, [1; 32]).await.unwrap(), None);
    let expect = Session {
        stage: Stage::SignedIn,
        seen_at: at(MINUTE),
        expires_at: at(4 * HOUR),
        ..due
    };
    assert_eq!(sessions::of_cookie(&tx, [2; 32]).await.unwrap().as_ref(), Some(&expect));
}

async fn an_ended_session_is_gone(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let open = session(account(&tx, "ada").await, Stage::SignedIn);
    sessions::insert(&tx, &open, [1; 32]).await.unwrap();
    sessions::touch(&tx, open.id, at(MINUTE)).await.unwrap();
    assert_eq!(
        sessions::of_cookie(&tx, [1; 32]).await.unwrap().unwrap().seen_at,
        at(MINUTE)
    );
    assert!(sessions::end(&tx, open.id, at(2 * MINUTE)).await.unwrap());
    assert!(!sessions::end(&tx, open.id, at(2 * MINUTE)).await.unwrap());
    sessions::touch(&tx, open.id, at(3 * MINUTE)).await.unwrap();
    assert_eq!(sessions::of_cookie(&tx, [1; 32]).await.unwrap(), None);
}

async fn ending_all_counts_those_that_were_alive(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let (ada, bob) = (account(&tx, "ada").await, account(&tx, "bob").await);
    let signed_in = session(ada, Stage::SignedIn);
    for (cookie, session) in [
        signed_in.clone(),
        Session {
            is_staff: true,
            ..session(ada, Stage::SignedIn)
        },
        session(ada, Stage::CodeDue),
        Session {
            expires_at: at(MINUTE),
            ..session(ada, Stage::SignedIn)
        },
        session(bob, Stage::SignedIn),
    ]
    .iter()
    .enumerate()
    {
        sessions::insert(&tx, session, [u8::try_from(cookie).unwrap(); 32])
            .await
            .unwrap();
    }
    // Staff may be idle for 15 minutes, others for 30.
    assert_eq!(sessions::end_all(&tx, ada, None, at(20 * MINUTE)).await.unwrap(), 1);
    for (cookie, is_there) in [(0, false), (1, false), (2, false), (3, false), (4, true)] {
        assert_eq!(
            sessions::of_cookie(&tx, [cookie; 32]).await.unwrap().is_some(),
            is_there,
            "{cookie}"
        );
    }
}
