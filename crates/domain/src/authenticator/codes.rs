//! Codes of the app (RFC 6238): when they change, and what of a keyed hash is shown. The hash itself is the phone's matter.

use crate::Timestamp;
use crate::limits::TOTP_STEP;

/// The step of a point in time, as the eight bytes that are hashed.
pub fn step(now: Timestamp) -> [u8; 8] {
    let seconds = i64::try_from(TOTP_STEP.as_secs()).unwrap_or(i64::MAX);
    now.seconds().div_euclid(seconds).to_be_bytes()
}

/// Seconds for which the code of this step is still shown, 1 to 30.
pub fn seconds_left(now: Timestamp) -> u32 {
    let step = i64::try_from(TOTP_STEP.as_secs()).unwrap_or(i64::MAX);
    let left = step - now.seconds().rem_euclid(step);
    u32::try_from(left).unwrap_or(0)
}

/// The six digits of an HMAC-SHA-1 (RFC 4226 §5.3). Nothing unless it has twenty bytes.
pub fn digits(mac: &[u8]) -> Option<String> {
    let mac: [u8; 20] = mac.try_into().ok()?;
    let [.., last] = mac;
    let at = usize::from(last & 0xf);
    let word: [u8; 4] = mac.get(at..at + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(word) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_shown_as_the_standard_says() {
        // RFC 4226, appendix D.
        for (mac, code) in [
            ("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", "755224"),
            ("75a48a19d4cbe100644e8ac1397eea747a2d33ab", "287082"),
            ("0bacb7fa082fef30782211938bc1c5e70416ff44", "359152"),
            ("66c28227d03a2d5529262ff016a1e6ef76557ece", "969429"),
            ("a904c900a64b35909874b33e61c5938a8e15ed1c", "338314"),
        ] {
            let bytes = |at: usize| u8::from_str_radix(&mac[at..at + 2], 16).unwrap();
            let mac: Vec<u8> = (0..40).step_by(2).map(bytes).collect();
            assert_eq!(digits(&mac).as_deref(), Some(code));
        }
        assert_eq!(digits(&[0; 19]), None);
    }

    #[test]
    fn a_step_lasts_half_a_minute() {
        for (seconds, n, left) in [
            (0, 0, 30),
            (29, 0, 1),
            (30, 1, 30),
            (59, 1, 1),
            (1_111_111_109, 37_037_036, 1),
        ] {
            let now = Timestamp::from_ms(seconds * 1000 + 999);
            assert_eq!((step(now), seconds_left(now)), (i64::to_be_bytes(n), left), "{seconds}");
        }
    }
}
