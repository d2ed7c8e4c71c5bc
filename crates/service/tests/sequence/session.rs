//! How long a session lives: in use to its end, left alone not half as long (R41, `security.md` §2).

use crate::walk::{Browser, House};
use regain_domain::Timestamp;
use regain_domain::sign_in::AccountScreen;
use regain_store::{Store, sessions};
use sha2::{Digest, Sha256};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

impl Browser<'_> {
    /// Whether one is signed in, as a page asks that is drawn anew, or by a script of a page that is open.
    async fn is_in(&mut self, is_posted: bool) -> bool {
        self.visit.is_posted = is_posted;
        let look = self.house.service.account.look(&self.visit).await;
        matches!(look.expect("a page"), AccountScreen::In(_))
    }

    /// When the row says that the session was used last.
    async fn seen_at(&self) -> Timestamp {
        let cookie = self.visit.session.as_deref().expect("a cookie");
        let tx = self.house.store.read(self.visit.tenant.id).await.expect("a read");
        let found = sessions::of_cookie(&tx, Sha256::digest(cookie.as_bytes()).into()).await;
        found.expect("an answer").expect("a session").seen_at
    }
}

async fn advance(house: &House, seconds: i64) {
    house.demo.advance(seconds).await.expect("a later time");
}

/// Somebody who has just signed in, and has a role if `like` has.
async fn signed_in<'a>(house: &'a House, like: &str) -> Browser<'a> {
    let person = house.person(&house.acorn, like).await;
    let mut browser = Browser::new(house, &house.acorn);
    browser.sign_in(&person.username, &person.password).await;
    if !person.roles.is_empty() {
        browser.sign_in_code(&house.code_of(&person)).await;
    }
    assert!(browser.is_in(false).await);
    browser
}

/// `idle` minutes alone end it; in use it lives for as many as `in_all`.
async fn lives(like: &str, idle: i64, in_all: i64) {
    let house = House::quiet(Store::for_tests().await).await;
    let mut browser = signed_in(&house, like).await;
    for _ in 0..in_all / (idle - 1) {
        advance(&house, (idle - 1) * MINUTE).await;
        assert!(browser.is_in(true).await, "{like}: in use");
    }
    advance(&house, in_all % (idle - 1) * MINUTE).await;
    assert!(!browser.is_in(true).await, "{like}: over");

    let mut browser = signed_in(&house, like).await;
    advance(&house, (idle - 1) * MINUTE).await;
    assert!(browser.is_in(true).await);
    advance(&house, idle * MINUTE).await;
    assert!(!browser.is_in(true).await, "{like}: left alone");
    assert!(!browser.is_in(true).await, "{like}: looking does not bring it back");
}

#[tokio::test]
async fn r41_a_session_in_use_lives_for_eight_hours_and_left_alone_for_thirty_minutes() {
    lives("user@acorn.example", 30, 8 * 60).await;
}

#[tokio::test]
async fn r41_a_session_of_staff_lives_for_four_hours_and_left_alone_for_fifteen_minutes() {
    lives("admin@acorn.example", 15, 4 * 60).await;
}

#[tokio::test]
async fn r42_a_page_that_is_drawn_writes_no_use_and_a_post_at_most_one_a_minute() {
    let house = House::quiet(Store::for_tests().await).await;
    let mut browser = signed_in(&house, "user@acorn.example").await;
    let began = browser.seen_at().await;
    advance(&house, 20 * MINUTE).await;
    assert!(browser.is_in(false).await);
    assert_eq!(browser.seen_at().await, began, "a page is drawn");
    assert!(browser.is_in(true).await);
    let used = browser.seen_at().await;
    assert!(used > began);
    advance(&house, 50).await;
    assert!(browser.is_in(true).await);
    assert_eq!(browser.seen_at().await, used, "within a minute");
    advance(&house, 11).await;
    assert!(browser.is_in(true).await);
    assert!(browser.seen_at().await > used);
    advance(&house, 8 * HOUR).await;
    assert!(!browser.is_in(true).await);
}
