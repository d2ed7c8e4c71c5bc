//! The gateways to phones out of the settings.

use crate::config::{BodyKind, Config, Gateway, GatewayKind};
use anyhow::{Context, bail};
use regain_delivery::gateway::{
    Body, GatewayKind as Kind, GatewaySettings, Gateways, Prices, TemplateSettings, TwilioSettings, Variable, Way,
    WhatsAppSettings,
};
use regain_domain::locale::Language;
use regain_domain::{Cost, Secret};
use std::time::Duration;

/// The name of the demo's own gateway, and of its account.
const DEMO: &str = "demo";
/// Where Twilio itself is.
const TWILIO: &str = "https://api.twilio.com";

/// Checks the settings; connects at each message. Without any gateway nothing is sent to phones.
pub(crate) fn configured(config: &Config) -> anyhow::Result<Gateways> {
    let settings = in_order(config)
        .into_iter()
        .map(|(name, gateway)| settings(name, gateway).with_context(|| unusable(name)))
        .collect::<anyhow::Result<_>>()?;
    Gateways::new(settings).context("cannot use the settings in `gateways`")
}

/// The demo's own: nothing is ever sent by it, and it signs what the demo tells of calls.
pub(crate) fn of_demo(key: Secret) -> anyhow::Result<Gateways> {
    let settings = GatewaySettings {
        name: DEMO.to_owned(),
        countries: Vec::new(),
        allowed_networks: vec!["127.0.0.0/8".parse()?],
        ca_file: None,
        timeout: Duration::from_secs(1),
        prices: Prices::default(),
        kind: Kind::Twilio(TwilioSettings {
            base_url: "http://127.0.0.1".to_owned(),
            account: DEMO.to_owned(),
            token: key,
            sms_from: None,
            whatsapp: None,
            call_from: Some("+12015550100".to_owned()),
        }),
    };
    Gateways::new(vec![settings]).context("cannot make the demo's gateway")
}

/// The preferred one first; of equal ones the first by name, as the map has them.
fn in_order(config: &Config) -> Vec<(&str, &Gateway)> {
    let mut named: Vec<_> = config
        .gateways
        .iter()
        .map(|(name, gateway)| (name.as_str(), gateway))
        .collect();
    named.sort_by_key(|(_, gateway)| gateway.order);
    named
}

fn unusable(name: &str) -> String {
    format!("cannot use the settings in `gateways.{name}`")
}

fn settings(name: &str, gateway: &Gateway) -> anyhow::Result<GatewaySettings> {
    let (kind, carried) = match gateway.kind {
        GatewayKind::Twilio => twilio(gateway)?,
        GatewayKind::Template => template(gateway)?,
    };
    let price = |way: Way, price: Option<Cost>| match price {
        Some(price) => Ok(price),
        None if carried.contains(&way) => bail!(
            "`price_{code}` is needed, so that the daily ceiling can hold: what a message costs, such as \"0.08\"; \
             \"0\" if nothing",
            code = way.code()
        ),
        None => Ok(Cost::ZERO),
    };
    Ok(GatewaySettings {
        name: name.to_owned(),
        countries: gateway.countries.clone(),
        allowed_networks: gateway.allowed_networks.clone(),
        ca_file: gateway.ca_file.clone(),
        timeout: Duration::from_secs(gateway.timeout_seconds),
        prices: Prices {
            sms: price(Way::Sms, gateway.price_sms)?,
            whatsapp: price(Way::WhatsApp, gateway.price_whatsapp)?,
            call: price(Way::Call, gateway.price_call)?,
        },
        kind,
    })
}

fn twilio(gateway: &Gateway) -> anyhow::Result<(Kind, Vec<Way>)> {
    let whatsapp = match &gateway.whatsapp_from {
        Some(from) => Some(WhatsAppSettings {
            from: from.clone(),
            contents: gateway
                .whatsapp_contents
                .iter()
                .map(|text| content(text))
                .collect::<anyhow::Result<_>>()?,
            variables: gateway
                .whatsapp_variables
                .iter()
                .map(|text| variable(text))
                .collect::<anyhow::Result<_>>()?,
        }),
        None => None,
    };
    let carried = [
        (Way::Sms, gateway.sms_from.is_some()),
        (Way::WhatsApp, whatsapp.is_some()),
        (Way::Call, gateway.call_from.is_some()),
    ];
    let settings = TwilioSettings {
        base_url: gateway.url.clone().unwrap_or_else(|| TWILIO.to_owned()),
        account: gateway.account.clone(),
        token: copied(gateway.token.as_ref()),
        sms_from: gateway.sms_from.clone(),
        whatsapp,
        call_from: gateway.call_from.clone(),
    };
    let ways = carried
        .into_iter()
        .filter_map(|(way, is_carried)| is_carried.then_some(way));
    Ok((Kind::Twilio(settings), ways.collect()))
}

fn template(gateway: &Gateway) -> anyhow::Result<(Kind, Vec<Way>)> {
    let way = |code: &String| {
        Way::of_code(code).with_context(|| format!("`carries` has to list sms or whatsapp, and has: {code}"))
    };
    let carries: Vec<Way> = gateway.carries.iter().map(way).collect::<anyhow::Result<_>>()?;
    let body = gateway.body.as_ref().map(|body| body.expose().to_owned());
    let settings = TemplateSettings {
        carries: carries.clone(),
        method: gateway.method.clone(),
        url: gateway
            .url
            .clone()
            .context("`url` is needed: where messages are posted to")?,
        headers: headers(&copied(gateway.headers.as_ref()))?,
        body: match (body, gateway.body_kind) {
            (None, _) => Body::Empty,
            (Some(body), BodyKind::Json) => Body::Json(body),
            (Some(body), BodyKind::Form) => Body::Form(body),
        },
        taken: gateway.taken_from..=gateway.taken_to,
        id_pointer: gateway.id_pointer.clone(),
    };
    Ok((Kind::Template(settings), carries))
}

/// `Name: value`, one a line.
fn headers(text: &Secret) -> anyhow::Result<Vec<(String, Secret)>> {
    let lines = text.expose().lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| {
        // The line is not told: it may hold a token.
        let (name, value) = line
            .split_once(':')
            .context("`headers` has to hold lines such as `Name: value`")?;
        Ok((name.trim().to_owned(), Secret::new(value.trim().to_owned())))
    };
    lines.map(read).collect()
}

fn content(text: &str) -> anyhow::Result<(Language, String)> {
    let found = text
        .split_once('=')
        .and_then(|(tag, sid)| Some((Language::of_tag(tag.trim())?, sid.trim())));
    let (language, sid) =
        found.with_context(|| format!("`whatsapp_contents` has to list such as en=HX0123, and has: {text}"))?;
    Ok((language, sid.to_owned()))
}

fn variable(text: &str) -> anyhow::Result<Variable> {
    match text {
        "code" => Ok(Variable::Code),
        "organisation" => Ok(Variable::Organisation),
        _ => bail!("`whatsapp_variables` has to list `code` or `organisation`, and has: {text}"),
    }
}

fn copied(secret: Option<&Secret>) -> Secret {
    Secret::new(secret.map(|secret| secret.expose().to_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const GOOD: &str = "account = \"AC1\"\ntoken = \"hunter2\"\nsms_from = \"+15005550006\"\nprice_sms = \"0.08\"";

    fn config(toml: &str) -> Config {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(toml.as_bytes()).unwrap();
        Config::load_from(Some(file.path()), std::iter::empty()).unwrap()
    }

    fn refusal(of_north: &str) -> String {
        let config = config(&format!("[gateways.north]\n{of_north}"));
        let error = configured(&config).err().expect("refused");
        format!("{error:#}")
    }

    #[test]
    fn good_settings_are_used_and_none_are_needed() {
        assert!(configured(&config("")).is_ok());
        assert!(configured(&config(&format!("[gateways.north]\n{GOOD}"))).is_ok());
        let template = "kind = \"template\"\nurl = \"https://sms.example.org/v1\"\nheaders = \"A: b\\nC: {{ to }}\"\n\
                        body = '{\"to\": \"{{ to }}\"}'\nprice_sms = 0.06";
        assert!(configured(&config(&format!("[gateways.south]\n{template}"))).is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_with_the_gateway_and_without_its_secrets() {
        for (toml, expect) in [
            (GOOD.replace("price_sms = \"0.08\"", ""), "gateways.north`: `price_sms` is needed"),
            (GOOD.replace("hunter2", ""), "gateway north: account and token are needed"),
            (GOOD.replace("sms_from = \"+15005550006\"", ""), "gateway north: it carries nothing"),
            (format!("{GOOD}\nurl = \"http://sms.example.org\""), "without encryption"),
            (format!("{GOOD}\nurl = \"https://10.0.0.1\""), "`allowed_networks`"),
            (format!("{GOOD}\ncountries = [\"Germany\"]"), "ISO 3166-1"),
            (format!("{GOOD}\ntimeout_seconds = 11"), "between 1 ms and 10 s"),
            (format!("{GOOD}\ncall_from = \"+15005550006\""), "`price_call` is needed"),
            (format!("{GOOD}\nwhatsapp_from = \"+15005550006\"\nwhatsapp_contents = [\"HX1\"]"), "en=HX0123"),
            ("kind = \"template\"\nprice_sms = \"0\"".to_owned(), "`url` is needed"),
            ("kind = \"template\"\nurl = \"https://a.example/\"\nheaders = \"Bearer hunter2\"".to_owned(), "`Name: value`"),
            ("kind = \"template\"\nurl = \"https://a.example/\"\ncarries = [\"fax\"]".to_owned(), "sms or whatsapp"),
            (
                "kind = \"template\"\nurl = \"https://a.example/\"\nprice_sms = \"0\"\nbody = '{\"hunter2\": {{ to }}}'".to_owned(),
                "holes stand between quotation marks",
            ),
        ] {
            let words = refusal(&toml);
            assert!(words.contains(expect) && !words.contains("hunter2"), "{toml}: {words}");
        }
    }

    #[test]
    fn gateways_are_asked_by_order_then_by_name() {
        let config = config("[gateways.a]\norder = 2\n[gateways.c]\norder = 1\n[gateways.b]\norder = 1");
        let names: Vec<_> = in_order(&config).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "c", "a"]);
    }
}
