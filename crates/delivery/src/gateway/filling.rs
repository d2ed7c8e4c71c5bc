//! Fills the holes of a template, each value escaped for the place that it stands in.

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};
use std::io::{self, Write};

/// Largest text that a template may become, in bytes.
const MOST: usize = 64 * 1024;
/// Steps that a template may take: a hole is some five.
const FUEL: u64 = 10_000;

/// How values are escaped.
#[derive(Clone, Copy)]
pub(super) enum Escape {
    /// For the inside of a JSON string.
    Json,
    /// For an address or a form (RFC 3986 §2.1): all but letters, digits and `-._~`.
    Percent,
    /// For a header, whose own type refuses what could end it.
    Nothing,
}

/// What holes may be filled with.
pub(super) struct Values<'a> {
    pub(super) to: &'a str,
    pub(super) to_digits: &'a str,
    pub(super) text: &'a str,
    pub(super) code: &'a str,
    pub(super) organisation: &'a str,
    pub(super) language: &'a str,
    pub(super) reference: &'a str,
    pub(super) report_to: &'a str,
}

impl Values<'static> {
    /// Values that try to break out of each place.
    pub(super) const fn trial() -> Self {
        Self {
            to: "+49301234567",
            to_digits: "49301234567",
            text: "\"}, {\"a\": \\ & to=1\n#/?\u{2028}ü",
            code: "481516",
            organisation: "\"A\" & B=C",
            language: "en",
            reference: "00000000-0000-0000-0000-000000000001",
            report_to: "https://reset.acorn.example/callback/a?b=c&d",
        }
    }
}

impl Values<'_> {
    const fn named(&self) -> [(&'static str, &str); 8] {
        [
            ("to", self.to),
            ("to_digits", self.to_digits),
            ("text", self.text),
            ("code", self.code),
            ("organisation", self.organisation),
            ("language", self.language),
            ("reference", self.reference),
            ("report_to", self.report_to),
        ]
    }
}

/// Fills a template. The reason of a failure is the engine's kind of error, without template and values.
pub(super) fn fill(escape: Escape, source: &str, values: &Values<'_>) -> Result<String, String> {
    if source.contains("{%") || source.contains("{#") {
        return Err("only holes are known, as in {{ to }}".to_owned());
    }
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(20);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_formatter(move |out, _: &mut State<'_, '_>, value| write(escape, out, value));
    let mut filled = Capped(Vec::new());
    let told = |error: minijinja::Error| error.kind().to_string();
    let template = engine.template_from_str(source).map_err(told)?;
    template
        .render_captured_to(Value::from_pairs(values.named()), &mut filled)
        .map_err(told)?;
    String::from_utf8(filled.0).map_err(|error| error.to_string())
}

fn write(escape: Escape, out: &mut Output<'_>, value: &Value) -> Result<(), minijinja::Error> {
    let text = value.as_str().ok_or(ErrorKind::BadEscape)?;
    let escaped = match escape {
        Escape::Nothing => text.to_owned(),
        Escape::Percent => percent(text),
        Escape::Json => json(text),
    };
    Ok(out.write_str(&escaped)?)
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// A JSON string without its quotation marks, which stand in the template.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

/// Takes so much and no more.
struct Capped(Vec<u8>);

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_for_their_place() {
        let values = Values {
            text: "a\"b\\c\n&d=é {{ code }}",
            ..Values::trial()
        };
        for (escape, expect) in [
            (Escape::Json, r#"[a\"b\\c\n&d=é {{ code }}]"#),
            (Escape::Percent, "[a%22b%5Cc%0A%26d%3D%C3%A9%20%7B%7B%20code%20%7D%7D]"),
            (Escape::Nothing, "[a\"b\\c\n&d=é {{ code }}]"),
        ] {
            assert_eq!(fill(escape, "[{{ text }}]", &values).as_deref(), Ok(expect));
        }
    }

    #[test]
    fn only_known_holes_and_nothing_else() {
        for source in [
            "{{ password }}",
            "{{ to|safe }}",
            "{{ to|upper }}",
            "{% if to %}x{% endif %}",
            "{% raw %}{{ to }}{% endraw %}",
            "{% autoescape false %}{{ to }}{% endautoescape %}",
            "{{ to",
            "{# to #}",
            "{{ to.x }}",
            "{{ 1 + 1 }}",
            "{{ range(9) }}",
        ] {
            let why = fill(Escape::Json, source, &Values::trial());
            assert!(
                why.as_ref().is_err_and(|why| !why.contains("49301")),
                "{source} {why:?}"
            );
        }
    }

    #[test]
    fn a_template_stays_small() {
        let long = "x".repeat(MOST);
        assert_eq!(fill(Escape::Nothing, &long, &Values::trial()).unwrap().len(), MOST);
        assert!(fill(Escape::Nothing, &format!("{long}y"), &Values::trial()).is_err());
        assert!(fill(Escape::Nothing, &"{{ to }}".repeat(10_000), &Values::trial()).is_err());
    }
}
