//! Security questions: registered all at once, asked a few at a time, judged by one verdict (R16, R22).

use crate::registration::overview;
use crate::stage::{NEW, changed, number_of};
use crate::walk::{Browser, House, refused};
use regain_domain::flow::{Input, ProveForm, Screen, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::ids::MethodId;
use regain_domain::policy::Disclosure;
use regain_domain::registration::{EnrolForm, Said, SecurityScreen};
use regain_domain::{Refusal, Secret};
use regain_service::Tenancy;
use regain_service::demo::Person;
use regain_store::Store;

/// The questions that a page asks, by their codes.
pub(crate) fn asked(screen: &Screen) -> Vec<String> {
    match &screen.step {
        Step::Prove {
            form: ProveForm::Questions(asked),
            ..
        } => {
            assert!(asked.iter().all(|one| one.words.ends_with('?')), "{asked:?}");
            asked.iter().map(|one| one.code.clone()).collect()
        }
        other => panic!("no questions: {other:?}"),
    }
}

pub(crate) fn answers(person: &Person, codes: &[String]) -> Vec<Secret> {
    let own = |code: &String| person.answers.get(code).expect("an answer of theirs");
    let answer = |code: &String| Secret::new(format!(" {}! ", own(code).to_uppercase()));
    codes.iter().map(answer).collect()
}

fn nonsense(n: usize) -> Vec<Secret> {
    (0..n).map(|_| Secret::new("nobody knows".to_owned())).collect()
}

impl Browser<'_> {
    async fn answer(&mut self, answers: Vec<Secret>) -> Screen {
        self.post(Ok(Input::Answers(answers))).await.0
    }

    async fn register(&mut self, rows: &[(&str, &str)]) -> SecurityScreen {
        let questions: Vec<String> = rows.iter().map(|(code, _)| (*code).to_owned()).collect();
        let answers: Vec<Secret> = rows.iter().map(|(_, text)| Secret::new((*text).to_owned())).collect();
        let stepped = self
            .house
            .service
            .registration
            .answer(&self.visit, &questions, &answers)
            .await;
        self.keep(stepped.expect("an answer")).0
    }
}

/// Acorn, as if it told nothing.
async fn discreet(house: &House) -> Tenancy {
    changed(house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await
}

const ROWS: [(&str, &str); 5] = [
    ("hiding_place", "behind the stove"),
    ("lost_way", "in the maize"),
    ("lost_thing", "a tin whistle"),
    ("broken_thing", "the blue lamp"),
    ("toy_name", "Mister Oats"),
];

#[tokio::test]
async fn r16_right_answers_in_any_spelling_pass_one_of_two_gates() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let screen = browser.choose(Gate::Questions).await;
    let codes = asked(&screen);
    assert_eq!(codes.len(), 3);
    let screen = browser.answer(answers(&person, &codes)).await;
    let Step::Choose { gates, progress } = screen.step else {
        panic!("{screen:?}")
    };
    assert_eq!((progress.n_passed, progress.n_needed), (1, 2));
    assert!(gates.iter().all(|offer| offer.gate != Gate::Questions));
    browser.pass_app(&person).await;
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
}

#[tokio::test]
async fn r16_one_wrong_answer_fails_all_and_the_same_questions_come_again() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let codes = asked(&browser.choose(Gate::Questions).await);
    let mut given = answers(&person, &codes);
    given[1] = Secret::new("something else".to_owned());
    let screen = browser.answer(given).await;
    assert_eq!(screen.refusals, [Refusal::AnswersWrong { left: 4 }]);
    assert_eq!(asked(&screen), codes);
    let screen = browser.answer(Vec::new()).await;
    let missing = |field| Refusal::AnswerMissing { field };
    assert_eq!(screen.refusals, [missing(1), missing(2), missing(3)], "no try");
    for left in [3, 2, 1] {
        let screen = browser.answer(nonsense(3)).await;
        assert_eq!(screen.refusals, [Refusal::AnswersWrong { left }]);
    }
    let screen = browser.answer(answers(&person, &codes)).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "the last try was right");
    let mut again = Browser::new(&house, &house.acorn);
    again.identify(&person.username).await;
    assert_eq!(
        asked(&again.choose(Gate::Questions).await),
        codes,
        "the same for the same person"
    );
}

#[tokio::test]
async fn r22_where_nothing_is_told_everybody_is_asked_and_nobody_else_ever_answers_right() {
    let house = House::quiet(Store::for_tests().await).await;
    let tenancy = discreet(&house).await;
    let person = house.person(&tenancy, "user@acorn.example").await;
    let newcomer = house.person(&tenancy, "new@acorn.example").await;
    for name in [&person.username, &newcomer.username, "nobody@acorn.example"] {
        let mut browser = Browser::new(&house, &tenancy);
        browser.identify(name).await;
        let screen = browser.choose(Gate::Questions).await;
        let codes = asked(&screen);
        assert_eq!(codes.len(), 3, "{name}");
        let screen = browser.answer(nonsense(3)).await;
        assert_eq!(screen.refusals, [Refusal::AnswersWrong { left: 4 }], "{name}");
        let mut again = Browser::new(&house, &tenancy);
        again.identify(name).await;
        assert_eq!(asked(&again.choose(Gate::Questions).await), codes, "{name}");
    }
}

#[tokio::test]
async fn r22_a_block_does_not_change_what_somebody_is_asked() {
    let house = House::quiet(Store::for_tests().await).await;
    let tenancy = discreet(&house).await;
    let person = house.person(&tenancy, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &tenancy);
    browser.identify(&person.username).await;
    let before = asked(&browser.choose(Gate::Questions).await);
    for _ in 0..5 {
        browser.answer(nonsense(3)).await;
    }
    let mut again = Browser::new(&house, &tenancy);
    again.identify(&person.username).await;
    assert_eq!(asked(&again.choose(Gate::Questions).await), before);
    let screen = again.answer(answers(&person, &before)).await;
    assert_eq!(
        screen.refusals,
        [Refusal::AnswersWrong { left: 4 }],
        "resets rest, and nothing tells"
    );
}

#[tokio::test]
async fn r16_administrators_and_one_gate_tenants_are_never_asked() {
    let house = House::quiet(Store::for_tests().await).await;
    let admin = house.person(&house.acorn, "admin@acorn.example").await;
    let single = changed(&house, &house.acorn, |settings| settings.policy.n_gates = 1).await;
    let user = house.person(&single, "user@acorn.example").await;
    for (tenancy, person) in [(&house.acorn, &admin), (&single, &user)] {
        let mut browser = Browser::new(&house, tenancy);
        browser.identify(&person.username).await;
        let screen = browser.choose(Gate::Questions).await;
        assert_eq!(refused(&screen), "method-unavailable", "{}", person.username);
    }
}

#[tokio::test]
async fn r16_questions_are_off_while_attack_mode_is_on() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let codes = asked(&browser.choose(Gate::Questions).await);
    let mut open = Browser::new(&house, &house.acorn);
    open.identify(&person.username).await;
    open.choose(Gate::Questions).await;
    for _ in 0..10 {
        let other = house.person(&house.acorn, "user@acorn.example").await;
        let mut attacker = Browser::new(&house, &house.acorn);
        attacker.identify(&other.username).await;
        attacker.choose(Gate::AppCode).await;
        for _ in 0..5 {
            attacker.code("000000").await;
        }
    }
    let screen = browser.post(Ok(Input::Choose(None))).await.0;
    let Step::Choose { gates, .. } = screen.step else {
        panic!("{screen:?}")
    };
    assert!(gates.iter().all(|offer| offer.gate != Gate::Questions));
    let screen = browser.choose(Gate::Questions).await;
    assert_eq!(refused(&screen), "method-unavailable");
    let screen = open.answer(answers(&person, &codes)).await;
    assert_eq!(refused(&screen), "method-unavailable", "nothing is told of answers");
}

/// Somebody without methods who has begun to register questions, and the codes of those that are offered.
async fn newcomer(house: &House) -> (Person, Browser<'_>, Vec<String>) {
    let person = house.person(&house.acorn, "new@acorn.example").await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    browser.confirm("").await;
    let screen = browser.add(MethodKind::Questions).await.0;
    let SecurityScreen::Enrol(enrolling) = &screen else {
        panic!("{screen:?}")
    };
    let EnrolForm::Questions { offered, n, .. } = &enrolling.form else {
        panic!("{enrolling:?}")
    };
    assert_eq!((offered.len(), *n), (10, 5));
    let codes = offered.iter().map(|asked| asked.code.clone()).collect();
    (person, browser, codes)
}

#[tokio::test]
async fn r16_questions_are_registered_all_at_once_and_each_refusal_stands_at_its_field() {
    let house = House::quiet(Store::for_tests().await).await;
    let (_, mut browser, codes) = newcomer(&house).await;
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut rows: Vec<(&str, &str)> = codes.iter().copied().zip(ROWS.map(|(_, answer)| answer)).collect();
    rows[1].1 = "x";
    rows[2].0 = rows[0].0;
    let screen = browser.register(&rows).await;
    let SecurityScreen::Enrol(enrolling) = &screen else {
        panic!("{screen:?}")
    };
    assert_eq!(
        enrolling.refusals,
        [
            Refusal::AnswerShort { field: 2, least: 3 },
            Refusal::QuestionTwice { field: 3 }
        ]
    );
    let EnrolForm::Questions { chosen, .. } = &enrolling.form else {
        panic!("{enrolling:?}")
    };
    assert_eq!(chosen[2], rows[0].0, "what was chosen stays");
    let rows: Vec<(&str, &str)> = codes.iter().copied().zip(ROWS.map(|(_, answer)| answer)).collect();
    let screen = browser.register(&rows).await;
    assert_eq!(overview(&screen).said, Some(Said::Added));
    assert_eq!(overview(&screen).methods[0].kind, MethodKind::Questions);
    let stored = house.store.column::<Vec<u8>>("SELECT hash FROM answer").await;
    assert!(
        stored
            .iter()
            .all(|hash| !hash.windows(9).any(|text| text == b"$argon2id")),
        "sealed"
    );
}

/// Letters on methods.
const TOLD: &str = "SELECT count(*) FROM outbox WHERE purpose = 'methods-changed'";

#[tokio::test]
async fn r53_other_questions_take_the_place_of_the_former_ones_once_they_are_answered() {
    let house = House::quiet(Store::for_tests().await).await;
    let (person, mut browser, codes) = newcomer(&house).await;
    let rows = |skip| -> Vec<(&str, &str)> {
        let codes = codes.iter().skip(skip).map(String::as_str);
        codes.zip(ROWS.map(|(_, answer)| answer)).collect()
    };
    let screen = browser.register(&rows(0)).await;
    let former = overview(&screen).methods[0].id;
    assert!(
        !overview(&screen).offers.contains(&MethodKind::Questions),
        "no second ones"
    );
    let id = former.to_string();
    browser.change(&id, "name", "What I know").await;
    browser.change(&id, "prefer", "").await;
    let n_told = house.store.column::<i64>(TOLD).await;
    browser.add(MethodKind::Questions).await;
    let left = house.service.registration.leave(&browser.visit).await;
    let screen = browser.secured(left).0;
    assert_eq!(overview(&screen).methods[0].id, former, "nothing changes before that");
    browser.add(MethodKind::Questions).await;
    let screen = browser.register(&rows(5)).await;
    assert_eq!(overview(&screen).said, Some(Said::Replaced));
    let kept: Vec<_> = overview(&screen).methods.iter().map(|one| (one.kind, one.id)).collect();
    let [(MethodKind::Questions, id)] = kept[..] else {
        panic!("{kept:?}")
    };
    assert_ne!(id, former);
    let renewed = &overview(&screen).methods[0];
    assert_eq!(
        (renewed.name.as_deref(), renewed.is_preferred),
        (Some("What I know"), true)
    );
    assert!(overview(&screen).renews_answers);
    let audited =
        "SELECT count(*) FROM audit WHERE subject_id = WHO AND activity = 'method-changed' AND reason = 'questions'";
    assert_eq!(number_of(&house, &person, audited).await, 1);
    let of = |id: MethodId| format!("SELECT question FROM answer WHERE method_id = X'{}'", id.0.simple());
    assert_eq!(house.store.column::<String>(&of(former)).await, Vec::<String>::new());
    let mut now = house.store.column::<String>(&of(id)).await;
    let mut expect: Vec<String> = rows(5).iter().map(|(code, _)| (*code).to_owned()).collect();
    now.sort_unstable();
    expect.sort_unstable();
    assert_eq!(now, expect);
    assert!(house.store.column::<i64>(TOLD).await > n_told, "its owner is told");
}
