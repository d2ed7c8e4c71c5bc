//! One-time passes as staff give them (R52): counted, drawn, kept as a hash, and shown once to whoever gave it.

use super::{Console, Staff};
use crate::dice::{below, bytes};
use crate::hash::Crowded;
use crate::limits::take_one;
use crate::visit::Visit;
use regain_domain::gate::one_time::DIGITS;
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::limits::{ONE_TIME_PASS_LIFE, PASSES_PER_PERSON, PASSES_PER_STAFF};
use regain_domain::people::{Given, PersonView};
use regain_domain::policy::is_beside;
use regain_domain::staff::Guarded;
use regain_domain::text::in_fours;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::{Tx, one_time_passes};
use std::time::Duration;
use uuid::Uuid;

/// A pass that is not given yet.
pub(super) struct Drawn {
    id: MethodId,
    digits: Secret,
    hash: String,
    expires_at: Timestamp,
}

impl Console {
    /// Draws a pass for a person, where neither they nor the staff member had too many of late.
    pub(super) async fn draw_pass(
        &self,
        visit: &Visit,
        staff: &Staff,
        person: AccountId,
    ) -> anyhow::Result<Result<Drawn, Refusal>> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        let key = |what: &str, id: AccountId| self.core.counter(what, id.0.as_bytes());
        let by = take_one(&self.core, &tx, key("passes-by", staff.person.id), &PASSES_PER_STAFF).await?;
        let to = take_one(&self.core, &tx, key("passes-to", person), &PASSES_PER_PERSON).await?;
        tx.commit().await?;
        if let Err(seconds) = by.and(to) {
            let until = self.core.now().plus(Duration::from_secs(seconds.into()));
            return Ok(Err(Refusal::PassesEnough { until }));
        }
        let mut dice = self.core.dice();
        let digits: String = (0..DIGITS)
            .filter_map(|_| char::from_digit(below(&mut dice, 10), 10))
            .collect();
        let (digits, salt) = (Secret::new(digits), bytes(&mut dice));
        let typed = Secret::new(digits.expose().to_owned());
        Ok(match self.core.hasher.hash(typed, salt).await? {
            Ok(hash) => Ok(Drawn {
                id: MethodId(Uuid::new_v4()),
                digits,
                hash,
                expires_at: self.core.now().plus(ONE_TIME_PASS_LIFE),
            }),
            Err(Crowded) => Err(Refusal::Busy { seconds: 2 }),
        })
    }
}

impl Drawn {
    /// From now on it counts, and the former one does not.
    pub(super) async fn give(&self, tx: &Tx, person: AccountId) -> anyhow::Result<()> {
        Ok(one_time_passes::give(tx, person, self.id, &self.hash, self.expires_at).await?)
    }

    /// Shows it, in this one answer.
    pub(super) fn show(&self, visit: &Visit, screen: &mut Guarded<Option<PersonView>>) {
        if let Guarded::Page(page) = screen
            && let Some(view) = page.as_mut()
        {
            view.given = Some(Given {
                pass: in_fours(self.digits.expose()),
                until: self.expires_at,
                is_beside: is_beside(None, &visit.tenant.settings),
            });
        }
    }
}
