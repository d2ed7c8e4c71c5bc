//! The facts of a post about a method on its way, read in the transaction that acts on them.

use super::proof::{self, Compared};
use super::{Entitled, Registration};
use crate::limits::{self, Reserved};
use crate::reset::person_key;
use crate::visit::Visit;
use regain_domain::account::Account as Person;
use regain_domain::flow::Verdict;
use regain_domain::gate::{Root, email};
use regain_domain::registration::{Enrolment, Facts, Post};
use regain_domain::{Refusal, Timestamp};
use regain_store::methods;

/// What was read; [`Gathered::facts`] lends it to a decision.
pub(super) struct Gathered {
    /// The counter on which a message counts for the person, and the one for the mailbox whoever asks.
    pub(super) send_keys: Option<[[u8; 32]; 2]>,
    pub(super) compared: Compared,
    n_others: u32,
    may_send: Result<(), Refusal>,
    blocked_until: Option<Timestamp>,
    pub(super) now: Timestamp,
}

impl Gathered {
    pub(super) fn facts<'a>(&self, visit: &'a Visit, account: &'a Person) -> Facts<'a> {
        Facts {
            account,
            settings: &visit.tenant.settings,
            n_others: self.n_others,
            may_send: self.may_send.clone(),
            blocked_until: self.blocked_until,
            verdict: match self.compared {
                Compared::Wrong => Verdict::Wrong,
                Compared::Code | Compared::Step(_) => Verdict::Right,
            },
            now: self.now,
        }
    }
}

impl Registration {
    pub(super) async fn gathered(
        &self,
        entitled: &Entitled,
        pending: &Enrolment,
        post: &Post,
        reserved: Option<&Reserved>,
    ) -> anyhow::Result<Gathered> {
        let (Entitled { tx, person, .. }, now) = (entitled, self.core.now());
        let named = match post {
            Post::Destination(typed) => Some(typed.as_str()),
            Post::Again | Post::Code(_) => Some(pending.value.as_str()),
            Post::Leave => None,
        };
        let root = named.filter(|address| email::is_form(address.trim())).map(Root::mail);
        let send_keys = root.as_ref().map(|root| self.send_keys(person, root));
        let may_send = match send_keys {
            Some([own, _]) => limits::may_send(&self.core, tx, own).await?,
            None => Ok(()),
        };
        let blocked_until = reserved.and_then(|reserved| reserved.blocked_until);
        let compared = match post {
            Post::Code(typed) if reserved.is_some() && blocked_until.is_none() => {
                proof::compared(&self.core, tx, pending, typed, now).await?
            }
            _ => Compared::Wrong,
        };
        Ok(Gathered {
            send_keys,
            compared,
            n_others: match &root {
                Some(root) => methods::n_others(tx, person.id, root).await?,
                None => 0,
            },
            may_send,
            blocked_until,
            now,
        })
    }

    /// Counted by person and address, as in a reset, and by address alone for all registrations: nobody's mailbox is filled
    /// from many accounts, and nobody's codes for a reset are used up by registering their address (R18).
    fn send_keys(&self, person: &Person, root: &Root) -> [[u8; 32]; 2] {
        let own = person_key(&self.core, Some(person.id), &person.user_name);
        let root = root.as_str().as_bytes();
        [
            self.core.counter("sends", &[&own, root].concat()),
            self.core.counter("registered-mailboxes", root),
        ]
    }
}
