//! The records of grants: they survive a restart and contain no secret.

use serde_json::{Value, json};

use crate::options::Options;
use crate::snapshot::Snapshot;
use crate::store::journal::Record;
use crate::testing::client::{TestClient, VERIFIER};

const CALLBACK: &str = "https://shop.example.com/callback";

/// Issues grants of every kind. Returns the client, the ID of the app, and the texts of the grants.
fn issued() -> (TestClient, String, Vec<String>) {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &["shop.example.com"]);
    let (access, refresh) = client.visitor(&id);
    let (member_access, member_refresh) = client.member(&id, CALLBACK);
    let code = client.code(&id, CALLBACK);
    let body = json!({ "loginId": { "email": "new@example.com" }, "password": "a-password" });
    let (_, login) = client.post("/_api/iam/authentication/v2/register", &access, &body);
    let (_, session) = client.post("/headless/v1/redirect-session", &access, &json!({ "login": {} }));
    let texts = [&login["sessionToken"], &session["redirectSession"]["sessionToken"]]
        .map(|text| text.as_str().unwrap().to_owned());
    let secrets = [access, refresh, member_access, member_refresh, code, "a-password".to_owned()];
    (client, id, secrets.into_iter().chain(texts).collect())
}

#[test]
fn no_record_contains_a_secret() {
    let (mut client, _, secrets) = issued();
    let snapshot = serde_json::to_string(&client.emulator.snapshot()).unwrap();
    let changes = serde_json::to_string(&client.emulator.changes()).unwrap();
    for kind in ["grant/", "code/", "session/", "member/"] {
        assert!(snapshot.contains(kind) && changes.contains(kind), "{kind}");
    }
    for secret in secrets {
        assert!(!snapshot.contains(&secret) && !changes.contains(&secret), "{secret}");
    }
}

#[test]
fn grants_survive_a_restart() {
    let (mut first, id, secrets) = issued();
    let records = first.emulator.changes().into_iter();
    let records: Vec<_> = records.map(|change| Record { key: change.key, value: change.value.unwrap() }).collect();
    let mut second = TestClient::new();
    second.emulator.load(&records).unwrap();
    for token in &secrets[..4] {
        assert_eq!(second.info(token), first.info(token));
        assert_eq!(second.info(token)["active"], true);
    }
    let params = json!({
        "grantType": "authorization_code", "clientId": id, "code": secrets[4], "codeVerifier": VERIFIER,
        "redirectUri": CALLBACK,
    });
    assert_eq!(second.token(&params).0, 200);
    let body = json!({ "loginId": { "email": "new@example.com" }, "password": "a-password" });
    assert_eq!(second.post("/_api/iam/authentication/v2/login", &secrets[0], &body).0, 200);
    let changed: Vec<_> =
        second.emulator.changes().into_iter().map(|change| (change.key, change.value.is_some())).collect();
    assert_eq!(changed.iter().filter(|(key, kept)| key.starts_with("code/") && !kept).count(), 1, "{changed:?}");
}

#[test]
fn deleting_an_app_removes_the_records_of_its_grants() {
    let (mut client, id, _) = issued();
    client.emulator.changes();
    client.call("DELETE", &format!("/{id}"), &Value::Null);
    let state = json!(client.emulator.snapshot());
    let keys: Vec<_> = state["records"].as_object().unwrap().keys().collect();
    assert!(keys.iter().all(|key| key.starts_with("member/")), "{keys:?}");
    let changes = client.emulator.changes();
    assert!(changes.len() > 5 && changes.iter().all(|change| change.value.is_none()), "{}", changes.len());
}

#[test]
fn a_snapshot_restores_revoked_grants() {
    let (mut client, id, secrets) = issued();
    let state = Snapshot::from_json(json!(client.emulator.snapshot())).unwrap();
    client.call("DELETE", &format!("/{id}"), &Value::Null);
    assert_eq!(client.info(&secrets[0])["active"], false);
    client.emulator.restore(&state).unwrap();
    assert_eq!(client.info(&secrets[0])["active"], true);
    client.emulator.reset();
    assert_eq!(client.info(&secrets[0])["active"], false);
}

#[test]
fn an_invalid_record_is_named() {
    let mut client = TestClient::with(Options::default());
    for (key, value) in [
        ("grant/x", "{}"),
        ("code/x", "[]"),
        ("session/x", "null"),
        ("member/x", r#"{"email":5}"#),
        ("webhook/x", "{}"),
        ("event/last", "{}"),
    ] {
        let record = Record { key: key.to_owned(), value: value.to_owned() };
        let error = client.emulator.load(&[record]).unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
}
