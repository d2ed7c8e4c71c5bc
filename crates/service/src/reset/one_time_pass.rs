//! The gate of a one-time pass: compared outside any transaction, since it costs a hash, and spent within the one that passes the
//! gate (R03, R52).

use super::Reset;
use crate::hash::Crowded;
use crate::visit::Visit;
use regain_domain::Secret;
use regain_domain::flow::{Flow, Subject};
use regain_domain::ids::{AccountId, MethodId};
use regain_store::one_time_passes;
use uuid::Uuid;

impl Reset {
    /// The pass that was typed, if it is the one that the person was given last, good or not. For everybody else as much work is
    /// done with nothing (R10, R22).
    pub(super) async fn pass_of(
        &self,
        visit: &Visit,
        flow: &Flow,
        typed: &Secret,
    ) -> anyhow::Result<Result<Option<MethodId>, Crowded>> {
        let whose = match flow.subject {
            Subject::Account(id) => id,
            Subject::Hollow { .. } => AccountId(Uuid::nil()),
        };
        let tx = self.core.store.read(visit.tenant.id).await?;
        let given = one_time_passes::hash(&tx, whose).await?;
        drop(tx);
        let (id, hash) = given.unzip();
        let typed = Secret::new(typed.expose().to_owned());
        let compared = self.core.hasher.is_right(typed, hash).await?;
        Ok(compared.map(|is_right| id.filter(|_| is_right)))
    }
}
