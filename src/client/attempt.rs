//! The attempts of a request: sent with a credential, and repeated where that is safe and useful.

use super::call::CallContext;
use super::options::Auth;
use super::retry::{FailedAttempt, RetryState};
use super::transport::Transport;
use crate::api::{ApiRequest, Code, Endpoint, Error, Json as _};
use crate::value::Value;

impl<T: Transport> CallContext<'_, T> {
    /// Sends a request until it succeeds or fails for good.
    pub(super) async fn perform(&self, request: &ApiRequest) -> Result<T::Json, Box<Error<T::Json>>> {
        let mut state = RetryState::default();
        loop {
            match self.attempt(request, &mut state).await {
                Ok(result) => return Ok(result),
                Err(failed) => self.wait_to_repeat(request.endpoint, failed, &mut state).await?,
            }
        }
    }

    /// Sends a request once, with a credential.
    pub(super) async fn attempt(
        &self,
        request: &ApiRequest,
        state: &mut RetryState,
    ) -> Result<T::Json, FailedAttempt<T::Json>> {
        self.check_aborted(state.sent)?;
        let mut credential = String::new();
        if request.endpoint.needs_credential() {
            credential = self.credential(state.sent).await?;
        }
        let result = self.exchange(request, &credential, state).await;
        self.judge(request.endpoint, result, &credential, state)
    }

    /// Judges a failure by what is known of the request and its credential.
    #[inline(never)]
    fn judge(
        &self,
        endpoint: Endpoint,
        mut result: Result<T::Json, FailedAttempt<T::Json>>,
        credential: &str,
        state: &RetryState,
    ) -> Result<T::Json, FailedAttempt<T::Json>> {
        let Err(failed) = &mut result else { return result };
        // An earlier attempt may have deleted the app.
        if endpoint == Endpoint::Delete && state.is_uncertain && failed.error.code == Code::NotFound {
            return Ok(T::Json::from_value(&Value::Null));
        }
        if failed.error.status == Some(401)
            && endpoint.needs_credential()
            && let Auth::ClientCredentials(_) = self.client.options.auth
        {
            failed.is_stale = true;
            self.client.tokens.borrow_mut().forget(credential);
        }
        result
    }
}
