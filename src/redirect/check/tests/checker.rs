//! A checker as a whole: its verdicts as values, its memory of earlier URLs, its arguments.

use std::borrow::Cow;

use serde_json::json;

use super::{AFTERS, with_domain_verdict, with_verdict};
use crate::redirect::check::matching::is_equal;
use crate::redirect::check::{After, Fix, Nearest, RedirectChecker, RedirectVerdict, check_redirect, reason};
use crate::redirect::grammar::{parse, parse_destination};
use crate::validate::tests::lines;
use crate::value::Value;
use crate::value::tests::{KINDS, value};

#[test]
fn an_allowed_url_needs_no_allocation_for_its_message() {
    let checker = RedirectChecker::from_lists(&["https://a.example/cb"], &["a.example"]);
    for after in AFTERS {
        let verdict = checker.check("https://a.example/cb", after, None);
        assert!(verdict.allowed && matches!(verdict.message, Cow::Borrowed(_)));
    }
}

#[test]
fn a_refusal_as_javascript_sees_it() {
    let verdict = with_verdict(&["https://a.example/cb"], "https://a.example/cb/", |verdict| verdict.to_value());
    let members: Vec<&str> = verdict.members().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(members, ["allowed", "reason", "message", "nearest", "fix"]);
    let expected = json!({ "nearest": { "entry": "https://a.example/cb", "at": 20 }, "fix": { "uris": ["https://a.example/cb/"] } });
    for (name, expected) in expected.as_object().unwrap() {
        assert_eq!(verdict.get(name), Some(&value(expected.clone())));
    }
}

#[test]
fn a_refusal_names_the_nearest_entry_and_the_fix() {
    let uris = ["https://a.example/cb"];
    with_verdict(&uris, "https://a.example/cb/", |verdict| {
        assert_eq!(verdict.nearest, Some(Nearest { entry: uris[0], at: 20 }));
        assert_eq!(verdict.fix, Some(Fix { list: "uris", entry: "https://a.example/cb/" }));
    });
    with_domain_verdict(&[], "https://a.example/", |verdict| {
        assert_eq!((verdict.nearest, verdict.fix), (None, Some(Fix { list: "domains", entry: "a.example" })));
    });
}

/// A checker remembers origins and readable entries. Its verdicts must be those of a checker that has seen no other URL.
#[test]
fn a_verdict_does_not_depend_on_earlier_urls() {
    let uris = ["https://a.example/cb", "https://*-b.example.com/cb", "/device", "javascript:alert(1)"];
    let domains = ["a.example", "https://a.example:8443", "localhost:3000", "http://localhost", "a.example:8443"];
    let checker = RedirectChecker::from_lists(&uris, &domains);
    let mut given: Vec<String> = uris.iter().map(|uri| (*uri).to_owned()).collect();
    for origin in ["https://a.example", "https://a.example:8443", "http://localhost:3000", "http://a.example"] {
        for rest in
            ["", "/", "/cb", "?@b", "#x", "/\\b", "/a b", "/https://evil.example", "//evil.example", "/\0", ":1/", "@b"]
        {
            given.push([origin, rest].concat());
        }
    }
    for _ in 0..2 {
        for url in &given {
            for after in AFTERS {
                let fresh = RedirectChecker::from_lists(&uris, &domains);
                assert_eq!(checker.check(url, after, None), fresh.check(url, after, None), "{url}");
            }
        }
    }
}

#[test]
fn texts_are_compared_to_the_last_byte() {
    let text = "https://a.example/callback";
    for length in 0..=text.len() {
        let (start, _) = text.split_at(length);
        assert!(is_equal(start, start));
        assert!(!is_equal(start, &[start, "x"].concat()) && !is_equal(&[start, "x"].concat(), start));
        assert!(!is_equal(&[start, "x"].concat(), &[start, "y"].concat()));
        assert!(!is_equal(&["x", start].concat(), &["y", start].concat()));
    }
}

#[test]
fn a_verdict_that_allows_is_found_by_its_number() {
    let uris = ["https://a.example/cb", "https://*-b.example.com/cb"];
    let checker = RedirectChecker::from_lists(&uris, &["a.example", "b.example"]);
    let allowed: Vec<RedirectVerdict<'_>> = (0..).map_while(|number| checker.allowed(number)).collect();
    assert_eq!(allowed.len(), 6);
    for (url, after) in [
        (uris[0], After::Authentication),
        (uris[1], After::Authentication),
        ("https://x-b.example.com/cb", After::Authentication),
        ("https://a.example/x", After::Other),
        ("https://b.example:8443/x", After::Other),
    ] {
        let number = checker.find(url, after).unwrap();
        assert_eq!(allowed[number], checker.check(url, after, None), "{url}");
    }
    for after in AFTERS {
        assert_eq!(checker.find("https://evil.example/", after), None);
    }
}

#[test]
fn every_argument_is_checked() {
    let app = value(json!({"allowedRedirectUris": ["https://a.example/cb"], "id": 5}));
    let (url, after) = (Value::from("https://a.example/cb"), Value::from("authentication"));
    let check = |app: &Value, url: &Value, after: &Value| check_redirect(app, url, after, None);
    let allowed = check(&app, &url, &after).unwrap();
    let names: Vec<&str> = allowed.members().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names.as_slice(), allowed.get("matched")), (&["allowed", "matched", "message"][..], Some(&url)));

    for (kind, _) in KINDS {
        if kind.as_str().is_none() {
            assert_eq!(lines(&check(&app, &kind, &after).unwrap_err()), ["url TYPE"], "{kind:?}");
        }
        let faults = check(&app, &url, &kind).unwrap_err();
        assert!(matches!(lines(&faults).as_slice(), [line] if line.starts_with("after ")), "{kind:?}");
        if !matches!(kind, Value::Object(_)) {
            assert_eq!(lines(&check(&kind, &url, &after).unwrap_err()), ["app TYPE"], "{kind:?}");
        }
        for list in ["allowedRedirectUris", "allowedRedirectDomains"] {
            if !matches!(kind, Value::Array(_) | Value::Null) {
                let app = Value::from(vec![(list, kind.clone())]);
                assert_eq!(lines(&check(&app, &url, &after).unwrap_err()), [format!("{list} TYPE")]);
            }
            // An entry that is not text is an error, whether or not the URL is listed, in either list.
            if kind.as_str().is_none() {
                let app = Value::from(vec![(list, Value::Array(vec![url.clone(), kind.clone()]))]);
                assert_eq!(lines(&check(&app, &url, &after).unwrap_err()), [format!("{list}[1] TYPE")]);
            }
        }
    }
    let faults = check(&Value::Null, &Value::Null, &Value::Null).unwrap_err();
    assert_eq!(lines(&faults), ["app TYPE", "url TYPE", "after TYPE"]);
}

#[test]
fn a_missing_list_is_empty() {
    for app in [json!({}), json!({"allowedRedirectUris": null, "allowedRedirectDomains": []})] {
        for after in After::NAMES {
            let (url, after) = (Value::from("https://a.example/"), Value::from(after));
            let verdict = check_redirect(&value(app.clone()), &url, &after, None).unwrap();
            assert_eq!(verdict.get("reason"), Some(&Value::from(reason::NOT_LISTED)));
        }
    }
}

#[test]
fn both_parsers_agree_on_what_the_strict_one_accepts() {
    for url in ["https://a.example", "https://a.example?x", "com.example.app:?x", "a:b", "myapp://", "x://:80/"] {
        let strict = parse(url);
        assert_eq!(strict.is_ok(), parse_destination(url).is_ok(), "{url}");
        if let (Ok(strict), Ok(destination)) = (strict, parse_destination(url)) {
            assert_eq!(strict, destination, "{url}");
        }
    }
}
