//! Several clients write to the same apps at once, over a network that delays each request and each response. Time is
//! virtual, and every delay follows from a seed.
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
use std::rc::Rc;

use json::{from_json, to_json};
use serde_json::{Value as Json, json};
use sim::{Sim, Task};
use wix_oauth_apps::api::{Body, Code, Error, HEADERS, HttpResponse, Operation};
use wix_oauth_apps::client::{Client, Event, Failure, Transport, WireRequest};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request};

/// 2026-11-25T12:00:00Z
const START: u64 = 1_795_608_000_000;
const WRITERS: usize = 8;
/// The time within which the writers start, in milliseconds.
const SPREADS: [u64; 3] = [1, 1_000, 5_000];

/// Returns the number of rounds: 200, or the value of the environment variable `ROUNDS`.
fn rounds() -> u64 {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(200)
}

struct Service {
    emulator: RefCell<Emulator>,
    sim: Rc<Sim>,
    dice: Cell<u64>,
    requests: Cell<u32>,
}

impl Service {
    fn new(seed: u64, options: Options) -> Rc<Self> {
        let dice = Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        let emulator = RefCell::new(Emulator::new(options).unwrap());
        Rc::new(Self { emulator, sim: Sim::at(START), dice, requests: Cell::new(0) })
    }

    fn roll(&self, sides: u64) -> u64 {
        self.dice.set(self.dice.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        (self.dice.get() >> 33) % sides
    }

    fn handle(&self, method: &str, url: &str, headers: Vec<(&str, &str)>, body: Option<&[u8]>) -> (u16, Json) {
        let request = Request { method, url, headers, body };
        let outcome = self.emulator.borrow_mut().handle(&request, &mut &*self);
        (outcome.response.status, serde_json::from_str(&outcome.response.body).unwrap())
    }

    /// Sends a request without a client.
    fn ask(&self, method: &str, path: &str, body: &Json) -> Json {
        let credentials = self.emulator.borrow().credentials();
        let headers =
            vec![("authorization", credentials.api_key.as_str()), ("wix-site-id", credentials.site_id.as_str())];
        let url = format!("/oauth-app/v1/oauth-apps{path}");
        let (status, answer) = self.handle(method, &url, headers, Some(body.to_string().as_bytes()));
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Returns the apps with the name that the tests use.
    fn apps(&self) -> Vec<Json> {
        let mut apps = Vec::new();
        loop {
            let query = json!({"query": {"paging": {"limit": 100, "offset": apps.len()}}});
            let page = self.ask("POST", "/query", &query)["oAuthApps"].as_array().unwrap().clone();
            if page.is_empty() {
                return apps.into_iter().filter(|app: &Json| app["name"] == "Shop").collect();
            }
            apps.extend(page);
        }
    }

    fn client(&self, settle: &Json) -> Client<Value> {
        let credentials = self.emulator.borrow().credentials();
        let options = json!({
            "auth": {"apiKey": credentials.api_key}, "siteId": credentials.site_id, "settle": settle,
        });
        Client::new(&from_json(options), None).unwrap()
    }
}

impl Host for &Service {
    fn now(&mut self) -> u64 {
        self.sim.now()
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| u8::try_from(self.roll(256)).unwrap());
    }
}

struct InProcess(Rc<Service>);

impl Transport for InProcess {
    type Json = Value;

    async fn send(&self, sent: &WireRequest<'_>, _: u32) -> Result<HttpResponse<Value>, Failure<Value>> {
        let InProcess(service) = self;
        service.requests.set(service.requests.get() + 1);
        // 50 to 300 milliseconds in all, for the request and the response.
        let latency = 50 + service.roll(251);
        let there = service.roll(latency + 1);
        service.sim.sleep(there).await;
        let headers = sent.headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let body = sent.body.map(Value::to_json);
        let body = body.as_deref().map(str::as_bytes);
        let (status, body) = service.handle(sent.method.as_str(), &sent.url, headers, body);
        service.sim.sleep(latency - there).await;
        let headers = HEADERS.into_iter().take(0).map(|name| (name, String::new())).collect();
        Ok(HttpResponse { status, headers, body: Body::Json(from_json(body)) })
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        self.0.sim.sleep(milliseconds.into()).await;
        None
    }

    fn now(&self) -> u64 {
        self.0.sim.now()
    }

    /// Parses dates such as `2026-11-25T12:00:00.000Z`, of this month only.
    fn date(&self, text: &str) -> Option<u64> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
        let seconds =
            number(8, 10)?.checked_sub(25)? * 86_400 + number(11, 13)? * 3_600 + number(14, 16)? * 60 + number(17, 19)?;
        Some(START - 12 * 3_600_000 + seconds * 1_000 + number(20, 23)?)
    }

    fn random(&self) -> f64 {
        self.0.roll(1_000_000) as f64 / 1_000_000.0
    }

    fn aborted(&self) -> Option<Value> {
        None
    }

    async fn ended(&self) -> Value {
        std::future::pending().await
    }

    async fn access_token(&self, _: u32) -> Result<Value, Failure<Value>> {
        Err(Failure::Network(None))
    }

    fn emit(&self, _: &Event<'_>) {}
}

type Outcome = Result<Value, Box<Error<Value>>>;

/// The call of a writer: the operation, the app's ID, and the content.
type Call = (Operation, Value, Json);

/// Runs the calls of the writers, each started at a random time within the spread, and returns their outcomes.
fn at_once(service: &Rc<Service>, spread: u64, settle: &Json, calls: Vec<Call>) -> Vec<Outcome> {
    let writers: Vec<_> = calls
        .into_iter()
        .map(|call| (call, service.client(settle), InProcess(Rc::clone(service)), service.roll(spread)))
        .collect();
    let tasks = writers.iter().map(|((operation, id, content), client, host, begin)| {
        Box::pin(async move {
            service.sim.sleep(*begin).await;
            client
                .perform(host, client.call(*operation, id, &from_json(content.clone()), &from_json(json!({}))).unwrap())
                .await
        }) as Task<'_, Outcome>
    });
    service.sim.run(tasks.collect()).into_iter().map(|outcome| outcome.expect("every promise settles")).collect()
}

fn uri(name: &str, at: usize) -> String {
    format!("https://{name}-{at}.example.com/cb")
}

/// Runs a round in which half of the writers add an entry and half remove one. Returns the number of entries that are lost
/// or not removed, and the number of requests.
fn change_lists(seed: u64, spread: u64, settle: &Json) -> (usize, u32) {
    let service = Service::new(seed, Options { rate_limit: None, ..Options::default() });
    let old: Vec<String> = (0..WRITERS).map(|at| uri("old", at)).collect();
    let draft = json!({"oAuthApp": {"name": "Shop", "allowedRedirectUris": old}});
    let app = service.ask("POST", "", &draft)["oAuthApp"].clone();
    let id = Value::from(app["id"].as_str().unwrap());
    let call = |at: usize| match at % 2 {
        0 => (Operation::AllowRedirects, id.clone(), json!({"uris": [uri("new", at)]})),
        _ => (Operation::DisallowRedirects, id.clone(), json!({"uris": [uri("old", at)]})),
    };
    let outcomes = at_once(&service, spread, settle, (0..WRITERS).map(call).collect());
    for outcome in outcomes {
        assert!(outcome.is_ok() || settle == &json!(false), "every call succeeds: {outcome:?}");
    }
    let held = service.apps()[0]["allowedRedirectUris"].clone();
    let has = |entry: String| held.as_array().unwrap().contains(&json!(entry));
    let wrong = (0..WRITERS).filter(|at| match at % 2 {
        0 => !has(uri("new", *at)) || !has(uri("old", *at)),
        _ => has(uri("old", *at)),
    });
    (wrong.count(), service.requests.get())
}

/// Runs a round in which every writer ensures the same new app. Returns the number of apps, and of entries that are lost.
fn ensure_app(seed: u64, spread: u64, settle: &Json, others: usize) -> (usize, usize) {
    let service = Service::new(seed, Options { rate_limit: None, ..Options::default() });
    for _ in 0..others {
        service.ask("POST", "", &json!({"oAuthApp": {"name": "Another"}}));
    }
    let wanted = |at: usize| {
        let content = json!({"name": "Shop", "allowedRedirectUris": [uri("all", 0), uri("own", at)]});
        (Operation::Ensure, Value::Null, content)
    };
    let outcomes = at_once(&service, spread, settle, (0..WRITERS).map(wanted).collect());
    let apps = service.apps();
    let oldest = &apps[0];
    let mut lost = 0;
    for (at, outcome) in outcomes.into_iter().enumerate() {
        if settle != &json!(false) {
            let given = to_json(&outcome.expect("every call succeeds"));
            assert_eq!(given["oAuthApp"]["id"], oldest["id"], "seed {seed}, spread {spread}: an app that is gone");
        }
        lost += usize::from(!oldest["allowedRedirectUris"].as_array().unwrap().contains(&json!(uri("own", at))));
    }
    (apps.len(), lost)
}

#[test]
fn no_added_entry_is_lost_and_no_removed_entry_is_left() {
    for spread in SPREADS {
        let (mut wrong, mut requests) = (0, 0);
        for seed in 0..rounds() {
            let (round, sent) = change_lists(seed, spread, &json!({}));
            (wrong, requests) = (wrong + round, requests + sent);
        }
        println!("within {spread} ms: {wrong} of {} entries wrong, {requests} requests", rounds() * WRITERS as u64);
        assert_eq!(wrong, 0, "within {spread} ms");
    }
}

#[test]
fn one_app_is_created() {
    for spread in SPREADS {
        for seed in 0..rounds() {
            assert_eq!(ensure_app(seed, spread, &json!({}), 0), (1, 0), "seed {seed}, within {spread} ms");
        }
    }
}

/// A list of several pages is not a consistent view: an app that is created meanwhile may belong to a page that was already
/// read.
#[test]
fn one_app_is_created_among_many() {
    for seed in 0..rounds() / 4 {
        for spread in [1_000, 3_000] {
            assert_eq!(ensure_app(seed, spread, &json!({}), 650), (1, 0), "seed {seed}, within {spread} ms");
        }
    }
}

/// Proves that the tests above can fail.
#[test]
fn without_settling_entries_are_lost_and_apps_are_created_twice() {
    let wrong: usize = (0..50).map(|seed| change_lists(seed, 1, &json!(false)).0).sum();
    assert!(wrong > 10, "{wrong}");
    let apps: usize = (0..20).map(|seed| ensure_app(seed, 1, &json!(false), 0).0).sum();
    assert!(apps > 60, "{apps}");
}

#[test]
fn duplicates_that_no_writer_is_about_to_delete_are_a_conflict() {
    let service = Service::new(1, Options { rate_limit: None, ..Options::default() });
    let ids: Vec<Json> = (0..2)
        .map(|_| service.ask("POST", "", &json!({"oAuthApp": {"name": "Shop"}}))["oAuthApp"]["id"].clone())
        .collect();
    let wanted = vec![(Operation::Ensure, Value::Null, json!({"name": "Shop"}))];
    for (settle, least, most) in [(json!({}), 500, 8_000), (json!(false), 0, 600), (json!({}), 0, 600)] {
        let begin = service.sim.now();
        let error = at_once(&service, 1, &settle, wanted.clone()).remove(0).unwrap_err();
        assert_eq!(error.code, Code::Conflict);
        assert!(ids.iter().all(|id| error.message.contains(id.as_str().unwrap())), "{}", error.message);
        // The call waits for the creators only while the apps are new.
        assert!((least..=most).contains(&(service.sim.now() - begin)), "{} ms", service.sim.now() - begin);
    }
}
