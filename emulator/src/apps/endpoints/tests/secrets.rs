//! Client secrets.

use serde_json::{Value, json};

use super::{MISSING, options, pairs, violations};
use crate::testing::client::TestClient;

#[test]
fn a_generated_secret_is_returned_once() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app" }));
    let id = app["id"].as_str().unwrap();
    let path = format!("/{id}/generate-secret");
    let (status, body) = client.call("POST", &path, &json!({ "oAuthAppId": id }));
    let secret = body["oAuthAppSecret"].as_str().unwrap();
    assert_eq!((status, secret.len(), body.as_object().unwrap().len()), (200, 36, 1));
    let (_, got) = client.call("GET", &format!("/{id}"), &Value::Null);
    assert_eq!(got["oAuthApp"]["allowSecretGeneration"], false);
    assert!(!got.to_string().contains(secret));
    assert!(!json!(client.emulator.snapshot()).to_string().contains(secret));

    let (status, body) = client.call("POST", &path, &Value::Null);
    assert_eq!((status, &body["details"]["applicationError"]["code"]), (409, &json!("ALREADY_EXISTS")));
    // If the field allows it, another secret can be generated. A cleared field is false after a generation.
    let allow = json!({ "oAuthApp": { "allowSecretGeneration": true }, "mask": "allowSecretGeneration" });
    assert_eq!(client.call("PATCH", &format!("/{id}"), &allow).1["oAuthApp"]["allowSecretGeneration"], true);
    assert_eq!(client.call("POST", &path, &Value::Null).0, 200);
    let clear = json!({ "oAuthApp": {}, "mask": "allowSecretGeneration" });
    assert_eq!(client.call("PATCH", &format!("/{id}"), &clear).1["oAuthApp"]["allowSecretGeneration"], false);

    let answer = client.call("POST", &path, &json!({ "oAuthAppId": MISSING }));
    assert_eq!(violations(answer), pairs(&[("oAuthAppId", "OTHER")]));
}

#[test]
fn a_create_returns_a_secret_and_allows_to_generate_another() {
    let mut client = TestClient::new();
    let app = client.call("POST", "", &json!({ "oAuthApp": { "name": "My app" } })).1["oAuthApp"].take();
    let secret = app["secret"].as_str().unwrap();
    assert!(wix_oauth_apps::app::is_guid(secret), "{secret}");
    assert_eq!(app["allowSecretGeneration"], true);
    for (method, path, body) in
        [("GET", format!("/{}", app["id"].as_str().unwrap()), Value::Null), ("POST", "/query".to_owned(), json!({}))]
    {
        let (_, body) = client.call(method, &path, &body);
        assert!(body.to_string().contains("My app") && !body.to_string().contains(secret), "{body}");
    }
}

#[test]
fn the_secret_of_a_create_is_valid_until_another_is_generated() {
    let mut client = TestClient::new();
    let app = client.call("POST", "", &json!({ "oAuthApp": { "name": "My app" } })).1["oAuthApp"].take();
    let path = format!("/{}", app["id"].as_str().unwrap());
    let token = |client: &mut TestClient, secret: &Value| {
        client.token(&json!({ "clientId": app["id"], "clientSecret": secret, "grantType": "client_credentials" })).0
    };
    assert_eq!(token(&mut client, &app["secret"]), 200);
    // A cleared field is true as long as no secret was generated, also after a restart.
    let clear = json!({ "oAuthApp": {}, "mask": "allowSecretGeneration" });
    let state = client.emulator.snapshot();
    client.emulator.restore(&state).unwrap();
    assert_eq!(client.call("PATCH", &path, &clear).1["oAuthApp"]["allowSecretGeneration"], true);
    let (_, generated) = client.call("POST", &format!("{path}/generate-secret"), &Value::Null);
    assert_eq!(token(&mut client, &app["secret"]), 400);
    assert_eq!(token(&mut client, &generated["oAuthAppSecret"]), 200);
    let state = client.emulator.snapshot();
    client.emulator.restore(&state).unwrap();
    assert_eq!(client.call("PATCH", &path, &clear).1["oAuthApp"]["allowSecretGeneration"], false);
}

#[test]
fn an_option_omits_the_secret_of_a_create() {
    let mut client = TestClient::with(options(json!({ "secretOnCreate": false })));
    let (_, body) = client.call("POST", "", &json!({ "oAuthApp": { "name": "My app" } }));
    assert_eq!(body["oAuthApp"].get("secret"), None);
    assert!(!json!(client.emulator.snapshot()).to_string().contains("secret"));
}

#[test]
fn a_secret_cannot_be_read() {
    let mut client = TestClient::new();
    let app = client.create(&json!({ "name": "My app" }));
    let path = format!("/{}/secret", app["id"].as_str().unwrap());
    let (status, body) = client.call("GET", &path, &Value::Null);
    assert_eq!((status, &body["details"]["applicationError"]["code"]), (403, &json!("PERMISSION_DENIED")));
}
