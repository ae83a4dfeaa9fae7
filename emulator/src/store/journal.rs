//! The journal of changed records, for a host that stores the emulator's state.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A part of the emulator's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The kind of the record and its ID, such as `app/<site ID>/<app ID>`.
    pub key: String,
    /// The content, as JSON.
    pub value: String,
}

/// A record that was written or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The key of the record.
    pub key: String,
    /// The new content, as JSON; `None` if the record was removed.
    pub value: Option<String>,
}

/// The keys of changed records. It is off until the host asks for changes, because nobody else would empty it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    keys: Option<Vec<String>>,
}

impl Journal {
    /// Starts to collect keys.
    pub(crate) fn start(&mut self) {
        self.keys = Some(Vec::new());
    }

    /// Adds the keys of records that were written or removed.
    pub(crate) fn extend(&mut self, changed: impl Iterator<Item = String>) {
        match &mut self.keys {
            Some(keys) => keys.extend(changed),
            // The iterator drains lists. Dropping it empties them.
            None => drop(changed),
        }
    }

    /// Returns the keys since the last call, each once, in the order of their last writes. Returns `None` if the journal
    /// was off.
    pub(crate) fn take(&mut self) -> Option<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut keys = std::mem::take(self.keys.as_mut()?);
        keys.reverse();
        keys.retain(|key| seen.insert(key.clone()));
        keys.reverse();
        Some(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_returned_once_in_the_order_of_the_last_writes() {
        let mut journal = Journal::default();
        journal.extend(["before".to_owned()].into_iter());
        assert_eq!(journal.take(), None);
        journal.start();
        journal.extend(["a", "b", "a", "c"].map(str::to_owned).into_iter());
        assert_eq!(journal.take().unwrap(), ["b", "a", "c"]);
        assert_eq!(journal.take().unwrap(), <[&str; 0]>::default());
    }
}
