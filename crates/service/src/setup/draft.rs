//! What was typed so far, and what it comes to. It is read anew each time: a page that was changed may make a later one wrong.

use crate::admin::{address, fresh_settings};
use crate::console::newcomer::{Newcomer, plain, read};
use regain_domain::Refusal;
use regain_domain::people::{Field, Fields, Wrong};
use regain_domain::setup::{SetupField, SetupStep, SetupWrong, SetupWrongs, Summary, domains};
use regain_domain::tenant::TenantSettings;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Fields of a page as they were typed, without secrets.
pub(super) type Typed = Vec<(SetupField, String)>;

/// All of it, as it is sealed into its row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The page that is shown.
    pub(super) at: SetupStep,
    /// What was typed, page by page.
    pub(super) typed: Vec<(SetupStep, Typed)>,
    /// What is wrong on the page that is shown.
    pub(super) wrongs: SetupWrongs,
    /// What nobody is shown again.
    pub(super) kept: Kept,
}

/// Hashes of passwords, and the secret of the administrator's app.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Kept {
    /// Of the administrator's password.
    pub(super) admin_hash: Option<String>,
    /// Of the test user's.
    pub(super) person_hash: Option<String>,
    /// The app's secret (R11).
    pub(super) secret: Vec<u8>,
    /// The step of the code that has shown that the app has it.
    pub(super) spent: Option<i64>,
}

/// The organisation that is about to be.
pub(super) struct Organisation {
    pub(super) base_url: String,
    pub(super) host: String,
    pub(super) settings: TenantSettings,
}

/// All of it, read, with nothing wrong.
pub(super) struct Ready {
    pub(super) organisation: Organisation,
    pub(super) admin: Newcomer,
    pub(super) person: Newcomer,
    pub(super) group: String,
}

impl Draft {
    /// Right after the key. `address`: where the browser is.
    pub(super) fn begin(address: &str, secret: Vec<u8>) -> Self {
        let organisation = vec![(SetupField::Address, address.to_owned())];
        let mut kept = Kept::default();
        kept.secret = secret;
        Self {
            at: SetupStep::Organisation,
            typed: vec![(SetupStep::Organisation, organisation)],
            wrongs: Vec::new(),
            kept,
        }
    }

    /// What was typed on a page.
    pub(super) fn page(&self, step: SetupStep) -> &[(SetupField, String)] {
        let found = self.typed.iter().find(|(other, _)| *other == step);
        found.map_or(&[], |(_, typed)| typed)
    }

    /// What was typed into a field, without outer blanks.
    pub(super) fn text(&self, step: SetupStep, field: SetupField) -> &str {
        let found = self.page(step).iter().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text.trim())
    }

    /// Puts in what was typed on a page.
    pub(super) fn put(&mut self, step: SetupStep, typed: Typed) {
        self.typed.retain(|(other, _)| *other != step);
        self.typed.push((step, typed));
    }

    fn person_fields(&self, step: SetupStep) -> Fields {
        let of_person = |(field, text): &(SetupField, String)| match field {
            SetupField::Person(field) => Some((*field, text.clone())),
            _ => None,
        };
        Fields(self.page(step).iter().filter_map(of_person).collect())
    }

    /// The organisation's page.
    pub(super) fn organisation(&self) -> Result<Organisation, SetupWrongs> {
        let text = |field| self.text(SetupStep::Organisation, field);
        let name = match plain(text(SetupField::Name)) {
            Ok(name) if name.is_empty() => Err(SetupWrong::Field(Wrong::Missing)),
            name => name.map_err(SetupWrong::Field),
        };
        let address = address::read(text(SetupField::Address)).map_err(|_| SetupWrong::AddressForm);
        match (name, address, domains(text(SetupField::Domains))) {
            (Ok(name), Ok((base_url, host)), Ok(domains)) => Ok(Organisation {
                base_url,
                host,
                settings: fresh_settings(name, domains),
            }),
            (name, address, domains) => Err([
                (SetupField::Name, name.err()),
                (SetupField::Address, address.err()),
                (SetupField::Domains, domains.err()),
            ]
            .into_iter()
            .filter_map(|(field, wrong)| Some((field, wrong?)))
            .collect()),
        }
    }

    /// The administrator's page: whoever resets needs two gates, so there is a mailbox that takes codes beside the app (R50).
    pub(super) fn admin(&self, settings: &TenantSettings) -> Result<Newcomer, SetupWrongs> {
        let fields = self.person_fields(SetupStep::Admin);
        let mut wrongs = match read(&fields, settings, &[]) {
            Ok(admin) if !fields.text(Field::AlternateMail).is_empty() => return Ok(admin),
            Ok(_) => Vec::new(),
            Err(wrongs) => wrongs,
        };
        if fields.text(Field::AlternateMail).is_empty() {
            wrongs.push((Field::AlternateMail, Wrong::Missing));
        }
        Err(of_fields(wrongs))
    }

    /// The page of the test user and the group.
    pub(super) fn people(
        &self,
        settings: &TenantSettings,
        admin: &Newcomer,
    ) -> Result<(Newcomer, String), SetupWrongs> {
        let person = read(&self.person_fields(SetupStep::People), settings, &[]);
        let mut wrongs = match &person {
            Ok(person) if person.user_name == admin.user_name => {
                vec![(SetupField::Person(Field::UserName), SetupWrong::Field(Wrong::Taken))]
            }
            Ok(_) => Vec::new(),
            Err(wrongs) => of_fields(wrongs.clone()),
        };
        let group = match plain(self.text(SetupStep::People, SetupField::Group)) {
            Ok(group) if group.is_empty() => Err(Wrong::Missing),
            group => group,
        };
        match (person, group) {
            (Ok(person), Ok(group)) if wrongs.is_empty() => Ok((person, group)),
            (_, group) => {
                wrongs.extend(group.err().map(|wrong| (SetupField::Group, SetupWrong::Field(wrong))));
                Err(wrongs)
            }
        }
    }

    /// All of it; or the first page that is not as it has to be, with what is wrong there.
    pub(super) fn ready(&self) -> Result<Ready, (SetupStep, SetupWrongs)> {
        let at = |step: SetupStep| move |wrongs: SetupWrongs| (step, wrongs);
        let organisation = self.organisation().map_err(at(SetupStep::Organisation))?;
        let admin = self.admin(&organisation.settings).map_err(at(SetupStep::Admin))?;
        if self.kept.admin_hash.is_none() {
            return Err((SetupStep::Admin, Vec::new()));
        }
        if self.kept.spent.is_none() {
            return Err((SetupStep::App, Vec::new()));
        }
        let people = self.people(&organisation.settings, &admin);
        let (person, group) = people.map_err(at(SetupStep::People))?;
        if self.kept.person_hash.is_none() {
            return Err((SetupStep::People, Vec::new()));
        }
        Ok(Ready {
            organisation,
            admin,
            person,
            group,
        })
    }

    /// How far it is: the first page that is not as it has to be, else the last.
    pub(super) fn far(&self) -> SetupStep {
        self.ready().map_or_else(|(step, _)| step, |_| SetupStep::Review)
    }
}

impl Ready {
    /// As the last page shows it.
    pub(super) fn summary(&self) -> Summary {
        let settings = &self.organisation.settings;
        Summary {
            name: settings.brand.name.clone(),
            address: self.organisation.base_url.clone(),
            domains: settings.domains.clone(),
            admin: self.admin.user_name.as_str().to_owned(),
            admin_mail: self.admin.ways.iter().map(|(_, _, value)| value.clone()).collect(),
            person: self.person.user_name.as_str().to_owned(),
            group: self.group.clone(),
        }
    }
}

/// Refusals of a password, each at its field.
pub(super) fn of_password(refused: Vec<Refusal>) -> SetupWrongs {
    let field = |refusal: &Refusal| match refusal {
        Refusal::PwMismatch => SetupField::ConfirmPassword,
        _ => SetupField::NewPassword,
    };
    let wrong = |refusal: Refusal| (field(&refusal), SetupWrong::Refused(refusal));
    refused.into_iter().map(wrong).collect()
}

fn of_fields(wrongs: Vec<(Field, Wrong)>) -> SetupWrongs {
    let wrong = |(field, wrong)| (SetupField::Person(field), SetupWrong::Field(wrong));
    wrongs.into_iter().map(wrong).collect()
}
