//! What gateways tell of calls: keys that were pressed, and how a call ended (R13, R36). A callback writes an answer down;
//! the page's own post collects it.

use crate::core::{Core, cookie_hash};
use crate::reset::{person_key, renew_code};
use crate::visit::Tenancy;
use crate::{limits, notice};
use regain_delivery::Outcome;
use regain_delivery::gateway::call_url;
use regain_delivery::gateway::callback::{CallReport, CallState, Keys, Pressed};
use regain_delivery::gateway::twiml::{self, End};
use regain_domain::Secret;
use regain_domain::approval::Answer;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::flow::{Stage, State};
use regain_domain::ids::TenantId;
use regain_domain::limits::{ASK_LIFE, CALLBACK_WINDOW};
use regain_domain::notice::ReportedOn;
use regain_store::approvals::{self, Request};
use regain_store::{Tx, accounts, audit, flows, nonces};
use std::sync::Arc;

/// The service behind the callbacks of calls. Cheap to clone.
#[derive(Clone)]
pub struct Calls {
    pub(crate) core: Arc<Core>,
}

/// One callback that a gateway has signed.
pub struct Callback<'a> {
    /// Whose host it came to.
    pub tenancy: &'a Tenancy,
    /// What stands in its path.
    pub token: &'a str,
    /// Its signature, which tells the event from any other (R36).
    pub signature: &'a str,
    /// Finds the log lines.
    pub request_id: &'a str,
}

/// What is stored of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    cookie_hash(token)
}

impl Calls {
    /// A key was pressed: what the call says next, as a document of `TwiML`. Nothing if the callback does not belong to this
    /// call, or came before.
    ///
    /// `is_confirming`: it is the key after `9`.
    pub async fn pressed(
        &self,
        callback: &Callback<'_>,
        pressed: &Pressed,
        is_confirming: bool,
    ) -> anyhow::Result<Option<Secret>> {
        let tx = self.core.store.write(callback.tenancy.id).await?;
        let Some(request) = self.admitted(&tx, callback, &pressed.id).await? else {
            return Ok(None);
        };
        let said = match (request.about.speaks_code, is_confirming, pressed.keys) {
            (_, _, Keys::Nothing) => goodbye(&request, End::NotAllowed),
            (true, _, _) => self.spoken(&tx, &request).await?,
            (false, _, Keys::Nine) => {
                let action = call_url(&callback.tenancy.base_url, callback.token, "confirm");
                Secret::new(twiml::confirm_report(request.about.language, &action))
            }
            (false, true, Keys::Hash) => self.reported(&tx, callback, &request).await?,
            (false, false, Keys::Hash) => self.answered(&tx, &request, Answer::Approved, End::Allowed).await?,
            (false, _, Keys::Other) => self.answered(&tx, &request, Answer::Wrong, End::NotAllowed).await?,
        };
        tx.commit().await?;
        Ok(Some(said))
    }

    /// Nothing is written of a callback that is none, but that it came (R36).
    pub fn count_refused(&self) {
        metrics::counter!("regain_callbacks_refused_total").increment(1);
    }

    /// The call has come further. False if the callback does not belong to it, or came before.
    pub async fn moved(&self, callback: &Callback<'_>, report: &CallReport) -> anyhow::Result<bool> {
        let tx = self.core.store.write(callback.tenancy.id).await?;
        let now = self.core.now();
        let is_fresh = report
            .at
            .is_none_or(|at| at.since(now).max(now.since(at)) <= CALLBACK_WINDOW);
        let admitted = match is_fresh {
            true => self.admitted(&tx, callback, &report.id).await?,
            false => None,
        };
        let Some(request) = admitted else {
            return Ok(false);
        };
        let answer = match report.state {
            CallState::Queued | CallState::Ringing | CallState::Answered => None,
            // Also when a machine has answered: nobody pressed a key.
            CallState::Completed | CallState::NoAnswer => Some(Answer::Missed),
            CallState::Busy => Some(Answer::Busy),
            CallState::Failed | CallState::Canceled => Some(Answer::Unreachable),
        };
        if let (Some(answer), false) = (answer, request.about.speaks_code) {
            approvals::answer(&tx, request.id, answer, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The request that a callback belongs to: by its token, by the gateway's id of the call, and once for each event (R36).
    async fn admitted(&self, tx: &Tx, callback: &Callback<'_>, id: &str) -> anyhow::Result<Option<Request>> {
        let now = self.core.now();
        let Some(request) = approvals::of_token(tx, hash(callback.token)).await? else {
            return Ok(None);
        };
        // Reports of a call's end come after its time.
        if request.expires_at.plus(ASK_LIFE) <= now || !approvals::bind(tx, request.id, id).await? {
            return Ok(None);
        }
        let event = [callback.token, "\n", callback.signature].concat();
        let event = self.core.counter("callback", event.as_bytes());
        let is_first = nonces::spend(tx, event, now.plus(CALLBACK_WINDOW * 2)).await?;
        Ok(is_first.then_some(request))
    }

    async fn answered(&self, tx: &Tx, request: &Request, answer: Answer, end: End) -> anyhow::Result<Secret> {
        let is_taken = approvals::answer(tx, request.id, answer, self.core.now()).await?;
        Ok(goodbye(request, if is_taken { end } else { End::NotAllowed }))
    }

    /// `9#`: the request was not its owner's. Their resets rest, and they and the administrators are told.
    async fn reported(&self, tx: &Tx, callback: &Callback<'_>, request: &Request) -> anyhow::Result<Secret> {
        let now = self.core.now();
        if !approvals::answer(tx, request.id, Answer::NotMe, now).await? {
            return Ok(goodbye(request, End::NotAllowed));
        }
        report(&self.core, tx, request, callback.request_id).await?;
        Ok(goodbye(request, End::Reported))
    }

    /// Somebody has pressed a key, so a code is drawn and spoken; one that was spoken before is void (R13).
    async fn spoken(&self, tx: &Tx, request: &Request) -> anyhow::Result<Secret> {
        let now = self.core.now();
        let Some(flow) = flows::of_attempt_id(tx, request.owner).await? else {
            return Ok(goodbye(request, End::NotAllowed));
        };
        let State::Gating(Some(open)) = &flow.state else {
            return Ok(goodbye(request, End::NotAllowed));
        };
        let is_due = open.id.0 == request.owner && open.stage == Stage::Code && !request.is_spent;
        if !is_due || flow.is_over(now) || request.expires_at <= now {
            return Ok(goodbye(request, End::NotAllowed));
        }
        let (code, _) = renew_code(&self.core, tx, &flow, open, now).await?;
        Ok(twiml::spoken_code(request.about.language, &code))
    }
}

/// What became of handing a call over: the gateway's id of it belongs to the request, and one that is never placed is answered
/// with that.
pub(crate) async fn placed(core: &Core, tenant: TenantId, token: &str, outcome: &Outcome) -> anyhow::Result<()> {
    let tx = core.store.write(tenant).await?;
    let Some(request) = approvals::of_token(&tx, hash(token)).await? else {
        return Ok(());
    };
    match outcome {
        Outcome::Charged { id: Some(id), .. } => {
            approvals::bind(&tx, request.id, id).await?;
        }
        Outcome::Never { .. } => {
            approvals::answer(&tx, request.id, Answer::Unreachable, core.now()).await?;
        }
        Outcome::Charged { id: None, .. } | Outcome::Sent | Outcome::Later { .. } | Outcome::Unknown { .. } => {}
    }
    Ok(tx.commit().await?)
}

/// A request was reported as not its owner's: their self-service rests for a day, and they and the administrators are told.
pub(crate) async fn report(core: &Core, tx: &Tx, request: &Request, request_id: &str) -> anyhow::Result<()> {
    let Some(account) = (match request.account {
        Some(id) => accounts::by_id(tx, id).await?,
        None => None,
    }) else {
        return Ok(());
    };
    limits::block(core, tx, person_key(core, Some(account.id), &account.user_name)).await?;
    notice::reported(core, tx, &account, &request.about, ReportedOn::Phone).await?;
    let entry = Entry::success(Activity::Reported, request.about.subject.code());
    let row = audit::Row {
        subject: Some(account.id),
        ..audit::Row::inside(&entry, core.now(), Actor::Visitor, request_id)
    };
    Ok(audit::write(tx, &row).await?)
}

fn goodbye(request: &Request, end: End) -> Secret {
    Secret::new(twiml::goodbye(request.about.language, end))
}
