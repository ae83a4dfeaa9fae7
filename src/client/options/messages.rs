//! The messages of faulty options: each names the field, the fault and the remedy, and none shows a credential.

use serde_json::{Value as Json, json};

use super::ClientOptions;
use crate::api::Operation;
use crate::client::Client;
use crate::validate::tests::lines;
use crate::value::tests::{object, value};
use crate::value::{FUNCTION, UNDEFINED, Value};
use crate::violation::Violation;

const SITE: &str = "6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f";

/// Returns options from JSON, with `undefined` for the text `<undefined>`.
fn options(json: Json) -> Value {
    fn replaced(given: Value) -> Value {
        match given {
            Value::String(text) if text == "<undefined>" => Value::Foreign(UNDEFINED),
            Value::Object(members) => {
                Value::Object(members.into_iter().map(|(name, value)| (name, replaced(value))).collect())
            }
            other => other,
        }
    }
    replaced(value(json))
}

fn faults(json: Json) -> Vec<Violation> {
    ClientOptions::read(&options(json)).err().unwrap_or_default()
}

#[test]
fn a_missing_environment_variable_is_suspected() {
    let hint = "is the environment variable set?";
    let rows: Vec<(Json, &[&str])> = vec![
        (json!({"auth": {"apiKey": "<undefined>"}, "siteId": SITE}), &["auth.apiKey is undefined"]),
        (json!({"auth": {"accessToken": "<undefined>"}}), &["auth.accessToken is undefined"]),
        (json!({"auth": {"clientId": "x", "clientSecret": "<undefined>"}}), &["auth.clientSecret is undefined"]),
        (json!({"auth": {"clientId": "<undefined>", "clientSecret": "x"}}), &["auth.clientId is undefined"]),
        (
            json!({"auth": {"clientId": "<undefined>", "clientSecret": "<undefined>", "instanceId": "<undefined>"}}),
            &["auth.clientId is undefined", "auth.clientSecret is undefined"],
        ),
        (
            json!({"auth": {"apiKey": "<undefined>", "accessToken": "<undefined>"}}),
            &["auth.apiKey is undefined", "auth.accessToken is undefined"],
        ),
        (json!({"auth": {"apiKey": "k"}, "siteId": "<undefined>"}), &["siteId is undefined"]),
        (
            json!({"auth": {"apiKey": "<undefined>"}, "siteId": "<undefined>"}),
            &["auth.apiKey is undefined", "siteId is undefined"],
        ),
        (json!({"auth": {"apiKey": ""}, "siteId": SITE}), &["auth.apiKey is empty"]),
        (json!({"auth": {"apiKey": "undefined"}, "siteId": SITE}), &["auth.apiKey is the text `undefined`"]),
        (json!({"auth": {"accessToken": "null"}}), &["auth.accessToken is the text `null`"]),
        (json!({"auth": {"apiKey": null}, "siteId": SITE}), &["auth.apiKey must be a string, is null"]),
        (json!({"auth": {"apiKey": "k"}, "siteId": ""}), &["siteId is empty"]),
        (json!({"auth": {"apiKey": "k"}, "siteId": "undefined"}), &["siteId is the text `undefined`"]),
        (json!({"auth": {"apiKey": "k"}, "accountId": "null"}), &["accountId is the text `null`"]),
        (json!({"auth": {"accessToken": "t"}, "baseUrl": ""}), &["baseUrl is empty"]),
        (json!({"auth": {"accessToken": "t"}, "baseUrl": "undefined"}), &["baseUrl is the text `undefined`"]),
        (json!({"auth": {"clientId": "x", "clientSecret": "y", "instanceId": ""}}), &["auth.instanceId is empty"]),
    ];
    for (given, expected) in rows {
        let said: Vec<String> =
            faults(given.clone()).iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
        let expected: Vec<String> = expected.iter().map(|fault| format!("{fault}: {hint}")).collect();
        assert_eq!(said, expected, "{given}");
    }
}

#[test]
fn an_optional_member_that_is_undefined_is_not_given() {
    for given in [
        json!({"auth": {"accessToken": "t"}, "siteId": "<undefined>", "accountId": "<undefined>"}),
        json!({"auth": {"apiKey": "k", "accessToken": "<undefined>"}, "siteId": SITE, "accountId": "<undefined>"}),
        json!({"auth": {"apiKey": "k"}, "siteId": "<undefined>", "accountId": "account"}),
        json!({"auth": {"clientId": "x", "clientSecret": "y", "instanceId": "<undefined>"}}),
        json!({"auth": {"accessToken": "t"}, "timeout": "<undefined>", "retry": {"maxRetries": "<undefined>"}}),
        json!({"auth": {"accessToken": "t"}, "retry": "<undefined>", "rateLimit": "<undefined>", "fetch": "<undefined>"}),
        json!({"auth": {"accessToken": "t"}, "onEvent": "<undefined>", "baseUrl": "<undefined>"}),
        json!({"auth": {"accessToken": "t"}, "dangerouslyAllowBrowser": "<undefined>", "dangerouslyAllowHttp": "<undefined>"}),
    ] {
        assert_eq!(lines(&faults(given.clone())), [""; 0], "{given}");
    }
    assert_eq!(lines(&faults(json!({"auth": "<undefined>"}))), ["auth REQUIRED_FIELD"]);
    let retry =
        ClientOptions::read(&options(json!({"auth": {"accessToken": "t"}, "retry": {"maxRetries": "<undefined>"}})));
    assert_eq!(retry.unwrap().retry.max_retries, 2);
}

#[test]
fn an_api_key_needs_a_site_or_an_account() {
    assert_eq!(lines(&faults(json!({"auth": {"apiKey": "k"}}))), ["siteId REQUIRED_FIELD"]);
    for auth in [json!({"accessToken": "t"}), json!({"clientId": "x", "clientSecret": "y"})] {
        assert_eq!(lines(&faults(json!({ "auth": auth }))), [""; 0]);
    }
    let callback = object([("getAccessToken", Value::Foreign(FUNCTION))]);
    assert!(ClientOptions::read(&object([("auth", callback)])).is_ok());
}

#[test]
fn the_message_for_a_wrong_site_id_says_where_to_find_it() {
    for (given, suggestion, said) in [
        (format!("https://manage.wix.com/dashboard/{SITE}/home"), Some(SITE), "contains more than a GUID"),
        (format!("manage.wix.com/dashboard/{SITE}"), Some(SITE), "contains more than a GUID"),
        (format!("https://editor.wix.com/x?metaSiteId={SITE}&y"), Some(SITE), "contains more than a GUID"),
        (format!("{{{SITE}}}"), Some(SITE), "contains more than a GUID"),
        (format!("\"{SITE}\""), Some(SITE), "quotation marks"),
        (format!("{SITE}\n"), Some(SITE), "white space"),
        // The ID of something else, or no ID: there is no suggestion.
        (format!("https://shop.example.com/{SITE}"), None, "is an address"),
        ("https://shop.example.com".to_owned(), None, "is an address"),
        ("shop.example.com".to_owned(), None, "is an address"),
        ("my-site".to_owned(), None, "is no GUID"),
        (SITE.replace('-', ""), None, "is no GUID"),
        (format!("{SITE}0"), None, "is no GUID"),
        ("IST.eyJ.hunter2".to_owned(), None, "is an API key"),
        ("Bearer hunter2".to_owned(), None, "leave the word out"),
    ] {
        let found = faults(json!({"auth": {"apiKey": "k"}, "siteId": given}));
        let [fault] = found.as_slice() else { panic!("{given}: {found:?}") };
        assert_eq!((fault.field.as_str(), fault.suggestion.as_deref()), ("siteId", suggestion), "{given}");
        assert!(fault.message.contains(said), "{given}: {}", fault.message);
        assert!(!fault.message.contains("hunter2"), "{}", fault.message);
    }
    for taken in [SITE.to_owned(), SITE.to_ascii_uppercase()] {
        assert_eq!(lines(&faults(json!({"auth": {"apiKey": "k"}, "siteId": taken}))), [""; 0]);
    }
}

#[test]
fn the_message_for_a_decorated_credential_says_what_to_leave_out() {
    for name in ["apiKey", "accessToken"] {
        for (given, said) in [
            ("Bearer IST.hunter2", "leave the word out"),
            ("bearer IST.hunter2\n", "leave the word out"),
            ("\"IST.hunter2\"", "quotation marks"),
            ("IST.hunter2\r\n", "line break"),
            ("$WIX_HUNTER2", "placeholder"),
        ] {
            let found = faults(json!({"auth": {name: given}, "siteId": SITE}));
            let [fault] = found.as_slice() else { panic!("{given}: {found:?}") };
            assert_eq!(fault.field, format!("auth.{name}"));
            assert!(fault.message.contains(said) && !fault.message.contains("hunter2"), "{}", fault.message);
        }
    }
    let found = faults(json!({"auth": {"clientId": "x", "clientSecret": {}}}));
    assert!(found[0].message.contains("secret.reveal()"), "{}", found[0].message);
}

#[test]
fn the_message_for_an_unknown_option_names_the_right_one() {
    for (given, suggestion) in [
        (json!({"siteID": SITE}), Some("siteId")),
        (json!({"base_url": "https://x.example"}), Some("baseUrl")),
        (json!({"timeOut": 5}), Some("timeout")),
        (json!({"retries": 5}), Some("retry")),
        (json!({"maxRetries": 5}), Some("retry.maxRetries")),
        (json!({"apiKey": "k"}), Some("auth.apiKey")),
        (json!({"clientSecret": "k"}), Some("auth.clientSecret")),
        (json!({"dangerouslyAllowHTTP": []}), Some("dangerouslyAllowHttp")),
        (json!({"signal": {}}), None),
        (json!({"headers": {}}), None),
        (json!({"colour": "red"}), None),
    ] {
        let mut all = given.clone();
        all["auth"] = json!({"accessToken": "t"});
        let found = faults(all);
        let [fault] = found.as_slice() else { panic!("{given}: {found:?}") };
        assert_eq!((fault.rule.as_ref(), fault.suggestion.as_deref()), ("UNKNOWN_FIELD", suggestion), "{given}");
        assert!(suggestion.is_none_or(|name| fault.message.contains(name)), "{}", fault.message);
    }
}

#[test]
fn plain_http_is_limited_to_named_hosts() {
    let read = |hosts: Json, url: &str| {
        faults(json!({"auth": {"accessToken": "t"}, "baseUrl": url, "dangerouslyAllowHttp": hosts}))
    };
    for (hosts, url) in [
        (json!(["wix-emulator"]), "http://wix-emulator:4321"),
        (json!(["Wix-Emulator"]), "http://WIX-emulator"),
        (json!(["a.internal", "my_service"]), "http://my_service:8080/wix"),
        (json!(["192.168.0.5"]), "http://192.168.0.5:80"),
        (json!(["[fd00::1]"]), "http://[fd00::1]"),
        (json!([]), "http://localhost"),
        (json!(["other"]), "https://www.wixapis.com"),
    ] {
        assert_eq!(lines(&read(hosts, url)), [""; 0], "{url}");
    }
    for (hosts, url) in [
        (json!([]), "http://wix-emulator"),
        (json!(["wix-emulator"]), "http://wix-emulator.example.com"),
        (json!(["wix-emulator"]), "http://x.wix-emulator"),
        (json!(["emulator"]), "http://wix-emulator"),
        (json!(["wix-emulator"]), "http://wix-emulato"),
    ] {
        let found = read(hosts, url);
        assert_eq!(lines(&found), ["baseUrl FORMAT"], "{url}");
        let host = url.strip_prefix("http://").unwrap();
        assert!(found[0].message.contains(&format!("dangerouslyAllowHttp: ['{host}']")), "{}", found[0].message);
    }
    for (hosts, expected) in [
        (json!("wix-emulator"), "dangerouslyAllowHttp TYPE"),
        (json!(true), "dangerouslyAllowHttp TYPE"),
        (json!({}), "dangerouslyAllowHttp TYPE"),
        (json!(null), "dangerouslyAllowHttp TYPE"),
        (json!([5]), "dangerouslyAllowHttp[0] TYPE"),
        (json!([""]), "dangerouslyAllowHttp[0] FORMAT"),
        (json!(["a", "http://wix-emulator:4321/x"]), "dangerouslyAllowHttp[1] FORMAT -> wix-emulator"),
        (json!(["wix-emulator:4321"]), "dangerouslyAllowHttp[0] FORMAT -> wix-emulator"),
        (json!(["wix-emulator/"]), "dangerouslyAllowHttp[0] FORMAT -> wix-emulator"),
        (json!(["*"]), "dangerouslyAllowHttp[0] FORMAT"),
        (json!(["*.internal"]), "dangerouslyAllowHttp[0] FORMAT"),
        (json!(["user@host"]), "dangerouslyAllowHttp[0] FORMAT"),
        (json!([" host"]), "dangerouslyAllowHttp[0] FORMAT"),
    ] {
        assert_eq!(lines(&read(hosts.clone(), "https://www.wixapis.com")), [expected], "{hosts}");
    }
}

#[test]
fn faulty_options_of_a_free_function_name_the_function() {
    for operation in Operation::ALL {
        let error = Client::<Value>::for_function(operation, &value(json!({"auth": 5})), None).unwrap_err();
        assert_eq!(error.operation, operation.as_str());
        for given in [json!("id"), json!(null), json!(5), json!([]), json!({}), json!({"name": "Shop"})] {
            let error = Client::<Value>::for_function(operation, &value(given.clone()), None).unwrap_err();
            assert!(
                error.message.contains("the first argument must be a client or the options of one"),
                "{given}: {}",
                error.message
            );
        }
    }
}

#[test]
fn an_option_of_the_client_is_refused_in_a_call() {
    let client = ClientOptions::read(&value(json!({"auth": {"accessToken": "t"}}))).unwrap();
    for (given, said) in [(json!({"siteId": SITE}), "forSite"), (json!({"baseUrl": "x"}), "option of the client")] {
        let faults = super::CallOptions::read(&value(given), &client).unwrap_err();
        assert!(faults[0].message.contains(said), "{}", faults[0].message);
    }
}
