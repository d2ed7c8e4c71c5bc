//! Name and password: counted as a failure before anything is compared, and given back if it was none (R18).

use super::failures::{self, Counted};
use super::{Account, By};
use crate::again::again;
use crate::visit::{Keep, Standing, Stepped, Visit};
use crate::{audit, hash};
use regain_domain::account::{Account as Person, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::AccountId;
use regain_domain::password::normal_form;
use regain_domain::sign_in::{AccountScreen, Verdict, decide};
use regain_domain::{Refusal, Secret};
use regain_store::sessions::Stage;
use regain_store::{Tx, accounts};

impl Account {
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
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Err(seconds) = self.take_from_network(&tx, visit).await? {
            return self.too_many(visit, tx, &user_name, seconds).await;
        }
        let counted = failures::count(&self.core, &tx, visit, &name, &password).await?;
        let person = accounts::by_name(&tx, &name).await?;
        let stored = match &person {
            Some(person) => accounts::password_hash(&tx, person.id).await?,
            None => None,
        };
        tx.commit().await?;
        let typed = normal_form(&password);
        let Ok(is_right) = self.core.hasher.is_right(typed, stored.clone()).await? else {
            // Nothing was compared, so nothing counts.
            let tx = self.core.store.write(visit.tenant.id).await?;
            failures::give_back(&tx, &counted).await?;
            tx.commit().await?;
            let stepped = self.stay(visit, &user_name, Refusal::Busy { seconds: 2 })?;
            return Ok(Stepped {
                standing: Standing::Busy,
                ..stepped
            });
        };
        let stepped = again(|| self.decided(visit, &user_name, person.as_ref(), is_right, &counted)).await?;
        if let (Keep::Set(_), Some(person), Some(stored)) = (&stepped.session, person, stored) {
            self.renew_hash(visit, person.id, &password, &stored).await;
        }
        Ok(stepped)
    }

    /// The network has to wait; the first time within a while the audit is told.
    pub(super) async fn too_many(
        &self,
        visit: &Visit,
        tx: Tx,
        typed: &str,
        seconds: u32,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let entry = Entry::failure(Activity::NetworkSlowed, "sign-in");
        if audit::write_first(&self.core, &tx, visit, &entry).await? {
            tx.commit().await?;
        }
        let stepped = self.stay(visit, typed, Refusal::TooManyRequests { seconds })?;
        Ok(Stepped {
            standing: Standing::TooMany,
            ..stepped
        })
    }

    /// Hashes the password of somebody who has just signed in anew, if the stored hash is not of the present kind (R28).
    ///
    /// The answer is decided and committed by now, so that nobody else's is later for it; and it waits for this, since the
    /// password must not outlive its request in a queue (R29). What goes wrong is left to the next sign-in.
    async fn renew_hash(&self, visit: &Visit, id: AccountId, password: &Secret, stored: &str) {
        if hash::is_present_kind(stored) {
            return;
        }
        if let Err(error) = self.hash_anew(visit, id, password, stored).await {
            let error = format!("{error:#}");
            tracing::error!(
                error,
                "a password's hash could not be renewed; the next sign-in tries again"
            );
        }
    }

    async fn hash_anew(&self, visit: &Visit, id: AccountId, password: &Secret, stored: &str) -> anyhow::Result<()> {
        let salt = crate::dice::bytes(&mut self.core.dice());
        let hashed = self.core.hasher.hash(normal_form(password), salt).await?;
        let Ok(renewed) = hashed else { return Ok(()) };
        let tx = self.core.store.write(visit.tenant.id).await?;
        accounts::renew_hash(&tx, id, stored, &renewed).await?;
        Ok(tx.commit().await?)
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
        let tx = self.core.store.write(visit.tenant.id).await?;
        // Comparing took a while: a password that was changed meanwhile opens nothing (R57), and roles count as they are now.
        let live = match person {
            Some(person) if is_right => {
                accounts::hold(&tx, person.id).await?;
                accounts::by_id(&tx, person.id).await?
            }
            _ => None,
        };
        let set_at = |person: &Person| person.password_changed_at;
        let is_right = live.is_some() && live.as_ref().map(set_at) == person.map(set_at);
        let person = live.as_ref().or(person);
        let policy = &visit.tenant.settings.password;
        let verdict = decide(person, is_right, counted.is_paused, policy, now);
        let entry = match &verdict {
            Verdict::No { refusal, .. } => Entry::failure(Activity::SignIn, refusal.code()),
            Verdict::In => Entry::success(Activity::SignIn, "password"),
            Verdict::CodeNext => Entry::success(Activity::SignIn, "code-due"),
            Verdict::NewPasswordNext => Entry::success(Activity::SignIn, "new-password-due"),
        };
        let (actor, subject) = (person.filter(|_| is_right), person.map(|person| person.id));
        audit::write(&tx, visit, &entry, actor, subject, None, now).await?;
        let stepped = match (verdict, person) {
            (Verdict::In, Some(person)) => {
                self.open(&tx, visit, person, (By::Password, Stage::SignedIn), now)
                    .await?
            }
            (Verdict::CodeNext, Some(person)) => {
                failures::give_back(&tx, counted).await?;
                self.open(&tx, visit, person, (By::Password, Stage::CodeDue), now)
                    .await?
            }
            (Verdict::NewPasswordNext, Some(person)) => {
                self.open(&tx, visit, person, (By::Password, Stage::PasswordDue), now)
                    .await?
            }
            (Verdict::No { refusal, counts }, _) => {
                match counts {
                    true => failures::settle(&tx, counted).await?,
                    false => failures::give_back(&tx, counted).await?,
                }
                self.stay(visit, typed, refusal)?
            }
            (_, None) => self.stay(visit, typed, Refusal::SignInFailed)?,
        };
        tx.commit().await?;
        Ok(stepped)
    }

    /// Whether somebody who is signed in has typed their own password, counted as a sign-in is (R18).
    pub(crate) async fn is_password_of(
        &self,
        visit: &Visit,
        person: &Person,
        typed: &Secret,
    ) -> anyhow::Result<Result<bool, Refusal>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let counted = failures::count(&self.core, &tx, visit, &person.user_name, typed).await?;
        let stored = accounts::password_hash(&tx, person.id).await?;
        tx.commit().await?;
        if counted.is_paused {
            return Ok(Err(Refusal::SignInPaused));
        }
        let compared = self.core.hasher.is_right(normal_form(typed), stored).await?;
        let tx = self.core.store.write(visit.tenant.id).await?;
        match compared {
            Ok(false) => failures::settle(&tx, &counted).await?,
            _ => failures::give_back(&tx, &counted).await?,
        }
        tx.commit().await?;
        Ok(compared.map_err(|_| Refusal::Busy { seconds: 2 }))
    }
}
