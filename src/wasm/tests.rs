//! The binding in Node and in a browser: it survives whatever JavaScript passes in, and each promise settles.

mod fetch;
mod values;

use js_sys::{Function, JSON, Promise, Reflect};
use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::checks::validate_oauth_app;
use super::client::Client;
use super::convert::{to_ascii, to_call_options, to_object, to_value};
use crate::value::tests::{object, value};
use crate::value::{ABORT_SIGNAL, FUNCTION, Value};

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";
/// The body of a response with an app, in JavaScript.
const APP: &str = r#"'{"oAuthApp":{"id":"an id","tomorrow":[1,null]}}'"#;

/// Evaluates a JavaScript expression.
fn js(expression: &str) -> JsValue {
    let code = ["'use strict'; return (", expression, ");"].concat();
    Function::new_no_args(&code).call0(&JsValue::UNDEFINED).unwrap()
}

fn call_js(function: &str, argument: &JsValue) -> JsValue {
    js(function).unchecked_into::<Function>().call1(&JsValue::UNDEFINED, argument).unwrap()
}

fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

/// Returns the value as JSON, `null` for a value without a form in JSON.
fn json(value: &JsValue) -> Json {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.map_or(Json::Null, |text| serde_json::from_str(&text).unwrap())
}

/// Returns a client with more options, which does not retry and has a time-out of two seconds.
fn client(options: &str) -> Client {
    let whole =
        ["{ auth: { accessToken: 'key' }, retry: false, rateLimit: false, timeout: 2000, ...", options, " }"].concat();
    new_client(&js(&["(", &whole, ")"].concat())).unwrap_or_else(|error| panic!("{}", json(&error)))
}

fn new_client(options: &JsValue) -> Result<Client, JsValue> {
    Client::for_function(options, "createClient")
}

fn fetching(fetch: &str) -> Client {
    client(&["{ fetch: ", fetch, " }"].concat())
}

fn get(client: &Client, options: &JsValue) -> Promise {
    client.call("getOAuthApp", &JsValue::from_str(ID), &JsValue::UNDEFINED, options)
}

fn create(client: &Client, draft: &JsValue, options: &JsValue) -> Promise {
    client.call("createOAuthApp", &JsValue::UNDEFINED, draft, options)
}

/// Returns how a promise settled: `given` or the error's code, with the value. A promise that does not settle is `pending`.
async fn settle(promise: Promise) -> (String, JsValue) {
    let settled = call_js(
        "promise => Promise.race([
            promise.then(given => ['given', given], error => [error?.code ?? 'NO CODE', error]),
            new Promise(resolve => setTimeout(resolve, 5000, ['pending'])),
        ])",
        &promise,
    );
    let settled = JsFuture::from(settled.unchecked_into::<Promise>()).await.unwrap();
    (Reflect::get_u32(&settled, 0).unwrap().as_string().unwrap(), Reflect::get_u32(&settled, 1).unwrap())
}

#[wasm_bindgen_test]
async fn a_signal_that_is_aborted_already_sends_nothing() {
    for reason in ["'text'", "null", "0", "Symbol.iterator", "Object"] {
        let sent = js("[]");
        let options = call_js("sent => ({ auth: { accessToken: 'k' }, fetch: (...all) => { sent.push(all) } })", &sent);
        let client = new_client(&options).unwrap_or_else(|error| panic!("{}", json(&error)));
        let call = js(&["({ signal: AbortSignal.abort(", reason, ") })"].concat());
        let (settled, error) = settle(get(&client, &call)).await;
        assert_eq!((settled.as_str(), member(&error, "attempts")), ("ABORTED", JsValue::from(0)), "{reason}");
        assert_eq!(member(&error, "cause"), js(reason));
        assert_eq!(json(&sent), json!([]));
    }
    // The platform supplies a missing reason.
    let (_, error) = settle(get(&fetching("() => 1"), &js("({ signal: AbortSignal.abort() })"))).await;
    assert_eq!(member(&member(&error, "cause"), "name"), JsValue::from_str("AbortError"));
    let odd = js("({ signal: { aborted: true, addEventListener() { throw 1 }, get reason() { throw 2 } } })");
    let (settled, error) = settle(get(&fetching("() => 1"), &odd)).await;
    assert_eq!((settled.as_str(), member(&error, "cause")), ("ABORTED", JsValue::UNDEFINED));
}

#[wasm_bindgen_test]
async fn a_signal_ends_a_call_under_way() {
    for fetch in [
        "() => new Promise(() => {})",
        "async () => new Response(new ReadableStream({}))",
        "(url, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject('mine')))",
        // The rejection has another error; the signal has the reason.
        "() => new Promise((_, reject) => setTimeout(reject, 15, new TypeError('terminated')))",
    ] {
        for reason in ["'text'", "null", "undefined"] {
            let call = [
                "(() => { const c = new AbortController(); setTimeout(() => c.abort(",
                reason,
                "), 10); \
                         return { signal: c.signal } })()",
            ];
            let (settled, error) = settle(get(&fetching(fetch), &js(&call.concat()))).await;
            assert_eq!(
                (settled.as_str(), member(&error, "attempts")),
                ("ABORTED", JsValue::from(1)),
                "{fetch} {reason}"
            );
            match reason {
                "undefined" => {
                    assert_eq!(member(&member(&error, "cause"), "name"), JsValue::from_str("AbortError"));
                }
                _ => assert_eq!(member(&error, "cause"), js(reason)),
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_call_leaves_no_listener_behind() {
    for fetch in ["async () => new Response('{}')", "() => { throw 1 }", "() => new Promise(() => {})"] {
        let call = js("({ timeout: 20, signal: { aborted: false, listeners: [],
            addEventListener(_, one) { this.listeners.push(one) },
            removeEventListener(_, one) { this.listeners = this.listeners.filter(other => other !== one) } } })");
        settle(get(&fetching(fetch), &call)).await;
        assert_eq!(json(&member(&member(&call, "signal"), "listeners")), json!([]), "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn a_signal_that_throws_or_lacks_a_method_ends_no_call() {
    for signal in [
        "{ aborted: false, addEventListener() { throw 1 } }",
        "{ aborted: false, addEventListener() {}, removeEventListener() { throw 1 } }",
        "{ aborted: false, addEventListener() {} }",
    ] {
        let call = js(&["({ timeout: 200, signal: ", signal, " })"].concat());
        let client = fetching(&["async () => new Response(", APP, ")"].concat());
        assert_eq!(settle(get(&client, &call)).await.0, "given", "{signal}");
        assert_eq!(settle(get(&fetching("() => new Promise(() => {})"), &call)).await.0, "TIMEOUT", "{signal}");
    }
}

#[wasm_bindgen_test]
async fn access_tokens_by_callback() {
    for (callback, expected) in [
        ("() => 'token'", "given"),
        ("async () => 'token'", "given"),
        ("() => ({ then: resolve => resolve('token') })", "given"),
        ("({ signal }) => signal instanceof AbortSignal && !signal.aborted ? 'token' : 5", "given"),
        ("() => { throw new Error('no session') }", "UNAUTHENTICATED"),
        ("() => { throw undefined }", "UNAUTHENTICATED"),
        ("() => Promise.reject('text')", "UNAUTHENTICATED"),
        ("() => ({ get then() { throw 1 } })", "UNAUTHENTICATED"),
        ("class {}", "UNAUTHENTICATED"),
        ("() => {}", "CONFIG"),
        ("() => ''", "CONFIG"),
        ("() => 'to\\nken'", "CONFIG"),
        ("() => '\\ud800'", "CONFIG"),
        ("async () => 5", "CONFIG"),
        ("async () => Symbol()", "CONFIG"),
        ("async () => ({ access_token: 'token' })", "CONFIG"),
        ("() => new Promise(() => {})", "TIMEOUT"),
    ] {
        let fetch = format!(
            "async (url, init) => new Response(init.headers.Authorization === 'token' ? {APP} : '', {{ status: 200 }})"
        );
        let client = client(&format!("{{ auth: {{ getAccessToken: {callback} }}, timeout: 50, fetch: {fetch} }}"));
        let (settled, came) = settle(get(&client, &JsValue::UNDEFINED)).await;
        assert_eq!(settled, expected, "{callback}");
        if expected != "given" {
            assert_eq!(member(&came, "attempts"), JsValue::from(0), "{callback}");
        }
    }
    let client = client("{ auth: { getAccessToken: () => new Promise(() => {}) } }");
    let call = js("(() => { const c = new AbortController(); setTimeout(() => c.abort('why'), 10); return c })()");
    let (settled, error) = settle(get(&client, &call_js("c => ({ signal: c.signal })", &call))).await;
    assert_eq!((settled.as_str(), member(&error, "cause")), ("ABORTED", JsValue::from_str("why")));
}

#[wasm_bindgen_test]
async fn errors_of_a_listener_do_not_affect_the_call() {
    for throws in ["", "throw new Error('odd')", "throw undefined"] {
        let told = js("[]");
        let fetch = ["async () => new Response(", APP, ")"].concat();
        let make = format!(
            "told => ({{ auth: {{ accessToken: 'k' }}, fetch: {fetch}, onEvent: event => {{ told.push(event); {throws} }} }})"
        );
        let client = new_client(&call_js(&make, &told)).unwrap_or_else(|error| panic!("{}", json(&error)));
        let draft = js("({ name: 'Shop', loginUrl: 'http://example.com/' })");
        assert_eq!(settle(create(&client, &draft, &JsValue::UNDEFINED)).await.0, "given", "{throws}");
        let told = json(&told);
        assert_eq!((&told[0]["type"], &told[0]["operation"]), (&json!("warning"), &json!("createOAuthApp")));
        assert_eq!(told[0]["violations"][0]["field"], "loginUrl");
    }
}

#[wasm_bindgen_test]
async fn many_simultaneous_calls_settle() {
    let client = fetching(
        "(url, init) => new Promise(resolve => setTimeout(() => resolve(
            new Response(JSON.stringify({ oAuthApp: { id: JSON.parse(init.body).oAuthApp.name } }))), Math.random() * 20))",
    );
    let make =
        |n: u32| create(&client, &js(&["({ name: 'Shop ", &n.to_string(), "' })"].concat()), &JsValue::UNDEFINED);
    let promises: Vec<Promise> = (0..50).map(make).collect();
    // The client may be freed while its calls are under way.
    drop(client);
    for (n, promise) in promises.into_iter().enumerate() {
        let (settled, app) = settle(promise).await;
        assert_eq!((settled.as_str(), json(&app)), ("given", json!({"id": format!("Shop {n}")})));
    }
}
