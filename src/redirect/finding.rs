//! A broken rule with its message.

use crate::text::{excerpt, fill};

/// A rule that a value breaks, with the fault and the remedy in a sentence whose subject is the value.
#[derive(Debug)]
pub(super) struct Finding {
    /// A code of [`violation::rule`](crate::violation::rule), or of a verdict's reasons.
    pub(super) rule: &'static str,
    message: &'static str,
}

impl Finding {
    /// Makes a finding. `{}` in the message stands for the part of the value that is at fault.
    pub(super) const fn new(rule: &'static str, message: &'static str) -> Self {
        Self { rule, message }
    }

    /// Returns the message for a value with this part at fault.
    pub(super) fn message(&self, part: &str) -> String {
        fill(self.message, &[&excerpt(part)])
    }
}
