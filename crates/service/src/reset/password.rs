//! The wizard's last post: a new password is judged, compared with former ones and hashed outside any transaction; whether
//! it may be written is decided inside the one that writes.

use super::gather::Gathered;
use super::{Beforehand, Reset};
use crate::hash::Crowded;
use crate::limits::{self, Reserved};
use crate::visit::{Stepped, Visit};
use regain_domain::flow::{Flow, Input, Screen, State, grant};
use regain_domain::ids::AccountId;
use regain_domain::password::{Names, NewPassword, PasswordPolicy, normal_form, refusals};
use regain_domain::{Refusal, Secret};
use regain_store::{accounts, former_passwords};

/// What was found of a new password before the transaction that writes it.
pub(super) enum Judged {
    /// Nothing is against it.
    Good {
        /// Its hash.
        hash: String,
        /// Whose it is to be.
        person: Option<AccountId>,
    },
    /// It is not taken.
    Refused {
        /// Why.
        refusals: Vec<Refusal>,
        /// Whether no other one may be compared with former ones in this flow.
        is_last: bool,
    },
}

/// What a new password is compared with, and the place that it took among those of its flow.
struct Compared {
    stored: Vec<String>,
    reserved: Reserved,
}

impl Reset {
    pub(super) async fn password(
        &self,
        visit: &Visit,
        flow: &Flow,
        input: &Input,
        [new, repeated]: [&Secret; 2],
    ) -> anyhow::Result<Stepped<Screen>> {
        let refused = self.refusals(visit, flow, new, repeated).await?;
        let judged = match !refused.is_empty() || flow.state != State::Granted {
            true => Ok(Judged::Refused {
                refusals: refused,
                is_last: false,
            }),
            false => self.judged(visit, flow, new).await?,
        };
        match judged {
            Ok(judged) => {
                self.write(visit, (flow, input), None, Beforehand::Password(judged))
                    .await
            }
            Err(Crowded) => self.busy(visit).await,
        }
    }

    async fn refusals(
        &self,
        visit: &Visit,
        flow: &Flow,
        new: &Secret,
        repeated: &Secret,
    ) -> anyhow::Result<Vec<Refusal>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let gathered = Gathered::of(&self.core, &tx, visit, flow).await?;
        let facts = gathered.facts();
        let (account, settings) = (facts.account, facts.settings);
        let (policy, names) = (PasswordPolicy::of(account, settings), Names::of(account, settings));
        let new = NewPassword {
            typed: new,
            repeated,
            present: None,
        };
        Ok(refusals(&policy, &names, self.core.lists, new))
    }

    /// Compares it with former ones, where the tenant remembers any, and hashes it if it is none of them.
    async fn judged(&self, visit: &Visit, flow: &Flow, new: &Secret) -> anyhow::Result<Result<Judged, Crowded>> {
        if let Some(compared) = self.reserve_password(visit, flow).await? {
            let refused = |why, is_last| Judged::Refused {
                refusals: vec![why],
                is_last,
            };
            if compared.reserved.blocked_until.is_some() {
                return Ok(Ok(refused(Refusal::TriesSpent, true)));
            }
            match self.core.hasher.is_one_of(new, &compared.stored).await? {
                Ok(true) => return Ok(Ok(refused(Refusal::PwHistory, compared.reserved.is_last))),
                Ok(false) => {}
                Err(Crowded) => {
                    // Not all were compared, and nothing is told: it does not count.
                    let tx = self.core.store.write(visit.tenant.id).await?;
                    compared.reserved.settle(&tx, false).await?;
                    tx.commit().await?;
                    return Ok(Err(Crowded));
                }
            }
        }
        let salt = crate::dice::bytes(&mut self.core.dice());
        let hashed = self.core.hasher.hash(normal_form(new), salt).await?;
        let person = flow.subject.account();
        Ok(hashed.map(|hash| Judged::Good { hash, person }))
    }

    /// Takes one of the flow's places in a commit of its own (R17), and reads the present and the former hashes. Nothing
    /// where none are remembered, or where there is no grant: the write will say so.
    async fn reserve_password(&self, visit: &Visit, flow: &Flow) -> anyhow::Result<Option<Compared>> {
        let n_remembered = visit.tenant.settings.password.n_remembered();
        if n_remembered == 0 {
            return Ok(None);
        }
        let tx = self.core.store.write(visit.tenant.id).await?;
        let mut gathered = Gathered::of(&self.core, &tx, visit, flow).await?;
        gathered.see_block(&self.core, &tx, flow).await?;
        let Ok(grant) = grant(flow, &gathered.facts()) else {
            return Ok(None);
        };
        let Some(account) = grant.of_password() else {
            return Ok(None);
        };
        let reserved = limits::reserve_password(&self.core, &tx, flow.id).await?;
        let mut stored = former_passwords::hashes(&tx, account, n_remembered).await?;
        stored.extend(accounts::password_hash(&tx, account).await?);
        tx.commit().await?;
        Ok(Some(Compared { stored, reserved }))
    }
}
