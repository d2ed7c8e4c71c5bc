//! The flow of the visitor's cookie: found, and drawn as it stands.

use super::gather::Gathered;
use super::{Reset, identify};
use crate::core::cookie_hash;
use crate::kiosk;
use crate::visit::Visit;
use regain_domain::flow::{Client, Flow, Screen, screen};
use regain_domain::policy::Mode;
use regain_store::{Tx, flows};
use std::borrow::Cow;

/// The cookie's flow, in the ways in which it can be missing or there.
pub(super) enum Found {
    /// The browser brought no flow.
    Nothing,
    /// It brought one that is gone, foreign or never was: told like an expired one (R07).
    Gone,
    /// The page is a kiosk's, and the tenant wants to know the workstation: this is none of its own (R58).
    KeptOut,
    /// The row.
    Flow(Box<Flow>),
}

impl Found {
    /// The row, where there is one.
    pub(super) fn flow(&self) -> Option<&Flow> {
        match self {
            Self::Flow(flow) => Some(flow),
            Self::Nothing | Self::Gone | Self::KeptOut => None,
        }
    }

    /// The flow's mode, which it keeps (R24); without a flow the tenant's.
    pub(super) fn mode(&self, visit: &Visit) -> Mode {
        match self {
            Self::Flow(flow) => flow.mode,
            Self::Nothing | Self::Gone | Self::KeptOut => identify::mode(visit),
        }
    }

    /// Where the page runs: the row tells, where there is one. Nobody but a kiosk is kept out.
    fn client(&self, visit: &Visit) -> Client {
        match self {
            Self::Flow(flow) => flow.client,
            Self::KeptOut => Client::Kiosk,
            Self::Nothing | Self::Gone => visit.client,
        }
    }

    /// The visit, as one of the kiosk where the flow is one of it: the row tells, whatever address was called (R58).
    pub(super) fn visited<'a>(&self, visit: &'a Visit) -> Cow<'a, Visit> {
        match self.client(visit) {
            client if client != visit.client => Cow::Owned(Visit {
                client,
                ..visit.clone()
            }),
            _ => Cow::Borrowed(visit),
        }
    }
}

impl Reset {
    /// The cookie's flow, and the reading transaction in which it was found.
    pub(super) async fn find(&self, visit: &Visit) -> anyhow::Result<(Tx, Found)> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        let found = match &visit.flow {
            Some(cookie) => self.still_shown(visit, flows::of_cookie(&tx, cookie_hash(cookie)).await?),
            None => Found::Nothing,
        };
        let found = self.let_in(&tx, visit, found).await?;
        Ok((tx, found))
    }

    /// The cookie's flow, outside any transaction.
    pub(super) async fn glance(&self, visit: &Visit) -> anyhow::Result<Found> {
        let found = match &visit.flow {
            Some(cookie) => {
                let found = flows::glance(&self.core.store, visit.tenant.id, cookie_hash(cookie)).await?;
                self.still_shown(visit, found)
            }
            None => Found::Nothing,
        };
        match kiosk::wants_badge(visit, found.client(visit)) {
            true => {
                let tx = self.core.store.read(visit.tenant.id).await?;
                self.let_in(&tx, visit, found).await
            }
            false => Ok(found),
        }
    }

    /// A kiosk's page that may not be shown hides whatever was found.
    async fn let_in(&self, tx: &Tx, visit: &Visit, found: Found) -> anyhow::Result<Found> {
        Ok(
            match kiosk::may_show(&self.core, tx, visit, found.client(visit)).await? {
                true => found,
                false => Found::KeptOut,
            },
        )
    }

    fn still_shown(&self, visit: &Visit, found: Option<Flow>) -> Found {
        match found {
            // A kiosk shows no flow of a browser that began elsewhere.
            Some(flow) if (visit.client, flow.client) == (Client::Kiosk, Client::Browser) => Found::Nothing,
            Some(flow) if flow.shown_until() > self.core.now() => Found::Flow(Box::new(flow)),
            _ => Found::Gone,
        }
    }

    /// The page of the visitor's flow, where there is one.
    pub(crate) async fn drawn(&self, visit: &Visit) -> anyhow::Result<Option<Screen>> {
        let (tx, found) = self.find(visit).await?;
        match found {
            Found::Flow(flow) => self.draw(&tx, visit, &flow).await.map(Some),
            Found::Gone | Found::Nothing | Found::KeptOut => Ok(None),
        }
    }

    pub(super) async fn draw(&self, tx: &Tx, visit: &Visit, flow: &Flow) -> anyhow::Result<Screen> {
        let gathered = Gathered::of(&self.core, tx, visit, flow).await?;
        Ok(screen(flow, &gathered.facts()))
    }
}
