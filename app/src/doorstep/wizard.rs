//! What the wizard answers: where it goes on, and in a kiosk how soon its cookie is forgotten (R58).

use super::Door;
use crate::Fault;
use crate::ui::{ANEW, KIOSK};
use regain_domain::flow::{Screen, Step};
use regain_service::{Keep, Stepped};

impl Door {
    /// Answers a post of the wizard. The screen tells where it goes on, and so the row does: whatever address a flow of a kiosk
    /// was posted to, it stays in the kiosk.
    pub fn answer_wizard(&self, step: regain_service::Result<Stepped<Screen>>) -> Result<Screen, Fault> {
        let page = match &step {
            Ok(stepped) if !stepped.screen.is_kiosk() => "/reset",
            Ok(stepped) if has_left(stepped) => ANEW,
            _ => KIOSK,
        };
        self.answer(page, step.map(|stepped| self.kept(stepped)))
    }

    /// Answers an identify: once a flow has begun, it goes to an address that tells a browser without cookies so (R07).
    pub fn answer_identify(&self, step: regain_service::Result<Stepped<Screen>>) -> Result<Screen, Fault> {
        let page = match &step {
            Ok(stepped) if matches!(stepped.screen.step, Step::Identify { .. }) => return self.answer_wizard(step),
            Ok(stepped) if stepped.screen.is_kiosk() => "/kiosk?started",
            _ => "/reset?started",
        };
        self.answer(page, step.map(|stepped| self.kept(stepped)))
    }

    /// In a kiosk the cookie lasts as long as the page waits, and goes with the flow. Without scripts it is still wanted for
    /// the page that says how it ended, and goes when that one clears itself.
    fn kept(&self, mut stepped: Stepped<Screen>) -> Stepped<Screen> {
        let screen = &stepped.screen;
        let is_over = matches!(screen.step, Step::Done(_) | Step::Stopped(_));
        stepped.flow = match (stepped.flow, is_over) {
            (keep, _) if !screen.is_kiosk() => keep,
            (_, true) if !self.wants_page => Keep::Drop,
            (Keep::Set(value), _) => Keep::SetBriefly(value),
            (Keep::AsIs, _) if screen.seconds_left.is_some() || is_over => {
                self.visit.flow.clone().map_or(Keep::AsIs, Keep::SetBriefly)
            }
            (keep, _) => keep,
        };
        stepped
    }
}

/// Whether nothing of the visitor is left.
fn has_left(stepped: &Stepped<Screen>) -> bool {
    (&stepped.flow, &stepped.note) == (&Keep::Drop, &Keep::Drop)
}
