//! Values of JavaScript: how arguments are read, and which are refused.

use super::*;

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
