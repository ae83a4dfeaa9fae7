//! Logging in and registering without a page, by e-mail address and password. The session token that comes of it makes a
//! member of a visitor at the authorize page.

use serde_json::{Value, json};

use crate::host::port::Host;
use crate::http::error::{ApiError, FieldViolation, Result, none_of};
use crate::http::json::{self, Object};
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::oauth::members::{self, Member};
use crate::options::{Options, is_email};
use crate::store::app::Store;
use crate::store::grants::{Grants, Identity};

/// The service's codes, which the official SDK tells faults by.
const EMAIL_EXISTS: &str = "-19995";
const INVALID_PASSWORD: &str = "-19976";
const UNKNOWN_EMAIL: &str = "-19999";

/// How a visitor becomes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginKind {
    /// They are one already.
    LogIn,
    /// They become one now.
    Register,
}

/// One call, by a visitor.
pub(crate) struct LoginCall<'a> {
    pub(crate) identity: Identity,
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
}

impl LoginCall<'_> {
    /// The session.
    pub(crate) fn run(&mut self, way: LoginKind, request: &Request) -> Result<Reply> {
        let body = json::read(request)?;
        let none = Object::new();
        let login_id = json::member(&body, "loginId").map(|value| json::object(value, "loginId")).transpose()?;
        let email = given(login_id.unwrap_or(&none), "email", "loginId.email")?;
        let password = given(&body, "password", "password")?;
        let required = |value: Option<&str>, path: &str| value.is_none().then(|| FieldViolation::required(path));
        let mut violations: Vec<_> = required(email, "loginId.email").into_iter().collect();
        violations.extend(required(password, "password"));
        let (email, password) = (email.unwrap_or_default(), password.unwrap_or_default());
        if !email.is_empty() && !is_email(email) {
            violations.push(FieldViolation::format("loginId.email", "EMAIL"));
        }
        none_of(&violations)?;
        let site_id = self.store.find(&self.identity.client_id).map(|(site_id, _)| site_id).unwrap_or_default();
        let known = members::by_email(email, site_id, self.options, self.grants);
        let member = match (way, known) {
            (LoginKind::LogIn, Some(member)) if members::is_password(&member, password, self.options, self.grants) => {
                member
            }
            (LoginKind::LogIn, Some(_)) => return Err(ApiError::application(401, INVALID_PASSWORD, "wrong password")),
            (LoginKind::LogIn, None) => {
                return Err(ApiError::application(401, UNKNOWN_EMAIL, "unknown e-mail address"));
            }
            (LoginKind::Register, Some(_)) => {
                return Err(ApiError::application(409, EMAIL_EXISTS, "e-mail address taken"));
            }
            (LoginKind::Register, None) => members::register(site_id, email, password, self.grants, self.host),
        };
        let identity = member.identity(&self.identity.client_id, self.host);
        let session_token = self.grants.session(identity, self.host);
        let answer = json!({ "state": "SUCCESS", "sessionToken": session_token, "identity": describe(&member) });
        Ok(Reply::json(200, &answer).with("cache-control", "no-store"))
    }
}

/// A text member that is there and not empty.
fn given<'a>(members: &'a Object, name: &str, path: &str) -> Result<Option<&'a str>> {
    let text = json::member(members, name).map(|value| json::text(value, path)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
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
