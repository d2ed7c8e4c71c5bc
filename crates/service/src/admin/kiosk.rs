//! Locked workstations, enrolled and removed by a command: for whoever rolls out many (R58).

use super::Wrong;
use super::find::{find, no_tenant, trail};
use crate::Service;
use crate::console::kiosks::enrol;
use regain_domain::audit::Activity;
use regain_domain::kiosk::KioskRow;
use regain_domain::people::Wrong as Typed;
use regain_store::kiosks as rows;

/// All of a tenant.
pub async fn kiosks(service: &Service, tenant: &str) -> anyhow::Result<Result<Vec<KioskRow>, Wrong>> {
    let Some((tenant, _)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let tx = service.core.store.read(tenant.id).await?;
    Ok(Ok(rows::all(&tx).await?))
}

/// Enrols one, by name and fingerprint.
pub async fn add_kiosk(
    service: &Service,
    tenant: &str,
    (name, fingerprint): (&str, &str),
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let Some((tenant, _)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    let name = match enrol(&tx, name, fingerprint, service.now()).await? {
        Ok(name) => name,
        Err([of_name, of_fingerprint]) => {
            let words = |what: &str, wrong: Option<Typed>| wrong.map(|wrong| format!("{what}: {}", words(&wrong)));
            let wrongs = [words("name", of_name), words("fingerprint", of_fingerprint)];
            return Ok(Err(wrongs.into_iter().flatten().collect::<Vec<_>>().join("; ")));
        }
    };
    let act = format!("add {name}");
    trail(service, &tx, &tenant, None, Activity::KioskChanged, &act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Removes one, by its name.
pub async fn remove_kiosk(
    service: &Service,
    tenant: &str,
    name: &str,
    request_id: &str,
) -> anyhow::Result<Result<(), Wrong>> {
    let Some((tenant, _)) = find(service, tenant).await? else {
        return Ok(Err(no_tenant(tenant)));
    };
    let tx = service.core.store.write(tenant.id).await?;
    let all = rows::all(&tx).await?;
    let Some(kiosk) = all.iter().find(|kiosk| kiosk.name == name.trim()) else {
        return Ok(Err(format!(
            "`{name}` is not enrolled; `regain kiosk list` shows what is"
        )));
    };
    rows::remove(&tx, kiosk.id).await?;
    let act = format!("remove {}", kiosk.name);
    trail(service, &tx, &tenant, None, Activity::KioskChanged, &act, request_id).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Why something typed was not taken, for an operator.
fn words(wrong: &Typed) -> String {
    match wrong {
        Typed::Missing => "missing".to_owned(),
        Typed::Taken => "another one has it already; `regain kiosk list` shows them".to_owned(),
        Typed::TooLong { most } => format!("at most {most} characters"),
        Typed::Enough { most } => {
            format!("there are {most}, and no more fit; let workstations of one kind share a token")
        }
        Typed::Fingerprint => "64 hexadecimal digits, the SHA-256 of the token".to_owned(),
        other => other.code().to_owned(),
    }
}
