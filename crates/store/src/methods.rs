//! Registered methods: addresses and numbers as they are, secrets of apps sealed in their rows.

use crate::entity::method;
use crate::seal::Use;
use crate::{Error, Tx, json, rows};
use regain_domain::Timestamp;
use regain_domain::account::Method;
use regain_domain::gate::{MethodKind, Root};
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::registration::Record;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany};
use std::collections::HashMap;
use uuid::Uuid;
use zeroize::Zeroizing;

/// No step was spent yet; every real one is greater.
const NO_STEP: i64 = -1;

/// A method to be registered.
pub struct NewMethod<'a> {
    /// Whose.
    pub account: AccountId,
    /// What it is.
    pub kind: MethodKind,
    /// The address or number.
    pub value: Option<&'a str>,
    /// The secret of an app.
    pub secret: Option<&'a [u8]>,
    /// Whether a code came back from it. Values that an administrator loaded count all the same (`domain.md` §5).
    pub is_verified: bool,
}

/// The secret of an app, with the newest step whose code was spent.
pub struct AppSecret {
    /// The secret (RFC 6238).
    pub secret: Zeroizing<Vec<u8>>,
    /// The newest spent step; codes of it and of older ones count no more.
    pub last_step: i64,
}

/// Registers a method, behind those that the account has; two at once are a conflict for one of them.
pub async fn add(tx: &Tx, method: &NewMethod<'_>, now: Timestamp) -> Result<MethodId, Error> {
    let last = method::Entity::find()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(method::Column::AccountId.eq(method.account.0))
        .order_by_desc(method::Column::Place)
        .one(&tx.db)
        .await?;
    let row = row(tx, method, last.map_or(0, |last| last.place + 1), now);
    let id = MethodId(row.id);
    rows::insert(&tx.db, row).await?;
    Ok(id)
}

/// Registers a method in the place of another one of its kind: with the name that it had, and asked for first if that was.
pub async fn replace(tx: &Tx, former: MethodId, method: &NewMethod<'_>, now: Timestamp) -> Result<MethodId, Error> {
    let found = method::Entity::find_by_id((tx.tenant.0, former.0))
        .filter(method::Column::AccountId.eq(method.account.0))
        .one(&tx.db)
        .await?;
    let Some(found) = found else {
        return Err(Error::Conflict);
    };
    remove(tx, method.account, former).await?;
    let row = method::Model {
        name: found.name,
        preferred_at: found.preferred_at,
        ..row(tx, method, found.place, now)
    };
    let id = MethodId(row.id);
    rows::insert(&tx.db, row).await?;
    Ok(id)
}

/// Registers the first methods of accounts in bulk, each account's in the order given.
pub async fn add_first(tx: &Tx, methods: &[NewMethod<'_>], now: Timestamp) -> Result<(), Error> {
    let mut places: HashMap<AccountId, i64> = HashMap::new();
    let mut new = Vec::with_capacity(methods.len());
    for method in methods {
        let place = places.entry(method.account).or_default();
        new.push(row(tx, method, *place, now));
        *place += 1;
    }
    rows::insert_many(&tx.db, new).await
}

/// The secret of an app; nothing if it is not there, or no app.
pub async fn app_secret(tx: &Tx, id: MethodId) -> Result<Option<AppSecret>, Error> {
    let Some(row) = method::Entity::find_by_id((tx.tenant.0, id.0)).one(&tx.db).await? else {
        return Ok(None);
    };
    let Some(sealed) = row.secret else { return Ok(None) };
    match tx.keyring.open(Use::Seal, &aad(tx, &row.id), &sealed) {
        Some(secret) => Ok(Some(AppSecret {
            secret,
            last_step: row.last_step,
        })),
        None => Err(Error::Codec("the secret of a method does not open".to_owned())),
    }
}

/// The secrets of an account's methods of a kind, in their order.
pub async fn secrets(
    tx: &Tx,
    account: AccountId,
    kind: MethodKind,
) -> Result<Vec<(MethodId, Zeroizing<Vec<u8>>)>, Error> {
    let found = of_account(tx.tenant.0, account)
        .filter(method::Column::Kind.eq(kind.code()))
        .all(&tx.db)
        .await?;
    let mut secrets = Vec::with_capacity(found.len());
    for row in found {
        let sealed = row.secret.as_deref().unwrap_or_default();
        match tx.keyring.open(Use::Seal, &aad(tx, &row.id), sealed) {
            Some(secret) => secrets.push((MethodId(row.id), secret)),
            None => return Err(Error::Codec("the secret of a method does not open".to_owned())),
        }
    }
    Ok(secrets)
}

/// Writes the secret of a method as its use has changed it.
pub async fn change_secret(tx: &Tx, id: MethodId, secret: &[u8]) -> Result<(), Error> {
    let sealed = tx.keyring.seal(Use::Seal, &aad(tx, &id.0), secret);
    let done = change(tx, id)
        .col_expr(method::Column::Secret, Expr::value(sealed))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// Notes what a method stands on where its value does not say so, for [`n_others`].
pub async fn set_root(tx: &Tx, id: MethodId, root: &Root) -> Result<(), Error> {
    let done = change(tx, id)
        .col_expr(method::Column::Root, Expr::value(root.as_str()))
        .exec(&tx.db)
        .await?;
    rows::hit(done.rows_affected)
}

/// The secret of a row, sealed with the current key; nothing if it has none, or it does not open.
pub(crate) fn sealed_anew(tx: &Tx, row: &method::Model) -> Option<Vec<u8>> {
    let aad = aad(tx, &row.id);
    let secret = tx.keyring.open(Use::Seal, &aad, row.secret.as_deref()?)?;
    Some(tx.keyring.seal(Use::Seal, &aad, &secret))
}

/// Spends a step of an app: true once for each, and never for one that is older than the newest spent one.
pub async fn spend_step(tx: &Tx, id: MethodId, step: i64, now: Timestamp) -> Result<bool, Error> {
    let done = change(tx, id)
        .col_expr(method::Column::LastStep, Expr::value(step))
        .col_expr(method::Column::LastUsedAt, Expr::value(now.ms()))
        .filter(method::Column::LastStep.lt(step))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The methods of an account as its page lists them, the preferred one first.
pub async fn records(tx: &Tx, account: AccountId) -> Result<Vec<Record>, Error> {
    let mut found = of_account(tx.tenant.0, account).all(&tx.db).await?;
    found.sort_by_key(|row| row.preferred_at.is_none());
    found
        .into_iter()
        .map(|row| {
            Ok(Record {
                name: row.name.clone(),
                is_verified: row.is_verified,
                added_at: Timestamp::from_ms(row.added_at),
                last_used_at: row.last_used_at.map(Timestamp::from_ms),
                method: method(row)?,
            })
        })
        .collect()
}

/// How many other accounts of the tenant have a method on this root.
pub async fn n_others(tx: &Tx, account: AccountId, root: &Root) -> Result<u32, Error> {
    let others: Vec<Uuid> = on_root(tx.tenant.0, root)
        .filter(method::Column::AccountId.ne(account.0))
        .select_only()
        .column(method::Column::AccountId)
        .distinct()
        .into_tuple()
        .all(&tx.db)
        .await?;
    Ok(u32::try_from(others.len()).unwrap_or(u32::MAX))
}

/// How many accounts of the tenant have a method on each of these roots; those that nobody has are left out.
pub async fn n_holders(tx: &Tx, roots: &[Root]) -> Result<HashMap<String, u32>, Error> {
    let mut n_holders: HashMap<String, u32> = HashMap::new();
    for some in roots.chunks(rows::KEYS_MOST) {
        let found: Vec<(Option<String>, Uuid)> = method::Entity::find()
            .filter(method::Column::TenantId.eq(tx.tenant.0))
            .filter(method::Column::Root.is_in(some.iter().map(Root::as_str)))
            .select_only()
            .column(method::Column::Root)
            .column(method::Column::AccountId)
            .distinct()
            .into_tuple()
            .all(&tx.db)
            .await?;
        for (root, _) in found {
            *n_holders.entry(root.unwrap_or_default()).or_default() += 1;
        }
    }
    Ok(n_holders)
}

/// Removes a method of an account; tells whether it was there.
pub async fn remove(tx: &Tx, account: AccountId, id: MethodId) -> Result<bool, Error> {
    let done = method::Entity::delete_many()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(method::Column::AccountId.eq(account.0))
        .filter(method::Column::Id.eq(id.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a method of an account a name, or none; tells whether it was there.
pub async fn rename(tx: &Tx, account: AccountId, id: MethodId, name: Option<&str>) -> Result<bool, Error> {
    let done = change(tx, id)
        .filter(method::Column::AccountId.eq(account.0))
        .col_expr(method::Column::Name, Expr::value(name))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Makes a method the one that its account is asked for first, in the place of any other; tells whether it was there.
pub async fn prefer(tx: &Tx, account: AccountId, id: MethodId, now: Timestamp) -> Result<bool, Error> {
    method::Entity::update_many()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(method::Column::AccountId.eq(account.0))
        .col_expr(method::Column::PreferredAt, Expr::value(None::<i64>))
        .exec(&tx.db)
        .await?;
    let done = change(tx, id)
        .filter(method::Column::AccountId.eq(account.0))
        .col_expr(method::Column::PreferredAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes that it was used.
pub async fn used(tx: &Tx, id: MethodId, now: Timestamp) -> Result<(), Error> {
    change(tx, id)
        .col_expr(method::Column::LastUsedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Notes that the owner of an account's methods said that they are right: of those that were there at a time, and so were
/// shown to them afterwards (R53).
pub async fn confirm(tx: &Tx, account: AccountId, seen_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    method::Entity::update_many()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(method::Column::AccountId.eq(account.0))
        .filter(method::Column::AddedAt.lte(seen_at.ms()))
        .col_expr(method::Column::ConfirmedAt, Expr::value(now.ms()))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// A row as decisions see it.
pub(crate) fn method(row: method::Model) -> Result<Method, Error> {
    Ok(Method {
        id: MethodId(row.id),
        kind: json::of_code(&row.kind, MethodKind::of_code)?,
        value: row.value,
        is_preferred: row.preferred_at.is_some(),
        confirmed_at: Timestamp::from_ms(row.confirmed_at.unwrap_or(row.added_at)),
    })
}

pub(crate) fn of_account(tenant: Uuid, account: AccountId) -> Select<method::Entity> {
    method::Entity::find()
        .filter(method::Column::TenantId.eq(tenant))
        .filter(method::Column::AccountId.eq(account.0))
        .order_by_asc(method::Column::Place)
}

pub(crate) fn on_root(tenant: Uuid, root: &Root) -> Select<method::Entity> {
    method::Entity::find()
        .filter(method::Column::TenantId.eq(tenant))
        .filter(method::Column::Root.eq(root.as_str()))
}

/// The root of an address or number, by which its other holders are found; a secret is nobody else's.
fn root_of(kind: MethodKind, value: &str) -> Option<String> {
    match kind {
        MethodKind::Email => Some(Root::mail(value).as_str().to_owned()),
        MethodKind::Mobile | MethodKind::Office => Some(Root::phone(value).as_str().to_owned()),
        MethodKind::App | MethodKind::Authenticator | MethodKind::Passkey | MethodKind::Questions => None,
    }
}

fn row(tx: &Tx, method: &NewMethod<'_>, place: i64, now: Timestamp) -> method::Model {
    let id = Uuid::new_v4();
    let seal = |secret: &[u8]| tx.keyring.seal(Use::Seal, &aad(tx, &id), secret);
    method::Model {
        tenant_id: tx.tenant.0,
        id,
        account_id: method.account.0,
        place,
        kind: method.kind.code().to_owned(),
        value: method.value.map(str::to_owned),
        secret: method.secret.map(seal),
        is_verified: method.is_verified,
        last_step: NO_STEP,
        added_at: now.ms(),
        last_used_at: None,
        name: None,
        preferred_at: None,
        root: method.value.and_then(|value| root_of(method.kind, value)),
        confirmed_at: None,
    }
}

fn change(tx: &Tx, id: MethodId) -> UpdateMany<method::Entity> {
    method::Entity::update_many()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(method::Column::Id.eq(id.0))
}

/// Where a secret belongs: it opens in no other row.
fn aad<'a>(tx: &'a Tx, id: &'a Uuid) -> [&'a [u8]; 3] {
    [b"method", tx.tenant.0.as_bytes(), id.as_bytes()]
}
