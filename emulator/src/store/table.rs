//! Records of one kind, by their IDs. A table remembers which of them were written, for a host that keeps them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// From how many rows on it is worth looking for those that have expired.
const FIRST_SWEEP: usize = 1_024;

/// What a table holds. Most of it ends by itself at some time.
pub(crate) trait Row: Serialize + DeserializeOwned {
    /// The first part of the keys of its records.
    const KIND: &'static str;

    /// Whether it still counts.
    fn is_alive(&self, now: u64) -> bool;
}

/// Rows by ID.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table<T> {
    rows: BTreeMap<String, T>,
    /// The IDs that were put or removed since they were last asked for.
    written: Vec<String>,
    sweep_at: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), written: Vec::new(), sweep_at: FIRST_SWEEP }
    }
}

impl<T: Row> Table<T> {
    /// The row of this ID, unless its time is over.
    pub(crate) fn get(&self, id: &str, now: u64) -> Option<&T> {
        self.rows.get(id).filter(|row| row.is_alive(now))
    }

    /// Every row, with its ID.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.rows.iter()
    }

    /// Adds a row, or replaces the one of its ID.
    pub(crate) fn put(&mut self, id: String, row: T, now: u64) {
        // As often as the table doubles, so that it costs each row but little.
        if self.rows.len() >= self.sweep_at {
            self.remove_where(|row| !row.is_alive(now));
            self.sweep_at = self.rows.len().saturating_mul(2).max(FIRST_SWEEP);
        }
        self.written.push(id.clone());
        self.rows.insert(id, row);
    }

    /// Removes the row of this ID and gives it, unless its time is over.
    pub(crate) fn take(&mut self, id: &str, now: u64) -> Option<T> {
        let row = self.rows.remove(id)?;
        self.written.push(id.to_owned());
        Some(row).filter(|row| row.is_alive(now))
    }

    /// Removes every row that the test is true of.
    pub(crate) fn remove_where(&mut self, mut test: impl FnMut(&T) -> bool) {
        let removed = self.rows.extract_if(.., |_, row| test(row));
        self.written.extend(removed.map(|(id, _)| id));
    }

    /// The keys of the records that were written since the last call.
    pub(crate) fn take_written(&mut self) -> impl Iterator<Item = String> {
        self.written.drain(..).map(|id| key::<T>(&id))
    }

    /// The records, by key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        self.rows.iter().map(|(id, row)| (key::<T>(id), value(row)))
    }

    /// What the record of this ID holds, if there is one.
    pub(crate) fn record(&self, id: &str) -> Option<Value> {
        self.rows.get(id).map(value)
    }

    /// Takes a record as it was given out.
    pub(crate) fn load(&mut self, id: &str, record: &Value) -> Result<(), String> {
        self.rows.insert(id.to_owned(), T::deserialize(record).map_err(|error| error.to_string())?);
        Ok(())
    }
}

fn key<T: Row>(id: &str) -> String {
    format!("{}/{id}", T::KIND)
}

fn value(row: &impl Serialize) -> Value {
    // Rows hold texts and numbers; those are always written.
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

        fn is_alive(&self, now: u64) -> bool {
            now < self.0
        }
    }

    #[test]
    fn a_row_is_there_until_its_time_is_over() {
        let mut table = Table::default();
        table.put("a".to_owned(), Until(5), 0);
        assert_eq!((table.get("a", 4), table.get("a", 5)), (Some(&Until(5)), None));
        assert_eq!((table.take("a", 5), table.take("a", 4)), (None, None));
    }

    #[test]
    fn what_has_expired_goes_when_the_table_grows() {
        let mut table = Table::default();
        for number in 0..10_000_u64 {
            table.put(number.to_string(), Until(number + 2), number);
        }
        assert!(table.iter().count() <= FIRST_SWEEP, "{}", table.iter().count());
    }

    #[test]
    fn what_was_written_is_told_once() {
        let mut table = Table::default();
        table.put("a".to_owned(), Until(5), 0);
        table.put("b".to_owned(), Until(6), 0);
        table.remove_where(|row| row.0 == 6);
        assert_eq!(table.take_written().collect::<Vec<_>>(), ["until/a", "until/b", "until/b"]);
        assert_eq!(table.take_written().count(), 0);
        assert_eq!((table.record("a"), table.record("b")), (Some(json!(5)), None));
    }

    #[test]
    fn records_come_back() {
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
