//! The browser's own cryptography: keys that sign and hash, and that nobody can take out of it, this app included.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use regain_domain::Timestamp;
use regain_domain::authenticator::{base64url, codes};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

/// A plain object with these fields.
pub(super) fn object(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Only a frozen object refuses, and this one is new.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// A field of an object; undefined where there is none.
pub(super) fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(window().crypto()?.subtle())
}

/// A new key to sign with, and its public half as the server takes it.
pub(super) async fn signing_key() -> Result<(CryptoKey, String), JsValue> {
    let algorithm = object(&[("name", &"ECDSA".into()), ("namedCurve", &"P-256".into())]);
    let usages = Array::of2(&"sign".into(), &"verify".into());
    let pair = subtle()?.generate_key_with_object(&algorithm, false, &usages)?.await?;
    let public: CryptoKey = field(&pair, "publicKey").dyn_into()?;
    let raw = subtle()?.export_key("raw", &public)?.await?;
    Ok((field(&pair, "privateKey").dyn_into()?, base64url(&bytes(&raw)?)))
}

/// The signature over these bytes, as the server takes it.
pub(super) async fn sign(key: &CryptoKey, bytes_of: &[u8]) -> Result<String, JsValue> {
    let algorithm = object(&[("name", &"ECDSA".into()), ("hash", &"SHA-256".into())]);
    let data = Uint8Array::from(bytes_of);
    let signed = subtle()?
        .sign_with_object_and_js_u8_array(&algorithm, key, &data)?
        .await?;
    Ok(base64url(&bytes(&signed)?))
}

/// The key of the codes out of their secret, which is not needed any more then.
pub(super) async fn code_key(secret: &[u8]) -> Result<CryptoKey, JsValue> {
    let algorithm = object(&[("name", &"HMAC".into()), ("hash", &"SHA-1".into())]);
    let usages = Array::of1(&"sign".into());
    let data = Uint8Array::from(secret);
    let key = subtle()?.import_key_with_object("raw", &data, &algorithm, false, &usages)?;
    key.await?.dyn_into()
}

/// The code of this moment (RFC 6238).
pub(super) async fn code(key: &CryptoKey, now: Timestamp) -> Result<String, JsValue> {
    let data = Uint8Array::from(codes::step(now).as_slice());
    let mac = subtle()?.sign_with_str_and_js_u8_array("HMAC", key, &data)?.await?;
    codes::digits(&bytes(&mac)?).ok_or(JsValue::NULL)
}

fn bytes(buffer: &JsValue) -> Result<Vec<u8>, JsValue> {
    let buffer: &ArrayBuffer = buffer.dyn_ref().ok_or(JsValue::NULL)?;
    Ok(Uint8Array::new(buffer).to_vec())
}
