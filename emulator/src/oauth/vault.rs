//! The tokens that were issued, until they expire or are revoked. Of each only the SHA-256 is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::store::sha256;
use crate::world::{World, hex, random};

/// How long an access token lives, in seconds.
pub(crate) const ACCESS_SECONDS: u64 = 14_400;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Use {
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

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Subject {
    /// The kind.
    #[serde(rename = "type")]
    pub(crate) kind: SubjectType,
    /// Which one: a GUID.
    pub(crate) id: String,
}

/// One token. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Token {
    #[serde(rename = "use")]
    pub(crate) usage: Use,
    pub(crate) client_id: String,
    pub(crate) subject: Subject,
    /// The login that it comes from: the tokens of one login end together.
    pub(crate) session: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<String>,
    pub(crate) issued_at: u64,
    /// A refresh token lives until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<u64>,
}

/// Every token that was issued, by its SHA-256.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Vault {
    tokens: BTreeMap<String, Token>,
}

impl Vault {
    /// The text of a new token, of which only the hash is kept.
    pub(crate) fn issue(&mut self, token: Token, world: &mut dyn World) -> String {
        let text = format!("OauthNG.emulator.{}", hex(&random::<32>(world)));
        self.tokens.insert(sha256(&text), token);
        text
    }

    /// The token of this text, if it is good for that use and alive.
    pub(crate) fn find(&self, text: &str, usage: Use, now: u64) -> Option<&Token> {
        self.tokens.get(&sha256(text)).filter(|token| token.usage == usage && token.is_alive(now))
    }
}

impl Token {
    fn is_alive(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
