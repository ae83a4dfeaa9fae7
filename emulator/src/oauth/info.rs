//! What a token is: active or not, whose, for which app and site.

use serde_json::{Value, json};

use crate::auth::Known;
use crate::http::error::{ApiError, FieldViolation, Result};
use crate::http::json;
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::webhooks::guid_for;

/// The answer of the token-info endpoint.
pub(crate) fn token_info(request: &Request, known: &Known<'_>) -> Result<Reply> {
    let body = json::read(request)?;
    let Some(text) = json::member(&body, "token") else {
        return Err(ApiError::violations(&[FieldViolation::required("token")]));
    };
    let text = json::text(text, "token")?;
    let info = describe(text, known).or_else(|| describe_site_token(text, known));
    Ok(Reply::json(200, &info.unwrap_or_else(|| json!({ "active": false }))).with("cache-control", "no-store"))
}

/// A token of the option `accessTokens`. It does not expire.
fn describe_site_token(text: &str, known: &Known<'_>) -> Option<Value> {
    let (_, site_id) = known.options.access_token(text)?;
    Some(json!({ "active": true, "subjectType": "USER", "subjectId": guid_for("user", site_id), "siteId": site_id }))
}

/// The description of a valid token. Its times are in seconds, as those of a JWT.
fn describe(text: &str, known: &Known<'_>) -> Option<Value> {
    let token = known.grants.find_token(text, known.now)?;
    let (site_id, _) = known.store.find(&token.identity.client_id)?;
    let mut info = json!({
        "active": true,
        "subjectType": token.identity.subject_type,
        "subjectId": token.identity.subject_id,
        "iat": token.issued_at / 1_000,
        "clientId": token.identity.client_id,
        "siteId": site_id,
    });
    let members = info.as_object_mut()?;
    members.extend(token.expires_at.map(|end| ("exp".to_owned(), json!(end / 1_000))));
    members.extend(token.instance_id.as_ref().map(|id| ("instanceId".to_owned(), json!(id))));
    Some(info)
}
