//! The posts that change a page of the policy: one field for each of its settings, in their order.

use crate::Fault;
use regain_domain::policy::page::{PolicyPage, PolicyScreen, number_of};

/// Puts a change down, and goes back to the page. A field that is missing is an empty one, as a box that is not ticked.
pub async fn draft(page: PolicyPage, version: &str, typed: Vec<String>) -> Result<PolicyScreen, Fault> {
    let door = super::open()?;
    let version = number_of(version);
    let typed = page.settings().into_iter().zip(typed).collect();
    let step = door.service.console.draft(&door.visit, page, version, typed).await;
    door.answer(page.path(), step)
}
