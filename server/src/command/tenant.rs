//! `regain tenant create|edition|methods-migration|list`

use super::{Settings, open, say};
use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use regain_domain::gate::Gate;
use regain_domain::policy::{Edition, Means};
use regain_service::admin::{self, NewTenant};

/// Organisations.
#[derive(Subcommand)]
pub(super) enum TenantCommand {
    /// Make one.
    Create(Create),
    /// Set the edition of one.
    Edition(SetEdition),
    /// Say that one comes from elsewhere: all policies of methods count until its methods policy is complete.
    MethodsMigration(Import),
    /// Show all of them.
    List(Settings),
}

/// An edition for a tenant.
#[derive(Args)]
pub(super) struct SetEdition {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's short name
    slug: String,
    /// full, free, basic, office, business-premium, p1, p2 or trial
    edition: String,
}

/// A tenant that comes from elsewhere.
#[derive(Args)]
pub(super) struct Import {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's short name
    slug: String,
    /// A method that sign-in allowed there, such as `app_code` or `mobile_sms`; may be given more than once
    #[arg(long = "sign-in", value_name = "METHOD")]
    sign_in: Vec<String>,
}

/// A tenant to be made.
#[derive(Args)]
pub(super) struct Create {
    #[command(flatten)]
    settings: Settings,
    /// Short name for commands: small letters, digits and hyphens
    slug: String,
    /// The organisation's name, as people read it
    #[arg(long)]
    name: String,
    /// Where its pages are, such as <https://reset.acorn.example>
    #[arg(long, value_name = "ADDRESS")]
    url: String,
    /// A further host that means this organisation; may be given more than once
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// A domain of its user names, the first one completes bare names; may be given more than once
    #[arg(long = "domain", value_name = "DOMAIN", required = true)]
    domains: Vec<String>,
}

impl TenantCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::Edition(set) => set.run().await,
            Self::MethodsMigration(import) => import.run().await,
            Self::List(settings) => list(&settings).await,
        }
    }
}

impl SetEdition {
    async fn run(self) -> anyhow::Result<()> {
        let edition = edition(&self.edition)?;
        let service = open::service(&self.settings.read()?).await?;
        let done = admin::set_tenant_edition(&service, &self.slug, edition, &super::request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Set; it holds at once.")
    }
}

impl Import {
    async fn run(self) -> anyhow::Result<()> {
        let sign_in = self.sign_in.iter().map(|code| gate(code)).collect::<Result<_, _>>()?;
        let service = open::service(&self.settings.read()?).await?;
        let done = admin::set_tenant_migration(&service, &self.slug, sign_in, &super::request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Its methods are in progress: a method works if any policy allows it. The console's guide leads on.")
    }
}

/// The method of a code: one that a methods policy has.
fn gate(code: &str) -> anyhow::Result<Gate> {
    let is_there = |gate: &Gate| Means::of(*gate).is_some();
    let all: Vec<Gate> = Gate::ALL.into_iter().filter(is_there).collect();
    let codes: Vec<&str> = all.iter().map(|gate| gate.code()).collect();
    let found = all.iter().copied().find(|gate| gate.code() == code);
    found.ok_or_else(|| anyhow!("`{code}` is no method; there are {}", codes.join(", ")))
}

/// The edition of a code.
pub(super) fn edition(code: &str) -> anyhow::Result<Edition> {
    let codes = Edition::ALL.map(Edition::code).join(", ");
    Edition::of_code(code).ok_or_else(|| anyhow!("`{code}` is no edition; there are {codes}"))
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.settings.read()?;
        let new = self.parsed()?;
        let words = format!(
            "Made `{}`, served at {} once `regain serve` runs.",
            new.slug, new.base_url
        );
        let service = open::service(&config).await?;
        let made = admin::create_tenant(&service, new, &super::request_id()).await?;
        service.close().await?;
        made.map_err(|wrong| anyhow!(wrong))?;
        say(&words)
    }

    fn parsed(self) -> anyhow::Result<NewTenant> {
        let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.slug.is_empty() || !self.slug.chars().all(is_slug) {
            bail!(
                "`{}` is no short name: use small letters, digits and hyphens",
                self.slug
            );
        }
        let (base_url, host) = admin::address::read(&self.url).map_err(|_| {
            anyhow!(
                "`{}` has to be https:// and a host alone, such as https://reset.acorn.example",
                self.url
            )
        })?;
        let mut hosts = vec![host];
        hosts.extend(self.hosts.iter().map(|host| host.to_ascii_lowercase()));
        hosts.sort_unstable();
        hosts.dedup();
        let domains = self.domains.iter().map(|domain| domain.to_ascii_lowercase()).collect();
        Ok(NewTenant {
            slug: self.slug,
            name: self.name,
            base_url,
            hosts,
            domains,
        })
    }
}

async fn list(settings: &Settings) -> anyhow::Result<()> {
    let service = open::service(&settings.read()?).await?;
    let tenants = admin::tenants(&service).await?;
    service.close().await?;
    for tenant in tenants {
        say(&format!(
            "{}\t{}\t{}\t{}",
            tenant.slug,
            tenant.name,
            tenant.base_url,
            tenant.hosts.join(",")
        ))?;
    }
    Ok(())
}
