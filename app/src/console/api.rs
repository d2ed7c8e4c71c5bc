//! The console's functions: parse, call one service function, answer.

use crate::{Fault, Typed};
use leptos::prelude::*;
use regain_domain::kiosk::KiosksView;
use regain_domain::policy::doctor::DoctorScreen;
use regain_domain::policy::page::PolicyScreen;
use regain_domain::setup::RolloutView;
use regain_domain::sign_in::Who;
use regain_domain::staff::Guarded;
use std::collections::BTreeMap;

/// The staff member who is signed in; for anybody else [`Fault::SignedOut`].
#[server(prefix = "/fn/admin", endpoint = "console-look")]
pub async fn look() -> Result<Who, Fault> {
    let door = crate::doorstep::open()?;
    let staff = door.service.account.look_staff(&door.visit).await;
    door.show_staff(staff)
}

/// The doctor's page.
#[server(prefix = "/fn/admin", endpoint = "doctor-look")]
pub async fn look_doctor() -> Result<DoctorScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_doctor(&door.visit).await;
    door.show_guarded(screen)
}

/// Looks at the account of a name.
#[server(prefix = "/fn/admin", endpoint = "doctor")]
pub async fn diagnose(#[server(default)] username: String) -> Result<DoctorScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.diagnose(&door.visit, &username).await;
    door.answer("/console/doctor", step)
}

/// What a page of the policy shows.
#[server(prefix = "/fn/admin", endpoint = "policy-look")]
pub async fn look_policy(#[server(default)] page: String) -> Result<PolicyScreen, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door
        .service
        .console
        .look(&door.visit, crate::doorstep::policy_page(&page))
        .await;
    door.show_guarded(screen)
}

/// Puts a change of the page "Properties" down. `version`: the one that it was begun on, here and below.
#[server(prefix = "/fn/admin", endpoint = "policy-properties")]
pub async fn change_properties(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("properties", &version, typed).await
}

/// Of the page "Authentication methods".
#[server(prefix = "/fn/admin", endpoint = "policy-authentication-methods")]
pub async fn change_methods(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("authentication-methods", &version, typed).await
}

/// Of the page "Registration".
#[server(prefix = "/fn/admin", endpoint = "policy-registration")]
pub async fn change_registration(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("registration", &version, typed).await
}

/// Of the page "Notifications".
#[server(prefix = "/fn/admin", endpoint = "policy-notifications")]
pub async fn change_notifications(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("notifications", &version, typed).await
}

/// Of the page "Customization".
#[server(prefix = "/fn/admin", endpoint = "policy-customization")]
pub async fn change_customization(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("customization", &version, typed).await
}

/// Of the page "On-premises integration".
#[server(prefix = "/fn/admin", endpoint = "policy-on-premises-integration")]
pub async fn change_on_premises(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("on-premises-integration", &version, typed).await
}

/// Of the page "Administrator policy".
#[server(prefix = "/fn/admin", endpoint = "policy-administrator-policy")]
pub async fn change_administrators(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("administrator-policy", &version, typed).await
}

/// Of the page "Password protection".
#[server(prefix = "/fn/admin", endpoint = "policy-password-protection")]
pub async fn change_protection(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("password-protection", &version, typed).await
}

/// The way to everybody.
#[server(prefix = "/fn/admin", endpoint = "rollout-look")]
pub async fn look_rollout() -> Result<Guarded<RolloutView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_rollout(&door.visit).await;
    door.show_guarded(screen)
}

/// Says whom the pilot is tried with: a user name, and a group's.
#[server(prefix = "/fn/admin", endpoint = "rollout-choose")]
pub async fn choose_pilot(
    #[server(default)] person: String,
    #[server(default)] group: String,
) -> Result<Guarded<RolloutView>, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.choose_pilot(&door.visit, &person, &group).await;
    door.answer("/console/setup", step)
}

/// The locked workstations.
#[server(prefix = "/fn/admin", endpoint = "kiosks-look")]
pub async fn look_kiosks() -> Result<Guarded<KiosksView>, Fault> {
    let door = crate::doorstep::open()?;
    let screen = door.service.console.look_kiosks(&door.visit).await;
    door.show_guarded(screen)
}

/// Enrols one.
#[server(prefix = "/fn/admin", endpoint = "kiosks-add")]
pub async fn add_kiosk(
    #[server(default)] name: String,
    #[server(default)] fingerprint: String,
) -> Result<Guarded<KiosksView>, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.add_kiosk(&door.visit, &name, &fingerprint).await;
    door.answer("/console/kiosks", step)
}

/// Removes one, by its id.
#[server(prefix = "/fn/admin", endpoint = "kiosks-remove")]
pub async fn remove_kiosk(#[server(default)] kiosk: String) -> Result<Guarded<KiosksView>, Fault> {
    let door = crate::doorstep::open()?;
    let kiosk = crate::doorstep::kiosk_id(&kiosk);
    let step = door.service.console.remove_kiosk(&door.visit, kiosk).await;
    door.answer("/console/kiosks", step)
}

/// Of the page "Methods policy".
#[server(prefix = "/fn/admin", endpoint = "policy-methods-policy")]
pub async fn change_methods_policy(
    #[server(default)] version: String,
    #[server(flatten)] typed: BTreeMap<String, String>,
) -> Result<PolicyScreen, Fault> {
    crate::doorstep::draft("methods-policy", &version, typed).await
}

/// Puts down what the guide proposes.
#[server(prefix = "/fn/admin", endpoint = "policy-guide")]
pub async fn guide() -> Result<PolicyScreen, Fault> {
    let door = crate::doorstep::open()?;
    let step = door.service.console.guide(&door.visit).await;
    door.answer("/console/authentication-methods", step)
}

/// Puts down the change that leads back to `version`.
#[server(prefix = "/fn/admin", endpoint = "policy-back")]
pub async fn go_back(#[server(default)] version: String) -> Result<PolicyScreen, Fault> {
    let door = crate::doorstep::open()?;
    let version = crate::doorstep::version_number(&version);
    let step = door.service.console.go_back(&door.visit, version).await;
    door.answer("/console/password-reset/versions", step)
}

/// Drops the change under way.
#[server(prefix = "/fn/admin", endpoint = "policy-discard")]
pub async fn discard(#[server(default)] page: String) -> Result<PolicyScreen, Fault> {
    let (door, page) = (crate::doorstep::open()?, crate::doorstep::policy_page(&page));
    let step = door.service.console.discard(&door.visit, page).await;
    door.answer(page.path(), step)
}

/// Saves the change that was `seen`. `username` is there for password managers alone, and is not read.
#[server(prefix = "/fn/admin", endpoint = "policy-save")]
pub async fn save(
    #[server(default)] page: String,
    #[server(default)] seen: String,
    #[server(default)] username: String,
    #[server(default)] password: Typed,
) -> Result<PolicyScreen, Fault> {
    let (password, _) = (password.secret(), username);
    let (door, page) = (crate::doorstep::open()?, crate::doorstep::policy_page(&page));
    let step = door.service.console.save(&door.visit, page, &seen, password).await;
    door.answer(page.path(), step)
}
