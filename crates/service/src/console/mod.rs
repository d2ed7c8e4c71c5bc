//! Administration: who is let in, the pages of the policy, which are drawn, changed and saved, and people and groups.

mod doctor;
mod groups;
mod import;
pub(crate) mod kiosks;
pub(crate) mod newcomer;
mod one_time_pass;
mod people;
mod person;
mod policy;
mod rollout;
mod view;

pub(crate) use doctor::found;

use crate::account::Account;
use crate::audit;
use crate::core::{Core, cookie_hash};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::AccountId;
use regain_domain::role::Act;
use regain_domain::staff::{Guarded, Reader};
use regain_domain::{Refusal, Secret};
use regain_store::Tx;
use regain_store::sessions::{self, Session};
use std::sync::Arc;

/// The console's service. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    pub(crate) core: Arc<Core>,
    pub(crate) account: Account,
}

/// Who asks, and may not.
enum Outside {
    /// Nobody who holds a role.
    Nobody,
    /// A role, but none that allows it (R51).
    Forbidden(Reader),
}

impl<T> From<Outside> for Guarded<T> {
    fn from(outside: Outside) -> Self {
        match outside {
            Outside::Nobody => Self::SignedOut,
            Outside::Forbidden(reader) => Self::Forbidden(reader),
        }
    }
}

/// A staff member who is signed in.
struct Staff {
    session: Session,
    person: Person,
}

impl Staff {
    fn reader(&self) -> Reader {
        Reader {
            name: self.person.display_name(),
            user_name: self.person.user_name.as_str().to_owned(),
            roles: self.person.roles.clone(),
        }
    }
}

impl Console {
    /// Who asks, by the rows as they are now, and whether they may: deny by default (R51).
    async fn caller(&self, tx: &Tx, visit: &Visit, act: Act) -> anyhow::Result<Result<Box<Staff>, Outside>> {
        let found = self.account.signed_in(tx, visit, self.core.now()).await?;
        let Some((session, person)) = found.filter(|(_, person)| person.is_admin()) else {
            return Ok(Err(Outside::Nobody));
        };
        let staff = Box::new(Staff { session, person });
        Ok(match act.is_allowed(&staff.person.roles) {
            true => Ok(staff),
            false => Err(Outside::Forbidden(staff.reader())),
        })
    }

    /// A post's transaction, and who posts, where they may. There is none for anybody else: what is to be said of them is
    /// written in one of its own.
    async fn enter(&self, visit: &Visit, act: Act) -> anyhow::Result<Result<(Tx, Box<Staff>), Outside>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        self.admit(tx, visit, act).await
    }

    /// The same, in a transaction that only reads.
    async fn enter_reading(&self, visit: &Visit, act: Act) -> anyhow::Result<Result<(Tx, Box<Staff>), Outside>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        self.admit(tx, visit, act).await
    }

    async fn admit(&self, tx: Tx, visit: &Visit, act: Act) -> anyhow::Result<Result<(Tx, Box<Staff>), Outside>> {
        let caller = self.caller(&tx, visit, act).await?;
        Ok(caller.map(|staff| (tx, staff)))
    }

    /// A post of somebody who may not: the audit is told, and the page says so.
    async fn shut_out<T>(&self, visit: &Visit, outside: Outside) -> anyhow::Result<Stepped<Guarded<T>>> {
        self.account.refuse_access(visit).await?;
        Ok(Stepped {
            standing: Standing::Stale,
            ..Stepped::new(outside.into())
        })
    }

    /// Whether the password that came with a post is the staff member's own (R50). A wrong one is told to the audit, of nobody in
    /// particular: whoever typed did not show to be it.
    async fn proved(&self, visit: &Visit, staff: &Staff, password: &Secret) -> anyhow::Result<Result<(), Refusal>> {
        let refusal = match self.account.is_password_of(visit, &staff.person, password).await? {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => Refusal::PasswordWrong,
            Err(refusal) => refusal,
        };
        let (tx, now) = (self.core.store.write(visit.tenant.id).await?, self.core.now());
        let entry = Entry::failure(Activity::Reauthenticated, refusal.code());
        audit::write(&tx, visit, &entry, None, Some(staff.person.id), None, now).await?;
        tx.commit().await?;
        Ok(Err(refusal))
    }

    /// Gives the session another cookie, since the password was typed (R41); nothing if it is over.
    async fn renewed(&self, tx: &Tx, staff: &Staff) -> anyhow::Result<Option<Keep>> {
        let cookie = self.core.cookie();
        let is_there = sessions::renew(tx, staff.session.id, cookie_hash(&cookie), self.core.now()).await?;
        Ok(is_there.then_some(Keep::Set(cookie)))
    }

    /// An entry of what a staff member did; it is use of the session as well.
    async fn told(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        subject: Option<AccountId>,
        (activity, what): (Activity, &str),
    ) -> anyhow::Result<()> {
        let now = self.core.now();
        sessions::touch(tx, staff.session.id, now).await?;
        let entry = Entry::success(activity, what);
        audit::write(tx, visit, &entry, Some(&staff.person), subject, None, now).await
    }
}
