//! How long to wait before the second look after a write.
//!
//! The service has no revision: a writer that read before our write and writes after it undoes ours, which shows a moment
//! later. The wait is random, so that writers that met once do not meet again.

/// The range of the wait before the second look, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settle {
    /// The shortest wait.
    pub min_delay: u32,
    /// The longest wait.
    pub max_delay: u32,
}

impl Settle {
    /// The default.
    pub const DEFAULT: Self = Self { min_delay: 500, max_delay: 1_500 };

    /// Returns the wait after a list was written. `random` is from 0 to below 1.
    pub(super) fn after_update(self, random: f64) -> u32 {
        let spread = f64::from(self.max_delay.saturating_sub(self.min_delay)) * random;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below a u32")]
        self.min_delay.saturating_add(spread as u32)
    }

    /// Returns the wait before an update that another writer has overwritten is sent again.
    pub(super) fn after_loss(self, random: f64) -> u32 {
        Self { min_delay: 0, ..self }.after_update(random)
    }

    /// Returns the wait after an app was created: `minDelay` longer, since the others have to create theirs first.
    pub(super) fn after_create(self, random: f64) -> u32 {
        self.min_delay.saturating_add(self.after_update(random))
    }

    /// Returns for how long after its creation an app may be one of several that are about to become one: the longest
    /// wait of its creator, and as long again for the requests that follow.
    pub(super) fn until_settled(self) -> u32 {
        self.min_delay.saturating_add(self.max_delay).saturating_mul(2)
    }
}
