use super::*;

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";

fn faults(value: &Value) -> Vec<String> {
    let error = read(value, &Variables::default(), &Platform::PLAIN).unwrap_err();
    assert_eq!(error.code, Code::Config);
    let errors = error.violations.iter().filter(|fault| !fault.is_warning);
    errors.map(|fault| format!("{} {}", fault.rule, fault.path)).collect()
}

fn message(value: &Value) -> String {
    read(value, &Variables::default(), &Platform::PLAIN).unwrap_err().message
}

fn warnings(value: &Value) -> Vec<String> {
    let (_, warnings) = read(value, &Variables::default(), &Platform::PLAIN).unwrap();
    warnings.iter().map(|fault| format!("{} {}", fault.rule, fault.path)).collect()
}

#[test]
fn the_documented_file_is_read() {
    let value = json!({
        "$schema": "node_modules/wix-oauth-apps-cli/schema.json",
        "apps": [{
            "name": "Storefront",
            "allowedRedirectUris": [
                "https://shop.example.com/api/auth/callback", "${PREVIEW_URL:-http://localhost:3000}/api/auth/callback",
            ],
            "allowedRedirectDomains": ["shop.example.com"],
            "redirects": "exact",
            "ignore": ["https://*-team.vercel.app/**", "*-team.vercel.app"],
        }, { "id": ID, "redirects": "include", "loginUrl": null }],
        "unlisted": "delete",
    });
    let (config, warnings) = read(&value, &Variables::default(), &Platform::PLAIN).unwrap();
    assert_eq!(warnings, []);
    assert!(config.deletes_unlisted && config.apps[1].keeps_others && !config.apps[0].keeps_others);
    assert_eq!(config.apps[0].entries(List::RedirectUris).unwrap()[1], "http://localhost:3000/api/auth/callback");
    assert_eq!((config.apps[1].id.as_deref(), config.apps[1].fields.get("loginUrl")), (Some(ID), Some(&Value::Null)));
    assert_eq!(read_literal(&config.to_value(), &Platform::PLAIN).unwrap(), config);
    let (least, _) = read(&json!({ "apps": [] }), &Variables::default(), &Platform::PLAIN).unwrap();
    assert_eq!(least, Config { apps: Vec::new(), deletes_unlisted: false });
}

#[test]
fn every_fault_is_reported_at_its_path() {
    let value = json!({
        "app": [], "unlisted": "remove",
        "apps": [
            { "nam": "Shop", "redirectUris": [], "redirects": "Exact", "ignore": ["*", 5, "*-team.vercel.app"] },
            { "name": "x", "allowedRedirectUris": ["https://shop.example.com/cb", "http://shop.example.com/cb", 5],
              "loginUrl": "shop.example.com", "applicationType": "web_app" },
            { "name": "Shop", "allowedRedirectDomains": "shop.example.com", "createdDate": "2026-03-01",
                "secret": "s" },
            { "name": null, "id": "x", "allowedRedirectUris": null, "ignore": "x" },
            "Shop",
            { "name": "${MISSING}", "allowedRedirectUris": ["https://${HOST}/cb", "bad"] },
        ],
    });
    let mut found = faults(&value);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "FORMAT apps[3].id",
            "NOT_ABSOLUTE apps[1].loginUrl",
            "NOT_ABSOLUTE apps[5].allowedRedirectUris[1]",
            "OUT_OF_RANGE apps[1].name",
            "PATTERN apps[0].ignore[0]",
            "PATTERN apps[0].ignore[1]",
            "PLAIN_HTTP apps[1].allowedRedirectUris[1]",
            "READ_ONLY apps[2].createdDate",
            "READ_ONLY apps[2].secret",
            "REQUIRED_FIELD apps[0].name",
            "REQUIRED_FIELD apps[3].name",
            "TYPE apps[1].allowedRedirectUris[2]",
            "TYPE apps[2].allowedRedirectDomains",
            "TYPE apps[3].allowedRedirectUris",
            "TYPE apps[3].ignore",
            "TYPE apps[4]",
            "UNDEFINED_VARIABLE apps[5].allowedRedirectUris[0]",
            "UNDEFINED_VARIABLE apps[5].name",
            "UNKNOWN_FIELD app",
            "UNKNOWN_FIELD apps[0].nam",
            "UNKNOWN_FIELD apps[0].redirectUris",
            "UNKNOWN_VALUE apps[0].redirects",
            "UNKNOWN_VALUE apps[1].applicationType",
            "UNKNOWN_VALUE unlisted",
        ]
    );
    let text = message(&value);
    for part in [
        "app is no known key; did you mean apps?",
        "apps[0].nam is no known key; did you mean name?",
        "apps[0].redirectUris is no known key; did you mean allowedRedirectUris?",
        "apps[0].redirects must be exact or include",
        "write [] to empty the list, or leave the key out to keep it",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_value_that_is_no_configuration_says_what_one_is() {
    for (value, part) in [
        (json!(null), "the file is empty"),
        (json!([]), "must be an object with the key apps, is a list"),
        (json!({}), "apps is missing"),
        (json!({ "apps": null }), "apps must be a list of apps; write [] for none; is empty"),
        (json!({ "apps": {} }), "apps must be a list of apps"),
        (json!({ "apps": [{}] }), "an app without an id must have a name"),
    ] {
        let text = message(&value);
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn an_app_stands_in_the_file_once() {
    let uri = "https://shop.example.com/cb";
    for (apps, expected) in [
        (json!([{ "id": ID }, { "id": ID.to_uppercase() }]), vec!["DUPLICATE apps[1].id"]),
        (json!([{ "name": "Shop" }, { "name": "Shop " }]), vec!["DUPLICATE apps[1].name"]),
        (json!([{ "name": "Shop", "id": ID }, { "name": "Shop" }]), vec!["DUPLICATE apps[1].name"]),
        (
            json!([
                { "name": "Shop", "allowedRedirectUris": [uri] },
                { "name": "Admin", "allowedRedirectUris": ["http://localhost:3000/cb", uri] },
            ]),
            vec!["DUPLICATE apps[1].allowedRedirectUris[1]"],
        ),
    ] {
        assert_eq!(faults(&json!({ "apps": apps })), expected);
    }
    // A domain, a loopback URI and a wildcard are what several apps can have.
    let shared = |name: &str| {
        json!({ "name": name, "allowedRedirectUris": ["http://localhost:3000/cb", "https://*-x.example.com/cb"],
                "allowedRedirectDomains": ["shop.example.com"] })
    };
    let value = json!({ "apps": [shared("Shop"), shared("Admin"), { "name": "Shop 2", "id": ID }] });
    assert!(read(&value, &Variables::default(), &Platform::PLAIN).is_ok());
}

#[test]
fn an_entry_that_is_ignored_is_doubtful() {
    let value = json!({ "apps": [{ "name": "Shop", "allowedRedirectUris": ["https://x-team.vercel.app/cb"],
                                   "ignore": ["*-team.vercel.app"] }] });
    assert_eq!(warnings(&value), ["IGNORED apps[0].allowedRedirectUris[0]"]);
}

#[test]
fn an_export_holds_what_is_set_and_a_backup_every_field() {
    let apps = [json!({
        "id": ID, "createdDate": "2026-03-01", "name": "Shop $HOME", "loginUrl": "",
            "technology": "OAUTH_TECHNOLOGY_UNSPECIFIED",
        "allowedRedirectUris": ["https://shop.example.com/cb", "https://shop.example.com/cb"],
            "allowSecretGeneration": true,
        "futureField": 1,
    })];
    assert_eq!(
        export(&apps, &Platform::PLAIN),
        json!({ "apps": [{
            "id": ID, "name": "Shop $$HOME", "allowedRedirectUris": ["https://shop.example.com/cb"],
            "allowedRedirectDomains": [],
        }] })
    );
    let backup = backup(&apps, &Platform::PLAIN);
    let app = &backup["apps"][0];
    assert_eq!((&app["loginUrl"], &app["allowedDomains"], app.get("futureField")), (&Value::Null, &json!([]), None));
    assert!(read(&backup, &Variables::default(), &Platform::PLAIN).is_ok());
}

#[test]
fn an_entry_against_the_rules_is_exported_as_ignored() {
    let app = |uris: &[&str]| json!({ "id": ID, "name": "Shop", "allowedRedirectUris": uris });
    let bad = ["http://dev.example.com/cb", "https://shop.example.com/cb"];
    let found = export(&[app(&bad)], &Platform::PLAIN);
    assert_eq!(found["apps"][0]["ignore"], json!(["http://dev.example.com/cb"]));
    assert_eq!(found["apps"][0]["allowedRedirectUris"], json!(["https://shop.example.com/cb"]));
    let found = export(&[app(&["/device/callback"])], &Platform::PLAIN);
    assert_eq!((&found["apps"][0]["redirects"], found["apps"][0].get("ignore")), (&json!("include"), None));
    assert!(read(&found, &Variables::default(), &Platform::PLAIN).is_ok());
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[$\\{\\}a-z:/.*-]{0,12}".prop_map(Value::from),
        ];
        let key = prop::sample::select(vec![
            "apps",
            "name",
            "id",
            "allowedRedirectUris",
            "allowedRedirectDomains",
            "ignore",
            "redirects",
            "unlisted",
            "wixPagesDomainsMappings",
            "origin",
            "secret",
            "a.b",
        ]);
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((key.clone(), inner), 0..5)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_refused_at_paths(value in values()) {
            if let Err(error) = read(&value, &Variables::default(), &Platform::PLAIN) {
                prop_assert!(error.violations.iter().any(|fault| !fault.is_warning));
                prop_assert!(!error.message.is_empty());
            }
        }

        #[test]
        fn an_export_is_a_configuration(
            name in "[a-z$\\{\\}]{2,10}",
            uris in prop::collection::vec("\\PC{0,15}|https://[a-z.]{1,8}/[a-z$\\{]{0,5}", 0..5),
        ) {
            let app = json!({ "id": ID, "name": name, "allowedRedirectUris": uris });
            let config = read(&export(&[app], &Platform::PLAIN), &Variables::default(), &Platform::PLAIN);
            let (config, _) = config.unwrap();
            prop_assert_eq!(config.apps[0].name(), Some(name.as_str()));
        }
    }
}

#[test]
fn the_json_schema_has_the_keys_of_the_file() {
    let schema: Value = serde_json::from_str(include_str!("../../../config.schema.json")).unwrap();
    let keys = |object: &Value| object["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let sorted = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort_unstable();
        names
    };
    let mut root = keys(&schema);
    root.sort_unstable();
    assert_eq!(root, sorted(&reader::ROOT_KEYS));
    let mut app = keys(&schema["definitions"]["app"]);
    app.sort_unstable();
    let known: Vec<&str> = reader::APP_KEYS.into_iter().chain(crate::library::writable_fields()).collect();
    assert_eq!(app, sorted(&known));
}
