//! Writes a decision: state, attempt, pass, code, password, messages and audit, in the one transaction of the post.

use super::gather::{Gathered, proofs_key};
use crate::core::{Core, cookie_hash};
use crate::limits::Reserved;
use crate::visit::Visit;
use crate::{account, attack, audit, notice, passkey};
use anyhow::anyhow;
use regain_directory::{Owner, owner};
use regain_domain::Refusal;
use regain_domain::account::Account;
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::{Attempt, Decision, Effect, Facts, Flow, NoGrant, Stage, State, Summary, grant};
use regain_domain::gate::{Gate, Pass, Root};
use regain_domain::ids::{AttemptId, MethodId};
use regain_store::{Error, Tx, accounts, ceremonies, counters, flows, methods, sessions};
use uuid::Uuid;

/// What a post brings to its writing, beside the decision.
pub(super) struct Post<'a> {
    pub(super) visit: &'a Visit,
    /// The try that was counted beforehand, for a proof.
    pub(super) reserved: Option<&'a Reserved>,
    /// The hash of the new password, for a password.
    pub(super) new_hash: Option<String>,
}

/// The flow as it was written, and the value of its new cookie if it got one.
pub(super) struct Applied {
    pub(super) flow: Flow,
    pub(super) cookie: Option<String>,
    /// The value of the session's new cookie, and whether it is one of staff, where the session was proved anew.
    pub(super) session: Option<(String, bool)>,
}

/// All that an effect may touch.
pub(super) struct Writing<'a> {
    pub(super) core: &'a Core,
    pub(super) tx: &'a Tx,
    pub(super) before: &'a Flow,
    pub(super) gathered: &'a Gathered,
    pub(super) post: Post<'a>,
    pub(super) after: Flow,
    cookie: Option<String>,
    session: Option<(String, bool)>,
}

/// Writes the decision; a conflict means that somebody else's write came first, and nothing happened (R02).
pub(super) async fn apply(
    core: &Core,
    tx: &Tx,
    before: &Flow,
    decision: &Decision,
    gathered: &Gathered,
    post: Post<'_>,
) -> anyhow::Result<Applied> {
    let after = Flow {
        state: decision.next.clone(),
        refusals: decision.refusals.clone(),
        moved_at: gathered.now,
        ..before.clone()
    };
    let mut writing = Writing {
        core,
        tx,
        before,
        gathered,
        post,
        after,
        cookie: None,
        session: None,
    };
    for effect in &decision.effects {
        writing.effect(effect).await?;
    }
    if !is_silent(decision, before) {
        writing.progress(decision).await?;
    }
    // Only a proof that failed costs the person a try; one that was right, or not compared, does not.
    let is_failed = decision.effects.contains(&Effect::Fail) && !writing.is_right_address();
    if let Some(reserved) = writing.post.reserved {
        reserved.settle(tx, is_failed).await?;
    }
    let Writing {
        after, cookie, session, ..
    } = writing;
    flows::update(tx, before, &after, cookie.as_deref().map(cookie_hash), gathered.now).await?;
    Ok(Applied {
        flow: after,
        cookie,
        session,
    })
}

/// Whether a decision changed nothing that the audit wants to know.
fn is_silent(decision: &Decision, before: &Flow) -> bool {
    decision.refusals.is_empty() && decision.effects.is_empty() && decision.next == before.state
}

/// The person's tries are spent: told to their mailboxes, and in the audit.
pub(super) async fn blocked(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    flow: &Flow,
    gathered: &Gathered,
) -> anyhow::Result<()> {
    notice::blocked(core, tx, visit, flow, gathered).await?;
    let entry = Entry::success(Activity::Blocked, "proofs");
    let (subject, reference) = (flow.subject.account(), Some(flow.reference.as_str()));
    audit::write(tx, visit, &entry, None, subject, reference, gathered.now).await
}

impl Writing<'_> {
    async fn effect(&mut self, effect: &Effect) -> anyhow::Result<()> {
        match effect {
            Effect::Open { gate, method, stage } => {
                let attempt = Attempt {
                    id: AttemptId(Uuid::new_v4()),
                    gate: *gate,
                    method: method.clone(),
                    stage: *stage,
                    resend_at: None,
                    send_key: None,
                };
                flows::open_attempt(self.tx, self.before.id, &attempt, self.gathered.now).await?;
                if attempt.is_passkey_awaited() {
                    let (owner, until) = (ceremonies::Owner::Attempt(attempt.id), self.before.expires_at);
                    passkey::ask(self.tx, self.post.visit, owner, until).await?;
                }
                self.after.state = State::Gating(Some(attempt));
                Ok(())
            }
            Effect::Send { method } => self.send(method.as_ref()).await,
            Effect::Ask { method } => self.ask(method.as_ref()).await,
            Effect::Pass { gate, method, root } => self.pass(*gate, *method, root).await,
            Effect::Fail => self.fail().await,
            Effect::RenewCookie => {
                self.cookie = Some(self.core.cookie());
                Ok(())
            }
            Effect::Confirm => self.confirm().await,
            Effect::Write => self.set_password().await,
            Effect::Unlock => self.unlock().await,
            Effect::AskHelp => {
                self.after.is_help_asked = true;
                notice::help_asked(self.core, self.tx, self.post.visit, self.before).await?;
                self.trail(&Entry::success(Activity::HelpAsked, self.before.state.code()))
                    .await
            }
        }
    }

    async fn pass(&mut self, gate: Gate, method: MethodId, root: &Root) -> anyhow::Result<()> {
        let State::Gating(Some(open)) = &self.before.state else {
            return Err(anyhow!("a gate was to be passed without an open attempt"));
        };
        let pass = Pass {
            gate,
            root: root.clone(),
            method,
        };
        flows::pass(self.tx, self.before.id, open.id, &pass, self.gathered.now).await?;
        if gate == Gate::OneTimePass {
            return self.trail(&Entry::success(Activity::PassUsed, "proved")).await;
        }
        Ok(methods::used(self.tx, method, self.gathered.now).await?)
    }

    /// The session has proved anew who it is, for this purpose and no other, and goes on under a new cookie (R41).
    async fn confirm(&mut self) -> anyhow::Result<()> {
        let now = self.gathered.now;
        let session = match &self.post.visit.session {
            Some(cookie) => sessions::of_cookie(self.tx, cookie_hash(cookie)).await?,
            None => None,
        };
        let Some(session) = session.filter(|session| session.is_alive(now)) else {
            return Err(Error::Conflict.into());
        };
        let (cookie, purpose) = (self.core.cookie(), self.before.purpose);
        if !sessions::prove(self.tx, session.id, cookie_hash(&cookie), purpose, now).await? {
            return Err(Error::Conflict.into());
        }
        self.session = Some((cookie, session.is_staff));
        self.trail(&Entry::success(Activity::Reauthenticated, purpose.code()))
            .await
    }

    async fn fail(&mut self) -> anyhow::Result<()> {
        self.after.n_failed += 1;
        if self.is_right_address() {
            return Ok(());
        }
        if attack::count_failure(self.core, self.tx).await? {
            notice::under_attack(self.core, self.tx, self.post.visit).await?;
            self.trail(&Entry::success(Activity::AttackMode, "on")).await?;
        }
        let is_blocked_now = self.post.reserved.is_some_and(|reserved| reserved.is_last);
        match is_blocked_now {
            true => blocked(self.core, self.tx, self.post.visit, self.before, self.gathered).await,
            false => Ok(()),
        }
    }

    /// Whether the post named the registered address: in discreet mode that costs a try as any other address does (R21),
    /// but it is nobody's attack (R20).
    fn is_right_address(&self) -> bool {
        let open = |state: &State| match state {
            State::Gating(Some(open)) => Some((open.stage, open.method.is_some())),
            _ => None,
        };
        open(&self.before.state) == Some((Stage::Destination, false))
            && matches!(open(&self.after.state), Some((Stage::Code | Stage::Waiting, true)))
    }

    /// The write itself, by a grant computed here and now from the rows of this transaction (R05, R06).
    async fn set_password(&mut self) -> anyhow::Result<()> {
        let now = self.gathered.now;
        let grant = grant(self.before, &self.gathered.facts()).map_err(|_| Error::Conflict)?;
        let pass_use = grant.pass_use();
        let id = grant.of_password().ok_or(Error::Conflict)?;
        let Some(hash) = self.post.new_hash.take() else {
            return Err(anyhow!("a password was to be written without its hash"));
        };
        let Some(account) = &self.gathered.account else {
            return Err(Error::Conflict.into());
        };
        let n_remembered = self.post.visit.tenant.settings.password.n_remembered();
        match owner(account) {
            Owner::BuiltIn => {
                let seen = account.password_changed_at;
                accounts::set_password(self.tx, id, &hash, seen, now, n_remembered).await?;
                accounts::unlock(self.tx, id).await?;
            }
        }
        self.note_pass(pass_use).await?;
        flows::end_others(self.tx, id, Some(self.before.id), now).await?;
        let n_sessions = sessions::end_all(self.tx, id, None, now).await?;
        counters::clear(self.tx, proofs_key(self.core, self.before)).await?;
        account::forget(self.tx, &self.before.user_name).await?;
        let n_mailboxes = notice::reset(self.core, self.tx, self.post.visit, self.gathered, n_sessions).await?;
        self.after.state = State::Done(Summary {
            is_unlocked: false,
            changed_at: now,
            n_sessions_ended: u32::try_from(n_sessions).unwrap_or(u32::MAX),
            n_mailboxes,
        });
        self.trail(&Entry::success(Activity::PasswordReset, "self-service"))
            .await
    }

    /// Lifts the lock, by a grant computed here and now, the proof that has just passed among the others (R05, R57). The
    /// self-service block is no lock, and stays as it is.
    async fn unlock(&mut self) -> anyhow::Result<()> {
        let (now, visit) = (self.gathered.now, self.post.visit);
        let passes = flows::passes(self.tx, self.before.id).await?;
        let granted = Flow {
            state: State::Granted,
            ..self.before.clone()
        };
        let facts = Facts {
            passes: &passes,
            ..self.gathered.facts()
        };
        let (id, pass_use) = match grant(&granted, &facts) {
            Ok(grant) => {
                let pass_use = grant.pass_use();
                (grant.of_lock().ok_or(Error::Conflict)?, pass_use)
            }
            Err(NoGrant::Ended(why)) => {
                self.after.state = State::Ended(why);
                return Ok(());
            }
            Err(NoGrant::ProveAgain) => return Err(Error::Conflict.into()),
        };
        let Some(account) = &self.gathered.account else {
            return Err(Error::Conflict.into());
        };
        let clears_pause = visit.tenant.settings.policy.unlock.clears_lockout;
        let is_paused = clears_pause && account::is_paused(self.core, self.tx, visit, &account.user_name).await?;
        let was_locked = accounts::unlock(self.tx, id).await?;
        if !was_locked && !is_paused {
            self.after.state = State::Ended(Refusal::NotLocked);
            return Ok(());
        }
        self.note_pass(pass_use).await?;
        flows::end_others(self.tx, id, Some(self.before.id), now).await?;
        let n_sessions = sessions::end_all(self.tx, id, None, now).await?;
        if clears_pause {
            account::forget(self.tx, &account.user_name).await?;
        }
        let n_mailboxes = notice::unlocked(self.core, self.tx, visit, account, n_sessions).await?;
        self.after.state = State::Done(Summary {
            is_unlocked: true,
            changed_at: now,
            n_sessions_ended: u32::try_from(n_sessions).unwrap_or(u32::MAX),
            n_mailboxes,
        });
        self.trail(&Entry::success(Activity::AccountUnlocked, "self-service"))
            .await
    }

    /// A grant that stands on a one-time pass is recorded, and whether anything stands beside it (R52).
    async fn note_pass(&self, pass_use: Option<&str>) -> anyhow::Result<()> {
        match pass_use {
            Some(how) => self.trail(&Entry::success(Activity::PassUsed, how)).await,
            None => Ok(()),
        }
    }

    /// One entry for each step passed or failed (`domain.md` §14).
    async fn progress(&self, decision: &Decision) -> anyhow::Result<()> {
        let ended = match &self.after.state {
            State::Ended(refusal) => Some(refusal),
            _ => None,
        };
        let entry = match decision.refusals.first().or(ended) {
            Some(refusal) => Entry::failure(Activity::FlowProgress, refusal.code()),
            None => Entry::success(Activity::FlowProgress, self.after.state.code()),
        };
        self.trail(&entry).await
    }

    async fn trail(&self, entry: &Entry) -> anyhow::Result<()> {
        let subject = self.before.subject.account();
        let reference = Some(self.before.reference.as_str());
        audit::write(
            self.tx,
            self.post.visit,
            entry,
            self.actor(),
            subject,
            reference,
            self.gathered.now,
        )
        .await
    }

    /// Whoever has passed all gates; nobody has shown who it is before that.
    fn actor(&self) -> Option<&Account> {
        let account = self.gathered.account.as_ref();
        // An unlocking is done by its last proof.
        let is_shown = self.before.state == State::Granted || matches!(self.after.state, State::Done(_));
        account.filter(|_| is_shown)
    }
}
