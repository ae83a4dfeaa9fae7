//! The credential of a request: the caller's own, or an access token that the client requests, stores, and renews before
//! it expires. Calls that need a token at the same time share one request.

use super::call::CallContext;
use super::event::Kind;
use super::header;
use super::options::{Auth, ClientCredentials, token_fault};
use super::retry::{FailedAttempt, RetryState};
use super::token_cache::Token;
use super::transport::{Failure, Transport};
use crate::api::{ACCESS_TOKEN, ApiRequest, Code, EXPIRES_IN, Endpoint, Error, Json};
use crate::concat::Concat as _;
use crate::value::Value;

/// How long before its end a token is renewed, in milliseconds. A token that lives shorter than ten times that is renewed
/// in the last tenth of its life.
const RENEWAL_MARGIN: u64 = 60_000;

impl<T: Transport> CallContext<'_, T> {
    /// Returns the value of the header `Authorization`. `sent` is the number of the request's attempts so far.
    pub(super) async fn credential(&self, sent: u32) -> Result<String, Box<Error<T::Json>>> {
        match &self.client.options.auth {
            Auth::ApiKey(secret) | Auth::AccessToken(secret) => Ok(secret.reveal().to_owned()),
            Auth::Callback => {
                let token = self.host.access_token(self.timeout()).await;
                self.check_token(token).map_err(|error| error.after(sent))
            }
            Auth::ClientCredentials(client) => self.access_token(client).await,
        }
    }

    /// Checks the token that the caller's callback gave.
    #[inline(never)]
    fn check_token(&self, token: Result<T::Json, Failure<T::Json>>) -> Result<String, Box<Error<T::Json>>> {
        match token.map(|token| token.to_value()) {
            Ok(token) => match (token_fault(&token), token) {
                (None, Value::String(text)) => Ok(text),
                (fault, _) => Err(self.error(Code::Config, fault.unwrap_or_default())),
            },
            Err(Failure::Network(cause)) => {
                let message = "getAccessToken threw, so there is no token to send; see the cause";
                let mut error = self.error(Code::Unauthenticated, message);
                error.cause = cause;
                Err(error)
            }
            Err(Failure::Timeout) => {
                let timeout = self.timeout().to_string();
                Err(self.error(Code::Timeout, ["getAccessToken gave no token within ", &timeout, " ms"].concat()))
            }
            Err(failure) => Err(self.failure(&failure).0),
        }
    }

    /// Returns the stored access token, or requests a new one.
    async fn access_token(&self, client: &ClientCredentials) -> Result<String, Box<Error<T::Json>>> {
        let requests = self.client.tokens.borrow().requests();
        if let Some(token) = self.client.tokens.borrow().current(self.host.now()) {
            return Ok(token);
        }
        let _ticket = self.acquire("oauth2/token", 0).await?;
        if let Some(shared) = self.shared_token(requests) {
            return shared;
        }
        let secret = client.client_secret.reveal();
        let request = ApiRequest::access_token(&client.client_id, secret, client.instance_id.as_deref());
        let mut state = RetryState::default();
        let result = loop {
            match self.exchange(&request, secret, &mut state).await {
                Ok(body) => break self.read_token(&body).map_err(|error| error.after(state.sent)),
                Err(failed) => {
                    if let Err(error) = self.wait_to_repeat(Endpoint::AccessToken, failed, &mut state).await {
                        break Err(error);
                    }
                }
            }
        };
        self.client.tokens.borrow_mut().store(result)
    }

    /// Returns the outcome of a request for a token that another call sent while this one waited.
    #[inline(never)]
    fn shared_token(&self, requests: u64) -> Option<Result<String, Box<Error<T::Json>>>> {
        let tokens = self.client.tokens.borrow();
        if let Some(token) = tokens.current(self.host.now()) {
            return Some(Ok(token));
        }
        let mut refusal = tokens.refusal_since(requests)?;
        refusal.operation = self.operation.as_str();
        Some(Err(refusal))
    }

    /// Reads the token from the response.
    #[inline(never)]
    fn read_token(&self, body: &T::Json) -> Result<Token, Box<Error<T::Json>>> {
        let Some(text) = body.text(ACCESS_TOKEN).filter(|text| header::is_value(text)) else {
            let message = "the token endpoint gave an access token that a header cannot carry";
            return Err(self.error(Code::BadResponse, message));
        };
        let expires_in = expires_in(body.get(EXPIRES_IN).map_or(Value::Null, |seconds| seconds.to_value()));
        self.emit(Kind::Token { expires_in });
        Ok(Token { text, renew_at: renew_at(self.host.now(), expires_in) })
    }

    /// Waits until a request may be sent again, or returns the error if it may not.
    pub(super) async fn wait_to_repeat(
        &self,
        endpoint: Endpoint,
        failed: FailedAttempt<T::Json>,
        state: &mut RetryState,
    ) -> Result<(), Box<Error<T::Json>>> {
        let delay = self.delay(endpoint, failed, state)?;
        self.sleep(delay, state.sent).await
    }
}

/// Reads for how many seconds a token is valid (RFC 6749 §5.1). Some services write the number as text.
fn expires_in(seconds: Value) -> Option<u32> {
    let seconds = match seconds {
        Value::Number(number) => number,
        Value::String(text) => return header::digits(&text).and_then(|seconds| u32::try_from(seconds).ok()),
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a longer time is cut")]
    (seconds >= 0.0).then_some(seconds as u32)
}

/// Returns the time from which a token is not used any more. A token without a lifetime is used until it is refused.
fn renew_at(now: u64, expires_in: Option<u32>) -> u64 {
    let Some(seconds) = expires_in else { return u64::MAX };
    let lifetime = u64::from(seconds).saturating_mul(1_000);
    now.saturating_add(lifetime).saturating_sub(RENEWAL_MARGIN.min(lifetime / 10))
}
