//! The emulator's clock: the host's, or one that was set and stands still.

use crate::host::date::LATEST;

/// A clock, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The host's, and so many milliseconds ahead of it.
    Host { ahead: u64 },
    /// It stands still.
    Set(u64),
}

impl Clock {
    /// A clock that stands at the time given, else the host's.
    pub(crate) fn new(set: Option<u64>) -> Self {
        set.map_or(Self::Host { ahead: 0 }, Self::Set)
    }

    /// The time, where the host's clock says so much.
    pub(crate) fn now(self, host: u64) -> u64 {
        match self {
            Self::Host { ahead } => host.saturating_add(ahead).min(LATEST),
            Self::Set(now) => now,
        }
    }

    /// Moves it forward; no further than the dates of the API go.
    pub(crate) fn advance(&mut self, milliseconds: u64) {
        let (Self::Host { ahead: place } | Self::Set(place)) = self;
        *place = place.saturating_add(milliseconds).min(LATEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_or_stands_still() {
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
