//! How fast the client goes: at most so many requests in any stretch of so many milliseconds. A burst up to the limit
//! starts at once; who comes later waits in line.

use std::collections::VecDeque;

use super::options::RateLimit;

/// When the last requests started, as many as the limit.
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

    /// The moment at which a request may start, now or later, where so many others start before it.
    pub(super) fn next(&mut self, now: u64, ahead: usize) -> u64 {
        let Some(RateLimit { requests, per }) = self.limit else { return now };
        // A clock that was put back must not make anyone wait for it.
        let back = self.last.saturating_sub(now);
        self.last = now;
        if back > 0 {
            self.starts.iter_mut().for_each(|start| *start = start.saturating_sub(back));
        }
        let requests = usize::try_from(requests).unwrap_or(usize::MAX).max(1);
        let Some(before) = self.starts.len().saturating_add(ahead).checked_sub(requests) else { return now };
        // Who is further back than the limit waits for those who are ahead.
        let rounds =
            u64::try_from(before.checked_div(requests).unwrap_or_default()).unwrap_or(u64::MAX).saturating_add(1);
        let start = before.checked_rem(requests).and_then(|at| self.starts.get(at)).copied().unwrap_or(now);
        start.saturating_add(rounds.saturating_mul(per.into())).max(now)
    }

    /// A request starts.
    pub(super) fn start(&mut self, at: u64) {
        let Some(RateLimit { requests, .. }) = self.limit else { return };
        if u64::try_from(self.starts.len()).unwrap_or(u64::MAX) >= requests.into() {
            self.starts.pop_front();
        }
        self.starts.push_back(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(requests: u32, per: u32) -> Pace {
        Pace::new(Some(RateLimit { requests, per }))
    }

    /// When a request that comes then starts.
    fn take(pace: &mut Pace, now: u64) -> u64 {
        let start = pace.next(now, 0);
        pace.start(start);
        start
    }

    #[test]
    fn a_burst_starts_at_once_and_who_is_in_line_in_turn() {
        let mut pace = pace(3, 1_000);
        assert_eq!([10_000; 3].map(|now| take(&mut pace, now)), [10_000; 3]);
        let starts: Vec<u64> = (0..7).map(|ahead| pace.next(10_400, ahead)).collect();
        assert_eq!(starts, [11_000, 11_000, 11_000, 12_000, 12_000, 12_000, 13_000]);
    }

    #[test]
    fn no_stretch_of_time_holds_more_than_the_limit() {
        let mut pace = pace(2, 1_000);
        let starts = [0, 900, 950, 1_000, 1_900, 5_000].map(|now| take(&mut pace, now));
        assert_eq!(starts, [0, 900, 1_000, 1_900, 2_000, 5_000]);
    }

    #[test]
    fn a_clock_that_was_put_back_delays_nobody() {
        let mut pace = pace(1, 1_000);
        assert_eq!(take(&mut pace, 3_600_000), 3_600_000);
        assert_eq!(take(&mut pace, 500), 1_500);
    }

    #[test]
    fn without_a_limit_nobody_waits_and_nothing_is_kept() {
        let mut pace = Pace::new(None);
        assert!((0..1_000).all(|now| take(&mut pace, now) == now));
        assert!(pace.starts.is_empty());
    }
}
