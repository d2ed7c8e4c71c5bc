//! `regain doctor`: what the wizard would do for somebody, and why.

use super::{Settings, open, request_id, say};
use anyhow::anyhow;
use clap::Args;
use regain_domain::Refusal;
use regain_domain::policy::doctor::Findings;
use regain_domain::policy::{Check, Withheld};
use regain_service::admin;

/// Whom to look at.
#[derive(Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's short name
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// As it is typed on the page
    user_name: String,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.settings.read()?;
        // Which methods have a way to go hangs on the server's own gateways.
        let ways = crate::gateways::configured(&config)?.ways();
        let service = open::beside_with(&config, ways).await?;
        let found = admin::doctor(&service, &self.tenant, &self.user_name, &request_id()).await?;
        service.close().await?;
        told(&found.map_err(|wrong| anyhow!(wrong))?)
    }
}

fn told(findings: &Findings) -> anyhow::Result<()> {
    say(&findings.user_name)?;
    for (check, failure) in &findings.checks {
        let line = match failure {
            None => format!("  ok  {}", words(*check)),
            Some(refusal) => format!("  NO  {} ({})", words(*check), detail(refusal)),
        };
        say(&line)?;
    }
    let methods: Vec<String> = findings
        .methods
        .iter()
        .map(|(gate, hint)| {
            hint.as_ref()
                .map_or(gate.code().to_owned(), |hint| format!("{} {hint}", gate.code()))
        })
        .collect();
    for (gate, why) in &findings.withheld {
        say(&format!("  --  {} does not count: {}", gate.code(), why_not(*why)))?;
    }
    match findings.refusal() {
        Some(refusal) => say(&format!("A reset is refused: {}.", refusal.code())),
        None => say(&format!(
            "A reset takes {} of: {}.",
            findings.n_needed,
            methods.join(", ")
        )),
    }
}

const fn why_not(why: Withheld) -> &'static str {
    match why {
        Withheld::Off => "it is switched off",
        Withheld::NotIncluded => "the methods policy has it for other groups",
        Withheld::Excluded => "it is switched off for their group by the methods policy",
    }
}

const fn words(check: Check) -> &'static str {
    match check {
        Check::Known => "there is such an account",
        Check::InUse => "it is in use",
        Check::AdminReset => "administrators may reset their passwords",
        Check::Scope => "people may reset their passwords",
        Check::Methods => "a method is on",
        Check::Licensed => "their edition has resets",
        Check::Group => "they are in a selected group, and in no excluded one",
        Check::Registered => "they have registered a method that is on",
        Check::Enough => "they have as many as a reset takes",
        Check::Unblocked => "their resets do not rest after failed proofs",
    }
}

fn detail(refusal: &Refusal) -> String {
    match refusal {
        Refusal::TooFewMethods { have, need } => format!("{}: {have} of {need}", refusal.code()),
        Refusal::Blocked { until } => format!("{} until {}", refusal.code(), super::moment(*until)),
        refusal => refusal.code().to_owned(),
    }
}
