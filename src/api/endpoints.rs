//! For each of the six operations its one request and the one reading of its answer: what it gives, where it gives
//! something.
#![allow(clippy::wildcard_imports, reason = "the modules are sections of this file")]

use super::error::{Error, Operation};
use super::failure;
use super::json::{Body, Json};
use super::{HttpRequest, HttpResponse, Method, is_success};
use crate::app::{OAuthAppDraft, OAuthAppId, OAuthAppPatch};
use crate::concat::Concat as _;
use crate::query::OAuthAppQuery;
use crate::value::Value;

const SERVICE: &str = "the service";
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
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        read_answer(Operation::Create, response, "oAuthApp", is_app, "an object `oAuthApp` with an `id`")
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
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        read_answer(Operation::Get, response, "oAuthApp", is_app, "an object `oAuthApp` with an `id`")
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
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        read_answer(Operation::Update, response, "oAuthApp", is_app, "an object `oAuthApp` with an `id`")
    }
}

/// Delete an app.
pub mod delete {
    use super::*;

    /// `DELETE …/oauth-apps/{id}`
    pub fn request(id: &OAuthAppId) -> HttpRequest {
        HttpRequest { method: Method::DELETE, path: path(id, ""), body: None }
    }

    /// Nothing. Success needs an empty body or an object: a page of HTML is a captive portal's.
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        let operation = Operation::Delete;
        if !is_success(response.status) {
            return Err(failure::read(operation, response));
        }
        match &response.body {
            Body::Empty => Ok(None),
            Body::Json(body) if body.is_object() => Ok(None),
            _ => {
                let hint = "; the app may be deleted or not, and it is safe to delete it again";
                Err(failure::unexpected(operation, response, SERVICE, "an empty body or an object", hint))
            }
        }
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
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        let is_page = |page: &J| page.get("oAuthApps").is_some_and(|apps| apps.is_array());
        read_answer(Operation::Query, response, "", is_page, "a list `oAuthApps`")
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
    pub fn read<J: Json>(response: &HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>> {
        read_answer(Operation::GenerateSecret, response, "oAuthAppSecret", J::is_string, "a text `oAuthAppSecret`")
    }
}

fn path(id: &OAuthAppId, rest: &str) -> String {
    [APPS, "/", id.as_str(), rest].concat()
}

/// What a success holds under that name (the whole where there is none) and fits; else the error that it stands for.
fn read_answer<J: Json>(
    operation: Operation,
    response: &HttpResponse<J>,
    name: &str,
    fits: fn(&J) -> bool,
    wanted: &str,
) -> Result<Option<J>, Box<Error<J>>> {
    if !is_success(response.status) {
        return Err(failure::read(operation, response));
    }
    let found = match &response.body {
        Body::Json(body) if name.is_empty() => Some(body.clone()),
        Body::Json(body) => body.get(name),
        _ => None,
    };
    found.filter(fits).map(Some).ok_or_else(|| failure::unexpected(operation, response, SERVICE, wanted, ""))
}

fn is_app<J: Json>(app: &J) -> bool {
    app.get("id").is_some_and(|id| id.is_string())
}
