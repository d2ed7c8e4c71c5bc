//! The list of server functions, each with its fields: what the server's layer lets through, and nothing else (R47, R48).

/// What one function takes.
#[derive(Clone, Copy, Debug)]
pub struct Takes {
    /// Its address.
    pub path: &'static str,
    /// Its fields.
    pub fields: &'static [&'static str],
    /// Whether one of them is a secret.
    pub is_secret: bool,
    /// Whether one of them is a list that may be longer than what people type (`docs/adr/0018`).
    pub has_list: bool,
}

/// What a browser says of a passkey: a secret, and longer than what people type.
pub const PASSKEY: &str = "passkey";
/// The text of a file of new accounts, longer than anything else that is posted.
pub const CSV: &str = "csv";

const fn takes(path: &'static str, fields: &'static [&'static str], is_secret: bool) -> Takes {
    Takes {
        path,
        fields,
        is_secret,
        has_list: false,
    }
}

const fn takes_a_list(path: &'static str, fields: &'static [&'static str]) -> Takes {
    Takes {
        has_list: true,
        ..takes(path, fields, false)
    }
}

/// Every server function (R47).
pub const FIELDS: [Takes; 81] = [
    takes("/fn/public/reset-look", &["started", "username"], false),
    takes(
        "/fn/public/reset-identify",
        &[
            "username",
            "captcha",
            "captcha_ticket",
            "captcha_answer",
            "captcha_wait",
            "intent",
        ],
        false,
    ),
    takes("/fn/public/reset-choose", &["method"], false),
    takes(
        "/fn/public/reset-prove",
        &[
            "destination",
            "code",
            "answer_1",
            "answer_2",
            "answer_3",
            "answer_4",
            "answer_5",
            "passkey",
        ],
        true,
    ),
    takes(
        "/fn/public/reset-password",
        &["username", "new_password", "confirm_password"],
        true,
    ),
    takes("/fn/public/reset-cancel", &["again"], false),
    takes("/fn/public/reset-help", &["ask"], false),
    takes("/fn/public/reset-touch", &[], false),
    takes("/fn/public/reset-open", &["ticket"], true),
    takes("/fn/public/authenticator-enrol", &["token", "key"], true),
    takes(
        "/fn/public/authenticator-waiting",
        &["device", "at", "signature"],
        false,
    ),
    takes(
        "/fn/public/authenticator-answer",
        &["device", "request", "verdict", "number", "at", "signature"],
        false,
    ),
    takes(
        "/fn/public/authenticator-subscribe",
        &["device", "endpoint", "p256dh", "auth", "at", "signature"],
        false,
    ),
    takes("/fn/public/account-look", &[], false),
    takes("/fn/public/not-me-look", &[], false),
    takes("/fn/public/not-me", &["reference"], true),
    takes("/fn/public/setup-look", &[], false),
    takes("/fn/public/setup-open", &["key"], true),
    takes("/fn/public/setup-organisation", &["name", "address", "domains"], false),
    takes(
        "/fn/public/setup-admin",
        &[
            "user_name",
            "given_name",
            "family_name",
            "mail",
            "alternate_mail",
            "username",
            "new_password",
            "confirm_password",
        ],
        true,
    ),
    takes("/fn/public/setup-app", &["code"], true),
    takes(
        "/fn/public/setup-people",
        &[
            "user_name",
            "given_name",
            "family_name",
            "group",
            "username",
            "new_password",
            "confirm_password",
        ],
        true,
    ),
    takes("/fn/public/setup-back", &["step"], false),
    takes("/fn/public/setup-finish", &[], false),
    takes("/fn/public/signin", &["username", "password", "to"], true),
    takes("/fn/public/signin-code", &["code", "to"], true),
    takes("/fn/public/signin-passkey", &["passkey", "to"], true),
    takes("/fn/user/signout", &[], false),
    takes("/fn/user/sessions-end", &["id"], false),
    takes("/fn/user/change-look", &[], false),
    takes(
        "/fn/user/change-password",
        &["username", "password", "new_password", "confirm_password"],
        true,
    ),
    takes("/fn/user/security-look", &[], false),
    takes("/fn/user/security-confirm", &["username", "password"], true),
    takes("/fn/user/security-choose", &["method"], false),
    takes("/fn/user/security-prove", &["destination", "code", "passkey"], true),
    takes("/fn/user/security-add", &["kind"], false),
    takes("/fn/user/security-enrol", &["destination", "code"], true),
    takes("/fn/user/security-passkey", &["passkey"], true),
    takes(
        "/fn/user/security-answer",
        &[
            "question_1",
            "question_2",
            "question_3",
            "question_4",
            "question_5",
            "answer_1",
            "answer_2",
            "answer_3",
            "answer_4",
            "answer_5",
        ],
        true,
    ),
    takes("/fn/user/security-again", &["method"], false),
    takes("/fn/user/security-leave", &[], false),
    takes("/fn/user/security-change", &["id", "act", "name"], false),
    takes("/fn/user/security-skip", &["to"], false),
    takes("/fn/user/security-reconfirm", &[], false),
    takes("/fn/admin/console-look", &[], false),
    takes("/fn/admin/kiosks-look", &[], false),
    takes("/fn/admin/kiosks-add", &["name", "fingerprint"], false),
    takes("/fn/admin/kiosks-remove", &["kiosk"], false),
    takes("/fn/admin/rollout-look", &[], false),
    takes("/fn/admin/rollout-choose", &["person", "group"], false),
    takes("/fn/admin/people-look", &[], false),
    takes("/fn/admin/people-find", &["find", "only", "after"], false),
    takes("/fn/admin/person-look", &[], false),
    takes("/fn/admin/person-open", &["person"], false),
    takes(
        "/fn/admin/person-act",
        &[
            "person",
            "act",
            "method",
            "reason",
            "global_admin",
            "policy_admin",
            "brand_owner",
            "helpdesk",
            "auditor",
            "username",
            "password",
        ],
        true,
    ),
    takes("/fn/admin/newcomer-look", &[], false),
    takes(
        "/fn/admin/person-create",
        &[
            "user_name",
            "given_name",
            "family_name",
            "mail",
            "alternate_mail",
            "mobile",
            "office",
            "language",
            "groups",
        ],
        false,
    ),
    takes("/fn/admin/import-look", &[], false),
    takes("/fn/admin/import-check", &[CSV], false),
    takes("/fn/admin/import", &["seen"], false),
    takes("/fn/admin/groups-look", &[], false),
    takes("/fn/admin/group-create", &["name"], false),
    takes("/fn/admin/group-look", &[], false),
    takes("/fn/admin/group-open", &["group", "after"], false),
    takes("/fn/admin/group-change", &["group", "act", "who"], false),
    takes("/fn/admin/doctor-look", &[], false),
    takes("/fn/admin/doctor", &["username"], false),
    takes("/fn/admin/policy-look", &["page"], false),
    takes(
        "/fn/admin/policy-properties",
        &[
            "version",
            "scope",
            "groups",
            "excluded_groups",
            "disclosure",
            "trusted_networks",
            "kiosk_enrolled",
        ],
        false,
    ),
    takes_a_list(
        "/fn/admin/policy-authentication-methods",
        &[
            "version",
            "n_gates",
            "passkey",
            "app_push",
            "app_code",
            "email",
            "office_call",
            "mobile_whatsapp",
            "mobile_call",
            "mobile_sms",
            "questions",
            "n_methods",
            "questions_register",
            "questions_reset",
            "hiding_place",
            "lost_way",
            "lost_thing",
            "broken_thing",
            "toy_name",
            "imaginary_friend",
            "secret_word",
            "den_name",
            "made_up_game",
            "first_book",
            "unfinished_book",
            "scary_character",
            "eerie_picture",
            "first_song",
            "learned_by_heart",
            "wished_in_vain",
            "first_savings",
            "first_shop",
            "almost_home",
            "forbidden_place",
            "picture_on_cup",
            "object_by_touch",
            "childhood_smell",
            "hidden_thing",
            "missing_piece",
            "others_animal",
            "strange_gift",
            "unused_gift",
            "wrong_word",
            "private_word",
            "wrong_name",
            "left_behind",
            "wrong_stop",
            "long_wait",
            "storm_place",
            "sleepless_place",
            "kind_stranger",
            "tasted_once",
            "regretted_purchase",
            "given_away",
            "found_thing",
            "kept_longest",
            "first_repair",
            "draw_prize",
            "questions_own",
            "call_speaks_code",
            "phone_country",
            "phone_countries",
            "one_time_pass",
        ],
    ),
    takes(
        "/fn/admin/policy-registration",
        &[
            "version",
            "registration_required",
            "reconfirm_days",
            "skips_most",
            "skip_days",
            "own_office",
            "correct_loaded",
        ],
        false,
    ),
    takes(
        "/fn/admin/policy-notifications",
        &[
            "version",
            "notify_users",
            "notify_all_admins",
            "notify_changes",
            "notify_vetoes",
            "notify_denials",
        ],
        false,
    ),
    takes(
        "/fn/admin/policy-customization",
        &["version", "help_custom", "help_link", "help_mail"],
        false,
    ),
    takes(
        "/fn/admin/policy-on-premises-integration",
        &["version", "unlock_on", "unlock_clears_lockout"],
        false,
    ),
    takes(
        "/fn/admin/policy-administrator-policy",
        &["version", "admin_reset"],
        false,
    ),
    takes_a_list(
        "/fn/admin/policy-password-protection",
        &[
            "version",
            "profile",
            "least_length",
            "unicode",
            "history",
            "least_age_hours",
            "expiry_days",
            "enforce_custom",
            "custom_terms",
            "lockout_tries",
            "lockout_first",
            "lockout_most",
        ],
    ),
    takes_a_list(
        "/fn/admin/policy-methods-policy",
        &[
            "version",
            "methods_state",
            "methods_reason",
            "methods_sign_in",
            "methods_passkey",
            "methods_passkey_groups",
            "methods_passkey_excluded",
            "methods_app",
            "methods_app_groups",
            "methods_app_excluded",
            "methods_app_push",
            "methods_app_code",
            "methods_email",
            "methods_email_groups",
            "methods_email_excluded",
            "methods_voice",
            "methods_voice_groups",
            "methods_voice_excluded",
            "methods_voice_office",
            "methods_sms",
            "methods_sms_groups",
            "methods_sms_excluded",
            "methods_sms_whatsapp",
        ],
    ),
    takes("/fn/admin/policy-guide", &[], false),
    takes("/fn/admin/policy-back", &["version"], false),
    takes("/fn/admin/policy-discard", &["page"], false),
    takes("/fn/admin/policy-save", &["page", "seen", "username", "password"], true),
];

#[cfg(test)]
mod tests {
    use super::*;
    use regain_domain::policy::page::PolicyPage;
    use regain_domain::policy::setting::Setting;
    use server_fn::axum::server_fn_paths;

    #[test]
    fn a_page_of_the_policy_takes_its_own_settings_and_their_version() {
        for page in PolicyPage::ALL.into_iter().filter(|page| *page != PolicyPage::Versions) {
            let path = format!("/fn/admin/policy-{}", page.code());
            let takes = FIELDS.iter().find(|takes| takes.path == path).expect("a function");
            let settings = page.settings().into_iter().flat_map(Setting::fields);
            let expect: Vec<&str> = std::iter::once("version").chain(settings).collect();
            assert_eq!(takes.fields, expect, "{path}");
        }
    }

    #[test]
    fn r47_every_function_is_on_the_list_and_a_post() {
        let mut listed: Vec<&str> = FIELDS.iter().map(|takes| takes.path).collect();
        let mut registered: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
        listed.sort_unstable();
        registered.sort_unstable();
        assert_eq!(listed, registered);
        assert!(server_fn_paths().all(|(_, method)| method == axum::http::Method::POST));
        for path in listed {
            assert!(
                ["/fn/public/", "/fn/user/", "/fn/admin/"]
                    .iter()
                    .any(|prefix| path.starts_with(prefix)),
                "{path}"
            );
        }
    }
}
