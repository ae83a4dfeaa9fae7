//! The apps that exist from the start.

use serde_json::{Value, json};

use super::{SITE, changes, client};
use crate::emulator::Emulator;
use crate::options::Options;
use crate::store::journal::Record;
use crate::testing::client::TestClient;

fn options() -> Value {
    json!({ "now": "2026-01-01", "apps": [
        { "name": "Storefront", "allowedRedirectUris": ["https://shop.example.com/cb"], "createdDate": "2020-01-01T00:00:00Z" },
        { "name": "Fixed", "id": SITE },
        { "name": "Storefront" },
    ] })
}

/// Returns the IDs and names of the stored apps, by name.
fn stored(client: &mut TestClient) -> Vec<(String, String)> {
    let query = json!({ "query": { "sort": [{ "fieldName": "name" }] } });
    let (_, page) = client.call("POST", "/query", &query);
    let text = |app: &Value, name: &str| app[name].as_str().unwrap().to_owned();
    page["oAuthApps"].as_array().unwrap().iter().map(|app| (text(app, "id"), text(app, "name"))).collect()
}

#[test]
fn initial_apps_exist_from_the_first_request_and_after_a_reset() {
    let mut first = client(options());
    let apps = stored(&mut first);
    let ids: Vec<_> = first.emulator.initial_apps().iter().map(|app| app.id.clone()).collect();
    assert_eq!(ids[1], SITE);
    assert_ne!(ids[0], ids[2]);
    let mut names: Vec<_> = apps.iter().map(|(_, name)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Fixed", "Storefront", "Storefront"]);
    let (_, app) = first.call("GET", &format!("/{}", ids[0]), &Value::Null);
    let app = &app["oAuthApp"];
    assert_eq!(app["createdDate"], "2026-01-01T00:00:00.000Z", "a read-only field is not taken over");
    assert_eq!(app["allowedRedirectUris"], json!(["https://shop.example.com/cb"]));
    assert!(!first.visitor(SITE).0.is_empty());
    assert_eq!(first.call("POST", &format!("/{SITE}/generate-secret"), &json!({})).0, 200);

    first.call("DELETE", &format!("/{SITE}"), &Value::Null);
    first.create(&json!({ "name": "Another" }));
    first.emulator.reset();
    assert_eq!(stored(&mut first), apps, "with the same IDs");
    assert_eq!(stored(&mut client(options())), apps, "at each start");
}

#[test]
fn stored_records_keep_their_apps_and_get_the_missing_ones() {
    let mut first = client(options());
    first.call("DELETE", &format!("/{SITE}"), &Value::Null);
    let ids: Vec<_> = first.emulator.initial_apps().iter().map(|app| app.id.clone()).collect();
    let renamed = json!({ "oAuthApp": { "name": "Renamed" }, "mask": { "paths": ["name"] } });
    assert_eq!(first.call("PATCH", &format!("/{}", ids[0]), &renamed).0, 200);
    let records: Vec<_> =
        changes(&mut first).into_iter().map(|(key, value)| Record { key, value: value.to_string() }).collect();

    let mut second = client(options());
    second.emulator.load(&records).unwrap();
    second.emulator.create_initial_apps(&mut second.host);
    let names: Vec<_> = stored(&mut second).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Fixed", "Renamed", "Storefront"]);
    let written: Vec<_> = changes(&mut second).into_iter().filter(|(_, value)| !value.is_null()).collect();
    assert!(matches!(&written[..], [(key, _)] if key.ends_with(SITE)), "{written:?}");

    let snapshot = TestClient::new().emulator.snapshot();
    second.emulator.restore(&snapshot).unwrap();
    assert_eq!(stored(&mut second), [], "a snapshot is restored as it is");
}

#[test]
fn an_invalid_initial_app_is_named_with_every_fault() {
    for (apps, message) in [
        (json!([{}]), "options.apps[0]: name is missing"),
        (json!([{ "name": "Good" }, { "name": "" }]), "options.apps[1]: name must not be empty"),
        (
            json!([{ "name": "Good", "allowedRedirectUris": ["x", "https://a.example/", "y"] }]),
            "options.apps[0]: allowedRedirectUris[0] must be a valid URI, allowedRedirectUris[2] must be a valid URI",
        ),
        (json!([{ "name": 5 }]), "options.apps[0]: name: Expected a string"),
        (json!([{ "name": "Good", "redirect": "x" }]), r#"options.apps[0]: an OAuth app has no field "redirect""#),
        (json!([{ "name": "Good", "id": "x" }]), r#"options.apps[0]: id must be a GUID, is "x""#),
        (json!([{ "name": "Good", "id": 5 }]), "options.apps[0]: id must be a GUID, is 5"),
        (
            json!([{ "name": "Good", "id": SITE }, { "name": "Other", "id": SITE }]),
            "options.apps[1].id: must differ from every other app\u{2019}s",
        ),
    ] {
        let options = Options::from_json(json!({ "apps": apps })).unwrap();
        assert_eq!(Emulator::new(options).err().unwrap().to_string(), message);
    }
}

#[test]
fn members_are_those_of_the_options_and_those_who_registered() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (visitor, _) = client.visitor(&id);
    let body = json!({ "loginId": { "email": "new@example.com" }, "password": "p" });
    assert_eq!(client.post("/_api/iam/authentication/v2/register", &visitor, &body).0, 200);
    let members = json!(client.emulator.members());
    assert_eq!(members[0]["email"], "member@example.com");
    assert_eq!(members[0]["siteId"], Value::Null);
    assert_eq!(members[1]["email"], "new@example.com");
    assert_eq!(members[1]["siteId"], client.emulator.credentials().site_id);
    assert!(!members.to_string().contains("password"));
}
