//! The mail gate: addresses, their canonical form, their mask, and which of them may take codes.

use crate::text::nfkc;

/// Most characters of an address (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const MOST: usize = 254;

/// Whether this has the form of a mail address that can be sent to: one `@`, something before it, a dotted domain
/// after it, and nothing that a header or a list could stumble over.
pub fn is_form(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |c: char| {
        !c.is_control()
            && !c.is_whitespace()
            && !matches!(
                c,
                '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\' | '[' | ']' | '@'
            )
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= MOST
        && !local.is_empty()
        && local.len() <= 64
        && local.chars().all(is_plain)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// The form under which addresses are compared: NFKC, small letters, outer blanks dropped.
pub fn canonical(address: &str) -> String {
    let address = address.trim();
    match address.is_ascii() {
        // It is in that form already, and most are.
        true => address.to_ascii_lowercase(),
        false => nfkc(address.chars()).flat_map(char::to_lowercase).collect(),
    }
}

/// The domain of an address, in canonical form.
pub fn domain_of(address: &str) -> String {
    let address = canonical(address);
    address
        .rsplit_once('@')
        .map_or(String::new(), |(_, domain)| domain.to_owned())
}

/// Whether an address may take codes: not in a mail domain of the tenant itself, since its mailbox lies behind this
/// very reset (R53).
pub fn may_take_codes(address: &str, own_domains: &[String]) -> bool {
    let domain = domain_of(address);
    is_form(address.trim()) && !own_domains.iter().any(|own| canonical(own) == domain)
}

/// The address as a person may see it before a proof: first letters only, widths that tell nothing (R21).
pub fn masked(address: &str) -> String {
    let address = canonical(address);
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    let (name, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}•••@{}•••.{end}", first(local), first(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_can_be_sent_to() {
        for (text, expect) in [
            ("user@mail.example", true),
            ("first.last+tag@sub.mail.example", true),
            ("jürgen@post.example", true),
            ("user", false),
            ("user@mail", false),
            ("@mail.example", false),
            ("user@mail..example", false),
            ("us er@mail.example", false),
            ("user@mail.example\r\nBcc: x@y.example", false),
            ("a@b@mail.example", false),
            ("<user@mail.example>", false),
            ("user@-mail.example", false),
        ] {
            assert_eq!(is_form(text), expect, "{text:?}");
        }
    }

    #[test]
    fn r53_addresses_in_the_tenants_own_domains_take_no_codes() {
        let own = ["acorn.example".to_owned()];
        assert!(may_take_codes("user@mail.example", &own));
        assert!(!may_take_codes("user@acorn.example", &own));
        assert!(!may_take_codes("user@ACORN.example", &own));
    }

    #[test]
    fn a_mask_has_the_same_width_for_short_and_long() {
        assert_eq!(masked("user@mail.example"), "u•••@m•••.example");
        assert_eq!(masked("U@m.example"), "u•••@m•••.example");
    }
}
