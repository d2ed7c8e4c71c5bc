//! The demo's people: fictional, each with mails, numbers and secrets of their own.

use crate::dice::{Dice, below, bytes};
use crate::{Service, Tenancy, base32};
use anyhow::{Context as _, anyhow};
use regain_delivery::phone::{Number, Rules};
use regain_domain::account::{Status, UserName};
use regain_domain::gate::questions::{Question, QuestionPolicy, given, list};
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::ids::{AccountId, GroupId};
use regain_domain::role::Role;
use regain_domain::{Secret, Timestamp};
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::{Tx, accounts, answers, demo as rows, groups, methods};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// A person as `/demo/accounts.json` shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The user name.
    pub username: String,
    /// The password, as first set.
    pub password: String,
    /// Roles of staff.
    pub roles: Vec<Role>,
    /// Mail addresses, the one that takes codes last.
    pub emails: Vec<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Office number.
    pub office: Option<String>,
    /// The authenticator's secret, in base32.
    pub totp_secret: Option<String>,
    /// Answers by question code.
    pub answers: BTreeMap<String, String>,
    /// What the person is made after, for one more of the kind.
    pub like: String,
}

/// How the first password stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Password {
    Good,
    Expired,
    MustChange,
}

/// What a person has registered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Registered {
    Nothing,
    MailAndApp,
    Everything,
}

/// What a person of the demo is.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) status: Status,
    pub(super) password: Password,
    pub(super) registered: Registered,
    pub(super) is_in_pilot: bool,
    pub(super) role: Option<Role>,
}

const PLAIN: Kind = Kind {
    name: "user",
    given: "Uma",
    family: "Serrano",
    status: Status::Active,
    password: Password::Good,
    registered: Registered::MailAndApp,
    is_in_pilot: true,
    role: None,
};

const fn staff(name: &'static str, given: &'static str, family: &'static str, role: Role) -> Kind {
    Kind {
        name,
        given,
        family,
        role: Some(role),
        ..PLAIN
    }
}

/// Acorn's people, as `contract.md` lists them.
pub(super) const ACORN: [Kind; 12] = [
    Kind {
        registered: Registered::Everything,
        ..PLAIN
    },
    Kind {
        name: "new",
        given: "Nils",
        family: "Ewert",
        registered: Registered::Nothing,
        ..PLAIN
    },
    Kind {
        name: "locked",
        given: "Lotte",
        family: "Ketting",
        status: Status::Locked,
        ..PLAIN
    },
    Kind {
        name: "expired",
        given: "Edda",
        family: "Pirrip",
        password: Password::Expired,
        ..PLAIN
    },
    Kind {
        name: "disabled",
        given: "Dirk",
        family: "Sabel",
        status: Status::Disabled,
        ..PLAIN
    },
    Kind {
        name: "mustchange",
        given: "Mira",
        family: "Chand",
        password: Password::MustChange,
        ..PLAIN
    },
    Kind {
        name: "outsider",
        given: "Otto",
        family: "Sider",
        is_in_pilot: false,
        ..PLAIN
    },
    staff("admin", "Ada", "Minter", Role::GlobalAdmin),
    staff("policy", "Pola", "Lisicki", Role::PolicyAdmin),
    staff("brand", "Bram", "Andersen", Role::BrandOwner),
    staff("helpdesk", "Hella", "Desjardins", Role::Helpdesk),
    staff("auditor", "Aude", "Torres", Role::Auditor),
];

/// Birch's people.
pub(super) const BIRCH: [Kind; 2] = [
    Kind {
        registered: Registered::Everything,
        ..PLAIN
    },
    Kind {
        name: "new",
        given: "Nora",
        family: "Ekberg",
        registered: Registered::Nothing,
        ..PLAIN
    },
];

/// Where a person stands in a list: those of `contract.md` first, in its order.
pub(super) fn place(person: &Person) -> (bool, Option<usize>, String) {
    let local = person.like.split('@').next().unwrap_or_default();
    let kind = ACORN.iter().position(|kind| kind.name == local);
    (person.username != person.like, kind, person.username.clone())
}

/// So often an area is drawn that is nobody's yet.
const TRIES: u32 = 1_000;
/// Words of first passwords: easy to type, and four of them are no banned term.
const WORDS: [&str; 32] = [
    "amber", "bramble", "canyon", "drizzle", "ember", "fathom", "glacier", "hazel", "inlet", "juniper", "kettle",
    "lagoon", "meadow", "nutmeg", "orchard", "pebble", "quarry", "ripple", "saffron", "thicket", "umbrella", "velvet",
    "walnut", "yonder", "zephyr", "cobalt", "dapple", "fennel", "gravel", "lantern", "marble", "tundra",
];

/// Makes a person of a kind. `number` keeps names and telephone areas apart.
pub(super) async fn make(
    service: &Service,
    tenancy: &Tenancy,
    kind: &Kind,
    number: Option<u32>,
    pilot: Option<GroupId>,
) -> anyhow::Result<Person> {
    let others = existing(service, tenancy).await?;
    let person = drawn(service, tenancy, kind, number, &others);
    let salt = bytes(&mut service.core.dice());
    let hash = service
        .core
        .hasher
        .hash(Secret::new(person.password.clone()), salt)
        .await?;
    let hash = hash.map_err(|_| anyhow!("too many passwords are being hashed"))?;
    let answers = hashed(service, &person).await?;
    let tx = service.core.store.write(tenancy.id).await?;
    let id = insert(&tx, tenancy, kind, &person, hash, service.now()).await?;
    if !answers.is_empty() {
        let questions: Vec<Question> = answers.iter().map(|(question, _)| *question).collect();
        let method = NewMethod {
            account: id,
            kind: MethodKind::Questions,
            value: Some(&list(&questions)),
            secret: None,
            is_verified: true,
        };
        let method = methods::add(&tx, &method, service.now()).await?;
        answers::put(&tx, method, &answers).await?;
    }
    if let (Some(pilot), true) = (pilot, kind.is_in_pilot) {
        groups::add_account(&tx, pilot, id).await?;
    }
    let json = serde_json::to_string(&person)?;
    rows::keep_person(&tx, &rows::Person { account: id, json }).await?;
    tx.commit().await?;
    Ok(person)
}

/// The hashes of a person's answers.
async fn hashed(service: &Service, person: &Person) -> anyhow::Result<Vec<(Question, String)>> {
    let mut hashes = Vec::new();
    for (code, answer) in &person.answers {
        let question = Question::of_code(code).with_context(|| format!("{code} is no question"))?;
        let folded = given(&[Secret::new(answer.clone())], 1).map_err(|_| anyhow!("{answer} is no answer"))?;
        for answer in folded {
            let salt = bytes(&mut service.core.dice());
            let hash = service.core.hasher.hash(answer, salt).await?;
            hashes.push((
                question,
                hash.map_err(|_| anyhow!("too many answers are being hashed"))?,
            ));
        }
    }
    Ok(hashes)
}

/// One more person like an existing one.
pub(super) async fn another(
    service: &Service,
    tenancy: &Tenancy,
    like: &str,
) -> anyhow::Result<Result<Person, String>> {
    let existing = existing(service, tenancy).await?;
    let domain = tenancy.settings.first_domain();
    let kinds: &[Kind] = if domain == "acorn.example" { &ACORN } else { &BIRCH };
    let named = existing
        .iter()
        .find(|person| person.username == like.trim())
        .map(|person| person.like.clone());
    let Some(kind) = named.and_then(|name| kinds.iter().find(|kind| format!("{}@{domain}", kind.name) == name)) else {
        return Ok(Err(format!(
            "`like` names nobody of this tenant; take one of /demo/accounts.json, as user@{domain}"
        )));
    };
    let pilot = tenancy.settings.policy.groups.first().copied();
    let number = below(&mut service.core.dice(), 90_000_000) + 10_000_000;
    Ok(Ok(make(service, tenancy, kind, Some(number), pilot).await?))
}

/// The tenant's people so far.
async fn existing(service: &Service, tenancy: &Tenancy) -> anyhow::Result<Vec<Person>> {
    let tx = service.core.store.read(tenancy.id).await?;
    let found = rows::people(&tx).await?;
    Ok(found
        .iter()
        .filter_map(|row| serde_json::from_str(&row.json).ok())
        .collect())
}

fn drawn(service: &Service, tenancy: &Tenancy, kind: &Kind, number: Option<u32>, others: &[Person]) -> Person {
    let mut dice = service.core.dice();
    let domain = tenancy.settings.first_domain();
    let name = number.map_or_else(|| kind.name.to_owned(), |number| format!("{}-{number}", kind.name));
    let username = format!("{name}@{domain}");
    let mut emails = vec![username.clone()];
    if kind.registered != Registered::Nothing {
        let label = domain.split('.').next().unwrap_or_default();
        emails.push(if label == "acorn" {
            format!("{name}@mail.example")
        } else {
            format!("{name}.{label}@mail.example")
        });
    }
    let area = area(&mut dice, others);
    let phone = |line: u32| (kind.registered == Registered::Everything).then(|| format!("+1{area}55501{line:02}"));
    let secret: [u8; 20] = bytes(&mut dice);
    Person {
        password: password(&mut dice),
        roles: kind.role.into_iter().collect(),
        mobile: phone(11),
        office: phone(42),
        totp_secret: (kind.registered != Registered::Nothing).then(|| base32::encode(&secret)),
        answers: match (
            kind.registered,
            tenancy.settings.policy.gates.contains(&Gate::Questions),
        ) {
            (Registered::Everything, true) => answers_of(&mut dice),
            _ => BTreeMap::new(),
        },
        like: format!("{}@{domain}", kind.name),
        emails,
        username,
    }
}

/// An area of America that is in use: a number elsewhere would be refused by whoever registers it. It is nobody else's, as
/// long as one is easily found: two people with one number would meet each other's limits.
fn area(dice: &mut dyn Dice, others: &[Person]) -> u32 {
    let is_in_use = |area: u32| Number::parse(&format!("+1{area}5550111"), &Rules::default()).is_ok();
    let is_theirs = |area: u32| {
        let start = format!("+1{area}");
        let has_it = |person: &Person| person.mobile.as_ref().is_some_and(|number| number.starts_with(&start));
        others.iter().any(has_it)
    };
    let mut n_tries = 0;
    loop {
        let area = 201 + below(dice, 788);
        n_tries += 1;
        if (n_tries > TRIES || !is_theirs(area)) && is_in_use(area) {
            return area;
        }
    }
}

/// As many answers as are registered where nothing else is set, of two words each.
fn answers_of(dice: &mut dyn Dice) -> BTreeMap<String, String> {
    let policy = QuestionPolicy::default();
    let questions = policy.questions().into_iter().take(policy.n_register() as usize);
    let words = |dice: &mut dyn Dice| {
        let words: Vec<&str> = (0..2)
            .filter_map(|_| WORDS.get(below(dice, 32) as usize).copied())
            .collect();
        words.join(" ")
    };
    questions.map(|question| (question.code(), words(dice))).collect()
}

fn password(dice: &mut dyn Dice) -> String {
    let words: Vec<&str> = (0..3)
        .filter_map(|_| WORDS.get(below(dice, 32) as usize).copied())
        .collect();
    format!("{}-{}", words.join("-"), 10 + below(dice, 90))
}

async fn insert(
    tx: &Tx,
    tenancy: &Tenancy,
    kind: &Kind,
    person: &Person,
    hash: String,
    now: Timestamp,
) -> anyhow::Result<AccountId> {
    let user_name = UserName::parse(&person.username, tenancy.settings.first_domain())
        .map_err(|refusal| anyhow!("the demo's own name {} is refused: {}", person.username, refusal.code()))?;
    let ago = |days: u64| now.minus(Duration::from_secs(days * 24 * 3600));
    let account = NewAccount {
        id: AccountId(Uuid::new_v4()),
        user_name,
        given_name: kind.given.to_owned(),
        family_name: kind.family.to_owned(),
        primary_mail: Some(person.username.clone()),
        status: kind.status,
        password_hash: hash,
        password_changed_at: ago(100),
        password_expires_at: (kind.password == Password::Expired).then(|| ago(3)),
        must_change: kind.password == Password::MustChange,
        language: None,
        roles: person.roles.clone(),
    };
    accounts::insert(tx, &account, now).await?;
    let secret = person.totp_secret.as_deref().and_then(base32::decode);
    let mail = person.emails.get(1).map(String::as_str);
    let registered = [
        (MethodKind::Email, mail, None),
        (MethodKind::Mobile, person.mobile.as_deref(), None),
        (MethodKind::Office, person.office.as_deref(), None),
        (MethodKind::App, None, secret.as_deref()),
    ];
    for (kind, value, secret) in registered {
        if value.is_some() || secret.is_some() {
            let method = NewMethod {
                account: account.id,
                kind,
                value,
                secret,
                is_verified: true,
            };
            methods::add(tx, &method, now).await?;
        }
    }
    Ok(account.id)
}
