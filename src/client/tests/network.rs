//! A minimal service, and hosts that reach it over a network with a clock that the tests drive.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Poll;

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

/// The network and the service behind it, for any number of calls.
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

    /// Returns the types of the events, in order.
    pub(super) fn event_types(&self) -> Vec<String> {
        self.events.borrow().iter().map(|event| event["type"].as_str().unwrap_or_default().to_owned()).collect()
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
        match race(self.net.sim.sleep(after), self.signal.wait()).await {
            Ok(()) => answer,
            Err(reason) => Err(Failure::Aborted(reason)),
        }
    }

    async fn sleep(&self, milliseconds: u32) -> Option<Value> {
        race(self.net.sim.sleep(milliseconds.into()), self.signal.wait()).await.err()
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

/// The part of the OAuth Apps API that the tests need, over a list of apps.
#[derive(Default)]
pub(super) struct Apps {
    pub(super) apps: Vec<Json>,
}

impl Apps {
    pub(super) fn of(apps: impl IntoIterator<Item = Json>) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(Self { apps: apps.into_iter().collect() }))
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut Json> {
        self.apps.iter_mut().find(|app| app["id"] == id)
    }

    pub(super) fn answer(&mut self, sent: &Sent) -> HttpResponse<Value> {
        let (method, path) = sent.line.split_once(' ').unwrap();
        let path = path.strip_prefix("/oauth-app/v1/oauth-apps").unwrap();
        let id = path.trim_start_matches('/').to_owned();
        let missing = || answer(404, json!({"message": format!("appId was not found {id}")}));
        let app = |app: &Json| answer(200, json!({"oAuthApp": app}));
        match (method, id.as_str()) {
            ("POST", "query") => self.page(&sent.body["query"]),
            ("POST", "") => {
                let mut created = sent.body["oAuthApp"].clone();
                created["id"] = json!(format!("00000000-0000-4000-8000-{:012}", self.apps.len() + 1));
                self.apps.push(created.clone());
                app(&created)
            }
            ("GET", id) => self.find(id).map_or_else(missing, |found| app(found)),
            ("PATCH", _) => {
                let Some(found) = self.find(&id) else { return missing() };
                for path in sent.body["mask"]["paths"].as_array().unwrap() {
                    let name = path.as_str().unwrap();
                    found[name] = sent.body["oAuthApp"][name].clone();
                }
                app(found)
            }
            ("DELETE", id) => {
                let before = self.apps.len();
                self.apps.retain(|app| app["id"] != id);
                if self.apps.len() < before { answer(200, json!({})) } else { missing() }
            }
            other => panic!("{other:?}"),
        }
    }

    /// Returns a page by offset, as a service without cursors does.
    fn page(&self, query: &Json) -> HttpResponse<Value> {
        let offset = usize::try_from(query["paging"]["offset"].as_u64().unwrap_or_default()).unwrap();
        let limit = usize::try_from(query["paging"]["limit"].as_u64().unwrap_or(50)).unwrap();
        let page: Vec<&Json> = self.apps.iter().skip(offset).take(limit).collect();
        let has_next = offset + page.len() < self.apps.len();
        answer(200, json!({"oAuthApps": page, "pagingMetadata": {"hasNext": has_next}}))
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

/// Races two futures and drops the loser: `Ok` has the output of the first one, `Err` that of the second.
async fn race<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> Result<A, B> {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    std::future::poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Ok(result)),
        Poll::Pending => other.as_mut().poll(context).map(Err),
    })
    .await
}
