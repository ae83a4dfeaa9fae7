//! The operations over a host that follows a script: the requests that are sent, and the result of each response.
#![allow(clippy::arithmetic_side_effects, clippy::needless_pass_by_value, reason = "of tests")]
#![allow(clippy::result_large_err, reason = "it holds the host's JSON, which is larger here than in JavaScript")]

mod arguments;
mod delays;
mod exchange;
mod network;
mod requests;
mod retry;
#[path = "../../tests/sim/mod.rs"]
mod sim;
mod site;
mod token;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::{Value as Json, json};

use super::{Call, Client, Event, Failure, Kind, Transport, WireRequest};
use crate::api::{Body, Code, Error, HttpResponse, Operation, REQUEST_ID};
use crate::validate::tests::lines;
use crate::value::tests::{KINDS, object, value};
use crate::value::{FUNCTION, Value};

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";
const SITE: &str = "6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f";

/// 2026-11-25T12:00:00Z
const START: u64 = 1_795_608_000_000;

type Answer = Result<HttpResponse<Value>, Failure<Value>>;

/// A host that returns the responses of its script, one for each request, and records the calls to it.
struct Script {
    answers: RefCell<VecDeque<Answer>>,
    token: Result<Value, Failure<Value>>,
    aborted: Option<Value>,
    /// Milliseconds since 1970; a wait advances it.
    clock: Cell<u64>,
    seen: RefCell<Vec<Seen>>,
    /// Every event except the warnings.
    events: RefCell<Vec<Json>>,
}

/// A call to the host.
#[derive(Debug, PartialEq)]
enum Seen {
    Sent { line: String, headers: String, body: Option<String>, timeout: u32 },
    AskedForToken { timeout: u32 },
    Waited(u32),
    Warned(Json),
}

impl Transport for Script {
    type Json = Value;

    async fn send(&self, request: &WireRequest<'_>, timeout: u32) -> Answer {
        let headers: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        self.seen.borrow_mut().push(Seen::Sent {
            line: format!("{} {}", request.method.as_str(), request.url),
            headers: headers.join("\n"),
            body: request.body.as_ref().map(|body| serde_json::to_string(body).unwrap()),
            timeout,
        });
        self.answers.borrow_mut().pop_front().expect("an answer for every request")
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        self.seen.borrow_mut().push(Seen::Waited(milliseconds));
        self.clock.update(|now| now.saturating_add(milliseconds.into()));
        self.aborted()
    }

    fn now(&self) -> u64 {
        self.clock.get()
    }

    fn date(&self, text: &str) -> Option<u64> {
        let without_zone = || httpdate::parse_http_date(text.strip_suffix(" GMT")?).ok();
        let date = httpdate::parse_http_date(text).ok().or_else(without_zone)?;
        date.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis().try_into().ok()
    }

    /// Returns a number just below the longest wait that the jitter allows.
    fn random(&self) -> f64 {
        0.999_999
    }

    fn aborted(&self) -> Option<Value> {
        self.aborted.clone()
    }

    async fn ended(&self) -> Value {
        std::future::pending().await
    }

    async fn access_token(&self, timeout: u32) -> Result<Value, Failure<Value>> {
        self.seen.borrow_mut().push(Seen::AskedForToken { timeout });
        self.token.clone()
    }

    fn emit(&self, event: &Event<'_>) {
        let told = serde_json::to_value(event.to_value()).unwrap();
        if matches!(event.kind, Kind::Warning(_)) {
            self.seen.borrow_mut().push(Seen::Warned(told));
        } else {
            self.events.borrow_mut().push(told);
        }
    }
}

impl Script {
    fn of<const N: usize>(answers: [HttpResponse<Value>; N]) -> Self {
        Self {
            answers: RefCell::new(answers.map(Ok).into()),
            token: Err(Failure::Network(None)),
            aborted: None,
            clock: Cell::new(START),
            seen: RefCell::default(),
            events: RefCell::default(),
        }
    }

    fn failing(failure: Failure<Value>) -> Self {
        Self { answers: RefCell::new([Err(failure)].into()), ..Self::of([]) }
    }

    /// Returns the requests that were sent: the line, the headers, the body.
    fn sent(self) -> Vec<(String, String, Option<String>)> {
        let sent = |seen| match seen {
            Seen::Sent { line, headers, body, .. } => Some((line, headers, body)),
            Seen::AskedForToken { .. } | Seen::Waited(_) | Seen::Warned(_) => None,
        };
        self.seen.into_inner().into_iter().filter_map(sent).collect()
    }
}

fn answer(status: u16, body: Json) -> HttpResponse<Value> {
    HttpResponse { status, headers: vec![(REQUEST_ID, "1718.42".to_owned())], body: Body::Json(value(body)) }
}

fn an_app() -> HttpResponse<Value> {
    answer(200, json!({"oAuthApp": {"id": ID, "name": "Shop"}}))
}

/// Returns the result of the first poll: no future in these tests waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("waits"),
    }
}

/// Returns a client that does not retry.
fn client(options: Json) -> Client<Value> {
    let mut options = value(options);
    if let Value::Object(members) = &mut options {
        members.push(("retry".to_owned(), Value::Bool(false)));
    }
    Client::new(&options, None).unwrap()
}

fn by_key() -> Client<Value> {
    client(json!({"auth": {"apiKey": "key"}, "siteId": SITE}))
}

fn by_callback() -> Client<Value> {
    let auth = object([("getAccessToken", Value::Foreign(FUNCTION))]);
    Client::new(&object([("auth", auth), ("retry", Value::Bool(false))]), None).unwrap()
}

type Prepared = Result<Box<Call>, Box<Error<Value>>>;

/// Returns the call of an operation on valid arguments.
fn call(client: &Client<Value>, operation: Operation, options: &Json) -> Prepared {
    let content = if operation == Operation::Query { json!({}) } else { json!({"name": "Shop"}) };
    client.call(operation, &Value::from(ID), &value(content), &value(options.clone()))
}

const OPERATIONS: [Operation; 6] = [
    Operation::Create,
    Operation::Get,
    Operation::Update,
    Operation::Delete,
    Operation::Query,
    Operation::GenerateSecret,
];

fn get(client: &Client<Value>, host: &Script) -> Result<Value, Box<Error<Value>>> {
    now(client.perform(host, call(client, Operation::Get, &json!({}))?))
}

#[test]
fn a_failure_becomes_its_code_with_its_cause() {
    let thrown = Value::from("connection reset");
    for (failure, code, cause) in [
        (Failure::Network(Some(thrown.clone())), Code::Network, Some(thrown.clone())),
        (Failure::Network(None), Code::Network, None),
        (Failure::NotSent(thrown.clone()), Code::Network, Some(thrown.clone())),
        (Failure::Interrupted(thrown.clone()), Code::Network, Some(thrown.clone())),
        (Failure::NoResponse, Code::BadResponse, None),
        (Failure::Timeout, Code::Timeout, None),
        (Failure::Aborted(thrown.clone()), Code::Aborted, Some(thrown)),
    ] {
        let host = Script::failing(failure.clone());
        let error = get(&by_key(), &host).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (code, "getOAuthApp", 1), "{failure:?}");
        assert_eq!((error.cause, error.status, error.request_id), (cause, None, None), "{failure:?}");
        assert!(!error.message.is_empty() && !error.message.contains("key"), "{}", error.message);
        assert_eq!(host.sent().len(), 1);
    }
}

#[test]
fn a_response_without_success_becomes_an_error_with_one_attempt() {
    for operation in OPERATIONS {
        let client = by_key();
        let host = Script::of([answer(403, json!({"message": "no"}))]);
        let error = now(client.perform(&host, call(&client, operation, &json!({})).unwrap())).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::PermissionDenied, operation.as_str(), 1));
        assert_eq!((error.status, error.request_id.as_deref()), (Some(403), Some("1718.42")));
        assert_eq!(error.message, "no (HTTP 403)");
    }
}

#[test]
fn a_call_with_an_aborted_signal_sends_nothing() {
    for (reason, _) in KINDS {
        for client in [by_key(), by_callback()] {
            let host = Script { aborted: Some(reason.clone()), ..Script::of([]) };
            let error = get(&client, &host).unwrap_err();
            assert_eq!((error.code, error.attempts, error.cause), (Code::Aborted, 0, Some(reason.clone())));
            assert_eq!(host.seen.take(), []);
        }
    }
}

#[test]
fn the_token_of_the_callback_is_requested_and_sent() {
    let host = Script { token: Ok(Value::from("OauthNG.JWS.x")), ..Script::of([an_app(), an_app()]) };
    let client = by_callback();
    for _ in 0..2 {
        now(client.perform(&host, call(&client, Operation::Get, &json!({"timeout": 9})).unwrap())).unwrap();
    }
    let seen = host.seen.take();
    let [Seen::AskedForToken { timeout: 9 }, Seen::Sent { headers, .. }, Seen::AskedForToken { .. }, Seen::Sent { .. }] =
        &seen[..]
    else {
        panic!("{seen:?}");
    };
    assert_eq!(headers, "Authorization: OauthNG.JWS.x");
}

#[test]
fn a_callback_without_a_token_sends_nothing() {
    let thrown = Value::from("no session");
    let given = |value: Value| (Ok(value), Code::Config, None);
    let mut rows: Vec<(_, _, _)> = vec![
        (Err(Failure::Network(Some(thrown.clone()))), Code::Unauthenticated, Some(thrown.clone())),
        (Err(Failure::Timeout), Code::Timeout, None),
        (Err(Failure::Aborted(thrown.clone())), Code::Aborted, Some(thrown)),
        given(Value::from("hunter2\n")),
        given(Value::from("hunter2\r\nwix-site-id: x")),
        given(Value::from("hunter2é")),
        given(object([("access_token", Value::from("hunter2"))])),
    ];
    // They include the empty text.
    rows.extend(KINDS.map(|(value, _)| given(value)));
    for (token, code, cause) in rows {
        let host = Script { token: token.clone(), ..Script::of([]) };
        let error = get(&by_callback(), &host).unwrap_err();
        assert_eq!((error.code, error.attempts, error.cause.as_ref()), (code, 0, cause.as_ref()), "{token:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert!(host.sent().is_empty(), "{token:?}");
    }
}

#[test]
fn credentials_in_responses_are_redacted() {
    for (key, said, shown) in [
        ("IST.secret-key", "Invalid key IST.secret-key", "Invalid key [redacted] (HTTP 401)"),
        ("IST.secret-key", "IST.secret-keyIST.secret-key!", "[redacted][redacted]! (HTTP 401)"),
        // A key that is part of its replacement, and one that is too short to be a secret.
        ("redacted", "a redacted key", "a [redacted] key (HTTP 401)"),
        ("key", "Invalid key", "Invalid key (HTTP 401)"),
        ("IST.secret-key", "IST.secret-ke is no key", "IST.secret-ke is no key (HTTP 401)"),
        ("IST.secret-key", "?key=IST%2Esecret%2dkey", "?key=[redacted] (HTTP 401)"),
    ] {
        let client = client(json!({"auth": {"apiKey": key}, "siteId": SITE}));
        let violations = json!([{"field": "key", "description": said}]);
        let body = json!({"message": said, "details": {"validationError": {"fieldViolations": violations}}});
        let host = Script::of([answer(401, body)]);
        let call = call(&client, Operation::Get, &json!({})).unwrap();
        let error = now(client.perform(&host, call)).unwrap_err();
        assert_eq!(error.message, shown);
        assert_eq!([&error.violations[0].message, " (HTTP 401)"].concat(), shown);
    }
}
