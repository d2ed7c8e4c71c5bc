//! What only a kiosk asks of the wizard: to wait on while somebody is there, and to be as if nobody had been (R58).

use super::Reset;
use super::find::Found;
use super::page::kept_out;
use crate::kiosk;
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::flow::{Client, Flow, Input, Screen};
use regain_domain::limits::KIOSK_IDLE;
use regain_domain::policy::Mode;
use regain_store::flows;

impl Reset {
    /// Somebody is still there: the flow waits anew, and nothing else of it changes. A flow that has been idle for too long
    /// is over, whatever its screen still shows.
    pub async fn touch(&self, visit: &Visit) -> anyhow::Result<Stepped<Screen>> {
        let found = self.glance(visit).await?;
        let (mode, visit) = (found.mode(visit), &*found.visited(visit));
        let stepped = self.touched(visit, found).await;
        if mode == Mode::Discreet {
            self.release(visit.arrived_at).await;
        }
        stepped
    }

    async fn touched(&self, visit: &Visit, found: Found) -> anyhow::Result<Stepped<Screen>> {
        let is_touched = match &found {
            Found::Flow(flow) if flow.client == Client::Kiosk && flow.state.is_open() => {
                self.waits_anew(visit, flow).await?
            }
            Found::KeptOut => return self.shut_out(visit).await,
            Found::Flow(_) | Found::Gone | Found::Nothing => false,
        };
        match is_touched {
            true => {
                let (tx, found) = self.find(visit).await?;
                Ok(Stepped::new(self.shown(tx, visit, found, false, "").await?))
            }
            false => self.stale(visit).await,
        }
    }

    async fn waits_anew(&self, visit: &Visit, flow: &Flow) -> anyhow::Result<bool> {
        let now = self.core.now();
        if flow.is_over(now) {
            return Ok(false);
        }
        let tx = self.core.store.write(visit.tenant.id).await?;
        let is_touched = flows::touch(&tx, flow.id, now.minus(KIOSK_IDLE), now).await?;
        tx.commit().await?;
        Ok(is_touched)
    }

    /// A post in a kiosk that is none of the tenant's: whatever was begun there is forgotten.
    pub(super) async fn shut_out(&self, visit: &Visit) -> anyhow::Result<Stepped<Screen>> {
        kiosk::tell_unknown(&self.core, visit).await?;
        Ok(Stepped {
            flow: Keep::Drop,
            note: Keep::Drop,
            ..Stepped::new(kept_out(visit)?)
        })
    }

    /// Leaving a kiosk: the flow ends, and the page is the one of whoever comes next.
    pub(super) async fn clear(&self, visit: &Visit, flow: &Flow) -> anyhow::Result<Stepped<Screen>> {
        let left = self.prove_or_choose(visit, flow, &Input::Cancel).await?;
        match left.standing {
            Standing::Current | Standing::Stale => self.leave(visit).await,
            Standing::TooMany | Standing::Busy => Ok(left),
        }
    }
}
