//! The emulator's clock. It follows the host's clock until a test sets it.

use crate::host::date::LATEST;

/// A clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// A clock that runs with the host's, `ahead` milliseconds ahead of it.
    Running { ahead: u64 },
    /// A clock that stands still.
    Stopped(u64),
}

impl Clock {
    /// Returns a clock that stands at the given time, or one that runs with the host's.
    pub(crate) fn new(stopped_at: Option<u64>) -> Self {
        stopped_at.map_or(Self::Running { ahead: 0 }, Self::Stopped)
    }

    /// Returns the time. `host_time` is the time of the host's clock.
    pub(crate) fn now(self, host_time: u64) -> u64 {
        match self {
            Self::Running { ahead } => host_time.saturating_add(ahead).min(LATEST),
            Self::Stopped(now) => now,
        }
    }

    /// Moves the clock forward, at most to the latest date of the API.
    pub(crate) fn advance(&mut self, milliseconds: u64) {
        let (Self::Running { ahead: time } | Self::Stopped(time)) = self;
        *time = time.saturating_add(milliseconds).min(LATEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_clock_follows_the_host_and_a_stopped_one_does_not() {
        let mut clock = Clock::new(None);
        assert_eq!((clock.now(5), clock.now(7)), (5, 7));
        clock.advance(100);
        assert_eq!((clock.now(5), clock.now(7)), (105, 107));
        let mut clock = Clock::new(Some(1_000));
        assert_eq!((clock.now(5), clock.now(7)), (1_000, 1_000));
        clock.advance(100);
        assert_eq!(clock.now(7), 1_100);
        for mut clock in [clock, Clock::new(None)] {
            clock.advance(u64::MAX);
            clock.advance(u64::MAX);
            assert_eq!(clock.now(7), LATEST);
        }
    }
}
