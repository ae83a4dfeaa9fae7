//! Webhooks, from the event to the last attempt.

use serde_json::{Value, json};

use crate::options::Options;
use crate::store::journal::Record;
use crate::testing::client::TestClient;
use crate::webhooks::attempt::AttemptResult;
use crate::webhooks::outbox::Delivery;

fn client(webhooks: &Value) -> TestClient {
    TestClient::with(Options::from_json(json!({ "webhooks": webhooks })).unwrap())
}

fn due(client: &mut TestClient) -> Vec<Delivery> {
    client.emulator.deliveries(&mut client.host)
}

/// Returns the data of a webhook, and the event in it.
fn unpack(delivery: &Delivery) -> (Value, Value) {
    let data: Value = serde_json::from_str(delivery.claims["data"].as_str().unwrap()).unwrap();
    let event = serde_json::from_str(data["data"].as_str().unwrap()).unwrap();
    (data, event)
}

#[test]
fn every_write_that_changes_an_app_is_published_in_the_format_of_the_service() {
    let mut client = client(&json!([{ "url": "http://127.0.0.1:1/hook" }]));
    let app = client.create(&json!({ "name": "My app" }));
    let id = app["id"].as_str().unwrap().to_owned();
    let path = format!("/{id}");
    client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "Unmasked" } }));
    let (_, updated) = client.call("PATCH", &path, &json!({ "oAuthApp": { "name": "Renamed" }, "mask": "name" }));
    client.call("GET", &path, &Value::Null);
    client.call("POST", "/query", &json!({}));
    client.call("POST", "", &json!({ "oAuthApp": {} }));
    client.call("DELETE", &path, &Value::Null);
    client.call("DELETE", &path, &Value::Null);
    let deliveries = due(&mut client);
    let expected = [
        ("created", "createdEvent", json!({ "entity": app })),
        ("updated", "updatedEvent", json!({ "currentEntity": updated["oAuthApp"] })),
        ("deleted", "deletedEvent", json!({})),
    ];
    assert_eq!(deliveries.len(), expected.len());
    for (at, (delivery, (slug, member, value))) in deliveries.iter().zip(expected).enumerate() {
        assert_eq!((delivery.attempt, &*delivery.url), (1, "http://127.0.0.1:1/hook"));
        assert_eq!(delivery.claims["iat"], client.host.now / 1_000);
        let (data, event) = unpack(delivery);
        assert_eq!(data["eventType"], format!("wix.headless.v1.o_auth_app_{slug}"));
        let identity: Value = serde_json::from_str(data["identity"].as_str().unwrap()).unwrap();
        assert_eq!(identity["identityType"], "WIX_USER");
        assert!(wix_oauth_apps::app::is_guid(data["instanceId"].as_str().unwrap()));
        let mut event = event;
        assert!(wix_oauth_apps::app::is_guid(event["id"].take().as_str().unwrap()));
        assert_eq!(
            event,
            json!({
                "id": null, "entityFqdn": "wix.headless.v1.o_auth_app", "slug": slug, "entityId": id, member: value,
                "eventTime": "2026-03-01T09:05:00.042Z", "triggeredByAnonymizeRequest": false, "originatedFrom": "",
                "entityEventSequence": (at + 1).to_string(),
            })
        );
    }
}

#[test]
fn a_subscription_gets_the_events_that_it_includes() {
    let mut client = client(&json!([
        { "url": "http://127.0.0.1:1/all" },
        { "url": "http://127.0.0.1:1/gone", "events": ["deleted"] },
        { "url": "http://127.0.0.1:1/none", "events": [] },
    ]));
    let id = client.app(&[], &[]);
    client.call("DELETE", &format!("/{id}"), &Value::Null);
    let deliveries = due(&mut client);
    let published: Vec<_> =
        deliveries.iter().map(|delivery| (&*delivery.url, unpack(delivery).1["slug"].clone())).collect();
    assert_eq!(
        published,
        [
            ("http://127.0.0.1:1/all", json!("created")),
            ("http://127.0.0.1:1/all", json!("deleted")),
            ("http://127.0.0.1:1/gone", json!("deleted")),
        ]
    );
    assert_eq!(unpack(&deliveries[1]).1["id"], unpack(&deliveries[2]).1["id"], "both webhooks are of the same event");
}

#[test]
fn the_event_names_the_app_that_caused_it() {
    let mut client = client(&json!([{ "url": "http://127.0.0.1:1/hook", "events": ["updated"] }]));
    let (id, secret) = client.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let token = client.token(&params).1["access_token"].as_str().unwrap().to_owned();
    client.headers.insert("Authorization".to_owned(), token);
    client.call("PATCH", &format!("/{id}"), &json!({ "oAuthApp": { "name": "Renamed" }, "mask": "name" }));
    let (data, _) = unpack(&due(&mut client)[0]);
    assert_eq!(data["identity"], json!({ "identityType": "APP", "appId": id }).to_string());
}

#[test]
fn a_failing_webhook_is_attempted_six_times() {
    let mut client = client(&json!([{ "url": "http://127.0.0.1:1/hook" }]));
    client.app(&[], &[]);
    let id = due(&mut client)[0].id.clone();
    for (attempt, wait) in
        [(1, Some(1_000)), (2, Some(5_000)), (3, Some(30_000)), (4, Some(120_000)), (5, Some(600_000)), (6, None)]
    {
        let deliveries = due(&mut client);
        assert_eq!(deliveries.iter().map(|delivery| delivery.attempt).collect::<Vec<_>>(), [attempt]);
        client.emulator.delivered(&id, false, &mut client.host);
        assert_eq!(client.emulator.next_delivery(&mut client.host), wait);
        let Some(wait) = wait else { break };
        client.host.now += wait - 1;
        assert_eq!(due(&mut client), []);
        client.host.now += 1;
    }
    assert_eq!(due(&mut client), []);
    let outcomes: Vec<_> = client.emulator.attempts().map(|attempt| attempt.result).collect();
    assert_eq!((outcomes.len(), outcomes[0], outcomes[5]), (6, AttemptResult::Failed, AttemptResult::Dropped));
    client.emulator.delivered(&id, true, &mut client.host);
    assert_eq!(client.emulator.attempts().count(), 6, "a dropped webhook has no more attempts");
}

#[test]
fn a_delivered_webhook_is_removed() {
    let mut client = client(&json!([{ "url": "http://127.0.0.1:1/hook" }]));
    client.app(&[], &[]);
    let id = due(&mut client)[0].id.clone();
    client.emulator.delivered(&id, true, &mut client.host);
    assert_eq!((due(&mut client), client.emulator.next_delivery(&mut client.host)), (vec![], None));
    assert_eq!(client.emulator.attempts().next().unwrap().result, AttemptResult::Delivered);
    let state = client.emulator.snapshot();
    client.emulator.restore(&state).unwrap();
    assert_eq!(client.emulator.attempts().count(), 1, "a restore keeps the log");
    client.emulator.reset();
    assert_eq!(client.emulator.attempts().count(), 0);
}

#[test]
fn a_stopped_clock_has_no_next_delivery() {
    let mut client = client(&json!([{ "url": "http://127.0.0.1:1/hook" }]));
    client.app(&[], &[]);
    assert_eq!(client.emulator.next_delivery(&mut client.host), Some(0));
    client.emulator.set_time(client.host.now);
    assert_eq!(client.emulator.next_delivery(&mut client.host), None);
    assert_eq!(due(&mut client).len(), 1);
}

#[test]
fn pending_webhooks_and_the_sequence_survive_a_restart() {
    let hooks = json!([{ "url": "http://127.0.0.1:1/hook" }]);
    let mut first = client(&hooks);
    first.app(&[], &[]);
    let records: Vec<_> = first.emulator.changes();
    let records: Vec<_> =
        records.into_iter().map(|change| Record { key: change.key, value: change.value.unwrap() }).collect();
    let mut second = client(&hooks);
    second.emulator.load(&records).unwrap();
    second.host.count = Some(1_000);
    second.app(&[], &[]);
    let numbers: Vec<_> =
        due(&mut second).iter().map(|delivery| unpack(delivery).1["entityEventSequence"].clone()).collect();
    assert_eq!(numbers, ["1", "2"]);
    let id = due(&mut second)[0].id.clone();
    second.emulator.delivered(&id, true, &mut second.host);
    let removed = second.emulator.changes().into_iter().filter(|change| change.value.is_none());
    assert_eq!(removed.map(|change| change.key).collect::<Vec<_>>(), [format!("webhook/{id}")]);
}
