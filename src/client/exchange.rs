//! One request and its response, within the rate limit.

use super::call::CallContext;
use super::event::Kind;
use super::header;
use super::redact::{redact, redact_error};
use super::retry::{self, FailedAttempt, RetryState};
use super::transport::{Failure, Transport, WireRequest};
use crate::api::{self, ApiRequest, CONSISTENT, Endpoint, Error, HttpResponse, REQUEST_ID, RETRY_AFTER};
use crate::concat::Concat as _;

impl<T: Transport> CallContext<'_, T> {
    /// Sends a request once, when the rate limit permits, and reads the response. The credential is removed from all
    /// texts of the service.
    pub(super) async fn exchange(
        &self,
        request: &ApiRequest,
        credential: &str,
        state: &mut RetryState,
    ) -> Result<T::Json, FailedAttempt<T::Json>> {
        self.wait_for_rate_limit(state.sent).await?;
        self.emit_warnings(request.endpoint);
        // The caller's own token callback or listener may have ended the call.
        self.check_aborted(state.sent)?;
        let consistent = self.client.consistent.borrow().clone();
        let wire = self.wire_request(request, credential, consistent.as_deref());
        state.sent = state.sent.saturating_add(1);
        self.emit(Kind::Request { attempt: state.sent, method: wire.method.as_str(), path: &request.path });
        let start = self.host.now();
        let response = self.host.send(&wire, self.timeout()).await;
        self.receive(request.endpoint, &response, start, state.sent, credential)
    }

    /// Reads the outcome of an attempt that was sent at `start`.
    #[inline(never)]
    fn receive(
        &self,
        endpoint: Endpoint,
        response: &Result<HttpResponse<T::Json>, Failure<T::Json>>,
        start: u64,
        attempt: u32,
        credential: &str,
    ) -> Result<T::Json, FailedAttempt<T::Json>> {
        let now = self.host.now();
        let secrets = [credential, self.client.options.auth.secret()];
        let (mut status, mut request_id) = (None, None);
        let mut result = match response {
            Err(failure) => {
                let (error, reach) = self.failure(failure);
                Err(FailedAttempt::unanswered(failure, reach, error))
            }
            Ok(response) => {
                status = Some(response.status);
                if let Some(id) = response.header(REQUEST_ID) {
                    redact(request_id.insert(id.to_owned()), &secrets);
                }
                if let Some(value) = response.header(CONSISTENT).filter(|value| header::is_value(value)) {
                    self.client.consistent.replace(Some(value.to_owned()));
                }
                endpoint.read(self.operation, response).map_err(|mut error| {
                    error.retry_after = response
                        .header(RETRY_AFTER)
                        .and_then(|header| retry::parse_retry_after(header, now, &|text| self.host.date(text)));
                    FailedAttempt::answered(response.status, api::names_rate_limit(response), error)
                })
            }
        };
        let mut code = None;
        if let Err(FailedAttempt { error, .. }) = &mut result {
            redact_error(error, &secrets);
            error.attempts = attempt;
            code = Some(error.code);
        }
        let duration = now.saturating_sub(start);
        self.emit(Kind::Response { attempt, duration, status, request_id: request_id.as_deref(), code });
        result
    }

    /// Returns the request with the host, the credential and the caller's own headers on it.
    fn wire_request<'b>(
        &'b self,
        request: &'b ApiRequest,
        credential: &'b str,
        consistent: Option<&'b str>,
    ) -> WireRequest<'b> {
        let mut headers = Vec::with_capacity(8);
        if request.endpoint.needs_credential() {
            headers.push(("Authorization", credential));
            if let Some((name, id)) = &self.client.scope {
                headers.push((name, id));
            }
            // The caller may know of a later write, by another client.
            if let Some(value) = consistent
                && !self.options.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(CONSISTENT))
            {
                headers.push(("X-Wix-Consistent", value));
            }
        }
        if request.body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        for (name, value) in &self.options.headers {
            headers.push((name, value));
        }
        WireRequest {
            method: &request.method,
            url: [self.client.options.base_url.as_str(), &request.path].concat(),
            headers,
            body: request.body.as_ref(),
        }
    }

    /// Waits until the client's own rate limit permits a request to start. `sent` is the number of its attempts so far.
    async fn wait_for_rate_limit(&self, sent: u32) -> Result<(), Box<Error<T::Json>>> {
        const KEY: &str = "rateLimit";
        if self.client.options.rate_limit.is_none() {
            return Ok(());
        }
        let ahead = self.client.queues.length(KEY);
        let (mut start, mut delay) = self.next_start(ahead);
        let mut _ticket = None;
        if ahead > 0 || delay > 0 {
            self.emit(Kind::Wait { attempt: sent.saturating_add(1), delay });
            _ticket = Some(self.acquire(KEY, sent).await?);
            // A call ahead may have been aborted.
            (start, delay) = self.next_start(0);
            self.sleep(delay, sent).await?;
        }
        self.client.rate_limiter.borrow_mut().record_start(start);
        Ok(())
    }

    /// Returns when a request may start that has so many ahead of it, and in how many milliseconds that is.
    #[inline(never)]
    fn next_start(&self, ahead: usize) -> (u64, u32) {
        let now = self.host.now();
        let start = self.client.rate_limiter.borrow_mut().next_start(now, ahead);
        (start, u32::try_from(start.saturating_sub(now)).unwrap_or(u32::MAX))
    }
}
