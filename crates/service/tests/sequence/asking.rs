//! Questions and countries as the console sets them: what people are then asked, and may register.

use crate::console::{seen, staff};
use crate::interrupt::signed_in;
use crate::questions::{answers, asked};
use crate::registration::{newcomer, refused};
use crate::stage::number_of;
use crate::walk::{Browser, House};
use regain_domain::flow::{Input, Step};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::policy::page::PolicyPage;
use regain_domain::policy::setting::Setting;
use regain_domain::registration::{EnrolForm, SecurityScreen};
use regain_service::{Standing, Tenancy};
use regain_store::Store;

const QUESTIONS: &str = "SELECT count(*) FROM method WHERE kind = 'questions' AND account_id = WHO";

/// What a policy administrator has saved on the page.
async fn saved(house: &House, fields: &[(Setting, &str)]) -> Tenancy {
    let page = PolicyPage::AuthenticationMethods;
    let (_, mut browser) = staff(house, "policy@acorn.example").await;
    let shown = browser.drafts(page, fields).await;
    assert_eq!(shown.wrongs, vec![]);
    assert_eq!(browser.saves(page, &seen(&shown), "").await.1, Standing::Current);
    browser.again().await;
    browser.visit.tenant.clone()
}

#[tokio::test]
async fn r16_people_choose_from_the_questions_that_the_console_picks_and_its_own() {
    let house = House::on(Store::for_tests().await).await;
    let own = "Which harbour?\nWhich cape?\nWhich island?";
    saved(
        &house,
        &[
            (Setting::QuestionsPicked, "toy_name\nlost_way"),
            (Setting::QuestionsOwn, own),
        ],
    )
    .await;
    let (_, mut browser) = newcomer(&house).await;
    browser.again().await;
    let (screen, _) = browser.add(MethodKind::Questions).await;
    let SecurityScreen::Enrol(enrolling) = screen else {
        panic!("{screen:?}")
    };
    let EnrolForm::Questions { offered, n, .. } = enrolling.form else {
        panic!("no questions")
    };
    let words: Vec<&str> = offered.iter().map(|one| one.words.as_str()).collect();
    assert_eq!((words.len(), n), (5, 5));
    assert_eq!(words.get(2..), Some(own.lines().collect::<Vec<_>>().as_slice()));
}

#[tokio::test]
async fn r16_answers_to_questions_that_are_taken_away_count_until_their_owner_confirms() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let own = "Which harbour?\nWhich cape?\nWhich island?\nWhich bay?\nWhich reef?";
    let fields = [(Setting::QuestionsPicked, ""), (Setting::QuestionsOwn, own)];
    let acorn = saved(&house, &fields).await;
    let mut browser = Browser::new(&house, &acorn);
    browser.identify(&person.username).await;
    let codes = asked(&browser.choose(Gate::Questions).await);
    assert!(codes.iter().all(|code| person.answers.contains_key(code)), "{codes:?}");
    let (screen, _) = browser.post(Ok(Input::Answers(answers(&person, &codes)))).await;
    assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");

    house.demo.advance(181 * 24 * 3_600).await.expect("a later time");
    let (mut browser, is_asked) = signed_in(&house, &acorn, &person).await;
    assert!(is_asked);
    let SecurityScreen::Methods(overview) = browser.proves(&person).await else {
        panic!("no methods")
    };
    assert!(overview.drops_answers, "and it is said beforehand");
    assert_eq!(number_of(&house, &person, QUESTIONS).await, 1);
    assert_eq!(browser.reconfirm().await.1, Standing::Current);
    assert_eq!(number_of(&house, &person, QUESTIONS).await, 0);
    let told = "SELECT count(*) FROM outbox WHERE purpose = 'methods-changed' AND account_id = WHO";
    assert!(number_of(&house, &person, told).await > 0, "r53");
}

#[tokio::test]
async fn r14_the_console_says_which_countries_numbers_are_taken() {
    let house = House::on(Store::for_tests().await).await;
    let fields = [(Setting::PhoneCountries, "gb\nus"), (Setting::PhoneCountry, "us")];
    saved(&house, &fields).await;
    let (_, mut browser) = newcomer(&house).await;
    browser.again().await;
    browser.add(MethodKind::Mobile).await;
    let (screen, _) = browser.enrol("+49 30 123456", "").await;
    assert_eq!(refused(&screen), "number-country");
    let (screen, _) = browser.enrol("(212) 555-0150", "").await;
    assert_eq!(refused(&screen), "", "a national number of the country that is set");
}
