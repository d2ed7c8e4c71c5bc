//! The link that adds a phone: bound to one registration on its way, by a keyed hash, so that nothing of it is stored and the
//! page can show it again.

use crate::core::Core;
use regain_domain::authenticator::{base64url, of_base64url};
use regain_domain::ids::{EnrolmentId, TenantId};
use regain_store::Use;
use uuid::Uuid;

/// Bytes of the id before the hash.
const ID: usize = 16;

/// The link. The token stands behind `#`, which browsers send to nobody.
pub(crate) fn link(core: &Core, base_url: &str, tenant: TenantId, enrolment: EnrolmentId) -> String {
    let mac = core.keys().mac(Use::Code, &parts(&tenant, &enrolment));
    let token = base64url(&[enrolment.0.as_bytes().as_slice(), &mac].concat());
    format!("{base_url}/authenticator#{token}")
}

/// The registration that a token belongs to; nothing unless it is one of ours. Whether that is still on its way is for the
/// caller to see.
pub(super) fn of_token(core: &Core, tenant: TenantId, token: &str) -> Option<EnrolmentId> {
    let bytes = of_base64url(token)?;
    let (id, mac) = bytes.split_at_checked(ID)?;
    let enrolment = EnrolmentId(Uuid::from_slice(id).ok()?);
    let is_ours = core
        .keys()
        .is_mac(Use::Code, &parts(&tenant, &enrolment), mac.try_into().ok()?);
    is_ours.then_some(enrolment)
}

fn parts<'a>(tenant: &'a TenantId, enrolment: &'a EnrolmentId) -> [&'a [u8]; 3] {
    [b"authenticator-link", tenant.0.as_bytes(), enrolment.0.as_bytes()]
}
