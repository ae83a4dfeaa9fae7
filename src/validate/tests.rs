//! The values that a draft and a patch may hold, field by field. A fault is written `field RULE`, with ` -> suggestion` where there
//! is one and ` (warning)` where it does not stop a write.

use serde_json::{Value as Json, json};

mod round_trip;

use super::{draft, patch};
use crate::app::{FIELDS, OAuthAppId};
use crate::value::tests::{KINDS, object, value};
use crate::value::{FUNCTION, Value};
use crate::violation::{Violation, rule};

/// Violations as lines, for the tables of these and other tests.
pub(crate) fn lines(violations: &[Violation]) -> Vec<String> {
    let line = |violation: &Violation| {
        let suggestion = violation.suggestion.as_ref().map(|value| format!(" -> {value}")).unwrap_or_default();
        let warning = if violation.is_error() { "" } else { " (warning)" };
        format!("{} {}{suggestion}{warning}", violation.field, violation.rule)
    };
    violations.iter().map(line).collect()
}

/// Returns the violations of a draft. Checks that an error refuses it and a warning does not.
fn in_draft(given: &Value) -> Vec<Violation> {
    match draft(given, None) {
        Ok((draft, warnings)) => {
            assert_eq!(draft.to_value(), *given, "a draft is sent as it was given");
            assert!(warnings.iter().all(|warning| !warning.is_error()), "{warnings:?}");
            warnings
        }
        Err(violations) => {
            assert!(violations.iter().any(Violation::is_error), "{violations:?}");
            violations
        }
    }
}

/// Returns the violations of a patch. Checks that an error refuses it and a warning does not.
fn in_patch(given: &Value) -> Vec<Violation> {
    match patch(given, None) {
        Ok((patch, warnings)) => {
            let names: Vec<&str> = given.members().iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(patch.paths().collect::<Vec<_>>(), names, "the mask is the patch's own fields");
            assert!(warnings.iter().all(|warning| !warning.is_error()), "{warnings:?}");
            warnings
        }
        Err(violations) => {
            assert!(violations.iter().any(Violation::is_error), "{violations:?}");
            violations
        }
    }
}

/// Returns a draft that has the field and is otherwise valid.
fn draft_with(field: &str, content: Value) -> Value {
    match field {
        "name" => object([("name", content)]),
        _ => object([("name", Value::from("Shop")), (field, content)]),
    }
}

fn repeated(text: &str, count: usize) -> Json {
    Json::from(text.repeat(count))
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_field_takes_what_the_api_takes() {
    let uris = |count: usize| (0..count).map(|n| format!("https://example.com/{n}")).collect::<Vec<_>>();
    let domains = |count: usize| (0..count).map(|n| format!("s{n}.example.com")).collect::<Vec<_>>();
    let rows: Vec<(&str, Json, &[&str])> = vec![
        ("name", repeated("a", 0), &["name OUT_OF_RANGE"]),
        ("name", repeated("a", 1), &["name OUT_OF_RANGE"]),
        ("name", repeated("a", 2), &[]),
        ("name", repeated("a", 256), &[]),
        ("name", repeated("a", 257), &["name OUT_OF_RANGE"]),
        // A character counts as one, however many bytes or UTF-16 units it has.
        ("name", repeated("é", 1), &["name OUT_OF_RANGE"]),
        ("name", repeated("é", 256), &[]),
        ("name", repeated("😀", 1), &["name OUT_OF_RANGE"]),
        ("name", repeated("😀", 2), &[]),
        ("name", repeated("😀", 256), &[]),
        ("name", repeated("😀", 257), &["name OUT_OF_RANGE"]),
        ("description", json!(""), &[]),
        ("description", repeated("d", 100_000), &[]),
        ("redirectUrlWixPages", json!(""), &[]),
        ("redirectUrlWixPages", json!(format!("https://example.com/{}", "a".repeat(1004))), &[]),
        (
            "redirectUrlWixPages",
            json!(format!("https://example.com/{}", "a".repeat(1005))),
            &["redirectUrlWixPages OUT_OF_RANGE"],
        ),
        ("redirectUrlWixPages", json!("javascript:alert(1)"), &["redirectUrlWixPages SCHEME"]),
        (
            "redirectUrlWixPages",
            json!("www.example.com"),
            &["redirectUrlWixPages NOT_ABSOLUTE -> https://www.example.com"],
        ),
        ("allowSecretGeneration", json!(true), &[]),
        ("allowSecretGeneration", json!(false), &[]),
        ("applicationType", json!("web_app"), &["applicationType UNKNOWN_VALUE -> WEB_APP"]),
        ("applicationType", json!("WEB APP"), &["applicationType UNKNOWN_VALUE"]),
        ("applicationType", json!(""), &["applicationType UNKNOWN_VALUE"]),
        ("technology", json!("React_Native"), &["technology UNKNOWN_VALUE -> REACT_NATIVE"]),
        ("technology", json!("svelte"), &["technology UNKNOWN_VALUE"]),
        ("loginUrl", json!("https://example.com/login#top"), &[]),
        ("loginUrl", json!("/login"), &["loginUrl NOT_ABSOLUTE"]),
        ("loginUrl", json!(""), &[]),
        ("logoutUrl", json!(""), &[]),
        ("loginUrl", json!(" "), &["loginUrl NOT_ABSOLUTE"]),
        ("allowedDomains", json!([]), &[]),
        ("allowedDomains", json!(["https://(.*)-shop.example.com"]), &["allowedDomains DEPRECATED (warning)"]),
        ("allowedDomains", json!([5]), &["allowedDomains[0] TYPE", "allowedDomains DEPRECATED (warning)"]),
        ("origin", json!("other"), &[]),
        ("origin", repeated("o", 257), &["origin OUT_OF_RANGE"]),
        ("logoutUrl", json!("ftp://example.com/"), &["logoutUrl SCHEME"]),
        ("logoutUrl", json!("http://example.com/"), &["logoutUrl PLAIN_HTTP -> https://example.com/ (warning)"]),
        ("allowedRedirectUris", json!([]), &[]),
        ("allowedRedirectUris", json!(uris(17)), &[]),
        ("allowedRedirectUris", json!(uris(20)), &["allowedRedirectUris NEARLY_FULL (warning)"]),
        ("allowedRedirectUris", json!(uris(21)), &["allowedRedirectUris[20] OUT_OF_RANGE"]),
        (
            "allowedRedirectUris",
            json!(["https://example.com/a", "com.example.app:/cb", "http://localhost:3000/cb", "example.com/cb"]),
            &["allowedRedirectUris[3] NOT_ABSOLUTE -> https://example.com/cb"],
        ),
        (
            "allowedRedirectUris",
            json!(["https://example.com/a", 5, "https://example.com/a", null]),
            &["allowedRedirectUris[1] TYPE", "allowedRedirectUris[3] TYPE", "allowedRedirectUris[2] DUPLICATE"],
        ),
        (
            "allowedRedirectUris",
            json!(["https://example.com"]),
            &["allowedRedirectUris[0] NO_PATH -> https://example.com/ (warning)"],
        ),
        ("allowedRedirectDomains", json!([]), &[]),
        ("allowedRedirectDomains", json!(domains(17)), &[]),
        ("allowedRedirectDomains", json!(domains(20)), &["allowedRedirectDomains NEARLY_FULL (warning)"]),
        ("allowedRedirectDomains", json!(domains(21)), &["allowedRedirectDomains[20] OUT_OF_RANGE"]),
        (
            "allowedRedirectDomains",
            json!(["example.com", {}, "shop.example.com/cart"]),
            &["allowedRedirectDomains[1] TYPE", "allowedRedirectDomains[2] PATH -> shop.example.com"],
        ),
        ("wixPagesDomainsMappings", json!([]), &[]),
        ("wixPagesDomainsMappings", json!([{}]), &[]),
        ("wixPagesDomainsMappings", json!([{"origin": "a.example", "destination": "b.example"}]), &[]),
        ("wixPagesDomainsMappings", json!([{"origin": "", "destination": "https://b.example/x"}]), &[]),
        ("wixPagesDomainsMappings", json!([{"origin": "a.example:8080/x", "destination": "*.b.example"}]), &[]),
        (
            "wixPagesDomainsMappings",
            json!([{"origin": "https://a b.example", "destination": "javascript:alert(1)"}, {"origin": "file:///x"}]),
            &[
                "wixPagesDomainsMappings[0].origin CHARACTER",
                "wixPagesDomainsMappings[0].destination SCHEME",
                "wixPagesDomainsMappings[1].origin SCHEME",
            ],
        ),
        ("wixPagesDomainsMappings", json!(vec![json!({"origin": "a"}); 200]), &[]),
        (
            "wixPagesDomainsMappings",
            json!(vec![json!({"origin": "a"}); 201]),
            &["wixPagesDomainsMappings OUT_OF_RANGE"],
        ),
        ("wixPagesDomainsMappings", json!([{"origin": repeated("é", 2048), "destination": repeated("é", 2048)}]), &[]),
        (
            "wixPagesDomainsMappings",
            json!([{}, {"origin": repeated("a", 2049), "destination": repeated("a", 2049)}]),
            &["wixPagesDomainsMappings[1].origin OUT_OF_RANGE", "wixPagesDomainsMappings[1].destination OUT_OF_RANGE"],
        ),
        (
            "wixPagesDomainsMappings",
            json!(["a", {"origin": 1, "destination": null, "Origin": "a", "path": "/"}]),
            &[
                "wixPagesDomainsMappings[0] TYPE",
                "wixPagesDomainsMappings[1].origin TYPE",
                "wixPagesDomainsMappings[1].destination TYPE",
                "wixPagesDomainsMappings[1].Origin UNKNOWN_FIELD -> origin",
                "wixPagesDomainsMappings[1].path UNKNOWN_FIELD",
            ],
        ),
    ];
    for (field, content, expected) in rows {
        let content = value(content);
        let shown: String = format!("{field}: {content:?}").chars().take(120).collect();
        // The tests of `lists` look at these.
        let of_entries = |mut found: Vec<Violation>| {
            found.retain(|found| found.rule != rule::NO_DOMAINS && found.rule != rule::LIST_EMPTIED);
            lines(&found)
        };
        assert_eq!(of_entries(in_patch(&object([(field, content.clone())]))), expected, "patch {shown}");
        assert_eq!(of_entries(in_draft(&draft_with(field, content))), expected, "draft {shown}");
    }
}

#[test]
fn every_name_of_an_enumeration_is_taken() {
    for (field, names) in [
        ("applicationType", "OAUTH_APP_TYPE_UNSPECIFIED WEB_APP MOBILE OTHER"),
        (
            "technology",
            "OAUTH_TECHNOLOGY_UNSPECIFIED JAVASCRIPT ANGULAR VUE REACT REACT_NATIVE IOS ANDROID OTHER_TECHNOLOGY",
        ),
    ] {
        for name in names.split(' ') {
            assert_eq!(lines(&in_draft(&draft_with(field, Value::from(name)))), [""; 0], "{field} {name}");
        }
    }
}

#[test]
fn the_message_names_the_type_of_a_wrong_value_for_every_field() {
    for (field, wanted) in [
        ("name", "a string"),
        ("description", "a string"),
        ("loginUrl", "a string"),
        ("logoutUrl", "a string"),
        ("redirectUrlWixPages", "a string"),
        ("applicationType", "a string"),
        ("technology", "a string"),
        ("allowSecretGeneration", "a boolean"),
        ("allowedRedirectUris", "a list"),
        ("allowedRedirectDomains", "a list"),
        ("wixPagesDomainsMappings", "a list"),
    ] {
        for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != wanted) {
            let found = in_draft(&draft_with(field, content.clone()));
            assert_eq!(lines(&found), [format!("{field} TYPE")], "{field} as {kind}");
            let message = found[0].message.replace("true or false", "a boolean");
            assert_eq!(message, format!("must be {wanted}, is {kind}"), "{field}");
            if kind != "null" {
                assert_eq!(in_patch(&object([(field, content)])), found, "{field} as {kind}");
            }
        }
    }
}

#[test]
fn a_draft_or_patch_must_be_an_object() {
    for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != "an object") {
        for found in [in_draft(&content), in_patch(&content)] {
            assert_eq!(lines(&found), [" TYPE"], "{kind}");
            assert_eq!(found[0].message, format!("must be an object, is {kind}"));
        }
    }
}

#[test]
fn null_clears_a_field_in_a_patch_but_never_the_name() {
    for field in FIELDS.iter().filter(|field| !field.read_only) {
        let found = in_patch(&object([(field.name, Value::Null)]));
        let expected: &[&str] = match field.name {
            "name" => &["name REQUIRED_FIELD"],
            "allowedRedirectUris" => &["allowedRedirectUris LIST_EMPTIED (warning)"],
            "allowedRedirectDomains" => &["allowedRedirectDomains LIST_EMPTIED (warning)"],
            _ => &[],
        };
        assert_eq!(lines(&found), expected, "{}", field.name);
    }
}

#[test]
fn names_that_cannot_be_written_are_refused() {
    let rows: [(&str, &str); 10] = [
        ("id", "id READ_ONLY"),
        ("createdDate", "createdDate READ_ONLY"),
        ("secret", "secret READ_ONLY"),
        ("redirectUris", "redirectUris UNKNOWN_FIELD -> allowedRedirectUris"),
        ("__proto__", "__proto__ UNKNOWN_FIELD"),
        ("", " UNKNOWN_FIELD"),
        ("Description", "Description UNKNOWN_FIELD -> description"),
        ("loginURL", "loginURL UNKNOWN_FIELD -> loginUrl"),
        ("allowedRedirectURIs", "allowedRedirectURIs UNKNOWN_FIELD -> allowedRedirectUris"),
        ("NAME", "NAME UNKNOWN_FIELD -> name"),
    ];
    for (name, expected) in rows {
        for content in [Value::Null, Value::from("x"), Value::Foreign(FUNCTION)] {
            assert_eq!(lines(&in_draft(&draft_with(name, content.clone()))), [expected], "draft {name:?}");
            assert_eq!(lines(&in_patch(&object([(name, content)]))), [expected], "patch {name:?}");
        }
    }
}

#[test]
fn a_draft_needs_a_name_and_a_patch_a_field() {
    assert_eq!(lines(&in_draft(&value(json!({})))), ["name REQUIRED_FIELD"]);
    assert_eq!(lines(&in_draft(&value(json!({"description": "x"})))), ["name REQUIRED_FIELD"]);
    assert_eq!(lines(&in_draft(&value(json!({"Name": "x"})))), ["name REQUIRED_FIELD", "Name UNKNOWN_FIELD -> name"]);
    assert_eq!(lines(&in_patch(&value(json!({})))), [" EMPTY_PATCH"]);
    assert_eq!(lines(&in_patch(&value(json!({"description": ""})))), [""; 0]);
}

#[test]
fn all_violations_are_reported_at_once_in_the_order_given() {
    let given = value(json!({
        "id": "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
        "name": "x",
        "redirects": [],
        "technology": "vue",
        "allowedRedirectUris": ["https://example.com/", "nowhere", 3],
        "allowedRedirectDomains": ["example.com"],
        "allowSecretGeneration": "yes",
        "loginUrl": "http://example.com/login",
    }));
    let expected = [
        "id READ_ONLY",
        "name OUT_OF_RANGE",
        "redirects UNKNOWN_FIELD -> allowedRedirectUris",
        "technology UNKNOWN_VALUE -> VUE",
        "allowedRedirectUris[2] TYPE",
        "allowedRedirectUris[1] NOT_ABSOLUTE",
        "allowSecretGeneration TYPE",
        "loginUrl PLAIN_HTTP -> https://example.com/login (warning)",
    ];
    assert_eq!(lines(&in_patch(&given)), expected[1..]);
    let mut in_a_draft = expected.to_vec();
    in_a_draft[0] = "id READ_ONLY (warning)";
    assert_eq!(lines(&in_draft(&given)), in_a_draft);
}

#[test]
fn a_message_has_the_limit_and_the_given_value() {
    let message = |content: Json| in_patch(&value(content))[0].message.clone();
    assert_eq!(message(json!({"name": "é"})), "must have 2 to 256 characters, has 1");
    assert_eq!(message(json!({"wixPagesDomainsMappings": vec![json!({}); 201]})), "takes at most 200 entries, has 201");
    assert_eq!(
        message(json!({"applicationType": "x"})),
        "must be one of OAUTH_APP_TYPE_UNSPECIFIED, WEB_APP, MOBILE, OTHER, is \"x\""
    );
}

#[test]
fn a_patch_is_sent_with_the_id_first_and_nulls_kept() {
    let given = value(json!({"technology": null, "name": "Shop"}));
    let id = OAuthAppId::read(&Value::from("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11")).unwrap();
    let (patch, _) = patch(&given, None).unwrap();
    assert_eq!(
        serde_json::to_string(&patch.to_value(&id)).unwrap(),
        r#"{"id":"13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11","technology":null,"name":"Shop"}"#
    );
}

#[test]
fn a_suggestion_uses_the_hosts_reading_of_a_domain_name() {
    let given = value(json!({"allowedRedirectUris": ["https://münchen.example/cb"]}));
    let ascii = "xn--mnchen-3ya.example";
    let to_ascii = |host: &str| ["münchen.example", ascii].contains(&host).then(|| ascii.to_owned());
    let found = patch(&given, Some(&to_ascii)).unwrap_err();
    assert_eq!(lines(&found), ["allowedRedirectUris[0] HOST -> https://xn--mnchen-3ya.example/cb"]);
}
