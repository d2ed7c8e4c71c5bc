//! Who exists stays private: every class of name gets the same bytes, headers and rows, step by step. R21.

use crate::client::{Answer, Browser, Demo, Page, Person, Rows, Site};

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
    let text = unasked(&text);
    let tickets = text.replace(|c: char| c.is_ascii_digit(), "0");
    match tickets.split_once("seconds_left") {
        Some((before, after)) => format!(
            "{before}seconds_left{}",
            after.trim_start_matches(|c: char| "\\\":0".contains(c))
        ),
        None => tickets,
    }
}

/// What a browser is asked for a passkey, without the challenge, whose length stays.
fn unasked(text: &str) -> String {
    let mut parts = text.split("challenge");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_of_it = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let begins = part.find(is_of_it).unwrap_or_default();
        let length = part[begins..].chars().take_while(|c| is_of_it(*c)).count();
        plain.push_str("challenge");
        plain.push_str(&part[..begins]);
        plain.push_str(&"c".repeat(length));
        plain.push_str(&part[begins + length..]);
    }
    plain
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
    walk.step(|browser| browser.code(wrong));
    walk.step(|browser| browser.choose("one_time_pass"));
    walk.step(|browser| browser.code("0000 0000 0000 0000"));
    walk.step(|browser| browser.choose("passkey"));
    walk.step(|browser| browser.post("public/reset-prove", &[("passkey", "{}")]));
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
        let shown = walked(&rows, browser(), username, &wrong, &address);
        // A right address costs the flow a try, but not the person: the block comes one try later.
        let is_right_address = username == exact.username;
        alike(class, &shown, &expect, !is_right_address);
    }
}

/// The same bytes and headers at every step; and, where it is asked for, as many new rows in every table.
fn alike(class: &str, shown: &[Shown], expect: &[Shown], has_same_rows: bool) {
    for (step, (shown, expect)) in shown.iter().zip(expect).enumerate() {
        same(
            &shown.answer,
            &expect.answer,
            &format!("{class}: the answer to post {step}"),
        );
        if let (Some(shown), Some(expect)) = (&shown.page, &expect.page) {
            same(shown, expect, &format!("{class}: the page after post {step}"));
        }
        if has_same_rows {
            assert_eq!(shown.rows, expect.rows, "{class}: the rows of post {step}");
        }
    }
}

/// Somebody whose resets rest: five wrong codes.
fn block(site: Site, username: &str) {
    let mut browser = Browser::scripted(site);
    browser.identify(username);
    browser.choose("app_code");
    (0..5).for_each(|_| drop(browser.code("000000")));
    assert_eq!(browser.look(), Page::refused("stopped", "tries-spent"));
}

#[test]
fn r21_staff_outsiders_and_blocked_people_get_the_same_answers_headers_and_rows() {
    let demo = Demo::start(&[]);
    let (site, rows) = (demo.birch(), demo.rows());
    let person = || site.person("user@birch.example");
    let (known, staff, outsider, blocked) = (person(), person(), person(), person());
    rows.execute(&format!(
        "INSERT INTO account_role (tenant_id, account_id, role) \
         SELECT tenant_id, id, 'helpdesk' FROM account WHERE user_name = '{}'",
        staff.username
    ));
    rows.execute(&format!(
        "INSERT INTO account_group (tenant_id, id, name, created_at) \
         SELECT tenant_id, x'11111111111111111111111111111111', 'Leavers', 0 FROM account WHERE user_name = '{0}'; \
         INSERT INTO group_account (tenant_id, group_id, account_id) \
         SELECT tenant_id, x'11111111111111111111111111111111', id FROM account WHERE user_name = '{0}'",
        outsider.username
    ));
    let excluded = "json_array('11111111-1111-1111-1111-111111111111')";
    rows.set(
        "Birch",
        &format!("json_set(value, '$.value.policy.excluded_groups', {excluded})"),
    );
    let nobody = "blocked-nobody@birch.example";
    block(site, &blocked.username);
    block(site, nobody);
    let wrong = site.wrong_code(&known);
    let walk = |username: &str, address: &str| walked(&rows, Browser::scripted(site), username, &wrong, address);
    let other = "somebody@mail.example";
    let expect = walk(&known.username, other);
    alike("administrator", &walk(&staff.username, other), &expect, true);
    let of_outsider = walk(&outsider.username, outsider.emails.last().expect("a mailbox"));
    alike("out of scope", &of_outsider, &expect, true);
    // Who is blocked already is not blocked once more: fewer rows, and as few for a name of nobody.
    let of_nobody = walk(nobody, other);
    alike("blocked and unknown", &of_nobody, &expect, false);
    let of_blocked = walk(&blocked.username, blocked.emails.last().expect("a mailbox"));
    alike("blocked", &of_blocked, &of_nobody, true);
    for (person, why) in [(&outsider, "not-in-scope"), (&blocked, "blocked")] {
        let hollow = format!(
            "SELECT hollow FROM flow WHERE user_name = '{}' AND hollow IS NOT NULL",
            person.username
        );
        assert!(
            rows.texts(&hollow)[0].contains(why),
            "the classes are what they are called"
        );
    }
}

#[test]
fn r21_people_with_too_few_methods_get_the_same_answers_headers_and_rows() {
    let demo = Demo::start(&[]);
    let (site, rows) = (demo.birch(), demo.rows());
    let (known, few) = (site.person("user@birch.example"), site.person("user@birch.example"));
    rows.set("", "json_set(value, '$.value.policy.n_gates', 2)");
    rows.execute(&format!(
        "DELETE FROM method WHERE kind <> 'email' AND account_id = (SELECT id FROM account WHERE user_name = '{}')",
        few.username
    ));
    // The counters of network and tenant are there before anybody is compared.
    block(site, "first@birch.example");
    let wrong = site.wrong_code(&known);
    let walk = |username: &str, address: &str| walked(&rows, Browser::scripted(site), username, &wrong, address);
    let other = "somebody@mail.example";
    let expect = walk(&known.username, other);
    alike("unknown", &walk("nobody@birch.example", other), &expect, true);
    let of_few = walk(&few.username, few.emails.last().expect("a mailbox"));
    alike("too few methods", &of_few, &expect, true);
    let hollow = format!("SELECT hollow FROM flow WHERE user_name = '{}'", few.username);
    assert!(rows.texts(&hollow)[0].contains("too-few-methods"));
}
