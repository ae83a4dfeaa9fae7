use serde_json::json;

use super::verdict;
use crate::validate::tests::lines;
use crate::value::Value;
use crate::value::tests::{KINDS, value};

#[test]
fn a_verdict_needs_an_app_a_url_and_a_process() {
    let app = value(json!({"allowedRedirectUris": ["https://a.example/cb"], "id": 5}));
    let (url, after) = (Value::from("https://a.example/cb"), Value::from("authentication"));
    let allowed = verdict(&app, &url, &after).unwrap();
    assert_eq!(allowed.get("allowed"), Some(&Value::Bool(true)));
    assert_eq!(allowed.get("matched"), Some(&url));

    for (kind, _) in KINDS {
        if kind.as_str().is_none() {
            assert_eq!(lines(&verdict(&app, &kind, &after).unwrap_err()), ["url TYPE"], "{kind:?}");
        }
        let faults = verdict(&app, &url, &kind).unwrap_err();
        assert!(matches!(lines(&faults).as_slice(), [line] if line.starts_with("after ")), "{kind:?}");
        if !matches!(kind, Value::Object(_)) {
            assert_eq!(lines(&verdict(&kind, &url, &after).unwrap_err()), ["app TYPE"], "{kind:?}");
        }
        if !matches!(kind, Value::Array(_) | Value::Null) {
            let app = Value::from(vec![("allowedRedirectUris", kind)]);
            assert_eq!(lines(&verdict(&app, &url, &after).unwrap_err()), ["allowedRedirectUris TYPE"]);
        }
    }
}

#[test]
fn a_list_that_is_missing_is_empty() {
    for app in [json!({}), json!({"allowedRedirectUris": null, "allowedRedirectDomains": []})] {
        for after in ["authentication", "other"] {
            let given = verdict(&value(app.clone()), &Value::from("https://a.example/"), &Value::from(after)).unwrap();
            assert_eq!(given.get("reason"), Some(&Value::from("NOT_LISTED")));
        }
    }
}
