//! Runs the client against the service over a network that loses, breaks and delays requests, with concurrent calls of which
//! some are aborted. Every promise settles, and the service stores what the settled promises say.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::result_large_err,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

#[path = "../../tests/support/json.rs"]
mod json;
#[path = "../../tests/sim/mod.rs"]
mod sim;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use json::{from_json, to_json};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sim::{Signal, Sim, Task};
use wix_oauth_apps::api::{Body, Code, Error, HEADERS, HttpResponse, Operation};
use wix_oauth_apps::client::{Client, Event, Failure, Transport, WireRequest};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request};

const START: u64 = 1_795_608_000_000;
const SHOP: &str = "Shop";

/// Pseudo-random numbers from a seed.
struct Dice(Cell<u64>);

impl Dice {
    fn roll(&self, sides: u64) -> u64 {
        self.0.set(self.0.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        (self.0.get() >> 33) % sides
    }
}

struct Service {
    emulator: RefCell<Emulator>,
    sim: Rc<Sim>,
    dice: Dice,
    /// The percentage of requests that fail.
    trouble: u64,
}

impl Host for &Service {
    fn now(&mut self) -> u64 {
        self.sim.now()
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| u8::try_from(self.dice.roll(256)).unwrap());
    }
}

/// The fate of a request in the network.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    /// The connection is refused, before the request has reached the service.
    Refused,
    /// The connection breaks before the request has reached the service.
    LostBefore,
    /// The connection breaks after the request was executed, and the response is lost.
    LostAfter,
    /// The request is executed, and no response arrives.
    Hangs,
    /// A gateway responds, and the request has not reached the service.
    Status(u16),
    /// A gateway responds, although the request was executed.
    StatusAfter(u16),
    /// The body of the response is cut short.
    Garbled,
}

impl Service {
    fn fate(&self) -> Fate {
        const TROUBLE: [Fate; 10] = [
            Fate::Refused,
            Fate::LostBefore,
            Fate::LostAfter,
            Fate::Hangs,
            Fate::Status(429),
            Fate::Status(502),
            Fate::Status(503),
            Fate::StatusAfter(502),
            Fate::StatusAfter(504),
            Fate::Garbled,
        ];
        if self.dice.roll(100) >= self.trouble {
            return Fate::Answered;
        }
        TROUBLE[usize::try_from(self.dice.roll(10)).unwrap()]
    }

    fn handle(&self, request: &Request) -> HttpResponse<Value> {
        let outcome = self.emulator.borrow_mut().handle(request, &mut &*self);
        assert_eq!(outcome.error, None);
        let response = outcome.response;
        let header = |name: &'static str| Some((name, response.headers.get(name)?.clone()));
        let body = from_json(serde_json::from_str(&response.body).unwrap());
        let headers = HEADERS.into_iter().filter_map(header).collect();
        HttpResponse { status: response.status, headers, body: Body::Json(body) }
    }

    /// Returns the apps.
    fn apps(&self) -> Vec<Json> {
        let credentials = self.emulator.borrow().credentials();
        let headers = [("authorization", credentials.api_key), ("wix-site-id", credentials.site_id)];
        let request = Request {
            method: "POST".to_owned(),
            url: "/oauth-app/v1/oauth-apps/query".to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: Some(br#"{"query":{"paging":{"limit":100}}}"#.to_vec()),
        };
        let outcome = self.emulator.borrow_mut().handle(&request, &mut &*self);
        let page: Json = serde_json::from_str(&outcome.response.body).unwrap();
        page["oAuthApps"].as_array().unwrap().clone()
    }

    fn named(&self, name: &str) -> Vec<Json> {
        self.apps().into_iter().filter(|app| app["name"] == name).collect()
    }
}

struct InProcess {
    service: Rc<Service>,
    signal: Signal<Value>,
}

impl InProcess {
    /// Waits until the time has passed, the signal is aborted or the deadline is reached.
    async fn travel(&self, milliseconds: u64, deadline: u64) -> Result<(), Failure<Value>> {
        let left = deadline.saturating_sub(self.service.sim.now());
        if let Some(reason) = self.rest(milliseconds.min(left)).await {
            return Err(Failure::Aborted(reason));
        }
        if milliseconds > left { Err(Failure::Timeout) } else { Ok(()) }
    }

    async fn rest(&self, milliseconds: u64) -> Option<Value> {
        let mut sleep = std::pin::pin!(self.service.sim.sleep(milliseconds));
        let mut signal = std::pin::pin!(self.signal.wait());
        std::future::poll_fn(|context| match signal.as_mut().poll(context) {
            std::task::Poll::Ready(reason) => std::task::Poll::Ready(Some(reason)),
            std::task::Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

impl Transport for InProcess {
    type Json = Value;

    async fn send(&self, sent: &WireRequest<'_>, timeout: u32) -> Result<HttpResponse<Value>, Failure<Value>> {
        let service = &self.service;
        let deadline = service.sim.now() + u64::from(timeout);
        let fate = service.fate();
        // A request that is aborted before it has arrived never arrives. Otherwise it could arrive at any time.
        self.travel(service.dice.roll(120), deadline).await?;
        let code = |code: &str| Some(from_json(json!({"cause": {"code": code}})));
        match fate {
            Fate::Refused => return Err(Failure::Network(code("ECONNREFUSED"))),
            Fate::LostBefore => return Err(Failure::Network(code("ECONNRESET"))),
            Fate::Status(status) => return Ok(gateway(status)),
            _ => {}
        }
        let request = Request {
            method: sent.method.as_str().to_owned(),
            url: sent.url.clone(),
            headers: sent.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: sent.body.map(|body| body.to_json().into_bytes()),
        };
        let answer = service.handle(&request);
        self.travel(if fate == Fate::Hangs { u64::MAX } else { service.dice.roll(120) }, deadline).await?;
        match fate {
            Fate::LostAfter => Err(Failure::Network(code("ECONNRESET"))),
            Fate::StatusAfter(status) => Ok(gateway(status)),
            Fate::Garbled => Ok(HttpResponse { body: Body::Other("{\"oAu".to_owned()), ..answer }),
            _ => Ok(answer),
        }
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        self.rest(milliseconds.into()).await
    }

    fn now(&self) -> u64 {
        self.service.sim.now()
    }

    fn date(&self, _: &str) -> Option<u64> {
        None
    }

    fn random(&self) -> f64 {
        self.service.dice.roll(1_000) as f64 / 1_000.0
    }

    fn aborted(&self) -> Option<Value> {
        self.signal.get()
    }

    async fn ended(&self) -> Value {
        self.signal.wait().await
    }

    async fn access_token(&self, _: u32) -> Result<Value, Failure<Value>> {
        Err(Failure::Network(None))
    }

    fn emit(&self, _: &Event<'_>) {}
}

fn gateway(status: u16) -> HttpResponse<Value> {
    HttpResponse { status, headers: Vec::new(), body: Body::Other("<html>".to_owned()) }
}

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

fn service(seed: u64, trouble: u64) -> Rc<Service> {
    let options = Options { rate_limit: None, ..Options::default() };
    Rc::new(Service {
        emulator: RefCell::new(Emulator::new(options).unwrap()),
        sim: Sim::at(START),
        dice: Dice(Cell::new(seed)),
        trouble,
    })
}

/// Creates an app before the steps, and returns its ID.
fn put(service: &Rc<Service>, client: &Client<Value>, draft: Json) -> Value {
    let host = InProcess { service: Rc::clone(service), signal: Signal::default() };
    let call = client.call(Operation::Create, &Value::Null, &from_json(draft), &from_json(json!({}))).unwrap();
    let mut outcome = service.sim.run(vec![Box::pin(client.perform(&host, call)) as Task<'_, Outcome>]);
    outcome.remove(0).unwrap().unwrap().get("id").unwrap().clone()
}

fn run(seed: u64, trouble: u64, steps: &[Step]) {
    let mut service = service(seed, 0);
    let credentials = service.emulator.borrow().credentials();
    let options = json!({
        "auth": {"apiKey": credentials.api_key}, "siteId": credentials.site_id, "timeout": 400, "rateLimit": false,
        "retry": {"maxRetries": 3, "baseDelay": 50, "maxDelay": 500},
        "settle": if seed.is_multiple_of(2) { json!({}) } else { json!(false) },
    });
    let client = Client::<Value>::new(&from_json(options), None).unwrap();
    let kept = "https://shop.example.com/kept";
    let shop = put(&service, &client, json!({"name": SHOP, "allowedRedirectUris": [kept, entry(0), entry(1)]}));
    let doomed: Vec<Value> =
        (0..steps.len()).map(|at| put(&service, &client, json!({"name": format!("Doomed {at}")}))).collect();
    Rc::get_mut(&mut service).unwrap().trouble = trouble;

    let hosts: Vec<InProcess> =
        steps.iter().map(|_| InProcess { service: Rc::clone(&service), signal: Signal::default() }).collect();
    let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
    for (at, (act, begin, _)) in steps.iter().enumerate() {
        let (host, client, shop, doomed) = (&hosts[at], &client, &shop, &doomed[at]);
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
            Act::Allow(_) | Act::Disallow(_) | Act::Describe(_) => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_service_stores_what_the_promises_say(seed: u64, trouble in 0..60_u64, steps in steps()) {
        run(seed, trouble, &steps);
    }
}
