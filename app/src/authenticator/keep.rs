//! What the phone keeps, in the browser's own database: accounts with their keys, and words for the time when no page is open.

use super::crypto::{field, object};
use js_sys::{Array, Promise};
use leptos::prelude::*;
use regain_domain::ids::{DeviceId, TenantId};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CryptoKey, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

/// The database; the worker reads it too (`frontend/authenticator-worker.js`).
const NAME: &str = "regain-authenticator";
const ACCOUNTS: &str = "accounts";
const WORDS: &str = "words";

/// An account on this phone, without its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The phone, as the account knows it.
    pub(super) device: DeviceId,
    /// Whose house.
    pub(super) tenant: TenantId,
    /// Whose account.
    pub(super) user_name: String,
    /// The house's name.
    pub(super) house: String,
    /// The key that pushes are signed with.
    pub(super) push_key: String,
}

/// Its keys: they are used, and cannot be read.
pub(super) struct Keys {
    /// Signs what the phone says.
    pub(super) sign: CryptoKey,
    /// Makes the codes.
    pub(super) codes: CryptoKey,
}

/// All accounts, in the order of their addition as far as the database keeps one.
pub(super) async fn accounts() -> Result<Vec<Kept>, JsValue> {
    let found = done(&store(ACCOUNTS, IdbTransactionMode::Readonly).await?.get_all()?).await?;
    let rows: &Array = found.dyn_ref().ok_or(JsValue::NULL)?;
    Ok(rows.iter().filter_map(|row| read(&row)).collect())
}

/// The keys of an account.
pub(super) async fn keys(device: DeviceId) -> Result<Keys, JsValue> {
    let accounts = store(ACCOUNTS, IdbTransactionMode::Readonly).await?;
    let row = done(&accounts.get(&device.to_string().into())?).await?;
    Ok(Keys {
        sign: field(&row, "sign").dyn_into()?,
        codes: field(&row, "codes").dyn_into()?,
    })
}

/// Keeps an account.
pub(super) async fn add(kept: &Kept, keys: &Keys) -> Result<(), JsValue> {
    let row = object(&[
        ("device", &kept.device.to_string().into()),
        ("tenant", &kept.tenant.to_string().into()),
        ("user_name", &kept.user_name.as_str().into()),
        ("house", &kept.house.as_str().into()),
        ("push_key", &kept.push_key.as_str().into()),
        ("sign", &keys.sign),
        ("codes", &keys.codes),
    ]);
    put(ACCOUNTS, &kept.device.to_string(), &row).await
}

/// Forgets an account, with its keys.
pub(super) async fn remove(device: DeviceId) -> Result<(), JsValue> {
    let accounts = store(ACCOUNTS, IdbTransactionMode::Readwrite).await?;
    done(&accounts.delete(&device.to_string().into())?).await.map(drop)
}

/// A word that was kept by its name.
pub(super) async fn word(name: &str) -> Option<String> {
    let words = store(WORDS, IdbTransactionMode::Readonly).await.ok()?;
    done(&words.get(&name.into()).ok()?).await.ok()?.as_string()
}

/// Keeps a word by its name.
pub(super) async fn keep_word(name: &str, word: &str) -> Result<(), JsValue> {
    put(WORDS, name, &word.into()).await
}

async fn put(store_name: &str, key: &str, value: &JsValue) -> Result<(), JsValue> {
    let store = store(store_name, IdbTransactionMode::Readwrite).await?;
    done(&store.put_with_key(value, &key.into())?).await.map(drop)
}

async fn store(name: &str, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let database = database().await?;
    database.transaction_with_str_and_mode(name, mode)?.object_store(name)
}

async fn database() -> Result<IdbDatabase, JsValue> {
    let factory = window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(NAME, 1)?;
    let opened = request.clone();
    let grow = Closure::once_into_js(move || {
        if let Some(database) = opened
            .result()
            .ok()
            .and_then(|found| found.dyn_into::<IdbDatabase>().ok())
        {
            for name in [ACCOUNTS, WORDS] {
                drop(database.create_object_store(name));
            }
        }
    });
    request.set_onupgradeneeded(Some(grow.unchecked_ref()));
    done(&request).await?.dyn_into()
}

/// Waits for a request, and gives what it found.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    settled.await?;
    request.result()
}

fn read(row: &JsValue) -> Option<Kept> {
    let text = |name| field(row, name).as_string();
    let id = |name| Uuid::parse_str(&text(name)?).ok();
    Some(Kept {
        device: DeviceId(id("device")?),
        tenant: TenantId(id("tenant")?),
        user_name: text("user_name")?,
        house: text("house")?,
        push_key: text("push_key")?,
    })
}
