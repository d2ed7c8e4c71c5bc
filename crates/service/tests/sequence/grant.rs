//! The grant is computed anew from live rows (R05): one test for each row of its table.

use crate::stage::{NEW, changed, granted};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::account::{Account, Status, UserName};
use regain_domain::flow::Step;
use regain_domain::policy::{Disclosure, Means, Rule, Scope};
use regain_domain::role::Role;
use regain_service::Standing;
use regain_service::demo::Person;
use regain_store::{Store, accounts, flows};

pub(crate) async fn account(house: &House, person: &Person) -> Account {
    let tx = house.store.read(house.birch.id).await.expect("a read");
    let name = UserName::of_row(person.username.clone());
    accounts::by_name(&tx, &name)
        .await
        .expect("an answer")
        .expect("an account")
}

/// Nothing was written: the old password still signs in.
async fn nothing_changed(house: &House, person: &Person) {
    let tx = house.store.read(house.birch.id).await.expect("a read");
    let id = account(house, person).await.id;
    let stored = accounts::password_hash(&tx, id).await.expect("an answer");
    assert!(stored.is_some());
    let mut browser = Browser::new(house, &house.birch);
    let screen = browser.sign_in(&person.username, NEW).await;
    assert!(
        matches!(screen, regain_domain::sign_in::AccountScreen::SignIn { .. }),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r05_a_flow_that_is_over_writes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    house.demo.advance(15 * 60).await.expect("a later time");
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::Expired));
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r05_an_account_switched_off_meanwhile_writes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let id = account(&house, &person).await.id;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    accounts::set_status(&tx, id, Status::Disabled).await.expect("a write");
    tx.commit().await.expect("a commit");
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(
        screen.step,
        Step::Stopped(Refusal::UserUnknown),
        "told in the words for no account"
    );
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r05_a_password_changed_elsewhere_ends_the_flow() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let found = account(&house, &person).await;
    let (id, seen) = (found.id, found.password_changed_at);
    let tx = house.store.write(house.birch.id).await.expect("a write");
    let hash = accounts::password_hash(&tx, id)
        .await
        .expect("an answer")
        .expect("a hash");
    accounts::set_password(&tx, id, &hash, seen, house.service.now(), 0)
        .await
        .expect("a write");
    tx.commit().await.expect("a commit");
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::Expired));
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r05_a_scope_that_closed_meanwhile_writes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    browser.visit.tenant = changed(&house, &house.birch, |settings| settings.policy.scope = Scope::None).await;
    let (screen, _) = browser.password(NEW).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::TenantOff));
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r05_a_second_gate_demanded_meanwhile_is_asked_for_and_the_first_kept() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    browser.visit.tenant = changed(&house, &house.birch, |settings| settings.policy.n_gates = 2).await;
    let (screen, _) = browser.password(NEW).await;
    let Step::Choose { progress, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!((progress.n_passed, progress.n_needed), (1, 2));
    nothing_changed(&house, &person).await;
    let screen = browser.pass_mail(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
    assert!(matches!(browser.password(NEW).await.0.step, Step::Done(_)));
}

#[tokio::test]
async fn r05_a_gate_forbidden_meanwhile_voids_its_pass() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    browser.visit.tenant = changed(&house, &house.birch, |settings| {
        settings.policy.methods.rules = [(Means::Email, Rule::EVERYBODY)].into();
    })
    .await;
    let (screen, _) = browser.password(NEW).await;
    let Step::Choose { progress, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!(progress.n_passed, 0);
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r05_who_becomes_an_administrator_needs_two_gates_at_once() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let id = account(&house, &person).await.id;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    accounts::set_roles(&tx, id, &[Role::Helpdesk]).await.expect("a write");
    tx.commit().await.expect("a commit");
    let (screen, _) = browser.password(NEW).await;
    let Step::Choose { progress, .. } = &screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!((progress.n_passed, progress.n_needed), (1, 2));
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn r08_an_ended_flow_writes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = granted(&house, &house.birch).await;
    let id = account(&house, &person).await.id;
    let tx = house.store.write(house.birch.id).await.expect("a write");
    flows::end_others(&tx, id, None, house.service.now())
        .await
        .expect("a write");
    tx.commit().await.expect("a commit");
    let (screen, standing) = browser.password(NEW).await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::Expired), Standing::Stale)
    );
    nothing_changed(&house, &person).await;
}

#[tokio::test]
async fn a_trusted_network_is_told_the_truth_in_auto_mode_and_no_other() {
    let house = House::on(Store::for_tests().await).await;
    let tenancy = changed(&house, &house.birch, |settings| {
        settings.policy.disclosure = Disclosure::Auto;
        settings.policy.trusted_networks = vec!["192.0.2.0/24".to_owned()];
    })
    .await;
    let mut inside = Browser::new(&house, &tenancy);
    let screen = inside.identify("nobody@birch.example").await;
    assert!(matches!(screen.step, Step::Identify { .. }) && !screen.refusals.is_empty());
    let mut outside = Browser::new(&house, &tenancy);
    outside.visit.network = "198.51.100.7".parse().expect("an address");
    assert!(matches!(
        outside.identify("nobody@birch.example").await.step,
        Step::Choose { .. }
    ));
}

#[tokio::test]
async fn while_the_scope_is_none_identify_says_so_to_everybody() {
    let house = House::on(Store::for_tests().await).await;
    let tenancy = changed(&house, &house.birch, |settings| settings.policy.scope = Scope::None).await;
    let screen = Browser::new(&house, &tenancy).look().await;
    assert!(matches!(screen.step, Step::Identify { is_off: true, .. }), "{screen:?}");
}
