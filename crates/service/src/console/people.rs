//! People: who is found, and whose record is opened. Both are posts, since the audit is told of them (R54), and are drawn from
//! the session's desk until something else is asked for.

use super::{Console, Staff};
use crate::visit::{Stepped, Visit};
use regain_domain::account::UserName;
use regain_domain::audit::Activity;
use regain_domain::ids::AccountId;
use regain_domain::limits::{PEOPLE_FOUND_MOST, USER_NAME_MOST};
use regain_domain::people::{Found, PeopleView, PersonView, SEARCH_MOST, Search};
use regain_domain::role::Act;
use regain_domain::staff::Guarded;
use regain_store::{Tx, accounts, desk, people};

/// What a session looks for.
const SEARCH: &str = "people";
/// Whose record it has opened.
pub(super) const OPENED: &str = "person";

impl Console {
    /// The form, and whom the session looked for last.
    pub async fn look_people(&self, visit: &Visit) -> anyhow::Result<Guarded<PeopleView>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::Assist).await? {
            Err(outside) => outside.into(),
            Ok(staff) => Guarded::Page(Box::new(self.list(&tx, &staff).await?)),
        })
    }

    /// Looks for people.
    pub async fn find(&self, visit: &Visit, search: Search) -> anyhow::Result<Stepped<Guarded<PeopleView>>> {
        let (tx, staff) = match self.enter(visit, Act::Assist).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        let search = Search {
            words: search.words.chars().take(SEARCH_MOST).collect(),
            after: search.after.chars().take(USER_NAME_MOST).collect(),
            ..search
        };
        desk::put(&tx, staff.session.id, SEARCH, &search).await?;
        self.told(&tx, visit, &staff, None, (Activity::PersonRead, "found"))
            .await?;
        let view = self.list(&tx, &staff).await?;
        tx.commit().await?;
        Ok(Stepped::new(Guarded::Page(Box::new(view))))
    }

    /// Opens a person's record. An id that is nobody's opens nothing (R49).
    pub async fn open(&self, visit: &Visit, id: AccountId) -> anyhow::Result<Stepped<Guarded<Option<PersonView>>>> {
        let (tx, staff) = match self.enter(visit, Act::Assist).await? {
            Ok(entered) => entered,
            Err(outside) => return self.shut_out(visit, outside).await,
        };
        if accounts::by_id(&tx, id).await?.is_some() {
            self.opened(&tx, visit, &staff, id).await?;
        } else {
            desk::clear(&tx, staff.session.id, OPENED).await?;
        }
        tx.commit().await?;
        Ok(Stepped::new(self.look_person(visit).await?))
    }

    /// From now on the session has a person's record before it.
    pub(super) async fn opened(&self, tx: &Tx, visit: &Visit, staff: &Staff, id: AccountId) -> anyhow::Result<()> {
        desk::put(tx, staff.session.id, OPENED, &id).await?;
        self.told(tx, visit, staff, Some(id), (Activity::PersonRead, "opened"))
            .await
    }

    async fn list(&self, tx: &Tx, staff: &Staff) -> anyhow::Result<PeopleView> {
        let search: Option<Search> = desk::get(tx, staff.session.id, SEARCH).await?;
        let found = match &search {
            Some(search) => people::find(tx, search, one_more()).await?,
            None => Vec::new(),
        };
        let found = found.iter().map(Found::from).collect();
        Ok(PeopleView::of(staff.reader(), search, found))
    }
}

/// As many as a page shows, and one that says whether there is another page.
pub(super) fn one_more() -> u64 {
    PEOPLE_FOUND_MOST as u64 + 1
}

/// The account of a user name as staff type it: a bare name gets the first domain.
pub(super) async fn named(
    tx: &Tx,
    visit: &Visit,
    typed: &str,
) -> anyhow::Result<Option<regain_domain::account::Account>> {
    match UserName::parse(typed, visit.tenant.settings.first_domain()) {
        Ok(name) => Ok(accounts::by_name(tx, &name).await?),
        Err(_) => Ok(None),
    }
}
