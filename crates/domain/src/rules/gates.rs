//! Gates (`domain.md` §4).

use super::*;

pub(super) const GATES: &[Rule] = &[
    (
        "§4",
        "the app's code and its push are one method",
        || n_independent(&[(MethodKind::App, ""), (MethodKind::Authenticator, "")]),
        "1",
    ),
    (
        "§4",
        "a mobile by text and by call is one",
        || n_independent(&[(MethodKind::Mobile, "+442079460089")]),
        "1",
    ),
    (
        "§4",
        "a mailbox of the tenant's own takes no codes",
        || email::may_take_codes("uma@acorn.example", &usual().domains).to_string(),
        "false",
    ),
    (
        "§4",
        "a mailbox elsewhere does",
        || email::may_take_codes("uma@mail.example", &usual().domains).to_string(),
        "true",
    ),
    (
        "§4",
        "codes in any script's digits, with blanks and hyphens",
        || is_code_form(&plain_digits(" ٤٨١-٥ ١٦")).to_string(),
        "true",
    ),
    (
        "§4",
        "a push counts where two are needed",
        || gates(1),
        "app_code email",
    ),
    ("§4", "and there it does", || gates(2), "app_push app_code email"),
    (
        "§4",
        "the app alone",
        || wrong(|s| s.policy.gates = vec![Gate::AppCode]),
        "app-alone",
    ),
    (
        "§4",
        "two required, the app and one other",
        || wrong(|s| (s.policy.n_gates, s.policy.gates) = (2, vec![Gate::AppCode, Gate::Email])),
        "app-alone",
    ),
    (
        "§4",
        "a push where one is required",
        || wrong(|s| s.policy.gates.insert(0, Gate::AppPush)),
        "push-alone",
    ),
    (
        "§4",
        "questions where one is required",
        || wrong(|s| s.policy.gates.push(Gate::Questions)),
        "questions-alone",
    ),
    (
        "§4",
        "more asked than registered",
        || wrong(|s| (s.policy.questions.n_register, s.policy.questions.n_reset) = (3, 4)),
        "questions-order",
    ),
    (
        "§4",
        "more registered than there are",
        || wrong(|s| s.policy.questions.predefined.truncate(4)),
        "questions-few",
    ),
    (
        "§4",
        "21 questions of one's own",
        || wrong(|s| s.policy.questions.own = own(21, |n| format!("Question {n}"))),
        "too-many",
    ),
    (
        "§4",
        "two that are alike once folded",
        || wrong(|s| s.policy.questions.own = own(2, |n| ["Which cape?", "WHICH  cape"][n].to_owned())),
        "question-alike",
    ),
    (
        "§4",
        "a question of 2 characters",
        || QuestionText::parse("Hm").is_err().to_string(),
        "true",
    ),
    (
        "§4",
        "calls in a trial",
        || offers_call(|_, s| s.edition = Edition::Trial),
        "false",
    ),
    (
        "§4",
        "an office phone left to others",
        || {
            code(may_add(
                MethodKind::Office,
                &able(),
                &set(|s| {
                    s.policy.gates = Gate::ALL.to_vec();
                    s.policy.registration.own_office = false;
                }),
            ))
        },
        "method-unavailable",
    ),
];
