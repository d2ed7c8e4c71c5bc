//! SIGKILL at any moment of a reset, and a start on the same rows: the password is changed once or not at all. F01–F09.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that gets no answer has failed, and shows the log"
)]

#[expect(dead_code, reason = "other test programs use more of it")]
mod client;

use client::devices::{Devices, shown_number, taken};
use client::wire::begin;
use client::{Answer, Ask, Browser, Demo, FLOW, Page, Person, Rows, wait_for};
use regain_domain::approval::Answer as Said;
use regain_domain::authenticator::Taken;
use regain_domain::gate::Gate;
use std::time::Duration;

const NEW: &str = "seven brass otters hum";

/// A post of a whole reset in explicit mode, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Post {
    Identify,
    ChooseMail,
    MailCode,
    ChooseApp,
    AppCode,
    Password,
}

const POSTS: [Post; 6] = [
    Post::Identify,
    Post::ChooseMail,
    Post::MailCode,
    Post::ChooseApp,
    Post::AppCode,
    Post::Password,
];

/// One person's reset.
struct Walk {
    browser: Browser,
    person: Person,
    before: i64,
}

impl Walk {
    fn begin(demo: &Demo) -> Self {
        let site = demo.acorn();
        Self {
            browser: Browser::scripted(site),
            person: site.person("user@acorn.example"),
            before: site.newest(),
        }
    }

    /// The request of a post, with the code that has arrived or is shown by now.
    fn ask(&mut self, post: Post) -> Ask {
        let site = self.browser.site;
        let code = |code: &str| [("code", code.to_owned())];
        let (function, fields) = match post {
            Post::Identify => return self.identify(),
            Post::ChooseMail => ("public/reset-choose", [("method", "email".to_owned())]),
            Post::ChooseApp => ("public/reset-choose", [("method", "app_code".to_owned())]),
            Post::MailCode => ("public/reset-prove", code(&self.mailed())),
            Post::AppCode => ("public/reset-prove", code(&site.app_code(&self.person))),
            Post::Password => {
                let fields = [("new_password", NEW), ("confirm_password", NEW)];
                return self.browser.posting("public/reset-password", &fields);
            }
        };
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.browser.posting(function, &fields)
    }

    /// The code that came by mail; what a killed server had leased is sent when its lease is over.
    fn mailed(&self) -> String {
        let (site, address) = (self.browser.site, &self.person.emails[1]);
        let is_there = || {
            let all = site.messages(self.before);
            all.iter()
                .any(|message| message.context == "reset-code" && message.to == *address)
        };
        if !(0..8).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            is_there()
        }) {
            site.advance(61);
        }
        site.message(address, "reset-code", self.before).code.expect("a code")
    }

    fn identify(&mut self) -> Ask {
        let (ticket, digits) = self.browser.captcha();
        let fields = [
            ("username", self.person.username.as_str()),
            ("captcha_ticket", &ticket),
            ("captcha_answer", &digits),
        ];
        self.browser.posting("public/reset-identify", &fields)
    }

    fn post(&mut self, post: Post) {
        let answer = self.ask(post).send(self.browser.site.port);
        assert_eq!(answer.status, 200, "{post:?}: {}", answer.text());
        self.browser.keep(&answer);
    }

    /// Goes on with the same cookie, or starts again where that is dead, to the end.
    fn finish(&mut self) {
        let site = self.browser.site;
        for _ in 0..12 {
            let page = self.browser.look();
            match page.step.as_str() {
                "done" => return,
                "identify" => self.post(Post::Identify),
                "stopped" => {
                    assert_eq!(page.refusal.as_deref(), Some("expired"), "a cookie that was replaced");
                    self.browser.cookies.clear();
                    // What was sent or typed a moment ago may be sent and typed again.
                    site.advance(31);
                    self.before = site.newest();
                }
                "choose" if self.has_pass("email") => self.post(Post::ChooseApp),
                "choose" => self.post(Post::ChooseMail),
                "prove" if self.is_mail() => self.post(Post::MailCode),
                "prove" => self.post(Post::AppCode),
                "password" => self.post(Post::Password),
                other => panic!("lost at {other}"),
            }
        }
        panic!("no end in sight");
    }

    /// Whether the mail gate is passed: it is not offered any more.
    fn has_pass(&mut self, gate: &str) -> bool {
        !self.browser.get("/reset").text().contains(&format!("value=\"{gate}\""))
    }

    fn is_mail(&mut self) -> bool {
        let answer = self.browser.post("public/reset-look", &[]);
        answer.json()["step"]["prove"]["gate"] == "email"
    }

    fn n(&self, rows: &Rows, sql: &str) -> i64 {
        rows.number(&sql.replace(
            "WHO",
            &format!("(SELECT id FROM account WHERE user_name = '{}')", self.person.username),
        ))
    }

    /// No pass without a spent proof, and no spent proof without its pass.
    fn proofs_are_whole(&self, rows: &Rows) {
        let flows = "flow_id IN (SELECT id FROM flow WHERE account_id = WHO)";
        let mailed = self.n(
            rows,
            &format!("SELECT count(*) FROM gate_pass WHERE gate = 'email' AND {flows}"),
        );
        let spent = self.n(
            rows,
            &format!("SELECT count(*) FROM attempt WHERE gate = 'email' AND code_used_at IS NOT NULL AND {flows}"),
        );
        assert_eq!(mailed, spent, "mail codes");
        let shown = self.n(
            rows,
            &format!("SELECT count(*) FROM gate_pass WHERE gate = 'app_code' AND {flows}"),
        );
        let used = self.n(
            rows,
            "SELECT count(*) FROM method WHERE kind = 'app' AND last_used_at IS NOT NULL AND account_id = WHO",
        );
        assert_eq!(shown > 0, used > 0, "app codes");
        let twice = self.n(
            rows,
            &format!("SELECT count(*) - count(DISTINCT attempt_id) FROM gate_pass WHERE {flows}"),
        );
        assert_eq!(twice, 0);
    }

    /// Old or new signs in, never both and never neither; what is changed is in the audit once.
    fn is_changed(&self, rows: &Rows) -> bool {
        let n_entries = self.n(
            rows,
            "SELECT count(*) FROM audit WHERE activity = 'password-reset' AND is_success AND subject_id = WHO",
        );
        let signs_in = |password: &str| Browser::scripted(self.browser.site).signs_in(&self.person.username, password);
        let (old, new) = (signs_in(&self.person.password), signs_in(NEW));
        assert!(old != new, "old: {old}, new: {new}");
        assert_eq!(n_entries, i64::from(new));
        new
    }

    /// Exactly the person's mailboxes are told, each under one `Message-ID`.
    fn is_told(&self) {
        let site = self.browser.site;
        let told = |mailbox: &String| {
            let all = site.messages(0).into_iter();
            let mut ids: Vec<_> = all
                .filter(|message| message.context == "password-reset" && message.to == *mailbox)
                .map(|message| message.mail_id.expect("an id"))
                .collect();
            ids.dedup();
            ids
        };
        // What the killed server had leased is sent when its lease is over.
        let is_there = || self.person.emails.iter().all(|mailbox| !told(mailbox).is_empty());
        std::thread::sleep(Duration::from_millis(50));
        if !is_there() {
            site.advance(61);
        }
        wait_for("the notices", || is_there().then_some(()));
        for mailbox in &self.person.emails {
            assert_eq!(told(mailbox).len(), 1, "{mailbox}");
        }
    }
}

/// Walks to a post, sends it, kills the server so much later, starts it again, and checks everything.
fn killed_at(demo: &mut Demo, at: Post, delay: Duration) {
    let mut walk = Walk::begin(demo);
    for post in POSTS.into_iter().take_while(|post| *post != at) {
        walk.post(post);
    }
    let step = walk.browser.look();
    let ask = walk.ask(at);
    let answer = killed(demo, &ask, delay);
    let rows = demo.rows();
    walk.proofs_are_whole(&rows);
    let is_changed = walk.is_changed(&rows);
    if let Some(answer) = &answer {
        assert_eq!(answer.status, 200, "{}", answer.text());
        walk.browser.keep(answer);
        assert_ne!(walk.browser.look(), step, "what was answered has happened");
        assert_eq!(is_changed, at == Post::Password);
    } else if walk.browser.cookies.contains_key(FLOW) {
        let page = walk.browser.look();
        let is_known = page.refusal.is_none() || page == Page::refused("stopped", "expired");
        assert!(is_known, "{at:?} after {delay:?}: {page:?}");
        assert!(!is_changed || page == Page::at("done"), "{page:?}");
    }
    walk.finish();
    assert!(walk.is_changed(&rows), "{at:?} after {delay:?}");
    walk.proofs_are_whole(&rows);
    walk.is_told();
}

/// Kills at more and more moments of one post.
fn killed_during(posts: &[Post], delays_ms: &[u64]) {
    let mut demo = Demo::start(&[]);
    for post in posts {
        for delay in delays_ms {
            killed_at(&mut demo, *post, Duration::from_millis(*delay));
        }
    }
}

#[test]
fn f01_f04_killed_while_the_password_is_written_it_is_changed_once_or_not_at_all() {
    killed_during(&[Post::Password], &[0, 8, 20, 30, 38, 46, 55, 70, 100]);
}

#[test]
fn f06_killed_while_a_code_is_proved_it_is_spent_and_passed_or_neither() {
    killed_during(&[Post::MailCode, Post::AppCode], &[0, 2, 4, 7, 12]);
}

#[test]
fn f08_killed_while_a_flow_begins_or_a_code_is_sent_the_person_can_go_on() {
    killed_during(&[Post::Identify, Post::ChooseMail, Post::ChooseApp], &[0, 4, 12]);
}

#[test]
fn f05_f07_killed_after_every_answer_the_same_cookie_goes_on() {
    let mut demo = Demo::start(&[]);
    let mut walk = Walk::begin(&demo);
    for post in POSTS {
        walk.post(post);
        let page = walk.browser.look();
        demo.process.kill();
        demo.restart();
        assert_eq!(walk.browser.look(), page, "after {post:?}");
    }
    let rows = demo.rows();
    assert_eq!(walk.browser.look(), Page::at("done"));
    walk.proofs_are_whole(&rows);
    assert!(walk.is_changed(&rows));
    walk.is_told();
}

/// Two kills: while the phone's word is written down, and while the page collects it.
fn killed_around_a_phone(demo: &mut Demo, delay: Duration) {
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.opens_methods(&person, || site.app_code(&person));
    let devices = Devices::registered(&mut browser, site.now(), &[Gate::AppPush]);
    let phone = devices.phone();
    browser.identify(&person.username);
    let asked = browser.choose("app_push").json();
    let [request]: [_; 1] = phone.waiting(site.now()).try_into().expect("one request");
    let answer = killed(
        demo,
        &phone.approving(site.now(), &request, shown_number(&asked)),
        delay,
    );
    if let Some(answer) = &answer {
        assert_eq!(taken(answer), Taken::As(Said::Approved));
    }
    let again = phone
        .approving(site.now(), &request, shown_number(&asked))
        .send(site.port);
    let expect = if answer.is_some() {
        vec![Taken::Over]
    } else {
        vec![Taken::Over, Taken::As(Said::Approved)]
    };
    assert!(expect.contains(&taken(&again)), "after {delay:?}: {}", again.text());

    let collect = browser.posting("public/reset-prove", &[]);
    let answer = killed(demo, &collect, delay);
    let rows = demo.rows();
    let count = |table: &str, when: &str| {
        rows.number(&format!(
            "SELECT count(*) FROM {table} JOIN flow ON flow.id = {table}.flow_id WHERE user_name = '{}' AND {when}",
            person.username
        ))
    };
    let n_passes = count("gate_pass", "gate = 'app_push'");
    assert_eq!(n_passes, count("approval", "used_at IS NOT NULL"), "after {delay:?}");
    match (answer, n_passes) {
        (Some(answer), n) => {
            assert_eq!((answer.status, n), (200, 1));
            browser.keep(&answer);
            assert_eq!(browser.look(), Page::at("choose"));
        }
        // The cookie that came with the pass is lost: the person starts again.
        (None, 1) => assert_eq!(browser.look(), Page::refused("stopped", "expired")),
        (None, _) => {
            assert_eq!(browser.post("public/reset-prove", &[]).status, 200);
            assert_eq!(browser.look(), Page::at("choose"));
        }
    }
}

/// Sends a post, kills the server so much later, and starts it again; what was answered by then.
fn killed(demo: &mut Demo, ask: &Ask, delay: Duration) -> Option<Answer> {
    let stream = begin(demo.port, &ask.bytes()).expect("a connection");
    std::thread::sleep(delay);
    demo.process.kill();
    let answer = Answer::read(stream, false).ok();
    demo.restart();
    answer
}

#[test]
fn f06_killed_while_a_phone_answers_or_its_word_is_collected_it_counts_once_or_not_at_all() {
    let mut demo = Demo::start(&[]);
    for delay in [0, 2, 4, 7, 12, 60] {
        killed_around_a_phone(&mut demo, Duration::from_millis(delay));
    }
}

#[test]
fn f06_a_reserved_try_stays_counted_over_a_kill() {
    let mut demo = Demo::start(&[]);
    let site = demo.acorn();
    let person = site.person("user@acorn.example");
    let mut browser = Browser::scripted(site);
    browser.identify(&person.username);
    browser.choose("app_code");
    let wrong = site.wrong_code(&person);
    // Every counter is a list of times: a failed proof adds one to the person's and one to the tenant's.
    let n_hits = |rows: &Rows| rows.number("SELECT coalesce(sum(json_array_length(hits, '$.value')), 0) FROM counter");
    let mut n_answered = 0;
    for delay in [1, 4, 9, 60] {
        let before = n_hits(&demo.rows());
        let ask = browser.posting("public/reset-prove", &[("code", &wrong)]);
        let answer = killed(&mut demo, &ask, Duration::from_millis(delay));
        let is_answered = answer.is_some_and(|answer| answer.status == 200);
        let after = n_hits(&demo.rows());
        assert!(after >= before, "a counter fell from {before} to {after}");
        assert!(
            !is_answered || after > before,
            "an answered try was not counted: {before} and {after} after {delay} ms"
        );
        n_answered += usize::from(is_answered);
    }
    assert!(n_answered > 0, "no kill came late enough to have an answer before it");
    (0..5).for_each(|_| drop(browser.code(&wrong)));
    assert_eq!(browser.look(), Page::refused("stopped", "tries-spent"));
    browser.cookies.clear();
    browser.identify(&person.username);
    assert_eq!(browser.look(), Page::refused("stopped", "blocked"));
}
