//! What the wizard's page shows where there is no flow: who one is, or a stop.

use super::{Reset, bound};
use crate::note::Note;
use crate::visit::Visit;
use regain_domain::Refusal;
use regain_domain::flow::{CaptchaOffer, Screen, Step};
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
            ..plain_screen(visit, step)
        })
    }
}

/// A stop without a row.
pub(super) fn stopped(visit: &Visit, refusal: Refusal) -> Screen {
    plain_screen(visit, Step::Stopped(refusal))
}

fn plain_screen(visit: &Visit, step: Step) -> Screen {
    Screen {
        step,
        refusals: Vec::new(),
        reference: None,
        help: visit.tenant.settings.brand.help.clone(),
        is_help_asked: false,
        seconds_left: None,
    }
}
