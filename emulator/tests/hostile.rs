//! Sends arbitrary bytes to every endpoint: each request gets a 4xx response and changes nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "clippy recognizes only functions under `#[test]` as tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request};

const ENDPOINTS: [&str; 16] = [
    "/oauth2/token",
    "/oauth2/token-info",
    "/_api/oauth2/authorize",
    "/_pages/checkout",
    "/_pages/login",
    "/_pages/logout",
    "/_api/iam/authentication/v2/login",
    "/iam/authentication/v2/register",
    "/_api/redirects-api/v1/redirect-session",
    "/redirect-session/v1/redirect-session",
    "/headless/v1/redirect-session",
    "/oauth-app/v1/oauth-apps",
    "/oauth-app/v1/oauth-apps/query",
    "/oauth-app-service/v1/oauth-apps",
    "/v1/oauth-apps",
    "/oauth-app/v1/oauth-apps/00000000-0000-4000-8000-00000000000a/secret",
];

/// A host whose clock stands still and whose bytes are constant.
struct FixedHost;

impl Host for FixedHost {
    fn now(&mut self) -> u64 {
        1_772_355_900_042
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Generates bodies that are almost valid, and arbitrary bytes.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let names =
        select(vec!["grant_type", "grantType", "client_id", "code", "refreshToken", "token", "auth", "loginId"]);
    let values =
        select(vec!["null", "5", "\"x\"", "[]", "{}", "\"anonymous\"", "\"authorization_code\"", "\"\\ud800\""]);
    let members = vec((names.clone(), values), 0..5);
    let json = members.prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    });
    let form = vec((names, "[ -~é%&=+]{0,8}"), 0..5).prop_map(|pairs| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&").into_bytes()
    });
    prop_oneof![json, form, vec(any::<u8>(), 0..40)]
}

/// Returns the headers of a request.
fn with_odd_headers<'a, const N: usize>(
    headers: [(&'a str, &'a str); N],
    odd_headers: &'a [(String, String)],
) -> Vec<(&'a str, &'a str)> {
    headers.into_iter().chain(odd_headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect()
}

/// Generates names of headers that the service or a server treats specially, and arbitrary names.
fn odd_header_name() -> impl Strategy<Value = String> {
    let names = vec![
        "host",
        "Host",
        "HOST",
        "set-cookie",
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "expect",
        "wix-site-id",
        "wix-account-id",
        "x-wix-consistent",
        "origin",
        "referer",
        "connection",
        "__proto__",
        "constructor",
        "",
    ];
    prop_oneof![9 => select(names).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_gets_a_response(
        method in select(vec!["GET", "POST", "PUT", "get", ""]),
        endpoint in select(ENDPOINTS.to_vec()),
        query in "(\\?[ -~é]{0,40})?",
        content_type in select(vec!["application/json", "application/x-www-form-urlencoded", "text/plain", "", ";"]),
        authorization in "[ -~]{0,12}",
        cookie in "(emulatorSession)?[ -~]{0,12}",
        target in select(vec!["", "https://www.wixapis.com", "http://127.0.0.1:4000", "HTTP://[::1]"]),
        odd_headers in vec((odd_header_name(), "[ -~é\u{0}\u{7f}\u{fffd}]{0,12}"), 0..4),
        body in bodies(),
    ) {
        let mut emulator = Emulator::new(Options::default()).unwrap();
        let before = emulator.snapshot();
        let headers = [("content-type", content_type), ("authorization", &authorization), ("cookie", &cookie)];
        let headers = with_odd_headers(headers, &odd_headers);
        let url = format!("{target}{endpoint}{query}");
        let request = Request { method, url: &url, headers, body: Some(&body) };
        let response = emulator.handle(&request, &mut FixedHost).response;
        // The token-info endpoint needs no credential.
        let is_token_info = endpoint == "/oauth2/token-info" && response.body == r#"{"active":false}"#;
        prop_assert!((400..500).contains(&response.status) || is_token_info, "{} {}", response.status, response.body);
        for (name, value) in &response.headers {
            prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{name}: {value}");
        }
        prop_assert_eq!(emulator.snapshot(), before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Arbitrary requests with valid credentials.
    #[test]
    fn any_request_of_an_authorized_caller_gets_a_response_and_is_logged(
        method in prop_oneof![select(vec!["GET", "POST", "PATCH", "DELETE", "PUT"]).prop_map(str::to_owned), "\\PC{0,5}"],
        url in prop_oneof![select(ENDPOINTS.to_vec()).prop_map(str::to_owned), "\\PC*", "[a-z]{0,5}://\\PC*"],
        odd_headers in vec((odd_header_name(), "\\PC{0,12}"), 0..4),
        body in proptest::option::of(bodies()),
    ) {
        let mut emulator = Emulator::new(Options::default()).unwrap();
        let credentials = emulator.credentials();
        let known = [("authorization", credentials.api_key.as_str()), ("wix-site-id", &credentials.site_id)];
        let headers = with_odd_headers(known, &odd_headers);
        let request = Request { method: &method, url: &url, headers, body: body.as_deref() };
        let response = emulator.handle(&request, &mut FixedHost).response;
        prop_assert!((200..500).contains(&response.status), "{} {}", response.status, response.body);
        for (name, value) in &response.headers {
            prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{name}: {value}");
        }
        let logged: Vec<_> = emulator.requests().map(|logged| logged.status).collect();
        prop_assert_eq!(logged, [response.status]);
        let log = serde_json::to_string(&emulator.requests().collect::<Vec<_>>()).unwrap();
        prop_assert!(!log.contains(&credentials.api_key), "{log}");
        // The stored data is consistent: a snapshot of it can be restored.
        let state = emulator.snapshot();
        emulator.restore(&state).unwrap();
    }
}
