//! Brings the file and the environment together, and names what is not known.

use super::nearest::distance;
use super::{Config, Gateway, Problem};
use config::{File, FileFormat, Map, Value, ValueKind};
use regain_domain::Secret;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Settings by their dotted keys.
type Flat = BTreeMap<String, Value>;

/// What a variable of the environment begins with.
const PREFIX: &str = "REGAIN_";
/// The file that is read when none is named, if it is there.
const USUAL_FILE: &str = "regain.toml";
/// The section with a table for each gateway.
const GATEWAYS: &str = "gateways";
/// A misspelled key at the top is told up to this distance; other variables of that prefix belong to other tools.
const NEAR: usize = 2;

impl Config {
    /// Reads the settings: `file`, else `regain.toml` where there is one, then this process' environment.
    pub fn load(file: Option<&Path>) -> Result<Self, Problem> {
        let usual = Path::new(USUAL_FILE);
        Self::load_from(file.or_else(|| usual.exists().then_some(usual)), variables())
    }

    /// Reads this process' environment alone: a demo leaves the files of a real server alone.
    pub(crate) fn of_environment() -> Result<Self, Problem> {
        Self::load_from(None, variables())
    }

    /// The same with an environment that is handed in.
    pub(crate) fn load_from(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Problem> {
        let known = Self::keys();
        let mut flat = Flat::new();
        if let Some(file) = file {
            read_file(file, &mut flat)?;
        }
        for (name, value) in variables {
            if let Some(key) = key_of(&name, &known) {
                let place = format!("variable {name}");
                flat.insert(key, Value::new(Some(&place), ValueKind::String(value)));
            }
        }
        for (key, value) in &flat {
            let known = known_beside(key, &known);
            if !known.contains(key) {
                return Err(Problem::unknown(key, value.origin().unwrap_or_default(), &known));
            }
        }
        let settings: Self = Value::new(None, nested(flat))
            .try_deserialize()
            .map_err(|error| Problem::Unfit {
                why: one_line(&error.to_string()),
            })?;
        settings.with_files()?.checked()
    }

    /// Every key and its value, secrets masked, as lines of TOML.
    pub fn shown(&self) -> Vec<String> {
        let line = |(key, value): (String, Json)| match value {
            Json::Null => format!("# {key} is not set"),
            value => format!("{key} = {value}"),
        };
        self.flat().into_iter().map(line).collect()
    }

    /// Every key that there is, but for those of gateways, which have names.
    fn keys() -> Vec<String> {
        Self::default().flat().into_iter().map(|(key, _)| key).collect()
    }

    fn flat(&self) -> Vec<(String, Json)> {
        let mut leaves = Vec::new();
        leaves_of("", serde_json::to_value(self).unwrap_or_default(), &mut leaves);
        leaves
    }

    /// Takes secrets out of the files that are named for them.
    fn with_files(mut self) -> Result<Self, Problem> {
        let mail = secret(
            "mail.password",
            self.mail.password.as_ref(),
            self.mail.password_file.as_deref(),
        )?;
        let token = secret(
            "operations.token",
            self.operations.token.as_ref(),
            self.operations.token_file.as_deref(),
        )?;
        for (name, gateway) in &mut self.gateways {
            let secrets = [
                ("token", &mut gateway.token, &gateway.token_file),
                ("headers", &mut gateway.headers, &gateway.headers_file),
                ("body", &mut gateway.body, &gateway.body_file),
            ];
            for (key, value, file) in secrets {
                let key = format!("{GATEWAYS}.{name}.{key}");
                if let Some(read) = secret(&key, value.as_ref(), file.as_deref())? {
                    *value = Some(read);
                }
            }
        }
        self.mail.password = mail.or(self.mail.password);
        self.operations.token = token.or(self.operations.token);
        if let Some(file) = &self.database.url_file {
            let is_set = self.database.url != Self::default().database.url;
            self.database.url = from_file("database.url", is_set, file)?;
        }
        Ok(self)
    }
}

/// The keys that a key may be one of: those of the gateway that it names, else all others.
fn known_beside(key: &str, known: &[String]) -> Vec<String> {
    let mut parts = key.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(GATEWAYS), Some(name), Some(_)) => {
            let fields = serde_json::to_value(Gateway::default()).unwrap_or_default();
            let fields = fields.as_object().into_iter().flat_map(|fields| fields.keys());
            fields.map(|field| format!("{GATEWAYS}.{name}.{field}")).collect()
        }
        _ => known.to_vec(),
    }
}

fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn read_file(file: &Path, flat: &mut Flat) -> Result<(), Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let parsed = config::Config::builder()
        .add_source(File::from_str(&text, FileFormat::Toml))
        .build();
    let parsed = parsed.map_err(|error| Problem::NoToml {
        file: file.to_owned(),
        why: ends_of(&error.to_string()),
    })?;
    flatten("", parsed.cache, &file.display().to_string(), flat);
    Ok(())
}

/// `REGAIN_MAIL__HOST` is `mail.host`; a name without `__` is a setting only if it is, or nearly is, a key at the top.
fn key_of(name: &str, known: &[String]) -> Option<String> {
    let key = name.strip_prefix(PREFIX)?.to_lowercase();
    if key.contains("__") {
        return Some(key.replace("__", "."));
    }
    let mut top = known.iter().filter(|known| !known.contains('.'));
    top.any(|top| distance(&key, top) <= NEAR).then_some(key)
}

fn flatten(prefix: &str, value: Value, place: &str, flat: &mut Flat) {
    match value.kind {
        ValueKind::Table(table) => {
            for (key, value) in table {
                flatten(&dotted(prefix, &key), value, place, flat);
            }
        }
        kind => {
            flat.insert(prefix.to_owned(), Value::new(Some(&place.to_owned()), kind));
        }
    }
}

/// Tables out of dotted keys.
fn nested(flat: Flat) -> Map<String, Value> {
    let mut inner: BTreeMap<String, Flat> = BTreeMap::new();
    let mut top = Map::new();
    for (key, value) in flat {
        match key.split_once('.') {
            Some((section, key)) => drop(
                inner
                    .entry(section.to_owned())
                    .or_default()
                    .insert(key.to_owned(), value),
            ),
            None => drop(top.insert(key, value)),
        }
    }
    let tables = inner
        .into_iter()
        .map(|(section, flat)| (section, Value::new(None, nested(flat))));
    top.extend(tables);
    top
}

fn leaves_of(prefix: &str, value: Json, leaves: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                leaves_of(&dotted(prefix, &key), value, leaves);
            }
        }
        value => leaves.push((prefix.to_owned(), value)),
    }
}

fn dotted(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}

fn secret(key: &str, given: Option<&Secret>, file: Option<&Path>) -> Result<Option<Secret>, Problem> {
    file.map(|file| from_file(key, given.is_some(), file).map(Secret::new))
        .transpose()
}

/// The file's text without the line break at its end.
fn from_file(key: &str, is_given: bool, file: &Path) -> Result<String, Problem> {
    if is_given {
        return Err(Problem::Twice { key: key.to_owned() });
    }
    let mut text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    Problem::Unreadable {
        file: PathBuf::from(file),
        why: error.to_string(),
    }
}

/// Where and why, without the line of the file in between: it may hold a secret.
fn ends_of(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    lines
        .next_back()
        .map_or_else(|| first.to_owned(), |last| format!("{first}: {last}"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn load(toml: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(toml.as_bytes()).unwrap();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let place = file.path().display().to_string();
        Config::load_from(Some(file.path()), variables)
            .map_err(|problem| problem.to_string().replace(&place, "regain.toml"))
    }

    fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
        load(toml, variables).err().expect("refused")
    }

    #[test]
    fn the_environment_beats_the_file_and_the_file_the_default() {
        let toml = "listen = \"127.0.0.1:4000\"\n[mail]\nhost = \"a.example\"\nport = 2525\n[http]\ntrusted_proxies = [\"10.0.0.0/8\"]";
        let config = load(toml, &[("REGAIN_MAIL__HOST", "b.example"), ("REGAIN_MAIL__PORT", "26")]).unwrap();
        assert_eq!(config.listen.port(), 4000);
        assert_eq!((config.mail.host.as_str(), config.mail.port()), ("b.example", 26));
        assert_eq!(config.operations.listen.port(), 9090);
        assert_eq!(config.http.trusted_proxies.len(), 1);
        let config = load(
            "",
            &[
                ("REGAIN_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
                ("REGAIN_LISTEN", "0.0.0.0:80"),
            ],
        )
        .unwrap();
        assert_eq!(config.http.trusted_proxies.len(), 2);
        assert_eq!(config.mail.port(), 587);
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        for (toml, expect) in [
            (
                "lisen = \"x\"",
                "there is no setting `lisen` (regain.toml): did you mean `listen`?",
            ),
            (
                "[mail]\nhots = \"x\"",
                "there is no setting `mail.hots` (regain.toml): did you mean `mail.host`?",
            ),
        ] {
            assert_eq!(refusal(toml, &[]), expect);
        }
        assert_eq!(
            refusal("", &[("REGAIN_MAIL__PASWORD", "x")]),
            "there is no setting `mail.pasword` (variable REGAIN_MAIL__PASWORD): did you mean `mail.password`?"
        );
        assert!(refusal("", &[("REGAIN_LISTN", "x")]).contains("did you mean `listen`"));
    }

    #[test]
    fn variables_of_other_tools_are_left_alone() {
        assert!(load("", &[("REGAIN_TOOLS", "/x"), ("REGAIN_CACHE", "/x"), ("PATH", "/x")]).is_ok());
    }

    #[test]
    fn a_digits_only_secret_stays_as_it_is() {
        let variables = [("REGAIN_MAIL__USER", "regain"), ("REGAIN_MAIL__PASSWORD", "00712")];
        let config = load("", &variables).unwrap();
        assert_eq!(config.mail.password.as_ref().map(Secret::expose), Some("00712"));
    }

    #[test]
    fn secrets_come_from_files_and_are_not_shown() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"hunter2\n").unwrap();
        let path = file.path().display().to_string();
        let variables = [
            ("REGAIN_MAIL__USER", "regain"),
            ("REGAIN_MAIL__PASSWORD_FILE", path.as_str()),
        ];
        let config = load("", &variables).unwrap();
        assert_eq!(config.mail.password.as_ref().map(Secret::expose), Some("hunter2"));
        let shown = config.shown().join("\n");
        assert!(
            shown.contains("mail.password = \"***\"") && !shown.contains("hunter2"),
            "{shown}"
        );
        assert!(shown.contains("# operations.token is not set"));
        let both = [variables[0], variables[1], ("REGAIN_MAIL__PASSWORD", "x")];
        assert_eq!(
            refusal("", &both),
            "`mail.password` and `mail.password_file` are both set: keep one of them"
        );
    }

    #[test]
    fn gateways_have_names_and_their_secrets_are_not_shown() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"hunter2\n").unwrap();
        let path = file.path().display().to_string();
        let toml = "[gateways.north]\naccount = \"AC1\"\nsms_from = \"+15005550006\"\nprice_sms = \"0.08\"\n\
                    [gateways.south]\nkind = \"template\"\nheaders = \"Authorization: Bearer hunter3\"\ncountries = [\"DE\"]";
        let variables = [
            ("REGAIN_GATEWAYS__NORTH__TOKEN_FILE", path.as_str()),
            ("REGAIN_GATEWAYS__NORTH__COUNTRIES", "CZ, SK"),
            ("REGAIN_GATEWAYS__NORTH__ORDER", "2"),
        ];
        let config = load(toml, &variables).unwrap();
        let north = &config.gateways["north"];
        assert_eq!(north.token.as_ref().map(Secret::expose), Some("hunter2"));
        assert_eq!((north.order, north.countries.join(" ").as_str()), (2, "CZ SK"));
        assert_eq!(north.price_sms.map(regain_domain::Cost::micros), Some(80_000));
        let shown = config.shown().join("\n");
        for part in [
            "gateways.north.token = \"***\"",
            "gateways.north.price_sms = \"0.08\"",
            "gateways.south.headers = \"***\"",
        ] {
            assert!(shown.contains(part), "{shown}");
        }
        assert!(!shown.contains("hunter"), "{shown}");
        let both = [variables[0], ("REGAIN_GATEWAYS__NORTH__TOKEN", "x")];
        assert_eq!(
            refusal(toml, &both),
            "`gateways.north.token` and `gateways.north.token_file` are both set: keep one of them"
        );
        assert_eq!(
            refusal("[gateways.north]\ntokn = \"x\"", &[]),
            "there is no setting `gateways.north.tokn` (regain.toml): did you mean `gateways.north.token`?"
        );
        assert!(refusal("gateways = \"x\"", &[]).contains("`gateways`"));
        let price = refusal("[gateways.north]\nprice_sms = \"8 cents\"", &[]);
        assert!(price.contains("`8 cents` is no amount such as 0.08"), "{price}");
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        for (toml, variables, expect) in [
            ("[mail]\nport = \"x\"", vec![], "mail.port"),
            ("", vec![("REGAIN_LISTEN", "3000")], "`3000` is no address"),
            ("[http]\ntrusted_proxies = [\"ten\"]", vec![], "`ten` is no network"),
            ("listen = ", vec![], "regain.toml is not TOML"),
            ("listen = \"0.0.0.0:80\"", vec![], "http.trusted_proxies"),
            ("[operations]\nlisten = \"0.0.0.0:80\"", vec![], "operations.token"),
            ("[database]\nurl = \"mysql://x\"", vec![], "database.url"),
            (
                "[database]\nurl = \"postgres://regain@db.example/regain\"",
                vec![],
                "?sslmode=verify-full",
            ),
            ("[mail]\ntls = \"maybe\"", vec![], "starttls"),
            ("[log]\nfilter = \"a=b=c\"", vec![], "log.filter"),
            ("[otel]\nendpoint = \"localhost:4318\"", vec![], "otel.endpoint"),
            ("[otel]\nendpoint = \"http://a:b@c.example\"", vec![], "otel.endpoint"),
            (
                "",
                vec![("REGAIN_OTEL__ENDPOINT", "http://c.example/?a=b")],
                "otel.endpoint",
            ),
        ] {
            let words = refusal(toml, &variables);
            assert!(words.contains(expect) && !words.contains('\n'), "{toml}: {words}");
        }
    }

    #[test]
    fn a_collector_is_nowhere_or_where_it_is_said_to_be() {
        assert_eq!(load("", &[]).unwrap().otel.endpoint, None);
        for endpoint in ["http://127.0.0.1:4318", "https://collector.example/tenant/"] {
            let config = load(&format!("[otel]\nendpoint = \"{endpoint}\""), &[]).unwrap();
            assert_eq!(config.otel.endpoint.as_deref(), Some(endpoint));
        }
    }

    #[test]
    fn the_line_that_broke_is_not_repeated() {
        let words = refusal("[mail]\npassword = \"hunter2", &[]);
        assert!(!words.contains("hunter2"), "{words}");
    }
}
