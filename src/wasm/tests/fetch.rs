//! The call of `fetch`, and whatever it returns.

use super::*;

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
    for response in ["null, { status: 204 }", "''", "' \\n'", "'{}'"] {
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
