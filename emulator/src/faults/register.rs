//! The faults that wait for their requests.

use crate::faults::fault::{Fault, Times};
use crate::http::request::Request;

/// The faults, in the order in which they were registered.
#[derive(Default)]
pub(crate) struct Faults(Vec<Waiting>);

struct Waiting {
    fault: Fault,
    /// How many requests pass before.
    pass: u32,
    left: Times,
}

/// What a request meets.
#[derive(Default)]
pub(crate) struct Injected {
    /// The first fault that waits for such a request and does more than delay.
    pub(crate) failing: Option<Fault>,
    /// Milliseconds: its latency, and that of the first fault that only delays.
    pub(crate) delay: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(Waiting { pass: fault.after, left: fault.times, fault });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What this request meets; it counts as met.
    pub(crate) fn meet(&mut self, request: &Request) -> Injected {
        let (mut failing, mut delaying) = (None, None);
        for waiting in &mut self.0 {
            let place = if waiting.fault.fails() { &mut failing } else { &mut delaying };
            if place.is_none() && waiting.fault.matches(request) && waiting.is_due() {
                *place = Some(waiting.fault.clone());
            }
        }
        self.0.retain(|waiting| waiting.left != Times::Count(0));
        let delay = [&failing, &delaying].into_iter().flatten().map(|fault| u64::from(fault.latency)).sum();
        Injected { failing, delay }
    }
}

impl Waiting {
    /// Whether it is the turn of this fault. It counts the request.
    fn is_due(&mut self) -> bool {
        if self.pass > 0 {
            self.pass = self.pass.saturating_sub(1);
            return false;
        }
        if let Times::Count(left) = &mut self.left {
            *left = left.saturating_sub(1);
        }
        true
    }
}
