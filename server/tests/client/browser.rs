//! A browser without a browser: keeps cookies, tells where it posts from, walks the wizard with scripts or without.

use super::{Answer, Ask, Person, Site};
use std::collections::BTreeMap;

/// One browser at one tenant.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) site: Site,
    /// A plain form is sent, and a page wanted; else a script calls.
    pub(crate) is_plain: bool,
    /// It is a kiosk's, and keeps beneath the kiosk's address.
    pub(crate) is_kiosk: bool,
    pub(crate) cookies: BTreeMap<String, String>,
    seen: i64,
}

/// Where a page says that its visitor stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) step: String,
    pub(crate) refusal: Option<String>,
}

pub(crate) const FLOW: &str = "__Host-rg_flow";

impl Browser {
    /// With scripts.
    pub(crate) fn scripted(site: Site) -> Self {
        Self {
            site,
            is_plain: false,
            is_kiosk: false,
            cookies: BTreeMap::new(),
            seen: 0,
        }
    }

    /// Without.
    pub(crate) fn plain(site: Site) -> Self {
        Self {
            is_plain: true,
            ..Self::scripted(site)
        }
    }

    /// The same on a locked workstation.
    pub(crate) fn in_kiosk(self) -> Self {
        Self { is_kiosk: true, ..self }
    }

    /// A request with this browser's cookies.
    pub(crate) fn ask(&self, method: &str, target: &str) -> Ask {
        let accept = if self.is_plain || method == "GET" {
            "text/html,*/*;q=0.8"
        } else {
            "application/json"
        };
        let ask = self.site.ask(method, target).header("accept", accept);
        match self.cookie_line() {
            line if line.is_empty() => ask,
            line => ask.header("cookie", &line),
        }
    }

    fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// A post as a page of this origin sends it.
    pub(crate) fn posting(&self, function: &str, fields: &[(&str, &str)]) -> Ask {
        let house = if self.is_kiosk { "/kiosk" } else { "" };
        let ask = self.ask("POST", &format!("{house}/fn/{function}"));
        ask.header("sec-fetch-site", "same-origin").form(fields)
    }

    /// Takes over what an answer says of cookies.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        for line in answer.all("set-cookie") {
            let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub(crate) fn get(&mut self, target: &str) -> Answer {
        let answer = self.ask("GET", target).send(self.site.port);
        self.keep(&answer);
        answer
    }

    pub(crate) fn post(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.posting(function, fields).send(self.site.port);
        self.keep(&answer);
        answer
    }

    /// What the wizard's page says now.
    pub(crate) fn look(&mut self) -> Page {
        Page::of(&self.get(if self.is_kiosk { "/kiosk" } else { "/reset" }))
    }

    /// A fresh picture and what it shows.
    pub(crate) fn captcha(&mut self) -> (String, String) {
        let page = self.site.get("/reset");
        let ticket = attribute(page.text(), "name=\"captcha_ticket\" value=\"").expect("a ticket");
        let digits = self.site.captcha(&ticket, self.seen);
        (ticket, digits)
    }

    pub(crate) fn identify(&mut self, username: &str) -> Answer {
        let (ticket, digits) = self.captcha();
        self.identify_with(username, &ticket, &digits)
    }

    pub(crate) fn identify_with(&mut self, username: &str, ticket: &str, digits: &str) -> Answer {
        let fields = [
            ("username", username),
            ("captcha", ""),
            ("captcha_ticket", ticket),
            ("captcha_answer", digits),
        ];
        self.post("public/reset-identify", &fields)
    }

    pub(crate) fn choose(&mut self, method: &str) -> Answer {
        self.post("public/reset-choose", &[("method", method)])
    }

    pub(crate) fn destination(&mut self, address: &str) -> Answer {
        self.post("public/reset-prove", &[("destination", address)])
    }

    pub(crate) fn code(&mut self, code: &str) -> Answer {
        self.post("public/reset-prove", &[("code", code)])
    }

    pub(crate) fn password(&mut self, password: &str) -> Answer {
        self.post(
            "public/reset-password",
            &[("new_password", password), ("confirm_password", password)],
        )
    }

    /// Chooses mail, says the address where it is asked, and gives the code that came.
    pub(crate) fn mail_code(&mut self, person: &Person) -> String {
        let before = self.site.newest();
        let address = person.emails.last().expect("a mailbox");
        self.choose("email");
        if self.site.host.starts_with("birch") {
            self.destination(address);
        }
        let letter = self.site.message(address, "reset-code", before);
        letter.code.expect("a code")
    }

    pub(crate) fn pass_mail(&mut self, person: &Person) -> Answer {
        let code = self.mail_code(person);
        self.code(&code)
    }

    pub(crate) fn pass_app(&mut self, person: &Person) -> Answer {
        self.choose("app_code");
        let code = self.site.app_code(person);
        self.code(&code)
    }

    /// To the page that asks for the new password, by all gates that the tenant wants.
    pub(crate) fn granted(&mut self, person: &Person) {
        self.identify(&person.username);
        self.pass_app(person);
        if !self.site.host.starts_with("birch") {
            self.pass_mail(person);
        }
        assert_eq!(self.look().step, "password");
    }

    /// Signs in, and proves by the app who it is, to get to the methods.
    pub(crate) fn opens_methods(&mut self, person: &Person, code: impl FnOnce() -> String) {
        assert!(self.signs_in(&person.username, &person.password));
        self.post("user/security-confirm", &[]);
        self.post("user/security-choose", &[("method", "app_code")]);
        let screen = self.post("user/security-prove", &[("code", &code())]);
        assert!(screen.json()["methods"].is_object(), "{}", screen.text());
    }

    /// Whether name and password sign somebody in.
    pub(crate) fn signs_in(&mut self, username: &str, password: &str) -> bool {
        let answer = self.post("public/signin", &[("username", username), ("password", password)]);
        assert!(
            matches!(answer.status, 200 | 303),
            "{} {}",
            answer.status,
            answer.text()
        );
        answer.all("set-cookie").iter().any(|line| {
            let is_session = line.starts_with("__Host-rg_session=") || line.starts_with("__Host-rg_admin=");
            is_session && !line.contains("Max-Age=0")
        })
    }
}

impl Page {
    pub(crate) fn of(answer: &Answer) -> Self {
        let text = answer.text();
        let step = attribute(text, "data-step=\"");
        Self {
            step: step.unwrap_or_else(|| panic!("{} is no page of ours: {text}", answer.status)),
            refusal: attribute(text, "data-refusal=\""),
        }
    }

    /// A step at which nothing was refused.
    pub(crate) fn at(step: &str) -> Self {
        Self {
            step: step.to_owned(),
            refusal: None,
        }
    }

    /// A step with a refusal.
    pub(crate) fn refused(step: &str, refusal: &str) -> Self {
        Self {
            refusal: Some(refusal.to_owned()),
            ..Self::at(step)
        }
    }
}

/// What stands between these words and the next quotation mark.
pub(crate) fn attribute(text: &str, words: &str) -> Option<String> {
    let (_, rest) = text.split_once(words)?;
    let (value, _) = rest.split_once('"')?;
    Some(value.to_owned())
}
