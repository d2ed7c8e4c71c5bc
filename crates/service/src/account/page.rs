//! What the sign-in page shows after a post, and what the note keeps of it for a page without scripts.

use super::Account;
use crate::note::{self, Note, Page};
use crate::passkey;
use crate::visit::{Keep, Stepped, Visit};
use regain_domain::Refusal;
use regain_domain::ids::SessionId;
use regain_domain::sign_in::{AccountScreen, Said};
use regain_store::ceremonies::Owner;

impl Account {
    pub(super) fn form(&self, visit: &Visit) -> AccountScreen {
        let note = note::read(&self.core, visit, Page::SignIn).unwrap_or_default();
        AccountScreen::SignIn {
            user_name: note.user_name,
            refusal: note.refusal,
            help: visit.tenant.settings.brand.help.clone(),
        }
    }

    pub(super) fn stay(&self, visit: &Visit, typed: &str, refusal: Refusal) -> anyhow::Result<Stepped<AccountScreen>> {
        let user_name: String = typed.chars().take(200).collect();
        let note = self.note(Some(refusal.clone()), user_name.clone());
        let help = visit.tenant.settings.brand.help.clone();
        let screen = AccountScreen::SignIn {
            user_name,
            refusal: Some(refusal),
            help,
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen)
        })
    }

    /// The note that lets one's own page say what was done.
    pub(crate) fn said_at_home(&self, visit: &Visit, said: Said) -> anyhow::Result<String> {
        let note = Note {
            page: Page::Home,
            done: Some(said),
            at: self.core.now(),
            ..Note::default()
        };
        note::write(&self.core, visit, &note)
    }

    pub(super) async fn code_refused(
        &self,
        visit: &Visit,
        session: SessionId,
        is_missing: bool,
    ) -> anyhow::Result<Stepped<AccountScreen>> {
        let refusal = if is_missing {
            Refusal::CodeMissing
        } else {
            Refusal::SignInFailed
        };
        let note = self.note(Some(refusal.clone()), String::new());
        let tx = self.core.store.read(visit.tenant.id).await?;
        let screen = AccountScreen::Code {
            passkey: passkey::options(&tx, Owner::Session(session), self.core.now()).await?,
            refusal: Some(refusal),
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(screen)
        })
    }

    fn note(&self, refusal: Option<Refusal>, user_name: String) -> Note {
        Note {
            page: Page::SignIn,
            refusal,
            user_name,
            at: self.core.now(),
            ..Note::default()
        }
    }
}
