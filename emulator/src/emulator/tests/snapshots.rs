//! Snapshots, and records of changes.

use serde_json::{Value, json};

use super::{OTHER_SITE, SITE, changes, client};
use crate::host::digest::sha256;
use crate::snapshot::Snapshot;
use crate::store::journal::Record;
use crate::testing::client::{CHALLENGE, VERIFIER};

#[test]
fn a_snapshot_restores_the_stored_data() {
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let first = client.create(&json!({ "name": "First", "allowedRedirectUris": ["a:b", "a:b"] }));
    let path = format!("/{}", first["id"].as_str().unwrap());
    assert_eq!(client.send("POST", &format!("{path}/generate-secret"), None).status, 200);
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    client.create(&json!({ "name": "Second" }));
    let state = client.emulator.snapshot();

    client.emulator.reset();
    assert_eq!(client.emulator.requests().count(), 0);
    assert_eq!(client.call("POST", "/query", &json!({})).1["pagingMetadata"]["total"], 0);

    // The snapshot is written and read, as in a file.
    let written = json!(state).to_string();
    let read = Snapshot::from_json(serde_json::from_str(&written).unwrap()).unwrap();
    client.emulator.restore(&read).unwrap();
    assert_eq!(client.emulator.snapshot(), state);
    assert_eq!(client.emulator.requests().count(), 1);
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"][0]["name"], "Second");
    client.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(client.send("POST", &format!("{path}/generate-secret"), None).status, 409);
}

#[test]
fn an_invalid_snapshot_is_refused_and_changes_nothing() {
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.create(&json!({ "name": "First" }));
    let before = client.emulator.snapshot();
    let good = json!(before);
    let key = good["records"].as_object().unwrap().keys().next().unwrap().clone();
    let id = key.rsplit('/').next().unwrap().to_owned();
    let app = &good["records"][&key];
    let state = |key: &str, app: &Value| json!({ "version": 1, "records": { key: app } });
    let with = |name: &str, value: Value| {
        let mut app = app.clone();
        app["oAuthApp"][name] = value;
        state(&key, &app)
    };
    let without = |name: &str| {
        let mut app = app.clone();
        app["oAuthApp"].as_object_mut().unwrap().remove(name);
        state(&key, &app)
    };
    let mut hash = app.clone();
    hash["secretSha256"] = json!("x");
    let mut twice = good.clone();
    twice["records"][format!("app/{OTHER_SITE}/{id}")] = app.clone();
    for (options, state, part) in [
        (json!([SITE]), json!(null), "state: "),
        (json!([SITE]), json!({}), "version"),
        (json!([SITE]), json!({ "version": 1, "records": {}, "more": 1 }), "more"),
        (json!([SITE]), json!({ "version": 2, "records": {} }), "version 2"),
        (json!([SITE]), json!({ "version": 1, "records": [] }), "state.records: "),
        (json!([SITE]), state("app", app), "record app: "),
        (json!([SITE]), state("thing/1", &json!({})), "record thing/1: "),
        (json!([SITE]), state(&format!("app/{OTHER_SITE}/{id}"), app), "sites"),
        (json!([SITE]), state(&format!("app/{SITE}/{OTHER_SITE}"), app), "is not the key's"),
        (json!([SITE]), state(&key, &json!([])), "record app/"),
        (json!([SITE]), state(&key, &json!({ "oAuthApp": [] })), "record app/"),
        (json!([SITE]), state("seed", &json!({ "drawn": -1 })), "record seed: "),
        (json!([SITE]), with("id", json!("x")), "oAuthApp.id"),
        (json!([SITE]), with("id", json!(null)), "oAuthApp.id"),
        (json!([SITE]), with("createdDate", json!("today")), "oAuthApp.createdDate"),
        (json!([SITE]), with("name", json!("")), "oAuthApp.name"),
        (json!([SITE]), with("name", json!(5)), "oAuthApp.name"),
        (json!([SITE]), without("id"), "oAuthApp.id is missing"),
        (json!([SITE]), without("createdDate"), "oAuthApp.createdDate is missing"),
        (json!([SITE]), without("name"), "oAuthApp.name is missing"),
        (json!([SITE]), with("secret", json!("hush")), "oAuthApp.secret"),
        (json!([SITE]), with("nope", json!(1)), "oAuthApp.nope"),
        (json!([SITE, OTHER_SITE]), twice, "another site's too"),
        (json!([SITE]), state(&key, &hash), "secretSha256"),
    ] {
        let mut other = self::client(json!({ "siteIds": options }));
        other.emulator.restore(&before).unwrap();
        let error = Snapshot::from_json(state.clone()).and_then(|state| other.emulator.restore(&state)).unwrap_err();
        assert!(error.to_string().contains(part), "{state}: {error}");
        assert_eq!(other.emulator.snapshot(), before);
    }
}

#[test]
fn changes_are_the_records_that_were_written_since_the_last_call() {
    let mut client = client(json!({ "siteIds": [SITE], "secretOnCreate": false }));
    client.emulator.load(&[]).unwrap();
    assert_eq!(changes(&mut client), []);
    let [first, second] = ["First", "Second"].map(|name| client.create(&json!({ "name": name })));
    let [first_key, second_key] = [&first, &second].map(|app| format!("app/{SITE}/{}", app["id"].as_str().unwrap()));
    let path = format!("/{}", first["id"].as_str().unwrap());
    let (_, renamed) = client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "Third" }, "mask": "name" }));
    let expected = [(second_key.clone(), json!({ "oAuthApp": second })), (first_key.clone(), renamed)];
    assert_eq!(changes(&mut client), expected);

    // Reads and refused requests change nothing.
    client.send("GET", &path, None);
    client.send("POST", "", Some("{}"));
    client.send("DELETE", &format!("/{OTHER_SITE}"), None);
    assert_eq!(changes(&mut client), []);

    client.send("POST", &format!("{path}/generate-secret"), None);
    let (key, value) = changes(&mut client).remove(0);
    assert_eq!((key, value["secretSha256"].as_str().unwrap().len()), (first_key.clone(), 64));
    client.send("DELETE", &path, None);
    assert_eq!(changes(&mut client), [(first_key, Value::Null)]);
    client.emulator.reset();
    assert_eq!(changes(&mut client), [(second_key, Value::Null)]);
}

#[test]
fn the_first_changes_are_every_record_unless_records_were_loaded() {
    let mut client = client(json!({ "siteIds": [SITE], "secretOnCreate": false }));
    let app = client.create(&json!({ "name": "First" }));
    let key = format!("app/{SITE}/{}", app["id"].as_str().unwrap());
    let value = json!({ "oAuthApp": app });
    assert_eq!(changes(&mut client), [(key.clone(), value.clone())]);
    assert_eq!(changes(&mut client), []);

    let mut other = self::client(json!({ "siteIds": [SITE] }));
    let records = [Record { key, value: value.to_string() }];
    other.emulator.load(&records).unwrap();
    assert_eq!(other.emulator.snapshot(), client.emulator.snapshot());
    assert_eq!(changes(&mut other), []);
}

#[test]
fn invalid_records_are_refused_and_change_nothing() {
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.create(&json!({ "name": "First" }));
    let before = client.emulator.snapshot();
    let record = |key: &str, value: &str| Record { key: key.to_owned(), value: value.to_owned() };
    let seed = || record("seed", r#"{"drawn":1}"#);
    for (records, part) in [
        (vec![seed(), record("app/1", "{")], "record app/1: is not JSON: "),
        (vec![seed(), seed()], "record seed: occurs twice"),
        (vec![seed(), record("app/1", "{}")], "record app/1: is of no kind"),
    ] {
        let error = client.emulator.load(&records).unwrap_err().to_string();
        assert!(error.starts_with(part), "{error}");
        assert_eq!(client.emulator.snapshot(), before);
    }
}

#[test]
fn a_snapshot_of_an_older_release_is_restored() {
    let id = "00000000-0000-4000-8000-000000000001";
    let (token, code) = ("an old token", "an old code");
    let identity = json!({ "clientId": id, "subjectType": "MEMBER", "subjectId": id, "login": id });
    // It lacks the fields that were added later: unset URLs, `allowedDomains`, and the origins of the secret and the token.
    let app = json!({
        "oAuthApp": {
            "id": id, "createdDate": "2026-03-01T09:05:00.042Z", "name": "Old", "allowedRedirectUris": [],
            "allowedRedirectDomains": [], "allowSecretGeneration": false, "wixPagesDomainsMappings": [],
            "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED", "technology": "OAUTH_TECHNOLOGY_UNSPECIFIED",
        },
        "secretSha256": sha256("the secret"),
    });
    let state = json!({ "version": 1, "records": {
        format!("app/{SITE}/{id}"): app,
        format!("grant/{}", sha256(token)): { "use": "access", "identity": identity, "issuedAt": 0 },
        format!("code/{}", sha256(code)): { "identity": identity, "challenge": CHALLENGE, "offline": true,
                                            "expiresAt": 9_999_999_999_999_u64 },
    } });
    let mut client = client(json!({ "siteIds": [SITE] }));
    client.emulator.restore(&Snapshot::from_json(state).unwrap()).unwrap();
    let (_, body) = client.call("GET", &format!("/{id}"), &Value::Null);
    let app = &body["oAuthApp"];
    assert_eq!((&app["loginUrl"], &app["allowedDomains"]), (&json!(""), &json!([])));
    assert_eq!(client.call("POST", &format!("/{id}/generate-secret"), &Value::Null).0, 409);
    let clear = json!({ "oAuthApp": {}, "mask": "allowSecretGeneration" });
    let (_, body) = client.call("PATCH", &format!("/{id}"), &clear);
    assert_eq!(body["oAuthApp"]["allowSecretGeneration"], false);
    assert_eq!(client.info(token)["active"], true);
    let params = json!({ "clientId": id, "grantType": "authorization_code", "code": code, "codeVerifier": VERIFIER });
    assert_eq!(client.token(&params).0, 200);
    let params = json!({ "clientId": id, "grantType": "client_credentials", "clientSecret": "the secret" });
    assert_eq!(client.token(&params).0, 200);
}
