//! Who may see the console, and what becomes of those who may not (R50, R54).

use super::Account;
use crate::audit;
use crate::visit::Visit;
use regain_domain::audit::{Activity, Entry};
use regain_domain::sign_in::{AccountScreen, Who};
use regain_store::accounts;

impl Account {
    /// The staff member who is signed in. Somebody without a role is nobody here, and that it was tried is told.
    pub async fn look_staff(&self, visit: &Visit) -> anyhow::Result<Option<Who>> {
        match self.look(visit).await? {
            AccountScreen::In(who) if !who.roles.is_empty() => Ok(Some(who)),
            AccountScreen::In(_) => {
                self.refuse_access(visit).await?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// A post tells the audit, once within a while for each account; a page, which writes nothing, the log alone (R42).
    pub(crate) async fn refuse_access(&self, visit: &Visit) -> anyhow::Result<()> {
        tracing::warn!(request.id = visit.request_id, tenant = %visit.tenant.id, "the console was refused: no role that covers it");
        if !visit.is_posted {
            return Ok(());
        }
        let (core, now) = (&self.core, self.core.now());
        let tx = core.store.write(visit.tenant.id).await?;
        let Some(session) = self.alive(&tx, visit, now).await? else {
            return Ok(());
        };
        if audit::is_first(core, &tx, Activity::AccessRefused, session.account.0.as_bytes()).await? {
            let person = accounts::by_id(&tx, session.account).await?;
            let entry = Entry::failure(Activity::AccessRefused, "console");
            audit::write(&tx, visit, &entry, person.as_ref(), Some(session.account), None, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
