//! Retries: whether and when a request that failed is sent again.

use super::call::CallContext;
use super::event::Kind;
use super::header::digits;
use super::network::Reach;
use super::options::Retry;
use super::transport::{Failure, Transport};
use crate::api::{Code, Endpoint, Error, is_success};
use crate::concat::Concat as _;

/// The state of a request's attempts.
#[derive(Debug, Default)]
pub(super) struct RetryState {
    /// How many times the request was sent.
    pub(super) sent: u32,
    /// How many of these were repetitions, apart from the one with a renewed token.
    pub(super) repeats: u32,
    /// True if an attempt that failed may have taken effect.
    pub(super) is_uncertain: bool,
    /// True if the access token was renewed for this request.
    pub(super) is_renewed: bool,
}

/// An attempt that failed.
#[derive(Debug)]
pub(super) struct FailedAttempt<J> {
    pub(super) error: Box<Error<J>>,
    /// True if the same request may succeed later.
    pub(super) is_transient: bool,
    /// True if the request may have taken effect.
    pub(super) is_uncertain: bool,
    /// True if the service refused an access token that had not expired, so that a new one may succeed.
    pub(super) is_stale: bool,
}

/// An attempt that failed before anything was sent, for a reason that does not go away.
impl<J> From<Box<Error<J>>> for FailedAttempt<J> {
    fn from(error: Box<Error<J>>) -> Self {
        Self { error, is_transient: false, is_uncertain: false, is_stale: false }
    }
}

impl<J> FailedAttempt<J> {
    /// Classifies an attempt without a response.
    pub(super) fn unanswered(failure: &Failure<J>, reach: Reach, error: Box<Error<J>>) -> Self {
        let (is_transient, is_uncertain) = match (failure, reach) {
            (Failure::NotSent(_), Reach::Unknown) | (Failure::NotSent(_) | Failure::Network(_), Reach::NotSent) => {
                (true, false)
            }
            (Failure::Network(_), Reach::Unknown) | (Failure::Interrupted(_) | Failure::Timeout, _) => (true, true),
            (Failure::NoResponse, _) => (false, true),
            // Neither a certificate nor a URL becomes valid by sending the request again.
            (Failure::NotSent(_) | Failure::Network(_), Reach::NoTls | Reach::Refused) | (Failure::Aborted(_), _) => {
                (false, false)
            }
        };
        Self { error, is_transient, is_uncertain, is_stale: false }
    }

    /// Classifies an attempt whose response is no success, or is not readable. `names_rate_limit` tells whether the
    /// response says that a rate limit kept the request from being processed.
    pub(super) fn answered(status: u16, names_rate_limit: bool, error: Box<Error<J>>) -> Self {
        let is_transient = matches!(status, 408 | 425 | 429 | 500 | 502..=504);
        let is_uncertain = match status {
            // A 503 with Retry-After means that the request was not processed (RFC 9110 §15.6.4). A 429 without it has
            // been seen for a request that was applied.
            429 | 503 => error.retry_after.is_none() && !names_rate_limit,
            // The network answered in place of the service (RFC 6585 §6).
            511 => false,
            408 | 425 | 500..=599 => !names_rate_limit,
            // The request has taken effect, and the response does not tell its result.
            status => is_success(status),
        };
        Self { error, is_transient, is_uncertain, is_stale: false }
    }
}

impl<T: Transport> CallContext<'_, T> {
    /// Returns the wait before a request is sent again, or the error if it may not.
    #[inline(never)]
    pub(super) fn delay(
        &self,
        endpoint: Endpoint,
        failed: FailedAttempt<T::Json>,
        state: &mut RetryState,
    ) -> Result<u32, Box<Error<T::Json>>> {
        let error = failed.error;
        if failed.is_uncertain && !is_idempotent(endpoint) {
            return Err(outcome_unknown(endpoint, error));
        }
        state.is_uncertain |= failed.is_uncertain;
        let delay = if failed.is_stale && !state.is_renewed {
            state.is_renewed = true;
            0
        } else {
            let retry = self.retry();
            let delay = delay(retry, state.repeats, error.retry_after, self.host.random());
            let Some(delay) = delay.filter(|_| failed.is_transient) else { return Err(with_retry_after(retry, error)) };
            state.repeats = state.repeats.saturating_add(1);
            delay
        };
        self.emit(Kind::Retry { attempt: state.sent, delay, code: error.code });
        Ok(delay)
    }
}

/// Checks whether a request is idempotent. Each create makes another app, and each new secret replaces the last one.
pub(super) fn is_idempotent(endpoint: Endpoint) -> bool {
    !matches!(endpoint, Endpoint::Create | Endpoint::GenerateSecret)
}

/// Returns the wait before the next attempt; `None` if there is none. `random` is from 0 to below 1.
pub(super) fn delay(retry: Retry, repeats: u32, retry_after: Option<u32>, random: f64) -> Option<u32> {
    if repeats >= retry.max_retries {
        return None;
    }
    if let Some(asked) = retry_after {
        return (asked <= retry.max_delay).then_some(asked);
    }
    // Full jitter: clients that failed together do not retry together.
    let most = retry.base_delay.saturating_mul(1_u32.checked_shl(repeats).unwrap_or(u32::MAX)).min(retry.max_delay);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below a u32")]
    Some((f64::from(most) * random) as u32)
}

/// Adds to the error of a request that is not sent again how long the service asks to wait.
pub(super) fn with_retry_after<J>(retry: Retry, mut error: Box<Error<J>>) -> Box<Error<J>> {
    if let Some(asked) = error.retry_after.filter(|asked| *asked > 0) {
        let seconds = asked.div_ceil(1_000).to_string();
        error.message.extend(["; the service asks to wait ", &seconds, " s"]);
        if retry.max_retries > 0 && asked > retry.max_delay {
            let longest = retry.max_delay.to_string();
            error.message.extend([", longer than `retry.maxDelay` (", &longest, " ms)"]);
        }
    }
    error
}

/// Parses `Retry-After`, which is seconds or a date (RFC 9110 §10.2.3), into milliseconds from now. `date` parses a date.
pub(super) fn parse_retry_after(header: &str, now: u64, date: &dyn Fn(&str) -> Option<u64>) -> Option<u32> {
    let header = header.trim();
    let milliseconds = if let Some(seconds) = digits(header) {
        seconds.saturating_mul(1_000)
    } else if header.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && header.bytes().any(|b| b.is_ascii_digit())
    {
        // Each of the three forms of a date begins with the day of the week (§5.6.7), and hosts take much else for a date,
        // `-1` and `1.5` too. The oldest form does not say that it is in UTC.
        let zone = if header.ends_with("GMT") { "" } else { " GMT" };
        date(&[header, zone].concat())?.saturating_sub(now)
    } else {
        return None;
    };
    Some(u32::try_from(milliseconds).unwrap_or(u32::MAX))
}

/// Returns the error of a request that may or may not have taken effect; the message says how to find out.
pub(super) fn outcome_unknown<J>(endpoint: Endpoint, mut error: Box<Error<J>>) -> Box<Error<J>> {
    let (before, after) = match endpoint {
        Endpoint::GenerateSecret => (
            "a secret may have been generated: ",
            "; then `allowSecretGeneration` of getOAuthApp is false, and the secret cannot be retrieved",
        ),
        _ => (
            "an app may have been created: ",
            "; look for it with listOAuthApps before you create it again, or call ensureOAuthApp",
        ),
    };
    error.code = Code::OutcomeUnknown;
    error.message = [before, &error.message, after].concat();
    error
}
