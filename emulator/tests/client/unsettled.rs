//! Changes of which a request fails: each is completed, looked for or reported, and no app is created twice.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, Code, HttpResponse, Operation, RETRY_AFTER};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::Options;

use crate::json::from_json;
use crate::network::{Network, Outcome, Reply, Sent, answer, domain, status, thrown, uri, with_header};
use crate::sim::{Signal, Task};

type Fail = fn() -> Reply;

/// Failures with which nobody knows whether the request was carried out.
const UNCERTAIN: [Fail; 6] = [
    || status(500).into(),
    || HttpResponse { body: Body::Other("<html>".to_owned()), ..status(504) }.into(),
    || HttpResponse { body: Body::Other("{\"oAuthApp\":".to_owned()), ..status(200) }.into(),
    || HttpResponse { body: Body::Empty, ..status(204) }.into(),
    || thrown("ECONNRESET").into(),
    || Reply::Never,
];

fn wanted() -> Json {
    json!({"name": "Shop", "allowedRedirectUris": [uri(1)], "allowedRedirectDomains": [domain(1)]})
}

fn ensure(network: &Rc<Network>) -> Result<Json, Box<wix_oauth_apps::api::Error<Value>>> {
    network.perform(&network.client(json!({"timeout": 40})), Operation::Ensure, "", wanted())
}

fn is_create(sent: &Sent) -> bool {
    sent.line == "POST "
}

#[test]
fn a_create_without_a_response_is_looked_for_and_not_repeated() {
    for fail in UNCERTAIN {
        // The app is created after a number of milliseconds.
        for late in [0, 400] {
            let network = Network::new(Options::default());
            let pending: Cell<Option<Sent>> = Cell::default();
            network.intercept(move |network, sent| {
                if is_create(sent) {
                    if late == 0 {
                        network.pass(sent);
                    } else {
                        pending.set(Some(sent.clone()));
                    }
                    return fail();
                }
                match pending.take() {
                    Some(create) if sent.at >= create.at + late => drop(network.pass(&create)),
                    create => pending.set(create),
                }
                network.pass(sent).into()
            });
            let given = ensure(&network).unwrap();
            assert_eq!((&given["created"], &given["oAuthApp"]["name"]), (&json!(true), &json!("Shop")));
            assert_eq!((network.creates(), network.apps().len()), (1, 1));
        }
    }
}

#[test]
fn a_create_that_is_not_found_is_outcome_unknown_and_the_next_call_creates_the_app() {
    for fail in UNCERTAIN {
        let network = Network::new(Options::default());
        let first = Cell::new(true);
        network.intercept(
            move |network, sent| if is_create(sent) && first.take() { fail() } else { network.pass(sent).into() },
        );
        let error = ensure(&network).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::OutcomeUnknown, "ensureOAuthApp", 1));
        assert!(error.message.ends_with("(it was looked for, and is not there yet)"), "{}", error.message);
        assert_eq!((network.creates(), network.apps().len()), (1, 0));
        assert_eq!(ensure(&network).unwrap()["created"], true);
        assert_eq!(network.apps().len(), 1);
    }
}

#[test]
fn several_calls_create_one_app_if_the_response_to_the_first_is_lost() {
    let network = Network::new(Options::default());
    let first = Cell::new(true);
    network.intercept(move |network, sent| -> Reply {
        let answer = network.pass(sent);
        if is_create(sent) && first.take() { thrown("ECONNRESET").into() } else { answer.into() }
    });
    let calls = (0..5).map(|_| (Operation::Ensure, "", wanted())).collect();
    let outcomes = network.perform_all(&network.client(json!({})), calls);
    let apps = network.apps();
    assert_eq!(apps.len(), 1);
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap()["oAuthApp"]["id"] == apps[0]["id"]));
}

#[test]
fn a_search_that_fails_leaves_the_outcome_unknown() {
    let network = Network::new(Options::default());
    let is_created = Cell::new(false);
    network.intercept(move |network, sent| -> Reply {
        is_created.set(is_created.get() || is_create(sent));
        if is_created.get() { thrown("ECONNRESET").into() } else { network.pass(sent).into() }
    });
    assert_eq!(ensure(&network).unwrap_err().code, Code::OutcomeUnknown);
    assert_eq!(network.creates(), 1);
}

#[test]
fn a_signal_ends_the_search() {
    let network = Network::new(Options::default());
    let is_created = Cell::new(false);
    network.intercept(move |network, sent| -> Reply {
        if is_created.get() {
            return Reply::Never;
        }
        is_created.set(is_create(sent));
        if is_create(sent) { thrown("ECONNRESET").into() } else { network.pass(sent).into() }
    });
    let client = network.client(json!({}));
    let signal: Rc<Signal<Value>> = Rc::default();
    let host = network.host_until(&signal);
    let call = client.call(Operation::Ensure, &Value::Null, &from_json(wanted()), &from_json(json!({}))).unwrap();
    let abort = async {
        network.sim.sleep(2_000).await;
        signal.set(Value::from("enough"));
        Ok(Value::Null)
    };
    let tasks: Vec<Task<'_, Outcome>> = vec![Box::pin(client.perform(&host, call)), Box::pin(abort)];
    let error = network.sim.run(tasks).remove(0).unwrap().unwrap_err();
    assert_eq!((error.code, error.cause), (Code::Aborted, Some(Value::from("enough"))));
}

#[test]
fn a_create_that_was_not_processed_is_repeated() {
    for code in [429, 503] {
        let network = Network::new(Options::default());
        let left = Cell::new(2);
        network.intercept(move |network, sent| {
            if is_create(sent) && left.get() > 0 {
                left.set(left.get() - 1);
                return with_header(status(code), RETRY_AFTER, "1");
            }
            network.pass(sent)
        });
        assert_eq!(ensure(&network).unwrap()["created"], true);
        assert_eq!((network.creates(), network.apps().len()), (3, 1));
    }
}

/// Failures of one request, each with whether the request was carried out.
const FAULTS: [(Fail, bool); 7] = [
    (|| thrown("ECONNREFUSED").into(), false),
    (|| answer(503, json!({})).into(), false),
    (|| with_header(status(429), RETRY_AFTER, "0").into(), false),
    (|| Reply::Never, false),
    (|| thrown("ECONNRESET").into(), true),
    (|| status(500).into(), true),
    (|| Reply::Never, true),
];

/// Lets the request of a number fail.
fn break_request(network: &Network, number: usize, (fail, is_done): (Fail, bool)) {
    network.intercept(move |network, sent| {
        if sent.number != number {
            return network.pass(sent).into();
        }
        if is_done {
            network.pass(sent);
        }
        fail()
    });
}

#[test]
fn an_ensured_app_is_as_wanted_after_a_failure_of_any_request() {
    for fault in FAULTS {
        for number in 0..4 {
            let draft = json!({"name": "Shop", "allowedRedirectUris": [uri(0)]});
            let (network, [id]) = Network::with(Options::default(), [draft]);
            break_request(&network, number, fault);
            assert_eq!(ensure(&network).unwrap()["created"], false);
            let apps = network.apps();
            assert_eq!((apps.len(), &apps[0]["id"]), (1, &json!(id)));
            assert_eq!(apps[0]["allowedRedirectUris"], json!([uri(0), uri(1)]));
            assert_eq!(apps[0]["allowedRedirectDomains"], json!([domain(1)]));
        }
    }
}

#[test]
fn the_lists_are_as_wanted_after_a_failure_of_any_request() {
    for fault in FAULTS {
        for number in 0..4 {
            for (operation, entries, uris, domains) in [
                (Operation::AllowRedirects, json!({"uris": [uri(1)]}), json!([uri(0), uri(1)]), json!([domain(0)])),
                (Operation::DisallowRedirects, json!({"domains": [domain(0)]}), json!([uri(0)]), json!([])),
            ] {
                let draft =
                    json!({"name": "Shop", "allowedRedirectUris": [uri(0)], "allowedRedirectDomains": [domain(0)]});
                let (network, [id]) = Network::with(Options::default(), [draft]);
                break_request(&network, number, fault);
                let client = network.client(json!({"timeout": 40}));
                let given = network.perform(&client, operation, &id, entries.clone()).unwrap();
                let app = network.app(&id);
                assert_eq!((&app["allowedRedirectUris"], &app["allowedRedirectDomains"]), (&uris, &domains));
                let changed = if operation == Operation::AllowRedirects { "added" } else { "removed" };
                for (list, entries) in entries.as_object().unwrap() {
                    assert_eq!(&given[changed][list], entries);
                }
            }
        }
    }
}

#[test]
fn a_change_whose_requests_all_fail_is_reported_in_time_and_loses_nothing() {
    for (fail, is_done) in FAULTS {
        let draft = json!({"name": "Shop", "allowedRedirectUris": [uri(0)], "allowedRedirectDomains": [domain(0)]});
        let (network, [id]) = Network::with(Options::default(), [draft]);
        let before = network.app(&id);
        network.intercept(move |network, sent| {
            if is_done {
                network.pass(sent);
            }
            fail()
        });
        let client = network.client(json!({"timeout": 40}));
        let begin = network.sim.now();
        let error = network.perform(&client, Operation::AllowRedirects, &id, json!({"uris": [uri(1)]})).unwrap_err();
        let codes = [Code::Network, Code::Timeout, Code::ServerError, Code::RateLimited];
        assert!(codes.contains(&error.code), "{error:?}");
        assert_eq!((error.operation, error.attempts), ("allowRedirects", 3));
        assert!(network.sim.now() - begin < 2_000);
        assert_eq!(network.app(&id), before);
    }
}
