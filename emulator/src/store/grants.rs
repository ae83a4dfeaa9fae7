//! What was issued: tokens, codes and sessions, until they expire or are revoked. Each is kept under the SHA-256 of its
//! text, and the text nowhere.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::port::{Host, hex, random};
use crate::oauth::members::RegisteredMember;
use crate::store::app::sha256;
use crate::store::journal::Journal;
use crate::store::table::{Row, Table};

/// How long an access token lives, in seconds.
pub(crate) const ACCESS_SECONDS: u64 = 14_400;
/// How long a code lives, in milliseconds: the most that RFC 6749, section 4.1.2, recommends.
const CODE_LIFE: u64 = 600_000;
/// How long a session lives, in milliseconds.
const SESSION_LIFE: u64 = 86_400_000;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TokenKind {
    /// To call the API.
    Access,
    /// To get another access token.
    Refresh,
}

/// What kind of caller a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum SubjectType {
    /// The app's own server, with its secret.
    App,
    /// A member of the site who logged in.
    Member,
    /// A visitor of the site whom nobody knows.
    Visitor,
}

/// Who somebody is to one OAuth app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Identity {
    /// The OAuth app.
    pub(crate) client_id: String,
    /// The kind of caller.
    pub(crate) subject_type: SubjectType,
    /// Which one: a GUID.
    pub(crate) subject_id: String,
    /// The login, or the visit, that it comes from: what was issued in it ends with it.
    pub(crate) login: String,
}

/// One token. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Token {
    #[serde(rename = "use")]
    pub(crate) usage: TokenKind,
    pub(crate) identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<String>,
    /// The SHA-256 of the code that it goes back to, also by way of a refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    pub(crate) issued_at: u64,
    /// A refresh token lives until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<u64>,
}

/// What a token is issued for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) identity: Identity,
    pub(crate) instance_id: Option<String>,
    /// The SHA-256 of the code that it was issued for.
    pub(crate) code: Option<String>,
}

impl Grant {
    /// A grant to somebody, without a code and an instance.
    pub(crate) fn to(identity: Identity) -> Self {
        Self { identity, instance_id: None, code: None }
    }
}

/// One authorization code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) identity: Identity,
    /// The redirect URI of the authorization request, which the token request must repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    /// The PKCE challenge, of method S256.
    pub(crate) challenge: String,
    /// Whether a refresh token was asked for.
    pub(crate) offline: bool,
    pub(crate) expires_at: u64,
}

/// Somebody's way to the service's own pages: it says who comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Session {
    pub(crate) identity: Identity,
    pub(crate) expires_at: u64,
}

impl Row for Token {
    const KIND: &'static str = "grant";

    fn is_alive(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

impl Row for Code {
    const KIND: &'static str = "code";

    fn is_alive(&self, now: u64) -> bool {
        now < self.expires_at
    }
}

impl Row for Session {
    const KIND: &'static str = "session";

    fn is_alive(&self, now: u64) -> bool {
        now < self.expires_at
    }
}

/// Everything that was issued, and the members who registered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Grants {
    pub(crate) tokens: Table<Token>,
    pub(crate) codes: Table<Code>,
    pub(crate) sessions: Table<Session>,
    pub(crate) members: Table<RegisteredMember>,
}

impl Grants {
    /// A new access token.
    pub(crate) fn access_token(&mut self, grant: Grant, host: &mut dyn Host) -> String {
        let Grant { identity, instance_id, code } = grant;
        let now = host.now();
        let expires_at = Some(now.saturating_add(ACCESS_SECONDS.saturating_mul(1_000)));
        let token = Token { usage: TokenKind::Access, identity, instance_id, code, issued_at: now, expires_at };
        let text = format!("OauthNG.emulator.{}", secret(host));
        self.tokens.put(sha256(&text), token, now);
        text
    }

    /// A new refresh token.
    pub(crate) fn refresh_token(&mut self, grant: Grant, host: &mut dyn Host) -> String {
        let Grant { identity, instance_id, code } = grant;
        let now = host.now();
        let token = Token { usage: TokenKind::Refresh, identity, instance_id, code, issued_at: now, expires_at: None };
        let text = format!("JWS.emulator.{}", secret(host));
        self.tokens.put(sha256(&text), token, now);
        text
    }

    /// A new code.
    pub(crate) fn code(
        &mut self,
        identity: Identity,
        redirect_uri: Option<String>,
        challenge: String,
        offline: bool,
        host: &mut dyn Host,
    ) -> String {
        let now = host.now();
        let expires_at = now.saturating_add(CODE_LIFE);
        let text = secret(host);
        self.codes.put(sha256(&text), Code { identity, redirect_uri, challenge, offline, expires_at }, now);
        text
    }

    /// A new session.
    pub(crate) fn session(&mut self, identity: Identity, host: &mut dyn Host) -> String {
        let now = host.now();
        let text = secret(host);
        let session = Session { identity, expires_at: now.saturating_add(SESSION_LIFE) };
        self.sessions.put(sha256(&text), session, now);
        text
    }

    /// The token of this text, if it lives.
    pub(crate) fn find_token(&self, text: &str, now: u64) -> Option<&Token> {
        self.tokens.get(&sha256(text), now)
    }

    /// Who comes in the session of this text, if it lives.
    pub(crate) fn find_session(&self, text: &str, now: u64) -> Option<&Identity> {
        self.sessions.get(&sha256(text), now).map(|session| &session.identity)
    }

    /// Revokes the tokens that go back to the code of this SHA-256.
    pub(crate) fn end_code(&mut self, code: &str) {
        self.tokens.remove_where(|token| token.code.as_deref() == Some(code));
    }

    /// Ends a login: nothing that was issued in it is good any more.
    pub(crate) fn end_login(&mut self, login: &str) {
        self.remove_where(|identity| identity.login == login);
    }

    /// Ends everything that was issued for an app.
    pub(crate) fn end_client(&mut self, client_id: &str) {
        self.remove_where(|identity| identity.client_id == client_id);
    }

    /// Notes the records that were written.
    pub(crate) fn write_down(&mut self, journal: &mut Journal) {
        let tokens_and_codes = self.tokens.take_written().chain(self.codes.take_written());
        let others = self.sessions.take_written().chain(self.members.take_written());
        tokens_and_codes.chain(others).for_each(|key| journal.touch(|| key));
    }

    /// Every record, by key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        let tokens_and_codes = self.tokens.records().chain(self.codes.records());
        tokens_and_codes.chain(self.sessions.records()).chain(self.members.records())
    }

    /// What the record of a kind and an ID holds, if there is one.
    pub(crate) fn record(&self, kind: &str, id: &str) -> Option<Value> {
        match kind {
            Token::KIND => self.tokens.record(id),
            Code::KIND => self.codes.record(id),
            Session::KIND => self.sessions.record(id),
            RegisteredMember::KIND => self.members.record(id),
            _ => None,
        }
    }

    /// Takes a record as it was given out; nothing where the kind is another's.
    pub(crate) fn load(&mut self, kind: &str, id: &str, record: &Value) -> Option<Result<(), String>> {
        match kind {
            Token::KIND => Some(self.tokens.load(id, record)),
            Code::KIND => Some(self.codes.load(id, record)),
            Session::KIND => Some(self.sessions.load(id, record)),
            RegisteredMember::KIND => Some(self.members.load(id, record)),
            _ => None,
        }
    }

    fn remove_where(&mut self, test: impl Fn(&Identity) -> bool) {
        self.tokens.remove_where(|token| test(&token.identity));
        self.codes.remove_where(|code| test(&code.identity));
        self.sessions.remove_where(|session| test(&session.identity));
    }
}

/// A text that nobody can guess.
fn secret(host: &mut dyn Host) -> String {
    hex(&random::<32>(host))
}

#[cfg(test)]
mod tests;
