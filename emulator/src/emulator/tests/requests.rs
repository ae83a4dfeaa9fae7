//! The requirements on every request and every response.

use serde_json::{Value, json};

use super::{SITE, client};
use crate::faults::fault::Fault;
use crate::testing::client::{TestClient, authorize_url};

#[test]
fn a_malformed_or_repeated_host_header_is_refused() {
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
fn malformed_requests_are_refused() {
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
    // An announced length is checked before the body arrives.
    for (length, status) in [("1048576", 200), ("1048577", 413), ("18446744073709551615", 413), ("long", 200)] {
        client.headers.insert("Content-Length".to_owned(), length.to_owned());
        assert_eq!(client.send("POST", "/query", None).status, status, "{length}");
    }
}

#[test]
fn a_body_is_json_with_the_content_type_of_json_or_none() {
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
fn every_response_is_json_and_has_a_request_id_of_its_own() {
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
fn a_write_sets_the_consistency_header_and_a_read_returns_it() {
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
fn the_log_shows_every_request_without_its_credentials() {
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
              "headers": headers, "status": 404, "reason": format!("appId was not found {SITE}") },
            { "method": "POST", "path": format!("{path}/nope/nope"), "query": {}, "headers": headers,
              "body": "no json", "status": 404,
              "reason": format!("Not Found: this emulator does not serve POST {path}/nope/nope") },
        ])
    );
}

/// Returns the reason of the last request.
fn reason(client: &TestClient) -> Option<String> {
    client.emulator.requests().last().unwrap().reason.clone()
}

#[test]
fn a_refused_request_has_a_reason_without_credentials() {
    const CALLBACK: &str = "https://shop.example.com/callback";
    let mut client = client(json!({ "apiKey": "the-key" }));
    let id = client.app(&[CALLBACK], &[]);
    assert_eq!(reason(&client), None);
    client.send("POST", "", Some(r#"{"oAuthApp":{"name":""}}"#));
    assert_eq!(reason(&client).unwrap(), "oAuthApp.name must not be empty");
    client.token(&json!({ "clientId": SITE, "grantType": "anonymous" }));
    assert_eq!(reason(&client).unwrap(), format!("invalid_client: There is no OAuth app {SITE:?}"));
    let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("response_type", "token")]);
    client.browse(&url, "");
    assert_eq!(reason(&client).unwrap(), "unsupported_response_type: response_type must be code");
    let url = authorize_url(&[("client_id", &id), ("redirect_uri", &format!("{CALLBACK}?code=hush&x=1"))]);
    client.browse(&url, "");
    let text = reason(&client).unwrap();
    assert!(text.starts_with(&format!("Invalid redirect URI: {CALLBACK}?code=[redacted]&x=1 isn't listed")), "{text}");
    assert!(text.contains("the nearest entry is") && !text.contains("hush"), "{text}");
}

#[test]
fn a_request_that_met_a_fault_has_its_name_as_the_reason() {
    for (fault, expected) in [
        (json!({ "status": 503 }), Some("an injected fault with status 503")),
        (json!({ "preset": "bare429" }), Some("an injected fault, the preset bare429")),
        (json!({ "error": "reset" }), Some("an injected fault: reset")),
        (json!({ "error": "stall" }), Some("an injected fault: stall")),
        (json!({ "latency": 5 }), None),
    ] {
        let mut client = TestClient::new();
        client.emulator.fail(Fault::from_json(fault.clone()).unwrap()).unwrap();
        client.outcome("POST", "/query", None);
        assert_eq!(reason(&client).as_deref(), expected, "{fault}");
    }
}

#[test]
fn the_size_of_the_log_is_an_option() {
    for (size, kept) in [(0, vec![]), (2, vec!["/b", "/c"])] {
        let mut client = client(json!({ "requestLogSize": size }));
        for below in ["/a", "/b", "/c"] {
            client.send("GET", below, None);
        }
        let paths: Vec<_> = client.emulator.requests().map(|request| request.path.clone()).collect();
        assert_eq!(paths, kept.iter().map(|below| format!("/oauth-app/v1/oauth-apps{below}")).collect::<Vec<_>>());
    }
}
