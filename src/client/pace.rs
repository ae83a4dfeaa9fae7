//! How fast the client goes: at most so many requests in any stretch of so many milliseconds.
//!
//! Who comes is given the moment at which it may start, and waits until then by itself. A burst up to the limit starts
//! at once.

use std::collections::VecDeque;

use super::options::RateLimit;

/// The starts of the requests that count, and of those that wait.
#[derive(Debug)]
pub(super) struct Pace {
    limit: Option<RateLimit>,
    /// In the order of time.
    starts: VecDeque<u64>,
    /// When it was last asked.
    last: u64,
}

impl Pace {
    pub(super) fn new(limit: Option<RateLimit>) -> Self {
        Self { limit, starts: VecDeque::new(), last: 0 }
    }

    /// The moment at which the next request may start, now or later; it is taken then.
    pub(super) fn take(&mut self, now: u64) -> u64 {
        let Some(RateLimit { requests, per }) = self.limit else { return now };
        // A clock that was put back must not make anyone wait for it.
        let back = self.last.saturating_sub(now);
        self.last = now;
        if back > 0 {
            self.starts.iter_mut().for_each(|start| *start = start.saturating_sub(back));
        }
        let per = u64::from(per);
        while self.starts.front().is_some_and(|start| start.saturating_add(per) <= now) {
            self.starts.pop_front();
        }
        let requests = usize::try_from(requests).unwrap_or(usize::MAX);
        let before = self.starts.len().checked_sub(requests).and_then(|at| self.starts.get(at));
        let start = before.map_or(now, |before| before.saturating_add(per).max(now));
        self.starts.push_back(start);
        start
    }

    /// Gives a moment back that is not used.
    pub(super) fn give_back(&mut self, start: u64) {
        if let Some(at) = self.starts.iter().rposition(|taken| *taken == start) {
            self.starts.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(requests: u32, per: u32) -> Pace {
        Pace::new(Some(RateLimit { requests, per }))
    }

    #[test]
    fn a_burst_starts_at_once_and_the_rest_in_turn() {
        let mut pace = pace(3, 1_000);
        let starts: Vec<u64> = (0..8).map(|_| pace.take(10_000)).collect();
        assert_eq!(starts, [10_000, 10_000, 10_000, 11_000, 11_000, 11_000, 12_000, 12_000]);
    }

    #[test]
    fn no_stretch_of_time_holds_more_than_the_limit() {
        let mut pace = pace(2, 1_000);
        let starts: Vec<u64> = [0, 900, 950, 1_000, 1_900, 5_000].map(|now| pace.take(now)).to_vec();
        assert_eq!(starts, [0, 900, 1_000, 1_900, 2_000, 5_000]);
    }

    #[test]
    fn what_is_given_back_is_there_for_the_next() {
        let mut pace = pace(1, 1_000);
        assert_eq!((pace.take(0), pace.take(0)), (0, 1_000));
        pace.give_back(1_000);
        assert_eq!(pace.take(0), 1_000);
    }

    #[test]
    fn a_clock_that_was_put_back_delays_nobody() {
        let mut pace = pace(1, 1_000);
        assert_eq!(pace.take(3_600_000), 3_600_000);
        assert_eq!(pace.take(500), 1_500);
    }

    #[test]
    fn without_a_limit_nobody_waits_and_nothing_is_kept() {
        let mut pace = Pace::new(None);
        assert!((0..1_000).all(|now| pace.take(now) == now));
        assert!(pace.starts.is_empty());
    }
}
