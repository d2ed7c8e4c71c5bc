//! The facts of a step, read from live rows in the transaction that acts on them.

use super::{answers, code};
use crate::attack;
use crate::core::Core;
use crate::limits::{self, Reserved};
use crate::numbers;
use crate::passkey;
use crate::visit::Visit;
use regain_domain::account::{Account, UserName};
use regain_domain::approval::{Answer, Asking, Heard, heard};
use regain_domain::flow::{Asked, Attempt, Effect, Facts, Flow, Input, Stage, State, Subject, Verdict};
use regain_domain::gate::{Gate, Pass, Root};
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::limits::{CHANNEL_FAILURES, CHANNEL_TROUBLE};
use regain_domain::notice::ChannelKind;
use regain_domain::policy::{Mode, good_pass};
use regain_domain::tenant::TenantSettings;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::ceremonies::Owner;
use regain_store::{Tx, accounts, approvals, flows, one_time_passes, troubles};
use std::sync::Arc;
use uuid::Uuid;

/// What was read; [`Gathered::facts`] lends it to a decision.
pub(crate) struct Gathered {
    settings: Arc<TenantSettings>,
    pub(crate) account: Option<Account>,
    passes: Vec<Pass>,
    blocked_until: Option<Timestamp>,
    may_send: Result<(), Refusal>,
    earlier: Option<Attempt>,
    verdict: Verdict,
    matched: Option<(MethodId, Root)>,
    asked: Vec<Asked>,
    asking: Option<Asking>,
    ceremony: Option<String>,
    troubled: Vec<ChannelKind>,
    pub(super) password_refusals: Vec<Refusal>,
    pub(super) is_last_password: bool,
    /// The counter of messages that the post is about.
    pub(super) send_key: Option<[u8; 32]>,
    /// The range of the number that the post named (R20).
    pub(super) range: Option<String>,
    pub(crate) now: Timestamp,
}

impl Gathered {
    /// What every page needs: the account, and the passes. Whether the person's resets rest is not among it: whatever
    /// decides asks [`Gathered::judge`] or [`Gathered::see_block`] first.
    pub(super) async fn of(core: &Core, tx: &Tx, visit: &Visit, flow: &Flow) -> anyhow::Result<Self> {
        let account = match flow.subject {
            Subject::Account(id) => accounts::by_id(tx, id).await?,
            Subject::Hollow { .. } => None,
        };
        let passes = flows::passes(tx, flow.id).await?;
        let visit = &attack::tightened(core, tx, visit).await?;
        let mut gathered = Self::new(core, visit, account);
        gathered.passes = passes;
        gathered.ask(core, tx, visit, flow).await?;
        gathered.hear(tx, flow).await?;
        gathered.see_ceremony(tx, flow).await?;
        gathered.see_troubles(tx).await?;
        Ok(gathered)
    }

    /// What the page of a flow needs that has just begun.
    pub(super) fn new(core: &Core, visit: &Visit, account: Option<Account>) -> Self {
        Self {
            settings: Arc::clone(&visit.tenant.settings),
            account,
            passes: Vec::new(),
            blocked_until: None,
            may_send: Ok(()),
            earlier: None,
            verdict: Verdict::Wrong,
            matched: None,
            asked: Vec::new(),
            asking: None,
            ceremony: None,
            troubled: Vec::new(),
            password_refusals: Vec::new(),
            is_last_password: false,
            send_key: None,
            range: None,
            now: core.now(),
        }
    }

    /// The questions, where that gate may be the open one after this post.
    async fn ask(&mut self, core: &Core, tx: &Tx, visit: &Visit, flow: &Flow) -> anyhow::Result<()> {
        if self.settings.policy.gates.contains(&Gate::Questions) && matches!(flow.state, State::Gating(_)) {
            let questions = answers::questions(core, tx, visit, flow, self.account.as_ref()).await?;
            self.asked = answers::worded(visit, &questions);
        }
        Ok(())
    }

    /// Which ways fail at the moment.
    pub(super) async fn see_troubles(&mut self, tx: &Tx) -> anyhow::Result<()> {
        let since = self.now.minus(CHANNEL_TROUBLE);
        self.troubled = troubles::of_channels(tx, CHANNEL_FAILURES, since).await?;
        Ok(())
    }

    /// What the phone that was asked has answered, as far as it may be told.
    async fn hear(&mut self, tx: &Tx, flow: &Flow) -> anyhow::Result<()> {
        let Some(open) = flow.open().filter(|open| open.stage == Stage::Waiting) else {
            return Ok(());
        };
        let is_discreet = flow.mode == Mode::Discreet;
        self.asking = approvals::latest(tx, open.id.0).await?.map(|request| Asking {
            heard: heard(request.answer, request.expires_at, is_discreet, self.now),
            number: request.number,
            until: request.expires_at,
        });
        Ok(())
    }

    /// What the browser is asked, where the open try is one with a passkey.
    async fn see_ceremony(&mut self, tx: &Tx, flow: &Flow) -> anyhow::Result<()> {
        if let Some(open) = flow.open().filter(|open| open.is_passkey_awaited()) {
            self.ceremony = passkey::options(tx, Owner::Attempt(open.id), self.now).await?;
        }
        Ok(())
    }

    /// Whether a passkey of the person's has answered. Its question is spent with that, right or wrong.
    async fn prove_passkey(&mut self, tx: &Tx, visit: &Visit, open: &Attempt, answer: &Secret) -> anyhow::Result<()> {
        let account = self.account.as_ref().filter(|_| open.method.is_some());
        let person = account.map(|account| account.id);
        let found = passkey::proved(tx, visit, Owner::Attempt(open.id), person, answer, self.now).await?;
        if let Some(id) = found {
            self.matched = Some((id, Root::passkey(id)));
            self.verdict = Verdict::Right;
        }
        Ok(())
    }

    /// Spends an approval, which must happen in the transaction that passes the gate (R03). Nobody whose proofs rest passes
    /// by one.
    async fn collect(&mut self, tx: &Tx, open: &Attempt) -> anyhow::Result<()> {
        let Some(asking) = &mut self.asking else { return Ok(()) };
        if asking.heard != Heard::Answered(Answer::Approved) {
            return Ok(());
        }
        let is_spent = match approvals::latest(tx, open.id.0).await? {
            Some(request) if self.blocked_until.is_none() => approvals::spend(tx, request.id, self.now).await?,
            _ => false,
        };
        if !is_spent {
            asking.heard = heard(None, asking.until, true, self.now);
        }
        Ok(())
    }

    /// Whether the person's resets rest, which a grant depends on.
    pub(super) async fn see_block(&mut self, core: &Core, tx: &Tx, flow: &Flow) -> anyhow::Result<()> {
        self.blocked_until = limits::proofs_blocked_until(core, tx, proofs_key(core, flow)).await?;
        Ok(())
    }

    /// What this post needs beside: whether the person's resets rest, whether a message may go, and whether the proof is
    /// right.
    ///
    /// A right code is spent by this very call, so it must run in the transaction that passes the gate (R03).
    pub(super) async fn judge(
        &mut self,
        core: &Core,
        tx: &Tx,
        visit: &Visit,
        flow: &Flow,
        (input, reserved): (&Input, Option<&Reserved>),
    ) -> anyhow::Result<()> {
        match reserved {
            // The reservation of this very try must not count against itself.
            Some(reserved) => self.blocked_until = reserved.blocked_until,
            None => self.see_block(core, tx, flow).await?,
        }
        self.send_key = self.send_key_of(core, flow, input);
        if let Some(key) = self.send_key {
            self.may_send = self.may_go(core, tx, flow, input, key).await?;
        }
        if let (Input::Collect, Some(open)) = (input, flow.open()) {
            self.collect(tx, open).await?;
        }
        if let Input::Choose(Some(gate)) = input {
            self.earlier = flows::earlier(tx, flow.id, *gate, self.now).await?;
        }
        if let (Input::Passkey(answer), Some(open)) = (input, flow.open())
            && open.is_passkey_awaited()
            && !flow.is_over(self.now)
            && self.blocked_until.is_none()
        {
            self.prove_passkey(tx, visit, open, answer).await?;
        }
        if let (Input::Code(typed), State::Gating(Some(open))) = (input, &flow.state)
            && open.is_code_awaited()
            && !flow.is_over(self.now)
        {
            if self.blocked_until.is_none() {
                let apps = self.apps(open);
                self.matched = code::matching(core, tx, flow, open, &apps, typed, self.now).await?;
            }
            if self.matched.is_some() {
                self.verdict = Verdict::Right;
            }
        }
        Ok(())
    }

    /// The person's apps, any of which may show the code: who has lost one phone still has the other. Those of nobody for an
    /// attempt that nothing can come of.
    fn apps(&self, open: &Attempt) -> Vec<(MethodId, Root)> {
        let account = self.account.as_ref().filter(|_| open.method.is_some());
        let apps = account.map(|account| account.methods_of(Gate::AppCode, &self.settings.domains));
        let apps = apps.into_iter().flatten();
        apps.map(|method| (method.id, method.root())).collect()
    }

    /// Takes over what was found of the answers, if they still belong to a registration of the person's (R05) and proofs do
    /// not rest.
    pub(super) fn see_answers(&mut self, flow: &Flow, are_right: bool) {
        let State::Gating(Some(open)) = &flow.state else { return };
        let is_there = open.method.as_ref().is_some_and(|(id, _)| {
            let mut methods = self.account.iter().flat_map(|account| &account.methods);
            methods.any(|method| method.id == *id)
        });
        if are_right && is_there && self.blocked_until.is_none() {
            self.verdict = Verdict::Right;
        }
    }

    /// Spends the one-time pass that was typed, if it is good, in the transaction that passes the gate (R03): not while proofs rest,
    /// and not if the tenant or a role has forbidden it meanwhile. The same row is asked of everybody.
    pub(super) async fn spend_pass(&mut self, tx: &Tx, flow: &Flow, typed: Option<MethodId>) -> anyhow::Result<()> {
        let is_awaited = flow
            .open()
            .is_some_and(|open| open.gate == Gate::OneTimePass && open.is_code_awaited());
        if !is_awaited || flow.is_over(self.now) {
            return Ok(());
        }
        let account = self.account.as_ref().filter(|_| self.blocked_until.is_none());
        let good =
            account.and_then(|account| Some((account.id, good_pass(account, &self.settings, self.now)?.clone())));
        let good = good.filter(|(_, pass)| Some(pass.id) == typed);
        let nobody = (AccountId(Uuid::nil()), MethodId(Uuid::nil()));
        let (whose, id) = good.as_ref().map_or(nobody, |(whose, pass)| (*whose, pass.id));
        let is_spent = one_time_passes::spend(tx, whose, id, self.now).await?;
        if let (Some((_, pass)), true) = (good, is_spent) {
            self.matched = Some((pass.id, pass.root()));
            self.verdict = Verdict::Right;
        }
        Ok(())
    }

    /// The counter on which a message for this post would count: by person and address, registered or not (R22), so that
    /// nobody can use up another person's messages by naming their address.
    fn send_key_of(&self, core: &Core, flow: &Flow, input: &Input) -> Option<[u8; 32]> {
        let person = proofs_key(core, flow);
        let key = |root: &str| core.counter("sends", &[&person, root.as_bytes()].concat());
        match (input, flow.open()) {
            (Input::Destination(named), _) => Some(key(named.as_str())),
            // All of a person's devices are asked at once, and nobody's in a hollow flow.
            (Input::Choose(Some(Gate::AppPush)), _) => Some(key(Gate::AppPush.code())),
            (Input::Choose(Some(gate)), Some(open)) if open.gate == *gate => open.send_key,
            (Input::Choose(Some(Gate::Email)), _) => {
                let account = self.account.as_ref()?;
                let method = account.methods_of(Gate::Email, &self.settings.domains).next()?;
                Some(key(method.root().as_str()))
            }
            _ => None,
        }
    }

    /// Whether the message of this post may go: by its destination, its price, and how often the person was called (R20).
    async fn may_go(
        &mut self,
        core: &Core,
        tx: &Tx,
        flow: &Flow,
        input: &Input,
        key: [u8; 32],
    ) -> anyhow::Result<Result<(), Refusal>> {
        let gate = match (input, flow.open()) {
            (Input::Choose(gate), _) => *gate,
            (_, open) => open.map(|open| open.gate),
        };
        if let Input::Destination(named) = input {
            self.range = numbers::range_of(named);
        }
        let mut verdict = limits::may_send(core, tx, key).await?;
        if verdict.is_ok() && gate.is_some_and(Gate::is_phone) {
            verdict = limits::may_send_paid(core, tx, &self.settings, self.range.as_deref()).await?;
        }
        if verdict.is_ok() && gate.is_some_and(Gate::asks_phone) {
            verdict = limits::may_ask(core, tx, proofs_key(core, flow)).await?;
        }
        Ok(verdict)
    }

    /// The passes as they are after a gate was passed, the phone as it is after it was asked, and what a browser is asked from now
    /// on: nothing else that a page shows of all this changes with a post.
    pub(super) async fn reread(&mut self, tx: &Tx, flow: &Flow, effects: &[Effect]) -> anyhow::Result<()> {
        let is_of_it = |effect: &Effect| matches!(effect, Effect::Pass { .. } | Effect::Ask { .. });
        if effects.iter().any(is_of_it) {
            self.passes = flows::passes(tx, flow.id).await?;
            self.hear(tx, flow).await?;
        }
        self.see_ceremony(tx, flow).await
    }

    /// The facts, for a decision or a page.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            settings: &self.settings,
            account: self.account.as_ref(),
            passes: &self.passes,
            blocked_until: self.blocked_until,
            may_send: self.may_send.clone(),
            earlier: self.earlier.clone(),
            verdict: self.verdict,
            matched: self.matched.clone(),
            asked: &self.asked,
            asking: self.asking.clone(),
            ceremony: self.ceremony.clone(),
            troubled: &self.troubled,
            password_refusals: self.password_refusals.clone(),
            is_last_password: self.is_last_password,
            now: self.now,
        }
    }
}

/// The counter of a flow's failed proofs.
pub(super) fn proofs_key(core: &Core, flow: &Flow) -> [u8; 32] {
    person_key(core, flow.subject.account(), &flow.user_name)
}

/// The counter of a person's failed proofs: by account where there is one, else by the name that was typed (R22).
pub(crate) fn person_key(core: &Core, account: Option<AccountId>, name: &UserName) -> [u8; 32] {
    match account {
        Some(id) => core.counter("proofs", id.0.as_bytes()),
        None => core.counter("proofs", name.as_str().as_bytes()),
    }
}
