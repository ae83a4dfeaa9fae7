//! Faults: their validation, the requests that they apply to, and their effects.

use serde_json::{Value, json};

use super::*;
use crate::options::Options;
use crate::testing::client::TestClient;

const APP: &str = r#"{"oAuthApp":{"name":"ab"}}"#;

fn fault(value: Value) -> Fault {
    Fault::from_json(value).unwrap()
}

impl TestClient {
    fn fail(&mut self, value: Value) {
        self.emulator.fail(fault(value)).unwrap();
    }

    /// Sends a query, and returns the connection error, the delay and the status.
    fn ask(&mut self) -> (Option<ConnectionError>, u64, u16) {
        let outcome = self.outcome("POST", "/query", None);
        (outcome.error, outcome.delay, outcome.response.status)
    }

    fn total(&mut self) -> Value {
        self.call("POST", "/query", &json!({})).1["pagingMetadata"]["total"].clone()
    }
}

#[test]
fn an_invalid_fault_is_refused_and_the_error_names_the_member() {
    for (value, part) in [
        (json!(null), "fault: needs a status, an error, a preset or a latency"),
        (json!({}), "fault: needs a status, an error, a preset or a latency"),
        (json!([]), "fault: must be an object"),
        (json!({ "status": 500, "error": "reset" }), "fault.error: "),
        (json!({ "error": "answer" }), "fault.error: unknown variant `answer`"),
        (json!({ "status": 199 }), "fault.status: "),
        (json!({ "status": 600 }), "fault.status: "),
        (json!({ "status": "500" }), "fault.status: "),
        (json!({ "status": -1 }), "fault.status: "),
        (json!({ "status": 204, "body": "x" }), "fault.body: "),
        (json!({ "error": "reset", "body": "x" }), "fault.body: needs a status"),
        (json!({ "latency": 5, "headers": { "a": "b" } }), "fault.headers: needs a status"),
        (json!({ "status": 500, "headers": { "a b": "c" } }), "fault.headers: "),
        (json!({ "status": 500, "headers": { "a": "b\r\nc: d" } }), "fault.headers: "),
        (json!({ "status": 500, "headers": { "a": 5 } }), "fault.headers.a: "),
        (json!({ "status": 500, "headers": [] }), "fault.headers: "),
        (json!({ "status": 500, "method": "" }), "fault.method: "),
        (json!({ "status": 500, "method": "GET /" }), "fault.method: "),
        (json!({ "status": 500, "path": "oauth-app" }), "fault.path: "),
        (json!({ "status": 500, "path": "https://www.wixapis.com/x" }), "fault.path: "),
        (json!({ "status": 500, "path": "/x?y" }), "fault.path: "),
        (json!({ "status": 500, "path": "" }), "fault.path: "),
        (json!({ "status": 500, "times": 0 }), "fault.times: "),
        (json!({ "status": 500, "times": 1.5 }), "fault.times: must be a whole number or 'always'"),
        (json!({ "status": 500, "times": "often" }), "fault.times: "),
        (json!({ "status": 500, "after": -1 }), "fault.after: "),
        (json!({ "latency": -1 }), "fault.latency: "),
        (json!({ "latency": 2_147_483_648_u32 }), "fault.latency: "),
        (json!({ "latency": 5, "takeEffect": true }), "fault.takeEffect: "),
        (json!({ "error": "refused", "takeEffect": true }), "fault.takeEffect: "),
        (json!({ "error": "resetInBody", "takeEffect": false }), "fault.takeEffect: "),
        (json!({ "error": "stall", "takeEffect": false }), "fault.takeEffect: "),
        (json!({ "status": 500, "count": 5 }), "fault.count: "),
        (
            json!({ "preset": "bare" }),
            "fault.preset: must be one of bare429, gateway404, captivePortal, emptyError, is \"bare\"",
        ),
        (json!({ "preset": 429 }), "fault.preset: must be one of bare429"),
        (json!({ "preset": "bare429", "status": 500 }), "fault.preset: cannot be combined with a status"),
        (json!({ "preset": "bare429", "error": "reset" }), "fault.preset: cannot be combined"),
        (json!({ "preset": "bare429", "body": "x" }), "fault.body: needs a status"),
    ] {
        let error = Fault::from_json(value.clone()).unwrap_err().to_string();
        assert!(error.starts_with(part), "{value}: {error}");
    }
    let mut client = TestClient::new();
    assert!(client.emulator.fail(Fault::status(5)).is_err());
    assert_eq!(client.ask(), (None, 0, 200));
}

#[test]
fn presets_respond_as_observed_in_front_of_the_service() {
    let json = "application/json";
    for (preset, status, content_type, part, takes_effect) in [
        ("bare429", 429, json, "{}", true),
        ("gateway404", 404, "text/html; charset=utf-8", "<h1>404 Not Found</h1>", false),
        ("captivePortal", 200, "text/html; charset=utf-8", "<form", false),
        ("emptyError", 500, json, r#"{"message":"","details":{}}"#, false),
    ] {
        for take_effect in [None, Some(!takes_effect)] {
            let mut client = TestClient::new();
            let mut fault =
                json!({ "preset": preset, "method": "POST", "path": "/oauth-app/v1/*", "after": 1, "times": 2 });
            fault["takeEffect"] = json!(take_effect);
            client.emulator.fail(Fault::from_json(fault).unwrap()).unwrap();
            let create = r#"{"oAuthApp":{"name":"My app"}}"#;
            assert_eq!(client.send("POST", "", Some(create)).status, 200);
            for _ in 0..2 {
                let response = client.send("POST", "", Some(create));
                assert_eq!((response.status, response.headers["content-type"].as_str()), (status, content_type));
                assert!(response.body.contains(part), "{}", response.body);
                assert_eq!(response.headers.get("retry-after"), None);
            }
            let (_, body) = client.call("POST", "/query", &json!({}));
            let expected = if take_effect.unwrap_or(takes_effect) { 3 } else { 1 };
            assert_eq!(body["oAuthApps"].as_array().unwrap().len(), expected, "{preset} {take_effect:?}");
        }
    }
}

#[test]
fn a_fault_responds_with_any_status_body_and_headers() {
    let mut client = TestClient::new();
    client.fail(json!({ "status": 503 }));
    client.fail(json!({ "status": 429, "headers": { "Retry-After": "7" } }));
    client.fail(json!({ "status": 502, "body": "<html>", "headers": { "Content-Type": "text/html" } }));
    client.fail(json!({ "status": 500, "body": { "message": "m" } }));
    client.fail(json!({ "status": 500, "body": "m" }));
    client.fail(json!({ "status": 204 }));
    let mut answers = (0..6).map(|_| client.send("POST", "", Some(APP)));
    let mut next = || {
        let answer = answers.next().unwrap();
        assert!(!answer.headers["x-wix-request-id"].is_empty());
        let content_type = answer.headers.get("content-type").cloned().unwrap_or_default();
        (answer.status, content_type, answer.body, answer.headers.get("retry-after").cloned())
    };
    let owned = |text: &str| text.to_owned();
    let json_type = || owned("application/json");
    assert_eq!(next(), (503, json_type(), owned(r#"{"message":"Status 503, from an injected fault"}"#), None));
    let (status, _, body, retry_after) = next();
    let body: Value = body.parse().unwrap();
    let code = &body["details"]["applicationError"]["code"];
    assert_eq!((status, code, retry_after), (429, &json!("RESOURCE_EXHAUSTED"), Some(owned("7"))));
    assert_eq!(next(), (502, owned("text/html"), owned("<html>"), None));
    assert_eq!(next(), (500, json_type(), owned(r#"{"message":"m"}"#), None));
    assert_eq!(next(), (500, owned("text/plain;charset=UTF-8"), owned("m"), None));
    assert_eq!(next(), (204, owned(""), owned(""), None));
    drop(answers);
    assert_eq!(client.total(), 0);
}

#[test]
fn a_fault_fails_with_a_connection_error() {
    for (name, error, status, total) in [
        ("refused", ConnectionError::Refused, 0, 0),
        ("reset", ConnectionError::Reset, 0, 0),
        ("resetInBody", ConnectionError::ResetInBody, 200, 1),
        ("hang", ConnectionError::Hang, 0, 0),
        ("stall", ConnectionError::Stall, 200, 1),
    ] {
        let mut client = TestClient::new();
        client.fail(json!({ "error": name }));
        let outcome = client.outcome("POST", "", Some(APP));
        assert_eq!((outcome.error, outcome.response.status), (Some(error), status), "{name}");
        // An interrupted response is that of the service.
        assert_eq!(outcome.response.body.contains("oAuthApp"), status == 200);
        assert_eq!(client.total(), total, "{name}");
        let logged = json!(client.emulator.requests().next());
        assert_eq!((&logged["status"], &logged["error"]), (&json!(status), &json!(name)));
    }
}

#[test]
fn a_request_can_be_executed_and_then_fail() {
    for value in [
        json!({ "status": 500, "takeEffect": true }),
        json!({ "error": "reset", "takeEffect": true }),
        json!({ "error": "hang", "takeEffect": true }),
    ] {
        let mut client = TestClient::new();
        client.fail(value.clone());
        let outcome = client.outcome("POST", "", Some(APP));
        assert!(!outcome.response.body.contains("oAuthApp"), "{value}");
        assert_eq!(client.total(), 1, "{value}");
    }
}

#[test]
fn a_fault_applies_a_number_of_times_after_a_number_of_requests() {
    let statuses = |value: Value| {
        let mut client = TestClient::new();
        client.fail(value);
        [(); 5].map(|()| client.ask().2)
    };
    assert_eq!(statuses(json!({ "status": 500 })), [500, 200, 200, 200, 200]);
    assert_eq!(statuses(json!({ "status": 500, "times": 2 })), [500, 500, 200, 200, 200]);
    assert_eq!(statuses(json!({ "status": 500, "times": 2, "after": 1 })), [200, 500, 500, 200, 200]);
    assert_eq!(statuses(json!({ "status": 500, "times": "always", "after": 3 })), [200, 200, 200, 500, 500]);
    let mut client = TestClient::new();
    client.fail(json!({ "status": 500, "times": "always" }));
    client.emulator.reset();
    assert_eq!(client.ask().2, 200);
    client.fail(json!({ "status": 500, "times": "always" }));
    client.fail(json!({ "latency": 5, "times": "always" }));
    client.emulator.set_time(0);
    client.emulator.clear_faults();
    assert_eq!(client.ask(), (None, 0, 200));
    assert_eq!(client.create(&json!({ "name": "ab" }))["createdDate"], "1970-01-01T00:00:00.000Z", "the clock stays");
}

#[test]
fn the_first_registered_fault_applies_first() {
    let mut client = TestClient::new();
    for status in [501, 502, 503] {
        client.fail(json!({ "status": status, "times": 1 }));
    }
    assert_eq!([(); 4].map(|()| client.ask().2), [501, 502, 503, 200]);
    // A fault that spares a request leaves it to the next fault.
    client.fail(json!({ "status": 501, "after": 1 }));
    client.fail(json!({ "error": "reset" }));
    assert_eq!([(); 3].map(|()| client.ask()), [(Some(ConnectionError::Reset), 0, 0), (None, 0, 501), (None, 0, 200)]);
}

#[test]
fn a_fault_applies_to_a_method_and_a_path() {
    const BASE: &str = "/oauth-app/v1/oauth-apps";
    for (method, path, applies) in [
        (None, None, true),
        (Some("POST"), None, true),
        (Some("post"), None, true),
        (Some("GET"), None, false),
        (None, Some("*"), true),
        (None, Some("/*"), true),
        (None, Some(BASE), false),
        (None, Some("/oauth-app/v1/oauth-apps/query"), true),
        (None, Some("/oauth-app/v1/oauth-apps/quer"), false),
        (None, Some("/oauth-app/v1/oauth-apps*"), true),
        (None, Some("/oauth-app/*/query"), true),
        (None, Some("/oauth-app/*/queries"), false),
        (None, Some("*/oauth-apps/*"), true),
        (None, Some("*/v1/*-apps/*y"), true),
        (None, Some("*apps*v1*"), false),
        (None, Some("/oauth-app/v1/oauth-apps/query*query"), false),
        (Some("POST"), Some("/oauth2/*"), false),
    ] {
        let mut client = TestClient::new();
        client.fail(json!({ "method": method, "path": path, "status": 500 }));
        assert_eq!(client.ask().2 == 500, applies, "{method:?} {path:?}");
        // The query is not part of the path.
        if applies && path.is_some() {
            client.fail(json!({ "path": path, "status": 500 }));
            assert_eq!(client.send("POST", "/query?a=b", None).status, 500);
        }
    }
}

#[test]
fn latencies_add_up() {
    let mut client = TestClient::with(Options { latency: 5, ..Options::default() });
    client.fail(json!({ "latency": 100 }));
    client.fail(json!({ "latency": 200, "times": 2 }));
    client.fail(json!({ "status": 500, "latency": 1_000, "after": 1 }));
    client.fail(json!({ "error": "reset", "latency": 2_000 }));
    let outcomes = [(); 4].map(|()| client.ask());
    let reset = Some(ConnectionError::Reset);
    assert_eq!(outcomes, [(reset, 2_105, 0), (None, 1_205, 500), (None, 205, 200), (None, 5, 200)]);
    // The sum is limited to the longest delay of a timer.
    client.fail(json!({ "latency": 2_147_483_647 }));
    assert_eq!(client.ask(), (None, 2_147_483_647, 200));
}

#[test]
fn a_fault_can_be_built_in_rust() {
    let busy = Fault { times: Times::Count(2), ..Fault::status(503) };
    assert_eq!(busy, fault(json!({ "status": 503, "times": 2 })));
    let lost = Fault { method: Some("POST".into()), take_effect: Some(true), ..Fault::error(ConnectionError::Reset) };
    assert_eq!(lost, fault(json!({ "method": "POST", "takeEffect": true, "error": "reset" })));
    let slow = Fault { times: Times::Always, path: Some("/a*".into()), after: 1, ..Fault::latency(5) };
    assert_eq!(slow, fault(json!({ "times": "always", "path": "/a*", "after": 1, "latency": 5 })));
}
