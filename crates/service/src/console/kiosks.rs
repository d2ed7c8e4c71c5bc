//! The console's page of locked workstations: enrolled by the fingerprint of their token, listed, removed (R58).

use super::newcomer::plain;
use super::{Console, Outside};
use crate::again::again;
use crate::note::{self, Note, Page};
use crate::visit::{Keep, Standing, Stepped, Visit};
use regain_domain::Timestamp;
use regain_domain::audit::Activity;
use regain_domain::ids::KioskId;
use regain_domain::kiosk::{Fingerprint, KioskSaid, KiosksView, is_token};
use regain_domain::limits::{FINGERPRINT_MOST, KIOSKS_MOST, PLAIN_NAME_MOST};
use regain_domain::people::Wrong;
use regain_domain::policy::Workstations;
use regain_domain::role::Act;
use regain_domain::staff::Guarded;
use regain_store::{Error, Tx, kiosks};

/// Why each of name and fingerprint was refused.
type Wrongs = [Option<Wrong>; 2];

/// What came of enrolling one.
enum Added {
    Shut(Outside),
    /// Its name.
    Done(String),
    Wrong(Wrongs),
}

impl Console {
    /// All of them.
    pub async fn look_kiosks(&self, visit: &Visit) -> anyhow::Result<Guarded<KiosksView>> {
        let (tx, staff) = match self.enter_reading(visit, Act::Policy).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(outside.into()),
        };
        let note = note::read(&self.core, visit, Page::Kiosks).unwrap_or_default();
        Ok(Guarded::Page(Box::new(KiosksView {
            reader: staff.reader(),
            is_required: visit.tenant.settings.policy.workstations == Workstations::Enrolled,
            kiosks: kiosks::all(&tx).await?,
            typed: note.kiosk_typed.unwrap_or_default(),
            said: note.kiosk,
        })))
    }

    /// Enrols one.
    pub async fn add_kiosk(
        &self,
        visit: &Visit,
        name: &str,
        fingerprint: &str,
    ) -> anyhow::Result<Stepped<Guarded<KiosksView>>> {
        let note = match again(|| self.added_kiosk(visit, name, fingerprint)).await? {
            Added::Shut(outside) => return self.shut_out(visit, outside).await,
            Added::Done(name) => Note {
                kiosk: Some((KioskSaid::Added, name)),
                ..Note::default()
            },
            Added::Wrong([of_name, of_fingerprint]) => Note {
                kiosk_typed: Some([
                    (name.chars().take(PLAIN_NAME_MOST).collect(), of_name),
                    (shown_again(fingerprint), of_fingerprint),
                ]),
                ..Note::default()
            },
        };
        self.after_kiosk(visit, note, Standing::Current).await
    }

    async fn added_kiosk(&self, visit: &Visit, name: &str, fingerprint: &str) -> anyhow::Result<Added> {
        let (tx, staff) = match self.enter(visit, Act::Policy).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Added::Shut(outside)),
        };
        let name = match enrol(&tx, name, fingerprint, self.core.now()).await? {
            Ok(name) => name,
            Err(wrongs) => return Ok(Added::Wrong(wrongs)),
        };
        let what = format!("add {name}");
        self.told(&tx, visit, &staff, None, (Activity::KioskChanged, &what))
            .await?;
        tx.commit().await?;
        Ok(Added::Done(name))
    }

    /// Removes one: what its browser shows is over at once.
    pub async fn remove_kiosk(&self, visit: &Visit, kiosk: KioskId) -> anyhow::Result<Stepped<Guarded<KiosksView>>> {
        let note = match again(|| self.removed_kiosk(visit, kiosk)).await? {
            Err(outside) => return self.shut_out(visit, outside).await,
            Ok(None) => return self.after_kiosk(visit, Note::default(), Standing::Stale).await,
            Ok(Some(name)) => Note {
                kiosk: Some((KioskSaid::Removed, name)),
                ..Note::default()
            },
        };
        self.after_kiosk(visit, note, Standing::Current).await
    }

    /// Its name; nothing if it was no longer there.
    async fn removed_kiosk(&self, visit: &Visit, kiosk: KioskId) -> anyhow::Result<Result<Option<String>, Outside>> {
        let (tx, staff) = match self.enter(visit, Act::Policy).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Err(outside)),
        };
        let Some(name) = kiosks::remove(&tx, kiosk).await? else {
            return Ok(Ok(None));
        };
        let what = format!("remove {name}");
        self.told(&tx, visit, &staff, None, (Activity::KioskChanged, &what))
            .await?;
        tx.commit().await?;
        Ok(Ok(Some(name)))
    }

    async fn after_kiosk(
        &self,
        visit: &Visit,
        note: Note,
        standing: Standing,
    ) -> anyhow::Result<Stepped<Guarded<KiosksView>>> {
        let note = Note {
            page: Page::Kiosks,
            at: self.core.now(),
            ..note
        };
        let note = note::write(&self.core, visit, &note)?;
        let screen = self.look_kiosks(&visit.with_note(&note)).await?;
        Ok(Stepped {
            note: Keep::Set(note),
            standing,
            ..Stepped::new(screen)
        })
    }
}

/// What was typed as a fingerprint. A token that got into the field is a secret, and is not repeated (R29).
fn shown_again(typed: &str) -> String {
    match is_token(typed.trim()) && Fingerprint::parse(typed).is_err() {
        true => String::new(),
        false => typed.chars().take(FINGERPRINT_MOST).collect(),
    }
}

/// Enrols one by what was typed; its name as it is kept. For the console and for commands.
pub(crate) async fn enrol(
    tx: &Tx,
    name: &str,
    fingerprint: &str,
    now: Timestamp,
) -> anyhow::Result<Result<String, Wrongs>> {
    let name = match plain(name.trim()) {
        Ok(name) if name.is_empty() => Err(Wrong::Missing),
        name => name,
    };
    let (name, fingerprint) = match (name, Fingerprint::parse(fingerprint)) {
        (Ok(name), Ok(fingerprint)) => (name, fingerprint),
        (name, fingerprint) => return Ok(Err([name.err(), fingerprint.err()])),
    };
    let all = kiosks::all(tx).await?;
    if all.len() >= KIOSKS_MOST {
        let most = u32::try_from(KIOSKS_MOST).unwrap_or(u32::MAX);
        return Ok(Err([Some(Wrong::Enough { most }), None]));
    }
    let text = fingerprint.to_string();
    let taken = |is_taken: bool| is_taken.then_some(Wrong::Taken);
    let wrongs = [
        taken(all.iter().any(|other| other.name == name)),
        taken(all.iter().any(|other| other.fingerprint == text)),
    ];
    if wrongs.iter().any(Option::is_some) {
        return Ok(Err(wrongs));
    }
    match kiosks::add(tx, &name, fingerprint, now).await {
        Ok(_) => Ok(Ok(name)),
        // Somebody else has just enrolled it.
        Err(Error::Conflict) => Ok(Err([Some(Wrong::Taken), None])),
        Err(error) => Err(error.into()),
    }
}
