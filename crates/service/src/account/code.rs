//! Staff: the code of their app, after the password (R50).

use super::{Account, life, stage_after};
use crate::again::again;
use crate::audit;
use crate::core::cookie_hash;
use crate::limits;
use crate::reset::app_is_right;
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::{Gate, plain_digits};
use regain_domain::limits::TOTP_AT_SIGN_IN;
use regain_domain::sign_in::{AccountScreen, shown};
use regain_domain::{Secret, Timestamp};
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, accounts, sessions};

impl Account {
    /// Staff: the app's code, after the password.
    pub async fn sign_in_code(&self, visit: &Visit, code: Secret) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        let pending = self.alive(&tx, visit, now).await?;
        let Some(session) = pending.filter(|session| session.stage == Stage::CodeDue) else {
            drop(tx);
            return self.stale(visit).await;
        };
        let key = self.core.counter("sign-in-codes", session.account.0.as_bytes());
        let may_try = limits::take_one(&self.core, &tx, key, &TOTP_AT_SIGN_IN).await?.is_ok();
        tx.commit().await?;
        let typed = Secret::new(plain_digits(code.expose()));
        let id = session.id;
        match again(|| self.entered(visit, &session, &typed, may_try)).await? {
            Some(stepped) => Ok(stepped),
            None => self.code_refused(visit, id, code.is_empty()).await,
        }
    }

    /// Spends the code and opens the session, in one transaction; nothing if the code is not right.
    async fn entered(
        &self,
        visit: &Visit,
        session: &Session,
        typed: &Secret,
        may_try: bool,
    ) -> anyhow::Result<Option<Stepped<AccountScreen>>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        accounts::hold(&tx, session.account).await?;
        let found = accounts::by_id(&tx, session.account).await?;
        let person = found.as_ref().filter(|person| may_try && !person.is_disabled(now));
        let is_right = match person {
            Some(person) => self.is_code_of(&tx, visit, person, typed, now).await?,
            None => false,
        };
        let entry = if is_right { Entry::success } else { Entry::failure };
        let entry = entry(Activity::SignIn, "app_code");
        audit::write(&tx, visit, &entry, found.as_ref(), Some(session.account), None, now).await?;
        let Some(person) = person.filter(|_| is_right) else {
            tx.commit().await?;
            return Ok(None);
        };
        self.promoted(tx, visit, session, person).await.map(Some)
    }

    /// The second factor is right as well: signed in, under a new cookie.
    pub(super) async fn promoted(
        &self,
        tx: Tx,
        visit: &Visit,
        session: &Session,
        person: &Person,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let (cookie, now) = (self.core.cookie(), self.core.now());
        let stage = stage_after(&shown(person, &visit.tenant.settings.password, now));
        let (stages, expires_at) = ((Stage::CodeDue, stage), now.plus(life(stage, session.is_staff)));
        if !sessions::promote(&tx, session, stages, cookie_hash(&cookie), expires_at, now).await? {
            drop(tx);
            return self.stale(visit).await;
        }
        let mark = self.known_here(&tx, visit, person).await?;
        let session = Session {
            created_at: now,
            ..session.clone()
        };
        let screen = match stage {
            Stage::PasswordDue => AccountScreen::NewPasswordNext,
            Stage::CodeDue | Stage::SignedIn => self.let_in(&tx, visit, person, &session, now).await?,
        };
        tx.commit().await?;
        Ok(Stepped {
            session: Keep::Set(cookie),
            is_staff: true,
            note: Keep::Drop,
            mark,
            ..Stepped::new(screen)
        })
    }

    pub(super) async fn stale(&self, visit: &Visit) -> anyhow::Result<Stepped<AccountScreen>> {
        Ok(Stepped {
            standing: Standing::Stale,
            ..Stepped::new(self.look(visit).await?)
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
}
