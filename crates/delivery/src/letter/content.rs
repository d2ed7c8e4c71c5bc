//! What a letter says, before it is text or HTML: both are drawn from this one value, so that they cannot differ.

use super::facts::facts;
use super::moment::moment;
use super::words::{Holes, LetterWords, Words};
use crate::Envelope;
use regain_domain::brand::{HelpLink, plain_text};
use regain_domain::gate::MethodKind;
use regain_domain::notice::{Letter, MethodChange, ReportedOn, StaffAct, Subject};
use regain_domain::{Refusal, Timestamp};

/// A letter in words.
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) intro: String,
    /// Why something was refused, or what has changed.
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
    pub(super) fn of(letter: &Letter, envelope: &Envelope) -> Option<Self> {
        let words = Words::of(envelope.language);
        let its = words_for(letter, words)?;
        let is_rtl = envelope.language.direction() == "rtl";
        let mut holes = Holes::new(is_rtl);
        holes.put("org", &envelope.brand.name);
        holes.put("base", &envelope.base_url);
        // Whole, so that no isolate of a script from right to left stands within an address.
        holes.put("reset_page", &format!("{}/reset", envelope.base_url));
        holes.put("stop_page", &format!("{}/not-me", envelope.base_url));
        if let Some(reference) = &envelope.reference {
            holes.put("reference", &reference.shown());
        }
        put_facts(letter, words, &mut holes);
        // What a letter of before cannot say, since it has no reference yet, it leaves out.
        let notes = its.notes.iter().filter(|note| holes.fit(note));
        Some(Self {
            subject: holes.fill_line(&its.subject),
            heading: holes.fill(&its.heading),
            intro: holes.fill(&its.intro),
            reason: reason(letter, words).map(|template| holes.fill(template)),
            code: letter.code().map(str::to_owned),
            rows: rows(letter, words, envelope.at),
            notes: notes.map(|note| holes.fill(note)).collect(),
            helpdesk: helpdesk(letter, words, envelope),
            foot: holes.fill(&words.foot),
            is_rtl,
        })
    }

    /// `label: value`, the value apart from the direction of the line.
    pub(super) fn row_as_text(&self, row: &Row) -> String {
        let mut holes = Holes::new(self.is_rtl);
        holes.put("value", &row.value);
        format!("{}: {}", row.label, holes.fill("{{ value }}"))
    }
}

fn words_for<'a>(letter: &Letter, words: &'a Words) -> Option<&'a LetterWords> {
    Some(match letter {
        Letter::Call { .. } | Letter::Push { .. } => return None,
        Letter::ResetCode {
            subject: Subject::Unlock,
            ..
        } => &words.unlock_code,
        Letter::ResetCode { .. } => &words.reset_code,
        Letter::ConfirmCode { .. } => &words.confirm_code,
        Letter::MethodsChanged { .. } => &words.methods_changed,
        Letter::PasswordReset { .. } => &words.password_reset,
        Letter::PasswordChanged { .. } => &words.password_changed,
        Letter::AccountUnlocked { .. } => &words.account_unlocked,
        Letter::Refused {
            subject: Subject::Unlock,
            ..
        } => &words.unlock_refused,
        Letter::Refused { .. } => &words.refused,
        Letter::Blocked { .. } => &words.blocked,
        Letter::AdminReset { .. } => &words.admin_reset,
        Letter::HelpRequest { .. } => &words.help_request,
        Letter::Denied { .. } => &words.denied,
        Letter::Reported {
            on: ReportedOn::Phone, ..
        } => &words.reported,
        Letter::Reported {
            on: ReportedOn::Page, ..
        } => &words.stopped,
        Letter::ReportedToStaff {
            on: ReportedOn::Phone, ..
        } => &words.reported_staff,
        Letter::ReportedToStaff {
            on: ReportedOn::Page, ..
        } => &words.stopped_staff,
        Letter::ByStaff { .. } => &words.by_staff,
        Letter::RolesChanged { .. } => &words.roles_changed,
        Letter::UnderAttack { .. } => &words.under_attack,
        Letter::CeilingReached { .. } => &words.ceiling_reached,
    })
}

/// What the sentences of this letter may name.
fn put_facts(letter: &Letter, words: &Words, holes: &mut Holes) {
    match letter {
        Letter::ResetCode { code, .. } | Letter::ConfirmCode { code, .. } => holes.put("code", code.expose()),
        Letter::MethodsChanged { kind, .. }
        | Letter::ByStaff {
            act: StaffAct::MethodRemoved { kind, .. },
            ..
        } => holes.put("method", method_words(*kind, words)),
        Letter::Blocked { until } => holes.put("until", &moment(*until, words)),
        Letter::AdminReset { who, .. }
        | Letter::RolesChanged { who, .. }
        | Letter::ReportedToStaff { user_name: who, .. } => holes.put("who", &plain_text(who)),
        Letter::CeilingReached { percent, .. } => holes.put("percent", &percent.to_string()),
        Letter::Refused { reason, .. } => match reason {
            Refusal::TooFewMethods { have, need } => {
                holes.put("have", &have.to_string());
                holes.put("need", &need.to_string());
            }
            Refusal::Blocked { until } => holes.put("until", &moment(*until, words)),
            _ => {}
        },
        Letter::Call { .. }
        | Letter::Push { .. }
        | Letter::Denied { .. }
        | Letter::Reported { .. }
        | Letter::PasswordReset { .. }
        | Letter::PasswordChanged { .. }
        | Letter::AccountUnlocked { .. }
        | Letter::HelpRequest { .. }
        | Letter::ByStaff { .. }
        | Letter::UnderAttack { .. } => {}
    }
}

fn change_words(change: MethodChange, words: &Words) -> &str {
    match change {
        MethodChange::Added => &words.change.added,
        MethodChange::Removed => &words.change.removed,
        MethodChange::Replaced => &words.change.replaced,
    }
}

fn staff_words<'a>(act: &StaffAct, words: &'a Words) -> &'a str {
    match act {
        StaffAct::Lifted => &words.staff.lifted,
        StaffAct::MethodRemoved { .. } => &words.change.removed,
        StaffAct::RegisterAgain => &words.staff.register_again,
        StaffAct::OneTimePass => &words.staff.one_time_pass,
    }
}

fn method_words(kind: MethodKind, words: &Words) -> &str {
    match kind {
        MethodKind::Email => &words.method.email,
        MethodKind::Mobile => &words.method.mobile,
        MethodKind::Office => &words.method.office,
        MethodKind::App => &words.method.app,
        MethodKind::Authenticator => &words.method.authenticator,
        MethodKind::Passkey => &words.method.passkey,
        MethodKind::Questions => &words.method.questions,
    }
}

/// The sentence for a change, for a ceiling, or for a refusal; those that the account cannot be told apart by share one.
fn reason<'a>(letter: &Letter, words: &'a Words) -> Option<&'a str> {
    let reasons = &words.reason;
    let reason = match letter {
        Letter::Refused { reason, .. } => reason,
        Letter::MethodsChanged { change, .. } => return Some(change_words(*change, words)),
        Letter::ByStaff { act, .. } => return Some(staff_words(act, words)),
        Letter::CeilingReached { percent, .. } if *percent < 100 => return Some(&words.ceiling.near),
        Letter::CeilingReached { .. } => return Some(&words.ceiling.reached),
        _ => return None,
    };
    Some(match reason {
        Refusal::TenantOff => &reasons.tenant_off,
        Refusal::NoPolicy => &reasons.no_policy,
        Refusal::NotLicensed => &reasons.not_licensed,
        Refusal::NotInScope | Refusal::AdminResetOff => &reasons.not_in_scope,
        Refusal::NotRegistered => &reasons.not_registered,
        Refusal::TooFewMethods { .. } => &reasons.too_few_methods,
        Refusal::Blocked { .. } => &reasons.blocked,
        _ => &reasons.other,
    })
}

/// The facts as rows; unknown ones are left out.
fn rows(letter: &Letter, words: &Words, written_at: Timestamp) -> Vec<Row> {
    facts(letter, words, written_at)
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
    let link = envelope.brand.help.clone().filter(|_| letter.is_to_owner())?;
    Some(Helpdesk {
        label: words.label.helpdesk.clone(),
        link,
    })
}
