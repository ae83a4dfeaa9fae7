//! The service as a whole: one request in, one answer out.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::apps::Call;
use crate::auth::{Known, authenticate, identify};
use crate::clock::Clock;
use crate::date::LATEST;
use crate::error::{Problem, Result};
use crate::fault::{Fault, FaultError, Faults, MAX_LATENCY, Met};
use crate::http::{Request, Response};
use crate::journal::{Change, Record};
use crate::json::{self, Object};
use crate::oauth::vault::Vault;
use crate::oauth::{AuthorizeCall, LoginCall, TokenCall, token_info};
use crate::options::{Options, OptionsError};
use crate::outcome::Outcome;
use crate::random::Generator;
use crate::rate::Counts;
use crate::record::{Log, RecordedRequest};
use crate::redirects::{PageCall, SessionCall};
use crate::reply::{JSON, Reply};
use crate::route::{Endpoint, Place, route};
use crate::state::{self, Held, State, StateError};
use crate::store::{App, Store};
use crate::webhooks::{Actor, Attempt, Delivery, Event, Outbox, Slug};
use crate::world::{World, hex, random};

/// The largest body, in bytes.
const MAX_BODY: usize = 1_048_576;
/// The header that lets a client read what it wrote: answered to a write, sent along with what follows.
const CONSISTENT: &str = "x-wix-consistent";

/// The service, with everything it holds.
pub struct Emulator {
    options: Options,
    store: Store,
    vault: Vault,
    outbox: Outbox,
    log: Log,
    clock: Clock,
    faults: Faults,
    counts: Counts,
    /// The generator of the option `seed`.
    generator: Option<Generator>,
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
            vault: Vault::default(),
            outbox: Outbox::default(),
            log: Log::new(options.request_log_size),
            clock: Clock::new(options.now),
            faults: Faults::default(),
            counts: Counts::default(),
            generator: options.seed.as_deref().map(Generator::of_text),
            warnings: Vec::new(),
            options,
        })
    }

    /// What becomes of a request. Whatever that is, the request is logged.
    pub fn handle(&mut self, request: &Request, world: &mut dyn World) -> Outcome {
        let now = self.clock.now(world.now());
        let Met { failing, delay } = self.faults.meet(request);
        // Aside, so that the rest can be borrowed beside it.
        let mut generator = self.generator.take();
        let mut inside = Inside { now, generator: generator.as_mut(), world };
        let carried_out = failing.as_ref().is_none_or(Fault::takes_effect);
        let answer = carried_out.then(|| self.answer(request, &mut inside));
        let (failure, response) = match failing {
            None => (None, answer),
            Some(Fault { error: Some(failure), .. }) => (Some(failure), answer.filter(|_| failure.breaks_off())),
            Some(fault) => (None, Some(faulty(fault.expanded(), &mut inside))),
        };
        self.generator = generator;
        self.vault.write_down(&mut self.store.journal);
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
    pub fn deliveries(&self, world: &mut dyn World) -> Vec<Delivery> {
        self.outbox.due(self.clock.now(world.now()))
    }

    /// In how many milliseconds there is a webhook to be posted; nothing where none waits, or the clock stands still.
    pub fn next_delivery(&self, world: &mut dyn World) -> Option<u64> {
        let Clock::Host { .. } = self.clock else { return None };
        let now = self.clock.now(world.now());
        self.outbox.next().map(|due| due.saturating_sub(now))
    }

    /// Takes note of an attempt to post a webhook. One that was not taken is tried again, later each time, and dropped
    /// after the sixth.
    pub fn delivered(&mut self, id: &str, taken: bool, world: &mut dyn World) {
        self.outbox.attempted(id, taken, self.clock.now(world.now()));
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
    pub fn snapshot(&self) -> State {
        State::of(&self.store, &self.vault, &self.outbox, self.drawn())
    }

    /// Holds what a state describes and nothing else; a state with a fault changes nothing. The log, the clock and the
    /// faults stay.
    pub fn restore(&mut self, state: &State) -> std::result::Result<(), StateError> {
        let held = state.read(&self.options)?;
        self.hold(held);
        Ok(())
    }

    /// Holds what records describe and nothing else; where one has a fault, nothing changes. They count as kept: the first
    /// [`Emulator::changes`] gives what is written from here on.
    pub fn load(&mut self, records: &[Record]) -> std::result::Result<(), StateError> {
        self.restore(&State::from_records(records)?)?;
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
            |key: &str| state::value(key, &self.store, &self.vault, &self.outbox).map(|value| value.to_string());
        let mut changes: Vec<_> = keys.into_iter().map(|key| Change { value: value(&key), key }).collect();
        if let Some(drawn) = self.drawn().filter(|_| !changes.is_empty()) {
            changes.push(Change { key: state::SEED.to_owned(), value: Some(state::seed_value(drawn).to_string()) });
        }
        changes
    }

    /// As it was at the start: without apps, tokens, requests and faults, and with the clock and the seed of the options.
    pub fn reset(&mut self) {
        self.hold(Held { drawn: Some(0), ..Held::default() });
        self.log.clear();
        self.outbox.clear_attempts();
        self.faults.clear();
        self.counts = Counts::default();
        self.clock = Clock::new(self.options.now);
    }

    /// How far the seeded generator got.
    fn drawn(&self) -> Option<u64> {
        self.generator.as_ref().map(|generator| generator.drawn)
    }

    fn hold(&mut self, held: Held) {
        let Held { mut store, vault, mut outbox, drawn } = held;
        outbox.follow(&mut self.outbox);
        let mut journal = std::mem::take(&mut self.store.journal);
        for (site_id, app) in self.store.all().chain(store.all()) {
            journal.touch(|| state::app_key(site_id, app.id()));
        }
        for (key, _) in self.vault.records().chain(vault.records()).chain(self.outbox.records()).chain(outbox.records())
        {
            journal.touch(|| key);
        }
        store.journal = journal;
        self.store = store;
        self.vault = vault;
        self.outbox = outbox;
        if let Some((generator, drawn)) = self.generator.as_mut().zip(drawn) {
            generator.drawn = drawn;
        }
    }

    /// The answer of the service itself.
    fn answer(&mut self, request: &Request, world: &mut dyn World) -> Response {
        let Reply { status, headers, body } = self.reply(request, world).unwrap_or_else(Into::into);
        let mut headers: BTreeMap<_, _> = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        headers.insert("x-wix-request-id".to_owned(), request_id(world));
        Response { status, headers, body }
    }

    fn reply(&mut self, request: &Request, world: &mut dyn World) -> Result<Reply> {
        request.check_host().map_err(|fault| Problem::plain(400, fault))?;
        let place = route(&request.method, request.path())?;
        if is_too_large(request) {
            return Err(Problem::plain(413, "Payload Too Large"));
        }
        if is_encoded(request) {
            return Err(Problem::encoded_body());
        }
        let now = world.now();
        let (options, store, vault) = (&self.options, &self.store, &mut self.vault);
        let caller = |vault: &Vault, refusal: &str| identify(request, &Known { options, store, vault, now }, refusal);
        match place {
            Place::Apps(endpoint) => self.apps(endpoint, request, world),
            Place::Token => Ok(TokenCall { options, store, vault, world }.run(request)),
            Place::TokenInfo => token_info(request, &Known { options, store, vault, now }),
            Place::Authorize => Ok(AuthorizeCall { options, store, vault, world }.run(request)),
            Place::Page(page) => Ok(PageCall { options, store, vault, world }.run(page, request)),
            Place::RedirectSession => {
                let identity = caller(vault, "client Id does not correspond to a headless oauth app.")?;
                SessionCall { identity, options, store, vault, world }.run(request)
            }
            Place::Login(way) => {
                let identity = caller(vault, "The call is a visitor's or a member's: send their access token")?;
                LoginCall { identity, options, store, vault, world }.run(way, request)
            }
        }
    }

    fn apps(&mut self, endpoint: Endpoint<'_>, request: &Request, world: &mut dyn World) -> Result<Reply> {
        let now = world.now();
        let known = Known { options: &self.options, store: &self.store, vault: &self.vault, now };
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
            world,
            happened: None,
            warnings: Vec::new(),
        };
        let reply = Reply::new(200, JSON, call.run(endpoint, &body)?);
        self.warnings = call.warnings;
        if let Some((slug, id)) = call.happened {
            if slug == Slug::Deleted {
                self.vault.end_client(&id);
            }
            let entity = self.store.app(&site_id, &id).map(App::entity);
            let event = Event { slug, site_id: &site_id, app_id: &id, entity, actor: &actor };
            self.outbox.tell(&event, &self.options.webhooks, world);
        }
        let sent = || request.header(CONSISTENT).filter(|value| is_visible(value)).map(str::to_owned);
        let consistent = if endpoint.writes() { Some(hex(&random::<16>(world))) } else { sent() };
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
fn faulty(fault: Fault, world: &mut dyn World) -> Response {
    let bodiless = fault.is_bodiless();
    let status = fault.status.unwrap_or_default();
    let mut headers = service_headers(world);
    let body = match fault.body {
        _ if bodiless => {
            headers.remove("content-type");
            String::new()
        }
        None => json::write(&Problem::of_status(status).body()),
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
fn service_headers(world: &mut dyn World) -> BTreeMap<String, String> {
    let headers = [("content-type", "application/json".to_owned()), ("x-wix-request-id", request_id(world))];
    headers.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The world as the endpoints see it: with the emulator's clock, and its own randomness where it has a seed.
struct Inside<'a> {
    now: u64,
    generator: Option<&'a mut Generator>,
    world: &'a mut dyn World,
}

impl World for Inside<'_> {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        match &mut self.generator {
            Some(generator) => generator.fill(bytes),
            None => self.world.random(bytes),
        }
    }
}

/// An ID of the form the service's have: the second, and a number.
fn request_id(world: &mut dyn World) -> String {
    format!("{}.{}", world.now() / 1_000, u64::from_be_bytes(random(world)))
}

/// Whether a header can carry it.
fn is_visible(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
