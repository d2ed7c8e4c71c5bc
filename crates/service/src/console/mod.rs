//! Administration: who is let in, and the pages of the policy: drawn, changed, saved.

mod doctor;
mod policy;
mod view;

pub(crate) use doctor::found;

use crate::account::Account;
use crate::core::Core;
use crate::visit::Visit;
use regain_domain::account::Account as Person;
use regain_domain::policy::page::Reader;
use regain_domain::role::Act;
use regain_store::Tx;
use regain_store::sessions::Session;
use std::sync::Arc;

/// The console's service. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    pub(crate) core: Arc<Core>,
    pub(crate) account: Account,
}

/// Who asks, by the rows as they are now.
enum Caller {
    /// Nobody who holds a role.
    Nobody,
    /// A role, but none that allows it (R51).
    Forbidden(Reader),
    /// Whoever may.
    Allowed(Box<Staff>),
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
    /// Who asks, and whether they may: deny by default (R51).
    async fn caller(&self, tx: &Tx, visit: &Visit, act: Act) -> anyhow::Result<Caller> {
        let found = self.account.signed_in(tx, visit, self.core.now()).await?;
        let Some((session, person)) = found.filter(|(_, person)| person.is_admin()) else {
            return Ok(Caller::Nobody);
        };
        let staff = Box::new(Staff { session, person });
        Ok(match act.is_allowed(&staff.person.roles) {
            true => Caller::Allowed(staff),
            false => Caller::Forbidden(staff.reader()),
        })
    }
}
