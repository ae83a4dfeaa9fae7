//! What a token is: active or not, whose, for which app and site.

use serde_json::{Value, json};

use crate::error::{FieldViolation, Problem, Result};
use crate::http::Request;
use crate::json;
use crate::oauth::vault::Vault;
use crate::reply::Reply;
use crate::store::Store;

/// The answer of the token-info endpoint.
pub(crate) fn token_info(request: &Request, store: &Store, vault: &Vault, now: u64) -> Result<Reply> {
    let body = json::read(request)?;
    let Some(text) = json::member(&body, "token") else {
        return Err(Problem::violations(&[FieldViolation::required("token")]));
    };
    let info = describe(json::text(text, "token")?, store, vault, now);
    Ok(Reply::json(200, &info.unwrap_or_else(|| json!({ "active": false }))).with("cache-control", "no-store"))
}

/// What there is to say of a living token; its times are in seconds, as those of a JWT.
fn describe(text: &str, store: &Store, vault: &Vault, now: u64) -> Option<Value> {
    let token = vault.find_token(text, now)?;
    let (site_id, _) = store.find(&token.identity.client_id)?;
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
