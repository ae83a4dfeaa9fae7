//! The rate limit: at most so many requests of a caller in any stretch of so many milliseconds, as the client assumes.

use std::collections::VecDeque;

use crate::http::error::{ApiError, Result};
use crate::options::RateLimit;

/// The requests of every caller that are younger than the limit's stretch of time.
#[derive(Default)]
pub(crate) struct RateLimiter(Vec<Caller>);

struct Caller {
    name: String,
    /// When the requests came, in milliseconds since 1970, oldest first.
    times: VecDeque<u64>,
}

impl RateLimiter {
    /// RateLimiter a request, or refuses it. Refused requests do not count.
    pub(crate) fn admit(&mut self, name: &str, limit: RateLimit, now: u64) -> Result<()> {
        let per = u64::from(limit.per);
        for Caller { times, .. } in &mut self.0 {
            while times.pop_front_if(|time| now.saturating_sub(*time) >= per).is_some() {}
            // After the clock was set back, requests of the future do not count.
            while times.pop_back_if(|time| *time > now).is_some() {}
        }
        self.0.retain(|caller| !caller.times.is_empty());
        let Some(caller) = self.0.iter_mut().find(|caller| caller.name == name) else {
            self.0.push(Caller { name: name.to_owned(), times: VecDeque::from([now]) });
            return Ok(());
        };
        if caller.times.len() >= usize::try_from(limit.requests).unwrap_or(usize::MAX) {
            let oldest = caller.times.front().copied().unwrap_or(now);
            let left = per.saturating_sub(now.saturating_sub(oldest));
            return Err(ApiError::rate_limited(limit.retry_after.then(|| left.div_ceil(1_000))));
        }
        caller.times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stretch_of_time_holds_more_requests_of_a_caller() {
        const LIMIT: RateLimit = RateLimit { requests: 2, per: 2_500, retry_after: true };
        let mut counts = RateLimiter::default();
        let retry_after = |counts: &mut RateLimiter, caller, now| {
            counts.admit(caller, LIMIT, now).err().map(|problem| problem.hint.unwrap().header().1)
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
            // Set back, the clock begins anew.
            ("a", 0, None),
            ("a", 0, None),
            ("a", 0, Some("3")),
        ] {
            assert_eq!(retry_after(&mut counts, caller, now).as_deref(), expected, "{caller} at {now}");
        }
    }
}
