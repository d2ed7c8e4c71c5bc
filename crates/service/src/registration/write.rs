//! One post about a method on its way: decided and written in one transaction (R02, R53).

use super::gather::Gathered;
use super::proof::Compared;
use super::{Entitled, Registration, Word};
use crate::limits::Reserved;
use crate::visit::Visit;
use crate::{attack, audit, notice};
use regain_domain::Refusal;
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Stage;
use regain_domain::gate::{MethodKind, email, phone};
use regain_domain::ids::SessionId;
use regain_domain::notice::MethodChange;
use regain_domain::registration::{Enrolment, Next, Post, Said, decide};
use regain_store::methods::NewMethod;
use regain_store::{Error, Tx, devices, enrolments, flows, methods, sessions};

/// What a decision was made of, and is written with.
pub(super) struct Writing<'a> {
    pub(super) visit: &'a Visit,
    pub(super) entitled: &'a Entitled,
    pub(super) pending: &'a Enrolment,
    pub(super) gathered: &'a Gathered,
    reserved: Option<&'a Reserved>,
}

impl Registration {
    /// Gather, decide and apply in one transaction; nothing if the post comes out of order.
    pub(super) async fn written(
        &self,
        visit: &Visit,
        post: &Post,
        reserved: Option<&Reserved>,
    ) -> anyhow::Result<Option<Word>> {
        let Some(entitled) = self.signed_in(visit).await? else {
            return Ok(None);
        };
        let Entitled { tx, session, person } = &entitled;
        let Some(pending) = enrolments::of_session(tx, session.id).await? else {
            return Ok(None);
        };
        let gathered = self.gathered(visit, &entitled, &pending, post, reserved).await?;
        let Some(next) = decide(&pending, post, &gathered.facts(visit, person)) else {
            return Ok(None);
        };
        let typed = match post {
            Post::Destination { typed, .. } => Some(shown_again(typed)),
            _ => None,
        };
        let writing = Writing {
            visit,
            entitled: &entitled,
            pending: &pending,
            gathered: &gathered,
            reserved,
        };
        let word = self.apply(&writing, next, typed).await?;
        entitled.tx.commit().await?;
        Ok(Some(word))
    }

    async fn apply(&self, writing: &Writing<'_>, next: Next, typed: Option<String>) -> anyhow::Result<Word> {
        let (tx, pending) = (&writing.entitled.tx, writing.pending);
        if let Some(reserved) = writing.reserved {
            let is_failed = matches!(next, Next::Failed(_) | Next::Over(Some(Refusal::TriesSpent)));
            reserved.settle(tx, is_failed).await?;
        }
        match next {
            Next::Refused(refusal) => {
                self.left_off(writing, refusal.code()).await?;
                let after = Enrolment {
                    refusals: vec![refusal],
                    value: typed.unwrap_or_else(|| pending.value.clone()),
                    ..pending.clone()
                };
                enrolments::update(tx, pending, &after).await?;
                Ok(Word::Nothing)
            }
            Next::Send(to) => self.send(writing, to).await.map(|()| Word::Nothing),
            Next::Call(number) => self.call(writing, number).await.map(|()| Word::Nothing),
            Next::Ask => self.ask(writing).await.map(|()| Word::Nothing),
            Next::Failed(refusal) => {
                self.failed(writing, &refusal).await?;
                let after = Enrolment {
                    // After a call that came to nothing the number may be named anew, or called again; a phone with the
                    // authenticator is asked again.
                    stage: match (pending.stage, pending.kind) {
                        (Stage::Waiting, MethodKind::Authenticator) => Stage::Code,
                        (Stage::Waiting, _) => Stage::Destination,
                        (stage, _) => stage,
                    },
                    refusals: vec![refusal],
                    n_failed: pending.n_failed + 1,
                    ..pending.clone()
                };
                enrolments::update(tx, pending, &after).await?;
                self.ask_for_passkey(tx, writing.visit, &writing.entitled.person, &after)
                    .await?;
                Ok(Word::Nothing)
            }
            Next::Over(refusal) => {
                enrolments::end(tx, pending.id).await?;
                match refusal {
                    Some(refusal @ Refusal::TriesSpent) => {
                        self.failed(writing, &refusal).await?;
                        Ok(Word::Refused(refusal))
                    }
                    Some(refusal) => {
                        self.left_off(writing, refusal.code()).await?;
                        Ok(Word::Refused(refusal))
                    }
                    None => {
                        self.left_off(writing, Refusal::Cancelled.code()).await?;
                        Ok(Word::Nothing)
                    }
                }
            }
            Next::Register => self.register(writing).await.map(Word::Said),
        }
    }

    /// It is registered: everything else that hung on the person's former methods ends, and every mailbox is told.
    async fn register(&self, writing: &Writing<'_>) -> anyhow::Result<Said> {
        let Writing { visit, pending, .. } = writing;
        let (Entitled { tx, session, person }, now) = (writing.entitled, writing.gathered.now);
        let compared = &writing.gathered.compared;
        let app = enrolments::secret(tx, pending.id).await?;
        let secret = match compared {
            Compared::Key(made) => Some(&made.secret),
            _ => app.as_ref(),
        };
        let phone = devices::take(tx, pending.id).await?;
        if !enrolments::end(tx, pending.id).await? {
            return Err(Error::Conflict.into());
        }
        let value = Some(pending.value.as_str()).filter(|value| !value.is_empty());
        let new = NewMethod {
            account: person.id,
            kind: pending.kind,
            value,
            secret: secret.map(|secret| secret.as_slice()),
            is_verified: true,
        };
        let id = methods::add(tx, &new, now).await?;
        if let Some(phone) = phone {
            devices::register(tx, phone, id).await?;
        }
        match compared {
            // The step of this code opens nothing any more (R11).
            Compared::Step(step) => drop(methods::spend_step(tx, id, *step, now).await?),
            Compared::Key(made) => methods::set_root(tx, id, &made.root).await?,
            Compared::Code | Compared::Wrong => {}
        }
        self.changed(tx, session.id, person).await?;
        let entry = Entry::success(Activity::MethodRegistered, pending.kind.code());
        audit::write(tx, visit, &entry, Some(person), Some(person.id), None, now).await?;
        let hint = value.map(|value| masked(pending.kind, value)).unwrap_or_default();
        let mailboxes = person.mailboxes_and(value.filter(|_| pending.kind == MethodKind::Email));
        let change = (MethodChange::Added, pending.kind, hint);
        notice::methods_changed(&self.core, tx, visit, person, mailboxes, change).await?;
        self.completed(tx, visit, person, now).await
    }

    /// What hung on the methods as they were: flows, codes, what is on its way, and other sessions' fresh proofs (R08).
    pub(super) async fn changed(&self, tx: &Tx, session: SessionId, person: &Person) -> anyhow::Result<()> {
        flows::end_others(tx, person.id, None, self.core.now()).await?;
        enrolments::end_all(tx, person.id).await?;
        Ok(sessions::unprove_others(tx, person.id, session).await?)
    }

    /// What came to nothing, in the audit.
    async fn left_off(&self, writing: &Writing<'_>, reason: &str) -> anyhow::Result<()> {
        let Entitled { tx, person, .. } = writing.entitled;
        let entry = Entry::failure(Activity::MethodRegistered, reason);
        let now = writing.gathered.now;
        audit::write(tx, writing.visit, &entry, Some(person), Some(person.id), None, now).await
    }

    /// A failed proof counts for the tenant, too, and the one that blocks is told.
    async fn failed(&self, writing: &Writing<'_>, refusal: &Refusal) -> anyhow::Result<()> {
        let (visit, now) = (writing.visit, writing.gathered.now);
        let Entitled { tx, person, .. } = writing.entitled;
        self.left_off(writing, refusal.code()).await?;
        let Some(reserved) = writing.reserved.filter(|reserved| reserved.blocked_until.is_none()) else {
            return Ok(());
        };
        if attack::count_failure(&self.core, tx).await? {
            notice::under_attack(&self.core, tx, visit).await?;
            let entry = Entry::success(Activity::AttackMode, "on");
            audit::write(tx, visit, &entry, Some(person), Some(person.id), None, now).await?;
        }
        match reserved.is_last {
            true => notice::account_blocked(&self.core, tx, visit, person, now).await,
            false => Ok(()),
        }
    }
}

/// The address or number, as a notice tells it.
fn masked(kind: MethodKind, value: &str) -> String {
    match kind.is_phone() {
        true => phone::masked(value),
        false => email::masked(value),
    }
}

/// What was typed, as far as a field takes it.
fn shown_again(typed: &str) -> String {
    let plain = typed.trim().chars().filter(|c| !c.is_control());
    plain.take(email::MOST).collect()
}
