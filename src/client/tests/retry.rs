//! Retries: which requests are sent again, when, and how many times.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::network::{Net, Reply, Sent, status, thrown, with_header};
use super::{ID, OPERATIONS, answer, value};
use crate::api::{Body, Code, Error, HttpResponse, Operation, RETRY_AFTER};
use crate::client::{Client, Failure};
use crate::value::Value;

pub(super) fn client(options: Json) -> Client<Value> {
    let mut all = json!({"auth": {"apiKey": "IST.key-of-the-test"}, "siteId": super::SITE});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    Client::new(&value(all), None).unwrap()
}

pub(super) type Outcome = Result<Value, Box<Error<Value>>>;

/// Returns the outcome of a call by a client with the default retries.
pub(super) fn call_with(net: &Rc<Net>, operation: Operation, options: Json) -> Outcome {
    let client = client(options);
    perform(&client, net, operation)
}

fn perform(client: &Client<Value>, net: &Rc<Net>, operation: Operation) -> Outcome {
    let content = if operation == Operation::Query { json!({}) } else { json!({"name": "Shop"}) };
    let call = client.call(operation, &Value::from(ID), &value(content), &value(json!({}))).unwrap();
    let host = net.host();
    let mut results = net.sim.run(vec![Box::pin(client.perform(&host, call))]);
    results.remove(0).expect("the promise settles")
}

/// Scripts failures, of this number, and then successes.
pub(super) fn failing<R: Into<Reply>>(times: usize, mut fail: impl FnMut() -> R + 'static) -> Rc<Net> {
    let left = Cell::new(times);
    Net::new(move |sent: &Sent| {
        if left.get() == 0 {
            return success(sent).into();
        }
        left.set(left.get() - 1);
        fail().into()
    })
}

/// Returns a success that fits any operation.
pub(super) fn success(_: &Sent) -> HttpResponse<Value> {
    answer(200, json!({"oAuthApp": {"id": ID}, "oAuthApps": [], "oAuthAppSecret": "s"}))
}

fn is_once(operation: Operation) -> bool {
    matches!(operation, Operation::Create | Operation::GenerateSecret)
}

/// Failures that the tests of the npm package read too. `code` is the code of the error if the request is not sent again,
/// `isRepeated` tells whether an idempotent request is sent again, and `isUncertain` whether the request may have taken effect.
fn table() -> Vec<Json> {
    serde_json::from_str(include_str!("../../../tests/tables/retry.json")).unwrap()
}

/// Returns the reply that a failure of the table describes.
fn reply(failure: &Json) -> Reply {
    let cause = || value(json!({"message": "fetch failed", "cause": {"code": failure["cause"]}}));
    if failure["isTimeout"] == true {
        return Reply::Never;
    }
    if failure["isBodyBroken"] == true {
        return Failure::Interrupted(cause()).into();
    }
    let Some(code) = failure["status"].as_u64() else { return Failure::Network(Some(cause())).into() };
    let body = match &failure["body"] {
        Json::Null => Body::Empty,
        Json::String(text) => Body::Other(text.clone()),
        json => Body::Json(value(json.clone())),
    };
    let response = HttpResponse { body, ..status(u16::try_from(code).unwrap()) };
    match failure["retryAfter"].as_str() {
        Some(after) => with_header(response, RETRY_AFTER, after).into(),
        None => response.into(),
    }
}

#[test]
fn a_failed_request_is_repeated_if_that_is_safe() {
    for row in table() {
        let (is_repeated, is_uncertain) = (row["isRepeated"] == true, row["isUncertain"] == true);
        for operation in OPERATIONS {
            let is_unknown = is_once(operation) && is_uncertain;
            let failure = row["failure"].clone();
            let net = failing(1, move || reply(&failure));
            let result = call_with(&net, operation, json!({}));
            let repeats = is_repeated && !is_unknown;
            assert_eq!(result.is_ok(), repeats, "{operation:?} {row}");
            assert_eq!(net.sent.borrow().len(), if repeats { 2 } else { 1 }, "{operation:?} {row}");

            let failure = row["failure"].clone();
            let net = failing(1, move || reply(&failure));
            let error = call_with(&net, operation, json!({"retry": false})).unwrap_err();
            let code = if is_unknown { "OUTCOME_UNKNOWN" } else { row["code"].as_str().unwrap() };
            assert_eq!((error.code.as_str(), error.attempts), (code, 1), "{operation:?} {row}");
        }
    }
}

#[test]
fn an_unknown_outcome_says_how_to_find_out() {
    for (operation, what, how) in [
        (Operation::Create, "an app may have been created: ", "listOAuthApps"),
        (Operation::GenerateSecret, "a secret may have been generated: ", "allowSecretGeneration"),
    ] {
        let net = failing(1, || status(500));
        let error = call_with(&net, operation, json!({})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::OutcomeUnknown, operation.as_str(), 1));
        assert!(error.message.starts_with(what) && error.message.contains(how), "{}", error.message);
        // The first attempt was not processed, the second one may have been.
        let first = Cell::new(true);
        let net =
            failing(2, move || if first.take() { with_header(status(429), RETRY_AFTER, "0") } else { status(500) });
        let error = call_with(&net, operation, json!({})).unwrap_err();
        assert_eq!((error.code, error.status, error.attempts), (Code::OutcomeUnknown, Some(500), 2));
    }
}

#[test]
fn the_last_failure_is_reported() {
    let replies: [fn() -> Reply; 3] =
        [|| status(500).into(), || thrown("ECONNRESET").into(), || with_header(status(429), RETRY_AFTER, "0").into()];
    let at = Cell::new(0);
    let net = failing(3, move || replies[at.replace(at.get() + 1)]());
    let error = call_with(&net, Operation::Get, json!({})).unwrap_err();
    assert_eq!((error.code, error.status, error.attempts), (Code::RateLimited, Some(429), 3));
    assert_eq!((error.cause, error.retry_after), (None, Some(0)));
    let error = call_with(&failing(3, || status(503)), Operation::Get, json!({})).unwrap_err();
    assert_eq!(error.retry_after, None);
}

#[test]
fn a_success_without_the_created_app_is_outcome_unknown() {
    for body in [Body::Empty, Body::Other("<html>".to_owned()), Body::Json(value(json!({"oAuthApp": {}})))] {
        let net = failing(1, move || HttpResponse { body: body.clone(), ..status(200) });
        let error = call_with(&net, Operation::Create, json!({})).unwrap_err();
        assert_eq!((error.code, error.status, error.attempts), (Code::OutcomeUnknown, Some(200), 1));
        assert_eq!(error.request_id.as_deref(), Some("1718.42"));
    }
    let net = failing(1, || Failure::NoResponse);
    assert_eq!(call_with(&net, Operation::Create, json!({})).unwrap_err().code, Code::OutcomeUnknown);
}

#[test]
fn a_permanent_failure_keeps_its_code_and_counts_its_attempts() {
    type Fail = fn() -> Reply;
    let rows: [(Fail, Code); 4] = [
        (|| status(500).into(), Code::ServerError),
        (|| status(429).into(), Code::RateLimited),
        (|| thrown("ECONNRESET").into(), Code::Network),
        (|| Reply::Never, Code::Timeout),
    ];
    for (fail, code) in rows {
        for (retry, attempts) in [
            (json!({}), 3),
            (json!({"retry": false}), 1),
            (json!({"retry": {"maxRetries": 0}}), 1),
            (json!({"retry": {"maxRetries": 5}}), 6),
        ] {
            let net = failing(usize::MAX, fail);
            let error = call_with(&net, Operation::Get, retry).unwrap_err();
            assert_eq!((error.code, error.attempts), (code, attempts));
            assert_eq!(net.sent.borrow().len(), usize::try_from(attempts).unwrap());
        }
    }
}

#[test]
fn a_repeated_delete_of_a_missing_app_has_succeeded() {
    type Fail = fn() -> Reply;
    let rows: [(Fail, bool); 7] = [
        (|| thrown("ECONNRESET").into(), true),
        (|| status(504).into(), true),
        (|| status(429).into(), true),
        (|| Reply::Never, true),
        // The first attempt did nothing, so the app was not there before either.
        (|| with_header(status(429), RETRY_AFTER, "0").into(), false),
        (|| with_header(status(503), RETRY_AFTER, "0").into(), false),
        (|| thrown("ECONNREFUSED").into(), false),
    ];
    for (fail, done) in rows {
        let calls = Cell::new(0);
        let net = Net::new(move |_: &Sent| {
            calls.set(calls.get() + 1);
            if calls.get() == 1 { fail() } else { status(404).into() }
        });
        let result = call_with(&net, Operation::Delete, json!({}));
        assert_eq!(result.is_ok(), done);
        assert_eq!(result.err().map(|error| (error.code, error.attempts)), (!done).then_some((Code::NotFound, 2)));
    }
    let net = Net::new(|_: &Sent| status(404));
    assert_eq!(call_with(&net, Operation::Delete, json!({})).unwrap_err().code, Code::NotFound);
    // The first of three attempts may have deleted the app.
    let replies: [Fail; 3] = [|| status(500).into(), || thrown("ECONNREFUSED").into(), || status(404).into()];
    let at = Cell::new(0);
    let net = Net::new(move |_: &Sent| replies[at.replace(at.get() + 1)]());
    call_with(&net, Operation::Delete, json!({})).unwrap();
    // A get that is repeated is still not found.
    let first = Cell::new(true);
    let net = Net::new(move |_: &Sent| if first.take() { status(500) } else { status(404) });
    let error = call_with(&net, Operation::Get, json!({})).unwrap_err();
    assert_eq!((error.code, error.attempts), (Code::NotFound, 2));
}

#[test]
fn reads_send_the_consistency_header_of_the_last_write() {
    let writes = Cell::new(0);
    let net = Net::new(move |sent: &Sent| {
        if !sent.line.starts_with("PATCH") {
            return success(sent);
        }
        writes.set(writes.get() + 1);
        with_header(success(sent), "x-wix-consistent", ["", "one", "two\nlines"][writes.get()])
    });
    let client = client(json!({}));
    for operation in [Operation::Get, Operation::Update, Operation::Get, Operation::Update, Operation::Query] {
        perform(&client, &net, operation).unwrap();
    }
    let sent: Vec<_> = net.sent.borrow().iter().map(|sent| sent.headers.get("x-wix-consistent").cloned()).collect();
    let one = || Some("one".to_owned());
    assert_eq!(sent, [None, None, one(), one(), one()]);

    // A caller may pass the header of another client's write.
    let options = value(json!({"headers": {"x-wix-consistent": "mine"}}));
    let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &options).unwrap();
    let host = net.host();
    net.sim.run(vec![Box::pin(client.perform(&host, call)) as super::sim::Task<'_, Outcome>]);
    assert_eq!(net.sent.borrow().last().unwrap().headers["x-wix-consistent"], "mine");

    // Another client has not written.
    call_with(&net, Operation::Get, json!({})).unwrap();
    assert_eq!(net.sent.borrow().last().unwrap().headers.get("x-wix-consistent"), None);
}

#[test]
fn events_report_the_call_without_credentials() {
    let net = failing(1, || with_header(status(503), RETRY_AFTER, "2"));
    let client = client(json!({"rateLimit": {"requests": 1, "per": 500}}));
    perform(&client, &net, Operation::Get).unwrap();
    let path = format!("/oauth-app/v1/oauth-apps/{ID}");
    let request = |attempt| json!({"type": "request", "operation": "getOAuthApp", "attempt": attempt, "method": "GET", "path": path});
    assert_eq!(
        *net.events.borrow(),
        [
            request(1),
            json!({
                "type": "response", "operation": "getOAuthApp", "attempt": 1, "duration": 10, "status": 503,
                "requestId": "1718.42", "code": "SERVER_ERROR",
            }),
            json!({"type": "retry", "operation": "getOAuthApp", "attempt": 1, "delay": 2_000, "code": "SERVER_ERROR"}),
            request(2),
            json!({
                "type": "response", "operation": "getOAuthApp", "attempt": 2, "duration": 10, "status": 200,
                "requestId": "1718.42",
            }),
        ]
    );
    let net = Net::new(|_: &Sent| thrown("ECONNRESET"));
    call_with(&net, Operation::Get, json!({"retry": false})).unwrap_err();
    assert_eq!(
        net.events.borrow()[1],
        json!({"type": "response", "operation": "getOAuthApp", "attempt": 1, "duration": 10, "code": "NETWORK"})
    );
    assert!(!format!("{:?}", net.events).contains("key-of-the-test"));
}
