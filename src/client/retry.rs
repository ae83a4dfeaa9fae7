//! Whether a request that failed may go out once more, and when.

use super::network::{self, Reach};
use super::options::Retry;
use super::transport::Failure;
use crate::api::{Code, Error, Json, Operation, is_success};
use crate::concat::Concat as _;

/// What became of a request's attempts so far.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// How often it was sent.
    pub(super) sent: u32,
    /// How often it was sent again.
    pub(super) repeats: u32,
    /// Whether one that failed may have taken effect all the same.
    pub(super) uncertain: bool,
    /// Whether a fresh token was made for it already.
    pub(super) renewed: bool,
}

/// An attempt that failed.
#[derive(Debug)]
pub(super) struct Failed<J> {
    pub(super) error: Box<Error<J>>,
    /// Whether the same again may go well.
    pub(super) is_transient: bool,
    /// Whether it may have taken effect all the same.
    pub(super) is_uncertain: bool,
    /// Whether the service takes its access token no more, before the time, and a fresh one may do.
    pub(super) is_stale: bool,
}

/// One that failed before anything was sent: it stays so.
impl<J> From<Box<Error<J>>> for Failed<J> {
    fn from(error: Box<Error<J>>) -> Self {
        Self { error, is_transient: false, is_uncertain: false, is_stale: false }
    }
}

impl<J: Json> Failed<J> {
    /// No answer came.
    pub(super) fn unanswered(failure: &Failure<J>, error: Box<Error<J>>) -> Self {
        let (is_transient, is_uncertain) = match failure {
            Failure::NotSent(cause) => (!matches!(network::reach(cause), Reach::NoTls | Reach::Refused), false),
            Failure::Network(cause) => match cause.as_ref().map_or(Reach::Unknown, network::reach) {
                Reach::Unknown => (true, true),
                Reach::NotSent => (true, false),
                // Neither a certificate nor a URL becomes valid by asking again.
                Reach::NoTls | Reach::Refused => (false, false),
            },
            Failure::Interrupted(_) | Failure::Timeout => (true, true),
            Failure::NoResponse => (false, true),
            Failure::Aborted(_) => (false, false),
        };
        Self { error, is_transient, is_uncertain, is_stale: false }
    }

    /// An answer came that is no success, or cannot be read. `names_rate_limit`: it says that a rate limit kept the
    /// request from being processed.
    pub(super) fn answered(status: u16, names_rate_limit: bool, error: Box<Error<J>>) -> Self {
        let is_transient = matches!(status, 408 | 425 | 429 | 500 | 502..=504);
        let is_uncertain = match status {
            // A 503 with Retry-After means that the request was not processed (RFC 9110 §15.6.4). A 429 without it has
            // been seen for a request that was applied.
            429 | 503 => error.retry_after.is_none() && !names_rate_limit,
            // The network answered in place of the service (RFC 6585 §6).
            511 => false,
            408 | 425 | 500..=599 => !names_rate_limit,
            // It has taken effect, and the answer does not say what came of it.
            status => is_success(status),
        };
        Self { error, is_transient, is_uncertain, is_stale: false }
    }
}

/// Whether an operation does the same however often it is sent. A create makes another app each time, and a secret is
/// replaced by the next.
pub(super) fn is_repeatable(operation: Operation) -> bool {
    !matches!(operation, Operation::Create | Operation::GenerateSecret)
}

/// How long to wait before the next attempt; nothing where there is none. `random` is from 0 to below 1.
pub(super) fn delay(retry: Retry, repeats: u32, retry_after: Option<u32>, random: f64) -> Option<u32> {
    if repeats >= retry.max_retries {
        return None;
    }
    if let Some(asked) = retry_after {
        return (asked <= retry.max_delay).then_some(asked);
    }
    // Full jitter: clients that failed together do not come back together.
    let most = retry.base_delay.saturating_mul(1_u32.checked_shl(repeats).unwrap_or(u32::MAX)).min(retry.max_delay);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below a u32")]
    Some((f64::from(most) * random) as u32)
}

/// The error of a request that is not sent again: it says how long the service asks to wait.
pub(super) fn given_up<J>(retry: Retry, mut error: Box<Error<J>>) -> Box<Error<J>> {
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

/// `Retry-After` in milliseconds from now: seconds, or a date (RFC 9110 §10.2.3), which `date` reads.
pub(super) fn retry_after(header: &str, now: u64, date: impl Fn(&str) -> Option<u64>) -> Option<u32> {
    let header = header.trim();
    let is_number = |byte: u8| byte.is_ascii_digit();
    let milliseconds = if !header.is_empty() && header.bytes().all(is_number) {
        header.parse().unwrap_or(u64::MAX).saturating_mul(1_000)
    } else if header.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && header.bytes().any(is_number) {
        // Each of its three forms begins with the day of the week (§5.6.7), and hosts take much else for a date, `-1` and
        // `1.5` too. The oldest form does not say that it is in UTC.
        let zone = if header.ends_with("GMT") { "" } else { " GMT" };
        date(&[header, zone].concat())?.saturating_sub(now)
    } else {
        return None;
    };
    Some(u32::try_from(milliseconds).unwrap_or(u32::MAX))
}

/// The error of something that may have happened or not: it says how to find out.
pub(super) fn unknown<J>(operation: Operation, mut error: Box<Error<J>>) -> Box<Error<J>> {
    let (what, how) = match operation {
        Operation::GenerateSecret => (
            "a secret may have been generated: ",
            "; `allowSecretGeneration` of getOAuthApp is false if one was, and it cannot be had again",
        ),
        _ => (
            "an app may have been created: ",
            "; look for it by its redirect entries or its name with listOAuthApps before you create it again, or call \
             ensureOAuthApp, which does",
        ),
    };
    error.code = Code::OutcomeUnknown;
    error.message = [what, &error.message, how].concat();
    error
}
