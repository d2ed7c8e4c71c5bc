//! What the page of one's own methods draws. It is written into the HTML, so nothing is in here that the page may not show.

use super::interrupt::{Interrupt, missing, outdated};
use super::rules::{may_remove, offers, renews_answers};
use crate::Timestamp;
use crate::account::{Account, Method};
use crate::flow::{Asked, Screen};
use crate::gate::{MethodKind, email, phone};
use crate::ids::MethodId;
use crate::notice::ChannelKind;
use crate::policy::{Scope, n_needed, n_usable, usable};
use crate::refusal::Refusal;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// Gates with which somebody stays able to help themselves if one is lost.
const SAFE: u32 = 2;

/// The page `/security-info`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityScreen {
    /// Nobody is signed in.
    SignedOut,
    /// Is it still you? The password first, unless it was typed just now.
    Confirm {
        /// Who is signed in; for password managers, too.
        user_name: String,
        /// Whether the password is asked for.
        wants_password: bool,
        /// What is asked for at sign-in, if that led here.
        due: Option<Interrupt>,
        /// Why the last post was refused.
        refusal: Option<Refusal>,
    },
    /// And a method that is registered already: the wizard's own steps; with what is asked for at sign-in, if that led here.
    Prove(Screen, Option<Interrupt>),
    /// The methods.
    Methods(Overview),
    /// One is being registered.
    Enrol(Enrolling),
}

impl SecurityScreen {
    /// The value of `data-step`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::Confirm { .. } => "confirm",
            Self::Prove(screen, _) => screen.step.code(),
            Self::Methods(_) => "methods",
            Self::Enrol(_) => "enrol",
        }
    }

    /// Whether a phone was asked that has not answered yet, or is still to be added.
    pub fn is_waiting(&self) -> bool {
        match self {
            Self::Prove(screen, _) => screen.step.is_waiting(),
            Self::Enrol(enrolling) => enrolling.form.is_waiting(),
            Self::SignedOut | Self::Confirm { .. } | Self::Methods(_) => false,
        }
    }

    /// Why the last post was refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::SignedOut => None,
            Self::Confirm { refusal, .. } => refusal.as_ref(),
            Self::Prove(screen, _) => screen.refusals.first(),
            Self::Methods(overview) => overview.refusal.as_ref(),
            Self::Enrol(enrolling) => enrolling.refusals.first(),
        }
    }
}

/// A registered method as its row tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What decisions see of it.
    pub method: Method,
    /// The name that the person gave it.
    pub name: Option<String>,
    /// Whether a code came back from it; what was loaded counts all the same (`domain.md` §4).
    pub is_verified: bool,
    /// When it was registered.
    pub added_at: Timestamp,
    /// When it proved something last.
    pub last_used_at: Option<Timestamp>,
}

/// What a method is worth in a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// Without it fewer ways than needed would be left.
    Needed,
    /// It counts, and enough are left without it.
    Spare,
    /// It opens nothing: its kind is off, or its mailbox lies behind this very sign-in.
    Nothing,
}

/// A registered method on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Names it in posts; of no use to anybody else.
    pub id: MethodId,
    /// What it is.
    pub kind: MethodKind,
    /// The name that the person gave it.
    pub name: Option<String>,
    /// The masked address or number.
    pub hint: Option<String>,
    /// What it is worth in a reset.
    pub worth: Worth,
    /// Whether it is asked for first.
    pub is_preferred: bool,
    /// Whether a code came back from it; else an administrator or a directory has entered it.
    pub is_verified: bool,
    /// Whether the person may remove it.
    pub may_remove: bool,
    /// When it was registered.
    pub added_at: Timestamp,
    /// When its owner said last that it is right.
    pub confirmed_at: Timestamp,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
}

/// How far somebody is registered for reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Usable ways.
    pub have: u32,
    /// Needed ways.
    pub need: u32,
    /// Whether resets are switched on at all.
    pub is_reset_on: bool,
}

/// What the page recommends next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// An authenticator app: the strongest way.
    App,
    /// A second way, for when the first is lost.
    Another,
}

/// What just went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A method was registered.
    Added,
    /// A method was registered, the last one that was missing.
    Enough,
    /// Questions were answered in the place of others.
    Replaced,
    /// A method was removed.
    Removed,
    /// A method has its name.
    Named,
    /// A method is asked for first.
    Preferred,
}

/// All methods of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The methods, the preferred one first.
    pub methods: Vec<Listed>,
    /// Kinds that can be added, strongest first.
    pub offers: Vec<MethodKind>,
    /// How far they are registered.
    pub standing: Standing,
    /// What is recommended.
    pub advice: Option<Advice>,
    /// What is asked for at sign-in, and not done yet.
    pub due: Option<Interrupt>,
    /// Kinds that would count as one more way, the recommended one first.
    pub missing: Vec<MethodKind>,
    /// Whether other questions may be answered in the place of those that were.
    pub renews_answers: bool,
    /// Whether a confirmation removes the answers, which lean on questions that were taken away.
    pub drops_answers: bool,
    /// When the password stops to be good, where that is near.
    pub password_ends_at: Option<Timestamp>,
    /// What just went well.
    pub said: Option<Said>,
    /// Why the last post was refused.
    pub refusal: Option<Refusal>,
    /// Seconds in which something can be changed without proving anew.
    pub seconds_left: u32,
}

/// A method on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolling {
    /// What it is.
    pub kind: MethodKind,
    /// What is asked for.
    pub form: EnrolForm,
    /// Why the last post was refused.
    pub refusals: Vec<Refusal>,
    /// Seconds until it ends by itself.
    pub seconds_left: u32,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolForm {
    /// The address.
    Destination {
        /// What was typed before.
        typed: String,
    },
    /// The code that was sent.
    Code {
        /// Where it was sent, as the person has typed it.
        to: String,
        /// Which way it went.
        channel: ChannelKind,
        /// Seconds until a new one can be sent.
        resend_in: u32,
    },
    /// The phone is called, and approves by `#`.
    Call {
        /// The number, as the person knows it.
        to: String,
        /// Whether there is something to collect.
        is_answered: bool,
        /// Seconds in which an answer counts.
        seconds_left: u32,
    },
    /// A phone is to be added by a link, once: Regain's own authenticator.
    Link {
        /// The link as a picture.
        picture: Picture,
        /// The link, for a browser on this very device.
        link: String,
        /// Whether a phone has been added, and can be asked.
        is_linked: bool,
    },
    /// The phone that was added is asked, and approves by the number.
    Number {
        /// What is to be typed in the app.
        number: String,
        /// Whether there is something to collect.
        is_answered: bool,
        /// Seconds in which an answer counts.
        seconds_left: u32,
    },
    /// Questions to choose and to answer.
    Questions {
        /// All that may be chosen.
        offered: Vec<Asked>,
        /// Codes of those that were chosen before, field by field.
        chosen: Vec<String>,
        /// How many have to be answered.
        n: u32,
    },
    /// A new passkey: what the browser is asked. JSON of `PublicKeyCredentialCreationOptions`.
    Passkey {
        /// That JSON.
        options: String,
    },
    /// The code that the app shows, once it has the secret.
    App(AppKey),
}

/// The secret of an authenticator app, in the ways in which it is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppKey {
    /// As a picture.
    pub picture: Picture,
    /// As text, in groups of four.
    pub key: String,
    /// As a link for an app on this very device (`otpauth:`).
    pub link: String,
}

impl EnrolForm {
    /// Whether a phone is waited for.
    const fn is_waiting(&self) -> bool {
        match self {
            Self::Call { is_answered, .. } | Self::Number { is_answered, .. } => !*is_answered,
            Self::Link { is_linked, .. } => !*is_linked,
            Self::Destination { .. }
            | Self::Code { .. }
            | Self::Questions { .. }
            | Self::Passkey { .. }
            | Self::App(_) => false,
        }
    }
}

/// A QR code: squares on a field of so many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Squares on a side, the quiet border included.
    pub size: u32,
    /// The dark squares, as the path of an SVG.
    pub path: String,
}

/// Draws the methods of a person.
pub fn overview(account: &Account, records: &[Record], settings: &TenantSettings, seconds_left: u32) -> Overview {
    let gates = usable(account, settings);
    let standing = Standing {
        have: n_usable(account, settings),
        need: n_needed(Some(account), settings),
        is_reset_on: account.is_admin() || settings.policy.scope != Scope::None,
    };
    let listed = |record: &Record| {
        let kind = record.method.kind;
        let serves = |gate: &&crate::gate::Gate| gates.iter().any(|(usable, _)| usable == *gate);
        let is_usable = kind.gates().iter().any(|gate| serves(&gate))
            && account
                .methods_of_kind(kind, &settings.domains)
                .any(|method| method.id == record.method.id);
        let without = n_usable(&account.without(record.method.id), settings);
        let worth = match is_usable {
            false => Worth::Nothing,
            true if without < standing.have && standing.have <= standing.need => Worth::Needed,
            true => Worth::Spare,
        };
        Listed {
            id: record.method.id,
            kind,
            name: record.name.clone(),
            hint: hint(&record.method),
            worth,
            is_preferred: record.method.is_preferred,
            is_verified: record.is_verified,
            may_remove: may_remove(record, settings).is_ok(),
            added_at: record.added_at,
            confirmed_at: record.method.confirmed_at,
            last_used_at: record.last_used_at,
        }
    };
    let is_app = |method: &Method| matches!(method.kind, MethodKind::App | MethodKind::Authenticator);
    let has_app = account.methods.iter().any(is_app);
    let offers = offers(account, settings);
    let advice = match () {
        () if !has_app && offers.contains(&MethodKind::App) => Some(Advice::App),
        () if standing.have < SAFE && !offers.is_empty() => Some(Advice::Another),
        () => None,
    };
    Overview {
        methods: records.iter().map(listed).collect(),
        missing: missing(account, settings),
        offers,
        standing,
        advice,
        due: None,
        renews_answers: renews_answers(account, settings),
        drops_answers: outdated(account, settings).is_some(),
        password_ends_at: None,
        said: None,
        refusal: None,
        seconds_left,
    }
}

/// The address or number, masked.
pub fn hint(method: &Method) -> Option<String> {
    let value = method.value.as_deref()?;
    match method.kind {
        MethodKind::Email => Some(email::masked(value)),
        MethodKind::Mobile | MethodKind::Office => Some(phone::masked(value)),
        MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Gate;
    use crate::testing::{person, settings, with};

    fn record(method: &Method) -> Record {
        Record {
            method: method.clone(),
            name: None,
            is_verified: true,
            added_at: Timestamp::from_ms(0),
            last_used_at: None,
        }
    }

    fn drawn(of: &[(MethodKind, &str)], gates: &[Gate]) -> Overview {
        let account = with(person(), of);
        let records: Vec<Record> = account.methods.iter().map(record).collect();
        overview(&account, &records, &settings(gates), 300)
    }

    #[test]
    fn answers_that_suffice_no_more_are_offered_anew_as_what_is_missing() {
        let account = with(person(), &[(MethodKind::Questions, "hiding_place lost_way lost_thing")]);
        let records: Vec<Record> = account.methods.iter().map(record).collect();
        let mut settings = settings(&Gate::ALL);
        settings.policy.n_gates = 2;
        settings.policy.questions.n_reset = 4;
        let page = overview(&account, &records, &settings, 300);
        assert!(page.renews_answers && page.missing.contains(&MethodKind::Questions));
        assert!(
            !page.offers.contains(&MethodKind::Questions),
            "beside them there is no room"
        );
    }

    #[test]
    fn the_page_says_how_far_one_is_and_what_is_best_next() {
        let mail = (MethodKind::Email, "uma@mail.example");
        for (of, have, advice) in [
            (vec![], 0, Some(Advice::App)),
            (vec![mail], 1, Some(Advice::App)),
            (vec![(MethodKind::App, "")], 1, Some(Advice::Another)),
            (vec![mail, (MethodKind::App, "")], 2, None),
        ] {
            let drawn = drawn(&of, &Gate::ALL);
            assert_eq!((drawn.standing.have, drawn.advice), (have, advice), "{of:?}");
        }
    }

    #[test]
    fn each_method_says_what_it_is_worth() {
        let mail = (MethodKind::Email, "uma@mail.example");
        let app = (MethodKind::App, "");
        for (of, gates, expect) in [
            (vec![mail], &Gate::ALL[..], Worth::Needed),
            (vec![mail, app], &Gate::ALL, Worth::Spare),
            (
                vec![mail, (MethodKind::Email, "b@mail.example")],
                &Gate::ALL,
                Worth::Spare,
            ),
            (
                vec![(MethodKind::Email, "uma@acorn.example")],
                &Gate::ALL,
                Worth::Nothing,
            ),
            (vec![app], &[Gate::Email], Worth::Nothing),
        ] {
            let drawn = drawn(&of, gates);
            assert!(drawn.methods.iter().all(|listed| listed.worth == expect), "{of:?}");
        }
    }
}
