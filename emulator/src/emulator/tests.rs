//! What holds for every request: who is let in, what is no request, what every answer carries, what is kept of it.

use serde_json::{Value, json};

use crate::testing::Bench;
use crate::{Options, State};

const SITE: &str = "00000000-0000-4000-8000-00000000000a";
const OTHER_SITE: &str = "00000000-0000-4000-8000-00000000000b";

fn bench(options: Value) -> Bench {
    Bench::with(Options::from_json(options).unwrap())
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["details"]["applicationError"]["code"].as_str().unwrap_or_default())
}

#[test]
fn the_api_key_is_taken_raw_and_as_a_bearer_token() {
    for prefix in ["", "Bearer ", "bearer "] {
        let mut bench = bench(json!({ "apiKey": "the-key" }));
        bench.headers.insert("Authorization".to_owned(), format!("{prefix}the-key"));
        assert_eq!(bench.call("POST", "/query", &json!({})).0, 200, "{prefix}");
    }
}

#[test]
fn nobody_else_is_let_in() {
    for header in
        [None, Some(""), Some("the-kex"), Some("Bearer"), Some("Bearer "), Some("Basic the-key"), Some("the-key ")]
    {
        let mut bench = bench(json!({ "apiKey": "the-key" }));
        bench.headers.remove("Authorization");
        bench.headers.extend(header.map(|value| ("Authorization".to_owned(), value.to_owned())));
        assert_eq!(code(&bench.call("POST", "/query", &json!({}))), (401, "UNAUTHENTICATED"), "{header:?}");
    }
}

#[test]
fn a_call_is_for_one_known_site() {
    for (site, account, expected) in [
        (Some(SITE), None, (200, "")),
        (Some(OTHER_SITE), None, (403, "PERMISSION_DENIED")),
        (Some("x"), None, (403, "PERMISSION_DENIED")),
        (None, None, (403, "PERMISSION_DENIED")),
        (None, Some(SITE), (403, "PERMISSION_DENIED")),
        (Some(SITE), Some(SITE), (400, "")),
    ] {
        let mut bench = bench(json!({ "siteIds": [SITE] }));
        bench.headers.remove("wix-site-id");
        bench.headers.extend(site.map(|id| ("Wix-Site-Id".to_owned(), id.to_owned())));
        bench.headers.extend(account.map(|id| ("wix-account-id".to_owned(), id.to_owned())));
        assert_eq!(code(&bench.call("POST", "/query", &json!({}))), expected, "{site:?} {account:?}");
    }
}

#[test]
fn apps_of_one_site_are_invisible_to_another() {
    let mut bench = bench(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let app = bench.create(&json!({ "name": "My app" }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    bench.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    assert_eq!(code(&bench.call("GET", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&bench.call("DELETE", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&bench.call("PATCH", &path, &json!({ "oAuthApp": {} }))), (404, "NOT_FOUND"));
    assert_eq!(bench.call("POST", "/query", &json!({})).1["oAuthApps"], json!([]));
    bench.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(bench.call("GET", &path, &Value::Null).1["oAuthApp"], app);
}

#[test]
fn a_key_does_what_its_permissions_say() {
    let id = format!("/{SITE}");
    let secret = format!("{id}/generate-secret");
    let reads = [("POST", "/query", json!({})), ("GET", id.as_str(), Value::Null)];
    let writes = [
        ("POST", "", json!({ "oAuthApp": { "name": "ab" } })),
        ("PATCH", id.as_str(), json!({ "oAuthApp": {} })),
        ("DELETE", id.as_str(), Value::Null),
        ("POST", secret.as_str(), json!({})),
    ];
    for (permissions, may_read, may_write) in [
        (json!([]), false, false),
        (json!(["SCOPE.OAUTH_APP.READ"]), true, false),
        (json!(["SCOPE.OAUTH_APP.MANAGE"]), false, true),
        (json!(["SCOPE.OAUTH_APP.READ", "SCOPE.OAUTH_APP.MANAGE"]), true, true),
        (json!(["SCOPE.HEADLESS.MANAGE"]), true, true),
    ] {
        let mut bench = bench(json!({ "permissions": permissions }));
        for (calls, allowed) in [(reads.as_slice(), may_read), (&writes, may_write)] {
            for (method, path, body) in calls {
                let answer = bench.call(method, path, body);
                assert_eq!(code(&answer) != (403, "PERMISSION_DENIED"), allowed, "{permissions} {method} {path}");
            }
        }
    }
}

#[test]
fn what_is_no_request_of_the_api() {
    let mut bench = Bench::new();
    for (method, below, body, status, message) in [
        ("POST", "", Some("["), 400, "Malformed JSON: EOF while parsing a list at line 1 column 1"),
        ("POST", "", Some("[]"), 400, "Expected an object"),
        ("POST", "/query", Some("null"), 400, "Expected an object"),
        ("GET", "/a/b/c", None, 404, "Not Found"),
        ("PUT", "", None, 405, "Method Not Allowed"),
    ] {
        let response = bench.send(method, below, body);
        assert_eq!(response.status, status);
        assert_eq!(serde_json::from_str::<Value>(&response.body).unwrap(), json!({ "message": message }));
    }
    assert_eq!(bench.send("PUT", "", None).headers["allow"], "POST");
}

#[test]
fn a_body_over_one_megabyte_is_too_large() {
    let mut bench = Bench::new();
    let body = |size: usize| format!("{{}}{}", " ".repeat(size - 2));
    assert_eq!(bench.send("POST", "/query", Some(&body(1_048_576))).status, 200);
    assert_eq!(bench.send("POST", "/query", Some(&body(1_048_577))).status, 413);
    assert_eq!(bench.send("GET", &format!("/{SITE}"), Some(&body(1_048_577))).status, 413);
}

#[test]
fn a_body_is_json_and_says_so_or_nothing() {
    for (content_type, body, status) in [
        (None, Some("{}"), 200),
        (Some("Application/JSON; charset=utf-8"), Some("{}"), 200),
        (Some("text/plain"), Some("{}"), 415),
        (Some("application/x-www-form-urlencoded"), Some("a=b"), 415),
        (Some(""), Some("{}"), 415),
        (Some("text/plain"), Some(""), 200),
        (Some("text/plain"), None, 200),
    ] {
        let mut bench = Bench::new();
        bench.headers.remove("Content-Type");
        bench.headers.extend(content_type.map(|value| ("Content-Type".to_owned(), value.to_owned())));
        assert_eq!(bench.send("POST", "/query", body).status, status, "{content_type:?} {body:?}");
    }
}

#[test]
fn every_answer_is_json_with_an_id_of_its_own() {
    let mut bench = Bench::new();
    let mut seen = std::collections::BTreeSet::new();
    for (method, below) in [("POST", "/query"), ("POST", "/nope/nope"), ("PUT", ""), ("GET", "/x"), ("POST", "")] {
        let response = bench.send(method, below, None);
        assert_eq!(response.headers["content-type"], "application/json");
        let id = &response.headers["x-wix-request-id"];
        assert!(id.starts_with("1772355900."), "{id}");
        assert!(seen.insert(id.clone()), "{id}");
    }
}

#[test]
fn a_write_gives_a_token_that_a_read_takes_and_gives_back() {
    let mut bench = Bench::new();
    let response = bench.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    let token = response.headers["x-wix-consistent"].clone();
    assert_eq!(bench.send("POST", "/query", None).headers.get("x-wix-consistent"), None);
    bench.headers.insert("X-Wix-Consistent".to_owned(), token.clone());
    assert_eq!(bench.send("POST", "/query", None).headers["x-wix-consistent"], token);
    let next = bench.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    assert_ne!(next.headers["x-wix-consistent"], token);
    assert_eq!(bench.send("POST", "", Some("{}")).headers.get("x-wix-consistent"), None);
    bench.headers.insert("X-Wix-Consistent".to_owned(), "a\r\nb".to_owned());
    assert_eq!(bench.send("POST", "/query", None).headers.get("x-wix-consistent"), None);
}

#[test]
fn the_log_holds_every_request_without_its_credentials() {
    let mut bench = bench(json!({ "apiKey": "the-key", "siteIds": [SITE] }));
    bench.headers.insert("Authorization".to_owned(), "Bearer the-key".to_owned());
    bench.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"},"clientSecret":"hush"}"#));
    bench.send("GET", &format!("/{SITE}?oAuthAppId={SITE}&token=hush"), None);
    bench.send("POST", "/nope/nope", Some("no json"));
    let headers =
        json!({ "authorization": "Bearer [redacted]", "content-type": "application/json", "wix-site-id": SITE });
    let path = "/oauth-app/v1/oauth-apps";
    assert_eq!(
        json!(bench.emulator.requests().collect::<Vec<_>>()),
        json!([
            { "method": "POST", "path": path, "query": {}, "headers": headers,
              "body": { "oAuthApp": { "name": "ab" }, "clientSecret": "[redacted]" }, "status": 200 },
            { "method": "GET", "path": format!("{path}/{SITE}"), "query": { "oAuthAppId": SITE, "token": "[redacted]" },
              "headers": headers, "status": 404 },
            { "method": "POST", "path": format!("{path}/nope/nope"), "query": {}, "headers": headers,
              "body": "no json", "status": 404 },
        ])
    );
}

#[test]
fn the_log_keeps_as_many_as_it_is_told() {
    for (size, kept) in [(0, vec![]), (2, vec!["/b", "/c"])] {
        let mut bench = bench(json!({ "requestLogSize": size }));
        for below in ["/a", "/b", "/c"] {
            bench.send("GET", below, None);
        }
        let paths: Vec<_> = bench.emulator.requests().map(|request| request.path.clone()).collect();
        assert_eq!(paths, kept.iter().map(|below| format!("/oauth-app/v1/oauth-apps{below}")).collect::<Vec<_>>());
    }
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut bench = bench(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let first = bench.create(&json!({ "name": "First", "allowedRedirectUris": ["a:b", "a:b"] }));
    let path = format!("/{}", first["id"].as_str().unwrap());
    assert_eq!(bench.send("POST", &format!("{path}/generate-secret"), None).status, 200);
    bench.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    bench.create(&json!({ "name": "Second" }));
    let state = bench.emulator.snapshot();

    bench.emulator.reset();
    assert_eq!(bench.emulator.requests().count(), 0);
    assert_eq!(bench.call("POST", "/query", &json!({})).1["pagingMetadata"]["total"], 0);

    // As it would come back from a file.
    let written = json!(state).to_string();
    let read = State::from_json(serde_json::from_str(&written).unwrap()).unwrap();
    bench.emulator.restore(&read).unwrap();
    assert_eq!(bench.emulator.snapshot(), state);
    assert_eq!(bench.emulator.requests().count(), 1);
    assert_eq!(bench.call("POST", "/query", &json!({})).1["oAuthApps"][0]["name"], "Second");
    bench.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(bench.send("POST", &format!("{path}/generate-secret"), None).status, 409);
}

#[test]
fn a_bad_state_is_refused_and_changes_nothing() {
    let mut bench = bench(json!({ "siteIds": [SITE] }));
    bench.create(&json!({ "name": "First" }));
    let before = bench.emulator.snapshot();
    let good = json!(before);
    let damaged = |pointer: &str, value: Value| {
        let mut state = good.clone();
        *state.pointer_mut(pointer).unwrap() = value;
        state
    };
    let with = |name: &str, value: Value| {
        let mut state = good.clone();
        state["apps"][0]["oAuthApp"][name] = value;
        state
    };
    let without = |name: &str| {
        let mut state = good.clone();
        state["apps"][0]["oAuthApp"].as_object_mut().unwrap().remove(name);
        state
    };
    let twice = json!({ "version": 1, "apps": [good["apps"][0], good["apps"][0]] });
    let mut hash = good.clone();
    hash["apps"][0]["secretSha256"] = json!("x");
    for (state, part) in [
        (json!(null), "the state"),
        (json!({}), "version"),
        (json!({ "version": 1, "apps": [], "more": 1 }), "more"),
        (damaged("/version", json!(2)), "version 2"),
        (damaged("/apps", json!({})), "the state"),
        (damaged("/apps/0/siteId", json!(OTHER_SITE)), "siteId"),
        (damaged("/apps/0/oAuthApp", json!([])), "the state"),
        (damaged("/apps/0/oAuthApp/id", json!("x")), "oAuthApp.id"),
        (damaged("/apps/0/oAuthApp/id", json!(null)), "oAuthApp.id"),
        (damaged("/apps/0/oAuthApp/createdDate", json!("today")), "oAuthApp.createdDate"),
        (damaged("/apps/0/oAuthApp/name", json!("")), "oAuthApp.name"),
        (damaged("/apps/0/oAuthApp/name", json!(5)), "oAuthApp.name"),
        (without("id"), "oAuthApp.id is missing"),
        (without("createdDate"), "oAuthApp.createdDate is missing"),
        (without("name"), "oAuthApp.name is missing"),
        (with("secret", json!("hush")), "oAuthApp.secret"),
        (with("nope", json!(1)), "oAuthApp.nope"),
        (twice, "apps[1]"),
        (hash, "secretSha256"),
    ] {
        let error = State::from_json(state.clone()).and_then(|state| bench.emulator.restore(&state)).unwrap_err();
        assert!(error.to_string().contains(part), "{state}: {error}");
        assert_eq!(bench.emulator.snapshot(), before);
    }
}
