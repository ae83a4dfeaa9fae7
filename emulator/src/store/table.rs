//! Rows of one kind, by ID. A table remembers which rows changed, for a host that stores them as records.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The number of rows from which on expired rows are removed.
const FIRST_SWEEP: usize = 1_024;

/// A row of a table. Most kinds of rows expire.
pub(crate) trait Row: Serialize + DeserializeOwned {
    /// The first part of the records' keys.
    const KIND: &'static str;

    /// Checks whether the row has not expired.
    fn is_valid_at(&self, now: u64) -> bool;
}

/// A table of rows by ID.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table<T> {
    rows: BTreeMap<String, T>,
    /// The IDs of the rows that were written or removed since they were last taken.
    changed: Vec<String>,
    sweep_at: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: Vec::new(), sweep_at: FIRST_SWEEP }
    }
}

impl<T: Row> Table<T> {
    /// Returns the row of an ID, unless it has expired.
    pub(crate) fn get(&self, id: &str, now: u64) -> Option<&T> {
        self.rows.get(id).filter(|row| row.is_valid_at(now))
    }

    /// Returns every row, with its ID.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.rows.iter()
    }

    /// Adds a row, or replaces the row of the same ID.
    pub(crate) fn put(&mut self, id: String, row: T, now: u64) {
        // The table is swept each time it has doubled, so that the cost for each row is constant.
        if self.rows.len() >= self.sweep_at {
            self.remove_where(|row| !row.is_valid_at(now));
            self.sweep_at = self.rows.len().saturating_mul(2).max(FIRST_SWEEP);
        }
        self.changed.push(id.clone());
        self.rows.insert(id, row);
    }

    /// Removes the row of an ID, and returns it unless it has expired.
    pub(crate) fn take(&mut self, id: &str, now: u64) -> Option<T> {
        let row = self.rows.remove(id)?;
        self.changed.push(id.to_owned());
        Some(row).filter(|row| row.is_valid_at(now))
    }

    /// Removes every row that matches.
    pub(crate) fn remove_where(&mut self, mut matches: impl FnMut(&T) -> bool) {
        let removed = self.rows.extract_if(.., |_, row| matches(row));
        self.changed.extend(removed.map(|(id, _)| id));
    }

    /// Returns the keys of the records that were written or removed since the last call.
    pub(crate) fn take_changed_keys(&mut self) -> impl Iterator<Item = String> {
        self.changed.drain(..).map(|id| key::<T>(&id))
    }

    /// Returns the keys of every record.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        self.rows.keys().map(|id| key::<T>(id))
    }

    /// Returns every record, with its key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        self.rows.iter().map(|(id, row)| (key::<T>(id), value(row)))
    }

    /// Returns the record of an ID, if there is one.
    pub(crate) fn record(&self, id: &str) -> Option<Value> {
        self.rows.get(id).map(value)
    }

    /// Adds the row of a record, without counting it as a change.
    pub(crate) fn load(&mut self, id: &str, record: &Value) -> Result<(), String> {
        self.rows.insert(id.to_owned(), T::deserialize(record).map_err(|error| error.to_string())?);
        Ok(())
    }
}

fn key<T: Row>(id: &str) -> String {
    format!("{}/{id}", T::KIND)
}

fn value(row: &impl Serialize) -> Value {
    // Rows consist of strings and numbers, which can always be written.
    serde_json::to_value(row).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Until(u64);

    impl Row for Until {
        const KIND: &'static str = "until";

        fn is_valid_at(&self, now: u64) -> bool {
            now < self.0
        }
    }

    #[test]
    fn a_row_is_found_until_it_expires() {
        let mut table = Table::default();
        table.put("a".to_owned(), Until(5), 0);
        assert_eq!((table.get("a", 4), table.get("a", 5)), (Some(&Until(5)), None));
        assert_eq!((table.take("a", 5), table.take("a", 4)), (None, None));
    }

    #[test]
    fn expired_rows_are_removed_when_the_table_grows() {
        let mut table = Table::default();
        for number in 0..10_000_u64 {
            table.put(number.to_string(), Until(number + 2), number);
        }
        assert!(table.iter().count() <= FIRST_SWEEP, "{}", table.iter().count());
    }

    #[test]
    fn each_change_is_returned_once() {
        let mut table = Table::default();
        table.put("a".to_owned(), Until(5), 0);
        table.put("b".to_owned(), Until(6), 0);
        table.remove_where(|row| row.0 == 6);
        assert_eq!(table.take_changed_keys().collect::<Vec<_>>(), ["until/a", "until/b", "until/b"]);
        assert_eq!(table.take_changed_keys().count(), 0);
        assert_eq!((table.record("a"), table.record("b")), (Some(json!(5)), None));
    }

    #[test]
    fn records_can_be_loaded() {
        let mut table = Table::default();
        table.put("a".to_owned(), Until(5), 0);
        let mut other: Table<Until> = Table::default();
        for (key, record) in table.records() {
            assert_eq!(key, "until/a");
            other.load("a", &record).unwrap();
        }
        assert_eq!(other.get("a", 0), Some(&Until(5)));
        assert!(other.load("b", &json!("x")).is_err());
    }
}
