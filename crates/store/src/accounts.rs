//! Accounts: rows with their roles, groups and methods as the value that decisions take.

use crate::entity::{account, account_role, group_account, method};
use crate::rows::Whose;
use crate::{Error, Tx, former_passwords, groups, json, methods, one_time_passes, rows};
use regain_domain::Timestamp;
use regain_domain::account::{Account, Method, Status, UserName};
use regain_domain::ids::{AccountId, GroupId};
use regain_domain::locale::Language;
use regain_domain::people::found_by;
use regain_domain::policy::Edition;
use regain_domain::registration::{AskedFor, Wanted};
use regain_domain::role::Role;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, UpdateMany,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Most accounts that [`list`] gives.
const LIST_MOST: u64 = 200;

/// An account to be made; methods and groups are added afterwards.
#[derive(Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name, once per tenant.
    pub user_name: UserName,
    /// Given name; may be empty.
    pub given_name: String,
    /// Family name; may be empty.
    pub family_name: String,
    /// The mailbox that gets notices.
    pub primary_mail: Option<String>,
    /// Whether it may be used.
    pub status: Status,
    /// The password's hash, in PHC form.
    pub password_hash: String,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// When the password stops to be good.
    pub password_expires_at: Option<Timestamp>,
    /// The password must be changed at the next sign-in.
    pub must_change: bool,
    /// The language of its mails.
    pub language: Option<Language>,
    /// Its roles.
    pub roles: Vec<Role>,
}

/// Makes an account; a name that is there already is a conflict.
pub async fn insert(tx: &Tx, account: &NewAccount, now: Timestamp) -> Result<(), Error> {
    insert_all(tx, std::slice::from_ref(account), now).await
}

/// Makes accounts in bulk; a name that is there already is a conflict, and none is made.
pub async fn insert_all(tx: &Tx, accounts: &[NewAccount], now: Timestamp) -> Result<(), Error> {
    let new = accounts.iter().map(|account| row(tx, account, now)).collect();
    rows::insert_many(&tx.db, new).await?;
    for account in accounts {
        add_roles(tx, account.id, &account.roles).await?;
    }
    Ok(())
}

/// The account of a name.
pub async fn by_name(tx: &Tx, name: &UserName) -> Result<Option<Account>, Error> {
    let found = named(tx.tenant.0, name).all(&tx.db).await?;
    Ok(whole(tx, found).await?.pop())
}

/// The account of an id.
pub async fn by_id(tx: &Tx, id: AccountId) -> Result<Option<Account>, Error> {
    let found = account::Entity::find_by_id((tx.tenant.0, id.0)).all(&tx.db).await?;
    Ok(whole(tx, found).await?.pop())
}

/// Holds an account against everybody else's changes until the transaction ends; what is read afterwards is how it is (R05).
///
/// Before anything of the account's is held, its flows above all: whoever changes an account goes on to its flows and
/// sessions, and two who went opposite ways would wait for each other.
pub async fn hold(tx: &Tx, id: AccountId) -> Result<(), Error> {
    // Writes no lock on SQLite, where a writing transaction is alone anyway. New rows that hang on the account may come.
    account::Entity::find_by_id((tx.tenant.0, id.0))
        .lock(LockType::NoKeyUpdate)
        .one(&tx.db)
        .await?;
    Ok(())
}

/// The hash of the present password.
pub async fn password_hash(tx: &Tx, id: AccountId) -> Result<Option<String>, Error> {
    let found = account::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await?;
    Ok(found.map(|row| row.password_hash))
}

/// Sets the password: it is fresh, expires no more, and need not be changed. A lock stays: see [`unlock`].
///
/// `seen`: when the password was set that the caller decided about. Another one by now is a conflict (R05).
/// `n_remembered`: so many former passwords stay known, the one replaced now among them (R27).
pub async fn set_password(
    tx: &Tx,
    id: AccountId,
    hash: &str,
    seen: Timestamp,
    at: Timestamp,
    n_remembered: u32,
) -> Result<(), Error> {
    let former = password_hash(tx, id).await?.ok_or(Error::Conflict)?;
    let done = change(tx, id)
        .filter(account::Column::PasswordChangedAt.eq(seen.ms()))
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::PasswordChangedAt, Expr::value(at.ms()))
        .col_expr(account::Column::PasswordExpiresAt, Expr::value(None::<i64>))
        .col_expr(account::Column::MustChange, Expr::value(false))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)?;
    former_passwords::remember(tx, id, former, seen, n_remembered).await
}

/// Puts another hash of the same password in the place of the one that is stored (R28); tells whether it was still there.
///
/// The password stays as old as it is, and nothing hangs on it: no session, no flow, no former password.
pub async fn renew_hash(tx: &Tx, id: AccountId, stored: &str, renewed: &str) -> Result<bool, Error> {
    let done = change(tx, id)
        .filter(account::Column::PasswordHash.eq(stored))
        .col_expr(account::Column::PasswordHash, Expr::value(renewed))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Makes a locked account active again; tells whether it was locked.
pub async fn unlock(tx: &Tx, id: AccountId) -> Result<bool, Error> {
    let done = change(tx, id)
        .col_expr(account::Column::Status, Expr::value(Status::Active.code()))
        .filter(account::Column::Status.eq(Status::Locked.code()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Sets whether it may be used.
pub async fn set_status(tx: &Tx, id: AccountId, status: Status) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(account::Column::Status, Expr::value(status.code()))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Sets what it is asked for at sign-in, and how often that was put off; nothing: it is asked for nothing.
pub async fn set_asked(tx: &Tx, id: AccountId, asked: Option<AskedFor>) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(
            account::Column::AskedFor,
            Expr::value(asked.map(|asked| asked.wanted.code())),
        )
        .col_expr(
            account::Column::AskedAt,
            Expr::value(asked.map(|asked| asked.since.ms())),
        )
        .col_expr(
            account::Column::NSkipped,
            Expr::value(asked.map_or(0, |asked| i64::from(asked.n_skipped))),
        )
        .col_expr(
            account::Column::SkippedAt,
            Expr::value(asked.and_then(|asked| asked.skipped_at).map(Timestamp::ms)),
        )
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Replaces its roles.
pub async fn set_roles(tx: &Tx, id: AccountId, roles: &[Role]) -> Result<(), Error> {
    account_role::Entity::delete_many()
        .filter(account_role::Column::TenantId.eq(tx.tenant.0))
        .filter(account_role::Column::AccountId.eq(id.0))
        .exec(&tx.db)
        .await?;
    add_roles(tx, id, roles).await
}

/// Everyone with a role, by name.
pub async fn staff(tx: &Tx) -> Result<Vec<Account>, Error> {
    let holders = account_role::Entity::find()
        .filter(account_role::Column::TenantId.eq(tx.tenant.0))
        .select_only()
        .column(account_role::Column::AccountId)
        .into_query();
    let found = account::Entity::find()
        .filter(account::Column::TenantId.eq(tx.tenant.0))
        .filter(account::Column::Id.in_subquery(holders))
        .order_by_asc(account::Column::UserName)
        .all(&tx.db)
        .await?;
    whole(tx, found).await
}

/// The first 200 accounts, by name.
pub async fn list(tx: &Tx) -> Result<Vec<Account>, Error> {
    let found = account::Entity::find()
        .filter(account::Column::TenantId.eq(tx.tenant.0))
        .order_by_asc(account::Column::UserName)
        .limit(LIST_MOST)
        .all(&tx.db)
        .await?;
    whole(tx, found).await
}

fn row(tx: &Tx, account: &NewAccount, now: Timestamp) -> account::Model {
    account::Model {
        tenant_id: tx.tenant.0,
        id: account.id.0,
        user_name: account.user_name.as_str().to_owned(),
        given_name: account.given_name.clone(),
        family_name: account.family_name.clone(),
        primary_mail: account.primary_mail.clone(),
        status: account.status.code().to_owned(),
        expires_at: None,
        password_hash: account.password_hash.clone(),
        password_changed_at: account.password_changed_at.ms(),
        password_expires_at: account.password_expires_at.map(Timestamp::ms),
        password_never_expires: false,
        edition: None,
        must_change: account.must_change,
        language: account.language.map(|language| language.tag().to_owned()),
        created_at: now.ms(),
        asked_for: None,
        asked_at: None,
        n_skipped: 0,
        skipped_at: None,
        found_by: found_by(
            account.user_name.as_str(),
            &account.given_name,
            &account.family_name,
            account.primary_mail.as_deref(),
        ),
        register_again_at: None,
    }
}

pub(crate) fn named(tenant: Uuid, name: &UserName) -> Select<account::Entity> {
    account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::UserName.eq(name.as_str()))
}

pub(crate) fn change(tx: &Tx, id: AccountId) -> UpdateMany<account::Entity> {
    account::Entity::update_many()
        .filter(account::Column::TenantId.eq(tx.tenant.0))
        .filter(account::Column::Id.eq(id.0))
}

async fn add_roles(tx: &Tx, id: AccountId, roles: &[Role]) -> Result<(), Error> {
    for role in roles {
        let row = account_role::Model {
            tenant_id: tx.tenant.0,
            account_id: id.0,
            role: role.code().to_owned(),
        };
        rows::insert_new(&tx.db, row).await?;
    }
    Ok(())
}

/// Accounts with all that hangs on them, in as many queries for one as for many.
pub(crate) async fn whole(tx: &Tx, found: Vec<account::Model>) -> Result<Vec<Account>, Error> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let whose = Whose::These(&ids);
    let mut roles = roles_of(tx, &whose).await?;
    let mut methods = methods_of(tx, &whose).await?;
    let mut groups = groups_of(tx, &whose).await?;
    let mut passes = one_time_passes::of_accounts(tx, &whose).await?;
    found
        .into_iter()
        .map(|row| {
            let id = row.id;
            Ok(Account {
                roles: roles.remove(&id).unwrap_or_default(),
                methods: methods.remove(&id).unwrap_or_default(),
                groups: groups.remove(&id).unwrap_or_default(),
                one_time_pass: passes.remove(&id),
                ..alone(row)?
            })
        })
        .collect()
}

fn alone(row: account::Model) -> Result<Account, Error> {
    let language = row
        .language
        .as_deref()
        .map(|tag| json::of_code(tag, Language::of_tag))
        .transpose()?;
    let edition = row.edition.as_deref();
    let edition = edition.map(|code| json::of_code(code, Edition::of_code)).transpose()?;
    Ok(Account {
        asked: asked(&row)?,
        id: AccountId(row.id),
        user_name: UserName::of_row(row.user_name),
        given_name: row.given_name,
        family_name: row.family_name,
        primary_mail: row.primary_mail,
        status: json::of_code(&row.status, Status::of_code)?,
        expires_at: row.expires_at.map(Timestamp::from_ms),
        password_changed_at: Timestamp::from_ms(row.password_changed_at),
        password_expires_at: row.password_expires_at.map(Timestamp::from_ms),
        password_never_expires: row.password_never_expires,
        edition,
        must_change: row.must_change,
        must_register: row.register_again_at.is_some(),
        language,
        roles: Vec::new(),
        groups: Vec::new(),
        methods: Vec::new(),
        one_time_pass: None,
    })
}

fn asked(row: &account::Model) -> Result<Option<AskedFor>, Error> {
    let (Some(wanted), Some(since)) = (&row.asked_for, row.asked_at) else {
        return Ok(None);
    };
    Ok(Some(AskedFor {
        wanted: json::of_code(wanted, Wanted::of_code)?,
        since: Timestamp::from_ms(since),
        n_skipped: u32::try_from(row.n_skipped).unwrap_or(u32::MAX),
        skipped_at: row.skipped_at.map(Timestamp::from_ms),
    }))
}

pub(crate) async fn roles_of(tx: &Tx, whose: &Whose<'_>) -> Result<HashMap<Uuid, Vec<Role>>, Error> {
    let of_them = Condition::all()
        .add(account_role::Column::TenantId.eq(tx.tenant.0))
        .add(whose.are(account_role::Column::AccountId));
    let mut roles: HashMap<Uuid, Vec<Role>> = HashMap::new();
    for row in account_role::Entity::find().filter(of_them).all(&tx.db).await? {
        roles
            .entry(row.account_id)
            .or_default()
            .push(json::of_code(&row.role, Role::of_code)?);
    }
    for roles in roles.values_mut() {
        roles.sort_unstable();
    }
    Ok(roles)
}

async fn methods_of(tx: &Tx, whose: &Whose<'_>) -> Result<HashMap<Uuid, Vec<Method>>, Error> {
    let found = method::Entity::find()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(whose.are(method::Column::AccountId))
        .order_by_asc(method::Column::Place)
        .all(&tx.db)
        .await?;
    let mut of_accounts: HashMap<Uuid, Vec<Method>> = HashMap::new();
    for row in found {
        let of_account = of_accounts.entry(row.account_id).or_default();
        of_account.push(methods::method(row)?);
    }
    for methods in of_accounts.values_mut() {
        methods.sort_by_key(|method| !method.is_preferred);
    }
    Ok(of_accounts)
}

pub(crate) async fn groups_of(tx: &Tx, whose: &Whose<'_>) -> Result<HashMap<Uuid, Vec<GroupId>>, Error> {
    let direct = group_account::Entity::find()
        .filter(group_account::Column::TenantId.eq(tx.tenant.0))
        .filter(whose.are(group_account::Column::AccountId))
        .select_only()
        .column(group_account::Column::AccountId)
        .column(group_account::Column::GroupId)
        .into_query();
    let mut groups: HashMap<Uuid, Vec<GroupId>> = HashMap::new();
    for (account, group) in groups::with_parents(tx, direct).await? {
        groups.entry(account).or_default().push(GroupId(group));
    }
    for groups in groups.values_mut() {
        groups.sort_unstable();
    }
    Ok(groups)
}
