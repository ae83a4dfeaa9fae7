//! For each of the six operations its one request and the one reading of its answer: what it gives, where it gives
//! something.
#![allow(clippy::wildcard_imports, reason = "the modules are sections of this file")]

use super::error::{Code, Error, Operation};
use super::failure;
use super::json::{Body, Json};
use super::{HttpRequest, HttpResponse, Method, is_success};
use crate::app::{OAuthAppDraft, OAuthAppId, OAuthAppPatch};
use crate::query::OAuthAppQuery;
use crate::value::Value;

const APPS: &str = "/oauth-app/v1/oauth-apps";

/// Create an app.
pub mod create {
    use super::*;

    /// `POST …/oauth-apps {"oAuthApp": …}`
    pub fn request(draft: &OAuthAppDraft) -> HttpRequest {
        HttpRequest {
            method: Method::POST,
            path: APPS.to_owned(),
            body: Some(Value::from(vec![("oAuthApp", draft.to_value())])),
        }
    }

    /// The created app.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        member(Operation::Create, response, "oAuthApp")
    }
}

/// Get an app.
pub mod get {
    use super::*;

    /// `GET …/oauth-apps/{id}`
    pub fn request(id: &OAuthAppId) -> HttpRequest {
        HttpRequest { method: Method::GET, path: path(id, ""), body: None }
    }

    /// The app.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        member(Operation::Get, response, "oAuthApp")
    }
}

/// Update an app.
pub mod update {
    use super::*;

    /// `PATCH …/oauth-apps/{id} {"oAuthApp": …, "mask": …}`. The mask is the patch's own fields: without one the
    /// service answers 200 and changes nothing.
    pub fn request(id: &OAuthAppId, patch: &OAuthAppPatch) -> HttpRequest {
        let paths = patch.paths().map(Value::from).collect();
        HttpRequest {
            method: Method::PATCH,
            path: path(id, ""),
            body: Some(Value::from(vec![
                ("oAuthApp", patch.to_value(id)),
                ("mask", Value::from(vec![("paths", Value::Array(paths))])),
            ])),
        }
    }

    /// The app as it is now.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        member(Operation::Update, response, "oAuthApp")
    }
}

/// Delete an app.
pub mod delete {
    use super::*;

    /// `DELETE …/oauth-apps/{id}`
    pub fn request(id: &OAuthAppId) -> HttpRequest {
        HttpRequest { method: Method::DELETE, path: path(id, ""), body: None }
    }

    /// Nothing: the status says it all, so a body is not asked for.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        succeeded(Operation::Delete, response).map(|_| None)
    }
}

/// Query apps.
pub mod query {
    use super::*;

    /// `POST …/oauth-apps/query {"query": …}`
    pub fn request(query: &OAuthAppQuery) -> HttpRequest {
        HttpRequest {
            method: Method::POST,
            path: [APPS, "/query"].concat(),
            body: Some(Value::from(vec![("query", query.to_value())])),
        }
    }

    /// The page: `{oAuthApps, pagingMetadata}`.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        let response = succeeded(Operation::Query, response)?;
        match &response.body {
            Body::Json(page) if page.get("oAuthApps").is_some_and(|apps| apps.is_array()) => Ok(Some(page.clone())),
            _ => Err(shape(Operation::Query, &response, "a list `oAuthApps`")),
        }
    }
}

/// Generate an app's secret.
pub mod generate_secret {
    use super::*;

    /// `POST …/oauth-apps/{id}/generate-secret {"oAuthAppId": …}`
    pub fn request(id: &OAuthAppId) -> HttpRequest {
        HttpRequest {
            method: Method::POST,
            path: path(id, "/generate-secret"),
            body: Some(Value::from(vec![("oAuthAppId", Value::from(id.as_str()))])),
        }
    }

    /// The secret, as the host's string.
    pub fn read<J: Json>(response: HttpResponse<J>) -> Result<Option<J>, Error<J>> {
        let response = succeeded(Operation::GenerateSecret, response)?;
        match &response.body {
            Body::Json(body) => body.get("oAuthAppSecret").filter(Json::is_string),
            _ => None,
        }
        .map(Some)
        .ok_or_else(|| shape(Operation::GenerateSecret, &response, "a text `oAuthAppSecret`"))
    }
}

fn path(id: &OAuthAppId, rest: &str) -> String {
    [APPS, "/", id.as_str(), rest].concat()
}

/// The answer where it is a success, its error otherwise.
fn succeeded<J: Json>(operation: Operation, response: HttpResponse<J>) -> Result<HttpResponse<J>, Error<J>> {
    if is_success(response.status) { Ok(response) } else { Err(failure::read(operation, &response)) }
}

/// The object that a success holds under that name.
fn member<J: Json>(operation: Operation, response: HttpResponse<J>, name: &str) -> Result<Option<J>, Error<J>> {
    let response = succeeded(operation, response)?;
    match &response.body {
        Body::Json(body) => body.get(name).filter(|app| app.get("id").is_some_and(|id| id.is_string())),
        _ => None,
    }
    .map(Some)
    .ok_or_else(|| shape(operation, &response, "an object `oAuthApp` with an `id`"))
}

/// A success whose body is not what the operation gives.
fn shape<J: Json>(operation: Operation, response: &HttpResponse<J>, wanted: &str) -> Error<J> {
    let message = ["the service answered with ", response.body.describe(), " where ", wanted, " was expected"].concat();
    failure::with_answer(Error::new(Code::BadResponse, operation.as_str(), message), response)
}
