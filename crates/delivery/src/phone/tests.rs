//! Spellings of numbers, and the law that reading and writing are inverse.

use super::*;
use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

fn rules(country: &str) -> Rules<'_> {
    Rules {
        country,
        ..Rules::default()
    }
}

fn read(typed: &str, country: &str) -> Result<String, Unfit> {
    Number::parse(typed, &rules(country)).map(|number| number.canonical())
}

/// The canonical form, the country of the tenant, and how people there write it.
const SPELLINGS: [(&str, &str, &[&str]); 12] = [
    (
        "+49301234567",
        "DE",
        &[
            "+49301234567",
            "+49 30 1234567",
            "+49 (0)30 1234567",
            "+49 (0) 30 / 123 45 67",
            "0049 30 1234567",
            "00 49 30 123-45-67",
            "030 1234567",
            "030/1234567",
            "(030) 123 45 67",
            "030-123.45.67",
            "49 30 1234567",
            " +49\u{a0}30\u{202f}1234567\t",
            "+49–30–1234567",
            "＋４９ ３０ １２３４５６７",
            "\u{202d}+49 30 1234567\u{202c}",
            "+49\u{200e}301234567",
            "+٤٩ ٣٠ ١٢٣٤٥٦٧",
            "٠٠٤٩٣٠١٢٣٤٥٦٧",
            "۰۳۰ ۱۲۳۴۵۶۷",
            "०३० १२३४५६७",
            "[030] 1234567",
        ],
    ),
    (
        "+447400123456",
        "GB",
        &[
            "07400 123456",
            "+44 7400 123456",
            "+44 (0)7400 123456",
            "0044 7400 123456",
            "07400-123-456",
            "(07400) 123 456",
            "44 7400 123456",
            "০৭৪০০১২৩৪৫৬",
        ],
    ),
    (
        "+14255550123",
        "US",
        &[
            "+1 425 555 0123",
            "(425) 555-0123",
            "425.555.0123",
            "1-425-555-0123",
            "14255550123",
            "011 1 425 555 0123",
            "001 425 555 0123",
            "+1(425)5550123",
        ],
    ),
    (
        "+33612345678",
        "FR",
        &[
            "06 12 34 56 78",
            "06.12.34.56.78",
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6 12 34 56 78",
        ],
    ),
    (
        "+34612345678",
        "ES",
        &["612 34 56 78", "+34 612 345 678", "0034 612345678"],
    ),
    (
        "+390612345678",
        "IT",
        &["06 1234 5678", "+39 06 1234 5678", "0039 06-12345678"],
    ),
    (
        "+966512345678",
        "SA",
        &["051 234 5678", "٠٥١ ٢٣٤ ٥٦٧٨", "+966 51 234 5678", "٠٠٩٦٦٥١٢٣٤٥٦٧٨"],
    ),
    (
        "+420601123456",
        "CZ",
        &["601 123 456", "+420 601 123 456", "00420 601123456"],
    ),
    (
        "+819012345678",
        "JP",
        &["090-1234-5678", "０９０－１２３４－５６７８", "+81 90 1234 5678"],
    ),
    (
        "+919812345678",
        "IN",
        &["098123 45678", "९८१२३ ४५६७८", "+91 98123 45678"],
    ),
    ("+541123456789", "AR", &["011 2345-6789", "+54 11 2345-6789"]),
    ("+15142345678", "CA", &["514-234-5678", "+1 (514) 234 5678"]),
];

#[test]
fn r14_spellings_of_one_number_are_one_number() {
    let n_spellings: usize = SPELLINGS.iter().map(|(_, _, spellings)| spellings.len()).sum();
    assert!(n_spellings >= 60, "{n_spellings}");
    for (canonical, country, spellings) in SPELLINGS {
        for typed in spellings {
            assert_eq!(read(typed, country).as_deref(), Ok(canonical), "{typed}");
        }
    }
}

#[test]
fn r14_what_is_no_phone_of_a_person_is_refused() {
    for (typed, country, expect) in [
        ("", "DE", Unfit::Form),
        ("+", "DE", Unfit::Form),
        ("12", "DE", Unfit::Unassigned),
        ("alice", "DE", Unfit::Form),
        ("alice@mail.example", "DE", Unfit::Form),
        ("030 1234567", "", Unfit::Form),
        ("030 1234567", "ZZ", Unfit::Form),
        ("+49 30 1234567+", "DE", Unfit::Form),
        ("1-800-FLOWERS", "US", Unfit::Form),
        ("+49 30 12345678901234567", "DE", Unfit::Form),
        ("+999 30 1234567", "DE", Unfit::Form),
        ("+49 30 1234567; rm -rf", "DE", Unfit::Form),
        ("110", "DE", Unfit::Unassigned),
        ("+1 425 055 0123", "US", Unfit::Unassigned),
        ("+1 999 234 5678", "US", Unfit::Unassigned),
        ("0900 1234567", "DE", Unfit::Costly),
        ("+1 900 234 5678", "US", Unfit::Costly),
        ("0180 5 123456", "DE", Unfit::Costly),
        ("+44 70 1234 5678", "GB", Unfit::Costly),
        ("+44 9012 345678", "GB", Unfit::Costly),
        ("+1 500 234 5678", "US", Unfit::Costly),
        ("+44 7640 123456", "GB", Unfit::Service),
        ("+44 55 1234 5678", "GB", Unfit::Service),
        ("+881 6 1234 5678", "DE", Unfit::NoCountry),
        ("+870 773 111 632", "DE", Unfit::NoCountry),
        ("+882 16 5555 5555", "DE", Unfit::NoCountry),
        ("+979 123 456 789", "DE", Unfit::NoCountry),
        ("+800 1234 5678", "DE", Unfit::NoCountry),
    ] {
        assert_eq!(read(typed, country), Err(expect), "{typed}");
    }
    assert_eq!(read(&"0".repeat(65), "DE"), Err(Unfit::Form));
}

#[test]
fn r14_only_the_served_countries_are_taken() {
    let served = ["de".to_owned(), "GB".to_owned()];
    let among = |typed: &str| {
        let rules = Rules {
            country: "DE",
            served: &served,
            with_extension: false,
        };
        Number::parse(typed, &rules).map(|number| number.country())
    };
    assert_eq!(among("030 1234567"), Ok(Some("DE".to_owned())));
    assert_eq!(among("+44 7400 123456"), Ok(Some("GB".to_owned())));
    for other in ["+1 425 555 0123", "+33 6 12 34 56 78", "+44 7781 123456"] {
        assert_eq!(among(other), Err(Unfit::Country), "{other}");
    }
}

#[test]
fn r14_an_extension_is_kept_for_the_office_alone() {
    for typed in [
        "+49 30 1234567 ext 12",
        "+49 30 1234567 ext. 12",
        "+49301234567;ext=12",
        "030 1234567 x12",
        "030 1234567X12",
        "030 1234567 #12",
        "030 1234567 #12#",
        "(030) 1234567 (ext. 12)",
        "030 1234567, 12",
        "030 1234567 Durchwahl 12",
        "030 1234567 extension: 12",
        "٠٣٠ ١٢٣٤٥٦٧ تحويلة ١٢",
    ] {
        let kept = Rules {
            with_extension: true,
            ..rules("DE")
        };
        let office = Number::parse(typed, &kept).map(|number| number.canonical());
        assert_eq!(office.as_deref(), Ok("+49301234567;ext=12"), "{typed}");
        assert_eq!(read(typed, "DE").as_deref(), Ok("+49301234567"), "{typed}");
    }
    for bad in [
        "030 1234567 ext",
        "030 1234567 x",
        "030 1234567 y12",
        "030 1234567 x1x2",
        "030 1234567 x12345678901",
    ] {
        let kept = Rules {
            with_extension: true,
            ..rules("DE")
        };
        assert_eq!(Number::parse(bad, &kept), Err(Unfit::Form), "{bad}");
    }
}

#[test]
fn a_row_is_read_back_as_it_was_written() {
    for text in ["+49301234567", "+49301234567;ext=12", "+14255550123", "+2904321"] {
        assert_eq!(
            Number::of_row(text).map(|number| number.canonical()).as_deref(),
            Some(text)
        );
    }
    for bad in [
        "",
        "+",
        "49301234567",
        "+049301234567",
        "+4930 1234567",
        "+49301234567;ext=",
        "+49301234567;ext=x",
        "+123",
        "+1234567890123456",
    ] {
        assert_eq!(Number::of_row(bad), None, "{bad}");
    }
}

#[test]
fn a_number_is_shown_masked_and_counted_by_its_range() {
    let number = Number::of_row("+49301234567;ext=12").unwrap();
    assert_eq!(number.shown(), "+49 30 1234567 ext. 12");
    assert_eq!(number.masked(), "+49  •••• ••67");
    assert_eq!((number.e164(), number.extension()), ("+49301234567", Some("12")));
    assert_eq!(number.range(), "+4930123");
    assert_eq!(number.country().as_deref(), Some("DE"));
    assert_eq!(format!("{number:?}"), "Number(+49  •••• ••67)");
    let lost = Number::of_row("+99912345678").unwrap();
    assert_eq!((lost.shown().as_str(), lost.country()), ("+99912345678", None));
}

#[test]
fn r21_every_mask_has_the_same_width() {
    let sizes = [
        "+14255550123",
        "+49301234567;ext=12",
        "+420601123456",
        "+2904321",
        "+99912345678",
    ]
    .map(|row| {
        let mask = Number::of_row(row).unwrap().masked();
        (mask.len(), mask.chars().count())
    });
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
}

/// A valid number of some country and kind: its example with other last digits.
fn numbers() -> impl Strategy<Value = String> {
    let kinds = [
        PhoneNumberType::Mobile,
        PhoneNumberType::FixedLine,
        PhoneNumberType::VoIP,
    ];
    let examples: Vec<String> = PHONE_NUMBER_UTIL
        .get_supported_regions()
        .flat_map(|region| kinds.map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind)))
        .filter_map(Result::ok)
        .map(|number| number.format_as(PhoneNumberFormat::E164).into_owned())
        .filter(|text| text.len() > 8)
        .collect();
    (proptest::sample::select(examples), 0..10_000u32)
        .prop_map(|(example, end)| format!("{}{end:04}", &example[..example.len() - 4]))
        .prop_filter("assigned", |text| Number::parse(text, &Rules::default()).is_ok())
}

proptest! {
    #[test]
    fn r14_reading_what_was_written_changes_nothing(
        text in numbers(),
        extension in proptest::option::of("[0-9]{1,10}"),
        zero in proptest::sample::select(vec!['0', '٠', '۰', '०', '০', '０', '๐', '០']),
        separator in proptest::sample::select(vec!["", " ", "-", ".", " / ", "\u{a0}"]),
        country in proptest::sample::select(vec!["", "DE", "US", "KR", "BR", "IT"]),
    ) {
        let kept = Rules { country, with_extension: true, ..Rules::default() };
        let row = extension.map_or(text.clone(), |digits| format!("{text};ext={digits}"));
        let number = Number::of_row(&row).unwrap();
        for written in [number.canonical(), number.shown()] {
            prop_assert_eq!(Number::parse(&written, &kept), Ok(number.clone()));
        }
        let spelt: String = number.e164().chars().map(|c| match c.to_digit(10) {
            Some(digit) => format!("{}{separator}", char::from_u32(u32::from(zero) + digit).unwrap()),
            None => c.to_string(),
        }).collect();
        prop_assert_eq!(Number::parse(&spelt, &rules(country)).unwrap().canonical(), text);
    }
}
