//! The JavaScript class, in Node and in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

use std::ops::Add;

use js_sys::{Date, Function, JSON, Object, Reflect, TypeError, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use wix_oauth_apps_emulator::wasm::Emulator;

const APPS: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

/// Converts a JavaScript value to JSON of Rust. Panics on values that `JSON.stringify` drops.
fn json(value: &JsValue) -> serde_json::Value {
    serde_json::from_str(&String::from(JSON::stringify(value).unwrap())).unwrap()
}

/// Handles a request with this head, whose parts are separated by NUL.
fn handle_head(emulator: &Emulator, head: &str, body: Option<Vec<u8>>) -> Result<String, JsValue> {
    Ok(emulator.handle(head, head.split('\0').count(), body)?.unwrap())
}

/// Sends a request `{method, url, headers, body}` and returns the outcome as JSON.
fn handle(emulator: &Emulator, request: &JsValue) -> Result<serde_json::Value, JsValue> {
    let body = Reflect::get(request, &"body".into())?;
    let request = json(request);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let headers = request["headers"].as_object().unwrap().iter().flat_map(|(name, value)| [name.clone(), text(value)]);
    let head: Vec<String> = [text(&request["method"]), text(&request["url"])].into_iter().chain(headers).collect();
    let bytes = body.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    let bytes = bytes.or_else(|| Some(body.as_string()?.into_bytes()));
    let outcome = handle_head(emulator, &head.join("\0"), bytes)?;
    let (head, body) = outcome.split_once("\n\n").unwrap();
    let (first, lines) = head.split_once('\n').unwrap_or((head, ""));
    let first: serde_json::Value = serde_json::from_str(first).unwrap();
    let headers: serde_json::Map<_, _> = lines
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    Ok(serde_json::json!({
        "delay": first[0],
        "kind": first[1],
        "status": first[2],
        "headers": headers,
        "body": body,
    }))
}

/// Sends a request, and returns status and body.
fn send(emulator: &Emulator, method: &str, url: &str, body: Option<&str>) -> (u64, serde_json::Value) {
    let credentials = json(&emulator.credentials().unwrap());
    let request = serde_json::json!({
        "method": method,
        "url": url,
        "headers": { "Authorization": credentials["apiKey"], "wix-site-id": credentials["siteId"] },
        "body": body,
    });
    let response = handle(emulator, &js(&request.to_string())).unwrap();
    assert_eq!(response["headers"]["content-type"], "application/json");
    let body = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    (response["status"].as_u64().unwrap(), body)
}

/// Takes the secret out of a response to a create; no later response holds it.
fn take_secret(created: &mut serde_json::Value) {
    let secret = created["oAuthApp"].as_object_mut().unwrap().remove("secret");
    assert!(secret.is_some_and(|secret| secret.is_string()));
}

fn message(error: JsValue) -> String {
    String::from(js_sys::Error::from(error).message())
}

#[wasm_bindgen_test]
fn an_app_is_created_found_and_deleted() {
    let emulator = Emulator::new(&JsValue::UNDEFINED).unwrap();
    let (status, mut created) = send(&emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#));
    take_secret(&mut created);
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
    emulator.reset().unwrap();
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

/// Sends a query, and returns its outcome.
fn outcome(emulator: &Emulator) -> serde_json::Value {
    let request = serde_json::json!({ "method": "POST", "url": format!("{APPS}/query"), "headers": {} });
    handle(emulator, &js(&request.to_string())).unwrap()
}

#[wasm_bindgen_test]
fn a_fault_applies_as_often_as_it_says() {
    let emulator = Emulator::new(&js(r#"{"latency":5}"#)).unwrap();
    emulator.fail(&js(r#"{"status":503,"headers":{"A":"b"},"body":"Busy"}"#)).unwrap();
    emulator.fail(&js(r#"{"error":"reset","latency":20}"#)).unwrap();
    let first = outcome(&emulator);
    assert_eq!(
        (&first["kind"], &first["delay"], &first["status"], &first["headers"]["a"], &first["body"]),
        (&"answer".into(), &5.into(), &503.into(), &"b".into(), &"Busy".into())
    );
    let second = outcome(&emulator);
    assert_eq!(second, serde_json::json!({ "delay": 25, "kind": "reset", "status": 0, "headers": {}, "body": "" }));
    assert_eq!(outcome(&emulator)["status"], 401);

    let always = Object::new();
    Reflect::set(&always, &"status".into(), &500.into()).unwrap();
    Reflect::set(&always, &"times".into(), &f64::INFINITY.into()).unwrap();
    emulator.fail(&always).unwrap();
    assert_eq!([(); 3].map(|()| outcome(&emulator)["status"].clone()), [500, 500, 500]);
    emulator.reset().unwrap();
    assert_eq!(outcome(&emulator)["status"], 401);
    emulator.fail(&js(r#"{"status":503,"times":"always"}"#)).unwrap();
    emulator.clear_faults();
    assert_eq!(outcome(&emulator)["status"], 401);

    Reflect::set(&always, &"times".into(), &f64::NAN.into()).unwrap();
    for (fault, part) in
        [(&always.into(), "fault.times"), (&js(r#"{"status":5}"#), "fault.status"), (&js("5"), "fault")]
    {
        let error = emulator.fail(fault).unwrap_err();
        assert!(error.is_instance_of::<TypeError>());
        assert!(message(error).contains(part));
    }
}

#[wasm_bindgen_test]
fn the_clock_stands_still_at_the_time_that_was_set() {
    let emulator = Emulator::new(&js(r#"{"now":"2026-01-01"}"#)).unwrap();
    let created = |emulator: &Emulator| {
        send(emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#)).1["oAuthApp"]["createdDate"].clone()
    };
    assert_eq!(created(&emulator), "2026-01-01T00:00:00.000Z");
    emulator.advance(&1_000.into()).unwrap();
    assert_eq!(created(&emulator), "2026-01-01T00:00:01.000Z");
    for (time, date) in [
        (5.into(), "1970-01-01T00:00:00.005Z"),
        ("2026-02-01T00:00:00Z".into(), "2026-02-01T00:00:00.000Z"),
        (Date::new(&86_400_000.into()).into(), "1970-01-02T00:00:00.000Z"),
    ] {
        emulator.set_time(&time).unwrap();
        assert_eq!(created(&emulator), date);
    }
    for time in [JsValue::UNDEFINED, f64::NAN.into(), Date::new(&f64::NAN.into()).into(), "today".into(), (-1).into()] {
        assert!(message(emulator.set_time(&time).unwrap_err()).contains("time"));
    }
    for time in [JsValue::UNDEFINED, f64::INFINITY.into(), (-1).into(), "5".into()] {
        assert!(message(emulator.advance(&time).unwrap_err()).contains("milliseconds"));
    }
}

#[wasm_bindgen_test]
fn records_are_returned_and_loaded() {
    let emulator = Emulator::new(&js(r#"{"seed":"a"}"#)).unwrap();
    emulator.load(&js("[]")).unwrap();
    let create = |emulator: &Emulator| send(emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#)).1;
    let mut created = create(&emulator);
    take_secret(&mut created);
    let changes = json(&emulator.changes().unwrap());
    let keys: Vec<_> = changes.as_array().unwrap().iter().map(|change| change["key"].as_str().unwrap()).collect();
    assert!(keys[0].starts_with("app/"), "{keys:?}");
    assert_eq!(keys[1..], ["seed"]);
    assert_eq!(json(&emulator.changes().unwrap()), serde_json::json!([]));

    let other = Emulator::new(&js(r#"{"seed":"a"}"#)).unwrap();
    other.load(&js(&changes.to_string())).unwrap();
    let url = format!("{APPS}/{}", created["oAuthApp"]["id"].as_str().unwrap());
    assert_eq!(send(&other, "GET", &url, None), (200, created));
    assert_eq!(send(&other, "DELETE", &url, None).0, 200);
    let removed = json(&other.changes().unwrap())[0].clone();
    assert_eq!(removed, serde_json::json!({ "key": keys[0], "value": null }));

    for records in ["null", "[5]", r#"[{"key":"x"}]"#, r#"[{"key":"x","value":"{}"}]"#] {
        assert!(other.load(&js(records)).is_err(), "{records}");
    }
    assert!(message(other.load(&js(r#"[{"key":"x/y","value":"{"}]"#)).unwrap_err()).contains("x/y"));
}

#[wasm_bindgen_test]
fn a_body_is_a_string_or_bytes() {
    let emulator = Emulator::new(&JsValue::UNDEFINED).unwrap();
    let credentials = json(&emulator.credentials().unwrap());
    for (body, status) in [
        (JsValue::from(r#"{"query":{}}"#), 200),
        (Uint8Array::from(br#"{"query":{}}"#.as_slice()).into(), 200),
        (Uint8Array::new_with_length(0).into(), 200),
        (JsValue::UNDEFINED, 200),
        (JsValue::NULL, 200),
        (Uint8Array::from(b"{\"a\":\"\xff\"}".as_slice()).into(), 400),
        (Uint8Array::from(b"\xef\xbb\xbf{}".as_slice()).into(), 400),
    ] {
        let request = js(&serde_json::json!({
            "method": "POST", "url": format!("{APPS}/query"),
            "headers": { "authorization": credentials["apiKey"], "wix-site-id": credentials["siteId"] },
        })
        .to_string());
        Reflect::set(&request, &"body".into(), &body).unwrap();
        assert_eq!(handle(&emulator, &request).unwrap()["status"], status, "{body:?}");
    }
}

#[wasm_bindgen_test]
fn invalid_arguments_throw_and_are_named() {
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
    // The facade checks a request before it writes the head. Here every text is a request, which the service refuses.
    for head in ["", "GET", "GET\0", "\0\0", "GET\0/\0name without a value"] {
        let outcome = handle_head(&emulator, head, None).unwrap();
        assert!(outcome.starts_with(r#"[0,"answer",40"#), "{head:?}: {outcome}");
    }
    // A part with NUL would be two parts.
    for parts in [0, 3, 5] {
        assert_eq!(emulator.handle("GET\0/\0a\0b", parts, None).unwrap(), None);
    }
    assert!(message(emulator.restore(&js("{}")).unwrap_err()).contains("version"));
}

#[wasm_bindgen_test]
fn a_webhook_is_pending_until_it_is_delivered() {
    let emulator = Emulator::new(&js(r#"{"webhooks":[{"url":"http://127.0.0.1:1/hook"}]}"#)).unwrap();
    assert_eq!(emulator.next_delivery().unwrap(), None);
    send(&emulator, "POST", APPS, Some(r#"{"oAuthApp":{"name":"My app"}}"#));
    let deliveries = json(&emulator.deliveries().unwrap());
    assert_eq!((&deliveries[0]["url"], &deliveries[0]["attempt"]), (&"http://127.0.0.1:1/hook".into(), &1.into()));
    assert!(deliveries[0]["claims"]["data"].is_string());
    let id = deliveries[0]["id"].as_str().unwrap();
    emulator.delivered(id, false).unwrap();
    assert_eq!(json(&emulator.deliveries().unwrap()), serde_json::json!([]));
    assert!((1.0..=1_000.0).contains(&emulator.next_delivery().unwrap().unwrap()));
    emulator.advance(&1_000.into()).unwrap();
    assert_eq!(json(&emulator.deliveries().unwrap())[0]["attempt"], 2);
    emulator.delivered(id, true).unwrap();
    assert_eq!(emulator.next_delivery().unwrap(), None);
    let attempts = json(&emulator.attempts().unwrap());
    assert_eq!((&attempts[0]["outcome"], &attempts[1]["outcome"]), (&"failed".into(), &"delivered".into()));
}

#[wasm_bindgen_test]
fn the_reason_of_a_refusal_is_in_the_first_line_of_an_outcome() {
    let emulator = Emulator::new(&js(r#"{"apps":[{"name":"Shop"}]}"#)).unwrap();
    let refused = handle_head(&emulator, "GET\0/a\"b", None).unwrap();
    let reason = r#"[0,"answer",404,"Not Found: this emulator does not serve GET /a\"b"]"#;
    assert_eq!(refused.lines().next(), Some(reason));
    let apps: serde_json::Value = serde_wasm_bindgen::from_value(emulator.initial_apps().unwrap()).unwrap();
    assert_eq!((&apps[0]["name"], apps[1].is_null()), (&"Shop".into(), true));
    let id = apps[0]["id"].as_str().unwrap();
    let page = handle_head(&emulator, &format!("GET\0/_pages/checkout?client_id={id}"), None).unwrap();
    assert_eq!(page.lines().next(), Some(r#"[0,"answer",200]"#));
    let members: serde_json::Value = serde_wasm_bindgen::from_value(emulator.members().unwrap()).unwrap();
    assert_eq!(members[0]["email"], "member@example.com");
}
