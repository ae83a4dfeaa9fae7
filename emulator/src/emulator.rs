//! The service as a whole: one request in, one answer out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::apps::Call;
use crate::auth::{Known, authenticate, identify};
use crate::error::{Problem, Result};
use crate::http::{Request, Response};
use crate::json::{self, Object};
use crate::oauth::vault::Vault;
use crate::oauth::{AuthorizeCall, LoginCall, TokenCall, token_info};
use crate::options::{Options, OptionsError};
use crate::record::{Log, RecordedRequest};
use crate::redirects::{PageCall, SessionCall};
use crate::reply::{JSON, Reply};
use crate::route::{Endpoint, Place, route};
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
    vault: Vault,
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
        Ok(Self { options, store: Store::default(), vault: Vault::default(), log })
    }

    /// The answer to a request; every request has one, and is logged.
    pub fn handle(&mut self, request: &Request, world: &mut dyn World) -> Response {
        let reply = self.reply(request, world);
        let mut headers: BTreeMap<_, _> = reply.headers.into_iter().collect();
        headers.insert("x-wix-request-id", request_id(world));
        self.log.add(request, reply.status);
        Response { status: reply.status, headers, body: reply.body }
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

    /// Forgets every app, every token and every request.
    pub fn reset(&mut self) {
        self.store = Store::default();
        self.vault = Vault::default();
        self.log.clear();
    }

    fn reply(&mut self, request: &Request, world: &mut dyn World) -> Reply {
        let place = match route(&request.method, request.path()) {
            Ok(place) => place,
            Err(problem) => return problem.into(),
        };
        if request.body.as_ref().is_some_and(|body| body.len() > MAX_BODY) {
            return Problem::plain(413, "Payload Too Large").into();
        }
        let now = world.now();
        let (options, store, vault) = (&self.options, &self.store, &mut self.vault);
        let caller = |vault: &Vault| identify(request, &Known { options, store, vault, now });
        match place {
            Place::Apps(endpoint) => self.apps(endpoint, request, world).unwrap_or_else(Into::into),
            Place::Token => TokenCall { options, store, vault, world }.run(request),
            Place::TokenInfo => token_info(request, store, vault, now).unwrap_or_else(Into::into),
            Place::Authorize => AuthorizeCall { options, store, vault, world }.run(request),
            Place::Page(page) => PageCall { options, store, vault, world }.run(page, request),
            Place::RedirectSession => caller(vault)
                .and_then(|identity| SessionCall { identity, store, vault, world }.run(request))
                .unwrap_or_else(Into::into),
            Place::Login(way) => caller(vault)
                .and_then(|identity| LoginCall { identity, options, store, vault, world }.run(way, request))
                .unwrap_or_else(Into::into),
        }
    }

    fn apps(&mut self, endpoint: Endpoint<'_>, request: &Request, world: &mut dyn World) -> Result<Reply> {
        let now = world.now();
        let known = Known { options: &self.options, store: &self.store, vault: &self.vault, now };
        let caller = authenticate(request, &known)?;
        caller.require(endpoint.permission())?;
        let body = if endpoint.takes_body() { json::read(request)? } else { Object::new() };
        let site_id = caller.site_id.to_owned();
        let mut call = Call { site_id: &site_id, options: &self.options, store: &mut self.store, world };
        let body = call.run(endpoint, &body)?;
        if let Endpoint::Delete(id) = endpoint {
            self.vault.end_client(id);
        }
        let reply = Reply::new(200, JSON, body);
        let sent = || request.header(CONSISTENT).filter(|value| is_visible(value)).map(str::to_owned);
        let consistent = if endpoint.writes() { Some(hex(&random::<16>(world))) } else { sent() };
        Ok(match consistent {
            Some(value) => reply.with(CONSISTENT, value),
            None => reply,
        })
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
