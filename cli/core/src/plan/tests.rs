use super::*;
use crate::config::{Variables, read as read_config};
use std::collections::BTreeMap;

mod files;
#[cfg(not(target_arch = "wasm32"))]
mod properties;

const CB: &str = "https://shop.example.com/cb";

fn id(number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

fn config(apps: &Value) -> Config {
    config_of(&json!({ "apps": apps }))
}

fn config_of(value: &Value) -> Config {
    read_config(value, &Variables::default(), &Platform::PLAIN).unwrap().0
}

fn app(number: usize, name: &str, uris: &[&str], domains: &[&str]) -> Value {
    json!({
        "id": id(number), "createdDate": "2026-03-01T09:05:00Z", "name": name, "loginUrl": "", "logoutUrl": "",
        "allowedRedirectUris": uris, "allowedRedirectDomains": domains, "allowedDomains": [],
        "allowSecretGeneration": true,
    })
}

fn planned(config: &Config, apps: &Value) -> Value {
    plan(config, apps, Some(&id(99)), &Platform::PLAIN).unwrap().to_value(&Platform::PLAIN)
}

fn refused(config: &Config, apps: &Value) -> Error {
    plan(config, apps, None, &Platform::PLAIN).unwrap_err()
}

/// Returns the changes as `create Shop`, `update 00000001`, …
fn actions(plan: &Value) -> Vec<String> {
    let changes = plan["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| {
            let id = change["id"].as_str().and_then(|id| id.split('-').next());
            let subject = id.or(change["name"].as_str()).unwrap();
            format!("{} {subject}", change["action"].as_str().unwrap())
        })
        .collect()
}

/// Makes the changes of a plan as the client library and a service would.
fn made(apps: &Value, plan: &Value) -> Value {
    let mut apps = apps.as_array().unwrap().clone();
    for step in plan["steps"].as_array().unwrap() {
        for call in step["calls"].as_array().unwrap() {
            make(&mut apps, call);
        }
    }
    Value::Array(apps)
}

fn make(apps: &mut Vec<Value>, call: &Value) {
    let at = apps.iter().position(|app| app["id"] == call["id"]);
    match call["call"].as_str().unwrap() {
        "createOAuthApp" => {
            let mut created = app(apps.len().saturating_add(1_000), "", &[], &[]);
            for (field, value) in call["draft"].as_object().unwrap() {
                created[field] = value.clone();
            }
            apps.push(created);
        }
        "updateOAuthApp" => {
            for (field, value) in call["patch"].as_object().unwrap() {
                apps[at.unwrap()][field] = value.clone();
            }
        }
        "deleteOAuthApp" => {
            apps.remove(at.unwrap());
        }
        name => {
            for (list, field) in [("uris", "allowedRedirectUris"), ("domains", "allowedRedirectDomains")] {
                let entries = call["entries"][list].as_array().unwrap();
                let held = apps[at.unwrap()][field].as_array_mut().unwrap();
                if name == "allowRedirects" {
                    held.extend(entries.iter().cloned());
                } else {
                    held.retain(|entry| !entries.contains(entry));
                }
            }
        }
    }
}

#[test]
fn the_shape_of_a_plan_is_fixed() {
    let config = config_of(&json!({ "unlisted": "delete", "apps": [
        { "name": "New", "allowedRedirectUris": ["https://new.example.com/cb"],
            "allowedRedirectDomains": ["new.example.com"] },
        { "name": "Shop", "description": "The shop", "allowedRedirectUris": [CB, "https://shop.example.com/2"] },
        { "name": "Same" },
    ] }));
    let apps = json!([
        app(1, "Old", &[], &["old.example.com"]),
        app(2, "Shop", &[CB, "https://gone.example.com/"], &[]),
        app(3, "Same", &[], &[])
    ]);
    let plan = planned(&config, &apps);
    assert_eq!(plan["summary"], json!({ "create": 1, "update": 1, "delete": 1, "unchanged": 1 }));
    assert_eq!(
        plan["changes"],
        json!([
            { "action": "create", "id": null, "name": "New", "fields": [
                { "field": "name", "before": null, "after": "New", "added": [], "removed": [] },
                { "field": "allowedRedirectUris", "before": null, "after": ["https://new.example.com/cb"],
                  "added": ["https://new.example.com/cb"], "removed": [] },
                { "field": "allowedRedirectDomains", "before": null, "after": ["new.example.com"],
                  "added": ["new.example.com"], "removed": [] },
            ] },
            { "action": "update", "id": id(2), "name": "Shop", "fields": [
                { "field": "description", "before": null, "after": "The shop", "added": [], "removed": [] },
                { "field": "allowedRedirectUris", "before": [CB, "https://gone.example.com/"],
                  "after": [CB, "https://shop.example.com/2"], "added": ["https://shop.example.com/2"],
                  "removed": ["https://gone.example.com/"] },
            ] },
            { "action": "delete", "id": id(1), "name": "Old", "fields": [
                { "field": "name", "before": "Old", "after": null, "added": [], "removed": [] },
                { "field": "allowedRedirectDomains", "before": ["old.example.com"], "after": null, "added": [],
                  "removed": ["old.example.com"] },
                { "field": "allowSecretGeneration", "before": true, "after": null, "added": [], "removed": [] },
            ] },
        ])
    );
    assert_eq!(
        plan["steps"][1],
        json!({ "app": 1, "calls": [{ "call": "updateOAuthApp", "id": id(2), "patch": {
            "description": "The shop", "allowedRedirectUris": [CB, "https://shop.example.com/2"] } }] })
    );
    assert_eq!(plan["steps"][2]["calls"], json!([{ "call": "deleteOAuthApp", "id": id(1) }]));
    assert_eq!(planned(&config, &made(&apps, &plan))["changes"], json!([]));
}

#[test]
fn an_app_is_found_by_id_then_by_a_shared_entry_then_by_name() {
    let apps = json!([
        app(1, "One", &["https://one.example.com/cb"], &[]),
        app(2, "Two", &["https://two.example.com/cb"], &["two.example.com"]),
        app(3, "Three", &["http://localhost:3000/cb", "https://*-x.example.com/cb"], &["localhost:3000"]),
    ]);
    for (wanted, expected) in [
        (
            json!([{ "id": id(1).to_uppercase(), "name": "Two",
                "allowedRedirectUris": ["https://two.example.com/cb"] }]),
            "update 00000001",
        ),
        (json!([{ "name": "One", "allowedRedirectUris": ["https://two.example.com/cb"] }]), "update 00000002"),
        (json!([{ "name": "Z2", "allowedRedirectDomains": ["https://TWO.example.com"] }]), "update 00000002"),
        (
            json!([{ "name": "Z3", "allowedRedirectUris": ["http://localhost:3000/cb",
                "https://*-x.example.com/cb"] }]),
            "create Z3",
        ),
        (json!([{ "name": "One", "allowedRedirectUris": ["https://new.example.com/cb"] }]), "update 00000001"),
        (json!([{ "id": id(7), "name": "Z4" }]), "create Z4"),
    ] {
        assert_eq!(actions(&planned(&config(&wanted), &apps)), [expected], "{wanted}");
    }
    let warned = planned(&config(&json!([{ "id": id(7), "name": "Z4" }])), &apps);
    assert_eq!(warned["warnings"][0]["rule"], "UNKNOWN_ID");
    let renamed = planned(&config(&json!([{ "name": "Z2", "allowedRedirectDomains": ["two.example.com"] }])), &apps);
    assert_eq!(renamed["warnings"][0]["rule"], "RENAMED");
    let error = refused(&config(&json!([{ "id": id(7) }])), &apps);
    assert!(error.message.contains("no name to create one with"), "{error}");
}

#[test]
fn a_shared_uri_counts_more_than_a_shared_domain() {
    let shop = ["shop.example.com"];
    let apps = json!([app(1, "Web", &[CB], &shop), app(2, "Mobile", &["https://shop.example.com/m"], &shop)]);
    let wanted = json!([
        { "name": "Phone", "allowedRedirectUris": ["https://shop.example.com/m"], "allowedRedirectDomains": shop },
        { "name": "Web", "allowedRedirectUris": [CB], "allowedRedirectDomains": shop },
        { "name": "Desk", "allowedRedirectUris": ["https://shop.example.com/d"], "allowedRedirectDomains": shop },
    ]);
    assert_eq!(actions(&planned(&config(&wanted), &apps)), ["update 00000002", "create Desk"]);
}

#[test]
fn apps_that_cannot_be_told_apart_are_refused_with_the_candidates() {
    let shop = ["shop.example.com"];
    let apps =
        json!([app(1, "AA", &[], &shop), app(2, "BB", &[], &shop), app(3, "Twin", &[], &[]), app(4, "Twin", &[], &[])]);
    for (wanted, paths, candidates) in [
        (json!([{ "name": "Shop", "allowedRedirectDomains": shop }]), vec!["apps[0]"], vec![1, 2]),
        (json!([{ "name": "Twin" }]), vec!["apps[0]"], vec![3, 4]),
        (json!([{ "id": id(1) }, { "name": "AA", "description": "x" }]), vec!["apps[1]"], vec![1]),
    ] {
        let error = refused(&config(&wanted), &apps);
        assert_eq!(error.code, Code::Conflict);
        let places: Vec<_> = error.violations.iter().map(|fault| fault.path.to_string()).collect();
        let ids: Vec<_> = error.candidates.iter().map(|candidate| candidate.id.clone()).collect();
        assert_eq!(
            (places, ids),
            (paths.iter().map(|path| (*path).to_owned()).collect(), candidates.into_iter().map(id).collect())
        );
        assert!(error.message.contains("00000"), "{error}");
    }
    let one = json!([app(1, "AA", &[], &["a.example.com", "b.example.com"])]);
    let wanted = json!([
        { "name": "XX", "allowedRedirectDomains": ["a.example.com"] }, { "name": "YY",
            "allowedRedirectDomains": ["b.example.com"] },
    ]);
    let error = refused(&config(&wanted), &one);
    assert!(error.message.contains("and so has apps[1]") && error.violations.len() == 2, "{error}");
    // Both would be created, and a second run could not tell them apart.
    let error = refused(&config(&json!([{ "id": id(7), "name": "Twin 2" }, { "id": id(8), "name": "Twin 2" }])), &one);
    assert!(error.message.contains("apps[1] has the name of apps[0]"), "{error}");
    // Renamed apart, the name is free for a new app.
    let wanted = json!([{ "id": id(1), "name": "ZZ" }, { "name": "AA" }]);
    assert_eq!(actions(&planned(&config(&wanted), &one)), ["update 00000001", "create AA"]);
}

#[test]
fn a_plan_that_the_next_plan_could_not_follow_is_refused() {
    let (desk, both) = ("https://desk.example.com/cb", "https://both.example.com/cb");
    let renamed = config(&json!([
        { "id": id(7), "name": "Desk", "allowedRedirectUris": [CB, both] },
        { "id": id(8), "name": "Desk", "allowedRedirectUris": [desk] },
    ]));
    let error = refused(&renamed, &json!([app(1, "Shop", &[CB], &[])]));
    assert_eq!(error.code, Code::Conflict);
    assert!(error.message.contains("apps[1] has the name of apps[0], which is the site's app Shop"), "{error:?}");

    let shared = config(&json!([
        { "id": id(7), "name": "Desk", "allowedRedirectUris": [CB, both] },
        { "id": id(8), "name": "Desk", "allowedRedirectUris": [desk, both] },
    ]));
    let site = json!([app(1, "Desk", &[CB], &[]), app(2, "Desk", &[desk], &[])]);
    let error = refused(&shared, &site);
    assert_eq!(error.code, Code::Conflict);
    assert!(
        error.message.contains("apps[1] would not be found again after this plan: it may be any of several apps"),
        "{error:?}"
    );
    assert!(error.message.contains("Give it the id of the one that is meant"), "{error:?}");
}

#[test]
fn entries_are_compared_by_what_they_mean() {
    let held = app(1, "Shop", &["https://shop.example.com/cb"], &["shop.example.com", "localhost:3000"]);
    for (fields, is_same) in [
        (json!({ "allowedRedirectUris": ["HTTPS://Shop.Example.com:443/cb"] }), true),
        (json!({ "allowedRedirectUris": ["https://shop.example.com/cb/"] }), false),
        (json!({ "allowedRedirectDomains": ["http://localhost:3000", "https://shop.example.com"] }), true),
        (json!({ "allowedRedirectDomains": ["localhost:3000", "shop.example.com:8443"] }), false),
        (json!({ "allowedRedirectUris": [] }), false),
        (
            json!({ "loginUrl": null, "description": "", "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED",
                "allowedDomains": [] }),
            true,
        ),
        (json!({ "loginUrl": "https://shop.example.com/login" }), false),
        (json!({ "allowSecretGeneration": null }), true),
        (json!({ "name": " Shop" }), true),
    ] {
        let mut wanted = fields.clone();
        wanted["id"] = json!(id(1));
        let changes = planned(&config(&json!([wanted])), &json!([held]));
        assert_eq!(changes["changes"].as_array().unwrap().is_empty(), is_same, "{fields}");
    }
}

#[test]
fn an_entry_that_is_not_in_normal_form_is_compared_byte_for_byte() {
    let held = app(1, "Shop", &["HTTPS://shop.example.com/cb"], &[]);
    let wanted = |uris: &[&str]| config(&json!([{ "id": id(1), "allowedRedirectUris": uris }]));
    let plan = planned(&wanted(&[CB]), &json!([held]));
    assert_eq!(plan["changes"][0]["fields"][0]["after"], json!([CB]));
    assert_eq!(planned(&wanted(&["HTTPS://shop.example.com/cb"]), &json!([held]))["changes"], json!([]));
}

#[test]
fn other_entries_stay_with_include_and_ignored_ones_always() {
    let held = app(
        1,
        "Shop",
        &["https://x-team.vercel.app/cb", "https://b.example.com/cb"],
        &["x-team.vercel.app", "b.example.com"],
    );
    let wanted = |redirects: &str| {
        config(&json!([{ "id": id(1), "redirects": redirects, "allowedRedirectUris": [CB],
            "allowedRedirectDomains": ["shop.example.com"], "ignore": ["https://*-team.vercel.app/**",
                "*-team.vercel.app"] }]))
    };
    let fields = |redirects| planned(&wanted(redirects), &json!([held]))["changes"][0]["fields"].clone();
    assert_eq!(fields("exact")[0]["after"], json!(["https://x-team.vercel.app/cb", CB]));
    assert_eq!(fields("exact")[1]["removed"], json!(["b.example.com"]));
    assert_eq!(fields("include")[0]["after"], json!(["https://x-team.vercel.app/cb", "https://b.example.com/cb", CB]));
    assert_eq!(fields("include")[1]["removed"], json!([]));
    // An entry that the file both lists and ignores is not added, to a new app either.
    let both = config(&json!([{ "name": "New", "allowedRedirectUris": ["https://x-team.vercel.app/cb"],
            "ignore": ["*-team.vercel.app"] }]));
    assert_eq!(planned(&both, &json!([]))["steps"][0]["calls"][0]["draft"]["allowedRedirectUris"], json!([]));
}

#[test]
fn a_list_that_gets_too_long_says_how_to_make_room() {
    let previews: Vec<String> = (0..20).map(|at| format!("https://p{at}-team.vercel.app/cb")).collect();
    let held = app(1, "Shop", &previews.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let wanted = config(&json!([{ "id": id(1), "redirects": "include", "allowedRedirectUris": [CB] }]));
    let error = refused(&wanted, &json!([held]));
    assert_eq!(
        (error.code, error.violations[0].path.to_string()),
        (Code::Conflict, "apps[0].allowedRedirectUris".to_owned())
    );
    assert!(error.message.contains("would have 21") && error.message.contains("preview prune"), "{error}");
    let exact = config(&json!([{ "id": id(1), "allowedRedirectUris": [CB] }]));
    assert_eq!(actions(&planned(&exact, &json!([held]))), ["update 00000001"]);
}

#[test]
fn a_list_with_a_kept_entry_that_the_library_refuses_is_changed_entry_by_entry() {
    let held = app(1, "Shop", &["/device/callback", "https://b.example.com/cb"], &[]);
    let wanted =
        config(&json!([{ "id": id(1), "redirects": "include", "description": "x", "allowedRedirectUris": [CB] }]));
    let plan = planned(&wanted, &json!([held]));
    assert_eq!(
        plan["steps"][0]["calls"],
        json!([
            { "call": "updateOAuthApp", "id": id(1), "patch": { "description": "x" } },
            { "call": "allowRedirects", "id": id(1), "entries": { "uris": [CB], "domains": [] } },
        ])
    );
    assert_eq!(planned(&wanted, &made(&json!([held]), &plan))["changes"], json!([]));
}

#[test]
fn an_app_of_the_service_that_cannot_be_read_is_an_error() {
    for apps in
        [json!({}), json!([{ "name": "x" }]), json!([{ "id": id(1), "name": "Shop", "allowedRedirectUris": [5] }])]
    {
        let error = refused(&config(&json!([{ "name": "Shop", "allowedRedirectUris": [CB] }])), &apps);
        assert_eq!(error.code, Code::BadResponse, "{apps}");
    }
}
