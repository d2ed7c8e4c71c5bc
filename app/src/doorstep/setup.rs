//! What the forms of the set-up say, as the service takes it.

use regain_domain::people::Field;
use regain_domain::setup::{SetupField, SetupStep};

/// Fields of a form, as they were typed.
type Typed = Vec<(SetupField, String)>;

/// The organisation's page.
pub fn setup_organisation(name: String, address: String, domains: String) -> Typed {
    vec![
        (SetupField::Name, name),
        (SetupField::Address, address),
        (SetupField::Domains, domains),
    ]
}

/// The administrator's page: user name, given and family name, mailbox for notices, mailbox for codes.
pub fn setup_admin(typed: [String; 5]) -> Typed {
    let fields = [
        Field::UserName,
        Field::GivenName,
        Field::FamilyName,
        Field::Mail,
        Field::AlternateMail,
    ];
    fields.map(SetupField::Person).into_iter().zip(typed).collect()
}

/// The page of the test user, by user name, given and family name, and of the group.
pub fn setup_people(typed: [String; 4]) -> Typed {
    let person = [Field::UserName, Field::GivenName, Field::FamilyName].map(SetupField::Person);
    person.into_iter().chain([SetupField::Group]).zip(typed).collect()
}

/// A page that was asked for; nothing where the code is none.
pub fn setup_step(code: &str) -> Option<SetupStep> {
    SetupStep::of_code(code)
}
