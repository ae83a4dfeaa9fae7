//! Requests that are refused, with the whole response. The tests of the npm package read the same table.

use serde_json::{Value, json};

use crate::testing::client::TestClient;

fn rows() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../../tests/tables/refusals.json")).unwrap()
}

/// Returns the body of a row: JSON, a text, or a number of letters.
fn body(row: &Value) -> Option<String> {
    let json = row.get("body").map(Value::to_string);
    let text = || row["text"].as_str().map(str::to_owned);
    json.or_else(text).or_else(|| Some("x".repeat(usize::try_from(row["length"].as_u64()?).unwrap())))
}

#[test]
fn a_refused_request_gets_the_error_of_the_contract_and_changes_nothing() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "Subject" }));
    let before = client.emulator.snapshot();
    let authorized = client.headers.clone();
    for row in rows() {
        client.headers = authorized.clone();
        for (name, value) in row["headers"].as_object().into_iter().flatten() {
            client.headers.retain(|other, _| !other.eq_ignore_ascii_case(name));
            client.headers.extend(value.as_str().map(|value| (name.clone(), value.to_owned())));
        }
        let path = row["path"].as_str().unwrap().replace(":id", app["id"].as_str().unwrap());
        let response = client.send(row["method"].as_str().unwrap(), &path, body(&row).as_deref());
        let what = &row["what"];
        assert_eq!(response.status, row["status"], "{what}");
        assert_eq!(serde_json::from_str::<Value>(&response.body).unwrap(), row["response"], "{what}");
        assert_eq!(response.headers.get("allow").map(String::as_str), row["allow"].as_str(), "{what}");
        assert_eq!(json!(client.emulator.snapshot()), json!(before), "{what} changes nothing");
    }
}

#[test]
fn malformed_json_is_refused_with_a_message_alone() {
    let mut client = TestClient::new();
    for text in ["{", "{\"oAuthApp\":", "{a:1}", "[", "x"] {
        let response = client.send("POST", "", Some(text));
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!((response.status, body.as_object().unwrap().len()), (400, 1), "{text}");
        assert!(body["message"].as_str().unwrap().starts_with("Malformed JSON"), "{body}");
    }
}
