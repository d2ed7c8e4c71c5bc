//! Where a test begins, and what the rows say when it ends.

use crate::walk::{Browser, House};
use regain_domain::flow::Step;
use regain_domain::policy::Disclosure;
use regain_domain::tenant::TenantSettings;
use regain_domain::tenant::Ways;
use regain_service::clock::SystemClock;
use regain_service::demo::Person;
use regain_service::{NetworkLimits, Service, Tenancy};
use regain_store::settings;
use std::sync::Arc;

/// A good password that nobody has.
pub(crate) const NEW: &str = "seven brass otters hum";

/// Saves changed settings; gives the tenancy as the next request would see it.
pub(crate) async fn changed(house: &House, tenancy: &Tenancy, change: impl FnOnce(&mut TenantSettings)) -> Tenancy {
    let tx = house.store.write(tenancy.id).await.expect("a write");
    let current = settings::current(&tx).await.expect("settings");
    let mut value = current.value;
    change(&mut value);
    settings::save(&tx, current.version, &value, None, house.service.now())
        .await
        .expect("a new version");
    tx.commit().await.expect("a commit");
    let host = if tenancy.id == house.acorn.id {
        "localhost"
    } else {
        "birch.localhost"
    };
    let found = house.service.tenancy(host).await;
    found.expect("an answer").expect("a tenant")
}

/// Birch, with one gate to pass, telling the truth: no answer of it waits for its quantum.
pub(crate) async fn outspoken(house: &House) -> Tenancy {
    changed(house, &house.birch, |settings| {
        settings.policy.disclosure = Disclosure::Explicit;
    })
    .await
}

/// A person of Birch who has proved enough, and the browser in which that happened.
pub(crate) async fn granted<'a>(house: &'a House, tenancy: &Tenancy) -> (Person, Browser<'a>) {
    let person = house.person(tenancy, "user@birch.example").await;
    let mut browser = Browser::new(house, tenancy);
    browser.identify(&person.username).await;
    let screen = browser.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
    (person, browser)
}

/// The same rows, by a service that lets a network do anything so often.
pub(crate) async fn narrow(house: &House, n_most: usize) -> Service {
    let networks = NetworkLimits {
        n_easy_identifies: n_most,
        n_most,
    };
    let opened = Service::open(house.store.clone(), Arc::new(SystemClock), networks, Ways::ALL).await;
    opened.expect("a service")
}

/// Waits until whoever has the writer gives it back.
pub(crate) async fn settled(house: &House) {
    drop(house.store.write(house.birch.id).await.expect("the writer"));
}

/// The one number that a statement gives; `WHO` stands for the person's account.
pub(crate) async fn number_of(house: &House, person: &Person, sql: &str) -> i64 {
    let who = format!("(SELECT id FROM account WHERE user_name = '{}')", person.username);
    let found = house.store.column::<i64>(&sql.replace("WHO", &who)).await;
    *found.first().expect("a number")
}

/// Changes a person's row behind the product's back.
pub(crate) async fn set(house: &House, person: &Person, what: &str) {
    let sql = format!("UPDATE account SET {what} WHERE user_name = '{}'", person.username);
    house.store.run(&sql).await;
}

/// The stored hash of a person's password.
pub(crate) async fn hash_of(house: &House, person: &Person) -> String {
    let sql = format!(
        "SELECT password_hash FROM account WHERE user_name = '{}'",
        person.username
    );
    house.store.column::<String>(&sql).await.pop().expect("a hash")
}

/// How many hits all counters hold.
pub(crate) async fn n_hits(house: &House) -> i64 {
    let sql = "SELECT coalesce(sum(json_array_length(hits, '$.value')), 0) FROM counter";
    *house.store.column::<i64>(sql).await.first().expect("a number")
}
