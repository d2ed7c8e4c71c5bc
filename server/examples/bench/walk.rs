//! One person's way through the wizard, as the page with scripts walks it: a page, then posts that answer with the screen.

use crate::mailbox::Mailbox;
use crate::people::Person;
use crate::proof::{self, Captcha, Ticket};
use crate::site::Site;
use crate::wire::{Answer, Ask, Line};
use regain_domain::flow::{ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use std::fmt::{self, Display};
use std::time::Duration;
use url::form_urlencoded::Serializer;

/// Longest wait for a mail.
const MAIL: Duration = Duration::from_secs(20);

/// Why a walk ended before its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server said that it has too much to do (503).
    Busy,
    /// Anything else: what and where.
    Other(String),
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("503, too much to do"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(format!("{error:#}"))
    }
}

/// A browser in the wizard.
pub(crate) struct Walk<'a> {
    site: &'a Site,
    person: Person,
    line: Line,
    cookie: Option<String>,
    /// How long the last answer's first byte took.
    pub(crate) took: Duration,
}

impl<'a> Walk<'a> {
    /// Opens a connection of its own.
    pub(crate) async fn begin(site: &'a Site, person: Person) -> anyhow::Result<Self> {
        let line = Line::open(site.address).await?;
        Ok(Self {
            site,
            person,
            line,
            cookie: None,
            took: Duration::ZERO,
        })
    }

    /// Gets a page, and reads all of it.
    pub(crate) async fn page(&mut self, path: &str) -> Result<Answer, Failure> {
        let ask = Ask {
            cookie: self.cookie.as_deref(),
            ..self.site.get(path, self.person.client())
        };
        let answer = self.line.ask(ask).await?;
        self.took = answer.first_byte;
        match answer.status {
            200 => Ok(answer),
            status => Err(Failure::Other(format!("{path}: status {status}"))),
        }
    }

    /// The form's field: solved long ago, or fetched now.
    async fn captcha(&mut self, captcha: &Captcha) -> anyhow::Result<String> {
        match captcha {
            Captcha::Solved(text) => Ok(text.clone()),
            Captcha::Rewritten(key) => {
                let challenge = proof::fetch(self.site, &mut self.line, self.person).await?;
                proof::answered(challenge, key)
            }
        }
    }

    /// Says who it is, with the answer to a challenge.
    pub(crate) async fn identify(&mut self, captcha: &Captcha) -> Result<Screen, Failure> {
        let (name, captcha) = (self.person.user_name(), self.captcha(captcha).await?);
        let screen = self
            .post("identify", &[("username", &name), ("captcha", &captcha)])
            .await?;
        at("choose", screen)
    }

    /// Chooses a gate.
    pub(crate) async fn choose(&mut self, gate: Gate) -> Result<Screen, Failure> {
        at("prove", self.post("choose", &[("method", gate.code())]).await?)
    }

    /// Types the address or number that takes codes.
    pub(crate) async fn destination(&mut self, to: &str) -> Result<Screen, Failure> {
        let screen = self.post("prove", &[("destination", to)]).await?;
        match &screen.step {
            Step::Prove {
                form: ProveForm::Code { .. },
                ..
            } => Ok(screen),
            other => Err(Failure::Other(format!(
                "no code is asked for after the address, but {}",
                other.code()
            ))),
        }
    }

    /// Types a code, right or wrong.
    pub(crate) async fn code(&mut self, code: &str) -> Result<Screen, Failure> {
        self.post("prove", &[("code", code)]).await
    }

    /// Passes the mail gate.
    pub(crate) async fn pass_mail(&mut self, mailbox: &Mailbox) -> Result<(), Failure> {
        self.choose(Gate::Email).await?;
        let address = self.person.address();
        let mail = mailbox.code_to(&address);
        self.destination(&address).await?;
        let arrived = tokio::time::timeout(MAIL, mail).await;
        let Ok(Ok(code)) = arrived else {
            return Err(Failure::Other("no mail came within 20 s".to_owned()));
        };
        at("choose", self.code(&code).await?).map(drop)
    }

    /// Passes the app's gate.
    pub(crate) async fn pass_app(&mut self) -> Result<(), Failure> {
        self.choose(Gate::AppCode).await?;
        let code = self.person.app_code()?;
        at("password", self.code(&code).await?).map(drop)
    }

    /// Sets the new password.
    pub(crate) async fn password(&mut self) -> Result<(), Failure> {
        let password = self.person.password();
        let fields = [("new_password", password.as_str()), ("confirm_password", &password)];
        at("done", self.post("password", &fields).await?).map(drop)
    }

    async fn post(&mut self, name: &str, fields: &[(&str, &str)]) -> Result<Screen, Failure> {
        let path = format!("/fn/public/reset-{name}");
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let client = self.person.client();
        let ask = Ask {
            cookie: self.cookie.as_deref(),
            form: Some(&form),
            ..self.site.get(&path, client)
        };
        let answer = self.line.ask(ask).await?;
        self.took = answer.first_byte;
        let set = answer
            .headers("set-cookie")
            .filter_map(|cookie| cookie.split(';').next());
        if let Some(flow) = set.filter(|pair| pair.starts_with("__Host-rg_flow=")).last() {
            self.cookie = Some(flow.to_owned());
        }
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map_err(|error| Failure::Other(format!("{name}: no screen: {error}"))),
            503 => Err(Failure::Busy),
            status => Err(Failure::Other(format!("{name}: status {status}"))),
        }
    }
}

/// A full reset (`security.md` §5); gives how long identify took.
pub(crate) async fn reset(site: &Site, mailbox: &Mailbox, ticket: &Ticket) -> Result<Duration, Failure> {
    let mut walk = Walk::begin(site, ticket.person).await?;
    walk.page("/reset").await?;
    walk.identify(&ticket.captcha).await?;
    let identify = walk.took;
    walk.pass_mail(mailbox).await?;
    walk.pass_app().await?;
    walk.password().await?;
    Ok(identify)
}

fn at(step: &'static str, screen: Screen) -> Result<Screen, Failure> {
    let refusal = screen.refusals.first().map(regain_domain::Refusal::code);
    match (refusal, screen.step.code()) {
        (None, there) if there == step => Ok(screen),
        (None, there) => Err(Failure::Other(format!("at {there} instead of {step}"))),
        (Some(refusal), _) => Err(Failure::Other(format!("refused before {step}: {refusal}"))),
    }
}
