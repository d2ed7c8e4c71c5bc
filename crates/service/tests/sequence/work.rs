//! Whatever is wrong with a code, it is the same work and the same answer. R10.

use crate::walk::{Browser, House, refused};
use regain_domain::flow::{ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_service::demo::Person;
use regain_store::Store;
use std::sync::{Arc, Mutex};

/// Every statement that the store was given, values left out.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    async fn store(&self) -> Store {
        let told = self.clone();
        Store::for_tests_told(move |sql| told.0.lock().expect("no panic before").push(sql.to_owned())).await
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no panic before"))
    }
}

/// What a wrong code was answered with, and what was done for it.
struct Work {
    kind: &'static str,
    answer: String,
    statements: Vec<String>,
}

impl Work {
    async fn of(kind: &'static str, told: &Told, browser: &mut Browser<'_>, code: &str) -> Self {
        told.take();
        let screen = browser.code(code).await;
        let statements = told.take();
        assert_eq!(refused(&screen), "code-wrong", "{kind}");
        Self {
            kind,
            answer: without_seconds(screen),
            statements,
        }
    }

    fn writes(&self) -> Vec<&str> {
        let is_write = |sql: &&str| !sql.starts_with("SELECT") && !sql.starts_with("WITH");
        self.statements.iter().map(String::as_str).filter(is_write).collect()
    }

    /// The same to the last statement; a person's flow reads the person, which nobody's has none of.
    fn is_as(&self, expect: &Self, is_of_nobody: bool) {
        assert_eq!(self.answer, expect.answer, "{}", self.kind);
        assert_eq!(self.writes(), expect.writes(), "{}", self.kind);
        if !is_of_nobody {
            assert_eq!(self.statements, expect.statements, "{}", self.kind);
        }
    }
}

fn without_seconds(screen: Screen) -> String {
    let step = match screen.step {
        Step::Prove {
            progress,
            gate,
            form: ProveForm::Code { hint, .. },
        } => Step::Prove {
            progress,
            gate,
            form: ProveForm::Code { hint, resend_in: None },
        },
        other => panic!("{other:?}"),
    };
    format!("{step:?} {:?}", screen.refusals)
}

const NOBODY: &str = "nobody@birch.example";

/// A browser that is asked for a mailed code.
async fn mailed<'a>(house: &'a House, user_name: &str, address: &str) -> Browser<'a> {
    let mut browser = Browser::new(house, &house.birch);
    browser.identify(user_name).await;
    browser.choose(Gate::Email).await;
    browser.destination(address).await;
    browser
}

async fn mailed_with_code(house: &House) -> (Person, Browser<'_>, String) {
    let person = house.person(&house.birch, "user@birch.example").await;
    let address = person.emails.last().expect("a second mail");
    let browser = mailed(house, &person.username, address).await;
    let letter = house.message(&house.birch, address, "reset-code", 0).await;
    (person, browser, letter.code.expect("a code"))
}

/// Changes the open attempt of a person's flow.
async fn bend(house: &House, person: &Person, change: &str) {
    let sql = format!(
        "UPDATE attempt SET {change} WHERE flow_id IN (SELECT id FROM flow WHERE user_name = '{}')",
        person.username
    );
    house.store.run(&sql).await;
}

#[tokio::test]
async fn r10_wrong_expired_spent_absent_and_decoy_codes_by_mail_are_one_work_and_one_answer() {
    let told = Told::default();
    let house = House::on(told.store().await).await;
    let (_, mut wrong, right) = mailed_with_code(&house).await;
    let (was_spent, mut spent, spent_code) = mailed_with_code(&house).await;
    let (is_absent, mut absent, absent_code) = mailed_with_code(&house).await;
    let (_, mut expired, expired_code) = mailed_with_code(&house).await;
    let stranger = house.person(&house.birch, "user@birch.example").await;
    let mut elsewhere = mailed(&house, &stranger.username, "somebody@mail.example").await;
    let mut decoy = mailed(&house, NOBODY, "somebody@mail.example").await;
    bend(&house, &was_spent, "code_used_at = 1").await;
    bend(&house, &is_absent, "code_mac = NULL, code_expires_at = NULL").await;
    house.rest().await;

    let other = if right == "000000" { "000001" } else { "000000" };
    let expect = Work::of("wrong", &told, &mut wrong, other).await;
    assert!(expect.statements.len() > 10, "{:?}", expect.statements);
    Work::of("spent", &told, &mut spent, &spent_code)
        .await
        .is_as(&expect, false);
    Work::of("absent", &told, &mut absent, &absent_code)
        .await
        .is_as(&expect, false);
    Work::of("elsewhere", &told, &mut elsewhere, "000000")
        .await
        .is_as(&expect, false);
    Work::of("decoy", &told, &mut decoy, "000000")
        .await
        .is_as(&expect, true);
    house.demo.advance(11 * 60).await.expect("a later time");
    Work::of("expired", &told, &mut expired, &expired_code)
        .await
        .is_as(&expect, false);
}

/// A browser that is asked for an app's code.
async fn shown<'a>(house: &'a House, user_name: &str) -> Browser<'a> {
    let mut browser = Browser::new(house, &house.birch);
    browser.identify(user_name).await;
    browser.choose(Gate::AppCode).await;
    browser
}

#[tokio::test]
async fn r10_wrong_expired_spent_absent_and_decoy_codes_of_an_app_are_one_work_and_one_answer() {
    let told = Told::default();
    let house = House::on(told.store().await).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        let person = house.person(&house.birch, "user@birch.example").await;
        people.push((shown(&house, &person.username).await, person));
    }
    let mut decoy = shown(&house, NOBODY).await;
    let of_person = |person: &Person| {
        format!(
            "kind = 'app' AND account_id = (SELECT id FROM account WHERE user_name = '{}')",
            person.username
        )
    };
    let [(wrong, _), (spent, was_spent), (absent, is_absent), (expired, person)] = &mut people[..] else {
        panic!("four people")
    };
    let taken = format!(
        "UPDATE method SET last_step = 99999999999 WHERE {}",
        of_person(was_spent)
    );
    house.store.run(&taken).await;
    let gone = format!("UPDATE method SET secret = NULL WHERE {}", of_person(is_absent));
    house.store.run(&gone).await;
    house.rest().await;

    let expect = Work::of("wrong", &told, wrong, "000000").await;
    assert!(expect.statements.len() > 10, "{:?}", expect.statements);
    let code = house.code_of(was_spent);
    Work::of("spent", &told, spent, &code).await.is_as(&expect, false);
    let code = house.code_of(is_absent);
    Work::of("absent", &told, absent, &code).await.is_as(&expect, false);
    Work::of("decoy", &told, &mut decoy, "000000")
        .await
        .is_as(&expect, true);
    let code = house.code_of(person);
    house.demo.advance(5 * 60).await.expect("a later time");
    Work::of("expired", &told, expired, &code).await.is_as(&expect, false);
}
