//! The secret of an app on its way to the app: as a picture, as text, and as a link (`otpauth:`).

use crate::base32;
use anyhow::anyhow;
use fast_qr::{ECL, QRBuilder};
use regain_domain::registration::{AppKey, Picture};
use regain_domain::text::{in_fours, percent_escaped};
use std::fmt::Write as _;

/// The border that a camera needs around a QR code, in squares (ISO/IEC 18004).
const BORDER: usize = 4;

/// What the page shows of a secret. `org` and `account` are what the app shows beside its codes.
pub(crate) fn app_key(secret: &[u8], org: &str, account: &str) -> anyhow::Result<AppKey> {
    let key = base32::encode(secret);
    let link = link(&key, org, account);
    Ok(AppKey {
        picture: picture(&link)?,
        key: in_fours(&key),
        link,
    })
}

/// The address that authenticator apps read (the Key URI format of Google Authenticator; its defaults are left out).
fn link(key: &str, org: &str, account: &str) -> String {
    // The colon parts the two names from each other.
    let org = percent_escaped(&org.replace(':', " "));
    format!(
        "otpauth://totp/{org}:{}?secret={key}&issuer={org}",
        percent_escaped(account)
    )
}

/// The dark squares of each row, run by run.
pub(crate) fn picture(text: &str) -> anyhow::Result<Picture> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|error| anyhow!("draw a QR code: {error:?}"))?;
    let mut path = String::new();
    for y in 0..code.size {
        let row = code.data.iter().skip(y * code.size).take(code.size);
        let squares: Vec<bool> = row.map(|square| square.value()).collect();
        let mut x = BORDER;
        for run in squares.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                write!(path, "M{x} {}h{n}v1h-{n}z", y + BORDER, n = run.len())?;
            }
            x += run.len();
        }
    }
    Ok(Picture {
        size: u32::try_from(code.size + 2 * BORDER)?,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_reads_the_organisation_and_the_account_from_the_link() {
        assert_eq!(
            link("ABCD2345", "Acorn: Works & Söhne", "uma@acorn.example"),
            "otpauth://totp/Acorn%20%20Works%20%26%20S%C3%B6hne:uma%40acorn.example?secret=ABCD2345\
             &issuer=Acorn%20%20Works%20%26%20S%C3%B6hne"
        );
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }

    #[test]
    fn a_picture_has_its_three_corners_within_its_border() {
        let drawn = picture("otpauth://totp/a:b?secret=ABCD").expect("a picture");
        let far = drawn.size - 4 - 7;
        for corner in [
            "M4 4h7v1h-7z".to_owned(),
            format!("M{far} 4h7v1h-7z"),
            format!("M4 {far}h7v1h-7z"),
        ] {
            assert!(drawn.path.contains(&corner), "{corner} in {}", drawn.path);
        }
        assert!(!drawn.path.contains("M3 "));
    }
}
