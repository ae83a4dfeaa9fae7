//! The authorize page. It logs a test member in, without asking anything, and sends them back with a code by the response
//! mode of the request, to a redirect URI that the app lists.

use serde_json::{Map, Value, json};

use crate::allowlist;
use crate::host::port::Host;
use crate::http::html;
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::oauth::members;
use crate::oauth::params::repeated;
use crate::oauth::pkce;
use crate::oauth::visitor::Visitor;
use crate::options::Options;
use crate::store::app::{App, Store};
use crate::store::grants::{Grants, Identity};

/// The parameters that decide where the answer goes. If one of them is given twice, the answer is a page.
const ROUTING: [&str; 3] = ["client_id", "redirect_uri", "response_mode"];

/// A visitor's arrival at the authorize page.
pub(crate) struct AuthorizeCall<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
}

/// How the answer reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Query,
    Fragment,
    WebMessage,
}

/// Why there is no code, by RFC 6749, section 4.1.2.1, and the core of `OpenID Connect`.
struct AuthorizationError(&'static str, String);

impl AuthorizationError {
    fn new(error: &'static str, description: &str) -> Self {
        Self(error, description.to_owned())
    }
}

impl AuthorizeCall<'_> {
    /// The answer.
    pub(crate) fn run(&mut self, request: &Request) -> Reply {
        // RFC 6749, section 3.1: parameters must not be given more than once.
        let pairs: Vec<_> = request.query().collect();
        let repeated = |routing: bool| {
            repeated(pairs.iter().map(|(name, _)| name.as_ref()).filter(|name| ROUTING.contains(name) == routing))
        };
        if let Some(name) = repeated(true) {
            return html::page(400, "Invalid request", &format!("{name} is given twice."));
        }
        let client_id = request.query_member("client_id").unwrap_or_default();
        let Some((site_id, app)) = self.store.find(&client_id) else {
            return html::page(400, "Invalid client", &format!("There is no OAuth app {client_id:?}."));
        };
        let mode = match request.query_member("response_mode").as_deref() {
            None | Some("query") => Some(Mode::Query),
            Some("fragment") => Some(Mode::Fragment),
            Some("web_message") => Some(Mode::WebMessage),
            Some(_) => None,
        };
        // A message goes to whoever frames the page, if the app lists its origin: it needs no redirect URI.
        let redirect_uri = request.query_member("redirect_uri");
        let allowed = match &redirect_uri {
            Some(uri) => allowlist::allows_uri(app, uri, self.options),
            None => mode == Some(Mode::WebMessage),
        };
        if !allowed {
            let text = redirect_uri.map(|uri| format!("{uri} isn't listed as an allowed redirect URI."));
            return html::page(400, "Invalid redirect URI", &text.unwrap_or_else(|| "It is missing.".to_owned()));
        }
        let refused = |description: String| (Err(AuthorizationError("invalid_request", description)), None);
        let (code, cookie) = match (mode, repeated(false)) {
            (None, _) => refused("There is no such response_mode".to_owned()),
            (_, Some(name)) => refused(format!("{name} is given twice")),
            (Some(_), None) => self.code(request, site_id, app, redirect_uri.clone()),
        };
        let mut answer = Map::new();
        match code {
            Ok(code) => {
                answer.insert("code".to_owned(), json!(code));
            }
            Err(AuthorizationError(error, description)) => {
                answer.insert("error".to_owned(), json!(error));
                answer.insert("error_description".to_owned(), json!(description));
            }
        }
        answer.extend(request.query_member("state").map(|state| ("state".to_owned(), json!(state))));
        let reply = respond(mode.unwrap_or(Mode::Query), redirect_uri.as_deref(), app, answer);
        match cookie {
            Some(cookie) => reply.with("set-cookie", cookie),
            None => reply,
        }
    }

    /// A code for whoever comes, and the cookie of a new login.
    fn code(
        &mut self,
        request: &Request,
        site_id: &str,
        app: &App,
        redirect_uri: Option<String>,
    ) -> (Result<String, AuthorizationError>, Option<String>) {
        let challenge = match challenge(request) {
            Ok(challenge) => challenge,
            Err(refusal) => return (Err(refusal), None),
        };
        let (identity, cookie) = match self.member(request, site_id, app) {
            Ok(member) => member,
            Err(refusal) => return (Err(refusal), None),
        };
        let scope = request.query_member("scope").unwrap_or_default();
        let offline = scope.split(' ').any(|scope| scope == "offline_access");
        (Ok(self.grants.code(identity, redirect_uri, challenge, offline, self.host)), cookie)
    }

    /// The member who comes, else the one who is logged in now.
    fn member(
        &mut self,
        request: &Request,
        site_id: &str,
        app: &App,
    ) -> Result<(Identity, Option<String>), AuthorizationError> {
        let visitor = Visitor::of(request, self.store, site_id, self.grants, self.host.now());
        let hint = request.query_member("login_hint");
        if let Some(identity) = visitor.member(app.id()).filter(|_| hint.is_none()) {
            return Ok((identity, None));
        }
        if request.query_member("prompt").as_deref() == Some("none") {
            return Err(AuthorizationError::new("login_required", "Nobody is logged in, and prompt is none"));
        }
        let member = match &hint {
            Some(email) => members::by_email(email, site_id, self.options, self.grants),
            None => members::first(self.options),
        };
        let member =
            member.ok_or_else(|| AuthorizationError::new("access_denied", "There is no such member to log in"))?;
        let (identity, cookie) = member.log_in(app.id(), self.grants, self.host);
        Ok((identity, Some(cookie)))
    }
}

/// The PKCE challenge of a request that is well-formed.
fn challenge(request: &Request) -> Result<String, AuthorizationError> {
    if request.query_member("response_type").as_deref() != Some("code") {
        return Err(AuthorizationError::new("unsupported_response_type", "response_type must be code"));
    }
    if request.query_member("code_challenge_method").as_deref() != Some("S256") {
        return Err(AuthorizationError::new("invalid_request", "code_challenge_method must be S256"));
    }
    let challenge = request.query_member("code_challenge").filter(|text| pkce::is_challenge(text));
    let description = "code_challenge must be the SHA-256 of the code verifier, in base64url";
    challenge.ok_or_else(|| AuthorizationError::new("invalid_request", description))
}

/// The answer's way to the client.
fn respond(mode: Mode, redirect_uri: Option<&str>, app: &App, answer: Map<String, Value>) -> Reply {
    let uri = redirect_uri.unwrap_or_default();
    if mode == Mode::WebMessage {
        let origins =
            redirect_uri.map_or_else(|| allowlist::origins(app), |uri| allowlist::origin(uri).into_iter().collect());
        return html::message_page(&Value::Object(answer), &origins);
    }
    let pairs = answer.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let answer = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let (before, fragment) = uri.split_once('#').map_or((uri, None), |(before, fragment)| (before, Some(fragment)));
    let target = match (mode, fragment) {
        (Mode::Fragment, None | Some("")) => format!("{before}#{answer}"),
        (Mode::Fragment, Some(fragment)) => format!("{before}#{fragment}&{answer}"),
        (_, fragment) => {
            let separator = if before.contains('?') { "&" } else { "?" };
            let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
            format!("{before}{separator}{answer}{fragment}")
        }
    };
    Reply::redirect(&target)
}

#[cfg(test)]
mod tests;
