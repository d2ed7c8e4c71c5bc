//! Identify: the captcha is spent, and a flow begins — for everybody alike where nothing may be told (R21).

use super::{Gathered, Reset, gather};
use crate::again::again;
use crate::browser::{self, Known};
use crate::captcha::{Bound, Difficulty, Verdict};
use crate::core::cookie_hash;
use crate::limits::{self, network_bytes, per_network};
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use crate::{attack, audit, kiosk, notice};
use ipnet::IpNet;
use regain_domain::account::{Account, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::flow::{Beginning, Client, Flow, Purpose, Screen, State, Subject, begin, screen};
use regain_domain::ids::FlowId;
use regain_domain::limits::FLOW_LIFE;
use regain_domain::policy::{Disclosure, Mode, offers_unlock};
use regain_domain::{Refusal, Timestamp};
use regain_store::{Tx, accounts, flows, nonces};
use uuid::Uuid;

/// The identify form, as it was posted.
#[derive(Debug, Default)]
pub struct Identify {
    /// The user name, as typed.
    pub user_name: String,
    /// A solved proof of work.
    pub captcha: String,
    /// The ticket of a picture and sound.
    pub captcha_ticket: String,
    /// What was seen or heard.
    pub captcha_answer: String,
    /// `unlock`: the lock is to be lifted, and the password to stay, where the tenant offers that; anything else: a reset.
    pub intent: String,
    /// `new`: wait instead; else the ticket of the wait that ran. Empty: not pressed.
    pub captcha_wait: String,
}

/// What a flow begins as.
pub(crate) struct Begun {
    pub(crate) subject: Subject,
    pub(crate) user_name: UserName,
    pub(crate) purpose: Purpose,
    pub(crate) client: Client,
    pub(crate) mode: Mode,
    pub(crate) state: State,
    pub(crate) n_needed: u32,
    pub(crate) password_changed_at: Option<Timestamp>,
}

impl Reset {
    /// Says who it is. A captcha that was tried is spent, whatever comes of it (R25).
    pub async fn identify(&self, visit: &Visit, post: Identify) -> anyhow::Result<Stepped<Screen>> {
        let stepped = again(|| self.identified(visit, &post)).await;
        if mode(visit) == Mode::Discreet {
            self.release(visit.arrived_at).await;
        }
        stepped
    }

    async fn identified(&self, visit: &Visit, post: &Identify) -> anyhow::Result<Stepped<Screen>> {
        let now = self.core.now();
        let key = self.core.counter("identifies", &network_bytes(visit.network));
        // The work is checked before the one writer is taken: junk must not hold up everybody else's writes.
        let tx = self.core.store.read(visit.tenant.id).await?;
        if !kiosk::may_show(&self.core, &tx, visit, visit.client).await? {
            drop(tx);
            return self.shut_out(visit).await;
        }
        let is_attacked = attack::is_on(&self.core, &tx).await?;
        let n_before = limits::count_recent(&self.core, &tx, key).await?;
        drop(tx);
        let checked = match post.captcha_wait.as_str() {
            "new" => None,
            _ => Some(self.check_captcha(visit, post, self.difficulty_after(n_before, is_attacked), now)),
        };
        let tx = self.core.store.write(visit.tenant.id).await?;
        let windows = per_network(&self.core, [mode(visit) == Mode::Explicit, is_attacked]);
        if let Err(seconds) = limits::take_one(&self.core, &tx, key, &windows).await? {
            let entry = Entry::failure(Activity::NetworkSlowed, "identify");
            // The page that follows may want the one writer.
            match audit::write_first(&self.core, &tx, visit, &entry).await? {
                true => tx.commit().await?,
                false => drop(tx),
            }
            return self.too_many(visit, post, seconds).await;
        }
        let spent = match checked {
            None => {
                tx.commit().await?;
                return self.begin_wait(visit, post).await;
            }
            Some(Ok(spent)) => spent,
            Some(Err((refusal, spent))) => {
                if let Some(spent) = spent {
                    nonces::spend(&tx, spent.nonce, spent.expires_at).await?;
                }
                return self.captcha_failed(visit, post, tx, refusal).await;
            }
        };
        if !nonces::spend(&tx, spent.nonce, spent.expires_at).await? {
            return self.captcha_failed(visit, post, tx, Refusal::CaptchaExpired).await;
        }
        match UserName::parse(&post.user_name, visit.tenant.settings.first_domain()) {
            Err(refusal) => {
                tx.commit().await?;
                self.stay(visit, post, refusal).await
            }
            Ok(name) => self.start(visit, post, tx, name).await,
        }
    }

    /// The captcha was no good, whoever was named: the first time within a while the audit is told. A wait that is not
    /// over yet has not failed.
    async fn captcha_failed(
        &self,
        visit: &Visit,
        post: &Identify,
        tx: Tx,
        refusal: Refusal,
    ) -> anyhow::Result<Stepped<Screen>> {
        if !matches!(refusal, Refusal::Wait { .. }) {
            let entry = Entry::failure(Activity::CaptchaFailed, refusal.code());
            audit::write_first(&self.core, &tx, visit, &entry).await?;
        }
        tx.commit().await?;
        self.stay(visit, post, refusal).await
    }

    /// The account, the decision, and the row.
    async fn start(&self, visit: &Visit, post: &Identify, tx: Tx, name: UserName) -> anyhow::Result<Stepped<Screen>> {
        let now = self.core.now();
        let visit = &attack::tightened(&self.core, &tx, visit).await?;
        let account = accounts::by_name(&tx, &name).await?;
        let key = gather::person_key(&self.core, account.as_ref().map(|account| account.id), &name);
        let blocked = limits::proofs_blocked_until(&self.core, &tx, key).await?;
        let mode = self.mode_of(&tx, visit, account.as_ref()).await?;
        match begin(account.as_ref(), &visit.tenant.settings, mode, blocked, now) {
            Beginning::Stay(refusal) => {
                let entry = Entry::failure(Activity::FlowProgress, refusal.code());
                let subject = account.as_ref().map(|account| account.id);
                audit::write(&tx, visit, &entry, None, subject, None, now).await?;
                tx.commit().await?;
                let told = if refusal == Refusal::AccountDisabled {
                    Refusal::UserUnknown
                } else {
                    refusal
                };
                self.stay(visit, post, told).await
            }
            Beginning::Flow {
                subject,
                state,
                n_needed,
            } => {
                let begun = Begun {
                    subject,
                    user_name: name,
                    purpose: purpose(visit, post),
                    client: visit.client,
                    mode,
                    state,
                    n_needed,
                    password_changed_at: account.as_ref().map(|account| account.password_changed_at),
                };
                self.insert(visit, tx, account.as_ref(), begun).await
            }
        }
    }

    /// The mode of a flow of this person, or of nobody: in `auto`, a browser in which they have registered is told what a
    /// trusted network is (R22).
    async fn mode_of(&self, tx: &Tx, visit: &Visit, account: Option<&Account>) -> anyhow::Result<Mode> {
        let disclosure = visit.tenant.settings.policy.disclosure;
        let known = Known::Registered(account.map(|account| account.id));
        let is_own = disclosure == Disclosure::Auto
            && visit.client == Client::Browser
            && browser::is_known(&self.core, tx, visit, known).await?;
        Ok(disclosure.mode(is_own || is_trusted(visit)))
    }

    async fn insert(
        &self,
        visit: &Visit,
        tx: Tx,
        account: Option<&Account>,
        begun: Begun,
    ) -> anyhow::Result<Stepped<Screen>> {
        let now = self.core.now();
        let cookie = self.core.cookie();
        let flow = self.begun(begun);
        let row = flows::NewFlow {
            flow: &flow,
            cookie_hash: cookie_hash(&cookie),
            policy_version: visit.tenant.version,
            started_at: now,
        };
        end_former(&tx, visit, now).await?;
        flows::insert(&tx, &row).await?;
        let entry = match &flow.subject {
            Subject::Account(_) => Entry::success(Activity::FlowProgress, "identified"),
            Subject::Hollow { why, .. } => Entry::failure(Activity::FlowProgress, why.code()),
        };
        audit::write(
            &tx,
            visit,
            &entry,
            None,
            flow.subject.account(),
            Some(&flow.reference),
            now,
        )
        .await?;
        notice::identified(&self.core, &tx, visit, &flow, account).await?;
        // Of somebody who gets no further a page shows nothing but what it shows of anybody.
        let account = account.filter(|_| matches!(flow.subject, Subject::Account(_)));
        let mut gathered = Gathered::new(&self.core, visit, account.cloned());
        gathered.see_troubles(&tx).await?;
        tx.commit().await?;
        let screen = screen(&flow, &gathered.facts());
        Ok(Stepped {
            flow: Keep::Set(cookie),
            note: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    /// A flow that begins now.
    pub(crate) fn begun(&self, begun: Begun) -> Flow {
        let now = self.core.now();
        Flow {
            id: FlowId(Uuid::new_v4()),
            rev: 0,
            subject: begun.subject,
            user_name: begun.user_name,
            purpose: begun.purpose,
            client: begun.client,
            mode: begun.mode,
            state: begun.state,
            n_needed: begun.n_needed,
            n_failed: 0,
            password_changed_at: begun.password_changed_at,
            expires_at: now.plus(FLOW_LIFE),
            moved_at: now,
            refusals: Vec::new(),
            reference: self.reference(),
            is_help_asked: false,
        }
    }

    /// The page stays; what was typed and why it was refused travel in the note.
    async fn stay(&self, visit: &Visit, post: &Identify, refusal: Refusal) -> anyhow::Result<Stepped<Screen>> {
        let wait = Some(post.captcha_wait.clone())
            .filter(|ticket| !ticket.is_empty() && matches!(refusal, Refusal::Wait { .. }));
        self.noted(visit, post, Some(refusal), wait).await
    }

    async fn begin_wait(&self, visit: &Visit, post: &Identify) -> anyhow::Result<Stepped<Screen>> {
        let ticket = self
            .core
            .captcha()
            .wait_ticket(bound(visit), self.core.now(), &mut self.core.dice());
        self.noted(visit, post, None, Some(ticket)).await
    }

    async fn noted(
        &self,
        visit: &Visit,
        post: &Identify,
        refusal: Option<Refusal>,
        wait: Option<String>,
    ) -> anyhow::Result<Stepped<Screen>> {
        let user_name = post.user_name.chars().take(200).collect();
        let note = Note {
            page: Page::of_wizard(visit.client),
            refusal,
            user_name,
            wait,
            is_unlock: purpose(visit, post) == Purpose::Unlock,
            at: self.core.now(),
            ..Note::default()
        };
        let cookie = note::write(&self.core, visit, &note)?;
        let screen = self.identify_screen(visit, note).await?;
        Ok(Stepped {
            note: Keep::Set(cookie),
            flow: Keep::Drop,
            ..Stepped::new(screen)
        })
    }

    async fn too_many(&self, visit: &Visit, post: &Identify, seconds: u32) -> anyhow::Result<Stepped<Screen>> {
        let stepped = self.stay(visit, post, Refusal::TooManyRequests { seconds }).await?;
        Ok(Stepped {
            standing: Standing::TooMany,
            ..stepped
        })
    }

    fn check_captcha(&self, visit: &Visit, post: &Identify, least: Difficulty, now: Timestamp) -> Verdict {
        let (captcha, bound) = (self.core.captcha(), bound(visit));
        match (
            post.captcha.as_str(),
            post.captcha_answer.trim(),
            post.captcha_wait.as_str(),
        ) {
            (_, _, ticket) if !ticket.is_empty() => captcha.check_wait(bound, ticket, now),
            (solved, "", _) if !solved.is_empty() => captcha.verify(bound, solved, least, now),
            (_, "", _) => Err((Refusal::CaptchaWrong, None)),
            (_, answer, _) => captcha.check_answer(bound, &post.captcha_ticket, answer, now),
        }
    }

    /// The work that one more identify from a network with so many takes.
    pub(crate) fn difficulty_after(&self, n_identifies: usize, is_attacked: bool) -> Difficulty {
        match n_identifies < self.core.networks.n_easy_identifies && !is_attacked {
            true => Difficulty::Ordinary,
            false => Difficulty::Harder,
        }
    }

    /// Two groups of four that can be said over a telephone: no letter that sounds or looks like another.
    fn reference(&self) -> String {
        const LETTERS: &[u8; 24] = b"ABCDEFHJKLMNPRTUVWXY3479";
        let mut dice = self.core.dice();
        let mut group = || -> String {
            (0..4)
                .filter_map(|_| LETTERS.get(crate::dice::below(&mut dice, 24) as usize))
                .map(|letter| char::from(*letter))
                .collect()
        };
        format!("{}-{}", group(), group())
    }
}

/// A browser has one flow: beginning another ends the one before, and its cookie opens nothing any more (R07).
async fn end_former(tx: &Tx, visit: &Visit, now: Timestamp) -> anyhow::Result<()> {
    let Some(cookie) = &visit.flow else { return Ok(()) };
    match flows::lock(tx, cookie_hash(cookie)).await? {
        Some(former) if former.state.is_open() => {
            let after = Flow {
                state: State::Ended(Refusal::Cancelled),
                ..former.clone()
            };
            flows::update(tx, &former, &after, None, now).await?;
            let entry = Entry::failure(Activity::FlowProgress, Refusal::Cancelled.code());
            let (subject, reference) = (former.subject.account(), Some(former.reference.as_str()));
            audit::write(tx, visit, &entry, None, subject, reference, now).await
        }
        _ => Ok(()),
    }
}

/// What is wanted, as far as the tenant offers it.
fn purpose(visit: &Visit, post: &Identify) -> Purpose {
    match offers_unlock(&visit.tenant.settings) && post.intent == "unlock" {
        true => Purpose::Unlock,
        false => Purpose::Reset,
    }
}

/// What the wizard's captchas are good for.
pub(crate) fn bound(visit: &Visit) -> Bound {
    Bound {
        tenant: visit.tenant.id,
        purpose: "reset",
    }
}

pub(super) fn mode(visit: &Visit) -> Mode {
    visit.tenant.settings.policy.disclosure.mode(is_trusted(visit))
}

/// Whether the visitor comes from a network that the tenant trusts. A kiosk never does: anybody may stand before it (R58).
pub(super) fn is_trusted(visit: &Visit) -> bool {
    let is_own = visit.client == Client::Browser;
    let networks = visit.tenant.settings.policy.trusted_networks.iter();
    is_own
        && networks
            .filter_map(|text| text.parse::<IpNet>().ok())
            .any(|network| network.contains(&visit.network))
}
