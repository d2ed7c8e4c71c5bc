//! Who exists stays private: every class of name gets the same bytes, headers and rows, step by step. R21.

use crate::client::{Answer, Browser, Demo, Person, Rows};

/// What one step showed: the answer, the page after it, and how many rows it added to each table.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    answer: Told,
    page: Option<Told>,
    rows: Vec<(&'static str, i64)>,
}

/// The headers with their values, but for what is drawn anew for every answer.
fn headers(answer: &Answer) -> Vec<String> {
    let redacted = |(name, value): &(String, String)| match name.as_str() {
        "date" | "x-request-id" => name.clone(),
        "content-security-policy" => format!("{name}: {}", value.replace(&nonce(answer), "N")),
        "set-cookie" => {
            let (pair, attributes) = value.split_once(';').expect("attributes");
            let (cookie, token) = pair.split_once('=').expect("a value");
            format!("{name}: {cookie}={};{attributes}", token.len())
        }
        _ => format!("{name}: {value}"),
    };
    answer.headers.iter().map(redacted).collect()
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let rest = policy.split_once("'nonce-").map_or("", |(_, rest)| rest);
    rest.split('\'').next().unwrap_or_default().to_owned()
}

/// The body; what differs for good reason keeps its length: nonce, reference, seconds.
fn body(answer: &Answer, reference: &str) -> String {
    let text = answer.text().replace(&nonce(answer), &"n".repeat(32));
    let text = text.replace(reference, "REFE-RENC");
    let tickets = text.replace(|c: char| c.is_ascii_digit(), "0");
    match tickets.split_once("seconds_left") {
        Some((before, after)) => format!(
            "{before}seconds_left{}",
            after.trim_start_matches(|c: char| "\\\":0".contains(c))
        ),
        None => tickets,
    }
}

type Told = (u16, Vec<String>, String);

/// Equal to the byte; if not, shows where they part.
fn same(found: &Told, expect: &Told, what: &str) {
    assert_eq!((found.0, &found.1), (expect.0, &expect.1), "{what}");
    let pairs = found.2.chars().zip(expect.2.chars());
    let at = pairs.take_while(|(found, expect)| found == expect).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(80)).take(160).collect::<String>();
    assert!(found.2 == expect.2, "{what}:\n{}\n{}", near(&found.2), near(&expect.2));
}

struct Walk<'a> {
    browser: Browser,
    rows: &'a Rows,
    username: String,
    shown: Vec<Shown>,
}

impl Walk<'_> {
    fn step(&mut self, step: impl FnOnce(&mut Browser) -> Answer) {
        let before = self.rows.sizes();
        let answer = step(&mut self.browser);
        // A script draws the answer itself; a form is sent to a page.
        let page = self.browser.is_plain.then(|| self.browser.get("/reset"));
        let after = self.rows.sizes();
        let sql = format!(
            "SELECT reference FROM flow WHERE user_name = '{}' ORDER BY started_at DESC",
            self.username
        );
        let reference = self.rows.texts(&sql).into_iter().next().expect("a flow");
        let told = |answer: &Answer| (answer.status, headers(answer), body(answer, &reference));
        let grown = before
            .iter()
            .zip(after)
            .map(|(before, after)| (before.0, after.1 - before.1));
        self.shown.push(Shown {
            answer: told(&answer),
            page: page.as_ref().map(told),
            rows: grown.collect(),
        });
    }
}

/// All pages that a visitor without a proof can reach, up to the last try.
fn walked(rows: &Rows, browser: Browser, username: &str, wrong: &str, address: &str) -> Vec<Shown> {
    let mut walk = Walk {
        browser,
        rows,
        username: username.to_owned(),
        shown: Vec::new(),
    };
    let captcha = walk.browser.captcha();
    walk.step(|browser| browser.identify_with(username, &captcha.0, &captcha.1));
    walk.step(|browser| browser.choose("email"));
    walk.step(|browser| browser.destination(address));
    walk.step(|browser| browser.code(wrong));
    walk.step(|browser| browser.choose("app_code"));
    for _ in 0..3 {
        walk.step(|browser| browser.code(wrong));
    }
    walk.step(|browser| browser.post("public/reset-help", &[]));
    walk.shown
}

#[test]
fn r21_every_class_of_name_gets_the_same_answers_headers_and_rows() {
    compared(false);
}

#[test]
fn r21_every_class_of_name_gets_the_same_pages_headers_and_rows() {
    compared(true);
}

fn compared(is_plain: bool) {
    let demo = Demo::start(&[]);
    let site = demo.birch();
    let rows = demo.rows();
    let disabled = site.person("user@birch.example");
    rows.execute(&format!(
        "UPDATE account SET status = 'disabled' WHERE user_name = '{}'",
        disabled.username
    ));
    let unregistered = site.person("new@birch.example");
    // The counters of network and tenant are there before anybody is compared.
    let mut first = Browser::scripted(site);
    first.identify("first@birch.example");
    first.choose("app_code");
    first.code("000000");
    let person = || site.person("user@birch.example");
    let (known, exact) = (person(), person());
    let wrong = site.wrong_code(&known);
    let browser = || {
        if is_plain {
            Browser::plain(site)
        } else {
            Browser::scripted(site)
        }
    };
    let own = |person: &Person| person.emails.last().cloned().expect("a mailbox");
    let other = "somebody@mail.example".to_owned();
    let expect = walked(&rows, browser(), &known.username, &wrong, &other);
    let nobody = format!("nobody-{}@birch.example", u8::from(is_plain));
    for (class, username, address) in [
        ("unknown", nobody.as_str(), other.clone()),
        ("known, with the address", &exact.username, own(&exact)),
        ("unregistered", &unregistered.username, other.clone()),
        ("disabled", &disabled.username, own(&disabled)),
    ] {
        if is_plain && matches!(class, "unregistered" | "disabled") {
            continue; // as with scripts; each walk takes seconds, since every answer waits for its quantum
        }
        let is_right_address = username == exact.username;
        let shown = walked(&rows, browser(), username, &wrong, &address);
        for (step, (shown, expect)) in shown.iter().zip(&expect).enumerate() {
            same(
                &shown.answer,
                &expect.answer,
                &format!("{class}: the answer to post {step}"),
            );
            if let (Some(shown), Some(expect)) = (&shown.page, &expect.page) {
                same(shown, expect, &format!("{class}: the page after post {step}"));
            }
            // A right address costs the flow a try, but not the person: the block comes one try later.
            if !is_right_address {
                assert_eq!(shown.rows, expect.rows, "{class}: the rows of post {step}");
            }
        }
    }
}
