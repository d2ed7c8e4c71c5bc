//! Registered methods are named, preferred and removed.

use super::{Entitled, Registration, Word};
use crate::again::again;
use crate::visit::{Stepped, Visit};
use crate::{audit, notice};
use regain_domain::Refusal;
use regain_domain::account::{Account as Person, Method};
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::MethodKind;
use regain_domain::ids::{MethodId, SessionId};
use regain_domain::notice::MethodChange;
use regain_domain::registration::{Said, SecurityScreen, hint, may_name, may_remove};
use regain_store::{Tx, methods};

/// What becomes of a registered method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// It gets the typed name, or none.
    Name,
    /// It is asked for first.
    Prefer,
    /// It is removed.
    Remove,
}

impl Act {
    /// Reads the field `act`.
    fn of_code(code: &str) -> Option<Self> {
        match code {
            "name" => Some(Self::Name),
            "prefer" => Some(Self::Prefer),
            "remove" => Some(Self::Remove),
            _ => None,
        }
    }
}

impl Registration {
    /// Changes one of the person's methods. A method that is not theirs is answered like one that is gone (R49).
    pub async fn change(
        &self,
        visit: &Visit,
        method: &str,
        act: &str,
        name: &str,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        again(|| self.changed_one(visit, method, act, name)).await
    }

    async fn changed_one(
        &self,
        visit: &Visit,
        method: &str,
        act: &str,
        name: &str,
    ) -> anyhow::Result<Stepped<SecurityScreen>> {
        let Some(entitled) = self.entitled(visit).await? else {
            return self.stale(visit).await;
        };
        let method = method.parse().ok().map(MethodId).and_then(|id| {
            let mut own = entitled.person.methods.iter();
            own.find(|method| method.id == id).cloned()
        });
        let (Some(method), Some(act)) = (method, Act::of_code(act)) else {
            drop(entitled);
            return self.told(visit, Word::Refused(Refusal::MethodUnavailable)).await;
        };
        let is_done = match act {
            Act::Name => self.name(visit, &entitled, &method, name).await?,
            Act::Prefer => self.prefer(visit, &entitled, &method).await?,
            Act::Remove => self.remove(visit, &entitled, &method).await?,
        };
        match is_done {
            Ok(said) => {
                entitled.tx.commit().await?;
                self.told(visit, Word::Said(said)).await
            }
            Err(refusal) => {
                drop(entitled);
                self.told(visit, Word::Refused(refusal)).await
            }
        }
    }

    async fn name(
        &self,
        visit: &Visit,
        entitled: &Entitled,
        method: &Method,
        name: &str,
    ) -> anyhow::Result<Result<Said, Refusal>> {
        let name = match may_name(name) {
            Ok(name) => name,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let is_there = methods::rename(&entitled.tx, entitled.person.id, method.id, name.as_deref()).await?;
        self.trail(visit, entitled, Activity::MethodChanged, "name").await?;
        Ok(there(is_there, Said::Named))
    }

    async fn prefer(
        &self,
        visit: &Visit,
        entitled: &Entitled,
        method: &Method,
    ) -> anyhow::Result<Result<Said, Refusal>> {
        let now = self.core.now();
        let is_there = methods::prefer(&entitled.tx, entitled.person.id, method.id, now).await?;
        self.trail(visit, entitled, Activity::MethodChanged, "preferred")
            .await?;
        Ok(there(is_there, Said::Preferred))
    }

    async fn remove(
        &self,
        visit: &Visit,
        entitled: &Entitled,
        method: &Method,
    ) -> anyhow::Result<Result<Said, Refusal>> {
        let Entitled { tx, session, person } = entitled;
        let records = methods::records(tx, person.id).await?;
        let Some(record) = records.into_iter().find(|record| record.method.id == method.id) else {
            return Ok(Err(Refusal::MethodUnavailable));
        };
        if let Err(refusal) = may_remove(&record, &visit.tenant.settings) {
            return Ok(Err(refusal));
        }
        if !methods::remove(tx, person.id, method.id).await? {
            return Ok(Err(Refusal::MethodUnavailable));
        }
        let shown = record.name.or_else(|| hint(method)).unwrap_or_default();
        self.removed(tx, visit, (session.id, person), method.kind, shown)
            .await?;
        Ok(Ok(Said::Removed))
    }

    /// A method is gone: what was begun with it ends, and its owner is told. `shown`: its name, or what may be shown of it.
    pub(super) async fn removed(
        &self,
        tx: &Tx,
        visit: &Visit,
        (session, person): (SessionId, &Person),
        kind: MethodKind,
        shown: String,
    ) -> anyhow::Result<()> {
        self.changed(tx, session, person).await?;
        let entry = Entry::success(Activity::MethodRemoved, kind.code());
        audit::write(tx, visit, &entry, Some(person), Some(person.id), None, self.core.now()).await?;
        let change = (MethodChange::Removed, kind, shown);
        // The removed one is among the person's mailboxes still.
        notice::methods_changed(&self.core, tx, visit, person, person.mailboxes(), change).await
    }

    async fn trail(&self, visit: &Visit, entitled: &Entitled, activity: Activity, reason: &str) -> anyhow::Result<()> {
        let Entitled { tx, person, .. } = entitled;
        let entry = Entry::success(activity, reason);
        audit::write(tx, visit, &entry, Some(person), Some(person.id), None, self.core.now()).await
    }
}

fn there(is_there: bool, said: Said) -> Result<Said, Refusal> {
    if is_there {
        Ok(said)
    } else {
        Err(Refusal::MethodUnavailable)
    }
}
