//! What was written, for a host that keeps it: the emulator's state as records, and which of them changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One piece of the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it is: the kind, and what tells it from others of the kind, such as `app/<site ID>/<app ID>`.
    pub key: String,
    /// What it holds: JSON.
    pub value: String,
}

/// A record that was written or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The record's key.
    pub key: String,
    /// What it holds now; `None` where it was removed.
    pub value: Option<String>,
}

/// The keys that were written. It is off until somebody asks: what nobody takes would grow for ever.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    keys: Option<Vec<String>>,
}

impl Journal {
    /// From now on keys are kept.
    pub(crate) fn start(&mut self) {
        self.keys = Some(Vec::new());
    }

    /// Notes that a record was written or removed.
    pub(crate) fn touch(&mut self, key: impl FnOnce() -> String) {
        if let Some(keys) = &mut self.keys {
            keys.push(key());
        }
    }

    /// The keys since the last call, each once, in the order of their last writes; nothing where it was off.
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
    fn each_key_once_and_in_order() {
        let mut journal = Journal::default();
        journal.touch(|| "before".to_owned());
        assert_eq!(journal.take(), None);
        journal.start();
        for key in ["a", "b", "a", "c"] {
            journal.touch(|| key.to_owned());
        }
        assert_eq!(journal.take().unwrap(), ["b", "a", "c"]);
        assert_eq!(journal.take().unwrap(), <[&str; 0]>::default());
    }
}
