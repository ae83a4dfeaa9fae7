//! The options of a client and of a call. A fault is written `field RULE`, with ` -> suggestion` if there is
//! one; no message and no `Debug` may show a credential.

use serde_json::{Value as Json, json};

use super::{Auth, CallOptions, ClientOptions, RateLimit, Retry};
use crate::api::{Code, Error};
use crate::client::Client;
use crate::validate::tests::lines;
use crate::value::tests::{KINDS, object, value};
use crate::value::{ABORT_SIGNAL, FUNCTION, Value};

/// A part of every credential of these tests.
const MARK: &str = "hunter2";
const SITE: &str = "6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f";

/// Returns options from JSON, with an API key unless it has an `auth`, and with a site unless it names one or an account.
fn with_auth(json: Json) -> Value {
    let mut given = value(json);
    if let Value::Object(members) = &mut given
        && members.iter().all(|(name, _)| name != "auth")
    {
        members.insert(0, ("auth".to_owned(), value(json!({"apiKey": "hunter2"}))));
    }
    if let Value::Object(members) = &mut given
        && members.iter().all(|(name, _)| name != "siteId" && name != "accountId")
    {
        members.push(("siteId".to_owned(), Value::from(SITE)));
    }
    given
}

fn read(json: Json) -> ClientOptions {
    ClientOptions::read(&with_auth(json)).unwrap()
}

/// Returns the faults, and checks that the error which a user sees shows no credential.
fn faults(given: &Value) -> Vec<String> {
    let found = ClientOptions::read(given).err().unwrap_or_default();
    if let Err(error) = Client::<Value>::new(given, None) {
        assert!(!format!("{error:?}").contains(MARK), "{error:?}");
        assert_eq!((error.code, error.operation), (Code::Config, "createClient"));
        assert_eq!(error.violations, found);
    } else {
        assert_eq!(lines(&found), [""; 0], "{given:?}");
    }
    lines(&found)
}

fn each(rows: Vec<(Json, &[&str])>) {
    for (given, expected) in rows {
        assert_eq!(faults(&with_auth(given.clone())), expected, "{given}");
    }
}

#[test]
fn auth_alone_gives_the_defaults() {
    let options = read(json!({}));
    assert_eq!(options.scope, Some(("wix-site-id", SITE.to_owned())));
    assert_eq!(options.base_url, "https://www.wixapis.com");
    assert_eq!(options.timeout, 30_000);
    assert_eq!(options.retry, Retry { max_retries: 2, base_delay: 500, max_delay: 60_000 });
    assert_eq!(options.rate_limit, Some(RateLimit { requests: 200, per: 60_000 }));
}

#[test]
fn auth() {
    each(vec![
        (json!({"auth": {"apiKey": "hunter2"}}), &[]),
        (json!({"auth": {"accessToken": "OauthNG.JWS.hunter2"}}), &[]),
        (json!({"auth": {"clientId": "x", "clientSecret": "hunter2"}}), &[]),
        (json!({"auth": {"instanceId": "i", "clientSecret": "hunter2", "clientId": "x"}}), &[]),
        (json!({"auth": {}}), &["auth REQUIRED_FIELD"]),
        (json!({"auth": null}), &["auth TYPE"]),
        (json!({"auth": "hunter2"}), &["auth TYPE"]),
        (json!({"auth": ["hunter2"]}), &["auth TYPE"]),
        (json!({"auth": {"apiKey": ""}}), &["auth.apiKey OUT_OF_RANGE"]),
        (json!({"auth": {"apiKey": null}}), &["auth.apiKey TYPE"]),
        (json!({"auth": {"apiKey": ["hunter2"]}}), &["auth.apiKey TYPE"]),
        (json!({"auth": {"apiKey": "hunter2\n"}}), &["auth.apiKey FORMAT"]),
        (json!({"auth": {"apiKey": " hunter2"}}), &["auth.apiKey FORMAT"]),
        (json!({"auth": {"apiKey": "hunter2é"}}), &["auth.apiKey FORMAT"]),
        (json!({"auth": {"apiKey": "hunter2\r\nwix-site-id: x"}}), &["auth.apiKey FORMAT"]),
        (json!({"auth": {"accessToken": "hunter2\t"}}), &["auth.accessToken FORMAT"]),
        (json!({"auth": {"clientId": "x"}}), &["auth.clientSecret REQUIRED_FIELD"]),
        (json!({"auth": {"clientSecret": "hunter2"}}), &["auth.clientId REQUIRED_FIELD"]),
        (json!({"auth": {"instanceId": "i"}}), &["auth.clientId REQUIRED_FIELD", "auth.clientSecret REQUIRED_FIELD"]),
        (
            json!({"auth": {"clientId": 5, "clientSecret": "hunter2\n", "instanceId": ""}}),
            &["auth.clientId TYPE", "auth.clientSecret FORMAT", "auth.instanceId OUT_OF_RANGE"],
        ),
        (json!({"auth": {"getAccessToken": "hunter2"}}), &["auth.getAccessToken TYPE"]),
        (json!({"auth": {"apiKey": "hunter2", "accessToken": "hunter2"}}), &["auth CONFLICT"]),
        (json!({"auth": {"apiKey": "hunter2", "clientId": "x", "clientSecret": "hunter2"}}), &["auth CONFLICT"]),
        (json!({"auth": {"accessToken": "hunter2", "getAccessToken": null}}), &["auth CONFLICT"]),
        (json!({"auth": {"apikey": "hunter2"}}), &["auth.apikey UNKNOWN_FIELD -> apiKey"]),
        (json!({"auth": {"apiKey": "hunter2", "token": "hunter2"}}), &["auth.token UNKNOWN_FIELD"]),
    ]);
    assert_eq!(faults(&value(json!({}))), ["auth REQUIRED_FIELD"]);
    assert_eq!(faults(&value(json!({"siteId": SITE}))), ["auth REQUIRED_FIELD"]);
    let callback = object([("getAccessToken", Value::Foreign(FUNCTION))]);
    assert_eq!(faults(&object([("auth", callback)])), [""; 0]);
}

#[test]
fn each_form_of_auth_is_read() {
    let auth = |json: Json| read(json!({ "auth": json })).auth;
    assert!(matches!(auth(json!({"apiKey": "hunter2"})), Auth::ApiKey(key) if key.reveal() == MARK));
    assert!(matches!(auth(json!({"accessToken": "hunter2"})), Auth::AccessToken(token) if token.reveal() == MARK));
    let Auth::ClientCredentials(read) = auth(json!({"clientId": "x", "clientSecret": "hunter2", "instanceId": "i"}))
    else {
        panic!("not read as client credentials");
    };
    assert_eq!((read.client_id.as_str(), read.client_secret.reveal()), ("x", MARK));
    assert_eq!(read.instance_id.as_deref(), Some("i"));
}

#[test]
fn debug_shows_no_credential() {
    for auth in [
        json!({"apiKey": "hunter2"}),
        json!({"accessToken": "hunter2"}),
        json!({"clientId": "x", "clientSecret": "hunter2"}),
    ] {
        let given = value(json!({ "auth": auth, "siteId": SITE }));
        let shown = format!("{:?} {:?}", ClientOptions::read(&given), Client::<Value>::new(&given, None));
        assert!(shown.contains("[redacted]"), "{shown}");
        assert!(!shown.contains(MARK), "{shown}");
    }
}

#[test]
fn scope() {
    each(vec![
        (json!({"siteId": SITE}), &[]),
        (json!({"accountId": SITE}), &[]),
        (json!({"siteId": SITE, "accountId": SITE}), &["accountId CONFLICT"]),
        (json!({"siteId": ""}), &["siteId OUT_OF_RANGE"]),
        (json!({"siteId": null}), &["siteId TYPE"]),
        (json!({"accountId": 12}), &["accountId TYPE"]),
        (json!({"siteId": "a\r\nAuthorization: b"}), &["siteId FORMAT"]),
    ]);
    assert_eq!(read(json!({"siteId": SITE})).scope, Some(("wix-site-id", SITE.to_owned())));
    assert_eq!(read(json!({"accountId": SITE})).scope, Some(("wix-account-id", SITE.to_owned())));
}

#[test]
fn base_url() {
    for (given, taken) in [
        ("https://www.wixapis.com", Some("https://www.wixapis.com")),
        ("https://www.wixapis.com/", Some("https://www.wixapis.com")),
        ("https://proxy.example:8443/wix", Some("https://proxy.example:8443/wix")),
        ("https://proxy.example/wix//", Some("https://proxy.example/wix")),
        ("http://localhost:4321", Some("http://localhost:4321")),
        ("http://127.0.0.1:4321/", Some("http://127.0.0.1:4321")),
        ("http://[::1]:4321", Some("http://[::1]:4321")),
        ("http://www.wixapis.com", None),
        ("http://localhost.example.com", None),
        ("http://127.0.0.1.example.com", None),
        ("http://192.168.0.1", None),
        ("http://0.0.0.0", None),
        ("ftp://localhost", None),
        ("com.example.app:/x", None),
        ("localhost:4321", None),
        ("www.wixapis.com", None),
        ("//www.wixapis.com", None),
        ("/api", None),
        ("", None),
        (" https://www.wixapis.com", None),
        ("https://www.wixapis.com\n", None),
        ("https://www.wixapis.com?", None),
        ("https://www.wixapis.com/?x=hunter2", None),
        ("https://www.wixapis.com/#", None),
        ("https://www.wixapis.com#x", None),
        ("https://me:hunter2@www.wixapis.com", None),
        ("https://hunter2@www.wixapis.com", None),
        ("https://www.wixapis.com@evil.example", None),
        ("https://www.wixapis.com\\@evil.example", None),
        ("https://*.example.com", None),
        ("https://preview-*.example.com", None),
    ] {
        let found = faults(&with_auth(json!({ "baseUrl": given })));
        match taken {
            Some(taken) => assert_eq!((found, read(json!({"baseUrl": given})).base_url.as_str()), (vec![], taken)),
            None => assert_eq!(found, ["baseUrl FORMAT"], "{given:?}"),
        }
    }
    each(vec![(json!({"baseUrl": null}), &["baseUrl TYPE"]), (json!({"baseUrl": {}}), &["baseUrl TYPE"])]);
}

#[test]
fn timeout() {
    each(vec![
        (json!({"timeout": 1}), &[]),
        (json!({"timeout": 2_147_483_647}), &[]),
        // A longer timer would end at once.
        (json!({"timeout": 2_147_483_648_u32}), &["timeout OUT_OF_RANGE"]),
        (json!({"timeout": 0}), &["timeout OUT_OF_RANGE"]),
        (json!({"timeout": -1}), &["timeout OUT_OF_RANGE"]),
        (json!({"timeout": 0.5}), &["timeout OUT_OF_RANGE"]),
        (json!({"timeout": "30s"}), &["timeout TYPE"]),
        (json!({"timeout": null}), &["timeout TYPE"]),
        (json!({"timeout": false}), &["timeout TYPE"]),
    ]);
    let not_finite = object([("timeout", Value::Foreign("not a finite number"))]);
    assert_eq!(faults(&not_finite), ["auth REQUIRED_FIELD", "timeout TYPE"]);
    assert_eq!(read(json!({"timeout": 1500})).timeout, 1500);
}

#[test]
fn retry() {
    each(vec![
        (json!({"retry": false}), &[]),
        (json!({"retry": {}}), &[]),
        (json!({"retry": {"maxRetries": 0, "baseDelay": 0, "maxDelay": 0}}), &[]),
        (json!({"retry": {"maxRetries": 100}}), &[]),
        (json!({"retry": {"maxRetries": 101}}), &["retry.maxRetries OUT_OF_RANGE"]),
        (json!({"retry": {"maxRetries": 1.5}}), &["retry.maxRetries OUT_OF_RANGE"]),
        (json!({"retry": {"baseDelay": -1}}), &["retry.baseDelay OUT_OF_RANGE"]),
        (json!({"retry": {"maxDelay": 2_147_483_648_u32}}), &["retry.maxDelay OUT_OF_RANGE"]),
        (
            json!({"retry": {"maxretries": 1, "retries": 2}}),
            &["retry.maxretries UNKNOWN_FIELD -> maxRetries", "retry.retries UNKNOWN_FIELD"],
        ),
        (json!({"retry": true}), &["retry TYPE"]),
        (json!({"retry": 3}), &["retry TYPE"]),
        (json!({"retry": null}), &["retry TYPE"]),
    ]);
    assert_eq!(read(json!({"retry": false})).retry, Retry::NEVER);
    assert_eq!(read(json!({"retry": {}})).retry, Retry::DEFAULT);
    assert_eq!(read(json!({"retry": {"maxRetries": 5}})).retry, Retry { max_retries: 5, ..Retry::DEFAULT });
    assert_eq!(
        read(json!({"retry": {"baseDelay": 1, "maxDelay": 9}})).retry,
        Retry { base_delay: 1, max_delay: 9, ..Retry::DEFAULT }
    );
}

#[test]
fn rate_limit() {
    each(vec![
        (json!({"rateLimit": false}), &[]),
        (json!({"rateLimit": {"requests": 1, "per": 1}}), &[]),
        (json!({"rateLimit": {}}), &["rateLimit.requests REQUIRED_FIELD", "rateLimit.per REQUIRED_FIELD"]),
        (json!({"rateLimit": {"requests": 10}}), &["rateLimit.per REQUIRED_FIELD"]),
        (
            json!({"rateLimit": {"requests": 0, "per": 0}}),
            &["rateLimit.requests OUT_OF_RANGE", "rateLimit.per OUT_OF_RANGE"],
        ),
        (json!({"rateLimit": {"requests": 1, "per": 1, "Per": 1}}), &["rateLimit.Per UNKNOWN_FIELD -> per"]),
        (json!({"rateLimit": true}), &["rateLimit TYPE"]),
        (json!({"rateLimit": 200}), &["rateLimit TYPE"]),
    ]);
    assert_eq!(read(json!({"rateLimit": false})).rate_limit, None);
    let given = json!({"rateLimit": {"per": 1000, "requests": 5}});
    assert_eq!(read(given).rate_limit, Some(RateLimit { requests: 5, per: 1000 }));
}

#[test]
fn functions_and_flags() {
    for name in ["fetch", "onEvent"] {
        let given = |content: Value| object([("auth", value(json!({"accessToken": "hunter2"}))), (name, content)]);
        for (content, kind) in KINDS {
            let expected =
                if matches!(kind, "a function" | "undefined") { vec![] } else { vec![format!("{name} TYPE")] };
            assert_eq!(faults(&given(content)), expected, "{name} as {kind}");
        }
    }
    each(vec![
        (json!({"dangerouslyAllowBrowser": true}), &[]),
        (json!({"dangerouslyAllowBrowser": false}), &[]),
        (json!({"dangerouslyAllowBrowser": "yes"}), &["dangerouslyAllowBrowser TYPE"]),
    ]);
}

#[test]
fn an_unknown_option_is_named() {
    each(vec![
        (json!({"apiKey": "hunter2"}), &["apiKey UNKNOWN_FIELD -> auth.apiKey"]),
        (json!({"baseURL": "https://example.com"}), &["baseURL UNKNOWN_FIELD -> baseUrl"]),
        (json!({"siteid": SITE, "signal": {}}), &["siteid UNKNOWN_FIELD -> siteId", "signal UNKNOWN_FIELD"]),
    ]);
    let error: Box<Error<Value>> = Client::new(&with_auth(json!({"baseURL": "x"})), None).unwrap_err();
    assert_eq!(error.message, "baseURL is no option; did you mean `baseUrl`?");
    let error: Box<Error<Value>> = Client::new(&with_auth(json!({"colour": "x"})), None).unwrap_err();
    assert!(error.message.starts_with("colour is no option; known are auth, siteId, "), "{}", error.message);
}

#[test]
fn options_must_be_an_object() {
    for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != "an object") {
        assert_eq!(faults(&content), [" TYPE"], "{kind}");
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let given = json!({"siteId": "a", "accountId": "b", "timeout": 0, "baseUrl": "http://x.example", "retries": 3});
    assert_eq!(
        faults(&value(given)),
        [
            "retries UNKNOWN_FIELD -> retry",
            "auth REQUIRED_FIELD",
            "accountId CONFLICT",
            "siteId FORMAT",
            "baseUrl FORMAT",
            "timeout OUT_OF_RANGE",
        ]
    );
}

// The options of a call.

fn of_call(given: &Value) -> Result<CallOptions, Vec<String>> {
    let client = read(json!({"retry": {"maxRetries": 7}}));
    CallOptions::read(given, &client).map_err(|violations| lines(&violations))
}

#[test]
fn options_of_a_call_take_precedence() {
    let taken = |json: Json| of_call(&value(json)).unwrap();
    let nothing = CallOptions { settle: Some(crate::client::Settle::DEFAULT), ..CallOptions::default() };
    assert_eq!(taken(json!({})), nothing);
    assert_eq!(taken(json!({"timeout": 5})).timeout, Some(5));
    assert_eq!(taken(json!({"retry": false})).retry, Some(Retry::NEVER));
    // A member that a call leaves out is the client's.
    assert_eq!(
        taken(json!({"retry": {"baseDelay": 1}})).retry,
        Some(Retry { max_retries: 7, base_delay: 1, ..Retry::DEFAULT })
    );
    let headers = taken(json!({"headers": {"X-Trace": "a b\tc", "accept-language": ""}})).headers;
    assert_eq!(headers, [("X-Trace", "a b\tc"), ("accept-language", "")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let signal = object([("signal", Value::Foreign(ABORT_SIGNAL))]);
    assert_eq!(of_call(&signal), Ok(nothing));
}

#[test]
fn options_of_a_call_are_checked() {
    let rows: Vec<(Json, &[&str])> = vec![
        (json!({"Timeout": 5, "siteId": "x"}), &["Timeout UNKNOWN_FIELD -> timeout", "siteId UNKNOWN_FIELD"]),
        (json!({"timeout": 0}), &["timeout OUT_OF_RANGE"]),
        (json!({"retry": {"maxRetries": -1}}), &["retry.maxRetries OUT_OF_RANGE"]),
        (json!({"signal": {}}), &["signal TYPE"]),
        (json!({"signal": null}), &["signal TYPE"]),
        (json!({"headers": []}), &["headers TYPE"]),
        (json!({"headers": {"X-A": 1}}), &["headers.X-A TYPE"]),
        (json!({"headers": {"X-A": "a\r\nb: c"}}), &["headers.X-A FORMAT"]),
        (json!({"headers": {"X-A": "é"}}), &["headers.X-A FORMAT"]),
        (json!({"headers": {"": "a"}}), &["headers. FORMAT"]),
        (json!({"headers": {"X A": "a"}}), &["headers.X A FORMAT"]),
        (json!({"headers": {"X:A": "a"}}), &["headers.X:A FORMAT"]),
        (json!({"headers": {"authorization": "hunter2"}}), &["headers.authorization CONFLICT"]),
        (json!({"headers": {"Content-Type": "text/plain"}}), &["headers.Content-Type CONFLICT"]),
        (json!({"headers": {"WIX-SITE-ID": "x"}}), &["headers.WIX-SITE-ID CONFLICT"]),
        (json!({"headers": {"wix-account-id": "x"}}), &["headers.wix-account-id CONFLICT"]),
    ];
    for (given, expected) in rows {
        assert_eq!(of_call(&value(given.clone())).unwrap_err(), expected, "{given}");
    }
    for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != "an object") {
        assert_eq!(of_call(&content).unwrap_err(), ["options TYPE"], "{kind}");
    }
}
