//! The answers of `probe` to the questions that the API contract leaves open, beside the assumptions of the emulator.
//!
//! An answer has the name and the values of the emulator's option, so that `emulate --profile` starts the emulator as
//! the probed service behaved.

use serde_json::{Map, Value, json};

use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{nearest_name, rule};

/// The `format` of a profile file.
const FORMAT: &str = "wix-oauth-apps-profile";
/// The version of the profile files that this program reads and writes.
const VERSION: u32 = 1;

/// The values that an answer can have.
#[derive(Debug, Clone, Copy)]
enum Values {
    Flag,
    OneOf(&'static [&'static str]),
    /// A whole number, at least.
    Number(u64),
    /// One of some numbers.
    OneNumber(&'static [u64]),
    /// `false`, or `{requests, per, retryAfter}`.
    RateLimit,
    /// The violated rule for each kind of fault.
    RuleNames,
}

struct Question {
    name: &'static str,
    values: Values,
    /// The answer that the emulator assumes, as JSON.
    default: &'static str,
    /// The subject, for a message.
    topic: &'static str,
}

const fn question(name: &'static str, values: Values, default: &'static str, topic: &'static str) -> Question {
    Question { name, values, default, topic }
}

/// Every question, in the order of the contract.
const QUESTIONS: &[Question] = &[
    question("maskPath", Values::OneOf(&["apply", "ignore"]), r#""apply""#, "the mask {\"path\": …}"),
    question("accountHeader", Values::OneOf(&["ignore", "refuse"]), r#""ignore""#, "wix-account-id beside wix-site-id"),
    question("secretOnCreate", Values::Flag, "true", "whether the response to a create holds a secret"),
    question("maxPageLimit", Values::Number(1), "100", "the largest page of a query"),
    question("maxAllowedDomains", Values::Number(1), "20", "the most entries of allowedDomains"),
    question("maxOriginLength", Values::Number(1), "256", "the most characters of origin"),
    question(
        "copyAllowedDomains",
        Values::OneOf(&["never", "toAllowedRedirectDomains", "fromAllowedRedirectDomains"]),
        r#""never""#,
        "whether one domain list is copied into the other",
    ),
    question("customSchemes", Values::Flag, "true", "whether a redirect URI may have a custom scheme"),
    question("normalizeRedirects", Values::Flag, "false", "whether redirect entries are stored in their normal form"),
    question(
        "duplicateRedirects",
        Values::OneOf(&["keep", "drop", "refuse"]),
        r#""keep""#,
        "an entry that its list already holds",
    ),
    question("wildcardRedirects", Values::Flag, "true", "whether a * in a redirect URI stands for many hosts"),
    question("subdomainRedirects", Values::Flag, "false", "whether a redirect domain allows its sub-domains"),
    question("domainPorts", Values::OneOf(&["exact", "ignored"]), r#""exact""#, "the port of a redirect domain"),
    question(
        "logoutRedirects",
        Values::OneOf(&["either", "domains"]),
        r#""either""#,
        "the lists that allow the return URL of a logout",
    ),
    question("honorLoginUrl", Values::Flag, "true", "whether the login page sends visitors to loginUrl"),
    question("honorLogoutUrl", Values::Flag, "true", "whether the logout page sends visitors to logoutUrl"),
    question(
        "wixPagesUrl",
        Values::OneOf(&["emulator", "app"]),
        r#""emulator""#,
        "the beginning of the URLs of sessions",
    ),
    question("unknownClientStatus", Values::OneNumber(&[400, 401, 404]), "400", "a token request of an unknown client"),
    question("staleFor", Values::Number(0), "0", "for how long a new app is not found by its ID, in milliseconds"),
    question("rateLimit", Values::RateLimit, "false", "the rate limit"),
    question(
        RULE_NAMES,
        Values::RuleNames,
        r#"{"nameMissing":"REQUIRED_FIELD","nameTooShort":"MIN_LENGTH","nameTooLong":"MAX_LENGTH",
            "tooManyUris":"MAX_SIZE","malformedUri":"FORMAT","pageTooLarge":"MAX","unknownEnumValue":"INVALID_ENUM_VALUE",
            "readOnlyInMask":"FIELD_NOT_ALLOWED"}"#,
        "the violated rule of a fault",
    ),
];

/// The question whose answer is one for each kind of fault.
const RULE_NAMES: &str = "ruleNames";

impl Question {
    fn default(&self) -> Value {
        serde_json::from_str(self.default).unwrap_or_default()
    }

    /// Returns the predicate of a message if a value is not an answer.
    fn fault(&self, value: &Value) -> Option<String> {
        let whole =
            |value: &Value, least: u64| value.as_u64().is_some_and(|number| number >= least && number <= MAX_NUMBER);
        let (is_answer, wanted) = match self.values {
            Values::Flag => (value.is_boolean(), "true or false".to_owned()),
            Values::OneOf(names) => {
                (value.as_str().is_some_and(|name| names.contains(&name)), format!("one of {}", names.join(", ")))
            }
            Values::Number(least) => (whole(value, least), format!("a whole number, {least} or more")),
            Values::OneNumber(numbers) => {
                let texts: Vec<String> = numbers.iter().map(u64::to_string).collect();
                (value.as_u64().is_some_and(|number| numbers.contains(&number)), format!("one of {}", texts.join(", ")))
            }
            Values::RateLimit => {
                let is_limit = value.as_object().is_some_and(|members| {
                    let is_member = |(name, value): (&String, &Value)| match name.as_str() {
                        "requests" | "per" => whole(value, 1),
                        "retryAfter" => value.is_boolean(),
                        _ => false,
                    };
                    members.iter().all(is_member)
                });
                (is_limit || *value == Value::Bool(false), "false or { requests, per, retryAfter }".to_owned())
            }
            Values::RuleNames => {
                let known = self.default();
                let is_name =
                    |(name, rule): (&String, &Value)| known.get(name).is_some() && (rule.is_string() || rule.is_null());
                (value.as_object().is_some_and(|rules| rules.iter().all(is_name)), format!("an object of {known}"))
            }
        };
        (!is_answer).then(|| format!("must be {wanted}"))
    }
}

/// The largest number that the emulator takes.
const MAX_NUMBER: u64 = 2_147_483_647;

/// Returns the questions with the assumptions of the emulator: `[{name, topic, emulator}]`.
pub fn questions() -> Value {
    let all = QUESTIONS
        .iter()
        .map(|question| json!({ "name": question.name, "topic": question.topic, "emulator": question.default() }));
    Value::Array(all.collect())
}

/// Returns `{answers, differences}`, with `{name, topic, answer, emulator}` for each answer that the emulator does not
/// assume. An answer of `null` was not found out and differs from nothing.
///
/// # Errors
/// If one cannot be used: a fault for each answer that is none.
pub fn compare(answers: &Map<String, Value>) -> Result<Value> {
    check(answers, &Path::default().key("answers"))?;
    let mut differences = Vec::new();
    for (question, answer) in QUESTIONS.iter().filter_map(|question| Some((question, answers.get(question.name)?))) {
        let mut add = |name: String, answer: &Value, emulator: &Value| {
            if !answer.is_null() && answer != emulator {
                let topic = question.topic;
                differences.push(json!({ "name": name, "topic": topic, "answer": answer, "emulator": emulator }));
            }
        };
        let default = question.default();
        match (question.values, answer) {
            (Values::RuleNames, Value::Object(rules)) => {
                for (name, rule) in rules {
                    add(format!("{RULE_NAMES}.{name}"), rule, default.get(name).unwrap_or(&Value::Null));
                }
            }
            _ => add(question.name.to_owned(), answer, &default),
        }
    }
    Ok(json!({ "answers": answers, "differences": differences }))
}

/// Returns the profile file of some answers.
///
/// # Errors
/// The errors of [`compare`].
pub fn profile(answers: &Map<String, Value>) -> Result<Value> {
    check(answers, &Path::default().key("answers"))?;
    let known: Map<String, Value> = answers
        .iter()
        .filter(|(_, answer)| !answer.is_null())
        .map(|(name, answer)| (name.clone(), answer.clone()))
        .collect();
    Ok(json!({ "format": FORMAT, "version": VERSION, "answers": known }))
}

/// Returns the emulator's options of a profile file.
///
/// # Errors
/// If the file is no profile, has another version, or has an answer of another type.
pub fn emulator_options(profile: &Value) -> Result<Value> {
    let refuse = |message: String| Err(Error::new(Code::Config, message));
    if profile.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return refuse("the file is no profile; make one with `probe --out FILE`".to_owned());
    }
    if profile.get("version") != Some(&json!(VERSION)) {
        let found = profile.get("version").unwrap_or(&Value::Null);
        return refuse(format!(
            "the profile has version {found}, and this program reads version {VERSION}; probe again"
        ));
    }
    let Some(answers) = profile.get("answers").and_then(Value::as_object) else {
        return refuse("the profile has no answers; probe again".to_owned());
    };
    check(answers, &Path::default().key("answers"))?;
    let known = answers.iter().filter(|(_, answer)| !answer.is_null());
    let options = known.map(|(name, answer)| (name.clone(), answer.clone()));
    Ok(Value::Object(options.collect()))
}

fn check(answers: &Map<String, Value>, path: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for (name, answer) in answers {
        let Some(question) = QUESTIONS.iter().find(|question| question.name == name) else {
            let meant = nearest_name(name, QUESTIONS.iter().map(|question| question.name));
            let remedy = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
            faults.push(Fault::new(path.key(name), rule::UNKNOWN_FIELD, format!("is no known answer{remedy}")));
            continue;
        };
        if let Some(message) = question.fault(answer).filter(|_| !answer.is_null()) {
            faults.push(Fault::new(path.key(name), rule::UNKNOWN_VALUE, message));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::of_faults(Code::Config, faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Map<String, Value> {
        QUESTIONS.iter().map(|question| (question.name.to_owned(), question.default())).collect()
    }

    /// Returns an answer to each question that differs from the emulator's.
    fn other(question: &Question) -> Value {
        match question.values {
            Values::Flag => json!(question.default() != json!(true)),
            Values::OneOf(names) => json!(names.last()),
            Values::Number(_) => json!(7),
            Values::OneNumber(numbers) => json!(numbers.last()),
            Values::RateLimit => json!({ "requests": 5, "per": 1_000, "retryAfter": false }),
            Values::RuleNames => json!({ "nameTooLong": "MAX" }),
        }
    }

    #[test]
    fn the_emulators_defaults_differ_in_nothing_and_another_answer_in_itself() {
        assert_eq!(compare(&defaults()).unwrap()["differences"], json!([]));
        for question in QUESTIONS {
            let mut answers = defaults();
            answers.insert(question.name.to_owned(), other(question));
            let differences = compare(&answers).unwrap()["differences"].as_array().unwrap().clone();
            assert_eq!(differences.len(), 1, "{}", question.name);
            assert!(differences[0]["name"].as_str().unwrap().starts_with(question.name));
            answers.insert(question.name.to_owned(), Value::Null);
            assert_eq!(compare(&answers).unwrap()["differences"], json!([]));
        }
        assert_eq!(questions().as_array().unwrap().len(), QUESTIONS.len());
    }

    #[test]
    fn an_answer_that_is_none_is_refused() {
        for (name, value) in [
            ("maskPath", json!("yes")),
            ("customSchemes", json!("true")),
            ("maxPageLimit", json!(0)),
            ("maxPageLimit", json!(1.5)),
            ("unknownClientStatus", json!(500)),
            ("rateLimit", json!(true)),
            ("rateLimit", json!({ "limit": 5 })),
            ("ruleNames", json!({ "other": "MAX" })),
            ("maskpath", json!("apply")),
        ] {
            let error = compare(&Map::from_iter([(name.to_owned(), value)])).unwrap_err();
            assert!(error.code == Code::Config && error.message.contains(name), "{error}");
        }
    }

    #[test]
    fn a_profile_is_written_and_read() {
        let mut answers = defaults();
        answers.insert("staleFor".to_owned(), Value::Null);
        answers.insert("maxPageLimit".to_owned(), json!(500));
        let file = profile(&answers).unwrap();
        let options = emulator_options(&file).unwrap();
        assert_eq!((&options["maxPageLimit"], &options["maskPath"]), (&json!(500), &json!("apply")));
        assert!(options.get("staleFor").is_none() && options[RULE_NAMES]["nameTooLong"] == "MAX_LENGTH");
        for (file, part) in [
            (json!({}), "no profile"),
            (json!({ "format": FORMAT, "version": 2, "answers": {} }), "version 2"),
            (json!({ "format": FORMAT, "version": 1 }), "no answers"),
            (json!({ "format": FORMAT, "version": 1, "answers": { "maskPath": 1 } }), "answers.maskPath"),
        ] {
            let error = emulator_options(&file).unwrap_err();
            assert!(error.message.contains(part), "{error}");
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn the_emulator_takes_the_answers_as_options() {
        use wix_oauth_apps_emulator::Options;
        for question in QUESTIONS {
            let answers = Map::from_iter([(question.name.to_owned(), other(question))]);
            let options = emulator_options(&profile(&answers).unwrap()).unwrap();
            assert!(Options::from_json(options).is_ok(), "{}", question.name);
        }
        let options = Options::from_json(emulator_options(&profile(&defaults()).unwrap()).unwrap()).unwrap();
        let default = Options::default();
        assert_eq!(
            (options.mask_path, options.account_header, options.secret_on_create, options.max_page_limit),
            (default.mask_path, default.account_header, default.secret_on_create, default.max_page_limit)
        );
        assert_eq!(
            (options.max_allowed_domains, options.max_origin_length, options.copy_allowed_domains),
            (default.max_allowed_domains, default.max_origin_length, default.copy_allowed_domains)
        );
        assert_eq!(
            (options.custom_schemes, options.normalize_redirects, options.duplicate_redirects, options.rate_limit),
            (default.custom_schemes, default.normalize_redirects, default.duplicate_redirects, default.rate_limit)
        );
        assert_eq!(
            (options.wildcard_redirects, options.subdomain_redirects, options.domain_ports, options.stale_for),
            (default.wildcard_redirects, default.subdomain_redirects, default.domain_ports, default.stale_for)
        );
        assert_eq!(
            (options.logout_redirects, options.honor_login_url, options.honor_logout_url, options.wix_pages_url),
            (default.logout_redirects, default.honor_login_url, default.honor_logout_url, default.wix_pages_url)
        );
        assert_eq!(options.unknown_client_status, default.unknown_client_status);
    }
}
