//! What the wizard's page shows where there is no flow: who one is, or a stop.

use super::{Reset, bound};
use crate::note::Note;
use crate::registration::picture;
use crate::visit::Visit;
use regain_domain::Refusal;
use regain_domain::flow::{CaptchaOffer, Client, Handoff, HelpRequest, Screen, Step};
use regain_domain::limits::KIOSK_IDLE;
use regain_domain::policy::{Scope, offers_unlock};

impl Reset {
    pub(super) async fn identify_screen(&self, visit: &Visit, note: Note) -> anyhow::Result<Screen> {
        let bound = bound(visit);
        let now = self.core.now();
        let (ticket, answer) = self.core.captcha().ticket(bound, now, &mut self.core.dice());
        self.core.show_captcha(visit, &ticket, &answer).await?;
        let wait = note.wait.and_then(|ticket| {
            let left = self.core.captcha().wait_left(bound, &ticket, now)?;
            Some((ticket, left))
        });
        let step = Step::Identify {
            user_name: note.user_name,
            captcha: CaptchaOffer { ticket, wait },
            is_off: visit.tenant.settings.policy.scope == Scope::None,
            domain: visit.tenant.settings.first_domain().to_owned(),
            unlock: offers_unlock(&visit.tenant.settings).then_some(note.is_unlock),
        };
        Ok(Screen {
            refusals: note.refusal.into_iter().collect(),
            handoff: handoff(visit)?,
            ..plain_screen(visit, step)
        })
    }
}

/// A stop without a row.
pub(super) fn stopped(visit: &Visit, refusal: Refusal) -> Screen {
    plain_screen(visit, Step::Stopped(refusal))
}

/// A kiosk that is none of the tenant's: nothing begins here, but on the person's own phone.
pub(super) fn kept_out(visit: &Visit) -> anyhow::Result<Screen> {
    Ok(Screen {
        handoff: handoff(visit)?,
        ..stopped(visit, Refusal::KioskUnknown)
    })
}

/// The wizard's address for the phone of whoever stands before a kiosk. It says what anybody may know: a picture of it is
/// worth nothing, since the phone has its own captcha and its own gates to pass (R58).
fn handoff(visit: &Visit) -> anyhow::Result<Option<Handoff>> {
    if visit.client == Client::Browser {
        return Ok(None);
    }
    let address = format!("{}/reset", visit.tenant.base_url);
    let picture = picture(&address)?;
    Ok(Some(Handoff { address, picture }))
}

fn plain_screen(visit: &Visit, step: Step) -> Screen {
    Screen {
        step,
        refusals: Vec::new(),
        reference: None,
        help: visit.tenant.settings.brand.help.clone(),
        help_request: HelpRequest::No,
        seconds_left: None,
        idle_in: (visit.client == Client::Kiosk).then_some(u32::try_from(KIOSK_IDLE.as_secs()).unwrap_or(u32::MAX)),
        handoff: None,
    }
}
