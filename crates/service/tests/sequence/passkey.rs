//! Passkeys: registered, and used for a reset, a fresh proof and a sign-in, by an authenticator in software.

use crate::registration::{overview, refused as why};
use crate::sign_in::guesses;
use crate::stage::{NEW, number_of, set};
use crate::walk::{Browser, House, refused};
use regain_domain::Refusal;
use regain_domain::Secret;
use regain_domain::flow::{Input, Proof, ProveForm, Screen, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::registration::{EnrolForm, Said, SecurityScreen};
use regain_domain::sign_in::AccountScreen;
use regain_service::demo::Person;
use regain_service::testing::{Authenticator, Lie};
use regain_service::{Standing, Tenancy};
use regain_store::Store;

const CEREMONIES: &str = "SELECT count(*) FROM ceremony";

impl Browser<'_> {
    /// What this browser's device answers to a question, on a page of the tenant.
    fn signed(&self, device: &mut Authenticator, options: &str) -> String {
        device.get(options, &self.visit.tenant.base_url)
    }

    async fn passkey(&mut self, answer: String) -> Screen {
        self.post(Ok(Input::Passkey(Secret::new(answer)))).await.0
    }

    async fn pass_passkey(&mut self, device: &mut Authenticator) -> Screen {
        let options = asked(&self.choose(Gate::Passkey).await);
        let answer = self.signed(device, &options);
        self.passkey(answer).await
    }

    async fn sign_in_passkey(&mut self, answer: &str) -> (AccountScreen, Standing) {
        let answer = Secret::new(answer.to_owned());
        let stepped = self.house.service.account.sign_in_passkey(&self.visit, answer).await;
        self.keep(stepped.expect("an answer"))
    }

    /// Asks for a passkey at the sign-in page, and answers.
    async fn signs_in_with(&mut self, device: &mut Authenticator) -> AccountScreen {
        let options = question(&self.sign_in_passkey("").await.0);
        let answer = self.signed(device, &options);
        self.sign_in_passkey(&answer).await.0
    }

    /// Proves who it is once more, by password and app, to get to the methods.
    async fn opens_methods(&mut self, person: &Person) {
        self.sign_in(&person.username, &person.password).await;
        if !person.roles.is_empty() {
            self.sign_in_code(&self.house.code_of(person)).await;
        }
        let screen = self.confirm("").await;
        if !matches!(screen, SecurityScreen::Methods(_)) {
            self.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
            let code = Secret::new(self.house.code_of(person));
            self.give(Proof::of_code(code)).await;
        }
    }

    /// Begins to register one; gives the question.
    async fn add_passkey(&mut self) -> String {
        match self.add(MethodKind::Passkey).await.0 {
            SecurityScreen::Enrol(enrolling) => match enrolling.form {
                EnrolForm::Passkey { options } => options,
                other => panic!("no question: {other:?}"),
            },
            other => panic!("nothing is on its way: {other:?}"),
        }
    }

    async fn enrol_passkey(&mut self, answer: String) -> SecurityScreen {
        let answer = Secret::new(answer);
        let stepped = self.house.service.registration.enrol_passkey(&self.visit, answer).await;
        self.secured(stepped).0
    }

    async fn registers(&mut self, device: &mut Authenticator) -> SecurityScreen {
        let options = self.add_passkey().await;
        let answer = device.create(&options, &self.visit.tenant.base_url);
        self.enrol_passkey(answer).await
    }
}

/// What a page of the wizard asks the browser.
pub(crate) fn asked(screen: &Screen) -> String {
    match &screen.step {
        Step::Prove {
            gate: Gate::Passkey,
            form: ProveForm::Passkey(options),
            ..
        } => options.clone(),
        other => panic!("no passkey is asked for: {other:?}"),
    }
}

/// What the sign-in page asks the browser.
fn question(screen: &AccountScreen) -> String {
    match screen {
        AccountScreen::Passkey { options, .. }
        | AccountScreen::Code {
            passkey: Some(options), ..
        } => options.clone(),
        other => panic!("no passkey is asked for: {other:?}"),
    }
}

/// Somebody with a passkey, and the device that holds it.
pub(crate) async fn holder(house: &House, tenancy: &Tenancy, like: &str) -> (Person, Authenticator) {
    let person = house.person(tenancy, like).await;
    let mut device = Authenticator::default();
    let mut browser = Browser::new(house, tenancy);
    browser.opens_methods(&person).await;
    let screen = browser.registers(&mut device).await;
    assert_eq!(overview(&screen).said, Some(Said::Added));
    (person, device)
}

async fn n_ceremonies(house: &House) -> i64 {
    *house.store.column::<i64>(CEREMONIES).await.first().expect("a number")
}

#[tokio::test]
async fn a_passkey_is_one_of_two_proofs_and_where_one_is_enough_the_only_one() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.acorn, "user@acorn.example").await;
    let told = house
        .message(
            &house.acorn,
            person.emails.last().expect("a mail"),
            "methods-changed",
            0,
        )
        .await;
    assert!(told.text.contains("passkey"), "{}", told.text);
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let screen = browser.pass_passkey(&mut device).await;
    assert!(matches!(screen.step, Step::Choose { progress, .. } if progress.n_passed == 1));
    browser.pass_mail(&person).await;
    assert!(matches!(browser.password(NEW).await.0.step, Step::Done(_)));

    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    browser.pass_passkey(&mut device).await;
    assert!(matches!(browser.password(NEW).await.0.step, Step::Done(_)));
    assert_eq!(n_ceremonies(&house).await, 0, "each was spent");
}

#[tokio::test]
async fn r08_an_answer_counts_once_and_for_nothing_else() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    let options = asked(&browser.choose(Gate::Passkey).await);
    let answer = browser.signed(&mut device, &options);

    let mut other = Browser::new(&house, &house.birch);
    other.identify(&person.username).await;
    other.choose(Gate::Passkey).await;
    assert_eq!(refused(&other.passkey(answer.clone()).await), "passkey-wrong");
    let mut signing_in = Browser::new(&house, &house.birch);
    signing_in.sign_in_passkey("").await;
    let (screen, _) = signing_in.sign_in_passkey(&answer).await;
    assert!(matches!(
        screen,
        AccountScreen::Passkey {
            refusal: Some(Refusal::SignInFailed),
            ..
        }
    ));
    // Asked anew, the former question takes no answer any more.
    browser.choose(Gate::Passkey).await;
    assert_eq!(refused(&browser.passkey(answer.clone()).await), "passkey-wrong");

    let options = asked(&browser.choose(Gate::Passkey).await);
    let answer = browser.signed(&mut device, &options);
    let screen = browser.passkey(answer.clone()).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
    let (_, standing) = browser.post(Ok(Input::Passkey(Secret::new(answer)))).await;
    assert_eq!(standing, Standing::Stale);
}

#[tokio::test]
async fn r21_nobody_is_asked_for_a_passkey_as_everybody_is() {
    let house = House::quiet(Store::for_tests().await).await;
    let (mut stranger, mut foreign) = {
        let (_, device) = holder(&house, &house.birch, "user@birch.example").await;
        (device.clone(), device)
    };
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut seen = Vec::new();
    for (name, device) in [
        (person.username.as_str(), &mut stranger),
        ("nobody@birch.example", &mut foreign),
    ] {
        let mut browser = Browser::new(&house, &house.birch);
        browser.identify(name).await;
        let before = n_ceremonies(&house).await;
        let options = asked(&browser.choose(Gate::Passkey).await);
        assert_eq!(n_ceremonies(&house).await, before + 1, "{name}");
        let answer = browser.signed(device, &options);
        let screen = browser.passkey(answer).await;
        assert_eq!(n_ceremonies(&house).await, before, "{name}");
        assert_eq!(screen.refusals, [Refusal::PasskeyWrong { left: 4 }], "{name}");
        let challenge = options.find("\"challenge\"").expect("a challenge");
        seen.push((options.len(), options[..challenge].to_owned(), screen.step.code()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn r18_five_refused_passkeys_end_a_flow_and_the_day() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.identify(&person.username).await;
    device.lie = Some(Lie::Careless);
    for left in (1..5).rev() {
        let screen = browser.pass_passkey(&mut device).await;
        assert_eq!(screen.refusals, [Refusal::PasskeyWrong { left }]);
    }
    let screen = browser.pass_passkey(&mut device).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::TriesSpent));
    device.lie = None;
    browser.identify(&person.username).await;
    let screen = browser.pass_passkey(&mut device).await;
    assert_eq!(refused(&screen), "passkey-wrong", "the person's resets rest");
    let mut signing_in = Browser::new(&house, &house.birch);
    let screen = signing_in.signs_in_with(&mut device).await;
    assert!(
        matches!(screen, AccountScreen::In(_)),
        "a block is one of resets: {screen:?}"
    );
}

#[tokio::test]
async fn r50_a_passkey_signs_in_alone_and_after_a_staff_password() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.acorn, "admin@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    let options = question(&browser.sign_in(&person.username, &person.password).await);
    device.lie = Some(Lie::Careless);
    let answer = browser.signed(&mut device, &options);
    let (screen, _) = browser.sign_in_passkey(&answer).await;
    let AccountScreen::Code {
        refusal: Some(Refusal::SignInFailed),
        ..
    } = &screen
    else {
        panic!("{screen:?}")
    };
    device.lie = None;
    let answer = browser.signed(&mut device, &question(&screen));
    let pending = browser.visit.session.clone();
    let (screen, _) = browser.sign_in_passkey(&answer).await;
    assert!(
        matches!(&screen, AccountScreen::In(who) if who.roles.len() == 1),
        "{screen:?}"
    );
    assert_ne!(browser.visit.session, pending, "r41: a new session id at sign-in");

    let mut browser = Browser::new(&house, &house.acorn);
    let screen = browser.signs_in_with(&mut device).await;
    assert!(
        matches!(&screen, AccountScreen::In(who) if who.roles.len() == 1),
        "{screen:?}"
    );
    assert!(
        house
            .service
            .account
            .look_staff(&browser.visit)
            .await
            .expect("a look")
            .is_some()
    );
}

#[tokio::test]
async fn r18_five_refused_passkeys_after_a_staff_password_hold_the_right_one_up() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.acorn, "admin@acorn.example").await;
    house.demo.advance(15 * 60).await.expect("a later time");
    let mut browser = Browser::new(&house, &house.acorn);
    let mut screen = browser.sign_in(&person.username, &person.password).await;
    for _ in 0..5 {
        screen = browser.sign_in_passkey("{}").await.0;
    }
    let answer = browser.signed(&mut device, &question(&screen));
    let (screen, _) = browser.sign_in_passkey(&answer).await;
    assert!(
        matches!(screen, AccountScreen::Code { refusal: Some(_), .. }),
        "{screen:?}"
    );
}

#[tokio::test]
async fn accounts_that_may_not_are_told_after_the_right_passkey_only() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    for (what, expect) in [
        ("status = 'disabled'", Refusal::SignInDisabled),
        ("status = 'locked'", Refusal::SignInPaused),
        ("status = 'active', expires_at = 1", Refusal::SignInDisabled),
    ] {
        set(&house, &person, what).await;
        let mut browser = Browser::new(&house, &house.birch);
        device.lie = Some(Lie::Careless);
        let screen = browser.signs_in_with(&mut device).await;
        assert!(
            matches!(
                &screen,
                AccountScreen::Passkey {
                    refusal: Some(Refusal::SignInFailed),
                    ..
                }
            ),
            "{what}: {screen:?}"
        );
        device.lie = None;
        let screen = browser.signs_in_with(&mut device).await;
        let AccountScreen::SignIn {
            refusal: Some(refusal), ..
        } = screen
        else {
            panic!("{what}: {screen:?}")
        };
        assert_eq!(refusal, expect, "{what}");
        assert_eq!(browser.visit.session, None);
    }
    set(&house, &person, "expires_at = NULL, must_change = 1").await;
    let screen = Browser::new(&house, &house.birch).signs_in_with(&mut device).await;
    assert!(matches!(screen, AccountScreen::NewPasswordNext), "{screen:?}");
}

#[tokio::test]
async fn a_pause_that_anybody_can_cause_does_not_hold_a_passkey_up() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut outsider = Browser::new(&house, &house.birch);
    guesses(&mut outsider, &person.username).await;
    let mut browser = Browser::new(&house, &house.birch);
    let screen = browser.signs_in_with(&mut device).await;
    assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
}

#[tokio::test]
async fn a_question_is_its_browsers_its_tenants_and_of_its_time() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    let options = question(&browser.sign_in_passkey("").await.0);
    let answer = browser.signed(&mut device, &options);
    let mut thief = Browser::new(&house, &house.birch);
    let (screen, _) = thief.sign_in_passkey(&answer).await;
    assert!(
        matches!(screen, AccountScreen::Passkey { .. }),
        "no question of its own: {screen:?}"
    );
    let mut foreign = Browser::new(&house, &house.acorn);
    foreign.visit.session.clone_from(&browser.visit.session);
    let (screen, _) = foreign.sign_in_passkey(&answer).await;
    assert!(
        matches!(screen, AccountScreen::Passkey { refusal: Some(_), .. }),
        "{screen:?}"
    );
    house.demo.advance(600).await.expect("a later time");
    let (screen, _) = browser.sign_in_passkey(&answer).await;
    assert!(
        matches!(screen, AccountScreen::Passkey { refusal: Some(_), .. }),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r53_a_session_that_began_with_a_passkey_is_asked_for_the_password() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut device) = holder(&house, &house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.signs_in_with(&mut device).await;
    let SecurityScreen::Confirm {
        wants_password: true, ..
    } = browser.security().await
    else {
        panic!("no password is asked for")
    };
    assert_eq!(why(&browser.confirm("").await), "password-wrong");
    let screen = browser.confirm(&person.password).await;
    assert!(matches!(screen, SecurityScreen::Prove(..)), "{screen:?}");
    let SecurityScreen::Prove(screen, _) = browser.pick(Ok(Input::Choose(Some(Gate::Passkey)))).await else {
        panic!("no passkey is asked for")
    };
    let answer = browser.signed(&mut device, &asked(&screen));
    let proof = Proof {
        passkey: Secret::new(answer),
        ..Proof::of_code(Secret::new(String::new()))
    };
    let screen = browser.give(proof).await;
    overview(&screen);
}

#[tokio::test]
async fn r53_a_passkey_counts_only_once_it_was_made_as_asked() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.opens_methods(&person).await;
    let first = browser.add_passkey().await;
    let mut device = Authenticator::default();
    let home = browser.visit.tenant.base_url.clone();
    let answer = device.create(&first, &home);
    // Begun anew: what was asked before counts no more.
    let second = browser.add_passkey().await;
    assert_ne!(first, second);
    assert_eq!(why(&browser.enrol_passkey(answer).await), "passkey-wrong");
    for lie in [Lie::Careless, Lie::Forgetful, Lie::For("evil.example")] {
        device.lie = Some(lie);
        let SecurityScreen::Enrol(enrolling) = browser.security().await else {
            panic!("nothing is on its way")
        };
        let EnrolForm::Passkey { options } = enrolling.form else {
            panic!("no question")
        };
        let answer = device.create(&options, &home);
        assert_eq!(why(&browser.enrol_passkey(answer).await), "passkey-wrong");
    }
    let n = number_of(
        &house,
        &person,
        "SELECT count(*) FROM method WHERE kind = 'passkey' AND account_id = WHO",
    )
    .await;
    assert_eq!(n, 0);
}

#[tokio::test]
async fn r53_one_key_is_one_persons() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, device) = holder(&house, &house.birch, "user@birch.example").await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &house.birch);
    browser.opens_methods(&person).await;
    let options = browser.add_passkey().await;
    let again = device.show_again(&options, &browser.visit.tenant.base_url);
    assert_eq!(why(&browser.enrol_passkey(again).await), "passkey-wrong");
}

#[tokio::test]
async fn a_sixth_passkey_is_one_too_many_and_a_removed_one_opens_nothing() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut device = Authenticator::default();
    let mut browser = Browser::new(&house, &house.birch);
    browser.opens_methods(&person).await;
    browser.registers(&mut device).await;
    for _ in 0..4 {
        browser.registers(&mut Authenticator::default()).await;
    }
    let (screen, _) = browser.add(MethodKind::Passkey).await;
    assert_eq!(why(&screen), "methods-enough");
    let listed = overview(&screen)
        .methods
        .iter()
        .find(|listed| listed.kind == MethodKind::Passkey);
    let first = listed.expect("a passkey").id.to_string();
    browser.change(&first, "remove", "").await;
    let screen = Browser::new(&house, &house.birch).signs_in_with(&mut device).await;
    assert!(
        matches!(screen, AccountScreen::Passkey { refusal: Some(_), .. }),
        "{screen:?}"
    );
}

#[tokio::test]
async fn r50_a_copied_key_is_noticed_where_it_counts() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.birch, "user@birch.example").await;
    let mut device = Authenticator::default();
    device.counts = true;
    let mut browser = Browser::new(&house, &house.birch);
    browser.opens_methods(&person).await;
    browser.registers(&mut device).await;
    let mut copy = device.clone();
    for _ in 0..2 {
        let screen = Browser::new(&house, &house.birch).signs_in_with(&mut device).await;
        assert!(matches!(screen, AccountScreen::In(_)), "{screen:?}");
    }
    let screen = Browser::new(&house, &house.birch).signs_in_with(&mut copy).await;
    assert!(
        matches!(screen, AccountScreen::Passkey { refusal: Some(_), .. }),
        "{screen:?}"
    );
}
