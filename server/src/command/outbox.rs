//! `regain outbox list|retry`: dead letters, for whoever looks after the server. R34.

use super::{Settings, moment, open, request_id, say};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use regain_domain::notice::ChannelKind;
use regain_service::admin::{self, DeadLetters};

/// Messages that were given up.
#[derive(Subcommand)]
pub(super) enum OutboxCommand {
    /// Show them: to whom, for what, how often tried, why and when given up; never what they say.
    List(List),
    /// Send one once more, for another day; codes are not sent late.
    Retry(Retry),
}

/// Which ones.
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    settings: Settings,
    /// The organisation, by its host or short name [default: all of them]
    #[arg(long, value_name = "HOST")]
    tenant: Option<String>,
}

/// Which one.
#[derive(Args)]
pub(super) struct Retry {
    #[command(flatten)]
    settings: Settings,
    /// As the list shows it
    id: String,
}

impl OutboxCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Retry(retry) => retry.run().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let service = open::beside(&self.settings.read()?).await?;
        let found = admin::dead_letters(&service, self.tenant.as_deref(), &request_id()).await?;
        service.close().await?;
        let found = found.map_err(|wrong| anyhow!(wrong))?;
        if found.is_empty() {
            return say("No message was given up.");
        }
        say("tenant\tid\tchannel\tto\tpurpose\ttries\tgiven up\tlast answer\tretry")?;
        found.iter().try_for_each(shown)
    }
}

impl Retry {
    async fn run(self) -> anyhow::Result<()> {
        let service = open::beside(&self.settings.read()?).await?;
        let done = admin::retry(&service, &self.id, &request_id()).await?;
        service.close().await?;
        done.map_err(|wrong| anyhow!(wrong))?;
        say("It waits to be sent again; `regain serve` does it.")
    }
}

fn shown(of_tenant: &DeadLetters) -> anyhow::Result<()> {
    for letter in &of_tenant.letters {
        let cells = [
            of_tenant.tenant.clone(),
            letter.id.to_string(),
            letter.channel.map_or("?", ChannelKind::code).to_owned(),
            letter.to.clone().unwrap_or_else(|| "?".to_owned()),
            letter.purpose.clone(),
            letter.n_tries.to_string(),
            moment(letter.dead_at),
            letter.why.clone(),
            if letter.may_retry { "yes" } else { "no" }.to_owned(),
        ];
        say(&cells.map(|cell| plain(&cell)).join("\t"))?;
    }
    match of_tenant.is_cut {
        true => say(&format!("{}\t… and older ones", of_tenant.tenant)),
        false => Ok(()),
    }
}

/// Without what would break a line or steer a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stays_on_its_line() {
        assert_eq!(plain("550\t5.1.1\r\n\u{1b}[2J"), "550 5.1.1   [2J");
    }
}
