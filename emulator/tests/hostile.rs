//! Any bytes at any of the service's doors: each gets an answer that is the caller's fault, and nothing is written.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "clippy takes only what stands under `#[test]` for a test")]

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use wix_oauth_apps_emulator::{Emulator, Options, Request, World};

const DOORS: [&str; 13] = [
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
];

struct Still;

impl World for Still {
    fn now(&mut self) -> u64 {
        1_772_355_900_042
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Bodies that are nearly right, and bodies that are nothing.
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_has_an_answer(
        method in select(vec!["GET", "POST", "PUT", "get", ""]),
        door in select(DOORS.to_vec()),
        query in "(\\?[ -~é]{0,40})?",
        content_type in select(vec!["application/json", "application/x-www-form-urlencoded", "text/plain", "", ";"]),
        authorization in "[ -~]{0,12}",
        cookie in "(emulatorSession)?[ -~]{0,12}",
        body in bodies(),
    ) {
        let mut emulator = Emulator::new(Options::default()).unwrap();
        let before = emulator.snapshot();
        let headers = [("content-type", content_type.to_owned()), ("authorization", authorization), ("cookie", cookie)];
        let headers: BTreeMap<_, _> = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let request =
            Request { method: method.to_owned(), url: format!("{door}{query}"), headers, body: Some(body) };
        let response = emulator.handle(&request, &mut Still).response;
        // A token can be asked about by anybody.
        let asked = door == "/oauth2/token-info" && response.body == r#"{"active":false}"#;
        prop_assert!((400..500).contains(&response.status) || asked, "{} {}", response.status, response.body);
        for (name, value) in &response.headers {
            prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{name}: {value}");
        }
        prop_assert_eq!(emulator.snapshot(), before);
    }
}
