//! The endpoints, through requests.

use serde_json::{Value, json};

use crate::options::Options;
use crate::testing::client::TestClient;

mod options;
mod secrets;

const MISSING: &str = "00000000-0000-4000-8000-00000000ffff";

fn options(value: Value) -> Options {
    Options::from_json(value).unwrap()
}

/// Returns the field and the rule of each violation. The rule is null if the violation names none.
#[track_caller]
fn violations(answer: (u16, Value)) -> Vec<(String, Value)> {
    let (status, body) = answer;
    assert_eq!(status, 400, "{body}");
    let violations = body["details"]["validationError"]["fieldViolations"].as_array().cloned();
    let violations = violations.unwrap_or_else(|| panic!("no violations: {body}"));
    violations.iter().map(|v| (v["field"].as_str().unwrap().to_owned(), v["violatedRule"].clone())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, Value)> {
    expected.iter().map(|(field, rule)| ((*field).to_owned(), json!(rule))).collect()
}

fn not_found(id: &str) -> (u16, Value) {
    let message = format!("appId was not found {id}");
    let error = json!({ "code": "NOT_FOUND", "description": message, "data": {} });
    (404, json!({ "message": message, "details": { "applicationError": error } }))
}

#[test]
fn a_created_app_has_every_field_with_a_default() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app" }));
    assert_eq!(
        app,
        json!({
            "id": "00000000-0000-4000-8000-000000000001",
            "createdDate": "2026-03-01T09:05:00.042Z",
            "name": "My app",
            "loginUrl": "",
            "allowedRedirectUris": [],
            "allowedRedirectDomains": [],
            "allowedDomains": [],
            "allowSecretGeneration": true,
            "logoutUrl": "",
            "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED",
            "technology": "OAUTH_TECHNOLOGY_UNSPECIFIED",
            "wixPagesDomainsMappings": [],
        })
    );
    let id = app["id"].as_str().unwrap();
    assert_eq!(client.call("GET", &format!("/{id}?oAuthAppId={id}"), &Value::Null), (200, json!({ "oAuthApp": app })));
}

#[test]
fn every_field_is_stored_byte_for_byte() {
    let mut client = TestClient::new();
    let given = json!({
        "name": "Ünïcode 🦀",
        "description": "",
        "loginUrl": "HTTPS://Login.example:443",
        "allowedRedirectUris": ["https://B.example/cb", "https://a.example/cb", "https://B.example/cb", "app:/cb"],
        "allowedRedirectDomains": ["Example.com", "", "localhost:4321", "Example.com"],
        "allowedDomains": ["https://(.*)-shop.example.com", "http://localhost:4321"],
        "origin": "other",
        "allowSecretGeneration": false,
        "logoutUrl": "http://localhost:3000/out",
        "applicationType": "MOBILE",
        "technology": "REACT_NATIVE",
        "wixPagesDomainsMappings": [{ "origin": "o", "destination": "d" }, { "origin": "p", "destination": "" }],
        "redirectUrlWixPages": "anything",
    });
    let mut sent = given.clone();
    sent["wixPagesDomainsMappings"][1] = json!({ "origin": "p", "other": 5 });
    // Read-only and unknown members are skipped.
    sent["id"] = json!("mine");
    sent["createdDate"] = json!(5);
    sent["secret"] = json!("mine");
    sent["revision"] = json!({ "any": "thing" });
    let app = client.create(&sent);
    let names: Vec<_> = app.as_object().unwrap().keys().map(String::as_str).collect();
    let order = wix_oauth_apps::app::FIELDS.iter().map(|field| field.name).filter(|name| *name != "secret");
    assert_eq!(names, order.collect::<Vec<_>>());
    for (name, value) in given.as_object().unwrap() {
        assert_eq!(&app[name], value, "{name}");
    }
    assert_ne!(app["id"], "mine");
}

#[test]
fn create_reports_every_violation_at_once_and_stores_nothing() {
    let mut client = TestClient::new();
    let answer = client.call(
        "POST",
        "",
        &json!({ "oAuthApp": {
            "name": "🦀",
            "loginUrl": "myapp://login",
            "logoutUrl": "x",
            "allowedRedirectUris": vec![json!("https://a.example"); 19].into_iter()
                .chain([json!("no uri"), json!("/path")]).collect::<Vec<_>>(),
            "allowedRedirectDomains": vec!["a.example"; 21],
            "applicationType": "web_app",
            "technology": "",
            "wixPagesDomainsMappings": [{ "origin": "o".repeat(2049), "destination": "d".repeat(2049) }],
            "redirectUrlWixPages": "r".repeat(1025),
        } }),
    );
    let name = &answer.1["details"]["validationError"]["fieldViolations"][0];
    assert_eq!(
        name,
        &json!({ "field": "oAuthApp.name", "description": "must have at least 2 characters",
                 "violatedRule": "MIN_LENGTH", "data": { "threshold": 2 } })
    );
    let expected = [
        ("oAuthApp.name", "MIN_LENGTH"),
        ("oAuthApp.loginUrl", "FORMAT"),
        ("oAuthApp.allowedRedirectUris", "MAX_SIZE"),
        ("oAuthApp.allowedRedirectUris[19]", "FORMAT"),
        ("oAuthApp.allowedRedirectUris[20]", "FORMAT"),
        ("oAuthApp.allowedRedirectDomains", "MAX_SIZE"),
        ("oAuthApp.logoutUrl", "FORMAT"),
        ("oAuthApp.applicationType", "INVALID_ENUM_VALUE"),
        ("oAuthApp.technology", "INVALID_ENUM_VALUE"),
        ("oAuthApp.wixPagesDomainsMappings[0].origin", "MAX_LENGTH"),
        ("oAuthApp.wixPagesDomainsMappings[0].destination", "MAX_LENGTH"),
        ("oAuthApp.redirectUrlWixPages", "MAX_LENGTH"),
    ];
    assert_eq!(violations(answer), pairs(&expected));
    assert_eq!(client.call("POST", "/query", &json!({})).1["pagingMetadata"]["total"], 0);
}

#[test]
fn values_at_the_limits_are_allowed() {
    let mut client = TestClient::new();
    for name in ["🦀🦀".to_owned(), "🦀".repeat(256)] {
        client.create(&json!({
            "name": name,
            "allowedRedirectUris": vec!["https://a.example"; 20],
            "allowedRedirectDomains": vec!["a.example"; 20],
            "wixPagesDomainsMappings": vec![json!({ "origin": "é".repeat(2048), "destination": "" }); 200],
            "redirectUrlWixPages": "é".repeat(1024),
        }));
    }
    let answer = client.call("POST", "", &json!({ "oAuthApp": { "name": "🦀".repeat(257) } }));
    assert_eq!(violations(answer), pairs(&[("oAuthApp.name", "MAX_LENGTH")]));
    let mappings = vec![json!({}); 201];
    let answer = client.call("POST", "", &json!({ "oAuthApp": { "name": "ab", "wixPagesDomainsMappings": mappings } }));
    assert_eq!(violations(answer), pairs(&[("oAuthApp.wixPagesDomainsMappings", "MAX_SIZE")]));
}

#[test]
fn create_requires_an_app_with_a_name() {
    let mut client = TestClient::new();
    for body in [Value::Null, json!({}), json!({ "oAuthApp": null }), json!({ "name": "ab" })] {
        assert_eq!(violations(client.call("POST", "", &body)), pairs(&[("oAuthApp", "REQUIRED_FIELD")]), "{body}");
    }
    for app in [json!({}), json!({ "name": null })] {
        let answer = client.call("POST", "", &json!({ "oAuthApp": app }));
        assert_eq!(violations(answer), pairs(&[("oAuthApp.name", "REQUIRED_FIELD")]));
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused_with_a_message_alone() {
    let mut client = TestClient::new();
    for (app, message) in [
        (json!([]), "oAuthApp: Expected an object"),
        (json!({ "name": 5 }), "oAuthApp.name: Expected a string"),
        (json!({ "name": ["ab"] }), "oAuthApp.name: Expected a string"),
        (json!({ "loginUrl": true }), "oAuthApp.loginUrl: Expected a string"),
        (json!({ "allowSecretGeneration": "true" }), "oAuthApp.allowSecretGeneration: Expected a boolean"),
        (json!({ "applicationType": 1 }), "oAuthApp.applicationType: Expected a string"),
        (json!({ "allowedRedirectUris": "https://a" }), "oAuthApp.allowedRedirectUris: Expected a list"),
        (json!({ "allowedRedirectUris": ["https://a", null] }), "oAuthApp.allowedRedirectUris[1]: Expected a string"),
        (json!({ "allowedRedirectDomains": [{}] }), "oAuthApp.allowedRedirectDomains[0]: Expected a string"),
        (json!({ "wixPagesDomainsMappings": ["o"] }), "oAuthApp.wixPagesDomainsMappings[0]: Expected an object"),
        (
            json!({ "wixPagesDomainsMappings": [{ "origin": 5 }] }),
            "oAuthApp.wixPagesDomainsMappings[0].origin: Expected a string",
        ),
    ] {
        assert_eq!(client.call("POST", "", &json!({ "oAuthApp": app })), (400, json!({ "message": message })));
    }
}

#[test]
fn an_update_sets_the_masked_fields_alone() {
    let mut client = TestClient::new();
    let app = client.create(&json!({
        "name": "Before", "description": "before", "loginUrl": "https://before.example",
        "allowedRedirectUris": ["https://a.example", "https://b.example"], "technology": "VUE",
    }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    let names = ["name", "loginUrl", "allowedRedirectUris", "technology", "description"];
    for mask in [json!({ "paths": names }), json!(names.join(","))] {
        let given = json!({
            "id": app["id"], "name": "After", "description": null, "allowedRedirectUris": ["https://c.example"],
            "logoutUrl": "https://unmasked.example",
        });
        let (status, body) = client.call("PATCH", &path, &json!({ "oAuthApp": given, "mask": mask }));
        assert_eq!(status, 200);
        let mut expected = app.clone();
        expected["name"] = json!("After");
        expected["allowedRedirectUris"] = json!(["https://c.example"]);
        expected["technology"] = json!("OAUTH_TECHNOLOGY_UNSPECIFIED");
        expected["loginUrl"] = json!("");
        expected.as_object_mut().unwrap().retain(|name, _| name != "description");
        assert_eq!(body, json!({ "oAuthApp": expected }));
        assert_eq!(client.call("GET", &path, &Value::Null).1, body);
    }
}

#[test]
fn an_update_without_a_mask_succeeds_and_changes_nothing() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "Before" }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    for mask in [json!(null), json!(""), json!({}), json!({ "paths": [] })] {
        let body = json!({ "oAuthApp": { "name": "After" }, "mask": mask });
        assert_eq!(client.call("PATCH", &path, &body), (200, json!({ "oAuthApp": app })));
    }
    let answer = client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "After" } }));
    assert_eq!(answer, (200, json!({ "oAuthApp": app })));
}

#[test]
fn update_reports_every_violation_at_once_and_changes_nothing() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "Before" }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    let body = json!({
        "oAuthApp": { "id": MISSING, "description": "after", "loginUrl": "x" },
        "mask": "description,id,nope,name",
    });
    let expected = [
        ("oAuthApp.id", "OTHER"),
        ("oAuthApp.loginUrl", "FORMAT"),
        ("mask.paths[1]", "FIELD_NOT_ALLOWED"),
        ("mask.paths[2]", "OTHER"),
        ("oAuthApp.name", "REQUIRED_FIELD"),
    ];
    assert_eq!(violations(client.call("PATCH", &path, &body)), pairs(&expected));
    assert_eq!(violations(client.call("PATCH", &path, &json!({}))), pairs(&[("oAuthApp", "REQUIRED_FIELD")]));
    assert_eq!(client.call("GET", &path, &Value::Null).1, json!({ "oAuthApp": app }));
}

#[test]
fn an_unknown_id_is_not_found_and_a_malformed_one_is_refused() {
    let mut client = TestClient::new();
    let missing = format!("/{MISSING}");
    for (method, path, body) in [
        ("GET", missing.clone(), Value::Null),
        ("PATCH", missing.clone(), json!({ "oAuthApp": { "id": MISSING } })),
        ("DELETE", missing.clone(), Value::Null),
        ("POST", format!("{missing}/generate-secret"), json!({ "oAuthAppId": MISSING })),
    ] {
        assert_eq!(client.call(method, &path, &body), not_found(MISSING), "{method}");
    }
    for (method, path, body, field) in [
        ("GET", "/x", Value::Null, "oAuthAppId"),
        ("PATCH", "/x", json!({ "oAuthApp": {} }), "oAuthApp.id"),
        ("DELETE", "/%2e%2e", Value::Null, "oAuthAppId"),
        ("POST", "/x/generate-secret", json!({}), "oAuthAppId"),
    ] {
        assert_eq!(violations(client.call(method, path, &body)), pairs(&[(field, "FORMAT")]), "{method}");
    }
}

#[test]
fn a_deleted_app_is_not_found() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app" }));
    let id = app["id"].as_str().unwrap();
    let path = format!("/{id}?oAuthAppId={id}");
    assert_eq!(client.call("DELETE", &path, &Value::Null), (200, json!({})));
    assert_eq!(client.call("DELETE", &path, &Value::Null), not_found(id));
    assert_eq!(client.call("GET", &path, &Value::Null), not_found(id));
}

#[test]
fn an_empty_string_unsets_a_url_and_a_required_name_cannot_be_empty() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app", "loginUrl": "https://a.example/in", "logoutUrl": "" }));
    assert_eq!((&app["loginUrl"], &app["logoutUrl"]), (&json!("https://a.example/in"), &json!("")));
    let path = format!("/{}", app["id"].as_str().unwrap());
    let (status, body) = client.call("PATCH", &path, &json!({ "oAuthApp": { "loginUrl": "" }, "mask": "loginUrl" }));
    assert_eq!((status, &body["oAuthApp"]["loginUrl"]), (200, &json!("")));
    for given in [json!({}), json!({ "name": "" }), json!({ "name": null })] {
        let (status, body) = client.call("POST", "", &json!({ "oAuthApp": given }));
        assert_eq!((status, &body["message"]), (400, &json!("oAuthApp.name must not be empty")), "{given}");
        assert_eq!(body["details"]["validationError"]["fieldViolations"][0]["violatedRule"], "REQUIRED_FIELD");
    }
}

#[test]
fn every_bound_has_its_rule_and_its_threshold() {
    let mut client = TestClient::new();
    let uris: Vec<_> = (0..21).map(|at| format!("https://a.example/{at}")).collect();
    for (field, value, rule, threshold) in [
        ("name", json!("n"), "MIN_LENGTH", 2),
        ("name", json!("n".repeat(257)), "MAX_LENGTH", 256),
        ("allowedRedirectUris", json!(uris), "MAX_SIZE", 20),
        ("allowedRedirectDomains", json!(vec!["a.example"; 21]), "MAX_SIZE", 20),
        ("allowedDomains", json!(vec!["a.example"; 21]), "MAX_SIZE", 20),
        ("origin", json!("o".repeat(257)), "MAX_LENGTH", 256),
        ("redirectUrlWixPages", json!("r".repeat(1_025)), "MAX_LENGTH", 1_024),
        ("wixPagesDomainsMappings", json!(vec![json!({}); 201]), "MAX_SIZE", 200),
    ] {
        let mut app = json!({ "name": "My app" });
        app[field] = value;
        let (status, body) = client.call("POST", "", &json!({ "oAuthApp": app }));
        let violations = body["details"]["validationError"]["fieldViolations"].as_array().unwrap();
        assert_eq!((status, violations.len()), (400, 1), "{body}");
        assert_eq!(violations[0]["field"], format!("oAuthApp.{field}"));
        assert_eq!(violations[0]["violatedRule"], rule, "{field}");
        assert_eq!(violations[0]["data"], json!({ "threshold": threshold }), "{field}");
    }
}

#[test]
fn entries_that_match_hosts_of_strangers_are_stored_with_a_warning_in_the_log() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app", "allowedRedirectDomains": ["vercel.app", "shop.example.com"] }));
    assert_eq!(app["allowedRedirectDomains"], json!(["vercel.app", "shop.example.com"]));
    let path = format!("/{}", app["id"].as_str().unwrap());
    client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "Renamed" }, "mask": "name" }));
    client.call("POST", "", &json!({ "oAuthApp": { "allowedRedirectDomains": ["vercel.app"] } }));
    let warnings: Vec<_> = client.emulator.requests().map(|request| request.warnings.clone()).collect();
    assert_eq!(warnings.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 0]);
    assert!(warnings[0][0].starts_with("oAuthApp.allowedRedirectDomains[0] (vercel.app)"), "{warnings:?}");
}

#[test]
fn an_id_that_is_taken_is_not_assigned_again() {
    let mut client = TestClient::new();
    client.host.count = None;
    let first = client.create(&json!({ "name": "First" }));
    let (status, body) = client.call("POST", "", &json!({ "oAuthApp": { "name": "Second" } }));
    assert_eq!((status, &body["details"]["applicationError"]["code"]), (409, &json!("ABORTED")));
    let path = format!("/{}", first["id"].as_str().unwrap());
    assert_eq!(client.call("GET", &path, &Value::Null).1["oAuthApp"], first);
}
