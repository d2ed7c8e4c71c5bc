//! The posts that change a page of the policy: one field for each of its settings, by their codes.

use crate::Fault;
use regain_domain::policy::page::{PolicyPage, PolicyScreen};
use regain_domain::policy::setting::Setting;
use std::collections::BTreeMap;

/// The page of a code as a form sends it; the first one where it sends none that there is.
pub fn policy_page(code: &str) -> PolicyPage {
    PolicyPage::of_code(code).unwrap_or(PolicyPage::Properties)
}

/// The number of a version as a form sends it; 0, which is none, where it sends no number.
pub fn version_number(typed: &str) -> i64 {
    typed.parse().unwrap_or(0)
}

/// Puts a change of a page down, and goes back to the page. A field that is missing is an empty one, as a box that is not ticked.
pub async fn draft(page: &str, version: &str, typed: BTreeMap<String, String>) -> Result<PolicyScreen, Fault> {
    let (door, page, version) = (super::open()?, policy_page(page), version_number(version));
    let of = |setting: Setting| (setting, setting.typed(|name| typed.get(name).cloned()));
    let values = page.settings().into_iter().map(of).collect();
    let step = door.service.console.draft(&door.visit, page, version, values).await;
    door.answer(page.path(), step)
}
