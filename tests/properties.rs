//! Properties of the core for any input: it never panics, and what it accepts can be written.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/json.rs"]
mod json;

use json::to_json;
use proptest::prelude::*;
use wix_oauth_apps::api::{Body, Endpoint, Error, HttpResponse, Operation};
use wix_oauth_apps::app::{self, FIELDS, OAuthAppId, is_guid};
use wix_oauth_apps::client::{CallOptions, Client, ClientOptions};
use wix_oauth_apps::query::OAuthAppQuery;
use wix_oauth_apps::validate;
use wix_oauth_apps::value::{ABORT_SIGNAL, FUNCTION, Value};
use wix_oauth_apps::violation::Violation;

/// Member names of options, queries, responses and mappings, so that trees are nearly valid, and a few unknown names.
const NAMES: &str = "\
    auth apiKey clientId clientSecret instanceId accessToken getAccessToken siteId accountId baseUrl fetch timeout retry \
    maxRetries baseDelay maxDelay rateLimit requests per onEvent dangerouslyAllowBrowser signal headers X-Trace \
    filter $eq sort fieldName order paging limit offset cursorPaging cursor \
    oAuthApp oAuthApps oAuthAppSecret message details applicationError validationError fieldViolations field violatedRule \
    code origin destination Name __proto__ oAuthApp.name";

/// Texts that are valid in some field, or nearly.
const TEXTS: &str = "\
    13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11 Shop WEB_APP web_app REACT name createdDate ASC https://example.com/cb \
    https://example.com example.com http://example.com/ http://localhost:4321 com.example.app:/cb localhost:3000 \
    https://*-shop.example.com/cb https://[::1 https://münchen.example/ oAuthApp.name NOT_FOUND 😀";

fn one_of(words: &'static str) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words.split(' ').collect::<Vec<_>>())
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(Value::Number),
        (-3_i32..300).prop_map(|number| Value::Number(number.into())),
        one_of(TEXTS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,40}".prop_map(Value::from),
        (0_usize..3000).prop_map(|length| Value::from("é".repeat(length))),
        proptest::sample::select(&[FUNCTION, ABORT_SIGNAL, "undefined", "a symbol"][..]).prop_map(Value::Foreign),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(FIELDS).prop_map(|field| field.name.to_owned()),
        4 => one_of(NAMES).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn members(content: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    // A name occurs once in an object.
    proptest::collection::vec((name(), content), 0..8).prop_map(|mut members| {
        let mut seen: Vec<String> = Vec::new();
        members.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        Value::Object(members)
    })
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 64, 8, |inner| {
        prop_oneof![1 => proptest::collection::vec(inner.clone(), 0..25).prop_map(Value::Array), 3 => members(inner)]
    })
}

/// Returns drafts that are valid in about half of the cases.
fn near_draft() -> impl Strategy<Value = Value> {
    let text = |texts: &'static [&'static str]| proptest::sample::select(texts).prop_map(Value::from).boxed();
    let list = |texts: &'static [&'static str]| {
        let entries = proptest::sample::subsequence(texts, 0..=texts.len());
        entries.prop_map(|entries| Value::Array(entries.into_iter().map(Value::from).collect())).boxed()
    };
    let member = prop_oneof![
        ("description|redirectUrlWixPages", "[ -~]{0,40}".prop_map(Value::from).boxed()),
        ("loginUrl|logoutUrl", text(&["https://example.com/login", "http://example.com/#x"])),
        ("allowedRedirectUris", list(&["https://example.com/cb", "https://example.com", "com.example.app:/cb"])),
        ("allowedRedirectDomains", list(&["example.com", "localhost:3000", "https://shop.example.com"])),
        ("allowSecretGeneration", any::<bool>().prop_map(Value::Bool).boxed()),
        ("applicationType", text(app::APPLICATION_TYPES)),
        ("technology", text(app::TECHNOLOGIES)),
        ("[a-zA-Z]{1,12}", leaf().boxed()),
    ];
    let members = proptest::collection::vec(member, 0..4);
    ("\\PC{0,12}", members).prop_map(|(name, members)| {
        let mut all = vec![("name".to_owned(), Value::from(name))];
        for (name, content) in members {
            if all.iter().all(|(other, _)| *other != name) {
                all.push((name, content));
            }
        }
        Value::Object(all)
    })
}

/// Returns queries that are valid in about half of the cases.
fn near_query() -> impl Strategy<Value = Value> {
    let number = || (0_u8..110).prop_map(|number| Value::Number(number.into()));
    let object = |name: &'static str, content: BoxedStrategy<Value>| {
        content.prop_map(move |content| Value::from(vec![(name, content)])).boxed()
    };
    let part = prop_oneof![
        ("filter", object("id", one_of(TEXTS).prop_map(Value::from).boxed())),
        ("paging", object("limit", number().boxed())),
        ("cursorPaging", object("limit", number().boxed())),
        ("cursorPaging", object("cursor", one_of(TEXTS).prop_map(Value::from).boxed())),
        (
            "sort",
            proptest::collection::vec(object("fieldName", Just(Value::from("name")).boxed()), 0..5)
                .prop_map(Value::Array)
                .boxed()
        ),
    ];
    // Two parts, which may have the same name.
    (part.clone(), part).prop_map(|(first, second)| {
        let second = Some(second).filter(|second| second.0 != first.0);
        Value::Object([first].into_iter().chain(second).collect())
    })
}

/// Returns whether a caller may write every name, and every value has a JSON form.
fn is_writable(given: &Value) -> bool {
    given
        .members()
        .iter()
        .all(|(name, content)| app::field(name).is_some_and(|field| !field.read_only) && is_json(content))
}

fn is_json(given: &Value) -> bool {
    match given {
        Value::Foreign(_) => false,
        Value::Array(elements) => elements.iter().all(is_json),
        Value::Object(members) => members.iter().all(|(_, content)| is_json(content)),
        Value::Number(number) => number.is_finite(),
        _ => true,
    }
}

fn has_error(violations: &[Violation]) -> bool {
    violations.iter().any(Violation::is_error)
}

fn to_ascii(host: &str) -> Option<String> {
    host.is_ascii().then(|| host.to_ascii_lowercase())
}

proptest! {
    #[test]
    fn a_draft_that_is_accepted_is_sent_as_it_was_given(given in prop_oneof![near_draft(), members(tree()), tree()]) {
        for to_ascii in [None, Some(&to_ascii as &dyn Fn(&str) -> Option<String>)] {
            match validate::draft(&given, to_ascii) {
                Ok((draft, warnings)) => {
                    prop_assert!(is_writable(&given) && given.get("name").is_some());
                    prop_assert_eq!(draft.to_value(), given.clone());
                    prop_assert!(!has_error(&warnings));
                    let sent: serde_json::Value = serde_json::from_str(&given.to_json()).unwrap();
                    prop_assert_eq!(sent, to_json(&given));
                }
                Err(violations) => prop_assert!(has_error(&violations)),
            }
        }
    }

    #[test]
    fn a_patchs_mask_is_its_own_fields(given in prop_oneof![near_draft(), members(tree()), tree()]) {
        match validate::patch(&given, None) {
            Ok((patch, warnings)) => {
                prop_assert!(is_writable(&given) && !has_error(&warnings));
                let names: Vec<&str> = given.members().iter().map(|(name, _)| name.as_str()).collect();
                prop_assert!(!names.is_empty());
                prop_assert_eq!(patch.paths().collect::<Vec<_>>(), names);
            }
            Err(violations) => prop_assert!(has_error(&violations)),
        }
    }

    #[test]
    fn a_draft_that_is_accepted_is_a_patch_that_is(given in near_draft()) {
        if validate::draft(&given, None).is_ok() {
            prop_assert!(validate::patch(&given, None).is_ok());
        }
    }

    #[test]
    fn a_query_that_is_accepted_is_sent_as_it_was_given(given in prop_oneof![near_query(), members(tree())]) {
        match OAuthAppQuery::read(&given) {
            Ok(query) => {
                prop_assert!(is_json(&given));
                prop_assert_eq!(query.to_value(), given);
            }
            Err(violations) => prop_assert!(has_error(&violations)),
        }
    }

    #[test]
    fn only_a_guid_is_an_id(given in prop_oneof![tree(), "[0-9a-fA-F-]{36}".prop_map(Value::from)]) {
        let is_id = given.as_str().is_some_and(is_guid);
        prop_assert_eq!(OAuthAppId::read(&given).is_ok(), is_id);
    }

    #[test]
    fn options_are_read_or_refused(given in prop_oneof![members(tree()), tree()]) {
        if let Err(faults) = ClientOptions::read(&given) {
            prop_assert!(has_error(&faults));
        }
        let auth = Value::from(vec![("accessToken", Value::from("key"))]);
        let client = ClientOptions::read(&Value::from(vec![("auth", auth)])).unwrap();
        if let Ok(options) = CallOptions::read(&given, &client) {
            prop_assert!(options.headers.iter().all(|(name, value)| !name.contains('\n') && !value.contains('\n')));
        }
    }

    #[test]
    fn no_message_holds_a_credential(given in members(tree()), secret in "hunter2[ -~é\n]{0,4}") {
        // Try every form of credential.
        let mut members = given.members().to_vec();
        members.retain(|(name, _)| name != "auth");
        for form in ["apiKey", "accessToken", "clientSecret"] {
            let auth = Value::from(vec![(form, Value::from(secret.as_str()))]);
            members.push(("auth".to_owned(), auth));
            let result = Client::<wix_oauth_apps::value::Value>::new(&Value::Object(members.clone()), None);
            members.pop();
            prop_assert!(!format!("{result:?}").contains("hunter2"), "{:?}", result);
        }
    }

    #[test]
    fn every_answer_is_read(status in any::<u16>(), given in prop_oneof![members(tree()), tree()], text in any::<String>()) {
        for body in [Body::Json(given), Body::Other(text), Body::Empty] {
            for endpoint in [
                Endpoint::Create,
                Endpoint::Get,
                Endpoint::Update,
                Endpoint::Delete,
                Endpoint::Query,
                Endpoint::GenerateSecret,
                Endpoint::AccessToken,
                Endpoint::VisitorToken,
            ] {
                let response = HttpResponse { status, headers: Vec::new(), body: body.clone() };
                let result: Result<Value, Box<Error<Value>>> = endpoint.read(Operation::Get, &response);
                if let Err(error) = result {
                    prop_assert_eq!(error.status, Some(status));
                    prop_assert!(!error.message.is_empty());
                }
            }
        }
    }
}
