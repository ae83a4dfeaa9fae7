//! Attempts without a response of the service itself.

use serde_json::{Value as Json, json};

use super::network::{Net, Reply, Sent, status, with_header};
use super::{ID, OPERATIONS, SITE, answer, client, value};
use crate::api::{Body, CONSISTENT, Code, HttpResponse, Operation, REQUEST_ID, RETRY_AFTER};
use crate::client::{Client, Failure};
use crate::value::Value;

type Outcome = Result<Value, Box<crate::api::Error<Value>>>;

const KEY: &str = "IST.key/of+the=test";

fn perform(net: &std::rc::Rc<Net>, operation: Operation, options: Json) -> Outcome {
    let mut all = json!({"auth": {"apiKey": KEY}, "siteId": SITE, "baseUrl": "https://www.wixapis.com"});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let client = Client::new(&value(all), None).unwrap();
    let content = if operation == Operation::Query { json!({}) } else { json!({"name": "Shop"}) };
    let call = client.call(operation, &Value::from(ID), &value(content), &value(json!({}))).unwrap();
    let host = net.host();
    let mut results = net.sim.run(vec![Box::pin(client.perform(&host, call))]);
    results.remove(0).expect("the promise settles")
}

/// Returns the error of an operation that always gets that response, and the number of requests.
fn failed<R: Into<Reply>>(
    operation: Operation,
    options: Json,
    mut reply: impl FnMut() -> R + 'static,
) -> (Box<crate::api::Error<Value>>, usize) {
    let net = Net::new(move |_: &Sent| reply());
    let error = perform(&net, operation, options).unwrap_err();
    let sent = net.sent.borrow().len();
    (error, sent)
}

fn page(status: u16) -> HttpResponse<Value> {
    HttpResponse { body: Body::Other("<h1>Not <b>here</b></h1>".to_owned()), ..answer(status, json!({})) }
}

fn thrown(error: Json) -> Failure<Value> {
    Failure::Network(Some(value(error)))
}

#[test]
fn a_gateways_page_is_shown_in_the_message() {
    for operation in OPERATIONS {
        let (error, sent) = failed(operation, json!({}), || page(404));
        assert_eq!((error.code, sent), (Code::BadResponse, 1), "{operation:?}");
        assert_eq!(
            error.message,
            "a proxy or gateway answered in place of the service, or `baseUrl` is wrong; it gave an HTML page (HTTP 404): \
             Not here"
        );
    }
    let (error, sent) = failed(Operation::Get, json!({"retry": false}), || page(502));
    assert_eq!((error.code, sent), (Code::ServerError, 1));
    assert_eq!(error.message, "the service, or a gateway before it, answered with an HTML page (HTTP 502): Not here");
}

#[test]
fn a_long_page_is_shortened_and_shows_no_part_of_the_key() {
    for before in (0..200).chain([4_070, 4_080, 4_090]) {
        // The key lies across each position at which the text may be cut.
        let text = format!("{}{KEY}{}", "é".repeat(before), "x".repeat(200));
        for text in [text.clone(), text.chars().take(4_096).collect(), format!("<p>{text}")] {
            let (error, _) = failed(Operation::Get, json!({}), move || HttpResponse {
                body: Body::Other(text.clone()),
                ..answer(403, json!({}))
            });
            assert!(!error.message.contains("IST.key"), "{}", error.message);
            assert!(error.message.len() < 300, "{}", error.message);
        }
    }
}

#[test]
fn only_a_404_of_the_service_confirms_an_uncertain_delete() {
    for (second, done) in [
        (status(404), true),
        (answer(404, json!({"details": {"applicationError": {"code": "NOT_FOUND"}}})), true),
        (page(404), false),
        (HttpResponse { body: Body::Empty, ..answer(404, json!({})) }, false),
        (answer(404, json!({"error": "Not Found"})), false),
        (page(410), false),
        (page(200), false),
    ] {
        let mut first = true;
        let net = Net::new(move |_: &Sent| {
            let is_first = std::mem::take(&mut first);
            if is_first { status(504) } else { second.clone() }
        });
        let result = perform(&net, Operation::Delete, json!({}));
        assert_eq!(result.is_ok(), done, "{result:?}");
        if let Err(error) = result {
            assert_eq!((error.code, error.attempts), (Code::BadResponse, 2));
        }
    }
}

#[test]
fn ensure_does_not_create_because_of_a_gateways_404() {
    let wanted = json!({"id": ID, "name": "Shop"});
    for gateway in [page(404), answer(404, json!({})), page(410)] {
        let net = Net::new(move |_: &Sent| gateway.clone());
        let client = client(json!({"auth": {"apiKey": KEY}, "siteId": SITE}));
        let call = client.call(Operation::Ensure, &Value::Null, &value(wanted.clone()), &value(json!({}))).unwrap();
        let host = net.host();
        let error = net.sim.run(vec![Box::pin(client.perform(&host, call))]).remove(0).unwrap().unwrap_err();
        assert_eq!(error.code, Code::BadResponse);
        assert_eq!(net.lines(), [format!("GET /{ID}")]);
    }
}

#[test]
fn a_429_is_repeated_by_a_create_only_where_it_says_that_nothing_was_done() {
    let exhausted = json!({"details": {"applicationError": {"code": "RESOURCE_EXHAUSTED"}}});
    for operation in [Operation::Create, Operation::GenerateSecret] {
        for bare in [json!({}), json!({"message": "Too Many Requests"}), json!(null)] {
            let (error, sent) = failed(operation, json!({}), move || answer(429, bare.clone()));
            assert_eq!((error.code, error.status, sent), (Code::OutcomeUnknown, Some(429), 1));
        }
        let exhausted = exhausted.clone();
        let (error, sent) = failed(operation, json!({}), move || answer(429, exhausted.clone()));
        assert_eq!((error.code, sent), (Code::RateLimited, 3));
        let (error, sent) = failed(operation, json!({}), || with_header(answer(429, json!({})), RETRY_AFTER, "1"));
        assert_eq!((error.code, sent), (Code::RateLimited, 3));
    }
    let (error, sent) = failed(Operation::Update, json!({}), || answer(429, json!({})));
    assert_eq!((error.code, sent), (Code::RateLimited, 3));
}

#[test]
fn an_unsent_create_is_a_network_error_and_an_uncertain_one_is_outcome_unknown() {
    let caused = |code: &str| json!({"message": "fetch failed", "cause": {"code": code}});
    let rows: Vec<(Failure<Value>, bool, usize)> = vec![
        (thrown(caused("ECONNREFUSED")), false, 3),
        (thrown(caused("ENOTFOUND")), false, 3),
        (thrown(json!({"message": "x: client error (Connect): tcp connect error"})), false, 3),
        (thrown(caused("DEPTH_ZERO_SELF_SIGNED_CERT")), false, 1),
        (thrown(caused("ERR_SSL_WRONG_VERSION_NUMBER")), false, 1),
        (thrown(json!({"message": "Failed to parse URL from x"})), false, 1),
        (Failure::NotSent(Value::from("no fetch")), false, 3),
        (Failure::NotSent(value(json!({"code": "CERT_HAS_EXPIRED"}))), false, 1),
        (thrown(caused("ECONNRESET")), true, 3),
        (thrown(json!({"message": "Failed to fetch"})), true, 3),
        (Failure::Network(None), true, 3),
        // The body broke off: whatever the error is called, the request has arrived.
        (Failure::Interrupted(value(caused("ECONNREFUSED"))), true, 3),
        (Failure::Interrupted(value(caused("CERT_HAS_EXPIRED"))), true, 3),
    ];
    for (failure, is_uncertain, attempts) in rows {
        for operation in OPERATIONS {
            let is_once = matches!(operation, Operation::Create | Operation::GenerateSecret);
            let given = failure.clone();
            let (error, sent) = failed(operation, json!({}), move || given.clone());
            let code = if is_once && is_uncertain { Code::OutcomeUnknown } else { Code::Network };
            let attempts = if is_once && is_uncertain { 1 } else { attempts };
            assert_eq!((error.code, sent), (code, attempts), "{failure:?} {operation:?}");
        }
    }
}

#[test]
fn messages_name_the_host_and_the_timeout() {
    let refused = || thrown(json!({"cause": {"code": "ECONNREFUSED", "syscall": "connect"}}));
    let (error, _) = failed(Operation::Get, json!({"retry": false}), refused);
    assert!(error.message.ends_with("; see the cause (ECONNREFUSED www.wixapis.com)"), "{}", error.message);
    let (error, _) = failed(Operation::Get, json!({"timeout": 1_234, "retry": false}), || Reply::Never);
    assert!(error.message.starts_with("no complete response within 1234 ms"), "{}", error.message);
    for (options, tail) in [
        (json!({}), "; the service asks to wait 61 s, longer than `retry.maxDelay` (60000 ms)"),
        (json!({"retry": false}), "; the service asks to wait 61 s"),
        (json!({"retry": {"maxRetries": 0}}), "; the service asks to wait 61 s"),
    ] {
        for (operation, code) in [(Operation::Get, Code::RateLimited), (Operation::Create, Code::RateLimited)] {
            let (error, sent) = failed(operation, options.clone(), || with_header(status(429), RETRY_AFTER, "61"));
            assert_eq!((error.code, error.retry_after, sent), (code, Some(61_000), 1));
            assert_eq!(error.message, format!("no (HTTP 429){tail}"));
        }
    }
    let (error, _) = failed(Operation::Get, json!({}), || with_header(status(429), RETRY_AFTER, "0"));
    assert_eq!(error.message, "no (HTTP 429)");
}

#[test]
fn a_proxy_that_requires_a_login_has_not_forwarded_the_request() {
    for (code, expected) in [(407, Code::BadResponse), (511, Code::ServerError)] {
        let (error, sent) = failed(Operation::Create, json!({}), move || page(code));
        assert_eq!((error.code, sent), (expected, 1));
    }
}

#[test]
fn no_error_and_no_event_repeats_the_key() {
    let echoes = [
        KEY.to_owned(),
        format!("Bearer {KEY}"),
        "IST.key%2Fof%2Bthe%3Dtest".to_owned(),
        r"IST.key\/of+the=test".to_owned(),
        r"IST.key\u002fof+the=test".to_owned(),
    ];
    let auths = [json!({"apiKey": KEY}), json!({"accessToken": KEY}), json!({"clientId": ID, "clientSecret": KEY})];
    for (echo, auth) in echoes.iter().flat_map(|echo| auths.iter().map(move |auth| (echo, auth))) {
        for code in [200, 400, 401, 403, 404, 429, 500, 503] {
            let violation = json!({"field": echo, "description": echo, "violatedRule": echo});
            let own = json!({"message": echo, "details": {"validationError": {"fieldViolations": [violation]}}});
            let bodies = [
                Body::Json(value(own)),
                Body::Json(value(json!({"error": echo}))),
                Body::Other(echo.clone()),
                Body::Other(format!("<p>{echo}</p>")),
            ];
            for body in bodies {
                let net = Net::new({
                    let headers = vec![(REQUEST_ID, echo.clone()), (CONSISTENT, echo.clone())];
                    move |_: &Sent| HttpResponse { status: code, headers: headers.clone(), body: body.clone() }
                });
                for operation in OPERATIONS {
                    let result = perform(&net, operation, json!({ "auth": auth }));
                    let shown = result.err().map(|error| format!("{error:?} {:?}", error.to_value()));
                    let shown = format!("{shown:?} {:?}", net.events.borrow());
                    assert!(!shown.contains("of+the") && !shown.contains("of%2B"), "{code} {operation:?} {shown}");
                }
            }
        }
    }
}
