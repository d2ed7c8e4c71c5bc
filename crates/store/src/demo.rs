//! What `regain demo` shows: its mailbox, its people and its clock. Nothing else calls this.

use crate::entity::{demo_clock, demo_message, demo_person};
use crate::{Error, Store, Tx, rows};
use regain_domain::Timestamp;
use regain_domain::ids::AccountId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The one row of the clock.
const CLOCK: i64 = 1;

/// A message that went out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Counts up; of no meaning in a message that is to be kept.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// How: a stable code.
    pub channel: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// Its rich text.
    pub html: Option<String>,
    /// The code in it.
    pub code: Option<String>,
    /// Its `Message-ID`.
    pub message_id: Option<String>,
    /// What it was for.
    pub context: String,
}

/// A person of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The account as `/demo/accounts.json` shows it.
    pub json: String,
}

/// Keeps a message; gives its number.
pub async fn keep(tx: &Tx, message: &Message) -> Result<i64, Error> {
    let new = demo_message::ActiveModel {
        id: NotSet,
        tenant_id: Set(tx.tenant.0),
        at: Set(message.at.ms()),
        channel: Set(message.channel.clone()),
        recipient: Set(message.to.clone()),
        subject: Set(message.subject.clone()),
        body: Set(message.text.clone()),
        html: Set(message.html.clone()),
        code: Set(message.code.clone()),
        message_id: Set(message.message_id.clone()),
        context: Set(message.context.clone()),
    };
    Ok(demo_message::Entity::insert(new).exec(&tx.db).await?.last_insert_id)
}

/// The messages after a number, oldest first.
pub async fn after(tx: &Tx, id: i64) -> Result<Vec<Message>, Error> {
    let found = demo_message::Entity::find()
        .filter(demo_message::Column::TenantId.eq(tx.tenant.0))
        .filter(demo_message::Column::Id.gt(id))
        .order_by_asc(demo_message::Column::Id)
        .all(&tx.db)
        .await?;
    let message = |row: demo_message::Model| Message {
        id: row.id,
        at: Timestamp::from_ms(row.at),
        channel: row.channel,
        to: row.recipient,
        subject: row.subject,
        text: row.body,
        html: row.html,
        code: row.code,
        message_id: row.message_id,
        context: row.context,
    };
    Ok(found.into_iter().map(message).collect())
}

/// How far the clock is moved, in milliseconds.
pub async fn clock_offset_ms(store: &Store) -> Result<i64, Error> {
    let db = store.begin_read().await?;
    let row = demo_clock::Entity::find_by_id(CLOCK).one(&db).await?;
    Ok(row.map_or(0, |row| row.offset_ms))
}

/// Moves the clock.
pub async fn set_clock_offset_ms(store: &Store, ms: i64) -> Result<(), Error> {
    let db = store.begin().await?;
    let row = demo_clock::Model {
        id: CLOCK,
        offset_ms: ms,
    };
    rows::upsert(&db, row, &[demo_clock::Column::Id], &[demo_clock::Column::OffsetMs]).await?;
    Ok(db.commit().await?)
}

/// Keeps a person, or what has changed about them.
pub async fn keep_person(tx: &Tx, person: &Person) -> Result<(), Error> {
    let row = demo_person::Model {
        tenant_id: tx.tenant.0,
        account_id: person.account.0,
        json: person.json.clone(),
    };
    let key = [demo_person::Column::TenantId, demo_person::Column::AccountId];
    rows::upsert(&tx.db, row, &key, &[demo_person::Column::Json]).await
}

/// The people of the tenant.
pub async fn people(tx: &Tx) -> Result<Vec<Person>, Error> {
    let found = demo_person::Entity::find()
        .filter(demo_person::Column::TenantId.eq(tx.tenant.0))
        .order_by_asc(demo_person::Column::AccountId)
        .all(&tx.db)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| Person {
            account: AccountId(row.account_id),
            json: row.json,
        })
        .collect())
}
