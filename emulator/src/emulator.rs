//! The service as a whole: one request in, one answer out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::apps::Call;
use crate::auth::authenticate;
use crate::error::{Problem, Result};
use crate::http::{Request, Response};
use crate::json::{self, Object};
use crate::options::{Options, OptionsError};
use crate::record::{Log, RecordedRequest};
use crate::route::{Endpoint, route};
use crate::state::{State, StateError};
use crate::store::Store;
use crate::world::{World, hex, random};

/// The largest body, in bytes.
const MAX_BODY: usize = 1_048_576;
/// The header that lets a client read what it wrote: answered to a write, sent along with what follows.
const CONSISTENT: &str = "x-wix-consistent";

/// The service, with everything it holds.
pub struct Emulator {
    options: Options,
    store: Store,
    log: Log,
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
        let log = Log::new(options.request_log_size);
        Ok(Self { options, store: Store::default(), log })
    }

    /// The answer to a request; every request has one, and is logged.
    pub fn handle(&mut self, request: &Request, world: &mut dyn World) -> Response {
        let endpoint = route(&request.method, request.path());
        let result = endpoint.clone().and_then(|endpoint| self.answer(endpoint, request, world));
        let mut headers =
            BTreeMap::from([("content-type", "application/json".to_owned()), ("x-wix-request-id", request_id(world))]);
        let (status, body) = match result {
            Ok(body) => {
                let sent = || request.header(CONSISTENT).filter(|value| is_visible(value)).map(str::to_owned);
                let wrote = endpoint.is_ok_and(Endpoint::writes);
                let consistent = if wrote { Some(hex(&random::<16>(world))) } else { sent() };
                headers.extend(consistent.map(|value| (CONSISTENT, value)));
                (200, body)
            }
            Err(problem) => {
                headers.extend(problem.allow.map(|methods| ("allow", methods.to_owned())));
                (problem.status, json::write(&problem.body()))
            }
        };
        self.log.add(request, status);
        Response { status, headers, body }
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

    /// What the service holds now. The log is no part of it.
    pub fn snapshot(&self) -> State {
        State::of(&self.store)
    }

    /// Holds what a state describes and nothing else; a state with a fault changes nothing. The log stays.
    pub fn restore(&mut self, state: &State) -> std::result::Result<(), StateError> {
        self.store = state.to_store(&self.options)?;
        Ok(())
    }

    /// Forgets every app and every request.
    pub fn reset(&mut self) {
        self.store = Store::default();
        self.log.clear();
    }

    fn answer(&mut self, endpoint: Endpoint<'_>, request: &Request, world: &mut dyn World) -> Result<String> {
        if request.body.as_ref().is_some_and(|body| body.len() > MAX_BODY) {
            return Err(Problem::plain(413, "Payload Too Large"));
        }
        let caller = authenticate(request, &self.options)?;
        caller.require(endpoint.permission())?;
        let body = if endpoint.takes_body() { read_body(request)? } else { Object::new() };
        let mut call = Call { site_id: caller.site_id, options: &self.options, store: &mut self.store, world };
        call.run(endpoint, &body)
    }
}

/// The body of a request that takes one. A content type need not be said; one that is said must be JSON's.
fn read_body(request: &Request) -> Result<Object> {
    let content_type = request.header("content-type").unwrap_or("application/json");
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let has_body = request.body.as_ref().is_some_and(|body| !body.is_empty());
    if has_body && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Problem::plain(415, "Unsupported Media Type"));
    }
    json::body(request.body.as_deref())
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
