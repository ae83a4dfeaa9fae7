//! The client's own rate limit: at most a number of requests start within any period. A burst up to the limit starts at
//! once; further requests wait.

use super::options::RateLimit;

/// A sliding window over the start times of the last requests.
#[derive(Debug)]
pub(super) struct RateLimiter {
    limit: Option<RateLimit>,
    /// A ring buffer of at most as many starts as the limit.
    starts: Vec<u64>,
    /// The index of the earliest start; the others follow in order, and wrap around.
    first: usize,
    /// The time of the last call, to notice a clock that was set back.
    last: u64,
}

impl RateLimiter {
    pub(super) fn new(limit: Option<RateLimit>) -> Self {
        Self { limit, starts: Vec::new(), first: 0, last: 0 }
    }

    /// Returns the time, now or later, at which a request may start after `ahead` others.
    pub(super) fn next_start(&mut self, now: u64, ahead: usize) -> u64 {
        let Some(RateLimit { requests, per }) = self.limit else { return now };
        // A clock that was set back must not delay a request by the difference.
        let back = self.last.saturating_sub(now);
        self.last = now;
        if back > 0 {
            self.starts.iter_mut().for_each(|start| *start = start.saturating_sub(back));
        }
        let requests = usize::try_from(requests).unwrap_or(usize::MAX).max(1);
        let Some(before) = self.starts.len().saturating_add(ahead).checked_sub(requests) else { return now };
        // More requests ahead than the limit take more than one period.
        let rounds =
            u64::try_from(before.checked_div(requests).unwrap_or_default()).unwrap_or(u64::MAX).saturating_add(1);
        let start = before.checked_rem(requests).and_then(|at| self.start(at)).unwrap_or(now);
        start.saturating_add(rounds.saturating_mul(per.into())).max(now)
    }

    /// Records the start of a request.
    pub(super) fn record_start(&mut self, at: u64) {
        let Some(RateLimit { requests, .. }) = self.limit else { return };
        if u64::try_from(self.starts.len()).unwrap_or(u64::MAX) < requests.into() {
            self.starts.push(at);
        } else if let Some(earliest) = self.starts.get_mut(self.first) {
            *earliest = at;
            self.first = self.first.saturating_add(1).checked_rem(self.starts.len()).unwrap_or_default();
        }
    }

    /// Returns the start at an index, counted from the earliest.
    fn start(&self, index: usize) -> Option<u64> {
        let at = self.first.saturating_add(index).checked_rem(self.starts.len())?;
        self.starts.get(at).copied().filter(|_| index < self.starts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(requests: u32, per: u32) -> RateLimiter {
        RateLimiter::new(Some(RateLimit { requests, per }))
    }

    /// Returns the start of a request that arrives at a time.
    fn take(limiter: &mut RateLimiter, now: u64) -> u64 {
        let start = limiter.next_start(now, 0);
        limiter.record_start(start);
        start
    }

    #[test]
    fn a_burst_starts_at_once_and_the_rest_in_order() {
        let mut limiter = limiter(3, 1_000);
        assert_eq!([10_000; 3].map(|now| take(&mut limiter, now)), [10_000; 3]);
        let starts: Vec<u64> = (0..7).map(|ahead| limiter.next_start(10_400, ahead)).collect();
        assert_eq!(starts, [11_000, 11_000, 11_000, 12_000, 12_000, 12_000, 13_000]);
    }

    #[test]
    fn no_period_holds_more_than_the_limit() {
        let mut limiter = limiter(2, 1_000);
        let starts = [0, 900, 950, 1_000, 1_900, 5_000].map(|now| take(&mut limiter, now));
        assert_eq!(starts, [0, 900, 1_000, 1_900, 2_000, 5_000]);
    }

    #[test]
    fn a_clock_that_was_set_back_delays_no_request() {
        let mut limiter = limiter(1, 1_000);
        assert_eq!(take(&mut limiter, 3_600_000), 3_600_000);
        assert_eq!(take(&mut limiter, 500), 1_500);
    }

    #[test]
    fn without_a_limit_nothing_waits_and_nothing_is_kept() {
        let mut limiter = RateLimiter::new(None);
        assert!((0..1_000).all(|now| take(&mut limiter, now) == now));
        assert!(limiter.starts.is_empty());
    }
}
