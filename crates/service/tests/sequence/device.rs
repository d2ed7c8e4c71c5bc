//! A phone with the authenticator, without a browser: holds a key, says what its app would say.

use crate::walk::House;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use regain_domain::Secret;
use regain_domain::Timestamp;
use regain_domain::authenticator::{Act, Added, Reply, Request, Statement, Taken, Verdict, base64url};
use regain_domain::registration::{EnrolForm, SecurityScreen};
use regain_service::{Said, Visit, Word};
use std::cell::Cell;

/// A phone that has been added to an account.
pub(crate) struct Phone<'a> {
    pub(crate) house: &'a House,
    pub(crate) visit: Visit,
    pub(crate) added: Added,
    pub(crate) key: SigningKey,
    /// The time of its last statement, in milliseconds.
    last: Cell<i64>,
}

/// The link of a page that waits for a phone.
pub(crate) fn link_of(screen: &SecurityScreen) -> String {
    match screen {
        SecurityScreen::Enrol(enrolling) => match &enrolling.form {
            EnrolForm::Link { link, .. } => link.clone(),
            other => panic!("no link: {other:?}"),
        },
        other => panic!("nothing is on its way: {other:?}"),
    }
}

/// The number of a page that waits for a phone's first approval.
pub(crate) fn number_of(screen: &SecurityScreen) -> String {
    match screen {
        SecurityScreen::Enrol(enrolling) => match &enrolling.form {
            EnrolForm::Number { number, .. } => number.clone(),
            other => panic!("no number: {other:?}"),
        },
        other => panic!("nothing is on its way: {other:?}"),
    }
}

fn public(key: &SigningKey) -> String {
    base64url(key.verifying_key().to_encoded_point(false).as_bytes())
}

/// Follows a link with this key; nothing if it serves no more.
pub(crate) async fn follow<'a>(house: &'a House, visit: &Visit, link: &str, key: u8) -> Option<Phone<'a>> {
    let (_, token) = link.split_once('#').expect("a token");
    let key = SigningKey::from_slice(&[key; 32]).expect("a key");
    let token = Secret::new(token.to_owned());
    let added = house.service.authenticator.enrol(visit, &token, &public(&key)).await;
    added.expect("an answer").map(|added| Phone {
        house,
        visit: visit.clone(),
        added,
        key,
        last: Cell::new(0),
    })
}

impl Phone<'_> {
    fn next(&self) -> Timestamp {
        let at = self.house.service.now().ms().max(self.last.get() + 1);
        self.last.set(at);
        Timestamp::from_ms(at)
    }

    /// A statement of this phone at a time, signed by a key.
    pub(crate) fn said_by(&self, key: &SigningKey, at: Timestamp, act: Act<'_>) -> Said {
        let statement = Statement {
            tenant: self.added.tenant,
            device: self.added.device,
            at,
            act,
        };
        let signature: Signature = key.sign(&statement.bytes());
        let signature = base64url(&signature.to_bytes());
        Said::new(&self.added.device.to_string(), at.ms(), &signature)
    }

    pub(crate) fn said(&self, act: Act<'_>) -> Said {
        self.said_by(&self.key, self.next(), act)
    }

    /// What waits for it.
    pub(crate) async fn waiting(&self) -> Vec<Request> {
        let said = self.said(Act::Look);
        let reply = self.house.service.authenticator.waiting(&self.visit, &said).await;
        match reply.expect("an answer") {
            Reply::Done(waiting) => waiting.requests,
            other => panic!("not believed: {other:?}"),
        }
    }

    /// The one request that waits for it.
    pub(crate) async fn request(&self) -> Request {
        let mut waiting = self.waiting().await;
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        waiting.remove(0)
    }

    /// Answers, as the person typed it.
    pub(crate) async fn answer(&self, request: &Request, verdict: Verdict, number: &str) -> Reply<Taken> {
        let said = self.said(act(request, verdict, number));
        self.hand_in(&said, request, verdict, number).await
    }

    /// Hands an answer in that was signed before.
    pub(crate) async fn hand_in(&self, said: &Said, request: &Request, verdict: Verdict, number: &str) -> Reply<Taken> {
        let word = Word::new(&request.id.to_string(), verdict.code(), number);
        let reply = self.house.service.authenticator.answer(&self.visit, said, &word).await;
        reply.expect("an answer")
    }

    /// Says where it can be woken.
    pub(crate) async fn subscribe(&self, [endpoint, p256dh, auth]: [&str; 3]) -> Reply<bool> {
        let said = self.said(Act::Subscribe { endpoint, p256dh, auth });
        let parts = [endpoint, p256dh, auth].map(str::to_owned);
        let reply = self
            .house
            .service
            .authenticator
            .subscribe(&self.visit, &said, parts)
            .await;
        reply.expect("an answer")
    }
}

/// An answer as it is signed.
pub(crate) fn act<'a>(request: &'a Request, verdict: Verdict, number: &'a str) -> Act<'a> {
    Act::Answer {
        request: request.id,
        bound_to: &request.bound_to,
        verdict,
        number,
        expires_at: request.expires_at,
    }
}
