//! Tables of arguments and responses that the tests of the npm package read too: which ones the core refuses, and how. The table
//! of retries is read by the client's own tests.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/json.rs"]
mod json;

use json::from_json;
use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, Endpoint, Error, HttpResponse, Operation};
use wix_oauth_apps::app::OAuthAppId;
use wix_oauth_apps::client::{CallOptions, ClientOptions};
use wix_oauth_apps::query::OAuthAppQuery;
use wix_oauth_apps::validate;
use wix_oauth_apps::value::Value;
use wix_oauth_apps::violation::Violation;

fn rows(text: &str) -> Vec<Json> {
    serde_json::from_str(text).unwrap()
}

fn texts(json: &Json) -> Vec<&str> {
    json.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Asserts that the errors are exactly those of the row, each written as its field and its rule.
fn assert_faults(violations: &[Violation], row: &Json) {
    let errors = violations.iter().filter(|violation| violation.is_error());
    let mut found: Vec<String> = errors.map(|error| format!("{} {}", error.field, error.rule)).collect();
    let mut expected = texts(&row["faults"]);
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected, "{row}");
}

#[test]
fn client_options_are_refused_by_name() {
    for row in rows(include_str!("tables/client-options.json")) {
        let faults = ClientOptions::read(&from_json(row["options"].clone())).unwrap_err();
        for field in texts(&row["fields"]) {
            assert!(faults.iter().any(|fault| fault.field == field), "{row}: {faults:?}");
        }
    }
}

#[test]
fn call_options_are_refused_by_name() {
    let auth = Value::from(vec![("accessToken", Value::from("token"))]);
    let client = ClientOptions::read(&Value::from(vec![("auth", auth)])).unwrap();
    for row in rows(include_str!("tables/call-options.json")) {
        let faults = CallOptions::read(&from_json(row["options"].clone()), &client).unwrap_err();
        assert_eq!(faults[0].field, row["field"], "{row}");
    }
}

#[test]
fn drafts_are_refused_with_every_fault() {
    for row in rows(include_str!("tables/drafts.json")) {
        let draft = from_json(row["draft"].clone());
        assert_faults(&validate::draft(&draft, None).unwrap_err(), &row);
        // As a patch it has the same faults, except that a name may be absent, and null clears a field.
        let faults: Vec<&str> =
            texts(&row["faults"]).into_iter().filter(|fault| *fault != "name REQUIRED_FIELD").collect();
        if !faults.is_empty() && row["draft"].get("name") != Some(&Json::Null) {
            assert_faults(&validate::patch(&draft, None).unwrap_err(), &json!({ "faults": faults }));
        }
    }
}

#[test]
fn ids_are_refused_by_format_or_type() {
    for row in rows(include_str!("tables/ids.json")) {
        let violation = OAuthAppId::read(&from_json(row["id"].clone())).unwrap_err();
        assert_eq!((violation.field.as_str(), &*violation.rule), ("id", row["rule"].as_str().unwrap()), "{row}");
    }
}

#[test]
fn patches_are_refused_with_every_fault() {
    for row in rows(include_str!("tables/patches.json")) {
        assert_faults(&validate::patch(&from_json(row["patch"].clone()), None).unwrap_err(), &row);
    }
}

#[test]
fn queries_are_refused_with_every_fault() {
    for row in rows(include_str!("tables/queries.json")) {
        assert_faults(&OAuthAppQuery::read(&from_json(row["query"].clone())).unwrap_err(), &row);
    }
}

#[test]
fn responses_become_errors_with_a_code() {
    for row in rows(include_str!("tables/responses.json")) {
        // A body is text, or an object that stands for its JSON.
        let text = row["body"].as_str().map_or_else(|| row["body"].to_string(), str::to_owned);
        let body = match serde_json::from_str::<Json>(&text) {
            Ok(json) => Body::Json(from_json(json)),
            Err(_) if text.is_empty() => Body::Empty,
            Err(_) => Body::Other(text),
        };
        let status = u16::try_from(row["status"].as_u64().unwrap()).unwrap();
        let response = HttpResponse { status, headers: Vec::new(), body };
        let error: Box<Error<Value>> = Endpoint::Get.read(Operation::Get, &response).unwrap_err();
        assert_eq!(error.code.as_str(), row["code"], "{row}");
        assert!(error.message.contains(row["message"].as_str().unwrap_or_default()), "{row}: {}", error.message);
    }
}
