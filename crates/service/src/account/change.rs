//! Changing a password that is known: voluntarily by somebody who is signed in, or because it has to be before they are.

use super::asked::{due, note_asked};
use super::failures::forget;
use super::{Account, life};
use crate::again::again;
use crate::core::cookie_hash;
use crate::hash::Crowded;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use crate::{audit, dice, limits, notice};
use regain_directory::{Owner, owner};
use regain_domain::account::Account as Person;
use regain_domain::audit::{Activity, Entry};
use regain_domain::change::{ChangeForm, ChangeScreen, too_young, wants_password};
use regain_domain::limits::PASSWORDS_PER_FLOW;
use regain_domain::password::{Names, NewPassword, PasswordPolicy, normal_form, refusals};
use regain_domain::sign_in::Said;
use regain_domain::{Refusal, Secret, Timestamp};
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, accounts, enrolments, flows, former_passwords, sessions};

/// A change as it was posted.
pub struct Change {
    /// The present password; empty where it was not asked for.
    pub present: Secret,
    /// The new one.
    pub new: Secret,
    /// Typed again.
    pub repeated: Secret,
}

/// Who changes their password, and in which session.
struct Changing {
    session: Session,
    person: Person,
}

impl Changing {
    fn is_due(&self) -> bool {
        self.session.stage == Stage::PasswordDue
    }

    fn wants_password(&self) -> bool {
        wants_password(self.is_due(), self.session.password_at.is_some())
    }
}

impl Account {
    /// What the page that changes a password shows. Writes nothing.
    pub async fn look_change(&self, visit: &Visit) -> anyhow::Result<ChangeScreen> {
        let now = self.core.now();
        let tx = self.core.store.read(visit.tenant.id).await?;
        let note = note::read(&self.core, visit, Page::Change).unwrap_or_default();
        Ok(match self.changing(&tx, visit, now).await? {
            Some(changing) => ChangeScreen::Form(form(visit, &changing, note.refusals)),
            None => ChangeScreen::SignedOut,
        })
    }

    /// Changes it. The present password is compared first, and a wrong one counts as it does at sign-in (R18).
    pub async fn change(&self, visit: &Visit, change: Change) -> anyhow::Result<Stepped<ChangeScreen>> {
        let now = self.core.now();
        let tx = self.core.store.read(visit.tenant.id).await?;
        let Some(changing) = self.changing(&tx, visit, now).await? else {
            return Ok(stale());
        };
        drop(tx);
        let asks = changing.wants_password();
        if asks {
            match self.is_password_of(visit, &changing.person, &change.present).await? {
                Ok(true) => {}
                Ok(false) => return self.refused(visit, &changing, vec![Refusal::PasswordWrong]).await,
                Err(refusal) => return self.refused(visit, &changing, vec![refusal]).await,
            }
        }
        let refused = self.judged(visit, &changing, &change, asks).await?;
        if !refused.is_empty() {
            return self.refused(visit, &changing, refused).await;
        }
        let salt = dice::bytes(&mut self.core.dice());
        match self.core.hasher.hash(normal_form(&change.new), salt).await? {
            Ok(hash) => again(|| self.written(visit, &changing, &hash)).await,
            Err(Crowded) => self.refused(visit, &changing, vec![Refusal::Busy { seconds: 2 }]).await,
        }
    }

    /// Whoever is signed in, or has to change the password before they are.
    async fn changing(&self, tx: &Tx, visit: &Visit, now: Timestamp) -> anyhow::Result<Option<Changing>> {
        if let Some((session, person)) = self.signed_in(tx, visit, now).await? {
            return Ok(Some(Changing { session, person }));
        }
        let session = self.alive(tx, visit, now).await?;
        let Some(session) = session.filter(|session| session.stage == Stage::PasswordDue) else {
            return Ok(None);
        };
        let person = accounts::by_id(tx, session.account).await?;
        let person = person.filter(|person| super::is_in(&session, person, now));
        Ok(person.map(|person| Changing { session, person }))
    }

    /// Why the new password is not taken: by the rules, then by comparing it with the present one and those remembered.
    async fn judged(
        &self,
        visit: &Visit,
        changing: &Changing,
        change: &Change,
        asks: bool,
    ) -> anyhow::Result<Vec<Refusal>> {
        let (person, settings) = (&changing.person, &visit.tenant.settings);
        let policy = PasswordPolicy::of(Some(person), settings);
        let names = Names::of(Some(person), settings);
        let new = NewPassword {
            typed: &change.new,
            repeated: &change.repeated,
            present: asks.then_some(&change.present),
        };
        let mut refused = refusals(&policy, &names, self.core.lists, new);
        refused.extend(too_young(&policy, person, self.core.now()));
        if refused.is_empty() {
            refused.extend(
                self.compared(changing, &change.new, policy.n_remembered(), visit)
                    .await?,
            );
        }
        Ok(refused)
    }

    /// Whether it is the present password or a former one. Each of these costs a hash, so that only so many are compared.
    async fn compared(
        &self,
        changing: &Changing,
        new: &Secret,
        n_remembered: u32,
        visit: &Visit,
    ) -> anyhow::Result<Option<Refusal>> {
        let (id, session) = (changing.person.id, changing.session.id);
        let tx = self.core.store.write(visit.tenant.id).await?;
        let key = self.core.counter("changes", session.0.as_bytes());
        let may_go = limits::take_one(&self.core, &tx, key, &PASSWORDS_PER_FLOW).await?;
        let former = former_passwords::hashes(&tx, id, n_remembered).await?;
        let present: Vec<String> = accounts::password_hash(&tx, id).await?.into_iter().collect();
        tx.commit().await?;
        if let Err(seconds) = may_go {
            return Ok(Some(Refusal::TooManyRequests { seconds }));
        }
        for (stored, refusal) in [(present, Refusal::PwSame), (former, Refusal::PwHistory)] {
            match self.core.hasher.is_one_of(new, &stored).await? {
                Ok(false) => {}
                Ok(true) => return Ok(Some(refusal)),
                Err(Crowded) => return Ok(Some(Refusal::Busy { seconds: 2 })),
            }
        }
        Ok(None)
    }

    /// The write: everything else of the person's ends with it, but the session in which it was made (R08).
    async fn written(&self, visit: &Visit, seen: &Changing, hash: &str) -> anyhow::Result<Stepped<ChangeScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        accounts::hold(&tx, seen.person.id).await?;
        let live = self.changing(&tx, visit, now).await?;
        // Somebody else may have changed it meanwhile, or ended the session.
        let is_same = |live: &Changing| {
            live.session.id == seen.session.id
                && live.session.stage == seen.session.stage
                && live.person.password_changed_at == seen.person.password_changed_at
        };
        let Some(Changing { session, person }) = live.filter(is_same) else {
            return Ok(stale());
        };
        let n_remembered = visit.tenant.settings.password.n_remembered();
        match owner(&person) {
            Owner::BuiltIn => {
                let set_at = person.password_changed_at;
                accounts::set_password(&tx, person.id, hash, set_at, now, n_remembered).await?;
            }
        }
        flows::end_others(&tx, person.id, None, now).await?;
        enrolments::end_all(&tx, person.id).await?;
        let n_ended = sessions::end_all(&tx, person.id, Some(session.id), now).await?;
        forget(&tx, &person.user_name).await?;
        let (cookie, stages) = (self.core.cookie(), (session.stage, Stage::SignedIn));
        let expires_at = match session.stage {
            Stage::SignedIn => session.expires_at,
            Stage::CodeDue | Stage::PasswordDue => now.plus(life(Stage::SignedIn, session.is_staff)),
        };
        if !sessions::promote(&tx, &session, stages, cookie_hash(&cookie), expires_at, now).await? {
            return Ok(stale());
        }
        notice::changed(&self.core, &tx, visit, &person, n_ended).await?;
        let how = if seen.is_due() { "forced" } else { "voluntary" };
        let entry = Entry::success(Activity::PasswordChanged, how);
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        let screen = match seen.is_due() {
            true => self.after_due(&tx, visit, &session).await?,
            false => ChangeScreen::Done,
        };
        tx.commit().await?;
        let n_sessions_ended = u32::try_from(n_ended).unwrap_or(u32::MAX);
        let note = self.said_at_home(visit, Said::PasswordChanged { n_sessions_ended })?;
        Ok(Stepped {
            session: Keep::Set(cookie),
            is_staff: session.is_staff,
            note: Keep::Set(note),
            ..Stepped::new(screen)
        })
    }

    /// Where the sign-in goes on that was held up by the change.
    async fn after_due(&self, tx: &Tx, visit: &Visit, session: &Session) -> anyhow::Result<ChangeScreen> {
        let now = self.core.now();
        let Some(person) = accounts::by_id(tx, session.account).await? else {
            return Ok(ChangeScreen::Done);
        };
        note_asked(tx, visit, &person, now).await?;
        Ok(match due(visit, &person, session, now) {
            Some(_) => ChangeScreen::AskedNext,
            None => ChangeScreen::Done,
        })
    }

    /// The form once more, with the reasons; the note carries them to a page without scripts. The audit is told, and of nobody
    /// in particular while the present password was not right.
    async fn refused(
        &self,
        visit: &Visit,
        changing: &Changing,
        refusals: Vec<Refusal>,
    ) -> anyhow::Result<Stepped<ChangeScreen>> {
        let now = self.core.now();
        let standing = match refusals.first() {
            Some(Refusal::Busy { .. }) => Standing::Busy,
            Some(Refusal::TooManyRequests { .. }) => Standing::TooMany,
            _ => Standing::Current,
        };
        let is_shown = !matches!(refusals.first(), Some(Refusal::PasswordWrong | Refusal::SignInPaused));
        let why = refusals.first().map_or("", Refusal::code);
        let (entry, person) = (Entry::failure(Activity::PasswordChanged, why), &changing.person);
        let tx = self.core.store.write(visit.tenant.id).await?;
        let actor = Some(person).filter(|_| is_shown);
        audit::write(&tx, visit, &entry, actor, Some(person.id), None, now).await?;
        tx.commit().await?;
        let note = Note {
            page: Page::Change,
            refusals: refusals.clone(),
            at: now,
            ..Note::default()
        };
        Ok(Stepped {
            standing,
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(ChangeScreen::Form(form(visit, changing, refusals)))
        })
    }
}

fn form(visit: &Visit, changing: &Changing, refusals: Vec<Refusal>) -> ChangeForm {
    let (person, settings) = (&changing.person, &visit.tenant.settings);
    let names = Names::of(Some(person), settings);
    ChangeForm {
        user_name: person.user_name.as_str().to_owned(),
        wants_password: changing.wants_password(),
        is_due: changing.is_due(),
        rules: PasswordPolicy::of(Some(person), settings).shown(names),
        refusals,
    }
}

fn stale() -> Stepped<ChangeScreen> {
    Stepped {
        standing: Standing::Stale,
        ..Stepped::new(ChangeScreen::SignedOut)
    }
}
