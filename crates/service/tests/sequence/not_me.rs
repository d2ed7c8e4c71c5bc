//! «This was not me»: a reference out of a message stops what an account has under way, and starts nothing.

use crate::authenticator::{asked, with_phone};
use crate::cut::{Cuts, Statements};
use crate::stage::{NEW, granted, hash_of, narrow, number_of, outspoken, settled};
use crate::walk::{Browser, House, refused};
use regain_domain::Refusal;
use regain_domain::Secret;
use regain_domain::authenticator::{Reply, Taken, Verdict};
use regain_domain::flow::{Input, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::limits::{BLOCK, REFERENCE_LIFE};
use regain_domain::not_me::{NotMeScreen, Reference};
use regain_domain::sign_in::AccountScreen;
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy};
use regain_store::{Store, counters};
use std::time::Duration;

/// The reference in the words of a message.
fn reference_in(text: &str) -> Option<String> {
    let shown = |word: &&str| word.len() == 11 && word.find('-') == Some(5) && Reference::parse(word).is_some();
    let mut words = text.split(|c: char| c.is_whitespace() || ".:,".contains(c));
    words.find(shown).map(str::to_owned)
}

/// The same of the newest message of a purpose to a mailbox.
pub(crate) async fn reference(house: &House, tenancy: &Tenancy, to: &str, purpose: &str, after: i64) -> String {
    let message = house.message(tenancy, to, purpose, after).await;
    assert!(message.text.contains("/not-me"), "{}", message.text);
    reference_in(&message.text).expect("a reference")
}

impl Browser<'_> {
    pub(crate) async fn stops(&mut self, typed: &str) -> NotMeScreen {
        let typed = Secret::new(typed.to_owned());
        let stepped = self.house.service.not_me.stop(&self.visit, &typed).await;
        let (screen, standing) = self.keep(stepped.expect("an answer"));
        assert_eq!(standing, Standing::Current);
        let page = self.house.service.not_me.look(&self.visit).await;
        assert_eq!(page.expect("a page"), screen, "without scripts");
        screen
    }

    async fn is_signed_in(&self) -> bool {
        let look = self.house.service.account.look(&self.visit).await;
        matches!(look.expect("a page"), AccountScreen::In(_))
    }
}

fn unknown() -> NotMeScreen {
    NotMeScreen::Form {
        refusal: Some(Refusal::ReferenceUnknown),
    }
}

/// Whether it is stopped; resets rest for a day from now on.
fn is_stopped(house: &House, screen: &NotMeScreen) -> bool {
    let NotMeScreen::Stopped { stop, .. } = screen else {
        return false;
    };
    let rests = stop.until.expect("a block").since(house.service.now());
    rests <= BLOCK && rests + Duration::from_mins(1) > BLOCK
}

/// Somebody of Birch who is asked for a mailed code; the address, and the reference in the message.
async fn coded<'a>(house: &'a House, birch: &Tenancy) -> (Person, Browser<'a>, String, String) {
    let person = house.person(birch, "user@birch.example").await;
    let mut browser = Browser::new(house, birch);
    let before = house.newest(birch).await;
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    let address = person.emails.last().expect("a second mail");
    let code = house.message(birch, address, "reset-code", before).await.code;
    let reference = reference(house, birch, address, "reset-code", before).await;
    (person, browser, code.expect("a code"), reference)
}

/// All that a reference must leave alone, as text.
async fn left_alone(house: &House, person: &Person) -> Vec<String> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT json_array(status, hex(password_hash), password_changed_at, must_change, password_expires_at, \
         primary_mail) FROM account WHERE id = WHO",
        "SELECT json_group_array(json_array(hex(id), kind, value, hex(secret), last_step, name, preferred_at)) \
         FROM method WHERE account_id = WHO",
        "SELECT json_group_array(role) FROM account_role WHERE account_id = WHO",
        "SELECT json_array(count(*)) FROM former_password WHERE account_id = WHO",
        "SELECT json_array(count(*)) FROM gate_pass WHERE flow_id IN (SELECT id FROM flow WHERE account_id = WHO)",
    ] {
        let who = format!("(SELECT id FROM account WHERE user_name = '{}')", person.username);
        rows.extend(house.store.column::<String>(&sql.replace("WHO", &who)).await);
    }
    rows
}

#[tokio::test]
async fn a_reference_given_up_at_any_await_stops_everything_or_nothing() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let birch = outspoken(&house).await;
    let (mut cuts, mut n_statements) = (Cuts::default(), 0);
    let (mut person, mut resetting, _, mut typed) = coded(&house, &birch).await;
    while !cuts.are_enough() {
        n_statements += 1;
        let (browser, reference) = (Browser::new(&house, &birch), Secret::new(typed.clone()));
        let stop = house.service.not_me.stop(&browser.visit, &reference);
        let answer = statements.cut(stop, n_statements).await;
        settled(&house).await;
        let mut found = Vec::new();
        for sql in [
            "SELECT count(*) FROM veto WHERE used_at IS NOT NULL AND account_id = WHO",
            "SELECT count(*) FROM outbox WHERE purpose = 'reported' AND account_id = WHO",
            "SELECT count(*) FROM audit WHERE activity = 'reported' AND is_success AND subject_id = WHO",
        ] {
            found.push(number_of(&house, &person, sql).await);
        }
        let is_over = matches!(resetting.look().await.step, Step::Stopped(_));
        assert_eq!(found, if is_over { [1, 2, 1] } else { [0, 0, 0] });
        match (answer, is_over) {
            (Some(answer), true) => {
                assert!(is_stopped(&house, &answer.expect("an answer").screen));
                cuts.through += 1;
                n_statements = 0;
            }
            (None, true) => cuts.lost += 1,
            (None, false) => {
                cuts.kept += 1;
                continue;
            }
            (Some(_), false) => panic!("what was answered has happened"),
        }
        (person, resetting, _, typed) = coded(&house, &birch).await;
    }
}

#[tokio::test]
async fn r35_the_reference_of_a_code_ends_the_running_reset_and_the_code_with_it() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser, code, reference) = coded(&house, &birch).await;
    let mut signed_in = Browser::new(&house, &birch);
    signed_in.sign_in(&person.username, &person.password).await;
    assert!(signed_in.is_signed_in().await);
    let (alone, before) = (left_alone(&house, &person).await, house.newest(&birch).await);

    let screen = Browser::new(&house, &birch).stops(&reference.to_lowercase()).await;
    assert!(is_stopped(&house, &screen), "{screen:?}");
    assert!(!format!("{screen:?}").contains(&person.username));
    let screen = browser.code(&code).await;
    assert!(matches!(screen.step, Step::Stopped(Refusal::Expired)), "{screen:?}");
    let live = "SELECT count(*) FROM attempt WHERE code_used_at IS NULL AND code_mac IS NOT NULL \
                AND flow_id IN (SELECT id FROM flow WHERE account_id = WHO)";
    assert_eq!(number_of(&house, &person, live).await, 0, "no code counts");
    assert!(!signed_in.is_signed_in().await);
    let screen = Browser::new(&house, &birch).identify(&person.username).await;
    assert!(
        matches!(screen.step, Step::Stopped(Refusal::Blocked { .. })),
        "{screen:?}"
    );
    assert_eq!(left_alone(&house, &person).await, alone, "it starts nothing");
    signed_in.sign_in(&person.username, &person.password).await;
    assert!(signed_in.is_signed_in().await, "r18: signing in goes on");
    for mailbox in &person.emails {
        let told = house.message(&birch, mailbox, "reported", before).await.text;
        assert!(
            told.contains(&person.username) && reference_in(&told).is_some(),
            "{told}"
        );
    }
    let entry = "SELECT count(*) FROM audit WHERE activity = 'reported' AND is_success AND reason = 'reset-code' \
                 AND actor_id IS NULL AND subject_id = WHO \
                 AND reference = (SELECT reference FROM flow WHERE account_id = WHO)";
    assert_eq!(number_of(&house, &person, entry).await, 1, "r54");
}

#[tokio::test]
async fn the_reference_of_a_notice_signs_out_whoever_has_reset_and_lets_resets_rest() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser) = granted(&house, &birch).await;
    let before = house.newest(&birch).await;
    assert!(matches!(browser.password(NEW).await.0.step, Step::Done(_)));
    let mut thief = Browser::new(&house, &birch);
    thief.sign_in(&person.username, NEW).await;
    assert!(thief.is_signed_in().await);
    let hash = hash_of(&house, &person).await;
    let found = reference(&house, &birch, &person.emails[0], "password-reset", before).await;
    let screen = Browser::new(&house, &birch).stops(&found).await;
    assert!(is_stopped(&house, &screen), "{screen:?}");
    assert!(!thief.is_signed_in().await);
    assert_eq!(hash_of(&house, &person).await, hash, "it is the helpdesk's to mend");
    let screen = Browser::new(&house, &birch).identify(&person.username).await;
    assert!(
        matches!(screen.step, Step::Stopped(Refusal::Blocked { .. })),
        "{screen:?}"
    );
}

#[tokio::test]
async fn staff_who_may_look_into_it_are_told_and_the_person_is_not_told_as_one_of_them() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = house.acorn.clone();
    let admin = house.person(&acorn, "admin@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    let before = house.newest(&acorn).await;
    browser.identify(&admin.username).await;
    browser.choose(Gate::Email).await;
    let found = reference(
        &house,
        &acorn,
        admin.emails.last().expect("a mail"),
        "reset-code",
        before,
    )
    .await;
    assert!(is_stopped(&house, &Browser::new(&house, &acorn).stops(&found).await));
    for who in ["admin@acorn.example", "policy@acorn.example", "helpdesk@acorn.example"] {
        let told = house.message(&acorn, who, "reported-to-staff", before).await.text;
        assert!(
            told.contains(&admin.username) && reference_in(&told).is_none(),
            "{told}"
        );
    }
    house.message(&acorn, &admin.emails[0], "reported", before).await;
    let all = house.demo.messages(&acorn, before).await.expect("messages");
    let to_staff: Vec<&str> = all
        .iter()
        .filter(|message| message.context == "reported-to-staff")
        .map(|message| message.to.as_str())
        .collect();
    for nobody in ["brand@acorn.example", "auditor@acorn.example", &admin.emails[0]] {
        assert!(!to_staff.contains(&nobody), "{nobody} {to_staff:?}");
    }
}

#[tokio::test]
async fn typed_again_it_says_the_same_and_does_nothing_more() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser, _, found) = coded(&house, &birch).await;
    let first = Browser::new(&house, &birch).stops(&found).await;
    house.message(&birch, &person.emails[0], "reported", 0).await;
    house.rest().await;
    let counts = || async {
        let mut all = Vec::new();
        for sql in [
            "SELECT count(*) FROM outbox WHERE account_id = WHO",
            "SELECT count(*) FROM veto WHERE account_id = WHO",
            "SELECT count(*) FROM audit WHERE subject_id = WHO",
        ] {
            all.push(number_of(&house, &person, sql).await);
        }
        all
    };
    let before = counts().await;
    let again = Browser::new(&house, &birch).stops(&found).await;
    assert!(is_stopped(&house, &first) && is_stopped(&house, &again), "{again:?}");
    assert_eq!(counts().await, before);

    // What the helpdesk has lifted stays lifted: no reference blocks twice.
    lifted(&house, &birch, &person).await;
    let again = Browser::new(&house, &birch).stops(&found).await;
    let NotMeScreen::Stopped { stop, .. } = again else {
        panic!("{again:?}")
    };
    assert_eq!(stop.until, None);
    let screen = browser.identify(&person.username).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
}

/// The helpdesk lets somebody's resets go on.
async fn lifted(house: &House, tenancy: &Tenancy, person: &Person) {
    let id = house
        .store
        .column::<Vec<u8>>(&format!(
            "SELECT id FROM account WHERE user_name = '{}'",
            person.username
        ))
        .await;
    let tx = house.store.write(tenancy.id).await.expect("a write");
    let key = counters::subject(&[b"proofs", id.first().expect("an id")]);
    counters::clear(&tx, key).await.expect("a write");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn another_reference_stops_again_but_fills_no_mailbox() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, _, _, found) = coded(&house, &birch).await;
    Browser::new(&house, &birch).stops(&found).await;
    let next = reference(&house, &birch, &person.emails[0], "reported", 0).await;
    let mut signed_in = Browser::new(&house, &birch);
    signed_in.sign_in(&person.username, &person.password).await;
    lifted(&house, &birch, &person).await;
    let told = "SELECT count(*) FROM outbox WHERE purpose LIKE 'reported%'";
    let before = number_of(&house, &person, told).await;
    let screen = Browser::new(&house, &birch).stops(&next).await;
    assert!(is_stopped(&house, &screen), "{screen:?}");
    assert!(!signed_in.is_signed_in().await);
    assert_eq!(number_of(&house, &person, told).await, before);
}

#[tokio::test]
async fn r49_a_reference_is_good_for_seven_days_and_at_its_own_tenant_alone() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser, code, found) = coded(&house, &birch).await;
    assert_eq!(Browser::new(&house, &house.acorn).stops(&found).await, unknown());
    let screen = browser.code(&code).await;
    assert!(
        matches!(screen.step, Step::Password { .. }),
        "nothing ended: {screen:?}"
    );
    let life = i64::try_from(REFERENCE_LIFE.as_secs()).expect("a span");
    house.demo.advance(life - 60).await.expect("a later time");
    let untouched = number_of(&house, &person, "SELECT count(*) FROM veto WHERE used_at IS NOT NULL").await;
    assert_eq!(untouched, 0);
    let (_, _, _, later) = coded(&house, &birch).await;
    house.demo.advance(60).await.expect("a later time");
    assert_eq!(Browser::new(&house, &birch).stops(&found).await, unknown(), "too old");
    assert!(is_stopped(&house, &Browser::new(&house, &birch).stops(&later).await));
}

#[tokio::test]
async fn a_reference_that_is_nobodys_changes_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser, code, _) = coded(&house, &birch).await;
    let shown = "SELECT count(*) FROM flow WHERE account_id = WHO AND state = 'gating'";
    for typed in ["", "K7QM2-XWD3H", "k7qm2", "482913", &"A".repeat(3000)] {
        assert_eq!(Browser::new(&house, &birch).stops(typed).await, unknown(), "{typed}");
    }
    // The flow's own reference, which whoever runs it sees, is none of these.
    let support = browser.look().await.reference.expect("a support code");
    assert_eq!(Browser::new(&house, &birch).stops(&support).await, unknown());
    assert_eq!(number_of(&house, &person, shown).await, 1);
    let failures = "SELECT count(*) FROM audit WHERE activity = 'reported' AND NOT is_success AND subject_id IS NULL";
    assert_eq!(number_of(&house, &person, failures).await, 1, "the first tells");
    assert_eq!(refused(&browser.code("000000").await), "code-wrong");
    assert!(matches!(browser.code(&code).await.step, Step::Password { .. }));
}

#[tokio::test]
async fn r18_guesses_count_against_their_network_before_they_are_compared() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, _, _, found) = coded(&house, &birch).await;
    let strict = narrow(&house, 3).await;
    let browser = Browser::new(&house, &birch);
    for n in 0..5 {
        let typed = if n < 3 { "K7QM2-XWD3H" } else { &found };
        let stepped = strict.not_me.stop(&browser.visit, &Secret::new(typed.to_owned())).await;
        let stepped = stepped.expect("an answer");
        assert_eq!(stepped.standing == Standing::TooMany, n >= 3, "{n}");
        assert!(matches!(stepped.screen, NotMeScreen::Form { refusal: Some(_) }));
    }
    let used = "SELECT count(*) FROM veto WHERE used_at IS NOT NULL";
    assert_eq!(number_of(&house, &person, used).await, 0, "the right one came too late");
    let slowed = "SELECT count(*) FROM audit WHERE activity = 'network-slowed' AND reason = 'not-me'";
    assert_eq!(number_of(&house, &person, slowed).await, 1);
}

#[tokio::test]
async fn r12_a_phone_that_is_asked_has_no_say_any_more() {
    let house = House::on(Store::for_tests().await).await;
    let (person, _, phone) = with_phone(&house, 7).await;
    let added = reference(&house, &house.acorn, &person.emails[0], "methods-changed", 0).await;
    house.demo.advance(11 * 60).await.expect("a later time");
    let (mut browser, number) = asked(&house, &person, &house.acorn).await;
    let request = phone.request().await;
    Browser::new(&house, &house.acorn).stops(&added).await;
    assert_eq!(phone.waiting().await, []);
    let taken = phone.answer(&request, Verdict::Approve, &number).await;
    assert_eq!(taken, Reply::Done(Taken::Over));
    assert!(matches!(browser.code("").await.step, Step::Stopped(Refusal::Expired)));
}

#[tokio::test]
async fn r21_mail_to_owners_has_a_reference_and_nobodys_is_a_row_like_it() {
    let house = House::quiet(Store::for_tests().await).await;
    let known = house.person(&house.birch, "user@birch.example").await;
    let written = || async {
        let rows = house.store.column::<i64>("SELECT count(*) FROM veto").await;
        *rows.first().expect("a number")
    };
    for name in [known.username.as_str(), "nobody@birch.example", "new@birch.example"] {
        let mut browser = Browser::new(&house, &house.birch);
        let before = written().await;
        browser.identify(name).await;
        assert_eq!(written().await, before + 1, "{name}: identify");
        browser.choose(Gate::Email).await;
        browser.destination("somebody@mail.example").await;
        assert_eq!(written().await, before + 2, "{name}: a code, or none");
    }
    // Whose message goes to nobody has a reference that nobody knows, and that is over at once.
    let odd = "SELECT count(*) FROM veto WHERE (account_id IS NULL) <> (expires_at = created_at)";
    assert_eq!(*house.store.column::<i64>(odd).await.first().expect("a number"), 0);
}

#[tokio::test]
async fn every_message_to_an_owner_by_mail_has_a_reference_and_no_other_has() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser, _) = with_phone(&house, 7).await;
    browser.add(MethodKind::Email).await;
    browser.enrol("somebody@elsewhere.example", "").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::MobileSms).await;
    browser.destination(person.mobile.as_deref().expect("a number")).await;
    browser.post(Ok(Input::Help)).await;
    browser.choose(Gate::Email).await;
    for _ in 0..6 {
        browser.code("000000").await;
    }
    let differs = "SELECT count(*) FROM (SELECT purpose, count(*) AS n FROM outbox WHERE channel = 'mail' \
                   AND purpose NOT IN ('help-request', 'admin-reset', 'reported-to-staff', 'under-attack', \
                   'ceiling-reached') GROUP BY purpose) AS mails \
                   FULL JOIN (SELECT purpose, count(*) AS n FROM veto GROUP BY purpose) AS stops \
                   ON mails.purpose = stops.purpose AND mails.n = stops.n \
                   WHERE mails.n IS NULL OR stops.n IS NULL";
    assert_eq!(*house.store.column::<i64>(differs).await.first().expect("a number"), 0);
    let purposes = house
        .store
        .column::<String>("SELECT DISTINCT purpose FROM outbox ORDER BY 1")
        .await;
    for expect in [
        "methods-changed",
        "refused",
        "reset-code",
        "help-request",
        "confirm-code",
    ] {
        assert!(
            purposes.iter().any(|purpose| purpose == expect),
            "{expect}: {purposes:?}"
        );
    }
}
