//! The outbox against channels that fail: at least once, one `Message-ID`, nothing stale (R34, F08, F09, F14 to F16).

use crate::walk::{Browser, House, refused};
use regain_delivery::{Channel, Envelope, Outcome};
use regain_domain::flow::{ProveForm, Screen, Step};
use regain_domain::gate::Gate;
use regain_domain::notice::Letter;
use regain_service::Channels;
use regain_service::tasks::Tasks;
use regain_store::{Store, outbox};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// How a scripted channel answers one attempt.
enum Reply {
    Outcome(Outcome),
    /// Never comes back: the lease has to run out.
    Hang,
}

/// Answers from a script, then takes everything; remembers what it was handed.
#[derive(Default)]
struct Scripted {
    replies: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<(String, String)>>,
    news: Notify,
}

impl Scripted {
    fn of(replies: Vec<Reply>) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.into()),
            ..Self::default()
        })
    }

    fn seen(&self) -> Vec<(String, String)> {
        self.seen.lock().expect("no panic before").clone()
    }

    /// Waits until so many attempts were made.
    async fn attempts(&self, n: usize) -> Vec<(String, String)> {
        let enough = async {
            loop {
                let news = self.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                if self.seen().len() >= n {
                    return;
                }
                news.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), enough)
            .await
            .expect("enough attempts");
        self.seen()
    }
}

impl Channel for Scripted {
    fn deliver<'a>(
        &'a self,
        letter: &'a Letter,
        envelope: &'a Envelope,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            let attempt = (envelope.message_id.clone(), letter.purpose().to_owned());
            self.seen.lock().expect("no panic before").push(attempt);
            self.news.notify_waiters();
            let reply = self.replies.lock().expect("no panic before").pop_front();
            match reply {
                None => Outcome::Sent,
                Some(Reply::Outcome(outcome)) => outcome,
                Some(Reply::Hang) => std::future::pending().await,
            }
        })
    }
}

fn later() -> Reply {
    Reply::Outcome(Outcome::Later {
        why: "451".to_owned(),
        after: None,
    })
}

/// A house whose own workers are asleep for good, with a code waiting in its outbox.
async fn with_a_code() -> House {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    house
}

fn start(house: &House, channel: &Arc<Scripted>) -> Tasks {
    let tasks = Tasks::default();
    house
        .service
        .start(&tasks, Channels::all(Arc::clone(channel) as Arc<dyn Channel>));
    tasks
}

#[tokio::test]
async fn f14_refused_three_times_then_taken_is_one_message_under_one_id() {
    let house = with_a_code().await;
    let channel = Scripted::of(vec![later(), later(), later()]);
    let _tasks = start(&house, &channel);
    for n in 1..=3 {
        channel.attempts(n).await;
        house.demo.advance(60).await.expect("a later time");
    }
    let seen = channel.attempts(4).await;
    assert!(seen.iter().all(|attempt| *attempt == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn f15_refused_for_good_is_a_dead_letter_with_its_reason() {
    let house = with_a_code().await;
    let channel = Scripted::of(vec![Reply::Outcome(Outcome::Never { why: "550".to_owned() })]);
    let tasks = start(&house, &channel);
    channel.attempts(1).await;
    tasks.stop();
    assert!(tasks.finished(Duration::from_secs(10)).await);
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    let dead = outbox::dead_letters(&tx).await.expect("an answer");
    assert_eq!(
        dead.iter().map(|letter| letter.why.as_str()).collect::<Vec<_>>(),
        ["550"]
    );
}

#[tokio::test]
async fn f15_a_mail_refused_for_good_shows_on_no_page() {
    let house = House::quiet(Store::for_tests().await).await;
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    let told = browser.choose(Gate::Email).await;
    let channel = Scripted::of(vec![Reply::Outcome(Outcome::Never { why: "550".to_owned() })]);
    let tasks = start(&house, &channel);
    channel.attempts(1).await;
    tasks.stop();
    assert!(tasks.finished(Duration::from_secs(10)).await);
    let without_time = |screen: Screen| Screen {
        step: match screen.step {
            Step::Prove { progress, gate, form } => {
                let form = match form {
                    ProveForm::Code { hint, .. } => ProveForm::Code { hint, resend_in: None },
                    form => form,
                };
                Step::Prove { progress, gate, form }
            }
            other => other,
        },
        seconds_left: None,
        ..screen
    };
    assert_eq!(without_time(browser.look().await), without_time(told));
    // Nor does the page once a code is typed that never arrived.
    assert_eq!(refused(&browser.code("000000").await), "code-wrong");
}

#[tokio::test]
async fn f08_a_worker_that_never_comes_back_loses_its_lease() {
    let house = with_a_code().await;
    let frozen = Scripted::of(vec![Reply::Hang]);
    let _frozen_tasks = start(&house, &frozen);
    let first = frozen.attempts(1).await;
    house.demo.advance(61).await.expect("a later time");
    let other = Scripted::of(Vec::new());
    let _tasks = start(&house, &other);
    // Whichever worker takes it, it is the same message.
    let again = tokio::select! {
        seen = other.attempts(1) => seen,
        seen = frozen.attempts(2) => seen,
    };
    assert_eq!(again.last(), first.first());
}

#[tokio::test]
async fn r35_a_code_that_is_over_is_never_sent() {
    let house = with_a_code().await;
    let channel = Scripted::of(vec![later()]);
    let _tasks = start(&house, &channel);
    channel.attempts(1).await;
    house.demo.advance(11 * 60).await.expect("a later time");
    // A notice written now arrives; by then the code would have, too.
    let person = house.person(&house.birch, "new@birch.example").await;
    Browser::new(&house, &house.birch).identify(&person.username).await;
    let seen = channel.attempts(2).await;
    assert_eq!(
        seen.iter().map(|(_, purpose)| purpose.as_str()).collect::<Vec<_>>(),
        ["reset-code", "refused"]
    );
    let tx = house.store.read(house.acorn.id).await.expect("a read");
    assert_eq!(outbox::dead_letters(&tx).await.expect("an answer").len(), 1);
}

#[tokio::test]
async fn f16_a_mail_that_hangs_does_not_hold_up_others() {
    let house = with_a_code().await;
    let channel = Scripted::of(vec![Reply::Hang]);
    let _tasks = start(&house, &channel);
    channel.attempts(1).await;
    let person = house.person(&house.birch, "new@birch.example").await;
    Browser::new(&house, &house.birch).identify(&person.username).await;
    let seen = channel.attempts(2).await;
    assert_eq!(seen.last().map(|(_, purpose)| purpose.as_str()), Some("refused"));
}

#[tokio::test]
async fn a_channel_that_fails_three_times_in_a_row_is_marked_for_everybody_until_it_works() {
    let house = House::quiet(Store::for_tests().await).await;
    let offer = async |name: &str| {
        let mut browser = Browser::new(&house, &house.acorn);
        match browser.identify(name).await.step {
            Step::Choose { gates, .. } => gates,
            other => panic!("{other:?}"),
        }
    };
    let is_marked = |gates: &[regain_domain::flow::GateOffer]| {
        let marked: Vec<Gate> = gates
            .iter()
            .filter(|offer| offer.is_troubled)
            .map(|offer| offer.gate)
            .collect();
        marked
    };
    let person = house.person(&house.acorn, "user@acorn.example").await;
    let mut browser = Browser::new(&house, &house.acorn);
    browser.identify(&person.username).await;
    browser.choose(Gate::Email).await;
    let channel = Scripted::of(vec![later(), later(), later()]);
    let tasks = start(&house, &channel);
    for n in 1..=2 {
        channel.attempts(n).await;
        assert!(is_marked(&offer(&person.username).await).is_empty(), "{n}");
        house.demo.advance(60).await.expect("a later time");
    }
    channel.attempts(3).await;
    tasks.stop();
    assert!(tasks.finished(Duration::from_secs(10)).await);
    let gates = offer(&person.username).await;
    assert_eq!(is_marked(&gates), [Gate::Email]);
    assert_eq!(
        gates.last().map(|offer| offer.gate),
        Some(Gate::Email),
        "behind what works"
    );
    let again = start(&house, &channel);
    house.demo.advance(60).await.expect("a later time");
    channel.attempts(4).await;
    again.stop();
    assert!(again.finished(Duration::from_secs(10)).await);
    assert!(is_marked(&offer(&person.username).await).is_empty(), "it works");
}
