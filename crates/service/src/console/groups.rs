//! Groups: made, filled, nested and removed. Who is in one decides with the policy who may reset, so all of it is told to the
//! audit, and holds at once.

use super::newcomer::plain;
use super::people::{named, one_more};
use super::{Console, Staff};
use crate::again::again;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::audit::Activity;
use regain_domain::ids::{AccountId, GroupId};
use regain_domain::limits::{PLAIN_NAME_MOST, USER_NAME_MOST};
use regain_domain::people::{Found, GroupAct, GroupRow, GroupView, GroupsView, PeopleView, Wrong, may_nest};
use regain_domain::role::Act;
use regain_domain::staff::Guarded;
use regain_domain::tenant::TenantSettings;
use regain_store::{Error, Tx, accounts, desk, groups, people};
use serde::{Deserialize, Serialize};

/// Which group a session has open.
const OPENED: &str = "group";

/// A group with the place in its list.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Opened {
    group: GroupId,
    after: String,
}

/// A group's page, where the session has opened one.
type GroupScreen = Guarded<Option<GroupView>>;

impl Console {
    /// All groups.
    pub async fn look_groups(&self, visit: &Visit) -> anyhow::Result<Guarded<GroupsView>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let staff = match self.caller(&tx, visit, Act::ManageUsers).await? {
            Ok(staff) => staff,
            Err(outside) => return Ok(outside.into()),
        };
        let (n_people, nested) = (groups::n_people(&tx).await?, groups::nested(&tx).await?);
        let row = |(id, name): (GroupId, String)| GroupRow {
            n_people: n_people.get(&id).copied().unwrap_or_default(),
            n_groups: u32::try_from(nested.iter().filter(|(parent, _)| *parent == id).count()).unwrap_or(u32::MAX),
            id,
            name,
        };
        let note = note::read(&self.core, visit, Page::Groups).unwrap_or_default();
        let is_removed = note.group == Some(GroupAct::Remove);
        Ok(Guarded::Page(Box::new(GroupsView {
            reader: staff.reader(),
            groups: groups::all(&tx).await?.into_iter().map(row).collect(),
            typed: if is_removed {
                String::new()
            } else {
                note.user_name.clone()
            },
            removed: is_removed.then_some(note.user_name),
            refusal: note.wrong,
        })))
    }

    /// The group that the session has opened.
    pub async fn look_group(&self, visit: &Visit) -> anyhow::Result<GroupScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::ManageUsers).await? {
            Err(outside) => outside.into(),
            Ok(staff) => Guarded::Page(Box::new(self.group(&tx, visit, &staff).await?)),
        })
    }

    /// Opens a group, from one of its people on.
    pub async fn open_group(&self, visit: &Visit, group: GroupId, after: &str) -> anyhow::Result<Stepped<GroupScreen>> {
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let opened = Opened {
            group,
            after: after.chars().take(USER_NAME_MOST).collect(),
        };
        desk::put(&tx, staff.session.id, OPENED, &opened).await?;
        self.told(&tx, visit, &staff, None, (Activity::PersonRead, "group"))
            .await?;
        tx.commit().await?;
        Ok(Stepped::new(self.look_group(visit).await?))
    }

    /// Makes a group, and opens it.
    pub async fn create_group(&self, visit: &Visit, typed: &str) -> anyhow::Result<Stepped<GroupScreen>> {
        let typed = typed.trim();
        let made = again(|| self.made(visit, typed)).await?;
        let note = match made {
            Made::Shut(outside) => return self.shut_out(visit, outside).await,
            Made::Group => Note {
                page: Page::Group,
                group: Some(GroupAct::Create),
                ..Note::default()
            },
            Made::Wrong(wrong) => Note {
                page: Page::Groups,
                user_name: typed.chars().take(PLAIN_NAME_MOST).collect(),
                wrong: Some(wrong),
                ..Note::default()
            },
        };
        self.after_group(visit, note).await
    }

    async fn made(&self, visit: &Visit, typed: &str) -> anyhow::Result<Made> {
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Made::Shut(outside)),
        };
        let name = match plain(typed) {
            Ok(name) if name.is_empty() => return Ok(Made::Wrong(Wrong::Missing)),
            Ok(name) => name,
            Err(wrong) => return Ok(Made::Wrong(wrong)),
        };
        let group = match groups::create(&tx, &name, self.core.now()).await {
            Ok(group) => group,
            Err(Error::Conflict) => return Ok(Made::Wrong(Wrong::Taken)),
            Err(error) => return Err(error.into()),
        };
        let opened = Opened {
            group,
            after: String::new(),
        };
        desk::put(&tx, staff.session.id, OPENED, &opened).await?;
        self.told(
            &tx,
            visit,
            &staff,
            None,
            (Activity::GroupChanged, &format!("create {name}")),
        )
        .await?;
        tx.commit().await?;
        Ok(Made::Group)
    }

    /// Changes a group, or removes it. `who`: a user name as it was typed, or the id of a person or of a group.
    pub async fn change_group(
        &self,
        visit: &Visit,
        group: GroupId,
        act: GroupAct,
        who: &str,
    ) -> anyhow::Result<Stepped<GroupScreen>> {
        let changed = match again(|| self.changed(visit, group, act, who)).await? {
            Changed::Shut(outside) => return self.shut_out(visit, outside).await,
            Changed::Late => {
                return Ok(Stepped {
                    standing: Standing::Stale,
                    ..Stepped::new(self.look_group(visit).await?)
                });
            }
            Changed::Done(name) => Ok(name),
            Changed::Wrong(wrong) => Err(wrong),
        };
        let note = match changed {
            Ok(name) if act == GroupAct::Remove => Note {
                page: Page::Groups,
                user_name: name,
                group: Some(act),
                ..Note::default()
            },
            Ok(_) => Note {
                page: Page::Group,
                group: Some(act),
                ..Note::default()
            },
            Err(wrong) => Note {
                page: Page::Group,
                user_name: who.chars().take(USER_NAME_MOST).collect(),
                wrong: Some(wrong),
                ..Note::default()
            },
        };
        self.after_group(visit, note).await
    }

    async fn changed(&self, visit: &Visit, group: GroupId, act: GroupAct, who: &str) -> anyhow::Result<Changed> {
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Changed::Shut(outside)),
        };
        let all = groups::all(&tx).await?;
        let Some((_, name)) = all.iter().find(|(id, _)| *id == group) else {
            return Ok(Changed::Late);
        };
        let what = match self.apply_to_group(&tx, visit, group, act, who).await? {
            Ok(Some(what)) => what,
            Ok(None) => return Ok(Changed::Late),
            Err(wrong) => return Ok(Changed::Wrong(wrong)),
        };
        let what = format!("{} {name}: {what}", act.code());
        self.told(
            &tx,
            visit,
            &staff,
            None,
            (Activity::GroupChanged, what.trim_end_matches(": ")),
        )
        .await?;
        tx.commit().await?;
        Ok(Changed::Done(name.clone()))
    }

    /// What it did, for the audit; nothing if it was no longer there.
    async fn apply_to_group(
        &self,
        tx: &Tx,
        visit: &Visit,
        group: GroupId,
        act: GroupAct,
        who: &str,
    ) -> anyhow::Result<Result<Option<String>, Wrong>> {
        let id = || who.parse::<uuid::Uuid>().ok();
        Ok(match act {
            GroupAct::Create => Ok(None),
            GroupAct::AddPerson => match named(tx, visit, who).await? {
                Some(person) => {
                    groups::add_account(tx, group, person.id).await?;
                    Ok(Some(person.user_name.as_str().to_owned()))
                }
                None if who.trim().is_empty() => Err(Wrong::Missing),
                None => Err(Wrong::PersonUnknown),
            },
            GroupAct::RemovePerson => {
                let Some(person) = id().map(AccountId) else {
                    return Ok(Ok(None));
                };
                let found = accounts::by_id(tx, person).await?;
                let is_there = groups::remove_account(tx, group, person).await?;
                Ok(found
                    .filter(|_| is_there)
                    .map(|found| found.user_name.as_str().to_owned()))
            }
            GroupAct::AddGroup => return self.nest(tx, group, id().map(GroupId)).await,
            GroupAct::RemoveGroup => {
                let Some(child) = id().map(GroupId) else {
                    return Ok(Ok(None));
                };
                Ok(groups::remove_group(tx, group, child).await?.then(|| child.to_string()))
            }
            GroupAct::Remove if is_named(&visit.tenant.settings, group) => Err(Wrong::GroupNamed),
            GroupAct::Remove => Ok(groups::remove(tx, group).await?.then(String::new)),
        })
    }

    async fn nest(
        &self,
        tx: &Tx,
        parent: GroupId,
        child: Option<GroupId>,
    ) -> anyhow::Result<Result<Option<String>, Wrong>> {
        let all = groups::all(tx).await?;
        let Some((child, name)) = all.into_iter().find(|(id, _)| Some(*id) == child) else {
            return Ok(Err(Wrong::Missing));
        };
        if !may_nest(parent, child, &groups::nested(tx).await?) {
            return Ok(Err(Wrong::Circle));
        }
        groups::add_group(tx, parent, child).await?;
        Ok(Ok(Some(name)))
    }

    async fn group(&self, tx: &Tx, visit: &Visit, staff: &Staff) -> anyhow::Result<Option<GroupView>> {
        let Some(opened) = desk::get::<Opened>(tx, staff.session.id, OPENED).await? else {
            return Ok(None);
        };
        let (all, nested) = (groups::all(tx).await?, groups::nested(tx).await?);
        let Some((id, name)) = all.iter().find(|(id, _)| *id == opened.group).cloned() else {
            return Ok(None);
        };
        let found = people::of_group(tx, id, &opened.after, one_more()).await?;
        let page = PeopleView::of(staff.reader(), None, found.iter().map(Found::from).collect());
        let is_inside = |group: &GroupId| nested.contains(&(id, *group));
        let note = note::read(&self.core, visit, Page::Group).unwrap_or_default();
        let (inside, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(group, _)| is_inside(group));
        Ok(Some(GroupView {
            reader: staff.reader(),
            id,
            name,
            people: page.found,
            next: page.next,
            groups: inside,
            offers: others
                .into_iter()
                .filter(|(group, _)| may_nest(id, *group, &nested))
                .collect(),
            is_named: is_named(&visit.tenant.settings, id),
            typed: note.user_name,
            said: note.group,
            refusal: note.wrong,
        }))
    }

    /// The group's page after a post, with a word on it; or none, where the word is for the list.
    async fn after_group(&self, visit: &Visit, note: Note) -> anyhow::Result<Stepped<GroupScreen>> {
        let is_for_list = note.page == Page::Groups;
        let note = Note {
            at: self.core.now(),
            ..note
        };
        let note = note::write(&self.core, visit, &note)?;
        let screen = match is_for_list {
            true => Guarded::Page(Box::new(None)),
            false => self.look_group(&visit.with_note(&note)).await?,
        };
        Ok(Stepped {
            note: Keep::Set(note),
            ..Stepped::new(screen)
        })
    }
}

/// What came of making a group.
enum Made {
    Shut(super::Outside),
    Group,
    Wrong(Wrong),
}

/// What came of changing one.
enum Changed {
    Shut(super::Outside),
    /// It, or what was to be taken out of it, is no longer there.
    Late,
    /// Its name.
    Done(String),
    Wrong(Wrong),
}

/// Whether the policy names it: who may reset would change with it, unseen.
fn is_named(settings: &TenantSettings, group: GroupId) -> bool {
    let policy = &settings.policy;
    policy.groups.contains(&group) || policy.excluded_groups.contains(&group) || policy.methods.names(group)
}
