//! Notices that a tenant has switched off: what still goes out, and to whom.

use crate::not_me::reference;
use crate::stage::{changed, number_of};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::brand::HelpMail;
use regain_domain::flow::{HelpRequest, Input, Step};
use regain_domain::policy::{Disclosure, Event};
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy};
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

#[tokio::test]
async fn r50_whoever_has_no_mailbox_is_told_at_their_user_name() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let id = format!("(SELECT id FROM account WHERE user_name = '{}')", person.username);
    house
        .store
        .run(&format!("DELETE FROM method WHERE account_id = {id}"))
        .await;
    house
        .store
        .run(&format!("UPDATE account SET primary_mail = NULL WHERE id = {id}"))
        .await;
    let newest = house.newest(&house.acorn).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    browser.sets(&person.password, "a quite uncommon sentence").await;
    house
        .message(&house.acorn, &person.username, "password-changed", newest)
        .await;
}

#[tokio::test]
async fn the_helpdesk_is_told_why_a_reset_does_not_go_on() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Explicit;
    })
    .await;
    let person = house.person(&acorn, "new@acorn.example").await;
    let desk = house.person(&acorn, "helpdesk@acorn.example").await;
    let newest = house.newest(&acorn).await;
    let mut browser = Browser::new(&house, &acorn);
    let screen = browser.identify(&person.username).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::NotRegistered));
    browser.post(Ok(Input::Help)).await;
    let asked = house.message(&acorn, &desk.emails[0], "help-request", newest).await;
    assert!(asked.text.contains("not-registered"), "{}", asked.text);
}

#[tokio::test]
async fn no_request_is_passed_on_where_that_is_off_and_none_is_offered() {
    let house = House::on(Store::for_tests().await).await;
    let off = changed(&house, &house.birch, |settings| {
        settings.brand.help_mail = HelpMail::Off;
    })
    .await;
    let mut browser = Browser::new(&house, &off);
    let screen = browser.identify("user@birch.example").await;
    assert_eq!(screen.help_request, HelpRequest::No);
    let (screen, standing) = browser.post(Ok(Input::Help)).await;
    assert_eq!((screen.help_request, standing), (HelpRequest::No, Standing::Stale));
    let asked = house
        .store
        .column::<i64>("SELECT count(*) FROM outbox WHERE purpose = 'help-request'")
        .await;
    assert_eq!(asked, [0]);
    browser.visit.tenant = changed(&house, &off, |settings| settings.brand.help_mail = HelpMail::Sent).await;
    assert_eq!(browser.look().await.help_request, HelpRequest::Open);
    let (screen, _) = browser.post(Ok(Input::Help)).await;
    assert_eq!(screen.help_request, HelpRequest::Done);
}
