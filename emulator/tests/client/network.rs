//! A network between clients and the emulator, in which a test can answer, change, delay or drop each request.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, Error, HEADERS, HttpResponse, Operation};
use wix_oauth_apps::client::{Client, Event, Failure, Transport, WireRequest};
use wix_oauth_apps::value::Value;
use wix_oauth_apps::violation::Violation;
use wix_oauth_apps_emulator::{Emulator, Host as EmulatorHost, Options, Request};

use crate::json::{from_json, to_json};
use crate::sim::{Signal, Sim, Task};

/// 2026-11-25T12:00:00Z
pub(crate) const START: u64 = 1_795_608_000_000;

pub(crate) type Answer = Result<HttpResponse<Value>, Failure<Value>>;
pub(crate) type Outcome = Result<Value, Box<Error<Value>>>;

/// A request as it arrived. `line` is its method and its path below that of the apps, such as `GET /id` or `POST /query`.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) at: u64,
    /// The number of requests before it.
    pub(crate) number: usize,
    pub(crate) line: String,
    pub(crate) body: Json,
}

/// The reply to a request.
pub(crate) enum Reply {
    /// A response, or a failure.
    Now(Answer),
    /// No response.
    Never,
}

impl From<HttpResponse<Value>> for Reply {
    fn from(response: HttpResponse<Value>) -> Self {
        Reply::Now(Ok(response))
    }
}

impl From<Failure<Value>> for Reply {
    fn from(failure: Failure<Value>) -> Self {
        Reply::Now(Err(failure))
    }
}

type Intercept = Box<dyn FnMut(&Network, &Sent) -> Reply>;

/// The network and the emulator behind it, for any number of clients.
pub(crate) struct Network {
    pub(crate) sim: Rc<Sim>,
    emulator: RefCell<Emulator>,
    /// The random bytes that the emulator was given.
    bytes: RefCell<u64>,
    intercept: RefCell<Intercept>,
    pub(crate) sent: RefCell<Vec<Sent>>,
    pub(crate) events: RefCell<Vec<Json>>,
}

impl EmulatorHost for &Network {
    fn now(&mut self) -> u64 {
        self.sim.now()
    }

    fn random(&mut self, bytes: &mut [u8]) {
        let mut state = self.bytes.borrow_mut();
        bytes.fill_with(|| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u8::try_from(*state >> 56).unwrap()
        });
    }
}

impl Network {
    /// Creates an emulator without a rate limit, whose requests all pass.
    pub(crate) fn new(options: Options) -> Rc<Self> {
        Rc::new(Self {
            sim: Sim::at(START),
            emulator: RefCell::new(Emulator::new(Options { rate_limit: None, ..options }).unwrap()),
            bytes: RefCell::new(1),
            intercept: RefCell::new(Box::new(|network, sent| network.pass(sent).into())),
            sent: RefCell::default(),
            events: RefCell::default(),
        })
    }

    /// Creates an emulator with these apps, which were created an hour ago. Returns their IDs too.
    pub(crate) fn with<const N: usize>(options: Options, drafts: [Json; N]) -> (Rc<Self>, [String; N]) {
        let network = Self::new(options);
        let ids = drafts.map(|draft| network.put(draft));
        network.sim.run(vec![Box::pin(network.sim.sleep(3_600_000)) as Task<'_, ()>]);
        (network, ids)
    }

    /// Replies to each further request with the result of a function, which may let it pass to the emulator.
    pub(crate) fn intercept<R: Into<Reply>>(&self, mut reply: impl FnMut(&Self, &Sent) -> R + 'static) {
        *self.intercept.borrow_mut() = Box::new(move |network, sent| reply(network, sent).into());
    }

    /// Sends a request to the emulator, past the client and the network, and returns the status, headers and body.
    fn ask(&self, line: &str, body: &Json) -> (u16, Vec<(&'static str, String)>, Json) {
        let credentials = self.emulator.borrow().credentials();
        let (method, path) = line.split_once(' ').unwrap();
        let body = (!body.is_null()).then(|| body.to_string());
        let request = Request {
            method,
            url: &format!("/oauth-app/v1/oauth-apps{path}"),
            headers: vec![("authorization", &credentials.api_key), ("wix-site-id", &credentials.site_id)],
            body: body.as_deref().map(str::as_bytes),
        };
        let outcome = self.emulator.borrow_mut().handle(&request, &mut &*self);
        let header = |name: &'static str| Some((name, outcome.response.headers.get(name)?.clone()));
        let headers = HEADERS.into_iter().filter_map(header).collect();
        (outcome.response.status, headers, serde_json::from_str(&outcome.response.body).unwrap())
    }

    /// Returns the emulator's response to a request.
    pub(crate) fn pass(&self, sent: &Sent) -> HttpResponse<Value> {
        let (status, headers, body) = self.ask(&sent.line, &sent.body);
        HttpResponse { status, headers, body: Body::Json(from_json(body)) }
    }

    fn succeed(&self, line: &str, body: &Json) -> Json {
        let (status, _, body) = self.ask(line, body);
        assert_eq!(status, 200, "{line}: {body}");
        body
    }

    /// Creates an app without a client, and returns its ID.
    pub(crate) fn put(&self, draft: Json) -> String {
        self.succeed("POST ", &json!({ "oAuthApp": draft }))["oAuthApp"]["id"].as_str().unwrap().to_owned()
    }

    /// Updates an app as another writer would.
    pub(crate) fn write(&self, id: &str, patch: Json) {
        let paths: Vec<&String> = patch.as_object().unwrap().keys().collect();
        self.succeed(&format!("PATCH /{id}"), &json!({"oAuthApp": patch, "mask": {"paths": paths}}));
    }

    pub(crate) fn delete(&self, id: &str) {
        self.succeed(&format!("DELETE /{id}"), &Json::Null);
    }

    pub(crate) fn app(&self, id: &str) -> Json {
        self.succeed(&format!("GET /{id}"), &Json::Null)["oAuthApp"].clone()
    }

    /// Returns the apps, by descending ID.
    pub(crate) fn apps(&self) -> Vec<Json> {
        let mut apps: Vec<Json> = Vec::new();
        loop {
            let query = json!({"query": {"paging": {"limit": 100, "offset": apps.len()}}});
            let page = self.succeed("POST /query", &query)["oAuthApps"].as_array().unwrap().clone();
            if page.is_empty() {
                return apps;
            }
            apps.extend(page);
        }
    }

    /// Returns the methods and paths of the clients' requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.sent.borrow().iter().map(|sent| sent.line.clone()).collect()
    }

    /// Returns how many requests of the clients begin with this text.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(start)).count()
    }

    /// Returns how many requests of the clients create an app.
    pub(crate) fn creates(&self) -> usize {
        self.lines().iter().filter(|line| *line == "POST ").count()
    }

    /// Returns a client of the emulator's site, without a rate limit.
    pub(crate) fn client(&self, options: Json) -> Client<Value> {
        let credentials = self.emulator.borrow().credentials();
        let mut all = json!({
            "auth": {"apiKey": credentials.api_key}, "siteId": credentials.site_id, "rateLimit": false,
        });
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        Client::new(&from_json(all), None).unwrap()
    }

    pub(crate) fn host(self: &Rc<Self>) -> Host {
        self.host_until(&Rc::default())
    }

    /// Returns the host of a call with a signal.
    pub(crate) fn host_until(self: &Rc<Self>, signal: &Rc<Signal<Value>>) -> Host {
        Host { network: Rc::clone(self), signal: Rc::clone(signal) }
    }

    /// Returns the outcomes of calls of one client that start together.
    pub(crate) fn perform_all(
        self: &Rc<Self>,
        client: &Client<Value>,
        calls: Vec<(Operation, &str, Json)>,
    ) -> Vec<Result<Json, Box<Error<Value>>>> {
        let hosts: Vec<Host> = calls.iter().map(|_| self.host()).collect();
        let tasks = hosts.iter().zip(calls).map(|(host, (operation, id, content))| {
            let call = client.call(operation, &Value::from(id), &from_json(content), &Value::Object(Vec::new()));
            Box::pin(async move { client.perform(host, call?).await }) as Task<'_, Outcome>
        });
        let outcomes = self.sim.run(tasks.collect()).into_iter();
        outcomes.map(|outcome| outcome.expect("the promise settles").map(|given| to_json(&given))).collect()
    }

    /// Returns the outcome of a call.
    pub(crate) fn perform(
        self: &Rc<Self>,
        client: &Client<Value>,
        operation: Operation,
        id: &str,
        content: Json,
    ) -> Result<Json, Box<Error<Value>>> {
        self.perform_all(client, vec![(operation, id, content)]).remove(0)
    }
}

/// The host of one call.
pub(crate) struct Host {
    network: Rc<Network>,
    signal: Rc<Signal<Value>>,
}

impl Transport for Host {
    type Json = Value;

    /// Sends a request, to which a reply takes 10 milliseconds.
    async fn send(&self, request: &WireRequest<'_>, timeout: u32) -> Answer {
        let network = &self.network;
        let path = request.url.strip_prefix("https://www.wixapis.com/oauth-app/v1/oauth-apps").unwrap();
        let sent = Sent {
            at: network.sim.now(),
            number: network.sent.borrow().len(),
            line: format!("{} {path}", request.method.as_str()),
            body: request.body.map_or(Json::Null, to_json),
        };
        network.sent.borrow_mut().push(sent.clone());
        let reply = (network.intercept.borrow_mut())(network, &sent);
        let (after, answer) = match reply {
            Reply::Now(answer) => (10, answer),
            Reply::Never => (u64::from(timeout), Err(Failure::Timeout)),
        };
        match network.sim.sleep_until(after, &self.signal).await {
            None => answer,
            Some(reason) => Err(Failure::Aborted(reason)),
        }
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        self.network.sim.sleep_until(milliseconds.into(), &self.signal).await
    }

    fn now(&self) -> u64 {
        self.network.sim.now()
    }

    fn date(&self, text: &str) -> Option<u64> {
        let date = humantime::parse_rfc3339(text).ok()?;
        date.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis().try_into().ok()
    }

    fn random(&self) -> f64 {
        0.999_999
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

    fn emit(&self, event: &Event<'_>) {
        self.network.events.borrow_mut().push(to_json(&event.to_value()));
    }
}

/// Returns a response that is no success, with a message alone.
pub(crate) fn status(status: u16) -> HttpResponse<Value> {
    answer(status, json!({"message": "no"}))
}

pub(crate) fn answer(status: u16, body: Json) -> HttpResponse<Value> {
    HttpResponse { status, headers: Vec::new(), body: Body::Json(from_json(body)) }
}

/// Returns a response with one header more.
pub(crate) fn with_header(mut answer: HttpResponse<Value>, name: &'static str, text: &str) -> HttpResponse<Value> {
    answer.headers.push((name, text.to_owned()));
    answer
}

/// Returns the error of a failed connection, with that code in its cause.
pub(crate) fn thrown(code: &str) -> Failure<Value> {
    Failure::Network(Some(from_json(json!({"message": "fetch failed", "cause": {"code": code}}))))
}

/// Returns the errors among violations, each as its field, its rule and its suggestion.
pub(crate) fn lines(violations: &[Violation]) -> Vec<String> {
    let line = |violation: &Violation| {
        let suggestion = violation.suggestion.as_ref().map(|value| format!(" -> {value}")).unwrap_or_default();
        format!("{} {}{suggestion}", violation.field, violation.rule)
    };
    violations.iter().filter(|violation| violation.is_error()).map(line).collect()
}

pub(crate) fn uri(name: impl std::fmt::Display) -> String {
    format!("https://shop-{name}.example.com/callback")
}

pub(crate) fn domain(name: impl std::fmt::Display) -> String {
    format!("shop-{name}.example.com")
}
