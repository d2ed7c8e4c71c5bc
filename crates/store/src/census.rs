//! All accounts of a tenant, for what is counted over everybody: one page after the other, without what no rule on resets
//! sees. With a hundred thousand of them each column costs, so rows are read by place, and what hangs on accounts by
//! the range of their ids.

use crate::accounts::{groups_of, roles_of};
use crate::entity::{account, method};
use crate::rows::Whose;
use crate::{Error, Tx, json, one_time_passes};
use regain_domain::Timestamp;
use regain_domain::account::{Account, Method, Status, UserName};
use regain_domain::gate::MethodKind;
use regain_domain::ids::{AccountId, MethodId};
use regain_domain::policy::Edition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// An account's row, as far as it is read.
type Row = (
    Uuid,
    String,
    String,
    Option<i64>,
    i64,
    Option<i64>,
    bool,
    bool,
    Option<String>,
);

/// So many accounts that come after one, by id. Their names, mailboxes and languages are left empty, and so is what they are
/// asked for at sign-in, which method they prefer and when they confirmed each.
pub async fn after(tx: &Tx, last: Option<AccountId>, most: u64) -> Result<Vec<Account>, Error> {
    let mut some = account::Entity::find().filter(account::Column::TenantId.eq(tx.tenant.0));
    if let Some(last) = last {
        some = some.filter(account::Column::Id.gt(last.0));
    }
    let found: Vec<Row> = some
        .order_by_asc(account::Column::Id)
        .limit(most)
        .select_only()
        .columns([
            account::Column::Id,
            account::Column::UserName,
            account::Column::Status,
            account::Column::ExpiresAt,
            account::Column::PasswordChangedAt,
            account::Column::PasswordExpiresAt,
            account::Column::PasswordNeverExpires,
            account::Column::MustChange,
            account::Column::Edition,
        ])
        .into_tuple()
        .all(&tx.db)
        .await?;
    let (Some(first), Some(end)) = (found.first(), found.last()) else {
        return Ok(Vec::new());
    };
    let whose = Whose::Within(first.0, end.0);
    let mut methods = methods_of(tx, &whose).await?;
    let mut roles = roles_of(tx, &whose).await?;
    let mut groups = groups_of(tx, &whose).await?;
    let mut passes = one_time_passes::of_accounts(tx, &whose).await?;
    let account = |row: Row| {
        let id = row.0;
        Ok(Account {
            roles: roles.remove(&id).unwrap_or_default(),
            groups: groups.remove(&id).unwrap_or_default(),
            methods: methods.remove(&id).unwrap_or_default(),
            one_time_pass: passes.remove(&id),
            ..alone(row)?
        })
    };
    found.into_iter().map(account).collect()
}

fn alone(row: Row) -> Result<Account, Error> {
    let (id, user_name, status, expires_at, changed_at, password_expires_at, never_expires, must_change, edition) = row;
    let edition = edition.as_deref();
    Ok(Account {
        id: AccountId(id),
        user_name: UserName::of_row(user_name),
        given_name: String::new(),
        family_name: String::new(),
        primary_mail: None,
        status: json::of_code(&status, Status::of_code)?,
        expires_at: expires_at.map(Timestamp::from_ms),
        password_changed_at: Timestamp::from_ms(changed_at),
        password_expires_at: password_expires_at.map(Timestamp::from_ms),
        password_never_expires: never_expires,
        edition: edition.map(|code| json::of_code(code, Edition::of_code)).transpose()?,
        must_change,
        must_register: false,
        asked: None,
        language: None,
        roles: Vec::new(),
        groups: Vec::new(),
        methods: Vec::new(),
        one_time_pass: None,
    })
}

async fn methods_of(tx: &Tx, whose: &Whose<'_>) -> Result<HashMap<Uuid, Vec<Method>>, Error> {
    let found: Vec<(Uuid, Uuid, String, Option<String>)> = method::Entity::find()
        .filter(method::Column::TenantId.eq(tx.tenant.0))
        .filter(whose.are(method::Column::AccountId))
        .order_by_asc(method::Column::AccountId)
        .order_by_asc(method::Column::Place)
        .select_only()
        .columns([
            method::Column::AccountId,
            method::Column::Id,
            method::Column::Kind,
            method::Column::Value,
        ])
        .into_tuple()
        .all(&tx.db)
        .await?;
    let mut of_accounts: HashMap<Uuid, Vec<Method>> = HashMap::new();
    for (account, id, kind, value) in found {
        of_accounts.entry(account).or_default().push(Method {
            id: MethodId(id),
            kind: json::of_code(&kind, MethodKind::of_code)?,
            value,
            is_preferred: false,
            confirmed_at: Timestamp::from_ms(0),
        });
    }
    Ok(of_accounts)
}
