//! The demo's two tenants, so that both ways of everything are always tried.

use super::people::{ACORN, BIRCH, make};
use crate::{Service, Tenancy};
use regain_domain::audit::AuditDays;
use regain_domain::brand::{Brand, Colour, HelpLink, HelpMail};
use regain_domain::gate::Gate;
use regain_domain::ids::TenantId;
use regain_domain::limits::MESSAGE_CEILING;
use regain_domain::locale::Language;
use regain_domain::lockout::Lockout;
use regain_domain::password::PasswordPolicy;
use regain_domain::policy::{
    Disclosure, Edition, MethodsPolicy, Migration, PhonePolicy, Policy, Scope, UnlockPolicy, proposal,
};
use regain_domain::tenant::{TenantSettings, Ways};
use regain_store::tenants::{self, Tenant};
use regain_store::{Store, groups, settings};
use std::sync::Arc;
use uuid::Uuid;

/// Acorn's and Birch's hosts.
const ACORN_HOSTS: [&str; 1] = ["localhost"];
const BIRCH_HOSTS: [&str; 1] = ["birch.localhost"];

/// The people's numbers are American, and fictional.
fn phones() -> PhonePolicy {
    PhonePolicy {
        country: "US".to_owned(),
        ..PhonePolicy::default()
    }
}

/// Fills an empty database.
pub(super) async fn seed(service: &Service, port: u16) -> anyhow::Result<()> {
    let acorn = create(service, "acorn", &ACORN_HOSTS, port, acorn()).await?;
    let tx = service.core.store.write(acorn.id).await?;
    let pilot = groups::create(&tx, "Pilot", service.now()).await?;
    let mut value = (*acorn.settings).clone();
    value.policy.groups = vec![pilot];
    let version = settings::save(&tx, acorn.version, &value, None, service.now()).await?;
    tx.commit().await?;
    let acorn = Tenancy {
        settings: Arc::new(value),
        version,
        ..acorn
    };
    for kind in &ACORN {
        make(service, &acorn, kind, None, Some(pilot)).await?;
    }
    let birch = create(service, "birch", &BIRCH_HOSTS, port, birch()).await?;
    for kind in &BIRCH {
        make(service, &birch, kind, None, None).await?;
    }
    Ok(())
}

/// The demo was started on another port: its addresses follow.
pub(super) async fn move_to(store: &Store, port: u16) -> anyhow::Result<()> {
    for tenant in tenants::all(store).await? {
        if let Some(host) = tenant.hosts.first() {
            tenants::set_base_url(store, tenant.id, &format!("http://{host}:{port}")).await?;
        }
    }
    Ok(())
}

async fn create(
    service: &Service,
    slug: &str,
    hosts: &[&str],
    port: u16,
    value: TenantSettings,
) -> anyhow::Result<Tenancy> {
    let base_url = format!("http://{}:{port}", hosts.first().copied().unwrap_or("localhost"));
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    let tenant = Tenant {
        id: TenantId(Uuid::new_v4()),
        slug: slug.to_owned(),
        base_url: base_url.clone(),
        hosts,
    };
    tenants::create(&service.core.store, &tenant, &value, service.now()).await?;
    Ok(Tenancy {
        id: tenant.id,
        base_url,
        settings: Arc::new(value),
        version: 1,
    })
}

/// All of the brand set, the truth told, two methods, a pilot group.
fn acorn() -> TenantSettings {
    let mut settings = TenantSettings {
        brand: Brand {
            name: "Acorn Works".to_owned(),
            accent: Colour::parse("#0b6e4f").ok(),
            logo_light: Some("acorn-light.svg".to_owned()),
            logo_dark: Some("acorn-dark.svg".to_owned()),
            help: HelpLink::parse("+44 20 7946 0000").ok(),
            help_mail: HelpMail::Sent,
            default_language: Some(Language::En),
            forced_language: None,
        },
        domains: vec!["acorn.example".to_owned()],
        policy: Policy {
            scope: Scope::Selected,
            gates: Gate::ALL.to_vec(),
            phones: phones(),
            n_gates: 2,
            disclosure: Disclosure::Explicit,
            unlock: UnlockPolicy {
                is_on: true,
                ..UnlockPolicy::default()
            },
            notify_all_admins: true,
            ..Policy::default()
        },
        password: PasswordPolicy {
            enforce_custom: true,
            custom: vec!["acorn".to_owned(), "oakwood".to_owned()],
            ..PasswordPolicy::default()
        },
        lockout: Lockout::default(),
        edition: Edition::Full,
        audit_days: AuditDays::default(),
        ways: Ways::ALL,
        message_ceiling: MESSAGE_CEILING,
    };
    // As if it came from elsewhere: the guide has something to read.
    settings.policy.import(Vec::new());
    settings
}

/// No brand, nothing told, one method, everybody.
fn birch() -> TenantSettings {
    let mut settings = TenantSettings {
        brand: Brand {
            name: "Birch".to_owned(),
            ..Brand::default()
        },
        domains: vec!["birch.example".to_owned()],
        policy: Policy {
            scope: Scope::All,
            gates: Gate::ALL.to_vec(),
            phones: phones(),
            n_gates: 1,
            ..Policy::default()
        },
        password: PasswordPolicy::default(),
        lockout: Lockout::default(),
        edition: Edition::Full,
        audit_days: AuditDays::default(),
        ways: Ways::ALL,
        message_ceiling: MESSAGE_CEILING,
    };
    // As a tenant of today begins: by the methods policy alone.
    settings.policy.methods = MethodsPolicy {
        began: Migration::Complete,
        ..proposal(&settings.policy)
    };
    settings
}
