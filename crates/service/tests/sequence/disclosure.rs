//! What each mode tells, when it tells it, and that a flow keeps the mode in which it began. R23, R24.

use crate::not_me::reference;
use crate::stage::changed;
use crate::walk::{Browser, House, refused};
use regain_domain::Refusal;
use regain_domain::flow::{Client, ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::limits::RELEASE_QUANTUM;
use regain_domain::policy::Disclosure;
use regain_domain::sign_in::AccountScreen;
use regain_service::demo::Person;
use regain_service::{Identify, Tenancy};
use regain_store::Store;
use std::time::Duration;

/// How long the last request of a browser has taken by now.
fn taken(house: &House, browser: &Browser<'_>) -> Duration {
    house.service.now().since(browser.visit.arrived_at)
}

#[tokio::test]
async fn r23_no_answer_of_either_class_leaves_before_its_quantum() {
    let house = House::on(Store::for_tests().await).await;
    let known = house.person(&house.birch, "user@birch.example").await;
    for name in [known.username.as_str(), "nobody@birch.example"] {
        let mut browser = Browser::new(&house, &house.birch);
        browser.identify(name).await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: identify");
        browser.choose(Gate::Email).await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: choose");
        browser.destination("somebody@mail.example").await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: send");
        browser.code("000000").await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: verify");
        browser.visit.arrived_at = house.service.now();
        browser.look().await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: the page");
        browser.code("000000").await;
        browser.password("seven brass otters hum").await;
        assert!(taken(&house, &browser) >= RELEASE_QUANTUM, "{name}: out of order");
    }
}

#[tokio::test]
async fn r24_a_running_flow_keeps_the_mode_it_began_with() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut discreet = Browser::new(&house, &house.birch);
    discreet.identify(&person.username).await;
    let told = changed(&house, &house.birch, |settings| {
        settings.policy.disclosure = Disclosure::Explicit;
    })
    .await;
    discreet.visit.tenant = told.clone();
    let screen = discreet.choose(Gate::Email).await;
    assert!(taken(&house, &discreet) >= RELEASE_QUANTUM, "a post in its own time");
    let is_asked = |screen: &Screen| {
        matches!(
            screen.step,
            Step::Prove {
                form: ProveForm::Destination { .. },
                ..
            }
        )
    };
    assert!(is_asked(&screen), "{screen:?}");
    discreet.visit.arrived_at = house.service.now();
    assert!(is_asked(&discreet.look().await));
    assert!(taken(&house, &discreet) >= RELEASE_QUANTUM, "a page in its own time");

    let mut explicit = Browser::new(&house, &told);
    explicit.identify(&person.username).await;
    explicit.visit.tenant = changed(&house, &told, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let screen = explicit.choose(Gate::Email).await;
    assert!(
        matches!(
            &screen.step,
            Step::Prove {
                form: ProveForm::Code { hint: Some(_), .. },
                ..
            }
        ),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r24_explicit_mode_says_until_when_somebody_is_blocked() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    for _ in 0..5 {
        browser.code("000000").await;
    }
    let screen = Browser::new(&house, &house.acorn).identify(&person.username).await;
    let Step::Stopped(Refusal::Blocked { until }) = screen.step else {
        panic!("{screen:?}")
    };
    assert!(until > house.service.now());
}

fn shows(screen: &Screen, person: &Person) -> bool {
    let page = serde_json::to_string(screen).expect("json");
    let address = person.emails.last().expect("a second mail");
    let local = address.split('@').next().expect("a local part");
    page.contains(address) || page.contains(&format!("{local}@"))
}

#[tokio::test]
async fn r24_explicit_mode_never_shows_a_full_destination() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    // Found under another name, so that the name on the page is not taken for the address.
    house
        .store
        .run(&format!(
            "UPDATE method SET value = 'h.garcia@mail.example' WHERE value = '{}'",
            person.emails.last().expect("a second mail")
        ))
        .await;
    let person = Person {
        emails: vec![person.username.clone(), "h.garcia@mail.example".to_owned()],
        ..person
    };
    let mut browser = Browser::new(&house, &house.acorn);
    let mut screens = vec![browser.identify(&person.username).await];
    screens.push(browser.choose(Gate::Email).await);
    let letter = house
        .message(&house.acorn, "h.garcia@mail.example", "reset-code", 0)
        .await;
    screens.push(browser.code("000000").await);
    screens.push(browser.choose(Gate::Email).await);
    screens.push(browser.choose(Gate::AppCode).await);
    let code = house.code_of(&person);
    screens.push(browser.code(&code).await);
    screens.push(browser.choose(Gate::Email).await);
    screens.push(browser.code(&letter.code.expect("a code")).await);
    screens.push(browser.password("short").await.0);
    screens.push(browser.password("seven brass otters hum").await.0);
    assert!(matches!(screens.last().expect("the end").step, Step::Done(_)));
    for screen in &screens {
        assert!(!shows(screen, &person), "{screen:?}");
    }
    assert!(
        format!("{:?}", screens[0]).contains("h•••@m•••.example"),
        "only its mask"
    );
}

#[tokio::test]
async fn r24_explicit_mode_wants_the_captcha_first() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    for name in [
        person.username.as_str(),
        "nobody@acorn.example",
        "disabled@acorn.example",
    ] {
        let mut browser = Browser::new(&house, &house.acorn);
        let post = Identify {
            user_name: name.to_owned(),
            ..Identify::default()
        };
        let (screen, _) = browser.identify_with(post).await;
        assert!(matches!(screen.step, Step::Identify { .. }), "{screen:?}");
        assert_eq!(refused(&screen), "captcha-wrong", "{name}");
    }
}

#[tokio::test]
async fn r24_sign_in_stays_discreet_in_both_modes() {
    let house = House::on(Store::for_tests().await).await;
    for (tenancy, domain) in [(&house.acorn, "acorn.example"), (&house.birch, "birch.example")] {
        for name in ["user", "new", "disabled", "nobody"] {
            let name = format!("{name}@{domain}");
            let mut browser = Browser::new(&house, tenancy);
            let screen = browser.sign_in(&name, "not the password").await;
            let AccountScreen::SignIn { refusal, .. } = screen else {
                panic!("{screen:?}")
            };
            assert_eq!(refusal, Some(Refusal::SignInFailed), "{name}");
        }
    }
}

#[tokio::test]
async fn r22_in_auto_mode_a_browser_tells_whoever_registered_there_and_nobody_else() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = auto(&house).await;
    let person = house.person(&acorn, "new@acorn.example").await;
    let other = house.person(&acorn, "user@acorn.example").await;
    let mut own = Browser::new(&house, &acorn);
    own.sign_in(&person.username, &person.password).await;
    // Signed in, and not registered yet.
    assert!(!is_told(&mut own, &person.username).await);
    own.confirm("").await;
    own.enrol_mail("new.one@mail.example").await;
    assert!(is_told(&mut own, &person.username).await);
    assert!(!is_told(&mut own, &other.username).await, "of somebody else");
    assert!(!is_told(&mut own, "nobody@acorn.example").await, "of nobody");
    // Known, but for a sign-in alone.
    let mut strange = Browser::new(&house, &acorn);
    strange.sign_in(&person.username, &person.password).await;
    assert!(strange.visit.mark.is_some() && strange.visit.mark != own.visit.mark);
    assert!(!is_told(&mut strange, &person.username).await, "elsewhere");
    let mut kiosk = Browser::new(&house, &acorn);
    (kiosk.visit.mark, kiosk.visit.client) = (own.visit.mark.clone(), Client::Kiosk);
    assert!(!is_told(&mut kiosk, &person.username).await, "before a kiosk");
    own.visit.tenant = changed(&house, &acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    assert!(!is_told(&mut own, &person.username).await, "in discreet mode");
}

#[tokio::test]
async fn r22_what_a_browser_is_known_for_ends_after_a_year_and_by_a_report() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = auto(&house).await;
    let mut browsers = Vec::new();
    for address in ["one@mail.example", "two@mail.example"] {
        let person = house.person(&acorn, "new@acorn.example").await;
        let mut own = Browser::new(&house, &acorn);
        own.sign_in(&person.username, &person.password).await;
        own.confirm("").await;
        let before = house.newest(&acorn).await;
        own.enrol_mail(address).await;
        assert!(is_told(&mut own, &person.username).await);
        browsers.push((own, person, before));
    }
    let [(one, victim, before), (other, person, _)] = &mut browsers[..] else {
        panic!("two of them")
    };
    let typed = reference(&house, &acorn, &victim.username, "methods-changed", *before).await;
    Browser::new(&house, &acorn).stops(&typed).await;
    assert!(!is_told(one, &victim.username).await, "it was reported");
    assert!(is_told(other, &person.username).await, "by somebody else");
    house.demo.advance(366 * 24 * 3600).await.expect("a later time");
    assert!(!is_told(other, &person.username).await, "a year later");
}

/// Acorn in auto mode, where one way is enough.
async fn auto(house: &House) -> Tenancy {
    changed(house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Auto;
        settings.policy.n_gates = 1;
    })
    .await
}

/// Whether the page shows a name's own ways, with their masks.
async fn is_told(browser: &mut Browser<'_>, name: &str) -> bool {
    let Step::Choose { gates, .. } = browser.identify(name).await.step else {
        panic!("no ways of {name}")
    };
    gates.iter().any(|gate| gate.hint.is_some())
}
