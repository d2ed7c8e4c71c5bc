//! The reset wizard: one sequence behind every post, gather → decide → apply, and a read for every page.

mod answers;
mod apply;
mod ask;
mod code;
mod find;
mod gather;
mod identify;
mod kiosk;
mod one_time_pass;
mod page;
mod password;

pub(crate) use code::{app_is_right, draw as draw_code, renew as renew_code, step_of, totp};
pub(crate) use gather::{Gathered, person_key};
pub(crate) use identify::{Begun, bound};

use crate::again::again;
use crate::audit;
use crate::core::{Core, cookie_hash};
use crate::limits::{self, Reserved};
use crate::note::{self, Note, Page};
use crate::numbers;
use crate::passkey;
use crate::visit::{Keep, Standing, Stepped, Visit};

use find::Found;
pub use identify::Identify;
use page::{kept_out, stopped};
use password::Judged;
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::{self, Client, Flow, Input, Proof, Purpose, Screen, State, Subject, screen};
use regain_domain::gate::Gate;
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::limits::RELEASE_QUANTUM;
use regain_domain::policy::Mode;
use regain_domain::{Refusal, Timestamp};
use regain_store::{Error, Tx, accounts, flows};
use std::sync::Arc;

/// The wizard's service. Cheap to clone.
#[derive(Clone)]
pub struct Reset {
    pub(crate) core: Arc<Core>,
}

/// What was found of a post before the transaction that writes it, since it costs hashes.
enum Beforehand {
    /// Nothing had to be.
    Nothing,
    /// What is to be said of a new password.
    Password(Judged),
    /// Whether all answers are right.
    Answers(bool),
    /// The one-time pass that was typed, if it is the person's last one.
    Pass(Option<MethodId>),
}

impl Reset {
    /// What the visitor's page shows. Writes nothing (R42).
    ///
    /// `is_started`: the page is where an identify leads; without a cookie there, the browser keeps none.
    pub async fn look(&self, visit: &Visit, is_started: bool, prefill: &str) -> anyhow::Result<Screen> {
        let (tx, found) = self.find(visit).await?;
        let (mode, visit) = (found.mode(visit), &*found.visited(visit));
        let screen = self.shown(tx, visit, found, is_started, prefill).await;
        // Drawing an account's flow reads more than drawing nobody's: the answer's time must not tell (R23).
        if visit.flow.is_some() && mode == Mode::Discreet {
            self.release(visit.arrived_at).await;
        }
        screen
    }

    async fn shown(
        &self,
        tx: Tx,
        visit: &Visit,
        found: Found,
        is_started: bool,
        prefill: &str,
    ) -> anyhow::Result<Screen> {
        match found {
            Found::Flow(flow) => self.draw(&tx, visit, &flow).await,
            Found::KeptOut => kept_out(visit),
            Found::Gone | Found::Nothing if is_started => Ok(stopped(visit, Refusal::Expired)),
            Found::Gone if visit.client == Client::Browser => Ok(stopped(visit, Refusal::Expired)),
            // A kiosk begins anew, as if nobody had been there.
            Found::Gone | Found::Nothing => {
                // In the demo the page keeps its captcha's answer, and so waits for the writer.
                drop(tx);
                let note = note::read(&self.core, visit, Page::of_wizard(visit.client)).unwrap_or_default();
                let user_name = if note.user_name.is_empty() {
                    prefill.to_owned()
                } else {
                    note.user_name.clone()
                };
                self.identify_screen(visit, Note { user_name, ..note }).await
            }
        }
    }

    /// One post of the wizard after identify, but for proofs.
    pub async fn step(&self, visit: &Visit, input: Result<Input, Refusal>) -> anyhow::Result<Stepped<Screen>> {
        self.posted(visit, |_| input).await
    }

    /// A proof: what is awaited says how it is read.
    pub async fn prove(&self, visit: &Visit, proof: Proof) -> anyhow::Result<Stepped<Screen>> {
        let phones = &visit.tenant.settings.policy.phones;
        let named = |gate: Gate, typed: &str| numbers::named(phones, gate, typed);
        self.posted(visit, |flow| proof.read(flow.and_then(Flow::open), named))
            .await
    }

    async fn posted(
        &self,
        visit: &Visit,
        read: impl FnOnce(Option<&Flow>) -> Result<Input, Refusal>,
    ) -> anyhow::Result<Stepped<Screen>> {
        let found = self.glance(visit).await?;
        let (mode, visit) = (found.mode(visit), &*found.visited(visit));
        let input = read(found.flow());
        let stepped = self.stepped(visit, found, input).await;
        if mode == Mode::Discreet {
            self.release(visit.arrived_at).await;
        }
        match stepped {
            Err(error) if is_conflict(&error) => Ok(self.stale(visit).await?),
            other => other,
        }
    }

    async fn stepped(
        &self,
        visit: &Visit,
        found: Found,
        input: Result<Input, Refusal>,
    ) -> anyhow::Result<Stepped<Screen>> {
        match (found, input) {
            (Found::KeptOut, _) => self.shut_out(visit).await,
            (Found::Flow(flow), Ok(Input::Cancel)) if !flow.state.is_open() || flow.is_over(self.core.now()) => {
                self.leave(visit).await
            }
            (Found::Gone | Found::Nothing, Ok(Input::Cancel)) => self.leave(visit).await,
            (Found::Flow(flow), Ok(Input::Cancel)) if flow.client == Client::Kiosk => self.clear(visit, &flow).await,
            (Found::Gone | Found::Nothing, _) => Ok(Stepped {
                standing: Standing::Stale,
                ..Stepped::new(stopped(visit, Refusal::Expired))
            }),
            (Found::Flow(flow), Ok(Input::Choose(Some(Gate::Passkey)))) if !passkey::are_possible(visit) => {
                self.refuse(visit, &flow, Refusal::MethodUnavailable).await
            }
            (Found::Flow(flow), Err(refusal)) => self.refuse(visit, &flow, refusal).await,
            (Found::Flow(flow), Ok(input)) => match &input {
                Input::Password { new, repeated } => self.password(visit, &flow, &input, [new, repeated]).await,
                _ => self.prove_or_choose(visit, &flow, &input).await,
            },
        }
    }

    /// A choice, a proof, leaving, or a cry for help.
    async fn prove_or_choose(&self, visit: &Visit, flow: &Flow, input: &Input) -> anyhow::Result<Stepped<Screen>> {
        let n_asked = visit.tenant.settings.policy.questions.n_reset();
        let reserved = match input.is_awaited_by(flow, n_asked, self.core.now()) {
            true => Some(again(|| self.reserve(visit, flow)).await?),
            false => None,
        };
        let (Some(counted), State::Gating(Some(open))) = (&reserved, &flow.state) else {
            return self.write(visit, (flow, input), reserved, Beforehand::Nothing).await;
        };
        // Also for a person whose resets rest: the same work (R10).
        let compared = match input {
            Input::Answers(typed) => self.are_right(visit, flow, open, typed).await?.map(Beforehand::Answers),
            Input::Code(typed) if open.gate == Gate::OneTimePass => {
                self.pass_of(visit, flow, typed).await?.map(Beforehand::Pass)
            }
            _ => Ok(Beforehand::Nothing),
        };
        let Ok(compared) = compared else {
            // Nothing was told: it does not count.
            let tx = self.core.store.write(visit.tenant.id).await?;
            counted.settle(&tx, false).await?;
            tx.commit().await?;
            return self.busy(visit).await;
        };
        self.write(visit, (flow, input), reserved, compared).await
    }

    async fn reserve(&self, visit: &Visit, flow: &Flow) -> anyhow::Result<Reserved> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        limits::reserve_proof(&self.core, tx, gather::proofs_key(&self.core, flow)).await
    }

    /// Gather, decide and apply in one transaction (R02), which is tried again if the database undoes it (R37).
    async fn write(
        &self,
        visit: &Visit,
        (flow, input): (&Flow, &Input),
        reserved: Option<Reserved>,
        found: Beforehand,
    ) -> anyhow::Result<Stepped<Screen>> {
        let holds = held(flow, &found);
        again(|| self.write_once(visit, input, reserved.as_ref(), (&found, holds))).await
    }

    async fn write_once(
        &self,
        visit: &Visit,
        input: &Input,
        reserved: Option<&Reserved>,
        (found, holds): (&Beforehand, Option<AccountId>),
    ) -> anyhow::Result<Stepped<Screen>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        if let Some(id) = holds {
            accounts::hold(&tx, id).await?;
        }
        let Some(before) = locked(&tx, visit).await? else {
            return self.late(visit, tx, reserved).await;
        };
        // Asked again: it may have been removed while a password was compared.
        if !crate::kiosk::may_show(&self.core, &tx, visit, before.client).await? {
            give_back(tx, reserved).await?;
            return self.shut_out(visit).await;
        }
        let mut gathered = Gathered::of(&self.core, &tx, visit, &before).await?;
        gathered
            .judge(&self.core, &tx, visit, &before, (input, reserved))
            .await?;
        let new_hash = match found {
            Beforehand::Password(Judged::Good { hash, .. }) => Some(hash.clone()),
            Beforehand::Password(Judged::Refused { refusals, is_last }) => {
                (gathered.password_refusals, gathered.is_last_password) = (refusals.clone(), *is_last);
                None
            }
            Beforehand::Answers(are_right) => {
                gathered.see_answers(&before, *are_right);
                None
            }
            Beforehand::Pass(typed) => {
                gathered.spend_pass(&tx, &before, *typed).await?;
                None
            }
            Beforehand::Nothing => None,
        };
        let Some(decision) = flow::decide(&before, input, &gathered.facts()) else {
            return match (&before.state, reserved) {
                (State::Ended(_), Some(counted)) => self.outrun(visit, tx, &before, &gathered, counted).await,
                (_, counted) => self.late(visit, tx, counted).await,
            };
        };
        let post = apply::Post {
            visit,
            reserved,
            new_hash,
        };
        let applied = apply::apply(&self.core, &tx, &before, &decision, &gathered, post).await?;
        gathered.reread(&tx, &applied.flow, &decision.effects).await?;
        let mut stepped = Stepped::new(screen(&applied.flow, &gathered.facts()));
        tx.commit().await?;
        if let Some(cookie) = applied.cookie {
            stepped.flow = Keep::Set(cookie);
        }
        if let Some((cookie, is_staff)) = applied.session {
            (stepped.session, stepped.is_staff) = (Keep::Set(cookie), is_staff);
        }
        // The first post after its time ends the flow, and is answered as for a cookie of none (R07).
        if before.is_over(gathered.now) {
            stepped.standing = Standing::Stale;
        }
        Ok(stepped)
    }

    /// Somebody else's post came first: nothing was compared, so a try that was counted for this one does not count.
    async fn late(&self, visit: &Visit, tx: Tx, reserved: Option<&Reserved>) -> anyhow::Result<Stepped<Screen>> {
        give_back(tx, reserved).await?;
        self.stale(visit).await
    }

    /// Others' wrong proofs have ended the flow meanwhile: what was counted stays counted, and if it was the one that
    /// blocks, the block is told here.
    async fn outrun(
        &self,
        visit: &Visit,
        tx: Tx,
        flow: &Flow,
        gathered: &Gathered,
        counted: &Reserved,
    ) -> anyhow::Result<Stepped<Screen>> {
        if counted.is_last {
            apply::blocked(&self.core, &tx, visit, flow, gathered).await?;
            tx.commit().await?;
        } else {
            drop(tx);
        }
        self.stale(visit).await
    }

    /// A post that could not be read as an input: its refusal goes to the row, so that the page can draw it.
    async fn refuse(&self, visit: &Visit, flow: &Flow, refusal: Refusal) -> anyhow::Result<Stepped<Screen>> {
        let now = self.core.now();
        let is_in_order = match &flow.state {
            State::Gating(open) => open.is_some() || refusal == Refusal::MethodUnavailable,
            _ => false,
        };
        if !is_in_order || flow.is_over(now) {
            return self.stale(visit).await;
        }
        let tx = self.core.store.write(visit.tenant.id).await?;
        let after = Flow {
            refusals: vec![refusal.clone()],
            ..flow.clone()
        };
        flows::update(&tx, flow, &after, None, now).await?;
        let entry = Entry::failure(Activity::FlowProgress, refusal.code());
        let reference = Some(flow.reference.as_str());
        audit::write(&tx, visit, &entry, None, flow.subject.account(), reference, now).await?;
        let screen = self.draw(&tx, visit, &after).await?;
        tx.commit().await?;
        Ok(Stepped::new(screen))
    }

    /// Starts over: the cookie of an ended flow is dropped.
    async fn leave(&self, visit: &Visit) -> anyhow::Result<Stepped<Screen>> {
        let screen = self.identify_screen(visit, Note::default()).await?;
        Ok(Stepped {
            flow: Keep::Drop,
            note: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    /// The step is over: nothing happened, and the page shows where the flow is (409).
    async fn stale(&self, visit: &Visit) -> anyhow::Result<Stepped<Screen>> {
        let mut screen = self.now_shown(visit).await?;
        if screen.refusals.is_empty() {
            screen.refusals.push(Refusal::Stale);
        }
        Ok(Stepped {
            standing: Standing::Stale,
            ..Stepped::new(screen)
        })
    }

    async fn busy(&self, visit: &Visit) -> anyhow::Result<Stepped<Screen>> {
        let mut screen = self.now_shown(visit).await?;
        screen.refusals = vec![Refusal::Busy { seconds: 2 }];
        Ok(Stepped {
            standing: Standing::Busy,
            ..Stepped::new(screen)
        })
    }

    /// Where the flow is by now.
    async fn now_shown(&self, visit: &Visit) -> anyhow::Result<Screen> {
        let (tx, found) = self.find(visit).await?;
        self.shown(tx, visit, found, true, "").await
    }

    /// Holds the answer until the next multiple of the quantum after arrival (R23).
    async fn release(&self, arrived_at: Timestamp) {
        let quantum = RELEASE_QUANTUM.as_millis().max(1);
        let taken = self.core.now().since(arrived_at).as_millis();
        // What took no whole millisecond waits as long as anything else: never not at all.
        let rest = quantum - taken % quantum;
        tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(rest).unwrap_or(0))).await;
    }
}

/// Whose account a post may change: it is held before the flow, so that nothing of the person changes between grant and
/// write (R05).
fn held(flow: &Flow, found: &Beforehand) -> Option<AccountId> {
    match (found, flow.purpose, &flow.subject) {
        (Beforehand::Password(Judged::Good { person, .. }), _, _) => *person,
        (_, Purpose::Unlock, Subject::Account(id)) => Some(*id),
        _ => None,
    }
}

/// The row of the visitor's cookie, held for whoever writes it.
async fn locked(tx: &Tx, visit: &Visit) -> anyhow::Result<Option<Flow>> {
    Ok(match visit.flow.as_deref().map(cookie_hash) {
        Some(hash) => flows::lock(tx, hash).await?,
        None => None,
    })
}

/// A try that was counted and then not compared does not count. The page that follows wants a connection of its own.
async fn give_back(tx: Tx, reserved: Option<&Reserved>) -> anyhow::Result<()> {
    if let Some(reserved) = reserved {
        reserved.settle(&tx, false).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether somebody else's write came first (R02).
pub(crate) fn is_conflict(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<Error>(), Some(Error::Conflict))
}
