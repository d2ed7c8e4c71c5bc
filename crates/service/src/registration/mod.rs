//! One's own methods: whoever is signed in proves anew who it is, and may then add, name and remove them (R53).

mod change;
mod confirm;
mod enrol;
mod gather;
mod interrupt;
mod picture;
mod proof;
mod questions;
mod send;
mod write;

pub(crate) use picture::{app_key, picture};

use crate::account::{Account, due};
use crate::core::Core;
use crate::note::{self, Note, Page};
use crate::reset::Reset;
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::account::Account as Person;
use regain_domain::flow::{Purpose, Screen, Step};
use regain_domain::limits::FRESH_PROOF;
use regain_domain::registration::{Said, SecurityScreen, is_fresh, overview};
use regain_domain::{Refusal, Timestamp};
use regain_store::sessions::Session;
use regain_store::{Tx, accounts, enrolments, methods};
use std::sync::Arc;

/// The service of `/security-info`. Cheap to clone.
#[derive(Clone)]
pub struct Registration {
    pub(crate) core: Arc<Core>,
    pub(crate) account: Account,
    pub(crate) reset: Reset,
}

/// Who is signed in, read in the transaction that acts on it.
struct Entitled {
    tx: Tx,
    session: Session,
    person: Person,
}

impl Registration {
    /// What the page shows. Writes nothing (R42).
    pub async fn look(&self, visit: &Visit) -> anyhow::Result<SecurityScreen> {
        match self.seen(visit).await? {
            Some(Entitled { tx, session, person }) => self.shown(tx, visit, &session, &person).await,
            None => Ok(SecurityScreen::SignedOut),
        }
    }

    /// Whoever is signed in, in a transaction that only reads and holds nothing: what follows decides anew.
    async fn seen(&self, visit: &Visit) -> anyhow::Result<Option<Entitled>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let found = self.account.signed_in(&tx, visit, self.core.now()).await?;
        Ok(found.map(|(session, person)| Entitled { tx, session, person }))
    }

    async fn shown(&self, tx: Tx, visit: &Visit, session: &Session, person: &Person) -> anyhow::Result<SecurityScreen> {
        let now = self.core.now();
        let note = note::read(&self.core, visit, Page::SecurityInfo).unwrap_or_default();
        let pending = enrolments::of_session(&tx, session.id).await?;
        if let Some(pending) = pending.filter(|pending| !pending.is_over(now)) {
            return self.enrolling(&tx, visit, person, &pending).await;
        }
        if is_entitled(session, now) {
            return self.methods(&tx, visit, session, person, &note).await;
        }
        drop(tx);
        match self.reset.drawn(&proving(visit)).await? {
            Some(screen) => Ok(self.proof_screen(visit, session, person, screen)),
            None => Ok(self.confirm_screen(visit, session, person, note.refusal)),
        }
    }

    /// All methods of the person.
    async fn methods(
        &self,
        tx: &Tx,
        visit: &Visit,
        session: &Session,
        person: &Person,
        note: &Note,
    ) -> anyhow::Result<SecurityScreen> {
        let records = methods::records(tx, person.id).await?;
        let until = session.proved.map_or(self.core.now(), |(at, _)| at.plus(FRESH_PROOF));
        let seconds_left = until.seconds_from(self.core.now());
        let mut overview = overview(person, &records, &visit.tenant.settings, seconds_left);
        overview.due = due(visit, person, session, self.core.now());
        overview.password_ends_at = person.password_ends_soon(&visit.tenant.settings.password, self.core.now());
        overview.said = note.said;
        overview.refusal.clone_from(&note.refusal);
        Ok(SecurityScreen::Methods(overview))
    }

    /// The proof with a registered method; once that flow is over, the beginning again.
    fn proof_screen(&self, visit: &Visit, session: &Session, person: &Person, screen: Screen) -> SecurityScreen {
        match screen.step {
            Step::Choose { .. } | Step::Prove { .. } => {
                SecurityScreen::Prove(screen, due(visit, person, session, self.core.now()))
            }
            Step::Stopped(refusal) => self.confirm_screen(visit, session, person, Some(refusal)),
            Step::Identify { .. } | Step::Password { .. } | Step::Done(_) => {
                self.confirm_screen(visit, session, person, None)
            }
        }
    }

    fn confirm_screen(
        &self,
        visit: &Visit,
        session: &Session,
        person: &Person,
        refusal: Option<Refusal>,
    ) -> SecurityScreen {
        let now = self.core.now();
        SecurityScreen::Confirm {
            user_name: person.user_name.as_str().to_owned(),
            wants_password: !is_fresh(session.password_at, now),
            due: due(visit, person, session, now),
            refusal,
        }
    }

    /// Whoever is signed in and has proved it anew just now, in a transaction that may write.
    async fn entitled(&self, visit: &Visit) -> anyhow::Result<Option<Entitled>> {
        let found = self.signed_in(visit).await?;
        Ok(found.filter(|found| is_entitled(&found.session, self.core.now())))
    }

    /// Whoever is signed in, in a transaction that may write.
    async fn signed_in(&self, visit: &Visit) -> anyhow::Result<Option<Entitled>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        // Held before anything else, and read once more then: of two who change one person's methods, or reset the password
        // meanwhile, the second sees what the first did (R05, R53).
        if let Some((session, _)) = self.account.signed_in(&tx, visit, self.core.now()).await? {
            accounts::hold(&tx, session.account).await?;
        }
        let found = self.account.signed_in(&tx, visit, self.core.now()).await?;
        Ok(found.map(|(session, person)| Entitled { tx, session, person }))
    }

    /// The post came too late, or without the fresh proof that it takes: the page as it stands (409).
    async fn stale(&self, visit: &Visit) -> anyhow::Result<Stepped<SecurityScreen>> {
        Ok(Stepped {
            standing: Standing::Stale,
            ..Stepped::new(self.look(visit).await?)
        })
    }

    /// The page as it is after a post, with a word on how that went; the note carries it to a page without scripts.
    async fn told(&self, visit: &Visit, word: Word) -> anyhow::Result<Stepped<SecurityScreen>> {
        let (refusal, said) = match word {
            Word::Nothing => (None, None),
            Word::Refused(refusal) => (Some(refusal), None),
            Word::Said(said) => (None, Some(said)),
        };
        let keep = if refusal.is_none() && said.is_none() {
            Keep::Drop
        } else {
            let note = Note {
                page: Page::SecurityInfo,
                refusal,
                said,
                at: self.core.now(),
                ..Note::default()
            };
            Keep::Set(note::write(&self.core, visit, &note)?)
        };
        let screen = self.look(&visit.with_kept_note(&keep)).await?;
        Ok(Stepped {
            note: keep,
            ..Stepped::new(screen)
        })
    }
}

/// What a page says of the post before it.
enum Word {
    Nothing,
    Refused(Refusal),
    Said(Said),
}

/// Whether the session has proved anew who it is, for this and nothing else, and not long ago (R08, R53).
fn is_entitled(session: &Session, now: Timestamp) -> bool {
    session
        .proved
        .is_some_and(|(at, purpose)| purpose == Purpose::Register && is_fresh(Some(at), now))
}

/// The visit as the flow of the fresh proof sees it: bound to the session instead of a cookie of its own.
///
/// No browser can send this value in a cookie, since a cookie holds no line break (RFC 6265 §4.1.1).
fn proving(visit: &Visit) -> Visit {
    Visit {
        flow: visit.session.as_ref().map(|cookie| format!("register\n{cookie}")),
        ..visit.clone()
    }
}
