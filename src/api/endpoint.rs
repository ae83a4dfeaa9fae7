//! The endpoints of the service: for each, its request and how its response is read.

use super::code::Operation;
use super::error::Error;
use super::json::{Body, Json};
use super::request::{ApiRequest, Endpoint};
use super::{HttpResponse, Method, failure, is_success, token};
use crate::app::{OAuthAppDraft, OAuthAppId, OAuthAppPatch};
use crate::query::OAuthAppQuery;
use crate::value::Value;

const APPS: &str = "/oauth-app/v1/oauth-apps";

impl ApiRequest {
    /// Returns the request `POST …/oauth-apps {"oAuthApp": …}`.
    pub fn create(draft: OAuthAppDraft) -> Self {
        Self::new(Endpoint::Create, Method::POST, &[APPS], Some(("oAuthApp", Value::Object(draft.0))))
    }

    /// Returns the request `GET …/oauth-apps/{id}`.
    pub fn get(id: &OAuthAppId) -> Self {
        Self::new(Endpoint::Get, Method::GET, &[APPS, "/", id.as_str()], None)
    }

    /// Returns the request `PATCH …/oauth-apps/{id} {"oAuthApp": …, "mask": …}`. The mask names the patch's own fields:
    /// without one the service answers 200 and changes nothing.
    pub fn update(id: &OAuthAppId, patch: OAuthAppPatch) -> Self {
        let mut paths = Vec::new();
        for path in patch.paths() {
            paths.push(Value::from(path));
        }
        let mut app = patch.0;
        app.insert(0, ("id".to_owned(), Value::from(id.as_str())));
        let mut request = Self::new(
            Endpoint::Update,
            Method::PATCH,
            &[APPS, "/", id.as_str()],
            Some(("oAuthApp", Value::Object(app))),
        );
        if let Some(Value::Object(members)) = &mut request.body {
            members.push(("mask".to_owned(), Value::from(vec![("paths", Value::Array(paths))])));
        }
        request
    }

    /// Returns the request `DELETE …/oauth-apps/{id}`.
    pub fn delete(id: &OAuthAppId) -> Self {
        Self::new(Endpoint::Delete, Method::DELETE, &[APPS, "/", id.as_str()], None)
    }

    /// Returns the request `POST …/oauth-apps/query {"query": …}`.
    pub fn query(query: &OAuthAppQuery) -> Self {
        Self::new(Endpoint::Query, Method::POST, &[APPS, "/query"], Some(("query", query.to_value())))
    }

    /// Returns the request `POST …/oauth-apps/{id}/generate-secret {"oAuthAppId": …}`.
    pub fn generate_secret(id: &OAuthAppId) -> Self {
        let path = [APPS, "/", id.as_str(), "/generate-secret"];
        Self::new(Endpoint::GenerateSecret, Method::POST, &path, Some(("oAuthAppId", Value::from(id.as_str()))))
    }

    #[inline(never)]
    fn new(endpoint: Endpoint, method: Method, path: &[&str], member: Option<(&str, Value)>) -> Self {
        let body = member.map(|member| Value::from(vec![member]));
        Self { endpoint, method, path: crate::concat::concat(path), body }
    }
}

impl Endpoint {
    /// Returns the result that a response holds, or the error that it stands for.
    pub fn read<J: Json>(self, operation: Operation, response: &HttpResponse<J>) -> Result<J, Box<Error<J>>> {
        let is_token = !self.needs_credential();
        if !is_success(response.status) {
            return match self {
                Self::VisitorToken if token::is_unknown_client(response) => Ok(J::from_value(&Value::Bool(false))),
                _ if is_token => Err(token::refused(self, operation, response)),
                _ => Err(failure::read(operation, response)),
            };
        }
        let body = match &response.body {
            Body::Json(body) => Some(body),
            _ => None,
        };
        let (result, wanted) = match self {
            Self::Create | Self::Get | Self::Update => {
                (body.and_then(Json::app), "an object `oAuthApp` with an `id` was expected")
            }
            Self::Query => (
                body.filter(|body| body.get("oAuthApps").and_then(|apps| apps.length()).is_some()).cloned(),
                "a list `oAuthApps` was expected",
            ),
            Self::GenerateSecret => (
                body.filter(|body| body.has_text("oAuthAppSecret")).and_then(|body| body.get("oAuthAppSecret")),
                "a text `oAuthAppSecret` was expected",
            ),
            // A page of HTML comes from a captive portal.
            Self::Delete => (
                (matches!(response.body, Body::Empty)
                    || body.is_some_and(|body| matches!(body.to_value(), Value::Object(_))))
                .then(|| J::from_value(&Value::Null)),
                "an empty body or an object was expected; the app may be deleted or not; deleting it again is safe",
            ),
            Self::AccessToken | Self::VisitorToken => (
                body.filter(|body| body.has_text(token::ACCESS_TOKEN)).map(|body| match self {
                    Self::AccessToken => body.clone(),
                    _ => J::from_value(&Value::Bool(true)),
                }),
                "a text `access_token` was expected",
            ),
        };
        result.ok_or_else(|| failure::unexpected(operation, response, is_token, wanted))
    }
}
