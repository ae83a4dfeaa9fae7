use super::*;

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";

type Export = fn(&str, &Platform<'_>) -> Result<Value>;

fn call(export: Export, given: &Value) -> Value {
    export(&given.to_string(), &Platform::PLAIN).unwrap()
}

fn error(export: Export, given: &Value) -> Value {
    json!(export(&given.to_string(), &Platform::PLAIN).unwrap_err())
}

#[test]
fn a_site_is_exported_planned_changed_and_verified() {
    let site = json!([{ "id": ID, "name": "Shop", "allowedRedirectUris": ["https://shop.example.com/cb"] }]);
    let file = call(export_config, &json!({ "apps": site }));
    let read = call(read_config, &json!({ "value": file }));
    assert_eq!(read["warnings"][0]["rule"], "NO_DOMAINS");
    let plan = call(make_plan, &json!({ "config": read["config"], "apps": site, "siteId": OTHER }));
    assert_eq!(plan["summary"], json!({ "create": 0, "update": 0, "delete": 0, "unchanged": 1 }));

    let changed = json!({ "apps": [{ "name": "Shop", "description": "${TEXT} of ${site.city}" }] });
    let variables = json!({ "env": { "TEXT": "The shop" }, "site": { "city": "Bern" } });
    let read = call(read_config, &json!({ "value": changed, "variables": variables }));
    let plan = call(make_plan, &json!({ "config": read["config"], "apps": site }));
    assert_eq!(plan["steps"][0]["calls"][0]["patch"], json!({ "description": "The shop of Bern" }));
    let checked = call(check_plan, &json!({ "plan": plan }));
    assert_eq!((&checked["changes"], &checked["summary"]), (&plan["changes"], &plan["summary"]));
    assert_eq!(error(check_plan, &json!({ "plan": { "format": "wix-oauth-apps-plan", "version": 2 } }))["code"], "CONFIG");
    assert_eq!(call(apply_plan, &json!({ "plan": plan, "apps": site }))["alreadyDone"], json!([]));
    let after = json!([{ "id": ID, "name": "Shop", "description": "The shop of Bern" }]);
    assert_eq!(call(verify_plan, &json!({ "plan": plan, "apps": after })), json!({ "ok": true, "failed": [] }));
    assert_eq!(call(verify_plan, &json!({ "plan": plan, "apps": site, "created": {} }))["ok"], json!(false));
    assert!(call(export_config, &json!({ "apps": site, "complete": true }))["apps"][0].get("loginUrl").is_some());
}

#[test]
fn an_error_has_a_code_a_message_and_its_violations() {
    let found = error(read_config, &json!({ "value": { "apps": [{ "name": "Shop", "loginURL": "" }] } }));
    assert_eq!(
        found,
        json!({
            "code": "CONFIG", "message": "apps[0].loginURL is no known key; did you mean loginUrl?",
            "violations": [{
                "field": "apps[0].loginURL", "path": ["apps", 0, "loginURL"], "rule": "UNKNOWN_FIELD",
                    "severity": "error",
                "message": "is no known key; did you mean loginUrl?",
                "text": "apps[0].loginURL is no known key; did you mean loginUrl?", "suggestion": "loginUrl",
            }],
        })
    );
    let found = error(resolve_reference, &json!({ "reference": "name:x", "apps": [{ "id": ID, "name": "Shop" }] }));
    assert_eq!((&found["code"], &found["candidates"]), (&json!("NOT_FOUND"), &json!([{ "id": ID, "name": "Shop" }])));
    for bad in ["", "{", "[]", "{}"] {
        let found = json!(make_plan(bad, &Platform::PLAIN).unwrap_err());
        assert_eq!(found["code"], "INVALID_ARGUMENT");
    }
}

#[test]
fn arguments_are_read() {
    let entries =
        call(read_entries, &json!({ "arguments": ["https://shop.example.com/cb"], "target": "both", "judge": true }));
    assert_eq!(entries["domains"], json!(["shop.example.com"]));
    assert_eq!(call(parse_reference, &json!({ "reference": ID })), json!({ "kind": "id", "value": ID }));
    assert_eq!(call(check_site_id, &json!({ "siteId": ID })), Value::Null);
    assert_eq!(error(check_site_id, &json!({ "siteId": "shop.example.com" }))["code"], "INVALID_ARGUMENT");
    assert_eq!(call(check_pattern, &json!({ "pattern": "*-team.vercel.app" })), Value::Null);
    assert_eq!(error(check_pattern, &json!({ "pattern": "*" }))["code"], "INVALID_ARGUMENT");
    let hash = call(fingerprint, &json!({ "text": "" }));
    assert_eq!(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn previews_come_and_go() {
    let app = json!({ "id": ID, "allowedRedirectUris": ["https://p-team.vercel.app/api/auth/callback"],
                      "allowedRedirectDomains": ["p-team.vercel.app"] });
    let url = "https://x-team.vercel.app";
    assert_eq!(
        call(preview_entries, &json!({ "url": url })),
        json!({ "uris": ["https://x-team.vercel.app/api/auth/callback"], "domains": ["x-team.vercel.app"] })
    );
    let added = call(preview_add, &json!({ "app": app, "url": url, "callback": "/cb", "evict": "*-team.vercel.app" }));
    assert_eq!(added["add"]["uris"], json!(["https://x-team.vercel.app/cb"]));
    let removed = call(preview_remove, &json!({ "app": app, "url": "p-team.vercel.app" }));
    assert_eq!(removed["remove"]["domains"], json!(["p-team.vercel.app"]));
    let pattern = "https://*-team.vercel.app";
    assert_eq!(call(preview_hosts, &json!({ "app": app, "pattern": pattern })), json!(["p-team.vercel.app"]));
    let kept = call(keep_list, &json!({ "text": "x-team.vercel.app" }));
    for prune in [
        json!({ "app": app, "pattern": pattern, "keep": kept }),
        json!({ "app": app, "pattern": pattern, "gone": ["p-team.vercel.app"] }),
    ] {
        assert_eq!(call(preview_prune, &prune)["remove"], removed["remove"]);
    }
    let neither = error(preview_prune, &json!({ "app": app, "pattern": pattern }));
    assert_eq!(neither["message"], "preview prune takes either --keep or --gone");
}

#[test]
fn sites_are_selected() {
    let report = format!("{{\"siteId\":\"{ID}\",\"ok\":true}}\n");
    let text = format!("{ID}\n{OTHER}\n");
    let found = call(select_sites, &json!({ "text": text, "report": report, "run": "x" }));
    assert_eq!(
        found,
        json!({ "sites": [{ "siteId": OTHER, "columns": { "siteId": OTHER }, "line": 2 }], "total": 2, "skipped": 1,
                "unreadable": [], "needsLineFeed": false })
    );
    let parts: Vec<usize> = (1..=2)
        .map(|part| {
            call(select_sites, &json!({ "text": text, "shard": format!("{part}/2") }))["sites"]
                .as_array()
                .unwrap()
                .len()
        })
        .collect();
    assert_eq!(parts.iter().sum::<usize>(), 2);
    assert_eq!(error(select_sites, &json!({ "text": text, "shard": "9/8" }))["code"], "INVALID_ARGUMENT");
}

#[test]
fn apps_are_linted_and_answers_compared() {
    let apps = json!([{ "name": "Shop", "allowedRedirectUris": ["https://old.example.com/cb"],
        "allowedRedirectDomains": ["old.example.com"] }]);
    assert_eq!(call(lint_hosts, &json!({ "apps": apps })), json!(["old.example.com"]));
    let found = call(lint_apps, &json!({ "apps": apps, "gone": ["old.example.com"] }));
    assert_eq!((&found[0]["id"], found[0]["violations"].as_array().unwrap().len()), (&Value::Null, 2));
    let answers = json!({ "answers": { "maskPath": "ignore" } });
    assert_eq!(call(compare_answers, &answers)["differences"][0]["name"], "maskPath");
    let file = call(write_profile, &answers);
    assert_eq!(call(emulator_options, &json!({ "profile": file })), json!({ "maskPath": "ignore" }));
    assert!(call(probe_questions, &json!({})).as_array().unwrap().len() > 10);
}
