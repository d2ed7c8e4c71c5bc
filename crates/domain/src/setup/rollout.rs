//! The way from a fresh installation to everybody: what is to be done, and what shows that it was. Nothing is ticked by hand.

use crate::Timestamp;
use crate::gate::MethodKind;
use crate::ids::{AccountId, GroupId};
use crate::people::Wrong;
use crate::policy::Scope;
use crate::policy::page::Version;
use crate::staff::Reader;
use crate::tenant::TenantSettings;
use serde::{Deserialize, Serialize};

/// Whom the pilot is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// The test user; nobody, once their account is gone.
    pub person: Option<AccountId>,
    /// The pilot's group.
    pub group: Option<GroupId>,
}

/// A step of it, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutStep {
    /// Somebody to try it with, and a group that they are in.
    Pilot,
    /// The group may reset.
    Scope,
    /// The test user has registered.
    Register,
    /// The test user has reset their password.
    Reset,
    /// Everybody may reset.
    Everyone,
}

impl RolloutStep {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pilot, Self::Scope, Self::Register, Self::Reset, Self::Everyone];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pilot => "pilot",
            Self::Scope => "scope",
            Self::Register => "register",
            Self::Reset => "reset",
            Self::Everyone => "everyone",
        }
    }
}

/// What shows that a step is done, read from rows as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The test user is in the group.
    Member {
        /// The user name.
        person: String,
        /// The group's name.
        group: String,
    },
    /// The newest version of the policy says so.
    Saved(Version),
    /// These methods are registered, and as many as it takes.
    Methods(Vec<MethodKind>),
    /// It happened then.
    At(Timestamp),
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which one.
    pub step: RolloutStep,
    /// What shows that it is done; nothing while it is not.
    pub proof: Option<Proof>,
}

/// What findings are made of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The settings as they are.
    pub settings: &'a TenantSettings,
    /// Their version.
    pub version: Version,
    /// The test user's name, if there is one.
    pub person: Option<&'a str>,
    /// The pilot's group, if there is one.
    pub group: Option<(GroupId, &'a str)>,
    /// Whether the one is in the other, at whatever depth.
    pub is_member: bool,
    /// What the test user has proved to have.
    pub methods: &'a [MethodKind],
    /// Whether that is as much as it takes.
    pub is_registered: bool,
    /// When the test user reset their password last.
    pub reset_at: Option<Timestamp>,
}

/// Each step with its proof.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    RolloutStep::ALL
        .into_iter()
        .map(|step| Finding {
            step,
            proof: proof(step, facts),
        })
        .collect()
}

fn proof(step: RolloutStep, facts: &Facts<'_>) -> Option<Proof> {
    let policy = &facts.settings.policy;
    let (person, group) = (facts.person, facts.group);
    match step {
        RolloutStep::Pilot => {
            let (person, (_, group)) = (person?, group?);
            facts.is_member.then(|| Proof::Member {
                person: person.to_owned(),
                group: group.to_owned(),
            })
        }
        RolloutStep::Scope => {
            let is_in = match policy.scope {
                Scope::None => false,
                Scope::Selected => group.is_some_and(|(id, _)| policy.groups.contains(&id)),
                Scope::All => true,
            };
            is_in.then(|| Proof::Saved(facts.version.clone()))
        }
        RolloutStep::Register => facts
            .is_registered
            .then(|| Proof::Methods(facts.methods.to_vec()))
            .filter(|_| person.is_some()),
        RolloutStep::Reset => facts.reset_at.map(Proof::At),
        RolloutStep::Everyone => (policy.scope == Scope::All).then(|| Proof::Saved(facts.version.clone())),
    }
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutView {
    /// Who looks.
    pub reader: Reader,
    /// The steps.
    pub findings: Vec<Finding>,
    /// The test user's name, or what was typed.
    pub person: String,
    /// The name of the pilot's group, or what was typed.
    pub group: String,
    /// Why the name, and the group's, was not taken.
    pub wrongs: [Option<Wrong>; 2],
}

impl RolloutView {
    /// The first step that is not done.
    pub fn next(&self) -> Option<RolloutStep> {
        let open = self.findings.iter().find(|finding| finding.proof.is_none());
        open.map(|finding| finding.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::settings;
    use uuid::Uuid;

    const PILOT: GroupId = GroupId(Uuid::from_u128(7));

    fn done(facts: &Facts<'_>) -> Vec<&'static str> {
        let done = findings(facts).into_iter().filter(|finding| finding.proof.is_some());
        done.map(|finding| finding.step.code()).collect()
    }

    fn facts(settings: &TenantSettings) -> Facts<'_> {
        Facts {
            settings,
            version: Version {
                number: 3,
                at: Timestamp::from_ms(5),
                by: "Ada".to_owned(),
            },
            person: Some("test@acorn.example"),
            group: Some((PILOT, "Pilot")),
            is_member: true,
            methods: &[MethodKind::App],
            is_registered: true,
            reset_at: Some(Timestamp::from_ms(9)),
        }
    }

    #[test]
    fn each_step_hangs_on_its_own_proof() {
        let mut settings = settings(&[]);
        (settings.policy.scope, settings.policy.groups) = (Scope::Selected, vec![PILOT]);
        assert_eq!(done(&facts(&settings)), ["pilot", "scope", "register", "reset"]);
        let outside = Facts {
            is_member: false,
            ..facts(&settings)
        };
        assert_eq!(done(&outside), ["scope", "register", "reset"]);
        let fresh = Facts {
            is_registered: false,
            reset_at: None,
            ..facts(&settings)
        };
        assert_eq!(done(&fresh), ["pilot", "scope"]);
        let nobody = Facts {
            person: None,
            reset_at: None,
            ..facts(&settings)
        };
        assert_eq!(done(&nobody), ["scope"]);
    }

    #[test]
    fn a_scope_of_other_groups_is_not_the_pilots() {
        let mut settings = settings(&[]);
        (settings.policy.scope, settings.policy.groups) = (Scope::Selected, vec![GroupId(Uuid::nil())]);
        assert_eq!(done(&facts(&settings)), ["pilot", "register", "reset"]);
        settings.policy.scope = Scope::None;
        assert_eq!(done(&facts(&settings)), ["pilot", "register", "reset"]);
        settings.policy.scope = Scope::All;
        assert_eq!(
            done(&facts(&settings)),
            ["pilot", "scope", "register", "reset", "everyone"]
        );
    }
}
