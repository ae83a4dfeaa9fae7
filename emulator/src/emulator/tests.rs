//! What holds for every request: who is let in, what is no request, what every answer carries, what is kept of it.

use serde_json::{Value, json};

use crate::host::digest::sha256;
use crate::testing::client::{CHALLENGE, TestClient, VERIFIER};
use crate::{Change, Options, Record, Snapshot};

const SITE: &str = "00000000-0000-4000-8000-00000000000a";
const OTHER_SITE: &str = "00000000-0000-4000-8000-00000000000b";

fn client(options: Value) -> TestClient {
    TestClient::with(Options::from_json(options).unwrap())
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["details"]["applicationError"]["code"].as_str().unwrap_or_default())
}

#[test]
fn the_api_key_is_taken_raw_and_as_a_bearer_token() {
    for prefix in ["", "Bearer ", "bearer "] {
        let mut client = client(json!({ "apiKey": "the-key" }));
        client.headers.insert("Authorization".to_owned(), format!("{prefix}the-key"));
        assert_eq!(client.call("POST", "/query", &json!({})).0, 200, "{prefix}");
    }
}

#[test]
fn nobody_else_is_let_in() {
    for header in
        [None, Some(""), Some("the-kex"), Some("Bearer"), Some("Bearer "), Some("Basic the-key"), Some("the-key ")]
    {
        let mut client = client(json!({ "apiKey": "the-key" }));
        client.headers.remove("Authorization");
        client.headers.extend(header.map(|value| ("Authorization".to_owned(), value.to_owned())));
        assert_eq!(code(&client.call("POST", "/query", &json!({}))), (401, "UNAUTHENTICATED"), "{header:?}");
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
        (Some(SITE), Some(SITE), (200, "")),
        (Some(OTHER_SITE), Some(SITE), (403, "PERMISSION_DENIED")),
    ] {
        let mut client = client(json!({ "siteIds": [SITE] }));
        client.headers.remove("wix-site-id");
        client.headers.extend(site.map(|id| ("Wix-Site-Id".to_owned(), id.to_owned())));
        client.headers.extend(account.map(|id| ("wix-account-id".to_owned(), id.to_owned())));
        assert_eq!(code(&client.call("POST", "/query", &json!({}))), expected, "{site:?} {account:?}");
    }
}

#[test]
fn by_option_both_headers_are_refused() {
    let mut client = client(json!({ "siteIds": [SITE], "accountHeader": "refuse" }));
    client.headers.insert("wix-account-id".to_owned(), SITE.to_owned());
    assert_eq!(code(&client.call("POST", "/query", &json!({}))), (400, ""));
}

#[test]
fn a_site_bound_token_manages_the_apps_of_its_site_without_the_header() {
    let tokens = json!([{ "token": "site-token", "siteId": OTHER_SITE },
                        { "token": "reader", "permissions": ["SCOPE.OAUTH_APP.READ"] }]);
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE], "accessTokens": tokens }));
    client.headers.clear();
    for authorization in ["site-token", "Bearer site-token"] {
        client.headers.insert("authorization".to_owned(), authorization.to_owned());
        let app = client.create(&json!({ "name": "My app" }));
        assert_eq!(client.emulator.snapshot().into_records().filter(|(key, _)| key.contains(OTHER_SITE)).count(), 1);
        let path = format!("/{}", app["id"].as_str().unwrap());
        for (site_id, status) in [(None, 200), (Some(OTHER_SITE), 200), (Some(SITE), 403)] {
            client.headers.remove("wix-site-id");
            client.headers.extend(site_id.map(|id| ("wix-site-id".to_owned(), id.to_owned())));
            assert_eq!(client.call("GET", &path, &Value::Null).0, status, "{site_id:?}");
        }
        client.headers.remove("wix-site-id");
        assert_eq!(client.call("DELETE", &path, &Value::Null).0, 200);
    }
    let info = client.info("site-token");
    assert_eq!((&info["active"], &info["siteId"]), (&json!(true), &json!(OTHER_SITE)));
    assert_eq!(client.post("/headless/v1/redirect-session", "site-token", &json!({ "login": {} })).0, 403);
    // The other one is of the first site, and reads only.
    client.headers.insert("authorization".to_owned(), "reader".to_owned());
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"], json!([]));
    assert_eq!(client.call("POST", "", &json!({ "oAuthApp": { "name": "My app" } })).0, 403);
    let log = json!(client.emulator.requests().collect::<Vec<_>>()).to_string();
    assert!(!log.contains("site-token"), "{log}");
}

#[test]
fn a_host_that_is_none_or_stands_there_twice_is_refused() {
    let mut client = TestClient::new();
    for (headers, status) in [
        (vec![("host", "127.0.0.1:4000")], 200),
        (vec![("Host", "shop.example.com")], 200),
        (vec![("host", "a.example"), ("Host", "a.example")], 400),
        (vec![("host", "a.example, b.example")], 400),
        (vec![("host", "x'><script>")], 400),
        (vec![("host", "")], 400),
    ] {
        client.headers.remove("host");
        client.headers.remove("Host");
        client.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        assert_eq!(client.call("POST", "/query", &json!({})).0, status, "{headers:?}");
    }
}

#[test]
fn a_request_target_may_be_in_absolute_form() {
    let mut client = TestClient::new();
    for (url, status) in [
        ("http://127.0.0.1:4000/oauth2/token-info?x=1", 400),
        ("HTTP://LOCALHOST/oauth2/token-info", 400),
        ("http://[::1]:80/oauth2/token-info", 400),
        ("http://x'><script>/oauth2/token-info", 400),
        ("http://localhost/oauth2/other", 404),
        ("*", 404),
    ] {
        let response = client.request("POST", url, &[], Some("{}"));
        assert_eq!(response.status, status, "{url}: {}", response.body);
        assert_eq!(response.body.contains("malformed"), url.contains("script"), "{url}: {}", response.body);
    }
}

#[test]
fn an_encoded_body_is_refused() {
    let mut client = TestClient::new();
    for (encoding, body, status) in [
        ("gzip", Some("{}"), 415),
        ("br, identity", Some("{}"), 415),
        ("identity", Some("{}"), 200),
        ("", Some("{}"), 200),
        ("gzip", None, 200),
    ] {
        client.headers.insert("Content-Encoding".to_owned(), encoding.to_owned());
        let response = client.send("POST", "/query", body);
        assert_eq!(response.status, status, "{encoding} {body:?}");
        assert_eq!(response.headers.contains_key("accept-encoding"), status == 415);
    }
    let headers = [("content-encoding", "gzip")];
    assert_eq!(client.request("POST", "https://www.wixapis.com/oauth2/token", &headers, Some("{}")).status, 415);
}

#[test]
fn apps_of_one_site_are_invisible_to_another() {
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let app = client.create(&json!({ "name": "My app" }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    assert_eq!(code(&client.call("GET", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&client.call("DELETE", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&client.call("PATCH", &path, &json!({ "oAuthApp": {} }))), (404, "NOT_FOUND"));
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"], json!([]));
    client.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(client.call("GET", &path, &Value::Null).1["oAuthApp"], app);
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
        (json!(["SCOPE.OAUTH_APP.MANAGE"]), true, true),
        (json!(["SCOPE.OAUTH_APP.READ", "SCOPE.OAUTH_APP.MANAGE"]), true, true),
        (json!(["SCOPE.HEADLESS.MANAGE"]), true, true),
    ] {
        let mut client = client(json!({ "permissions": permissions }));
        for (calls, allowed) in [(reads.as_slice(), may_read), (&writes, may_write)] {
            for (method, path, body) in calls {
                let answer = client.call(method, path, body);
                assert_eq!(code(&answer) != (403, "PERMISSION_DENIED"), allowed, "{permissions} {method} {path}");
            }
        }
    }
}

#[test]
fn what_is_no_request_of_the_api() {
    let mut client = TestClient::new();
    for (method, below, body, status, message) in [
        ("POST", "", Some("["), 400, "Malformed JSON: EOF while parsing a list at line 1 column 1"),
        ("POST", "", Some("[]"), 400, "Expected an object"),
        ("POST", "/query", Some("null"), 400, "Expected an object"),
        ("GET", "/a/b/c", None, 404, "Not Found: this emulator does not serve GET /oauth-app/v1/oauth-apps/a/b/c"),
        ("PUT", "", None, 405, "Method Not Allowed"),
    ] {
        let response = client.send(method, below, body);
        assert_eq!(response.status, status);
        assert_eq!(serde_json::from_str::<Value>(&response.body).unwrap(), json!({ "message": message }));
    }
    assert_eq!(client.send("PUT", "", None).headers["allow"], "POST");
}

#[test]
fn a_body_over_one_megabyte_is_too_large() {
    let mut client = TestClient::new();
    let body = |size: usize| format!("{{}}{}", " ".repeat(size - 2));
    assert_eq!(client.send("POST", "/query", Some(&body(1_048_576))).status, 200);
    assert_eq!(client.send("POST", "/query", Some(&body(1_048_577))).status, 413);
    assert_eq!(client.send("GET", &format!("/{SITE}"), Some(&body(1_048_577))).status, 413);
    // Told beforehand, it need not be there.
    for (length, status) in [("1048576", 200), ("1048577", 413), ("18446744073709551615", 413), ("long", 200)] {
        client.headers.insert("Content-Length".to_owned(), length.to_owned());
        assert_eq!(client.send("POST", "/query", None).status, status, "{length}");
    }
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
        let mut client = TestClient::new();
        client.headers.remove("Content-Type");
        client.headers.extend(content_type.map(|value| ("Content-Type".to_owned(), value.to_owned())));
        assert_eq!(client.send("POST", "/query", body).status, status, "{content_type:?} {body:?}");
    }
}

#[test]
fn every_answer_is_json_with_an_id_of_its_own() {
    let mut client = TestClient::new();
    let mut seen = std::collections::BTreeSet::new();
    for (method, below) in [("POST", "/query"), ("POST", "/nope/nope"), ("PUT", ""), ("GET", "/x"), ("POST", "")] {
        let response = client.send(method, below, None);
        assert_eq!(response.headers["content-type"], "application/json");
        let id = &response.headers["x-wix-request-id"];
        assert!(id.starts_with("1772355900."), "{id}");
        assert!(seen.insert(id.clone()), "{id}");
    }
}

#[test]
fn a_write_gives_a_token_that_a_read_takes_and_gives_back() {
    let mut client = TestClient::new();
    let response = client.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    let token = response.headers["x-wix-consistent"].clone();
    assert_eq!(client.send("POST", "/query", None).headers.get("x-wix-consistent"), None);
    client.headers.insert("X-Wix-Consistent".to_owned(), token.clone());
    assert_eq!(client.send("POST", "/query", None).headers["x-wix-consistent"], token);
    let next = client.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    assert_ne!(next.headers["x-wix-consistent"], token);
    assert_eq!(client.send("POST", "", Some("{}")).headers.get("x-wix-consistent"), None);
    client.headers.insert("X-Wix-Consistent".to_owned(), "a\r\nb".to_owned());
    assert_eq!(client.send("POST", "/query", None).headers.get("x-wix-consistent"), None);
}

#[test]
fn the_log_holds_every_request_without_its_credentials() {
    let mut client = client(json!({ "apiKey": "the-key", "siteIds": [SITE] }));
    client.headers.insert("Authorization".to_owned(), "Bearer the-key".to_owned());
    client.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"},"clientSecret":"hush"}"#));
    client.send("GET", &format!("/{SITE}?oAuthAppId={SITE}&token=hush"), None);
    client.send("POST", "/nope/nope", Some("no json"));
    let headers =
        json!({ "authorization": "Bearer [redacted]", "content-type": "application/json", "wix-site-id": SITE });
    let path = "/oauth-app/v1/oauth-apps";
    assert_eq!(
        json!(client.emulator.requests().collect::<Vec<_>>()),
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
        let mut client = client(json!({ "requestLogSize": size }));
        for below in ["/a", "/b", "/c"] {
            client.send("GET", below, None);
        }
        let paths: Vec<_> = client.emulator.requests().map(|request| request.path.clone()).collect();
        assert_eq!(paths, kept.iter().map(|below| format!("/oauth-app/v1/oauth-apps{below}")).collect::<Vec<_>>());
    }
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let first = client.create(&json!({ "name": "First", "allowedRedirectUris": ["a:b", "a:b"] }));
    let path = format!("/{}", first["id"].as_str().unwrap());
    assert_eq!(client.send("POST", &format!("{path}/generate-secret"), None).status, 200);
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    client.create(&json!({ "name": "Second" }));
    let state = client.emulator.snapshot();

    client.emulator.reset();
    assert_eq!(client.emulator.requests().count(), 0);
    assert_eq!(client.call("POST", "/query", &json!({})).1["pagingMetadata"]["total"], 0);

    // As it would come back from a file.
    let written = json!(state).to_string();
    let read = Snapshot::from_json(serde_json::from_str(&written).unwrap()).unwrap();
    client.emulator.restore(&read).unwrap();
    assert_eq!(client.emulator.snapshot(), state);
    assert_eq!(client.emulator.requests().count(), 1);
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"][0]["name"], "Second");
    client.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(client.send("POST", &format!("{path}/generate-secret"), None).status, 409);
}

#[test]
fn a_bad_state_is_refused_and_changes_nothing() {
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.create(&json!({ "name": "First" }));
    let before = client.emulator.snapshot();
    let good = json!(before);
    let key = good["records"].as_object().unwrap().keys().next().unwrap().clone();
    let id = key.rsplit('/').next().unwrap().to_owned();
    let app = &good["records"][&key];
    let state = |key: &str, app: &Value| json!({ "version": 1, "records": { key: app } });
    let with = |name: &str, value: Value| {
        let mut app = app.clone();
        app["oAuthApp"][name] = value;
        state(&key, &app)
    };
    let without = |name: &str| {
        let mut app = app.clone();
        app["oAuthApp"].as_object_mut().unwrap().remove(name);
        state(&key, &app)
    };
    let mut hash = app.clone();
    hash["secretSha256"] = json!("x");
    let mut twice = good.clone();
    twice["records"][format!("app/{OTHER_SITE}/{id}")] = app.clone();
    for (options, state, part) in [
        (json!([SITE]), json!(null), "state: "),
        (json!([SITE]), json!({}), "version"),
        (json!([SITE]), json!({ "version": 1, "records": {}, "more": 1 }), "more"),
        (json!([SITE]), json!({ "version": 2, "records": {} }), "version 2"),
        (json!([SITE]), json!({ "version": 1, "records": [] }), "state.records: "),
        (json!([SITE]), state("app", app), "record app: "),
        (json!([SITE]), state("thing/1", &json!({})), "record thing/1: "),
        (json!([SITE]), state(&format!("app/{OTHER_SITE}/{id}"), app), "sites"),
        (json!([SITE]), state(&format!("app/{SITE}/{OTHER_SITE}"), app), "is not the key's"),
        (json!([SITE]), state(&key, &json!([])), "record app/"),
        (json!([SITE]), state(&key, &json!({ "oAuthApp": [] })), "record app/"),
        (json!([SITE]), state("seed", &json!({ "drawn": -1 })), "record seed: "),
        (json!([SITE]), with("id", json!("x")), "oAuthApp.id"),
        (json!([SITE]), with("id", json!(null)), "oAuthApp.id"),
        (json!([SITE]), with("createdDate", json!("today")), "oAuthApp.createdDate"),
        (json!([SITE]), with("name", json!("")), "oAuthApp.name"),
        (json!([SITE]), with("name", json!(5)), "oAuthApp.name"),
        (json!([SITE]), without("id"), "oAuthApp.id is missing"),
        (json!([SITE]), without("createdDate"), "oAuthApp.createdDate is missing"),
        (json!([SITE]), without("name"), "oAuthApp.name is missing"),
        (json!([SITE]), with("secret", json!("hush")), "oAuthApp.secret"),
        (json!([SITE]), with("nope", json!(1)), "oAuthApp.nope"),
        (json!([SITE, OTHER_SITE]), twice, "another site's too"),
        (json!([SITE]), state(&key, &hash), "secretSha256"),
    ] {
        let mut other = self::client(json!({ "siteIds": options }));
        other.emulator.restore(&before).unwrap();
        let error = Snapshot::from_json(state.clone()).and_then(|state| other.emulator.restore(&state)).unwrap_err();
        assert!(error.to_string().contains(part), "{state}: {error}");
        assert_eq!(other.emulator.snapshot(), before);
    }
}

/// The changes as (key, value) with the values as JSON.
fn changes(client: &mut TestClient) -> Vec<(String, Value)> {
    let changes = client.emulator.changes().into_iter();
    changes.map(|Change { key, value }| (key, value.map_or(Value::Null, |value| value.parse().unwrap()))).collect()
}

#[test]
fn changes_are_what_was_written_since_they_were_last_taken() {
    let mut client = client(json!({ "siteIds": [SITE], "secretOnCreate": false }));
    client.emulator.load(&[]).unwrap();
    assert_eq!(changes(&mut client), []);
    let [first, second] = ["First", "Second"].map(|name| client.create(&json!({ "name": name })));
    let [first_key, second_key] = [&first, &second].map(|app| format!("app/{SITE}/{}", app["id"].as_str().unwrap()));
    let path = format!("/{}", first["id"].as_str().unwrap());
    let (_, renamed) = client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "Third" }, "mask": "name" }));
    let expected = [(second_key.clone(), json!({ "oAuthApp": second })), (first_key.clone(), renamed)];
    assert_eq!(changes(&mut client), expected);

    // Neither a read, nor what is refused, nor a look at the changes is one.
    client.send("GET", &path, None);
    client.send("POST", "", Some("{}"));
    client.send("DELETE", &format!("/{OTHER_SITE}"), None);
    assert_eq!(changes(&mut client), []);

    client.send("POST", &format!("{path}/generate-secret"), None);
    let (key, value) = changes(&mut client).remove(0);
    assert_eq!((key, value["secretSha256"].as_str().unwrap().len()), (first_key.clone(), 64));
    client.send("DELETE", &path, None);
    assert_eq!(changes(&mut client), [(first_key, Value::Null)]);
    client.emulator.reset();
    assert_eq!(changes(&mut client), [(second_key, Value::Null)]);
}

#[test]
fn the_first_changes_are_everything_unless_records_were_loaded() {
    let mut client = client(json!({ "siteIds": [SITE], "secretOnCreate": false }));
    let app = client.create(&json!({ "name": "First" }));
    let key = format!("app/{SITE}/{}", app["id"].as_str().unwrap());
    let value = json!({ "oAuthApp": app });
    assert_eq!(changes(&mut client), [(key.clone(), value.clone())]);
    assert_eq!(changes(&mut client), []);

    let mut other = self::client(json!({ "siteIds": [SITE] }));
    let records = [Record { key, value: value.to_string() }];
    other.emulator.load(&records).unwrap();
    assert_eq!(other.emulator.snapshot(), client.emulator.snapshot());
    assert_eq!(changes(&mut other), []);
}

#[test]
fn bad_records_are_refused_and_change_nothing() {
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.create(&json!({ "name": "First" }));
    let before = client.emulator.snapshot();
    let record = |key: &str, value: &str| Record { key: key.to_owned(), value: value.to_owned() };
    let seed = || record("seed", r#"{"drawn":1}"#);
    for (records, part) in [
        (vec![seed(), record("app/1", "{")], "record app/1: is not JSON: "),
        (vec![seed(), seed()], "record seed: occurs twice"),
        (vec![seed(), record("app/1", "{}")], "record app/1: is of no kind"),
    ] {
        let error = client.emulator.load(&records).unwrap_err().to_string();
        assert!(error.starts_with(part), "{error}");
        assert_eq!(client.emulator.snapshot(), before);
    }
}

#[test]
fn the_clock_can_be_set_and_moved() {
    let mut client = client(json!({ "now": "2026-01-01" }));
    let created = |client: &mut TestClient| client.create(&json!({ "name": "ab" }))["createdDate"].clone();
    assert_eq!(created(&mut client), "2026-01-01T00:00:00.000Z");
    client.emulator.advance(1_500);
    assert_eq!(created(&mut client), "2026-01-01T00:00:01.500Z");
    client.emulator.set_time(0);
    assert_eq!(created(&mut client), "1970-01-01T00:00:00.000Z");
    client.emulator.reset();
    assert_eq!(created(&mut client), "2026-01-01T00:00:00.000Z");

    // The host's clock goes on from where it was moved to.
    let mut client = TestClient::new();
    client.emulator.advance(60_000);
    assert_eq!(created(&mut client), "2026-03-01T09:06:00.042Z");
    client.host.now += 1_000;
    assert_eq!(created(&mut client), "2026-03-01T09:06:01.042Z");
}

#[test]
fn a_seed_makes_everything_come_again() {
    let answers = |client: &mut TestClient| {
        let app = client.create(&json!({ "name": "ab" }));
        let secret = client.send("POST", &format!("/{}/generate-secret", app["id"].as_str().unwrap()), None);
        (app, secret)
    };
    let [mut first, mut second, mut other] =
        [json!("a"), json!("a"), json!(7)].map(|seed| client(json!({ "seed": seed })));
    second.host.count = Some(100);
    let expected = answers(&mut first);
    assert_eq!(answers(&mut second), expected);
    assert_ne!(answers(&mut other), expected);
    let state = first.emulator.snapshot();
    let next = answers(&mut first);
    assert_ne!(next, expected);

    // Brought back, it goes on as it did.
    first.emulator.restore(&state).unwrap();
    assert_eq!(answers(&mut first), next);
    first.emulator.reset();
    assert_eq!(answers(&mut first), expected);
    let changes_so_far = second.emulator.changes().into_iter();
    let records: Vec<_> = changes_so_far.map(|Change { key, value }| Record { key, value: value.unwrap() }).collect();
    let mut restarted = client(json!({ "seed": "a" }));
    restarted.emulator.load(&records).unwrap();
    assert_eq!(answers(&mut restarted), next);
    assert_eq!(changes(&mut restarted).pop().unwrap().0, "seed");
}

#[test]
fn too_many_requests_are_told_when_to_come_again() {
    let mut client = client(json!({ "rateLimit": { "requests": 2, "per": 60_000 }, "siteIds": [SITE, OTHER_SITE] }));
    assert_eq!(client.send("POST", "/query", None).status, 200);
    assert_eq!(client.send("GET", "/x", None).status, 400);
    // The sites of a key are counted together.
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    client.emulator.advance(500);
    let refused = client.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (429, "60"));
    let body: Value = refused.body.parse().unwrap();
    let application = json!({ "code": "RESOURCE_EXHAUSTED", "description": "Too many requests", "data": {} });
    assert_eq!(body, json!({ "message": "Too many requests", "details": { "applicationError": application } }));
    // Who is not let in is not counted either.
    let key = client.headers.insert("Authorization".to_owned(), "other".to_owned()).unwrap();
    assert_eq!(client.send("POST", "/query", None).status, 401);
    client.headers.insert("Authorization".to_owned(), key);
    client.emulator.advance(59_499);
    assert_eq!(client.send("POST", "/query", None).headers["retry-after"], "1");
    client.emulator.advance(1);
    let (status, body) = client.call("POST", "/query", &json!({}));
    assert_eq!((status, &body["pagingMetadata"]["total"]), (200, &json!(0)));

    client.send("POST", "/query", None);
    assert_eq!(client.send("POST", "/query", None).status, 429);
    client.emulator.reset();
    assert_eq!(client.send("POST", "/query", None).status, 200);

    let mut client = self::client(json!({ "rateLimit": { "requests": 1, "retryAfter": false } }));
    client.send("POST", "/query", None);
    let refused = client.send("POST", "/query", None);
    assert_eq!((refused.status, refused.headers.get("retry-after")), (429, None));
}

#[test]
fn a_new_app_is_not_found_by_its_id_for_a_while() {
    let mut client = client(json!({ "staleFor": 1_000 }));
    let app = client.create(&json!({ "name": "New" }));
    let id = app["id"].as_str().unwrap();
    let (path, secret) = (format!("/{id}"), format!("/{id}/generate-secret"));
    let update = json!({ "oAuthApp": { "name": "Old" }, "mask": "name" });
    let calls = [
        ("GET", &path, Value::Null),
        ("PATCH", &path, update),
        ("POST", &secret, Value::Null),
        ("DELETE", &path, Value::Null),
    ];
    client.emulator.advance(999);
    for (method, path, body) in &calls {
        let (status, answer) = client.call(method, path, body);
        assert_eq!((status, &answer["message"]), (404, &json!(format!("appId was not found {id}"))), "{method}");
    }
    for filter in [json!({}), json!({ "id": id })] {
        assert_eq!(
            client.call("POST", "/query", &json!({ "query": { "filter": filter } })).1["oAuthApps"],
            json!([app])
        );
    }
    client.emulator.advance(1);
    for (method, path, body) in &calls {
        assert_eq!(client.call(method, path, body).0, 200, "{method}");
    }
    // Where the clock was set back, there is nothing new about it.
    let app = client.create(&json!({ "name": "New" }));
    client.emulator.set_time(0);
    assert_eq!(client.send("GET", &format!("/{}", app["id"].as_str().unwrap()), None).status, 200);
}

#[test]
fn a_state_of_an_older_version_is_taken() {
    let id = "00000000-0000-4000-8000-000000000001";
    let (token, code) = ("an old token", "an old code");
    let identity = json!({ "clientId": id, "subjectType": "MEMBER", "subjectId": id, "login": id });
    // Without the fields that came later: unset URLs, the older domain list, where a secret and a token come from.
    let app = json!({
        "oAuthApp": {
            "id": id, "createdDate": "2026-03-01T09:05:00.042Z", "name": "Old", "allowedRedirectUris": [],
            "allowedRedirectDomains": [], "allowSecretGeneration": false, "wixPagesDomainsMappings": [],
            "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED", "technology": "OAUTH_TECHNOLOGY_UNSPECIFIED",
        },
        "secretSha256": sha256("the secret"),
    });
    let state = json!({ "version": 1, "records": {
        format!("app/{SITE}/{id}"): app,
        format!("grant/{}", sha256(token)): { "use": "access", "identity": identity, "issuedAt": 0 },
        format!("code/{}", sha256(code)): { "identity": identity, "challenge": CHALLENGE, "offline": true,
                                            "expiresAt": 9_999_999_999_999_u64 },
    } });
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.emulator.restore(&Snapshot::from_json(state).unwrap()).unwrap();
    let (_, body) = client.call("GET", &format!("/{id}"), &Value::Null);
    let app = &body["oAuthApp"];
    assert_eq!((&app["loginUrl"], &app["allowedDomains"]), (&json!(""), &json!([])));
    assert_eq!(client.call("POST", &format!("/{id}/generate-secret"), &Value::Null).0, 409);
    let clear = json!({ "oAuthApp": {}, "mask": "allowSecretGeneration" });
    let (_, body) = client.call("PATCH", &format!("/{id}"), &clear);
    assert_eq!(body["oAuthApp"]["allowSecretGeneration"], false);
    assert_eq!(client.info(token)["active"], true);
    let params = json!({ "clientId": id, "grantType": "authorization_code", "code": code, "codeVerifier": VERIFIER });
    assert_eq!(client.token(&params).0, 200);
    let params = json!({ "clientId": id, "grantType": "client_credentials", "clientSecret": "the secret" });
    assert_eq!(client.token(&params).0, 200);
}
