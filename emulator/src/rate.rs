//! How many requests each caller has made.

use crate::error::{Problem, Result};
use crate::options::RateLimit;

/// The requests of every caller, in windows: one begins with the first request after the last has ended.
#[derive(Default)]
pub(crate) struct Counts(Vec<Window>);

struct Window {
    caller: String,
    /// Milliseconds since 1970.
    start: u64,
    requests: u32,
}

impl Counts {
    /// Counts a request, or refuses it; what is refused does not count.
    pub(crate) fn admit(&mut self, caller: &str, limit: RateLimit, now: u64) -> Result<()> {
        let per = u64::from(limit.per);
        // A window that has not begun is one that the clock was set back from.
        self.0.retain(|window| now.checked_sub(window.start).is_some_and(|age| age < per));
        let Some(window) = self.0.iter_mut().find(|window| window.caller == caller) else {
            self.0.push(Window { caller: caller.to_owned(), start: now, requests: 1 });
            return Ok(());
        };
        if window.requests >= limit.requests {
            let left = per.saturating_sub(now.saturating_sub(window.start));
            return Err(Problem::rate_limited(limit.retry_after.then(|| left.div_ceil(1_000))));
        }
        window.requests = window.requests.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_window_of_each_caller() {
        const LIMIT: RateLimit = RateLimit { requests: 2, per: 2_500, retry_after: true };
        let mut counts = Counts::default();
        let retry_after = |counts: &mut Counts, caller, now| {
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
            ("a", 3_500, None),
            ("a", 3_500, Some("3")),
            // Set back, the clock begins anew.
            ("a", 0, None),
            ("a", 0, None),
            ("a", 0, Some("3")),
        ] {
            assert_eq!(retry_after(&mut counts, caller, now).as_deref(), expected, "{caller} at {now}");
        }
    }
}
