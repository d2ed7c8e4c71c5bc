//! A phone's answer to a request: written down once, and for good.

use super::said::{self, Said, Word};
use super::{Authenticator, bound_to};
use crate::visit::Visit;
use crate::{audit, calls, notice};
use regain_domain::approval::Answer;
use regain_domain::audit::{Activity, Entry};
use regain_domain::authenticator::{Act, Reply, Taken, Verdict};
use regain_domain::ids::AccountId;
use regain_store::approvals::Request;
use regain_store::devices::Device;
use regain_store::{Tx, accounts, approvals, flows};
use subtle::ConstantTimeEq;

impl Authenticator {
    /// The person's word on a request. A wrong number ends it as denied would: there is no second guess (R12).
    pub async fn answer(&self, visit: &Visit, said: &Said, word: &Word) -> anyhow::Result<Reply<Taken>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        // What is signed names what the request hangs on, so it is read first; it is nobody's until the phone is believed.
        let request = match word.request {
            Some(id) => approvals::by_id(&tx, id).await?,
            None => None,
        };
        let (Some(request), Some(verdict)) = (request, word.verdict) else {
            return Ok(match said::is_known(&tx, said).await? {
                true => Reply::Done(Taken::Over),
                false => Reply::Removed,
            });
        };
        let act = Act::Answer {
            request: request.id,
            bound_to: &bound_to(request.id, request.owner, request.flow),
            verdict,
            number: &word.number,
            expires_at: request.expires_at,
        };
        let device = match said::believed(&self.core, &tx, visit, said, act).await? {
            Reply::Done(device) => device,
            Reply::Clock { now } => return Ok(Reply::Clock { now }),
            Reply::Removed => return Ok(Reply::Removed),
        };
        if !said::once(&self.core, &tx, &device, said).await? {
            return Ok(Reply::Clock { now: self.core.now() });
        }
        let taken = match is_theirs(&request, &device) {
            true => {
                self.taken(&tx, visit, &request, &device, (verdict, &word.number))
                    .await?
            }
            false => Taken::Over,
        };
        tx.commit().await?;
        Ok(Reply::Done(taken))
    }

    async fn taken(
        &self,
        tx: &Tx,
        visit: &Visit,
        request: &Request,
        device: &Device,
        (verdict, number): (Verdict, &str),
    ) -> anyhow::Result<Taken> {
        let now = self.core.now();
        let answer = match verdict {
            Verdict::Approve if is_number(request, number) => Answer::Approved,
            Verdict::Approve => Answer::Wrong,
            Verdict::Deny => Answer::Denied,
            Verdict::NotMe => Answer::NotMe,
        };
        let is_taken = match answer {
            Answer::NotMe => approvals::report(tx, request.id, now).await?,
            answer => approvals::answer(tx, request.id, answer, now).await?,
        };
        if !is_taken {
            return Ok(Taken::Over);
        }
        // A phone that is not registered yet has no say over the account: its registration ends, and that is all.
        if device.method.is_some() {
            match answer {
                Answer::NotMe => {
                    calls::report(&self.core, tx, request, &visit.request_id).await?;
                    flows::end_others(tx, device.account, None, now).await?;
                }
                Answer::Denied | Answer::Wrong => self.denied(tx, visit, request, (device.account, answer)).await?,
                _ => {}
            }
        }
        Ok(Taken::As(answer))
    }

    /// The account's owner is told, and it counts as suspicious (`domain.md` §4). What had asked ends where that may be seen.
    async fn denied(
        &self,
        tx: &Tx,
        visit: &Visit,
        request: &Request,
        (account, answer): (AccountId, Answer),
    ) -> anyhow::Result<()> {
        let Some(account) = accounts::by_id(tx, account).await? else {
            return Ok(());
        };
        notice::denied(&self.core, tx, &account, &request.about).await?;
        let reference = flows::reference(tx, request.flow).await?;
        let entry = Entry::success(Activity::Reported, answer.code());
        let (subject, now) = (Some(account.id), self.core.now());
        audit::write(tx, visit, &entry, None, subject, reference.as_deref(), now).await
    }
}

/// Whether a phone is one that the request went to.
fn is_theirs(request: &Request, device: &Device) -> bool {
    let is_asked = match device.enrolment {
        Some(enrolment) => request.owner == enrolment.0,
        None => device.method.is_some() && request.flow.is_some(),
    };
    is_asked && request.number.is_some() && request.account == Some(device.account)
}

fn is_number(request: &Request, number: &str) -> bool {
    let asked = request.number.as_deref().unwrap_or_default();
    !asked.is_empty() && bool::from(asked.as_bytes().ct_eq(number.as_bytes()))
}
