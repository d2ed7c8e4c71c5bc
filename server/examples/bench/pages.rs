//! Single pages on an idle server: time to the first byte, and what the server spends on one.

use crate::mailbox::Mailbox;
use crate::people::House;
use crate::proof::{self, Ticket};
use crate::site::Site;
use crate::stats::{median, ms, per_mille};
use crate::table::{Against, Table};
use crate::walk::{Failure, Walk};
use crate::watch;
use anyhow::{Context, anyhow};
use regain_domain::gate::Gate;
use std::time::Duration;

/// Gets of each page.
const N: u32 = 150;

/// Measures the pages that anybody gets, and those of each step.
pub(crate) async fn measure(
    site: &Site,
    house: House,
    mailbox: &Mailbox,
    server: u32,
    table: &mut Table,
) -> anyhow::Result<()> {
    let solved = proof::solve(site, &[house.person(0)], Duration::from_secs(30)).await?;
    let ticket = solved.tickets.first().context("a solved challenge")?;
    let mut meter = Meter { server, table };
    walked(site, mailbox, ticket, &mut meter)
        .await
        .map_err(|failure| anyhow!("measure pages: {failure}"))
}

struct Meter<'a> {
    server: u32,
    table: &'a mut Table,
}

async fn walked(site: &Site, mailbox: &Mailbox, ticket: &Ticket, meter: &mut Meter<'_>) -> Result<(), Failure> {
    let mut walk = Walk::begin(site, ticket.person).await?;
    meter.page(&mut walk, "/signin", "signin").await?;
    meter.page(&mut walk, "/reset", "identify").await?;
    walk.identify(&ticket.captcha).await?;
    meter.page(&mut walk, "/reset", "choose").await?;
    walk.choose(Gate::Email).await?;
    meter.page(&mut walk, "/reset", "prove, address").await?;
    let address = ticket.person.address();
    let mail = mailbox.code_to(&address);
    walk.destination(&address).await?;
    meter.page(&mut walk, "/reset", "prove, code").await?;
    let code = mail.await.map_err(|_| Failure::Other("no mail came".to_owned()))?;
    walk.code(&code).await?;
    walk.pass_app().await?;
    meter.page(&mut walk, "/reset", "password").await?;
    walk.password().await?;
    meter.page(&mut walk, "/reset", "done").await
}

impl Meter<'_> {
    async fn page(&mut self, walk: &mut Walk<'_>, path: &str, step: &str) -> Result<(), Failure> {
        // The first one warms up.
        walk.page(path).await?;
        let before = watch::cpu(self.server)?;
        let mut samples = Vec::new();
        for _ in 0..N {
            walk.page(path).await?;
            samples.push(ms(walk.took));
        }
        let spent = watch::cpu(self.server)?.saturating_sub(before) / N;
        let name = |what: &str| format!("GET {path} ({step}): {what}");
        self.table
            .row(name("first byte, median"), median(&samples), "ms", Against::Nothing);
        self.table.row(
            name("first byte, p95"),
            per_mille(&samples, 950),
            "ms",
            Against::Nothing,
        );
        self.table.row(name("server's CPU"), ms(spent), "ms", Against::Nothing);
        Ok(())
    }
}
