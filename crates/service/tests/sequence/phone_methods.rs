//! Registering phones: read, proved by a code or a call, refused where they may not be (R14, R53).

use crate::registration::{newcomer, overview, refused};
use crate::stage::changed;
use crate::walk::House;
use regain_delivery::gateway::callback::{Keys, Pressed};
use regain_domain::gate::MethodKind;
use regain_domain::ids::AccountId;
use regain_domain::notice::ChannelKind;
use regain_domain::registration::{EnrolForm, SecurityScreen};
use regain_service::{Callback, Tenancy};
use regain_store::methods::NewMethod;
use regain_store::{Store, methods};

/// Answers the newest call to a number.
async fn answer(house: &House, tenancy: &Tenancy, to: &str, keys: Keys) {
    let call = house.message(tenancy, to, "call", 0).await;
    let callback = Callback {
        tenancy,
        token: call.message_id.as_deref().expect("a token"),
        signature: "signed",
        request_id: "0",
    };
    let pressed = Pressed {
        id: "CA1".to_owned(),
        keys,
    };
    let said = house.service.calls.pressed(&callback, &pressed, false).await;
    assert!(said.expect("an answer").is_some());
}

fn form(screen: &SecurityScreen) -> &EnrolForm {
    match screen {
        SecurityScreen::Enrol(enrolling) => &enrolling.form,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn r53_a_mobile_counts_after_its_code_and_an_office_phone_after_its_call() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::Mobile).await;
    let before = house.newest(&house.acorn).await;
    let (screen, _) = browser.enrol("(212) 555-0142", "").await;
    assert!(
        matches!(form(&screen), EnrolForm::Code { to, channel: ChannelKind::Sms, .. } if to == "+1 212-555-0142"),
        "{screen:?}"
    );
    let text = house
        .message(&house.acorn, "+12125550142", "confirm-code", before)
        .await;
    assert!(text.text.contains("to register this number"), "{}", text.text);
    let (screen, _) = browser.enrol("", &text.code.expect("a code")).await;
    assert_eq!(overview(&screen).methods.len(), 1);

    browser.add(MethodKind::Office).await;
    let (screen, _) = browser.enrol("+1 212 555 0143 ext. 7", "").await;
    assert!(
        matches!(form(&screen), EnrolForm::Call { is_answered: false, .. }),
        "{screen:?}"
    );
    let (screen, _) = browser.enrol("", "").await;
    assert!(
        matches!(form(&screen), EnrolForm::Call { is_answered: false, .. }),
        "not yet: {screen:?}"
    );
    answer(&house, &house.acorn, "+12125550143;ext=7", Keys::Hash).await;
    let before = house.newest(&house.acorn).await;
    let (screen, _) = browser.enrol("", "").await;
    let hints: Vec<_> = overview(&screen)
        .methods
        .iter()
        .filter_map(|listed| listed.hint.clone())
        .collect();
    assert_eq!(hints, ["+1 •••• ••42", "+1 •••• ••43"]);
    assert_eq!(overview(&screen).standing.have, 2);
    for mailbox in &person.emails {
        house.message(&house.acorn, mailbox, "methods-changed", before).await;
    }
}

#[tokio::test]
async fn r53_a_call_that_is_not_taken_registers_nothing_and_may_be_tried_again() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut browser) = newcomer(&house).await;
    browser.add(MethodKind::Office).await;
    browser.enrol("+1 212 555 0143", "").await;
    answer(&house, &house.acorn, "+12125550143", Keys::Other).await;
    let (screen, _) = browser.enrol("", "").await;
    assert_eq!(refused(&screen), "call-ended");
    assert!(
        matches!(form(&screen), EnrolForm::Destination { typed } if typed == "+12125550143"),
        "{screen:?}"
    );
    house.demo.advance(31).await.expect("the clock moves");
    let (screen, _) = browser.enrol("+1 212 555 0143", "").await;
    assert_eq!(refused(&screen), "");
}

#[tokio::test]
async fn r14_r53_numbers_that_may_not_be_registered_are_told_why_and_get_nothing() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.phones.countries = vec!["US".to_owned()];
    })
    .await;
    for n in 0..3 {
        let (_, mut browser) = newcomer(&house).await;
        browser.visit.tenant = acorn.clone();
        browser.add(MethodKind::Mobile).await;
        if n == 0 {
            let before = house.newest(&acorn).await;
            for (typed, expect) in [
                ("+49 30 123456", "number-country"),
                ("+1 900 555 0100", "number-unfit"),
                ("telephone", "destination-form"),
            ] {
                let (screen, _) = browser.enrol(typed, "").await;
                assert_eq!(refused(&screen), expect, "{typed}");
                assert!(matches!(form(&screen), EnrolForm::Destination { typed: kept } if kept == typed));
            }
            assert_eq!(house.newest(&acorn).await, before);
        }
        let before = house.newest(&acorn).await;
        browser.enrol("+1 212 555 0150", "").await;
        let text = house.message(&acorn, "+12125550150", "confirm-code", before).await;
        browser.enrol("", &text.code.expect("a code")).await;
        house.demo.advance(31).await.expect("the clock moves");
    }
    let (_, mut fourth) = newcomer(&house).await;
    fourth.visit.tenant = acorn.clone();
    fourth.add(MethodKind::Mobile).await;
    let (screen, _) = fourth.enrol("+1 212 555 0150", "").await;
    assert_eq!(refused(&screen), "destination-shared", "one number serves three");
}

#[tokio::test]
async fn a_number_that_was_loaded_counts_is_shown_as_such_and_is_corrected_where_people_may() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = newcomer(&house).await;
    let id = house
        .store
        .column::<uuid::Uuid>(&format!(
            "SELECT id FROM account WHERE user_name = '{}'",
            person.username
        ))
        .await
        .pop()
        .expect("an account");
    let tx = house.store.write(house.acorn.id).await.expect("a transaction");
    let loaded = NewMethod {
        account: AccountId(id),
        kind: MethodKind::Mobile,
        value: Some("+12125550160"),
        secret: None,
        is_verified: false,
    };
    methods::add(&tx, &loaded, house.service.now()).await.expect("a method");
    tx.commit().await.expect("a commit");
    let strict = changed(&house, &house.acorn, |settings| {
        settings.policy.registration.correct_loaded = false;
    })
    .await;
    browser.visit.tenant = strict;
    let screen = browser
        .house
        .service
        .registration
        .look(&browser.visit)
        .await
        .expect("a page");
    let listed = overview(&screen).methods[0].clone();
    assert_eq!(
        (listed.is_verified, listed.may_remove, overview(&screen).standing.have),
        (false, false, 1)
    );
    let (screen, _) = browser.change(&listed.id.to_string(), "remove", "").await;
    assert_eq!(refused(&screen), "method-loaded");
    let kind = changed(&house, &house.acorn, |settings| {
        settings.policy.registration.correct_loaded = true;
    })
    .await;
    browser.visit.tenant = kind;
    let (screen, _) = browser.change(&listed.id.to_string(), "remove", "").await;
    assert!(overview(&screen).methods.is_empty());
}
