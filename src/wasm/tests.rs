//! The binding in Node and in a browser: it survives whatever JavaScript passes in, and each promise settles.

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

/// Unusual values of all kinds.
const ODDITIES: [&str; 23] = [
    "undefined",
    "null",
    "true",
    "0",
    "NaN",
    "''",
    "'\\ud800'",
    "Symbol('odd')",
    "10n",
    "() => 1",
    "class { static auth = 1 }",
    "[]",
    "[,,]",
    "({})",
    "Object.create(null)",
    "(() => { const self = { name: 'x' }; self.self = self; return self })()",
    "(() => { const self = []; for (let i = 0; i < 50; i++) self.push(self); return self })()",
    "({ get name() { throw new Error('odd') }, get auth() { throw null }, get signal() { throw undefined } })",
    "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
    "new Proxy({}, { ownKeys() { throw 'odd' }, get() { throw 'odd' } })",
    "new Proxy([], { get() { throw 'odd' } })",
    "new Date(NaN)",
    "new Proxy({}, { ownKeys: () => ['a', 'b'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: () => Symbol() })",
];

#[wasm_bindgen_test]
fn values_are_read_by_kind() {
    let throws = Value::Foreign("an object that throws when it is read");
    let rows: Vec<(&str, Value)> = vec![
        ("null", Value::Null),
        ("undefined", Value::Foreign("undefined")),
        ("false", Value::Bool(false)),
        ("-1.5", Value::Number(-1.5)),
        ("NaN", Value::Foreign("not a finite number")),
        ("-Infinity", Value::Foreign("not a finite number")),
        ("10n", Value::Foreign("a bigint")),
        ("Symbol('s')", Value::Foreign("a symbol")),
        ("Symbol.iterator", Value::Foreign("a symbol")),
        ("() => 1", Value::Foreign(FUNCTION)),
        ("class {}", Value::Foreign(FUNCTION)),
        ("new Proxy(() => 1, {})", Value::Foreign(FUNCTION)),
        ("'text'", Value::from("text")),
        ("'\\ud83d\\ude00'", Value::from("\u{1F600}")),
        ("'a\\ufffd'", Value::from("a\u{FFFD}")),
        ("'a\\ud83d'", Value::Foreign("text with half a surrogate pair")),
        ("'\\ude00\\ud83d'", Value::Foreign("text with half a surrogate pair")),
        ("[]", value(json!([]))),
        ("[1, 'a', [true, null]]", value(json!([1, "a", [true, null]]))),
        ("[1,,3]", Value::Array(vec![Value::Number(1.0), Value::Foreign("undefined"), Value::Number(3.0)])),
        ("new Proxy([1], {})", value(json!([1]))),
        ("({ b: 1, a: { c: null } })", value(json!({"b": 1, "a": {"c": null}}))),
        ("Object.assign(Object.create(null), { a: 1 })", value(json!({"a": 1}))),
        ("new Map([['a', 1]])", Value::Foreign("an object that is not a plain one")),
        ("new Headers({ a: 'b' })", Value::Foreign("an object that is not a plain one")),
        ("new (class { a = 1 })", value(json!({"a": 1}))),
        ("Object.create({ inherited: 1 }, { hidden: { value: 2 } })", value(json!({}))),
        // A member that is undefined counts as absent.
        ("({ a: undefined, b: 1 })", value(json!({"b": 1}))),
        ("({ [Symbol('s')]: 1, b: 1 })", value(json!({"b": 1}))),
        ("JSON.parse('{\"__proto__\": 1}')", value(json!({"__proto__": 1}))),
        ("new Date(0)", value(json!({}))),
        (
            "({ get a() { throw 1 }, b: 2 })",
            object([("a", Value::Foreign("a property that throws when it is read")), ("b", Value::Number(2.0))]),
        ),
        (
            "Object.defineProperty([1, 2], 0, { get() { throw 1 } })",
            Value::Array(vec![Value::Foreign("an element that throws when it is read"), Value::Number(2.0)]),
        ),
        ("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()", throws.clone()),
        ("(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy })()", throws.clone()),
        ("new Proxy({}, { ownKeys() { throw 1 } })", throws.clone()),
        ("new Proxy([], { get() { throw 1 } })", throws),
    ];
    for (expression, expected) in rows {
        assert_eq!(to_value(&js(expression)), expected, "{expression}");
    }
}

#[wasm_bindgen_test]
fn reading_a_cyclic_value_ends() {
    fn count(value: &Value) -> usize {
        let members = value.members().iter().map(|(_, content)| count(content));
        members.chain(value.elements().iter().map(count)).sum::<usize>().saturating_add(1)
    }
    for expression in [
        "(() => { const self = {}; self.self = self; return self })()",
        "(() => { const self = []; for (let i = 0; i < 1000; i++) self.push(self); return self })()",
        "(() => { const self = {}; for (let i = 0; i < 1000; i++) self['a' + i] = self; return self })()",
        "new Array(4294967295)",
        "new Proxy([], { get: (_, name) => name === 'length' ? Infinity : [[]] })",
        "new Proxy([], { get: (_, name) => name === 'length' ? NaN : 1 })",
        "(() => { const make = () => new Proxy({}, { ownKeys: () => ['a', 'b', 'c', 'd', 'e', 'f'],
            getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: make }); return make() })()",
    ] {
        let start = js_sys::Date::now();
        let read = to_value(&js(expression));
        assert!(count(&read) <= 20_000, "{expression}");
        assert!(js_sys::Date::now() - start < 2000.0, "{expression}");
    }
}

#[wasm_bindgen_test]
fn an_argument_that_is_left_out_is_an_empty_object() {
    assert_eq!(to_object(&JsValue::UNDEFINED), value(json!({})));
    assert_eq!(to_object(&JsValue::NULL), Value::Null);
}

#[wasm_bindgen_test]
fn a_signal_is_recognized_by_its_members() {
    for (signal, is_signal) in [
        ("new AbortController().signal", true),
        ("AbortSignal.abort(1)", true),
        ("({ aborted: false, addEventListener() {} })", true),
        ("({ aborted: 'no', addEventListener() {} })", false),
        ("({ aborted: false })", false),
        ("({ get aborted() { throw 1 }, addEventListener() {} })", false),
        ("null", false),
        ("new AbortController()", false),
    ] {
        let (options, found) = to_call_options(&js(&["({ signal: ", signal, " })"].concat()));
        assert_eq!(options.get("signal") == Some(&Value::Foreign(ABORT_SIGNAL)), is_signal, "{signal}");
        assert_eq!(found.is_object(), is_signal, "{signal}");
    }
}

#[wasm_bindgen_test]
fn a_domain_name_is_read_as_the_platform_does() {
    for (host, ascii) in [
        ("münchen.example", Some("xn--mnchen-3ya.example")),
        ("EXAMPLE.com", Some("example.com")),
        ("faß.de", Some("xn--fa-hia.de")),
        ("", None),
        ("[", None),
    ] {
        assert_eq!(to_ascii(host).as_deref(), ascii, "{host:?}");
    }
}

#[wasm_bindgen_test]
fn violations_are_plain_objects() {
    let found = validate_oauth_app(&js("({ name: 'Shop', allowedRedirectUris: ['münchen.example/cb'] })"), false);
    assert_eq!(member(&Reflect::get_u32(&found, 0).unwrap(), "constructor"), js("Object"));
    let found = validate_oauth_app(&js("({ technology: 'vue', name: Symbol() })"), true);
    assert_eq!(
        json(&found),
        json!([
            {
                "field": "technology",
                "rule": "UNKNOWN_VALUE",
                "severity": "error",
                "message": "must be one of OAUTH_TECHNOLOGY_UNSPECIFIED, JAVASCRIPT, ANGULAR, VUE, REACT, \
                            REACT_NATIVE, IOS, ANDROID, OTHER_TECHNOLOGY, is \"vue\"",
                "suggestion": "VUE",
            },
            {"field": "name", "rule": "TYPE", "severity": "error", "message": "must be a string, is a symbol"},
        ])
    );
    for odd in ODDITIES {
        for update in [false, true] {
            let found = validate_oauth_app(&js(odd), update);
            assert!(json(&found).as_array().is_some_and(|found| !found.is_empty()), "{odd}");
        }
    }
}

#[wasm_bindgen_test]
fn odd_client_options_are_refused() {
    for odd in ODDITIES {
        let error = json(&new_client(&js(odd)).err().unwrap());
        assert_eq!((&error["code"], &error["operation"]), (&json!("CONFIG"), &json!("createClient")), "{odd}");
        assert!(error["violations"].as_array().is_some_and(|violations| !violations.is_empty()), "{odd}");
    }
}

#[wasm_bindgen_test]
async fn odd_arguments_are_refused_and_nothing_is_sent() {
    let sent = js("[]");
    let options = call_js("sent => ({ auth: { accessToken: 'k' }, fetch: (...all) => { sent.push(all) } })", &sent);
    let client = new_client(&options).unwrap_or_else(|error| panic!("{}", json(&error)));
    let (id, none) = (JsValue::from_str(ID), JsValue::UNDEFINED);
    for odd in ODDITIES {
        let right = js("({ name: 'Shop' })");
        let arguments = [
            ("createOAuthApp", &none, &js(odd)),
            ("getOAuthApp", &js(odd), &none),
            ("updateOAuthApp", &js(odd), &right),
            ("updateOAuthApp", &id, &js(odd)),
            ("deleteOAuthApp", &js(odd), &none),
            ("generateOAuthAppSecret", &js(odd), &none),
        ];
        for (operation, subject, content) in arguments {
            let promise = client.call(operation, subject, content, &none);
            let (settled, error) = settle(promise).await;
            assert_eq!((settled.as_str(), &json(&error)["attempts"]), ("INVALID_ARGUMENT", &json!(0)), "{odd}");
        }
        if !["undefined", "({})", "Object.create(null)", "new Date(NaN)"].contains(&odd) {
            let query = |query: &JsValue, options: &JsValue| client.call("queryOAuthApps", &none, query, options);
            assert_eq!(settle(query(&js(odd), &none)).await.0, "INVALID_ARGUMENT", "{odd}");
            assert_eq!(settle(query(&none, &js(odd))).await.0, "CONFIG", "{odd}");
            assert_eq!(settle(get(&client, &js(odd))).await.0, "CONFIG", "{odd}");
        }
    }
    assert_eq!(json(&sent), json!([]));
}

#[wasm_bindgen_test]
async fn fetch_gets_a_url_and_a_plain_init() {
    let calls = js("[]");
    let options = call_js(
        "calls => ({
            auth: { apiKey: 'key' }, siteId: '6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f',
            async fetch(url, init) {
                'use strict';
                const kinds = [this === undefined, init.constructor === Object, init.signal instanceof AbortSignal];
                calls.push([url, { ...init, signal: undefined }, kinds]);
                return new Response('{\"oAuthApp\":{\"id\":\"an id\"}}');
            },
        })",
        &calls,
    );
    let client = new_client(&options).unwrap_or_else(|error| panic!("{}", json(&error)));
    let headers = js("({ headers: { 'X-Trace': 'a' } })");
    assert_eq!(settle(create(&client, &js("({ name: 'Shöp' })"), &headers)).await.0, "given");
    assert_eq!(settle(get(&client, &JsValue::UNDEFINED)).await.0, "given");
    assert_eq!(
        json(&calls),
        json!([
            [
                "https://www.wixapis.com/oauth-app/v1/oauth-apps",
                {
                    "method": "POST",
                    "headers": {
                        "Authorization": "key",
                        "wix-site-id": "6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f",
                        "Content-Type": "application/json",
                        "X-Trace": "a",
                    },
                    "body": "{\"oAuthApp\":{\"name\":\"Shöp\"}}",
                    "redirect": "manual",
                },
                [true, true, true],
            ],
            [
                "https://www.wixapis.com/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
                {
                    "cache": "no-store", "method": "GET",
                    "headers": {"Authorization": "key", "wix-site-id": "6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f"},
                    "redirect": "manual",
                },
                [true, true, true],
            ],
        ])
    );
}

#[wasm_bindgen_test]
async fn the_promise_settles_whatever_fetch_does() {
    let like = |rest: &str| {
        format!("async () => ({{ status: 200, headers: new Headers(), text: async () => {APP}, {rest} }})")
    };
    let rows: Vec<(String, &str)> = [
        ("async () => new Response(APP)", "given"),
        ("async () => new Response(APP, { status: 201 })", "given"),
        // A response that is not in a promise.
        ("() => new Response(APP)", "given"),
        ("() => ({ then: resolve => resolve(new Response(APP)) })", "given"),
        ("() => { throw new TypeError('refused') }", "NETWORK"),
        ("() => { throw 'text' }", "NETWORK"),
        ("() => { throw undefined }", "NETWORK"),
        ("() => { throw Symbol() }", "NETWORK"),
        ("() => { throw Object.create(null) }", "NETWORK"),
        ("async () => { throw new TypeError('refused') }", "NETWORK"),
        ("() => Promise.reject('text')", "NETWORK"),
        ("() => Promise.reject(undefined)", "NETWORK"),
        ("() => Promise.reject(null)", "NETWORK"),
        ("() => ({ then() { throw 1 } })", "NETWORK"),
        ("() => ({ get then() { throw 1 } })", "NETWORK"),
        ("class { constructor() {} }", "NETWORK"),
        ("() => {}", "BAD_RESPONSE"),
        ("() => 200", "BAD_RESPONSE"),
        ("async () => null", "BAD_RESPONSE"),
        ("async () => Symbol()", "BAD_RESPONSE"),
        ("async () => ({})", "BAD_RESPONSE"),
        ("async () => ({ status: 200 })", "BAD_RESPONSE"),
        ("async () => ({ status: 200, headers: {}, text: async () => APP })", "BAD_RESPONSE"),
        ("async () => new Proxy({}, { get(_, name) { if (name === 'then') return; throw 1 } })", "BAD_RESPONSE"),
        ("() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy }", "NETWORK"),
        // Any object with status, headers and text may be a response.
        ("async () => ({ status: 200, headers: new Map(), text: async () => APP })", "given"),
        ("async () => ({ status: 200, headers: new Map(), text: () => APP })", "given"),
        ("async () => new Response('{}')", "BAD_RESPONSE"),
        ("async () => new Response('{\"oAuthApp\":')", "BAD_RESPONSE"),
        ("async () => new Response('<html>')", "BAD_RESPONSE"),
        ("async () => new Response('null')", "BAD_RESPONSE"),
        ("async () => new Response('\"oAuthApp\"')", "BAD_RESPONSE"),
        ("async () => new Response('')", "BAD_RESPONSE"),
        ("async () => new Response(null, { status: 204 })", "BAD_RESPONSE"),
        ("async () => new Response(new Uint8Array([0xff, 0xfe, 0x00]))", "BAD_RESPONSE"),
        ("async () => Response.error()", "BAD_RESPONSE"),
        ("async () => Response.redirect('https://example.com/', 301)", "BAD_RESPONSE"),
        ("async () => new Response('<html>', { status: 502 })", "SERVER_ERROR"),
        ("async () => new Response('', { status: 500, headers: { 'retry-after': 'soon' } })", "SERVER_ERROR"),
        ("async () => new Response('[['.repeat(50000) + ']]'.repeat(50000), { status: 404 })", "BAD_RESPONSE"),
        ("async () => new Response('{\"message\":\"\\ud800\"}', { status: 403 })", "PERMISSION_DENIED"),
        ("async () => { const used = new Response(APP); await used.text(); return used }", "NETWORK"),
        ("async () => new Response(new ReadableStream({ start(c) { c.error('cut') } }))", "NETWORK"),
        ("async () => new Response(new ReadableStream({ start(c) { c.error(undefined) } }))", "NETWORK"),
    ]
    .into_iter()
    .map(|(fetch, settled)| (fetch.replace("APP", APP), settled))
    .chain([
        (like("status: 0"), "BAD_RESPONSE"),
        (like("status: NaN"), "BAD_RESPONSE"),
        (like("status: -1"), "BAD_RESPONSE"),
        (like("status: 65736"), "BAD_RESPONSE"),
        (like("status: '200'"), "BAD_RESPONSE"),
        (like("text: 5"), "BAD_RESPONSE"),
        (like("text: () => 5"), "BAD_RESPONSE"),
        (like("text: async () => undefined"), "BAD_RESPONSE"),
        (like("text: async () => Symbol()"), "BAD_RESPONSE"),
        (like("text() { throw 1 }"), "NETWORK"),
        (like("text: () => Promise.reject(undefined)"), "NETWORK"),
        (like("headers: { get() { throw 1 } }"), "BAD_RESPONSE"),
        (like("headers: { get: () => 5 }"), "BAD_RESPONSE"),
        (like("headers: { get: () => Symbol() }"), "BAD_RESPONSE"),
    ])
    .collect();
    for (fetch, expected) in rows {
        let (settled, came) = settle(get(&fetching(&fetch), &JsValue::UNDEFINED)).await;
        assert_eq!(settled, expected, "{fetch}");
        if expected == "given" {
            assert_eq!(json(&came), json!({"id": "an id", "tomorrow": [1, null]}), "{fetch}");
        } else {
            let error = json(&came);
            assert_eq!((&error["operation"], &error["attempts"]), (&json!("getOAuthApp"), &json!(1)), "{fetch}");
        }
    }
}

/// A response whose members change from one read to the next.
#[wasm_bindgen_test]
async fn a_response_that_changes_while_it_is_read_settles() {
    for response in [
        "{ get status() { if (this.n++) throw 1; return 500 }, n: 0, headers: new Headers(), text: async () => '' }",
        "{ status: 500, get headers() { if (this.n++) throw 1; return new Headers() }, n: 0, text: async () => '' }",
        "{ status: 500, get headers() { return this.n++ ? 5 : new Headers() }, n: 0, text: async () => '' }",
        "{ status: 500, headers: { get(name) { if (name === 'retry-after') throw 1; return null } }, text: async () => '' }",
        "{ status: 500, headers: { get: name => name === 'retry-after' ? 5 : null }, text: async () => '' }",
        "{ status: 500, headers: { get() { if (this.n++) throw 1; return 'id' }, n: 0 }, text: async () => '' }",
        "{ status: 500, headers: new Headers(), get text() { if (this.n++) throw 1; return async () => '' }, n: 0 }",
        "{ status: 500, headers: new Headers(), get text() { return this.n++ ? 5 : async () => '' }, n: 0 }",
    ] {
        let fetch = ["async () => (", response, ")"].concat();
        let (settled, _) = settle(get(&fetching(&fetch), &JsValue::UNDEFINED)).await;
        assert!(["SERVER_ERROR", "BAD_RESPONSE", "NETWORK"].contains(&settled.as_str()), "{settled}: {response}");
    }
}

#[wasm_bindgen_test]
async fn the_cause_is_what_was_thrown() {
    for (fetch, cause) in [
        ("() => { throw 'text' }", "'text'"),
        ("() => Promise.reject(7)", "7"),
        ("() => Promise.reject(null)", "null"),
        ("() => Promise.reject(undefined)", "undefined"),
    ] {
        let (_, error) = settle(get(&fetching(fetch), &JsValue::UNDEFINED)).await;
        assert_eq!(member(&error, "cause"), js(cause), "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn a_delete_needs_no_body() {
    for response in ["null, { status: 204 }", "''", "'{}'"] {
        let client = fetching(&["async () => new Response(", response, ")"].concat());
        let delete = client.call("deleteOAuthApp", &JsValue::from_str(ID), &JsValue::UNDEFINED, &JsValue::UNDEFINED);
        let (settled, given) = settle(delete).await;
        assert_eq!((settled.as_str(), given), ("given", JsValue::NULL), "{response}");
    }
}

#[wasm_bindgen_test]
async fn an_error_has_the_data_of_the_response() {
    let body = r#"{"message":"m","details":{"validationError":{"fieldViolations":[
        {"field":"oAuthApp.allowedRedirectUris[3]","description":"has invalid format","violatedRule":"FORMAT"}]}}}"#;
    let fetch =
        format!("async () => new Response(`{body}`, {{ status: 400, headers: {{ 'X-Wix-Request-Id': 'r1' }} }})");
    let (_, error) = settle(get(&fetching(&fetch), &JsValue::UNDEFINED)).await;
    assert_eq!(
        json(&error),
        json!({
            "code": "INVALID_ARGUMENT",
            "operation": "getOAuthApp",
            "message": "m (HTTP 400)",
            "attempts": 1,
            "status": 400,
            "requestId": "r1",
            "violations": [{
                "field": "allowedRedirectUris[3]",
                "rule": "FORMAT",
                "severity": "error",
                "message": "has invalid format",
            }],
        })
    );
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_settles_times_out_and_is_aborted() {
    for fetch in [
        "(url, init) => { signals.push(init.signal); return new Promise(() => {}) }",
        "(url, init) => { signals.push(init.signal); return { then() {} } }",
        "async (url, init) => { signals.push(init.signal); return new Response(new ReadableStream({})) }",
        "async (url, init) => { signals.push(init.signal); return { status: 200, headers: new Headers(), text: () => new Promise(() => {}) } }",
        // It heeds the signal, so the time-out causes its rejection.
        "(url, init) => { signals.push(init.signal); return new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason))) }",
    ] {
        let signals = js("[]");
        let make =
            ["signals => ({ auth: { accessToken: 'k' }, retry: false, timeout: 20, fetch: ", fetch, " })"].concat();
        let client = new_client(&call_js(&make, &signals)).unwrap_or_else(|error| panic!("{}", json(&error)));
        let (settled, error) = settle(get(&client, &JsValue::UNDEFINED)).await;
        assert_eq!((settled.as_str(), &json(&error)["attempts"]), ("TIMEOUT", &json!(1)), "{fetch}");
        assert_eq!(
            json(&call_js("signals => signals.map(signal => signal.aborted)", &signals)),
            json!([true]),
            "{fetch}"
        );
    }
    let client = fetching("() => new Promise(() => {})");
    assert_eq!(settle(get(&client, &js("({ timeout: 5 })"))).await.0, "TIMEOUT");
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
    // Without a reason it is the platform's own.
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

/// Arguments are read when a method is called; later changes by the caller have no effect.
#[wasm_bindgen_test]
async fn arguments_are_read_before_the_method_returns() {
    let client = fetching(
        "async (url, init) => new Response(JSON.stringify({ oAuthApp: { id: 'x', sent: JSON.parse(init.body) } }))",
    );
    let draft = js("({ name: 'Shop' })");
    let promise = create(&client, &draft, &JsValue::UNDEFINED);
    call_js("draft => { draft.name = 'x'; draft.id = 1 }", &draft);
    let (settled, app) = settle(promise).await;
    assert_eq!((settled.as_str(), json(&app)), ("given", json!({"id": "x", "sent": {"oAuthApp": {"name": "Shop"}}})));
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
