//! The service as a whole: one request in, one answer out.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::apps::endpoints::Call;
use crate::auth::{Known, authenticate, identify};
use crate::faults::fault::{Fault, FaultError, MAX_LATENCY};
use crate::faults::register::{Faults, Injected};
use crate::host::clock::Clock;
use crate::host::date::LATEST;
use crate::host::port::{Host, hex, random};
use crate::host::seeded_random::SeededRandom;
use crate::http::error::{ApiError, Result};
use crate::http::json::{self, Object};
use crate::http::outcome::Outcome;
use crate::http::request::{Request, Response};
use crate::http::response::{JSON, Reply};
use crate::log::request_log::{RecordedRequest, RequestLog};
use crate::oauth::{AuthorizeCall, LoginCall, TokenCall, token_info};
use crate::options::{Options, OptionsError};
use crate::pages::{hosted::PageCall, session::SessionCall};
use crate::rate_limit::RateLimiter;
use crate::route::{Endpoint, Route, route};
use crate::snapshot::{self, Contents, Snapshot, SnapshotError};
use crate::store::app::{App, Store};
use crate::store::grants::Grants;
use crate::store::journal::{Change, Record};
use crate::webhooks::{Actor, Attempt, Delivery, Event, EventKind, Outbox};

/// The largest body, in bytes.
const MAX_BODY: usize = 1_048_576;
/// The header that lets a client read what it wrote: answered to a write, sent along with what follows.
const CONSISTENT: &str = "x-wix-consistent";

/// The service, with everything it holds.
pub struct Emulator {
    options: Options,
    store: Store,
    grants: Grants,
    outbox: Outbox,
    log: RequestLog,
    clock: Clock,
    faults: Faults,
    counts: RateLimiter,
    /// The generator of the option `seed`.
    generator: Option<SeededRandom>,
    /// The warnings about the present request.
    warnings: Vec<String>,
}

/// What a client needs to be let in.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// For the header `Authorization`.
    pub api_key: String,
    /// For the header `wix-site-id`.
    pub site_id: String,
}

impl Emulator {
    /// A service that holds nothing yet.
    pub fn new(options: Options) -> std::result::Result<Self, OptionsError> {
        options.check()?;
        Ok(Self {
            store: Store::default(),
            grants: Grants::default(),
            outbox: Outbox::default(),
            log: RequestLog::new(options.request_log_size),
            clock: Clock::new(options.now),
            faults: Faults::default(),
            counts: RateLimiter::default(),
            generator: options.seed.as_deref().map(SeededRandom::of_text),
            warnings: Vec::new(),
            options,
        })
    }

    /// What becomes of a request. Whatever that is, the request is logged.
    pub fn handle(&mut self, request: &Request, host: &mut dyn Host) -> Outcome {
        let now = self.clock.now(host.now());
        let Injected { failing, delay } = self.faults.meet(request);
        // Aside, so that the rest can be borrowed beside it.
        let mut generator = self.generator.take();
        let mut inside = ClockedHost { now, generator: generator.as_mut(), host };
        let carried_out = failing.as_ref().is_none_or(Fault::takes_effect);
        let answer = carried_out.then(|| self.answer(request, &mut inside));
        let (failure, response) = match failing {
            None => (None, answer),
            Some(Fault { error: Some(failure), .. }) => (Some(failure), answer.filter(|_| failure.breaks_off())),
            Some(fault) => (None, Some(faulty(fault.expanded(), &mut inside))),
        };
        self.generator = generator;
        self.grants.write_down(&mut self.store.journal);
        self.outbox.write_down(&mut self.store.journal);
        let outcome = Outcome {
            delay: delay.saturating_add(self.options.latency.into()).min(MAX_LATENCY.into()),
            failure,
            response: response.unwrap_or_else(Response::none),
        };
        self.log.add(request, &outcome, std::mem::take(&mut self.warnings));
        outcome
    }

    /// Lets a fault meet the requests to come, after those that wait already.
    pub fn fail(&mut self, fault: Fault) -> std::result::Result<(), FaultError> {
        fault.check()?;
        self.faults.add(fault);
        Ok(())
    }

    /// Stops the clock at a time, in milliseconds since 1970; at most in the year 9999.
    pub fn set_time(&mut self, now: u64) {
        self.clock = Clock::Set(now.min(LATEST));
    }

    /// Moves the clock forward, by milliseconds; one that goes on goes on from there.
    pub fn advance(&mut self, milliseconds: u64) {
        self.clock.advance(milliseconds);
    }

    /// The webhooks that are to be posted now, in the order of the events. The host says the time, as in a request.
    pub fn deliveries(&self, host: &mut dyn Host) -> Vec<Delivery> {
        self.outbox.due(self.clock.now(host.now()))
    }

    /// In how many milliseconds there is a webhook to be posted; nothing where none waits, or the clock stands still.
    pub fn next_delivery(&self, host: &mut dyn Host) -> Option<u64> {
        let Clock::Host { .. } = self.clock else { return None };
        let now = self.clock.now(host.now());
        self.outbox.next().map(|due| due.saturating_sub(now))
    }

    /// Takes note of an attempt to post a webhook. One that was not taken is tried again, later each time, and dropped
    /// after the sixth.
    pub fn delivered(&mut self, id: &str, taken: bool, host: &mut dyn Host) {
        self.outbox.attempted(id, taken, self.clock.now(host.now()));
        self.outbox.write_down(&mut self.store.journal);
    }

    /// The last attempts to post webhooks, oldest first.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.outbox.attempts()
    }

    /// What a client needs to be let in.
    pub fn credentials(&self) -> Credentials {
        let site_id = self.options.site_ids.first().cloned().unwrap_or_default();
        Credentials { api_key: self.options.api_key.clone(), site_id }
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.log.entries()
    }

    /// What the service holds now. The log, the clock and the faults are no part of it.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.store, &self.grants, &self.outbox, self.drawn())
    }

    /// Holds what a state describes and nothing else; a state with a fault changes nothing. The log, the clock and the
    /// faults stay.
    pub fn restore(&mut self, state: &Snapshot) -> std::result::Result<(), SnapshotError> {
        let contents = state.read(&self.options)?;
        self.hold(contents);
        Ok(())
    }

    /// Holds what records describe and nothing else; where one has a fault, nothing changes. They count as kept: the first
    /// [`Emulator::changes`] gives what is written from here on.
    pub fn load(&mut self, records: &[Record]) -> std::result::Result<(), SnapshotError> {
        self.restore(&Snapshot::from_records(records)?)?;
        self.store.journal.start();
        Ok(())
    }

    /// The records that were written or removed since the last call, or since [`Emulator::load`], each once, in the order
    /// of their last writes. The first call without a load before it gives every record there is.
    pub fn changes(&mut self) -> Vec<Change> {
        let Some(keys) = self.store.journal.take() else {
            self.store.journal.start();
            let records = self.snapshot().into_records();
            return records.map(|(key, value)| Change { key, value: Some(value.to_string()) }).collect();
        };
        let value =
            |key: &str| snapshot::value(key, &self.store, &self.grants, &self.outbox).map(|value| value.to_string());
        let mut changes: Vec<_> = keys.into_iter().map(|key| Change { value: value(&key), key }).collect();
        if let Some(drawn) = self.drawn().filter(|_| !changes.is_empty()) {
            changes
                .push(Change { key: snapshot::SEED.to_owned(), value: Some(snapshot::seed_value(drawn).to_string()) });
        }
        changes
    }

    /// As it was at the start: without apps, tokens, requests and faults, and with the clock and the seed of the options.
    pub fn reset(&mut self) {
        self.hold(Contents { drawn: Some(0), ..Contents::default() });
        self.log.clear();
        self.outbox.clear_attempts();
        self.faults.clear();
        self.counts = RateLimiter::default();
        self.clock = Clock::new(self.options.now);
    }

    /// How far the seeded generator got.
    fn drawn(&self) -> Option<u64> {
        self.generator.as_ref().map(|generator| generator.drawn)
    }

    fn hold(&mut self, contents: Contents) {
        let Contents { mut store, grants, mut outbox, drawn } = contents;
        outbox.follow(&mut self.outbox);
        let mut journal = std::mem::take(&mut self.store.journal);
        for (site_id, app) in self.store.all().chain(store.all()) {
            journal.touch(|| snapshot::app_key(site_id, app.id()));
        }
        for (key, _) in
            self.grants.records().chain(grants.records()).chain(self.outbox.records()).chain(outbox.records())
        {
            journal.touch(|| key);
        }
        store.journal = journal;
        self.store = store;
        self.grants = grants;
        self.outbox = outbox;
        if let Some((generator, drawn)) = self.generator.as_mut().zip(drawn) {
            generator.drawn = drawn;
        }
    }

    /// The answer of the service itself.
    fn answer(&mut self, request: &Request, host: &mut dyn Host) -> Response {
        let Reply { status, headers, body } = self.reply(request, host).unwrap_or_else(Into::into);
        let mut headers: BTreeMap<_, _> = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        headers.insert("x-wix-request-id".to_owned(), request_id(host));
        Response { status, headers, body }
    }

    fn reply(&mut self, request: &Request, host: &mut dyn Host) -> Result<Reply> {
        request.check_host().map_err(|fault| ApiError::plain(400, fault))?;
        let place = route(&request.method, request.path())?;
        if is_too_large(request) {
            return Err(ApiError::plain(413, "Payload Too Large"));
        }
        if is_encoded(request) {
            return Err(ApiError::encoded_body());
        }
        let now = host.now();
        let (options, store, grants) = (&self.options, &self.store, &mut self.grants);
        let caller =
            |grants: &Grants, refusal: &str| identify(request, &Known { options, store, grants, now }, refusal);
        match place {
            Route::Apps(endpoint) => self.apps(endpoint, request, host),
            Route::Token => Ok(TokenCall { options, store, grants, host }.run(request)),
            Route::TokenInfo => token_info(request, &Known { options, store, grants, now }),
            Route::Authorize => Ok(AuthorizeCall { options, store, grants, host }.run(request)),
            Route::Page(page) => Ok(PageCall { options, store, grants, host }.run(page, request)),
            Route::RedirectSession => {
                let identity = caller(grants, "client Id does not correspond to a headless oauth app.")?;
                SessionCall { identity, options, store, grants, host }.run(request)
            }
            Route::Login(way) => {
                let identity = caller(grants, "The call is a visitor's or a member's: send their access token")?;
                LoginCall { identity, options, store, grants, host }.run(way, request)
            }
        }
    }

    fn apps(&mut self, endpoint: Endpoint<'_>, request: &Request, host: &mut dyn Host) -> Result<Reply> {
        let now = host.now();
        let known = Known { options: &self.options, store: &self.store, grants: &self.grants, now };
        let caller = authenticate(request, &known)?;
        if let Some(limit) = self.options.rate_limit {
            self.counts.admit(caller.name, limit, now)?;
        }
        caller.require(endpoint.permission())?;
        let body = if endpoint.takes_body() { json::read(request)? } else { Object::new() };
        let site_id = caller.site_id.to_owned();
        let actor = caller.client_id.map_or(Actor::User, |id| Actor::App(id.to_owned()));
        let mut call = Call {
            site_id: &site_id,
            options: &self.options,
            store: &mut self.store,
            now,
            host,
            happened: None,
            warnings: Vec::new(),
        };
        let reply = Reply::new(200, JSON, call.run(endpoint, &body)?);
        self.warnings = call.warnings;
        if let Some((slug, id)) = call.happened {
            if slug == EventKind::Deleted {
                self.grants.end_client(&id);
            }
            let entity = self.store.app(&site_id, &id).map(App::entity);
            let event = Event { slug, site_id: &site_id, app_id: &id, entity, actor: &actor };
            self.outbox.tell(&event, &self.options.webhooks, host);
        }
        let sent = || request.header(CONSISTENT).filter(|value| is_visible(value)).map(str::to_owned);
        let consistent = if endpoint.writes() { Some(hex(&random::<16>(host))) } else { sent() };
        Ok(match consistent {
            Some(value) => reply.with(CONSISTENT, value),
            None => reply,
        })
    }
}

/// Whether the body is too large, or is announced to be: a server then need not read it.
fn is_too_large(request: &Request) -> bool {
    match &request.body {
        Some(body) => body.len() > MAX_BODY,
        None => request
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .is_some_and(|length: u64| usize::try_from(length).map_or(true, |length| length > MAX_BODY)),
    }
}

/// Whether the request has a body in an encoding, such as gzip, which the service does not decode.
fn is_encoded(request: &Request) -> bool {
    let encoding = request.header("content-encoding").unwrap_or("identity").trim();
    let has_body = request.body.as_ref().is_some_and(|body| !body.is_empty());
    has_body && !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")
}

/// The answer that a fault orders.
fn faulty(fault: Fault, host: &mut dyn Host) -> Response {
    let bodiless = fault.is_bodiless();
    let status = fault.status.unwrap_or_default();
    let mut headers = service_headers(host);
    let body = match fault.body {
        _ if bodiless => {
            headers.remove("content-type");
            String::new()
        }
        None => json::write(&ApiError::of_status(status).body()),
        Some(Value::String(text)) => {
            headers.insert("content-type".to_owned(), "text/plain;charset=UTF-8".to_owned());
            text
        }
        Some(value) => json::write(&value),
    };
    headers.extend(fault.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)));
    Response { status, headers, body }
}

/// What every answer carries.
fn service_headers(host: &mut dyn Host) -> BTreeMap<String, String> {
    let headers = [("content-type", "application/json".to_owned()), ("x-wix-request-id", request_id(host))];
    headers.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The host as the endpoints see it: with the emulator's clock, and its own randomness where it has a seed.
struct ClockedHost<'a> {
    now: u64,
    generator: Option<&'a mut SeededRandom>,
    host: &'a mut dyn Host,
}

impl Host for ClockedHost<'_> {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        match &mut self.generator {
            Some(generator) => generator.fill(bytes),
            None => self.host.random(bytes),
        }
    }
}

/// An ID of the form the service's have: the second, and a number.
fn request_id(host: &mut dyn Host) -> String {
    format!("{}.{}", host.now() / 1_000, u64::from_be_bytes(random(host)))
}

/// Whether a header can carry it.
fn is_visible(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
