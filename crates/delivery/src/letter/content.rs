//! What a letter says, before it is text or HTML: both are drawn from this one value, so that they cannot differ.

use super::moment::moment;
use super::words::{Holes, LetterWords, Words};
use crate::Envelope;
use regain_domain::brand::{HelpLink, plain_text};
use regain_domain::notice::Letter;
use regain_domain::{Refusal, Timestamp};

/// A letter in words.
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) intro: String,
    /// Why something was refused.
    pub(super) reason: Option<String>,
    pub(super) code: Option<String>,
    /// Facts: when, from where, which account.
    pub(super) rows: Vec<Row>,
    /// What to heed and what to do.
    pub(super) notes: Vec<String>,
    pub(super) helpdesk: Option<Helpdesk>,
    pub(super) foot: String,
    is_rtl: bool,
}

/// One fact.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) value: String,
}

/// Where help is found.
pub(super) struct Helpdesk {
    pub(super) label: String,
    pub(super) link: HelpLink,
}

impl Content {
    /// Says the letter in the envelope's language.
    pub(super) fn of(letter: &Letter, envelope: &Envelope) -> Self {
        let words = Words::of(envelope.language);
        let its = words_for(letter, words);
        let is_rtl = envelope.language.direction() == "rtl";
        let mut holes = Holes::new(is_rtl);
        holes.put("org", &envelope.brand.name);
        holes.put("base", &envelope.base_url);
        put_facts(letter, words, &mut holes);
        Self {
            subject: holes.fill_line(&its.subject),
            heading: holes.fill(&its.heading),
            intro: holes.fill(&its.intro),
            reason: reason(letter, words).map(|template| holes.fill(template)),
            code: letter.code().map(str::to_owned),
            rows: rows(letter, words, envelope.at),
            notes: its.notes.iter().map(|note| holes.fill(note)).collect(),
            helpdesk: helpdesk(letter, words, envelope),
            foot: holes.fill(&words.foot),
            is_rtl,
        }
    }

    /// `label: value`, the value apart from the direction of the line.
    pub(super) fn row_as_text(&self, row: &Row) -> String {
        let mut holes = Holes::new(self.is_rtl);
        holes.put("value", &row.value);
        format!("{}: {}", row.label, holes.fill("{{ value }}"))
    }
}

fn words_for<'a>(letter: &Letter, words: &'a Words) -> &'a LetterWords {
    match letter {
        Letter::ResetCode { .. } => &words.reset_code,
        Letter::PasswordReset { .. } => &words.password_reset,
        Letter::Refused { .. } => &words.refused,
        Letter::Blocked { .. } => &words.blocked,
        Letter::AdminReset { .. } => &words.admin_reset,
        Letter::HelpRequest { .. } => &words.help_request,
        Letter::UnderAttack { .. } => &words.under_attack,
    }
}

/// What the sentences of this letter may name.
fn put_facts(letter: &Letter, words: &Words, holes: &mut Holes) {
    match letter {
        Letter::ResetCode { code, reference, .. } => {
            holes.put("code", code.expose());
            holes.put("reference", reference);
        }
        Letter::Blocked { until } => holes.put("until", &moment(*until, words)),
        Letter::AdminReset { who, .. } => holes.put("who", &plain_text(who)),
        Letter::Refused { reason, .. } => match reason {
            Refusal::TooFewMethods { have, need } => {
                holes.put("have", &have.to_string());
                holes.put("need", &need.to_string());
            }
            Refusal::Blocked { until } => holes.put("until", &moment(*until, words)),
            _ => {}
        },
        Letter::PasswordReset { .. } | Letter::HelpRequest { .. } | Letter::UnderAttack { .. } => {}
    }
}

/// The sentence for a refusal; those that the account cannot be told apart by share one.
fn reason<'a>(letter: &Letter, words: &'a Words) -> Option<&'a str> {
    let Letter::Refused { reason, .. } = letter else {
        return None;
    };
    let reasons = &words.reason;
    Some(match reason {
        Refusal::TenantOff => &reasons.tenant_off,
        Refusal::NoPolicy => &reasons.no_policy,
        Refusal::NotInScope | Refusal::AdminResetOff => &reasons.not_in_scope,
        Refusal::NotRegistered => &reasons.not_registered,
        Refusal::TooFewMethods { .. } => &reasons.too_few_methods,
        Refusal::Blocked { .. } => &reasons.blocked,
        _ => &reasons.other,
    })
}

/// The facts as rows; unknown ones are left out.
fn rows(letter: &Letter, words: &Words, written_at: Timestamp) -> Vec<Row> {
    let label = &words.label;
    let time = |at: &Timestamp| moment(*at, words);
    let facts = match letter {
        Letter::ResetCode {
            expires_at, network, ..
        } => vec![
            (&label.good_until, time(expires_at)),
            (&label.at, time(&written_at)),
            (&label.network, plain_text(network)),
        ],
        Letter::PasswordReset {
            user_name,
            at,
            network,
            device,
            sessions_ended,
        } => vec![
            (&label.account, plain_text(user_name)),
            (&label.at, time(at)),
            (&label.network, plain_text(network)),
            (&label.device, plain_text(device)),
            (&label.sessions_ended, sessions_ended.to_string()),
        ],
        Letter::Refused { user_name, network, .. } => vec![
            (&label.account, plain_text(user_name)),
            (&label.at, time(&written_at)),
            (&label.network, plain_text(network)),
        ],
        Letter::Blocked { .. } => vec![(&label.at, time(&written_at))],
        Letter::AdminReset { who, at } => vec![(&label.account, plain_text(who)), (&label.at, time(at))],
        Letter::HelpRequest {
            user_name,
            at,
            reason_code,
            network,
            reference,
        } => vec![
            (&label.account, plain_text(user_name)),
            (&label.at, time(at)),
            (&label.reason_code, plain_text(reason_code)),
            (&label.network, plain_text(network)),
            (&label.reference, plain_text(reference)),
        ],
        Letter::UnderAttack { at } => vec![(&label.at, time(at))],
    };
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Row {
            label: label.clone(),
            value,
        })
        .collect()
}

/// The tenant's helpdesk, where it has one, for those who are not staff.
fn helpdesk(letter: &Letter, words: &Words, envelope: &Envelope) -> Option<Helpdesk> {
    match letter {
        Letter::AdminReset { .. } | Letter::HelpRequest { .. } | Letter::UnderAttack { .. } => None,
        Letter::ResetCode { .. } | Letter::PasswordReset { .. } | Letter::Refused { .. } | Letter::Blocked { .. } => {
            envelope.brand.help.clone().map(|link| Helpdesk {
                label: words.label.helpdesk.clone(),
                link,
            })
        }
    }
}
