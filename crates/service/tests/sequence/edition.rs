//! Editions: what a plan lacks is absent, for a tenant or for one account.

use crate::stage::number_of;
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::flow::Step;
use regain_domain::gate::Gate;
use regain_domain::policy::Edition;
use regain_service::Tenancy;
use regain_service::admin::{set_account_edition, set_tenant_edition};
use regain_store::Store;

async fn in_edition(house: &House, edition: Edition) -> Tenancy {
    let done = set_tenant_edition(&house.service, "acorn", edition, "test").await;
    done.expect("an answer").expect("it is set");
    let found = house.service.tenancy("localhost").await.expect("an answer");
    found.expect("a tenant")
}

#[tokio::test]
async fn not_licensed_is_told_by_the_plan_of_the_tenant_or_of_the_account() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let free = in_edition(&house, Edition::Free).await;
    let refused = Browser::new(&house, &free).identify(&person.username).await;
    assert!(
        matches!(refused.step, Step::Stopped(Refusal::NotLicensed)),
        "{refused:?}"
    );
    for (own, is_licensed) in [(Some(Edition::P1), true), (None, false)] {
        let done = set_account_edition(&house.service, "acorn", &person.username, own, "test").await;
        done.expect("an answer").expect("it is set");
        let screen = Browser::new(&house, &free).identify(&person.username).await;
        assert_eq!(matches!(screen.step, Step::Choose { .. }), is_licensed, "{own:?}");
    }
    let told = "SELECT count(*) FROM audit WHERE reason LIKE 'edition: %' AND subject_id = WHO";
    assert_eq!(number_of(&house, &person, told).await, 2, "r52");
}

#[tokio::test]
async fn a_trial_has_no_calls_and_whoever_was_granted_by_one_proves_again() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let offered = async |tenancy: &Tenancy| {
        let screen = Browser::new(&house, tenancy).identify(&person.username).await;
        let Step::Choose { gates, .. } = screen.step else {
            panic!("{screen:?}")
        };
        gates.into_iter().map(|offer| offer.gate).collect::<Vec<_>>()
    };
    let has_calls = |gates: &[Gate]| {
        gates
            .iter()
            .any(|gate| matches!(gate, Gate::MobileCall | Gate::OfficeCall))
    };
    assert!(has_calls(&offered(&house.acorn).await));
    let trial = in_edition(&house, Edition::Trial).await;
    let gates = offered(&trial).await;
    assert!(!has_calls(&gates) && gates.contains(&Gate::MobileSms), "{gates:?}");
}

#[tokio::test]
async fn own_banned_words_and_the_lockout_count_where_the_plan_has_them() {
    let house = House::on(Store::for_tests().await).await;
    for (edition, expect) in [(Edition::Office, None), (Edition::BusinessPremium, Some("pw-custom"))] {
        crate::stage::changed(&house, &house.acorn, |settings| {
            settings.password.enforce_custom = true;
            settings.password.custom = vec!["Quaintlantern".to_owned()];
        })
        .await;
        let acorn = in_edition(&house, edition).await;
        let person = house.person(&acorn, "user@acorn.example").await;
        let mut browser = Browser::new(&house, &acorn);
        browser.identify(&person.username).await;
        browser.pass_app(&person).await;
        browser.pass_mail(&person).await;
        let (screen, _) = browser.password("QuaintLantern").await;
        let found = screen.refusals.first().map(Refusal::code);
        assert_eq!(found, expect, "{edition:?}");
    }
}
