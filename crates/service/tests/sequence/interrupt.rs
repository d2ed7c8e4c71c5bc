//! What sign-in leads to: registering what is missing, looking over what is there, and putting either off (R53).

use crate::registration::overview;
use crate::stage::{NEW, changed, number_of, set};
use crate::walk::{Browser, House};
use regain_domain::Secret;
use regain_domain::change::ChangeScreen;
use regain_domain::flow::{Input, Proof};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::policy::Skips;
use regain_domain::registration::{AppKey, EnrolForm, Interrupt, Said, SecurityScreen, Skip};
use regain_domain::sign_in::{self, AccountScreen, Who};
use regain_service::demo::{Person, app_code};
use regain_service::{Change, Standing, Tenancy};
use regain_store::{Store, audit};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
/// It may be put off without end.
const EVER: Skip = Skip::Yes {
    n_left: None,
    until: None,
};

impl Browser<'_> {
    async fn skip(&mut self) -> (SecurityScreen, Standing) {
        let stepped = self.house.service.registration.skip(&self.visit).await;
        self.secured(stepped)
    }

    pub(crate) async fn reconfirm(&mut self) -> (SecurityScreen, Standing) {
        let stepped = self.house.service.registration.reconfirm(&self.visit).await;
        self.secured(stepped)
    }

    /// Somebody's own page.
    async fn own_page(&self) -> Who {
        let look = self.house.service.account.look(&self.visit).await;
        who(look.expect("a page"))
    }

    /// Proves with the app who it is, right after signing in.
    pub(crate) async fn proves(&mut self, person: &Person) -> SecurityScreen {
        self.confirm("").await;
        self.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
        let code = self.house.code_of(person);
        self.give(Proof::of_code(Secret::new(code))).await
    }
}

fn who(screen: AccountScreen) -> Who {
    match screen {
        AccountScreen::In(who) => who,
        other => panic!("not signed in: {other:?}"),
    }
}

/// What the page asks for, on whatever step.
fn due(screen: &SecurityScreen) -> Option<Interrupt> {
    match screen {
        SecurityScreen::Confirm { due, .. } | SecurityScreen::Prove(_, due) => *due,
        SecurityScreen::Methods(overview) => overview.due,
        other => panic!("another page: {other:?}"),
    }
}

/// A new browser in which somebody signs in, and whether that leads to their methods.
pub(crate) async fn signed_in<'a>(house: &'a House, tenancy: &Tenancy, person: &Person) -> (Browser<'a>, bool) {
    let mut browser = Browser::new(house, tenancy);
    let screen = browser.sign_in(&person.username, &person.password).await;
    let screen = match person.roles.is_empty() {
        true => screen,
        false => browser.sign_in_code(&house.code_of(person)).await,
    };
    (browser, who(screen).is_asked)
}

/// The entries of an activity about somebody: reasons, and whether it went well.
async fn told(house: &House, tenancy: &Tenancy, activity: &str) -> Vec<(String, bool)> {
    let tx = house.store.read(tenancy.id).await.expect("a read");
    let mut all = audit::recent(&tx, 1_000).await.expect("entries");
    all.retain(|entry| entry.activity == activity);
    all.reverse();
    all.into_iter().map(|entry| (entry.reason, entry.is_success)).collect()
}

async fn n(house: &House, person: &Person, what: &str) -> i64 {
    number_of(house, person, &format!("SELECT {what} FROM account WHERE id = WHO")).await
}

async fn with_skips(house: &House, n_most: Option<u8>, n_days: Option<u8>) -> Tenancy {
    changed(house, &house.acorn, |settings| {
        settings.policy.registration.skips = Skips { n_most, n_days };
    })
    .await
}

#[tokio::test]
async fn sign_in_leads_a_newcomer_to_what_is_missing_until_it_is_there() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "new@acorn.example").await;
    let (mut browser, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(is_asked);
    assert_eq!(n(&house, &person, "asked_at > 0 AND asked_for = 'register'").await, 1);
    let register = |have| {
        Some(Interrupt::Register {
            have,
            need: 2,
            skip: EVER,
        })
    };
    assert_eq!(due(&browser.security().await), register(0));
    let screen = browser.confirm("").await;
    assert_eq!(due(&screen), register(0));
    assert_eq!(overview(&screen).missing.first(), Some(&MethodKind::App));

    let SecurityScreen::Enrol(enrolling) = browser.add(MethodKind::App).await.0 else {
        panic!("no app is on its way")
    };
    let EnrolForm::App(AppKey { key, .. }) = enrolling.form else {
        panic!("no secret")
    };
    let code = app_code(&key.replace(' ', ""), house.service.now()).expect("a code");
    let (screen, _) = browser.enrol("", &code).await;
    assert_eq!((due(&screen), overview(&screen).said), (register(1), Some(Said::Added)));
    assert!(!overview(&screen).missing.contains(&MethodKind::App), "only the rest");
    assert!(told(&house, &house.acorn, "registration-complete").await.is_empty());

    let screen = browser.enrol_mail("new.two@mail.example").await;
    assert_eq!((due(&screen), overview(&screen).said), (None, Some(Said::Enough)));
    assert!(!browser.own_page().await.is_asked);
    assert_eq!(n(&house, &person, "asked_at IS NULL").await, 1);
    let expect = [("all-required".to_owned(), true)];
    assert_eq!(told(&house, &house.acorn, "registration-complete").await, expect);
    let (_, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(!is_asked);
}

#[tokio::test]
async fn r53_each_skip_counts_once_and_none_is_left_at_last() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = with_skips(&house, Some(2), None).await;
    let person = house.person(&acorn, "new@acorn.example").await;
    for left in [2, 1] {
        let (mut browser, is_asked) = signed_in(&house, &acorn, &person).await;
        assert!(is_asked, "at each sign-in");
        let skip = Skip::Yes {
            n_left: Some(left),
            until: None,
        };
        assert_eq!(due(&browser.security().await).map(Interrupt::skip), Some(skip));
        let (screen, standing) = browser.skip().await;
        assert_eq!((due(&screen), standing), (None, Standing::Current));
        assert!(!browser.own_page().await.is_asked, "once in a session");
        let (_, standing) = browser.skip().await;
        assert_eq!(standing, Standing::Stale, "and counted once");
        assert_eq!(n(&house, &person, "n_skipped").await, i64::from(3 - left));
        house.demo.advance(MINUTE).await.expect("a later time");
    }
    let (mut browser, is_asked) = signed_in(&house, &acorn, &person).await;
    assert!(is_asked);
    assert_eq!(due(&browser.security().await).map(Interrupt::skip), Some(Skip::No));
    let (screen, standing) = browser.skip().await;
    assert_eq!(standing, Standing::Stale);
    assert_eq!(due(&screen).map(Interrupt::skip), Some(Skip::No));
    assert_eq!(n(&house, &person, "n_skipped").await, 2);
    let put_off = |is_success| ("register".to_owned(), is_success);
    let expect = [put_off(true), put_off(true), put_off(false)];
    assert_eq!(told(&house, &acorn, "registration-skipped").await, expect);

    // It holds up nothing else: whoever walks away is signed in, and changes their password.
    assert_eq!(browser.own_page().await.user_name, person.username);
    let secret = |text: &str| Secret::new(text.to_owned());
    let change = Change {
        present: secret(&person.password),
        new: secret(NEW),
        repeated: secret(NEW),
    };
    let stepped = house.service.account.change(&browser.visit, change).await;
    assert_eq!(stepped.expect("an answer").screen, ChangeScreen::Done);
}

#[tokio::test]
async fn r53_days_run_from_the_first_time_it_was_asked_for_whoever_skips() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = with_skips(&house, None, Some(14)).await;
    let person = house.person(&acorn, "new@acorn.example").await;
    signed_in(&house, &acorn, &person).await;
    let until = |screen: &SecurityScreen| match due(screen).map(Interrupt::skip) {
        Some(Skip::Yes { until, .. }) => until,
        other => panic!("{other:?}"),
    };
    let (mut browser, _) = signed_in(&house, &acorn, &person).await;
    let end = until(&browser.security().await).expect("an end");
    house.demo.advance(13 * DAY).await.expect("a later time");
    for _ in 0..2 {
        (browser, _) = signed_in(&house, &acorn, &person).await;
        assert_eq!(until(&browser.security().await), Some(end));
        browser.skip().await;
        house.demo.advance(MINUTE).await.expect("a later time");
    }
    house.demo.advance(DAY).await.expect("a later time");
    (browser, _) = signed_in(&house, &acorn, &person).await;
    assert_eq!(due(&browser.security().await).map(Interrupt::skip), Some(Skip::No));
}

#[tokio::test]
async fn r53_after_180_days_all_is_confirmed_by_a_press_after_a_fresh_proof() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    house.demo.advance(179 * DAY).await.expect("a later time");
    let (_, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(!is_asked, "not yet");
    house.demo.advance(2 * DAY).await.expect("a later time");
    let (mut browser, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(is_asked);
    let expect = Interrupt::Reconfirm { days: 180, skip: EVER };
    assert_eq!(due(&browser.security().await), Some(expect));
    let unconfirmed = "SELECT count(*) FROM method WHERE account_id = WHO AND confirmed_at IS NULL";
    let n_methods = number_of(&house, &person, unconfirmed).await;
    assert!(n_methods > 1);

    let (_, standing) = browser.reconfirm().await;
    assert_eq!(standing, Standing::Stale, "the password alone confirms nothing");
    let screen = browser.proves(&person).await;
    assert_eq!(due(&screen), Some(expect));
    house.demo.advance(5 * MINUTE).await.expect("a later time");
    let (_, standing) = browser.reconfirm().await;
    assert_eq!(standing, Standing::Stale, "nor does a proof of five minutes ago");
    assert_eq!(number_of(&house, &person, unconfirmed).await, n_methods);

    let (mut browser, _) = signed_in(&house, &house.acorn, &person).await;
    browser.proves(&person).await;
    let (screen, standing) = browser.reconfirm().await;
    assert_eq!((due(&screen), standing), (None, Standing::Current));
    assert_eq!(number_of(&house, &person, unconfirmed).await, 0);
    let home = browser.own_page().await;
    assert_eq!(
        (home.is_asked, home.said),
        (false, Some(sign_in::Said::MethodsConfirmed))
    );
    let expect = [("confirmed".to_owned(), true)];
    assert_eq!(told(&house, &house.acorn, "methods-reviewed").await, expect);
    let (_, standing) = browser.reconfirm().await;
    assert_eq!(standing, Standing::Stale, "nothing is asked for any more");

    house.demo.advance(179 * DAY).await.expect("a later time");
    let (_, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(!is_asked, "it counts from the confirmation");
}

#[tokio::test]
async fn r53_what_the_page_has_not_shown_is_not_confirmed() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    house.demo.advance(181 * DAY).await.expect("a later time");
    let (mut browser, _) = signed_in(&house, &house.acorn, &person).await;
    browser.proves(&person).await;
    // Somebody else enters a number while the page is open.
    let later = house.service.now().ms() + 1_000;
    let loaded = format!(
        "UPDATE method SET added_at = {later} WHERE kind = 'mobile' \
         AND account_id = (SELECT id FROM account WHERE user_name = '{}')",
        person.username
    );
    house.store.run(&loaded).await;
    browser.reconfirm().await;
    let confirmed = "SELECT count(*) FROM method WHERE account_id = WHO AND kind = 'mobile' AND confirmed_at IS NULL";
    assert_eq!(number_of(&house, &person, confirmed).await, 1);
}

#[tokio::test]
async fn r53_a_skip_moves_no_date_and_the_next_sign_in_asks_again() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = with_skips(&house, Some(1), None).await;
    let person = house.person(&acorn, "user@acorn.example").await;
    house.demo.advance(181 * DAY).await.expect("a later time");
    let (mut browser, _) = signed_in(&house, &acorn, &person).await;
    let (_, standing) = browser.skip().await;
    assert_eq!(standing, Standing::Current);
    let moved = "SELECT count(*) FROM method WHERE account_id = WHO AND confirmed_at IS NOT NULL";
    assert_eq!(number_of(&house, &person, moved).await, 0);
    house.demo.advance(MINUTE).await.expect("a later time");
    let (browser, is_asked) = signed_in(&house, &acorn, &person).await;
    assert!(is_asked);
    assert_eq!(due(&browser.security().await).map(Interrupt::skip), Some(Skip::No));
    let expect = [("reconfirm".to_owned(), true)];
    assert_eq!(told(&house, &acorn, "registration-skipped").await, expect);
}

/// Takes the mailbox that takes codes away from somebody, behind the product's back.
async fn without_mail(house: &House, person: &Person) {
    let gone = format!(
        "DELETE FROM method WHERE kind = 'email' \
         AND account_id = (SELECT id FROM account WHERE user_name = '{}')",
        person.username
    );
    house.store.run(&gone).await;
}

#[tokio::test]
async fn r53_an_administrator_is_asked_by_role_and_never_lets_it_wait() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.registration.is_required = false;
    })
    .await;
    let admin = house.person(&acorn, "auditor@acorn.example").await;
    let (_, is_asked) = signed_in(&house, &acorn, &admin).await;
    assert!(!is_asked, "both ways are there");
    without_mail(&house, &admin).await;
    house.demo.advance(MINUTE).await.expect("a later time");
    let (mut browser, is_asked) = signed_in(&house, &acorn, &admin).await;
    assert!(is_asked);
    let expect = Interrupt::Register {
        have: 1,
        need: 2,
        skip: Skip::No,
    };
    assert_eq!(due(&browser.security().await), Some(expect));
    let (_, standing) = browser.skip().await;
    assert_eq!(standing, Standing::Stale);
    assert_eq!(n(&house, &admin, "n_skipped").await, 0);
    let newcomer = house.person(&acorn, "new@acorn.example").await;
    let (_, is_asked) = signed_in(&house, &acorn, &newcomer).await;
    assert!(!is_asked, "nobody else is asked here");
}

#[tokio::test]
async fn whoever_replaces_a_password_to_sign_in_is_asked_after_it() {
    let house = House::quiet(Store::for_tests().await).await;
    for is_missing in [false, true] {
        let person = house.person(&house.acorn, "expired@acorn.example").await;
        if is_missing {
            without_mail(&house, &person).await;
        }
        let mut browser = Browser::new(&house, &house.acorn);
        let screen = browser.sign_in(&person.username, &person.password).await;
        assert_eq!(screen, AccountScreen::NewPasswordNext);
        let secret = |text: &str| Secret::new(text.to_owned());
        let change = Change {
            present: secret(""),
            new: secret(NEW),
            repeated: secret(NEW),
        };
        let stepped = house.service.account.change(&browser.visit, change).await;
        let (screen, _) = browser.keep(stepped.expect("an answer"));
        let expect = match is_missing {
            true => ChangeScreen::AskedNext,
            false => ChangeScreen::Done,
        };
        assert_eq!(screen, expect);
        assert_eq!(browser.own_page().await.is_asked, is_missing);
    }
}

#[tokio::test]
async fn whoever_is_out_of_scope_is_asked_for_nothing() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "outsider@acorn.example").await;
    without_mail(&house, &person).await;
    let (mut browser, is_asked) = signed_in(&house, &house.acorn, &person).await;
    assert!(!is_asked);
    assert_eq!(due(&browser.security().await), None);
    let (_, standing) = browser.skip().await;
    assert_eq!(standing, Standing::Stale);
    assert!(told(&house, &house.acorn, "registration-skipped").await.is_empty());
}

#[tokio::test]
async fn what_was_asked_for_before_is_forgotten_once_it_is_not_any_more() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = with_skips(&house, Some(1), None).await;
    let person = house.person(&acorn, "new@acorn.example").await;
    let (mut browser, _) = signed_in(&house, &acorn, &person).await;
    browser.skip().await;
    house.demo.advance(MINUTE).await.expect("a later time");
    let off = changed(&house, &acorn, |settings| {
        settings.policy.registration.is_required = false;
    })
    .await;
    let (_, is_asked) = signed_in(&house, &off, &person).await;
    assert!(!is_asked);
    assert_eq!(n(&house, &person, "n_skipped").await, 0);
    // A row of before is read as it stands.
    set(&house, &person, "asked_for = 'register', asked_at = 1, n_skipped = 1").await;
    let on = changed(&house, &off, |settings| {
        settings.policy.registration.is_required = true;
    })
    .await;
    let (browser, _) = signed_in(&house, &on, &person).await;
    assert_eq!(due(&browser.security().await).map(Interrupt::skip), Some(Skip::No));
}

#[tokio::test]
async fn r49_nothing_is_put_off_or_confirmed_with_another_tenants_session() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "new@acorn.example").await;
    let (browser, _) = signed_in(&house, &house.acorn, &person).await;
    let mut elsewhere = Browser::new(&house, &house.birch);
    elsewhere.visit.session.clone_from(&browser.visit.session);
    for (screen, standing) in [elsewhere.skip().await, elsewhere.reconfirm().await] {
        assert_eq!((screen, standing), (SecurityScreen::SignedOut, Standing::Stale));
    }
    assert_eq!(n(&house, &person, "n_skipped").await, 0);
}
