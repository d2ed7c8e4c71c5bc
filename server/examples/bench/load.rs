//! Full resets, hundreds open at once: as many as leave identify within its limit, and the whole within seconds, so that
//! rate and wait hold together.

use crate::mailbox::Mailbox;
use crate::proof::{LIFE, Solved, Ticket};
use crate::site::Site;
use crate::stats::{median, ms, per_mille};
use crate::table::say;
use crate::walk::{Failure, reset};
use crate::watch;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The p95 that identify keeps: the quantum of 300 ms and half of one.
pub(crate) const IDENTIFY_P95_MS: f64 = 450.0;
/// Before the window opens.
const WARM_UP: Duration = Duration::from_secs(10);
/// How often new resets begin and the server is looked at.
const BEAT: Duration = Duration::from_millis(25);
/// How long a reset takes at least, by its quanta: new ones begin so far apart that they do not march in step.
const LEAST_SECONDS: f64 = 2.1;
/// How often the client thinks again about how many may be open.
const THINK: Duration = Duration::from_secs(1);
/// A reset that takes longer found more open than the server keeps up with, though identify still be in time.
const SLOW: Duration = Duration::from_secs(4);
/// Late ones of a hundred from which on fewer may be open: p95 is to hold.
const LATE_PERCENT: usize = 4;
/// What a good and a bad second make of the resets that may be open.
const MORE: f64 = 1.05;
const LESS: f64 = 0.93;
/// Fewest and most that may be open.
const OPEN: (f64, f64) = (8.0, 900.0);

/// How a load was.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) window: Duration,
    pub(crate) n_done: u32,
    pub(crate) n_failed: u32,
    pub(crate) identify: Vec<f64>,
    /// Seconds of a whole reset, in the middle.
    pub(crate) whole_ms: f64,
    pub(crate) open_mean: f64,
    pub(crate) rss_most: f64,
    pub(crate) n_mails: usize,
    pub(crate) server: Duration,
    pub(crate) client: Duration,
    pub(crate) machine: Duration,
}

/// How much load.
pub(crate) struct Plan {
    /// How long the window is; it closes early where the tickets run out.
    pub(crate) window: Duration,
    /// So many open at once, whatever identify takes.
    pub(crate) open: Option<u32>,
    /// The resets that are open at first.
    pub(crate) begin: f64,
}

type Ended = (Duration, Result<Duration, Failure>);

/// The driver between two beats.
struct Driver {
    limit: f64,
    is_fixed: bool,
    /// Resets that may begin by now.
    credit: f64,
    thought_at: Instant,
    /// Resets that ended since then, and those among them that were late or failed.
    n_ended: usize,
    n_late: usize,
    running: JoinSet<Ended>,
    tickets: std::vec::IntoIter<Ticket>,
    why: BTreeMap<String, u32>,
    whole: Vec<f64>,
    report: Report,
}

/// What the counters stood at when the window opened.
struct Opened {
    at: Instant,
    n_mails: usize,
    server: Duration,
    client: Duration,
    machine: Duration,
}

/// Runs the load.
pub(crate) async fn run(
    site: &Site,
    mailbox: &Mailbox,
    server: u32,
    solved: Solved,
    plan: Plan,
) -> anyhow::Result<Report> {
    let latest = solved.since.map(|since| since + LIFE);
    let mut driver = Driver {
        limit: plan.open.map_or(plan.begin, f64::from).clamp(OPEN.0, OPEN.1),
        is_fixed: plan.open.is_some(),
        credit: 0.0,
        thought_at: Instant::now(),
        n_ended: 0,
        n_late: 0,
        running: JoinSet::new(),
        tickets: solved.tickets.into_iter(),
        why: BTreeMap::new(),
        whole: Vec::new(),
        report: Report::default(),
    };
    let mut beat = tokio::time::interval(BEAT);
    let (begun_at, mut opened, mut n_beats) = (Instant::now(), None, 0.0);
    loop {
        beat.tick().await;
        driver.collect(opened.is_some());
        driver.think();
        driver.begin(site, mailbox);
        driver.report.rss_most = driver.report.rss_most.max(watch::rss(server)?);
        match &opened {
            None if begun_at.elapsed() >= WARM_UP => opened = Some(Opened::now(mailbox, server)?),
            Some(opened) => {
                driver.report.open_mean += driver.running.len() as f64;
                n_beats += 1.0;
                let is_over =
                    opened.at.elapsed() >= plan.window || latest.is_some_and(|latest| Instant::now() >= latest);
                if is_over || driver.tickets.len() == 0 {
                    break;
                }
            }
            None => {}
        }
    }
    driver.report.open_mean /= f64::max(n_beats, 1.0);
    driver.close(opened, mailbox, server)
}

impl Driver {
    /// Takes in what has ended.
    fn collect(&mut self, counts: bool) {
        while let Some(ended) = self.running.try_join_next() {
            let (whole, result) =
                ended.unwrap_or_else(|error| (Duration::ZERO, Err(Failure::Other(error.to_string()))));
            let is_in_time = matches!(&result, Ok(identify) if ms(*identify) <= IDENTIFY_P95_MS && whole <= SLOW);
            self.n_ended += 1;
            self.n_late += usize::from(!is_in_time);
            if !counts {
                continue;
            }
            match result {
                Ok(identify) => {
                    self.report.n_done += 1;
                    self.report.identify.push(ms(identify));
                    self.whole.push(ms(whole));
                }
                Err(failure) => {
                    self.report.n_failed += 1;
                    *self.why.entry(failure.to_string()).or_default() += 1;
                }
            }
        }
    }

    /// Lets more be open after a second in which all were in time, and fewer after another.
    fn think(&mut self) {
        if self.thought_at.elapsed() < THINK || self.n_ended == 0 {
            return;
        }
        let is_late = self.n_late * 100 > self.n_ended * LATE_PERCENT;
        if !self.is_fixed {
            let change = if is_late { LESS } else { MORE };
            self.limit = (self.limit * change).clamp(OPEN.0, OPEN.1);
        }
        (self.thought_at, self.n_ended, self.n_late) = (Instant::now(), 0, 0);
    }

    /// Begins as many as may be open, at an even pace.
    fn begin(&mut self, site: &Site, mailbox: &Mailbox) {
        self.credit += self.limit * BEAT.as_secs_f64() / LEAST_SECONDS;
        self.credit = self.credit.min(self.limit / 4.0);
        while self.credit >= 1.0 {
            if self.running.len() as f64 >= self.limit {
                return;
            }
            self.credit -= 1.0;
            let Some(ticket) = self.tickets.next() else { return };
            let (site, mailbox) = (site.clone(), mailbox.clone());
            self.running.spawn(async move {
                let begun_at = Instant::now();
                let result = reset(&site, &mailbox, &ticket).await;
                (begun_at.elapsed(), result)
            });
        }
    }

    fn close(mut self, opened: Option<Opened>, mailbox: &Mailbox, server: u32) -> anyhow::Result<Report> {
        if let Some(opened) = opened {
            self.report.window = opened.at.elapsed();
            self.report.n_mails = mailbox.n_mails() - opened.n_mails;
            self.report.server = watch::cpu(server)?.saturating_sub(opened.server);
            self.report.client = watch::own_cpu()?.saturating_sub(opened.client);
            self.report.machine = watch::machine_cpu()?.saturating_sub(opened.machine);
        }
        self.report.whole_ms = median(&self.whole);
        for (why, n) in &self.why {
            say(&format!("  {n} failed: {why}"));
        }
        // What is still open is dropped with the tasks.
        Ok(self.report)
    }
}

impl Opened {
    fn now(mailbox: &Mailbox, server: u32) -> anyhow::Result<Self> {
        Ok(Self {
            at: Instant::now(),
            n_mails: mailbox.n_mails(),
            server: watch::cpu(server)?,
            client: watch::own_cpu()?,
            machine: watch::machine_cpu()?,
        })
    }
}

impl Report {
    /// Resets a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.n_done) / self.window.as_secs_f64().max(0.001)
    }

    /// Milliseconds of processor time a reset.
    pub(crate) fn a_reset(&self, cpu: Duration) -> f64 {
        ms(cpu) / f64::from(self.n_done.max(1))
    }

    /// Percent of the resets that ended otherwise.
    pub(crate) fn failed_percent(&self) -> f64 {
        100.0 * f64::from(self.n_failed) / f64::from((self.n_done + self.n_failed).max(1))
    }

    /// The wait of identify below which so many of a thousand lie.
    pub(crate) fn identify_ms(&self, rank: usize) -> f64 {
        per_mille(&self.identify, rank)
    }
}
