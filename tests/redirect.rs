//! The redirect rules, as tables. The tables are data, in `tests/redirect/*.json`, so that the package's own tests can
//! read them as well.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

#[path = "support/json.rs"]
mod json_value;

use json_value::to_json;
use serde_json::{Value, json};
use wix_oauth_apps::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps::redirect::{ToAscii, domain, grammar, uri, web_url};
use wix_oauth_apps::violation::{Severity, Violation};

type Check = fn(&str, &[Option<&str>], ToAscii<'_>, &mut Vec<Violation>);

#[test]
fn redirect_uris() {
    let tables = table(include_str!("redirect/uris.json"));
    each_row(&tables["uris"], |text| one(REDIRECT_URIS, text, uri::list));
    each_list(&tables["lists"], REDIRECT_URIS, uri::list);
}

#[test]
fn login_and_logout_urls() {
    let tables = table(include_str!("redirect/uris.json"));
    each_row(&tables["webUrls"], |text| {
        let mut found = Vec::new();
        web_url::web_url("loginUrl", text, Some(&to_ascii), &mut found);
        assert!(found.iter().all(|violation| violation.field == "loginUrl"));
        found
    });
}

#[test]
fn redirect_domains() {
    let tables = table(include_str!("redirect/domains.json"));
    each_row(&tables["domains"], |text| one(REDIRECT_DOMAINS, text, domain::list));
    each_list(&tables["lists"], REDIRECT_DOMAINS, domain::list);
}

#[test]
fn verdicts() {
    let tables = table(include_str!("redirect/checks.json"));
    for app in tables["apps"].as_array().unwrap() {
        let list =
            |name: &str| app.get(name).map(strings).unwrap_or_default().into_iter().flatten().collect::<Vec<_>>();
        let (uris, domains) = (list("uris"), list("domains"));
        for case in app["cases"].as_array().unwrap() {
            let url = case["url"].as_str().unwrap();
            let other = case.get("after").or_else(|| app.get("after")).is_some_and(|after| after == "other");
            let after = if other { After::Other } else { After::Authentication };
            let checker = RedirectChecker::from_lists(&uris, &domains);
            let mut verdict = to_json(&checker.check(url, after, Some(&to_ascii)).to_value());
            assert!(verdict["message"].as_str().unwrap().starts_with(if verdict["allowed"] == true {
                "allowed: "
            } else {
                "not allowed: "
            }));

            let mut expected =
                json!({ "allowed": case.get("matched").is_some(), "message": verdict["message"].take() });
            verdict["message"] = expected["message"].clone();
            for name in ["matched", "reason"] {
                if let Some(value) = case.get(name) {
                    expected[name] = value.clone();
                }
            }
            match case.get("nearest") {
                Some(nearest) => expected["nearest"] = json!({ "entry": nearest[0], "at": nearest[1] }),
                None => _ = verdict.as_object_mut().unwrap().remove("nearest"),
            }
            if let Some(added) = case.get("fix").and_then(Value::as_str) {
                expected["fix"] = json!({ if other { "domains" } else { "uris" }: [added] });
            }
            assert_eq!(verdict, expected, "{url:?} against {uris:?} and {domains:?}");
        }
    }
}

#[test]
fn the_core_suggests_no_host_that_it_cannot_compute() {
    let suggestion = |to_ascii: ToAscii<'_>| {
        let mut found = Vec::new();
        uri::list(REDIRECT_URIS, &[Some("https://münchen.example/cb")], to_ascii, &mut found);
        found.pop().unwrap().suggestion
    };
    assert_eq!(suggestion(None), None);
    assert_eq!(suggestion(Some(&|_| None)), None);
    assert_eq!(suggestion(Some(&|_| Some("not a host".to_owned()))), None);
    assert_eq!(suggestion(Some(&|_| Some("evil.example/x".to_owned()))), None);
    assert_eq!(suggestion(Some(&to_ascii)).as_deref(), Some("https://xn--mnchen-3ya.example/cb"));
}

#[test]
fn a_message_contains_the_part_at_fault_and_the_suggestion() {
    for (entry, message) in [
        (
            "https://shop.example.com/cb#done",
            "has a fragment (#done); redirect URIs must not have one (RFC 6749 §3.1.2). Use https://shop.example.com/cb.",
        ),
        (
            "https://example.com/é",
            "has a character that is not ASCII (é); percent-encode it. Use https://example.com/%C3%A9.",
        ),
        ("https://example.com/a\nb", "has the control character U+000A (character 22); remove it"),
        ("javascript:alert(1)", "has a scheme that no visitor may be sent to (javascript:alert(1))"),
        ("https://example.com:70000/", "has an invalid port (70000/); use 1 to 65535 without leading zeros"),
    ] {
        let mut found = Vec::new();
        uri::list(REDIRECT_URIS, &[Some(entry)], None, &mut found);
        assert_eq!(found[0].message, message, "{entry}");
    }
    let long = ["https://example.com/ ", &"x".repeat(1000)].concat();
    let mut found = Vec::new();
    uri::list(REDIRECT_URIS, &[Some(&long)], Some(&to_ascii), &mut found);
    assert!(found[0].message.starts_with("has a space ( xxx") && found[0].message.contains("x…); write %20"));
}

/// Returns whether a suggestion has no error.
fn is_good(text: &str, check: Check) -> bool {
    one_unchecked(text, check).iter().all(|violation| !violation.is_error())
}

fn each_row(rows: &Value, judge: impl Fn(&str) -> Vec<Violation>) {
    let mut differences = Vec::new();
    for row in rows.as_array().unwrap() {
        let text = row[0].as_str().unwrap();
        let expected: Vec<Value> = row.as_array().unwrap()[1..].to_vec();
        let found: Vec<Value> =
            judge(text).iter().flat_map(|found| [json!(finding(found)), json!(found.suggestion)]).collect();
        if found != expected {
            differences.push(format!("{}: {}", json!(text), Value::from(found)));
        }
    }
    assert!(differences.is_empty(), "found otherwise:\n{}", differences.join("\n"));
}

fn each_list(rows: &Value, list: &str, check: Check) {
    for row in rows.as_array().unwrap() {
        let numbered: Vec<String> = (0..row["count"].as_u64().unwrap_or(0))
            .map(|n| row["entry"].as_str().unwrap().replace('%', &n.to_string()))
            .collect();
        let entries = match row.get("entries") {
            Some(entries) => strings(entries),
            None => numbered.iter().map(|entry| Some(entry.as_str())).collect(),
        };
        let mut found = Vec::new();
        check(list, &entries, Some(&to_ascii), &mut found);
        let found: Vec<Value> =
            found.iter().map(|found| json!([found.field, finding(found), found.suggestion])).collect();
        assert_eq!(Value::from(found), row["expect"], "{entries:?}");
    }
}

fn one(list: &str, text: &str, check: Check) -> Vec<Violation> {
    let found = one_unchecked(text, check);
    for violation in &found {
        assert_eq!(violation.field, "list[0]", "{list}");
        if let Some(suggestion) = &violation.suggestion {
            assert!(is_good(suggestion, check), "{text:?}: {suggestion:?}");
        }
    }
    found
}

fn one_unchecked(text: &str, check: Check) -> Vec<Violation> {
    let mut found = Vec::new();
    check("list", &[Some(text)], Some(&to_ascii), &mut found);
    found
}

fn finding(violation: &Violation) -> String {
    let severity = if violation.severity == Severity::Error { "error" } else { "warning" };
    format!("{severity} {}", violation.rule)
}

/// Parses a host as the URL standard does, and JavaScript with `new URL`.
fn to_ascii(host: &str) -> Option<String> {
    url::Url::parse(&format!("https://{host}/")).ok()?.host_str().map(str::to_owned)
}

fn table(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn strings(list: &Value) -> Vec<Option<&str>> {
    list.as_array().unwrap().iter().map(Value::as_str).collect()
}

#[test]
fn rows_are_read() {
    // The tables would pass if they were empty.
    assert!(table(include_str!("redirect/uris.json"))["uris"].as_array().unwrap().len() > 150);
    assert!(grammar::parse("https://example.com/").is_ok());
}
