//! Grants: tokens, authorization codes and sessions, until they expire or are revoked. Each is stored under the SHA-256 of
//! its text; the text itself is not stored.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::digest::{hex, sha256};
use crate::host::port::Host;
use crate::host::random::random_bytes;
use crate::store::member::RegisteredMember;
use crate::store::table::{Row, Table};

/// The lifetime of an access token, in seconds.
pub(crate) const ACCESS_TOKEN_SECONDS: u64 = 14_400;
/// The lifetime of a code, in milliseconds: the maximum that RFC 6749 §4.1.2 recommends.
const CODE_LIFETIME: u64 = 600_000;
/// The lifetime of a session, in milliseconds.
const SESSION_LIFETIME: u64 = 86_400_000;

/// A kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TokenKind {
    /// A token that authorizes calls to the API.
    Access,
    /// A token that gets new access tokens.
    Refresh,
}

/// A kind of subject that a token is issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum SubjectType {
    /// The app's own server, which knows the client secret.
    App,
    /// A member of the site, who has logged in.
    Member,
    /// An anonymous visitor of the site.
    Visitor,
}

/// The identity of a caller, for one OAuth app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Identity {
    /// The client ID of the OAuth app.
    pub(crate) client_id: String,
    pub(crate) subject_type: SubjectType,
    /// The ID of the subject, a GUID.
    pub(crate) subject_id: String,
    /// The ID of the login or visit. Its tokens, codes and sessions end together.
    pub(crate) login: String,
}

/// A token. Times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Token {
    #[serde(rename = "use")]
    pub(crate) kind: TokenKind,
    pub(crate) identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<String>,
    /// The SHA-256 of the code that the token was issued for, directly or through a refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    pub(crate) issued_at: u64,
    /// The time of expiry. A refresh token has none: it is valid until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<u64>,
}

/// The parameters of a new token.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) identity: Identity,
    pub(crate) instance_id: Option<String>,
    /// The SHA-256 of the code that the token is issued for.
    pub(crate) code: Option<String>,
}

impl Grant {
    /// Returns a grant without a code and without an instance.
    pub(crate) fn new(identity: Identity) -> Self {
        Self { identity, instance_id: None, code: None }
    }
}

/// An authorization code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) identity: Identity,
    /// The redirect URI of the authorization request, which the token request must repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    /// The PKCE challenge, of method S256.
    pub(crate) challenge: String,
    /// True if the scope included `offline_access`, which requests a refresh token.
    pub(crate) offline: bool,
    pub(crate) expires_at: u64,
}

/// A session of a visitor or member with the hosted pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Session {
    pub(crate) identity: Identity,
    pub(crate) expires_at: u64,
}

impl Row for Token {
    const KIND: &'static str = "grant";

    fn is_valid_at(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

impl Row for Code {
    const KIND: &'static str = "code";

    fn is_valid_at(&self, now: u64) -> bool {
        now < self.expires_at
    }
}

impl Row for Session {
    const KIND: &'static str = "session";

    fn is_valid_at(&self, now: u64) -> bool {
        now < self.expires_at
    }
}

/// Everything that was issued, and the members who registered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Grants {
    tokens: Table<Token>,
    codes: Table<Code>,
    sessions: Table<Session>,
    pub(crate) members: Table<RegisteredMember>,
}

impl Grants {
    /// Issues an access token.
    pub(crate) fn issue_access_token(&mut self, grant: Grant, host: &mut dyn Host) -> String {
        let expires_at = host.now().saturating_add(ACCESS_TOKEN_SECONDS.saturating_mul(1_000));
        self.issue_token(TokenKind::Access, "OauthNG.emulator.", grant, Some(expires_at), host)
    }

    /// Issues a refresh token.
    pub(crate) fn issue_refresh_token(&mut self, grant: Grant, host: &mut dyn Host) -> String {
        self.issue_token(TokenKind::Refresh, "JWS.emulator.", grant, None, host)
    }

    fn issue_token(
        &mut self,
        kind: TokenKind,
        prefix: &str,
        grant: Grant,
        expires_at: Option<u64>,
        host: &mut dyn Host,
    ) -> String {
        let Grant { identity, instance_id, code } = grant;
        let now = host.now();
        let text = format!("{prefix}{}", random_text(host));
        self.tokens.put(sha256(&text), Token { kind, identity, instance_id, code, issued_at: now, expires_at }, now);
        text
    }

    /// Issues a code.
    pub(crate) fn issue_code(
        &mut self,
        identity: Identity,
        redirect_uri: Option<String>,
        challenge: String,
        offline: bool,
        host: &mut dyn Host,
    ) -> String {
        let now = host.now();
        let expires_at = now.saturating_add(CODE_LIFETIME);
        let text = random_text(host);
        self.codes.put(sha256(&text), Code { identity, redirect_uri, challenge, offline, expires_at }, now);
        text
    }

    /// Starts a session, and returns its token.
    pub(crate) fn start_session(&mut self, identity: Identity, host: &mut dyn Host) -> String {
        let now = host.now();
        let text = random_text(host);
        let session = Session { identity, expires_at: now.saturating_add(SESSION_LIFETIME) };
        self.sessions.put(sha256(&text), session, now);
        text
    }

    /// Finds a valid token.
    pub(crate) fn find_token(&self, text: &str, now: u64) -> Option<&Token> {
        self.tokens.get(&sha256(text), now)
    }

    /// Finds a valid code by its SHA-256.
    pub(crate) fn find_code(&self, sha256: &str, now: u64) -> Option<&Code> {
        self.codes.get(sha256, now)
    }

    /// Finds the identity of a valid session.
    pub(crate) fn find_session(&self, text: &str, now: u64) -> Option<&Identity> {
        self.sessions.get(&sha256(text), now).map(|session| &session.identity)
    }

    /// Removes a code that was exchanged.
    pub(crate) fn use_up_code(&mut self, sha256: &str, now: u64) {
        self.codes.take(sha256, now);
    }

    /// Revokes the tokens that were issued for a code.
    pub(crate) fn revoke_tokens_of_code(&mut self, code_sha256: &str) {
        self.tokens.remove_where(|token| token.code.as_deref() == Some(code_sha256));
    }

    /// Ends a login: revokes its tokens, codes and sessions.
    pub(crate) fn end_login(&mut self, login: &str) {
        self.remove_where(|identity| identity.login == login);
    }

    /// Revokes everything that was issued for an app.
    pub(crate) fn revoke_client(&mut self, client_id: &str) {
        self.remove_where(|identity| identity.client_id == client_id);
    }

    fn remove_where(&mut self, matches: impl Fn(&Identity) -> bool) {
        self.tokens.remove_where(|token| matches(&token.identity));
        self.codes.remove_where(|code| matches(&code.identity));
        self.sessions.remove_where(|session| matches(&session.identity));
    }

    /// Returns the keys of the records that were written or removed since the last call.
    pub(crate) fn take_changed_keys(&mut self) -> impl Iterator<Item = String> {
        let tokens_and_codes = self.tokens.take_changed_keys().chain(self.codes.take_changed_keys());
        tokens_and_codes.chain(self.sessions.take_changed_keys()).chain(self.members.take_changed_keys())
    }

    /// Returns the keys of every record.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        self.tokens.keys().chain(self.codes.keys()).chain(self.sessions.keys()).chain(self.members.keys())
    }

    /// Returns every record, with its key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        self.tokens.records().chain(self.codes.records()).chain(self.sessions.records()).chain(self.members.records())
    }

    /// Returns the record of a kind and an ID, if there is one.
    pub(crate) fn record(&self, kind: &str, id: &str) -> Option<Value> {
        match kind {
            Token::KIND => self.tokens.record(id),
            Code::KIND => self.codes.record(id),
            Session::KIND => self.sessions.record(id),
            RegisteredMember::KIND => self.members.record(id),
            _ => None,
        }
    }

    /// Adds the row of a record. Returns `None` for the kinds of other tables.
    pub(crate) fn load(&mut self, kind: &str, id: &str, record: &Value) -> Option<Result<(), String>> {
        match kind {
            Token::KIND => Some(self.tokens.load(id, record)),
            Code::KIND => Some(self.codes.load(id, record)),
            Session::KIND => Some(self.sessions.load(id, record)),
            RegisteredMember::KIND => Some(self.members.load(id, record)),
            _ => None,
        }
    }
}

/// Returns a text that cannot be guessed.
fn random_text(host: &mut dyn Host) -> String {
    hex(&random_bytes::<32>(host))
}

#[cfg(test)]
mod tests;
