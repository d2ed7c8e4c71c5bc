//! From choosing a gate to its message handed over: on an idle server, where nobody waits for anybody else.

use crate::mailbox::Mailbox;
use crate::people::House;
use crate::phone::Phone;
use crate::proof;
use crate::site::Site;
use crate::stats::{median, per_mille};
use crate::table::{Against, Table};
use crate::walk::{Failure, Walk};
use anyhow::anyhow;
use regain_domain::gate::Gate;
use std::time::{Duration, Instant};

/// The organisation that it takes.
pub(crate) const HOUSE: House = House(11);
/// Messages of each kind, each to a person of its own.
pub(crate) const N: u32 = 40;
/// How long a message may take before it counts as lost.
const LOST: Duration = Duration::from_secs(20);

/// Measures mails and text messages. Needs [`N`] people.
pub(crate) async fn measure(site: &Site, mailbox: &Mailbox, phone: &Phone, table: &mut Table) -> anyhow::Result<()> {
    let people: Vec<_> = (0..N).map(|number| HOUSE.person(number)).collect();
    let solved = proof::solve(site, &people, Duration::from_mins(2)).await?;
    let (mut mails, mut texts) = (Vec::new(), Vec::new());
    for ticket in &solved.tickets {
        let mut walk = Walk::begin(site, ticket.person).await?;
        let walked = async {
            walk.identify(&ticket.captcha).await?;
            walk.choose(Gate::Email).await?;
            let (mail, began) = (mailbox.code_to(&ticket.person.address()), Instant::now());
            walk.destination(&ticket.person.address()).await?;
            within(mail).await?;
            mails.push(began.elapsed().as_secs_f64());
            walk.choose(Gate::MobileSms).await?;
            let (text, began) = (phone.text_to(&ticket.person.mobile()), Instant::now());
            walk.destination(&ticket.person.mobile()).await?;
            texts.push(within(text).await?.duration_since(began).as_secs_f64());
            Ok::<_, Failure>(())
        };
        walked
            .await
            .map_err(|failure| anyhow!("measure handing over: {failure}"))?;
    }
    for (what, seconds) in [("mail", mails), ("text message", texts)] {
        let name = |figure: &str| format!("{what}: from the address or number to its code handed over, {figure}");
        table.row(name("median"), median(&seconds), "s", Against::Nothing);
        table.row(name("p95"), per_mille(&seconds, 950), "s", Against::Nothing);
    }
    Ok(())
}

async fn within<T>(message: tokio::sync::oneshot::Receiver<T>) -> Result<T, Failure> {
    match tokio::time::timeout(LOST, message).await {
        Ok(Ok(arrived)) => Ok(arrived),
        _ => Err(Failure::Other("no message came within 20 s".to_owned())),
    }
}
