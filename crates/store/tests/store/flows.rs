//! Flows, codes and passes: conditional, once, and only for the attempt they were made for.

use crate::world::{HOUR, MINUTE, account, at, at_once, attempt, code_letter, flow, posted, started, tenant};
use regain_domain::flow::{Attempt, Client, Flow, Stage, State, Subject, Summary};
use regain_domain::gate::{Gate, Pass, Root};
use regain_domain::ids::{AccountId, AttemptId, MethodId, TenantId};
use regain_domain::refusal::Refusal;
use regain_store::{Error, Store, Tx, flows, outbox};
use uuid::Uuid;

on_both! {
    a_flow_is_read_as_it_was_written
    r02_an_update_with_an_old_rev_conflicts_and_changes_nothing
    r02_an_update_from_another_state_conflicts
    r02_of_twenty_writers_one_wins
    r07_the_former_cookie_is_dead
    r09_a_code_is_spent_once
    r09_a_resend_voids_the_former_code
    r03_an_attempt_gives_one_pass_in_its_own_flow
    r08_other_flows_end_with_their_codes
    a_dropped_transaction_leaves_nothing
    r58_a_touch_lets_a_kiosks_open_flow_wait_and_moves_nothing
}

async fn begun(store: &Store) -> (TenantId, AccountId, Flow) {
    let tenant = tenant(store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let person = account(&tx, "ada").await;
    let flow = flow(person);
    started(&tx, &flow, 1).await;
    tx.commit().await.unwrap();
    (tenant, person, flow)
}

async fn r58_a_touch_lets_a_kiosks_open_flow_wait_and_moves_nothing(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let person = account(&tx, "ada").await;
    let in_kiosk = Flow {
        client: Client::Kiosk,
        ..flow(person)
    };
    let in_browser = flow(person);
    started(&tx, &in_kiosk, 1).await;
    started(&tx, &in_browser, 2).await;
    assert!(!flows::touch(&tx, in_browser.id, at(-1), at(9)).await.unwrap());
    assert!(
        !flows::touch(&tx, in_kiosk.id, at(0), at(9)).await.unwrap(),
        "idle for too long"
    );
    assert!(flows::touch(&tx, in_kiosk.id, at(-1), at(9)).await.unwrap());
    tx.commit().await.unwrap();
    let touched = Flow {
        moved_at: at(9),
        ..in_kiosk.clone()
    };
    assert_eq!(of_cookie(&store, tenant, 1).await.as_ref(), Some(&touched));
    assert_eq!(of_cookie(&store, tenant, 2).await, Some(in_browser));

    // A post that was under way fits, and over is over.
    let tx = store.write(tenant).await.unwrap();
    let over = Flow {
        state: State::Ended(Refusal::Cancelled),
        ..in_kiosk.clone()
    };
    update(&tx, &in_kiosk, &over).await.unwrap();
    assert!(!flows::touch(&tx, in_kiosk.id, at(-1), at(20)).await.unwrap());
    tx.commit().await.unwrap();
}

async fn of_cookie(store: &Store, tenant: TenantId, cookie: u8) -> Option<Flow> {
    flows::of_cookie(&store.read(tenant).await.unwrap(), [cookie; 32])
        .await
        .unwrap()
}

async fn update(tx: &Tx, before: &Flow, after: &Flow) -> Result<(), Error> {
    flows::update(tx, before, after, None, at(1)).await
}

async fn a_flow_is_read_as_it_was_written(store: Store) {
    let (tenant, person, first) = begun(&store).await;
    assert_eq!(of_cookie(&store, tenant, 1).await.as_ref(), Some(&first));
    let method = Some((MethodId(Uuid::new_v4()), Root::mail("ada@mail.example")));
    let summary = Summary {
        is_unlocked: false,
        changed_at: at(5),
        n_sessions_ended: 2,
        n_mailboxes: 3,
    };
    let hollow = |account| Subject::Hollow {
        account,
        why: Refusal::TooFewMethods { have: 1, need: 2 },
    };
    for (cookie, state, subject) in [
        (2, State::Gating(Some(attempt())), Subject::Account(person)),
        (
            3,
            State::Gating(Some(Attempt {
                method,
                stage: Stage::Destination,
                ..attempt()
            })),
            hollow(Some(person)),
        ),
        (4, State::Granted, hollow(None)),
        (5, State::Done(summary), Subject::Account(person)),
        (
            6,
            State::Ended(Refusal::Blocked { until: at(7) }),
            Subject::Account(person),
        ),
        (7, State::Ended(Refusal::Cancelled), Subject::Account(person)),
    ] {
        let refusals = vec![Refusal::CodeWrong { left: 3 }, Refusal::PwCommon];
        let flow = Flow {
            state,
            subject,
            refusals,
            is_help_asked: true,
            ..flow(person)
        };
        let tx = store.write(tenant).await.unwrap();
        started(&tx, &flow, cookie).await;
        tx.commit().await.unwrap();
        assert_eq!(of_cookie(&store, tenant, cookie).await, Some(flow));
    }
}

async fn r02_an_update_with_an_old_rev_conflicts_and_changes_nothing(store: Store) {
    let (tenant, _, before) = begun(&store).await;
    let attempt = attempt();
    let after = Flow {
        state: State::Gating(Some(attempt)),
        refusals: vec![Refusal::CodeMissing],
        n_failed: 1,
        is_help_asked: true,
        ..before.clone()
    };
    let tx = store.write(tenant).await.unwrap();
    update(&tx, &before, &after).await.unwrap();
    tx.commit().await.unwrap();
    let moved = Flow {
        rev: 1,
        moved_at: at(1),
        ..after
    };
    assert_eq!(of_cookie(&store, tenant, 1).await.as_ref(), Some(&moved));

    let tx = store.write(tenant).await.unwrap();
    let late = Flow {
        state: State::Gating(None),
        n_failed: 4,
        ..before.clone()
    };
    assert!(matches!(update(&tx, &before, &late).await, Err(Error::Conflict)));
    tx.commit().await.unwrap();
    assert_eq!(of_cookie(&store, tenant, 1).await, Some(moved));
}

async fn r02_an_update_from_another_state_conflicts(store: Store) {
    let (tenant, _, before) = begun(&store).await;
    let tx = store.write(tenant).await.unwrap();
    let imagined = Flow {
        state: State::Granted,
        ..before.clone()
    };
    assert!(matches!(update(&tx, &imagined, &imagined).await, Err(Error::Conflict)));
    tx.commit().await.unwrap();
    assert_eq!(of_cookie(&store, tenant, 1).await, Some(before));
}

async fn r02_of_twenty_writers_one_wins(store: Store) {
    let (tenant, _, before) = begun(&store).await;
    let outcomes = at_once(20, |number| {
        let (store, before) = (store.clone(), before.clone());
        async move {
            let tx = store.write(tenant).await.unwrap();
            let after = Flow {
                n_failed: u32::try_from(number).unwrap(),
                ..before.clone()
            };
            let outcome = update(&tx, &before, &after).await;
            tx.commit().await.unwrap();
            outcome
        }
    })
    .await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let lost = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(Error::Conflict)))
        .count();
    assert_eq!((won, lost), (1, 19));
    assert_eq!(of_cookie(&store, tenant, 1).await.unwrap().rev, 1);
}

async fn r07_the_former_cookie_is_dead(store: Store) {
    let (tenant, _, before) = begun(&store).await;
    let tx = store.write(tenant).await.unwrap();
    let held = flows::lock(&tx, [1; 32]).await.unwrap().unwrap();
    flows::update(&tx, &held, &held, Some([2; 32]), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(of_cookie(&store, tenant, 1).await, None);
    assert_eq!(of_cookie(&store, tenant, 2).await.unwrap().id, before.id);
}

async fn with_code(store: &Store) -> (TenantId, Flow, AttemptId) {
    let (tenant, _, flow) = begun(store).await;
    let attempt = attempt();
    let tx = store.write(tenant).await.unwrap();
    flows::open_attempt(&tx, flow.id, &attempt, at(0)).await.unwrap();
    assert_eq!(flows::code(&tx, attempt.id).await.unwrap(), None);
    assert!(!flows::spend_code(&tx, attempt.id, at(1)).await.unwrap());
    flows::set_code(&tx, attempt.id, [3; 32], at(10 * MINUTE))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (tenant, flow, attempt.id)
}

async fn r09_a_code_is_spent_once(store: Store) {
    let (tenant, _, attempt) = with_code(&store).await;
    let tx = store.write(tenant).await.unwrap();
    assert!(
        !flows::spend_code(&tx, attempt, at(10 * MINUTE)).await.unwrap(),
        "too late"
    );
    assert!(
        !flows::spend_code(&tx, AttemptId(Uuid::new_v4()), at(1)).await.unwrap(),
        "another attempt"
    );
    tx.commit().await.unwrap();
    let spent = at_once(20, |_| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let is_spent = flows::spend_code(&tx, attempt, at(MINUTE)).await.unwrap();
            tx.commit().await.unwrap();
            is_spent
        }
    })
    .await;
    assert_eq!(spent.into_iter().filter(|is_spent| *is_spent).count(), 1);
    let tx = store.read(tenant).await.unwrap();
    assert_eq!(
        flows::code(&tx, attempt).await.unwrap().unwrap().used_at,
        Some(at(MINUTE))
    );
}

async fn r09_a_resend_voids_the_former_code(store: Store) {
    let (tenant, _, attempt) = with_code(&store).await;
    let tx = store.write(tenant).await.unwrap();
    assert!(flows::spend_code(&tx, attempt, at(1)).await.unwrap());
    flows::set_code(&tx, attempt, [4; 32], at(11 * MINUTE)).await.unwrap();
    let code = flows::code(&tx, attempt).await.unwrap().unwrap();
    assert_eq!((code.mac, code.used_at), ([4; 32], None));
    let nobody = AttemptId(Uuid::new_v4());
    assert!(matches!(
        flows::set_code(&tx, nobody, [4; 32], at(1)).await,
        Err(Error::Conflict)
    ));
}

async fn r03_an_attempt_gives_one_pass_in_its_own_flow(store: Store) {
    let (tenant, other, attempt) = with_code(&store).await;
    let tx = store.write(tenant).await.unwrap();
    let person = other.subject.account().unwrap();
    let second = flow(person);
    started(&tx, &second, 8).await;
    let pass = Pass {
        gate: Gate::Email,
        root: Root::mail("ada@mail.example"),
        method: MethodId(Uuid::new_v4()),
    };
    let app = Pass {
        gate: Gate::AppCode,
        ..pass.clone()
    };
    assert!(matches!(
        flows::pass(&tx, second.id, attempt, &pass, at(2)).await,
        Err(Error::Conflict)
    ));
    assert!(matches!(
        flows::pass(&tx, other.id, attempt, &app, at(2)).await,
        Err(Error::Conflict)
    ));
    flows::pass(&tx, other.id, attempt, &pass, at(2)).await.unwrap();
    assert_eq!(flows::passes(&tx, other.id).await.unwrap(), std::slice::from_ref(&pass));
    assert_eq!(flows::passes(&tx, second.id).await.unwrap(), []);
    assert!(matches!(
        flows::pass(&tx, other.id, attempt, &pass, at(3)).await,
        Err(Error::Conflict)
    ));
}

async fn r08_other_flows_end_with_their_codes(store: Store) {
    let (tenant, kept, _) = with_code(&store).await;
    let person = kept.subject.account().unwrap();
    let open = attempt();
    let tx = store.write(tenant).await.unwrap();
    let stranger = account(&tx, "bob").await;
    started(
        &tx,
        &Flow {
            state: State::Gating(Some(open.clone())),
            ..flow(person)
        },
        2,
    )
    .await;
    started(
        &tx,
        &Flow {
            state: State::Granted,
            ..flow(person)
        },
        3,
    )
    .await;
    started(
        &tx,
        &Flow {
            state: State::Ended(Refusal::Cancelled),
            ..flow(person)
        },
        4,
    )
    .await;
    started(&tx, &flow(stranger), 5).await;
    flows::set_code(&tx, open.id, [3; 32], at(HOUR)).await.unwrap();
    let ended = flows::of_cookie(&tx, [2; 32]).await.unwrap().unwrap();
    posted(&tx, &code_letter("481516"), Some(ended.id), Some("ada@mail.example")).await;
    assert_eq!(flows::end_others(&tx, person, Some(kept.id), at(1)).await.unwrap(), 2);
    assert!(!flows::spend_code(&tx, open.id, at(2)).await.unwrap());
    assert!(matches!(update(&tx, &ended, &ended).await, Err(Error::Conflict)));
    tx.commit().await.unwrap();
    for (cookie, expect) in [
        (1, "gating"),
        (2, "expired"),
        (3, "expired"),
        (4, "abandoned"),
        (5, "gating"),
    ] {
        assert_eq!(
            of_cookie(&store, tenant, cookie).await.unwrap().state.code(),
            expect,
            "{cookie}"
        );
    }
    assert!(outbox::lease(&store, at(2), 10).await.unwrap().is_empty());
}

async fn a_dropped_transaction_leaves_nothing(store: Store) {
    let (tenant, person, _) = begun(&store).await;
    let tx = store.write(tenant).await.unwrap();
    started(&tx, &flow(person), 2).await;
    drop(tx);
    assert_eq!(of_cookie(&store, tenant, 2).await, None);
    store.write(tenant).await.unwrap().commit().await.unwrap();
}
