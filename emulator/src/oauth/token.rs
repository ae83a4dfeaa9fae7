//! The token endpoint (RFC 6749 §3.2): issues tokens by grant type.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::context::Context;
use crate::host::digest::sha256;
use crate::host::random::guid;
use crate::http::response::Response;
use crate::oauth::failure::TokenError;
use crate::oauth::params::Params;
use crate::oauth::pkce;
use crate::store::app::App;
use crate::store::grants::{ACCESS_TOKEN_SECONDS, Grant, Identity, SubjectType, TokenKind};

/// Responds to a token request.
pub(crate) fn respond(context: &mut Context<'_>) -> Response {
    match Params::read(context.request, context.body).and_then(|params| issue_tokens(&params, context)) {
        Ok(body) => Response::json(200, &body).with_header("cache-control", "no-store"),
        Err(error) => error.into(),
    }
}

fn issue_tokens(params: &Params, context: &mut Context<'_>) -> Result<Value, TokenError> {
    match params.require("grant_type")? {
        "anonymous" => anonymous(params, context),
        "refresh_token" => refresh_token(params, context),
        "authorization_code" => authorization_code(params, context),
        "client_credentials" => client_credentials(params, context),
        other => Err(TokenError::unsupported_grant_type(other)),
    }
}

/// Issues tokens to a new anonymous visitor.
fn anonymous(params: &Params, context: &mut Context<'_>) -> Result<Value, TokenError> {
    let client_id = client(params, context)?.id().to_owned();
    let (subject_id, login) = (guid(context.host), guid(context.host));
    let identity = Identity { client_id, subject_type: SubjectType::Visitor, subject_id, login };
    let refresh_token = context.grants.issue_refresh_token(Grant::new(identity.clone()), context.host);
    Ok(token_response(Grant::new(identity), Some(&refresh_token), context))
}

/// Issues an access token for a refresh token, which stays valid. The client ID is optional, because some of the vendor's
/// own code leaves it out.
fn refresh_token(params: &Params, context: &mut Context<'_>) -> Result<Value, TokenError> {
    let app = params.get("client_id").map(|_| client(params, context)).transpose()?;
    let text = params.require("refresh_token")?;
    let token = context.grants.find_token(text, context.now).filter(|token| {
        token.kind == TokenKind::Refresh && app.as_ref().is_none_or(|app| app.id() == token.identity.client_id)
    });
    let token = token.ok_or_else(|| {
        TokenError::invalid_grant("The refresh token is not valid: it was revoked, or is another client's")
    })?;
    let grant = Grant { code: token.code.clone(), ..Grant::new(token.identity.clone()) };
    Ok(token_response(grant, Some(text), context))
}

/// Issues tokens for a code, which is valid once: a second use revokes the tokens of the first (RFC 6749 §4.1.2).
fn authorization_code(params: &Params, context: &mut Context<'_>) -> Result<Value, TokenError> {
    let app = client(params, context)?;
    let code_sha256 = sha256(params.require("code")?);
    let verifier = params.require("code_verifier")?;
    context.grants.revoke_tokens_of_code(&code_sha256);
    if !pkce::is_verifier(verifier) {
        let description = "code_verifier must have 43 to 128 letters, digits, '-', '.', '_' or '~' (RFC 7636, 4.1)";
        return Err(TokenError::invalid_request(description));
    }
    let code = context.grants.find_code(&code_sha256, context.now);
    let code = code.filter(|code| code.identity.client_id == app.id()).ok_or_else(|| {
        TokenError::invalid_grant("The code is not valid: it was used, has expired, or is another client's")
    })?;
    if !pkce::verifies(&code.challenge, verifier) {
        return Err(TokenError::invalid_grant("The code verifier is not that of the code challenge"));
    }
    if code.redirect_uri.is_some() && code.redirect_uri.as_deref() != params.get("redirect_uri") {
        return Err(TokenError::invalid_grant("The redirect URI is not that of the authorization request"));
    }
    let (identity, offline) = (code.identity.clone(), code.offline);
    context.grants.use_up_code(&code_sha256, context.now);
    let grant = Grant { code: Some(code_sha256), ..Grant::new(identity) };
    let refresh_token = offline.then(|| context.grants.issue_refresh_token(grant.clone(), context.host));
    Ok(token_response(grant, refresh_token.as_deref(), context))
}

/// Issues an access token to the app's own server.
fn client_credentials(params: &Params, context: &mut Context<'_>) -> Result<Value, TokenError> {
    let app = client(params, context)?;
    let secret = params.require("client_secret")?;
    if app.secret().is_none_or(|stored| stored.sha256 != sha256(secret)) {
        return Err(TokenError::invalid_client("The client secret is not the app's"));
    }
    let client_id = app.id().to_owned();
    let (subject_id, login) = (client_id.clone(), guid(context.host));
    let identity = Identity { client_id, subject_type: SubjectType::App, subject_id, login };
    let instance_id = params.get("instance_id").map(str::to_owned);
    Ok(token_response(Grant { instance_id, ..Grant::new(identity) }, None, context))
}

/// Issues an access token, and returns the body of the response.
fn token_response(grant: Grant, refresh_token: Option<&str>, context: &mut Context<'_>) -> Value {
    let access_token = context.grants.issue_access_token(grant, context.host);
    let mut body = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_SECONDS,
    });
    if let (Some(members), Some(text)) = (body.as_object_mut(), refresh_token) {
        members.insert("refresh_token".to_owned(), json!(text));
    }
    body
}

/// Finds the app of the client ID.
fn client(params: &Params, context: &Context<'_>) -> Result<Arc<App>, TokenError> {
    let client_id = params.require("client_id")?;
    let app = context.apps.find(client_id).map(Arc::clone);
    app.ok_or_else(|| TokenError::unknown_client(client_id, context.options))
}

#[cfg(test)]
mod tests;
