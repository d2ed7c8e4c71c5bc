//! Break-glass at the server's own console: whoever may read the keys may do this, and each act is audited (R52).

use crate::Service;
use crate::dice::bytes;
use crate::reset::totp;
use crate::visit::{Tenancy, Visit};
use anyhow::Context;
use regain_domain::account::{Account, Status, UserName};
use regain_domain::audit::{Activity, Entry};
use regain_domain::brand::Brand;
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, TenantId};
use regain_domain::locale::Language;
use regain_domain::password::{PasswordPolicy, normal_form};
use regain_domain::policy::Policy;
use regain_domain::role::Role;
use regain_domain::tenant::TenantSettings;
use regain_domain::{Refusal, Secret};
use regain_store::accounts::NewAccount as Row;
use regain_store::methods::NewMethod;
use regain_store::tenants::Tenant;
use regain_store::{Tx, accounts, methods, settings, tenants};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use uuid::Uuid;

/// One line for the operator: what is wrong, and what to do.
pub type Wrong = String;

/// A tenant to be made.
pub struct NewTenant {
    /// Short name for commands.
    pub slug: String,
    /// The organisation's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: String,
    /// Hosts that mean it.
    pub hosts: Vec<String>,
    /// Its own domains, the first one completes bare user names.
    pub domains: Vec<String>,
}

/// An account to be made.
pub struct NewAccount {
    /// As it is typed at sign-in.
    pub user_name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The mailbox that gets notices.
    pub mail: Option<String>,
    /// The first password.
    pub password: Secret,
    /// Whether it must be replaced at the next sign-in.
    pub must_change: bool,
}

/// A tenant, for a list.
pub struct TenantLine {
    /// Short name for commands.
    pub slug: String,
    /// The organisation's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: String,
    /// Hosts that mean it.
    pub hosts: Vec<String>,
}

/// All tenants.
pub async fn tenants(service: &Service) -> anyhow::Result<Vec<TenantLine>> {
    let store = &service.core.store;
    let mut lines = Vec::new();
    for tenant in tenants::all(store).await? {
        let tx = store.read(tenant.id).await?;
        let name = settings::current(&tx).await?.value.brand.name;
        lines.push(TenantLine {
            slug: tenant.slug,
            name,
            base_url: tenant.base_url,
            hosts: tenant.hosts,
        });
    }
    Ok(lines)
}

/// Makes a tenant with default settings: nobody's password can be reset until a policy says so.
pub async fn create_tenant(
    service: &Service,
    new: NewTenant,
    request_id: &str,
) -> anyhow::Result<Result<TenantId, Wrong>> {
    let store = &service.core.store;
    let existing = tenants::all(store).await?;
    if existing.iter().any(|tenant| tenant.slug == new.slug) {
        return Ok(Err(format!(
            "there is a tenant `{}` already; `regain tenant list` shows them",
            new.slug
        )));
    }
    if let Some(host) = new
        .hosts
        .iter()
        .find(|host| existing.iter().any(|tenant| tenant.hosts.contains(host)))
    {
        return Ok(Err(format!(
            "the host `{host}` means another tenant already; choose another one"
        )));
    }
    let brand = Brand {
        name: new.name,
        ..Brand::default()
    };
    let value = TenantSettings {
        brand,
        domains: new.domains,
        policy: Policy::default(),
        password: PasswordPolicy::default(),
    };
    let tenant = Tenant {
        id: TenantId(Uuid::new_v4()),
        slug: new.slug,
        base_url: new.base_url,
        hosts: new.hosts,
    };
    tenants::create(store, &tenant, &value, service.now()).await?;
    let tx = store.write(tenant.id).await?;
    trail(
        service,
        &tx,
        &tenant,
        None,
        Activity::TenantCreated,
        "created",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(tenant.id))
}

/// Makes an account without any method.
pub async fn create_account(
    service: &Service,
    tenant: &str,
    new: NewAccount,
    request_id: &str,
) -> anyhow::Result<Result<AccountId, Wrong>> {
    let Some((tenant, value)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let name = match UserName::parse(&new.user_name, value.first_domain()) {
        Ok(name) => name,
        Err(refusal) => {
            return Ok(Err(format!(
                "`{}` is no user name ({}); use a form like name@{}",
                new.user_name,
                refusal.code(),
                value.first_domain()
            )));
        }
    };
    let hash = match hashed(service, &value, &name, new.password).await? {
        Ok(hash) => hash,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let now = service.now();
    let row = Row {
        id: AccountId(Uuid::new_v4()),
        user_name: name,
        given_name: new.given_name,
        family_name: new.family_name,
        primary_mail: new.mail,
        status: Status::Active,
        password_hash: hash,
        password_changed_at: now,
        password_expires_at: None,
        must_change: new.must_change,
        language: None,
        roles: Vec::new(),
    };
    let tx = service.core.store.write(tenant.id).await?;
    if accounts::by_name(&tx, &row.user_name).await?.is_some() {
        return Ok(Err(format!("there is an account `{}` already", row.user_name.as_str())));
    }
    accounts::insert(&tx, &row, now).await?;
    trail(
        service,
        &tx,
        &tenant,
        Some(row.id),
        Activity::AccountChanged,
        "created",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(row.id))
}

/// Switches an account off.
pub async fn disable_account(
    service: &Service,
    tenant: &str,
    user_name: &str,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened {
        tenant, tx, account, ..
    } = opened;
    accounts::set_status(&tx, account.id, Status::Disabled).await?;
    regain_store::sessions::end_all(&tx, account.id, service.now()).await?;
    regain_store::flows::end_others(&tx, account.id, None, service.now()).await?;
    trail(
        service,
        &tx,
        &tenant,
        Some(account.id),
        Activity::AccountChanged,
        "disabled",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Gives an account a new password; ends its sessions and open flows (R08).
pub async fn set_password(
    service: &Service,
    tenant: &str,
    user_name: &str,
    password: Secret,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let Some((found, value)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let _ = found;
    let name = match UserName::parse(user_name, value.first_domain()) {
        Ok(name) => name,
        Err(_) => return Ok(Err(no_account(user_name))),
    };
    let hash = match hashed(service, &value, &name, password).await? {
        Ok(hash) => hash,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened {
        tenant, tx, account, ..
    } = opened;
    let now = service.now();
    accounts::set_password(&tx, account.id, &hash, now).await?;
    regain_store::flows::end_others(&tx, account.id, None, now).await?;
    regain_store::sessions::end_all(&tx, account.id, now).await?;
    trail(
        service,
        &tx,
        &tenant,
        Some(account.id),
        Activity::AccountChanged,
        "password-set",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Makes an account a global administrator.
pub async fn make_admin(
    service: &Service,
    tenant: &str,
    user_name: &str,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened {
        tenant, tx, account, ..
    } = opened;
    let mut roles = account.roles.clone();
    if !roles.contains(&Role::GlobalAdmin) {
        roles.push(Role::GlobalAdmin);
    }
    accounts::set_roles(&tx, account.id, &roles).await?;
    // A role changes what a session may do: the old ones end (R41).
    regain_store::sessions::end_all(&tx, account.id, service.now()).await?;
    trail(
        service,
        &tx,
        &tenant,
        Some(account.id),
        Activity::AccountChanged,
        "made-global-admin",
        request_id,
    )
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Gives an account an authenticator secret; the `otpauth:` address is shown once.
pub async fn enrol_app_code(
    service: &Service,
    tenant: &str,
    user_name: &str,
    request_id: &str,
) -> anyhow::Result<Result<String, Wrong>> {
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened {
        tenant,
        value,
        tx,
        account,
    } = opened;
    let secret: [u8; 20] = bytes(&mut service.core.dice());
    let method = NewMethod {
        account: account.id,
        kind: MethodKind::App,
        value: None,
        secret: Some(&secret),
        is_verified: false,
    };
    methods::add(&tx, &method, service.now()).await?;
    trail(
        service,
        &tx,
        &tenant,
        Some(account.id),
        Activity::AccountChanged,
        "app-enrolled",
        request_id,
    )
    .await?;
    tx.commit().await?;
    totp(&secret)?;
    let (issuer, name) = (percent(&value.brand.name), percent(account.user_name.as_str()));
    let secret = crate::base32::encode(&secret);
    Ok(Ok(format!(
        "otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}"
    )))
}

/// An account with the transaction that was opened for it.
struct Opened {
    tenant: Tenant,
    value: TenantSettings,
    tx: Tx,
    account: Account,
}

async fn open(service: &Service, tenant: &str, user_name: &str) -> anyhow::Result<Result<Opened, Wrong>> {
    let Some((tenant, value)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let Ok(name) = UserName::parse(user_name, value.first_domain()) else {
        return Ok(Err(no_account(user_name)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    match accounts::by_name(&tx, &name).await? {
        Some(account) => Ok(Ok(Opened {
            tenant,
            value,
            tx,
            account,
        })),
        None => Ok(Err(no_account(user_name))),
    }
}

async fn find(service: &Service, slug: &str) -> anyhow::Result<Option<(Tenant, TenantSettings)>> {
    let store = &service.core.store;
    let Some(tenant) = tenants::all(store)
        .await?
        .into_iter()
        .find(|tenant| tenant.slug == slug)
    else {
        return Ok(None);
    };
    let tx = store.read(tenant.id).await?;
    let value = settings::current(&tx)
        .await
        .with_context(|| format!("read the settings of tenant {slug}"))?
        .value;
    Ok(Some((tenant, value)))
}

async fn hashed(
    service: &Service,
    value: &TenantSettings,
    name: &UserName,
    password: Secret,
) -> anyhow::Result<Result<String, Wrong>> {
    let names = regain_domain::password::Names::new([name.local_part(), value.brand.name.as_str()]);
    let refused = regain_domain::password::refusals(&value.password, &names, service.core.banned, &password, &password);
    if let Some(refusal) = refused.first() {
        return Ok(Err(format!(
            "that password is refused: {}; the rules are the tenant's own",
            words(refusal)
        )));
    }
    let salt = bytes(&mut service.core.dice());
    let hashed = service.core.hasher.hash(normal_form(&password), salt).await?;
    Ok(hashed.map_err(|_| "too much to do at the moment; try again".to_owned()))
}

fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::PwShort { least } => format!("use at least {least} characters"),
        other => other.code().to_owned(),
    }
}

async fn trail(
    service: &Service,
    tx: &Tx,
    tenant: &Tenant,
    subject: Option<AccountId>,
    activity: Activity,
    act: &str,
    request_id: &str,
) -> anyhow::Result<()> {
    let value = settings::current(tx).await?;
    let visit = Visit {
        tenant: Tenancy {
            id: tenant.id,
            base_url: tenant.base_url.clone(),
            settings: Arc::new(value.value),
            version: value.version,
        },
        network: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "server console".to_owned(),
        request_id: request_id.to_owned(),
        language: Language::En,
        flow: None,
        session: None,
        note: None,
        arrived_at: service.now(),
    };
    tracing::warn!(
        tenant = tenant.slug,
        act,
        "break-glass: an account or tenant was changed at the server's console"
    );
    crate::audit::write(
        tx,
        &visit,
        &Entry::success(activity, act),
        None,
        subject,
        None,
        service.now(),
    )
    .await
}

fn no_tenant(slug: &str) -> Wrong {
    format!("there is no tenant `{slug}`; `regain tenant list` shows them")
}

fn no_account(user_name: &str) -> Wrong {
    format!("there is no account `{user_name}` in this tenant; check the spelling")
}

fn percent(text: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(byte);
    text.bytes()
        .map(|byte| {
            if is_plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
