//! The binding from end to end, in Node and in a browser alike.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "clippy takes only `#[test]` for a test")]

use std::ops::Add;

use js_sys::{Function, JSON, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use wix_oauth_apps_emulator::wasm::Emulator;

const APPS: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

/// A JavaScript value as Rust's JSON; panics on anything that `JSON.stringify` drops.
fn json(value: &JsValue) -> serde_json::Value {
    serde_json::from_str(&String::from(JSON::stringify(value).unwrap())).unwrap()
}

/// Status and body of the answer.
fn send(emulator: &Emulator, method: &str, url: &str, body: Option<&str>) -> (u64, serde_json::Value) {
    let credentials = json(&emulator.credentials().unwrap());
    let request = serde_json::json!({
        "method": method,
        "url": url,
        "headers": { "Authorization": credentials["apiKey"], "wix-site-id": credentials["siteId"] },
        "body": body,
    });
    let response = json(&emulator.handle(js(&request.to_string())).unwrap());
    assert_eq!(response["headers"]["content-type"], "application/json");
    let body = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    (response["status"].as_u64().unwrap(), body)
}

fn message(error: JsValue) -> String {
    String::from(js_sys::Error::from(error).message())
}

#[wasm_bindgen_test]
fn an_app_is_created_found_and_deleted() {
    let emulator = Emulator::new(&JsValue::UNDEFINED).unwrap();
    let (status, created) = send(&emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#));
    assert_eq!((status, &created["oAuthApp"]["name"]), (200, &"My app".into()));
    let url = format!("{APPS}/{}", created["oAuthApp"]["id"].as_str().unwrap());
    assert_eq!(send(&emulator, "GET", &url, None), (200, created.clone()));

    let state = emulator.snapshot().unwrap();
    assert_eq!(send(&emulator, "DELETE", &url, None), (200, serde_json::json!({})));
    assert_eq!(send(&emulator, "GET", &url, None).0, 404);
    emulator.restore(&state).unwrap();
    assert_eq!(send(&emulator, "GET", &url, None), (200, created));

    let requests = json(&emulator.requests().unwrap());
    assert_eq!(requests.as_array().unwrap().len(), 5);
    assert_eq!(requests[0]["body"]["oAuthApp"]["name"], "My app");
    assert_eq!(requests[0]["headers"]["authorization"], "[redacted]");
    emulator.reset();
    assert_eq!(json(&emulator.requests().unwrap()), serde_json::json!([]));
    assert_eq!(send(&emulator, "GET", &url, None).0, 404);
}

#[wasm_bindgen_test]
fn ids_and_secrets_differ() {
    let emulator = Emulator::new(&JsValue::NULL).unwrap();
    let create = || send(&emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#)).1["oAuthApp"].take();
    let (first, second) = (create(), create());
    assert_ne!(first["id"], second["id"]);
    let secret = |app: &serde_json::Value| {
        send(&emulator, "POST", &format!("{APPS}/{}/generate-secret", app["id"].as_str().unwrap()), None).1
    };
    assert_ne!(secret(&first)["oAuthAppSecret"], secret(&second)["oAuthAppSecret"]);
}

#[wasm_bindgen_test]
fn what_cannot_be_used_throws_and_is_named() {
    for (options, part) in [(r#"{"siteId":"x"}"#, "siteId"), (r#"{"apiKey":5}"#, "apiKey"), ("5", "options")] {
        let error = Emulator::new(&js(options)).err().unwrap();
        assert!(message(error).contains(part), "{options}");
    }
    let cycle = Object::new();
    Reflect::set(&cycle, &"apiKey".into(), &cycle).unwrap();
    assert!(Emulator::new(&cycle).is_err());
    let function = Object::new();
    Reflect::set(&function, &"apiKey".into(), &Function::new_no_args("")).unwrap();
    assert!(message(Emulator::new(&function).err().unwrap()).contains("apiKey"));

    let emulator = Emulator::new(&js(r#"{"maxPageLimit":5}"#)).unwrap();
    assert!(emulator.restore(&cycle).is_err());
    assert!(emulator.restore(&js(&"[".repeat(5_000).add(&"]".repeat(5_000)))).is_err());
    for request in ["null", "{}", r#"{"method":5,"url":"/"}"#] {
        assert!(emulator.handle(js(request)).is_err(), "{request}");
    }
    assert!(message(emulator.restore(&js("{}")).unwrap_err()).contains("version"));
}
