//! Password protection: what the console sets of passwords and of wrong ones is what people then meet.

use crate::console::{seen, staff};
use crate::stage::number_of;
use crate::walk::{Browser, House};
use regain_domain::flow::Step;
use regain_domain::policy::Protection;
use regain_domain::policy::page::{Advice, PolicyPage};
use regain_domain::policy::setting::Setting;
use regain_domain::registration::SecurityScreen;
use regain_domain::sign_in::{AccountScreen, Who};
use regain_service::admin::set_password_never_expires;
use regain_service::{Standing, Tenancy};
use regain_store::Store;
use std::time::Duration;

const PAGE: PolicyPage = PolicyPage::PasswordProtection;
const DAY: i64 = 24 * 3_600;

/// What a policy administrator has saved on the page; gives how many would be asked for a new password at once.
async fn saved(house: &House, fields: &[(Protection, &str)]) -> (Tenancy, u32) {
    let (_, mut browser) = staff(house, "policy@acorn.example").await;
    let fields: Vec<_> = fields
        .iter()
        .map(|(one, typed)| (Setting::Protection(*one), *typed))
        .collect();
    let shown = browser.drafts(PAGE, &fields).await;
    assert_eq!(shown.wrongs, vec![]);
    let n_expire = shown.change.as_ref().expect("a change").preview.n_expire;
    assert_eq!(browser.saves(PAGE, &seen(&shown), "").await.1, Standing::Current);
    browser.again().await;
    (browser.visit.tenant.clone(), n_expire)
}

fn who(screen: AccountScreen) -> Who {
    match screen {
        AccountScreen::In(who) => who,
        other => panic!("not signed in: {other:?}"),
    }
}

#[tokio::test]
async fn a_password_expires_by_the_age_that_the_console_sets_and_is_told_of_ahead() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let lasting = house.person(&house.acorn, "user@acorn.example").await;
    let done = set_password_never_expires(&house.service, "acorn", &lasting.username, true, "test").await;
    done.expect("an answer").expect("it is set");
    let (acorn, n_expire) = saved(&house, &[(Protection::Expiry, "200")]).await;
    assert_eq!(n_expire, 0, "the demo's are a hundred days old");

    house.demo.advance(86 * DAY - 3_600).await.expect("a later time");
    let mut browser = Browser::new(&house, &acorn);
    let early = who(browser.sign_in(&person.username, &person.password).await);
    assert_eq!(early.password_ends_at, None);
    house.demo.advance(2 * 3_600).await.expect("a later time");
    let told = who(browser.sign_in(&person.username, &person.password).await);
    let end = told.password_ends_at.expect("told 14 days ahead");
    assert_eq!(end, told.password_changed_at.plus(Duration::from_hours(200 * 24)));
    let mut other = Browser::new(&house, &acorn);
    let kept = who(other.sign_in(&lasting.username, &lasting.password).await);
    assert_eq!(kept.password_ends_at, None);

    house.demo.advance(14 * DAY).await.expect("a later time");
    let screen = browser.sign_in(&person.username, &person.password).await;
    assert_eq!(screen, AccountScreen::NewPasswordNext);
    let looked = house.service.registration.look(&browser.visit).await.expect("a page");
    assert_eq!(looked, SecurityScreen::SignedOut, "nothing else is open");
    who(other.sign_in(&lasting.username, &lasting.password).await);
    // Whoever replaces it is in, and has another two hundred days.
    browser.visit.is_posted = true;
    browser.sets("", "a quite uncommon sentence").await;
    let renewed = who(browser.sign_in(&person.username, "a quite uncommon sentence").await);
    assert!(renewed.password_changed_at > end && renewed.password_ends_at.is_none());
}

#[tokio::test]
async fn whose_password_would_be_over_at_once_is_counted_before_it_is_saved() {
    let house = House::on(Store::for_tests().await).await;
    house.person(&house.acorn, "user@acorn.example").await;
    let (_, mut browser) = staff(&house, "policy@acorn.example").await;
    let shown = browser
        .drafts(PAGE, &[(Setting::Protection(Protection::Expiry), "30")])
        .await;
    let preview = shown.change.expect("a change").preview;
    assert!(preview.n_expire > 0 && preview.n_expire < preview.n_all, "{preview:?}");
    assert_eq!((preview.n_lose, preview.n_gain), (0, 0));
    assert!(shown.advice.contains(&Advice::ExpiryWeakens));
}

#[tokio::test]
async fn r27_the_rules_that_the_console_sets_are_those_of_a_reset() {
    let house = House::on(Store::for_tests().await).await;
    let (acorn, _) = saved(
        &house,
        &[
            (Protection::Profile, "entra"),
            (Protection::Least, "10"),
            (Protection::EnforceCustom, "on"),
            (Protection::Custom, "Harbour\nHARB0UR\nContoso"),
        ],
    )
    .await;
    assert_eq!(acorn.settings.password.custom, ["Harbour", "Contoso"]);
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    browser.identify(&person.username).await;
    browser.pass_app(&person).await;
    browser.pass_mail(&person).await;
    for (typed, codes) in [
        ("Short1!", vec!["pw-short"]),
        ("no classes at all", vec!["pw-classes"]),
        ("Harbour-12", vec!["pw-custom"]),
    ] {
        let (screen, _) = browser.password(typed).await;
        let found: Vec<_> = screen.refusals.iter().map(regain_domain::Refusal::code).collect();
        assert_eq!(found, codes, "{typed}");
    }
    let (screen, _) = browser.password("Quaint Lantern 7").await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
}

#[tokio::test]
async fn wrong_passwords_pause_signing_in_as_the_console_has_set_it() {
    let house = House::on(Store::for_tests().await).await;
    let (acorn, _) = saved(
        &house,
        &[(Protection::LockoutTries, "12"), (Protection::LockoutFirst, "30")],
    )
    .await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    for n in 0..12 {
        let screen = browser.sign_in(&person.username, &format!("wrong {n}")).await;
        let AccountScreen::SignIn { refusal, .. } = screen else {
            panic!("{n}: {screen:?}")
        };
        assert_eq!(refusal.map(|refusal| refusal.code()), Some("sign-in-failed"), "{n}");
    }
    let paused = browser.sign_in(&person.username, &person.password).await;
    assert!(matches!(
        paused,
        AccountScreen::SignIn {
            refusal: Some(regain_domain::Refusal::SignInPaused),
            ..
        }
    ));
    house.demo.advance(31).await.expect("a later time");
    who(browser.sign_in(&person.username, &person.password).await);
}

#[tokio::test]
async fn r52_that_a_password_never_expires_is_an_operators_act_and_audited() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    for (never, act) in [(true, "password-never-expires"), (false, "password-expires-as-set")] {
        let done = set_password_never_expires(&house.service, "acorn", &person.username, never, "test").await;
        done.expect("an answer").expect("it is set");
        let told = format!("SELECT count(*) FROM audit WHERE reason = '{act}' AND subject_id = WHO");
        assert_eq!(number_of(&house, &person, &told).await, 1);
    }
    let none = set_password_never_expires(&house.service, "acorn", "nobody@acorn.example", true, "test").await;
    assert!(none.expect("an answer").is_err());
}
