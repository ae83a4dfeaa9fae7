//! Redirect sessions: the URL of a hosted page, for one visitor. The app's lists are checked when the visitor arrives at the
//! page, not here.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::host::random::guid;
use crate::http::error::{ApiError, Bound, FieldViolation, Result, ensure_valid};
use crate::http::json::{self, Object};
use crate::http::response::Response;
use crate::options::WixPagesUrl;
use crate::pages::hosted::CALLBACKS;
use crate::store::grants::Identity;

/// The longest callback URL, in characters.
const MAX_URL: usize = 2_048;
/// The intents that lead to the checkout page: checkouts, and pages that redirect back like one.
pub(crate) const CHECKOUT_INTENTS: [&str; 7] = [
    "ecomCheckout",
    "bookingsCheckout",
    "eventsCheckout",
    "paidPlansCheckout",
    "storesProduct",
    "bookingsBook",
    "ecomOrderPaymentRequest",
];
/// The members of an authorization request, and their parameters at the authorize page.
const AUTH_REQUEST: [(&str, &str); 9] = [
    ("clientId", "client_id"),
    ("redirectUri", "redirect_uri"),
    ("responseType", "response_type"),
    ("responseMode", "response_mode"),
    ("codeChallenge", "code_challenge"),
    ("codeChallengeMethod", "code_challenge_method"),
    ("scope", "scope"),
    ("state", "state"),
    ("sessionToken", "session_token"),
];

/// A hosted page, and its parameters.
struct Target {
    path: String,
    params: Map<String, Value>,
}

/// Creates a redirect session for a visitor or a member.
pub(crate) fn respond(visitor: &Identity, context: &mut Context<'_>) -> Result<Response> {
    let mut target = target(visitor, context)?;
    let session_token = context.grants.start_session(visitor.clone(), context.host);
    // The session token of a login identifies a member. It takes precedence over the visitor's.
    target.params.entry("session_token").or_insert_with(|| json!(session_token));
    let endpoint = format!("{}{}", base_url(&target, context), target.path);
    let pairs = target.params.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let url = format!("{endpoint}?{query}");
    Ok(Response::json(
        200,
        &json!({ "redirectSession": {
            "id": guid(context.host),
            "fullUrl": url,
            "urlDetails": { "endpoint": endpoint, "searchParams": target.params },
            "sessionToken": session_token,
            "shortUrl": url,
        } }),
    ))
}

/// Returns the base of the page's URL.
fn base_url(target: &Target, context: &Context<'_>) -> String {
    let app = target.params.get("client_id").and_then(Value::as_str).and_then(|id| context.apps.find(id));
    match (context.options.wix_pages_url, app.and_then(|app| app.text("redirectUrlWixPages"))) {
        (WixPagesUrl::App, Some(url)) => url.trim_end_matches('/').to_owned(),
        _ => context.request.origin(),
    }
}

/// Returns the page of the intent in the request, which must be exactly one.
fn target(visitor: &Identity, context: &Context<'_>) -> Result<Target> {
    let message = context.message()?;
    let names = ["auth", "logout", "login"].into_iter().chain(CHECKOUT_INTENTS);
    let intents: Vec<_> = names.filter_map(|name| Some((name, json::member(&message, name)?))).collect();
    let [(name, intent)] = intents.as_slice() else {
        let found = if intents.is_empty() { "no intent" } else { "more than one intent" };
        let reason = format!("The request holds {found}: one of auth, logout, login or a checkout");
        return Err(ApiError::plain(400, reason));
    };
    let intent = json::object(intent, name)?;
    match *name {
        "auth" => authorize_page(intent, visitor, context),
        "logout" => {
            let client_id = client_id(intent, "logout.clientId", visitor, context)?;
            hosted_page("logout", &client_id, None, &message)
        }
        "login" => hosted_page("login", &visitor.client_id, None, &message),
        checkout => hosted_page("checkout", &visitor.client_id, Some((checkout, intent)), &message),
    }
}

fn authorize_page(intent: &Object, visitor: &Identity, context: &Context<'_>) -> Result<Target> {
    let path = "auth.authRequest";
    let request = json::object_member(intent, "authRequest", path)?.ok_or_else(|| required(path))?;
    client_id(request, "auth.authRequest.clientId", visitor, context)?;
    let mut params = Map::new();
    for (name, parameter) in AUTH_REQUEST {
        if let Some(value) = json::text_member(request, name, format_args!("{path}.{name}"))? {
            params.insert(parameter.to_owned(), json!(value));
        }
    }
    let prompt = json::member(intent, "prompt").or_else(|| json::member(request, "prompt"));
    if let Some(prompt) = prompt {
        params.insert("prompt".to_owned(), json!(json::text(prompt, "auth.prompt")?));
    }
    Ok(Target { path: "/_api/oauth2/authorize".to_owned(), params })
}

fn hosted_page(name: &str, client_id: &str, checkout: Option<(&str, &Object)>, message: &Object) -> Result<Target> {
    let mut params = Map::new();
    if let Some((intent, members)) = checkout {
        // The members of an intent are in camel case. A name with an underscore would replace a parameter of the page.
        let texts = members.iter().filter(|(name, value)| value.is_string() && !name.contains('_'));
        params.extend(texts.map(|(name, value)| (name.clone(), value.clone())));
        params.insert("intent".to_owned(), json!(intent));
    }
    params.insert("client_id".to_owned(), json!(client_id));
    let empty = Object::new();
    let callbacks = json::object_member(message, "callbacks", "callbacks")?.unwrap_or(&empty);
    let mut violations = Vec::new();
    for (name, parameter) in CALLBACKS {
        let path = format!("callbacks.{name}");
        let Some(url) = json::text_member(callbacks, name, &path)? else { continue };
        if url.chars().count() > MAX_URL {
            violations.push(FieldViolation::bound(path, Bound::MaxLength, MAX_URL));
        }
        params.insert(parameter.to_owned(), json!(url));
    }
    ensure_valid(&violations)?;
    Ok(Target { path: format!("/_pages/{name}"), params })
}

/// Returns the client ID in an intent, which must be that of an app of the visitor's site.
fn client_id(intent: &Object, path: &str, visitor: &Identity, context: &Context<'_>) -> Result<String> {
    let id = json::text_member(intent, "clientId", path)?.ok_or_else(|| required(path))?;
    let site_of = |id: &str| context.apps.find(id).map(|app| app.site_id());
    if site_of(id).is_none() || site_of(id) != site_of(&visitor.client_id) {
        return Err(ApiError::app_not_found(id));
    }
    Ok(id.to_owned())
}

fn required(path: &str) -> ApiError {
    ApiError::violations(&[FieldViolation::required(path)])
}

#[cfg(test)]
mod tests;
