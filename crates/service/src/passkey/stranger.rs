//! Nobody's key: what an answer is compared with where there is no key for it, so that both take as long (R10).

use super::No;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use webauthn_rs::prelude::Passkey;

/// The point of a key that was thrown away once it was made. Whoever could sign for it would still gain nothing.
const POINT: [&str; 2] = [
    "jZkCat3RLXFfAdzzb5qnwhHZVO9hqBTlWn8Dl9uo_qk",
    "MZpSW3ICfAQXIZ4qS-hSvGltF23F5-l3bZM5BCySBlI",
];

/// Nobody's key of that id.
pub(super) fn stranger(id: &[u8]) -> Result<Passkey, No> {
    let [x, y] = POINT;
    let point = json!({"curve": "SECP256R1", "x": x, "y": y});
    let key = json!({
        "cred_id": URL_SAFE_NO_PAD.encode(id),
        "cred": {"type_": "ES256", "key": {"EC_EC2": point}},
        "counter": 0,
        "transports": null,
        "user_verified": true,
        "backup_eligible": true,
        "backup_state": true,
        "registration_policy": "required",
        "extensions": {
            "cred_protect": "NotRequested",
            "hmac_create_secret": "NotRequested",
            "appid": "NotRequested",
            "cred_props": "NotRequested",
        },
        "attestation": {"data": "None", "metadata": "None"},
        "attestation_format": "none",
    });
    serde_json::from_value(json!({"cred": key})).map_err(|_| No::Unreadable)
}
