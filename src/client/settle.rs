//! What several writers need: a second look after a write, and how long to wait for it.
//!
//! The service has no revision, so that a writer who read before our write and writes after it undoes ours. That shows a
//! moment later. The wait is random: writers that met once do not meet again.

use std::cell::RefCell;
use std::rc::Rc;

use super::change::{Change, Done};
use super::options::{LONGEST_WAIT, is_given};
use crate::api::Operation;
use crate::app::OAuthAppId;
use crate::concat::{Concat as _, join};
use crate::fields::{object, whole};
use crate::names::nearest_name;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// How long to wait before looking again, in milliseconds: a random time between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settle {
    /// At least.
    pub min_delay: u32,
    /// At most.
    pub max_delay: u32,
}

impl Settle {
    /// Unless told otherwise.
    pub const DEFAULT: Self = Self { min_delay: 500, max_delay: 1_500 };

    /// Reads the option `settle`: `false`, or an object whose absent members are as in `standard`.
    pub(super) fn read(given: &Value, standard: Option<Self>, faults: &mut Violations) -> Option<Self> {
        if *given == Value::Bool(false) {
            return None;
        }
        let mut settle = standard.unwrap_or(Self::DEFAULT);
        let (mut has_min, mut has_max) = (false, false);
        let members = object("settle", given, faults).unwrap_or_default();
        for (name, value) in members.iter().filter(|(_, value)| is_given(value)) {
            let path = ["settle.", name].concat();
            let number = |faults: &mut Violations| whole(&path, value, 0, LONGEST_WAIT / 4, faults).unwrap_or_default();
            match name.as_str() {
                "minDelay" => (settle.min_delay, has_min) = (number(faults), true),
                "maxDelay" => (settle.max_delay, has_max) = (number(faults), true),
                _ => {
                    let names = ["minDelay", "maxDelay"];
                    let meant = nearest_name(name, &mut names.into_iter());
                    let message = ["is no option; known are ", &join(&names, ", ")];
                    faults.error_suggesting(&path, rule::UNKNOWN_FIELD, &message, meant);
                }
            }
        }
        if settle.min_delay > settle.max_delay {
            if has_min && has_max {
                faults.error("settle.maxDelay", rule::OUT_OF_RANGE, &["must be at least minDelay"]);
            }
            // One that was given alone moves the other along.
            (settle.min_delay, settle.max_delay) =
                if has_min { (settle.min_delay, settle.min_delay) } else { (settle.max_delay, settle.max_delay) };
        }
        Some(settle)
    }

    /// How long to wait after a list was written. `random` is from 0 to below 1.
    pub(super) fn after_update(self, random: f64) -> u32 {
        let spread = f64::from(self.max_delay.saturating_sub(self.min_delay)) * random;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below a u32")]
        self.min_delay.saturating_add(spread as u32)
    }

    /// How long to wait before an update is sent once more that was overwritten before it was read back.
    pub(super) fn after_loss(self, random: f64) -> u32 {
        Self { min_delay: 0, ..self }.after_update(random)
    }

    /// How long to wait after an app was created: `minDelay` longer, since the others have to create theirs first.
    pub(super) fn after_create(self, random: f64) -> u32 {
        self.min_delay.saturating_add(self.after_update(random))
    }

    /// For how long after its creation an app may be one of several that are about to become one: the longest wait of
    /// the one who created it, and as long again for the requests that follow.
    pub(super) fn until_settled(self) -> u32 {
        self.min_delay.saturating_add(self.max_delay).saturating_mul(2)
    }
}

/// Reports the options that an operation does not take, though others do.
pub(super) fn check_options(operation: Operation, given: &Value, faults: &mut Violations) {
    let (ensures, changes) =
        (operation == Operation::Ensure, matches!(operation, Operation::AllowRedirects | Operation::DisallowRedirects));
    for (name, _) in given.members() {
        let owner = match name.as_str() {
            "settle" if !ensures && !changes => "allowRedirects, disallowRedirects and ensureOAuthApp",
            "redirects" | "dryRun" if !ensures => "ensureOAuthApp",
            _ => continue,
        };
        faults.error(name, rule::UNKNOWN_FIELD, &["is no option of ", operation.as_str(), "; it is one of ", owner]);
    }
}

/// The changes of a client whose second look is still to come, by app.
///
/// A later call of the same client stands before an earlier one: what it adds or removes, the second look of the earlier
/// one does not undo.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    changes: RefCell<Vec<Rc<Entry>>>,
}

#[derive(Debug)]
struct Entry {
    id: OAuthAppId,
    change: RefCell<Change>,
}

/// A change that waits for its second look, until it is dropped.
#[derive(Debug)]
pub(super) struct UnsettledChange<'a> {
    unsettled: &'a Unsettled,
    entry: Rc<Entry>,
}

impl Unsettled {
    pub(super) fn add(&self, id: &OAuthAppId, change: &Change) -> UnsettledChange<'_> {
        let entry = Rc::new(Entry { id: id.clone(), change: RefCell::new(change.clone()) });
        self.changes.borrow_mut().push(Rc::clone(&entry));
        UnsettledChange { unsettled: self, entry }
    }

    /// Leaves to a later call what earlier changes of that app still have to look after.
    #[inline(never)]
    pub(super) fn supersede(&self, id: &OAuthAppId, later: &Change) {
        for entry in self.changes.borrow().iter().filter(|entry| entry.id.is_same(id)) {
            entry.change.borrow_mut().give_way(later);
        }
    }
}

impl UnsettledChange<'_> {
    /// What is left to do, or to look after.
    pub(super) fn change(&self) -> Change {
        self.entry.change.borrow().clone()
    }

    /// Leaves what is to be looked after once that was done.
    pub(super) fn narrow(&self, done: &Done) {
        self.entry.change.borrow_mut().narrow(done);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entry.change.borrow().is_empty()
    }
}

impl Drop for UnsettledChange<'_> {
    fn drop(&mut self) {
        self.unsettled.changes.borrow_mut().retain(|entry| !Rc::ptr_eq(entry, &self.entry));
    }
}
