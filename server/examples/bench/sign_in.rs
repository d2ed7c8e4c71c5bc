//! Sign-ins beside bare hashing: each costs one hash, so their rate says how small everything else is.

use crate::bare;
use crate::people::{House, PASSWORD, Person};
use crate::site::Site;
use crate::stats::{ms, per_mille};
use crate::table::{Against, Table};
use crate::watch;
use crate::wire::{Ask, Line};
use anyhow::{Context, ensure};
use regain_domain::sign_in::AccountScreen;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use url::form_urlencoded::Serializer;

/// The organisation that it takes.
pub(crate) const HOUSE: House = House(12);
/// People in it, each of whom signs in once.
pub(crate) const N: u32 = 3_000;
/// Sign-ins open at once, for each core: enough that no core waits, and fewer than the server lets wait for a hash.
const OPEN: usize = 4;
/// How long it is measured, unless everybody has signed in before.
const WINDOW: Duration = Duration::from_secs(15);

type Queue = Arc<Mutex<Vec<Person>>>;

/// Measures the rate, the wait and the processor's time, between two measurements of bare hashing that are so long.
pub(crate) async fn measure(site: &Site, server: u32, hashing: Duration, table: &mut Table) -> anyhow::Result<()> {
    let queue: Queue = Arc::new(Mutex::new((0..N).map(|number| HOUSE.person(number)).collect()));
    let before = tokio::task::block_in_place(|| bare::measure(hashing))?;
    let (begun_at, cpu) = (Instant::now(), watch::cpu(server)?);
    let until = begun_at + WINDOW;
    let mut open = JoinSet::new();
    for _ in 0..OPEN * std::thread::available_parallelism()?.get() {
        let (site, queue) = (site.clone(), Arc::clone(&queue));
        open.spawn(async move { some(&site, &queue, until).await });
    }
    let mut samples = Vec::new();
    while let Some(done) = open.join_next().await {
        samples.extend(done?.context("sign in")?);
    }
    let (span, cpu) = (begun_at.elapsed(), watch::cpu(server)?.saturating_sub(cpu));
    let bare = before.midpoint(tokio::task::block_in_place(|| bare::measure(hashing))?);
    let n = samples.len() as f64;
    table.row(
        "sign-ins, to bare argon2id on all cores",
        n / span.as_secs_f64(),
        "/s",
        Against::Peer(bare.per_second),
    );
    table.row(
        "sign-ins: server's CPU each, to its hash",
        ms(cpu) / n.max(1.0),
        "ms",
        Against::Peer(bare.cpu_ms),
    );
    table.row("sign-ins: wait, p95", per_mille(&samples, 950), "ms", Against::Nothing);
    Ok(())
}

/// Signs people in, one after the other.
async fn some(site: &Site, queue: &Queue, until: Instant) -> anyhow::Result<Vec<f64>> {
    let mut samples = Vec::new();
    while Instant::now() < until {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(person) = next else { break };
        samples.push(ms(one(site, person).await?));
    }
    Ok(samples)
}

async fn one(site: &Site, person: Person) -> anyhow::Result<Duration> {
    let name = person.user_name();
    let fields = [("username", name.as_str()), ("password", PASSWORD)];
    let form = Serializer::new(String::new()).extend_pairs(fields).finish();
    let ask = Ask {
        form: Some(&form),
        ..site.get("/fn/public/signin", person.client())
    };
    let answer = Line::open(site.address).await?.ask(ask).await?;
    ensure!(answer.status == 200, "status {}", answer.status);
    let screen: AccountScreen = serde_json::from_slice(&answer.body).context("no screen")?;
    ensure!(matches!(screen, AccountScreen::In(_)), "{name} is not in");
    Ok(answer.first_byte)
}
