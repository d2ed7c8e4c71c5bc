//! What somebody is asked for at sign-in, in their row: since when, and how often they have put it off (R53).

use crate::visit::Visit;
use regain_domain::Timestamp;
use regain_domain::account::Account as Person;
use regain_domain::registration::{asked, interrupt};
use regain_store::sessions::Session;
use regain_store::{Tx, accounts};

/// Writes down what the person is asked for from now on. To be called where they sign in, and where that may have changed.
pub(crate) async fn note_asked(tx: &Tx, visit: &Visit, person: &Person, now: Timestamp) -> anyhow::Result<()> {
    let asked = asked(person, &visit.tenant.settings, now);
    if asked != person.asked {
        accounts::set_asked(tx, person.id, asked).await?;
    }
    Ok(())
}

/// Whether signing in leads to the page of one's own methods.
pub(super) fn is_asked(visit: &Visit, person: &Person, session: &Session, now: Timestamp) -> bool {
    interrupt(person, &visit.tenant.settings, session.created_at, now).is_some()
}
