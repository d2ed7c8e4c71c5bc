//! Signing in and out: a password, for staff a code as well (R50), sessions as rows.

use crate::audit;
use crate::core::{Core, cookie_hash};
use crate::limits::{self, network_bytes, per_network};
use crate::note::{self, Note, Page};
use crate::reset::app_is_right;
use crate::visit::{Keep, Standing, Stepped, Visit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regain_domain::account::{Account as Person, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::Gate;
use regain_domain::gate::plain_digits;
use regain_domain::ids::SessionId;
use regain_domain::limits::{
    Hits, SESSION_IDLE, SESSION_LIFE, SIGN_IN_CODE_LIFE, SIGN_IN_FORGET, STAFF_SESSION_IDLE, STAFF_SESSION_LIFE,
    TOTP_AT_SIGN_IN,
};
use regain_domain::sign_in::{AccountScreen, Verdict, Who, decide, paused_until};
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, accounts, counters, sessions};
use std::sync::Arc;
use uuid::Uuid;

/// The sign-in page's and the home page's service. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    pub(crate) core: Arc<Core>,
}

/// A sign-in that was counted as a failure before anything was compared.
struct Counted {
    key: [u8; 32],
    at: Timestamp,
    is_paused: bool,
}

impl Account {
    /// What the sign-in page or the home page shows. Writes nothing.
    pub async fn look(&self, visit: &Visit) -> anyhow::Result<AccountScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let now = self.core.now();
        match self.alive(&tx, visit, now).await? {
            Some(session) if session.stage == Stage::CodeDue => {
                let note = note::read(&self.core, visit, Page::SignIn).unwrap_or_default();
                Ok(AccountScreen::Code { refusal: note.refusal })
            }
            Some(session) => match accounts::by_id(&tx, session.account).await? {
                Some(person) if !person.is_disabled(now) => Ok(AccountScreen::In(who(&person, &session))),
                _ => Ok(self.form(visit)),
            },
            None => Ok(self.form(visit)),
        }
    }

    /// Name and password.
    pub async fn sign_in(
        &self,
        visit: &Visit,
        user_name: String,
        password: Secret,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let name = match UserName::parse(&user_name, visit.tenant.settings.first_domain()) {
            Ok(name) => name,
            Err(refusal) => return self.stay(visit, &user_name, refusal),
        };
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        let network = self.core.counter("sign-ins", &network_bytes(visit.network));
        if let Err(until) = limits::take_one(&tx, network, &per_network(&self.core), now).await? {
            let refusal = Refusal::TooManyRequests {
                seconds: until.seconds_from(now),
            };
            let stepped = self.stay(visit, &user_name, refusal)?;
            return Ok(Stepped {
                standing: Standing::TooMany,
                ..stepped
            });
        }
        let counted = self.count(&tx, &name, now).await?;
        let person = accounts::by_name(&tx, &name).await?;
        let stored = match &person {
            Some(person) => accounts::password_hash(&tx, person.id).await?,
            None => None,
        };
        tx.commit().await?;
        let Ok(is_right) = self.core.hasher.is_right(password, stored).await? else {
            let stepped = self.stay(visit, &user_name, Refusal::Busy { seconds: 2 })?;
            return Ok(Stepped {
                standing: Standing::Busy,
                ..stepped
            });
        };
        self.decided(visit, &user_name, person.as_ref(), is_right, &counted)
            .await
    }

    async fn decided(
        &self,
        visit: &Visit,
        typed: &str,
        person: Option<&Person>,
        is_right: bool,
        counted: &Counted,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let verdict = decide(person, is_right, counted.is_paused, now);
        let tx = self.core.store.write(visit.tenant.id).await?;
        let entry = match &verdict {
            Verdict::No { refusal, .. } => Entry::failure(Activity::SignIn, refusal.code()),
            Verdict::In => Entry::success(Activity::SignIn, "password"),
            Verdict::CodeNext => Entry::success(Activity::SignIn, "code-due"),
            Verdict::NewPasswordNext => Entry::success(Activity::SignIn, "new-password-due"),
        };
        audit::write(&tx, visit, &entry, None, person.map(|person| person.id), None, now).await?;
        let stepped = match (verdict, person) {
            (Verdict::In, Some(person)) => {
                counters::clear(&tx, counted.key).await?;
                self.open(&tx, visit, person, Stage::SignedIn, now).await?
            }
            (Verdict::CodeNext, Some(person)) => {
                self.give_back(&tx, counted).await?;
                self.open(&tx, visit, person, Stage::CodeDue, now).await?
            }
            (Verdict::NewPasswordNext, Some(person)) => {
                self.give_back(&tx, counted).await?;
                self.new_password_next(visit, person)?
            }
            (Verdict::No { refusal, counts }, _) => {
                if !counts {
                    self.give_back(&tx, counted).await?;
                }
                self.stay(visit, typed, refusal)?
            }
            (_, None) => self.stay(visit, typed, Refusal::SignInFailed)?,
        };
        tx.commit().await?;
        Ok(stepped)
    }

    /// Staff: the app's code, after the password.
    pub async fn sign_in_code(&self, visit: &Visit, code: Secret) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        let session = self
            .alive(&tx, visit, now)
            .await?
            .filter(|session| session.stage == Stage::CodeDue);
        let Some(session) = session else {
            drop(tx);
            return Ok(Stepped {
                standing: Standing::Stale,
                ..Stepped::new(self.look(visit).await?)
            });
        };
        let key = self.core.counter("sign-in-codes", session.account.0.as_bytes());
        let may_try = limits::take_one(&tx, key, &TOTP_AT_SIGN_IN, now).await?;
        tx.commit().await?;
        let tx = self.core.store.write(visit.tenant.id).await?;
        let person = accounts::by_id(&tx, session.account)
            .await?
            .filter(|person| !person.is_disabled(now));
        let typed = Secret::new(plain_digits(code.expose()));
        let is_right = match (&person, may_try) {
            (Some(person), Ok(_)) => self.is_code_of(&tx, visit, person, &typed, now).await?,
            _ => false,
        };
        let result = if is_right { Entry::success } else { Entry::failure };
        audit::write(
            &tx,
            visit,
            &result(Activity::SignIn, "app_code"),
            None,
            Some(session.account),
            None,
            now,
        )
        .await?;
        match (is_right, person) {
            (true, Some(person)) => {
                let cookie = self.cookie();
                if !sessions::promote(&tx, session.id, cookie_hash(&cookie), now.plus(STAFF_SESSION_LIFE), now).await? {
                    return Ok(Stepped {
                        standing: Standing::Stale,
                        ..Stepped::new(self.look(visit).await?)
                    });
                }
                counters::clear(&tx, failures_key(&self.core, &person.user_name)).await?;
                tx.commit().await?;
                let screen = AccountScreen::In(who(
                    &person,
                    &Session {
                        created_at: now,
                        ..session
                    },
                ));
                Ok(Stepped {
                    session: Keep::Set(cookie),
                    is_staff: true,
                    note: Keep::Drop,
                    ..Stepped::new(screen)
                })
            }
            _ => {
                tx.commit().await?;
                self.code_refused(visit, code.is_empty())
            }
        }
    }

    /// Ends the session, and says so to the browser.
    pub async fn sign_out(&self, visit: &Visit) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Some(session) = self.alive(&tx, visit, now).await? {
            sessions::end(&tx, session.id, now).await?;
            let entry = Entry::success(Activity::SignOut, "own");
            audit::write(&tx, visit, &entry, None, Some(session.account), None, now).await?;
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

    async fn is_code_of(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        typed: &Secret,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        for method in person.methods_of(Gate::AppCode, &visit.tenant.settings.domains) {
            if app_is_right(tx, method.id, typed, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The cookie's session, if it is neither over nor idle for too long.
    async fn alive(&self, tx: &Tx, visit: &Visit, now: Timestamp) -> anyhow::Result<Option<Session>> {
        let Some(cookie) = &visit.session else { return Ok(None) };
        let session = sessions::of_cookie(tx, cookie_hash(cookie)).await?;
        Ok(session.filter(|session| {
            let idle = if session.is_staff {
                STAFF_SESSION_IDLE
            } else {
                SESSION_IDLE
            };
            session.expires_at > now && session.seen_at.plus(idle) > now
        }))
    }

    async fn open(
        &self,
        tx: &Tx,
        visit: &Visit,
        person: &Person,
        stage: Stage,
        now: Timestamp,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let cookie = self.cookie();
        let is_staff = person.is_admin();
        let life = match stage {
            Stage::CodeDue => SIGN_IN_CODE_LIFE,
            Stage::SignedIn if is_staff => STAFF_SESSION_LIFE,
            Stage::SignedIn => SESSION_LIFE,
        };
        let session = Session {
            id: SessionId(Uuid::new_v4()),
            account: person.id,
            is_staff,
            stage,
            created_at: now,
            seen_at: now,
            expires_at: now.plus(life),
            network: visit.network.to_string(),
            device: visit.device.clone(),
        };
        sessions::insert(tx, &session, cookie_hash(&cookie)).await?;
        let screen = match stage {
            Stage::CodeDue => AccountScreen::Code { refusal: None },
            Stage::SignedIn => AccountScreen::In(who(person, &session)),
        };
        Ok(Stepped {
            session: Keep::Set(cookie),
            is_staff,
            note: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    async fn count(&self, tx: &Tx, name: &UserName, now: Timestamp) -> anyhow::Result<Counted> {
        let key = failures_key(&self.core, name);
        let mut failures: Hits = counters::take(tx, key).await?;
        let is_paused = paused_until(&failures, now).is_some();
        if !is_paused {
            failures.retain(|hit| *hit > now.minus(SIGN_IN_FORGET));
            failures.push(now);
        }
        counters::put(tx, key, &failures, now.plus(SIGN_IN_FORGET)).await?;
        Ok(Counted {
            key,
            at: now,
            is_paused,
        })
    }

    async fn give_back(&self, tx: &Tx, counted: &Counted) -> anyhow::Result<()> {
        let mut failures = counters::take(tx, counted.key).await?;
        if let (Some(position), false) = (failures.iter().rposition(|hit| *hit == counted.at), counted.is_paused) {
            failures.remove(position);
        }
        Ok(counters::put(tx, counted.key, &failures, counted.at.plus(SIGN_IN_FORGET)).await?)
    }

    fn form(&self, visit: &Visit) -> AccountScreen {
        let note = note::read(&self.core, visit, Page::SignIn).unwrap_or_default();
        match note.is_new_password_next {
            true => AccountScreen::NewPasswordNext {
                user_name: note.user_name,
            },
            false => AccountScreen::SignIn {
                user_name: note.user_name,
                refusal: note.refusal,
                help: visit.tenant.settings.brand.help.clone(),
            },
        }
    }

    fn stay(&self, visit: &Visit, typed: &str, refusal: Refusal) -> anyhow::Result<Stepped<AccountScreen>> {
        let user_name: String = typed.chars().take(200).collect();
        let note = self.note(Some(refusal.clone()), user_name.clone(), false);
        let help = visit.tenant.settings.brand.help.clone();
        let screen = AccountScreen::SignIn {
            user_name,
            refusal: Some(refusal),
            help,
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen)
        })
    }

    fn code_refused(&self, visit: &Visit, is_missing: bool) -> anyhow::Result<Stepped<AccountScreen>> {
        let refusal = if is_missing {
            Refusal::CodeMissing
        } else {
            Refusal::SignInFailed
        };
        let note = self.note(Some(refusal.clone()), String::new(), false);
        let screen = AccountScreen::Code { refusal: Some(refusal) };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen)
        })
    }

    fn new_password_next(&self, visit: &Visit, person: &Person) -> anyhow::Result<Stepped<AccountScreen>> {
        let user_name = person.user_name.as_str().to_owned();
        let note = self.note(None, user_name.clone(), true);
        let screen = AccountScreen::NewPasswordNext { user_name };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen)
        })
    }

    fn note(&self, refusal: Option<Refusal>, user_name: String, is_new_password_next: bool) -> Note {
        Note {
            page: Page::SignIn,
            refusal,
            user_name,
            wait: None,
            is_new_password_next,
            at: self.core.now(),
        }
    }

    fn cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(crate::dice::bytes::<32>(&mut self.core.dice()))
    }
}

/// The counter of wrong passwords for a name, known or not (R18).
pub(crate) fn failures_key(core: &Core, name: &UserName) -> [u8; 32] {
    core.counter("sign-in", name.as_str().as_bytes())
}

fn who(person: &Person, session: &Session) -> Who {
    Who {
        user_name: person.user_name.as_str().to_owned(),
        display_name: person.display_name(),
        roles: person.roles.clone(),
        password_changed_at: person.password_changed_at,
        signed_in_at: session.created_at,
    }
}
