//! A change of the policy: put down, looked at, and then saved as what was seen, or not at all.

use super::view::{UnderWay, drafted};
use super::{Console, Staff};
use crate::again::again;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::audit::Activity;
use regain_domain::policy::page::{Change, Difference, PolicyPage, PolicyScreen, Told};
use regain_domain::policy::preview::Preview;
use regain_domain::policy::setting::{Kind, Setting};
use regain_domain::policy::{Migration, differences, proposal};
use regain_domain::{Refusal, Secret};
use regain_store::policy_drafts::{self, Draft};
use regain_store::{Error, Tx, accounts, groups, settings};
use uuid::Uuid;

impl Console {
    /// Puts a change down. Nothing counts yet: the page shows what it would do. `version`: the one that it was begun on.
    pub async fn draft(
        &self,
        visit: &Visit,
        page: PolicyPage,
        version: i64,
        typed: Vec<(Setting, String)>,
    ) -> anyhow::Result<Stepped<PolicyScreen>> {
        let (tx, staff) = match self.enter(visit, page.act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let mut draft = Draft {
            id: Uuid::new_v4(),
            page,
            version,
            typed,
        };
        let groups = groups::all(&tx).await?;
        let settings = visit.tenant.settings.as_ref();
        let is_shown = |setting: Setting| page == PolicyPage::Versions || setting.stands(settings);
        draft.typed.retain(|(setting, _)| is_shown(*setting));
        let drafted = drafted(&draft, settings, &groups);
        if drafted.wrongs.is_empty() && differences(settings, &drafted.after, &groups).is_empty() {
            policy_drafts::drop(&tx, staff.session.id, page).await?;
            tx.commit().await?;
            return self.said(visit, page, Told::Same).await;
        }
        policy_drafts::put(&tx, staff.session.id, &draft).await?;
        // Looking whom it touches is reading of people (R54).
        self.told(&tx, visit, &staff, None, (Activity::PolicyPreviewed, page.code()))
            .await?;
        tx.commit().await?;
        self.shown(visit, page, Note::default()).await
    }

    /// Puts down the change that leads back to a version: every setting of the console as it was then.
    pub async fn go_back(&self, visit: &Visit, version: i64) -> anyhow::Result<Stepped<PolicyScreen>> {
        let page = PolicyPage::Versions;
        let (tx, _) = match self.enter_reading(visit, page.act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let saved = settings::of_version(&tx, version).await?;
        let groups = groups::all(&tx).await?;
        drop(tx);
        let Some(saved) = saved else {
            return self.stale(visit, page).await;
        };
        let mut then = saved.value;
        let methods = &mut then.policy.methods;
        // What was complete is not opened without a reason (`domain.md` §16): here it is the version.
        if is_complete(visit) && methods.state == Migration::InProgress && methods.reason.is_empty() {
            methods.reason = format!("v{version}");
        }
        let typed = Setting::ALL
            .into_iter()
            .map(|setting| (setting, setting.read(&then, &groups)))
            .collect();
        self.draft(visit, page, visit.tenant.version, typed).await
    }

    /// The guide: puts down the methods policy that allows whatever any of the policies allows by now (`domain.md` §16). It is
    /// looked at, changed and saved as any other change of that page.
    pub async fn guide(&self, visit: &Visit) -> anyhow::Result<Stepped<PolicyScreen>> {
        let page = PolicyPage::MethodsPolicy;
        let (tx, _) = match self.enter_reading(visit, page.act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let groups = groups::all(&tx).await?;
        drop(tx);
        if is_complete(visit) {
            return self.stale(visit, page).await;
        }
        let mut proposed = visit.tenant.settings.as_ref().clone();
        proposed.policy.methods = proposal(&proposed.policy);
        let typed = page
            .settings()
            .into_iter()
            .map(|setting| (setting, setting.read(&proposed, &groups)))
            .collect();
        self.draft(visit, page, visit.tenant.version, typed).await
    }

    /// Drops the change.
    pub async fn discard(&self, visit: &Visit, page: PolicyPage) -> anyhow::Result<Stepped<PolicyScreen>> {
        let (tx, staff) = match self.enter(visit, page.act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        policy_drafts::drop(&tx, staff.session.id, page).await?;
        tx.commit().await?;
        self.said(visit, page, Told::Discarded).await
    }

    /// Saves the change that was seen: the same fields on the same version, with the same counts. Anything else is shown
    /// once more (R50: the password, unless it was typed within five minutes).
    pub async fn save(
        &self,
        visit: &Visit,
        page: PolicyPage,
        seen: &str,
        password: Secret,
    ) -> anyhow::Result<Stepped<PolicyScreen>> {
        let (tx, staff) = match self.enter_reading(visit, page.act()).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let Some((draft, change)) = self.seen(&tx, visit, &staff, page, seen).await? else {
            drop(tx);
            return self.stale(visit, page).await;
        };
        drop(tx);
        if change.wants_password
            && let Err(refusal) = self.proved(visit, &staff, &password).await?
        {
            return self.refused(visit, page, refusal).await;
        }
        match again(|| self.written(visit, &staff, &draft, &change)).await? {
            Some(session) => {
                let Preview { n_lose, n_gain, .. } = change.preview;
                let after = visit.with_session(&session);
                Ok(Stepped {
                    session,
                    is_staff: true,
                    ..self.said(&after, page, Told::Saved { n_lose, n_gain }).await?
                })
            }
            None => self.stale(visit, page).await,
        }
    }

    /// The change under way, if it is still the one that was seen.
    async fn seen(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        page: PolicyPage,
        seen: &str,
    ) -> anyhow::Result<Option<(Draft, Change)>> {
        let groups = groups::all(tx).await?;
        let under_way = self.under_way(tx, visit, staff, page, &groups).await?;
        Ok(under_way.and_then(|UnderWay { draft, change, .. }| {
            let change = change.filter(|change| change.seen == seen)?;
            Some((draft, change))
        }))
    }

    /// One further version, if everything is as it was when it was decided about, and whoever saves still may. Gives what
    /// becomes of the session's cookie: another one, where the password was typed (R41).
    async fn written(
        &self,
        visit: &Visit,
        seen: &Staff,
        draft: &Draft,
        change: &Change,
    ) -> anyhow::Result<Option<Keep>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        accounts::hold(&tx, seen.person.id).await?;
        let Ok(staff) = self.caller(&tx, visit, draft.page.act()).await? else {
            return Ok(None);
        };
        let live = policy_drafts::of_session(&tx, staff.session.id, draft.page).await?;
        let (settings, groups) = (visit.tenant.settings.as_ref(), groups::all(&tx).await?);
        let drafted = drafted(draft, settings, &groups);
        let is_same = staff.person.password_changed_at == seen.person.password_changed_at
            && live.as_ref() == Some(draft)
            && drafted.wrongs.is_empty()
            && differences(settings, &drafted.after, &groups) == change.differences;
        if !is_same {
            return Ok(None);
        }
        let (version, by) = (visit.tenant.version, Some(staff.person.id));
        let saved = match settings::save(&tx, version, &drafted.after, by, now).await {
            Ok(saved) => saved,
            Err(Error::Conflict) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        for difference in &change.differences {
            let what = told(saved, difference);
            self.told(&tx, visit, &staff, None, (Activity::PolicyChanged, &what))
                .await?;
        }
        policy_drafts::drop(&tx, staff.session.id, draft.page).await?;
        let session = match change.wants_password {
            true => match self.renewed(&tx, &staff).await? {
                Some(keep) => keep,
                None => return Ok(None),
            },
            false => Keep::AsIs,
        };
        tx.commit().await?;
        Ok(Some(session))
    }

    /// The page, with a word on what was done.
    async fn said(&self, visit: &Visit, page: PolicyPage, told: Told) -> anyhow::Result<Stepped<PolicyScreen>> {
        let note = Note {
            told: Some(told),
            ..Note::default()
        };
        self.shown(visit, page, note).await
    }

    /// The page as it is by now: somebody was faster, or the page was an old one.
    async fn stale(&self, visit: &Visit, page: PolicyPage) -> anyhow::Result<Stepped<PolicyScreen>> {
        let note = Note {
            refusal: Some(Refusal::Stale),
            ..Note::default()
        };
        Ok(Stepped {
            standing: Standing::Stale,
            ..self.shown(visit, page, note).await?
        })
    }

    /// Not saved.
    async fn refused(
        &self,
        visit: &Visit,
        page: PolicyPage,
        refusal: Refusal,
    ) -> anyhow::Result<Stepped<PolicyScreen>> {
        let standing = match &refusal {
            Refusal::Busy { .. } => Standing::Busy,
            _ => Standing::Current,
        };
        let note = Note {
            refusal: Some(refusal),
            ..Note::default()
        };
        Ok(Stepped {
            standing,
            ..self.shown(visit, page, note).await?
        })
    }

    /// The page after a post, drawn from settings as they are by now; the note carries its word to a page without scripts.
    async fn shown(&self, visit: &Visit, page: PolicyPage, note: Note) -> anyhow::Result<Stepped<PolicyScreen>> {
        let note = Note {
            page: Page::Policy,
            at: self.core.now(),
            ..note
        };
        let note = note::write(&self.core, visit, &note)?;
        let tenancy = self.core.tenancies.of_id(&self.core.store, visit.tenant.id).await?;
        let after = Visit {
            tenant: tenancy.unwrap_or_else(|| visit.tenant.clone()),
            ..visit.with_note(&note)
        };
        Ok(Stepped {
            note: Keep::Set(note),
            ..Stepped::new(self.look(&after, page).await?)
        })
    }
}

fn is_complete(visit: &Visit) -> bool {
    visit.tenant.settings.policy.methods.state == Migration::Complete
}

/// What the audit says of a change: the version, the setting, from what, to what; of lists, what came and what went.
fn told(version: i64, difference: &Difference) -> String {
    let Difference { setting, before, after } = difference;
    let what = match setting.kind() {
        Kind::Lines | Kind::Picks => {
            let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line));
            let come = after.lines().filter(|line| !before.lines().any(|other| other == *line));
            let gone = gone.map(|line| format!("-{line}"));
            let all: Vec<String> = gone.chain(come.map(|line| format!("+{line}"))).collect();
            all.join(", ")
        }
        Kind::Switch | Kind::Choice(_) | Kind::Number { .. } | Kind::Line => {
            let [before, after] = [before, after].map(|text| if text.is_empty() { "-" } else { text });
            format!("{before} > {after}")
        }
    };
    format!("v{version} {}: {what}", setting.code())
}
