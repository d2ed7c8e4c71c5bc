//! Registering one's own methods: proved anew, confirmed by use, told to everybody it concerns (R53).

use crate::stage::{NEW, changed, number_of};
use crate::walk::{Browser, House};
use regain_domain::flow::{Input, Proof, ProveForm, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::registration::{Advice, AppKey, EnrolForm, Overview, Said, SecurityScreen};
use regain_domain::{Refusal, Secret};
use regain_service::demo::{Person, app_code};
use regain_service::{Standing, Stepped};
use regain_store::Store;

const MINUTE: i64 = 60;

impl Browser<'_> {
    pub(crate) async fn security(&self) -> SecurityScreen {
        let look = self.house.service.registration.look(&self.visit).await;
        look.expect("a page")
    }

    pub(crate) fn secured(&mut self, stepped: anyhow::Result<Stepped<SecurityScreen>>) -> (SecurityScreen, Standing) {
        self.keep(stepped.expect("an answer"))
    }

    pub(crate) async fn confirm(&mut self, password: &str) -> SecurityScreen {
        let secret = Secret::new(password.to_owned());
        let stepped = self.house.service.registration.confirm(&self.visit, secret).await;
        self.secured(stepped).0
    }

    pub(crate) async fn pick(&mut self, input: Result<Input, Refusal>) -> SecurityScreen {
        let stepped = self.house.service.registration.choose(&self.visit, input).await;
        self.secured(stepped).0
    }

    pub(crate) async fn give(&mut self, proof: Proof) -> SecurityScreen {
        let stepped = self.house.service.registration.prove(&self.visit, proof).await;
        self.secured(stepped).0
    }

    pub(crate) async fn add(&mut self, kind: MethodKind) -> (SecurityScreen, Standing) {
        let stepped = self.house.service.registration.add(&self.visit, kind.code()).await;
        self.secured(stepped)
    }

    pub(crate) async fn enrol(&mut self, destination: &str, code: &str) -> (SecurityScreen, Standing) {
        let (destination, code) = (destination.to_owned(), Secret::new(code.to_owned()));
        let stepped = self
            .house
            .service
            .registration
            .enrol(&self.visit, destination, code)
            .await;
        self.secured(stepped)
    }

    pub(crate) async fn change(&mut self, id: &str, act: &str, name: &str) -> (SecurityScreen, Standing) {
        let stepped = self.house.service.registration.change(&self.visit, id, act, name).await;
        self.secured(stepped)
    }

    /// Begins to register an app; gives its secret.
    async fn add_app(&mut self) -> String {
        let SecurityScreen::Enrol(enrolling) = self.add(MethodKind::App).await.0 else {
            panic!("no app is on its way")
        };
        match enrolling.form {
            EnrolForm::App(AppKey { key, .. }) => key.replace(' ', ""),
            other => panic!("no secret: {other:?}"),
        }
    }

    /// Names an address and types the code that arrives there.
    pub(crate) async fn enrol_mail(&mut self, address: &str) -> SecurityScreen {
        self.add(MethodKind::Email).await;
        let tenant = self.visit.tenant.clone();
        let before = self.house.newest(&tenant).await;
        self.enrol(address, "").await;
        let letter = self.house.message(&tenant, address, "confirm-code", before).await;
        self.enrol("", &letter.code.expect("a code")).await.0
    }
}

pub(crate) fn overview(screen: &SecurityScreen) -> &Overview {
    match screen {
        SecurityScreen::Methods(overview) => overview,
        other => panic!("not the methods: {other:?}"),
    }
}

pub(crate) fn refused(screen: &SecurityScreen) -> &'static str {
    screen.refusal().map_or("", Refusal::code)
}

fn kinds(screen: &SecurityScreen) -> Vec<MethodKind> {
    overview(screen).methods.iter().map(|listed| listed.kind).collect()
}

/// Somebody who has just signed in, with two methods of their own, or with none.
async fn signed_in<'a>(house: &'a House, like: &str) -> (Person, Browser<'a>) {
    let person = house.person(&house.acorn, like).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    if !person.roles.is_empty() {
        browser.sign_in_code(&house.code_of(&person)).await;
    }
    (person, browser)
}

/// Somebody with methods who has proved anew who it is.
pub(crate) async fn entitled(house: &House) -> (Person, Browser<'_>) {
    let (person, mut browser) = signed_in(house, "user@acorn.example").await;
    browser.confirm("").await;
    browser.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
    let code = Secret::new(house.code_of(&person));
    let screen = browser.give(Proof::of_code(code)).await;
    overview(&screen);
    (person, browser)
}

/// Somebody without any method, right after signing in.
pub(crate) async fn newcomer(house: &House) -> (Person, Browser<'_>) {
    let (person, mut browser) = signed_in(house, "new@acorn.example").await;
    let screen = browser.confirm("").await;
    assert_eq!(overview(&screen).advice, Some(Advice::App));
    (person, browser)
}

#[tokio::test]
async fn r53_a_newcomer_registers_an_app_and_a_mail_address_and_resets_with_both() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = newcomer(&house).await;
    let (screen, _) = browser.add(MethodKind::App).await;
    let SecurityScreen::Enrol(enrolling) = screen else {
        panic!("no app is on its way")
    };
    let EnrolForm::App(AppKey { key, link, .. }) = enrolling.form else {
        panic!("no secret")
    };
    let secret = key.replace(' ', "");
    assert!(link.contains(&secret) && link.starts_with("otpauth://totp/Acorn"));
    let enrolled_with = app_code(&secret, house.service.now()).expect("a code");
    let (screen, _) = browser.enrol("", &enrolled_with).await;
    assert_eq!(overview(&screen).said, Some(Said::Added));
    let screen = browser.enrol_mail("new.one@mail.example").await;
    assert_eq!(kinds(&screen), [MethodKind::App, MethodKind::Email]);
    assert_eq!(overview(&screen).standing.have, 2);

    let mut reset = Browser::new(&house, &house.acorn);
    reset.identify(&person.username).await;
    reset.choose(Gate::AppCode).await;
    let screen = reset.code(&enrolled_with).await;
    assert_eq!(
        screen.refusals,
        [Refusal::CodeWrong { left: 4 }],
        "r11: the step is spent"
    );
    house.demo.advance(30).await.expect("a later time");
    reset
        .code(&app_code(&secret, house.service.now()).expect("a code"))
        .await;
    let owner = Person {
        emails: vec!["new.one@mail.example".to_owned()],
        ..person
    };
    reset.pass_mail(&owner).await;
    let (screen, _) = reset.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
}

#[tokio::test]
async fn r53_the_password_alone_changes_nothing_where_a_method_is_registered() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    for screen in [browser.security().await, browser.confirm("").await] {
        assert!(!matches!(screen, SecurityScreen::Methods(_)), "{screen:?}");
    }
    let (screen, standing) = browser.add(MethodKind::Email).await;
    assert_eq!(standing, Standing::Stale);
    assert!(matches!(screen, SecurityScreen::Prove(..)));
    browser.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
    let screen = browser.give(Proof::of_code(Secret::new("000000".to_owned()))).await;
    assert_eq!(refused(&screen), "code-wrong");
    let before = browser.visit.session.clone();
    let screen = browser.give(Proof::of_code(Secret::new(house.code_of(&person)))).await;
    overview(&screen);
    assert_ne!(browser.visit.session, before, "r41: a new cookie");
    // The former cookie opens nothing.
    let mut thief = Browser::new(&house, &house.acorn);
    thief.visit.session = before;
    assert_eq!(thief.security().await, SecurityScreen::SignedOut);
}

#[tokio::test]
async fn r53_a_proof_is_good_for_five_minutes_and_then_for_nothing() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    house.demo.advance(5 * MINUTE).await.expect("a later time");
    let (screen, standing) = browser.add(MethodKind::App).await;
    assert_eq!(standing, Standing::Stale);
    let SecurityScreen::Confirm { wants_password, .. } = screen else {
        panic!("{screen:?}")
    };
    assert!(wants_password, "signing in was too long ago as well");
    let screen = browser.confirm("not the password").await;
    assert_eq!(refused(&screen), "password-wrong");
    let screen = browser.confirm("").await;
    assert_eq!(refused(&screen), "password-wrong");
    let screen = browser.confirm(&person.password).await;
    assert!(matches!(screen, SecurityScreen::Prove(..)), "{screen:?}");
}

#[tokio::test]
async fn r18_wrong_passwords_at_the_page_count_as_at_sign_in() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    house.demo.advance(5 * MINUTE).await.expect("a later time");
    for n in 0..10 {
        assert_eq!(refused(&browser.confirm(&format!("wrong {n}")).await), "password-wrong");
    }
    assert_eq!(refused(&browser.confirm(&person.password).await), "sign-in-paused");
    house.demo.advance(MINUTE + 1).await.expect("a later time");
    let screen = browser.confirm(&person.password).await;
    assert!(matches!(screen, SecurityScreen::Prove(..)), "{screen:?}");
}

#[tokio::test]
async fn r50_an_administrator_never_proves_it_by_mail() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "admin@acorn.example").await;
    let screen = browser.confirm("").await;
    overview(&screen);
    house.demo.advance(6 * MINUTE).await.expect("a later time");
    let screen = browser.confirm(&person.password).await;
    let SecurityScreen::Prove(inner, _) = screen else {
        panic!("{screen:?}")
    };
    let Step::Choose { gates, .. } = inner.step else {
        panic!("{:?}", inner.step)
    };
    assert_eq!(
        gates.iter().map(|offer| offer.gate).collect::<Vec<_>>(),
        [Gate::AppCode]
    );
    let screen = browser.pick(Ok(Input::Choose(Some(Gate::Email)))).await;
    assert_eq!(refused(&screen), "method-unavailable");
}

#[tokio::test]
async fn r08_a_proof_for_ones_methods_opens_no_reset_and_the_other_way_round() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    browser.confirm("").await;
    // The flow is bound to the session, and no cookie's value reaches it.
    let session = browser.visit.session.clone().expect("a session");
    for forged in [
        session.clone(),
        format!("register{session}"),
        format!("register {session}"),
    ] {
        let mut reset = Browser::new(&house, &house.acorn);
        reset.visit.flow = Some(forged);
        let screen = reset.look().await;
        assert_eq!(screen.step, Step::Stopped(Refusal::Expired));
    }
    browser.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
    browser.give(Proof::of_code(Secret::new(house.code_of(&person)))).await;
    let reset = browser.look().await;
    assert!(matches!(reset.step, Step::Identify { .. }), "no reset has begun");
    let secret = || Secret::new(NEW.to_owned());
    let (_, standing) = browser
        .post(Ok(Input::Password {
            new: secret(),
            repeated: secret(),
        }))
        .await;
    assert_eq!(standing, Standing::Stale);
}

#[tokio::test]
async fn r53_every_mailbox_is_told_of_a_change_the_removed_one_included() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    let tenant = house.acorn.clone();
    let (first, second) = (person.emails[0].clone(), person.emails.last().expect("a mail").clone());
    let before = house.newest(&tenant).await;
    browser.enrol_mail("third@mail.example").await;
    for to in [first.as_str(), &second, "third@mail.example"] {
        let told = house.message(&tenant, to, "methods-changed", before).await;
        assert!(told.text.contains("t•••@m•••.example"), "{}", told.text);
        assert!(!told.text.contains("third@mail.example"), "masked: {}", told.text);
    }
    let screen = browser.security().await;
    let removed = overview(&screen)
        .methods
        .iter()
        .find(|listed| listed.kind == MethodKind::Email && listed.last_used_at.is_none())
        .expect("the new one");
    let before = house.newest(&tenant).await;
    let (screen, _) = browser.change(&removed.id.to_string(), "remove", "").await;
    assert_eq!(overview(&screen).said, Some(Said::Removed));
    for to in [first.as_str(), &second, "third@mail.example"] {
        let told = house.message(&tenant, to, "methods-changed", before).await;
        assert!(told.text.contains("A way was removed"), "{}", told.text);
    }
}

#[tokio::test]
async fn r08_a_change_of_methods_ends_open_flows_and_other_sessions_proofs() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    house.demo.advance(30).await.expect("a later time");
    let mut other = Browser::new(&house, &house.acorn);
    other.sign_in(&person.username, &person.password).await;
    other.confirm("").await;
    other.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
    overview(&other.give(Proof::of_code(Secret::new(house.code_of(&person)))).await);
    let mut reset = Browser::new(&house, &house.acorn);
    reset.identify(&person.username).await;
    reset.choose(Gate::Email).await;

    let screen = browser.security().await;
    let mail = overview(&screen)
        .methods
        .iter()
        .find(|listed| listed.kind == MethodKind::Email)
        .expect("a mail");
    browser.change(&mail.id.to_string(), "remove", "").await;
    assert_eq!(reset.look().await.step, Step::Stopped(Refusal::Expired));
    assert!(
        matches!(other.security().await, SecurityScreen::Confirm { .. }),
        "the other session has to prove it again"
    );
    overview(&browser.security().await);
}

#[tokio::test]
async fn r53_addresses_that_may_not_be_registered_are_told_why() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    let own = person.emails.last().expect("a mail").clone();
    browser.add(MethodKind::Email).await;
    for (typed, expect) in [
        ("nonsense", "destination-form"),
        ("", "destination-form"),
        ("someone@acorn.example", "destination-own"),
        (own.as_str(), "destination-known"),
    ] {
        let (screen, _) = browser.enrol(typed, "").await;
        assert_eq!(refused(&screen), expect, "{typed}");
        let SecurityScreen::Enrol(enrolling) = screen else {
            panic!("{typed}")
        };
        assert_eq!(
            enrolling.form,
            EnrolForm::Destination {
                typed: typed.to_owned()
            },
            "what was typed stays"
        );
    }
    assert_eq!(
        number_of(&house, &person, "SELECT count(*) FROM outbox WHERE account_id = WHO").await,
        0
    );
}

#[tokio::test]
async fn r53_an_address_serves_three_accounts_at_most() {
    let house = House::on(Store::for_tests().await).await;
    for _ in 0..3 {
        let (_, mut browser) = newcomer(&house).await;
        let screen = browser.enrol_mail("shared@mail.example").await;
        assert_eq!(kinds(&screen), [MethodKind::Email]);
        // The mailbox itself gets so many messages in ten minutes and no more, whoever asks.
        house.demo.advance(11 * MINUTE).await.expect("a later time");
    }
    let (_, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::Email).await;
    let (screen, _) = browser.enrol("Shared@MAIL.example", "").await;
    assert_eq!(refused(&screen), "destination-shared");
}

#[tokio::test]
async fn r18_five_wrong_codes_end_the_registration_and_block_the_persons_proofs() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::App).await;
    for left in (1..5).rev() {
        let (screen, _) = browser.enrol("", "000000").await;
        assert!(matches!(screen, SecurityScreen::Enrol(_)), "{left} left");
        assert_eq!(screen.refusal(), Some(&Refusal::CodeWrong { left }));
    }
    let (screen, _) = browser.enrol("", "000000").await;
    assert_eq!(overview(&screen).refusal, Some(Refusal::TriesSpent));
    assert!(overview(&screen).methods.is_empty());
    house.message(&house.acorn, &person.emails[0], "blocked", 0).await;
    let (screen, standing) = browser.enrol("", "000000").await;
    assert_eq!(standing, Standing::Stale, "nothing is on its way: {screen:?}");
    browser.add(MethodKind::App).await;
    let (screen, _) = browser.enrol("", "123456").await;
    assert_eq!(refused(&screen), "blocked");
}

#[tokio::test]
async fn r09_a_resent_code_voids_the_former_one_and_each_waits_its_time() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::Email).await;
    browser.enrol("fresh@mail.example", "").await;
    let first = house
        .message(&house.acorn, "fresh@mail.example", "confirm-code", 0)
        .await;
    let again = house.service.registration.send_again(&browser.visit).await;
    assert_eq!(refused(&browser.secured(again).0), "wait");
    house.demo.advance(31).await.expect("a later time");
    let again = house.service.registration.send_again(&browser.visit).await;
    assert_eq!(refused(&browser.secured(again).0), "");
    let second = house
        .message(&house.acorn, "fresh@mail.example", "confirm-code", first.id)
        .await;
    let (old, new) = (first.code.expect("a code"), second.code.expect("a code"));
    if old != new {
        let (screen, _) = browser.enrol("", &old).await;
        assert_eq!(refused(&screen), "code-wrong");
    }
    let (screen, _) = browser.enrol("", &new).await;
    assert_eq!(overview(&screen).said, Some(Said::Added));
    let (screen, standing) = browser.enrol("", &new).await;
    assert_eq!((kinds(&screen).len(), standing), (1, Standing::Stale), "once");
}

#[tokio::test]
async fn a_method_is_named_preferred_and_nobody_elses_is_touched() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut browser) = entitled(&house).await;
    let (_, stranger) = entitled(&house).await;
    let foreign = overview(&stranger.security().await).methods[0].id.to_string();
    let screen = browser.security().await;
    let mail = overview(&screen)
        .methods
        .iter()
        .find(|listed| listed.kind == MethodKind::Email)
        .expect("a mail")
        .id
        .to_string();
    let (screen, _) = browser.change(&mail, "name", " At home ").await;
    assert_eq!(overview(&screen).said, Some(Said::Named));
    let (screen, _) = browser.change(&mail, "prefer", "").await;
    let first = &overview(&screen).methods[0];
    assert_eq!((first.name.as_deref(), first.is_preferred), (Some("At home"), true));
    let (screen, _) = browser.change(&mail, "name", &"x".repeat(41)).await;
    assert_eq!(refused(&screen), "method-name");
    for (id, act) in [
        (foreign.as_str(), "remove"),
        ("nonsense", "remove"),
        (&mail, "nonsense"),
    ] {
        let (screen, _) = browser.change(id, act, "").await;
        assert_eq!(refused(&screen), "method-unavailable", "r49: {id} {act}");
    }
    assert!(overview(&stranger.security().await).methods.len() > 1);
}

#[tokio::test]
async fn r49_a_session_of_another_tenant_is_none_here() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, browser) = entitled(&house).await;
    let mut elsewhere = Browser::new(&house, &house.birch);
    elsewhere.visit.session.clone_from(&browser.visit.session);
    assert_eq!(elsewhere.security().await, SecurityScreen::SignedOut);
    let (screen, standing) = elsewhere.add(MethodKind::App).await;
    assert_eq!((screen, standing), (SecurityScreen::SignedOut, Standing::Stale));
}

#[tokio::test]
async fn a_kind_that_the_tenant_has_off_is_not_offered() {
    let house = House::quiet(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.gates = vec![Gate::Email];
        settings.policy.n_gates = 1;
    })
    .await;
    let person = house.person(&acorn, "new@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    browser.sign_in(&person.username, &person.password).await;
    let screen = browser.confirm("").await;
    assert_eq!(overview(&screen).offers, [MethodKind::Email]);
    let (screen, _) = browser.add(MethodKind::App).await;
    assert_eq!(refused(&screen), "method-unavailable");
}

#[tokio::test]
async fn the_mail_gate_proves_it_too_with_its_own_words() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    browser.confirm("").await;
    let before = house.newest(&house.acorn).await;
    let screen = browser.pick(Ok(Input::Choose(Some(Gate::Email)))).await;
    let SecurityScreen::Prove(inner, _) = &screen else {
        panic!("{screen:?}")
    };
    assert!(matches!(
        &inner.step,
        Step::Prove {
            form: ProveForm::Code { hint: Some(_), .. },
            ..
        }
    ));
    let address = person.emails.last().expect("a mail");
    let letter = house.message(&house.acorn, address, "confirm-code", before).await;
    assert!(!letter.text.contains(&person.username), "r35");
    let code = Secret::new(letter.code.expect("a code"));
    overview(&browser.give(Proof::of_code(code)).await);
}

#[tokio::test]
async fn whoever_has_lost_one_of_two_phones_resets_with_the_other() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = entitled(&house).await;
    let secret = browser.add_app().await;
    let code = app_code(&secret, house.service.now()).expect("a code");
    browser.enrol("", &code).await;
    house.demo.advance(30).await.expect("a later time");
    let second = Person {
        totp_secret: Some(secret),
        ..person
    };
    let mut reset = Browser::new(&house, &house.acorn);
    reset.identify(&second.username).await;
    let screen = reset.pass_app(&second).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
    reset.pass_mail(&second).await;
    let (screen, _) = reset.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
}

#[tokio::test]
async fn r47_a_fresh_proof_is_nothing_without_its_session() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = signed_in(&house, "user@acorn.example").await;
    browser.confirm("").await;
    browser.pick(Ok(Input::Choose(Some(Gate::AppCode)))).await;
    let kept = browser.visit.session.clone();
    let out = house.service.account.sign_out(&browser.visit).await;
    browser.keep(out.expect("an answer"));
    browser.visit.session = kept;
    let messages = "SELECT count(*) FROM outbox WHERE account_id = WHO";
    let before = number_of(&house, &person, messages).await;
    browser.pick(Ok(Input::Choose(Some(Gate::Email)))).await;
    assert_eq!(number_of(&house, &person, messages).await, before, "no code goes out");
    let stepped = house
        .service
        .registration
        .prove(&browser.visit, Proof::of_code(Secret::new(house.code_of(&person))))
        .await;
    let (screen, standing) = browser.secured(stepped);
    assert_eq!((screen, standing), (SecurityScreen::SignedOut, Standing::Stale));
}

#[tokio::test]
async fn r17_a_post_that_comes_too_late_costs_no_try() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::Questions).await;
    for _ in 0..6 {
        let (_, standing) = browser.enrol("", "123456").await;
        assert_eq!(standing, Standing::Stale, "no code is due");
    }
    let secret = browser.add_app().await;
    let code = app_code(&secret, house.service.now()).expect("a code");
    let (screen, _) = browser.enrol("", &code).await;
    assert_eq!(overview(&screen).said, Some(Said::Added), "{}", person.username);
}
