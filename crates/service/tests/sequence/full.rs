//! The disk is full: the database itself says so, at each page that a post would need. F12.

use crate::stage::{granted, hash_of, number_of, outspoken};
use crate::walk::{Browser, House};
use regain_domain::flow::{Proof, Step};
use regain_domain::gate::Gate;
use regain_domain::{Secret, flow::Input};
use regain_service::is_busy;
use regain_store::Store;

/// The name of a request that fills two pages: its entry in the audit is the write that finds no room.
fn long_request() -> String {
    "f".repeat(9000)
}

/// The database may grow by so many pages, and none is free.
async fn leave(house: &House, n_pages: i64) {
    house.store.run("VACUUM").await;
    let n_used = house.store.column::<i64>("PRAGMA page_count").await;
    let most = n_used.first().expect("a number") + n_pages;
    house.store.run(&format!("PRAGMA max_page_count = {most}")).await;
}

/// There is space again.
async fn make_room(house: &House) {
    house.store.run("PRAGMA max_page_count = 1000000").await;
}

#[tokio::test]
async fn f12_a_full_disk_at_a_proof_is_503_and_gives_no_pass_without_its_commit() {
    let house = House::quiet(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let person = house.person(&birch, "user@birch.example").await;
    let mut browser = Browser::new(&house, &birch);
    browser.identify(&person.username).await;
    browser.choose(Gate::AppCode).await;
    browser.visit.request_id = long_request();
    let code = house.code_of(&person);
    let mut n_full = 0;
    for n_pages in 0..100 {
        leave(&house, n_pages).await;
        let proof = Proof::of_code(Secret::new(code.clone()));
        let answer = house.service.reset.prove(&browser.visit, proof).await;
        make_room(&house).await;
        let n_passes = number_of(
            &house,
            &person,
            "SELECT count(*) FROM gate_pass WHERE flow_id IN (SELECT id FROM flow WHERE account_id = WHO)",
        )
        .await;
        let n_spent = number_of(
            &house,
            &person,
            "SELECT count(*) FROM method WHERE last_step > 0 AND account_id = WHO",
        )
        .await;
        assert_eq!(n_passes, n_spent);
        let stepped = match answer {
            Err(error) => {
                assert!(is_busy(&error), "503 with Retry-After: {error:#}");
                assert_eq!(n_passes, 0);
                n_full += 1;
                // Space is there again, and all is well: what was typed may be typed again.
                let screen = browser.look().await;
                assert!(matches!(screen.step, Step::Prove { .. }), "{screen:?}");
                house.store.run("DELETE FROM counter").await;
                continue;
            }
            Ok(stepped) => stepped,
        };
        assert!(matches!(stepped.screen.step, Step::Password { .. }));
        assert_eq!(n_passes, 1);
        assert!(n_full > 0, "the disk was never full");
        return;
    }
    panic!("a hundred pages are not enough");
}

#[tokio::test]
async fn f12_a_full_disk_at_the_password_is_503_and_it_is_written_once_there_is_space() {
    let house = House::on(Store::for_tests().await).await;
    let birch = outspoken(&house).await;
    let (person, mut browser) = granted(&house, &birch).await;
    house.rest().await;
    browser.visit.request_id = long_request();
    let before = hash_of(&house, &person).await;
    let mut n_full = 0;
    for n_pages in 0..100 {
        leave(&house, n_pages).await;
        let secret = || Secret::new(crate::stage::NEW.to_owned());
        let input = Input::Password {
            new: secret(),
            repeated: secret(),
        };
        let answer = house.service.reset.step(&browser.visit, Ok(input)).await;
        make_room(&house).await;
        let is_changed = hash_of(&house, &person).await != before;
        let n_told = number_of(
            &house,
            &person,
            "SELECT count(*) FROM outbox WHERE purpose = 'password-reset' AND account_id = WHO",
        )
        .await;
        match answer {
            Err(error) => {
                assert!(is_busy(&error), "503 with Retry-After: {error:#}");
                assert!(!is_changed && n_told == 0);
                assert!(matches!(browser.look().await.step, Step::Password { .. }));
                n_full += 1;
            }
            Ok(stepped) => {
                assert!(matches!(stepped.screen.step, Step::Done(_)));
                assert!(is_changed && n_told == 2 && n_full > 0, "{n_full} times full");
                let (screen, _) = browser.password("another fine long one").await;
                assert!(matches!(screen.step, Step::Done(_)));
                return;
            }
        }
    }
    panic!("a hundred pages are not enough");
}
