//! Proofs of work: fetched as each person's browser would, and really solved before the measured window begins; or, for
//! windows longer than this machine could solve for, fetched within it and rewritten to have an answer that is known.

use crate::people::Person;
use crate::site::Site;
use crate::watch;
use crate::wire::Line;
use altcha::{Challenge, HmacAlgorithm, Payload, SolveChallengeOptions};
use anyhow::{Context, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regain_store::{Keyring, Use};
use std::sync::PoisonError;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A challenge lives five minutes: what takes longer to solve and use is not begun.
pub(crate) const LIFE: Duration = Duration::from_mins(5);

/// Challenges fetched before they are solved.
const BATCH: usize = 200;

/// A person, and the challenge that opens the wizard once.
pub(crate) struct Ticket {
    pub(crate) person: Person,
    pub(crate) captcha: Captcha,
}

/// How a challenge is met.
pub(crate) enum Captcha {
    /// It was solved: the text of the form's field.
    Solved(String),
    /// It is fetched when it is needed, and rewritten with the key that the server signs with. The server's work is the
    /// same, and its making of the challenge falls into the window, too.
    Rewritten(Arc<str>),
}

/// Tickets that cost no solving, for all of these people.
pub(crate) fn rewritten(keyring: &Keyring, people: &[Person]) -> anyhow::Result<Solved> {
    let keys = keyring.keys(Use::CaptchaMac);
    let key: Arc<str> = BASE64_STANDARD.encode(*keys.first().context("a key")?.clone()).into();
    let tickets = people.iter().map(|person| Ticket {
        person: *person,
        captcha: Captcha::Rewritten(Arc::clone(&key)),
    });
    Ok(Solved {
        tickets: tickets.collect(),
        each: Duration::ZERO,
        since: None,
    })
}

/// The form's field for a challenge whose answer was made to be its first counter.
pub(crate) fn answered(challenge: Challenge, key: &str) -> anyhow::Result<String> {
    let mut parameters = challenge.parameters;
    let told = parameters.key_prefix.len();
    parameters.key_prefix.clear();
    let open = Challenge {
        parameters: parameters.clone(),
        signature: None,
    };
    let solution = altcha::solve_challenge(SolveChallengeOptions::new(&open))?.context("derive a key")?;
    parameters.key_prefix = solution.derived_key.chars().take(told).collect();
    let challenge = altcha::sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, key, None)?;
    Ok(BASE64_STANDARD.encode(serde_json::to_vec(&Payload { challenge, solution })?))
}

/// Tickets, and what they took.
pub(crate) struct Solved {
    pub(crate) tickets: Vec<Ticket>,
    /// Processor time a challenge.
    pub(crate) each: Duration,
    /// Since when they age.
    pub(crate) since: Option<Instant>,
}

/// Fetches and solves a challenge for each of these people, or for as many as the time allows.
pub(crate) async fn solve(site: &Site, people: &[Person], within: Duration) -> anyhow::Result<Solved> {
    let (since, until) = (Instant::now(), Instant::now() + within);
    let n_threads = std::thread::available_parallelism()?.get();
    let (mut tickets, mut busy) = (Vec::new(), Duration::ZERO);
    for some in people.chunks(BATCH) {
        // Anew each time: the server closes a connection that is silent for as long as solving takes.
        let mut line = Line::open(site.address).await?;
        let mut challenges = Vec::new();
        for person in some {
            challenges.push((*person, fetch(site, &mut line, *person).await?));
        }
        let queue = Mutex::new(challenges);
        let before = watch::own_cpu()?;
        tickets.extend(tokio::task::block_in_place(|| work(&queue, n_threads, until))?);
        busy += watch::own_cpu()?.saturating_sub(before);
        if Instant::now() >= until {
            break;
        }
    }
    let n = u32::try_from(tickets.len().max(1))?;
    Ok(Solved {
        tickets,
        each: busy / n,
        since: Some(since),
    })
}

type Queue = Mutex<Vec<(Person, Challenge)>>;

fn work(queue: &Queue, n_threads: usize, until: Instant) -> anyhow::Result<Vec<Ticket>> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_threads)
            .map(|_| scope.spawn(|| solve_some(queue, until)))
            .collect();
        let mut tickets = Vec::new();
        for worker in workers {
            let Ok(done) = worker.join() else {
                bail!("a solver broke")
            };
            tickets.extend(done?);
        }
        Ok(tickets)
    })
}

fn solve_some(queue: &Queue, until: Instant) -> anyhow::Result<Vec<Ticket>> {
    let mut tickets = Vec::new();
    while Instant::now() < until {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some((person, challenge)) = next else { break };
        tickets.push(Ticket {
            person,
            captcha: Captcha::Solved(solution(challenge)?),
        });
    }
    Ok(tickets)
}

/// A challenge, as a browser gets it.
pub(crate) async fn fetch(site: &Site, line: &mut Line, person: Person) -> anyhow::Result<Challenge> {
    let answer = line.ask(site.get("/captcha/challenge", person.client())).await?;
    if answer.status != 200 {
        bail!("no challenge: status {}", answer.status);
    }
    serde_json::from_slice(&answer.body).context("a challenge in ALTCHA's format")
}

/// The text of the form's field. The answer never lies in the first quarter of what `data` promises at most.
fn solution(challenge: Challenge) -> anyhow::Result<String> {
    let data = challenge.parameters.data.as_ref();
    let most = data.and_then(|data| data.get("most")?.as_u64()).unwrap_or_default();
    let options = SolveChallengeOptions {
        counter_start: u32::try_from(most / 4)?,
        ..SolveChallengeOptions::new(&challenge)
    };
    let solution = altcha::solve_challenge(options)?.context("solved in time")?;
    Ok(BASE64_STANDARD.encode(serde_json::to_vec(&Payload { challenge, solution })?))
}
