//! Whether the time of an answer tells who exists (R23): known and unknown people, side by side on an idle server.

use crate::people::{House, Person};
use crate::proof::{self, Ticket};
use crate::site::Site;
use crate::stats::{kolmogorov_smirnov, median, ms};
use crate::table::{Against, Table};
use crate::walk::{Failure, Walk};
use anyhow::anyhow;
use regain_domain::gate::Gate;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// The organisations that it takes: so many failed proofs in one would begin attack mode (R20).
pub(crate) const HOUSES: std::ops::RangeInclusive<u32> = 1..=10;
/// Samples of each class in one organisation; both together stay below 50 failed proofs.
pub(crate) const N: u32 = 22;
/// Walks open at once: few, so that they wait for the clock and not for each other.
const OPEN: usize = 6;
/// The most that medians may differ by.
const APART_MS: f64 = 5.0;
/// The least likeness.
const LIKENESS: f64 = 0.01;

/// Milliseconds of one class.
#[derive(Default)]
struct Class {
    identify: Vec<f64>,
    prove: Vec<f64>,
}

/// Measures both classes in turn, and compares them. Needs people below `N` in each organisation.
pub(crate) async fn measure(server: SocketAddr, table: &mut Table) -> anyhow::Result<()> {
    let (mut known, mut unknown) = (Class::default(), Class::default());
    for house in HOUSES.map(House) {
        let site = Site::of(house, server);
        let both = |number| [house.person(number), house.stranger(number)];
        let people: Vec<Person> = (0..N).flat_map(both).collect();
        let solved = proof::solve(&site, &people, Duration::from_mins(1)).await?;
        let queue = Arc::new(Mutex::new(solved.tickets));
        let mut walkers = JoinSet::new();
        for _ in 0..OPEN {
            let (site, queue) = (site.clone(), Arc::clone(&queue));
            walkers.spawn(async move { some(&site, &queue).await });
        }
        while let Some(done) = walkers.join_next().await {
            let [more_known, more_unknown] = done?.map_err(|failure| anyhow!("measure timing: {failure}"))?;
            known.add(more_known);
            unknown.add(more_unknown);
        }
    }
    compare(table, "identify", &known.identify, &unknown.identify);
    compare(table, "prove", &known.prove, &unknown.prove);
    Ok(())
}

impl Class {
    fn add(&mut self, more: Self) {
        self.identify.extend(more.identify);
        self.prove.extend(more.prove);
    }
}

async fn some(site: &Site, queue: &Mutex<Vec<Ticket>>) -> Result<[Class; 2], Failure> {
    let (mut known, mut unknown) = (Class::default(), Class::default());
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(ticket) = next else {
            return Ok([known, unknown]);
        };
        let [identify, prove] = one(site, &ticket).await?;
        let class = if ticket.person.is_known() {
            &mut known
        } else {
            &mut unknown
        };
        class.identify.push(ms(identify));
        class.prove.push(ms(prove));
    }
}

/// Identifies, and gives a code that is wrong but for one app in a million.
async fn one(site: &Site, ticket: &Ticket) -> Result<[Duration; 2], Failure> {
    let mut walk = Walk::begin(site, ticket.person).await?;
    walk.identify(&ticket.captcha).await?;
    let identify = walk.took;
    walk.choose(Gate::AppCode).await?;
    walk.code("000000").await?;
    Ok([identify, walk.took])
}

fn compare(table: &mut Table, step: &str, known: &[f64], unknown: &[f64]) {
    let apart = (median(known) - median(unknown)).abs();
    let n = known.len().min(unknown.len());
    table.row(
        format!("{step}: known and unknown, medians apart ({n} each)"),
        apart,
        "ms",
        Against::Most(APART_MS),
    );
    let likeness = kolmogorov_smirnov(known, unknown);
    table.row(
        format!("{step}: known and unknown, Kolmogorov–Smirnov p"),
        likeness,
        "",
        Against::Least(LIKENESS),
    );
}
