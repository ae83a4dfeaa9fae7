//! The emulator as a whole, through its requests.

use serde_json::{Value, json};

use crate::options::Options;
use crate::store::journal::{Change, Record};
use crate::testing::client::TestClient;

mod access;
mod initial_apps;
mod refusals;
mod requests;
mod snapshots;

const SITE: &str = "00000000-0000-4000-8000-00000000000a";
const OTHER_SITE: &str = "00000000-0000-4000-8000-00000000000b";

fn client(options: Value) -> TestClient {
    TestClient::with(Options::from_json(options).unwrap())
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["details"]["applicationError"]["code"].as_str().unwrap_or_default())
}

/// Returns the changes as keys and JSON values.
fn changes(client: &mut TestClient) -> Vec<(String, Value)> {
    let changes = client.emulator.changes().into_iter();
    changes.map(|Change { key, value }| (key, value.map_or(Value::Null, |value| value.parse().unwrap()))).collect()
}

#[test]
fn the_clock_can_be_set_and_moved() {
    let mut client = client(json!({ "now": "2026-01-01" }));
    let created = |client: &mut TestClient| client.create(&json!({ "name": "ab" }))["createdDate"].clone();
    assert_eq!(created(&mut client), "2026-01-01T00:00:00.000Z");
    client.emulator.advance(1_500);
    assert_eq!(created(&mut client), "2026-01-01T00:00:01.500Z");
    client.emulator.set_time(0);
    assert_eq!(created(&mut client), "1970-01-01T00:00:00.000Z");
    client.emulator.reset();
    assert_eq!(created(&mut client), "2026-01-01T00:00:00.000Z");

    // A running clock continues from the time that it was moved to.
    let mut client = TestClient::new();
    client.emulator.advance(60_000);
    assert_eq!(created(&mut client), "2026-03-01T09:06:00.042Z");
    client.host.now += 1_000;
    assert_eq!(created(&mut client), "2026-03-01T09:06:01.042Z");
}

#[test]
fn a_seed_repeats_every_random_value() {
    let answers = |client: &mut TestClient| {
        let app = client.create(&json!({ "name": "ab" }));
        let secret = client.send("POST", &format!("/{}/generate-secret", app["id"].as_str().unwrap()), None);
        (app, secret)
    };
    let [mut first, mut second, mut other] =
        [json!("a"), json!("a"), json!(7)].map(|seed| client(json!({ "seed": seed })));
    second.host.count = Some(100);
    let expected = answers(&mut first);
    assert_eq!(answers(&mut second), expected);
    assert_ne!(answers(&mut other), expected);
    let state = first.emulator.snapshot();
    let next = answers(&mut first);
    assert_ne!(next, expected);

    // A restored emulator continues with the same values.
    first.emulator.restore(&state).unwrap();
    assert_eq!(answers(&mut first), next);
    first.emulator.reset();
    assert_eq!(answers(&mut first), expected);
    let changes_so_far = second.emulator.changes().into_iter();
    let records: Vec<_> = changes_so_far.map(|Change { key, value }| Record { key, value: value.unwrap() }).collect();
    let mut restarted = client(json!({ "seed": "a" }));
    restarted.emulator.load(&records).unwrap();
    assert_eq!(answers(&mut restarted), next);
    assert_eq!(changes(&mut restarted).pop().unwrap().0, "seed");
}

#[test]
fn an_option_hides_a_new_app_from_its_id_for_a_while() {
    let mut client = client(json!({ "staleFor": 1_000 }));
    let app = client.create(&json!({ "name": "New" }));
    let id = app["id"].as_str().unwrap();
    let (path, secret) = (format!("/{id}"), format!("/{id}/generate-secret"));
    let update = json!({ "oAuthApp": { "name": "Old" }, "mask": "name" });
    let calls = [
        ("GET", &path, Value::Null),
        ("PATCH", &path, update),
        ("POST", &secret, Value::Null),
        ("DELETE", &path, Value::Null),
    ];
    client.emulator.advance(999);
    for (method, path, body) in &calls {
        let (status, answer) = client.call(method, path, body);
        assert_eq!((status, &answer["message"]), (404, &json!(format!("appId was not found {id}"))), "{method}");
    }
    for filter in [json!({}), json!({ "id": id })] {
        assert_eq!(
            client.call("POST", "/query", &json!({ "query": { "filter": filter } })).1["oAuthApps"],
            json!([app])
        );
    }
    client.emulator.advance(1);
    for (method, path, body) in &calls {
        assert_eq!(client.call(method, path, body).0, 200, "{method}");
    }
    // An app that was created in the future is not new.
    let app = client.create(&json!({ "name": "New" }));
    client.emulator.set_time(0);
    assert_eq!(client.send("GET", &format!("/{}", app["id"].as_str().unwrap()), None).status, 200);
}
