//! Notices that a tenant has switched off: what still goes out, and to whom.

use crate::not_me::reference;
use crate::stage::{changed, number_of};
use crate::walk::{Browser, House};
use regain_domain::policy::Event;
use regain_service::Tenancy;
use regain_service::demo::Person;
use regain_store::Store;

const TOLD: &str = "SELECT count(*) FROM outbox WHERE purpose = 'password-changed' AND account_id = WHO";
const REPORTED: &str = "SELECT count(*) FROM outbox WHERE purpose = 'reported' AND account_id = WHO";
const TO_STAFF: &str = "SELECT count(*) FROM outbox WHERE purpose = 'reported-to-staff'";

async fn without(house: &House, tenancy: &Tenancy, event: Event) -> Tenancy {
    changed(house, tenancy, |settings| settings.policy.notices.put(event, false)).await
}

/// Somebody who has signed in and changed their password.
async fn changes(house: &House, tenancy: &Tenancy, like: &str) -> Person {
    let person = house.person(tenancy, like).await;
    let mut browser = Browser::new(house, tenancy);
    browser.sign_in(&person.username, &person.password).await;
    if !person.roles.is_empty() {
        browser.sign_in_code(&house.code_of(&person)).await;
    }
    browser.sets(&person.password, "a quite uncommon sentence").await;
    person
}

#[tokio::test]
async fn r50_a_change_is_told_unless_that_is_off_and_to_administrators_always() {
    let house = House::on(Store::for_tests().await).await;
    let usual = changes(&house, &house.acorn, "user@acorn.example").await;
    assert!(number_of(&house, &usual, TOLD).await > 0);
    let acorn = without(&house, &house.acorn, Event::Change).await;
    let quiet = changes(&house, &acorn, "user@acorn.example").await;
    assert_eq!(number_of(&house, &quiet, TOLD).await, 0);
    let admin = changes(&house, &acorn, "auditor@acorn.example").await;
    assert!(number_of(&house, &admin, TOLD).await > 0);
}

#[tokio::test]
async fn r12_what_was_reported_is_told_to_staff_whatever_is_off() {
    let house = House::on(Store::for_tests().await).await;
    let mut n_to_staff = 0;
    for (event, n_told) in [(Event::Denial, 2), (Event::Veto, 0)] {
        let acorn = without(&house, &house.acorn, event).await;
        let before = house.newest(&acorn).await;
        let person = changes(&house, &acorn, "user@acorn.example").await;
        let typed = reference(&house, &acorn, &person.emails[0], "password-changed", before).await;
        Browser::new(&house, &acorn).stops(&typed).await;
        assert_eq!(number_of(&house, &person, REPORTED).await > 0, n_told > 0, "{event:?}");
        let to_staff = number_of(&house, &person, TO_STAFF).await;
        assert!(to_staff > n_to_staff, "{event:?}");
        n_to_staff = to_staff;
    }
}
