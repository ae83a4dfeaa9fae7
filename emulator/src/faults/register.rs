//! The faults that are waiting for requests.

use crate::faults::fault::{Fault, Times};
use crate::http::request::Request;

/// The registered faults, in order.
#[derive(Default)]
pub(crate) struct FaultRegister(Vec<Registration>);

struct Registration {
    fault: Fault,
    /// The number of matching requests that are still spared.
    skip: u32,
    /// The number of requests that the fault still applies to.
    remaining: Times,
}

/// The effect of the registered faults on one request.
#[derive(Default)]
pub(crate) struct Injected {
    /// The first matching fault that does more than delay.
    pub(crate) failing: Option<Fault>,
    /// The latency of that fault plus that of the first matching fault that only delays, in milliseconds.
    pub(crate) delay: u64,
}

impl FaultRegister {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(Registration { skip: fault.after, remaining: fault.times, fault });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the effect of the faults on a request, and counts the request.
    pub(crate) fn inject(&mut self, request: &Request<'_>) -> Injected {
        let (mut failing, mut delaying) = (None, None);
        for registration in &mut self.0 {
            let slot = if registration.fault.fails() { &mut failing } else { &mut delaying };
            if slot.is_none() && registration.fault.matches(request) && registration.count() {
                *slot = Some(registration.fault.clone());
            }
        }
        self.0.retain(|registration| registration.remaining != Times::Count(0));
        let delay = [&failing, &delaying].into_iter().flatten().map(|fault| u64::from(fault.latency)).sum();
        Injected { failing, delay }
    }
}

impl Registration {
    /// Counts a matching request, and returns whether the fault applies to it.
    fn count(&mut self) -> bool {
        if self.skip > 0 {
            self.skip = self.skip.saturating_sub(1);
            return false;
        }
        if let Times::Count(remaining) = &mut self.remaining {
            *remaining = remaining.saturating_sub(1);
        }
        true
    }
}
