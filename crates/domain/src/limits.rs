//! Every decided number of `security.md` §2 in one place, and the sliding windows that count against them.
//!
//! A tenant may tighten them; nothing loosens them but an operator's values per network address.

use crate::{Cost, Timestamp};
use std::time::Duration;

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
const fn hours(n: u64) -> Duration {
    minutes(60 * n)
}

/// A flow's whole life.
pub const FLOW_LIFE: Duration = minutes(15);
/// A kiosk's page that nobody touches: then it clears itself (R58).
pub const KIOSK_IDLE: Duration = minutes(1);
/// How long before that it warns; WCAG 2.2.1 asks for 20 s at least.
pub const KIOSK_WARNING: Duration = Duration::from_secs(30);
/// The ticket with which an enrolled workstation opens its browser.
pub const KIOSK_TICKET_LIFE: Duration = minutes(1);
/// Workstations that an organisation may enrol; those of one kind may share a token.
pub const KIOSKS_MOST: usize = 500;
/// Longest text of a fingerprint, in characters: one in groups, and some more.
pub const FINGERPRINT_MOST: usize = 200;
/// How long before its end a page warns.
pub const FLOW_WARNING: Duration = minutes(2);
/// A code that came by mail.
pub const MAIL_CODE_LIFE: Duration = minutes(10);
/// A code that came by text message, by `WhatsApp` or in a call.
pub const PHONE_CODE_LIFE: Duration = minutes(5);
/// How far the time of a phone's statement may be from ours (R12).
pub const STATEMENT_WINDOW: Duration = minutes(5);
/// How long a phone that was asked may answer, ringing included.
pub const ASK_LIFE: Duration = minutes(2);
/// How far the time of a callback may lie from ours (R36).
pub const CALLBACK_WINDOW: Duration = minutes(5);
/// Failed proofs after which a flow ends.
pub const FAILED_PROOFS_PER_FLOW: u32 = 5;
/// Posts that a flow takes; an honest one needs a dozen.
pub const POSTS_PER_FLOW: i64 = 100;
/// How long an ended flow can still be looked at.
pub const ENDED_FLOW_SHOWN: Duration = minutes(15);
/// The step of an authenticator code (RFC 6238), and how many steps a clock may be off.
pub const TOTP_STEP: Duration = Duration::from_secs(30);
/// Steps to either side.
pub const TOTP_DRIFT: u8 = 1;
/// Answers in discreet mode leave at multiples of this after arrival (R23).
pub const RELEASE_QUANTUM: Duration = Duration::from_millis(300);
/// A captcha challenge or ticket.
pub const CAPTCHA_LIFE: Duration = minutes(5);
/// The wait that stands in for a captcha.
pub const CAPTCHA_WAIT: Duration = Duration::from_secs(30);
/// A user's session without a request.
pub const SESSION_IDLE: Duration = minutes(30);
/// A user's session in all.
pub const SESSION_LIFE: Duration = hours(8);
/// A staff session without a request.
pub const STAFF_SESSION_IDLE: Duration = minutes(15);
/// A staff session in all.
pub const STAFF_SESSION_LIFE: Duration = hours(4);
/// How long a right password waits for the code that staff need as well.
pub const SIGN_IN_CODE_LIFE: Duration = minutes(5);
/// How long somebody has who must choose a new password before anything else.
pub const NEW_PASSWORD_LIFE: Duration = minutes(15);
/// How long ahead people are told that their password expires (`domain.md` §7).
pub const EXPIRY_WARNING: Duration = hours(14 * 24);
/// A session that is used is noted at most this often.
pub const SESSION_NOTED: Duration = minutes(1);
/// How far the clock and what a monotonic clock makes of it may lie apart (R39).
pub const CLOCK_TOLERANCE: Duration = minutes(1);
/// How long a block of self-service lasts, counted from the last failed proof.
pub const BLOCK: Duration = hours(24);
/// Notices are given up after this; codes when they expire.
pub const NOTICE_LIFE: Duration = hours(24);
/// How long the reference of a message stops what it reported.
pub const REFERENCE_LIFE: Duration = hours(7 * 24);
/// An outbox row belongs to the worker that leased it for this long.
pub const OUTBOX_LEASE: Duration = Duration::from_mins(1);
/// First wait before a message is tried again.
pub const OUTBOX_BACKOFF: Duration = Duration::from_secs(5);
/// Longest wait before a message is tried again.
pub const OUTBOX_BACKOFF_MOST: Duration = minutes(5);
/// Messages in a row that a channel fails before pages say so.
pub const CHANNEL_FAILURES: u32 = 3;
/// Without a failure for this long a channel is thought to work again.
pub const CHANNEL_TROUBLE: Duration = minutes(10);
/// How long a browser is known in which somebody has signed in (`domain.md` §10).
pub const FAMILIAR_LIFE: Duration = hours(30 * 24);
/// How long a browser is known in which somebody has registered or confirmed what opens a reset (`domain.md` §3).
pub const REGISTERED_LIFE: Duration = hours(365 * 24);
/// Wrong passwords before sign-in pauses (`domain.md` §10).
pub const SIGN_IN_TRIES: usize = 10;
/// First pause of sign-in; doubles with each further failure.
pub const SIGN_IN_PAUSE: Duration = Duration::from_mins(1);
/// Longest pause of sign-in.
pub const SIGN_IN_PAUSE_MOST: Duration = minutes(15);
/// Without a failure for this long, the pause starts from the beginning.
pub const SIGN_IN_FORGET: Duration = hours(24);
/// Most hashes that wait for their turn (R28).
pub const HASH_QUEUE: usize = 64;
/// How long a fresh proof lets a session change what is sensitive (R50, R53).
pub const FRESH_PROOF: Duration = minutes(5);
/// How long a set-up waits for whoever has opened it with its key.
pub const SETUP_LIFE: Duration = hours(1);
/// How long a method that is being registered waits for its own proof (R53).
pub const ENROLMENT_LIFE: Duration = minutes(10);
/// Wrong entries after which a code, or the registration of a method, is over.
pub const TRIES_PER_CODE: u32 = 5;
/// Accounts of a tenant that one address or number may serve (R53).
pub const ACCOUNTS_PER_DESTINATION: u32 = 3;
/// Longest name that a person gives to a method.
pub const METHOD_NAME_MOST: usize = 40;
/// Most people on one page of a list.
pub const PEOPLE_FOUND_MOST: usize = 50;
/// Longest given or family name, and longest name of a group, in characters.
pub const PLAIN_NAME_MOST: usize = 100;
/// Longest reason that staff give, in characters.
pub const REASON_MOST: usize = 200;
/// Most lines of a file of new accounts.
pub const IMPORT_LINES_MOST: usize = 10_000;
/// Longest user name: a UPN has at most 113 characters.
pub const USER_NAME_MOST: usize = 113;
/// Longest text in a field for a code.
pub const CODE_FIELD_MOST: usize = 64;
/// How long a one-time pass of the helpdesk's counts (R52).
pub const ONE_TIME_PASS_LIFE: Duration = minutes(10);

/// At most so many events within a sliding span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The span, which slides.
    pub span: Duration,
    /// Events that fit into it.
    pub most: usize,
}

const fn window(span: Duration, most: usize) -> Window {
    Window { span, most }
}

/// Failed proofs of one person: the next one is blocked for [`BLOCK`].
pub const PROOFS_PER_USER: [Window; 1] = [window(hours(24), 5)];
/// New passwords of one flow that are handed to a directory or compared with former ones (R06).
pub const PASSWORDS_PER_FLOW: [Window; 1] = [window(FLOW_LIFE, 5)];
/// Messages to one destination.
pub const SENDS_PER_DESTINATION: [Window; 4] = [
    window(Duration::from_secs(30), 1),
    window(minutes(10), 3),
    window(hours(1), 5),
    window(hours(24), 10),
];
/// Calls and pushes to one person.
pub const ASKS_PER_PERSON: [Window; 2] = [window(minutes(10), 3), window(hours(24), 10)];
/// Messages that cost, to one range of numbers (E.164 without its last four digits), of a tenant.
pub const PAID_SENDS_PER_RANGE: [Window; 1] = [window(hours(1), 10)];
/// Identifies from one network (IPv6: /64) before the challenge gets harder.
pub const IDENTIFIES_EASY: [Window; 1] = [window(minutes(10), 20)];
/// Identifies from one network before it is told to wait (429).
pub const IDENTIFIES_PER_NETWORK: [Window; 1] = [window(minutes(10), 200)];
/// Authenticator codes at sign-in, per account (R18).
pub const TOTP_AT_SIGN_IN: [Window; 1] = [window(minutes(15), 5)];
/// Help requests of one account (`domain.md` §2).
pub const HELP_REQUESTS: [Window; 1] = [window(hours(1), 1)];
/// One-time passes that a person is given (R52).
pub const PASSES_PER_PERSON: [Window; 2] = [window(hours(1), 3), window(hours(24), 5)];
/// One-time passes that a staff member gives: more would be somebody else in their place (R52).
pub const PASSES_PER_STAFF: [Window; 1] = [window(hours(1), 20)];

/// What references have stopped of one account, as mailboxes and staff are told of it: the first tells.
pub const STOPS_TOLD: [Window; 1] = [window(hours(1), 1)];

/// Audit rows of one kind that one network, or one account, can cause without having proved anything: the first tells.
pub const TOLD_PER_SOURCE: [Window; 1] = [window(minutes(10), 1)];
/// The same of all of a tenant's networks: nobody fills the disk by having many.
pub const TOLD_PER_TENANT: [Window; 1] = [window(hours(1), 100)];

/// Events that a counter remembers: their times, oldest first.
pub type Hits = Vec<Timestamp>;

/// Whether one more event fits into every window; if not, when it will.
pub fn allows(hits: &[Timestamp], now: Timestamp, windows: &[Window]) -> Result<(), Timestamp> {
    windows
        .iter()
        .filter_map(|window| {
            let opens = now.minus(window.span);
            let recent: Vec<Timestamp> = hits.iter().copied().filter(|hit| *hit > opens).collect();
            let surplus = (recent.len() + 1).checked_sub(window.most)?.checked_sub(1)?;
            recent.get(surplus).map(|oldest| oldest.plus(window.span))
        })
        .max()
        .map_or(Ok(()), Err)
}

/// Counts one more event, and drops what no window can see any more.
pub fn count(hits: &mut Hits, now: Timestamp, windows: &[Window]) {
    let longest = windows.iter().map(|window| window.span).max().unwrap_or_default();
    let most = windows.iter().map(|window| window.most).max().unwrap_or_default();
    hits.retain(|hit| *hit > now.minus(longest));
    hits.push(now);
    let surplus = hits.len().saturating_sub(most.max(1));
    hits.drain(..surplus);
}

/// Until when failed proofs block the next one: [`BLOCK`] after the last of as many as fit into a window.
pub fn blocked_until(failures: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let last = *failures.last()?;
    let is_full = PROOFS_PER_USER.iter().any(|window| {
        let opens = last.minus(window.span);
        failures.iter().filter(|hit| **hit > opens).count() >= window.most
    });
    let until = last.plus(BLOCK);
    (is_full && until > now).then_some(until)
}

/// Failed proofs of a whole tenant within an hour that begin attack mode (R20).
pub const ATTACK_BEGINS: usize = 50;
/// Failed proofs within an hour below which it is calm.
pub const ATTACK_CALM: usize = 10;
/// How long it has to be calm before attack mode ends.
pub const ATTACK_REST: Duration = minutes(60);
/// The hour in which failed proofs of a tenant are counted.
pub const ATTACK_SPAN: Duration = hours(1);
/// What is remembered of a tenant's failed proofs: enough to tell when it became calm.
pub const PROOFS_PER_TENANT: [Window; 1] = [window(hours(2), ATTACK_BEGINS + ATTACK_CALM)];

/// Whether so many failed proofs begin attack mode now.
pub fn attack_begins(failures: &[Timestamp], now: Timestamp) -> bool {
    let opens = now.minus(ATTACK_SPAN);
    failures.iter().filter(|hit| **hit > opens).count() >= ATTACK_BEGINS
}

/// When attack mode that once began will end, if nothing fails from now on: it has to be calm for a while first.
pub fn attack_ends(failures: &[Timestamp], began: Timestamp) -> Timestamp {
    let tenth_last = failures.len().checked_sub(ATTACK_CALM).and_then(|at| failures.get(at));
    tenth_last.map_or(began, |hit| hit.plus(ATTACK_SPAN)).plus(ATTACK_REST)
}

/// What a tenant's messages may cost in a day unless it says otherwise, in the gateways' currency (R20).
pub const MESSAGE_CEILING: Cost = Cost::of_micros(20_000_000);
/// Shares of the ceiling at which administrators are told, in percent (R20).
pub const CEILING_ALERTS: [u8; 2] = [80, 100];

/// The day, in UTC, by which costs are summed up: days since 1970-01-01.
pub const fn spending_day(now: Timestamp) -> i64 {
    now.seconds().div_euclid(24 * 60 * 60)
}

/// Whether a message of this price fits below the ceiling beside what the day has cost so far. Nothing fits below none.
pub fn may_spend(spent: Cost, price: Cost, ceiling: Cost) -> bool {
    ceiling > Cost::ZERO && spent.plus(price) <= ceiling
}

/// Whether there is no use in asking for another message today: nothing is left, or too little was left for one already.
/// `told`: the highest alert of the day. A ceiling that was raised since is open again.
pub fn is_ceiling_reached(spent: Cost, told: u8, ceiling: Cost) -> bool {
    let [warning, reached] = CEILING_ALERTS;
    let percent = spent.percent_of(ceiling);
    percent >= u64::from(reached) || (told >= reached && percent >= u64::from(warning))
}

/// The alert that is due, if none as high was given today.
pub fn ceiling_alert(spent: Cost, told: u8, ceiling: Cost) -> Option<u8> {
    let percent = spent.percent_of(ceiling);
    let due = CEILING_ALERTS.into_iter().rfind(|alert| percent >= u64::from(*alert));
    due.filter(|alert| *alert > told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(seconds * 1000)
    }

    #[test]
    fn the_strictest_window_decides_when() {
        let hits = vec![at(0), at(100), at(200)];
        assert_eq!(allows(&hits, at(210), &SENDS_PER_DESTINATION), Err(at(600)));
        assert_eq!(allows(&hits, at(599), &SENDS_PER_DESTINATION), Err(at(600)));
        assert_eq!(allows(&hits, at(601), &SENDS_PER_DESTINATION), Ok(()));
        assert_eq!(allows(&[at(0)], at(10), &SENDS_PER_DESTINATION), Err(at(30)));
        assert_eq!(allows(&[], at(0), &SENDS_PER_DESTINATION), Ok(()));
    }

    #[test]
    fn r20_attack_mode_begins_at_fifty_and_ends_after_an_hour_of_calm() {
        let failures: Hits = (0..50).map(|n| at(n * 10)).collect();
        assert!(!attack_begins(&failures[..49], at(490)));
        assert!(attack_begins(&failures, at(490)));
        // The tenth last one, at 400 s, leaves the hour at 4000 s; an hour of calm follows.
        assert_eq!(attack_ends(&failures, at(490)), at(4000 + 3600));
        assert!(!attack_begins(&failures, at(3700)));
    }

    #[test]
    fn r20_the_ceiling_is_never_passed_and_told_at_two_marks() {
        let cents = |n: u64| Cost::of_micros(n * 10_000);
        let ceiling = cents(100);
        assert!(may_spend(cents(92), cents(8), ceiling) && !may_spend(cents(93), cents(8), ceiling));
        assert!(!may_spend(Cost::ZERO, Cost::ZERO, Cost::ZERO), "none at all");
        for (spent, told, due) in [
            (79, 0, None),
            (80, 0, Some(80)),
            (99, 80, None),
            (100, 80, Some(100)),
            (100, 0, Some(100)),
            (140, 100, None),
        ] {
            assert_eq!(ceiling_alert(cents(spent), told, ceiling), due, "{spent} {told}");
        }
        for (spent, told, ceiling, is_reached) in [
            (99, 80, 100, false),
            (99, 100, 100, true),
            (100, 100, 100, true),
            (99, 100, 200, false),
            (0, 0, 0, true),
        ] {
            assert_eq!(is_ceiling_reached(cents(spent), told, cents(ceiling)), is_reached);
        }
    }

    #[test]
    fn costs_are_summed_up_by_days_of_utc() {
        assert_eq!((spending_day(at(86_399)), spending_day(at(86_400))), (0, 1));
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_it_may(gaps in prop::collection::vec(0_i64..4000, 1..200)) {
            let (mut hits, mut now, mut counted) = (Hits::new(), 0, Vec::new());
            for gap in gaps {
                now += gap;
                if allows(&hits, at(now), &SENDS_PER_DESTINATION).is_ok() {
                    count(&mut hits, at(now), &SENDS_PER_DESTINATION);
                    counted.push(now);
                }
            }
            for window in SENDS_PER_DESTINATION {
                let span = i64::try_from(window.span.as_secs()).expect("a span fits");
                for start in &counted {
                    let inside = counted.iter().filter(|hit| (*start..*start + span).contains(*hit)).count();
                    prop_assert!(inside <= window.most);
                }
            }
        }

        #[test]
        fn the_promised_time_is_kept(times in prop::collection::vec(0_i64..100_000, 0..40), now in 0_i64..100_000) {
            let mut hits: Hits = times.into_iter().map(at).collect();
            hits.sort_unstable();
            if let Err(until) = allows(&hits, at(now), &SENDS_PER_DESTINATION) {
                prop_assert!(until > at(now));
            }
        }
    }
}
