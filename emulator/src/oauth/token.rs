//! The token endpoint: each grant reads its parameters, and issues tokens or refuses.

use serde_json::{Value, json};

use crate::host::port::{Host, guid};
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::oauth::failure::Failure;
use crate::oauth::params::Params;
use crate::oauth::pkce;
use crate::options::Options;
use crate::store::app::{App, Store, sha256};
use crate::store::grants::{ACCESS_SECONDS, Grant, Grants, Identity, SubjectType, TokenKind};

/// One call to the token endpoint.
pub(crate) struct TokenCall<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
}

impl<'a> TokenCall<'a> {
    /// The answer.
    pub(crate) fn run(&mut self, request: &Request) -> Reply {
        match Params::read(request).and_then(|params| self.grant(&params)) {
            Ok(body) => Reply::json(200, &body).with("cache-control", "no-store"),
            Err(failure) => failure.into(),
        }
    }

    fn grant(&mut self, params: &Params) -> Result<Value, Failure> {
        match params.require("grant_type")? {
            "anonymous" => self.anonymous(params),
            "refresh_token" => self.refresh(params),
            "authorization_code" => self.authorization_code(params),
            "client_credentials" => self.client_credentials(params),
            other => Err(Failure::unsupported_grant_type(other)),
        }
    }

    /// A new anonymous visitor.
    fn anonymous(&mut self, params: &Params) -> Result<Value, Failure> {
        let client_id = self.client(params)?.id().to_owned();
        let subject_id = guid(self.host);
        let login = guid(self.host);
        let identity = Identity { client_id, subject_type: SubjectType::Visitor, subject_id, login };
        let refresh_token = self.grants.refresh_token(Grant::to(identity.clone()), self.host);
        Ok(self.answer(Grant::to(identity), Some(&refresh_token)))
    }

    /// The holder of a refresh token, which is not replaced. The client ID is optional: some of the vendor's own code
    /// leaves it out.
    fn refresh(&mut self, params: &Params) -> Result<Value, Failure> {
        let client_id = match params.get("client_id") {
            Some(_) => Some(self.client(params)?.id()),
            None => None,
        };
        let text = params.require("refresh_token")?;
        let token = self.grants.find_token(text, self.host.now());
        let token = token.filter(|token| {
            token.usage == TokenKind::Refresh && client_id.is_none_or(|client_id| client_id == token.identity.client_id)
        });
        let token = token.ok_or_else(|| {
            Failure::invalid_grant("The refresh token is not valid: it was revoked, or is another client's")
        })?;
        let grant = Grant { code: token.code.clone(), ..Grant::to(token.identity.clone()) };
        Ok(self.answer(grant, Some(text)))
    }

    /// The holder of a code. A code is valid once: a second use revokes the tokens that the first one got (RFC 6749,
    /// section 4.1.2).
    fn authorization_code(&mut self, params: &Params) -> Result<Value, Failure> {
        let client_id = self.client(params)?.id();
        let text = params.require("code")?;
        let verifier = params.require("code_verifier")?;
        let (id, now) = (sha256(text), self.host.now());
        self.grants.end_code(&id);
        if !pkce::is_verifier(verifier) {
            let description = "code_verifier must have 43 to 128 letters, digits, '-', '.', '_' or '~' (RFC 7636, 4.1)";
            return Err(Failure::invalid_request(description));
        }
        let code = self.grants.codes.get(&id, now).filter(|code| code.identity.client_id == client_id);
        let code = code.ok_or_else(|| {
            Failure::invalid_grant("The code is not valid: it was used, has expired, or is another client's")
        })?;
        if !pkce::verifies(&code.challenge, verifier) {
            return Err(Failure::invalid_grant("The code verifier is not that of the code challenge"));
        }
        if code.redirect_uri.is_some() && code.redirect_uri.as_deref() != params.get("redirect_uri") {
            return Err(Failure::invalid_grant("The redirect URI is not that of the authorization request"));
        }
        let (identity, offline) = (code.identity.clone(), code.offline);
        self.grants.codes.take(&id, now);
        let grant = Grant { code: Some(id), ..Grant::to(identity) };
        let refresh_token = offline.then(|| self.grants.refresh_token(grant.clone(), self.host));
        Ok(self.answer(grant, refresh_token.as_deref()))
    }

    /// The app's own server.
    fn client_credentials(&mut self, params: &Params) -> Result<Value, Failure> {
        let app = self.client(params)?;
        let secret = params.require("client_secret")?;
        if app.secret().map(|stored| &*stored.sha256) != Some(&*sha256(secret)) {
            return Err(Failure::invalid_client("The client secret is not the app's"));
        }
        let client_id = app.id().to_owned();
        let (subject_id, login) = (client_id.clone(), guid(self.host));
        let identity = Identity { client_id, subject_type: SubjectType::App, subject_id, login };
        let instance_id = params.get("instance_id").map(str::to_owned);
        Ok(self.answer(Grant { instance_id, ..Grant::to(identity) }, None))
    }

    fn answer(&mut self, grant: Grant, refresh_token: Option<&str>) -> Value {
        let access_token = self.grants.access_token(grant, self.host);
        let mut answer = json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        });
        if let (Some(members), Some(text)) = (answer.as_object_mut(), refresh_token) {
            members.insert("refresh_token".to_owned(), json!(text));
        }
        answer
    }

    /// The app that the request names.
    fn client(&self, params: &Params) -> Result<&'a App, Failure> {
        let id = params.require("client_id")?;
        let (store, options) = (self.store, self.options);
        store.find(id).map(|(_, app)| app).ok_or_else(|| Failure::unknown_client(id, options))
    }
}

#[cfg(test)]
mod tests;
