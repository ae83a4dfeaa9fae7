//! Redirect sessions: the way of a visitor to one of the service's own pages. What the lists of the app allow is not asked
//! here, but when the visitor arrives.

use serde_json::{Map, Value, json};

use crate::host::port::{Host, guid};
use crate::http::error::{ApiError, Bound, FieldViolation, Result, none_of};
use crate::http::json::{self, Object};
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::options::{Options, WixPagesUrl};
use crate::pages::hosted::{CALLBACKS, CHECKOUTS};
use crate::store::app::Store;
use crate::store::grants::{Grants, Identity};

/// The longest callback URL, in characters.
const MAX_URL: usize = 2_048;
/// What an authorization request may hold: its member here, and its parameter at the authorize page.
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

/// One call, by a visitor or a member.
pub(crate) struct SessionCall<'a> {
    pub(crate) identity: Identity,
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
}

/// A page, and the parameters it is opened with.
struct Target {
    path: String,
    params: Map<String, Value>,
}

impl SessionCall<'_> {
    /// The session.
    pub(crate) fn run(&mut self, request: &Request) -> Result<Reply> {
        let body = json::read(request)?;
        let mut target = self.target(&body)?;
        let session_token = self.grants.session(self.identity.clone(), self.host);
        // A login by e-mail address and password gave its own; it says more than the visitor's.
        target.params.entry("session_token").or_insert_with(|| json!(session_token));
        let endpoint = format!("{}{}", self.base(request, &target), target.path);
        let pairs = target.params.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let url = format!("{endpoint}?{query}");
        Ok(Reply::json(
            200,
            &json!({ "redirectSession": {
                "id": guid(self.host),
                "fullUrl": url,
                "urlDetails": { "endpoint": endpoint, "searchParams": target.params },
                "sessionToken": session_token,
                "shortUrl": url,
            } }),
        ))
    }

    /// What the URL of the page begins with.
    fn base(&self, request: &Request, target: &Target) -> String {
        let app = target.params.get("client_id").and_then(Value::as_str).and_then(|id| self.store.find(id));
        let of_app = app.and_then(|(_, app)| app.text("redirectUrlWixPages"));
        match (self.options.wix_pages_url, of_app) {
            (WixPagesUrl::App, Some(url)) => url.trim_end_matches('/').to_owned(),
            _ => request.origin(),
        }
    }

    /// The page that the one intent in the body is for.
    fn target(&self, body: &Object) -> Result<Target> {
        let intents = ["auth", "logout", "login"].into_iter().chain(CHECKOUTS);
        let given: Vec<_> = intents.filter_map(|name| Some((name, json::member(body, name)?))).collect();
        let [(name, intent)] = given.as_slice() else {
            let found = if given.is_empty() { "no intent" } else { "more than one intent" };
            return Err(ApiError::plain(
                400,
                format!("The request holds {found}: one of auth, logout, login or a checkout"),
            ));
        };
        let intent = json::object(intent, name)?;
        match *name {
            "auth" => self.auth(intent),
            "logout" => {
                let client_id = self.client_id(intent, "logout.clientId")?;
                Self::page("logout", &client_id, None, body)
            }
            "login" => Self::page("login", &self.identity.client_id, None, body),
            checkout => Self::page("checkout", &self.identity.client_id, Some((checkout, intent)), body),
        }
    }

    fn auth(&self, intent: &Object) -> Result<Target> {
        let path = "auth.authRequest";
        let request = json::member(intent, "authRequest").ok_or_else(|| required(path))?;
        let request = json::object(request, path)?;
        self.client_id(request, "auth.authRequest.clientId")?;
        let mut params = Map::new();
        for (name, parameter) in AUTH_REQUEST {
            if let Some(value) = json::member(request, name) {
                params.insert(parameter.to_owned(), json!(json::text(value, &format!("{path}.{name}"))?));
            }
        }
        if let Some(prompt) = json::member(intent, "prompt").or_else(|| json::member(request, "prompt")) {
            params.insert("prompt".to_owned(), json!(json::text(prompt, "auth.prompt")?));
        }
        Ok(Target { path: "/_api/oauth2/authorize".to_owned(), params })
    }

    fn page(name: &str, client_id: &str, checkout: Option<(&str, &Object)>, body: &Object) -> Result<Target> {
        let mut params = Map::new();
        if let Some((intent, members)) = checkout {
            // The API's names are in camel case: none of them is one of the page's.
            let texts = members.iter().filter(|(name, value)| value.is_string() && !name.contains('_'));
            params.extend(texts.map(|(name, value)| (name.clone(), value.clone())));
            params.insert("intent".to_owned(), json!(intent));
        }
        params.insert("client_id".to_owned(), json!(client_id));
        let none = Object::new();
        let callbacks = json::member(body, "callbacks").map(|value| json::object(value, "callbacks")).transpose()?;
        let mut violations = Vec::new();
        for (name, parameter) in CALLBACKS {
            let Some(value) = json::member(callbacks.unwrap_or(&none), name) else { continue };
            let path = format!("callbacks.{name}");
            let url = json::text(value, &path)?;
            if url.chars().count() > MAX_URL {
                violations.push(FieldViolation::bound(path, Bound::MaxLength, MAX_URL));
            }
            params.insert(parameter.to_owned(), json!(url));
        }
        none_of(&violations)?;
        Ok(Target { path: format!("/_pages/{name}"), params })
    }

    /// The client ID in an intent, of an app of the caller's site.
    fn client_id(&self, members: &Object, path: &str) -> Result<String> {
        let id = json::text(json::member(members, "clientId").ok_or_else(|| required(path))?, path)?;
        let site_of = |id: &str| self.store.find(id).map(|(site_id, _)| site_id);
        if site_of(id).is_none() || site_of(id) != site_of(&self.identity.client_id) {
            return Err(ApiError::app_not_found(id));
        }
        Ok(id.to_owned())
    }
}

fn required(path: &str) -> ApiError {
    ApiError::violations(&[FieldViolation::required(path)])
}

#[cfg(test)]
mod tests;
