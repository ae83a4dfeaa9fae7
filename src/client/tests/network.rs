//! A network of scripted responses with a clock that the tests drive. Tests that need a service are in the emulator's tests.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::sim::{Signal, Sim};
use super::{START, answer, value};
use crate::api::{HttpResponse, REQUEST_ID};
use crate::client::{Event, Failure, Transport, WireRequest};
use crate::value::Value;

pub(super) type Answer = Result<HttpResponse<Value>, Failure<Value>>;

/// A request as it arrived: the method, the path, the body, and the headers.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) at: u64,
    pub(super) line: String,
    pub(super) body: Json,
    pub(super) headers: BTreeMap<String, String>,
}

type Respond = Box<dyn FnMut(&Sent) -> Reply>;

/// The reply to a request.
pub(super) enum Reply {
    /// A response, or a failure, after a number of milliseconds.
    After(u64, Answer),
    /// No response.
    Never,
}

impl From<HttpResponse<Value>> for Reply {
    fn from(response: HttpResponse<Value>) -> Self {
        Reply::After(10, Ok(response))
    }
}

impl From<Failure<Value>> for Reply {
    fn from(failure: Failure<Value>) -> Self {
        Reply::After(10, Err(failure))
    }
}

/// The network, for any number of calls.
pub(super) struct Net {
    pub(super) sim: Rc<Sim>,
    respond: RefCell<Respond>,
    pub(super) sent: RefCell<Vec<Sent>>,
    pub(super) events: RefCell<Vec<Json>>,
    /// The random number of the jitter.
    pub(super) random: Cell<f64>,
}

/// The host of one call.
pub(super) struct Host {
    net: Rc<Net>,
    signal: Rc<Signal<Value>>,
}

impl Net {
    pub(super) fn new<R: Into<Reply>>(mut respond: impl FnMut(&Sent) -> R + 'static) -> Rc<Self> {
        Rc::new(Self {
            sim: Sim::at(START),
            respond: RefCell::new(Box::new(move |sent| respond(sent).into())),
            sent: RefCell::default(),
            events: RefCell::default(),
            random: Cell::new(0.999_999),
        })
    }

    pub(super) fn host(self: &Rc<Self>) -> Host {
        self.host_until(&Rc::default())
    }

    /// Returns the host of a call with a signal.
    pub(super) fn host_until(self: &Rc<Self>, signal: &Rc<Signal<Value>>) -> Host {
        Host { net: Rc::clone(self), signal: Rc::clone(signal) }
    }

    /// Returns the first lines of all requests, without the base of the path: `GET /id`.
    pub(super) fn lines(&self) -> Vec<String> {
        self.sent.borrow().iter().map(|sent| sent.line.replace("/oauth-app/v1/oauth-apps", "")).collect()
    }

    /// Returns when the requests arrived, in milliseconds from the start.
    pub(super) fn times(&self) -> Vec<u64> {
        self.sent.borrow().iter().map(|sent| sent.at - START).collect()
    }
}

impl Transport for Host {
    type Json = Value;

    async fn send(&self, request: &WireRequest<'_>, timeout: u32) -> Answer {
        let sent = Sent {
            at: self.net.sim.now(),
            line: format!("{} {}", request.method.as_str(), request.url.replace("https://www.wixapis.com", "")),
            body: request.body.map_or(Json::Null, |body| serde_json::to_value(body).unwrap()),
            headers: request.headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect(),
        };
        self.net.sent.borrow_mut().push(sent.clone());
        let reply = (self.net.respond.borrow_mut())(&sent);
        let (after, answer) = match reply {
            Reply::After(after, answer) => (after, answer),
            Reply::Never => (u64::MAX, Err(Failure::Timeout)),
        };
        let (after, answer) =
            if after > u64::from(timeout) { (timeout.into(), Err(Failure::Timeout)) } else { (after, answer) };
        match self.net.sim.sleep_until(after, &self.signal).await {
            None => answer,
            Some(reason) => Err(Failure::Aborted(reason)),
        }
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        self.net.sim.sleep_until(milliseconds.into(), &self.signal).await
    }

    fn now(&self) -> u64 {
        self.net.sim.now()
    }

    fn date(&self, _: &str) -> Option<u64> {
        None
    }

    fn random(&self) -> f64 {
        self.net.random.get()
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
        self.net.events.borrow_mut().push(serde_json::to_value(event.to_value()).unwrap());
    }
}

/// Returns a response with one header more.
pub(super) fn with_header(mut answer: HttpResponse<Value>, name: &'static str, text: &str) -> HttpResponse<Value> {
    answer.headers.push((name, text.to_owned()));
    answer
}

/// Returns a response that is no success, with a message alone.
pub(super) fn status(status: u16) -> HttpResponse<Value> {
    HttpResponse { headers: vec![(REQUEST_ID, "1718.42".to_owned())], ..answer(status, json!({"message": "no"})) }
}

/// Returns the error of a failed connection, with that code in its cause.
pub(super) fn thrown(code: &str) -> Failure<Value> {
    Failure::Network(Some(value(json!({"message": "fetch failed", "cause": {"code": code}}))))
}
