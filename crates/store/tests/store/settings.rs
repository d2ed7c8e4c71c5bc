//! Tenants and what they have set.

use crate::world::{at, at_once, settings as named, tenant};
use regain_domain::brand::Brand;
use regain_domain::ids::TenantId;
use regain_domain::tenant::TenantSettings;
use regain_store::tenants::Tenant;
use regain_store::{Error, Store, settings, tenants};
use uuid::Uuid;

on_both! {
    a_tenant_is_found_by_its_host_alone
    settings_of_an_older_version_are_not_saved
    of_ten_who_save_at_once_one_does
}

async fn a_tenant_is_found_by_its_host_alone(store: Store) {
    let id = tenant(&store, "birch").await;
    tenant(&store, "acorn").await;
    let found = tenants::of_host(&store, "reset.birch.example").await.unwrap().unwrap();
    assert_eq!((found.id, found.version), (id, 1));
    assert_eq!(tenants::of_id(&store, id).await.unwrap().as_ref(), Some(&found));
    for host in ["", "birch.example", "RESET.birch.example", "reset.birch.example.", "%"] {
        assert_eq!(tenants::of_host(&store, host).await.unwrap(), None, "{host}");
    }
    let all = tenants::all(&store).await.unwrap();
    let slugs: Vec<&str> = all.iter().map(|tenant| tenant.slug.as_str()).collect();
    assert_eq!(slugs, ["acorn", "birch"]);
    let thief = Tenant {
        id: TenantId(Uuid::new_v4()),
        slug: "cedar".to_owned(),
        ..all[1].clone()
    };
    assert!(matches!(
        tenants::create(&store, &thief, &named("cedar"), at(0)).await,
        Err(Error::Conflict)
    ));
    assert_eq!(tenants::all(&store).await.unwrap().len(), 2);
}

async fn settings_of_an_older_version_are_not_saved(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let tx = store.write(tenant).await.unwrap();
    let first = settings::current(&tx).await.unwrap();
    assert_eq!((first.version, &first.value), (1, &named("acorn")));
    let changed = TenantSettings {
        brand: Brand::named("Acorn Works"),
        ..first.value
    };
    assert_eq!(settings::save(&tx, 1, &changed, None, at(1)).await.unwrap(), 2);
    assert!(matches!(
        settings::save(&tx, 1, &named("late"), None, at(2)).await,
        Err(Error::Conflict)
    ));
    let newest = settings::current(&tx).await.unwrap();
    assert_eq!((newest.version, &newest.value), (2, &changed));
    tx.commit().await.unwrap();
    let standing = tenants::of_id(&store, tenant).await.unwrap().unwrap();
    assert_eq!(standing.version, 2);
    assert_eq!(settings::at(&store, tenant, 2).await.unwrap(), changed);
    assert_eq!(settings::at(&store, tenant, 1).await.unwrap(), named("acorn"));
    assert!(matches!(settings::at(&store, tenant, 3).await, Err(Error::Conflict)));
}

async fn of_ten_who_save_at_once_one_does(store: Store) {
    let tenant = tenant(&store, "acorn").await;
    let saved = at_once(10, |number| {
        let store = store.clone();
        async move {
            let tx = store.write(tenant).await.unwrap();
            let saved = settings::save(&tx, 1, &named(&number.to_string()), None, at(1)).await;
            saved.is_ok() && tx.commit().await.is_ok()
        }
    })
    .await;
    assert_eq!(saved.into_iter().filter(|is_saved| *is_saved).count(), 1);
    assert_eq!(
        settings::current(&store.read(tenant).await.unwrap())
            .await
            .unwrap()
            .version,
        2
    );
}
