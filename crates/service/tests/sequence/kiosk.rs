//! The wizard in a kiosk: it only ever tightens, clears itself, and is told apart in the audit. R58.

use crate::stage::changed;
use crate::walk::{Browser, House, refused};
use regain_domain::flow::{Client, Input, ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::limits::KIOSK_IDLE;
use regain_domain::policy::Disclosure;
use regain_domain::registration::Picture;
use regain_domain::{Refusal, Secret};
use regain_service::{Identify, Keep, Standing};
use regain_store::{Store, audit};

const USER: &str = "user@acorn.example";

/// A kiosk at a tenant.
fn kiosk<'a>(house: &'a House, tenancy: &regain_service::Tenancy) -> Browser<'a> {
    let mut browser = Browser::new(house, tenancy);
    browser.visit.client = Client::Kiosk;
    browser
}

impl Browser<'_> {
    /// Somebody is still there.
    async fn touch(&mut self) -> (Screen, Standing) {
        self.visit.arrived_at = self.house.service.now();
        let stepped = self.house.service.reset.touch(&self.visit).await;
        self.keep(stepped.expect("an answer"))
    }

    async fn cancel(&mut self) -> (Screen, Standing) {
        self.post(Ok(Input::Cancel)).await
    }
}

async fn house() -> House {
    House::quiet(Store::for_tests().await).await
}

async fn advance(house: &House, seconds: u64) {
    house
        .demo
        .advance(i64::try_from(seconds).expect("seconds"))
        .await
        .expect("a later time");
}

fn idle() -> u64 {
    KIOSK_IDLE.as_secs()
}

fn is_start(screen: &Screen) -> bool {
    matches!(&screen.step, Step::Identify { user_name, .. } if user_name.is_empty())
}

/// What the audit says of where its newest entries came from.
async fn clients(house: &House, n: u64) -> Vec<String> {
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let found = audit::recent(&tx, n).await.expect("entries");
    found
        .into_iter()
        .map(|entry| entry.client.unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn r58_the_whole_wizard_runs_in_a_kiosk_and_the_audit_tells_it_apart() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.pass_app(&person).await;
    let screen = browser.pass_mail(&person).await;
    assert!(
        matches!(screen.step, Step::Password { .. }) && screen.is_kiosk(),
        "{screen:?}"
    );
    let (screen, _) = browser.password("seven brass otters hum").await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    assert!(clients(&house, 3).await.iter().all(|client| client == "kiosk"));

    let other = house.person(&house.acorn, USER).await;
    Browser::new(&house, &house.acorn).identify(&other.username).await;
    assert_eq!(clients(&house, 1).await, ["browser"]);
}

#[tokio::test]
async fn r58_a_kiosk_that_nobody_touches_is_over_after_a_minute() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    let screen = browser.choose(Gate::AppCode).await;
    assert_eq!((screen.idle_in, screen.seconds_left), (Some(60), Some(60)));
    advance(&house, idle() - 1).await;
    assert!(matches!(browser.look().await.step, Step::Prove { .. }));
    advance(&house, 1).await;
    assert!(is_start(&browser.look().await), "the page of whoever comes next");
    // A stale screen is dead: a right code passes nothing, and says only that it is over.
    let (screen, standing) = browser
        .prove(regain_domain::flow::Proof::of_code(Secret::new(house.code_of(&person))))
        .await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::Expired), Standing::Stale)
    );
    assert_eq!((screen.reference, screen.seconds_left), (None, None));
    assert!(is_start(&browser.look().await));
}

#[tokio::test]
async fn r58_the_same_flow_in_a_browser_waits_its_quarter_of_an_hour() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    advance(&house, idle() * 14).await;
    let screen = browser.choose(Gate::AppCode).await;
    assert!(
        matches!(screen.step, Step::Prove { .. }) && !screen.is_kiosk(),
        "{screen:?}"
    );
    // Nobody touches a browser's flow.
    assert_eq!(browser.touch().await.1, Standing::Stale);
}

#[tokio::test]
async fn r58_a_touch_makes_it_wait_anew_and_moves_nothing() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    for _ in 0..10 {
        advance(&house, idle() - 1).await;
        let (screen, standing) = browser.touch().await;
        assert_eq!(standing, Standing::Current);
        assert_eq!(screen.idle_in, Some(60));
        assert!(
            matches!(
                screen.step,
                Step::Prove {
                    form: ProveForm::Code { .. },
                    ..
                }
            ),
            "{screen:?}"
        );
    }
    // Its posts still fit: a touch counts as no move of the row.
    let screen = browser.code(&house.code_of(&person)).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    advance(&house, idle()).await;
    assert_eq!(browser.touch().await.1, Standing::Stale, "too late is too late");
    assert!(is_start(&browser.look().await));
}

#[tokio::test]
async fn r58_touches_do_not_outlast_the_flow() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    for _ in 0..17 {
        advance(&house, 50).await;
        browser.touch().await;
    }
    let (screen, _) = browser.touch().await;
    assert_eq!(screen.idle_in, Some(50), "the end of the flow is nearer than a minute");
    advance(&house, 50).await;
    assert_eq!(browser.touch().await.1, Standing::Stale);
}

#[tokio::test]
async fn r58_leaving_a_kiosk_ends_the_flow_and_drops_its_cookie_at_once() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.pass_app(&person).await;
    let mut stale = Browser::new(&house, &house.acorn);
    stale.visit.clone_from(&browser.visit);
    let (screen, standing) = browser.cancel().await;
    assert!(is_start(&screen) && standing == Standing::Current, "{screen:?}");
    assert_eq!((&browser.visit.flow, &browser.visit.note), (&None, &None));
    let screen = stale.choose(Gate::Email).await;
    assert!(matches!(screen.step, Step::Stopped(_)), "{screen:?}");
    assert!(is_start(&browser.cancel().await.0), "twice is as good as once");
}

#[tokio::test]
async fn r58_a_kiosks_flow_stays_in_the_kiosk_whatever_address_it_is_posted_to() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.visit.client = Client::Browser;
    let screen = browser.choose(Gate::AppCode).await;
    assert!(screen.is_kiosk(), "{screen:?}");
    assert_eq!(clients(&house, 1).await, ["kiosk"]);
    assert!(browser.look().await.is_kiosk());
    advance(&house, idle()).await;
    let (screen, _) = browser.touch().await;
    assert_eq!(screen.step, Step::Stopped(Refusal::Expired));
}

#[tokio::test]
async fn r58_a_kiosk_shows_no_flow_that_began_elsewhere() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    browser.visit.client = Client::Kiosk;
    assert!(is_start(&browser.look().await));
    let (screen, standing) = browser.post(Ok(Input::Choose(Some(Gate::Email)))).await;
    assert_eq!(
        (screen.step, standing),
        (Step::Stopped(Refusal::Expired), Standing::Stale)
    );
}

#[tokio::test]
async fn r58_a_kiosk_forgets_what_was_typed_before_there_was_a_flow() {
    let house = house().await;
    let mut browser = kiosk(&house, &house.acorn);
    let post = || Identify {
        user_name: "somebody@acorn.example".to_owned(),
        ..Identify::default()
    };
    let (screen, _) = browser.identify_with(post()).await;
    assert_eq!(refused(&screen), "captcha-wrong");
    let typed = |screen: &Screen| match &screen.step {
        Step::Identify { user_name, .. } => user_name.clone(),
        other => panic!("{other:?}"),
    };
    advance(&house, idle() - 1).await;
    assert_eq!(typed(&browser.look().await), "somebody@acorn.example");
    advance(&house, 1).await;
    assert_eq!(typed(&browser.look().await), "");

    // Elsewhere it may stay for longer; but what was typed in a kiosk is shown in a kiosk alone.
    browser.identify_with(post()).await;
    browser.visit.client = Client::Browser;
    assert_eq!(typed(&browser.look().await), "");
}

#[tokio::test]
async fn r58_a_kiosk_in_a_trusted_network_tells_no_more_than_elsewhere() {
    let house = house().await;
    let person = house.person(&house.acorn, USER).await;
    let trusted = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Auto;
        settings.policy.trusted_networks = vec!["192.0.2.0/24".to_owned()];
    })
    .await;
    let is_hinted = |screen: &Screen| match &screen.step {
        Step::Choose { gates, .. } => gates.iter().any(|gate| gate.hint.is_some()),
        other => panic!("{other:?}"),
    };
    assert!(is_hinted(
        &Browser::new(&house, &trusted).identify(&person.username).await
    ));
    let mut browser = kiosk(&house, &trusted);
    assert!(!is_hinted(&browser.identify(&person.username).await));
    let nobody = kiosk(&house, &trusted).identify("nobody@acorn.example").await;
    assert!(matches!(nobody.step, Step::Choose { .. }), "{nobody:?}");
}

#[tokio::test]
async fn r58_the_picture_for_ones_phone_says_the_plain_address_and_nothing_of_the_kiosk() {
    let house = house().await;
    let shown = |screen: Screen| screen.handoff;
    let Some(first) = shown(kiosk(&house, &house.acorn).look().await) else {
        panic!("no way to one's phone")
    };
    assert_eq!(first.address, format!("{}/reset", house.acorn.base_url));
    // The same one each time, for everybody: there is nothing in it to be stolen.
    advance(&house, 3600).await;
    let again = shown(kiosk(&house, &house.acorn).look().await);
    assert_eq!(again.as_ref(), Some(&first));
    let Picture { size, path } = &first.picture;
    assert!(*size > 20 && path.starts_with("M4 4h7v1h-7z"), "{path}");
    assert_eq!(shown(Browser::new(&house, &house.acorn).look().await), None);
}

#[tokio::test]
async fn r58_a_finished_reset_is_shown_for_a_minute_and_to_nobody_after_it() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, USER).await;
    let mut browser = kiosk(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.pass_app(&person).await;
    browser.pass_mail(&person).await;
    browser.password("seven brass otters hum").await;
    advance(&house, idle() - 1).await;
    let screen = browser.look().await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    assert_eq!(screen.idle_in, Some(1));
    advance(&house, 1).await;
    assert!(is_start(&browser.look().await));
    let left = house
        .service
        .reset
        .step(&browser.visit, Ok(Input::Cancel))
        .await
        .expect("an answer");
    assert_eq!((left.flow, left.note), (Keep::Drop, Keep::Drop));
}
