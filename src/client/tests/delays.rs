//! The waits of a call: before a retry, and for the rate limit.

use std::rc::Rc;

use serde_json::json;

use super::network::{Net, status, with_header};
use super::retry::{Outcome, call_with, client, failing, success};
use super::sim::{Signal, Task};
use super::{ID, value};
use crate::api::{Code, Operation, RETRY_AFTER};
use crate::value::Value;

#[test]
fn waits_grow_with_full_jitter_up_to_the_limit() {
    for (random, base_delay, max_delay, waits) in [
        (0.999_999, 100, 500, [99, 199, 399, 499, 499]),
        (0.5, 100, 500, [50, 100, 200, 250, 250]),
        (0.0, 100, 500, [0; 5]),
        (0.9, 0, 500, [0; 5]),
        (0.5, 1_000, 10, [5; 5]),
        (0.999_999, 500, 60_000, [499, 999, 1_999, 3_999, 7_999]),
    ] {
        let net = failing(5, || status(500));
        net.random.set(random);
        let retry = json!({"maxRetries": 5, "baseDelay": base_delay, "maxDelay": max_delay});
        call_with(&net, Operation::Get, json!({ "retry": retry })).unwrap();
        let delays: Vec<u64> = net.events.borrow().iter().filter_map(|event| event["delay"].as_u64()).collect();
        assert_eq!(delays, waits);
        let times = net.times();
        let gaps: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0] - 10).collect();
        assert_eq!(gaps, waits);
    }
}

#[test]
fn a_wait_never_overflows() {
    let net = failing(40, || status(500));
    let retry =
        json!({"retry": {"maxRetries": 40, "baseDelay": 2_147_483_647, "maxDelay": 2_147_483_647}, "rateLimit": false});
    call_with(&net, Operation::Get, retry).unwrap();
    assert_eq!(net.sent.borrow().len(), 41);
}

#[test]
fn retry_after_is_honoured_up_to_the_limit() {
    for (header, wait) in [("0", 0), ("3", 3_000), ("60", 60_000), (" 7 ", 7_000), ("007", 7_000)] {
        let net = failing(1, move || with_header(status(429), RETRY_AFTER, header));
        call_with(&net, Operation::Create, json!({})).unwrap();
        assert_eq!(net.times(), [0, 10 + wait], "{header}");
    }
    // A header that is neither a delay nor a date counts as absent.
    for header in ["", "soon", "-1", "1.5", "1e3", "0x10"] {
        let net = failing(1, move || with_header(status(429), RETRY_AFTER, header));
        call_with(&net, Operation::Get, json!({})).unwrap();
        assert_eq!(net.times(), [0, 10 + 499], "{header}");
    }
    let huge = "9".repeat(400);
    for (header, milliseconds) in [("61", 61_000), ("99999999999999999999", u32::MAX), (&*huge, u32::MAX)] {
        for operation in [Operation::Get, Operation::Create, Operation::GenerateSecret] {
            let header = header.to_owned();
            let net = failing(1, move || with_header(status(503), RETRY_AFTER, &header));
            let error = call_with(&net, operation, json!({})).unwrap_err();
            assert_eq!((error.code, error.attempts, error.retry_after), (Code::ServerError, 1, Some(milliseconds)));
        }
    }
    // The limit is an option.
    for (max_delay, is_done) in [(89_999, false), (90_000, true)] {
        let net = failing(1, || with_header(status(503), RETRY_AFTER, "90"));
        let result = call_with(&net, Operation::Get, json!({"retry": {"maxDelay": max_delay}}));
        assert_eq!(result.is_ok(), is_done);
    }
}

#[test]
fn retry_after_is_parsed_in_each_of_its_forms() {
    let parse = |text: &str| {
        httpdate::parse_http_date(text.strip_suffix(" GMT").unwrap_or(text))
            .or_else(|_| httpdate::parse_http_date(text))
            .ok()
            .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis().try_into().ok())
    };
    // 1994-11-06T08:49:30Z
    let now = 784_111_770_000;
    for (header, delay) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7_000)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(7_000)),
        ("Sun Nov  6 08:49:37 1994", Some(7_000)),
        ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(u32::MAX)),
        ("Sunday", None),
        ("Sun, 06 Nov", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
    ] {
        assert_eq!(crate::client::retry::parse_retry_after(header, now, &parse), delay, "{header}");
    }
}

#[test]
fn a_signal_ends_a_wait_at_once() {
    // Before, during the request, during the wait for another attempt.
    for (when, attempts) in [(5, 1), (50, 1), (520, 2)] {
        let net = failing(usize::MAX, || status(500));
        let client = client(json!({}));
        let signal: Rc<Signal<Value>> = Rc::default();
        let host = net.host_until(&signal);
        let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
        let ended = async {
            net.sim.sleep(when).await;
            signal.set(Value::from("enough"));
            Ok(Value::Null)
        };
        let mut results = net.sim.run(vec![Box::pin(client.perform(&host, call)), Box::pin(ended)]);
        let error = results.remove(0).unwrap().unwrap_err();
        assert_eq!((error.code, error.attempts), (Code::Aborted, attempts));
        assert_eq!(error.cause, Some(Value::from("enough")));
        assert_eq!(net.sim.now() - super::START, when);
    }
}

#[test]
fn requests_obey_the_rate_limit_and_aborted_ones_do_not_count() {
    let net = Net::new(success);
    let client = client(json!({"rateLimit": {"requests": 2, "per": 1_000}}));
    let signal: Rc<Signal<Value>> = Rc::default();
    let hosts = [net.host(), net.host(), net.host_until(&signal), net.host(), net.host()];
    let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
    for host in &hosts {
        let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
        tasks.push(Box::pin(client.perform(host, call)));
    }
    tasks.push(Box::pin(async {
        net.sim.sleep(300).await;
        signal.set(Value::Null);
        Ok(Value::Null)
    }));
    let results = net.sim.run(tasks);
    assert_eq!(results[2].as_ref().unwrap().as_ref().unwrap_err().code, Code::Aborted);
    assert_eq!(net.times(), [0, 0, 1_000, 1_000]);
    let delays: Vec<_> = net.events.borrow().iter().filter_map(|event| event["delay"].as_u64()).collect();
    assert_eq!(delays, [1_000, 1_000, 2_000]);
}

#[test]
fn two_hundred_requests_start_at_once_and_the_next_a_minute_later() {
    let net = Net::new(success);
    let client = client(json!({}));
    let hosts: Vec<_> = (0..201).map(|_| net.host()).collect();
    let tasks = hosts.iter().map(|host| {
        let call = client.call(Operation::Get, &Value::from(ID), &Value::Null, &value(json!({}))).unwrap();
        Box::pin(client.perform(host, call)) as Task<'_, Outcome>
    });
    assert!(net.sim.run(tasks.collect()).into_iter().all(|result| result.unwrap().is_ok()));
    let times = net.times();
    assert_eq!((times[199], times[200]), (0, 60_000));
}
