//! Telephone numbers as people type them, read by what their tenant has set (R14).

use regain_delivery::phone::{Number, Rules, Unfit};
use regain_domain::Refusal;
use regain_domain::gate::{Gate, MethodKind, Root};
use regain_domain::policy::PhonePolicy;

/// What a number that was typed at a gate stands for. Whether it is one that would be taken today is not told (R15): it is
/// compared with what is stored.
pub(crate) fn named(phones: &PhonePolicy, gate: Gate, typed: &str) -> Result<Root, Refusal> {
    let rules = Rules {
        country: &phones.country,
        served: &[],
        with_extension: gate == Gate::OfficeCall,
    };
    let number = Number::typed(typed, &rules).ok_or(Refusal::DestinationForm)?;
    Ok(Root::phone(number.e164()))
}

/// The canonical form of a number that somebody wants to register, or why it is not taken.
pub(crate) fn registrable(phones: &PhonePolicy, kind: MethodKind, typed: &str) -> Result<String, Refusal> {
    let rules = Rules {
        country: &phones.country,
        served: &phones.countries,
        with_extension: kind == MethodKind::Office,
    };
    match Number::parse(typed, &rules) {
        Ok(number) => Ok(number.canonical()),
        Err(Unfit::Form) => Err(Refusal::DestinationForm),
        Err(Unfit::Country) => Err(Refusal::NumberCountry),
        Err(Unfit::Unassigned | Unfit::Costly | Unfit::Service | Unfit::NoCountry) => Err(Refusal::NumberUnfit),
    }
}

/// A canonical number as people write it; the text itself where it is no number.
pub(crate) fn shown(canonical: &str) -> String {
    Number::of_row(canonical).map_or_else(|| canonical.to_owned(), |number| number.shown())
}

/// The range that the number of a root is of (R20); nothing of other roots.
pub(crate) fn range_of(root: &Root) -> Option<String> {
    let number = Number::of_row(root.as_str().strip_prefix("phone:")?)?;
    Some(number.range().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r14_r15_spellings_of_one_number_are_one_root_and_extensions_do_not_count() {
        let phones = PhonePolicy {
            country: "GB".to_owned(),
            countries: vec!["GB".to_owned()],
            call_speaks_code: false,
        };
        for typed in [
            "+44 20 7946 0089",
            "0044 (0)20 7946 0089",
            "020 7946 0089 ext. 12",
            "٠٢٠٧٩٤٦٠٠٨٩",
        ] {
            let root = named(&phones, Gate::OfficeCall, typed).expect("a number");
            assert_eq!(root, Root::phone("+442079460089"), "{typed}");
            assert_eq!(range_of(&root).as_deref(), Some("+44207946"));
        }
        assert_eq!(named(&phones, Gate::MobileSms, "twelve"), Err(Refusal::DestinationForm));
        assert_eq!(range_of(&Root::mail("a@mail.example")), None);
    }

    #[test]
    fn r14_what_may_not_be_registered_is_told_why() {
        let phones = PhonePolicy {
            country: "GB".to_owned(),
            countries: vec!["GB".to_owned()],
            call_speaks_code: false,
        };
        for (kind, typed, expect) in [
            (
                MethodKind::Office,
                "020 7946 0089 ext. 12",
                Ok("+442079460089;ext=12".to_owned()),
            ),
            (MethodKind::Mobile, "+49 30 123456", Err(Refusal::NumberCountry)),
            (MethodKind::Mobile, "+44 909 879 0000", Err(Refusal::NumberUnfit)),
            (MethodKind::Mobile, "twelve", Err(Refusal::DestinationForm)),
        ] {
            assert_eq!(registrable(&phones, kind, typed), expect, "{typed}");
        }
    }
}
