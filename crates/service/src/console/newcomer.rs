//! An account that is to be made, read field by field. It has no password: its person sets the first one by a reset, with what
//! was loaded here (`domain.md` §2).

use super::{Console, Staff};
use crate::again::again;
use crate::dice::bytes;
use crate::hash::Hasher;
use crate::note::Note;
use crate::numbers;
use crate::visit::{Stepped, Visit};
use regain_domain::account::{Status, UserName};
use regain_domain::audit::Activity;
use regain_domain::brand::plain_text;
use regain_domain::gate::{MethodKind, Root, email};
use regain_domain::ids::{AccountId, GroupId};
use regain_domain::limits::{ACCOUNTS_PER_DESTINATION, PLAIN_NAME_MOST, USER_NAME_MOST};
use regain_domain::locale::Language;
use regain_domain::people::{Field, Fields, NewcomerView, PersonView, Said, Wrong};
use regain_domain::policy::Group;
use regain_domain::role::Act;
use regain_domain::staff::Guarded;
use regain_domain::tenant::TenantSettings;
use regain_domain::{Refusal, Timestamp};
use regain_store::accounts::NewAccount;
use regain_store::methods::NewMethod;
use regain_store::{Error, Tx, accounts, desk, groups, methods};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The form that was posted and refused.
const TYPED: &str = "newcomer";

/// What fields say, once they are read.
pub(crate) struct Newcomer {
    pub(crate) user_name: UserName,
    given_name: String,
    family_name: String,
    mail: Option<String>,
    language: Option<Language>,
    /// Kinds with an address or number, in the order in which they are tried.
    pub(crate) ways: Vec<(Field, MethodKind, String)>,
    groups: Vec<GroupId>,
}

/// Reads the fields, or says what is wrong with each.
pub(crate) fn read(
    fields: &Fields,
    settings: &TenantSettings,
    groups: &[Group],
) -> Result<Newcomer, Vec<(Field, Wrong)>> {
    let mut wrongs = Vec::new();
    let user_name = taken(&mut wrongs, Field::UserName, user_name(fields, settings));
    let given_name = taken(&mut wrongs, Field::GivenName, plain(fields.text(Field::GivenName)));
    let family_name = taken(&mut wrongs, Field::FamilyName, plain(fields.text(Field::FamilyName)));
    let mail = taken(&mut wrongs, Field::Mail, address(fields.text(Field::Mail)));
    let language = taken(&mut wrongs, Field::Language, language(fields.text(Field::Language)));
    let groups = taken(&mut wrongs, Field::Groups, in_groups(fields, groups));
    let ways = [
        (Field::AlternateMail, MethodKind::Email),
        (Field::Mobile, MethodKind::Mobile),
        (Field::Office, MethodKind::Office),
    ];
    let mut read = Vec::new();
    for (field, kind) in ways {
        if let Some(Some(value)) = taken(&mut wrongs, field, way(kind, fields.text(field), settings)) {
            read.push((field, kind, value));
        }
    }
    match (user_name, given_name, family_name, mail, language, groups) {
        (Some(user_name), Some(given_name), Some(family_name), Some(mail), Some(language), Some(groups))
            if wrongs.is_empty() =>
        {
            Ok(Newcomer {
                user_name,
                given_name,
                family_name,
                mail,
                language,
                ways: read,
                groups,
            })
        }
        _ => Err(wrongs),
    }
}

fn taken<T>(wrongs: &mut Vec<(Field, Wrong)>, field: Field, read: Result<T, Wrong>) -> Option<T> {
    read.map_err(|wrong| wrongs.push((field, wrong))).ok()
}

fn user_name(fields: &Fields, settings: &TenantSettings) -> Result<UserName, Wrong> {
    UserName::parse(fields.text(Field::UserName), settings.first_domain()).map_err(|refusal| match refusal {
        Refusal::UsernameMissing => Wrong::Missing,
        Refusal::TooLong => too_long(USER_NAME_MOST),
        _ => Wrong::NameForm,
    })
}

/// A name as people write it.
pub(crate) fn plain(typed: &str) -> Result<String, Wrong> {
    match typed {
        _ if typed.chars().count() > PLAIN_NAME_MOST => Err(too_long(PLAIN_NAME_MOST)),
        _ if plain_text(typed) != typed || typed.chars().any(char::is_control) => Err(Wrong::Characters),
        _ => Ok(typed.to_owned()),
    }
}

pub(super) fn too_long(most: usize) -> Wrong {
    Wrong::TooLong {
        most: u32::try_from(most).unwrap_or(u32::MAX),
    }
}

fn address(typed: &str) -> Result<Option<String>, Wrong> {
    match typed {
        "" => Ok(None),
        _ if typed.len() > email::MOST => Err(too_long(email::MOST)),
        _ if !email::is_form(typed) => Err(Wrong::MailForm),
        _ => Ok(Some(typed.to_owned())),
    }
}

fn language(typed: &str) -> Result<Option<Language>, Wrong> {
    match typed {
        "" => Ok(None),
        tag => Language::of_tag(tag).map(Some).ok_or(Wrong::LanguageUnknown),
    }
}

fn in_groups(fields: &Fields, groups: &[Group]) -> Result<Vec<GroupId>, Wrong> {
    let id = |name: &str| {
        let found = groups.iter().find(|(_, other)| other == name);
        found.map(|(id, _)| *id).ok_or_else(|| Wrong::GroupUnknown {
            name: name.chars().take(PLAIN_NAME_MOST).collect(),
        })
    };
    let named: Result<BTreeSet<GroupId>, Wrong> = fields.groups().map(id).collect();
    named.map(|named| named.into_iter().collect())
}

fn way(kind: MethodKind, typed: &str, settings: &TenantSettings) -> Result<Option<String>, Wrong> {
    match kind {
        _ if typed.is_empty() => Ok(None),
        MethodKind::Email => match address(typed)? {
            Some(mail) if !email::may_take_codes(&mail, &settings.domains) => Err(Wrong::MailOwn),
            mail => Ok(mail),
        },
        kind => match numbers::registrable(&settings.policy.phones, kind, typed) {
            Ok(number) => Ok(Some(number)),
            Err(Refusal::NumberCountry) => Err(Wrong::NumberCountry),
            Err(Refusal::NumberUnfit) => Err(Wrong::NumberUnfit),
            Err(_) => Err(Wrong::NumberForm),
        },
    }
}

/// What an address or number stands on.
pub(super) fn root(kind: MethodKind, value: &str) -> Root {
    match kind {
        MethodKind::Email => Root::mail(value),
        _ => Root::phone(value),
    }
}

impl Console {
    /// The form that makes one account, as it was refused last.
    pub async fn look_newcomer(&self, visit: &Visit) -> anyhow::Result<Guarded<NewcomerView>> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, Act::ManageUsers).await? {
            Err(outside) => outside.into(),
            Ok(staff) => {
                let typed: Option<(Fields, Vec<(Field, Wrong)>)> = desk::get(&tx, staff.session.id, TYPED).await?;
                let (fields, wrongs) = typed.unwrap_or_default();
                Guarded::Page(Box::new(NewcomerView {
                    reader: staff.reader(),
                    fields,
                    wrongs,
                }))
            }
        })
    }

    /// Makes one account and opens it; or keeps what was typed, with what is wrong.
    pub async fn create(&self, visit: &Visit, fields: Fields) -> anyhow::Result<Stepped<Guarded<Option<PersonView>>>> {
        match again(|| self.created(visit, &fields)).await? {
            Created::Shut(outside) => self.shut_out(visit, outside).await,
            Created::Wrong => Ok(Stepped::new(Guarded::Page(Box::new(None)))),
            Created::Made(id) => {
                let note = Note {
                    assisted: Some(Said::Created),
                    ..Note::default()
                };
                self.after_act(visit, id, note).await
            }
        }
    }

    async fn created(&self, visit: &Visit, fields: &Fields) -> anyhow::Result<Created> {
        let now = self.core.now();
        let (tx, staff) = match self.enter(visit, Act::ManageUsers).await? {
            Ok(entered) => entered,
            Err(outside) => return Ok(Created::Shut(outside)),
        };
        let groups = groups::all(&tx).await?;
        let read = match read(fields, &visit.tenant.settings, &groups) {
            Ok(newcomer) => match self.unfit(&tx, &newcomer).await? {
                None => Ok(newcomer),
                Some(wrong) => Err(vec![wrong]),
            },
            Err(wrongs) => Err(wrongs),
        };
        match read {
            Ok(newcomer) => {
                let ids = match self.make(&tx, vec![newcomer], now).await {
                    Err(Error::Conflict) => {
                        drop(tx);
                        return self
                            .refused_newcomer(visit, &staff, fields, vec![(Field::UserName, Wrong::Taken)])
                            .await;
                    }
                    made => made?,
                };
                let Some(id) = ids.first().copied() else {
                    return Ok(Created::Wrong);
                };
                desk::clear(&tx, staff.session.id, TYPED).await?;
                self.told(&tx, visit, &staff, Some(id), (Activity::AccountChanged, "created"))
                    .await?;
                self.opened(&tx, visit, &staff, id).await?;
                tx.commit().await?;
                Ok(Created::Made(id))
            }
            Err(wrongs) => {
                drop(tx);
                self.refused_newcomer(visit, &staff, fields, wrongs).await
            }
        }
    }

    async fn refused_newcomer(
        &self,
        visit: &Visit,
        staff: &Staff,
        fields: &Fields,
        wrongs: Vec<(Field, Wrong)>,
    ) -> anyhow::Result<Created> {
        let tx = self.core.store.write(visit.tenant.id).await?;
        desk::put(&tx, staff.session.id, TYPED, &(fields, wrongs)).await?;
        tx.commit().await?;
        Ok(Created::Wrong)
    }

    /// What rows say against it: a name that is there, or an address or number that as many have as may (R53).
    async fn unfit(&self, tx: &Tx, newcomer: &Newcomer) -> anyhow::Result<Option<(Field, Wrong)>> {
        if accounts::by_name(tx, &newcomer.user_name).await?.is_some() {
            return Ok(Some((Field::UserName, Wrong::Taken)));
        }
        let nobody = AccountId(Uuid::nil());
        for (field, kind, value) in &newcomer.ways {
            if methods::n_others(tx, nobody, &root(*kind, value)).await? >= ACCOUNTS_PER_DESTINATION {
                return Ok(Some((*field, Wrong::Shared)));
            }
        }
        Ok(None)
    }

    /// Makes accounts with what was loaded for them, and without passwords; gives their ids.
    pub(super) async fn make(&self, tx: &Tx, all: Vec<Newcomer>, now: Timestamp) -> Result<Vec<AccountId>, Error> {
        let row = |newcomer: &Newcomer| {
            let dice = &mut self.core.dice();
            NewAccount {
                password_hash: Hasher::of_nobody(bytes(dice), bytes(dice)),
                ..newcomer.account(now)
            }
        };
        let rows: Vec<NewAccount> = all.iter().map(row).collect();
        accounts::insert_all(tx, &rows, now).await?;
        let ids: Vec<AccountId> = rows.iter().map(|row| row.id).collect();
        let mut loaded = Vec::new();
        for (id, newcomer) in ids.iter().zip(&all) {
            loaded.extend(newcomer.ways.iter().map(|(_, kind, value)| NewMethod {
                account: *id,
                kind: *kind,
                value: Some(value),
                secret: None,
                is_verified: false,
            }));
        }
        methods::add_first(tx, &loaded, now).await?;
        let pairs: Vec<_> = ids
            .iter()
            .zip(&all)
            .flat_map(|(id, newcomer)| newcomer.groups.iter().map(|group| (*group, *id)))
            .collect();
        groups::add_new(tx, &pairs).await?;
        Ok(ids)
    }
}

impl Newcomer {
    /// The account, whose password's hash is still to come.
    pub(crate) fn account(&self, now: Timestamp) -> NewAccount {
        NewAccount {
            id: AccountId(Uuid::new_v4()),
            user_name: self.user_name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            primary_mail: self.mail.clone(),
            status: Status::Active,
            password_hash: String::new(),
            password_changed_at: now,
            password_expires_at: None,
            must_change: false,
            language: self.language,
            roles: Vec::new(),
        }
    }
}

/// What came of making one.
enum Created {
    /// Whoever posted may not.
    Shut(super::Outside),
    /// What was typed is kept, with what is wrong.
    Wrong,
    /// It is there.
    Made(AccountId),
}
