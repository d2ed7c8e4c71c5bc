//! The set-up: while there is no organisation, whoever has the key from the server's console makes the first one, page by page.
//! What was typed is one sealed row; nothing of it counts before the last post, which makes all of it at once.

mod draft;
mod finish;

use crate::admin::fresh_settings;
use crate::again::again;
use crate::base32;
use crate::core::{Core, cookie_hash};
use crate::dice::bytes;
use crate::hash::Crowded;
use crate::note::{self, Note, Page};
use crate::registration::app_key;
use crate::reset::step_of;
use crate::visit::{Keep, Standing, Stepped, Tenancy, Visit};
use draft::{Draft, Typed, of_password};
use regain_domain::gate::plain_digits;
use regain_domain::ids::TenantId;
use regain_domain::limits::SETUP_LIFE;
use regain_domain::password::{Names, NewPassword, PasswordPolicy, normal_form, refusals};
use regain_domain::people::Field;
use regain_domain::setup::{SetupField, SetupPage, SetupScreen, SetupStep, SetupWrong, SetupWrongs};
use regain_domain::text::in_fours;
use regain_domain::{Refusal, Secret};
use regain_store::setup::{self as rows, Draft as Row, Key};
use regain_store::tenants;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Bytes of the key: more than anybody can try.
const KEY: usize = 20;
/// Bytes of the secret of an app (R11).
const SECRET: usize = 20;

/// The service of `/setup`. Cheap to clone.
#[derive(Clone)]
pub struct Setup {
    pub(crate) core: Arc<Core>,
}

/// A password, typed twice.
pub struct Twice {
    /// The first time.
    pub new: Secret,
    /// The second time.
    pub repeated: Secret,
}

/// The browser that has used the key, and what it has typed so far.
struct Opened {
    browser: [u8; 32],
    revision: i64,
    draft: Draft,
}

impl Setup {
    /// While there is no organisation: a new key, in groups of four, to be shown on the server's console. The one before, and
    /// what was typed with it, is gone.
    pub async fn begin(&self) -> anyhow::Result<Option<String>> {
        if self.is_over().await? {
            return Ok(None);
        }
        let key = bytes::<KEY>(&mut self.core.dice());
        rows::begin(&self.core.store, Sha256::digest(key).into()).await?;
        Ok(Some(in_fours(&base32::encode(&key))))
    }

    /// The house of the page, while there is no organisation: nobody's rows, and a name. `base_url`: where the browser is.
    pub fn house(base_url: String) -> Tenancy {
        Tenancy {
            id: TenantId(Uuid::nil()),
            base_url,
            settings: Arc::new(fresh_settings("Regain".to_owned(), Vec::new())),
            version: 0,
        }
    }

    /// What the page shows. Writes nothing.
    pub async fn look(&self, visit: &Visit) -> anyhow::Result<SetupScreen> {
        if self.is_over().await? {
            return Ok(SetupScreen::Over { address: None });
        }
        match self.opened(visit).await? {
            Some(opened) => screen(&opened.draft),
            None => Ok(SetupScreen::Key {
                wrong: note::read(&self.core, visit, Page::Setup).and_then(|note| note.setup),
            }),
        }
    }

    /// Uses the key, once.
    pub async fn open(&self, visit: &Visit, key: &Secret) -> anyhow::Result<Stepped<SetupScreen>> {
        if self.is_over().await? {
            return Ok(stale(SetupScreen::Over { address: None }));
        }
        let cookie = self.core.cookie();
        let until = self.core.now().plus(SETUP_LIFE);
        let plain: Zeroizing<String> =
            Zeroizing::new(key.expose().chars().filter(char::is_ascii_alphanumeric).collect());
        let taken = match base32::decode(&plain) {
            Some(key) => {
                let hash = Sha256::digest(&key).into();
                again(async || Ok(rows::take(&self.core.store, hash, cookie_hash(&cookie), until).await?)).await?
            }
            None => Key::Unknown,
        };
        let wrong = match taken {
            Key::Taken => {
                tracing::warn!(network = %visit.network, "somebody has begun the set-up with the key of this console");
                let visit = Visit {
                    flow: Some(cookie.clone()),
                    ..visit.clone()
                };
                return Ok(Stepped {
                    flow: Keep::Set(cookie),
                    note: Keep::Drop,
                    ..Stepped::new(self.look(&visit).await?)
                });
            }
            Key::Used => SetupWrong::KeyUsed,
            Key::Unknown => SetupWrong::KeyUnknown,
        };
        tracing::warn!(network = %visit.network, code = wrong.code(), "a key for the set-up was refused");
        let note = Note {
            page: Page::Setup,
            setup: Some(wrong.clone()),
            at: self.core.now(),
            ..Note::default()
        };
        Ok(Stepped {
            note: Keep::Set(note::write(&self.core, visit, &note)?),
            ..Stepped::new(SetupScreen::Key { wrong: Some(wrong) })
        })
    }

    /// The organisation.
    pub async fn organisation(&self, visit: &Visit, typed: Typed) -> anyhow::Result<Stepped<SetupScreen>> {
        let step = SetupStep::Organisation;
        let Some(mut opened) = self.at(visit, step).await? else {
            return self.late(visit).await;
        };
        opened.draft.put(step, typed);
        let wrongs = opened.draft.organisation().err().unwrap_or_default();
        self.kept(visit, opened, step, wrongs).await
    }

    /// The administrator.
    pub async fn admin(&self, visit: &Visit, typed: Typed, password: Twice) -> anyhow::Result<Stepped<SetupScreen>> {
        let step = SetupStep::Admin;
        let Some(mut opened) = self.at(visit, step).await? else {
            return self.late(visit).await;
        };
        opened.draft.put(step, typed);
        let (wrongs, hash) = self.judged(&opened.draft, step, &password).await?;
        opened.draft.kept.admin_hash = hash;
        self.kept(visit, opened, step, wrongs).await
    }

    /// A code of the administrator's app.
    pub async fn app(&self, visit: &Visit, code: Secret) -> anyhow::Result<Stepped<SetupScreen>> {
        let step = SetupStep::App;
        let Some(mut opened) = self.at(visit, step).await? else {
            return self.late(visit).await;
        };
        let typed = Secret::new(plain_digits(code.expose()));
        let found = step_of(&opened.draft.kept.secret, &typed, self.core.now())?;
        opened.draft.kept.spent = found.or(opened.draft.kept.spent);
        let wrongs = match found {
            Some(_) => Vec::new(),
            None => vec![(SetupField::Code, SetupWrong::CodeWrong)],
        };
        self.kept(visit, opened, step, wrongs).await
    }

    /// The test user and the pilot's group.
    pub async fn people(&self, visit: &Visit, typed: Typed, password: Twice) -> anyhow::Result<Stepped<SetupScreen>> {
        let step = SetupStep::People;
        let Some(mut opened) = self.at(visit, step).await? else {
            return self.late(visit).await;
        };
        opened.draft.put(step, typed);
        let (wrongs, hash) = self.judged(&opened.draft, step, &password).await?;
        opened.draft.kept.person_hash = hash;
        self.kept(visit, opened, step, wrongs).await
    }

    /// Back to a page, to change it.
    pub async fn back(&self, visit: &Visit, step: Option<SetupStep>) -> anyhow::Result<Stepped<SetupScreen>> {
        let opened = match step {
            Some(step) => self.at(visit, step).await?.map(|opened| (opened, step)),
            None => None,
        };
        let Some((mut opened, step)) = opened else {
            return self.late(visit).await;
        };
        opened.draft.at = step;
        opened.draft.wrongs.clear();
        self.written(visit, &opened).await
    }

    async fn is_over(&self) -> anyhow::Result<bool> {
        Ok(tenants::are_any(&self.core.store).await?)
    }

    async fn opened(&self, visit: &Visit) -> anyhow::Result<Option<Opened>> {
        let Some(cookie) = &visit.flow else { return Ok(None) };
        let browser = cookie_hash(cookie);
        let row: Option<Row<Draft>> = rows::draft(&self.core.store, browser, self.core.now()).await?;
        let begin = || Draft::begin(&visit.tenant.base_url, bytes::<SECRET>(&mut self.core.dice()).to_vec());
        Ok(row.map(|row| Opened {
            browser,
            revision: row.revision,
            draft: row.value.unwrap_or_else(begin),
        }))
    }

    /// The set-up, if it has come as far as a page.
    async fn at(&self, visit: &Visit, step: SetupStep) -> anyhow::Result<Option<Opened>> {
        if self.is_over().await? {
            return Ok(None);
        }
        let opened = self.opened(visit).await?;
        Ok(opened.filter(|opened| step <= opened.draft.far()))
    }

    /// What is wrong with a page that has a password, and the password's hash where nothing is.
    async fn judged(
        &self,
        draft: &Draft,
        step: SetupStep,
        password: &Twice,
    ) -> anyhow::Result<(SetupWrongs, Option<String>)> {
        let Ok(organisation) = draft.organisation() else {
            return Ok((Vec::new(), None));
        };
        let settings = &organisation.settings;
        let mut wrongs = match (step, draft.admin(settings)) {
            (SetupStep::People, Ok(admin)) => draft.people(settings, &admin).err(),
            (_, admin) => admin.err(),
        }
        .unwrap_or_default();
        let policy = policy(settings.password.clone(), step);
        let new = NewPassword {
            typed: &password.new,
            repeated: &password.repeated,
            present: None,
        };
        wrongs.extend(of_password(refusals(
            &policy,
            &names(draft, step),
            self.core.lists,
            new,
        )));
        if !wrongs.is_empty() {
            return Ok((wrongs, None));
        }
        let salt = bytes(&mut self.core.dice());
        match self.core.hasher.hash(normal_form(&password.new), salt).await? {
            Ok(hash) => Ok((wrongs, Some(hash))),
            Err(Crowded) => Ok((of_password(vec![Refusal::Busy { seconds: 2 }]), None)),
        }
    }

    /// Keeps a page: the next one is shown, or this one with what is wrong.
    async fn kept(
        &self,
        visit: &Visit,
        mut opened: Opened,
        step: SetupStep,
        wrongs: SetupWrongs,
    ) -> anyhow::Result<Stepped<SetupScreen>> {
        opened.draft.at = if wrongs.is_empty() { opened.draft.far() } else { step };
        opened.draft.wrongs = wrongs;
        self.written(visit, &opened).await
    }

    async fn written(&self, visit: &Visit, opened: &Opened) -> anyhow::Result<Stepped<SetupScreen>> {
        let Opened {
            browser,
            revision,
            draft,
        } = opened;
        if !again(async || Ok(rows::keep(&self.core.store, *browser, *revision, draft).await?)).await? {
            return self.late(visit).await;
        }
        // The cookie lasts from the last post on, not from the key.
        let flow = visit.flow.clone().map_or(Keep::AsIs, Keep::Set);
        Ok(Stepped {
            flow,
            ..Stepped::new(screen(draft)?)
        })
    }

    /// A post that came too late, or from a browser that has not used the key: the page as it stands.
    async fn late(&self, visit: &Visit) -> anyhow::Result<Stepped<SetupScreen>> {
        Ok(stale(self.look(visit).await?))
    }
}

/// The rules for whoever a page makes.
fn policy(policy: PasswordPolicy, step: SetupStep) -> PasswordPolicy {
    match step {
        SetupStep::Admin => policy.for_administrators(),
        _ => policy,
    }
}

/// What may not be in the password of whoever a page makes.
fn names(draft: &Draft, step: SetupStep) -> Names {
    let text = |field| draft.text(step, SetupField::Person(field));
    let local = text(Field::UserName).split('@').next().unwrap_or_default();
    Names::new([
        text(Field::GivenName),
        text(Field::FamilyName),
        local,
        draft.text(SetupStep::Organisation, SetupField::Name),
    ])
}

fn stale(screen: SetupScreen) -> Stepped<SetupScreen> {
    Stepped {
        standing: Standing::Stale,
        ..Stepped::new(screen)
    }
}

/// The page that a draft shows.
fn screen(draft: &Draft) -> anyhow::Result<SetupScreen> {
    let step = draft.at.min(draft.far());
    let organisation = draft.organisation().ok();
    let has_password = matches!(step, SetupStep::Admin | SetupStep::People);
    let rules = organisation
        .as_ref()
        .filter(|_| has_password)
        .map(|organisation| policy(organisation.settings.password.clone(), step).shown(names(draft, step)));
    let app = match (step, &organisation) {
        (SetupStep::App, Some(organisation)) => {
            let name = draft.text(SetupStep::Admin, SetupField::Person(Field::UserName));
            Some(app_key(&draft.kept.secret, &organisation.settings.brand.name, name)?)
        }
        _ => None,
    };
    let summary = match step {
        SetupStep::Review => draft.ready().ok().map(|ready| ready.summary()),
        _ => None,
    };
    Ok(SetupScreen::Page(Box::new(SetupPage {
        step,
        typed: draft.page(step).to_vec(),
        wrongs: draft.wrongs.clone(),
        rules,
        app,
        summary,
    })))
}
