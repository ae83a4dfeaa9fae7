//! Login and registration without a page, by e-mail address and password. The session token in the response makes the
//! visitor a member at the authorize page.

use serde_json::{Value, json};

use crate::context::Context;
use crate::http::error::{ApiError, FieldViolation, Result, ensure_valid};
use crate::http::json::{self, Object};
use crate::http::response::Response;
use crate::oauth::members::{self, Member};
use crate::options::is_email;
use crate::route::LoginKind;
use crate::store::grants::Identity;

/// The service's error codes, by which the official SDK tells errors apart.
const EMAIL_EXISTS: &str = "-19995";
const INVALID_PASSWORD: &str = "-19976";
const UNKNOWN_EMAIL: &str = "-19999";

/// Logs in or registers a member, and returns a session. `visitor` is the identity of the caller.
pub(crate) fn respond(kind: LoginKind, visitor: &Identity, context: &mut Context<'_>) -> Result<Response> {
    let message = context.message()?;
    let empty = Object::new();
    let login_id = json::object_member(&message, "loginId", "loginId")?.unwrap_or(&empty);
    let email = json::text_member(login_id, "email", "loginId.email")?.unwrap_or_default();
    let password = json::text_member(&message, "password", "password")?.unwrap_or_default();
    let mut violations = Vec::new();
    if email.is_empty() {
        violations.push(FieldViolation::required("loginId.email"));
    }
    if password.is_empty() {
        violations.push(FieldViolation::required("password"));
    }
    if !email.is_empty() && !is_email(email) {
        violations.push(FieldViolation::format("loginId.email", "EMAIL"));
    }
    ensure_valid(&violations)?;
    let site_id = context.apps.find(&visitor.client_id).map(|app| app.site_id().to_owned()).unwrap_or_default();
    let known = members::find(email, &site_id, context.options, context.grants);
    let member = match (kind, known) {
        (LoginKind::LogIn, Some(member))
            if members::has_password(&member, password, context.options, context.grants) =>
        {
            member
        }
        (LoginKind::LogIn, Some(_)) => return Err(ApiError::application(401, INVALID_PASSWORD, "wrong password")),
        (LoginKind::LogIn, None) => return Err(ApiError::application(401, UNKNOWN_EMAIL, "unknown e-mail address")),
        (LoginKind::Register, Some(_)) => return Err(ApiError::application(409, EMAIL_EXISTS, "e-mail address taken")),
        (LoginKind::Register, None) => members::register(&site_id, email, password, context.grants, context.host),
    };
    let identity = member.new_identity(&visitor.client_id, context.host);
    let session_token = context.grants.start_session(identity, context.host);
    let session = json!({ "state": "SUCCESS", "sessionToken": session_token, "identity": describe(&member) });
    Ok(Response::json(200, &session).with_header("cache-control", "no-store"))
}

fn describe(member: &Member) -> Value {
    json!({
        "id": member.id,
        "email": { "address": member.email, "isVerified": true },
        "status": { "name": "ACTIVE", "reasons": [] },
    })
}

#[cfg(test)]
mod tests;
