//! Unlocking without a new password: the same proofs, and the lock alone is lifted (R57, `domain.md` §11).

use crate::sign_in::guesses;
use crate::stage::{NEW, changed, hash_of, number_of, set};
use crate::walk::{Browser, House};
use regain_domain::Refusal;
use regain_domain::flow::{Screen, Step};
use regain_domain::policy::Disclosure;
use regain_domain::sign_in::AccountScreen;
use regain_service::demo::Person;
use regain_service::{Identify, Standing, Tenancy};
use regain_store::Store;

impl Browser<'_> {
    /// Identifies, and asks for the lock to be lifted.
    async fn unlocks(&mut self, user_name: &str) -> Screen {
        self.visit.flow = None;
        let post = Identify {
            intent: "unlock".to_owned(),
            ..self.solved(user_name).await
        };
        self.identify_with(post).await.0
    }
}

/// Somebody whose account is locked until it is lifted.
async fn locked<'a>(house: &'a House, tenancy: &Tenancy) -> (Person, Browser<'a>) {
    let person = house.person(tenancy, "locked@acorn.example").await;
    (person, Browser::new(house, tenancy))
}

async fn signs_in(house: &House, person: &Person, password: &str) -> bool {
    let screen = Browser::new(house, &house.acorn)
        .sign_in(&person.username, password)
        .await;
    matches!(screen, AccountScreen::In(_))
}

#[tokio::test]
async fn r57_two_proofs_lift_the_lock_and_leave_the_password() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = locked(&house, &house.acorn).await;
    assert!(matches!(
        browser.look().await.step,
        Step::Identify {
            unlock: Some(false),
            ..
        }
    ));
    assert!(!signs_in(&house, &person, &person.password).await);
    let (hash, before) = (hash_of(&house, &person).await, house.newest(&house.acorn).await);
    browser.unlocks(&person.username).await;
    let screen = browser.pass_mail(&person).await;
    assert!(
        matches!(screen.step, Step::Choose { .. }),
        "one proof is not enough: {screen:?}"
    );
    let code = house.messages_of(&house.acorn, "reset-code", before).await;
    assert!(code.contains("unlock"), "{code}");
    let screen = browser.pass_app(&person).await;
    assert!(
        matches!(&screen.step, Step::Done(summary) if summary.is_unlocked),
        "{screen:?}"
    );
    assert_eq!(hash_of(&house, &person).await, hash);
    assert!(signs_in(&house, &person, &person.password).await);
    for mailbox in &person.emails {
        house.message(&house.acorn, mailbox, "account-unlocked", before).await;
    }
    let entries =
        "SELECT count(*) FROM audit WHERE activity = 'account-unlocked' AND subject_id = WHO AND actor_id = WHO";
    assert_eq!(number_of(&house, &person, entries).await, 1);
    let (screen, standing) = browser.password(NEW).await;
    assert_eq!(
        standing,
        Standing::Stale,
        "r08: no password is written by it: {screen:?}"
    );
    assert_eq!(hash_of(&house, &person).await, hash);
}

#[tokio::test]
async fn r57_what_is_not_locked_is_told_so_after_the_proofs_and_not_before() {
    let house = House::on(Store::for_tests().await).await;
    let acorn = changed(&house, &house.acorn, |settings| {
        settings.policy.disclosure = Disclosure::Discreet;
    })
    .await;
    let person = house.person(&acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &acorn);
    let open = browser.unlocks(&person.username).await;
    let (held, mut other) = locked(&house, &acorn).await;
    let closed = other.unlocks(&held.username).await;
    assert_eq!(open.step, closed.step, "the lock shows to nobody");
    browser.pass_app(&person).await;
    let screen = browser.pass_mail(&person).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::NotLocked));
    let entries = "SELECT count(*) FROM outbox WHERE purpose = 'account-unlocked' AND account_id = WHO";
    assert_eq!(number_of(&house, &person, entries).await, 0);
}

#[tokio::test]
async fn r57_a_pause_of_sign_in_ends_with_it_where_the_tenant_says_so() {
    let house = House::on(Store::for_tests().await).await;
    for clears in [true, false] {
        let acorn = changed(&house, &house.acorn, |settings| {
            settings.policy.unlock.clears_lockout = clears;
        })
        .await;
        let person = house.person(&acorn, "user@acorn.example").await;
        guesses(&mut Browser::new(&house, &acorn), &person.username).await;
        assert!(!signs_in(&house, &person, &person.password).await);
        let mut browser = Browser::new(&house, &acorn);
        browser.unlocks(&person.username).await;
        browser.pass_app(&person).await;
        let screen = browser.pass_mail(&person).await;
        assert_eq!(matches!(screen.step, Step::Done(_)), clears, "{screen:?}");
        assert_eq!(signs_in(&house, &person, &person.password).await, clears);
    }
}

#[tokio::test]
async fn r05_a_switch_that_is_off_by_now_and_a_change_elsewhere_end_an_unlocking() {
    let house = House::on(Store::for_tests().await).await;
    let (person, mut browser) = locked(&house, &house.acorn).await;
    browser.unlocks(&person.username).await;
    browser.pass_app(&person).await;
    let off = changed(&house, &house.acorn, |settings| settings.policy.unlock.is_on = false).await;
    browser.visit.tenant = off.clone();
    let screen = browser.pass_mail(&person).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::NotInScope));
    assert!(!signs_in(&house, &person, &person.password).await);

    // Where it is off nothing is offered, and the word for it means a reset.
    let mut browser = Browser::new(&house, &off);
    assert!(matches!(browser.look().await.step, Step::Identify { unlock: None, .. }));
    browser.unlocks(&person.username).await;
    let purpose = "SELECT count(*) FROM flow WHERE purpose = 'reset' AND state = 'gating' AND account_id = WHO";
    assert_eq!(number_of(&house, &person, purpose).await, 1);
    let acorn = changed(&house, &off, |settings| settings.policy.unlock.is_on = true).await;
    let (person, mut browser) = locked(&house, &acorn).await;
    browser.unlocks(&person.username).await;
    browser.pass_app(&person).await;
    set(&house, &person, "password_changed_at = password_changed_at + 1").await;
    let screen = browser.pass_mail(&person).await;
    assert_eq!(screen.step, Step::Stopped(Refusal::Expired));
}

#[tokio::test]
async fn a_refused_identify_keeps_what_was_wanted() {
    let house = House::quiet(Store::for_tests().await).await;
    let mut browser = Browser::new(&house, &house.acorn);
    let post = Identify {
        intent: "unlock".to_owned(),
        ..browser.solved("not a name").await
    };
    let (screen, _) = browser.identify_with(post).await;
    assert!(
        matches!(screen.step, Step::Identify { unlock: Some(true), .. }),
        "{screen:?}"
    );
    assert!(matches!(
        browser.look().await.step,
        Step::Identify { unlock: Some(true), .. }
    ));
}
