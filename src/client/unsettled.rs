//! The changes of a client that are not verified yet.
//!
//! A later call of the same client takes precedence over an earlier one: the second look of the earlier call does not undo
//! what the later one adds or removes.

use std::cell::RefCell;
use std::rc::Rc;

use super::change::Change;
use super::hash_table::HashTable;
use crate::app::OAuthAppId;

/// The changes of a client whose second look is still to come.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    changes: RefCell<HashTable<Rc<Entry>>>,
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
        self.changes.borrow_mut().insert(id.as_str(), Rc::clone(&entry));
        UnsettledChange { unsettled: self, entry }
    }

    /// Removes from the earlier changes of an app what a later one changes.
    #[inline(never)]
    pub(super) fn supersede(&self, id: &OAuthAppId, later: &Change) {
        for entry in self.changes.borrow().candidates(id.as_str()).filter(|entry| entry.id.is_same(id)) {
            entry.change.borrow_mut().give_way(later);
        }
    }
}

impl UnsettledChange<'_> {
    /// The change that is left to make, or to verify.
    pub(super) fn change(&self) -> &RefCell<Change> {
        &self.entry.change
    }
}

impl Drop for UnsettledChange<'_> {
    fn drop(&mut self) {
        let mut changes = self.unsettled.changes.borrow_mut();
        changes.remove(self.entry.id.as_str(), |entry| Rc::ptr_eq(entry, &self.entry));
    }
}
