//! One-time passes: given by staff, shown once, typed in the wizard, and worth one gate (R52).

use crate::cut::{Cuts, Statements};
use crate::people::{HELPDESK, USER, counted, page, staff};
use crate::stage::{NEW, changed, number_of, settled};
use crate::walk::{Browser, House, refused};
use regain_domain::account::Status;
use regain_domain::flow::{Client, Proof, Screen, Step};
use regain_domain::gate::{Gate, plain_digits};
use regain_domain::people::{Doing, PersonAct, PersonView, Said, Wrong};
use regain_domain::policy::{Disclosure, PassUse};
use regain_domain::role::Role;
use regain_domain::staff::Guarded;
use regain_domain::{Refusal, Secret};
use regain_service::demo::Person;
use regain_service::{Standing, Tenancy};
use regain_store::Store;

const NOBODY: &str = "0000 0000 0000 0000";
const EMPTY: &str = "new@acorn.example";

fn doing() -> Doing {
    Doing::OneTimePass {
        reason: "lost the phone".to_owned(),
    }
}

/// Has a pass given, and gives it as it is shown.
async fn given(browser: &mut Browser<'_>, person: &Person) -> String {
    let view = browser.opens(person).await;
    let view = browser.did(&view, doing()).await;
    let given = view.given.expect("it is shown once");
    assert_eq!(view.pass_until, Some(given.until));
    given.pass
}

/// Acorn, where one gate is enough, and a pass is worth that.
async fn worth(house: &House, worth: PassUse) -> Tenancy {
    changed(house, &house.acorn, |settings| {
        (settings.policy.n_gates, settings.policy.one_time_pass) = (1, worth);
    })
    .await
}

async fn types(browser: &mut Browser<'_>, pass: &str) -> Screen {
    browser.choose(Gate::OneTimePass).await;
    browser.code(pass).await
}

async fn n_of(house: &House, person: &Person, activity: &str, reason: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM audit WHERE activity = '{activity}' AND reason = '{reason}' AND subject_id = WHO"
    );
    number_of(house, person, &sql).await
}

#[tokio::test]
async fn r52_a_pass_is_shown_once_told_and_counts_beside_a_gate_of_ones_own() {
    let house = House::on(Store::for_tests().await).await;
    house.work();
    let person = house.person(&house.acorn, USER).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let newest = house.newest(&house.acorn).await;
    let pass = given(&mut helpdesk, &person).await;
    assert_eq!((pass.len(), plain_digits(&pass).len()), (19, 16), "four groups of four");
    house.message(&house.acorn, &person.emails[0], "by-staff", newest).await;
    assert_eq!(n_of(&house, &person, "one-time-pass-given", "lost the phone").await, 1);
    let hashed =
        "SELECT count(*) FROM one_time_pass WHERE account_id = WHO AND hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(number_of(&house, &person, hashed).await, 1);
    // The page that anybody can load again says that there is one, and not which.
    let looked = house
        .service
        .console
        .look_person(&helpdesk.visit)
        .await
        .expect("a page");
    let again = page(looked).expect("a person");
    assert!(again.given.is_none() && again.pass_until.is_some());
    assert_eq!(again.said, Some(Said::Done(PersonAct::OneTimePass)));

    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let arabic: String = plain_digits(&pass)
        .chars()
        .filter_map(|c| char::from_u32(u32::from(c) - u32::from('0') + 0x0660))
        .collect();
    let screen = types(&mut browser, &arabic).await;
    assert!(
        matches!(&screen.step, Step::Choose { progress, gates } if progress.n_passed == 1
        && gates.iter().all(|offer| offer.gate != Gate::OneTimePass))
    );
    assert_eq!(n_of(&house, &person, "one-time-pass-used", "proved").await, 1);
    let screen = browser.pass_app(&person).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    assert_eq!(n_of(&house, &person, "one-time-pass-used", "beside").await, 1);
    let left = "SELECT count(*) FROM one_time_pass WHERE account_id = WHO";
    assert_eq!(number_of(&house, &person, left).await, 0, "r57: it ends with the reset");
}

#[tokio::test]
async fn r52_a_pass_alone_is_enough_where_the_tenant_says_so_and_that_is_recorded() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = worth(&house, PassUse::Alone).await;
    let person = house.person(&acorn, EMPTY).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    helpdesk.visit.tenant = acorn.clone();
    let mut browser = Browser::new(&house, &acorn);
    let screen = browser.identify(&person.username).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::NotRegistered), "before it is given");
    let pass = given(&mut helpdesk, &person).await;
    browser.identify(&person.username).await;
    let screen = types(&mut browser, &pass).await;
    assert!(matches!(screen.step, Step::Password { .. }), "{screen:?}");
    let (screen, _) = browser.password(NEW).await;
    assert!(matches!(screen.step, Step::Done(_)), "{screen:?}");
    assert_eq!(n_of(&house, &person, "one-time-pass-used", "alone").await, 1);
}

#[tokio::test]
async fn r52_whoever_has_nothing_beside_it_is_told_so_after_the_proof_and_staff_before() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, EMPTY).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    assert!(helpdesk.opens(&person).await.lacks_beside);
    for disclosure in [Disclosure::Explicit, Disclosure::Discreet] {
        let acorn = changed(&house, &house.acorn, |settings| settings.policy.disclosure = disclosure).await;
        let pass = given(&mut helpdesk, &person).await;
        let mut browser = Browser::new(&house, &acorn);
        browser.visit.client = Client::Kiosk;
        let screen = browser.identify(&person.username).await;
        assert!(matches!(screen.step, Step::Choose { .. }), "{screen:?}");
        let screen = types(&mut browser, &pass).await;
        assert_eq!(screen.step, Step::Stopped(Refusal::PassAlone), "{disclosure:?}");
    }
}

#[tokio::test]
async fn r52_a_pass_counts_once_for_one_person_and_for_ten_minutes() {
    let house = House::on(Store::for_tests().await).await;
    let (one, other) = (
        house.person(&house.acorn, USER).await,
        house.person(&house.acorn, USER).await,
    );
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let wrong = async |person: &Person, pass: &str| {
        let mut browser = Browser::new(&house, &house.acorn);
        browser.identify(&person.username).await;
        let screen = types(&mut browser, pass).await;
        refused(&screen) == "pass-wrong"
    };
    let former = given(&mut helpdesk, &one).await;
    assert!(wrong(&other, &former).await, "somebody else's");
    let pass = given(&mut helpdesk, &one).await;
    assert!(wrong(&one, &former).await, "another one ends the former");
    assert!(!wrong(&one, &pass).await);
    assert!(wrong(&one, &pass).await, "a second time");
    let pass = given(&mut helpdesk, &one).await;
    let over = "UPDATE one_time_pass SET expires_at = expires_at - 600000";
    house.store.run(over).await;
    assert!(wrong(&one, &pass).await, "after ten minutes");
    let failed = number_of(
        &house,
        &one,
        "SELECT count(*) FROM audit WHERE reason = 'pass-wrong' AND subject_id = WHO",
    );
    assert_eq!(failed.await, 3);
}

#[tokio::test]
async fn r52_what_changes_after_it_was_given_holds() {
    let house = House::on(Store::for_tests().await).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let (_, mut admin) = staff(&house, "admin@acorn.example").await;
    for doing in [
        Doing::Disable,
        Doing::Roles(vec![Role::Auditor]),
        Doing::RegisterAgain {
            reason: "all lost".to_owned(),
        },
    ] {
        let person = house.person(&house.acorn, USER).await;
        let pass = given(&mut helpdesk, &person).await;
        let mut browser = Browser::new(&house, &house.acorn);
        browser.identify(&person.username).await;
        types(&mut browser, &pass).await;
        let view = admin.opens(&person).await;
        admin.did(&view, doing.clone()).await;
        let left = "SELECT count(*) FROM one_time_pass WHERE account_id = WHO";
        assert_eq!(number_of(&house, &person, left).await, 0, "{doing:?}");
        let screen = browser.look().await;
        assert_eq!(screen.step, Step::Stopped(Refusal::Expired), "{doing:?}");
    }
    // The tenant gives none any more: what is out counts no longer, and nobody is offered to type one.
    let person = house.person(&house.acorn, USER).await;
    let pass = given(&mut helpdesk, &person).await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::OneTimePass).await;
    let off = changed(&house, &house.acorn, |settings| {
        settings.policy.one_time_pass = PassUse::Off;
    })
    .await;
    browser.visit.tenant = off.clone();
    assert_eq!(refused(&browser.code(&pass).await), "pass-wrong");
    let mut browser = Browser::new(&house, &off);
    browser.identify(&person.username).await;
    assert_eq!(refused(&browser.choose(Gate::OneTimePass).await), "method-unavailable");
    helpdesk.visit.tenant = off;
    let view = helpdesk.opens(&person).await;
    assert!(!view.acts.contains(&PersonAct::OneTimePass));
    assert_eq!(helpdesk.does(&view, doing(), "").await.1, Standing::Stale);
}

#[tokio::test]
async fn r51_r52_passes_are_given_by_those_who_assist_and_never_to_staff_or_oneself() {
    let house = House::on(Store::for_tests().await).await;
    let user = house.person(&house.acorn, USER).await;
    let (own, mut helpdesk) = staff(&house, HELPDESK).await;
    let (auditor, mut other) = staff(&house, "auditor@acorn.example").await;
    let view = helpdesk.opens(&user).await;
    assert!(view.acts.contains(&PersonAct::OneTimePass));
    for doing in [doing(), Doing::OneTimePass { reason: String::new() }] {
        let (screen, _) = other.does(&view, doing.clone(), "").await;
        assert!(matches!(screen, Guarded::Forbidden(_)), "r47: whatever was typed");
        let (screen, _) = Browser::new(&house, &house.acorn).does(&view, doing, "").await;
        assert!(matches!(screen, Guarded::SignedOut));
    }
    let (_, mut admin) = staff(&house, "admin@acorn.example").await;
    for (browser, whose) in [(&mut helpdesk, &own), (&mut admin, &auditor)] {
        let view = browser.opens(whose).await;
        assert!(!view.acts.contains(&PersonAct::OneTimePass));
        assert_eq!(browser.does(&view, doing(), "").await.1, Standing::Stale);
    }
    let disabled = house.person(&house.acorn, "disabled@acorn.example").await;
    let view = admin.opens(&disabled).await;
    assert_eq!(view.status, Status::Disabled);
    assert!(!view.acts.contains(&PersonAct::OneTimePass));
    let none = "SELECT count(*) FROM one_time_pass";
    assert_eq!(house.store.column::<i64>(none).await, [0]);
}

#[tokio::test]
async fn r50_r52_it_takes_a_reason_a_fresh_password_and_there_are_only_so_many() {
    let house = House::on(Store::for_tests().await).await;
    let user = house.person(&house.acorn, USER).await;
    let (person, mut helpdesk) = staff(&house, HELPDESK).await;
    house
        .store
        .run("UPDATE session SET password_at = 0 WHERE is_staff = 1")
        .await;
    let view = helpdesk.opens(&user).await;
    let empty = Doing::OneTimePass { reason: " ".to_owned() };
    let (screen, _) = helpdesk.does(&view, empty, &person.password).await;
    assert_eq!(page(screen).expect("a person").wrong, Some(Wrong::Missing));
    let (screen, _) = helpdesk.does(&view, doing(), "not it").await;
    let refused = page(screen).expect("a person");
    assert_eq!((refused.refusal, refused.given), (Some(Refusal::PasswordWrong), None));
    for _ in 0..3 {
        let (screen, _) = helpdesk.does(&view, doing(), &person.password).await;
        assert!(page(screen).expect("a person").given.is_some());
    }
    let (screen, _) = helpdesk.does(&view, doing(), &person.password).await;
    let full = page(screen).expect("a person");
    assert!(matches!(full.refusal, Some(Refusal::PassesEnough { .. })), "{full:?}");
    assert!(full.given.is_none() && full.tried == Some(doing()));
}

/// What shows of a step, without what is of one flow alone.
fn shown(screen: &Screen) -> String {
    format!("{:?} {:?}", screen.step, screen.refusals)
}

#[tokio::test]
async fn r22_who_has_a_pass_shows_to_nobody_before_it_is_typed() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let with = house.person(&acorn, USER).await;
    let without = house.person(&acorn, USER).await;
    let empty = house.person(&acorn, EMPTY).await;
    let admin = house.person(&acorn, HELPDESK).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    helpdesk.visit.tenant = acorn.clone();
    given(&mut helpdesk, &with).await;
    given(&mut helpdesk, &empty).await;
    let mut walks: Vec<Vec<String>> = Vec::new();
    let names = [&with, &without, &empty, &admin].map(|person| person.username.clone());
    for name in names.into_iter().chain(["nobody@acorn.example".to_owned()]) {
        let mut browser = Browser::new(&house, &acorn);
        let mut walk = vec![shown(&browser.identify(&name).await)];
        walk.push(shown(&browser.choose(Gate::OneTimePass).await));
        for typed in ["12", "", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY] {
            walk.push(shown(&browser.code(typed).await));
        }
        walks.push(walk);
    }
    for walk in &walks {
        assert_eq!(walk, &walks[0]);
    }
    assert!(walks[0].last().expect("a step").contains("TriesSpent"));
    assert!(walks[0][0].contains("OneTimePass"), "offered to everybody");
    let blocked = "SELECT count(*) FROM audit WHERE activity = 'blocked' AND subject_id = WHO";
    assert_eq!(number_of(&house, &with, blocked).await, 1, "r17: tries are counted");
}

#[tokio::test]
async fn r18_nobody_passes_by_a_pass_while_resets_rest() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let person = house.person(&acorn, USER).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let pass = given(&mut helpdesk, &person).await;
    let mut browser = Browser::new(&house, &acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::OneTimePass).await;
    let mut other = Browser::new(&house, &acorn);
    other.identify(&person.username).await;
    other.choose(Gate::AppCode).await;
    for _ in 0..5 {
        other.code("000000").await;
    }
    assert_eq!(refused(&browser.code(&pass).await), "pass-wrong");
    let unspent = "SELECT count(*) FROM one_time_pass WHERE account_id = WHO AND spent_at IS NULL";
    assert_eq!(
        number_of(&house, &person, unspent).await,
        1,
        "and it is not spent by that"
    );
}

#[tokio::test]
async fn giving_that_is_given_up_at_any_await_is_done_and_told_or_neither() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let (_, mut browser) = staff(&house, HELPDESK).await;
    let mut person = house.person(&house.acorn, USER).await;
    let (mut cuts, mut n_statements) = (Cuts::default(), 0);
    while !cuts.are_enough() {
        n_statements += 1;
        house.store.run("DELETE FROM counter").await;
        let view: PersonView = browser.opens(&person).await;
        let act = house
            .service
            .console
            .act(&browser.visit, view.id, doing(), Secret::new(String::new()));
        let answer = statements.cut(act, n_statements).await;
        settled(&house).await;
        let is_done = browser.opens(&person).await.pass_until.is_some();
        let told = n_of(&house, &person, "one-time-pass-given", "lost the phone").await;
        assert_eq!(told, i64::from(is_done));
        let notices = "SELECT count(*) FROM outbox WHERE purpose = 'by-staff' AND account_id = WHO";
        assert_eq!(number_of(&house, &person, notices).await > 0, is_done);
        counted(&mut cuts, answer.is_some(), is_done);
        if answer.is_some() {
            n_statements = 0;
        }
        if is_done {
            person = house.person(&house.acorn, USER).await;
        }
    }
}

#[tokio::test]
async fn f06_a_pass_given_up_at_any_await_is_spent_and_passed_or_neither() {
    let statements = Statements::default();
    let house = House::on(statements.store().await).await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let (mut person, mut browser, mut pass) = at_pass(&house, &mut helpdesk).await;
    let (mut cuts, mut n_statements) = (Cuts::default(), 0);
    while !cuts.are_enough() {
        n_statements += 1;
        house.store.run("DELETE FROM counter").await;
        let proof = Proof::of_code(Secret::new(pass.clone()));
        let post = house.service.reset.prove(&browser.visit, proof);
        let answer = statements.cut(post, n_statements).await;
        settled(&house).await;
        let spent = "SELECT count(*) FROM one_time_pass WHERE account_id = WHO AND spent_at IS NOT NULL";
        let passed = "SELECT count(*) FROM gate_pass p JOIN flow f ON f.id = p.flow_id WHERE f.account_id = WHO";
        let is_done = number_of(&house, &person, spent).await == 1;
        assert_eq!(number_of(&house, &person, passed).await, i64::from(is_done));
        let used = n_of(&house, &person, "one-time-pass-used", "proved").await;
        assert_eq!(used, i64::from(is_done));
        counted(&mut cuts, answer.is_some(), is_done);
        if answer.is_some() {
            n_statements = 0;
        }
        if is_done {
            (person, browser, pass) = at_pass(&house, &mut helpdesk).await;
        }
    }
}

/// A browser that is asked for a pass, and the right one.
async fn at_pass<'a>(house: &'a House, helpdesk: &mut Browser<'_>) -> (Person, Browser<'a>, String) {
    let person = house.person(&house.acorn, USER).await;
    let pass = given(helpdesk, &person).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::OneTimePass).await;
    (person, browser, pass)
}

#[tokio::test]
async fn r57_a_locked_account_is_unlocked_with_a_pass_and_a_gate_of_ones_own() {
    let house = House::on(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "locked@acorn.example").await;
    let (_, mut helpdesk) = staff(&house, HELPDESK).await;
    let pass = given(&mut helpdesk, &person).await;
    let mut browser = Browser::new(&house, &house.acorn);
    let post = regain_service::Identify {
        intent: "unlock".to_owned(),
        ..browser.solved(&person.username).await
    };
    browser.identify_with(post).await;
    types(&mut browser, &pass).await;
    let screen = browser.pass_app(&person).await;
    assert!(
        matches!(&screen.step, Step::Done(summary) if summary.is_unlocked),
        "{screen:?}"
    );
    assert_eq!(n_of(&house, &person, "one-time-pass-used", "beside").await, 1);
}
