//! Accounts, made and changed.

use super::Wrong;
use super::find::{Opened, change, find, no_tenant, no_user_name, open, trail};
use crate::Service;
use crate::browser;
use crate::dice::bytes;
use crate::reset::totp;
use regain_domain::account::{Account, Status, UserName};
use regain_domain::audit::Activity;
use regain_domain::gate::MethodKind;
use regain_domain::ids::AccountId;
use regain_domain::password::{Names, NewPassword, PasswordPolicy, normal_form, refusals};
use regain_domain::role::Role;
use regain_domain::tenant::TenantSettings;
use regain_domain::{Refusal, Secret};
use regain_store::accounts::NewAccount as Row;
use regain_store::methods::NewMethod;
use regain_store::{accounts, flows, methods, sessions};
use uuid::Uuid;

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
        Err(refusal) => return Ok(Err(no_user_name(&new.user_name, &refusal, &value))),
    };
    let hash = match hashed(service, &value, &name, None, new.password).await? {
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
    change(service, (tenant, user_name), "disabled", request_id, async |opened| {
        let (tx, id, now) = (&opened.tx, opened.account.id, service.now());
        accounts::set_status(tx, id, Status::Disabled).await?;
        sessions::end_all(tx, id, None, now).await?;
        flows::end_others(tx, id, None, now).await?;
        browser::forget_all(&service.core, tx, id).await
    })
    .await
}

/// Gives an account a new password; ends its sessions and open flows (R08).
pub async fn set_password(
    service: &Service,
    tenant: &str,
    user_name: &str,
    password: Secret,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    // Opened twice, so that no transaction waits while the password is hashed.
    let opened = match open(service, tenant, user_name).await? {
        Ok(opened) => opened,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let Opened { value, tx, account, .. } = opened;
    drop(tx);
    let hash = match hashed(service, &value, &account.user_name, Some(&account), password).await? {
        Ok(hash) => hash,
        Err(wrong) => return Ok(Err(wrong)),
    };
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
    let now = service.now();
    // Not compared with former ones: what an operator types is not the person's to remember. It is remembered itself.
    let (seen, n_remembered) = (account.password_changed_at, value.password.n_remembered());
    accounts::set_password(&tx, account.id, &hash, seen, now, n_remembered).await?;
    accounts::unlock(&tx, account.id).await?;
    flows::end_others(&tx, account.id, None, now).await?;
    sessions::end_all(&tx, account.id, None, now).await?;
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
    change(
        service,
        (tenant, user_name),
        "made-global-admin",
        request_id,
        async |opened| {
            let (tx, account) = (&opened.tx, &opened.account);
            let mut roles = account.roles.clone();
            if !roles.contains(&Role::GlobalAdmin) {
                roles.push(Role::GlobalAdmin);
            }
            accounts::set_roles(tx, account.id, &roles).await?;
            // A role changes what a session may do: the old ones end (R41).
            sessions::end_all(tx, account.id, None, service.now()).await?;
            Ok(())
        },
    )
    .await
}

/// Gives an account an authenticator secret; the `otpauth:` address is shown once.
pub async fn enrol_app_code(
    service: &Service,
    tenant: &str,
    user_name: &str,
    request_id: &str,
) -> anyhow::Result<Result<String, Wrong>> {
    change(
        service,
        (tenant, user_name),
        "app-enrolled",
        request_id,
        async |opened| {
            let secret: [u8; 20] = bytes(&mut service.core.dice());
            let method = NewMethod {
                account: opened.account.id,
                kind: MethodKind::App,
                value: None,
                secret: Some(&secret),
                is_verified: false,
            };
            methods::add(&opened.tx, &method, service.now()).await?;
            totp(&secret)?;
            let issuer = percent(&opened.value.brand.name);
            let name = percent(opened.account.user_name.as_str());
            let secret = crate::base32::encode(&secret);
            Ok(format!(
                "otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}"
            ))
        },
    )
    .await
}

async fn hashed(
    service: &Service,
    value: &TenantSettings,
    name: &UserName,
    account: Option<&Account>,
    password: Secret,
) -> anyhow::Result<Result<String, Wrong>> {
    let names = Names::new([name.local_part(), value.brand.name.as_str()]);
    let policy = PasswordPolicy::of(account, value);
    let new = NewPassword {
        typed: &password,
        repeated: &password,
        present: None,
    };
    let refused = refusals(&policy, &names, service.core.lists, new);
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
