//! Goes back through the door: the screen for a script, a fixed 303 for a plain form.

use super::Door;
use super::cookies::{Cookie, written};
use super::once::Shown;
use crate::Fault;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use regain_domain::Refusal;
use regain_domain::authenticator::{Added, Reply};
use regain_domain::change::ChangeScreen;
use regain_domain::flow::Screen;
use regain_domain::kiosk::KiosksView;
use regain_domain::not_me::NotMeScreen;
use regain_domain::people::{GroupView, GroupsView, ImportView, NewcomerView, PeopleView, PersonView};
use regain_domain::policy::doctor::DoctorView;
use regain_domain::policy::page::PolicyView;
use regain_domain::registration::SecurityScreen;
use regain_domain::setup::{RolloutView, SetupScreen};
use regain_domain::sign_in::{AccountScreen, Who};
use regain_domain::staff::Guarded;
use regain_service::{Keep, Standing, Stepped};

/// Seconds to wait where nobody says how many: R28.
const WAIT: u32 = 2;

/// A page that may say how long to wait.
pub trait Told {
    /// Seconds, if it says so. Most never do.
    fn wait(&self) -> Option<u32> {
        None
    }

    /// A person's page with what is shown in this one answer (R52). Most never have it.
    fn once(&self) -> Option<&PersonView> {
        None
    }
}

impl Told for Screen {
    fn wait(&self) -> Option<u32> {
        self.refusals.iter().find_map(seconds)
    }
}

impl Told for AccountScreen {
    fn wait(&self) -> Option<u32> {
        match self {
            Self::SignIn { refusal, .. } | Self::Code { refusal, .. } | Self::Passkey { refusal, .. } => {
                refusal.as_ref().and_then(seconds)
            }
            Self::NewPasswordNext | Self::In(_) => None,
        }
    }
}

impl Told for ChangeScreen {
    fn wait(&self) -> Option<u32> {
        self.refusals().iter().find_map(seconds)
    }
}

impl Told for SecurityScreen {
    fn wait(&self) -> Option<u32> {
        self.refusal().and_then(seconds)
    }
}

impl<T: Told> Told for Guarded<T> {
    fn wait(&self) -> Option<u32> {
        self.page().and_then(Told::wait)
    }

    fn once(&self) -> Option<&PersonView> {
        self.page().and_then(Told::once)
    }
}

impl<T: Told> Told for Option<T> {
    fn wait(&self) -> Option<u32> {
        self.as_ref().and_then(Told::wait)
    }

    fn once(&self) -> Option<&PersonView> {
        self.as_ref().and_then(Told::once)
    }
}

impl Told for PolicyView {
    fn wait(&self) -> Option<u32> {
        self.refusal.as_ref().and_then(seconds)
    }
}

impl Told for PersonView {
    fn wait(&self) -> Option<u32> {
        self.refusal.as_ref().and_then(seconds)
    }

    fn once(&self) -> Option<&PersonView> {
        self.given.is_some().then_some(self)
    }
}

impl Told for DoctorView {}
impl Told for PeopleView {}
impl Told for NewcomerView {}
impl Told for ImportView {}
impl Told for GroupsView {}
impl Told for GroupView {}
impl Told for RolloutView {}
impl Told for KiosksView {}
impl Told for () {}
impl Told for SetupScreen {}

impl Told for NotMeScreen {
    fn wait(&self) -> Option<u32> {
        match self {
            Self::Form { refusal } => refusal.as_ref().and_then(seconds),
            Self::Stopped { .. } => None,
        }
    }
}

const fn seconds(refusal: &Refusal) -> Option<u32> {
    match refusal {
        Refusal::TooManyRequests { seconds } | Refusal::Busy { seconds } => Some(*seconds),
        _ => None,
    }
}

/// Where a plain form goes after a change of the password: to one's own page, once it is done. One that came too late may
/// have come twice, and that page says what the first one did.
pub fn after_change(step: &regain_service::Result<Stepped<ChangeScreen>>) -> &'static str {
    match step {
        Ok(stepped) if stepped.screen == ChangeScreen::AskedNext => "/security-info",
        Ok(stepped) if !matches!(stepped.screen, ChangeScreen::Form(_)) => "/",
        _ => "/change-password",
    }
}

/// Where a plain form goes after what sign-in asked for: onward, unless it came too late.
pub fn after_interrupt(step: &regain_service::Result<Stepped<SecurityScreen>>, onward: &'static str) -> &'static str {
    match step {
        Ok(stepped) if stepped.standing == Standing::Current => onward,
        _ => "/security-info",
    }
}

/// Where a plain form goes that makes an account: to it, else back to what was typed.
pub fn after_newcomer(step: &regain_service::Result<Stepped<Guarded<Option<PersonView>>>>) -> &'static str {
    match step {
        Ok(stepped) if stepped.screen.page().is_some_and(Option::is_none) => "/console/users/new",
        _ => "/console/users/person",
    }
}

/// Where a plain form goes that makes or changes a group: to it, else to all of them.
pub fn after_group(step: &regain_service::Result<Stepped<Guarded<Option<GroupView>>>>) -> &'static str {
    match step {
        Ok(stepped) if stepped.screen.page().is_some_and(Option::is_some) => "/console/groups/group",
        _ => "/console/groups",
    }
}

impl Door {
    /// What a page reads while it renders, or when it looks again. Sets no cookies.
    pub fn show<T>(&self, screen: regain_service::Result<T>) -> Result<T, Fault> {
        screen.map_err(|error| self.broke(&error))
    }

    /// The staff member who is signed in. For anybody else 401, but while a page renders: it says so in words.
    pub fn show_staff(&self, staff: regain_service::Result<Option<Who>>) -> Result<Who, Fault> {
        match self.show(staff)? {
            Some(who) => Ok(who),
            None if self.visit.is_posted => Err(refused(Fault::SignedOut, StatusCode::UNAUTHORIZED)),
            None => Err(Fault::SignedOut),
        }
    }

    /// A page of the console. For somebody without a role 401, but while a page renders: it says so in words.
    pub fn show_guarded<T>(&self, screen: regain_service::Result<Guarded<T>>) -> Result<Guarded<T>, Fault> {
        match self.show(screen)? {
            Guarded::SignedOut if self.visit.is_posted => Err(refused(Fault::SignedOut, StatusCode::UNAUTHORIZED)),
            screen => Ok(screen),
        }
    }

    /// What a phone gets for a statement: 401 for one that is nobody's.
    pub fn show_phone<T>(&self, reply: regain_service::Result<Reply<T>>) -> Result<Reply<T>, Fault> {
        match self.show(reply)? {
            Reply::Removed => Err(refused(Fault::SignedOut, StatusCode::UNAUTHORIZED)),
            reply => Ok(reply),
        }
    }

    /// What a phone gets for the link that adds it: 409 for one that serves no more.
    pub fn show_added(&self, added: regain_service::Result<Option<Added>>) -> Result<Added, Fault> {
        let added = self.show(added)?;
        added.ok_or_else(|| refused(Fault::Stale, StatusCode::CONFLICT))
    }

    /// Sets cookies (on posts only), and sends a plain form to `page`.
    pub fn answer<T: Told>(&self, page: &'static str, result: regain_service::Result<Stepped<T>>) -> Result<T, Fault> {
        let stepped = result.map_err(|error| self.broke(&error))?;
        let Some(response) = use_context::<ResponseOptions>() else {
            return Err(Fault::Ours {
                request_id: self.visit.request_id.clone(),
            });
        };
        set_cookies(&response, &stepped);
        let wait = stepped.screen.wait().unwrap_or(WAIT);
        match (stepped.standing, self.wants_page) {
            (Standing::TooMany, _) => {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(wait));
                Err(refused(Fault::TooMany { seconds: wait }, StatusCode::TOO_MANY_REQUESTS))
            }
            (Standing::Busy, _) => {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(wait));
                Err(refused(Fault::Busy { seconds: wait }, StatusCode::SERVICE_UNAVAILABLE))
            }
            (Standing::Stale, false) => Err(refused(Fault::Stale, StatusCode::CONFLICT)),
            (Standing::Stale, true) => {
                see_other(&response, stale_page(page));
                Ok(stepped.screen)
            }
            (Standing::Current, true) => {
                match stepped.screen.once() {
                    Some(view) => self.once.put(Shown {
                        view: view.clone(),
                        base_url: self.visit.tenant.base_url.clone(),
                    }),
                    None => see_other(&response, page),
                }
                Ok(stepped.screen)
            }
            (Standing::Current, false) => Ok(stepped.screen),
        }
    }

    /// The same for the set-up; once it is done a plain form goes to the organisation's own address, the only one from then on.
    pub fn answer_setup(&self, result: regain_service::Result<Stepped<SetupScreen>>) -> Result<SetupScreen, Fault> {
        let screen = self.answer("/setup", result)?;
        if let (SetupScreen::Over { address: Some(address) }, true, Some(response)) =
            (&screen, self.wants_page, use_context::<ResponseOptions>())
            && let Ok(location) = HeaderValue::from_str(&format!("{address}/setup"))
        {
            response.insert_header(header::LOCATION, location);
        }
        Ok(screen)
    }

    /// Logs once, with the chain; the page learns the id of the request and nothing else.
    fn broke(&self, error: &regain_service::Error) -> Fault {
        let request_id = self.visit.request_id.clone();
        if regain_service::is_busy(error) {
            tracing::warn!(request.id = %request_id, why = %error, "the database could not take it for too long");
            if let Some(response) = use_context::<ResponseOptions>() {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(WAIT));
            }
            return refused(Fault::Busy { seconds: WAIT }, StatusCode::SERVICE_UNAVAILABLE);
        }
        tracing::error!(request.id = %request_id, tenant = %self.visit.tenant.id, error = format!("{error:#}"), "a request failed");
        refused(Fault::Ours { request_id }, StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A flow that is gone is told as a browser without cookies is (R07).
fn stale_page(page: &'static str) -> &'static str {
    match page {
        "/reset" => "/reset?started",
        "/kiosk" => "/kiosk?started",
        other => other,
    }
}

fn refused(fault: Fault, status: StatusCode) -> Fault {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
    fault
}

fn see_other(response: &ResponseOptions, page: &'static str) {
    response.set_status(StatusCode::SEE_OTHER);
    response.insert_header(header::LOCATION, HeaderValue::from_static(page));
}

fn set_cookies<T>(response: &ResponseOptions, stepped: &Stepped<T>) {
    let (session, admin) = match (&stepped.session, stepped.is_staff) {
        (Keep::Set(_), true) => (&Keep::Drop, &stepped.session),
        (Keep::Set(_), false) => (&stepped.session, &Keep::Drop),
        (keep, _) => (keep, keep),
    };
    let cookies = [
        (Cookie::Flow, &stepped.flow),
        (Cookie::Session, session),
        (Cookie::Admin, admin),
        (Cookie::Note, &stepped.note),
        (Cookie::Device, &stepped.mark),
        (Cookie::Kiosk, &stepped.kiosk),
    ];
    for value in cookies.into_iter().filter_map(|(name, keep)| written(name, keep)) {
        response.append_header(header::SET_COOKIE, value);
    }
    if stepped.session == Keep::Drop {
        // R44: neither storage nor cookies, which hold what outlives a session.
        let name = HeaderName::from_static("clear-site-data");
        response.insert_header(name, HeaderValue::from_static("\"cache\""));
    }
}
