//! The token-info endpoint, which describes a token.

use serde_json::{Value, json};

use crate::context::Context;
use crate::http::error::{ApiError, FieldViolation, Result};
use crate::http::json;
use crate::http::response::Response;
use crate::webhooks::event::user_id;

/// Describes the token in the request. An invalid token is described as inactive.
pub(crate) fn respond(context: &Context<'_>) -> Result<Response> {
    let message = context.message()?;
    let Some(token) = json::text_member(&message, "token", "token")? else {
        return Err(ApiError::violations(&[FieldViolation::required("token")]));
    };
    let info = describe_issued_token(token, context).or_else(|| describe_site_token(token, context));
    let info = info.unwrap_or_else(|| json!({ "active": false }));
    Ok(Response::json(200, &info).with_header("cache-control", "no-store"))
}

/// Describes a token of the option `accessTokens`, which does not expire.
fn describe_site_token(token: &str, context: &Context<'_>) -> Option<Value> {
    let (_, site_id) = context.options.access_token(token)?;
    Some(json!({ "active": true, "subjectType": "USER", "subjectId": user_id(site_id), "siteId": site_id }))
}

/// Describes a valid token that the token endpoint issued. Like those of a JWT, its times are in seconds.
fn describe_issued_token(token: &str, context: &Context<'_>) -> Option<Value> {
    let token = context.grants.find_token(token, context.now)?;
    let app = context.apps.find(&token.identity.client_id)?;
    let mut info = json!({
        "active": true,
        "subjectType": token.identity.subject_type,
        "subjectId": token.identity.subject_id,
        "iat": token.issued_at / 1_000,
        "clientId": token.identity.client_id,
        "siteId": app.site_id(),
    });
    let members = info.as_object_mut()?;
    members.extend(token.expires_at.map(|end| ("exp".to_owned(), json!(end / 1_000))));
    members.extend(token.instance_id.as_ref().map(|id| ("instanceId".to_owned(), json!(id))));
    Some(info)
}
