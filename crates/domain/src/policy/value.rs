//! Settings as text: how a form shows them, the audit tells them, and a post writes them.

use super::page::Difference;
use super::setting::{Kind, Setting};
use super::{Disclosure, PassUse, Policy, Scope, Workstations, Wrong, asking};
use crate::brand::{HelpLink, HelpMail};
use crate::gate::{Gate, plain_digits};
use crate::ids::GroupId;
use crate::tenant::TenantSettings;
use ipnet::IpNet;

/// A group with its name.
pub type Group = (GroupId, String);

impl Setting {
    /// Its value as text: `on` or empty, a code, a number, lines.
    pub fn read(self, settings: &TenantSettings, groups: &[Group]) -> String {
        let policy = &settings.policy;
        let registration = &policy.registration;
        match self {
            Self::Scope => scope_code(policy.scope).to_owned(),
            Self::Groups => names(&policy.groups, groups),
            Self::ExcludedGroups => names(&policy.excluded_groups, groups),
            Self::Disclosure => disclosure_code(policy.disclosure).to_owned(),
            Self::TrustedNetworks => policy.trusted_networks.join("\n"),
            Self::KioskEnrolled => switch(policy.workstations == Workstations::Enrolled),
            Self::NGates => policy.n_gates.to_string(),
            Self::Gate(gate) => switch(policy.gates.contains(&gate)),
            Self::NMethods => or_empty(registration.n_methods),
            Self::QuestionsRegister => policy.questions.n_register.to_string(),
            Self::QuestionsReset => policy.questions.n_reset.to_string(),
            Self::QuestionsPicked => asking::picked(&policy.questions),
            Self::QuestionsOwn => asking::own(&policy.questions),
            Self::PhoneCountry => policy.phones.country.clone(),
            Self::PhoneCountries => policy.phones.countries.join("\n"),
            Self::CallSpeaksCode => switch(policy.phones.call_speaks_code),
            Self::RegistrationRequired => switch(registration.is_required),
            Self::ReconfirmDays => registration.reconfirm_days.to_string(),
            Self::SkipsMost => or_empty(registration.skips.n_most),
            Self::SkipDays => or_empty(registration.skips.n_days),
            Self::OwnOffice => switch(registration.own_office),
            Self::CorrectLoaded => switch(registration.correct_loaded),
            Self::NotifyUsers => switch(policy.notify_users),
            Self::NotifyAllAdmins => switch(policy.notify_all_admins),
            Self::Notice(event) => switch(policy.notices.are_on(event)),
            Self::HelpCustom => switch(settings.brand.help.is_some()),
            Self::HelpLink => settings.brand.help.clone().map(String::from).unwrap_or_default(),
            Self::HelpMail => switch(settings.brand.help_mail == HelpMail::Sent),
            Self::UnlockOn => switch(policy.unlock.is_on),
            Self::UnlockClearsLockout => switch(policy.unlock.clears_lockout),
            Self::AdminReset => switch(policy.admin_reset),
            Self::Protection(protection) => protection.read(settings),
            Self::OneTimePass => policy.one_time_pass.code().to_owned(),
            Self::Converged(converged) => converged.read(settings, groups),
        }
    }

    /// Sets it to what was typed; what cannot be read is wrong, and changes nothing.
    pub fn write(self, settings: &mut TenantSettings, groups: &[Group], typed: &str) -> Result<(), Wrong> {
        let typed = typed.trim();
        let policy = &mut settings.policy;
        match self {
            Self::Scope => policy.scope = scope(typed)?,
            Self::Groups => policy.groups = ids(typed, groups)?,
            Self::ExcludedGroups => policy.excluded_groups = ids(typed, groups)?,
            Self::Disclosure => policy.disclosure = disclosure(typed)?,
            Self::TrustedNetworks => policy.trusted_networks = networks(typed)?,
            Self::KioskEnrolled => policy.workstations = workstations(is_on(typed)),
            Self::NGates => policy.n_gates = self.number(typed)?,
            Self::Gate(gate) => put_gate(policy, gate, is_on(typed)),
            Self::NMethods => policy.registration.n_methods = self.number_or_none(typed)?,
            Self::QuestionsRegister => policy.questions.n_register = self.number(typed)?,
            Self::QuestionsReset => policy.questions.n_reset = self.number(typed)?,
            Self::QuestionsPicked => policy.questions.predefined = asking::picks(typed)?,
            Self::QuestionsOwn => asking::put_own(&mut policy.questions, typed)?,
            Self::PhoneCountry => policy.phones.country = asking::country(typed)?,
            Self::PhoneCountries => policy.phones.countries = asking::countries(typed)?,
            Self::CallSpeaksCode => policy.phones.call_speaks_code = is_on(typed),
            Self::RegistrationRequired => policy.registration.is_required = is_on(typed),
            Self::ReconfirmDays => policy.registration.reconfirm_days = self.number(typed)?,
            Self::SkipsMost => policy.registration.skips.n_most = self.number_or_none(typed)?,
            Self::SkipDays => policy.registration.skips.n_days = self.number_or_none(typed)?,
            Self::OwnOffice => policy.registration.own_office = is_on(typed),
            Self::CorrectLoaded => policy.registration.correct_loaded = is_on(typed),
            Self::NotifyUsers => policy.notify_users = is_on(typed),
            Self::NotifyAllAdmins => policy.notify_all_admins = is_on(typed),
            Self::Notice(event) => policy.notices.put(event, is_on(typed)),
            Self::HelpCustom if is_on(typed) && settings.brand.help.is_none() => return Err(Wrong::HelpMissing),
            Self::HelpCustom if is_on(typed) => {}
            Self::HelpCustom => settings.brand.help = None,
            Self::HelpLink if typed.is_empty() => settings.brand.help = None,
            Self::HelpLink => settings.brand.help = Some(HelpLink::parse(typed).map_err(|_| Wrong::HelpForm)?),
            Self::HelpMail => settings.brand.help_mail = help_mail(is_on(typed)),
            Self::UnlockOn => policy.unlock.is_on = is_on(typed),
            Self::UnlockClearsLockout => policy.unlock.clears_lockout = is_on(typed),
            Self::AdminReset => policy.admin_reset = is_on(typed),
            Self::Protection(protection) => return protection.write(settings, typed),
            Self::OneTimePass => policy.one_time_pass = PassUse::of_code(typed).ok_or(Wrong::Choice)?,
            Self::Converged(converged) => return converged.write(settings, groups, typed),
        }
        Ok(())
    }

    /// A number within the range of the setting.
    pub(super) fn number<N: TryFrom<u32>>(self, typed: &str) -> Result<N, Wrong> {
        let (least, most) = match self.kind() {
            Kind::Number { least, most } => (least, most),
            _ => (1, 2),
        };
        let digits = plain_digits(typed);
        // In any script's digits, and in nothing else: what is left out may be a sign.
        let is_whole = digits.chars().count() == typed.chars().count();
        let read = digits.parse().ok().filter(|n| is_whole && (least..=most).contains(n));
        read.and_then(|n| N::try_from(n).ok())
            .ok_or(Wrong::Range { least, most })
    }

    /// The same; empty: none.
    pub(super) fn number_or_none<N: TryFrom<u32>>(self, typed: &str) -> Result<Option<N>, Wrong> {
        match typed {
            "" => Ok(None),
            typed => self.number(typed).map(Some),
        }
    }
}

/// Writes fields over settings; gives what became of them, and what could not be read.
pub fn written(
    settings: &TenantSettings,
    groups: &[Group],
    fields: &[(Setting, String)],
) -> (TenantSettings, Vec<(Setting, Wrong)>) {
    let mut settings = settings.clone();
    let mut wrongs = Vec::new();
    // From the last to the first: whether there is a helpdesk link of one's own is settled after the link.
    for setting in Setting::ALL.into_iter().rev() {
        let field = fields.iter().find(|(field, _)| *field == setting);
        let Some((_, typed)) = field else { continue };
        if let Err(wrong) = setting.write(&mut settings, groups, typed) {
            wrongs.push((setting, wrong));
        }
    }
    wrongs.reverse();
    (settings, wrongs)
}

/// What differs, in the order of the pages.
pub fn differences(before: &TenantSettings, after: &TenantSettings, groups: &[Group]) -> Vec<Difference> {
    Setting::ALL
        .into_iter()
        .map(|setting| Difference {
            setting,
            before: setting.read(before, groups),
            after: setting.read(after, groups),
        })
        .filter(|difference| difference.before != difference.after)
        .collect()
}

pub(super) fn switch(is_on: bool) -> String {
    if is_on { "on" } else { "" }.to_owned()
}

pub(super) fn is_on(typed: &str) -> bool {
    typed == "on"
}

pub(super) fn or_empty(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

const fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::None => "none",
        Scope::Selected => "selected",
        Scope::All => "all",
    }
}

fn scope(code: &str) -> Result<Scope, Wrong> {
    [Scope::None, Scope::Selected, Scope::All]
        .into_iter()
        .find(|scope| scope_code(*scope) == code)
        .ok_or(Wrong::Choice)
}

const fn disclosure_code(disclosure: Disclosure) -> &'static str {
    match disclosure {
        Disclosure::Discreet => "discreet",
        Disclosure::Auto => "auto",
        Disclosure::Explicit => "explicit",
    }
}

fn disclosure(code: &str) -> Result<Disclosure, Wrong> {
    [Disclosure::Discreet, Disclosure::Auto, Disclosure::Explicit]
        .into_iter()
        .find(|disclosure| disclosure_code(*disclosure) == code)
        .ok_or(Wrong::Choice)
}

fn put_gate(policy: &mut Policy, gate: Gate, is_on: bool) {
    policy.gates.retain(|other| *other != gate);
    if is_on {
        policy.gates.push(gate);
        policy.gates.sort_unstable();
    }
}

/// The names of groups, one a line, in the order of names. One that is gone stands with its id.
pub(super) fn names(ids: &[GroupId], groups: &[Group]) -> String {
    let name = |id: &GroupId| {
        let found = groups.iter().find(|(other, _)| other == id);
        found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    };
    let mut names: Vec<String> = ids.iter().map(name).collect();
    names.sort_unstable();
    names.join("\n")
}

pub(super) fn ids(typed: &str, groups: &[Group]) -> Result<Vec<GroupId>, Wrong> {
    let id = |name: &str| {
        let found = groups.iter().find(|(_, other)| other == name);
        let found = found.or_else(|| groups.iter().find(|(id, _)| id.to_string() == name));
        let unknown = || Wrong::GroupUnknown { name: name.to_owned() };
        found.map(|(id, _)| *id).ok_or_else(unknown)
    };
    let mut ids: Vec<GroupId> = lines(typed).map(id).collect::<Result<_, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    match ids.len() <= MOST_GROUPS as usize {
        true => Ok(ids),
        false => Err(Wrong::TooMany { most: MOST_GROUPS }),
    }
}

/// Groups of a scope (`domain.md` §6).
const MOST_GROUPS: u32 = 50;

const fn workstations(is_enrolled: bool) -> Workstations {
    match is_enrolled {
        true => Workstations::Enrolled,
        false => Workstations::Any,
    }
}

const fn help_mail(is_sent: bool) -> HelpMail {
    match is_sent {
        true => HelpMail::Sent,
        false => HelpMail::Off,
    }
}

/// Networks as CIDR; a lone address is one of its own.
fn networks(typed: &str) -> Result<Vec<String>, Wrong> {
    let network = |line: &str| {
        let read = line.parse::<IpNet>().map(|network| network.trunc());
        let read = read.or_else(|_| line.parse().map(|address: core::net::IpAddr| IpNet::from(address)));
        read.map(|network| network.to_string())
            .map_err(|_| Wrong::NetworkForm { line: line.to_owned() })
    };
    let networks: Vec<String> = lines(typed).map(network).collect::<Result<_, _>>()?;
    match networks.len() <= MOST_NETWORKS as usize {
        true => Ok(networks),
        false => Err(Wrong::TooMany { most: MOST_NETWORKS }),
    }
}

/// Networks that a tenant trusts.
const MOST_NETWORKS: u32 = 50;

pub(super) fn lines(typed: &str) -> impl Iterator<Item = &str> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Protection;
    use crate::testing::settings;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn groups() -> Vec<Group> {
        ["Pilot", "Sales"]
            .into_iter()
            .zip(1..)
            .map(|(name, n)| (GroupId(Uuid::from_u128(n)), name.to_owned()))
            .collect()
    }

    #[track_caller]
    fn check(setting: Setting, typed: &str, expect: Result<&str, &Wrong>) {
        let mut settings = settings(&Gate::ALL);
        let groups = groups();
        let before = settings.clone();
        let done = setting.write(&mut settings, &groups, typed);
        if done.is_err() {
            assert_eq!(settings, before, "what is refused changes nothing");
        }
        let read = done.map(|()| setting.read(&settings, &groups));
        assert_eq!(read.as_deref(), expect);
    }

    #[test]
    fn what_is_typed_is_what_is_shown() {
        check(Setting::Scope, "selected", Ok("selected"));
        check(Setting::Scope, "some", Err(&Wrong::Choice));
        check(Setting::Groups, " Sales \n\nPilot\nSales", Ok("Pilot\nSales"));
        let unknown = Wrong::GroupUnknown {
            name: "sales".to_owned(),
        };
        check(Setting::Groups, "sales", Err(&unknown));
        check(
            Setting::TrustedNetworks,
            "192.0.2.7/24\n2001:db8::1",
            Ok("192.0.2.0/24\n2001:db8::1/128"),
        );
        let odd = Wrong::NetworkForm {
            line: "192.0.2.0/33".to_owned(),
        };
        check(Setting::TrustedNetworks, "192.0.2.0/33", Err(&odd));
        check(Setting::NGates, "2", Ok("2"));
        check(Setting::ReconfirmDays, "٩٠", Ok("90"));
        check(Setting::NGates, "3", Err(&Wrong::Range { least: 1, most: 2 }));
        check(Setting::Gate(Gate::Email), "", Ok(""));
        check(Setting::Gate(Gate::Email), "on", Ok("on"));
        check(Setting::ReconfirmDays, "730", Ok("730"));
        check(
            Setting::ReconfirmDays,
            "731",
            Err(&Wrong::Range { least: 0, most: 730 }),
        );
        check(Setting::SkipsMost, "", Ok(""));
        check(Setting::SkipsMost, "-1", Err(&Wrong::Range { least: 0, most: 30 }));
        check(Setting::HelpLink, "javascript:alert(1)", Err(&Wrong::HelpForm));
        check(Setting::HelpCustom, "on", Err(&Wrong::HelpMissing));
    }

    #[test]
    fn a_helpdesk_link_that_is_off_is_dropped_and_one_that_is_on_is_needed() {
        for (custom, link, expect) in [
            ("on", "help@acorn.example", Ok("help@acorn.example")),
            ("", "help@acorn.example", Ok("")),
            ("on", "", Err(Wrong::HelpMissing)),
        ] {
            let fields = [
                (Setting::HelpCustom, custom.to_owned()),
                (Setting::HelpLink, link.to_owned()),
            ];
            let (after, wrongs) = written(&settings(&Gate::ALL), &[], &fields);
            let read = Setting::HelpLink.read(&after, &[]);
            match expect {
                Ok(link) => assert_eq!((read.as_str(), wrongs.as_slice()), (link, [].as_slice())),
                Err(wrong) => assert_eq!(wrongs, [(Setting::HelpCustom, wrong)]),
            }
        }
    }

    proptest! {
        /// Going back to a version by its texts is going back to it.
        #[test]
        fn texts_carry_all_that_they_show(picks in proptest::collection::vec(any::<u32>(), Setting::ALL.len())) {
            let groups = groups();
            let typed = Setting::ALL.into_iter().zip(picks).map(|(setting, pick)| (setting, some(setting, pick)));
            let fields: Vec<_> = typed.collect();
            let (once, wrongs) = written(&settings(&[]), &groups, &fields);
            prop_assert_eq!(wrongs, vec![]);
            let read: Vec<_> = Setting::ALL.into_iter().map(|one| (one, one.read(&once, &groups))).collect();
            let (twice, _) = written(&settings(&Gate::ALL), &groups, &read);
            prop_assert_eq!(differences(&once, &twice, &groups), vec![]);
        }
    }

    fn some(setting: Setting, pick: u32) -> String {
        match (setting, setting.kind()) {
            (Setting::HelpCustom, _) => "on".to_owned(),
            (Setting::PhoneCountry, _) => "DE".to_owned(),
            (_, Kind::Switch) => switch(pick.is_multiple_of(2)),
            (_, Kind::Choice(codes)) => (*codes.get(pick as usize % codes.len()).unwrap_or(&"")).to_owned(),
            (_, Kind::Number { least, most }) => (least + pick % (most - least + 1)).to_string(),
            (_, Kind::Line) => "https://help.acorn.example/".to_owned(),
            (Setting::Protection(Protection::LockoutFirst), _) => "600".to_owned(),
            (Setting::Protection(Protection::Custom), _) => "Contoso\nHarbour".to_owned(),
            (Setting::PhoneCountries, _) => "DE\nGB".to_owned(),
            (_, Kind::Picks) => "lost_way\ntoy_name".to_owned(),
            (Setting::TrustedNetworks, _) => "192.0.2.0/24".to_owned(),
            (_, Kind::Lines) => "Sales\nPilot".to_owned(),
        }
    }
}
