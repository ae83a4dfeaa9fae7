//! Sends bodies that are not JSON, or not an object, to every endpoint that reads one: each is refused with an error of the
//! service, and changes nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

use serde_json::{Value, json};
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request, Response};

const APPS: &str = "/oauth-app/v1/oauth-apps";

/// A host whose clock stands still and whose bytes are constant.
struct FixedHost;

impl Host for FixedHost {
    fn now(&mut self) -> u64 {
        0
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn send(emulator: &mut Emulator, method: &str, path: &str, body: &[u8]) -> Response {
    let credentials = emulator.credentials();
    let headers = vec![("authorization", credentials.api_key.as_str()), ("wix-site-id", &credentials.site_id)];
    let request = Request { method, url: path, headers, body: Some(body) };
    emulator.handle(&request, &mut FixedHost).response
}

/// Returns malformed bodies of the kinds that JSON test suites contain.
fn malformed() -> Vec<Vec<u8>> {
    let texts = [
        "{",
        "}",
        "[",
        "]",
        "{}}",
        "{}{}",
        "{},",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" \"b\"}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\":1,,\"b\":2}",
        "{\"a\":/**/1}",
        "{} //",
        "#{}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.1}",
        "{\"a\":1e}",
        "{\"a\":0x1}",
        "{\"a\":1e999}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":nul}",
        "{\"a\":True}",
        "{\"a\":undefined}",
        "{\"a\":\"",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\0\"}",
        "\0{}",
        "{}\0",
        " ",
        "\u{feff}{}",
        "\u{a0}{}",
        "{}\u{c}",
        "\u{2028}{}",
        "“a”",
        "nope",
        "a=b",
        "<html>",
        "-",
        "\"",
        "\"a",
        "\\",
        "null,",
        "tru",
    ];
    let mut bodies: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    bodies.extend([b"{\"a\":\"\xff\"}".to_vec(), b"\xff\xfe{\0}\0".to_vec(), b"{\"a\":\"\xed\xa0\x80\"}".to_vec()]);
    bodies.extend([b"{\"a\":\"\xc0\x80\"}".to_vec(), b"\x80".to_vec()]);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        bodies.push(format!("{}{}", open.repeat(10_000), close.repeat(10_000)).into_bytes());
        bodies.push(open.repeat(100_000).into_bytes());
    }
    bodies
}

/// JSON values that are not objects.
const NOT_OBJECTS: [&str; 9] = ["null", "true", "0", "-1.5e3", "\"\"", "\"{}\"", "[]", "[{}]", "[null]"];

#[test]
fn a_malformed_body_is_refused_by_every_endpoint_and_changes_nothing() {
    let mut emulator = Emulator::new(Options::default()).unwrap();
    let created = send(&mut emulator, "POST", APPS, br#"{"oAuthApp":{"name":"There before"}}"#);
    let app: Value = serde_json::from_str(&created.body).unwrap();
    let id = app["oAuthApp"]["id"].as_str().unwrap();
    let before = emulator.snapshot();
    let bodies = malformed();
    let not_objects = NOT_OBJECTS.map(|text| text.as_bytes().to_vec());
    for (method, path) in [
        ("POST", APPS.to_owned()),
        ("POST", format!("{APPS}/query")),
        ("PATCH", format!("{APPS}/{id}")),
        ("POST", format!("{APPS}/{id}/generate-secret")),
    ] {
        for (body, expected) in bodies
            .iter()
            .map(|body| (body, "Malformed JSON: "))
            .chain(not_objects.iter().map(|body| (body, "Expected an object")))
        {
            let shown = String::from_utf8_lossy(body).chars().take(40).collect::<String>();
            let response = send(&mut emulator, method, &path, body);
            assert_eq!(response.status, 400, "{method} {path} {shown}");
            let answer: Value = serde_json::from_str(&response.body).unwrap();
            assert_eq!(answer, json!({ "message": answer["message"] }), "{shown}");
            assert!(answer["message"].as_str().unwrap().starts_with(expected), "{shown}: {answer}");
            assert_eq!(emulator.snapshot(), before, "{method} {path} {shown}");
        }
    }
}

#[test]
fn unusual_but_valid_json_is_accepted() {
    let mut emulator = Emulator::new(Options::default()).unwrap();
    for (body, name) in [
        (" \r\n\t{ \"oAuthApp\" : { \"name\" : \"ab\" } } \n", "ab"),
        (r#"{"oAuthApp":{"name":"\u0061\ud83e\udd80"}}"#, "a🦀"),
        (r#"{"oAuthApp":{"name":"a\u0000b"}}"#, "a\0b"),
        (r#"{"oAuthApp":{"name":"first","name":"last"}}"#, "last"),
        (r#"{"oAuthApp":{"name":"ab","n":1e308,"":[[[]]]},"__proto__":{"name":"no"}}"#, "ab"),
    ] {
        emulator.reset();
        let response = send(&mut emulator, "POST", APPS, body.as_bytes());
        assert_eq!(response.status, 200, "{body}: {}", response.body);
        let app: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(app["oAuthApp"]["name"], name);
    }
}
