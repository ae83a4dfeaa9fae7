//! Random sequences of concurrent calls, some of them aborted, over a network that loses, breaks and delays requests. Every
//! promise settles, and the service stores what the settled promises say.

mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Code, Error, Operation};
use wix_oauth_apps::client::Client;
use wix_oauth_apps::value::Value;

use crate::json::{from_json, to_json};
use crate::sim::{Signal, Task};
use service::{InProcess, Service, service};

const SHOP: &str = "Shop";
const SECRETIVE: &str = "Secretive";

/// The action of a task.
#[derive(Debug, Clone, Copy)]
enum Act {
    Allow(usize),
    Disallow(usize),
    /// An update of another field.
    Describe(usize),
    Create,
    Ensure(usize),
    Delete,
    GenerateSecret,
    List,
}

/// An action, its start time, and the time after which it is aborted, if it is.
type Step = (Act, u64, Option<u64>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let act = prop_oneof![
        4 => (0..5_usize).prop_map(Act::Allow),
        3 => (0..5_usize).prop_map(Act::Disallow),
        1 => (0..5_usize).prop_map(Act::Describe),
        2 => Just(Act::Create),
        3 => (0..2_usize).prop_map(Act::Ensure),
        1 => Just(Act::Delete),
        1 => Just(Act::GenerateSecret),
        1 => Just(Act::List),
    ];
    vec((act, 0..600_u64, prop::option::weighted(0.15, 0..900_u64)), 1..12)
}

type Outcome = Result<Value, Box<Error<Value>>>;

fn entry(number: usize) -> String {
    format!("https://shop.example.com/{number}")
}

/// The expected state of an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    There,
    Gone,
    Either,
}

/// Performs a call before the steps, and returns its result.
fn perform(service: &Rc<Service>, client: &Client<Value>, operation: Operation, id: &Value, content: Json) -> Value {
    let host = InProcess { service: Rc::clone(service), signal: Signal::default() };
    let call = client.call(operation, id, &from_json(content), &from_json(json!({}))).unwrap();
    let mut outcome = service.sim.run(vec![Box::pin(client.perform(&host, call)) as Task<'_, Outcome>]);
    outcome.remove(0).unwrap().unwrap()
}

/// Creates an app before the steps, and returns its ID.
fn put(service: &Rc<Service>, client: &Client<Value>, draft: Json) -> Value {
    perform(service, client, Operation::Create, &Value::Null, draft).get("id").unwrap().clone()
}

/// Returns the IDs of the listed apps.
async fn list(client: &Client<Value>, host: &InProcess) -> Outcome {
    let query = json!({"cursorPaging": {"limit": 2}});
    let mut listing = client.list(&from_json(query), &from_json(json!({}))).unwrap();
    let mut ids = Vec::new();
    while let Some(apps) = client.next_page(host, &mut listing).await? {
        ids.extend(apps.elements().iter().map(|app| app.get("id").unwrap().clone()));
    }
    Ok(Value::Array(ids))
}

fn run(seed: u64, trouble: u64, steps: &[Step]) {
    let mut service = service(seed, 0);
    let credentials = service.emulator.borrow().credentials();
    let new_client = |auth: Json| {
        let options = json!({
            "auth": auth, "siteId": credentials.site_id, "timeout": 400, "rateLimit": false,
            "retry": {"maxRetries": 3, "baseDelay": 50, "maxDelay": 500},
            "settle": if seed.is_multiple_of(2) { json!({}) } else { json!(false) },
        });
        Client::<Value>::new(&from_json(options), None).unwrap()
    };
    let mut client = new_client(json!({"apiKey": credentials.api_key}));
    let kept = "https://shop.example.com/kept";
    let shop = put(&service, &client, json!({"name": SHOP, "allowedRedirectUris": [kept, entry(0), entry(1)]}));
    let doomed: Vec<Value> =
        (0..steps.len()).map(|at| put(&service, &client, json!({"name": format!("Doomed {at}")}))).collect();
    let secretive = put(&service, &client, json!({ "name": SECRETIVE }));
    if seed.is_multiple_of(3) {
        // A client that obtains its own access tokens.
        let manager = put(&service, &client, json!({"name": "Manager"}));
        let secret = perform(&service, &client, Operation::GenerateSecret, &manager, Json::Null);
        client = new_client(json!({"clientId": to_json(&manager), "clientSecret": to_json(&secret)}));
    }
    Rc::get_mut(&mut service).unwrap().trouble = trouble;

    let hosts: Vec<InProcess> =
        steps.iter().map(|_| InProcess { service: Rc::clone(&service), signal: Signal::default() }).collect();
    let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
    for (at, (act, begin, _)) in steps.iter().enumerate() {
        let (host, client, shop, doomed, secretive) = (&hosts[at], &client, &shop, &doomed[at], &secretive);
        tasks.push(Box::pin(async move {
            host.service.sim.sleep(*begin).await;
            let none = Value::Null;
            let (operation, subject, content) = match act {
                Act::Allow(number) => (Operation::AllowRedirects, shop, json!({"uris": [entry(*number)]})),
                Act::Disallow(number) => (Operation::DisallowRedirects, shop, json!({"uris": [entry(*number)]})),
                Act::Describe(number) => (Operation::Update, shop, json!({"description": number.to_string()})),
                Act::Create => (Operation::Create, &none, json!({"name": format!("New {at}")})),
                Act::Ensure(number) => (
                    Operation::Ensure,
                    &none,
                    json!({
                        "name": format!("Ensured {number}"),
                        "allowedRedirectUris": [format!("https://ensured-{number}.example.com/{at}")],
                    }),
                ),
                Act::Delete => (Operation::Delete, doomed, Json::Null),
                Act::GenerateSecret => (Operation::GenerateSecret, secretive, Json::Null),
                Act::List => return list(client, host).await,
            };
            let call = client.call(operation, subject, &from_json(content), &from_json(json!({}))).unwrap();
            client.perform(host, call).await
        }));
    }
    for (at, (_, begin, given_up)) in steps.iter().enumerate() {
        if let Some(after) = given_up {
            let host = &hosts[at];
            tasks.push(Box::pin(async move {
                host.service.sim.sleep(begin + after).await;
                host.signal.set(Value::from("enough"));
                Ok(Value::Null)
            }));
        }
    }
    let outcomes: Vec<Outcome> = service
        .sim
        .run(tasks)
        .into_iter()
        .take(steps.len())
        .map(|outcome| outcome.expect("every promise settles"))
        .collect();

    check_shop(&service, steps, &outcomes, kept);
    check_others(&service, steps, &outcomes);
    check_secret(&service, steps, &outcomes);
    check_lists(steps, &outcomes, &[&shop, &secretive]);
}

/// Checks that the calls on one app took effect in the order of their start times.
fn check_shop(service: &Service, steps: &[Step], outcomes: &[Outcome], kept: &str) {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|at| steps[*at].1);
    let mut known: BTreeMap<String, Known> = (0..5)
        .map(|number| (entry(number), if number < 2 { Known::There } else { Known::Gone }))
        .chain([(kept.to_owned(), Known::There)])
        .collect();
    for at in order {
        let (number, then) = match steps[at].0 {
            Act::Allow(number) => (number, Known::There),
            Act::Disallow(number) => (number, Known::Gone),
            _ => continue,
        };
        let state = known.get_mut(&entry(number)).unwrap();
        match &outcomes[at] {
            Ok(_) => *state = then,
            Err(_) if *state != then => *state = Known::Either,
            Err(_) => {}
        }
    }
    let shops = service.named(SHOP);
    assert_eq!(shops.len(), 1);
    let held = shops[0]["allowedRedirectUris"].as_array().unwrap();
    for (entry, state) in known {
        let count = held.iter().filter(|uri| **uri == entry).count();
        match state {
            Known::There => assert_eq!(count, 1, "{entry} is lost or doubled"),
            Known::Gone => assert_eq!(count, 0, "{entry} is there again"),
            Known::Either => assert!(count < 2, "{entry} is doubled"),
        }
    }
}

fn check_others(service: &Service, steps: &[Step], outcomes: &[Outcome]) {
    for (at, (act, ..)) in steps.iter().enumerate() {
        let code = outcomes[at].as_ref().err().map(|error| error.code);
        match act {
            Act::Create => {
                let count = service.named(&format!("New {at}")).len();
                match code {
                    None => assert_eq!(count, 1),
                    Some(Code::OutcomeUnknown | Code::Aborted) => assert!(count < 2),
                    Some(_) => assert_eq!(count, 0, "{code:?}"),
                }
            }
            Act::Delete => {
                let count = service.named(&format!("Doomed {at}")).len();
                assert!(code.is_some() || count == 0, "it is deleted");
            }
            Act::Ensure(number) => {
                let apps = service.named(&format!("Ensured {number}"));
                assert!(apps.len() < 2, "a second app");
                if let Ok(given) = &outcomes[at] {
                    let given = to_json(given);
                    assert_eq!(given["oAuthApp"]["id"], apps[0]["id"]);
                    let uri = json!(format!("https://ensured-{number}.example.com/{at}"));
                    assert!(apps[0]["allowedRedirectUris"].as_array().unwrap().contains(&uri), "{uri} is lost");
                }
            }
            Act::Allow(_) | Act::Disallow(_) | Act::Describe(_) | Act::GenerateSecret | Act::List => {}
        }
    }
}

/// Checks that a secret was generated once, or not at all.
fn check_secret(service: &Service, steps: &[Step], outcomes: &[Outcome]) {
    let (mut count, mut is_unknown) = (0, false);
    for (at, _) in steps.iter().enumerate().filter(|(_, (act, ..))| matches!(act, Act::GenerateSecret)) {
        match &outcomes[at] {
            Ok(_) => count += 1,
            Err(error) => is_unknown |= matches!(error.code, Code::OutcomeUnknown | Code::Aborted),
        }
    }
    let has_secret = service.named(SECRETIVE)[0]["allowSecretGeneration"] == false;
    assert!(count < 2, "a secret was replaced");
    assert!(count == 0 || has_secret, "a secret is lost");
    assert!(!has_secret || count == 1 || is_unknown, "a secret was generated that nobody has");
}

/// Checks that each listing has every app that stays, and each app once.
fn check_lists(steps: &[Step], outcomes: &[Outcome], kept: &[&Value]) {
    for (at, _) in steps.iter().enumerate().filter(|(_, (act, ..))| matches!(act, Act::List)) {
        let Ok(ids) = &outcomes[at] else { continue };
        let once: BTreeSet<&str> = ids.elements().iter().filter_map(Value::as_str).collect();
        assert_eq!(once.len(), ids.elements().len(), "an app is listed twice");
        assert!(kept.iter().all(|id| once.contains(id.as_str().unwrap())), "an app is not listed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_service_stores_what_the_promises_say(seed: u64, trouble in 0..60_u64, steps in steps()) {
        run(seed, trouble, &steps);
    }
}
