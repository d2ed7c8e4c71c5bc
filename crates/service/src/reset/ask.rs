//! What goes out during a reset: codes, and requests to phones. Decoys write the same rows (R21).

use super::apply::Writing;
use super::code;
use super::gather::proofs_key;
use crate::notice::{self, Code};
use crate::{authenticator, calls};
use crate::{limits, numbers};
use anyhow::anyhow;
use regain_domain::approval::About;
use regain_domain::flow::{Attempt, State};
use regain_domain::gate::{Gate, Root};
use regain_domain::ids::MethodId;
use regain_domain::notice::ChannelKind;
use regain_store::approvals::Request;
use regain_store::{Error, approvals, outbox};

impl Writing<'_> {
    /// A new code; the former one is void, and its message is not sent any more.
    pub(super) async fn send(&mut self, method: Option<&(MethodId, Root)>) -> anyhow::Result<()> {
        let (open, to) = self.counted(method).await?;
        let (secret, expires_at) = code::renew(self.core, self.tx, self.before, &open, self.gathered.now).await?;
        let code = Code {
            channel: open.gate.channel().unwrap_or(ChannelKind::Mail),
            to: to.as_deref(),
            digits: secret,
            expires_at,
        };
        notice::code(self.core, self.tx, self.post.visit, self.before, code).await
    }

    /// A phone is called, or the phones with the authenticator are woken; a former request counts no more.
    pub(super) async fn ask(&mut self, method: Option<&(MethodId, Root)>) -> anyhow::Result<()> {
        let (open, to) = self.counted(method).await?;
        let is_push = open.gate == Gate::AppPush;
        if !limits::count_ask(self.core, self.tx, proofs_key(self.core, self.before)).await? {
            return Err(Error::Conflict.into());
        }
        let (now, token) = (self.gathered.now, self.core.cookie());
        let visit = self.post.visit;
        let subject = notice::subject(self.before.purpose);
        let about = About {
            speaks_code: open.gate == Gate::MobileCall && visit.tenant.settings.policy.phones.call_speaks_code,
            ..visit.about(subject)
        };
        let request = Request {
            flow: Some(self.before.id),
            // Of a request that goes nowhere no phone hears, not even when it is opened.
            account: self.before.subject.account().filter(|_| !is_push || to.is_some()),
            method: method.map(|(id, _)| *id),
            number: is_push.then(|| authenticator::number(self.core)),
            ..Request::new(open.id.0, about, now)
        };
        approvals::ask(self.tx, &request, calls::hash(&token), now).await?;
        if is_push {
            return authenticator::call(self.core, self.tx, &request, None).await;
        }
        notice::call(self.core, self.tx, &request, to.as_deref(), token).await
    }

    /// Counts a message of the open attempt, and says where it goes.
    async fn counted(&mut self, method: Option<&(MethodId, Root)>) -> anyhow::Result<(Attempt, Option<String>)> {
        let now = self.gathered.now;
        let State::Gating(Some(open)) = &mut self.after.state else {
            return Err(anyhow!("a message was to be sent without an open attempt"));
        };
        let Some(key) = self.gathered.send_key.or(open.send_key) else {
            return Err(anyhow!("a message was to be sent without a counter"));
        };
        if !limits::count_send(self.core, self.tx, key).await? {
            return Err(Error::Conflict.into());
        }
        open.send_key = Some(key);
        open.resend_at = Some(now.plus(limits::resend_wait()));
        let open = open.clone();
        outbox::void_codes(self.tx, self.before.id).await?;
        let to = self.recipient(&open, method, key).await?;
        Ok((open, to))
    }

    /// Where the message goes: nowhere for a decoy, for a person whose resets rest, and when the mailbox or number itself has
    /// had as many as may be, from whichever account, or its range has. The page says the same in all of these cases.
    async fn recipient(
        &self,
        open: &Attempt,
        method: Option<&(MethodId, Root)>,
        send_key: [u8; 32],
    ) -> anyhow::Result<Option<String>> {
        let account = self.gathered.account.as_ref();
        let found = method.and_then(|(id, _)| account?.methods.iter().find(|method| method.id == *id));
        let key = match found {
            Some(method) => self.core.counter("mailboxes", method.root().as_str().as_bytes()),
            None => self.core.counter("decoys", &send_key),
        };
        let mut is_free = limits::count_send(self.core, self.tx, key).await?;
        if open.gate.is_phone() {
            let own = found.and_then(|method| numbers::range_of(&method.root()));
            // Of a decoy that is sent again the range is not known any more: it counts in a row of its own.
            let range = self
                .gathered
                .range
                .clone()
                .or(own)
                .unwrap_or_else(|| open.id.to_string());
            is_free &= limits::count_paid(self.core, self.tx, &range).await?;
        }
        let is_blocked = self.gathered.facts().blocked_until.is_some();
        let to = match open.gate {
            // All of the person's phones, which are looked up when they are woken.
            Gate::AppPush => found.map(|method| method.id.to_string()),
            _ => found.and_then(|method| method.value.clone()),
        };
        Ok(to.filter(|_| is_free && !is_blocked))
    }
}
