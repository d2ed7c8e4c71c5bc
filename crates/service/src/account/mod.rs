//! Signing in and out: a password, for staff a code or a passkey as well (R50), or a passkey alone; sessions as rows.

mod asked;
mod change;
mod code;
mod failures;
mod open;
mod page;
mod passkey;
mod password;
mod staff;

use crate::core::{Core, cookie_hash};
use crate::note::{self, Page};
use crate::visit::{Keep, Stepped, Visit};
use crate::{audit, passkey as keys};
pub(crate) use asked::{due, note_asked};
pub use change::Change;
pub(crate) use failures::{forget, is_paused};
use regain_domain::Timestamp;
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::SessionId;
use regain_domain::limits::{NEW_PASSWORD_LIFE, SESSION_LIFE, SESSION_NOTED, SIGN_IN_CODE_LIFE, STAFF_SESSION_LIFE};
use regain_domain::sign_in::{AccountScreen, Verdict, Who};
use regain_store::ceremonies::Owner;
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, accounts, sessions};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// What a session begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
}

/// The sign-in page's and the home page's service. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    pub(crate) core: Arc<Core>,
}

impl Account {
    /// What the sign-in page or the home page shows. Writes nothing, unless a page posts it: then the session is in use.
    pub async fn look(&self, visit: &Visit) -> anyhow::Result<AccountScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let now = self.core.now();
        let Some(session) = self.alive(&tx, visit, now).await? else {
            return self.nobodys_page(&tx, visit).await;
        };
        if session.stage == Stage::CodeDue {
            let note = note::read(&self.core, visit, Page::SignIn).unwrap_or_default();
            let passkey = keys::options(&tx, Owner::Session(session.id), now).await?;
            return Ok(AccountScreen::Code {
                passkey,
                refusal: note.refusal,
            });
        }
        let person = accounts::by_id(&tx, session.account).await?;
        let sessions = open::listed(&tx, &session, now).await?;
        drop(tx);
        match person {
            Some(person) if is_in(&session, &person, now) && session.stage == Stage::PasswordDue => {
                Ok(AccountScreen::NewPasswordNext)
            }
            Some(person) if is_in(&session, &person, now) => {
                self.note_use(visit, &session, now).await?;
                let note = note::read(&self.core, visit, Page::Home).unwrap_or_default();
                Ok(AccountScreen::In(Who {
                    sessions,
                    said: note.done,
                    ..who(visit, &person, &session, now)
                }))
            }
            _ => Ok(self.form(visit)),
        }
    }

    /// Whoever is signed in, and the session.
    pub(crate) async fn signed_in(
        &self,
        tx: &Tx,
        visit: &Visit,
        now: Timestamp,
    ) -> anyhow::Result<Option<(Session, Person)>> {
        let session = self.alive(tx, visit, now).await?;
        let Some(session) = session.filter(|session| session.stage == Stage::SignedIn) else {
            return Ok(None);
        };
        let person = accounts::by_id(tx, session.account).await?;
        Ok(person
            .filter(|person| is_in(&session, person, now))
            .map(|person| (session, person)))
    }

    /// Notes that a session is in use: at posts that belong to it, at most once a minute.
    async fn note_use(&self, visit: &Visit, session: &Session, now: Timestamp) -> anyhow::Result<()> {
        if !visit.is_posted || now.since(session.seen_at) < SESSION_NOTED {
            return Ok(());
        }
        let tx = self.core.store.write(visit.tenant.id).await?;
        sessions::touch(&tx, session.id, now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the session, and says so to the browser.
    pub async fn sign_out(&self, visit: &Visit) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Some(session) = self.alive(&tx, visit, now).await? {
            sessions::end(&tx, session.id, now).await?;
            let entry = Entry::success(Activity::SignOut, "own");
            let person = accounts::by_id(&tx, session.account).await?;
            audit::write(&tx, visit, &entry, person.as_ref(), Some(session.account), None, now).await?;
        }
        tx.commit().await?;
        let screen = AccountScreen::SignIn {
            user_name: String::new(),
            refusal: None,
            help: visit.tenant.settings.brand.help.clone(),
        };
        Ok(Stepped {
            session: Keep::Drop,
            note: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    /// The cookie's session, if it is neither over nor idle for too long.
    async fn alive(&self, tx: &Tx, visit: &Visit, now: Timestamp) -> anyhow::Result<Option<Session>> {
        let Some(cookie) = &visit.session else { return Ok(None) };
        let session = sessions::of_cookie(tx, cookie_hash(cookie)).await?;
        Ok(session.filter(|session| session.is_alive(now)))
    }

    /// The form, or the question that was put to this browser.
    async fn nobodys_page(&self, tx: &Tx, visit: &Visit) -> anyhow::Result<AccountScreen> {
        let asked = match &visit.session {
            Some(cookie) => keys::options(tx, Owner::Browser(cookie_hash(cookie)), self.core.now()).await?,
            None => None,
        };
        Ok(match asked {
            Some(options) => AccountScreen::Passkey { options, refusal: None },
            None => self.form(visit),
        })
    }

    async fn open(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        (by, stage): (By, Stage),
        now: Timestamp,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let cookie = self.core.cookie();
        let is_staff = person.is_admin();
        let session = Session {
            id: SessionId(Uuid::new_v4()),
            account: person.id,
            is_staff,
            stage,
            created_at: now,
            seen_at: now,
            expires_at: now.plus(life(stage, is_staff)),
            network: visit.network.to_string(),
            device: visit.device.clone(),
            proved: None,
            password_at: (by != By::Passkey).then_some(now),
        };
        sessions::insert(tx, &session, cookie_hash(&cookie)).await?;
        let mark = match stage {
            Stage::CodeDue => Keep::AsIs,
            Stage::PasswordDue | Stage::SignedIn => self.known_here(tx, visit, person).await?,
        };
        let screen = match stage {
            Stage::CodeDue => AccountScreen::Code {
                passkey: self.ask_second(tx, visit, person, &session).await?,
                refusal: None,
            },
            Stage::PasswordDue => AccountScreen::NewPasswordNext,
            Stage::SignedIn => self.let_in(tx, visit, person, &session, now).await?,
        };
        Ok(Stepped {
            session: Keep::Set(cookie),
            is_staff,
            note: Keep::Drop,
            mark,
            ..Stepped::new(screen)
        })
    }

    /// The page of somebody who is signed in from now on.
    async fn let_in(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        session: &Session,
        now: Timestamp,
    ) -> anyhow::Result<AccountScreen> {
        note_asked(tx, visit, person, now).await?;
        Ok(AccountScreen::In(who(visit, person, session, now)))
    }

    /// Everything that is asked for at sign-in was right: this browser is known from now on (`domain.md` §10).
    async fn known_here(&self, tx: &Tx, visit: &Visit, person: &Person) -> anyhow::Result<Keep> {
        let mark = visit.mark.clone().unwrap_or_else(|| self.core.cookie());
        failures::succeeded(&self.core, tx, visit, &mark, &person.user_name).await?;
        Ok(Keep::Set(mark))
    }
}

/// Whether a session is worth anything for this person now: one that began without the app's code is none for somebody who
/// has a role by now (R50).
fn is_in(session: &Session, person: &Person, now: Timestamp) -> bool {
    !person.is_disabled(now) && (session.is_staff || !person.is_admin())
}

/// How long a session lasts that is so far.
fn life(stage: Stage, is_staff: bool) -> Duration {
    match stage {
        Stage::CodeDue => SIGN_IN_CODE_LIFE,
        Stage::PasswordDue => NEW_PASSWORD_LIFE,
        Stage::SignedIn if is_staff => STAFF_SESSION_LIFE,
        Stage::SignedIn => SESSION_LIFE,
    }
}

/// How far a sign-in is by which everything was shown that is asked for.
fn stage_after(verdict: &Verdict) -> Stage {
    match verdict {
        Verdict::NewPasswordNext => Stage::PasswordDue,
        _ => Stage::SignedIn,
    }
}

fn who(visit: &Visit, person: &Person, session: &Session, now: Timestamp) -> Who {
    Who {
        user_name: person.user_name.as_str().to_owned(),
        display_name: person.display_name(),
        roles: person.roles.clone(),
        password_changed_at: person.password_changed_at,
        password_ends_at: person.password_ends_soon(&visit.tenant.settings.password, now),
        signed_in_at: session.created_at,
        sessions: Vec::new(),
        said: None,
        is_asked: due(visit, person, session, now).is_some(),
    }
}
