//! The emulated service: routes a request, authenticates its caller, and calls the endpoint.

use crate::apps::endpoints;
use crate::auth::{authenticate, authenticate_visitor};
use crate::context::Context;
use crate::host::digest::hex;
use crate::host::port::Host;
use crate::host::random::random_bytes;
use crate::http::body::Body;
use crate::http::error::{ApiError, Result};
use crate::http::request::Request;
use crate::http::response::{JSON, Response};
use crate::oauth::{authorize, info, login, token};
use crate::options::Options;
use crate::pages::{hosted, session};
use crate::rate_limit::RateLimiter;
use crate::route::{AppsEndpoint, Route, route};
use crate::snapshot::Contents;
use crate::store::journal::Journal;
use crate::webhooks::event::{Actor, Event, EventKind};
use crate::webhooks::outbox::Outbox;

/// The largest body, in bytes.
const MAX_BODY: usize = 1_048_576;
/// The header for reading one's own writes. A response to a write sets it, and clients send it along with later requests.
const CONSISTENT: &str = "x-wix-consistent";

/// The emulated service.
pub(crate) struct Service {
    pub(crate) options: Options,
    pub(crate) contents: Contents,
    pub(crate) journal: Journal,
    pub(crate) rate_limiter: RateLimiter,
}

impl Service {
    pub(crate) fn new(options: Options) -> Self {
        let (contents, journal, rate_limiter) = (Contents::default(), Journal::default(), RateLimiter::default());
        Self { options, contents, journal, rate_limiter }
    }

    /// Responds to a request. Warnings about the redirect entries that it has written are added to `warnings`.
    pub(crate) fn respond(
        &mut self,
        request: &Request<'_>,
        body: &Body<'_>,
        host: &mut dyn Host,
        warnings: &mut Vec<String>,
    ) -> Response {
        let response = self.dispatch(request, body, host, warnings).unwrap_or_else(|mut error| {
            error.rename_rules(|rule| self.options.rule_names.replacement(rule));
            error.into()
        });
        self.journal_changes();
        response.with_request_id(host)
    }

    /// Adds the keys of the records that changed to the journal.
    pub(crate) fn journal_changes(&mut self) {
        self.journal.extend(self.contents.take_changed_keys());
    }

    fn dispatch(
        &mut self,
        request: &Request<'_>,
        body: &Body<'_>,
        host: &mut dyn Host,
        warnings: &mut Vec<String>,
    ) -> Result<Response> {
        request.check_host().map_err(|fault| ApiError::plain(400, fault))?;
        let route = route(request.method, request.path(), self.options.login)?;
        if is_too_large(request) {
            return Err(ApiError::plain(413, "Payload Too Large"));
        }
        if is_encoded(request) {
            return Err(ApiError::encoded_body());
        }
        let Self { options, contents: Contents { apps, grants, outbox }, rate_limiter, .. } = self;
        let now = host.now();
        let mut context = Context { request, body, options, apps, grants, host, now };
        match route {
            Route::Apps(endpoint) => call_apps(endpoint, &mut context, outbox, rate_limiter, warnings),
            Route::Token => Ok(token::respond(&mut context)),
            Route::TokenInfo => info::respond(&context),
            Route::Authorize => authorize::respond(&mut context),
            Route::Page(page) => hosted::respond(page, &mut context),
            Route::RedirectSession => {
                let refusal = "client Id does not correspond to a headless oauth app.";
                let identity = authenticate_visitor(&context, refusal)?;
                session::respond(&identity, &mut context)
            }
            Route::Login(kind) => {
                let refusal = "The call is a visitor's or a member's: send their access token";
                let identity = authenticate_visitor(&context, refusal)?;
                login::respond(kind, &identity, &mut context)
            }
        }
    }
}

/// Executes a call of the OAuth Apps API, and publishes its event.
fn call_apps(
    endpoint: AppsEndpoint<'_>,
    context: &mut Context<'_>,
    outbox: &mut Outbox,
    rate_limiter: &mut RateLimiter,
    warnings: &mut Vec<String>,
) -> Result<Response> {
    let caller = authenticate(context)?;
    if let Some(limit) = context.options.rate_limit {
        rate_limiter.admit(caller.name, limit, context.now)?;
    }
    caller.require(endpoint.permission())?;
    let site_id = caller.site_id.to_owned();
    let actor = caller.client_id.map_or(Actor::User, |id| Actor::App(id.to_owned()));
    let result = endpoints::call(endpoint, &site_id, context)?;
    *warnings = result.warnings;
    if let Some((kind, app_id)) = result.event {
        if kind == EventKind::Deleted {
            context.grants.revoke_client(&app_id);
        }
        let entity = context.apps.app(&site_id, &app_id).map(|app| app.entity());
        let event = Event { kind, site_id: &site_id, app_id: &app_id, entity, actor: &actor };
        outbox.publish(&event, &context.options.webhooks, context.host);
    }
    let response = Response::new(200, JSON, result.body);
    let consistent = if endpoint.writes() {
        Some(hex(&random_bytes::<16>(context.host)))
    } else {
        context.request.header(CONSISTENT).filter(|value| is_visible(value)).map(str::to_owned)
    };
    Ok(match consistent {
        Some(value) => response.with_header(CONSISTENT, value),
        None => response,
    })
}

/// Checks whether the body is too large, or is announced to be, so that a server need not read it.
fn is_too_large(request: &Request<'_>) -> bool {
    match request.body {
        Some(body) => body.len() > MAX_BODY,
        None => request
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .is_some_and(|length: u64| usize::try_from(length).map_or(true, |length| length > MAX_BODY)),
    }
}

/// Checks whether the body has a content coding, such as gzip, which the service does not decode.
fn is_encoded(request: &Request<'_>) -> bool {
    let coding = request.header("content-encoding").unwrap_or("identity").trim();
    let has_body = request.body.is_some_and(|body| !body.is_empty());
    has_body && !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")
}

/// Checks whether a header can carry the value.
fn is_visible(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic())
}
