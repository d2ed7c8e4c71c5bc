//! People, found by parts of their names, one page after the other.

use crate::accounts::whole;
use crate::entity::{account, account_role, group_account};
use crate::{Error, Tx, rows};
use regain_domain::account::{Account, Status};
use regain_domain::ids::GroupId;
use regain_domain::people::{Only, Search, found_by};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use std::collections::HashSet;
use uuid::Uuid;

/// What a percent sign and an underscore stand behind, so that they are themselves.
const ESCAPE: char = '\\';

/// So many of those who are looked for, by user name.
pub async fn find(tx: &Tx, search: &Search, most: u64) -> Result<Vec<Account>, Error> {
    let found = found(tx.tenant.0, search).limit(most).all(&tx.db).await?;
    whole(tx, found).await
}

/// So many of those who are in a group directly, by user name, after one of them.
pub async fn of_group(tx: &Tx, group: GroupId, after: &str, most: u64) -> Result<Vec<Account>, Error> {
    let found = in_group(tx.tenant.0, group, after).limit(most).all(&tx.db).await?;
    whole(tx, found).await
}

/// Those of these names that are accounts' already.
pub async fn known(tx: &Tx, names: &[&str]) -> Result<HashSet<String>, Error> {
    let mut known = HashSet::new();
    for some in names.chunks(rows::KEYS_MOST) {
        let found: Vec<String> = account::Entity::find()
            .filter(account::Column::TenantId.eq(tx.tenant.0))
            .filter(account::Column::UserName.is_in(some.iter().copied()))
            .select_only()
            .column(account::Column::UserName)
            .into_tuple()
            .all(&tx.db)
            .await?;
        known.extend(found);
    }
    Ok(known)
}

/// Writes down what accounts are found by, where that is missing: at most so many of a tenant; tells how many.
pub async fn fill(tx: &Tx, most: u64) -> Result<u64, Error> {
    let missing = unfilled(tx.tenant.0).limit(most).all(&tx.db).await?;
    for row in &missing {
        let text = found_by(
            &row.user_name,
            &row.given_name,
            &row.family_name,
            row.primary_mail.as_deref(),
        );
        account::Entity::update_many()
            .filter(account::Column::TenantId.eq(tx.tenant.0))
            .filter(account::Column::Id.eq(row.id))
            .col_expr(account::Column::FoundBy, Expr::value(text))
            .exec(&tx.db)
            .await?;
    }
    Ok(u64::try_from(missing.len()).unwrap_or(u64::MAX))
}

/// Whether there is anything for [`fill`] to do.
pub async fn is_unfilled(tx: &Tx) -> Result<bool, Error> {
    Ok(unfilled(tx.tenant.0).limit(1).one(&tx.db).await?.is_some())
}

pub(crate) fn found(tenant: Uuid, search: &Search) -> Select<account::Entity> {
    let mut some = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .order_by_asc(account::Column::UserName);
    if !search.after.is_empty() {
        some = some.filter(account::Column::UserName.gt(search.after.as_str()));
    }
    for part in search.parts() {
        some = some.filter(Expr::col((account::Entity, account::Column::FoundBy)).like(containing(&part)));
    }
    match search.only {
        Only::Everyone => some,
        Only::Staff => some.filter(account::Column::Id.in_subquery(holders(tenant))),
        Only::Locked => some.filter(account::Column::Status.eq(Status::Locked.code())),
        Only::Disabled => some.filter(account::Column::Status.eq(Status::Disabled.code())),
    }
}

pub(crate) fn in_group(tenant: Uuid, group: GroupId, after: &str) -> Select<account::Entity> {
    let members = group_account::Entity::find()
        .filter(group_account::Column::TenantId.eq(tenant))
        .filter(group_account::Column::GroupId.eq(group.0))
        .select_only()
        .column(group_account::Column::AccountId)
        .into_query();
    let some = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Id.in_subquery(members))
        .order_by_asc(account::Column::UserName);
    match after {
        "" => some,
        after => some.filter(account::Column::UserName.gt(after)),
    }
}

fn holders(tenant: Uuid) -> sea_orm::sea_query::SelectStatement {
    account_role::Entity::find()
        .filter(account_role::Column::TenantId.eq(tenant))
        .select_only()
        .column(account_role::Column::AccountId)
        .into_query()
}

fn unfilled(tenant: Uuid) -> Select<account::Entity> {
    account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::FoundBy.eq(""))
}

/// A pattern for whatever contains the text.
fn containing(part: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for letter in part.chars() {
        if ['%', '_', ESCAPE].contains(&letter) {
            pattern.push(ESCAPE);
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}
