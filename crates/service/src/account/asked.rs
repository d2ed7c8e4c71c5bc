//! What somebody is asked for at sign-in, in their row: since when, and how often they have put it off (R53).

use crate::visit::Visit;
use regain_domain::Timestamp;
use regain_domain::account::Account as Person;
use regain_domain::policy::is_registered;
use regain_domain::registration::{Interrupt, asked, interrupt};
use regain_store::sessions::Session;
use regain_store::{Tx, account_fields, accounts};

/// Writes down what the person is asked for from now on. To be called where they sign in, and where that may have changed.
pub(crate) async fn note_asked(tx: &Tx, visit: &Visit, person: &Person, now: Timestamp) -> anyhow::Result<()> {
    let settings = &visit.tenant.settings;
    let asked = asked(person, settings, now);
    if asked != person.asked {
        accounts::set_asked(tx, person.id, asked).await?;
    }
    if person.must_register && is_registered(person, settings) {
        account_fields::set_register_again(tx, person.id, None).await?;
    }
    Ok(())
}

/// What the pages of this session ask for: then signing in leads to that of one's own methods.
pub(crate) fn due(visit: &Visit, person: &Person, session: &Session, now: Timestamp) -> Option<Interrupt> {
    interrupt(person, &visit.tenant.settings, session.created_at, now)
}
