//! What a person typed, taken apart: the digits of the number, and those of an extension.

use rlibphonenumber::PHONE_NUMBER_UTIL;

/// Longest text that is looked at, in characters; a number with all its blanks and brackets has half of it.
const LONGEST: usize = 64;

/// Words that announce an extension, in small letters. RFC 3966, the directory's own `x`, and what people write.
const LABELS: [&str; 12] = [
    "ext",
    "ext.",
    "extension",
    "x",
    "#",
    ";ext=",
    ",",
    "int.",
    "dw",
    "durchwahl",
    "poste",
    "تحويلة",
];

/// The number, with `+` where it is international, and the extension. None if it is neither.
///
/// Letters are no digits here: `1-800-FLOWERS` is not taken, since a slip of the pen would become a number.
pub(super) fn parts(typed: &str) -> Option<(String, Option<String>)> {
    if typed.chars().count() > LONGEST {
        return None;
    }
    let mut main = String::new();
    let mut rest = typed.chars();
    loop {
        let before = rest.as_str();
        match rest.next() {
            None => break,
            Some('+' | '＋') if main.is_empty() => main.push('+'),
            Some(c) if is_filler(c) => {}
            Some(c) => match digit(c) {
                Some(digit) => main.push(digit),
                None => return Some((international(main), Some(extension(before)?))),
            },
        }
    }
    Some((international(main), None))
}

/// `00` is how most countries dial `+`; no national number begins so.
fn international(main: String) -> String {
    match main.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => main,
    }
}

/// The digits behind a label.
fn extension(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let plain: String = text
        .chars()
        .filter_map(|c| {
            if is_filler(c) && c != '.' {
                None
            } else {
                Some(digit(c).unwrap_or(c))
            }
        })
        .collect();
    let at = plain.find(|c: char| c.is_ascii_digit())?;
    let (label, digits) = plain.split_at(at);
    // Some houses end an extension by `#`.
    let digits = digits.strip_suffix('#').unwrap_or(digits);
    let is_dialable = digits.bytes().all(|b| b.is_ascii_digit());
    (LABELS.contains(&label.trim_end_matches(':')) && is_dialable).then(|| digits.to_owned())
}

/// The ASCII digit for a decimal digit of any script.
fn digit(c: char) -> Option<char> {
    PHONE_NUMBER_UTIL
        .normalize_digits_only(c.encode_utf8(&mut [0; 4]))
        .chars()
        .next()
}

/// What only makes a number easier to read, or comes along unseen when it is copied.
fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'..='\u{2015}' | '−' | '－' | '(' | ')' | '（' | '）' | '[' | ']' | '.' | '/' | '·'
        )
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
