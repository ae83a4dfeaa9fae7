//! The options that change how fields are checked and stored.

use serde_json::{Value, json};

use super::{options, pairs, violations};
use crate::testing::client::TestClient;

#[test]
fn undocumented_limits_and_custom_schemes_are_options() {
    let mut client = TestClient::with(options(json!({
        "maxAllowedDomains": 1, "maxOriginLength": 5, "customSchemes": false,
    })));
    let app = json!({ "name": "My app", "allowedDomains": ["a", "b"], "origin": "longer",
                      "allowedRedirectUris": ["myapp://callback", "http://localhost:3000/callback"] });
    let expected = [
        ("oAuthApp.allowedRedirectUris[0]", "FORMAT"),
        ("oAuthApp.allowedDomains", "MAX_SIZE"),
        ("oAuthApp.origin", "MAX_LENGTH"),
    ];
    assert_eq!(violations(client.call("POST", "", &json!({ "oAuthApp": app }))), pairs(&expected));
    // A snapshot of an emulator with other options can be restored.
    let mut lenient = TestClient::with(options(json!({ "maxAllowedDomains": 30, "maxOriginLength": 300 })));
    lenient.create(&json!({ "name": "My app", "allowedDomains": vec!["a"; 30], "origin": "o".repeat(300) }));
    client.emulator.restore(&lenient.emulator.snapshot()).unwrap();
}

#[test]
fn the_names_of_violated_rules_are_an_option() {
    let app = json!({ "name": "", "allowedRedirectUris": ["x"], "applicationType": "NONE", "origin": "o".repeat(257) });
    let rules = |rule_names: Value| {
        let mut client = TestClient::with(options(json!({ "ruleNames": rule_names })));
        let of_app = violations(client.call("POST", "", &json!({ "oAuthApp": app })));
        let of_query = violations(client.call("POST", "/query", &json!({ "query": { "paging": { "limit": 101 } } })));
        let mut rules: Vec<_> =
            of_app.into_iter().chain(of_query).map(|(_, rule)| rule.as_str().unwrap().to_owned()).collect();
        rules.sort_unstable();
        rules.join(" ")
    };
    assert_eq!(rules(json!({})), "FORMAT INVALID_ENUM_VALUE MAX MAX_LENGTH REQUIRED_FIELD");
    assert_eq!(
        rules(json!({ "nameMissing": null, "nameTooLong": "TOO_LONG" })),
        "FORMAT INVALID_ENUM_VALUE MAX REQUIRED_FIELD TOO_LONG"
    );
    let all = json!({
        "nameMissing": "A", "nameTooShort": "B", "nameTooLong": "C", "tooManyUris": "D", "malformedUri": "E",
        "pageTooLarge": "F", "unknownEnumValue": "G", "readOnlyInMask": "H",
    });
    assert_eq!(rules(all.clone()), "A C E F G");
    let mut client = TestClient::with(options(json!({ "ruleNames": all })));
    let too_many = json!({ "name": "a", "allowedRedirectUris": vec!["https://a.example/"; 101] });
    let found = violations(client.call("POST", "", &json!({ "oAuthApp": too_many })));
    assert_eq!(found, pairs(&[("oAuthApp.name", "B"), ("oAuthApp.allowedRedirectUris", "D")]));
    let app = client.create(&json!({ "name": "My app" }));
    let update = json!({ "oAuthApp": { "id": app["id"] }, "mask": { "paths": ["id"] } });
    let found = violations(client.call("PATCH", &format!("/{}", app["id"].as_str().unwrap()), &update));
    assert_eq!(found[0].1, "H");
}

#[test]
fn an_option_copies_one_domain_list_to_the_other() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app", "allowedDomains": ["a.example"] }));
    assert_eq!(app["allowedRedirectDomains"], json!([]));
    for (option, from, to) in [
        ("toAllowedRedirectDomains", "allowedDomains", "allowedRedirectDomains"),
        ("fromAllowedRedirectDomains", "allowedRedirectDomains", "allowedDomains"),
    ] {
        let mut client = TestClient::with(options(json!({ "copyAllowedDomains": option })));
        let app = client.create(&json!({ "name": "My app", from: ["a.example"] }));
        assert_eq!(app[to], json!(["a.example"]), "{option}");
        let path = format!("/{}", app["id"].as_str().unwrap());
        let mut update = |given: Value, mask: &str| {
            let body = json!({ "oAuthApp": given, "mask": mask });
            client.call("PATCH", &path, &body).1["oAuthApp"][to].clone()
        };
        assert_eq!(update(json!({ from: ["b.example"] }), from), json!(["b.example"]));
        assert_eq!(update(json!({ from: ["c"], to: ["d"] }), &format!("{from},{to}")), json!(["d"]));
        assert_eq!(update(json!({}), from), json!([]));
        assert_eq!(update(json!({ to: ["e"] }), to), json!(["e"]));
    }
}

#[test]
fn an_option_normalizes_redirect_entries() {
    let mut client = TestClient::with(options(json!({ "normalizeRedirects": true })));
    let uris = json!(["HTTPS://A.Example:443", "https://a.example/"]);
    let app = client.create(&json!({ "name": "ab", "allowedRedirectUris": uris, "allowedRedirectDomains": ["A.b"] }));
    assert_eq!(app["allowedRedirectUris"], json!(["https://a.example/", "https://a.example/"]));
    assert_eq!(app["allowedRedirectDomains"], json!(["a.b"]));
}

#[test]
fn an_option_drops_or_refuses_duplicate_entries() {
    let given =
        json!({ "name": "ab", "allowedRedirectUris": ["a:b", "a:c", "a:b"], "allowedRedirectDomains": ["d", "d"] });
    let mut client = TestClient::with(options(json!({ "duplicateRedirects": "drop" })));
    let app = client.create(&given);
    assert_eq!(app["allowedRedirectUris"], json!(["a:b", "a:c"]));
    assert_eq!(app["allowedRedirectDomains"], json!(["d"]));
    let mut client = TestClient::with(options(json!({ "duplicateRedirects": "refuse" })));
    let expected = [("oAuthApp.allowedRedirectUris[2]", "OTHER"), ("oAuthApp.allowedRedirectDomains[1]", "OTHER")];
    assert_eq!(violations(client.call("POST", "", &json!({ "oAuthApp": given }))), pairs(&expected));
}
