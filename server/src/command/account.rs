//! `regain account create|disable|set-password|password-expiry|edition|make-admin`: break-glass, audited by the service. R52.

use super::{Settings, ask, open, request_id, say};
use anyhow::anyhow;
use clap::{Args, Subcommand, ValueEnum};
use regain_service::Service;
use regain_service::admin::{self, NewAccount};

/// Accounts.
#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Make one; the first password is asked for, or read from standard input.
    Create(Create),
    /// Switch one off, and end its sessions.
    Disable(Named),
    /// Give one a new password, asked for or read from standard input.
    SetPassword(Named),
    /// Say whether its password expires as the organisation has set it, or never.
    PasswordExpiry(PasswordExpiry),
    /// Give one an edition of its own, or the organisation's.
    Edition(OwnEdition),
    /// Make one a global administrator.
    MakeAdmin(MakeAdmin),
}

/// Which account.
#[derive(Args)]
pub(super) struct Named {
    #[command(flatten)]
    settings: Settings,
    /// The organisation's short name
    #[arg(long, value_name = "SLUG")]
    tenant: String,
    /// As it is typed at sign-in
    user_name: String,
}

/// An account to be made.
#[derive(Args)]
pub(super) struct Create {
    #[command(flatten)]
    named: Named,
    /// The person's given name
    #[arg(long, default_value = "")]
    given_name: String,
    /// The person's family name
    #[arg(long, default_value = "")]
    family_name: String,
    /// The mailbox that gets notices
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<String>,
    /// The first password has to be replaced at the first sign-in
    #[arg(long)]
    must_change: bool,
}

/// When a password expires.
#[derive(Args)]
pub(super) struct PasswordExpiry {
    #[command(flatten)]
    named: Named,
    /// Never, or as the organisation has set it
    when: When,
}

/// An account with an edition of its own.
#[derive(Args)]
pub(super) struct OwnEdition {
    #[command(flatten)]
    named: Named,
    /// full, free, basic, office, business-premium, p1, p2 or trial; or `tenant` for the organisation's
    edition: String,
}

/// As it is typed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// However old it gets.
    Never,
    /// By the organisation's settings.
    AsSet,
}

/// An account that gets a role.
#[derive(Args)]
pub(super) struct MakeAdmin {
    #[command(flatten)]
    named: Named,
    /// Also give it a secret for an authenticator app, shown once; staff need one to sign in
    #[arg(long)]
    app_code: bool,
}

impl AccountCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::Disable(named) => named.disable().await,
            Self::SetPassword(named) => named.set_password().await,
            Self::PasswordExpiry(expiry) => expiry.run().await,
            Self::Edition(edition) => edition.run().await,
            Self::MakeAdmin(make) => make.run().await,
        }
    }
}

impl Named {
    async fn service(&self) -> anyhow::Result<Service> {
        open::service(&self.settings.read()?).await
    }

    async fn disable(self) -> anyhow::Result<()> {
        let service = self.service().await?;
        let done = admin::disable_account(&service, &self.tenant, &self.user_name, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Switched off; its sessions are over.")
    }

    async fn set_password(self) -> anyhow::Result<()> {
        let password = ask::password()?;
        let service = self.service().await?;
        let done = admin::set_password(&service, &self.tenant, &self.user_name, password, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("The password is set; sessions and open resets are over.")
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let Self {
            named,
            given_name,
            family_name,
            mail,
            must_change,
        } = self;
        let password = ask::password()?;
        let service = named.service().await?;
        let new = NewAccount {
            user_name: named.user_name,
            given_name,
            family_name,
            mail,
            password,
            must_change,
        };
        let made = admin::create_account(&service, &named.tenant, new, &request_id()).await?;
        service.close().await?;
        made.map_err(|wrong| anyhow!(wrong))?;
        say("Made.")
    }
}

impl PasswordExpiry {
    async fn run(self) -> anyhow::Result<()> {
        let Self { named, when } = self;
        let service = named.service().await?;
        let (never, id) = (when == When::Never, request_id());
        let done = admin::set_password_never_expires(&service, &named.tenant, &named.user_name, never, &id).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say(match when {
            When::Never => "Its password never expires.",
            When::AsSet => "Its password expires as the organisation has set it.",
        })
    }
}

impl OwnEdition {
    async fn run(self) -> anyhow::Result<()> {
        let Self { named, edition } = self;
        let own = match edition.as_str() {
            "tenant" => None,
            code => Some(super::tenant::edition(code)?),
        };
        let service = named.service().await?;
        let done = admin::set_account_edition(&service, &named.tenant, &named.user_name, own, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("Set.")
    }
}

impl MakeAdmin {
    async fn run(self) -> anyhow::Result<()> {
        let Self { named, app_code } = self;
        let service = named.service().await?;
        let id = request_id();
        admin::make_admin(&service, &named.tenant, &named.user_name, &id)
            .await?
            .map_err(|wrong| anyhow!(wrong))?;
        say("Made a global administrator; its sessions are over.")?;
        if app_code {
            let address = admin::enrol_app_code(&service, &named.tenant, &named.user_name, &id).await?;
            say("Put this into an authenticator app now; it is not shown again:")?;
            say(&address.map_err(|wrong| anyhow!(wrong))?)?;
        }
        service.close().await
    }
}
