//! The rate limit: a maximum number of requests of a caller in any time window of a given length, as the client assumes.

use std::collections::VecDeque;

use crate::http::error::{ApiError, Result};
use crate::options::RateLimit;

/// The recent requests of every caller.
#[derive(Default)]
pub(crate) struct RateLimiter(Vec<CallerRequests>);

struct CallerRequests {
    caller: String,
    /// The times of the requests within the window, in milliseconds since 1970, oldest first.
    times: VecDeque<u64>,
}

impl RateLimiter {
    /// Counts a request, or refuses it with a 429. Refused requests do not count.
    pub(crate) fn admit(&mut self, caller: &str, limit: RateLimit, now: u64) -> Result<()> {
        let window = u64::from(limit.per);
        for CallerRequests { times, .. } in &mut self.0 {
            while times.pop_front_if(|time| now.saturating_sub(*time) >= window).is_some() {}
            // After the clock was set back, requests in the future do not count.
            while times.pop_back_if(|time| *time > now).is_some() {}
        }
        self.0.retain(|requests| !requests.times.is_empty());
        let Some(CallerRequests { times, .. }) = self.0.iter_mut().find(|requests| requests.caller == caller) else {
            self.0.push(CallerRequests { caller: caller.to_owned(), times: VecDeque::from([now]) });
            return Ok(());
        };
        if times.len() >= usize::try_from(limit.requests).unwrap_or(usize::MAX) {
            let oldest = times.front().copied().unwrap_or(now);
            let wait = window.saturating_sub(now.saturating_sub(oldest));
            return Err(ApiError::rate_limited(limit.retry_after.then(|| wait.div_ceil(1_000))));
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_contains_more_requests_of_a_caller() {
        const LIMIT: RateLimit = RateLimit { requests: 2, per: 2_500, retry_after: true };
        let mut limiter = RateLimiter::default();
        let retry_after = |limiter: &mut RateLimiter, caller, now| {
            limiter.admit(caller, LIMIT, now).err().map(|error| error.header.unwrap().value())
        };
        for (caller, now, expected) in [
            ("a", 1_000, None),
            ("a", 2_000, None),
            ("a", 2_000, Some("2")),
            ("b", 2_000, None),
            ("a", 2_500, Some("1")),
            ("a", 3_499, Some("1")),
            ("a", 3_500, None),
            ("a", 3_500, Some("1")),
            ("a", 4_499, Some("1")),
            ("a", 4_500, None),
            ("a", 4_500, Some("2")),
            // The clock was set back: the later requests are forgotten.
            ("a", 0, None),
            ("a", 0, None),
            ("a", 0, Some("3")),
        ] {
            assert_eq!(retry_after(&mut limiter, caller, now).as_deref(), expected, "{caller} at {now}");
        }
    }
}
