//! Phone numbers: read as people write them, kept in one canonical form, shown with a mask. R14.

mod reading;

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, Region};
use std::fmt;

/// Digits of an E.164 number, country code included (ITU-T E.164 §6.2.1).
const MOST_DIGITS: usize = 15;
/// The shortest numbers in use: Niue and Saint Helena have a country code of three digits and four behind it.
const FEWEST_DIGITS: usize = 7;
/// Digits of an extension: no house has longer ones, and a gateway dials them by tone after a pause.
const MOST_EXTENSION: usize = 10;
/// What stands between number and extension in a row, as in RFC 3966 §3.
const EXTENSION: &str = ";ext=";
/// Digits at the end that do not count for the limit on ranges (`security.md` §2).
const OWN_DIGITS: usize = 4;

/// A phone number that may be called or texted. R14.
///
/// Printed as [`Self::masked`] shows it, so that no log tells it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number {
    e164: String,
    extension: Option<String>,
}

/// How a tenant reads numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// ISO 3166-1 code of the country whose national form is understood. Unknown or empty: only international forms are.
    pub country: &'a str,
    /// ISO 3166-1 codes of the countries that are served. Empty: every one.
    pub served: &'a [String],
    /// Whether an extension is kept, for office phones. Elsewhere it is dropped.
    pub with_extension: bool,
}

/// Why a number is not taken. Says nothing about the number itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not the form of a number.
    #[error("this is not the form of a phone number")]
    Form,
    /// The form is right, but nobody has been given such numbers.
    #[error("no network has such numbers")]
    Unassigned,
    /// Calls cost more than a call: premium rate, shared cost, and personal numbers, which forward at the caller's cost.
    #[error("this kind of number costs extra")]
    Costly,
    /// No phone in a hand or on a desk: voicemail, pager, a house's universal number.
    #[error("no person answers this kind of number")]
    Service,
    /// Of no country: satellite phones and world-wide services.
    #[error("the number belongs to no country")]
    NoCountry,
    /// Of a country that the tenant does not serve.
    #[error("the number is of a country that is not served")]
    Country,
}

impl Number {
    /// Reads what a person typed: any script's digits, blanks, hyphens, brackets, `+` or `00` before the country code.
    ///
    /// Numbers kept for fiction, such as `+1 425 555 0123`, are numbers like others: they reach nobody.
    pub fn parse(typed: &str, rules: &Rules<'_>) -> Result<Self, Unfit> {
        let (number, extension) = read(typed, rules).ok_or(Unfit::Form)?;
        fitness(&number, rules.served)?;
        Self::of_read(&number, extension.as_deref()).ok_or(Unfit::Form)
    }

    /// Reads what a person typed to be compared with a number that is stored: whether it would be taken today is not asked.
    pub fn typed(typed: &str, rules: &Rules<'_>) -> Option<Self> {
        let (number, extension) = read(typed, rules)?;
        Self::of_read(&number, extension.as_deref())
    }

    fn of_read(number: &PhoneNumber, extension: Option<&str>) -> Option<Self> {
        Self::of_parts(&number.format_as(PhoneNumberFormat::E164), extension)
    }

    /// Reads a row back, in the form of [`Self::canonical`]. Whether it would be taken today is not asked.
    pub fn of_row(text: &str) -> Option<Self> {
        match text.split_once(EXTENSION) {
            None => Self::of_parts(text, None),
            Some((e164, extension)) => Self::of_parts(e164, Some(extension)),
        }
    }

    fn of_parts(e164: &str, extension: Option<&str>) -> Option<Self> {
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let digits = e164.strip_prefix('+')?;
        let is_number = (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()) && all_digits(digits);
        let is_dialable = |text: &str| (1..=MOST_EXTENSION).contains(&text.len()) && all_digits(text);
        (is_number && !digits.starts_with('0') && extension.is_none_or(is_dialable)).then(|| Self {
            e164: e164.to_owned(),
            extension: extension.map(str::to_owned),
        })
    }

    /// The one form for rows, keys and comparison: `+49301234567`, or `+49301234567;ext=12`.
    pub fn canonical(&self) -> String {
        match &self.extension {
            None => self.e164.clone(),
            Some(extension) => format!("{}{EXTENSION}{extension}", self.e164),
        }
    }

    /// The number alone, E.164: what is dialled, and the root that several gates share (R04).
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// Digits to be dialled once somebody has answered.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// As people write it for each other across borders: `+49 30 1234567`, or `+49 30 1234567 ext. 12`.
    pub fn shown(&self) -> String {
        let number = self.read().map_or_else(
            || self.e164.clone(),
            |number| number.format_as(PhoneNumberFormat::International).into_owned(),
        );
        match &self.extension {
            None => number,
            Some(extension) => format!("{number} ext. {extension}"),
        }
    }

    /// The number as it may be seen before a proof: country code and last two digits, as many bytes for each (R21).
    ///
    /// Blanks fill up a short country code; a page draws several as one: `+44 •••• ••89`.
    pub fn masked(&self) -> String {
        let country = self
            .read()
            .map_or(String::new(), |number| number.country_code.to_string());
        let end = self.e164.get(self.e164.len().saturating_sub(2)..).unwrap_or_default();
        format!("+{country:<3} •••• ••{end}")
    }

    /// The range that a number is of, for the limit on ranges: E.164 without its last four digits.
    pub fn range(&self) -> &str {
        self.e164
            .get(..self.e164.len().saturating_sub(OWN_DIGITS))
            .unwrap_or_default()
    }

    /// ISO 3166-1 code of the country. None where the number's country is not known any more.
    pub fn country(&self) -> Option<String> {
        self.read().and_then(|number| country(&number))
    }

    fn read(&self) -> Option<PhoneNumber> {
        PhoneNumber::parse(&self.e164, None).ok()
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.masked())
    }
}

/// The number that was typed, and its extension where one is kept.
fn read(typed: &str, rules: &Rules<'_>) -> Option<(PhoneNumber, Option<String>)> {
    let (main, extension) = reading::parts(typed)?;
    let country = Region::try_from(rules.country).ok();
    let number = PhoneNumber::parse(&main, country).ok()?;
    Some((number, extension.filter(|_| rules.with_extension)))
}

/// Whether it may be taken: the kinds of `security.md` R14, then the tenant's countries.
fn fitness(number: &PhoneNumber, served: &[String]) -> Result<(), Unfit> {
    use rlibphonenumber::PhoneNumberType as Kind;
    let region = number.get_region_code();
    if region == Some(Region::World) {
        return Err(Unfit::NoCountry);
    }
    if !number.is_valid() {
        return Err(Unfit::Unassigned);
    }
    match number.get_type() {
        Kind::FixedLine | Kind::Mobile | Kind::FixedLineOrMobile | Kind::TollFree | Kind::VoIP => {}
        Kind::PremiumRate | Kind::SharedCost | Kind::PersonalNumber => return Err(Unfit::Costly),
        Kind::Pager | Kind::UAN | Kind::VoiceMail => return Err(Unfit::Service),
        Kind::Unknown => return Err(Unfit::Unassigned),
    }
    let country = country(number).ok_or(Unfit::NoCountry)?;
    let is_served = served.is_empty() || served.iter().any(|code| code.trim().eq_ignore_ascii_case(&country));
    if is_served { Ok(()) } else { Err(Unfit::Country) }
}

fn country(number: &PhoneNumber) -> Option<String> {
    match number.get_region_code()? {
        Region::World => None,
        region => Some(region.to_string()),
    }
}

#[cfg(test)]
mod tests;
