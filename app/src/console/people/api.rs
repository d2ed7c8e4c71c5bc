//! The functions about people and groups: parse, call one service function, answer.

#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::people::{GroupView, GroupsView, ImportView, NewcomerView, PeopleView, PersonView};
use regain_domain::staff::Guarded;

/// The form, and whom the session looked for last.
#[server(prefix = "/fn/admin", endpoint = "people-look")]
pub async fn look_people() -> Result<Guarded<PeopleView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_people(&door.visit).await;
    door.show_guarded(screen)
}

/// Looks for people. `find`: words; `only`: a code; `after`: the user name after which the list goes on.
#[server(prefix = "/fn/admin", endpoint = "people-find")]
pub async fn look_for(
    #[server(default)] find: String,
    #[server(default)] only: String,
    #[server(default)] after: String,
) -> Result<Guarded<PeopleView>, Fault> {
    let door = crate::doorstep::open()?;
    let search = crate::doorstep::search(find, &only, after);
    let step = door.service.console.find(&door.visit, search).await;
    door.answer("/console/users", step)
}

/// The record that the session has opened.
#[server(prefix = "/fn/admin", endpoint = "person-look")]
pub async fn look_person() -> Result<Guarded<Option<PersonView>>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_person(&door.visit).await;
    door.show_guarded(screen)
}

/// Opens the record of an account's id.
#[server(prefix = "/fn/admin", endpoint = "person-open")]
pub async fn open_person(#[server(default)] person: String) -> Result<Guarded<Option<PersonView>>, Fault> {
    let (door, id) = (crate::doorstep::open()?, crate::doorstep::account_id(&person));
    let step = door.service.console.open(&door.visit, id).await;
    door.answer("/console/users/person", step)
}

/// Does something to a person. `username` is there for password managers alone, and is not read.
#[server(prefix = "/fn/admin", endpoint = "person-act")]
pub async fn assist(
    #[server(default)] person: String,
    #[server(default)] act: String,
    #[server(default)] method: String,
    #[server(default)] reason: String,
    #[server(default)] global_admin: String,
    #[server(default)] policy_admin: String,
    #[server(default)] brand_owner: String,
    #[server(default)] helpdesk: String,
    #[server(default)] auditor: String,
    #[server(default)] username: String,
    #[server(default)] password: Typed,
) -> Result<Guarded<Option<PersonView>>, Fault> {
    let (password, _) = (password.secret(), username);
    let ticked = [global_admin, policy_admin, brand_owner, helpdesk, auditor];
    let (door, id) = (crate::doorstep::open()?, crate::doorstep::account_id(&person));
    let step = match crate::doorstep::doing(&act, &method, reason, ticked) {
        Some(doing) => door.service.console.act(&door.visit, id, doing, password).await,
        None => door.service.console.open(&door.visit, id).await,
    };
    door.answer("/console/users/person", step)
}

/// The form that makes one account.
#[server(prefix = "/fn/admin", endpoint = "newcomer-look")]
pub async fn look_newcomer() -> Result<Guarded<NewcomerView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_newcomer(&door.visit).await;
    door.show_guarded(screen)
}

/// Makes one account, without a password.
#[server(prefix = "/fn/admin", endpoint = "person-create")]
pub async fn create(
    #[server(default)] user_name: String,
    #[server(default)] given_name: String,
    #[server(default)] family_name: String,
    #[server(default)] mail: String,
    #[server(default)] alternate_mail: String,
    #[server(default)] mobile: String,
    #[server(default)] office: String,
    #[server(default)] language: String,
    #[server(default)] groups: String,
) -> Result<Guarded<Option<PersonView>>, Fault> {
    let name = [
        ("user_name", user_name),
        ("given_name", given_name),
        ("family_name", family_name),
    ];
    let ways = [
        ("alternate_mail", alternate_mail),
        ("mobile", mobile),
        ("office", office),
    ];
    let rest = [("mail", mail), ("language", language), ("groups", groups)];
    let (door, fields) = (
        crate::doorstep::open()?,
        crate::doorstep::fields([name, ways, rest].into_iter().flatten()),
    );
    let step = door.service.console.create(&door.visit, fields).await;
    door.answer(crate::doorstep::after_newcomer(&step), step)
}

/// The form that makes accounts of a file, and what the posted one would do.
#[server(prefix = "/fn/admin", endpoint = "import-look")]
pub async fn look_import() -> Result<Guarded<ImportView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_import(&door.visit).await;
    door.show_guarded(screen)
}

/// Takes the text of a file; an empty one drops what was there.
#[server(prefix = "/fn/admin", endpoint = "import-check")]
pub async fn check_import(#[server(default)] csv: String) -> Result<Guarded<ImportView>, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.post_import(&door.visit, &csv).await;
    door.answer("/console/users/import", step)
}

/// Makes the accounts that were `seen`.
#[server(prefix = "/fn/admin", endpoint = "import")]
pub async fn run_import(#[server(default)] seen: String) -> Result<Guarded<ImportView>, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.import(&door.visit, &seen).await;
    door.answer("/console/users/import", step)
}

/// All groups.
#[server(prefix = "/fn/admin", endpoint = "groups-look")]
pub async fn look_groups() -> Result<Guarded<GroupsView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_groups(&door.visit).await;
    door.show_guarded(screen)
}

/// Makes a group.
#[server(prefix = "/fn/admin", endpoint = "group-create")]
pub async fn create_group(#[server(default)] name: String) -> Result<Guarded<Option<GroupView>>, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.create_group(&door.visit, &name).await;
    door.answer(crate::doorstep::after_group(&step), step)
}

/// The group that the session has opened.
#[server(prefix = "/fn/admin", endpoint = "group-look")]
pub async fn look_group() -> Result<Guarded<Option<GroupView>>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_group(&door.visit).await;
    door.show_guarded(screen)
}

/// Opens a group of an id. `after`: the user name after which its people go on.
#[server(prefix = "/fn/admin", endpoint = "group-open")]
pub async fn open_group(
    #[server(default)] group: String,
    #[server(default)] after: String,
) -> Result<Guarded<Option<GroupView>>, Fault> {
    let (door, id) = (crate::doorstep::open()?, crate::doorstep::group_id(&group));
    let step = door.service.console.open_group(&door.visit, id, &after).await;
    door.answer(crate::doorstep::after_group(&step), step)
}

/// Changes a group. `who`: a user name, or the id of a person or group.
#[server(prefix = "/fn/admin", endpoint = "group-change")]
pub async fn change_group(
    #[server(default)] group: String,
    #[server(default)] act: String,
    #[server(default)] who: String,
) -> Result<Guarded<Option<GroupView>>, Fault> {
    let (door, id) = (crate::doorstep::open()?, crate::doorstep::group_id(&group));
    let act = crate::doorstep::group_act(&act);
    let step = door.service.console.change_group(&door.visit, id, act, &who).await;
    door.answer(crate::doorstep::after_group(&step), step)
}
