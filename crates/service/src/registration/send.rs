//! What proves an address or number that is on its way: a code, or a call.

use super::Registration;
use super::gather::root_of;
use super::proof;
use super::write::Writing;
use crate::reset::person_key;
use crate::{audit, authenticator, calls, limits, notice, numbers};
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::Stage;
use regain_domain::notice::{ChannelKind, Subject};
use regain_domain::registration::{Enrolment, proving_channel};
use regain_store::approvals::Request;
use regain_store::{Error, approvals, enrolments};
use uuid::Uuid;

impl Registration {
    pub(super) async fn send(&self, writing: &Writing<'_>, to: String) -> anyhow::Result<()> {
        let Writing { visit, gathered, .. } = writing;
        let (tx, now) = (&writing.entitled.tx, gathered.now);
        let is_free = self.counted(writing, &to).await?;
        let after = self.moved(writing, Stage::Code, to, "code-sent").await?;
        let letter = proof::letter(&self.core, tx, visit, &after, now).await?;
        let channel = proving_channel(after.kind, &visit.tenant.settings).unwrap_or(ChannelKind::Mail);
        let to = Some(after.value.as_str()).filter(|_| is_free);
        notice::confirm(&self.core, tx, visit, &writing.entitled.person, (channel, to), &letter).await
    }

    pub(super) async fn call(&self, writing: &Writing<'_>, to: String) -> anyhow::Result<()> {
        let (tx, now, person) = (&writing.entitled.tx, writing.gathered.now, &writing.entitled.person);
        let is_free = self.counted(writing, &to).await?;
        let key = person_key(&self.core, Some(person.id), &person.user_name);
        if !limits::count_ask(&self.core, tx, key).await? {
            return Err(Error::Conflict.into());
        }
        let after = self.moved(writing, Stage::Waiting, to, "called").await?;
        let (request, token) = (Self::request(writing, after.id.0), self.core.cookie());
        approvals::ask(tx, &request, calls::hash(&token), now).await?;
        let to = Some(after.value.as_str()).filter(|_| is_free);
        notice::call(&self.core, tx, &request, to, token).await
    }

    /// The phone that was added by the link is asked for its first approval, by a number that the page shows (R12).
    pub(super) async fn ask(&self, writing: &Writing<'_>) -> anyhow::Result<()> {
        let (tx, now, person) = (&writing.entitled.tx, writing.gathered.now, &writing.entitled.person);
        let key = person_key(&self.core, Some(person.id), &person.user_name);
        if !limits::count_ask(&self.core, tx, key).await? {
            return Err(Error::Conflict.into());
        }
        let after = self.moved(writing, Stage::Waiting, String::new(), "asked").await?;
        let request = Request {
            number: Some(authenticator::number(&self.core)),
            ..Self::request(writing, after.id.0)
        };
        approvals::ask(tx, &request, calls::hash(&self.core.cookie()), now).await?;
        authenticator::call(&self.core, tx, &request, Some(after.id)).await
    }

    /// A request to the phone that is on its way.
    fn request(writing: &Writing<'_>, owner: Uuid) -> Request {
        Request {
            account: Some(writing.entitled.person.id),
            ..Request::new(owner, writing.visit.about(Subject::Registration), writing.gathered.now)
        }
    }

    /// Counts the message. False if the mailbox, number or range has had enough, whoever asked: then nothing goes out, and the
    /// page says the same, since who else asks is nobody's business.
    async fn counted(&self, writing: &Writing<'_>, to: &str) -> anyhow::Result<bool> {
        let tx = &writing.entitled.tx;
        let Some([own, all]) = writing.gathered.send_keys else {
            return Err(Error::Conflict.into());
        };
        if !limits::count_send(&self.core, tx, own).await? {
            return Err(Error::Conflict.into());
        }
        let mut is_free = limits::count_send(&self.core, tx, all).await?;
        let range = root_of(writing.pending.kind, to).and_then(|root| numbers::range_of(&root));
        if let Some(range) = range {
            is_free &= limits::count_paid(&self.core, tx, &range).await?;
        }
        Ok(is_free)
    }

    async fn moved(&self, writing: &Writing<'_>, stage: Stage, value: String, how: &str) -> anyhow::Result<Enrolment> {
        let Writing {
            visit,
            pending,
            gathered,
            ..
        } = writing;
        let (tx, now, person) = (&writing.entitled.tx, gathered.now, &writing.entitled.person);
        let after = Enrolment {
            stage,
            value,
            resend_at: Some(now.plus(limits::resend_wait())),
            refusals: Vec::new(),
            ..(*pending).clone()
        };
        enrolments::update(tx, pending, &after).await?;
        let entry = Entry::success(Activity::MethodRegistered, how);
        audit::write(tx, visit, &entry, Some(person), Some(person.id), None, now).await?;
        Ok(after)
    }
}
