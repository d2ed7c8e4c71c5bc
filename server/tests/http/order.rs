//! Every post of the wizard in every state: in order it is taken, out of order it changes nothing. R01.

use crate::client::{Answer, Browser, Demo, Page, Person, Rows, Site, wait_for};

const NEW: &str = "seven brass otters hum";

/// Where a flow stands, in the order of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Nothing,
    Choosing,
    /// The address is asked for: in discreet mode only.
    Naming,
    Coding,
    Granted,
    Done,
    Spent,
    Cancelled,
}

/// What may be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Post {
    Identify,
    Choose,
    Destination,
    Code,
    Password,
    Cancel,
    Help,
}

const STATES: [State; 8] = [
    State::Nothing,
    State::Choosing,
    State::Naming,
    State::Coding,
    State::Granted,
    State::Done,
    State::Spent,
    State::Cancelled,
];

const POSTS: [Post; 7] = [
    Post::Identify,
    Post::Choose,
    Post::Destination,
    Post::Code,
    Post::Password,
    Post::Cancel,
    Post::Help,
];

/// The table of R01: what each state takes. Leaving is always possible, and so is beginning anew.
fn fits(state: State, post: Post) -> bool {
    match post {
        Post::Identify | Post::Cancel => true,
        Post::Choose => matches!(state, State::Choosing | State::Naming | State::Coding),
        Post::Destination => state == State::Naming,
        Post::Code => state == State::Coding,
        Post::Password => state == State::Granted,
        Post::Help => !matches!(state, State::Nothing | State::Done),
    }
}

fn step(state: State) -> &'static str {
    match state {
        State::Nothing => "identify",
        State::Choosing => "choose",
        State::Naming | State::Coding => "prove",
        State::Granted => "password",
        State::Done => "done",
        State::Spent | State::Cancelled => "stopped",
    }
}

fn site(demo: &Demo, state: State) -> Site {
    if state == State::Naming {
        demo.birch()
    } else {
        demo.acorn()
    }
}

/// A browser whose flow stands there, and whose it is.
fn reached(demo: &Demo, state: State, is_plain: bool) -> (Browser, Person) {
    let site = site(demo, state);
    let like = if state == State::Naming {
        "user@birch.example"
    } else {
        "user@acorn.example"
    };
    let person = site.person(like);
    let mut browser = if is_plain {
        Browser::plain(site)
    } else {
        Browser::scripted(site)
    };
    if state == State::Nothing {
        return (browser, person);
    }
    browser.identify(&person.username);
    match state {
        State::Nothing | State::Choosing => {}
        State::Naming => drop(browser.choose("email")),
        State::Coding => drop(browser.choose("app_code")),
        State::Granted | State::Done => {
            browser.granted(&person);
            if state == State::Done {
                browser.password(NEW);
            }
        }
        State::Spent => {
            browser.choose("app_code");
            let wrong = site.wrong_code(&person);
            (0..5).for_each(|_| drop(browser.code(&wrong)));
        }
        State::Cancelled => drop(browser.post("public/reset-cancel", &[])),
    }
    assert_eq!(browser.look().step, step(state), "{state:?}");
    (browser, person)
}

fn sent(browser: &mut Browser, post: Post, person: &Person) -> Answer {
    match post {
        Post::Identify => browser.identify(&person.username),
        Post::Choose => browser.choose("app_code"),
        Post::Destination => browser.destination(&person.emails[1]),
        Post::Code => {
            let code = browser.site.app_code(person);
            browser.code(&code)
        }
        Post::Password => browser.password("a wholly other sentence"),
        Post::Cancel => browser.post("public/reset-cancel", &[]),
        Post::Help => browser.post("public/reset-help", &[]),
    }
}

/// Waits until every message has left, so that nothing but a post writes.
fn settled(rows: &Rows) -> i64 {
    wait_for("a quiet outbox", || {
        let before = rows.data_version();
        std::thread::sleep(std::time::Duration::from_millis(25));
        let is_quiet = rows.number("SELECT count(*) FROM outbox WHERE state IN ('ready', 'leased')") == 0;
        (is_quiet && rows.data_version() == before).then_some(before)
    })
}

fn out_of_order(demo: &Demo, is_plain: bool) {
    let rows = demo.rows();
    for state in STATES {
        let (mut browser, person) = reached(demo, state, is_plain);
        let before = settled(&rows);
        for post in POSTS.into_iter().filter(|post| !fits(state, *post)) {
            let answer = sent(&mut browser, post, &person);
            if is_plain {
                assert_eq!(answer.status, 303, "{post:?} at {state:?}");
                assert_eq!(
                    answer.header("location"),
                    Some("/reset?started"),
                    "{post:?} at {state:?}"
                );
            } else {
                assert_eq!(answer.status, 409, "{post:?} at {state:?}: {}", answer.text());
            }
            assert!(answer.all("set-cookie").is_empty(), "{post:?} at {state:?}");
            assert_eq!(rows.data_version(), before, "{post:?} at {state:?} wrote something");
        }
        assert_eq!(browser.look().step, step(state), "{state:?} is left where it was");
    }
}

#[test]
fn r01_out_of_order_a_script_gets_409_and_nothing_is_written() {
    out_of_order(&Demo::start(&[]), false);
}

#[test]
fn r01_out_of_order_a_form_gets_303_and_nothing_is_written() {
    out_of_order(&Demo::start(&[]), true);
}

#[test]
fn r01_in_order_every_post_is_taken() {
    let demo = Demo::shared();
    for state in STATES {
        for post in POSTS.into_iter().filter(|post| fits(state, *post)) {
            let is_again = match post {
                Post::Identify => !matches!(state, State::Nothing | State::Coding | State::Done),
                _ => (state, post) == (State::Naming, Post::Choose),
            };
            if is_again {
                continue; // no other than at its neighbours
            }
            let (mut browser, person) = reached(&demo, state, false);
            let answer = sent(&mut browser, post, &person);
            assert_eq!(answer.status, 200, "{post:?} at {state:?}: {}", answer.text());
        }
    }
}

#[test]
fn r01_a_flow_out_of_time_takes_no_post_and_its_page_says_why() {
    let demo = Demo::start(&[]);
    let site = demo.acorn();
    let mut walks: Vec<_> = [State::Choosing, State::Coding, State::Granted]
        .into_iter()
        .map(|state| (state, reached(&demo, state, false)))
        .collect();
    site.advance(15 * 60);
    for (state, (browser, person)) in &mut walks {
        assert_eq!(browser.look(), Page::refused("stopped", "expired"), "{state:?}");
        for post in [Post::Choose, Post::Code, Post::Password] {
            assert_eq!(sent(browser, post, person).status, 409, "{post:?} at {state:?}");
            assert_eq!(browser.look(), Page::refused("stopped", "expired"), "{state:?}");
        }
        assert!(browser.signs_in(&person.username, &person.password), "{state:?}");
    }
}
