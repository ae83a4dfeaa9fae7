//! The operations over a host that follows a script: the requests that are sent, and the result of each response.
#![allow(clippy::arithmetic_side_effects, clippy::needless_pass_by_value, reason = "of tests")]
#![allow(clippy::result_large_err, reason = "it holds the host's JSON, which is larger here than in JavaScript")]

mod exchange;
mod network;
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
fn each_operation_sends_the_request_of_the_contract_and_returns_the_result() {
    let client = by_key();
    let app = json!({"id": ID, "name": "Shop", "tomorrow": [1, null]});
    let page = json!({"oAuthApps": [app], "pagingMetadata": {"count": 1}});
    let rows = [
        (
            Operation::Create,
            "POST ",
            Some(json!({"oAuthApp": {"name": "Shop"}})),
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (
            Operation::Get,
            "GET /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
            None,
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (
            Operation::Update,
            "PATCH /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
            Some(json!({"oAuthApp": {"id": ID, "name": "Shop"}, "mask": {"paths": ["name"]}})),
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (Operation::Delete, "DELETE /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", None, json!({}), None),
        (Operation::Query, "POST /query", Some(json!({"query": {}})), page.clone(), Some(page)),
        (
            Operation::GenerateSecret,
            "POST /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11/generate-secret",
            Some(json!({"oAuthAppId": ID})),
            json!({"oAuthAppSecret": "s3"}),
            Some(json!("s3")),
        ),
    ];
    for (operation, line, body, served, given) in rows {
        let host = Script::of([answer(200, served)]);
        let result = now(client.perform(&host, call(&client, operation, &json!({})).unwrap()));
        assert_eq!(result.unwrap(), given.map_or(Value::Null, value), "{operation:?}");
        let (method, rest) = line.split_once(' ').unwrap();
        let line = format!("{method} https://www.wixapis.com/oauth-app/v1/oauth-apps{rest}");
        let headers = match body {
            Some(_) => format!("Authorization: key\nwix-site-id: {SITE}\nContent-Type: application/json"),
            None => format!("Authorization: key\nwix-site-id: {SITE}"),
        };
        assert_eq!(host.sent(), [(line, headers, body.map(|body| body.to_string()))], "{operation:?}");
    }
}

#[test]
fn headers_follow_from_the_credential_and_the_scope() {
    let rows: Vec<(Json, Json, &str)> = vec![
        (json!({"auth": {"accessToken": "IST.key"}}), json!({}), "Authorization: IST.key"),
        (
            json!({"auth": {"apiKey": "IST.key"}, "accountId": SITE}),
            json!({}),
            "Authorization: IST.key\nwix-account-id: 6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f",
        ),
        // An access token is sent raw too, without `Bearer`.
        (
            json!({"auth": {"accessToken": "OauthNG.JWS.x"}, "siteId": SITE}),
            json!({}),
            "Authorization: OauthNG.JWS.x\nwix-site-id: 6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f",
        ),
        (
            json!({"auth": {"accessToken": "k"}}),
            json!({"headers": {"X-Trace": "a b", "accept-language": "de"}}),
            "Authorization: k\nX-Trace: a b\naccept-language: de",
        ),
        (json!({"auth": {"accessToken": "k"}}), json!({"headers": {}}), "Authorization: k"),
    ];
    for (options, of_call, headers) in rows {
        let client = client(options.clone());
        let host = Script::of([an_app()]);
        now(client.perform(&host, call(&client, Operation::Get, &of_call).unwrap())).unwrap();
        assert_eq!(host.sent()[0].1, headers, "{options} {of_call}");
    }
}

#[test]
fn the_base_url_precedes_the_path() {
    for (base, url) in [
        ("http://localhost:4321/", "http://localhost:4321/oauth-app/v1/oauth-apps/query"),
        ("https://proxy.example/wix/", "https://proxy.example/wix/oauth-app/v1/oauth-apps/query"),
    ] {
        let client = client(json!({"auth": {"accessToken": "k"}, "baseUrl": base}));
        let host = Script::of([answer(200, json!({"oAuthApps": []}))]);
        now(client.perform(&host, call(&client, Operation::Query, &json!({})).unwrap())).unwrap();
        assert_eq!(host.sent()[0].0, format!("POST {url}"));
    }
}

#[test]
fn the_timeout_of_a_call_takes_precedence() {
    for (of_client, of_call, expected) in [
        (json!({}), json!({}), 30_000),
        (json!({"timeout": 700}), json!({}), 700),
        (json!({"timeout": 700}), json!({"timeout": 5}), 5),
    ] {
        let mut options = json!({"auth": {"accessToken": "k"}});
        options.as_object_mut().unwrap().extend(of_client.as_object().unwrap().clone());
        let client = client(options);
        let host = Script::of([an_app()]);
        now(client.perform(&host, call(&client, Operation::Get, &of_call).unwrap())).unwrap();
        assert!(matches!(host.seen.take()[..], [Seen::Sent { timeout, .. }] if timeout == expected), "{expected}");
    }
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
fn an_id_that_is_not_a_guid_never_reaches_a_path() {
    let client = by_key();
    let patch = value(json!({"name": "Shop"}));
    let texts = ["", "query", "../oauth2/token", "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11/", "%2e%2e"].map(Value::from);
    for id in texts.into_iter().chain(KINDS.map(|(value, _)| value)) {
        for operation in [Operation::Get, Operation::Update, Operation::Delete, Operation::GenerateSecret] {
            let refused: Prepared = client.call(operation, &id, &patch, &value(json!({})));
            let error = refused.unwrap_err();
            assert_eq!((error.code, error.operation), (Code::InvalidArgument, operation.as_str()), "{id:?}");
            let rule = if id.as_str().is_some() { "id FORMAT" } else { "id TYPE" };
            assert_eq!((error.attempts, lines(&error.violations)), (0, vec![rule.to_owned()]), "{id:?}");
        }
    }
}

#[test]
fn arguments_are_refused_with_every_violation_before_anything_is_sent() {
    let client = by_key();
    let rows: Vec<(Operation, &str, Value, &[&str], &str)> = vec![
        (
            Operation::Create,
            "",
            value(json!({"name": "x", "id": ID})),
            &["name OUT_OF_RANGE", "id READ_ONLY (warning)"],
            "name must have 2 to 256 characters, has 1",
        ),
        (Operation::Create, "", Value::Foreign("undefined"), &[" TYPE"], "must be an object, is undefined"),
        (
            Operation::Update,
            "x",
            value(json!({"nme": "x"})),
            &["id FORMAT", "nme UNKNOWN_FIELD -> name"],
            "id must be a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11: the app's ID, which is its client ID; is \"x\"; \
             nme is not a known field; did you mean name",
        ),
        (
            Operation::Update,
            ID,
            value(json!({})),
            &[" EMPTY_PATCH"],
            "the patch names no field; give at least one field to change",
        ),
        (
            Operation::Query,
            "",
            value(json!({"paging": {"limit": 0}})),
            &["paging.limit OUT_OF_RANGE"],
            "paging.limit must be a whole number from 1 to 4294967295",
        ),
        // A warning does not stop the call and is not in the message.
        (
            Operation::Create,
            "",
            value(json!({"loginUrl": "http://example.com/"})),
            &["name REQUIRED_FIELD", "loginUrl PLAIN_HTTP -> https://example.com/ (warning)"],
            "name is required, with 2 to 256 characters",
        ),
    ];
    for (operation, id, content, violations, message) in rows {
        let refused: Prepared = client.call(operation, &Value::from(id), &content, &value(json!({})));
        let error = refused.unwrap_err();
        assert_eq!((error.code, error.operation), (Code::InvalidArgument, operation.as_str()));
        assert_eq!(lines(&error.violations), violations);
        assert_eq!((error.message.as_str(), error.attempts), (message, 0));
    }
}

#[test]
fn a_warning_does_not_stop_a_write_and_is_emitted() {
    let draft = json!({"name": "Shop", "loginUrl": "http://example.com/", "allowedRedirectUris": ["https://example.com"],
            "allowedRedirectDomains": ["example.com"]});
    for (operation, line) in [(Operation::Create, "createOAuthApp"), (Operation::Update, "updateOAuthApp")] {
        let client = by_key();
        let host = Script::of([an_app()]);
        let call = client.call(operation, &Value::from(ID), &value(draft.clone()), &value(json!({}))).unwrap();
        now(client.perform(&host, call)).unwrap();
        let seen = host.seen.take();
        let [Seen::Warned(event), Seen::Sent { .. }] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((&event["type"], &event["operation"]), (&json!("warning"), &json!(line)));
        let found: Vec<&Json> = event["violations"].as_array().unwrap().iter().map(|found| &found["rule"]).collect();
        assert_eq!(found, ["PLAIN_HTTP", "NO_PATH"]);
    }
}

#[test]
fn a_call_without_a_warning_emits_none() {
    for operation in OPERATIONS {
        let client = by_key();
        let host = Script::of([answer(403, json!({}))]);
        now(client.perform(&host, call(&client, operation, &json!({})).unwrap())).unwrap_err();
        assert!(matches!(host.seen.take()[..], [Seen::Sent { .. }]), "{operation:?}");
    }
}

#[test]
fn faulty_options_of_a_call_name_the_operation() {
    for operation in OPERATIONS {
        let error = call(&by_key(), operation, &json!({"timeout": 0, "retries": 1})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::Config, operation.as_str(), 0));
        assert_eq!(lines(&error.violations), ["retries UNKNOWN_FIELD -> retry", "timeout OUT_OF_RANGE"]);
        assert!(error.message.starts_with("retries is no option; did you mean `retry`?; timeout "));
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
