//! A hash table for the state that the calls of a client share. The standard library's adds 4 KB to the package.

/// Values under text keys. ASCII case does not matter to the hash.
#[derive(Debug)]
pub(super) struct HashTable<T> {
    /// Empty until the first value, then [`BUCKETS`] of them, each with its values and their hashes.
    buckets: Vec<Vec<(u32, T)>>,
}

/// With 50,000 keys at once a bucket holds a hundred, which differ in their hash.
const BUCKETS: usize = 512;

impl<T> Default for HashTable<T> {
    fn default() -> Self {
        Self { buckets: Vec::new() }
    }
}

impl<T> HashTable<T> {
    /// Returns the values whose key has the hash of this one. The caller compares the keys.
    pub(super) fn candidates(&self, key: &str) -> impl Iterator<Item = &T> {
        let hash = hash(key);
        let bucket = self.buckets.get(index(hash)).map(Vec::as_slice).unwrap_or_default();
        bucket.iter().filter(move |(other, _)| *other == hash).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, key: &str, value: T) {
        while self.buckets.len() < BUCKETS {
            self.buckets.push(Vec::new());
        }
        let hash = hash(key);
        if let Some(bucket) = self.buckets.get_mut(index(hash)) {
            bucket.push((hash, value));
        }
    }

    /// Removes the value of a key that `is_wanted` recognises.
    pub(super) fn remove(&mut self, key: &str, is_wanted: impl Fn(&T) -> bool) {
        let Some(bucket) = self.buckets.get_mut(index(hash(key))) else { return };
        if let Some(at) = bucket.iter().position(|(_, value)| is_wanted(value)) {
            bucket.swap_remove(at);
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.buckets.iter().all(Vec::is_empty)
    }
}

/// Returns the FNV-1a hash of a key in lower case.
fn hash(key: &str) -> u32 {
    key.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte | 0x20)).wrapping_mul(0x0100_0193))
}

fn index(hash: u32) -> usize {
    usize::try_from(hash).unwrap_or_default() % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_under_their_keys_in_any_case_and_removed_one_by_one() {
        let mut table = HashTable::default();
        table.insert("A1", 1);
        table.insert("a1", 2);
        table.insert("b2", 3);
        assert_eq!(table.candidates("a1").collect::<Vec<_>>(), [&1, &2]);
        assert_eq!(table.candidates("c3").count(), 0);
        table.remove("a1", |value| *value == 1);
        table.remove("a1", |value| *value == 3);
        assert_eq!(table.candidates("A1").collect::<Vec<_>>(), [&2]);
        table.remove("a1", |_| true);
        table.remove("b2", |_| true);
        assert!(table.is_empty());
    }

    #[test]
    fn a_look_up_among_many_keys_compares_few_values() {
        let mut table = HashTable::default();
        let keys: Vec<String> = (0..50_000).map(|at| format!("13f5e2ab-8e4f-4a0b-9c64-{at:012}")).collect();
        for (at, key) in keys.iter().enumerate() {
            table.insert(key, at);
        }
        let fullest = table.buckets.iter().map(Vec::len).max();
        assert!(fullest < Some(200), "{fullest:?}");
        assert!(keys.iter().all(|key| table.candidates(key).count() <= 3));
    }
}
