//! The facts of a post about a method on its way, read in the transaction that acts on them.

use super::proof::{self, Compared};
use super::{Entitled, Registration};
use crate::limits::{self, Reserved};
use crate::numbers;
use crate::passkey;
use crate::reset::person_key;
use crate::visit::Visit;
use regain_domain::account::Account as Person;
use regain_domain::approval::{Answer, Heard, heard};
use regain_domain::flow::{Stage, Verdict};
use regain_domain::gate::{MethodKind, Root, email};
use regain_domain::notice::ChannelKind;
use regain_domain::registration::{Enrolment, Facts, Post, proving_channel};
use regain_domain::{Refusal, Timestamp};
use regain_store::ceremonies::Owner;
use regain_store::{Tx, approvals, devices, methods};

/// What was read; [`Gathered::facts`] lends it to a decision.
pub(super) struct Gathered {
    /// The counter on which a message counts for the person, and the one for the mailbox whoever asks.
    pub(super) send_keys: Option<[[u8; 32]; 2]>,
    pub(super) compared: Compared,
    heard: Heard,
    is_linked: bool,
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
                Compared::Code | Compared::Step(_) | Compared::Key(_) => Verdict::Right,
            },
            heard: self.heard,
            is_linked: self.is_linked,
            now: self.now,
        }
    }
}

/// What an address or number stands for; nothing if it is none.
pub(super) fn root_of(kind: MethodKind, named: &str) -> Option<Root> {
    match kind {
        MethodKind::Email => email::is_form(named.trim()).then(|| Root::mail(named)),
        MethodKind::Mobile | MethodKind::Office => Some(Root::phone(named)),
        MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => None,
    }
}

/// What the called phone has answered; an approval is spent with that, in the transaction that registers it.
async fn heard_of(tx: &Tx, pending: &Enrolment, now: Timestamp) -> anyhow::Result<Heard> {
    let Some(request) = approvals::latest(tx, pending.id.0).await? else {
        return Ok(Heard::Over);
    };
    match heard(request.answer, request.expires_at, false, now) {
        Heard::Answered(Answer::Approved) if !approvals::spend(tx, request.id, now).await? => Ok(Heard::Over),
        heard => Ok(heard),
    }
}

impl Registration {
    pub(super) async fn gathered(
        &self,
        visit: &Visit,
        entitled: &Entitled,
        pending: &Enrolment,
        post: &Post,
        reserved: Option<&Reserved>,
    ) -> anyhow::Result<Gathered> {
        let (Entitled { tx, person, .. }, now) = (entitled, self.core.now());
        let named = match post {
            Post::Destination { named, .. } => named.as_deref().ok(),
            Post::Again | Post::Code(_) | Post::Collect => Some(pending.value.as_str()),
            Post::Passkey(_) | Post::Leave => None,
        };
        let root = named.and_then(|named| root_of(pending.kind, named));
        let send_keys = root.as_ref().map(|root| self.send_keys(person, root));
        let may_send = match (send_keys, &root) {
            (None, _) if pending.kind == MethodKind::Authenticator => {
                let key = person_key(&self.core, Some(person.id), &person.user_name);
                limits::may_ask(&self.core, tx, key).await?
            }
            (Some([own, _]), Some(root)) => self.may_send(visit, entitled, pending, own, root).await?,
            _ => Ok(()),
        };
        let blocked_until = reserved.and_then(|reserved| reserved.blocked_until);
        let compared = match post {
            Post::Code(typed) if reserved.is_some() && blocked_until.is_none() => {
                proof::compared(&self.core, tx, pending, typed, now).await?
            }
            Post::Passkey(answer) if reserved.is_some() && blocked_until.is_none() => {
                let owner = Owner::Enrolment(pending.id);
                let made = passkey::made(tx, visit, owner, person.id, answer, now).await?;
                made.map_or(Compared::Wrong, Compared::Key)
            }
            _ => Compared::Wrong,
        };
        let heard = match post {
            Post::Collect if pending.stage == Stage::Waiting && blocked_until.is_none() => {
                heard_of(tx, pending, now).await?
            }
            _ => Heard::Nothing,
        };
        Ok(Gathered {
            send_keys,
            compared,
            heard,
            is_linked: devices::of_enrolment(tx, pending.id).await?.is_some(),
            n_others: match &root {
                Some(root) => methods::n_others(tx, person.id, root).await?,
                None => 0,
            },
            may_send,
            blocked_until,
            now,
        })
    }

    /// Whether the message that proves it may go: by its destination, its price, and how often the person was called (R20).
    async fn may_send(
        &self,
        visit: &Visit,
        entitled: &Entitled,
        pending: &Enrolment,
        own: [u8; 32],
        root: &Root,
    ) -> anyhow::Result<Result<(), Refusal>> {
        let (Entitled { tx, person, .. }, core) = (entitled, &self.core);
        let settings = &visit.tenant.settings;
        let mut verdict = limits::may_send(core, tx, own).await?;
        if verdict.is_ok() && pending.kind.is_phone() {
            verdict = limits::may_send_paid(core, tx, settings, numbers::range_of(root).as_deref()).await?;
        }
        if verdict.is_ok() && proving_channel(pending.kind, settings) == Some(ChannelKind::Call) {
            let key = person_key(core, Some(person.id), &person.user_name);
            verdict = limits::may_ask(core, tx, key).await?;
        }
        Ok(verdict)
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
