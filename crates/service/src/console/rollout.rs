//! The way from a fresh installation to everybody: steps, each with what shows that it is done.

use super::people::named;
use super::view::Names;
use super::{Console, Staff};
use crate::again::again;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Stepped, Visit};
use anyhow::Context;
use regain_domain::account::Account;
use regain_domain::audit::Activity;
use regain_domain::gate::MethodKind;
use regain_domain::ids::GroupId;
use regain_domain::limits::{PLAIN_NAME_MOST, USER_NAME_MOST};
use regain_domain::people::Wrong;
use regain_domain::policy::is_registered;
use regain_domain::policy::page::Version;
use regain_domain::role::Act;
use regain_domain::setup::{Facts, Rollout, RolloutView, findings};
use regain_domain::staff::Guarded;
use regain_store::{Tx, accounts, audit, groups, methods, rollout, settings};

/// Whom it is tried with, as the page knows them.
struct Pilot {
    person: Option<Account>,
    group: Option<(GroupId, String)>,
}

/// What came of naming them.
enum Named {
    Shut(super::Outside),
    Done,
    Wrong([Option<Wrong>; 2]),
}

impl Console {
    /// The steps, as rows are now.
    pub async fn look_rollout(&self, visit: &Visit) -> anyhow::Result<Guarded<RolloutView>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::Policy).await? {
            Err(outside) => outside.into(),
            Ok(staff) => Guarded::Page(Box::new(self.rollout(&tx, visit, &staff).await?)),
        })
    }

    /// Says whom the pilot is tried with, and which group it begins with.
    pub async fn choose_pilot(
        &self,
        visit: &Visit,
        person: &str,
        group: &str,
    ) -> anyhow::Result<Stepped<Guarded<RolloutView>>> {
        let (person, group) = (person.trim(), group.trim());
        let wrongs = match again(|| self.named_pilot(visit, person, group)).await? {
            Named::Shut(outside) => return self.shut_out(visit, outside).await,
            Named::Done => None,
            Named::Wrong(wrongs) => Some(wrongs),
        };
        let note = match wrongs {
            None => Keep::Drop,
            Some(wrongs) => {
                let cut = |typed: &str, most| typed.chars().take(most).collect();
                let typed = [cut(person, USER_NAME_MOST), cut(group, PLAIN_NAME_MOST)];
                let note = Note {
                    page: Page::Rollout,
                    pilot: Some((typed, wrongs)),
                    at: self.core.now(),
                    ..Note::default()
                };
                Keep::Set(note::write(&self.core, visit, &note)?)
            }
        };
        let screen = self.look_rollout(&visit.with_kept_note(&note)).await?;
        Ok(Stepped {
            note,
            ..Stepped::new(screen)
        })
    }

    async fn named_pilot(&self, visit: &Visit, person: &str, group: &str) -> anyhow::Result<Named> {
        let (tx, staff) = match self.enter(visit, Act::Policy).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Named::Shut(outside)),
        };
        let found = named(&tx, visit, person).await?;
        let groups = groups::all(&tx).await?;
        let first = groups.into_iter().find(|(_, name)| name == group);
        let (Some(found), Some((id, _))) = (&found, &first) else {
            let missing = |typed: &str, wrong: Wrong| if typed.is_empty() { Wrong::Missing } else { wrong };
            let no_group = Wrong::GroupUnknown {
                name: group.chars().take(PLAIN_NAME_MOST).collect(),
            };
            return Ok(Named::Wrong([
                found.is_none().then(|| missing(person, Wrong::PersonUnknown)),
                first.is_none().then(|| missing(group, no_group)),
            ]));
        };
        let pilot = Rollout {
            person: Some(found.id),
            group: Some(*id),
        };
        rollout::put(&tx, pilot).await?;
        let what = format!("pilot {group}");
        self.told(&tx, visit, &staff, Some(found.id), (Activity::GroupChanged, &what))
            .await?;
        tx.commit().await?;
        Ok(Named::Done)
    }

    async fn rollout(&self, tx: &Tx, visit: &Visit, staff: &Staff) -> anyhow::Result<RolloutView> {
        let settings = visit.tenant.settings.as_ref();
        let Pilot { person, group } = pilot(tx).await?;
        let reset_at = match &person {
            Some(person) => audit::last_success(tx, person.id, Activity::PasswordReset).await?,
            None => None,
        };
        let records = match &person {
            Some(person) => methods::records(tx, person.id).await?,
            None => Vec::new(),
        };
        // What was loaded for them is no sign that they have been there.
        let proved = records.iter().filter(|record| record.is_verified);
        let proved: Vec<MethodKind> = proved.map(|record| record.method.kind).collect();
        let facts = Facts {
            settings,
            version: version(tx, visit).await?,
            person: person.as_ref().map(|person| person.user_name.as_str()),
            group: group.as_ref().map(|(id, name)| (*id, name.as_str())),
            is_member: match (&person, &group) {
                (Some(person), Some((id, _))) => person.groups.contains(id),
                _ => false,
            },
            methods: &proved,
            is_registered: !proved.is_empty() && person.as_ref().is_some_and(|person| is_registered(person, settings)),
            reset_at,
        };
        let findings = findings(&facts);
        let known = [
            facts.person.unwrap_or_default(),
            facts.group.map_or("", |(_, name)| name),
        ]
        .map(str::to_owned);
        let note = note::read(&self.core, visit, Page::Rollout).and_then(|note| note.pilot);
        let ([person, group], wrongs) = note.unwrap_or((known, [None, None]));
        Ok(RolloutView {
            reader: staff.reader(),
            findings,
            person,
            group,
            wrongs,
        })
    }
}

async fn pilot(tx: &Tx) -> anyhow::Result<Pilot> {
    let chosen = rollout::get(tx).await?;
    let person = match chosen.and_then(|chosen| chosen.person) {
        Some(id) => accounts::by_id(tx, id).await?,
        None => None,
    };
    let group = chosen.and_then(|chosen| chosen.group);
    let groups = groups::all(tx).await?;
    Ok(Pilot {
        person,
        group: groups.into_iter().find(|(id, _)| Some(*id) == group),
    })
}

/// The version that counts, and who saved it.
async fn version(tx: &Tx, visit: &Visit) -> anyhow::Result<Version> {
    let saved = settings::of_version(tx, visit.tenant.version).await?;
    let saved = saved.context("a version that counts is not there")?;
    Names::default().version(tx, &saved).await
}
