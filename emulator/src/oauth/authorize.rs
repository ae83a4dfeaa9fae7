//! The authorize page (RFC 6749 §4.1). It logs a test member in, without asking unless `login` is `"interactive"`, and returns
//! a code to a redirect URI that the app lists, by the response mode of the request.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use wix_oauth_apps::redirect::check::After;

use crate::allowlist;
use crate::context::Context;
use crate::http::error::ApiError;
use crate::http::html::{self, Note};
use crate::http::request::Request;
use crate::http::response::Response;
use crate::oauth::login_page::{self, Answer};
use crate::oauth::members;
use crate::oauth::params::repeated;
use crate::oauth::pkce;
use crate::oauth::visitor::{Visitor, log_in};
use crate::options::Login;
use crate::refused_redirect::explain;
use crate::store::app::App;
use crate::store::grants::Identity;

/// The parameters that decide where the response goes. If one of them is repeated, the response is a page.
const ROUTING_PARAMS: [&str; 3] = ["client_id", "redirect_uri", "response_mode"];

/// The mode in which the client receives the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseMode {
    Query,
    Fragment,
    WebMessage,
}

/// An error that the client receives instead of a code (RFC 6749 §4.1.2.1 and the core of `OpenID Connect`).
struct AuthorizationError {
    error: &'static str,
    description: String,
}

impl AuthorizationError {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }
}

/// A code, and the cookie of a new login.
struct Authorization {
    code: String,
    cookie: Option<String>,
}

/// The reason why no code is issued now.
enum Interruption {
    /// The client receives an error.
    Error(AuthorizationError),
    /// The visitor has to log in at this page first.
    Page(Response),
    /// The request of the page is malformed.
    Malformed(ApiError),
}

impl From<AuthorizationError> for Interruption {
    fn from(error: AuthorizationError) -> Self {
        Self::Error(error)
    }
}

/// Responds to a visitor of the page.
pub(crate) fn respond(context: &mut Context<'_>) -> Result<Response, ApiError> {
    let request = context.request;
    // RFC 6749 §3.1: parameters must not be repeated.
    let pairs: Vec<_> = request.query().collect();
    let repeated_param = |is_routing: bool| {
        let names = pairs.iter().map(|(name, _)| name.as_ref());
        repeated(names.filter(|name| ROUTING_PARAMS.contains(name) == is_routing))
    };
    if let Some(name) = repeated_param(true) {
        return Ok(html::page(400, "Invalid request", &format!("{name} is given twice.")));
    }
    let client_id = request.query_param("client_id").unwrap_or_default();
    let Some(app) = context.apps.find(&client_id).map(Arc::clone) else {
        return Ok(html::page(400, "Invalid client", &format!("There is no OAuth app {client_id:?}.")));
    };
    let mode = match request.query_param("response_mode").as_deref() {
        None | Some("query") => Some(ResponseMode::Query),
        Some("fragment") => Some(ResponseMode::Fragment),
        Some("web_message") => Some(ResponseMode::WebMessage),
        Some(_) => None,
    };
    // A message needs no redirect URI: it is posted to the origins that the app lists.
    let redirect_uri = request.query_param("redirect_uri");
    let is_allowed = match &redirect_uri {
        Some(uri) => allowlist::allows_uri(&app, uri, context.options),
        None => mode == Some(ResponseMode::WebMessage),
    };
    if !is_allowed {
        return Ok(invalid_redirect_uri(&app, redirect_uri.as_deref()));
    }
    let authorization = match (mode, repeated_param(false)) {
        (None, _) => Err(AuthorizationError::new("invalid_request", "There is no such response_mode").into()),
        (_, Some(name)) => Err(AuthorizationError::new("invalid_request", format!("{name} is given twice")).into()),
        (Some(_), None) => authorize(&app, redirect_uri.clone(), context),
    };
    let mut params = Map::new();
    let (mut login_cookie, mut reason) = (None, None);
    match authorization {
        Ok(Authorization { code, cookie }) => {
            params.insert("code".to_owned(), json!(code));
            login_cookie = cookie;
        }
        Err(Interruption::Page(page)) => return Ok(page),
        Err(Interruption::Malformed(error)) => return Err(error),
        Err(Interruption::Error(AuthorizationError { error, description })) => {
            reason = Some(format!("{error}: {description}"));
            params.insert("error".to_owned(), json!(error));
            params.insert("error_description".to_owned(), json!(description));
        }
    }
    params.extend(request.query_param("state").map(|state| ("state".to_owned(), json!(state))));
    let response = deliver(params, mode.unwrap_or(ResponseMode::Query), redirect_uri.as_deref(), &app);
    let response = Response { reason, ..response }.after_form(request);
    Ok(match login_cookie {
        Some(cookie) => response.with_header("set-cookie", cookie),
        None => response,
    })
}

/// Returns the page for a redirect URI that the app does not list, or that is missing.
fn invalid_redirect_uri(app: &App, redirect_uri: Option<&str>) -> Response {
    const TITLE: &str = "Invalid redirect URI";
    let Some(uri) = redirect_uri else {
        let text = "The request needs the parameter redirect_uri, with one of the app\u{2019}s allowedRedirectUris.";
        return html::refusal(400, TITLE, "It is missing.", &Note { text: text.to_owned(), ..Note::default() });
    };
    let text = format!("{uri} isn't listed as an allowed redirect URI.");
    html::refusal(400, TITLE, &text, &explain(app, uri, After::Authentication))
}

/// Issues a code for the visitor.
fn authorize(
    app: &App,
    redirect_uri: Option<String>,
    context: &mut Context<'_>,
) -> Result<Authorization, Interruption> {
    let challenge = challenge(context.request)?;
    let (identity, cookie) = member(app, context)?;
    let scope = context.request.query_param("scope").unwrap_or_default();
    let offline = scope.split(' ').any(|scope| scope == "offline_access");
    let code = context.grants.issue_code(identity, redirect_uri, challenge, offline, context.host);
    Ok(Authorization { code, cookie })
}

/// Returns the member who is logged in, or logs one in and returns the cookie of the login too.
fn member(app: &App, context: &mut Context<'_>) -> Result<(Identity, Option<String>), Interruption> {
    let request = context.request;
    let is_interactive = context.options.login == Login::Interactive;
    let (hint, prompt) = (request.query_param("login_hint"), request.query_param("prompt"));
    let is_asked_again = is_interactive && (request.method == "POST" || prompt.as_deref() == Some("login"));
    let logged_in = Visitor::new(app.site_id(), context).member(app.id());
    if let Some(identity) = logged_in.filter(|_| hint.is_none() && !is_asked_again) {
        return Ok((identity, None));
    }
    if prompt.as_deref() == Some("none") {
        return Err(AuthorizationError::new("login_required", "Nobody is logged in, and prompt is none").into());
    }
    let named = hint.as_ref().and_then(|email| members::find(email, app.site_id(), context.options, context.grants));
    let member = match (named, &hint) {
        _ if request.method == "POST" => match login_page::read(app, context).map_err(Interruption::Malformed)? {
            Answer::Member(member) => Some(member),
            Answer::Page(page) => return Err(Interruption::Page(page)),
        },
        (Some(member), _) if !is_asked_again => Some(member),
        _ if is_interactive => {
            let email = hint.as_deref().unwrap_or_default();
            return Err(Interruption::Page(login_page::ask(app, email, context)));
        }
        (named, Some(_)) => named,
        (_, None) => members::default_member(context.options),
    };
    let error = || AuthorizationError::new("access_denied", "There is no such member to log in");
    let (identity, cookie) = log_in(&member.ok_or_else(error)?, app.id(), context.grants, context.host);
    Ok((identity, Some(cookie)))
}

/// Returns the PKCE challenge of a well-formed request.
fn challenge(request: &Request<'_>) -> Result<String, AuthorizationError> {
    if request.query_param("response_type").as_deref() != Some("code") {
        return Err(AuthorizationError::new("unsupported_response_type", "response_type must be code"));
    }
    if request.query_param("code_challenge_method").as_deref() != Some("S256") {
        return Err(AuthorizationError::new("invalid_request", "code_challenge_method must be S256"));
    }
    let challenge = request.query_param("code_challenge").filter(|text| pkce::is_challenge(text));
    let description = "code_challenge must be the SHA-256 of the code verifier, in base64url";
    challenge.ok_or_else(|| AuthorizationError::new("invalid_request", description))
}

/// Returns the response that delivers the parameters to the client.
fn deliver(params: Map<String, Value>, mode: ResponseMode, redirect_uri: Option<&str>, app: &App) -> Response {
    if mode == ResponseMode::WebMessage {
        let origins =
            redirect_uri.map_or_else(|| allowlist::origins(app), |uri| allowlist::origin(uri).into_iter().collect());
        return html::message_page(&Value::Object(params), &origins);
    }
    let uri = redirect_uri.unwrap_or_default();
    let pairs = params.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let params = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let (before, fragment) = uri.split_once('#').map_or((uri, None), |(before, fragment)| (before, Some(fragment)));
    let target = match (mode, fragment) {
        (ResponseMode::Fragment, None | Some("")) => format!("{before}#{params}"),
        (ResponseMode::Fragment, Some(fragment)) => format!("{before}#{fragment}&{params}"),
        (_, fragment) => {
            let separator = if before.contains('?') { "&" } else { "?" };
            let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
            format!("{before}{separator}{params}{fragment}")
        }
    };
    Response::redirect(&target)
}

#[cfg(test)]
mod tests;
