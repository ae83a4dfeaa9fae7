//! Changes by one client: those of one app run one after the other, others at the same time.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::json;
use wix_oauth_apps::api::{Code, Operation};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::Options;

use super::{ALLOW, DISALLOW, many, shop, uris};
use crate::json::from_json;
use crate::network::{Network, Outcome, Reply, status, uri};
use crate::sim::{Signal, Task};

#[test]
fn calls_on_the_same_app_run_in_sequence() {
    let (network, id) = shop(&[]);
    let calls = (0..12).map(|at| match at {
        // An update of the list waits in the queue too.
        5 => (Operation::Update, &*id, json!({"allowedRedirectUris": many(6)})),
        _ => (ALLOW, &*id, json!({"uris": [uri(at)]})),
    });
    let outcomes = network.perform_all(&network.client(json!({})), calls.collect());
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(uris(&network, &id), json!(many(12)));
    // The waits before the lists are verified run side by side.
    assert!(network.sim.now() - network.sent.borrow()[0].at < 3_000);
}

#[test]
fn an_id_in_upper_case_is_the_same_app() {
    let (network, id) = shop(&[]);
    let upper = id.to_uppercase();
    let calls = vec![(ALLOW, &*id, json!({"uris": [uri(1)]})), (ALLOW, &*upper, json!({"uris": [uri(2)]}))];
    network.perform_all(&network.client(json!({})), calls);
    let get = format!("GET /{id}");
    assert_eq!(network.lines()[..3], [get.clone(), format!("PATCH /{id}"), get]);
}

#[test]
fn the_later_of_two_calls_decides() {
    let (network, id) = shop(&[uri(0)]);
    let calls = vec![
        (ALLOW, &*id, json!({"uris": [uri(1)]})),
        (DISALLOW, &*id, json!({"uris": [uri(1)]})),
        (DISALLOW, &*id, json!({"uris": [uri(2)]})),
        (ALLOW, &*id, json!({"uris": [uri(2)]})),
    ];
    let outcomes = network.perform_all(&network.client(json!({})), calls);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(uris(&network, &id), json!([uri(0), uri(2)]));
}

#[test]
fn a_call_that_fails_does_not_stop_the_next_one() {
    let (network, id) = shop(&[]);
    let first = Cell::new(true);
    network.intercept(
        move |network, sent| {
            if sent.line.starts_with("PATCH") && first.take() { status(403) } else { network.pass(sent) }
        },
    );
    let calls = vec![(ALLOW, &*id, json!({"uris": [uri(1)]})), (ALLOW, &*id, json!({"uris": [uri(2)]}))];
    let outcomes = network.perform_all(&network.client(json!({})), calls);
    assert_eq!(outcomes[0].as_ref().unwrap_err().code, Code::PermissionDenied);
    assert!(outcomes[1].is_ok());
    assert_eq!(uris(&network, &id), json!([uri(2)]));
}

#[test]
fn calls_on_other_apps_and_reads_do_not_wait() {
    let drafts = ["Shop", "Other"].map(|name| json!({ "name": name }));
    let (network, [id, other]) = Network::with(Options::default(), drafts);
    let stalled = format!("PATCH /{id}");
    network.intercept(move |network, sent| if sent.line == stalled { Reply::Never } else { network.pass(sent).into() });
    let calls = vec![
        (ALLOW, &*id, json!({"uris": [uri(1)]})),
        (ALLOW, &*other, json!({"uris": [uri(2)]})),
        (Operation::Get, &*id, json!(null)),
    ];
    let client = network.client(json!({"timeout": 100_000, "retry": false, "settle": false}));
    let begin = network.sim.now();
    let outcomes = network.perform_all(&client, calls);
    let codes: Vec<Option<Code>> = outcomes.iter().map(|outcome| outcome.as_ref().err().map(|e| e.code)).collect();
    assert_eq!(codes, [Some(Code::Timeout), None, None]);
    let ends = network.events.borrow().iter().filter(|event| event["type"] == "response").count();
    assert_eq!(ends, 6);
    // The request that stalls is sent, and all the others are answered, within the first moments.
    assert!(network.sent.borrow().iter().all(|sent| sent.at - begin < 100));
}

#[test]
fn an_aborted_call_leaves_the_queue() {
    let (network, id) = shop(&[]);
    let client = network.client(json!({}));
    let signal: Rc<Signal<Value>> = Rc::default();
    // The call at the front, and one that waits.
    for aborted in [0, 1] {
        let hosts: Vec<_> =
            (0..3).map(|at| if at == aborted { network.host_until(&signal) } else { network.host() }).collect();
        let options = Value::Object(Vec::new());
        let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
        for (at, host) in hosts.iter().enumerate() {
            let entries = from_json(json!({"uris": [uri(at)]}));
            let call = client.call(ALLOW, &Value::from(&*id), &entries, &options).unwrap();
            tasks.push(Box::pin(client.perform(host, call)));
        }
        tasks.push(Box::pin(async {
            network.sim.sleep(5).await;
            signal.set(Value::from("enough"));
            Ok(Value::Null)
        }));
        for (at, outcome) in network.sim.run(tasks).into_iter().enumerate().take(3) {
            let code = outcome.expect("the promise settles").err().map(|error| error.code);
            assert_eq!(code, (at == aborted).then_some(Code::Aborted));
        }
    }
    assert_eq!(uris(&network, &id), json!([uri(1), uri(2), uri(0)]));
}
