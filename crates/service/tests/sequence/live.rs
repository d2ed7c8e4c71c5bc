//! The grant's table once more: what may change between the gates and the write, and is not in `grant`. R05.

use crate::stage::{NEW, changed, granted, hash_of, number_of};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_service::Standing;
use regain_store::Store;

/// What the new password's post leads to after something has changed; nothing is written, whatever it is.
async fn after(sql: &str) -> Step {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let before = hash_of(&house, &person).await;
    let who = format!("(SELECT id FROM account WHERE user_name = '{}')", person.username);
    house.store.run(&sql.replace("WHO", &who)).await;
    let (screen, _) = browser.password(NEW).await;
    let left = number_of(&house, &person, "SELECT count(*) FROM account WHERE id = WHO").await;
    if left > 0 {
        assert_eq!(hash_of(&house, &person).await, before);
    }
    screen.step
}

fn n_passed(step: &Step) -> Option<u32> {
    match step {
        Step::Choose { progress, .. } => Some(progress.n_passed),
        _ => None,
    }
}

#[tokio::test]
async fn r05_who_is_blocked_by_other_flows_meanwhile_gets_the_blocked_notice() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let before = hash_of(&house, &person).await;
    let mut outsider = Browser::new(&house, &house.birch);
    outsider.identify(&person.username).await;
    outsider.choose(Gate::AppCode).await;
    for _ in 0..5 {
        outsider.code("000000").await;
    }
    let until = house.service.now().plus(regain_domain::limits::BLOCK);
    let (screen, standing) = browser.password(NEW).await;
    let Step::Stopped(Refusal::Blocked { until: told }) = screen.step else {
        panic!("{screen:?}")
    };
    assert!(told <= until && until.since(told).as_secs() < 60, "{told:?}");
    assert_eq!(standing, Standing::Current);
    assert_eq!(hash_of(&house, &person).await, before);
    let n_entries = number_of(
        &house,
        &person,
        "SELECT count(*) FROM audit WHERE activity = 'flow-progress' AND reason = 'blocked' AND subject_id = WHO",
    )
    .await;
    assert_eq!(n_entries, 1, "and the audit knows why");
    let (_, standing) = browser.password(NEW).await;
    assert_eq!(standing, Standing::Stale, "the flow has ended");
}

#[tokio::test]
async fn r05_an_account_that_ran_out_meanwhile_is_told_in_the_words_for_none() {
    let step = after("UPDATE account SET expires_at = 1 WHERE id = WHO").await;
    assert_eq!(step, Step::Stopped(Refusal::UserUnknown));
}

#[tokio::test]
async fn r05_who_left_the_scope_meanwhile_writes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let before = hash_of(&house, &person).await;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let group = regain_store::groups::create(&tx, "Leavers", house.service.now())
        .await
        .expect("a group");
    tx.commit().await.expect("a commit");
    browser.visit.tenant = changed(&house, &house.birch, |settings| {
        settings.policy.excluded_groups = vec![group];
    })
    .await;
    let member = format!(
        "INSERT INTO group_account (tenant_id, group_id, account_id) \
         SELECT tenant_id, (SELECT id FROM account_group WHERE name = 'Leavers'), id FROM account WHERE user_name = '{}'",
        person.username
    );
    house.store.run(&member).await;
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::NotInScope));
    assert_eq!(hash_of(&house, &person).await, before);
}

#[tokio::test]
async fn r05_a_method_removed_meanwhile_takes_its_pass_along() {
    let step = after("DELETE FROM method WHERE kind = 'app' AND account_id = WHO").await;
    assert_eq!(n_passed(&step), Some(0), "{step:?}");
}

#[tokio::test]
async fn r05_an_address_changed_meanwhile_takes_its_pass_along() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let before = hash_of(&house, &person).await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    assert!(matches!(browser.pass_mail(&person).await.step, Step::Password { .. }));
    house
        .store
        .run(&format!(
            "UPDATE method SET value = 'other@mail.example' WHERE value = '{}'",
            person.emails.last().expect("a second mail")
        ))
        .await;
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(n_passed(&screen.step), Some(0), "{screen:?}");
    assert_eq!(hash_of(&house, &person).await, before);
}

#[tokio::test]
async fn r05_a_granted_cookie_at_another_tenant_is_as_expired() {
    let house = House::on(Store::for_tests().await).await;
    let (person, browser) = granted(&house, &house.birch).await;
    let before = hash_of(&house, &person).await;
    let mut foreign = Browser::new(&house, &house.acorn);
    foreign.visit.flow.clone_from(&browser.visit.flow);
    let (screen, standing) = foreign.password(NEW).await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::Expired), Standing::Stale)
    );
    assert_eq!(hash_of(&house, &person).await, before);
    assert!(matches!(browser.look().await.step, Step::Password { .. }));
}
