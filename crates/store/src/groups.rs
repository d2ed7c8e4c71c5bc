//! Groups, which may hold groups: whoever is in one is in all that it is in.

use crate::entity::{account_group, group_account, group_group};
use crate::{Error, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::{AccountId, GroupId};
use sea_orm::sea_query::{Alias, CommonTableExpression, Expr, JoinType, Query, SelectStatement, UnionType, WithClause};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Makes an empty group; a name that is there already is a conflict.
pub async fn create(tx: &Tx, name: &str, now: Timestamp) -> Result<GroupId, Error> {
    let id = Uuid::new_v4();
    let row = account_group::Model {
        tenant_id: tx.tenant.0,
        id,
        name: name.to_owned(),
        created_at: now.ms(),
    };
    rows::insert(&tx.db, row).await?;
    Ok(GroupId(id))
}

/// All groups, by name.
pub async fn all(tx: &Tx) -> Result<Vec<(GroupId, String)>, Error> {
    let found = account_group::Entity::find()
        .filter(account_group::Column::TenantId.eq(tx.tenant.0))
        .order_by_asc(account_group::Column::Name)
        .all(&tx.db)
        .await?;
    Ok(found.into_iter().map(|row| (GroupId(row.id), row.name)).collect())
}

/// Puts an account into a group; that it is there already is fine.
pub async fn add_account(tx: &Tx, group: GroupId, account: AccountId) -> Result<(), Error> {
    let row = group_account::Model {
        tenant_id: tx.tenant.0,
        group_id: group.0,
        account_id: account.0,
    };
    rows::insert_new(&tx.db, row).await?;
    Ok(())
}

/// Puts new accounts into groups, in bulk.
pub async fn add_new(tx: &Tx, pairs: &[(GroupId, AccountId)]) -> Result<(), Error> {
    let row = |(group, account): &(GroupId, AccountId)| group_account::Model {
        tenant_id: tx.tenant.0,
        group_id: group.0,
        account_id: account.0,
    };
    rows::insert_many(&tx.db, pairs.iter().map(row).collect()).await
}

/// Puts a group into a group; that it is there already is fine.
pub async fn add_group(tx: &Tx, parent: GroupId, child: GroupId) -> Result<(), Error> {
    let row = group_group::Model {
        tenant_id: tx.tenant.0,
        parent_id: parent.0,
        child_id: child.0,
    };
    rows::insert_new(&tx.db, row).await?;
    Ok(())
}

/// Takes an account out of a group; tells whether it was there.
pub async fn remove_account(tx: &Tx, group: GroupId, account: AccountId) -> Result<bool, Error> {
    let done = group_account::Entity::delete_by_id((tx.tenant.0, group.0, account.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes a group out of a group; tells whether it was there.
pub async fn remove_group(tx: &Tx, parent: GroupId, child: GroupId) -> Result<bool, Error> {
    let done = group_group::Entity::delete_by_id((tx.tenant.0, parent.0, child.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a group, which leaves its members as they are; tells whether it was there.
pub async fn remove(tx: &Tx, group: GroupId) -> Result<bool, Error> {
    let done = account_group::Entity::delete_by_id((tx.tenant.0, group.0))
        .exec(&tx.db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Every group with one that is in it directly.
pub async fn nested(tx: &Tx) -> Result<Vec<(GroupId, GroupId)>, Error> {
    let found = group_group::Entity::find()
        .filter(group_group::Column::TenantId.eq(tx.tenant.0))
        .all(&tx.db)
        .await?;
    let pair = |row: group_group::Model| (GroupId(row.parent_id), GroupId(row.child_id));
    Ok(found.into_iter().map(pair).collect())
}

/// How many accounts are in each group directly; groups without any are left out.
pub async fn n_people(tx: &Tx) -> Result<HashMap<GroupId, u32>, Error> {
    let found: Vec<(Uuid, i64)> = group_account::Entity::find()
        .filter(group_account::Column::TenantId.eq(tx.tenant.0))
        .select_only()
        .column(group_account::Column::GroupId)
        .column_as(group_account::Column::AccountId.count(), "n")
        .group_by(group_account::Column::GroupId)
        .into_tuple()
        .all(&tx.db)
        .await?;
    let count = |(group, n): (Uuid, i64)| (GroupId(group), u32::try_from(n).unwrap_or(u32::MAX));
    Ok(found.into_iter().map(count).collect())
}

#[derive(FromQueryResult)]
struct Membership {
    account_id: Uuid,
    group_id: Uuid,
}

/// Pairs of account and group, followed upwards. Pairs that are there already go no further, so circles end.
pub(crate) async fn with_parents(tx: &Tx, mut direct: SelectStatement) -> Result<Vec<(Uuid, Uuid)>, Error> {
    let reach = Alias::new("reach");
    let above = Query::select()
        .column((reach.clone(), "account_id"))
        .column((group_group::Entity, group_group::Column::ParentId))
        .from(group_group::Entity)
        .join(
            JoinType::InnerJoin,
            reach.clone(),
            Expr::col((reach.clone(), "group_id")).equals((group_group::Entity, group_group::Column::ChildId)),
        )
        .and_where(Expr::col((group_group::Entity, group_group::Column::TenantId)).eq(tx.tenant.0))
        .to_owned();
    direct.union(UnionType::Distinct, above);
    let cte = CommonTableExpression::new()
        .query(direct)
        .columns(["account_id", "group_id"])
        .table_name(reach.clone())
        .to_owned();
    let all = Query::select()
        .columns(["account_id", "group_id"])
        .from(reach)
        .to_owned()
        .with(WithClause::new().recursive(true).cte(cte).to_owned());
    let found = tx.db.query_all(&all).await?;
    found
        .iter()
        .map(|row| {
            let pair = Membership::from_query_result(row, "")?;
            Ok((pair.account_id, pair.group_id))
        })
        .collect()
}
