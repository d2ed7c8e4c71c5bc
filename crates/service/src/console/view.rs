//! What a page of the policy shows: settings, the change under way and whom it would touch. Writes nothing.

use super::{Console, Staff};
use crate::hex::encode;
use crate::note::{self, Page};
use crate::visit::Visit;
use regain_domain::account::Account;
use regain_domain::gate::Gate;
use regain_domain::gate::questions::Predefined;
use regain_domain::ids::AccountId;
use regain_domain::locale::Language;
use regain_domain::policy::page::{Change, Past, PolicyPage, PolicyScreen, PolicyView, Version};
use regain_domain::policy::preview::{Preview, advice};
use regain_domain::policy::setting::Setting;
use regain_domain::policy::{Group, Means, Migration, Scope, Wrong, differences, is_carried, moved, written, wrongs};
use regain_domain::registration::is_fresh;
use regain_domain::tenant::TenantSettings;
use regain_store::policy_drafts::{self, Draft};
use regain_store::settings::Saved;
use regain_store::{Tx, accounts, census, groups, settings};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Accounts that are read at a time.
const BATCH: u64 = 2_000;
/// Versions that are listed.
const LISTED: u32 = 50;

/// The settings that a draft would make, and what is wrong with them.
pub(super) struct Drafted {
    pub(super) after: TenantSettings,
    pub(super) wrongs: Vec<(Setting, Wrong)>,
}

/// A draft, what it would make, and the change that it is, where it can be saved and changes anything.
pub(super) struct UnderWay {
    pub(super) draft: Draft,
    drafted: Drafted,
    pub(super) change: Option<Change>,
}

/// What stands on a page is judged there; going back to a version is judged as a whole.
pub(super) fn drafted(draft: &Draft, before: &TenantSettings, groups: &[Group]) -> Drafted {
    let (after, mut found) = written(before, groups, &draft.typed);
    let unread: Vec<Setting> = found.iter().map(|(setting, _)| *setting).collect();
    let is_here = |setting: Setting| draft.page == PolicyPage::Versions || setting.page() == draft.page;
    let together = wrongs(&after)
        .into_iter()
        .map(|(setting, wrong)| (setting.on(draft.page), wrong))
        // Going back to a version is no move of its own: it restores what counted.
        .chain(moved(before, &after).filter(|_| draft.page != PolicyPage::Versions));
    found.extend(together.filter(|(setting, _)| is_here(*setting) && !unread.contains(setting)));
    Drafted { after, wrongs: found }
}

impl Console {
    /// What the page shows to whoever asks.
    pub async fn look(&self, visit: &Visit, page: PolicyPage) -> anyhow::Result<PolicyScreen> {
        let tx = self.core.store.read(visit.tenant.id).await?;
        Ok(match self.caller(&tx, visit, page.act()).await? {
            Err(outside) => outside.into(),
            Ok(staff) => PolicyScreen::Page(Box::new(self.view(&tx, visit, &staff, page).await?)),
        })
    }

    async fn view(&self, tx: &Tx, visit: &Visit, staff: &Staff, page: PolicyPage) -> anyhow::Result<PolicyView> {
        let (now, groups) = (visit.tenant.settings.as_ref(), groups::all(tx).await?);
        let under_way = self.under_way(tx, visit, staff, page, &groups).await?;
        let note = note::read(&self.core, visit, Page::Policy).unwrap_or_default();
        let shown = under_way.as_ref().map_or(now, |under_way| &under_way.drafted.after);
        let advice = advice(shown)
            .into_iter()
            .filter(|advice| advice.page().is_with(page))
            .collect();
        let values = values(page, now, &groups, under_way.as_ref().map(|under_way| &under_way.draft));
        let wrong_and_change = under_way.map(|under_way| (under_way.drafted.wrongs, under_way.change));
        let (wrongs, change) = wrong_and_change.unwrap_or_default();
        let mut names = Names::default();
        let version = settings::of_version(tx, visit.tenant.version).await?;
        let version = match version {
            Some(saved) => names.version(tx, &saved).await?,
            None => return Err(regain_store::Error::Conflict.into()),
        };
        Ok(PolicyView {
            reader: staff.reader(),
            page,
            values,
            wrongs,
            change,
            refusal: note.refusal,
            said: note.told,
            version,
            is_off: now.policy.scope == Scope::None,
            advice,
            history: match page {
                PolicyPage::Versions => history(tx, now, &groups, &mut names).await?,
                _ => Vec::new(),
            },
            groups: match page {
                PolicyPage::Properties | PolicyPage::MethodsPolicy => {
                    groups.into_iter().map(|(_, name)| name).collect()
                }
                _ => Vec::new(),
            },
            catalogue: catalogue(page, visit.language),
            edition: now.edition,
            migration: now.policy.methods.state,
            old: match page {
                PolicyPage::MethodsPolicy => old(now),
                _ => Vec::new(),
            },
            uncarried: uncarried(now),
        })
    }

    /// What this session has put down for a page.
    pub(super) async fn under_way(
        &self,
        tx: &Tx,
        visit: &Visit,
        staff: &Staff,
        page: PolicyPage,
        groups: &[Group],
    ) -> anyhow::Result<Option<UnderWay>> {
        let Some(draft) = policy_drafts::of_session(tx, staff.session.id, page).await? else {
            return Ok(None);
        };
        let before = visit.tenant.settings.as_ref();
        let drafted = drafted(&draft, before, groups);
        let differences = differences(before, &drafted.after, groups);
        let change = match drafted.wrongs.is_empty() && !differences.is_empty() {
            true => {
                let preview = self.preview(tx, before, &drafted.after).await?;
                Some(Change {
                    seen: seen(&draft, visit.tenant.version, &preview),
                    differences,
                    preview,
                    wants_password: !is_fresh(staff.session.password_at, self.core.now()),
                    is_overtaken: draft.version != visit.tenant.version,
                })
            }
            false => None,
        };
        Ok(Some(UnderWay { draft, drafted, change }))
    }

    /// Counts over all accounts, by the rule that decides afterwards.
    async fn preview(&self, tx: &Tx, before: &TenantSettings, after: &TenantSettings) -> anyhow::Result<Preview> {
        let (mut preview, mut last, now) = (Preview::default(), None, self.core.now());
        loop {
            let some = census::after(tx, last, BATCH).await?;
            let Some(end) = some.last() else { return Ok(preview) };
            last = Some(end.id);
            for account in &some {
                preview.count(account, before, after, now);
            }
        }
    }
}

/// Names what an administrator sees of a change. The people as well: where one has lost and another has got it meanwhile, the
/// counts are the same.
fn seen(draft: &Draft, version: i64, preview: &Preview) -> String {
    let touched = encode(&Sha256::digest(format!("{preview:?}")));
    format!("{}.{version}.{touched}", draft.id)
}

/// The texts of a page: as they were typed, else as they are.
fn values(page: PolicyPage, now: &TenantSettings, groups: &[Group], draft: Option<&Draft>) -> Vec<(Setting, String)> {
    let typed = |setting: Setting| {
        let typed = draft?.typed.iter().find(|(other, _)| *other == setting)?;
        Some(typed.1.clone())
    };
    let value = |setting: Setting| typed(setting).unwrap_or_else(|| setting.read(now, groups));
    page.settings()
        .into_iter()
        .filter(|setting| setting.stands(now))
        .map(|setting| (setting, value(setting)))
        .collect()
}

/// What the old settings allow, for the guide: the page of resets, and sign-in where the tenant came from.
fn old(settings: &TenantSettings) -> Vec<Gate> {
    let policy = &settings.policy;
    let is_old = |gate: &Gate| policy.gates.contains(gate) || policy.methods.sign_in.contains(gate);
    let is_left = |gate: &Gate| policy.methods.state != Migration::Complete && Means::of(*gate).is_some();
    Gate::ALL
        .into_iter()
        .filter(|gate| is_left(gate) && is_old(gate))
        .collect()
}

fn catalogue(page: PolicyPage, language: Language) -> Vec<(String, String)> {
    let worded = |one: &Predefined| (one.code().to_owned(), one.words(language).to_owned());
    match page {
        PolicyPage::AuthenticationMethods => Predefined::ALL.iter().map(worded).collect(),
        _ => Vec::new(),
    }
}

fn uncarried(settings: &TenantSettings) -> Vec<Gate> {
    let has_no_way = |gate: &Gate| !is_carried(*gate, settings);
    Gate::ALL.into_iter().filter(has_no_way).collect()
}

/// The newest versions, each with what it changed of the one before it.
async fn history(tx: &Tx, now: &TenantSettings, groups: &[Group], names: &mut Names) -> anyhow::Result<Vec<Past>> {
    let all = settings::history(tx, u64::from(LISTED) + 1).await?;
    let before = all.iter().skip(1).map(Some).chain(std::iter::once(None));
    let mut past = Vec::with_capacity(all.len());
    for (saved, before) in all.iter().zip(before).take(LISTED as usize) {
        past.push(Past {
            version: names.version(tx, saved).await?,
            differences: before.map_or_else(Vec::new, |before| differences(&before.value, &saved.value, groups)),
            leads_back: !differences(now, &saved.value, groups).is_empty(),
        });
    }
    Ok(past)
}

/// Who saved: few people, many versions.
#[derive(Default)]
pub(super) struct Names(HashMap<AccountId, String>);

impl Names {
    pub(super) async fn version(&mut self, tx: &Tx, saved: &Saved) -> anyhow::Result<Version> {
        let by = match saved.by {
            Some(id) => self.of(tx, id).await?,
            None => String::new(),
        };
        Ok(Version {
            number: saved.version,
            at: saved.at,
            by,
        })
    }

    async fn of(&mut self, tx: &Tx, id: AccountId) -> anyhow::Result<String> {
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let found = accounts::by_id(tx, id).await?;
        let name = found.as_ref().map(Account::display_name).unwrap_or_default();
        self.0.insert(id, name.clone());
        Ok(name)
    }
}
