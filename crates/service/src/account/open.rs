//! The browsers in which somebody is signed in: listed, and ended one by one or all at once.

use super::Account;
use crate::audit;
use crate::visit::{Keep, Stepped, Visit};
use regain_domain::audit::{Activity, Entry};
use regain_domain::ids::SessionId;
use regain_domain::sign_in::{AccountScreen, OpenSession, Said};
use regain_domain::{Timestamp, device};
use regain_store::sessions::{Session, Stage};
use regain_store::{Tx, sessions};
use uuid::Uuid;

impl Account {
    /// Ends another session of whoever is signed in; without an id all the others. One's own ends by signing out.
    pub async fn end_sessions(&self, visit: &Visit, id: &str) -> anyhow::Result<Stepped<AccountScreen>> {
        let now = self.core.now();
        let tx = self.core.store.write(visit.tenant.id).await?;
        let Some((own, person)) = self.signed_in(&tx, visit, now).await? else {
            drop(tx);
            return self.stale(visit).await;
        };
        let (n, which) = match id {
            "" => (sessions::end_all(&tx, person.id, Some(own.id), now).await?, "others"),
            id => (u64::from(end_other(&tx, &own, id, now).await?), "another"),
        };
        if n == 0 {
            // It was over already, or never theirs: the page shows what there is.
            drop(tx);
            return self.stale(visit).await;
        }
        let entry = Entry::success(Activity::SignOut, which);
        audit::write(&tx, visit, &entry, Some(&person), Some(person.id), None, now).await?;
        tx.commit().await?;
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        let note = self.said_at_home(visit, Said::SessionsEnded { n })?;
        let after = Visit {
            note: Some(note.clone()),
            ..visit.clone()
        };
        Ok(Stepped {
            note: Keep::Set(note),
            ..Stepped::new(self.look(&after).await?)
        })
    }
}

async fn end_other(tx: &Tx, own: &Session, id: &str, now: Timestamp) -> anyhow::Result<bool> {
    let Ok(id) = Uuid::parse_str(id).map(SessionId) else {
        return Ok(false);
    };
    let all = sessions::of_account(tx, own.account).await?;
    match all.iter().any(|session| session.id == id && id != own.id) {
        true => Ok(sessions::end(tx, id, now).await?),
        false => Ok(false),
    }
}

/// Those of the person that count now, the present one first.
pub(super) async fn listed(tx: &Tx, own: &Session, now: Timestamp) -> anyhow::Result<Vec<OpenSession>> {
    let all = sessions::of_account(tx, own.account).await?;
    let is_open = |session: &Session| session.stage == Stage::SignedIn && session.is_alive(now);
    let mut open: Vec<OpenSession> = all
        .into_iter()
        .filter(is_open)
        .map(|session| OpenSession {
            id: session.id,
            is_this: session.id == own.id,
            device: device::told(&session.device),
            network: session.network,
            began_at: session.created_at,
            used_at: session.seen_at,
        })
        .collect();
    open.sort_by_key(|session| !session.is_this);
    Ok(open)
}
