//! The people of the bench: an organisation at its defaults but for two methods required, written straight into the rows.

use crate::bare;
use crate::handing;
use crate::table::say;
use anyhow::{Context, anyhow};
use regain_domain::Timestamp;
use regain_domain::account::{Status, UserName};
use regain_domain::audit::AuditDays;
use regain_domain::brand::Brand;
use regain_domain::gate::{Gate, MethodKind};
use regain_domain::ids::{AccountId, TenantId};
use regain_domain::limits::MESSAGE_CEILING;
use regain_domain::lockout::Lockout;
use regain_domain::password::PasswordPolicy;
use regain_domain::policy::{Edition, Policy, Scope};
use regain_domain::tenant::{TenantSettings, Ways};
use regain_service::clock::{Clock, SystemClock};
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::tenants::{self, Tenant};
use regain_store::{Store, Tx, accounts, methods};
use sha2::{Digest, Sha256};
use std::net::Ipv4Addr;
use totp_rs::{Algorithm, Builder};
use uuid::Uuid;

/// People written in one transaction.
const BATCH: u32 = 1000;
/// Everybody's password at first.
pub(crate) const PASSWORD: &str = "violet-anchor-sundial";

/// An organisation, by its number.
#[derive(Clone, Copy)]
pub(crate) struct House(pub(crate) u32);

/// One of its people, registered or not.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    house: House,
    number: u32,
    is_known: bool,
}

impl House {
    /// Its short name.
    fn slug(self) -> String {
        format!("bench{:02}", self.0)
    }

    /// The host of its pages.
    pub(crate) fn host(self) -> String {
        format!("{}.localhost", self.slug())
    }

    /// Somebody who is registered.
    pub(crate) fn person(self, number: u32) -> Person {
        Person {
            house: self,
            number,
            is_known: true,
        }
    }

    /// Somebody whom nobody knows, with a name of the same length.
    pub(crate) fn stranger(self, number: u32) -> Person {
        Person {
            house: self,
            number,
            is_known: false,
        }
    }

    /// Makes it, with so many people.
    pub(crate) async fn fill(self, store: &Store, port: u16, n_people: u32) -> anyhow::Result<()> {
        let id = TenantId(Uuid::new_v4());
        let host = self.host();
        let tenant = Tenant {
            id,
            slug: self.slug(),
            base_url: format!("http://{host}:{port}"),
            hosts: vec![host],
        };
        let now = SystemClock.now();
        tenants::create(store, &tenant, &self.settings(), now)
            .await
            .context("make an organisation")?;
        let hash = bare::hashed(PASSWORD)?;
        for first in (0..n_people).step_by(BATCH as usize) {
            let tx = store.write(id).await?;
            let people = (first..n_people.min(first + BATCH)).map(|number| self.person(number));
            insert(&tx, people, &hash, now).await.context("write people")?;
            tx.commit().await?;
            if first > 0 && first % 50_000 == 0 {
                say(&format!("  {first} people written"));
            }
        }
        Ok(())
    }

    /// Whether its people have mobiles: those of the loads have not, so that they stay at the defaults.
    fn has_phones(self) -> bool {
        self.0 == handing::HOUSE.0
    }

    fn settings(self) -> TenantSettings {
        TenantSettings {
            ways: Ways::default(),
            brand: Brand {
                name: "Bench".to_owned(),
                ..Brand::default()
            },
            domains: vec![format!("{}.example", self.slug())],
            policy: Policy {
                scope: Scope::All,
                n_gates: 2,
                gates: match self.has_phones() {
                    true => vec![Gate::AppCode, Gate::Email, Gate::MobileSms],
                    false => Policy::default().gates,
                },
                ..Policy::default()
            },
            password: PasswordPolicy::default(),
            lockout: Lockout::default(),
            edition: Edition::Full,
            audit_days: AuditDays::default(),
            message_ceiling: MESSAGE_CEILING,
        }
    }
}

impl Person {
    /// Whether there is an account.
    pub(crate) fn is_known(self) -> bool {
        self.is_known
    }

    /// What is typed at identify.
    pub(crate) fn user_name(self) -> String {
        let letter = if self.is_known { 'p' } else { 'x' };
        format!("{letter}{:07}@{}.example", self.number, self.house.slug())
    }

    /// The mailbox that takes codes.
    pub(crate) fn address(self) -> String {
        format!("{}.{:07}@mail.example", self.house.slug(), self.number)
    }

    /// The mobile, in a range of its own (R20).
    pub(crate) fn mobile(self) -> String {
        format!("+12{:05}0001", 12_000 + self.number)
    }

    /// The new password.
    pub(crate) fn password(self) -> String {
        format!("violet-anchor-sundial-{:07}", self.number)
    }

    /// A network address of one's own.
    pub(crate) fn client(self) -> Ipv4Addr {
        // A million addresses for the known of each organisation, and as many for the unknown.
        let net = if self.is_known { 10 } else { 11 };
        Ipv4Addr::from_bits((net << 24) + (self.house.0 << 20) + self.number + 1)
    }

    /// What the authenticator app shows.
    pub(crate) fn app_code(self) -> anyhow::Result<String> {
        let seconds = u64::try_from(SystemClock.now().seconds())?;
        let app = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_secret(self.secret())
            .with_step_duration(30)
            .build()
            .map_err(|error| anyhow!("an app's secret is unusable: {error}"))?;
        Ok(app.generate(seconds).to_string())
    }

    fn secret(self) -> Vec<u8> {
        let digest = Sha256::digest(self.address());
        digest.iter().copied().take(20).collect()
    }

    fn account(self, hash: &str, now: Timestamp) -> anyhow::Result<NewAccount> {
        let name = self.user_name();
        let user_name = UserName::parse(&name, "").map_err(|refusal| anyhow!("{name}: {}", refusal.code()))?;
        Ok(NewAccount {
            // In order, so that the tree of a million rows grows at its end.
            id: AccountId(Uuid::from_u128(
                (u128::from(self.house.0) << 64) + u128::from(self.number),
            )),
            user_name,
            given_name: "Robin".to_owned(),
            family_name: format!("Number{}", self.number),
            primary_mail: Some(name),
            status: Status::Active,
            password_hash: hash.to_owned(),
            password_changed_at: now,
            password_expires_at: None,
            must_change: false,
            language: None,
            roles: Vec::new(),
        })
    }
}

/// Writes people with the mailbox and the app that each resets with.
async fn insert(tx: &Tx, people: impl Iterator<Item = Person>, hash: &str, now: Timestamp) -> anyhow::Result<()> {
    let (mut new, mut registered) = (Vec::new(), Vec::new());
    for person in people {
        let account = person.account(hash, now)?;
        let mobile = person.house.has_phones().then(|| person.mobile());
        registered.push((account.id, person.address(), mobile, person.secret()));
        new.push(account);
    }
    accounts::insert_all(tx, &new, now).await?;
    let methods: Vec<NewMethod<'_>> = registered
        .iter()
        .flat_map(|(account, address, mobile, secret)| {
            let method = |kind, value, secret| NewMethod {
                account: *account,
                kind,
                value,
                secret,
                is_verified: true,
            };
            let always = [
                method(MethodKind::Email, Some(address.as_str()), None),
                method(MethodKind::App, None, Some(secret.as_slice())),
            ];
            let mobile = mobile
                .as_deref()
                .map(|number| method(MethodKind::Mobile, Some(number), None));
            always.into_iter().chain(mobile)
        })
        .collect();
    Ok(methods::add_first(tx, &methods, now).await?)
}
