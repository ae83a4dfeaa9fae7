//! The token endpoint: each grant reads its parameters, and issues tokens or refuses.

use serde_json::{Value, json};

use crate::http::Request;
use crate::oauth::failure::Failure;
use crate::oauth::params::Params;
use crate::oauth::vault::{ACCESS_SECONDS, Subject, SubjectType, Token, Use, Vault};
use crate::options::Options;
use crate::reply::Reply;
use crate::store::{App, Store, sha256};
use crate::world::{World, guid};

/// One call to the token endpoint.
pub(crate) struct TokenCall<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) vault: &'a mut Vault,
    pub(crate) world: &'a mut dyn World,
}

impl<'a> TokenCall<'a> {
    /// The answer.
    pub(crate) fn run(&mut self, request: &Request) -> Reply {
        let answer = Params::read(request).and_then(|params| self.grant(&params));
        match answer {
            Ok(body) => Reply::json(200, &body).with("cache-control", "no-store"),
            Err(failure) => failure.into(),
        }
    }

    fn grant(&mut self, params: &Params) -> Result<Value, Failure> {
        match params.require("grant_type")? {
            "client_credentials" => self.client_credentials(params),
            other => Err(Failure::unsupported_grant_type(other)),
        }
    }

    fn client_credentials(&mut self, params: &Params) -> Result<Value, Failure> {
        let app = self.client(params)?;
        let secret = params.require("client_secret")?;
        if app.secret_sha256() != Some(&*sha256(secret)) {
            return Err(Failure::invalid_client("The client secret is not the app's"));
        }
        let id = app.id().to_owned();
        let subject = Subject { kind: SubjectType::App, id: id.clone() };
        let instance_id = params.get("instance_id").map(str::to_owned);
        let now = self.world.now();
        let session = guid(self.world);
        let token = Token {
            usage: Use::Access,
            client_id: id,
            subject,
            session,
            instance_id,
            issued_at: now,
            expires_at: Some(now.saturating_add(ACCESS_SECONDS.saturating_mul(1_000))),
        };
        let text = self.vault.issue(token, self.world);
        Ok(json!({ "access_token": text, "token_type": "Bearer", "expires_in": ACCESS_SECONDS }))
    }

    /// The app that the request names.
    fn client(&self, params: &Params) -> Result<&'a App, Failure> {
        let id = params.require("client_id")?;
        self.store.find(id).map(|(_, app)| app).ok_or_else(|| Failure::unknown_client(id, self.options))
    }
}

#[cfg(test)]
mod tests;
