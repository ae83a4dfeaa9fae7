//! Access tokens for client credentials: requested once, stored, renewed in time, and replaced if refused.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::network::{Net, Reply, Sent, status, thrown};
use super::sim::{Signal, Task};
use super::{ID, SITE, answer, value};
use crate::api::{Body, Code, Error, HttpResponse, Operation};
use crate::client::Client;
use crate::value::Value;

const SECRET: &str = "the-secret-of-the-client";

fn client(options: Json) -> Client<Value> {
    let mut all = json!({"auth": {"clientId": ID, "clientSecret": SECRET, "instanceId": SITE}, "siteId": SITE});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    Client::new(&value(all), None).unwrap()
}

type Outcome = Result<Value, Box<Error<Value>>>;

/// Returns the outcomes of gets that start together.
fn gets(client: &Client<Value>, net: &Rc<Net>, count: usize) -> Vec<Outcome> {
    let hosts: Vec<_> = (0..count).map(|_| net.host()).collect();
    let tasks = hosts.iter().map(|host| {
        let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
        Box::pin(client.perform(host, call)) as Task<'_, Outcome>
    });
    net.sim.run(tasks.collect()).into_iter().map(|result| result.expect("the promise settles")).collect()
}

fn is_token(sent: &Sent) -> bool {
    sent.line == "POST /oauth2/token"
}

/// Scripts responses: `token-1`, `token-2` and so on, each valid for a number of seconds, and a 401 to any but the last one.
fn tokens(expires_in: Json) -> (Rc<Net>, Rc<Cell<u32>>) {
    let minted = Rc::new(Cell::new(0));
    let count = Rc::clone(&minted);
    let net = Net::new(move |sent: &Sent| {
        let last = |count: &Cell<u32>| format!("token-{}", count.get());
        if is_token(sent) {
            count.set(count.get() + 1);
            return answer(
                200,
                json!({"access_token": last(&count), "token_type": "Bearer", "expires_in": expires_in}),
            );
        }
        if sent.headers["authorization"] == last(&count) {
            answer(200, json!({"oAuthApp": {"id": ID}}))
        } else {
            status(401)
        }
    });
    (net, minted)
}

fn minted(net: &Net) -> usize {
    net.sent.borrow().iter().filter(|sent| is_token(sent)).count()
}

#[test]
fn the_token_request_follows_the_contract_without_other_credentials() {
    let (net, _) = tokens(json!(14_400));
    gets(&client(json!({})), &net, 1).remove(0).unwrap();
    let sent = net.sent.borrow();
    assert_eq!(
        sent[0].body,
        json!({"grant_type": "client_credentials", "client_id": ID, "client_secret": SECRET, "instance_id": SITE})
    );
    assert_eq!(sent[0].headers.keys().collect::<Vec<_>>(), ["content-type"]);
    assert_eq!((&*sent[1].headers["authorization"], &*sent[1].headers["wix-site-id"]), ("token-1", SITE));
    assert!(net.events.borrow().contains(&json!({"type": "token", "operation": "getOAuthApp", "expiresIn": 14_400})));
    assert!(!format!("{:?}", net.events).contains(SECRET) && !format!("{:?}", net.events).contains("token-1"));
}

#[test]
fn simultaneous_calls_share_one_token_request() {
    let (net, _) = tokens(json!(14_400));
    let client = client(json!({}));
    assert!(gets(&client, &net, 50).into_iter().all(|outcome| outcome.is_ok()));
    assert!(gets(&client, &net, 50).into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!((minted(&net), net.sent.borrow().len()), (1, 101));
    // Another client has a token of its own.
    gets(&self::client(json!({})), &net, 1).remove(0).unwrap();
    assert_eq!(minted(&net), 2);
}

#[test]
fn a_token_is_renewed_shortly_before_it_expires() {
    // The lifetime in seconds, and how many milliseconds before its end the token is renewed.
    for (expires_in, seconds, early) in [
        (json!(14_400), 14_400, 60_000),
        (json!("14400"), 14_400, 60_000),
        (json!(600), 600, 60_000),
        (json!(100), 100, 10_000),
        (json!(60), 60, 6_000),
    ] {
        let (net, _) = tokens(expires_in);
        let client = client(json!({}));
        let sleep = |until: u64| {
            let wait = until.saturating_sub(net.sim.now() - super::START);
            net.sim.run(vec![Box::pin(net.sim.sleep(wait)) as Task<'_, ()>]);
        };
        gets(&client, &net, 1).remove(0).unwrap();
        // The token arrived after the 10 ms that a response takes.
        sleep(10 + seconds * 1_000 - early - 1);
        gets(&client, &net, 1).remove(0).unwrap();
        assert_eq!(minted(&net), 1, "{seconds}");
        assert!(gets(&client, &net, 2).iter().all(Result::is_ok));
        assert_eq!(minted(&net), 2, "{seconds}");
    }
    // A token without a lifetime is used until it is refused.
    for expires_in in [json!(null), json!("soon"), json!(-1), json!({})] {
        let (net, _) = tokens(expires_in);
        let client = client(json!({}));
        gets(&client, &net, 1).remove(0).unwrap();
        net.sim.run(vec![Box::pin(net.sim.sleep(1_000_000_000)) as Task<'_, ()>]);
        gets(&client, &net, 1).remove(0).unwrap();
        assert_eq!(minted(&net), 1);
        let events = net.events.borrow();
        let event = events.iter().find(|event| event["type"] == "token").unwrap();
        assert_eq!(event.get("expiresIn"), None, "{event}");
    }
    // A token that expires at once serves the call that requested it.
    let (net, _) = tokens(json!(0));
    let client = client(json!({}));
    for _ in 0..2 {
        gets(&client, &net, 1).remove(0).unwrap();
    }
    assert_eq!(minted(&net), 2);
}

#[test]
fn a_token_that_is_refused_is_replaced_once() {
    for options in [json!({}), json!({"retry": false})] {
        let (net, count) = tokens(json!(14_400));
        let client = client(options);
        assert!(gets(&client, &net, 3).iter().all(Result::is_ok));
        // The service forgets the token: all calls are refused, and share the same new one.
        count.set(7);
        for outcome in gets(&client, &net, 20) {
            outcome.unwrap();
        }
        assert_eq!(minted(&net), 2);
    }
    // The service refuses every token.
    let net =
        Net::new(
            |sent: &Sent| {
                if is_token(sent) { answer(200, json!({"access_token": "token-of-the-test"})) } else { status(401) }
            },
        );
    let error = gets(&client(json!({})), &net, 1).remove(0).unwrap_err();
    assert_eq!((error.code, error.attempts), (Code::Unauthenticated, 2));
    assert_eq!((minted(&net), net.sent.borrow().len()), (2, 4));
}

#[test]
fn a_create_that_was_refused_for_its_token_is_sent_again() {
    let (net, count) = tokens(json!(14_400));
    let client = client(json!({}));
    gets(&client, &net, 1).remove(0).unwrap();
    count.set(7);
    let host = net.host();
    let call =
        client.call(Operation::Create, &Value::Null, &value(json!({"name": "Shop"})), &value(json!({}))).unwrap();
    let mut outcome = net.sim.run(vec![Box::pin(client.perform(&host, call))]);
    outcome.remove(0).unwrap().unwrap();
}

#[test]
fn waiting_calls_share_a_failure_and_later_calls_do_not() {
    type Fail = fn() -> Reply;
    let refused = || answer(400, json!({"error": "invalid_client", "error_description": "no such client"})).into();
    let rows: [(Fail, Code, u32); 10] = [
        (refused, Code::Unauthenticated, 1),
        (|| answer(400, json!({"error": "invalid_request"})).into(), Code::InvalidArgument, 1),
        (|| answer(400, json!({"error": "unsupported_grant_type"})).into(), Code::InvalidArgument, 1),
        (|| status(401).into(), Code::Unauthenticated, 1),
        (|| status(403).into(), Code::PermissionDenied, 1),
        (|| status(503).into(), Code::ServerError, 3),
        (|| thrown("ECONNRESET").into(), Code::Network, 3),
        (|| answer(200, json!({"access_token": 5})).into(), Code::BadResponse, 1),
        (|| answer(200, json!({"access_token": ""})).into(), Code::BadResponse, 1),
        (|| HttpResponse { body: Body::Empty, ..status(200) }.into(), Code::BadResponse, 1),
    ];
    for (fail, code, attempts) in rows {
        let net = Net::new(move |_: &Sent| fail());
        let client = client(json!({}));
        for outcome in gets(&client, &net, 10) {
            let error = outcome.unwrap_err();
            assert_eq!((error.code, error.operation, error.attempts), (code, "getOAuthApp", attempts));
            assert!(!format!("{error:?}").contains(SECRET));
        }
        assert_eq!(net.sent.borrow().len(), usize::try_from(attempts).unwrap());
        gets(&client, &net, 1).remove(0).unwrap_err();
        assert_eq!(net.sent.borrow().len(), usize::try_from(attempts * 2).unwrap());
        // A create that was not sent has no unknown outcome.
        let host = net.host();
        let draft = value(json!({"name": "Shop"}));
        let create = client.call(Operation::Create, &Value::Null, &draft, &value(json!({}))).unwrap();
        let mut outcome = net.sim.run(vec![Box::pin(client.perform(&host, create)) as Task<'_, Outcome>]);
        assert_eq!(outcome.remove(0).unwrap().unwrap_err().code, code);
    }
}

#[test]
fn errors_of_the_token_endpoint_show_no_secret() {
    let said = json!({"error": "invalid_client", "error_description": format!("{SECRET} is wrong")});
    let net = Net::new(move |_: &Sent| answer(400, said.clone()));
    let error = gets(&client(json!({})), &net, 1).remove(0).unwrap_err();
    let message = "the client ID and secret get no access token: invalid_client: [redacted] is wrong (HTTP 400); was the \
                   app deleted, or its secret replaced?";
    assert_eq!(error.message, message);
    let net = Net::new(move |_: &Sent| answer(200, json!({"access_token": "line\nbreak"})));
    let error = gets(&client(json!({})), &net, 1).remove(0).unwrap_err();
    assert_eq!((error.code, error.attempts), (Code::BadResponse, 1));
}

#[test]
fn an_abort_does_not_affect_other_calls() {
    let (net, _) = tokens(json!(14_400));
    let client = client(json!({}));
    let signal: Rc<Signal<Value>> = Rc::default();
    // The first call requests the token, the second one waits for it.
    for aborted in [0, 1] {
        let hosts: Vec<_> = (0..3).map(|at| if at == aborted { net.host_until(&signal) } else { net.host() }).collect();
        let order: RefCell<Vec<usize>> = RefCell::default();
        let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
        for (at, host) in hosts.iter().enumerate() {
            let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
            let (client, order) = (&client, &order);
            tasks.push(Box::pin(async move {
                let outcome = client.perform(host, call).await;
                order.borrow_mut().push(at);
                outcome
            }));
        }
        tasks.push(Box::pin(async {
            net.sim.sleep(5).await;
            signal.set(Value::from("enough"));
            Ok(Value::Null)
        }));
        for (at, outcome) in net.sim.run(tasks).into_iter().enumerate().take(3) {
            let code = outcome.expect("the promise settles").err().map(|error| error.code);
            assert_eq!(code, (at == aborted).then_some(Code::Aborted));
        }
        assert_eq!(order.borrow()[0], aborted, "it is ended at once");
    }
}

#[test]
fn one_signal_ends_all_calls_that_wait() {
    let first = Cell::new(true);
    let net = Net::new(move |sent: &Sent| match first.take() {
        true => Reply::Never,
        false if is_token(sent) => answer(200, json!({"access_token": "token"})).into(),
        false => answer(200, json!({"oAuthApp": {"id": ID}})).into(),
    });
    let client = client(json!({}));
    let signal: Rc<Signal<Value>> = Rc::default();
    let hosts: Vec<_> = (0..5).map(|_| net.host_until(&signal)).collect();
    let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
    for host in &hosts {
        let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
        tasks.push(Box::pin(client.perform(host, call)));
    }
    tasks.push(Box::pin(async {
        net.sim.sleep(5).await;
        signal.set(Value::from("enough"));
        Ok(Value::Null)
    }));
    for outcome in net.sim.run(tasks).into_iter().take(5) {
        assert_eq!(outcome.expect("the promise settles").unwrap_err().code, Code::Aborted);
    }
    assert_eq!((net.sim.now() - super::START, net.sent.borrow().len()), (5, 1));
    // The next call requests a token again.
    gets(&client, &net, 1).remove(0).unwrap();
}
