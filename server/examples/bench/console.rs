//! The console over many people, on an idle server: its pages, and what a change of the policy would do.

use crate::people::House;
use crate::site::Site;
use crate::stats::{median, ms, per_mille};
use crate::table::{Against, Table};
use crate::wire::{Answer, Ask, Line};
use anyhow::{Context, ensure};
use regain_domain::ids::SessionId;
use regain_domain::limits::STAFF_SESSION_LIFE;
use regain_domain::policy::page::PolicyScreen;
use regain_domain::role::Role;
use regain_service::clock::{Clock, SystemClock};
use regain_store::sessions::{Session, Stage};
use regain_store::{Store, accounts, sessions, tenants};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Its organisation: apart, since it has more people than the others.
pub(crate) const HOUSE: House = House(15);
/// People in it (`domain.md` §6 asks for what a change does to all of them).
pub(crate) const N: u32 = 100_000;
/// Gets of a page, and reviews of a change.
const GETS: u32 = 150;
const REVIEWS: u32 = 5;
/// Most that the 95th percentile of a page may take, and a review.
const PAGE_MS: f64 = 150.0;
const REVIEW_MS: f64 = 2_000.0;

/// Gives its first person a role and a session; the value of the session's cookie.
pub(crate) async fn seat(store: &Store) -> anyhow::Result<String> {
    let standing = tenants::of_host(store, &HOUSE.host()).await?;
    let tenant = standing.context("the console's organisation")?.id;
    let (cookie, now) = (Uuid::new_v4().simple().to_string(), SystemClock.now());
    let tx = store.write(tenant).await?;
    let first = accounts::list(&tx).await?;
    let account = first.first().context("somebody")?.id;
    accounts::set_roles(&tx, account, &[Role::PolicyAdmin, Role::Helpdesk]).await?;
    let session = Session {
        id: SessionId(Uuid::new_v4()),
        account,
        is_staff: true,
        stage: Stage::SignedIn,
        created_at: now,
        seen_at: now,
        expires_at: now.plus(STAFF_SESSION_LIFE),
        network: String::new(),
        device: String::new(),
        proved: None,
        password_at: Some(now),
    };
    sessions::insert(&tx, &session, Sha256::digest(cookie.as_bytes()).into()).await?;
    tx.commit().await?;
    Ok(format!("__Host-rg_admin={cookie}"))
}

/// Measures a page, and the review of a change that takes everybody's reset away.
pub(crate) async fn measure(site: &Site, cookie: &str, table: &mut Table) -> anyhow::Result<()> {
    let mut line = Line::open(site.address).await?;
    let client = HOUSE.person(0).client();
    let page = Ask {
        cookie: Some(cookie),
        ..site.get("/console/password-reset/properties", client)
    };
    let mut samples = Vec::new();
    for n in 0..=GETS {
        let answer = line.ask(page).await?;
        ensure!(answer.status == 200, "a page of the console: status {}", answer.status);
        // The first one warms up.
        if n > 0 {
            samples.push(ms(answer.first_byte));
        }
    }
    let name = |what: &str| format!("console with {N} people: {what}");
    table.row(name("a page, median"), median(&samples), "ms", Against::Nothing);
    let p95 = per_mille(&samples, 950);
    table.row(name("a page, p95"), p95, "ms", Against::Most(PAGE_MS));
    search(&mut line, site, cookie, table).await?;
    let review = Ask {
        form: Some("version=1&scope=none&disclosure=discreet"),
        cookie: Some(cookie),
        ..site.get("/fn/admin/policy-properties", client)
    };
    let mut samples = Vec::new();
    for _ in 0..REVIEWS {
        let answer = line.ask(review).await?;
        counted(&answer)?;
        samples.push(ms(answer.first_byte));
    }
    let most = per_mille(&samples, 1_000);
    table.row(
        name("a change counted over all, the slowest of 5"),
        most,
        "ms",
        Against::Most(REVIEW_MS),
    );
    Ok(())
}

/// Looks for a name that nobody has: no page of those who were found ends it early.
async fn search(line: &mut Line, site: &Site, cookie: &str, table: &mut Table) -> anyhow::Result<()> {
    let ask = Ask {
        form: Some("find=nobody-has-this&only=everyone"),
        cookie: Some(cookie),
        ..site.get("/fn/admin/people-find", HOUSE.person(0).client())
    };
    let mut samples = Vec::new();
    for _ in 0..GETS {
        let answer = line.ask(ask).await?;
        ensure!(
            answer.status == 200,
            "people who are looked for: status {}",
            answer.status
        );
        samples.push(ms(answer.first_byte));
    }
    let p95 = per_mille(&samples, 950);
    let name = format!("console with {N} people: nobody found, p95");
    table.row(name, p95, "ms", Against::Most(PAGE_MS));
    Ok(())
}

/// Everybody but the one with a role loses it.
fn counted(answer: &Answer) -> anyhow::Result<()> {
    let screen: PolicyScreen =
        serde_json::from_slice(&answer.body).with_context(|| format!("no screen, but status {}", answer.status))?;
    let PolicyScreen::Page(view) = screen else {
        anyhow::bail!("the console did not let its own administrator in")
    };
    let preview = view.change.context("a change")?.preview;
    ensure!(
        preview.n_all == N && preview.n_lose == N - 1,
        "{} of {} lost it",
        preview.n_lose,
        preview.n_all
    );
    Ok(())
}
