//! The emulator behind a network that loses, breaks and delays requests. Everything follows from a seed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, HEADERS, HttpResponse};
use wix_oauth_apps::client::{Event, Failure, Transport, WireRequest};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request};

use crate::json::from_json;
use crate::sim::{Signal, Sim};

const START: u64 = 1_795_608_000_000;

/// Pseudo-random numbers from a seed.
pub(super) struct Dice(pub(super) Cell<u64>);

impl Dice {
    fn roll(&self, sides: u64) -> u64 {
        self.0.set(self.0.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        (self.0.get() >> 33) % sides
    }
}

pub(super) struct Service {
    pub(super) emulator: RefCell<Emulator>,
    pub(super) sim: Rc<Sim>,
    pub(super) dice: Dice,
    /// The percentage of requests that fail.
    pub(super) trouble: u64,
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
        const TROUBLE: [Fate; 12] = [
            Fate::Refused,
            Fate::LostBefore,
            Fate::LostAfter,
            Fate::Hangs,
            Fate::Status(401),
            Fate::Status(429),
            Fate::Status(500),
            Fate::Status(502),
            Fate::Status(503),
            Fate::StatusAfter(502),
            Fate::StatusAfter(504),
            Fate::Garbled,
        ];
        if self.dice.roll(100) >= self.trouble {
            return Fate::Answered;
        }
        TROUBLE[usize::try_from(self.dice.roll(12)).unwrap()]
    }

    fn handle(&self, request: &Request<'_>) -> HttpResponse<Value> {
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
        let request = Request {
            method: "POST",
            url: "/oauth-app/v1/oauth-apps/query",
            headers: vec![("authorization", &credentials.api_key), ("wix-site-id", &credentials.site_id)],
            body: Some(br#"{"query":{"paging":{"limit":100}}}"#),
        };
        let outcome = self.emulator.borrow_mut().handle(&request, &mut &*self);
        let page: Json = serde_json::from_str(&outcome.response.body).unwrap();
        page["oAuthApps"].as_array().unwrap().clone()
    }

    pub(super) fn named(&self, name: &str) -> Vec<Json> {
        self.apps().into_iter().filter(|app| app["name"] == name).collect()
    }
}

pub(super) struct InProcess {
    pub(super) service: Rc<Service>,
    pub(super) signal: Signal<Value>,
}

impl InProcess {
    /// Waits until the time has passed, the signal is aborted or the deadline is reached.
    async fn travel(&self, milliseconds: u64, deadline: u64) -> Result<(), Failure<Value>> {
        let left = deadline.saturating_sub(self.service.sim.now());
        if let Some(reason) = self.service.sim.sleep_until(milliseconds.min(left), &self.signal).await {
            return Err(Failure::Aborted(reason));
        }
        if milliseconds > left { Err(Failure::Timeout) } else { Ok(()) }
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
        let body = sent.body.map(Value::to_json);
        let request = Request {
            method: sent.method.as_str(),
            url: &sent.url,
            headers: sent.headers.iter().map(|(name, value)| (*name, &**value)).collect(),
            body: body.as_deref().map(str::as_bytes),
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
        self.service.sim.sleep_until(milliseconds.into(), &self.signal).await
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

pub(super) fn service(seed: u64, trouble: u64) -> Rc<Service> {
    let options = Options { rate_limit: None, ..Options::default() };
    Rc::new(Service {
        emulator: RefCell::new(Emulator::new(options).unwrap()),
        sim: Sim::at(START),
        dice: Dice(Cell::new(seed)),
        trouble,
    })
}
