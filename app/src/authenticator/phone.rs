//! What the app knows while it is open, and what it does: looks for requests, answers them, adds and forgets accounts.

use super::keep::{self, Kept};
use super::speak;
use super::wake::{self, Alerts};
use crate::Fault;
use crate::ui::Fields;
use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};
use regain_domain::Timestamp;
use regain_domain::approval::Answer;
use regain_domain::authenticator::{Request, Taken, Verdict};
use regain_domain::ids::RequestId;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// How often an open app looks for requests.
const LOOK: Duration = Duration::from_secs(3);
/// How far our idea of the server's clock may be off before it is learnt anew.
const TOLERANCE_MS: f64 = 2000.0;
/// The word under which the distance to the server's clock is kept.
const OFFSET: &str = "offset";

/// Something of this browser broke: there is no server to ask about it.
pub(super) fn failed(_: JsValue) -> Fault {
    Fault::Ours {
        request_id: String::new(),
    }
}

/// The server's clock, as far as it is known: phones' own differ.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// How far it is ahead of ours, in milliseconds.
    offset: RwSignal<f64>,
    /// The time of the last statement: the next one is later.
    last: StoredValue<i64>,
}

impl Clock {
    fn new() -> Self {
        Self {
            offset: RwSignal::new(0.0),
            last: StoredValue::new(0),
        }
    }

    /// The time.
    pub(super) fn now(self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of any date fit")]
        Timestamp::from_ms((Date::now() + self.offset.get_untracked()) as i64)
    }

    /// The time of the next statement.
    pub(super) fn next(self) -> Timestamp {
        let at = self.now().ms().max(self.last.get_value() + 1);
        self.last.set_value(at);
        Timestamp::from_ms(at)
    }

    /// Learns the server's time. What an answer took on its way is no difference.
    pub(super) fn set(self, now: Timestamp) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date fit")]
        let offset = now.ms() as f64 - Date::now();
        if (offset - self.offset.get_untracked()).abs() < TOLERANCE_MS {
            return;
        }
        self.last.set_value(0);
        self.offset.set(offset);
        spawn_local(async move { drop(keep::keep_word(OFFSET, &offset.to_string()).await) });
    }
}

/// A request to one of the accounts on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// Whose.
    pub(super) kept: Kept,
    /// What.
    pub(super) request: Request,
}

/// What is in the foreground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// The database is being read; also what the server draws.
    Loading,
    /// A link was followed.
    Link,
    /// No account yet.
    Empty,
    /// The codes.
    Codes,
    /// Somebody asks.
    Asked(Question),
    /// It was denied, or the number was wrong: was it the person?
    Denied(Question, Answer),
}

/// What just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// An account was added.
    Added,
    /// The link serves no more.
    BadLink,
    /// A request ended as this.
    Ended(Answer),
    /// A request was over before the answer.
    Over,
    /// An account has removed this phone.
    Removed,
    /// The account was forgotten here.
    Forgotten,
}

/// The app.
#[derive(Clone, Copy)]
pub(super) struct Phone {
    /// The accounts; nothing until they are read.
    pub(super) accounts: RwSignal<Option<Vec<Kept>>>,
    questions: RwSignal<Vec<Question>>,
    answered: RwSignal<Vec<RequestId>>,
    denied: RwSignal<Option<(Question, Answer)>>,
    link: RwSignal<Option<String>>,
    /// What just happened.
    pub(super) told: RwSignal<Option<Told>>,
    /// What broke.
    pub(super) fault: RwSignal<Option<Fault>>,
    /// Whether something is under way that the person has asked for.
    pub(super) busy: RwSignal<bool>,
    /// Whether this phone can be woken.
    pub(super) alerts: RwSignal<Alerts>,
    /// The server's clock.
    pub(super) clock: Clock,
}

impl Phone {
    /// Reads what is kept, and begins to look for requests once the page is alive.
    pub(super) fn new() -> Self {
        let phone = Self {
            accounts: RwSignal::new(None),
            questions: RwSignal::new(Vec::new()),
            answered: RwSignal::new(Vec::new()),
            denied: RwSignal::new(None),
            link: RwSignal::new(None),
            told: RwSignal::new(None),
            fault: RwSignal::new(None),
            busy: RwSignal::new(false),
            alerts: RwSignal::new(Alerts::Unable),
            clock: Clock::new(),
        };
        Effect::new(move || phone.begin());
        phone
    }

    /// What is in the foreground.
    pub(super) fn scene(self) -> Scene {
        let Some(accounts) = self.accounts.get() else {
            return Scene::Loading;
        };
        let open = |question: &Question| !self.answered.read().contains(&question.request.id);
        let asked = self.questions.get().into_iter().find(open);
        match (self.link.get(), self.denied.get(), asked) {
            (Some(_), _, _) => Scene::Link,
            (None, Some((question, as_what)), _) => Scene::Denied(question, as_what),
            (None, None, Some(question)) => Scene::Asked(question),
            (None, None, None) if accounts.is_empty() => Scene::Empty,
            (None, None, None) => Scene::Codes,
        }
    }

    fn begin(self) {
        self.follow();
        // A link that is followed while the app is open loads no page.
        let followed = window_event_listener(leptos::ev::hashchange, move |_| self.follow());
        on_cleanup(move || followed.remove());
        let again = set_interval_with_handle(move || self.look_if_seen(), LOOK);
        if let Ok(timer) = again {
            on_cleanup(move || timer.clear());
        }
        wake::on_call(move || self.look());
        spawn_local(async move {
            if let Some(offset) = keep::word(OFFSET).await.and_then(|word| word.parse().ok()) {
                self.clock.offset.set(offset);
            }
            match keep::accounts().await {
                Ok(accounts) => self.accounts.set(Some(accounts)),
                Err(error) => self.fault.set(Some(failed(error))),
            }
            self.alerts.set(wake::begin(self).await);
            self.looked().await;
        });
    }

    fn follow(self) {
        if let Some(token) = wake::token() {
            self.told.set(None);
            self.link.set(Some(token));
        }
    }

    fn look_if_seen(self) {
        let is_seen = !document().hidden();
        let is_idle = self.questions.read_untracked().is_empty() || self.fault.read_untracked().is_some();
        // A request on the screen is not pulled away while the person types; its end is on the clock.
        if is_seen && is_idle && !self.busy.get_untracked() {
            self.look();
        }
    }

    /// Looks for requests.
    pub(super) fn look(self) {
        spawn_local(self.looked());
    }

    async fn looked(self) {
        let accounts = self.accounts.get_untracked().unwrap_or_default();
        let mut found = Vec::new();
        for kept in accounts {
            match speak::waiting(&kept, self.clock).await {
                Ok(Some(requests)) => {
                    self.fault.set(None);
                    found.extend(requests.into_iter().map(|request| Question {
                        kept: kept.clone(),
                        request,
                    }));
                }
                Ok(None) => self.lost(&kept).await,
                Err(fault) => {
                    self.fault.set(Some(fault));
                    return;
                }
            }
        }
        if *self.questions.read_untracked() != found {
            // What became of the last request is not to be read as a word on this one.
            let is_stale = !found.is_empty() && self.told.get_untracked() != Some(Told::Added);
            if is_stale {
                self.told.set(None);
            }
            self.questions.set(found);
        }
    }

    /// The account has removed this phone: nothing of it is of use any more.
    async fn lost(self, kept: &Kept) {
        if keep::remove(kept.device).await.is_ok() {
            self.told.set(Some(Told::Removed));
            self.left(kept);
        }
    }

    fn left(self, kept: &Kept) {
        self.accounts
            .update(|all| all.iter_mut().for_each(|all| all.retain(|other| other != kept)));
        self.questions
            .update(|all| all.retain(|question| question.kept != *kept));
    }

    /// Adds the account of the link that was followed.
    pub(super) fn add(self) {
        let Some(token) = self.link.get_untracked() else { return };
        self.run(async move {
            let kept = speak::enrol(token, self.clock).await?;
            self.link.set(None);
            self.told.set(Some(match &kept {
                Some(_) => Told::Added,
                None => Told::BadLink,
            }));
            if let Some(kept) = kept {
                self.accounts.update(|all| all.get_or_insert_default().push(kept));
                self.alerts.set(wake::begin(self).await);
                self.looked().await;
            }
            Ok(())
        });
    }

    /// Leaves the link.
    pub(super) fn leave_link(self) {
        self.link.set(None);
    }

    /// The person's word on a request.
    pub(super) fn answer(self, question: Question, verdict: Verdict, number: String) {
        self.run(async move {
            let taken = speak::answer(&question.kept, &question.request, verdict, &number, self.clock).await?;
            self.answered.update(|all| all.push(question.request.id));
            self.denied.set(None);
            match taken {
                Some(Taken::As(answer @ (Answer::Denied | Answer::Wrong))) => self.denied.set(Some((question, answer))),
                Some(Taken::As(answer)) => self.told.set(Some(Told::Ended(answer))),
                Some(Taken::Over) => self.told.set(Some(Told::Over)),
                None => self.lost(&question.kept).await,
            }
            self.looked().await;
            Ok(())
        });
    }

    /// It was the person who denied it, and who had asked.
    pub(super) fn leave_denied(self) {
        if let Some((_, answer)) = self.denied.get_untracked() {
            self.told.set(Some(Told::Ended(answer)));
        }
        self.denied.set(None);
    }

    /// Forgets an account on this phone.
    pub(super) fn forget(self, kept: Kept) {
        self.run(async move {
            // So that the phone is not woken for it any more; without a network the account's page does that.
            drop(speak::subscribe(&kept, &speak::Wakeable::default(), self.clock).await);
            keep::remove(kept.device).await.map_err(failed)?;
            self.left(&kept);
            self.told.set(Some(Told::Forgotten));
            Ok(())
        });
    }

    /// Asks the person whether this phone may be woken.
    pub(super) fn allow_alerts(self) {
        self.run(async move {
            self.alerts.set(wake::ask(self).await);
            Ok(())
        });
    }

    /// Does what the person has asked for; one thing at a time.
    fn run(self, doing: impl Future<Output = Result<(), Fault>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.told.set(None);
        spawn_local(async move {
            let done = doing.await;
            self.fault.set(done.err());
            self.busy.set(false);
        });
    }
}

/// The text of a field, digits of any script as they are: the server reads them.
pub(super) fn number(fields: &Fields) -> String {
    regain_domain::gate::plain_digits(&fields.text("code"))
}
